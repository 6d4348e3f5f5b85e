//! Groups: created, renamed, moved, deleted.

use access::{Change, Group, proposed_group};
use authentik_api::{GroupPk, operation::named};
use serde_json::{Map, Value, json};

use super::{
    draft::{GroupAction, GroupDraft},
    names::{Who, given, people, quoted},
    request::{group_fields, only, parents_field, request},
    work::{Work, alteration},
};
use crate::{
    change::{Creation, Find, Line, Object, Verb, reference},
    finding::{Finding, Severity},
};

/// The name that a group gets by custom when it opens one application: `jellyfin-users`.
pub fn suggested_name(slug: &str) -> String {
    format!("{}-users", slug.trim())
}

impl Work<'_> {
    pub(super) fn plan_group(&mut self, draft: &GroupDraft) {
        match draft.action {
            GroupAction::Create => self.create_group(draft),
            GroupAction::Change => self.change_group(draft),
            GroupAction::Delete => self.delete_group(draft),
        }
    }

    fn create_group(&mut self, draft: &GroupDraft) {
        let name = draft.name.trim();
        if name.is_empty() {
            self.errors.add("name", "Give the group a name.");
        }
        self.check_group_name("name", name, None);
        let parents = self.parents(draft.parents.as_deref().unwrap_or_default());
        let members = self.users("members", &draft.members);
        if !self.errors.is_empty() {
            return;
        }
        self.things.push(name.to_owned());
        let group = self.add_group(name, &parents, draft.is_superuser, "name");
        for member in &members {
            self.join(member, &group, "members");
        }
    }

    /// The names of groups to create, checked.
    pub(super) fn new_group_names(&mut self, field: &str, texts: &[String]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for name in given(texts) {
            if names.iter().any(|known| known == name) {
                self.errors
                    .add(field, format!("The group “{name}” is listed twice."));
            }
            self.check_group_name(field, name, None);
            names.push(name.to_owned());
        }
        names
    }

    fn check_group_name(&mut self, field: &str, name: &str, but: Option<GroupPk>) {
        if name.chars().count() > 80 || name.chars().any(char::is_control) {
            self.errors.add(
                field,
                "A group's name has at most 80 characters and no line breaks.",
            );
        }
        let mut groups = self.snapshot.groups.iter();
        if !name.is_empty() && groups.any(|it| it.name == name && Some(it.pk) != but) {
            self.errors.add(
                field,
                format!("There is a group “{name}” already: choose it from the list, or type another name."),
            );
        }
    }

    /// Creates a plain group without members.
    pub(super) fn new_group(&mut self, name: &str, field: &str) -> Who {
        self.add_group(name, &[], false, field)
    }

    fn add_group(&mut self, name: &str, parents: &[Who], is_superuser: bool, field: &str) -> Who {
        let mut body = json!({ "name": name, "is_superuser": is_superuser, "attributes": {} });
        if !parents.is_empty() {
            let keys: Vec<Value> = parents.iter().map(|parent| parent.key.clone()).collect();
            let (key, value) = parents_field(&self.capabilities, &keys);
            if let Some(body) = body.as_object_mut() {
                body.insert(key.to_owned(), value);
            }
        }
        let mut lines = vec![
            Line::new("Name", name),
            Line::new("Superusers", if is_superuser { "yes" } else { "no" }),
        ];
        if !parents.is_empty() {
            let above = quoted(parents.iter().map(|it| it.name.as_str()));
            lines.push(Line::new("Below", above));
        }
        let id = self.id("group");
        let creation = Creation {
            name: id.clone(),
            object: Object::Group,
            label: name.to_owned(),
            find: Find::Name {
                name: name.to_owned(),
            },
            beside_others: false,
            shared: false,
        };
        let post = request(named("core_groups_create"), Vec::new(), Some(body));
        let title = format!("Create the group “{name}”");
        self.create(creation, title, lines, post, field);
        let pk = proposed_group(self.next_new());
        let group = Group {
            is_superuser,
            parents: parents.iter().filter_map(Who::group).collect(),
            ..Group::new(pk, name)
        };
        self.groups.push(pk);
        let who = Who {
            key: reference(&id),
            ..Who::from(&group)
        };
        self.happens(&Change::PutGroup { group });
        who
    }

    /// A group as it stands in requests: by its key, or by reference where an earlier step makes it.
    pub(super) fn made(&self, group: &Group) -> Who {
        let mut who = Who::from(group);
        if self.snapshot.group(group.pk).is_none() {
            let mut creations = self.steps.iter().flat_map(|step| &step.creates);
            let made = creations.find(|it| it.object == Object::Group && it.label == group.name);
            who.key = made.map_or(who.key, |creation| reference(&creation.name));
        }
        who
    }

    fn the_group(&mut self, text: &str) -> Option<Group> {
        if text.trim().is_empty() {
            self.errors.add("group", "Choose a group.");
            return None;
        }
        match self.group(text).cloned() {
            Ok(group) => Some(group),
            Err(message) => {
                self.errors.add("group", message);
                None
            }
        }
    }

    fn change_group(&mut self, draft: &GroupDraft) {
        let group = self.the_group(&draft.group);
        let name = draft.name.trim();
        // The name that it has may be another group's as well (up to 2024.4).
        if group.as_ref().is_none_or(|it| it.name != name) {
            self.check_group_name("name", name, group.as_ref().map(|it| it.pk));
        }
        let parents = draft.parents.as_deref().map(|texts| self.parents(texts));
        let Some(group) = group else { return };
        if let Some(parents) = &parents {
            self.check_circle(&group, parents);
        }
        if !self.errors.is_empty() {
            return;
        }
        let old = Who::from(&group).name;
        self.things.push(old.clone());
        let mut changed = group.clone();
        let mut body = Map::new();
        let mut lines = Vec::new();
        if !name.is_empty() && name != group.name {
            body.insert("name".to_owned(), json!(name));
            lines.push(Line::new("Name", format!("{old} → {name}")));
            name.clone_into(&mut changed.name);
        }
        if let Some(parents) = parents {
            let keys: Vec<GroupPk> = parents.iter().filter_map(Who::group).collect();
            let same = keys.len() == group.parents.len()
                && keys.iter().all(|key| group.parents.contains(key));
            if !same {
                let values: Vec<Value> = keys.iter().map(|key| json!(key)).collect();
                let (key, value) = parents_field(&self.capabilities, &values);
                body.insert(key.to_owned(), value);
                let above = quoted(parents.iter().map(|it| it.name.as_str()));
                let above = if above.is_empty() {
                    "nothing".to_owned()
                } else {
                    above
                };
                lines.push(Line::new("Below", above));
                changed.parents = keys;
            }
        }
        if body.is_empty() {
            self.already(format!("The group “{old}” is like this already"));
            return;
        }
        let before = only(&group_fields(&self.capabilities, &group), &body);
        let alters = alteration(Object::Group, &old, Verb::Change, before);
        let patch = request(
            named("core_groups_partial_update"),
            vec![json!(group.pk)],
            Some(Value::Object(body)),
        );
        let title = format!("Change the group “{old}”");
        self.alter("change", alters, title, lines, patch, "group");
        self.groups.push(group.pk);
        self.happens(&Change::PutGroup { group: changed });
    }

    fn parents(&mut self, texts: &[String]) -> Vec<Who> {
        let parents = self.groups("parents", texts);
        if parents.len() > 1 && !self.capabilities.group_parents {
            let line = self.capabilities.version.line();
            let message =
                format!("In authentik {line} a group lies below one other group at most.");
            self.errors.add("parents", message);
        }
        parents
    }

    /// authentik accepts circles of groups (recordings, observation 11); nobody means them.
    fn check_circle(&mut self, group: &Group, parents: &[Who]) {
        for parent in parents {
            let mut seen: Vec<GroupPk> = Vec::new();
            let mut open: Vec<GroupPk> = parent.group().into_iter().collect();
            while let Some(pk) = open.pop() {
                if seen.contains(&pk) {
                    continue;
                }
                seen.push(pk);
                let above = self.snapshot.group(pk).map(|it| it.parents.clone());
                open.extend(above.unwrap_or_default());
            }
            if seen.contains(&group.pk) {
                let message = format!(
                    "“{}” cannot lie below “{}”: that would close a circle.",
                    group.name, parent.name
                );
                self.errors.add("parents", message);
            }
        }
    }

    fn delete_group(&mut self, draft: &GroupDraft) {
        let Some(group) = self.the_group(&draft.group) else {
            return;
        };
        let name = Who::from(&group).name;
        self.things.push(name.clone());
        let bindings = self
            .then
            .bindings
            .iter()
            .filter(|it| it.group == Some(group.pk));
        let bindings: Vec<_> = bindings.cloned().collect();
        if draft.leave_deny {
            self.deny_where_open(&bindings);
        }
        let members = self
            .snapshot
            .users
            .iter()
            .filter(|it| it.groups.contains(&group.pk));
        let members: Vec<_> = members.map(|it| json!(it.pk)).collect();
        let below = self
            .snapshot
            .groups
            .iter()
            .filter(|it| it.parents.contains(&group.pk));
        let below: Vec<&str> = below.map(|it| it.name.as_str()).collect();
        let mut lines = vec![
            Line::new("Members who leave", people(members.len())),
            Line::new("Bindings that go along", bindings.len().to_string()),
        ];
        if !below.is_empty() {
            lines.push(Line::new("Groups that move up", quoted(below)));
        }
        let mut before = group_fields(&self.capabilities, &group);
        before.insert("users".to_owned(), Value::Array(members));
        let mut alters = alteration(Object::Group, &name, Verb::Delete, before);
        alters.bindings = bindings.iter().map(|it| it.pk).collect();
        for binding in &bindings {
            self.not_undoable(binding);
        }
        self.elsewhere_unknown();
        let delete = request(named("core_groups_destroy"), vec![json!(group.pk)], None);
        let title = format!("Delete the group “{name}”");
        self.alter("delete", alters, title, lines, delete, "group");
        let why = "Undo makes the group again with its members, bindings and place, but under a new key \
                   and a new number for LDAP: what names it by key elsewhere does not find it.";
        let title = "A group that is made again has a new key";
        self.findings
            .push(Finding::new(Severity::Info, "new-key", title, why));
        self.groups.push(group.pk);
        self.happens(&Change::DeleteGroup { group: group.pk });
        let counted: Vec<_> = bindings.into_iter().filter(|it| self.counts(it)).collect();
        self.stays_shut(&counted);
    }
}
