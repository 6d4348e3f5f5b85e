//! Bindings that are deleted.

use std::collections::BTreeSet;

use access::{Application, Binding, Change};
use authentik_api::{ApplicationPk, BindingPk, operation::named};
use serde_json::json;

use super::{
    draft::Unbind,
    names::{app_name, given},
    request::{binding_fields, request},
    work::{MAX_STEPS, Work, alteration},
};
use crate::{
    change::{Line, Object, Verb},
    finding::{Finding, Severity},
};

impl Work<'_> {
    pub(super) fn plan_unbind(&mut self, draft: &Unbind) {
        let mut bindings: Vec<Binding> = Vec::new();
        self.check_list("bindings", &draft.bindings);
        for text in given(&draft.bindings).take(MAX_STEPS) {
            let found = text.parse::<BindingPk>().ok();
            match found.and_then(|pk| self.snapshot.binding(pk)) {
                Some(binding) => bindings.push(binding.clone()),
                None => self.errors.add(
                    "bindings",
                    format!("The binding “{text}” is not there any more: nothing was written."),
                ),
            }
        }
        let mut who = self.groups("groups", &draft.groups);
        who.extend(self.users("users", &draft.users));
        let named = !who.is_empty()
            || given(&draft.groups).next().is_some()
            || given(&draft.users).next().is_some();
        let mut applications: Vec<Application> = Vec::new();
        if given(&draft.applications).next().is_some() {
            applications = self.applications("applications", &draft.applications);
            if !named {
                let message = "Choose the groups and users to unbind.";
                self.errors.add("groups", message);
            }
        } else if named {
            self.errors
                .add("applications", "Choose the applications to unbind from.");
        } else if given(&draft.bindings).next().is_none() {
            self.errors.add("bindings", "Choose at least one binding.");
        }
        self.check_size("applications", applications.len().saturating_mul(who.len()));
        if !self.errors.is_empty() {
            return;
        }
        for application in &applications {
            for who in &who {
                let found = self.bindings_between(application.pk, who);
                if found.is_empty() {
                    self.already(format!(
                        "“{}” is not bound to “{}”",
                        who.name,
                        app_name(application)
                    ));
                }
                bindings.extend(found);
            }
        }
        bindings.sort_by_key(|binding| binding.pk);
        bindings.dedup_by_key(|binding| binding.pk);
        self.check_size("applications", bindings.len());
        if !self.errors.is_empty() {
            return;
        }
        let mut about: BTreeSet<ApplicationPk> = BTreeSet::new();
        let bound = bindings.iter().map(|it| it.application);
        let all = applications.iter().map(|it| it.pk).chain(bound);
        let things: Vec<String> = all
            .filter(|pk| about.insert(*pk))
            .map(|pk| self.application_name(pk))
            .collect();
        self.things = things;
        if draft.leave_deny {
            self.deny_where_open(&bindings);
        }
        for binding in &bindings {
            self.unbind(binding, "bindings");
        }
    }

    /// Deletes a binding.
    fn unbind(&mut self, binding: &Binding, field: &str) {
        let (name, to) = (
            self.subject_name(binding),
            self.application_name(binding.application),
        );
        let label = self.label(binding);
        self.not_undoable(binding);
        let known = binding_fields(binding);
        let alters = alteration(Object::PolicyBinding, label, Verb::Delete, known);
        let counts = if self.counts(binding) { "yes" } else { "no" };
        let mut lines = vec![
            Line::new("Application", &to),
            Line::new("Bound", &name),
            Line::new("Order", binding.order.to_string()),
            Line::new("Counts", counts),
        ];
        if let Some(end) = binding.expires {
            lines.push(Line::new("Ends", end.to_string()));
        }
        let delete = request(
            named("policies_bindings_destroy"),
            vec![json!(binding.pk)],
            None,
        );
        let title = format!("Unbind “{name}” from “{to}”");
        self.alter("unbind", alters, title, lines, delete, field);
        self.happens(&Change::RemoveBinding {
            binding: binding.pk,
        });
        if self.counts(binding) {
            self.stays_shut(std::slice::from_ref(binding));
        }
    }

    /// Says where a binding that is deleted, or goes along, cannot be made again by undo.
    pub(super) fn not_undoable(&mut self, binding: &Binding) {
        let label = self.label(binding);
        let (title, why) = if subjects(binding) > 1 {
            (
                format!("The binding {label} names {} at once", all_named(binding)),
                "authentik takes no such new binding, so undo cannot put it back.",
            )
        } else if binding.expires.is_some() {
            (
                format!("The binding {label} was to end by itself"),
                "authentik lets nobody set the end of a binding, so undo cannot put it back: it \
                 would stay for ever.",
            )
        } else {
            return;
        };
        self.findings
            .push(Finding::new(Severity::Warning, "not-undoable", title, why));
    }
}

/// How many of policy, group and user a binding names: one, unless a careless PATCH left more
/// (recordings, observation 6).
pub(super) fn subjects(binding: &Binding) -> usize {
    let named = [
        binding.policy.is_some(),
        binding.group.is_some(),
        binding.user.is_some(),
    ];
    named.into_iter().filter(|it| *it).count()
}

/// Those, in words.
pub(super) fn all_named(binding: &Binding) -> &'static str {
    match (binding.policy, binding.group, binding.user) {
        (Some(_), Some(_), Some(_)) => "a policy, a group and a user",
        (Some(_), Some(_), None) => "a policy and a group",
        (Some(_), None, _) => "a policy and a user",
        _ => "a group and a user",
    }
}
