//! The cookies that hold a session and a browser's own mark.

use axum_extra::extract::cookie::{Cookie, SameSite};
use http::{HeaderMap, header::COOKIE};
use time::Duration;

use crate::oidc::LIFE_MS;

/// How cookies are named and marked, which depends on how people reach the console: over HTTPS
/// (`__Host-` and `Secure`), or on the machine itself over plain HTTP.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cookies {
    secure: bool,
}

/// A browser is remembered for so long.
const DEVICE: Duration = Duration::days(365);

impl Cookies {
    pub(crate) const fn new(secure: bool) -> Self {
        Self { secure }
    }

    /// Name of the session's cookie.
    pub(crate) const fn session_name(self) -> &'static str {
        if self.secure {
            "__Host-ostiary_session"
        } else {
            "ostiary_session"
        }
    }

    const fn device_name(self) -> &'static str {
        if self.secure {
            "__Host-ostiary_device"
        } else {
            "ostiary_device"
        }
    }

    /// The value of the session's cookie. A browser that sends two of the name has been tampered
    /// with: then there is none.
    pub(crate) fn session(self, headers: &HeaderMap) -> Option<String> {
        only(headers, self.session_name())
    }

    /// The value of the browser's own cookie.
    pub(crate) fn device(self, headers: &HeaderMap) -> Option<String> {
        only(headers, self.device_name())
    }

    /// A sign-in under way.
    pub(crate) fn attempt(self, headers: &HeaderMap) -> Option<String> {
        only(headers, self.attempt_name())
    }

    const fn attempt_name(self) -> &'static str {
        if self.secure {
            "__Host-ostiary_sign_in"
        } else {
            "ostiary_sign_in"
        }
    }

    /// Holds a sign-in under way. It has to come along when authentik sends the browser back, which `Strict` would
    /// not allow; nobody is let in by it alone.
    pub(crate) fn of_attempt(self, value: String) -> Cookie<'static> {
        let mut cookie = self.cookie(self.attempt_name(), value);
        cookie.set_same_site(SameSite::Lax);
        cookie.set_max_age(Duration::milliseconds(LIFE_MS));
        cookie
    }

    /// Takes the cookie of a sign-in away.
    pub(crate) fn no_attempt(self) -> Cookie<'static> {
        let mut cookie = self.cookie(self.attempt_name(), String::new());
        cookie.make_removal();
        cookie
    }

    /// Holds a session. It ends with the browser, if not before.
    pub(crate) fn of_session(self, secret: String) -> Cookie<'static> {
        self.cookie(self.session_name(), secret)
    }

    /// Marks a browser that somebody has signed in from.
    pub(crate) fn of_device(self, secret: String) -> Cookie<'static> {
        let mut cookie = self.cookie(self.device_name(), secret);
        cookie.set_max_age(DEVICE);
        cookie
    }

    /// Takes the session's cookie away.
    pub(crate) fn no_session(self) -> Cookie<'static> {
        let mut cookie = self.cookie(self.session_name(), String::new());
        cookie.make_removal();
        cookie
    }

    fn cookie(self, name: &'static str, value: String) -> Cookie<'static> {
        Cookie::build((name, value))
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Strict)
            .build()
    }
}

fn only(headers: &HeaderMap, name: &str) -> Option<String> {
    let texts = headers.get_all(COOKIE).iter();
    let mut values = texts
        .filter_map(|text| text.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .filter(|cookie| cookie.name() == name);
    let value = values.next()?.value().to_owned();
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_out_of_reach_of_scripts_and_other_sites() {
        let plain = Cookies::new(false).of_session("x".into()).to_string();
        assert_eq!(
            plain,
            "ostiary_session=x; HttpOnly; SameSite=Strict; Path=/"
        );
        let way = Cookies::new(true).of_attempt("x".into()).to_string();
        assert_eq!(
            way,
            "__Host-ostiary_sign_in=x; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=600"
        );
        let secure = Cookies::new(true).of_session("x".into()).to_string();
        assert_eq!(
            secure,
            "__Host-ostiary_session=x; HttpOnly; SameSite=Strict; Secure; Path=/"
        );
        let gone = Cookies::new(true).no_session().to_string();
        assert!(
            gone.contains("Max-Age=0") && gone.contains("Secure"),
            "{gone}"
        );
    }

    #[test]
    fn cookies_are_known_by_their_whole_name() {
        let of = |text: &str, secure| {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, text.parse().unwrap());
            Cookies::new(secure).session(&headers)
        };
        assert_eq!(of("ostiary_session=a", false).as_deref(), Some("a"));
        assert_eq!(of("ostiary_session=a", true), None, "plain one over HTTPS");
        assert_eq!(
            of("__Host-ostiary_session=b; ostiary_session=a", true).as_deref(),
            Some("b")
        );
        assert_eq!(of("xostiary_session=a", false), None);
        assert_eq!(of("ostiary_session=a; ostiary_session=b", false), None);
    }
}
