//! Roles, what they allow, and who has them.
//!
//! A role comes to a user through groups (the user's own and all above them) and, since 2025.12, directly. Permissions
//! are given to roles, for all objects of a model or for one object; those for one object count since 2025.10 here and
//! did nothing on the recorded 2023.10. Superusers may do everything.

pub(crate) mod catalogue;
pub(crate) mod grants;
pub(crate) mod permissions;

use crate::call::Call;
use crate::fields::{Field, NAME};
use crate::groups;
use crate::reply::{Outcome, Reply};
use crate::resource::{self, Resource};
use crate::rows::{Columns, Row, pick, row};
use crate::state::{State, Table};
use crate::used_by::{self, Use};
use crate::version::Version;
use serde_json::{Value, json};

/// `rbac/roles`.
pub(crate) struct Roles;

impl Resource for Roles {
    const TABLE: Table = Table::Roles;
    const MODEL: &'static str = "Role";

    fn fields(_: &State) -> Vec<Field> {
        vec![Field::required("name", NAME).unique("Role with this name already exists.")]
    }

    fn saved(state: &mut State, pk: &Value, created: bool) {
        let name = state
            .by_pk(Table::Roles, pk)
            .map(|role| kept_under(role.text("name")));
        if let (true, Some(kept)) = (created && state.version < Version::V2026_5, name) {
            for grant in state.rows_mut(Table::Grants) {
                if grant.is("role", &kept) {
                    grant.insert("role".to_owned(), pk.clone());
                }
            }
        }
    }

    fn removed(state: &mut State, row: &Row) {
        let pk = row.value("pk");
        for table in [Table::Groups, Table::Users] {
            for holder in state.rows_mut(table) {
                if let Some(Value::Array(roles)) = holder.get_mut("roles") {
                    roles.retain(|role| *role != pk);
                }
            }
        }
        // Until 2025.10 a group of the framework, called like the role, has the permissions. It stays, and the next role of
        // that name finds it again.
        let stays = state.version < Version::V2026_5;
        let grants = state.rows_mut(Table::Grants);
        if stays {
            for grant in grants {
                if grant.is("role", &pk) {
                    grant.insert("role".to_owned(), kept_under(row.text("name")));
                }
            }
        } else {
            grants.retain(|grant| !grant.is("role", &pk));
        }
    }

    fn filter(state: &State, call: &Call, row: &Row) -> bool {
        let pk = row.value("pk");
        let has = |holder: Option<&Row>| holder.is_some_and(|h| h.items("roles").contains(&pk));
        // The name has a filter of its own since 2025.10; before, it was that of the role's group in the framework.
        let name = if state.version == Version::V2023_10 {
            "group__name"
        } else {
            "name"
        };
        call.param(name)
            .is_none_or(|wanted| row.text("name") == wanted)
            && (!state.since(Version::V2026_5)
                || (call
                    .params("groups")
                    .all(|group| has(state.by_pk(Table::Groups, &json!(group))))
                    && call
                        .params("users")
                        .all(|user| has(user.parse().ok().and_then(|pk| state.user(pk))))))
    }

    fn render(_: &State, _: &Call, row: &Row) -> Value {
        Value::Object(pick(row, &["pk", "name"]))
    }
}

/// Stands for a deleted role in its grants.
fn kept_under(name: &str) -> Value {
    json!(format!("deleted: {name}"))
}

/// The groups and users that have a role.
pub(crate) fn used_by(state: &mut State, _: &Call, args: &[&str]) -> Outcome {
    let pk = resource::addressed::<Roles>(state, args)?.value("pk");
    let mut uses = Vec::new();
    for (table, model, word, column) in [
        (Table::Groups, "group", "Group ", "name"),
        (Table::Users, "user", "", "username"),
    ] {
        let holders = state.rows(table).iter();
        for holder in holders.filter(|holder| holder.items("roles").contains(&pk)) {
            let name = format!("{word}{}", holder.text(column));
            let key = holder.value("pk");
            uses.push(Use::new(
                "authentik_core",
                model,
                &key,
                name,
                "cascade_many",
            ));
        }
    }
    Ok(used_by::reply(state, &uses))
}

pub(crate) fn add_user(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    hold(state, call, args, true)
}

pub(crate) fn remove_user(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    hold(state, call, args, false)
}

/// Lets a user have a role of their own, or not.
fn hold(state: &mut State, call: &Call, args: &[&str], belongs: bool) -> Outcome {
    let role = resource::addressed::<Roles>(state, args)?.value("pk");
    let user = groups::user_in_body(state, call)?;
    state.mint.tick();
    if let Some(user) = state.find_mut(Table::Users, &json!(user)) {
        let mut roles = user.items("roles").to_vec();
        roles.retain(|other| *other != role);
        if belongs {
            roles.push(role);
        }
        user.insert("roles".to_owned(), Value::Array(roles));
    }
    Ok(Reply::nothing())
}

/// The roles of a user, of their own and of their groups, by name.
pub(crate) fn roles_of(state: &State, user: i64) -> Vec<&Row> {
    let groups = state.groups_of(user);
    let own = state.user(user).filter(|_| state.since(Version::V2026_5));
    let mut roles: Vec<&Row> = Vec::new();
    for holder in groups.into_iter().chain(own) {
        for pk in holder.items("roles") {
            if !roles.iter().any(|role| role.is("pk", pk)) {
                roles.extend(state.by_pk(Table::Roles, pk));
            }
        }
    }
    roles.sort_by_key(|role| role.text("name"));
    roles
}

/// Whether a user has a permission (`authentik_core.view_user`) for every object of its model.
pub(crate) fn may(state: &State, user: i64, permission: &str) -> bool {
    state.is_superuser(user) || has(state, user, permission, None)
}

/// Whether a user has a permission for one object.
pub(crate) fn may_on(state: &State, user: i64, permission: &str, object: &str) -> bool {
    may(state, user, permission)
        || (state.since(Version::V2025_10) && has(state, user, permission, Some(object)))
}

fn has(state: &State, user: i64, permission: &str, object: Option<&str>) -> bool {
    let Some((app, codename)) = permission.split_once('.') else {
        return false;
    };
    let roles = roles_of(state, user);
    !roles.is_empty()
        && state.rows(Table::Grants).iter().any(|grant| {
            grant.text("codename") == codename
                && grant.text("app_label") == app
                && grant.get("object_pk").and_then(Value::as_str) == object
                && roles.iter().any(|role| grant.is("role", &role.value("pk")))
        })
}

/// What `me` lists: the codenames of the application `authentik_rbac` that the user's roles have.
pub(crate) fn system_permissions(state: &State, user: i64) -> Vec<Value> {
    let roles = roles_of(state, user);
    let mut codenames: Vec<Value> = state
        .rows(Table::Grants)
        .iter()
        .filter(|grant| {
            grant.text("app_label") == "authentik_rbac"
                && grant.value("object_pk").is_null()
                && roles.iter().any(|role| grant.is("role", &role.value("pk")))
        })
        .map(|grant| grant.value("codename"))
        .collect();
    codenames.sort_by_key(Value::to_string);
    codenames.dedup();
    codenames
}

/// Gives a role what members of "authentik Read-only" may do.
pub(crate) fn let_read(state: &mut State, role: &Value) {
    for (app, codename) in catalogue::read_only(state.version) {
        let permission = format!("{app}.{codename}");
        if let Some(permission) = grants::find(state, &permission).cloned() {
            grants::give(state, role, &permission, &Value::Null);
        }
    }
}

/// Since 2025.12 permissions come through roles only: whoever makes a token gets a role for reading its key. It outlives
/// the user.
pub(crate) fn own_key(state: &mut State, user: i64, token: &Value) {
    let role = own_role(state, user);
    if let Some(permission) = grants::find(state, "authentik_core.view_token_key").cloned() {
        grants::give(state, &role, &permission, token);
    }
}

/// The role that the server makes for one user.
pub(crate) fn own_role(state: &mut State, user: i64) -> Value {
    let name = format!("ak-managed-role--user-{user}");
    let role = state
        .find(Table::Roles, "name", &json!(name))
        .map(|role| role.value("pk"));
    let role = role.unwrap_or_else(|| add(state, &name));
    if let Some(user) = state.find_mut(Table::Users, &json!(user)) {
        let mut roles = user.items("roles").to_vec();
        if !roles.contains(&role) {
            roles.push(role.clone());
        }
        user.insert("roles".to_owned(), Value::Array(roles));
    }
    role
}

/// A new role without permissions.
pub(crate) fn add(state: &mut State, name: &str) -> Value {
    state.insert(Table::Roles, row(json!({ "name": name })))
}
