use secrecy::ExposeSecret as _;

use super::*;
use crate::config::LogFormat;

fn of(toml: &str, variables: &[(&str, &str)], flags: ServeFlags) -> Result<Config, ConfigError> {
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
fn forward_auth_needs_proxies_and_a_long_secret() {
    let proxies = ("OSTIARY_FORWARD_AUTH__PROXIES", "10.0.0.1");
    let secret = ("OSTIARY_FORWARD_AUTH__SECRET", "c4n4ry");
    let file = ("OSTIARY_FORWARD_AUTH__SECRET_FILE", "/x");
    for (variables, why) in [
        (&[proxies][..], "go together"),
        (&[secret], "go together"),
        (&[proxies, secret, file], "both set"),
        (
            &[proxies, secret, ("OSTIARY_ENTRY", "link")],
            "entry is link",
        ),
        (
            &[("OSTIARY_FORWARD_AUTH__PROXIES", "caddy"), secret],
            "proxies",
        ),
    ] {
        let message = error("", variables);
        assert!(
            message.contains(why) && message.contains("forward_auth"),
            "{message}"
        );
        assert!(!message.contains("c4n4ry"), "{message}");
    }
    let config = of("", &[proxies, secret], ServeFlags::default()).unwrap();
    assert!(!format!("{config:?}").contains("c4n4ry"));
    let message = config.forward_auth.read_secret().unwrap_err().to_string();
    assert!(message.contains("32 characters"), "{message}");
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
