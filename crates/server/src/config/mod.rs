//! Configuration: a TOML file, then environment variables, then flags; later ones win.

mod flags;
mod load;
mod report;
mod settings;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use authentik_reqwest::{BuildError, Transport};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer};
use url::Url;

pub(crate) use self::settings::VARIABLES_HELP;
pub use self::{flags::ServeFlags, load::ConfigError};
use crate::{connection::Stored, session::Limits, vault::KeySource};

/// Everything that can be set. `Debug` shows no secret.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the console listens: a loopback address, unless people reach it by HTTPS.
    pub listen: SocketAddr,
    /// The address that people open, where a proxy stands in front: `https://ostiary.example`.
    pub public_url: Option<Url>,
    /// Proxies that are believed about where a request comes from (`X-Forwarded-For`).
    pub trusted_proxies: Vec<IpAddr>,
    /// Where browsers report what the content security policy kept from happening; nowhere when not given.
    #[serde(deserialize_with = "report::address")]
    pub csp_report_uri: Option<Url>,
    /// How people come in; by the link in a demo and by signing in otherwise when not given.
    pub entry: Option<Entry>,
    /// How long sessions last.
    pub session: Session,
    /// Who says that somebody is signed in with authentik already.
    pub forward_auth: ForwardAuth,
    /// The keys of the vault, in hexadecimal; the first one seals.
    #[serde(deserialize_with = "secret")]
    pub secret_key: Option<SecretString>,
    /// A file with the keys of the vault.
    pub secret_key_file: Option<PathBuf>,
    /// The SQLite file; `ostiary.sqlite` in the working directory when not given, and memory in a
    /// demo.
    pub database: Option<PathBuf>,
    /// The authentik to set up.
    pub authentik: Authentik,
    /// Days after which entries of the audit log go, at the next start; 0 keeps them for good.
    pub audit_days: u32,
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

/// How people come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Entry {
    /// By the one-time link that the process prints.
    Link,
    /// With a name and a passphrase; the first time with a code that the process prints.
    SignIn,
}

/// How long sessions last.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Session {
    /// Minutes without use.
    pub idle_minutes: u32,
    /// Hours in all.
    pub absolute_hours: u32,
    /// Seconds for which a passphrase that was typed holds for what is dangerous.
    pub step_up_seconds: u32,
}

/// Proxies that sign people in with authentik before they come here (forward auth).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ForwardAuth {
    /// Their addresses, as they connect from.
    pub proxies: Vec<IpAddr>,
    /// What they send in the header `X-Ostiary-Forward-Auth`.
    #[serde(deserialize_with = "secret")]
    pub secret: Option<SecretString>,
    /// A file with it.
    pub secret_file: Option<PathBuf>,
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
            public_url: None,
            trusted_proxies: Vec::new(),
            csp_report_uri: None,
            entry: None,
            session: Session::default(),
            forward_auth: ForwardAuth::default(),
            secret_key: None,
            secret_key_file: None,
            database: None,
            authentik: Authentik::default(),
            audit_days: 0,
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

impl Default for Session {
    fn default() -> Self {
        Self {
            idle_minutes: 30,
            absolute_hours: 12,
            step_up_seconds: 5 * 60,
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
            "a secret must be a text in quotes",
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

impl Config {
    /// How people come in.
    pub(crate) fn entry(&self) -> Entry {
        let default = if self.demo {
            Entry::Link
        } else {
            Entry::SignIn
        };
        self.entry.unwrap_or(default)
    }

    /// Whether people reach the console by HTTPS only.
    pub(crate) fn is_https(&self) -> bool {
        let public = self.public_url.as_ref();
        public.is_some_and(|url| url.scheme() == "https")
    }

    /// How long sessions last.
    pub(crate) fn session_limits(&self) -> Limits {
        let absolute = i64::from(self.session.absolute_hours) * 60 * 60 * 1000;
        let idle = i64::from(self.session.idle_minutes) * 60 * 1000;
        Limits {
            // Nobody could come back without the terminal.
            idle: if self.entry() == Entry::Link {
                absolute
            } else {
                idle
            },
            absolute,
            proof: i64::from(self.session.step_up_seconds) * 1000,
        }
    }

    /// Where the keys of the vault come from.
    ///
    /// # Errors
    /// When the file that a setting names cannot be read.
    pub(crate) fn key_source(&self) -> Result<KeySource, ConfigError> {
        if let Some(text) = &self.secret_key {
            return Ok(KeySource::Setting {
                setting: "secret_key",
                text: text.clone(),
            });
        }
        if let Some(path) = &self.secret_key_file {
            let text = read("secret_key_file", path)?;
            return Ok(KeySource::Setting {
                setting: "secret_key_file",
                text: text.into(),
            });
        }
        Ok(match self.database() {
            Some(path) => {
                let mut name = path.as_os_str().to_owned();
                name.push(".key");
                KeySource::File(name.into())
            }
            None => KeySource::Memory,
        })
    }
}

fn read(setting: &'static str, path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|source| ConfigError::File {
        setting,
        path: path.to_owned(),
        source,
    })
}

impl ForwardAuth {
    /// So many characters the secret has at least: 128 bits in hexadecimal.
    const SHORTEST: usize = 32;

    /// The secret, where there is one.
    ///
    /// # Errors
    /// When the file cannot be read, or the secret is too short.
    pub(crate) fn read_secret(&self) -> Result<Option<SecretString>, ConfigError> {
        let (setting, secret) = match (&self.secret, &self.secret_file) {
            (Some(secret), _) => ("forward_auth.secret", secret.clone()),
            (None, Some(path)) => {
                let setting = "forward_auth.secret_file";
                (setting, read(setting, path)?.trim().into())
            }
            (None, None) => return Ok(None),
        };
        if secret.expose_secret().len() < Self::SHORTEST {
            let shortest = Self::SHORTEST;
            return Err(ConfigError::Setting(format!(
                "{setting} must have {shortest} characters at least: openssl rand -hex 32 makes a good one"
            )));
        }
        Ok(Some(secret))
    }
}

impl Authentik {
    /// The connection that the settings give; `None` where there is no address or no token.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn given(&self) -> Result<Option<Stored>, ConfigError> {
        let (Some(url), Some(token)) = (&self.url, self.read_token()?) else {
            return Ok(None);
        };
        let ca = self.ca_file.as_deref();
        Ok(Some(Stored {
            url: url.clone(),
            public_url: self.public_url.clone(),
            token: token.expose_secret().to_owned(),
            ca: ca.map(|path| read("authentik.ca_file", path)).transpose()?,
            insecure: self.insecure,
        }))
    }

    /// The transport to an authentik, with the time limits of the settings.
    ///
    /// # Errors
    /// When the address, the token or the certificates cannot be used.
    pub(crate) fn transport(&self, to: &Stored) -> Result<Transport, BuildError> {
        let mut builder = Transport::builder(to.url.clone())
            .token(to.token.clone().into())
            .connect_timeout(Duration::from_secs(self.connect_timeout))
            .timeout(Duration::from_secs(self.timeout))
            .accept_invalid_certs(to.insecure);
        if let Some(public) = to.public_url.as_ref().filter(|public| **public != to.url) {
            builder = builder.public_url(public.clone());
        }
        if let Some(pem) = &to.ca {
            builder = builder.ca_file_pem(pem.as_bytes());
        }
        builder.build()
    }

    /// The time limits alone.
    pub(crate) fn without_connection(&self) -> Self {
        Self {
            connect_timeout: self.connect_timeout,
            timeout: self.timeout,
            ..Self::default()
        }
    }

    fn read_token(&self) -> Result<Option<SecretString>, ConfigError> {
        let Some(path) = &self.token_file else {
            return Ok(self.token.clone());
        };
        let text = read("authentik.token_file", path)?;
        Ok(Some(text.trim().into()))
    }
}
