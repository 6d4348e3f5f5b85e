//! A form that begins a change of who may open what: what was typed, what there is to choose from, and what is
//! wrong with it.

use access::{Group, Snapshot};
use authentik_api::Capabilities;
use serde::{Deserialize, Serialize};
use setup::{
    FieldErrors,
    access_change::{AccessDraft, Acting, GroupAction, plan},
};

use super::{
    access_form::{draft, is_on, list},
    access_task::Task,
    form::Fields,
    named::{isolated, person, visible},
    pickers,
};
use crate::model::Choice;

/// What the address holds beside the fields of a draft; the last two are what leptos writes when an action fails.
const OTHERS: [&str; 5] = ["do", TRIED, "step", "__path", "__err"];
/// Stands in the address once a form was sent and refused.
pub const TRIED: &str = "tried";

/// What there is to choose from, and what was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// What was typed, or is known beforehand.
    pub fields: Fields,
    /// What is wrong with it; nothing while it was not sent.
    pub errors: FieldErrors,
    /// Whether it was sent and refused, although nothing is wrong with it now.
    pub again: bool,
    /// What there is to choose from.
    pub offer: Offer,
}

/// What there is to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Groups, by name.
    pub groups: Vec<Choice>,
    /// Applications, by name.
    pub applications: Vec<Choice>,
    /// People, by login name; absent where there are too many to list.
    pub people: Option<Vec<Choice>>,
    /// The bindings that the fields name.
    pub bindings: Vec<Choice>,
    /// Whether a group may have several groups above it (2025.12 and later).
    pub several_parents: bool,
}

/// The form of a task. `tried` when it was sent and refused.
pub fn form(task: Task, snapshot: &Snapshot, fields: Fields, acting: &Acting, tried: bool) -> Form {
    let errors = if tried {
        problems(task, snapshot, &fields, acting)
    } else {
        FieldErrors::default()
    };
    let fields = if tried {
        fields
    } else {
        as_it_is(task, snapshot, fields)
    };
    Form {
        again: tried && errors.is_empty(),
        offer: offer(task, snapshot, &fields),
        fields,
        errors,
    }
}

/// The fields with what holds now, where the form changes that: sending it as it comes changes nothing.
fn as_it_is(task: Task, snapshot: &Snapshot, mut fields: Fields) -> Fields {
    let given = |fields: &Fields, name: &str| fields.keys().any(|key| key.starts_with(name));
    if task == Task::MoveGroup && !given(&fields, "parents") {
        let named = fields.get("group").map(String::as_str).unwrap_or_default();
        let is = |it: &&Group| it.name == named || it.pk.to_string() == named;
        let group = snapshot.groups.iter().find(is);
        let parents = group.into_iter().flat_map(|it| &it.parents).enumerate();
        fields.extend(parents.map(|(row, pk)| (format!("parents.{row}"), pk.to_string())));
    }
    if task == Task::Mode && !given(&fields, "mode") {
        let slug = list(&fields, "applications").into_iter().next();
        let application = slug.and_then(|slug| snapshot.application_by_slug(&slug));
        let mode = application.map(|it| it.mode.as_str().to_owned());
        fields.extend(mode.map(|mode| ("mode".to_owned(), mode)));
    }
    fields
}

/// What is wrong with a form.
fn problems(task: Task, snapshot: &Snapshot, fields: &Fields, acting: &Acting) -> FieldErrors {
    let planned = draft(&complete(task, fields.clone()));
    let planned = planned.and_then(|draft| plan(&draft, snapshot, acting));
    let mut errors = planned.err().unwrap_or_default();
    // Nobody joins and nobody leaves: this form asks who leaves.
    if task == Task::Leave
        && let Some(messages) = errors.0.remove("add")
    {
        errors
            .0
            .entry("remove".to_owned())
            .or_default()
            .extend(messages);
    }
    errors
}

/// The fields with what the task itself says.
pub fn complete(task: Task, mut fields: Fields) -> Fields {
    fields.retain(|name, _| !OTHERS.contains(&name.as_str()));
    fields.insert("kind".to_owned(), task.kind().to_owned());
    if let Some(action) = task.action() {
        fields.insert("action".to_owned(), action.to_owned());
    }
    fields
}

/// The page with the form as it was sent, after it was refused.
pub fn refused(task: Task, fields: &Fields) -> String {
    let told = |name: &str| name != "kind" && name != "action" && !OTHERS.contains(&name);
    let known = fields.iter().filter(|(name, _)| told(name));
    let mut pairs: Vec<(&str, &str)> = known.map(|(n, v)| (n.as_str(), v.as_str())).collect();
    if task == Task::Bind {
        pairs.push(("step", "people"));
    }
    pairs.push((TRIED, "1"));
    task.link(&pairs)
}

/// Whether the form of its task has a field for everything in a draft: a program may send more at once.
pub fn whole(draft: &AccessDraft) -> bool {
    let one = |list: &[String]| list.len() <= 1;
    match draft {
        AccessDraft::GroupBinding(_) => true,
        AccessDraft::Unbind(it) => {
            let named = it.applications.is_empty() && it.groups.is_empty();
            it.users.is_empty()
                && (named || (it.bindings.is_empty() && one(&it.applications) && one(&it.groups)))
        }
        AccessDraft::EngineMode(it) => one(&it.applications),
        AccessDraft::Group(it) => match it.action {
            GroupAction::Create => !it.is_superuser,
            GroupAction::Change => it.name.is_empty() || it.parents.is_none(),
            GroupAction::Delete => true,
        },
        AccessDraft::Membership(it) => {
            one(&it.groups) && (it.add.is_empty() || it.remove.is_empty())
        }
        AccessDraft::User(it) => {
            let cleared = |text: &Option<String>| text.as_deref() == Some("");
            !cleared(&it.name) && !cleared(&it.email)
        }
        AccessDraft::ApplicationAccess(it) => {
            one(&it.applications)
                && one(&it.groups)
                && it.users.is_empty()
                && it.new_groups.is_empty()
        }
    }
}

fn offer(task: Task, snapshot: &Snapshot, fields: &Fields) -> Offer {
    let bindings = list(fields, "bindings");
    let bindings = bindings.into_iter().map(|pk| Choice {
        label: binding(snapshot, &pk),
        value: pk,
    });
    Offer {
        groups: pickers::groups(snapshot),
        applications: pickers::applications(snapshot),
        people: people(task, snapshot, fields),
        bindings: bindings.collect(),
        several_parents: Capabilities::of(snapshot.version.clone()).group_parents,
    }
}

/// The people to choose from. Who leaves a group is in it.
fn people(task: Task, snapshot: &Snapshot, fields: &Fields) -> Option<Vec<Choice>> {
    let groups = if task == Task::Leave {
        let groups = list(fields, "groups");
        groups.iter().filter_map(|it| it.parse().ok()).collect()
    } else {
        Vec::new()
    };
    let fits = |user: &&access::User| groups.iter().all(|pk| user.groups.contains(pk));
    let users: Vec<_> = snapshot.users.iter().filter(fits).collect();
    (users.len() <= pickers::MOST).then(|| {
        pickers::sorted(users.into_iter().map(|user| Choice {
            value: user.username.clone(),
            label: person(&visible(&user.name, &""), &user.username),
        }))
    })
}

/// A binding in words.
fn binding(snapshot: &Snapshot, pk: &str) -> String {
    let binding = pk.parse().ok().and_then(|pk| snapshot.binding(pk));
    let Some(binding) = binding else {
        return format!("{pk}, not found in authentik any more");
    };
    let application = snapshot.application(binding.application);
    let application = application.map_or_else(String::new, |it| it.label().to_owned());
    let subject = super::bindings::subject_name(snapshot, binding);
    format!("{} for {}", isolated(&subject), isolated(&application))
}

impl Form {
    /// The text of a field.
    pub fn text(&self, name: &str) -> String {
        self.fields.get(name).cloned().unwrap_or_default()
    }

    /// The items of a list.
    pub fn list(&self, name: &str) -> Vec<String> {
        list(&self.fields, name)
    }

    /// Whether a switch is on.
    pub fn is_on(&self, name: &str) -> bool {
        is_on(&self.text(name))
    }

    /// What is wrong with a field.
    pub fn errors(&self, name: &str) -> Vec<String> {
        self.errors.of(name).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn a_refused_form_keeps_everything_and_says_what_is_wrong() {
        let home = samples::home();
        let typed = fields(&[
            ("do", "join"),
            ("groups", "family"),
            ("add", "jodie\nnobody"),
        ]);
        let back = refused(Task::Join, &complete(Task::Join, typed.clone()));
        assert_eq!(
            back,
            "/access/change?do=join&add=jodie%0Anobody&groups=family&tried=1"
        );
        let form = form(Task::Join, &home, typed, &Acting::default(), true);
        assert_eq!(form.list("add"), ["jodie", "nobody"]);
        assert_eq!(form.errors("add").len(), 1, "{:?}", form.errors);
        assert!(!form.again);
    }

    #[test]
    fn a_form_that_became_right_meanwhile_says_so() {
        let home = samples::home();
        let typed = fields(&[("groups", "family"), ("add", "jodie")]);
        let acting = Acting::default();
        assert!(form(Task::Join, &home, typed.clone(), &acting, true).again);
        assert!(!form(Task::Join, &home, typed, &acting, false).again);
    }

    #[test]
    fn a_form_that_changes_something_begins_with_what_holds() {
        let home = samples::home();
        let form = |task, pairs: &[(&str, &str)]| {
            form(task, &home, fields(pairs), &Acting::default(), false)
        };
        let moved = form(Task::MoveGroup, &[("group", &samples::KIDS.to_string())]);
        assert_eq!(moved.list("parents"), [samples::FAMILY.to_string()]);
        let chosen = [("group", "kids"), ("parents", "")];
        assert_eq!(
            form(Task::MoveGroup, &chosen).list("parents"),
            Vec::<String>::new()
        );
        let mode = form(Task::Mode, &[("applications", "jellyfin")]);
        assert_eq!(mode.text("mode"), "any");
    }

    #[test]
    fn who_leaves_a_group_is_in_it() {
        let home = samples::home();
        let kids = samples::KIDS.to_string();
        let labels = |task| {
            let typed = fields(&[("groups", &kids)]);
            let form = form(task, &home, typed, &Acting::default(), false);
            let people = form.offer.people.unwrap();
            people.into_iter().map(|it| it.value).collect::<Vec<_>>()
        };
        assert_eq!(labels(Task::Leave), ["sam"]);
        assert_eq!(labels(Task::Join), ["jodie", "old", "sam"]);
    }
}
