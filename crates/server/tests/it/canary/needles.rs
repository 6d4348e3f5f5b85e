//! Secrets to look for, in every spelling that something on the way could give them.

use std::{collections::BTreeSet, path::Path};

/// Secrets with their names, and how much was looked through for them.
#[derive(Default)]
pub(super) struct Canaries {
    known: Vec<(String, BTreeSet<String>)>,
    pub(super) looked_at: usize,
}

impl Canaries {
    /// A secret to look for from now on.
    pub(super) fn add(&mut self, name: impl Into<String>, value: &str) {
        let name = name.into();
        assert!(value.len() >= 8, "{name} would be found by chance");
        self.known.push((name, spellings(value)));
    }

    pub(super) fn count(&self) -> usize {
        self.known.len()
    }

    /// The names of those that are there.
    pub(super) fn found(&self, bytes: &[u8]) -> Vec<&str> {
        let text = String::from_utf8_lossy(bytes);
        let is_there = |spellings: &BTreeSet<String>| {
            let mut spellings = spellings.iter();
            spellings.any(|spelling| text.contains(spelling.as_str()))
        };
        let known = self.known.iter();
        known
            .filter(|(_, spellings)| is_there(spellings))
            .map(|(name, _)| name.as_str())
            .collect()
    }

    /// Looks through it; none may be there.
    pub(super) fn assert_absent(&mut self, what: &str, bytes: &[u8]) {
        self.assert_only(what, bytes, &[]);
    }

    /// Looks through it; those that are meant to be there must be, and no other.
    pub(super) fn assert_only(&mut self, what: &str, bytes: &[u8], meant: &[&str]) {
        self.looked_at += 1;
        assert_eq!(self.found(bytes), meant, "{what}");
    }

    /// Looks through every file of a folder and those below it; gives their number.
    pub(super) fn assert_absent_in_files(&mut self, folder: &Path) -> usize {
        let mut kept = 0;
        super::files(folder, &mut |path| {
            // A build that goes on beside the tests takes files away.
            let bytes = std::fs::read(path).unwrap_or_default();
            self.assert_absent(&path.display().to_string(), &bytes);
            kept += 1;
        });
        kept
    }
}

/// As it is, escaped for JSON, HTML and addresses, in hexadecimal, and in base64 wherever it may begin.
fn spellings(value: &str) -> BTreeSet<String> {
    let json = serde_json::to_string(value).unwrap();
    let html = value
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;");
    let form: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let bytes = |of: fn(u8) -> String| value.bytes().map(of).collect::<Vec<_>>().concat();
    let hex = bytes(|byte| format!("{byte:02x}"));
    let all = bytes(|byte| format!("%{byte:02X}"));
    let mut spellings = BTreeSet::from([
        value.to_owned(),
        json.trim_matches('"').to_owned(),
        html,
        form.replace('+', "%20"),
        form,
        hex.to_uppercase(),
        hex,
        all.to_lowercase(),
        all,
    ]);
    for before in 0..3 {
        let text = base64(&[vec![0; before].as_slice(), value.as_bytes()].concat());
        // What the neighbours have a part in is left out.
        let from = (before * 8).div_ceil(6);
        let to = (before + value.len()) * 8 / 6;
        let inside = &text[from..to];
        spellings.insert(inside.to_owned());
        spellings.insert(inside.replace('+', "-").replace('/', "_"));
    }
    spellings
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = bytes.chunks(3).flat_map(|chunk| {
        let number = (0..3).fold(0_usize, |number, at| {
            number << 8 | usize::from(chunk.get(at).copied().unwrap_or_default())
        });
        [18, 12, 6, 0].map(|shift| char::from(DIGITS[number >> shift & 63]))
    });
    digits.collect()
}

#[test]
fn canaries_are_found_in_every_spelling() {
    let mut canaries = Canaries::default();
    canaries.add("it", "corr\"ect <horse>/7");
    for text in [
        "x corr\"ect <horse>/7 y",
        r#"{"a":"corr\"ect <horse>/7"}"#,
        "<b>corr&quot;ect &lt;horse&gt;/7</b>",
        "?a=corr%22ect%20%3Chorse%3E%2F7",
        "a=corr%22ect+%3Chorse%3E%2F7&b",
        "636f7272226563743c",
        "Y29yciJlY3QgPGhvcnNlPi83",
    ] {
        let found = canaries.found(text.as_bytes());
        // The sixth is another text.
        assert_eq!(found.is_empty(), text.starts_with("636f"), "{text}");
    }
    for before in ["", "x", "xy", "xyz"] {
        let text = base64(format!("{before}corr\"ect <horse>/7 and more").as_bytes());
        assert_eq!(canaries.found(text.as_bytes()), ["it"], "{before}: {text}");
    }
    assert!(canaries.found(b"correct horse").is_empty());
}
