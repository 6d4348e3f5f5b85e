//! Who may come in: the local administrator, and how often somebody may try.

mod attempts;
mod code;
mod passphrase;

use std::net::IpAddr;

use app::error::AppError;
use secrecy::{ExposeSecret as _, SecretString};
use setup::FieldErrors;

pub(crate) use self::{attempts::Wait, code::OneTimeCode};
use self::{
    attempts::{Attempts, Party},
    passphrase::{Passphrases, Strength, judge},
};
use crate::{
    clock,
    random::{self, Digest},
    store::{Administrator, Database, IdentityStore as _},
};

/// A browser that nobody has signed in from for so long is a stranger again.
const DEVICE_MS: i64 = 365 * 24 * 60 * 60 * 1000;
/// The longest name.
const LONGEST_NAME: usize = 64;

/// Why somebody may not come in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Denied {
    /// Name or passphrase is wrong; which of them is not told.
    Wrong,
    /// A title and a text that say why.
    Told(String, String),
    /// Too many attempts failed.
    Wait(Wait),
    /// The form is not right.
    Fields(FieldErrors),
    /// The server failed.
    Failed(AppError),
}

impl From<AppError> for Denied {
    fn from(error: AppError) -> Self {
        Self::Failed(error)
    }
}

impl From<Wait> for Denied {
    fn from(wait: Wait) -> Self {
        Self::Wait(wait)
    }
}

impl From<crate::store::StoreError> for Denied {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Where an attempt comes from.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// Network address of the browser.
    pub(crate) address: IpAddr,
    /// What its own cookie holds.
    pub(crate) device: Option<String>,
}

/// A first account as it was typed.
#[derive(Debug)]
pub(crate) struct NewAdministrator {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) passphrase: SecretString,
    pub(crate) repeated: SecretString,
}

/// Lets people in.
#[derive(Debug)]
pub(crate) struct Identity {
    store: Database,
    attempts: Attempts,
    passphrases: Passphrases,
    /// The code for the first run.
    pub(crate) code: OneTimeCode,
}

impl Identity {
    pub(crate) fn new(store: Database) -> Self {
        Self {
            store,
            attempts: Attempts::default(),
            passphrases: Passphrases::default(),
            code: OneTimeCode::default(),
        }
    }

    /// Whether there is an administrator. Before that, nobody can sign in.
    pub(crate) async fn is_set_up(&self) -> Result<bool, AppError> {
        Ok(self.store.administrator().await?.is_some())
    }

    /// How good a passphrase is that somebody is about to choose; nothing where too many ask at once.
    ///
    /// # Errors
    /// When it cannot be judged.
    pub(crate) async fn strength(
        &self,
        passphrase: SecretString,
        name: &str,
    ) -> Result<Option<Strength>, AppError> {
        self.passphrases.strength(passphrase, name.to_owned()).await
    }

    /// Whether that is the administrator's name. Not for who asks without a session.
    pub(crate) async fn is_administrator(&self, name: &str) -> bool {
        let known = self.store.administrator().await.ok().flatten();
        known.is_some_and(|known| known.name == name)
    }

    /// Makes the first administrator and uses up the code. What is wrong with the form does not cost
    /// the code; a wrong code counts as an attempt.
    pub(crate) async fn create(
        &self,
        new: &NewAdministrator,
        origin: &Origin,
    ) -> Result<(), Denied> {
        let mut errors = FieldErrors::default();
        if let Err(message) = judge_name(&new.name) {
            errors.add("name", message);
        }
        judge_new(&mut errors, &new.passphrase, &new.repeated, &new.name);
        let party = Party::of(origin.address);
        let now_ms = clock::now_ms();
        self.attempts.begin(party, now_ms)?;
        if self.code.is(&new.code, now_ms) {
            self.attempts.succeeded(party);
        } else {
            errors.add(
                "code",
                "This is not the code, or its 15 minutes are over. Start Ostiary again, or send it SIGHUP: it prints \
                 a new one.",
            );
        }
        errors.into_result(()).map_err(Denied::Fields)?;
        let administrator = Administrator {
            name: new.name.trim().to_owned(),
            passphrase: self.passphrases.hash(new.passphrase.clone()).await?,
            closed: false,
        };
        let created = self.store.create_administrator(&administrator, now_ms);
        if !created.await? {
            return Err(Denied::Wrong);
        }
        self.code.use_up();
        Ok(())
    }

    /// Lets the administrator in, or counts a failure. The name as it is written.
    pub(crate) async fn sign_in(
        &self,
        name: &str,
        passphrase: SecretString,
        origin: &Origin,
    ) -> Result<String, Denied> {
        let party = self.party(name, origin).await?;
        self.attempts.begin(party, clock::now_ms())?;
        let known = self.store.administrator().await?;
        let own = known.as_ref().filter(|known| known.name == name.trim());
        let kept = own.map(|known| known.passphrase.clone());
        if passphrase.expose_secret().len() > 4 * passphrase::LONGEST
            || !self.passphrases.is(passphrase, kept).await
        {
            return Err(Denied::Wrong);
        }
        // It may have been changed while this waited for its turn.
        if self.store.administrator().await? != known {
            return Err(Denied::Wrong);
        }
        self.attempts.succeeded(party);
        Ok(known.map(|known| known.name).unwrap_or_default())
    }

    /// Changes the passphrase of whoever knows the old one.
    pub(crate) async fn change(
        &self,
        name: &str,
        old: SecretString,
        new: &SecretString,
        repeated: &SecretString,
        origin: &Origin,
    ) -> Result<(), Denied> {
        let mut errors = FieldErrors::default();
        judge_new(&mut errors, new, repeated, name);
        errors.into_result(()).map_err(Denied::Fields)?;
        match self.sign_in(name, old, origin).await {
            Err(Denied::Wrong) => {
                let mut errors = FieldErrors::default();
                errors.add("passphrase", "This is not the passphrase.");
                return Err(Denied::Fields(errors));
            }
            other => other?,
        };
        let kept = self.passphrases.hash(new.clone()).await?;
        self.store.set_passphrase(&kept, clock::now_ms()).await?;
        Ok(())
    }

    /// Remembers that `name` signed in from a browser; the value of its cookie.
    pub(crate) async fn remember(&self, name: &str, origin: &Origin) -> Result<String, AppError> {
        let now_ms = clock::now_ms();
        let mut secret = random::secret();
        // A value that is not one of ours may have been planted.
        if let Some(brought) = &origin.device
            && self.store.is_device(&device(brought), name, 0).await?
        {
            secret.clone_from(brought);
        }
        self.store
            .remember_device(&device(&secret), name, now_ms, now_ms - DEVICE_MS)
            .await?;
        Ok(secret)
    }

    /// Whose attempts these are. A browser counts as known for the name that signed in from it.
    async fn party(&self, name: &str, origin: &Origin) -> Result<Party, AppError> {
        if let Some(secret) = &origin.device {
            let digest = device(secret);
            let since = clock::now_ms() - DEVICE_MS;
            if self.store.is_device(&digest, name.trim(), since).await? {
                return Ok(Party::Device(digest));
            }
        }
        Ok(Party::of(origin.address))
    }
}

fn device(secret: &str) -> Digest {
    random::digest(&[b"device", secret.as_bytes()])
}

fn judge_name(name: &str) -> Result<(), String> {
    let name = name.trim();
    if name.is_empty() {
        return Err("Choose a name to sign in with.".to_owned());
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(format!("A name has {LONGEST_NAME} characters at most."));
    }
    if name
        .chars()
        .any(|c| !c.is_alphanumeric() && !"-_.@ ".contains(c))
    {
        return Err("A name has letters, digits, spaces and - _ . @ only.".to_owned());
    }
    Ok(())
}

fn judge_new(
    errors: &mut FieldErrors,
    passphrase: &SecretString,
    repeated: &SecretString,
    name: &str,
) {
    if let Err(message) = judge(passphrase.expose_secret(), name) {
        errors.add("new_passphrase", message);
    }
    if passphrase.expose_secret() != repeated.expose_secret() {
        errors.add("repeated", "This is not the same.");
    }
}

#[cfg(test)]
mod tests;
