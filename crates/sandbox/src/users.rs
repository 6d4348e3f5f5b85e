//! `core/users`.

use crate::call::Call;
use crate::fields::{Field, Kind, Mode, TEXT, non_field};
use crate::groups;
use crate::list::no_choice;
use crate::rbac;
use crate::reply::{Outcome, Reply};
use crate::resource::{self, Resource};
use crate::rows::{Columns, Row, pick};
use crate::sessions;
use crate::state::{State, Table};
use crate::used_by::{self, Use};
use crate::version::Version;
use serde_json::{Value, json};

/// A grey disc; the real server draws the initials.
const AVATAR: &str = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCA2NCA2NCI+PGNpcmNsZSBjeD0iMzIiIGN5PSIzMiIgcj0iMzIiIGZpbGw9IiM4ODgiLz48L3N2Zz4=";
const TYPES: &[&str] = &[
    "internal",
    "external",
    "service_account",
    "internal_service_account",
];

pub(crate) struct Users;

impl Resource for Users {
    const TABLE: Table = Table::Users;
    const MODEL: &'static str = "User";
    const ORDER: &'static [&'static str] = &["username"];
    const SEARCH: &'static [&'static str] = &["username", "name", "email", "uuid"];

    fn fields(state: &State) -> Vec<Field> {
        let mut fields = vec![
            Field::required(
                "username",
                Kind::Text {
                    blank: false,
                    max: Some(150),
                },
            )
            .unique("This field must be unique."),
            Field::required("name", TEXT),
            Field::optional("is_active", Kind::Bool, json!(true)),
            Field::optional("last_login", Kind::Any, Value::Null).null(),
            Field::many("groups", Table::Groups),
            Field::optional("email", Kind::Email, json!("")),
            Field::optional("attributes", Kind::Object, json!({})),
            Field::optional("path", Kind::UserPath, json!("users")),
            Field::optional("type", Kind::Choice(TYPES), json!("internal")),
        ];
        if state.since(Version::V2026_5) {
            fields.push(Field::many("roles", Table::Roles));
        }
        fields
    }

    fn check(_: &mut State, new: &mut Row, old: Option<&Row>, _: Mode) -> Result<(), Reply> {
        if old.is_some_and(|old| old.text("type") == "internal_service_account") {
            return Err(Reply::bad(Value::Object(non_field(
                "Can't modify internal service account users",
            ))));
        }
        if new.text("type") == "internal_service_account" {
            return Err(Reply::field(
                "type",
                "Setting a user to internal service account is not allowed.",
            ));
        }
        Ok(())
    }

    fn complete(state: &mut State, new: &mut Row) {
        let now = state.mint.tick();
        for column in ["date_joined", "password_change_date", "last_updated"] {
            new.insert(column.to_owned(), json!(now));
        }
        new.insert("uuid".to_owned(), json!(state.mint.uuid()));
        new.insert("uid".to_owned(), json!(state.mint.hash()));
    }

    fn saved(state: &mut State, pk: &Value, _: bool) {
        state.app_lists.clear();
        if state
            .by_pk(Table::Users, pk)
            .is_some_and(|user| !user.flag("is_active"))
        {
            sessions::end_all(state, pk.as_i64().unwrap_or_default());
        }
        // Memberships are kept elsewhere; the column only carries what the body said.
        let Some(Value::Array(wanted)) = state
            .find_mut(Table::Users, pk)
            .and_then(|user| user.remove("groups"))
        else {
            return;
        };
        let text = |pk: &Value| pk.as_str().map(str::to_owned);
        let wanted = wanted.iter().filter_map(text).collect();
        let user = pk.as_i64().unwrap_or_default();
        state.members_mut().set_groups(user, &wanted);
    }

    fn removed(state: &mut State, row: &Row) {
        let pk = row.value("pk");
        state
            .members_mut()
            .forget_user(pk.as_i64().unwrap_or_default());
        state
            .rows_mut(Table::Bindings)
            .retain(|binding| !binding.is("user", &pk));
        state
            .rows_mut(Table::Tokens)
            .retain(|token| !token.is("user", &pk));
        sessions::end_all(state, pk.as_i64().unwrap_or_default());
    }

    fn check_filters(state: &State, call: &Call) -> Result<(), Reply> {
        for (param, column) in [("groups_by_name", "name"), ("groups_by_pk", "pk")] {
            for wanted in call.params(param) {
                if state.find(Table::Groups, column, &json!(wanted)).is_none() {
                    return Err(no_choice(param, wanted));
                }
            }
        }
        if let Some(bad) = call.params("type").find(|wanted| !TYPES.contains(wanted)) {
            return Err(no_choice("type", bad));
        }
        if call
            .param("attributes")
            .is_some_and(|text| serde_json::from_str::<Value>(text).is_err())
        {
            return Err(Reply::bad(json!(["filter: failed to parse JSON"])));
        }
        Ok(())
    }

    fn filter(state: &State, call: &Call, row: &Row) -> bool {
        let exact = ["username", "name", "email", "uuid", "path"]
            .iter()
            .all(|column| {
                call.param(column)
                    .is_none_or(|wanted| row.text(column) == wanted)
            });
        let mut types = call.params("type").peekable();
        let direct = || direct_groups(state, &row.value("pk"));
        exact
            && call
                .switch("is_active")
                .is_none_or(|wanted| row.flag("is_active") == wanted)
            && call
                .param("path_startswith")
                .is_none_or(|start| row.text("path").starts_with(start))
            && (types.peek().is_none() || types.any(|wanted| row.text("type") == wanted))
            && call
                .switch("is_superuser")
                .is_none_or(|wanted| direct().iter().any(|g| g.flag("is_superuser")) == wanted)
            && [("groups_by_name", "name"), ("groups_by_pk", "pk")]
                .iter()
                .all(|(param, column)| {
                    let mut wanted = call.params(param).peekable();
                    wanted.peek().is_none()
                        || wanted
                            .any(|value| direct().iter().any(|group| group.text(column) == value))
                })
            && call
                .param("attributes")
                .is_none_or(|text| has_attributes(row, text))
    }

    fn render(state: &State, call: &Call, row: &Row) -> Value {
        let include =
            state.version == Version::V2023_10 || call.switch("include_groups") != Some(false);
        full(state, row, include)
    }
}

/// Whether the attributes contain every key of a JSON object with the same value.
pub(crate) fn has_attributes(row: &Row, text: &str) -> bool {
    let Ok(Value::Object(wanted)) = serde_json::from_str(text) else {
        return true;
    };
    let have = row.value("attributes");
    wanted
        .iter()
        .all(|(key, value)| have.get(key) == Some(value))
}

/// Groups that name the user themselves, by name.
pub(crate) fn direct_groups<'a>(state: &'a State, pk: &Value) -> Vec<&'a Row> {
    let keys = state.members().of_user(pk.as_i64().unwrap_or_default());
    let mut groups: Vec<&Row> = keys
        .filter_map(|pk| state.by_pk(Table::Groups, &json!(pk)))
        .collect();
    groups.sort_by_key(|group| group.text("name"));
    groups
}

/// A user with everything the version shows.
pub(crate) fn full(state: &State, row: &Row, include_groups: bool) -> Value {
    let pk = row.value("pk");
    let groups = direct_groups(state, &pk);
    let mut user = pick(
        row,
        &[
            "pk",
            "username",
            "name",
            "is_active",
            "last_login",
            "email",
            "attributes",
            "uid",
            "path",
            "type",
            "uuid",
        ],
    );
    if state.since(Version::V2025_10) {
        user.extend(pick(
            row,
            &["date_joined", "password_change_date", "last_updated"],
        ));
    }
    if state.since(Version::V2026_5) {
        user.insert("roles".to_owned(), row.value("roles"));
        user.insert("roles_obj".to_owned(), groups::roles(state, row));
    }
    user.insert("avatar".to_owned(), json!(AVATAR));
    user.insert(
        "is_superuser".to_owned(),
        json!(row.int("pk").is_some_and(|pk| state.is_superuser(pk))),
    );
    user.insert(
        "groups".to_owned(),
        groups.iter().map(|group| group.value("pk")).collect(),
    );
    let objects = groups
        .iter()
        .map(|group| Value::Object(groups::of_user(state, group)))
        .collect();
    user.insert(
        "groups_obj".to_owned(),
        if include_groups { objects } else { Value::Null },
    );
    Value::Object(user)
}

/// The short form that groups (and, since 2025.12, bindings) show.
pub(crate) fn partial(row: &Row) -> Value {
    let names = [
        "pk",
        "username",
        "name",
        "is_active",
        "last_login",
        "email",
        "attributes",
        "uid",
    ];
    Value::Object(pick(row, &names))
}

pub(crate) fn me(state: &mut State, call: &Call, _: &[&str]) -> Outcome {
    let pk = call.user.unwrap_or_default();
    let row = state.user(pk).ok_or_else(Reply::denied)?;
    let superuser = state.is_superuser(pk);
    let groups = state.groups_of(pk);
    let mut user = pick(
        row,
        &[
            "pk",
            "username",
            "name",
            "is_active",
            "email",
            "uid",
            "type",
        ],
    );
    user.insert("is_superuser".to_owned(), json!(superuser));
    user.insert(
        "groups".to_owned(),
        groups
            .iter()
            .map(|group| json!({ "name": group.value("name"), "pk": group.value("pk") }))
            .collect(),
    );
    if state.since(Version::V2026_5) {
        let named = |role: &Row| json!({ "name": role.value("name"), "pk": role.value("pk") });
        let roles = rbac::roles_of(state, pk).into_iter().map(named).collect();
        user.insert("roles".to_owned(), roles);
    }
    user.insert("avatar".to_owned(), json!(AVATAR));
    user.insert(
        "settings".to_owned(),
        row.value("attributes")
            .get("settings")
            .cloned()
            .unwrap_or_else(|| json!({})),
    );
    let permissions = if superuser {
        json!(system_permissions(state.version))
    } else {
        Value::Array(rbac::system_permissions(state, pk))
    };
    user.insert("system_permissions".to_owned(), permissions);
    Ok(Reply::ok(json!({ "user": user })))
}

/// What a superuser may do to the system, as `me` lists it.
const fn system_permissions(version: Version) -> &'static [&'static str] {
    match version {
        Version::V2023_10 => &[
            "view_system_tasks",
            "unassign_role_permissions",
            "add_role",
            "assign_role_permissions",
            "run_system_tasks",
            "access_admin_interface",
            "delete_role",
            "change_role",
            "view_system_info",
            "view_role",
        ],
        Version::V2025_10 => &[
            "view_initialpermissions",
            "edit_system_settings",
            "view_system_settings",
            "delete_role",
            "add_role",
            "unassign_role_permissions",
            "change_initialpermissions",
            "assign_role_permissions",
            "access_admin_interface",
            "delete_initialpermissions",
            "add_initialpermissions",
            "view_role",
            "change_role",
            "view_system_info",
        ],
        Version::V2026_5 => &[
            "view_media_files",
            "delete_role",
            "view_initialpermissions",
            "add_role",
            "view_system_info",
            "assign_role_permissions",
            "change_initialpermissions",
            "edit_system_settings",
            "view_system_settings",
            "view_role",
            "add_initialpermissions",
            "delete_initialpermissions",
            "change_role",
            "unassign_role_permissions",
            "manage_media_files",
            "access_admin_interface",
        ],
    }
}

pub(crate) fn used_by(state: &mut State, _: &Call, args: &[&str]) -> Outcome {
    let pk = resource::addressed::<Users>(state, args)?.value("pk");
    let mut uses = used_by::bindings_of(state, "user", &pk);
    for group in direct_groups(state, &pk) {
        let name = format!("Group {}", group.text("name"));
        // Since groups know their members through two relations they are listed twice.
        for _ in 0..if state.since(Version::V2026_5) { 2 } else { 1 } {
            uses.push(Use::new(
                "authentik_core",
                "group",
                &group.value("pk"),
                name.clone(),
                "cascade_many",
            ));
        }
    }
    Ok(used_by::reply(state, &uses))
}
