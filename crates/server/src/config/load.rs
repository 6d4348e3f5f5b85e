//! Puts the layers together, and says what is wrong with them.

use std::{
    ffi::OsString,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use figment::{
    Figment, Metadata, Profile, Provider,
    error::Kind,
    providers::{Format as _, Toml},
    util::nest,
    value::{Dict, Map, Value},
};

use super::{
    Config, Entry, ServeFlags,
    settings::{PREFIX, setting},
};

/// More users than this in the sandbox would take gigabytes.
const MOST_DEMO_PEOPLE: u32 = 100_000;

/// What is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A setting is unknown, or its value is not one.
    #[error("{0}")]
    Setting(String),
    /// The file of settings that was asked for is not there.
    #[error("the file of settings {} is not there", .0.display())]
    NoFile(PathBuf),
    /// A file that a setting names cannot be read.
    #[error("{setting}: {} cannot be read: {source}", path.display())]
    File {
        /// The setting.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The address is open to other machines.
    #[error(
        "listen {0}, public_url: Ostiary can be reached from other machines. Passphrases and sessions must not cross a \
         network in the clear, so put a proxy with HTTPS in front and name its address (public_url, \
         https://ostiary.example), with people signing in (entry: sign-in). Or listen on a loopback \
         address, such as 127.0.0.1:3000, and forward the port: ssh -L 3000:127.0.0.1:3000 HOST"
    )]
    NotLoopback(SocketAddr),
    /// Address, token or certificates cannot be used.
    #[error("authentik: {0}")]
    Transport(#[from] authentik_reqwest::BuildError),
}

/// One setting from one place.
struct Layer {
    /// The place: `environment variable OSTIARY_LISTEN`.
    place: String,
    key: &'static str,
    value: Value,
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.place.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let dict = nest(self.key, self.value.clone())
            .into_dict()
            .unwrap_or_default();
        Ok(Profile::Default.collect(dict))
    }
}

/// The configuration out of a file, `variables` and flags.
pub(super) fn load(
    flags: &ServeFlags,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Config, ConfigError> {
    let mut layers = environment(variables);
    let file = layers
        .iter()
        .position(|layer| layer.key == "config")
        .map(|at| layers.remove(at));
    let file = file
        .and_then(|layer| layer.value.into_string())
        .map(PathBuf::from);
    let mut figment = Figment::new();
    if let Some(path) = toml(flags.config.clone().or(file))? {
        figment = figment.merge(Toml::file_exact(path));
    }
    layers.extend(
        flags
            .settings()
            .into_iter()
            .map(|(flag, key, value)| Layer {
                place: format!("flag {flag}"),
                key,
                value,
            }),
    );
    for layer in layers {
        figment = figment.merge(layer);
    }
    let config: Config = figment
        .extract()
        .map_err(|error| ConfigError::Setting(describe(&error)))?;
    check(&config)?;
    Ok(config)
}

/// The settings among the environment variables.
fn environment(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Vec<Layer> {
    let mut layers = Vec::new();
    for (name, text) in variables {
        let (Some(name), Some(text)) = (name.to_str(), text.to_str()) else {
            continue;
        };
        if !name.starts_with(PREFIX) || text.is_empty() {
            continue;
        }
        // A variable of ours that is no setting is passed over: Kubernetes makes such ones
        // (`OSTIARY_PORT`) for a service of our name.
        if let Some((key, value)) = setting(name, text) {
            let place = format!("environment variable {name}");
            layers.push(Layer { place, key, value });
        }
    }
    layers
}

/// The file of settings: the one asked for, or the usual one if it is there.
fn toml(asked: Option<PathBuf>) -> Result<Option<PathBuf>, ConfigError> {
    match asked {
        Some(path) if path.is_file() => Ok(Some(path)),
        Some(path) => Err(ConfigError::NoFile(path)),
        None => Ok(Some(Path::new("ostiary.toml"))
            .filter(|path| path.is_file())
            .map(PathBuf::from)),
    }
}

/// What does not depend on a single setting.
fn check(config: &Config) -> Result<(), ConfigError> {
    let public = config.public_url.as_ref();
    let open = !config.listen.ip().is_loopback() || public.is_some_and(|url| !is_local(url));
    if open && !(config.is_https() && config.entry() == Entry::SignIn) {
        return Err(ConfigError::NotLoopback(config.listen));
    }
    let wrong = |text: &str| Err(ConfigError::Setting(text.to_owned()));
    let authentik = &config.authentik;
    if authentik.token.is_some() && authentik.token_file.is_some() {
        return wrong("authentik.token and authentik.token_file are both set: give one of them");
    }
    if config.secret_key.is_some() && config.secret_key_file.is_some() {
        return wrong("secret_key and secret_key_file are both set: give one of them");
    }
    check_forward_auth(config)?;
    let session = &config.session;
    if [
        session.idle_minutes,
        session.absolute_hours,
        session.step_up_seconds,
    ]
    .contains(&0)
    {
        return wrong(
            "session.idle_minutes, session.absolute_hours and session.step_up_seconds must be 1 at least",
        );
    }
    if let Some(url) = &config.public_url
        && !is_origin(url)
    {
        return wrong(&format!(
            "public_url: {url} must be http(s):// and a host, with a port where there is one, and no path"
        ));
    }
    if authentik.connect_timeout == 0 || authentik.timeout == 0 {
        return wrong("authentik.connect_timeout and authentik.timeout must be 1 second at least");
    }
    if config.demo_people > MOST_DEMO_PEOPLE {
        return wrong(&format!(
            "demo_people: {} is too many, {MOST_DEMO_PEOPLE} is the most",
            config.demo_people
        ));
    }
    if config.demo
        && let Err(error) = config.demo_version.parse::<sandbox::Version>()
    {
        return wrong(&format!("demo_version: {error}"));
    }
    Ok(())
}

fn check_forward_auth(config: &Config) -> Result<(), ConfigError> {
    let settings = &config.forward_auth;
    let wrong = |text: &str| Err(ConfigError::Setting(text.to_owned()));
    if settings.secret.is_some() && settings.secret_file.is_some() {
        return wrong(
            "forward_auth.secret and forward_auth.secret_file are both set: give one of them",
        );
    }
    let has_secret = settings.secret.is_some() || settings.secret_file.is_some();
    if has_secret == settings.proxies.is_empty() {
        return wrong(
            "forward_auth.proxies and forward_auth.secret (or secret_file) go together: the addresses that the proxies \
             connect from, and what they send in X-Ostiary-Forward-Auth",
        );
    }
    if has_secret && config.entry() == Entry::Link {
        return wrong(
            "forward_auth is for people who sign in, and entry is link: take one of them out",
        );
    }
    Ok(())
}

/// Whether an address leads to this machine only.
fn is_local(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether an address is a scheme, a host and a port at most.
fn is_origin(url: &url::Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

/// The error with the setting and its place, without figment's own words for them.
fn describe(error: &figment::Error) -> String {
    let place = error
        .metadata
        .as_ref()
        .map(|metadata| match &metadata.source {
            Some(source) => format!(" ({source})"),
            None => format!(" ({})", metadata.name),
        });
    let place = place.unwrap_or_default();
    let path = error.path.join(".");
    match &error.kind {
        Kind::UnknownField(field, known) => {
            // figment does not say in which table: what else is in it tells.
            let table = if known.contains(&"authentik") {
                ""
            } else if known.contains(&"idle_minutes") {
                "session."
            } else if known.contains(&"proxies") {
                "forward_auth."
            } else {
                "authentik."
            };
            format!(
                "there is no setting `{table}{field}`{place}; there are: {}",
                known.join(", ")
            )
        }
        kind if path.is_empty() => format!("{kind}{place}"),
        kind => format!("{path}: {kind}{place}"),
    }
}

#[cfg(test)]
mod tests;
