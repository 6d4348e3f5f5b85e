//! A sign-in under way, all of which lies in a cookie of the browser that began it.
//!
//! The value holds 256 random bits. What goes to authentik (`state`, `nonce`, the PKCE challenge) is made of
//! digests of the whole value and of a key of this process, so that an answer fits no other browser, no other
//! `then`, and no value that somebody made up. Of people who never come back nothing has to be remembered.

use std::fmt;

use crate::{
    clock,
    random::{self, Digest, hex},
};

use app::links;

/// How long somebody may take at authentik.
pub(crate) const LIFE_MS: i64 = 10 * 60 * 1000;
/// The longest address to go on to, as it is encoded: a cookie has 4096 bytes at most.
const LONGEST_THEN: usize = 3000;

/// What a sign-in is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To come in.
    SignIn,
    /// To prove once more who one is, in the session of this id.
    StepUp(String),
    /// To see whether it works, from the settings in the session of this id.
    Try(String),
}

/// A sign-in under way. `Debug` leaves out what proves it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub(crate) purpose: Purpose,
    /// Path to go on to.
    pub(crate) then: String,
    pub(crate) begun_ms: i64,
    cookie: String,
    key: Digest,
}

impl Attempt {
    /// Begins one. A `then` that is too long, or not a path of ours, leads to the overview.
    pub(super) fn begin(purpose: Purpose, then: &str, key: Digest) -> Self {
        let fits = |then: &&str| links::encode(then).len() <= LONGEST_THEN;
        let then = links::local(then).filter(fits);
        let then = then.unwrap_or("/");
        let begun_ms = clock::now_ms();
        let (word, session) = match &purpose {
            Purpose::SignIn => ("sign-in", ""),
            Purpose::StepUp(session) => ("step-up", session.as_str()),
            Purpose::Try(session) => ("try", session.as_str()),
        };
        let secret = random::secret();
        let encoded = links::encode(then);
        Self {
            cookie: format!("{secret}.{word}.{session}.{begun_ms}.{encoded}"),
            then: then.to_owned(),
            purpose,
            begun_ms,
            key,
        }
    }

    /// The one that a cookie holds, unless it is too old or not one of ours.
    pub(super) fn read(cookie: &str, now_ms: i64, key: Digest) -> Option<Self> {
        let mut parts = cookie.splitn(5, '.');
        let (secret, word, session) = (parts.next()?, parts.next()?, parts.next()?);
        let begun_ms: i64 = parts.next()?.parse().ok()?;
        let then = percent_encoding::percent_decode_str(parts.next()?).decode_utf8();
        let then = then.ok()?;
        let purpose = match word {
            "sign-in" => Purpose::SignIn,
            "step-up" => Purpose::StepUp(session.to_owned()),
            "try" => Purpose::Try(session.to_owned()),
            _ => return None,
        };
        let is_now = (0..LIFE_MS).contains(&(now_ms - begun_ms));
        if secret.len() != 64 || !is_now {
            return None;
        }
        Some(Self {
            purpose,
            then: links::local(&then)?.to_owned(),
            begun_ms,
            cookie: cookie.to_owned(),
            key,
        })
    }

    /// The value for the cookie.
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// `state` of the request (RFC 6749 §4.1.1).
    pub(crate) fn state(&self) -> String {
        self.derived(b"state")
    }

    /// Whether that is the `state` of this one.
    pub(crate) fn is_state(&self, state: &str) -> bool {
        let digest = |text: &str| random::digest(&[text.as_bytes()]);
        random::same(&digest(&self.state()), &digest(state))
    }

    /// `nonce` of the ID token (OpenID Connect Core 1.0 §3.1.2.1).
    pub(super) fn nonce(&self) -> String {
        self.derived(b"nonce")
    }

    /// The PKCE code verifier (RFC 7636 §4.1).
    pub(super) fn verifier(&self) -> String {
        self.derived(b"verifier")
    }

    fn derived(&self, what: &[u8]) -> String {
        hex(&random::digest(&[&self.key, what, self.cookie.as_bytes()]))
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("purpose", &self.purpose)
            .field("then", &self.then)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Digest = [7; 32];

    #[test]
    fn attempt_is_read_as_it_was_begun() {
        for (purpose, then) in [
            (Purpose::SignIn, "/people?q=a.b&x=%20"),
            (Purpose::StepUp("abc".into()), "/"),
            (Purpose::Try("abc".into()), "/settings/sign-in"),
        ] {
            let begun = Attempt::begin(purpose, then, KEY);
            let read = Attempt::read(begun.cookie(), clock::now_ms(), KEY).unwrap();
            assert_eq!(read, begun);
            assert_eq!(read.then, then);
            assert!(read.is_state(&begun.state()));
        }
    }

    #[test]
    fn attempt_that_was_tampered_with_fits_no_answer() {
        let begun = Attempt::begin(Purpose::SignIn, "/people", KEY);
        let other = begun.cookie().replace("people", "groups");
        let other = Attempt::read(&other, clock::now_ms(), KEY).unwrap();
        let elsewhere = Attempt::read(begun.cookie(), clock::now_ms(), [8; 32]).unwrap();
        assert!(
            !elsewhere.is_state(&begun.state()),
            "another process made it"
        );
        assert!(!other.is_state(&begun.state()));
        assert_ne!(other.nonce(), begun.nonce());
        let of = [begun.state(), begun.nonce(), begun.verifier()];
        assert!(of[0] != of[1] && of[1] != of[2] && of[0] != of[2]);
        assert!(!begun.is_state("") && !begun.is_state(&begun.nonce()));
    }

    #[test]
    fn attempt_ends_after_ten_minutes_and_leads_nowhere_else() {
        let begun = Attempt::begin(Purpose::SignIn, "/", KEY);
        let read = |after: i64| Attempt::read(begun.cookie(), begun.begun_ms + after, KEY);
        assert!(read(LIFE_MS - 1).is_some());
        assert!(read(LIFE_MS).is_none() && read(-1).is_none());
        for then in ["https://evil.example", "//evil.example", &"/a".repeat(1000)] {
            assert_eq!(
                Attempt::begin(Purpose::SignIn, then, KEY).then,
                "/",
                "{then}"
            );
        }
        let secret = "0".repeat(64);
        let now_ms = begun.begun_ms;
        for text in [
            "",
            "....",
            &format!("{secret}.sign-in..{now_ms}.%2F%2Fevil.example"),
            &format!("{secret}.root..{now_ms}.%2F"),
            &format!("short.sign-in..{now_ms}.%2F"),
        ] {
            assert!(Attempt::read(text, now_ms, KEY).is_none(), "{text}");
        }
    }
}
