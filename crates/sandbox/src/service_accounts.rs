//! `core/users/service_account`: a user for a program, with an app password and on request a group.

use crate::call::Call;
use crate::fields::{Field, Kind, Mode, clean};
use crate::groups::Groups;
use crate::rbac;
use crate::reply::{Outcome, Reply};
use crate::resource;
use crate::rows::{Columns, Row, row};
use crate::state::{State, Table};
use crate::tokens::EXPIRES;
use crate::users::Users;
use crate::version::Version;
use serde_json::{Value, json};

/// Seconds that the app password holds, unless told otherwise: 360 days.
const LIFETIME: i64 = 360 * 86_400;

pub(crate) fn create(state: &mut State, call: &Call, _: &[&str]) -> Outcome {
    let wish = wish(state, call)?;
    let (name, expiring) = (wish.text("name"), wish.flag("expiring"));
    if wish.flag("create_group")
        && !rbac::may(
            state,
            call.user.unwrap_or_default(),
            "authentik_core.add_group",
        )
    {
        return Err(Reply::denied());
    }
    let user = resource::insert::<Users>(
        state,
        &json!({
            "username": name,
            "name": name,
            "type": "service_account",
            "path": "goauthentik.io/service-accounts",
            "attributes": { EXPIRES: expiring },
        }),
    )?;
    let key = state.mint.secret(60);
    let expires = match wish.get("expires") {
        Some(given) if !given.is_null() => given.clone(),
        _ => json!(state.mint.ago(-LIFETIME)),
    };
    let token = row(json!({
        "managed": null,
        "identifier": format!("service-account-{name}-password"),
        "intent": "app_password",
        "user": user,
        "description": "",
        "expires": expires,
        "expiring": expiring,
        "key": key,
    }));
    state.insert(Table::Tokens, token);
    let uid = state
        .by_pk(Table::Users, &user)
        .map_or(Value::Null, |row| row.value("uid"));
    let mut body = row(json!({ "username": name, "user_uid": uid, "user_pk": user, "token": key }));
    if wish.flag("create_group") {
        let group = resource::insert::<Groups>(state, &json!({ "name": name, "users": [user] }))?;
        body.insert("group_pk".to_owned(), group);
    }
    Ok(Reply::ok(Value::Object(body)))
}

/// The body; before 2025.10 it was the database that noticed what is missing or taken, in its own words.
fn wish(state: &State, call: &Call) -> Result<Row, Reply> {
    let raw =
        !state.since(Version::V2025_10) || (state.recorded && state.version == Version::V2025_10);
    let body = call.json(state.version)?;
    let name = body.get("name").and_then(Value::as_str);
    if raw && let Some(text) = complaint(state, name) {
        return Err(Reply::field("non_field_errors", &text));
    }
    let fields = [
        Field::required(
            "name",
            Kind::Text {
                blank: false,
                max: Some(150),
            },
        ),
        Field::optional("create_group", Kind::Bool, json!(false)),
        Field::optional("expiring", Kind::Bool, json!(true)),
        Field::optional("expires", Kind::Moment, Value::Null),
    ];
    let wish = clean(state, Table::Users, &fields, &body, Mode::Create, None)
        .map_err(|errors| Reply::bad(Value::Object(errors)))?;
    let taken = |table, column| state.find(table, column, &wish.value("name")).is_some();
    if taken(Table::Users, "username")
        || (wish.flag("create_group") && taken(Table::Groups, "name"))
    {
        return Err(Reply::field("name", "This field must be unique."));
    }
    Ok(wish)
}

fn complaint(state: &State, name: Option<&str>) -> Option<String> {
    let Some(name) = name else {
        return Some(
            "null value in column \"username\" of relation \"authentik_core_user\" violates not-null constraint"
                .to_owned(),
        );
    };
    state.find(Table::Users, "username", &json!(name))?;
    Some(format!(
        "duplicate key value violates unique constraint \"authentik_core_user_username_key\"\n\
         DETAIL:  Key (username)=({name}) already exists."
    ))
}
