//! Bindings: made, changed, deleted, and the deny that is left.

use access::{Application, Binding, Change, proposed_binding};
use authentik_api::{ApplicationPk, BindingPk, models::Subject, operation::named};
use serde_json::{Map, Value, json};

use super::{
    draft::GroupBinding,
    names::Who,
    request::{binding_fields, fields, only, patch_binding, request},
    unbind::{all_named, subjects},
    work::{Work, alteration},
};
use crate::{
    change::{Creation, Find, Line, Object, Verb},
    finding::{Finding, Severity},
};

/// How a binding should be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// Position; where it is, or behind the others, when absent.
    pub(super) order: Option<i64>,
    pub(super) negate: bool,
    pub(super) enabled: bool,
}

impl Wanted {
    /// Lets in, and counts.
    pub(super) const LETS_IN: Self = Self {
        order: None,
        negate: false,
        enabled: true,
    };
}

impl Work<'_> {
    pub(super) fn plan_binding(&mut self, draft: &GroupBinding) {
        let applications = self.applications("applications", &draft.applications);
        let mut who = self.groups("groups", &draft.groups);
        who.extend(self.users("users", &draft.users));
        let new = self.new_group_names("new_groups", &draft.new_groups);
        if who.is_empty() && new.is_empty() && self.errors.is_empty() {
            self.errors
                .add("groups", "Choose at least one group or user.");
        }
        if draft
            .order
            .is_some_and(|order| !(0..=i64::from(i32::MAX)).contains(&order))
        {
            self.errors
                .add("order", "The position is a number from 0 to 2147483647.");
        }
        if !self.errors.is_empty() {
            return;
        }
        who.extend(new.iter().map(|name| self.new_group(name, "new_groups")));
        self.things
            .extend(applications.iter().map(|it| it.label().to_owned()));
        let wanted = Wanted {
            order: draft.order,
            negate: draft.negate,
            enabled: draft.enabled,
        };
        for application in &applications {
            for who in &who {
                let field = if who.user().is_some() {
                    "users"
                } else {
                    "groups"
                };
                self.bind(application, who, wanted, field);
            }
        }
    }

    /// Binds a group or user to an application, unless it is bound already.
    pub(super) fn bind(
        &mut self,
        application: &Application,
        who: &Who,
        wanted: Wanted,
        field: &str,
    ) {
        // One that ends by itself cannot be made to last (authentik sets the end alone).
        let mut existing = self.bindings_between(application.pk, who);
        existing.retain(|it| it.expires.is_none());
        let (name, to) = (&who.name, application.label());
        if existing.len() > 1 {
            let title = format!("“{name}” is bound to “{to}” {} times", existing.len());
            let why = "authentik takes the same binding twice. One is enough: delete the others.";
            self.findings
                .push(Finding::new(Severity::Info, "bound-twice", title, why));
        }
        let fits = |it: &&Binding| it.negate == wanted.negate && it.enabled == wanted.enabled;
        let fitting = existing.iter().find(fits).or(existing.first());
        let Some(found) = fitting.cloned() else {
            self.new_binding(application, who, wanted, field);
            return;
        };
        let mut changes = Map::new();
        if found.negate != wanted.negate {
            changes.insert("negate".to_owned(), json!(wanted.negate));
        }
        if found.enabled != wanted.enabled {
            changes.insert("enabled".to_owned(), json!(wanted.enabled));
        }
        if let Some(order) = wanted.order.filter(|order| *order != found.order) {
            changes.insert("order".to_owned(), json!(order));
        }
        if changes.is_empty() {
            self.already(format!("“{name}” is bound to “{to}” already"));
        } else {
            let title = format!("Change the binding of “{name}” to “{to}”");
            self.patch(&found, changes, title, field);
        }
    }

    fn new_binding(&mut self, application: &Application, who: &Who, wanted: Wanted, field: &str) {
        let beside_others = self.was_locked(application.pk, None);
        let others = self.then.bindings_of(application.pk);
        let behind = others.last().map_or(0, |it| it.order.saturating_add(1));
        let order = wanted.order.unwrap_or(behind).clamp(0, i64::from(i32::MAX));
        let (group, user) = match who.subject {
            Subject::User(_) => (Value::Null, who.key.clone()),
            _ => (who.key.clone(), Value::Null),
        };
        let to = application.label();
        let body = json!({
            "target": application.pk,
            "policy": null,
            "group": group,
            "user": user,
            "negate": wanted.negate,
            "enabled": wanted.enabled,
            "order": order,
            "timeout": 30,
            "failure_result": false,
        });
        let creation = Creation {
            name: self.id("binding"),
            object: Object::PolicyBinding,
            label: format!("{} → {to}", who.name),
            find: Find::Binding {
                target: json!(application.pk),
                group,
                user,
            },
            beside_others,
            shared: false,
        };
        let mut lines = vec![
            Line::new("Application", to),
            Line::new(
                if who.user().is_some() {
                    "User"
                } else {
                    "Group"
                },
                &who.name,
            ),
            Line::new("Order", order.to_string()),
        ];
        if wanted.negate {
            lines.push(Line::new("Lets in", "everybody else"));
        }
        if !wanted.enabled {
            lines.push(Line::new("Counts", "no, it is disabled"));
        }
        let title = format!("Bind “{}” to “{to}”", who.name);
        let post = request(named("policies_bindings_create"), Vec::new(), Some(body));
        self.create(creation, title, lines, post, field);
        let pk = proposed_binding(self.next_new());
        let binding = Binding {
            negate: wanted.negate,
            enabled: wanted.enabled,
            ..Binding::new(pk, application.pk, who.subject, order)
        };
        self.happens(&Change::PutBinding { binding });
    }

    /// Changes a binding that exists.
    pub(super) fn patch(
        &mut self,
        binding: &Binding,
        changes: Map<String, Value>,
        title: String,
        field: &str,
    ) {
        let label = self.label(binding);
        if subjects(binding) > 1 {
            let message = format!(
                "The binding {label} names {} at once, which authentik does not let anybody change. \
                 Delete it, and bind them one by one.",
                all_named(binding)
            );
            self.errors.add(field, message);
            return;
        }
        let known = binding_fields(binding);
        let lines = changes.iter().map(|(key, value)| {
            let before = known.get(key).unwrap_or(&Value::Null);
            Line::new(word(key), format!("{} → {}", shown(before), shown(value)))
        });
        let lines = lines.collect();
        let mut changed = binding.clone();
        if let Some(negate) = changes.get("negate").and_then(Value::as_bool) {
            changed.negate = negate;
        }
        if let Some(enabled) = changes.get("enabled").and_then(Value::as_bool) {
            changed.enabled = enabled;
        }
        if let Some(order) = changes.get("order").and_then(Value::as_i64) {
            changed.order = order;
        }
        let patch = patch_binding(binding, changes);
        let sent = patch.body.clone().map(fields).unwrap_or_default();
        let mut before = only(&known, &sent);
        // What decides must still be as the plan saw it, sent or not.
        let decide = ["negate", "enabled"].map(|key| (key.to_owned(), known.get(key).cloned()));
        before.extend(
            decide
                .into_iter()
                .filter_map(|(key, value)| Some((key, value?))),
        );
        let mut alters = alteration(Object::PolicyBinding, label, Verb::Change, before);
        alters.beside_others = !binding.enabled
            && changed.enabled
            && self.was_locked(binding.application, Some(binding.pk));
        self.alter("change", alters, title, lines, patch, field);
        let disabled = self.counts(binding) && !changed.enabled;
        self.happens(&Change::PutBinding { binding: changed });
        if disabled {
            self.stays_shut(std::slice::from_ref(binding));
        }
    }

    /// Whether a binding, apart from this one, counted at an application before the plan.
    fn was_locked(&self, application: ApplicationPk, but: Option<BindingPk>) -> bool {
        let bindings = self.snapshot.bindings_of(application);
        bindings
            .iter()
            .any(|it| self.counts(it) && Some(it.pk) != but)
    }

    /// The bindings of one group or user alone to an application, as they will be then.
    pub(super) fn bindings_between(&self, application: ApplicationPk, who: &Who) -> Vec<Binding> {
        let bindings = self.then.bindings_of(application);
        let of_who = |it: &&&Binding| {
            it.policy.is_none() && it.group == who.group() && it.user == who.user()
        };
        bindings
            .iter()
            .filter(of_who)
            .map(|it| (*it).clone())
            .collect()
    }

    /// A binding for people: `family → Jellyfin`.
    pub(super) fn label(&self, binding: &Binding) -> String {
        let (name, to) = (
            self.subject_name(binding),
            self.application_name(binding.application),
        );
        format!("{name} → {to}")
    }

    pub(super) fn application_name(&self, pk: ApplicationPk) -> String {
        let found = self.snapshot.application(pk);
        found.map_or_else(|| pk.to_string(), |it| it.label().to_owned())
    }

    pub(super) fn subject_name(&self, binding: &Binding) -> String {
        let group = binding
            .group
            .and_then(|pk| self.then.group(pk))
            .map(Who::from);
        let user = || {
            binding
                .user
                .and_then(|pk| self.then.user(pk))
                .map(Who::from)
        };
        let policy = || binding.policy.and_then(|pk| self.then.policy(pk));
        let who = group.or_else(user).map(|who| who.name);
        who.or_else(|| policy().map(|it| it.name.clone()))
            .unwrap_or_else(|| binding.pk.to_string())
    }
}

fn word(key: &str) -> &'static str {
    match key {
        "negate" => "Turned round",
        "enabled" => "Counts",
        _ => "Order",
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        other => other.to_string(),
    }
}
