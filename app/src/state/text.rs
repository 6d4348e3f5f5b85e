//! Words for numbers and times.

/// The months as people abbreviate them.
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `2026-11-21T23:59:07.120Z` as `21 Nov 2026, 23:59 UTC`; a text of any other form stays as it is.
pub fn moment(rfc3339: &str) -> String {
    parse(rfc3339).unwrap_or_else(|| rfc3339.to_owned())
}

fn parse(text: &str) -> Option<String> {
    let (date, time) = text.split_once('T')?;
    let time = time
        .strip_suffix('Z')
        .or_else(|| time.strip_suffix("+00:00"))?;
    let mut date = date.split('-');
    let (year, month, day) = (date.next()?, date.next()?, date.next()?);
    let mut time = time.split(':');
    let (hour, minute) = (time.next()?, time.next()?);
    let numbers = [year, month, day, hour, minute];
    if date.next().is_some() || numbers.iter().any(|n| n.parse::<u16>().is_err()) {
        return None;
    }
    let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
    let day: u16 = day.parse().ok()?;
    Some(format!("{day} {month} {year}, {hour}:{minute} UTC"))
}

/// A text as the content of an element, for places that write it into the page as it is.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A number with its noun: `1 person`, `3 people`.
pub fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A list of texts in a sentence: `a`, `a and b`, `a, b and c`.
pub fn list(texts: &[String], conjunction: &str) -> String {
    match texts {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., last] => format!("{} {conjunction} {last}", head.join(", ")),
    }
}

/// `https://auth.example.com:9443/x` as `auth.example.com:9443`.
pub fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moment_is_readable_in_utc() {
        assert_eq!(moment("2026-11-21T23:59:07.120Z"), "21 Nov 2026, 23:59 UTC");
        assert_eq!(moment("2026-01-02T03:04:05+00:00"), "2 Jan 2026, 03:04 UTC");
    }

    #[test]
    fn moment_leaves_alone_what_it_does_not_know() {
        for text in [
            "",
            "yesterday",
            "2026-13-01T00:00:00Z",
            "2026-01-01T00:00:00+02:00",
        ] {
            assert_eq!(moment(text), text);
        }
    }

    #[test]
    fn escaped_text_is_no_markup() {
        assert_eq!(
            escaped("a & </title><script>"),
            "a &amp; &lt;/title&gt;&lt;script&gt;"
        );
    }

    #[test]
    fn count_and_list_read_well() {
        assert_eq!(count(1, "person", "people"), "1 person");
        assert_eq!(count(0, "person", "people"), "0 people");
        let texts = |n: usize| {
            ["a", "b", "c"]
                .iter()
                .take(n)
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        assert_eq!(list(&texts(1), "or"), "a");
        assert_eq!(list(&texts(3), "and"), "a, b and c");
        assert_eq!(
            host("https://auth.example.com:9443/x"),
            "auth.example.com:9443"
        );
    }
}
