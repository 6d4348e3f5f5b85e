//! Where browsers report to.

use serde::{Deserialize, Deserializer, de::Error as _};
use url::Url;

/// An address that can stand in the header that tells browsers where to report to.
pub(super) fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
    let url = Url::deserialize(deserializer)?;
    if can_stand_in_a_policy(&url) {
        return Ok(Some(url));
    }
    Err(D::Error::custom(
        "a report address begins with http:// or https:// and has no user name, password, fragment, comma or \
         semicolon: commas and semicolons would end it in the header",
    ))
}

fn can_stand_in_a_policy(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none()
        && !url.as_str().contains([',', ';'])
}

#[cfg(test)]
mod tests {
    use serde::de::value::{Error, StrDeserializer};

    use super::*;

    fn of(text: &str) -> Result<Option<Url>, Error> {
        address(StrDeserializer::<Error>::new(text))
    }

    #[test]
    fn address_that_could_end_the_policy_is_refused() {
        for good in ["https://r.example/csp?app=o", "http://127.0.0.1:4313/"] {
            assert_eq!(of(good).unwrap().unwrap().as_str(), good);
        }
        for bad in [
            "https://r.example/;script-src *",
            "https://r.example/a,b",
            "https://ada:x@r.example/",
            "https://r.example/#a",
            "ftp://r.example/",
            "data:text/plain,x",
            "/csp",
        ] {
            assert!(of(bad).is_err(), "{bad}");
        }
        let spaced = of("https://r.example/a b\n").unwrap().unwrap();
        assert_eq!(spaced.as_str(), "https://r.example/a%20b");
    }
}
