//! `outposts/instances`: list, retrieve, change. Outposts never connect here.
#![expect(clippy::unnecessary_wraps, reason = "all handlers have one signature")]

use crate::call::Call;
use crate::fields::{Field, Kind, Mode, NAME, TEXT};
use crate::mint;
use crate::providers;
use crate::rbac;
use crate::reply::{Outcome, Reply};
use crate::resource::{self, Resource};
use crate::rows::{Columns, Row, pick};
use crate::state::{State, Table};
use crate::tokens;
use crate::users::Users;
use crate::version::Version;
use serde_json::{Value, json};

/// Value of `managed` that marks the embedded outpost.
pub(crate) const EMBEDDED: &str = "goauthentik.io/outposts/embedded";

pub(crate) struct Outposts;

impl Resource for Outposts {
    const TABLE: Table = Table::Outposts;
    const MODEL: &'static str = "Outpost";
    const SEARCH: &'static [&'static str] = &[];

    fn fields(state: &State) -> Vec<Field> {
        let types: &[&str] = if state.since(Version::V2025_10) {
            &["proxy", "ldap", "radius", "rac"]
        } else {
            &["proxy", "ldap", "radius"]
        };
        vec![
            Field::required("name", NAME).unique("Outpost with this name already exists."),
            Field::required("type", Kind::Choice(types)),
            Field::required(
                "providers",
                Kind::Many {
                    table: Table::Providers,
                    empty: true,
                },
            ),
            Field::required("config", Kind::Object),
            Field::optional("managed", TEXT, Value::Null).null(),
        ]
    }

    fn check(state: &mut State, new: &mut Row, old: Option<&Row>, _: Mode) -> Result<(), Reply> {
        let embedded = old.is_some_and(|old| old.text("managed") == EMBEDDED);
        if embedded
            && new
                .get("name")
                .is_some_and(|name| old.map(|o| o.value("name")) != Some(name.clone()))
        {
            return Err(Reply::field(
                "name",
                "Embedded outpost's name cannot be changed",
            ));
        }
        if new.contains_key("providers") && new.items("providers").is_empty() && !embedded {
            return Err(Reply::field("providers", "This list may not be empty."));
        }
        // Whether kinds fit is looked at only where the body names the type.
        let kind = new.text("type").to_owned();
        let misfit = new
            .items("providers")
            .iter()
            .filter_map(|pk| state.by_pk(Table::Providers, pk))
            .find(|provider| {
                !kind.is_empty()
                    && !provider
                        .text("meta_model_name")
                        .contains(&format!("_{kind}."))
            });
        if let Some(provider) = misfit {
            let class = provider
                .text("verbose_name")
                .replace("/OpenID", "")
                .replace(' ', "");
            let text = format!("Outpost type {kind} can't be used with {class} providers.");
            return Err(Reply::field("providers", &text));
        }
        check_config(new)
    }

    fn saved(state: &mut State, pk: &Value, created: bool) {
        // Every outpost has an account of its own.
        if let Some(row) = state.by_pk(Table::Outposts, pk).filter(|_| created) {
            let name = format!("Outpost {} Service-Account", row.text("name"));
            add_account(state, pk, &name);
        }
    }

    fn removed(state: &mut State, row: &Row) {
        let username = account_name(&row.value("pk"));
        let identifier = token_identifier(row.text("pk"));
        state
            .rows_mut(Table::Tokens)
            .retain(|token| token.text("identifier") != identifier);
        state
            .rows_mut(Table::Users)
            .retain(|user| user.text("username") != username);
    }

    fn filter(state: &State, call: &Call, row: &Row) -> bool {
        let lower = |text: &str| text.to_lowercase();
        ["name", "managed"].iter().all(|column| {
            let value = lower(row.text(column));
            call.param(&format!("{column}__iexact"))
                .is_none_or(|wanted| value == lower(wanted))
                && call
                    .param(&format!("{column}__icontains"))
                    .is_none_or(|wanted| value.contains(&lower(wanted)))
        }) && call.params("providers_by_pk").all(|wanted| {
            wanted
                .parse::<i64>()
                .is_ok_and(|number| row.items("providers").contains(&json!(number)))
        }) && searched(state, call, row)
            && call
                .switch("providers__isnull")
                .is_none_or(|wanted| row.items("providers").is_empty() == wanted)
    }

    fn render(state: &State, _: &Call, row: &Row) -> Value {
        let mut outpost = pick(
            row,
            &["pk", "name", "type", "providers", "config", "managed"],
        );
        let objects = row
            .items("providers")
            .iter()
            .filter_map(|pk| state.by_pk(Table::Providers, pk))
            .map(|p| providers::bare(state, p));
        outpost.insert("providers_obj".to_owned(), objects.collect());
        outpost.insert("service_connection".to_owned(), Value::Null);
        outpost.insert("service_connection_obj".to_owned(), Value::Null);
        if state.since(Version::V2025_10) {
            outpost.insert("refresh_interval_s".to_owned(), json!(refresh_seconds(row)));
        }
        outpost.insert(
            "token_identifier".to_owned(),
            json!(token_identifier(row.text("pk"))),
        );
        Value::Object(outpost)
    }
}

/// `refresh_interval` of the configuration in seconds; five minutes where it is not set.
fn refresh_seconds(row: &Row) -> i64 {
    let config = row.value("config");
    let Some(text) = config.get("refresh_interval").and_then(Value::as_str) else {
        return 300;
    };
    text.split([';', ','])
        .filter_map(|part| part.split_once('='))
        .map(|(unit, number)| {
            let seconds = match unit {
                "weeks" => 604_800,
                "days" => 86_400,
                "hours" => 3_600,
                "minutes" => 60,
                _ => 1,
            };
            number.parse::<i64>().unwrap_or_default() * seconds
        })
        .sum()
}

/// `search` looks at the outpost's name and at those of its providers.
fn searched(state: &State, call: &Call, row: &Row) -> bool {
    let providers = row
        .items("providers")
        .iter()
        .filter_map(|pk| state.by_pk(Table::Providers, pk));
    let names: Vec<String> = providers
        .map(|p| p.text("name"))
        .chain([row.text("name")])
        .map(str::to_lowercase)
        .collect();
    let words = call.param("search").unwrap_or_default().to_lowercase();
    words
        .split_whitespace()
        .all(|word| names.iter().any(|name| name.contains(word)))
}

fn account_name(outpost: &Value) -> String {
    format!(
        "ak-outpost-{}",
        outpost.as_str().unwrap_or_default().replace('-', "")
    )
}

/// Makes the service account of an outpost.
pub(crate) fn add_account(state: &mut State, outpost: &Value, name: &str) {
    let body = json!({ "username": account_name(outpost), "name": name, "path": "goauthentik.io/outposts" });
    let Ok(account) = resource::insert::<Users>(state, &body) else {
        return;
    };
    if let Some(user) = state.find_mut(Table::Users, &account) {
        user.insert("type".to_owned(), json!("internal_service_account"));
    }
    if state.since(Version::V2026_5) {
        rbac::own_role(state, account.as_i64().unwrap_or_default());
    }
    add_token(state, outpost, &account);
}

/// The token that the outpost itself would come with.
fn add_token(state: &mut State, outpost: &Value, account: &Value) {
    let identifier = token_identifier(outpost.as_str().unwrap_or_default());
    let name = state
        .by_pk(Table::Outposts, outpost)
        .map_or(Value::Null, |row| row.value("name"));
    let expires = if state.since(Version::V2025_10) {
        Value::Null
    } else {
        json!(state.mint.peek())
    };
    tokens::put(
        state,
        json!({
            "managed": format!("goauthentik.io/outpost/{identifier}"),
            "key": mint::derived_key(&identifier),
            "identifier": identifier,
            "user": account,
            "description":
                format!("Autogenerated by authentik for Outpost {}", name.as_str().unwrap_or_default()),
            "expires": expires,
        }),
    );
}

fn token_identifier(outpost: &str) -> String {
    format!("ak-outpost-{outpost}-api")
}

/// The two keys of the configuration whose types the recordings show to be checked.
fn check_config(new: &Row) -> Result<(), Reply> {
    let config = new.value("config");
    for (key, class, fits) in [
        (
            "authentik_host",
            "str",
            Value::is_string as fn(&Value) -> bool,
        ),
        ("kubernetes_replicas", "int", Value::is_i64),
    ] {
        if let Some(value) = config.get(key).filter(|value| !fits(value)) {
            let shown = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            let text = format!(
                "Failed to validate config: wrong value type for field \"{key}\" - should be \"{class}\" instead of \
                 value \"{shown}\" of type \"{}\"",
                crate::values::python_type(value)
            );
            return Err(Reply::field("config", &text));
        }
    }
    Ok(())
}

/// What a new outpost's configuration starts from.
pub(crate) fn default_config(version: Version, host: &str) -> Row {
    let mut config = crate::rows::row(json!({
        "authentik_host": host,
        "authentik_host_insecure": false,
        "authentik_host_browser": "",
        "log_level": "info",
        "object_naming_template": "ak-outpost-%(name)s",
        "container_image": null,
        "docker_network": null,
        "docker_map_ports": true,
        "docker_labels": null,
        "kubernetes_replicas": 1,
        "kubernetes_namespace": "default",
        "kubernetes_ingress_annotations": {},
        "kubernetes_ingress_secret_name": "authentik-outpost-tls",
        "kubernetes_ingress_class_name": null,
        "kubernetes_service_type": "ClusterIP",
        "kubernetes_disabled_components": [],
        "kubernetes_image_pull_secrets": [],
        "kubernetes_json_patches": null,
    }));
    if version >= Version::V2025_10 {
        config.extend(crate::rows::row(json!({
            "refresh_interval": "minutes=5",
            "kubernetes_ingress_path_type": null,
            "kubernetes_httproute_annotations": {},
            "kubernetes_httproute_parent_refs": [],
        })));
    }
    if version >= Version::V2026_5 {
        config.insert("kubernetes_disable_x509_strict".to_owned(), json!(false));
    }
    config
}

pub(crate) fn default_settings(state: &mut State, call: &Call, _: &[&str]) -> Outcome {
    let config = default_config(state.version, &format!("{}/", call.base()));
    Ok(Reply::ok(json!({ "config": config })))
}

/// No outpost has ever connected.
pub(crate) fn health(state: &mut State, _: &Call, args: &[&str]) -> Outcome {
    crate::resource::addressed::<Outposts>(state, args)?;
    Ok(Reply::ok(json!([])))
}
