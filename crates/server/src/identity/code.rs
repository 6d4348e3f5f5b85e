//! A code that is printed where only the owner of the process can read it, and good for one use: in
//! the one-time link, or typed for the first account.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::random::{self, Digest};

/// How long the code for the first account is good.
const SETUP_MS: i64 = 15 * 60 * 1000;

/// The code that is good at the moment. Only its digest is kept.
#[derive(Debug, Default)]
pub(crate) struct OneTimeCode(Mutex<Option<Kept>>);

#[derive(Debug, Clone, Copy)]
struct Kept {
    digest: Digest,
    /// Nothing for a code that is good until it is used.
    until_ms: Option<i64>,
}

impl OneTimeCode {
    /// A new code for a link, which is good until it is used; the one before is good for nothing from
    /// now on.
    pub(crate) fn for_link(&self) -> String {
        self.keep(random::secret(), None)
    }

    /// A new code to type, good for 15 minutes; the one before is good for nothing from now on.
    pub(crate) fn for_setup(&self, now_ms: i64) -> String {
        self.keep(random::code(), Some(now_ms + SETUP_MS))
    }

    /// Whether `code` is the one, and still good. It stays so: what else is wrong with a form does not
    /// cost it.
    pub(crate) fn is(&self, code: &str, now_ms: i64) -> bool {
        let kept = *self.lock();
        kept.is_some_and(|kept| kept.is(code, now_ms))
    }

    /// Whether `code` is the one, and still good. Then it is used up.
    pub(crate) fn redeem(&self, code: &str, now_ms: i64) -> bool {
        self.lock().take_if(|kept| kept.is(code, now_ms)).is_some()
    }

    /// The code is good for nothing any more.
    pub(crate) fn use_up(&self) {
        *self.lock() = None;
    }

    fn keep(&self, code: String, until_ms: Option<i64>) -> String {
        let digest = digest(&code);
        *self.lock() = Some(Kept { digest, until_ms });
        code
    }

    fn lock(&self) -> MutexGuard<'_, Option<Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn is(&self, code: &str, now_ms: i64) -> bool {
        random::same(&self.digest, &digest(code))
            && self.until_ms.is_none_or(|until| now_ms < until)
    }
}

/// The digest of what a person means who types a code: without dashes and spaces, in small letters,
/// and with digits for the letters that look like them, which no code has.
fn digest(code: &str) -> Digest {
    let meant: String = code
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_lowercase() {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect();
    random::digest(&[b"one-time code", meant.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_good_for_fifteen_minutes_and_until_it_is_used() {
        let codes = OneTimeCode::default();
        assert!(!codes.is("", 0));
        let old = codes.for_setup(0);
        let code = codes.for_setup(0);
        assert!(!codes.is(&old, 0));
        assert!(!codes.is("0000-0000-0000-0000", 0));
        assert!(codes.is(&code, SETUP_MS - 1));
        assert!(!codes.is(&code, SETUP_MS));
        assert!(codes.is(&code.replace('-', "").to_lowercase(), 0));
        assert!(codes.is(&format!(" {code} "), 0));
        assert!(codes.is(&code.replace('0', "O").replace('1', "l"), 0));
        codes.use_up();
        assert!(!codes.is(&code, 0));
    }

    #[test]
    fn link_opens_once_at_any_time() {
        let codes = OneTimeCode::default();
        assert!(!codes.redeem("", 0));
        let old = codes.for_link();
        let code = codes.for_link();
        for wrong in ["0", old.as_str(), &format!("{code}0")] {
            assert!(!codes.redeem(wrong, 0), "{wrong}");
        }
        assert!(codes.redeem(&code, i64::MAX));
        assert!(!codes.redeem(&code, 0), "used up");
    }
}
