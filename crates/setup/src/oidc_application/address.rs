//! The address that a person types, and the slug derived from a name.

use url::Url;

/// The checked address of an application: scheme, host, port and path, without slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Checks an address.
    ///
    /// # Errors
    /// A message for the person who typed it, naming the way out.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err(
                "Type the address that people open, such as https://grafana.example.com.".into(),
            );
        }
        if !text.contains("://") {
            return Err(format!(
                "The address needs a scheme: did you mean https://{text} ?"
            ));
        }
        let url = Url::parse(text).map_err(|error| {
            format!(
                "This is not an address ({error}). It should look like https://grafana.example.com."
            )
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!(
                "The scheme {}:// cannot be used here: use https:// (or http://).",
                url.scheme()
            ));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err("The address names no host.".into());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("Leave user name and password out of the address.".into());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("Leave out everything from “?” or “#” on: only scheme, host, port and path are wanted.".into());
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }

    /// The address without slash at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether sign-ins would travel unencrypted.
    pub fn is_plain_http(&self) -> bool {
        self.0.starts_with("http://")
    }

    /// Whether the host is the machine itself, where plain HTTP does no harm.
    pub fn is_loopback(&self) -> bool {
        Url::parse(&self.0)
            .ok()
            .is_some_and(|url| match url.host() {
                Some(url::Host::Domain(name)) => {
                    name == "localhost" || name.ends_with(".localhost")
                }
                Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
                Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
                None => false,
            })
    }
}

/// A slug made of a name: lower-case letters, digits and hyphens, at most 50 characters. Empty
/// where the name has nothing to make one of.
pub fn slugify(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'ä' => slug.push_str("ae"),
            'ö' => slug.push_str("oe"),
            'ü' => slug.push_str("ue"),
            'ß' => slug.push_str("ss"),
            'à' | 'á' | 'â' | 'ã' | 'å' => slug.push('a'),
            'ç' => slug.push('c'),
            'è' | 'é' | 'ê' | 'ë' => slug.push('e'),
            'ì' | 'í' | 'î' | 'ï' => slug.push('i'),
            'ñ' => slug.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ø' => slug.push('o'),
            'ù' | 'ú' | 'û' => slug.push('u'),
            c if c.is_ascii_alphanumeric() => slug.push(c),
            '\'' | '’' => {}
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.truncate(50);
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn base_url_takes_scheme_host_port_and_path() {
        let base = |text| BaseUrl::parse(text).map(|base| base.0);
        assert_eq!(
            base(" https://Grafana.example.com/ "),
            Ok("https://grafana.example.com".into())
        );
        assert_eq!(
            base("http://10.0.0.2:3000/grafana/"),
            Ok("http://10.0.0.2:3000/grafana".into())
        );
        assert_eq!(base("https://[::1]:8443"), Ok("https://[::1]:8443".into()));
    }

    #[test]
    fn base_url_refuses_with_the_way_out() {
        let cases = [
            ("", "Type the address"),
            (
                "grafana.example.com",
                "did you mean https://grafana.example.com",
            ),
            ("ftp://x.example.com", "ftp://"),
            ("javascript://alert(1)", "javascript://"),
            ("https://", "not an address"),
            ("https://me:pw@x.example.com", "user name"),
            ("https://x.example.com/?a=1", "“?”"),
            ("https://x.example.com/#top", "“?”"),
        ];
        for (text, part) in cases {
            let error = BaseUrl::parse(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn loopback_is_told_from_the_network() {
        for text in [
            "http://localhost:3000",
            "http://127.0.0.1",
            "http://[::1]",
            "http://a.localhost",
        ] {
            assert!(BaseUrl::parse(text).unwrap().is_loopback(), "{text}");
        }
        assert!(
            !BaseUrl::parse("http://localhost.example.com")
                .unwrap()
                .is_loopback()
        );
    }

    #[test]
    fn slug_is_made_of_a_name() {
        assert_eq!(slugify("Grafana"), "grafana");
        assert_eq!(slugify("Bücher & Größe – Zoë's"), "buecher-groesse-zoes");
        assert_eq!(slugify("日本語"), "");
    }

    proptest! {
        #[test]
        fn slug_is_always_valid_or_empty(name in ".*") {
            let slug = slugify(&name);
            prop_assert!(slug.len() <= 50);
            prop_assert!(slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
            prop_assert!(!slug.starts_with('-') && !slug.ends_with('-'));
        }

        #[test]
        fn base_url_never_panics(text in ".*") {
            let _ = BaseUrl::parse(&text);
        }
    }
}
