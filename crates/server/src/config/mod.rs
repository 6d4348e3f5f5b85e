//! Configuration: a TOML file, then environment variables, then flags; later ones win.

mod flags;
mod load;
mod settings;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use authentik_reqwest::Transport;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use url::Url;

pub(crate) use self::settings::VARIABLES_HELP;
pub use self::{flags::ServeFlags, load::ConfigError};

/// Everything that can be set. `Debug` shows no secret.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the console listens: a loopback address.
    pub listen: SocketAddr,
    /// The SQLite file; `ostiary.sqlite` in the working directory when not given, and memory in a
    /// demo.
    pub database: Option<PathBuf>,
    /// The authentik to set up.
    pub authentik: Authentik,
    /// What is logged, in the syntax of `tracing`'s filters: `info`, `server=debug,info`.
    pub log: String,
    /// How it is logged.
    pub log_format: LogFormat,
    /// The folder with what the build made for browsers.
    pub site_root: PathBuf,
    /// Whether to run against an embedded sandbox instead of an authentik.
    pub demo: bool,
    /// The version that the sandbox acts as: `2023.10`, `2025.10` or `2026.5`.
    pub demo_version: String,
    /// What the sandbox's sample data are made from.
    pub demo_seed: u64,
    /// How many users the sandbox has, in 200 groups and with 200 applications; 0 for the sample data
    /// alone.
    pub demo_people: u32,
}

/// How to reach authentik.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Authentik {
    /// Its address as seen from here.
    pub url: Option<Url>,
    /// Its address as people see it, where that is another one.
    pub public_url: Option<Url>,
    /// An API token of an administrator.
    #[serde(deserialize_with = "secret")]
    pub token: Option<SecretString>,
    /// A file with the token.
    pub token_file: Option<PathBuf>,
    /// A file with certificate authorities to trust (PEM).
    pub ca_file: Option<PathBuf>,
    /// Whether to accept any certificate.
    pub insecure: bool,
    /// Seconds until connecting is given up.
    pub connect_timeout: u64,
    /// Seconds until a whole call is given up.
    pub timeout: u64,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 3000).into(),
            database: None,
            authentik: Authentik::default(),
            log: "info".to_owned(),
            log_format: LogFormat::Text,
            site_root: PathBuf::from("target/site"),
            demo: false,
            demo_version: "2026.5".to_owned(),
            demo_seed: 1,
            demo_people: 0,
        }
    }
}

impl Default for Authentik {
    fn default() -> Self {
        Self {
            url: None,
            public_url: None,
            token: None,
            token_file: None,
            ca_file: None,
            insecure: false,
            connect_timeout: 5,
            timeout: 30,
        }
    }
}

/// A secret. Whatever else stands in its place is not repeated in the error.
fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SecretString>, D::Error> {
    use figment::value::Value;
    match <Value as Deserialize>::deserialize(deserializer)? {
        Value::String(_, text) => Ok(Some(text.into())),
        _ => Err(serde::de::Error::custom(
            "the token must be a text in quotes",
        )),
    }
}

impl Config {
    /// The configuration of the process: file, environment, flags.
    ///
    /// # Errors
    /// What is wrong with it, naming the setting and where it was set.
    pub fn load(flags: &ServeFlags) -> Result<Self, ConfigError> {
        load::load(flags, std::env::vars_os())
    }

    /// The database's file; `None` for memory.
    pub(crate) fn database(&self) -> Option<&Path> {
        let default = (!self.demo).then(|| Path::new("ostiary.sqlite"));
        self.database.as_deref().or(default)
    }
}

impl Authentik {
    /// The transport to authentik; `None` where no address or no token is given.
    ///
    /// # Errors
    /// When a file cannot be read, or a setting cannot be used.
    pub(crate) fn transport(&self) -> Result<Option<Transport>, ConfigError> {
        let (Some(url), Some(token)) = (&self.url, self.read_token()?) else {
            return Ok(None);
        };
        let mut builder = Transport::builder(url.clone())
            .token(token)
            .connect_timeout(Duration::from_secs(self.connect_timeout))
            .timeout(Duration::from_secs(self.timeout))
            .accept_invalid_certs(self.insecure);
        if let Some(public) = self.public_url.as_ref().filter(|public| *public != url) {
            builder = builder.public_url(public.clone());
        }
        if let Some(path) = &self.ca_file {
            let pem = std::fs::read(path).map_err(|source| ConfigError::File {
                setting: "authentik.ca_file",
                path: path.clone(),
                source,
            })?;
            builder = builder.ca_file_pem(pem);
        }
        Ok(Some(builder.build()?))
    }

    fn read_token(&self) -> Result<Option<SecretString>, ConfigError> {
        let Some(path) = &self.token_file else {
            return Ok(self.token.clone());
        };
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::File {
            setting: "authentik.token_file",
            path: path.clone(),
            source,
        })?;
        Ok(Some(text.trim().into()))
    }
}
