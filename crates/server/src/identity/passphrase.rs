//! Passphrases: how good they must be, and how they are kept.

use std::sync::OnceLock;

use app::error::AppError;
use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{sync::Semaphore, task::spawn_blocking};
use zxcvbn::{Entropy, Score, zxcvbn};

/// Fewer characters are too few for a passphrase that stands alone (NIST SP 800-63B-4 §3.1.1.2 asks
/// for fifteen).
pub(crate) const SHORTEST: usize = 15;
/// Longer ones are refused, so that nobody makes us hash megabytes.
pub(crate) const LONGEST: usize = 256;

/// How good a passphrase is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Strength {
    /// From 0, the first to be guessed, to 4.
    pub(crate) score: u8,
    pub(crate) words: String,
}

/// How good a passphrase is that somebody is about to choose.
pub(crate) fn strength(passphrase: &str, name: &str) -> Strength {
    let missing = SHORTEST.saturating_sub(passphrase.chars().count());
    if missing > 0 {
        let words = format!(
            "{missing} more {}",
            if missing == 1 {
                "character"
            } else {
                "characters"
            }
        );
        return Strength { score: 0, words };
    }
    let long = passphrase.chars().count() > LONGEST;
    let estimate = (!long).then(|| estimate(passphrase, name));
    match estimate.filter(|estimate| estimate.score() >= Score::Three) {
        Some(estimate) => Strength {
            score: estimate.score().into(),
            words: format!(
                "Good: guessing it would take {}, even for somebody who has the database.",
                estimate.crack_times().offline_slow_hashing_1e4_per_second()
            ),
        },
        None => Strength {
            score: 1,
            words: judge(passphrase, name).err().unwrap_or_default(),
        },
    }
}

fn estimate(passphrase: &str, name: &str) -> Entropy {
    zxcvbn(passphrase, &["ostiary", "authentik", name])
}

/// So many are judged at once.
const JUDGED: usize = 4;

/// What is wrong with a passphrase, or nothing.
pub(crate) fn judge(passphrase: &str, name: &str) -> Result<(), String> {
    let length = passphrase.chars().count();
    if length < SHORTEST {
        return Err(format!(
            "A passphrase has {SHORTEST} characters at least; this one has {length}. Four or five words are easy to \
             remember."
        ));
    }
    if length > LONGEST {
        return Err(format!("A passphrase has {LONGEST} characters at most."));
    }
    let estimate = estimate(passphrase, name);
    if estimate.score() >= Score::Three {
        return Ok(());
    }
    let times = estimate.crack_times();
    Err(format!(
        "This would be guessed soon (in {}, by somebody who has the database). Words that have nothing to do with one \
         another help, repetitions and well-known phrases do not.",
        times.offline_slow_hashing_1e4_per_second()
    ))
}

/// Hashes and compares, with argon2id and the parameters of OWASP's cheat sheet (19 MiB, two passes):
/// one at a time, since each takes that much memory.
#[derive(Debug)]
pub(crate) struct Passphrases {
    one: Semaphore,
    judged: Semaphore,
}

impl Default for Passphrases {
    fn default() -> Self {
        Self {
            one: Semaphore::new(1),
            judged: Semaphore::new(JUDGED),
        }
    }
}

impl Passphrases {
    /// The PHC string to keep.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub(crate) async fn hash(&self, passphrase: SecretString) -> Result<String, AppError> {
        let _one = self.one.acquire().await;
        spawn_blocking(move || hash(&passphrase))
            .await
            .map_err(|_| failed())?
    }

    /// How good it is. Some are judged at a time; nothing for whoever comes beside them.
    ///
    /// # Errors
    /// When it cannot be judged.
    pub(crate) async fn strength(
        &self,
        passphrase: SecretString,
        name: String,
    ) -> Result<Option<Strength>, AppError> {
        let Ok(_turn) = self.judged.try_acquire() else {
            return Ok(None);
        };
        spawn_blocking(move || strength(passphrase.expose_secret(), &name))
            .await
            .map(Some)
            .map_err(|_| AppError::Internal("the passphrase could not be judged".to_owned()))
    }

    /// Whether it is the passphrase of `kept`. Without one as much work is done, and it is not.
    pub(crate) async fn is(&self, passphrase: SecretString, kept: Option<String>) -> bool {
        let _one = self.one.acquire().await;
        spawn_blocking(move || {
            let known = kept.is_some();
            let kept = kept.or_else(nobodys).unwrap_or_default();
            let matches = PasswordHash::new(&kept).is_ok_and(|kept| {
                let given = passphrase.expose_secret().as_bytes();
                Argon2::default().verify_password(given, &kept).is_ok()
            });
            matches && known
        })
        .await
        .unwrap_or(false)
    }
}

fn hash(passphrase: &SecretString) -> Result<String, AppError> {
    let hash = Argon2::default().hash_password(passphrase.expose_secret().as_bytes());
    Ok(hash.map_err(|_| failed())?.to_string())
}

/// The hash of a passphrase that nobody has.
fn nobodys() -> Option<String> {
    static NOBODYS: OnceLock<Option<String>> = OnceLock::new();
    let make = || hash(&crate::random::secret().into()).ok();
    NOBODYS.get_or_init(make).clone()
}

fn failed() -> AppError {
    AppError::Internal("the passphrase could not be hashed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passphrases_are_told_why() {
        for (passphrase, why) in [
            ("", "has 15 characters"),
            ("horse staple", "this one has 12"),
            ("aaaaaaaaaaaaaaaaaaaa", "guessed soon"),
            ("passwordpassword", "guessed soon"),
            ("123456789012345678", "guessed soon"),
            ("ostiary ostiary ostiary", "guessed soon"),
            (&"long enough ".repeat(30), "256 characters at most"),
        ] {
            let said = judge(passphrase, "admin").unwrap_err();
            assert!(said.contains(why), "{passphrase}: {said}");
        }
        for good in [
            "correct horse battery staple",
            "vier kühe tanzen auf dem dach",
        ] {
            assert_eq!(judge(good, "admin"), Ok(()), "{good}");
        }
    }

    #[test]
    fn strength_is_told_while_it_is_typed() {
        for (passphrase, score, words) in [
            ("horse staple", 0, "3 more characters"),
            ("fourteen chars", 0, "1 more character"),
            ("passwordpassword", 1, "This would be guessed soon"),
            (
                "correct horse battery staple",
                4,
                "Good: guessing it would take centuries",
            ),
            (&"long enough ".repeat(30), 1, "256 characters at most"),
        ] {
            let told = strength(passphrase, "admin");
            assert_eq!(told.score, score, "{told:?}");
            assert!(told.words.contains(words), "{told:?}");
            assert!(!told.words.contains(passphrase));
        }
    }

    #[tokio::test]
    async fn hash_is_argon2id_with_its_parameters_and_a_salt() {
        let passphrases = Passphrases::default();
        let of = || passphrases.hash("correct horse battery staple".into());
        let (one, two) = (of().await.unwrap(), of().await.unwrap());
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, two);
        let is = async |text: &str, kept: Option<&String>| {
            passphrases.is(text.into(), kept.cloned()).await
        };
        assert!(is("correct horse battery staple", Some(&one)).await);
        assert!(!is("correct horse battery stapl", Some(&one)).await);
        assert!(!is("correct horse battery staple", None).await);
        assert!(!is("", Some(&"nonsense".to_owned())).await);
    }
}
