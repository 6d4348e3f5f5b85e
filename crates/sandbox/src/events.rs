//! `events/events`.

use crate::call::Call;
use crate::fields::Field;
use crate::resource::Resource;
use crate::rows::{Columns, Row, pick};
use crate::state::{State, Table};
use crate::version::Version;
use serde_json::{Value, json};

pub(crate) struct Events;

impl Resource for Events {
    const TABLE: Table = Table::Events;
    const MODEL: &'static str = "Event";
    const ORDER: &'static [&'static str] = &["-created"];
    const SEARCH: &'static [&'static str] = &["action", "app", "client_ip", "username"];

    fn fields(_: &State) -> Vec<Field> {
        Vec::new()
    }

    fn filter(state: &State, call: &Call, row: &Row) -> bool {
        let user = row.value("user");
        let name = user
            .get("username")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let mut exact = call.params("actions").peekable();
        call.param("action")
            .is_none_or(|wanted| row.text("action").contains(&wanted.to_lowercase()))
            && (!state.since(Version::V2025_10)
                || exact.peek().is_none()
                || exact.any(|wanted| row.text("action") == wanted))
            && call.param("username").is_none_or(|wanted| name == wanted)
            && call
                .param("client_ip")
                .is_none_or(|wanted| row.text("client_ip").contains(wanted))
            && call.param("context_authorized_app").is_none_or(|wanted| {
                let app = row
                    .value("context")
                    .get("authorized_application")
                    .cloned()
                    .unwrap_or_default();
                app.get("pk").and_then(Value::as_str) == Some(wanted)
            })
    }

    fn render(_: &State, _: &Call, row: &Row) -> Value {
        let mut event = pick(
            row,
            &[
                "pk",
                "user",
                "action",
                "app",
                "context",
                "client_ip",
                "created",
                "expires",
            ],
        );
        for name in ["tenant", "brand"] {
            if row.contains_key(name) {
                event.insert(name.to_owned(), row.value(name));
            }
        }
        Value::Object(event)
    }
}

/// What happened, to whom, and how many seconds ago.
pub(crate) struct Happening<'a> {
    pub(crate) action: &'a str,
    pub(crate) app: &'a str,
    pub(crate) user: i64,
    pub(crate) context: Value,
    pub(crate) client_ip: &'a str,
    pub(crate) seconds_ago: i64,
}

/// Writes an event.
pub(crate) fn record(state: &mut State, event: &Happening<'_>) {
    let user = state
        .user(event.user)
        .map(|user| pick(user, &["pk", "email", "username"]))
        .unwrap_or_default();
    let brand = state
        .rows(Table::Brands)
        .first()
        .map(|brand| brand.text("pk").replace('-', ""))
        .unwrap_or_default();
    let word = if state.version == Version::V2023_10 {
        "tenant"
    } else {
        "brand"
    };
    let mut row = crate::rows::row(json!({
        "action": event.action,
        "app": event.app,
        "context": event.context,
        "client_ip": event.client_ip,
        "created": state.mint.ago(event.seconds_ago),
        "expires": state.mint.ago(event.seconds_ago - 365 * 86_400),
        word: {
            "pk": brand,
            "app": format!("authentik_{word}s"),
            "name": format!("Default {word}"),
            "model_name": word,
        },
    }));
    row.insert("username".to_owned(), user.value("username"));
    row.insert("user".to_owned(), Value::Object(user));
    state.insert(Table::Events, row);
}
