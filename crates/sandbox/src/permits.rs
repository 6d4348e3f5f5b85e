//! Who may call: the permission of the framework that each operation asks for.

use crate::rbac;
use crate::reply::{Payload, Reply};
use crate::routes::Access;
use crate::rows::Columns as _;
use crate::state::{State, Table};
use serde_json::{Value, json};

/// Refuses a caller who lacks one of the permissions. Lists are refused, too, and not empty.
pub(crate) fn check(
    state: &State,
    user: i64,
    access: Access,
    pattern: &str,
    args: &[&str],
) -> Result<(), Reply> {
    let needed = match access {
        Access::Public | Access::SignedIn => return Ok(()),
        Access::May(needed) => needed,
    };
    if state.is_superuser(user) {
        return Ok(());
    }
    let object = args.first().map(|text| object_of(state, pattern, text));
    let permitted = needed.iter().all(|permission| {
        object.as_deref().map_or_else(
            || rbac::may(state, user, permission),
            |object| rbac::may_on(state, user, permission, object),
        )
    });
    if permitted {
        Ok(())
    } else {
        Err(Reply::denied())
    }
}

/// The primary key of the object that an address names; permissions for one object go by it.
fn object_of(state: &State, pattern: &str, text: &str) -> String {
    let table = if pattern.starts_with("core/applications/") {
        Table::Applications
    } else if pattern.starts_with("flows/instances/") {
        Table::Flows
    } else {
        return text.to_owned();
    };
    state
        .find(table, "slug", &json!(text))
        .map_or_else(|| text.to_owned(), |row| row.text("pk").to_owned())
}

/// Anybody may ask what an object is used by, and hears of what they may see.
pub(crate) fn shortened(state: &State, user: i64, pattern: &str, mut reply: Reply) -> Reply {
    if pattern.ends_with("/used_by")
        && !state.is_superuser(user)
        && let Payload::Json(Value::Array(uses)) = &mut reply.payload
    {
        uses.retain(|item| {
            let text = |key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default();
            let permission = format!("{}.view_{}", text("app"), text("model_name"));
            rbac::may_on(state, user, &permission, text("pk"))
        });
    }
    reply
}
