//! `core/groups`.

use crate::call::Call;
use crate::fields::{Field, Kind, Mode};
use crate::rbac;
use crate::reply::{Outcome, Reply};
use crate::resource::{self, Resource};
use crate::rows::{Columns, Row, pick};
use crate::state::{State, Table, parents};
use crate::users;
use crate::version::Version;
use serde_json::{Value, json};

pub(crate) struct Groups;

impl Resource for Groups {
    const TABLE: Table = Table::Groups;
    const MODEL: &'static str = "Group";

    fn fields(state: &State) -> Vec<Field> {
        let old = state.version == Version::V2023_10;
        let mut name = Field::required(
            "name",
            Kind::Text {
                blank: false,
                max: old.then_some(80),
            },
        );
        name = match state.version {
            // Only (name, parent) is unique here, and with a null parent not even that.
            Version::V2023_10 => name,
            Version::V2025_10 => name.unique("This field must be unique."),
            Version::V2026_5 => name.unique("Group with this name already exists."),
        };
        let mut fields = vec![
            name,
            Field::optional("is_superuser", Kind::Bool, json!(false)),
            Field::many("users", Table::Users),
            Field::optional("attributes", Kind::Object, json!({})),
            Field::many("roles", Table::Roles),
        ];
        if state.version == Version::V2025_10 {
            fields.push(Field::many("children", Table::Groups));
        }
        fields.push(if state.since(Version::V2026_5) {
            Field::optional(
                "parents",
                Kind::Many {
                    table: Table::Groups,
                    empty: true,
                },
                json!([]),
            )
        } else {
            Field::reference("parent", Table::Groups).reset()
        });
        fields
    }

    fn check(_: &mut State, new: &mut Row, old: Option<&Row>, _: Mode) -> Result<(), Reply> {
        let own = old.map(|old| old.value("pk"));
        if own.is_some() && new.get("parent") == own.as_ref() {
            return Err(Reply::field(
                "parent",
                "Cannot set group as parent of itself.",
            ));
        }
        Ok(())
    }

    fn complete(state: &mut State, new: &mut Row) {
        let digits: u32 = state
            .mint
            .hash()
            .bytes()
            .take(6)
            .fold(0, |sum, byte| sum * 7 + u32::from(byte));
        new.insert("num_pk".to_owned(), json!(10_000 + digits % 60_000));
    }

    fn saved(state: &mut State, pk: &Value, created: bool) {
        state.app_lists.clear();
        // Members are kept elsewhere; the column only carries what the body said.
        if let Some(Value::Array(wanted)) = state
            .find_mut(Table::Groups, pk)
            .and_then(|group| group.remove("users"))
        {
            let wanted = wanted.iter().filter_map(Value::as_i64).collect();
            let group = pk.as_str().unwrap_or_default();
            state.members_mut().set_users(group, &wanted);
        }
        // Writable from 2025.8 until 2025.12: the groups named get this one as their parent, the others lose it.
        let Some(Value::Array(children)) = state
            .find_mut(Table::Groups, pk)
            .and_then(|group| group.remove("children"))
        else {
            return;
        };
        for other in state.rows_mut(Table::Groups) {
            if children.contains(&other.value("pk")) {
                other.insert("parent".to_owned(), pk.clone());
            } else if !created && other.is("parent", pk) {
                other.insert("parent".to_owned(), Value::Null);
            }
        }
    }

    fn removed(state: &mut State, row: &Row) {
        let pk = row.value("pk");
        for other in state.rows_mut(Table::Groups) {
            if other.is("parent", &pk) {
                other.insert("parent".to_owned(), Value::Null);
            }
            if let Some(Value::Array(parents)) = other.get_mut("parents") {
                parents.retain(|parent| *parent != pk);
            }
        }
        state
            .rows_mut(Table::Bindings)
            .retain(|binding| !binding.is("group", &pk));
        state.members_mut().forget_group(row.text("pk"));
    }

    fn check_filters(state: &State, call: &Call) -> Result<(), Reply> {
        for wanted in call.params("members_by_pk") {
            let Ok(number) = wanted.parse::<i64>() else {
                return Err(Reply::field(
                    "members_by_pk",
                    &format!("\u{201c}{wanted}\u{201d} is not a valid value."),
                ));
            };
            if state.user(number).is_none() {
                return Err(crate::list::no_choice("members_by_pk", wanted));
            }
        }
        match call
            .params("members_by_username")
            .find(|w| state.find(Table::Users, "username", &json!(w)).is_none())
        {
            Some(unknown) => Err(crate::list::no_choice("members_by_username", unknown)),
            None => Ok(()),
        }
    }

    fn filter(state: &State, call: &Call, row: &Row) -> bool {
        let members = || members(state, row);
        call.param("name")
            .is_none_or(|wanted| row.text("name") == wanted)
            && call
                .switch("is_superuser")
                .is_none_or(|wanted| row.flag("is_superuser") == wanted)
            && any_of(call, "members_by_username", |wanted| {
                members().any(|user| user.text("username") == wanted)
            })
            && any_of(call, "members_by_pk", |wanted| {
                members().any(|user| is_number(user, wanted))
            })
            && call
                .param("attributes")
                .is_none_or(|text| users::has_attributes(row, text))
    }

    fn render(state: &State, call: &Call, row: &Row) -> Value {
        let ask = |name: &str, default: bool| call.switch(name).unwrap_or(default);
        let include = Include {
            users: state.version == Version::V2023_10 || ask("include_users", true),
            children: ask("include_children", false),
            parents: ask("include_parents", false),
            roles: ask("include_inherited_roles", false),
        };
        full(state, row, include)
    }
}

/// Whether one of the values of a repeated parameter fits; all do where there is none.
fn any_of(call: &Call, param: &str, fits: impl FnMut(&str) -> bool) -> bool {
    let mut values = call.params(param).peekable();
    values.peek().is_none() || values.any(fits)
}

fn is_number(row: &Row, text: &str) -> bool {
    text.parse()
        .ok()
        .is_some_and(|number: i64| row.int("pk") == Some(number))
}

/// The users who are in a group themselves, by primary key.
pub(crate) fn members<'s>(state: &'s State, group: &Row) -> impl Iterator<Item = &'s Row> {
    let users = state.members().of_group(group.text("pk"));
    users.filter_map(|pk| state.user(pk))
}

/// Which of the expensive parts are shown.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent query parameters"
)]
pub(crate) struct Include {
    users: bool,
    children: bool,
    parents: bool,
    roles: bool,
}

impl Include {
    pub(crate) const USERS: Self = Self {
        users: true,
        children: false,
        parents: false,
        roles: false,
    };
}

pub(crate) fn full(state: &State, row: &Row, include: Include) -> Value {
    let pk = row.value("pk");
    let mut group = pick(
        row,
        &[
            "pk",
            "num_pk",
            "name",
            "is_superuser",
            "attributes",
            "roles",
        ],
    );
    let users = state.members().of_group(row.text("pk"));
    group.insert("users".to_owned(), users.collect());
    group.insert(
        "users_obj".to_owned(),
        if include.users {
            members(state, row).map(users::partial).collect()
        } else {
            Value::Null
        },
    );
    group.insert("roles_obj".to_owned(), roles(state, row));
    if state.since(Version::V2025_10) {
        let children: Vec<&Row> = state
            .rows(Table::Groups)
            .iter()
            .filter(|other| parents(other).contains(&pk))
            .collect();
        group.insert(
            "children".to_owned(),
            children.iter().map(|child| child.value("pk")).collect(),
        );
        let objects = children.iter().map(|child| related(child)).collect();
        group.insert(
            "children_obj".to_owned(),
            if include.children {
                objects
            } else {
                Value::Null
            },
        );
    }
    if state.since(Version::V2026_5) {
        group.insert("parents".to_owned(), row.value("parents"));
        let objects = parents(row)
            .iter()
            .filter_map(|pk| state.by_pk(Table::Groups, pk))
            .map(related)
            .collect();
        group.insert(
            "parents_obj".to_owned(),
            if include.parents {
                objects
            } else {
                Value::Null
            },
        );
        group.insert(
            "inherited_roles_obj".to_owned(),
            if include.roles {
                inherited_roles(state, row)
            } else {
                Value::Null
            },
        );
    } else {
        group.insert("parent".to_owned(), row.value("parent"));
        group.insert("parent_name".to_owned(), parent_name(state, row));
    }
    Value::Object(group)
}

/// The roles of the groups above that the group does not have itself.
fn inherited_roles(state: &State, row: &Row) -> Value {
    let mut above = parents(row);
    let mut inherited: Vec<Value> = Vec::new();
    let mut next = 0;
    while let Some(pk) = above.get(next).cloned() {
        next += 1;
        let Some(group) = state.by_pk(Table::Groups, &pk) else {
            continue;
        };
        for role in group.items("roles") {
            if !row.items("roles").contains(role) && !inherited.contains(role) {
                inherited.push(role.clone());
            }
        }
        for parent in parents(group) {
            if !above.contains(&parent) {
                above.push(parent);
            }
        }
    }
    let found = Row::from_iter([("roles".to_owned(), Value::Array(inherited))]);
    roles(state, &found)
}

fn parent_name(state: &State, row: &Row) -> Value {
    state
        .by_pk(Table::Groups, &row.value("parent"))
        .map_or(Value::Null, |parent| parent.value("name"))
}

fn related(row: &Row) -> Value {
    let mut group = pick(row, &["pk", "name", "is_superuser", "attributes"]);
    group.insert("group_uuid".to_owned(), row.value("pk"));
    Value::Object(group)
}

/// The form inside a user's `groups_obj`.
pub(crate) fn of_user(state: &State, row: &Row) -> Row {
    let mut group = pick(row, &["pk", "num_pk", "name", "is_superuser", "attributes"]);
    if !state.since(Version::V2026_5) {
        group.insert("parent".to_owned(), row.value("parent"));
    }
    // 2023.10 leaves the name out where there is no parent.
    let name = parent_name(state, row);
    if state.version == Version::V2025_10 || (state.version == Version::V2023_10 && !name.is_null())
    {
        group.insert("parent_name".to_owned(), name);
    }
    group
}

pub(crate) fn roles(state: &State, row: &Row) -> Value {
    row.items("roles")
        .iter()
        .filter_map(|pk| state.by_pk(Table::Roles, pk))
        .map(|role| Value::Object(pick(role, &["pk", "name"])))
        .collect()
}

pub(crate) fn add_user(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    membership(state, call, args, true)
}

pub(crate) fn remove_user(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    membership(state, call, args, false)
}

fn membership(state: &mut State, call: &Call, args: &[&str], belongs: bool) -> Outcome {
    let group = resource::addressed::<Groups>(state, args)?;
    let group = group.text("pk").to_owned();
    let user = user_in_body(state, call)?;
    let caller = call.user.unwrap_or_default();
    if !rbac::may_on(state, caller, "authentik_core.view_user", &user.to_string()) {
        return Err(Reply::not_found());
    }
    state.mint.tick();
    state.members_mut().set(user, &group, belongs);
    Ok(Reply::nothing())
}

/// The user that a body of just a `pk` names.
pub(crate) fn user_in_body(state: &State, call: &Call) -> Result<i64, Reply> {
    let body = call.json(state.version)?;
    // The body is validated since 2026; before, a missing key finds nobody and a text breaks the look-up.
    let user = match (body.get("pk"), state.since(Version::V2026_5)) {
        (None, true) => return Err(Reply::field("pk", "This field is required.")),
        (None, false) => return Err(Reply::not_found()),
        (Some(Value::Number(number)), _) => number.as_i64(),
        (Some(Value::String(text)), _) if text.parse::<i64>().is_ok() => text.parse().ok(),
        (Some(_), true) => return Err(Reply::field("pk", "A valid integer is required.")),
        (Some(_), false) => return Err(Reply::crash()),
    };
    let user = user.filter(|pk| state.user(*pk).is_some());
    user.ok_or_else(Reply::not_found)
}

/// Since 2025.2 the superuser flag has permissions of its own.
fn check_flag(state: &State, call: &Call, old: Option<&Row>) -> Result<(), Reply> {
    let body = call.json(state.version)?;
    let Some(wanted) = body.get("is_superuser").and_then(Value::as_bool) else {
        return Ok(());
    };
    let have = old.is_some_and(|old| old.flag("is_superuser"));
    if !state.since(Version::V2025_10) || wanted == have {
        return Ok(());
    }
    let (verb, word) = if wanted {
        ("enable", "True")
    } else {
        ("disable", "False")
    };
    let permission = format!("authentik_core.{verb}_group_superuser");
    let object = old.map(|old| old.text("pk")).unwrap_or_default();
    if rbac::may_on(state, call.user.unwrap_or_default(), &permission, object) {
        return Ok(());
    }
    let text = format!("User does not have permission to set superuser status to {word}.");
    Err(Reply::field("is_superuser", &text))
}

pub(crate) fn create(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    check_flag(state, call, None)?;
    resource::create::<Groups>(state, call, args)
}

/// PUT and PATCH.
pub(crate) fn update(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let old = resource::addressed::<Groups>(state, args)?;
    check_flag(state, call, Some(old))?;
    resource::update::<Groups>(state, call, args)
}
