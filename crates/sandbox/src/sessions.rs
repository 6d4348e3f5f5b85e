//! Browser sessions: `core/authenticated_sessions`, how one begins and what ends with it.

use crate::call::Call;
use crate::fields::Field;
use crate::logout;
use crate::mint;
use crate::resource::Resource;
use crate::rows::{Columns, Row, row};
use crate::state::{State, Table};
use crate::version::Version;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Name of the cookie.
pub(crate) const COOKIE: &str = "authentik_session";

pub(crate) struct Sessions;

impl Resource for Sessions {
    const TABLE: Table = Table::Sessions;
    const MODEL: &'static str = "AuthenticatedSession";
    const ORDER: &'static [&'static str] = &["username"];
    const SEARCH: &'static [&'static str] = &["username", "last_ip", "last_user_agent"];

    fn fields(_: &State) -> Vec<Field> {
        Vec::new()
    }

    fn removed(state: &mut State, row: &Row) {
        logout::session_ends(state, row);
    }

    fn filter(_: &State, call: &Call, row: &Row) -> bool {
        [
            ("user__username", "username"),
            ("last_ip", "last_ip"),
            ("last_user_agent", "last_user_agent"),
        ]
        .iter()
        .all(|(param, column)| {
            call.param(param)
                .is_none_or(|wanted| row.text(column) == wanted)
        })
    }

    fn render(state: &State, call: &Call, row: &Row) -> Value {
        let unknown = |names: &[&str]| -> Value {
            let mut object = Row::from_iter([("family".to_owned(), json!("Other"))]);
            object.extend(names.iter().map(|name| ((*name).to_owned(), Value::Null)));
            Value::Object(object)
        };
        let mut session = crate::rows::row(json!({
            "uuid": row.value("pk"),
            "current": row.is("pk", &call.session),
            "user_agent": {
                "string": row.value("last_user_agent"),
                "user_agent": unknown(&["major", "minor", "patch"]),
                "os": unknown(&["major", "minor", "patch", "patch_minor"]),
                "device": { "family": "Other", "brand": null, "model": null },
            },
            "geo_ip": null,
            "user": row.value("user"),
            "last_ip": row.value("last_ip"),
            "last_user_agent": row.value("last_user_agent"),
            "last_used": row.value("last_used"),
            "expires": row.value("expires"),
        }));
        if state.since(Version::V2025_10) {
            session.insert("asn".to_owned(), Value::Null);
        }
        Value::Object(session)
    }
}

/// Signs somebody in and gives the value of the cookie.
pub(crate) fn begin(state: &mut State, user: i64, agent: &str) -> String {
    let key = state.mint.secret(32);
    let now = state.mint.tick();
    let days = if state.since(Version::V2025_10) {
        1
    } else {
        14
    };
    let username = state.user(user).map(|person| person.value("username"));
    let session = row(json!({
        "key": key,
        "user": user,
        "username": username,
        "sid": mint::hex(&Sha256::digest(key.as_bytes())),
        "auth_time": state.now(),
        "logins": 1,
        "last_ip": "127.0.0.1",
        "last_user_agent": agent,
        "last_used": now,
        "expires": state.mint.ago(-days * 86_400),
    }));
    state.insert(Table::Sessions, session);
    signed_in(state, user);
    key
}

/// The same person signs in again: the session goes on under a new cookie. Nothing where there is no such session.
pub(crate) fn renew(state: &mut State, pk: &Value) -> Option<String> {
    let (key, now) = (state.mint.secret(32), state.mint.tick());
    let auth_time = state.now();
    let session = state.find_mut(Table::Sessions, pk)?;
    let logins = session.int("logins").unwrap_or_default() + 1;
    session.extend(row(json!({
        "key": key,
        "auth_time": auth_time,
        "logins": logins,
        "last_used": now,
    })));
    let user = session.int("user").unwrap_or_default();
    signed_in(state, user);
    Some(key)
}

fn signed_in(state: &mut State, user: i64) {
    let now = state.mint.peek();
    if let Some(person) = state.find_mut(Table::Users, &json!(user)) {
        person.insert("last_login".to_owned(), json!(now));
    }
}

/// Ends a session, where there is such a one.
pub(crate) fn end(state: &mut State, pk: &Value) {
    if let Some(session) = state.by_pk(Table::Sessions, pk).cloned() {
        state.mint.tick();
        logout::session_ends(state, &session);
        state.remove(Table::Sessions, pk);
    }
}

/// Ends every session of a person and takes all tokens back.
pub(crate) fn end_all(state: &mut State, user: i64) {
    let theirs: Vec<Value> = state
        .rows(Table::Sessions)
        .iter()
        .filter(|session| session.int("user") == Some(user))
        .map(|session| session.value("pk"))
        .collect();
    for pk in theirs {
        end(state, &pk);
    }
    state.grants.forget_user(user);
}

/// The session whose cookie a call carries.
pub(crate) fn of<'a>(state: &'a State, call: &Call) -> Option<&'a Row> {
    let key = call.header("cookie")?.split(';').find_map(|pair| {
        pair.trim()
            .strip_prefix(COOKIE)
            .and_then(|rest| rest.strip_prefix('='))
    })?;
    state.find(Table::Sessions, "key", &json!(key))
}
