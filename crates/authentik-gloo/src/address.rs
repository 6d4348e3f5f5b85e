//! Which addresses are called.

use http::Uri;

/// The address for `fetch`, if it can only mean this origin.
///
/// Browsers read `//host/` and `/\host/` as addresses of another host.
pub(crate) fn same_origin(uri: &Uri) -> Option<String> {
    let text = uri.to_string();
    let relative = uri.scheme().is_none() && uri.authority().is_none();
    let rooted = text.starts_with('/') && !text.starts_with("//") && !text.contains('\\');
    (relative && rooted).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_origin_takes_paths_only() {
        for (text, taken) in [
            ("/api/v3/core/users/?page=2", true),
            ("/api/v3/core/applications/a%2Fb/", true),
            ("/", true),
            ("//elsewhere.example/api/v3/", false),
            ("/\\elsewhere.example/api/v3/", false),
            ("https://elsewhere.example/api/v3/", false),
            ("elsewhere.example:443", false),
            ("*", false),
        ] {
            let uri: Uri = text.parse().unwrap();
            assert_eq!(same_origin(&uri), taken.then(|| text.to_owned()), "{text}");
        }
    }
}
