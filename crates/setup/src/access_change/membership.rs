//! Memberships: one request per person and group, never a list (trap T9).

use access::Change;
use authentik_api::operation::named;
use serde_json::{Map, json};

use super::{
    draft::MembershipDraft,
    names::Who,
    request::request,
    work::{Work, alteration},
};
use crate::change::{Creation, Find, Line, Object, Verb};

impl Work<'_> {
    pub(super) fn plan_membership(&mut self, draft: &MembershipDraft) {
        let groups = self.groups("groups", &draft.groups);
        let add = self.users("add", &draft.add);
        let remove = self.users("remove", &draft.remove);
        if groups.is_empty() && self.errors.of("groups").is_empty() {
            self.errors.add("groups", "Choose at least one group.");
        }
        for who in add.iter().filter(|who| remove.contains(who)) {
            let message = format!("“{}” cannot join and leave at once.", who.name);
            self.errors.add("remove", message);
        }
        if add.is_empty() && remove.is_empty() && self.errors.is_empty() {
            self.errors
                .add("add", "Choose at least one person who joins or leaves.");
        }
        if !self.errors.is_empty() {
            return;
        }
        self.things.extend(groups.iter().map(|it| it.name.clone()));
        for group in &groups {
            for user in &add {
                self.join(user, group, "add");
            }
            for user in &remove {
                self.leave(user, group, "remove");
            }
        }
    }

    /// Puts a user in a group.
    pub(super) fn join(&mut self, user: &Who, group: &Who, field: &str) {
        let (Some(user_pk), Some(group_pk)) = (user.user(), group.group()) else {
            return;
        };
        let is_member = self
            .then
            .user(user_pk)
            .is_some_and(|it| it.groups.contains(&group_pk));
        if is_member {
            self.already(format!("“{}” is in “{}” already", user.name, group.name));
            return;
        }
        self.groups.push(group_pk);
        let creation = Creation {
            name: self.id("join"),
            object: Object::Membership,
            label: format!("{} in {}", user.name, group.name),
            find: Find::Membership {
                group: group.key.clone(),
                user: user.key.clone(),
            },
            beside_others: false,
            shared: false,
        };
        let post = request(
            named("core_groups_add_user_create"),
            vec![group.key.clone()],
            Some(json!({ "pk": user.key })),
        );
        let title = format!("Add “{}” to “{}”", user.name, group.name);
        self.create(creation, title, lines(user, group), post, field);
        let (group, user) = (group_pk, user_pk);
        self.happens(&Change::AddMember { group, user });
    }

    /// Takes a user out of a group.
    fn leave(&mut self, user: &Who, group: &Who, field: &str) {
        let (Some(user_pk), Some(group_pk)) = (user.user(), group.group()) else {
            return;
        };
        let is_member = self
            .then
            .user(user_pk)
            .is_some_and(|it| it.groups.contains(&group_pk));
        if !is_member {
            self.already(format!("“{}” is not in “{}” itself", user.name, group.name));
            return;
        }
        self.groups.push(group_pk);
        let label = format!("{} in {}", user.name, group.name);
        let alters = alteration(Object::Membership, label, Verb::Delete, Map::new());
        let post = request(
            named("core_groups_remove_user_create"),
            vec![group.key.clone()],
            Some(json!({ "pk": user.key })),
        );
        let title = format!("Remove “{}” from “{}”", user.name, group.name);
        self.alter("leave", alters, title, lines(user, group), post, field);
        let (group, user) = (group_pk, user_pk);
        self.happens(&Change::RemoveMember { group, user });
    }
}

fn lines(user: &Who, group: &Who) -> Vec<Line> {
    vec![
        Line::new("User", &user.name),
        Line::new("Group", &group.name),
    ]
}
