//! The one-time link: whoever can read what the server prints may come in.

use std::sync::{Mutex, PoisonError};

use crate::random::{self, Digest};

/// The code that is good for one entry. Only its digest is kept.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    digest: Mutex<Option<Digest>>,
}

impl Entry {
    /// A new code; the one before is good for nothing from now on.
    pub(crate) fn renew(&self) -> String {
        let code = random::secret();
        *self.lock() = Some(random::digest(&[code.as_bytes()]));
        code
    }

    /// Whether `code` is the one. Then it is used up.
    pub(crate) fn redeem(&self, code: &str) -> bool {
        let given = random::digest(&[code.as_bytes()]);
        let mut digest = self.lock();
        let good = digest
            .as_ref()
            .is_some_and(|wanted| random::same(wanted, &given));
        if good {
            *digest = None;
        }
        good
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Digest>> {
        self.digest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The path and query of the link for a code.
pub(crate) fn link(code: &str) -> String {
    format!("/enter?code={code}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_good_once() {
        let entry = Entry::default();
        assert!(!entry.redeem(""));
        let code = entry.renew();
        assert!(!entry.redeem("0"));
        assert!(entry.redeem(&code));
        assert!(!entry.redeem(&code));
    }

    #[test]
    fn new_code_replaces_the_old_one() {
        let entry = Entry::default();
        let old = entry.renew();
        let new = entry.renew();
        assert!(!entry.redeem(&old));
        assert!(entry.redeem(&new));
    }
}
