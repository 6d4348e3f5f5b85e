//! Comma-separated values (RFC 4180) that a spreadsheet can open without harm.

/// Adds a line. Cells that a spreadsheet would take for a formula are kept from it by an apostrophe.
pub fn line<'c>(csv: &mut String, cells: impl IntoIterator<Item = &'c str>) {
    for (at, text) in cells.into_iter().enumerate() {
        if at > 0 {
            csv.push(',');
        }
        let text = neutral(text);
        if text.contains([',', '"', '\r', '\n']) {
            csv.push('"');
            csv.push_str(&text.replace('"', "\"\""));
            csv.push('"');
        } else {
            csv.push_str(&text);
        }
    }
    csv.push_str("\r\n");
}

/// A text that no spreadsheet takes for a formula.
fn neutral(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_disarms_formulas_and_quotes() {
        let mut csv = String::new();
        line(&mut csv, ["=1+1", "a\"b,c", "x\ny", "plain"]);
        assert_eq!(csv, "'=1+1,\"a\"\"b,c\",\"x\ny\",plain\r\n");
        for start in ["+", "-", "@", "\t", "\r"] {
            assert_eq!(neutral(start), format!("'{start}"));
        }
    }
}
