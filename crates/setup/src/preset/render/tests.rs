use std::process::Command;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::preset::{plain_text, segment::MASK};

/// A preset with one entry on the application's side, and a variable `x`. `json!` sorts keys.
fn preset(format: &str, values: &serde_json::Value) -> Preset {
    serde_json::from_value(json!({
        "id": "app", "name": "App", "category": "generic", "protocol": "oidc",
        "confidence": "high", "restart_needed": false,
        "variables": [{"name": "x", "label": "X", "example": "x"}],
        "app_side": [{"format": format, "place": "there", "values": values}],
    }))
    .unwrap()
}

fn snippets(format: &str, values: &serde_json::Value, x: &str) -> Vec<Snippet> {
    let values_in = Values::default().with("x", x).with("client_secret", x);
    render_snippets(&preset(format, values), &values_in).unwrap()
}

fn text(format: &str, values: &serde_json::Value, x: &str) -> String {
    snippets(format, values, x)[0].plain_text()
}

/// The same text once as plain value and once as secret, at all depths.
fn nested() -> serde_json::Value {
    json!({
        "plain": "{x}", "secret": "{client_secret}", "around": "a {x} b", "on": true, "n": 7,
        "deep": {"list": ["{x}", "{client_secret}"], "empty": {}, "items": [{"k": "{x}", "m": {"z": "{x}"}}]},
    })
}

fn nested_with(x: &str) -> serde_json::Value {
    json!({
        "plain": x, "secret": x, "around": format!("a {x} b"), "on": true, "n": 7,
        "deep": {"list": [x, x], "empty": {}, "items": [{"k": x, "m": {"z": x}}]},
    })
}

proptest! {
    #[test]
    fn json_reads_back(x in any::<String>()) {
        let read: serde_json::Value = serde_json::from_str(&text("json", &nested(), &x)).unwrap();
        prop_assert_eq!(read, nested_with(&x));
    }

    #[test]
    fn yaml_reads_back(x in any::<String>()) {
        let read: serde_json::Value = serde_yaml_ng::from_str(&text("yaml", &nested(), &x)).unwrap();
        prop_assert_eq!(read, nested_with(&x));
    }

    #[test]
    fn yaml_words_read_back(x in "[a-zA-Z0-9~:#, |>\n.+-]{0,6}") {
        let read: serde_json::Value = serde_yaml_ng::from_str(&text("yaml", &nested(), &x)).unwrap();
        prop_assert_eq!(read, nested_with(&x));
    }

    #[test]
    fn toml_reads_back(x in any::<String>()) {
        let read: serde_json::Value = toml::from_str(&text("toml", &nested(), &x)).unwrap();
        prop_assert_eq!(read, nested_with(&x));
    }

    #[test]
    fn compose_reads_back(x in any::<String>()) {
        let rendered = snippets("env", &json!({"A": "{x}", "B": "{client_secret}"}), &x);
        prop_assert!(rendered[1].derived);
        let read: serde_json::Value = serde_yaml_ng::from_str(&rendered[1].plain_text()).unwrap();
        let environment = &read["services"]["app"]["environment"];
        for key in ["A", "B"] {
            prop_assert_eq!(environment[key].as_str().unwrap().replace("$$", "$"), x.as_str());
        }
    }

    #[test]
    fn masked_text_never_holds_the_secret(x in "[a-z'\"$ #\\\\]{0,4}Qq[0-9]{6}") {
        for format in ["env", "ini", "properties", "yaml", "json", "toml", "python", "ruby", "js", "xml", "file", "ui-steps", "elixir", "php-entries", "php-constants", "apache-conf", "dovecot-conf", "cli"] {
            for snippet in snippets(format, &json!({"content": "a{client_secret}b"}), &x) {
                prop_assert!(snippet.masked_text().contains(MASK), "{}", format);
                prop_assert!(!snippet.masked_text().contains("Qq"), "{}", format);
            }
        }
    }
}

/// What a shell makes of a script.
fn shell(script: &str) -> String {
    let output = Command::new("sh").arg("-c").arg(script).output().unwrap();
    assert!(output.status.success(), "{script}");
    String::from_utf8(output.stdout).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn cli_survives_a_shell(x in "[^\0]*") {
        let commands = json!({"commands": [r#"printf '%s|' {x} "{x}" '{x}' --key={client_secret}"#]});
        let expected = format!("{x}|{x}|{x}|--key={x}|");
        prop_assert_eq!(shell(&text("cli", &commands, &x)), expected);
    }

    #[test]
    fn env_survives_a_shell(x in "[^\0\r\n]*") {
        let lines = text("env", &json!({"A": "{x}", "B": "{client_secret} c"}), &x);
        let script = format!("{lines}printf '%s|%s' \"$A\" \"$B\"");
        prop_assert_eq!(shell(&script), format!("{x}|{x} c"));
    }
}

#[test]
fn env_quotes_only_where_needed() {
    let one = |x| text("env", &json!({"A": "{x}"}), x);
    assert_eq!(one("https://a.example:1/b"), "A=https://a.example:1/b\n");
    assert_eq!(one(""), "A=\n");
    assert_eq!(one("a b"), "A='a b'\n");
    assert_eq!(one("a'$b\n"), "A=\"a'\\$b\\n\"\n");
    let nested = text("env", &json!({"A": {"b": ["{x}", true]}}), "q\"");
    assert_eq!(nested, "A='{\"b\":[\"q\\\"\",true]}'\n");
    let note = snippets("env", &json!({"A": "{x}"}), "a b").remove(0).note;
    assert!(note.unwrap().contains("--env-file"));
}

#[test]
fn ini_and_properties_protect_special_signs() {
    let ini = |x| text("ini", &json!({"s": {"k": "{x}"}}), x);
    assert_eq!(ini("plain value"), "[s]\nk = plain value\n");
    assert_eq!(ini("a;b"), "[s]\nk = `a;b`\n");
    assert_eq!(ini("a`#"), "[s]\nk = \"\"\"a`#\"\"\"\n");
    let properties = |x| text("properties", &json!({"k": "{x}"}), x);
    assert_eq!(properties(" a\\b\n"), "k: \\ a\\\\b\\n\n");
    assert_eq!(properties("ü😀"), "k: \\u00FC\\uD83D\\uDE00\n");
}

#[test]
fn yaml_prefers_plain_and_block_texts() {
    let yaml = |x| text("yaml", &json!({"k": "{x}"}), x);
    assert_eq!(yaml("https://a.example/"), "k: https://a.example/\n");
    for quoted in ["yes", "Null", "7", "a: b", "a #b", "-", "", "a:", "~"] {
        assert_eq!(yaml(quoted), format!("k: \"{quoted}\"\n"));
    }
    assert_eq!(yaml("a, b\nc: d"), "k: |-\n  a, b\n  c: d\n");
    let inside = text("yaml", &json!({"k": {"$yaml": {"a": [{"b": "{x}"}]}}}), "v");
    assert_eq!(inside, "k: |\n  a:\n    - b: v\n");
}

#[test]
fn source_code_formats_escape_their_own_signs() {
    let values = json!({"k": "{x}", "c": {"$code": "f(1)"}, "b": true, "t": {"a-b": ["{x}"]}});
    let x = "a'\"\\#{b}\n";
    assert_eq!(
        text("python", &values, x),
        "b = True\nc = f(1)\nk = \"a'\\\"\\\\#{b}\\n\"\nt = {\n  \"a-b\": [\"a'\\\"\\\\#{b}\\n\"],\n}\n"
    );
    assert_eq!(
        text("ruby", &values, x),
        "b = true\nc = f(1)\nk = \"a'\\\"\\\\\\#{b}\\n\"\nt = {\n  \"a-b\" => [\"a'\\\"\\\\\\#{b}\\n\"],\n}\n"
    );
    assert_eq!(
        text("js", &json!({"k": "{x}", "a-b": {"$code": "f(1)"}}), "'"),
        "\"a-b\": f(1),\nk: \"'\",\n"
    );
    assert_eq!(
        text(
            "elixir",
            &json!({"config :a": {"k": "{x}", "m": {"$code": ":post"}}}),
            "#{x}"
        ),
        "config :a,\n  k: \"\\#{x}\",\n  m: :post\n"
    );
}

#[test]
fn php_has_four_shapes() {
    let x = r"it's \ $a";
    let quoted = r"'it\'s \\ $a'";
    let of = |format, values| text(format, &values, x);
    assert_eq!(
        of("php-assignments", json!({"$c": {"k": "{x}", "n": 10}})),
        format!("$c['k'] = {quoted};\n$c['n'] = 10;\n")
    );
    assert_eq!(
        of("php-array", json!({"$C": {"k": {"l": "{x}"}}})),
        format!("<?php\n$C = [\n  'k' => [\n    'l' => {quoted},\n  ],\n];\n")
    );
    assert_eq!(
        of("php-entries", json!({"k": "{x}"})),
        format!("'k' => {quoted},\n")
    );
    assert_eq!(
        of("php-constants", json!({"K": true})),
        "define('K', true);\n"
    );
}

#[test]
fn xml_and_conf_escape() {
    let values = json!({"E": {"@a": "{x}", "C": "{x}", "D": {"@i": "0"}}});
    assert_eq!(
        text("xml", &values, "<&\">"),
        "<E a=\"&lt;&amp;&quot;&gt;\">\n  <C>&lt;&amp;&quot;&gt;</C>\n  <D i=\"0\"/>\n</E>\n"
    );
    let values = json!({"A": "{x}", "B": ["one", "t w o"], "Location /": {"C": "d"}});
    assert_eq!(
        text("apache-conf", &values, "a \"b\""),
        "A \"a \\\"b\\\"\"\nB one \"t w o\"\n<Location />\n  C d\n</Location>\n"
    );
    assert_eq!(
        text("dovecot-conf", &json!({"k": "{x}"}), "v#"),
        "k = \"v#\"\n"
    );
}

#[test]
fn steps_are_numbered_and_structured() {
    let values = json!({"Client ID": "{x}", "Enabled": true, "Debug": false, "Servers": ["a", "b"], "Find": {"$do": "Press the button."}, "Zone": ""});
    let snippet = snippets("ui-steps", &values, "id").remove(0);
    assert_eq!(
        snippet.plain_text(),
        "1. Open there.\n2. Client ID: id\n3. Debug: switch off.\n4. Enabled: switch on.\n5. Find: Press the button.\n6. Servers: a, b\n7. Zone: leave empty.\n"
    );
    assert_eq!(snippet.steps.len(), 7);
    assert_eq!(plain_text(&snippet.steps[1].value), "id");
    assert!(snippet.optional.is_empty());
}

#[test]
fn missing_value_is_an_error() {
    let error = render_snippets(&preset("env", &json!({"A": "{x}"})), &Values::default());
    assert_eq!(error, Err(TemplateError::Missing { name: "x".into() }));
}
