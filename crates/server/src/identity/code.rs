//! A code that is printed where only the owner of the process can read it, and good for one use.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::random::{self, Digest};

/// How long a code for the first run is good.
const SETUP_MS: i64 = 15 * 60 * 1000;

/// The code for the first run. Only its digest is kept.
#[derive(Debug, Default)]
pub(crate) struct SetupCode(Mutex<Option<(Digest, i64)>>);

impl SetupCode {
    /// A new code, good for 15 minutes; the one before is good for nothing from now on.
    pub(crate) fn renew(&self, now_ms: i64) -> String {
        let code = random::code();
        *self.lock() = Some((digest(&code), now_ms + SETUP_MS));
        code
    }

    /// Whether `code` is the one, and still good. It stays so until [`Self::use_up`]: what else is
    /// wrong with a form does not cost it.
    pub(crate) fn is(&self, code: &str, now_ms: i64) -> bool {
        let given = digest(code);
        self.lock()
            .is_some_and(|(wanted, until)| random::same(&wanted, &given) && now_ms < until)
    }

    /// The code is good for nothing any more.
    pub(crate) fn use_up(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Digest, i64)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
    random::digest(&[b"set-up code", meant.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_good_for_fifteen_minutes_and_until_it_is_used() {
        let codes = SetupCode::default();
        assert!(!codes.is("", 0));
        let old = codes.renew(0);
        let code = codes.renew(0);
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
}
