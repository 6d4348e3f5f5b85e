//! The vault: what is kept sealed in the database, under a key that is not in it.
//!
//! A record is encrypted with XChaCha20-Poly1305 (RFC 8439 with the 192-bit nonce of
//! draft-irtf-cfrg-xchacha), a random nonce each time; its name and the id of the key are
//! authenticated with it, so that records cannot be exchanged for one another.

mod key;

use std::sync::{Arc, PoisonError, RwLock};

use app::error::AppError;
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use secrecy::{ExposeSecret as _, SecretSlice};

use self::key::Key;
pub(crate) use self::key::KeySource;
use crate::{
    clock,
    store::{Database, SealedRow, SealedStore as _, StoreError, chain},
};

/// Why the vault cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// What should be a key is none.
    #[error(
        "{0}: a key is 64 hexadecimal digits, such as `openssl rand -hex 32` prints; several are \
         separated by spaces, the one that seals first"
    )]
    MalformedKey(String),
    /// Something was sealed under a key that is not there.
    #[error(
        "the database holds sealed records ({records}) and the key {key} that opens them is not in \
         {place}. Bring the key back (from OSTIARY_SECRET_KEY, or the file beside the database). If \
         it is lost, so is what was sealed: `ostiary keys forget` removes it, and the token of \
         authentik is entered anew"
    )]
    MissingKey {
        /// Their names.
        records: String,
        /// Id of the key.
        key: String,
        /// Where keys come from.
        place: String,
    },
    /// Other users of the machine can read the key.
    #[error("{0} can be read by other users of this machine; chmod 600 it")]
    OpenFile(String),
    /// The keys are a setting.
    #[error(
        "the keys come from {0}, which Ostiary does not write: put the new key first and the old one \
         behind it, run this again, then take the old one out"
    )]
    Given(&'static str),
    /// The file of keys cannot be read or written.
    #[error("the file of keys {path} cannot be used: {source}")]
    File {
        /// Its path.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A sealed record is not what was sealed.
    #[error("the sealed record “{0}” was damaged or exchanged")]
    Broken(String),
    /// More than the cipher takes.
    #[error("the record “{0}” is too long to be sealed")]
    TooLong(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] Box<dyn std::error::Error + Send + Sync>),
}

impl From<StoreError> for VaultError {
    fn from(error: StoreError) -> Self {
        Self::Store(Box::new(error))
    }
}

impl From<VaultError> for AppError {
    fn from(error: VaultError) -> Self {
        tracing::error!(error = %chain(&error), "vault");
        Self::Internal(error.to_string())
    }
}

/// Sealed records by name. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Vault {
    store: Database,
    source: KeySource,
    keys: Arc<RwLock<Arc<[Key]>>>,
    /// One writer at a time: two first ones would make two keys.
    writing: Arc<tokio::sync::Mutex<()>>,
}

impl Vault {
    /// Opens the vault.
    ///
    /// # Errors
    /// When a key is malformed, or one is missing that something was sealed under.
    pub(crate) async fn open(store: Database, source: KeySource) -> Result<Self, VaultError> {
        let keys = source.read()?;
        let rows = store.sealed().await?;
        let missing = rows
            .iter()
            .find(|row| keys.iter().all(|key| key.id() != row.key_id));
        if let Some(missing) = missing {
            let same = rows.iter().filter(|row| row.key_id == missing.key_id);
            let names: Vec<&str> = same.map(|row| row.name.as_str()).collect();
            return Err(VaultError::MissingKey {
                records: names.join(", "),
                key: missing.key_id.clone(),
                place: source.place(),
            });
        }
        Ok(Self {
            store,
            source,
            keys: Arc::new(RwLock::new(keys.into())),
            writing: Arc::default(),
        })
    }

    /// Seals and keeps a record in the place of the one of that name. The first one makes the key.
    ///
    /// # Errors
    /// When the key or the record cannot be written.
    pub(crate) async fn put(&self, name: &str, plain: &[u8]) -> Result<(), VaultError> {
        let _writing = self.writing.lock().await;
        if self.keys().is_empty() {
            let keys = vec![Key::generate()];
            self.source.write(&keys)?;
            self.set_keys(keys);
        }
        let keys = self.keys();
        let key = keys.first().ok_or_else(|| no_key(&self.source))?;
        self.store
            .put_sealed(&seal(key, name, plain)?, clock::now_ms())
            .await?;
        Ok(())
    }

    /// A record, opened.
    ///
    /// # Errors
    /// When it was damaged, or its key is not there.
    pub(crate) async fn get(&self, name: &str) -> Result<Option<SecretSlice<u8>>, VaultError> {
        let mut rows = self.store.sealed().await?;
        rows.retain(|row| row.name == name);
        let Some(row) = rows.pop() else {
            return Ok(None);
        };
        open(&self.keys(), &row).map(Some)
    }

    /// Takes a record out, if there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn remove(&self, name: &str) -> Result<(), VaultError> {
        self.store.remove_sealed(name).await?;
        Ok(())
    }

    /// Seals everything under a new key; of keys that are given, under the first. The old key is
    /// dropped last, so that at any moment what is sealed can be opened. How many records.
    ///
    /// # Errors
    /// When keys are given and there is just one, or something cannot be written.
    pub(crate) async fn rotate(&self) -> Result<usize, VaultError> {
        let _writing = self.writing.lock().await;
        let given = matches!(self.source, KeySource::Setting { .. });
        if given && self.keys().len() < 2 {
            self.source.write(&[])?;
        }
        if !given {
            let mut keys = vec![Key::generate()];
            keys.extend(self.source.read()?);
            self.source.write(&keys)?;
            self.set_keys(keys);
        }
        let keys = self.keys();
        let key = keys.first().ok_or_else(|| no_key(&self.source))?;
        let rows = self.store.sealed().await?;
        let mut again = Vec::with_capacity(rows.len());
        for row in &rows {
            let plain = open(&keys, row)?;
            again.push(seal(key, &row.name, plain.expose_secret())?);
        }
        self.store.replace_sealed(&again, clock::now_ms()).await?;
        if !given {
            let mut keys = self.source.read()?;
            keys.truncate(1);
            self.source.write(&keys)?;
            self.set_keys(keys);
        }
        Ok(rows.len())
    }

    fn keys(&self) -> Arc<[Key]> {
        self.keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set_keys(&self, keys: Vec<Key>) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys.into();
    }
}

fn no_key(source: &KeySource) -> VaultError {
    VaultError::MalformedKey(source.place())
}

/// What is authenticated with a record. Neither part holds a NUL.
fn bound_to(name: &str, key_id: &str) -> Vec<u8> {
    format!("ostiary vault 1\0{name}\0{key_id}").into_bytes()
}

fn seal(key: &Key, name: &str, plain: &[u8]) -> Result<SealedRow, VaultError> {
    let nonce: [u8; 24] = rand::random();
    let cipher = XChaCha20Poly1305::new(key.bytes().into());
    let payload = Payload {
        msg: plain,
        aad: &bound_to(name, key.id()),
    };
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| VaultError::TooLong(name.to_owned()))?;
    Ok(SealedRow {
        name: name.to_owned(),
        key_id: key.id().to_owned(),
        nonce: nonce.to_vec(),
        sealed,
    })
}

fn open(keys: &[Key], row: &SealedRow) -> Result<SecretSlice<u8>, VaultError> {
    let broken = || VaultError::Broken(row.name.clone());
    let key = keys
        .iter()
        .find(|key| key.id() == row.key_id)
        .ok_or_else(broken)?;
    let nonce = <[u8; 24]>::try_from(row.nonce.as_slice()).map_err(|_| broken())?;
    let payload = Payload {
        msg: &row.sealed,
        aad: &bound_to(&row.name, key.id()),
    };
    let cipher = XChaCha20Poly1305::new(key.bytes().into());
    let plain = cipher
        .decrypt(&XNonce::from(nonce), payload)
        .map_err(|_| broken())?;
    Ok(plain.into())
}

#[cfg(test)]
mod tests;
