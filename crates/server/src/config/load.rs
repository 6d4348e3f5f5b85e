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
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::config::LogFormat;

    fn of(
        toml: &str,
        variables: &[(&str, &str)],
        flags: ServeFlags,
    ) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, toml).unwrap();
        let flags = ServeFlags {
            config: Some(path),
            ..flags
        };
        let variables = variables
            .iter()
            .map(|(name, text)| (OsString::from(name), OsString::from(text)));
        load(&flags, variables)
    }

    fn error(toml: &str, variables: &[(&str, &str)]) -> String {
        of(toml, variables, ServeFlags::default())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn flags_win_over_environment_and_environment_over_file() {
        let toml = "listen = '127.0.0.1:1'\nlog = 'warn'\n[authentik]\nurl = 'https://file.example'\ntimeout = 7";
        let variables = [
            ("OSTIARY_LISTEN", "127.0.0.1:2"),
            ("OSTIARY_AUTHENTIK__URL", "https://env.example"),
            ("OSTIARY_AUTHENTIK__INSECURE", "true"),
            ("OSTIARY_LOG_FORMAT", "json"),
            ("OSTIARY_PORT", "tcp://10.0.0.1:3000"),
            ("OSTIARY_DATABASE", ""),
        ];
        let flags = ServeFlags {
            listen: Some("[::1]:3".parse().unwrap()),
            authentik_timeout: Some(9),
            demo: Some(Some("2023.10".into())),
            ..ServeFlags::default()
        };
        let config = of(toml, &variables, flags).unwrap();
        assert_eq!(config.listen.to_string(), "[::1]:3");
        assert_eq!(config.log, "warn");
        assert_eq!(config.log_format, LogFormat::Json);
        assert_eq!(
            config.authentik.url.unwrap().as_str(),
            "https://env.example/"
        );
        assert!(config.authentik.insecure);
        assert_eq!(
            (config.authentik.timeout, config.authentik.connect_timeout),
            (9, 5)
        );
        assert!(config.demo);
        assert_eq!(config.demo_version, "2023.10");
        assert_eq!(config.database, None);
    }

    #[test]
    fn unknown_key_in_the_file_is_named() {
        let message = error("[authentik]\ntokn = 'x'", &[]);
        assert!(
            message.contains("authentik.tokn") && message.contains("settings.toml"),
            "{message}"
        );
        let message = error("colour = 'red'", &[]);
        assert!(message.contains("`colour`"), "{message}");
    }

    #[test]
    fn wrong_value_is_named_with_its_place() {
        let message = error("", &[("OSTIARY_LISTEN", "localhost")]);
        assert!(
            message.contains("listen") && message.contains("OSTIARY_LISTEN"),
            "{message}"
        );
        let message = error("", &[("OSTIARY_AUTHENTIK__URL", "auth.example.com")]);
        assert!(
            message.contains("authentik.url") && message.contains("OSTIARY_AUTHENTIK__URL"),
            "{message}"
        );
        let message = error(
            "",
            &[
                ("OSTIARY_DEMO", "true"),
                ("OSTIARY_DEMO_VERSION", "2024.12"),
            ],
        );
        assert!(message.contains("demo_version"), "{message}");
        let message = error("", &[("OSTIARY_DEMO_PEOPLE", "100001")]);
        assert!(
            message.contains("demo_people") && message.contains("100000"),
            "{message}"
        );
    }

    #[test]
    fn addresses_of_other_machines_are_refused() {
        for address in ["0.0.0.0:3000", "[::]:3000", "192.168.1.5:80"] {
            let message = error("", &[("OSTIARY_LISTEN", address)]);
            assert!(
                message.contains("loopback") && message.contains("public_url"),
                "{message}"
            );
        }
        for variables in [
            &[("OSTIARY_LISTEN", "127.8.9.1:0")][..],
            &[
                ("OSTIARY_LISTEN", "0.0.0.0:3000"),
                ("OSTIARY_PUBLIC_URL", "https://ostiary.example"),
            ],
        ] {
            assert!(of("", variables, ServeFlags::default()).is_ok());
        }
        for (public, entry) in [
            ("http://ostiary.example", "sign-in"),
            ("https://ostiary.example", "link"),
        ] {
            let variables = [
                ("OSTIARY_LISTEN", "0.0.0.0:3000"),
                ("OSTIARY_PUBLIC_URL", public),
                ("OSTIARY_ENTRY", entry),
            ];
            assert!(
                error("", &variables).contains("in the clear"),
                "{public} {entry}"
            );
        }
        let message = error("", &[("OSTIARY_PUBLIC_URL", "https://ostiary.example/x")]);
        assert!(
            message.contains("public_url") && message.contains("no path"),
            "{message}"
        );
    }

    #[test]
    fn token_is_in_no_debug_and_no_error() {
        let variables = [("OSTIARY_AUTHENTIK__TOKEN", "c4n4ry")];
        let config = of("", &variables, ServeFlags::default()).unwrap();
        assert_eq!(
            config.authentik.token.as_ref().unwrap().expose_secret(),
            "c4n4ry"
        );
        assert!(!format!("{config:?}").contains("c4n4ry"));
        let message = error("[authentik]\ntoken = 123456789", &[]);
        assert!(
            message.contains("authentik.token") && !message.contains("123456789"),
            "{message}"
        );
        let message = error("[authentik]\ntoken_file = '/x'", &variables);
        assert!(
            message.contains("both") && !message.contains("c4n4ry"),
            "{message}"
        );
    }

    #[test]
    fn file_that_was_asked_for_must_be_there() {
        let flags = ServeFlags {
            config: Some("no-such-file.toml".into()),
            ..ServeFlags::default()
        };
        assert!(matches!(load(&flags, []), Err(ConfigError::NoFile(_))));
    }

    #[test]
    fn token_file_is_read_without_its_line_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "abc\n").unwrap();
        let authentik = crate::config::Authentik {
            url: Some("http://127.0.0.1:9".parse().unwrap()),
            token_file: Some(path),
            ..Default::default()
        };
        let given = authentik.given().unwrap().unwrap();
        assert_eq!(given.token, "abc");
        assert!(!format!("{given:?}").contains("abc"));
        assert!(authentik.transport(&given).is_ok());
        let missing = crate::config::Authentik {
            token_file: Some("none".into()),
            ..authentik
        };
        assert!(
            missing
                .given()
                .unwrap_err()
                .to_string()
                .contains("authentik.token_file")
        );
    }
}
