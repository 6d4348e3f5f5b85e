//! `core/tokens`: API tokens and app passwords.
//!
//! A token whose intent is `api` is a bearer of the API until it is deleted or its user is. Tokens do not run out here: a
//! real server gives an expiring one a new key at its end.

use crate::call::Call;
use crate::fields::{Field, Kind, Mode, TEXT, clean};
use crate::mint;
use crate::rbac;
use crate::reply::{Outcome, Reply};
use crate::resource::{self, Resource};
use crate::rows::{Columns, Row, pick, row};
use crate::state::{State, Table};
use crate::used_by;
use crate::users;
use crate::version::Version;
use http::Method;
use serde_json::{Value, json};

/// Identifier of the token that the administrator gets at the first start.
pub(crate) const BOOTSTRAP: &str = "authentik-bootstrap-token";
/// Attribute of a user: whether the tokens that they make for themselves run out.
pub(crate) const EXPIRES: &str = "goauthentik.io/user/token-expires";
const INTENTS: &[&str] = &["verification", "api", "recovery", "app_password"];
/// Seconds until a new token runs out, unless told otherwise.
const LIFETIME: i64 = 30 * 60;

pub(crate) struct Tokens;

impl Resource for Tokens {
    const TABLE: Table = Table::Tokens;
    const MODEL: &'static str = "Token";
    const LOOKUP: &'static str = "identifier";
    const ORDER: &'static [&'static str] = &["identifier"];
    const SEARCH: &'static [&'static str] = &["identifier", "intent", "username", "description"];

    fn fields(_: &State) -> Vec<Field> {
        vec![
            Field::optional("managed", TEXT, Value::Null).null(),
            Field::required("identifier", Kind::Identifier)
                .unique("Token with this identifier already exists."),
            Field::optional("intent", Kind::Choice(INTENTS), json!("api")),
            Field::optional("user", Kind::One(Table::Users), Value::Null),
            Field::optional("description", TEXT, json!("")),
            Field::optional("expires", Kind::Moment, Value::Null).null(),
            Field::optional("expiring", Kind::Bool, json!(true)),
        ]
    }

    fn filter(state: &State, call: &Call, row: &Row) -> bool {
        let person = || row.int("user").and_then(|pk| state.user(pk));
        is_shown(state, call, row)
            && ["identifier", "intent", "description", "managed", "expires"]
                .iter()
                .all(|column| {
                    call.param(column)
                        .is_none_or(|wanted| row.text(column) == wanted)
                })
            && call
                .switch("expiring")
                .is_none_or(|wanted| row.flag("expiring") == wanted)
            && call
                .param("user__username")
                .is_none_or(|wanted| person().is_some_and(|user| user.text("username") == wanted))
    }

    fn render(state: &State, _: &Call, row: &Row) -> Value {
        let mut token = pick(
            row,
            &[
                "pk",
                "managed",
                "identifier",
                "intent",
                "user",
                "description",
                "expires",
                "expiring",
            ],
        );
        let user = row.int("user").and_then(|pk| state.user(pk));
        let user = user.map_or(Value::Null, |user| users::full(state, user, true));
        token.insert("user_obj".to_owned(), user);
        Value::Object(token)
    }
}

/// Stores a token that the server or a test makes; what is not given is as in an API token that never ends.
pub(crate) fn put(state: &mut State, token: Value) {
    let mut new = row(json!({
        "managed": null,
        "intent": "api",
        "description": "",
        "expires": null,
        "expiring": false,
    }));
    new.extend(row(token));
    let pk = mint::derived(&format!("token {}", new.text("identifier")));
    new.insert("pk".to_owned(), json!(pk));
    state.rows_mut(Table::Tokens).push(new);
}

/// Whose API token this is.
pub(crate) fn bearer(state: &State, key: &str) -> Option<i64> {
    let token = state.find(Table::Tokens, "key", &json!(key))?;
    if token.text("intent") == "api" {
        token.int("user")
    } else {
        None
    }
}

/// Superusers see every token and others their own; since 2026.2 a permission decides.
fn is_shown(state: &State, call: &Call, row: &Row) -> bool {
    let caller = call.user.unwrap_or_default();
    row.int("user") == Some(caller)
        || state.is_superuser(caller)
        || (state.since(Version::V2026_5) && rbac::may(state, caller, "authentik_core.view_token"))
}

/// The addressed token, where the caller may see it.
fn addressed<'s>(state: &'s State, call: &Call, args: &[&str]) -> Result<&'s Row, Reply> {
    let token = resource::addressed::<Tokens>(state, args)?;
    if is_shown(state, call, token) {
        Ok(token)
    } else {
        Err(Reply::missing(state.version, Tokens::MODEL))
    }
}

pub(crate) fn retrieve(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let token = addressed(state, call, args)?;
    Ok(Reply::ok(Tokens::render(state, call, token)))
}

/// What a body makes of a token: rules across fields, and what the server fills in.
fn checked(state: &mut State, call: &Call, mode: Mode, old: Option<&Row>) -> Result<Row, Reply> {
    let caller = call.user.unwrap_or_default();
    let superuser = state.is_superuser(caller);
    let body = call.json(state.version)?;
    let own = old.map(|old| old.value("pk"));
    let fields = Tokens::fields(state);
    let mut new = clean(state, Table::Tokens, &fields, &body, mode, own.as_ref())
        .map_err(|errors| Reply::bad(Value::Object(errors)))?;
    let foreign = |old: &Row| body.get("user").is_some() && old.get("user") != new.get("user");
    if superuser && state.since(Version::V2025_10) && old.is_some_and(foreign) {
        return Err(Reply::field("user", "User cannot be changed"));
    }
    // Whatever is not sent falls back to the caller and to `api`, also in a PATCH (T10).
    if !superuser || body.get("user").is_none() {
        new.insert("user".to_owned(), json!(caller));
    }
    new.entry("intent").or_insert_with(|| json!("api"));
    let intent = new.text("intent").to_owned();
    if !["api", "app_password"].contains(&intent.as_str()) {
        return Err(Reply::field("intent", &format!("Invalid intent {intent}")));
    }
    if !superuser && old.is_none() {
        let attributes = state.user(caller).map(|user| user.value("attributes"));
        let runs_out = attributes.and_then(|a| a.get(EXPIRES).and_then(Value::as_bool));
        new.insert("expiring".to_owned(), json!(runs_out.unwrap_or(true)));
    }
    set_end(state, &mut new, old, &intent)?;
    Ok(new)
}

/// When the token ends. Since 2024.4 API tokens end when the server says (T11), and app passwords not after that.
fn set_end(state: &mut State, new: &mut Row, old: Option<&Row>, intent: &str) -> Result<(), Reply> {
    let default = state.mint.ago(-LIFETIME);
    let given = new.get("expires").filter(|value| !value.is_null());
    let expires = if !state.since(Version::V2025_10) {
        match (given, old) {
            (Some(given), _) => given.clone(),
            (None, Some(old)) => old.value("expires"),
            (None, None) => json!(default),
        }
    } else if intent == "api" {
        json!(default)
    } else if let Some(given) = given {
        if moment_of(given) > moment_of(&json!(default)) {
            let limit = default.replace('T', " ").replace('Z', "+00:00 UTC");
            let text = format!("Token expires exceeds maximum lifetime ({limit}).");
            return Err(Reply::field("expires", &text));
        }
        given.clone()
    } else if let Some(old) = old {
        old.value("expires")
    } else if new.flag("expiring") {
        json!(default)
    } else {
        Value::Null
    };
    new.insert("expires".to_owned(), expires);
    Ok(())
}

fn moment_of(value: &Value) -> Option<jiff::Timestamp> {
    value.as_str()?.parse().ok()
}

pub(crate) fn create(state: &mut State, call: &Call, _: &[&str]) -> Outcome {
    let mut new = checked(state, call, Mode::Create, None)?;
    new.insert("key".to_owned(), json!(state.mint.secret(60)));
    state.mint.tick();
    let pk = state.insert(Table::Tokens, new);
    let caller = call.user.unwrap_or_default();
    if state.since(Version::V2026_5) && !state.is_superuser(caller) {
        rbac::own_key(state, caller, &pk);
    }
    let token = state.by_pk(Table::Tokens, &pk).cloned().unwrap_or_default();
    Ok(Reply::created(Tokens::render(state, call, &token)))
}

/// PUT and PATCH.
pub(crate) fn update(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let old = addressed(state, call, args)?.clone();
    may_write(state, call, &old, "authentik_core.change_token")?;
    let mode = if call.method == Method::PUT {
        Mode::Put
    } else {
        Mode::Patch
    };
    let new = checked(state, call, mode, Some(&old))?;
    state.mint.tick();
    let pk = old.value("pk");
    if let Some(token) = state.find_mut(Table::Tokens, &pk) {
        token.extend(new);
    }
    let token = state.by_pk(Table::Tokens, &pk).cloned().unwrap_or_default();
    Ok(Reply::ok(Tokens::render(state, call, &token)))
}

pub(crate) fn delete(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let token = addressed(state, call, args)?.clone();
    may_write(state, call, &token, "authentik_core.delete_token")?;
    state.mint.tick();
    state.remove(Table::Tokens, &token.value("pk"));
    Ok(Reply::nothing())
}

/// One's own tokens, or with the permission any that one sees.
fn may_write(state: &State, call: &Call, token: &Row, permission: &str) -> Result<(), Reply> {
    let caller = call.user.unwrap_or_default();
    if token.int("user") == Some(caller) || rbac::may(state, caller, permission) {
        Ok(())
    } else {
        Err(Reply::denied())
    }
}

/// The key, for the owner or whoever has the permission.
pub(crate) fn view_key(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let token = if state.since(Version::V2026_5) {
        resource::addressed::<Tokens>(state, args)?
    } else {
        addressed(state, call, args)?
    };
    may_write(state, call, token, "authentik_core.view_token_key")?;
    Ok(Reply::ok(json!({ "key": token.value("key") })))
}

pub(crate) fn set_key(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let pk = addressed(state, call, args)?.value("pk");
    let caller = call.user.unwrap_or_default();
    if !rbac::may(state, caller, "authentik_core.set_token_key") {
        return Err(Reply::denied());
    }
    let body = call.json(state.version)?;
    let key = body
        .get("key")
        .and_then(Value::as_str)
        .filter(|key| !key.is_empty());
    let Some(key) = key else {
        return Err(if state.since(Version::V2026_5) {
            Reply::field("key", "This field is required.")
        } else {
            Reply::bad_nothing()
        });
    };
    state.mint.tick();
    if let Some(token) = state.find_mut(Table::Tokens, &pk) {
        token.insert("key".to_owned(), json!(key));
    }
    Ok(Reply::nothing())
}

/// Nothing uses a token.
pub(crate) fn used_by(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    addressed(state, call, args)?;
    Ok(used_by::reply(state, &[]))
}
