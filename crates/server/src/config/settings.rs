//! The names of the settings, and their environment variables.

use figment::value::Value;

/// How the text of an environment variable is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// As it is, also when it looks like a number.
    Text,
    /// As a number, `true` or `false`.
    Plain,
    /// As texts, separated by commas.
    List,
}

/// All settings.
const SETTINGS: [(&str, Kind); 31] = [
    ("listen", Kind::Text),
    ("public_url", Kind::Text),
    ("trusted_proxies", Kind::List),
    ("csp_report_uri", Kind::Text),
    ("entry", Kind::Text),
    ("session.idle_minutes", Kind::Plain),
    ("session.absolute_hours", Kind::Plain),
    ("session.step_up_seconds", Kind::Plain),
    ("forward_auth.proxies", Kind::List),
    ("forward_auth.secret", Kind::Text),
    ("forward_auth.secret_file", Kind::Text),
    ("secret_key", Kind::Text),
    ("secret_key_file", Kind::Text),
    ("database", Kind::Text),
    ("authentik.url", Kind::Text),
    ("authentik.public_url", Kind::Text),
    ("authentik.token", Kind::Text),
    ("authentik.token_file", Kind::Text),
    ("authentik.ca_file", Kind::Text),
    ("authentik.insecure", Kind::Plain),
    ("authentik.connect_timeout", Kind::Plain),
    ("authentik.timeout", Kind::Plain),
    ("audit_days", Kind::Plain),
    ("log", Kind::Text),
    ("log_format", Kind::Text),
    ("site_root", Kind::Text),
    ("demo", Kind::Plain),
    ("demo_version", Kind::Text),
    ("demo_seed", Kind::Plain),
    ("demo_people", Kind::Plain),
    ("config", Kind::Text),
];

/// What all our variables begin with.
pub(super) const PREFIX: &str = "OSTIARY_";

/// What `--help` says about what has no flag.
pub(crate) const VARIABLES_HELP: &str = "\
Settings are taken from ostiary.toml, then from environment variables, then from flags; the last one counts. In the \
file OSTIARY_AUTHENTIK__URL is `url` in the table `[authentik]`, OSTIARY_LISTEN is `listen`, and so on.

Secrets have no flag, since flags can be read by other users of the machine:
  OSTIARY_AUTHENTIK__TOKEN       API token of an authentik administrator (or see --authentik-token-file)
  OSTIARY_SECRET_KEY             Key of the vault: 64 hexadecimal digits (or see --secret-key-file)
  OSTIARY_FORWARD_AUTH__SECRET   What a proxy with forward auth sends (or see --forward-auth-secret-file)

Address and token of authentik may be left out: then they are asked for in the browser, and kept sealed.

Before there is an account, Ostiary prints a code to the standard output that the first one is made with; with \
--entry=link it prints a link that opens it once. After the signal SIGHUP it prints another one. Logs go to the \
standard error. SIGTERM and SIGINT end it, after change sets under way are finished (20 s at most).";

/// The variable of a setting.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_ascii_uppercase().replace('.', "__"))
}

/// The setting of a variable and its value; `None` when there is no such setting.
pub(super) fn setting(variable_name: &str, text: &str) -> Option<(&'static str, Value)> {
    let (key, kind) = SETTINGS
        .into_iter()
        .find(|(key, _)| variable(key) == variable_name)?;
    let value = match kind {
        Kind::Text => Value::from(text),
        Kind::List => text.split(',').map(str::trim).collect::<Vec<_>>().into(),
        Kind::Plain => text.trim().parse().unwrap_or_else(|never| match never {}),
    };
    Some((key, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_texts_where_texts_are_wanted() {
        let of = |name: &str, text: &str| {
            setting(name, text).map(|(key, value)| (key, value.into_string()))
        };
        assert_eq!(
            of("OSTIARY_DEMO_VERSION", "2023.10"),
            Some(("demo_version", Some("2023.10".into())))
        );
        assert_eq!(
            of("OSTIARY_AUTHENTIK__TOKEN", "007"),
            Some(("authentik.token", Some("007".into())))
        );
        assert_eq!(setting("OSTIARY_PORT", "tcp://10.0.0.1"), None);
        let proxies = setting("OSTIARY_TRUSTED_PROXIES", "10.0.0.1, 10.0.0.2")
            .unwrap()
            .1;
        assert_eq!(proxies.into_array().map(|list| list.len()), Some(2));
        let timeout = setting("OSTIARY_AUTHENTIK__TIMEOUT", "12").unwrap().1;
        assert_eq!(timeout.to_u128(), Some(12));
    }

    #[test]
    fn help_names_every_variable() {
        let help = crate::cli::serve_help();
        for (key, _) in SETTINGS {
            assert!(
                help.contains(&variable(key)),
                "{} in:\n{help}",
                variable(key)
            );
        }
    }
}
