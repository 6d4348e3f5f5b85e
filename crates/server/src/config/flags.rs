use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use clap::Args;
use figment::value::Value;
use url::Url;

use super::{Entry, LogFormat};

/// Flags of `ostiary serve`.
#[derive(Debug, Clone, Default, Args)]
pub struct ServeFlags {
    /// TOML file with settings [env: `OSTIARY_CONFIG`] [default: ostiary.toml, where there is one]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Address and port to listen on [env: `OSTIARY_LISTEN`] [default: 127.0.0.1:3000]
    ///
    /// An address that other machines reach needs --public-url with https, since passphrases must not cross a network
    /// in the clear. Or forward the port: ssh -L 3000:127.0.0.1:3000 HOST
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,

    /// Address that people open, where a proxy with HTTPS stands in front [env: `OSTIARY_PUBLIC_URL`]
    #[arg(long, value_name = "URL")]
    pub public_url: Option<Url>,

    /// Address of a proxy that is believed about where requests come from (X-Forwarded-For); may be given several times
    /// [env: `OSTIARY_TRUSTED_PROXIES`, separated by commas]
    #[arg(long, value_name = "ADDRESS")]
    pub trusted_proxy: Vec<IpAddr>,

    /// Address that browsers report to what the content security policy kept from happening
    /// [env: `OSTIARY_CSP_REPORT_URI`]
    #[arg(long, value_name = "URL")]
    pub csp_report_uri: Option<Url>,

    /// How people come in: sign-in, or link, which is printed and opens the console once [env: `OSTIARY_ENTRY`]
    /// [default: sign-in, and link in a demo]
    #[arg(long, value_name = "HOW")]
    pub entry: Option<Entry>,

    /// Minutes until a session ends that is not used [env: `OSTIARY_SESSION__IDLE_MINUTES`] [default: 30]
    #[arg(long, value_name = "MINUTES")]
    pub session_idle_minutes: Option<u64>,

    /// Hours until a session ends in any case [env: `OSTIARY_SESSION__ABSOLUTE_HOURS`] [default: 12]
    #[arg(long, value_name = "HOURS")]
    pub session_absolute_hours: Option<u64>,

    /// Seconds for which a passphrase that was typed holds for what is dangerous
    /// [env: `OSTIARY_SESSION__STEP_UP_SECONDS`] [default: 300]
    #[arg(long, value_name = "SECONDS")]
    pub session_step_up_seconds: Option<u64>,

    /// Address of a proxy that signs people in with authentik before they come here (forward auth); may be given several
    /// times [env: `OSTIARY_FORWARD_AUTH__PROXIES`, separated by commas]
    #[arg(long, value_name = "ADDRESS")]
    pub forward_auth_proxy: Vec<IpAddr>,

    /// File with the secret that these proxies send in X-Ostiary-Forward-Auth
    /// [env: `OSTIARY_FORWARD_AUTH__SECRET_FILE`]
    #[arg(long, value_name = "FILE")]
    pub forward_auth_secret_file: Option<PathBuf>,

    /// File with the key that seals what is stored of authentik, 64 hexadecimal digits [env: `OSTIARY_SECRET_KEY_FILE`]
    /// [default: made beside the database, `ostiary.sqlite.key`]
    #[arg(long, value_name = "FILE")]
    pub secret_key_file: Option<PathBuf>,

    /// `SQLite` file for drafts, change sets and journals [env: `OSTIARY_DATABASE`] [default: ostiary.sqlite]
    ///
    /// It is made if there is none, readable by its owner only. In a demo nothing is kept unless this is given.
    #[arg(long, value_name = "FILE")]
    pub database: Option<PathBuf>,

    /// Address of authentik, as seen from here [env: `OSTIARY_AUTHENTIK__URL`]
    #[arg(long, value_name = "URL")]
    pub authentik_url: Option<Url>,

    /// Address of authentik, as people see it [env: `OSTIARY_AUTHENTIK__PUBLIC_URL`] [default: the address above]
    ///
    /// Goes into everything that applications are configured with.
    #[arg(long, value_name = "URL")]
    pub authentik_public_url: Option<Url>,

    /// File with an API token of an authentik administrator [env: `OSTIARY_AUTHENTIK__TOKEN_FILE`]
    #[arg(long, value_name = "FILE")]
    pub authentik_token_file: Option<PathBuf>,

    /// File with certificate authorities to trust besides the system's, PEM [env: `OSTIARY_AUTHENTIK__CA_FILE`]
    #[arg(long, value_name = "FILE")]
    pub authentik_ca_file: Option<PathBuf>,

    /// Accept any certificate of authentik [env: `OSTIARY_AUTHENTIK__INSECURE`]
    ///
    /// Whoever is on the way to it can read the token then: only for trying things out.
    #[arg(long)]
    pub authentik_insecure: bool,

    /// Seconds until connecting to authentik is given up [env: `OSTIARY_AUTHENTIK__CONNECT_TIMEOUT`] [default: 5]
    #[arg(long, value_name = "SECONDS")]
    pub authentik_connect_timeout: Option<u64>,

    /// Seconds until a call to authentik is given up [env: `OSTIARY_AUTHENTIK__TIMEOUT`] [default: 30]
    #[arg(long, value_name = "SECONDS")]
    pub authentik_timeout: Option<u64>,

    /// Days after which entries of the audit log go, at the next start; 0 keeps them for good
    /// [env: `OSTIARY_AUDIT_DAYS`] [default: 0]
    #[arg(long, value_name = "DAYS")]
    pub audit_days: Option<u64>,

    /// What is logged: error, warn, info, debug, or by module [env: `OSTIARY_LOG`] [default: info]
    #[arg(long, value_name = "FILTER")]
    pub log: Option<String>,

    /// How it is logged [env: `OSTIARY_LOG_FORMAT`] [default: text]
    #[arg(long, value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,

    /// Folder with the scripts and styles that the build made [env: `OSTIARY_SITE_ROOT`] [default: target/site]
    #[arg(long, value_name = "FOLDER")]
    pub site_root: Option<PathBuf>,

    /// Run against an embedded sandbox with sample data instead of an authentik [env: `OSTIARY_DEMO`=true,
    /// `OSTIARY_DEMO_VERSION`] [default version: 2026.5]
    ///
    /// The version that the sandbox acts as may follow: 2023.10, 2025.10 or 2026.5.
    #[arg(long, value_name = "VERSION", num_args = 0..=1, require_equals = true)]
    pub demo: Option<Option<String>>,

    /// Number that the sample data are made from [env: `OSTIARY_DEMO_SEED`] [default: 1]
    #[arg(long, value_name = "NUMBER")]
    pub demo_seed: Option<u64>,

    /// Number of users in the sandbox, to see the console at size [env: `OSTIARY_DEMO_PEOPLE`] [default: the sample
    /// data, about 40]
    ///
    /// There are 200 groups and 200 applications then. 100,000 at most.
    #[arg(long, value_name = "NUMBER")]
    pub demo_people: Option<u32>,
}

impl ServeFlags {
    /// The settings that flags were given for: flag, key, value.
    pub(super) fn settings(&self) -> Vec<(&'static str, &'static str, Value)> {
        let texts = self.texts().into_iter();
        let texts = texts.filter_map(|(flag, key, text)| Some((flag, key, text?.into())));
        let numbers = self.numbers().into_iter();
        let numbers = numbers.filter_map(|(flag, key, n)| Some((flag, key, n?.into())));
        let switches = [
            (
                "--authentik-insecure",
                "authentik.insecure",
                self.authentik_insecure,
            ),
            ("--demo", "demo", self.demo.is_some()),
        ];
        let switches = switches.into_iter().filter(|(_, _, on)| *on);
        let switches = switches.map(|(flag, key, on)| (flag, key, on.into()));
        let lists = [
            ("--trusted-proxy", "trusted_proxies", &self.trusted_proxy),
            (
                "--forward-auth-proxy",
                "forward_auth.proxies",
                &self.forward_auth_proxy,
            ),
        ];
        let lists = lists.into_iter().filter(|(_, _, list)| !list.is_empty());
        let lists = lists.map(|(flag, key, list)| {
            let list: Vec<String> = list.iter().map(IpAddr::to_string).collect();
            (flag, key, list.into())
        });
        texts.chain(numbers).chain(switches).chain(lists).collect()
    }

    fn texts(&self) -> Vec<(&'static str, &'static str, Option<String>)> {
        let path = |path: &Option<PathBuf>| {
            path.as_ref()
                .map(|path| path.to_string_lossy().into_owned())
        };
        let url = |url: &Option<Url>| url.as_ref().map(Url::to_string);
        let format = self.log_format.map(|format| match format {
            LogFormat::Text => "text".to_owned(),
            LogFormat::Json => "json".to_owned(),
        });
        let entry = self.entry.map(|entry| match entry {
            Entry::Link => "link".to_owned(),
            Entry::SignIn => "sign-in".to_owned(),
        });
        vec![
            (
                "--listen",
                "listen",
                self.listen.map(|address| address.to_string()),
            ),
            ("--public-url", "public_url", url(&self.public_url)),
            (
                "--csp-report-uri",
                "csp_report_uri",
                url(&self.csp_report_uri),
            ),
            ("--entry", "entry", entry),
            (
                "--secret-key-file",
                "secret_key_file",
                path(&self.secret_key_file),
            ),
            (
                "--forward-auth-secret-file",
                "forward_auth.secret_file",
                path(&self.forward_auth_secret_file),
            ),
            ("--database", "database", path(&self.database)),
            ("--authentik-url", "authentik.url", url(&self.authentik_url)),
            (
                "--authentik-public-url",
                "authentik.public_url",
                url(&self.authentik_public_url),
            ),
            (
                "--authentik-token-file",
                "authentik.token_file",
                path(&self.authentik_token_file),
            ),
            (
                "--authentik-ca-file",
                "authentik.ca_file",
                path(&self.authentik_ca_file),
            ),
            ("--log", "log", self.log.clone()),
            ("--log-format", "log_format", format),
            ("--site-root", "site_root", path(&self.site_root)),
            ("--demo", "demo_version", self.demo.clone().flatten()),
        ]
    }

    fn numbers(&self) -> Vec<(&'static str, &'static str, Option<u64>)> {
        vec![
            ("--audit-days", "audit_days", self.audit_days),
            (
                "--session-step-up-seconds",
                "session.step_up_seconds",
                self.session_step_up_seconds,
            ),
            (
                "--session-idle-minutes",
                "session.idle_minutes",
                self.session_idle_minutes,
            ),
            (
                "--session-absolute-hours",
                "session.absolute_hours",
                self.session_absolute_hours,
            ),
            (
                "--authentik-connect-timeout",
                "authentik.connect_timeout",
                self.authentik_connect_timeout,
            ),
            (
                "--authentik-timeout",
                "authentik.timeout",
                self.authentik_timeout,
            ),
            ("--demo-seed", "demo_seed", self.demo_seed),
            (
                "--demo-people",
                "demo_people",
                self.demo_people.map(u64::from),
            ),
        ]
    }
}
