//! A connection that was entered in the browser, as it lies in the vault.

use std::fmt;

use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::vault::{Vault, VaultError};

/// Name of the record.
const RECORD: &str = "authentik";

/// Where authentik is, and the token for it. `Debug` leaves the token out.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub(crate) url: Url,
    pub(crate) public_url: Option<Url>,
    /// The API token.
    pub(crate) token: String,
    /// Certificate authorities to trust, PEM.
    pub(crate) ca: Option<String>,
    /// Whether to accept any certificate.
    pub(crate) insecure: bool,
}

impl Stored {
    /// The connection in the vault.
    ///
    /// # Errors
    /// When it cannot be opened or read.
    pub(crate) async fn load(vault: &Vault) -> Result<Option<Self>, VaultError> {
        let Some(plain) = vault.get(RECORD).await? else {
            return Ok(None);
        };
        serde_json::from_slice(plain.expose_secret())
            .map(Some)
            .map_err(|_| VaultError::Broken(RECORD.to_owned()))
    }

    /// Seals and keeps it.
    ///
    /// # Errors
    /// When it cannot be sealed or kept.
    pub(crate) async fn keep(&self, vault: &Vault) -> Result<(), VaultError> {
        let plain = serde_json::to_vec(self).map_err(|_| VaultError::Broken(RECORD.to_owned()))?;
        vault.put(RECORD, &plain).await
    }
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stored")
            .field("url", &self.url.as_str())
            .finish_non_exhaustive()
    }
}
