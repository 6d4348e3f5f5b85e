//! Applications: how their bindings combine, and whom they let in.

use access::{Application, Binding, Change};
use authentik_api::{models::PolicyEngineMode, operation::named};
use serde_json::{Map, json};

use super::{
    binding::Wanted,
    draft::{ApplicationAccess, Door, EngineMode},
    names::{Who, app_name},
    request::{fields, request},
    work::{Work, alteration},
};
use crate::{
    change::{Line, Object, Verb},
    finding::{Finding, Severity},
};

impl Work<'_> {
    pub(super) fn plan_mode(&mut self, draft: &EngineMode) {
        let applications = self.applications("applications", &draft.applications);
        let mode = match draft.mode.trim() {
            "any" => PolicyEngineMode::Any,
            "all" => PolicyEngineMode::All,
            _ => {
                self.errors
                    .add("mode", "Choose “any” (one binding is enough) or “all”.");
                return;
            }
        };
        if !self.errors.is_empty() {
            return;
        }
        for application in &applications {
            self.things.push(app_name(application));
            self.set_mode(application, &mode, "mode");
        }
    }

    fn set_mode(&mut self, application: &Application, mode: &PolicyEngineMode, field: &str) {
        let name = &app_name(application);
        let before = application.mode.as_str();
        if application.mode == *mode {
            self.already(format!("“{name}” is in mode “{before}” already"));
            return;
        }
        let key = "policy_engine_mode";
        let known = fields(json!({ "pk": application.pk, key: before }));
        let alters = alteration(Object::Application, name, Verb::Change, known);
        let patch = request(
            named("core_applications_partial_update"),
            vec![json!(application.slug)],
            Some(json!({ key: mode.as_str() })),
        );
        let lines = vec![Line::new(
            "Policy engine mode",
            format!("{before} → {}", mode.as_str()),
        )];
        let title = match mode {
            PolicyEngineMode::Any => format!("Let one binding of “{name}” be enough"),
            _ => format!("Let “{name}” require all of its bindings"),
        };
        self.alter("change", alters, title, lines, patch, field);
        self.happens(&Change::SetMode {
            application: application.pk,
            mode: mode.clone(),
        });
    }

    pub(super) fn plan_door(&mut self, draft: &ApplicationAccess) {
        let applications = self.applications("applications", &draft.applications);
        let mut who = self.groups("groups", &draft.groups);
        who.extend(self.users("users", &draft.users));
        let new = self.new_group_names("new_groups", &draft.new_groups);
        let named = !who.is_empty() || !new.is_empty();
        if draft.door == Door::Restricted && !named && self.errors.is_empty() {
            self.errors
                .add("groups", "Choose at least one group or user who may enter.");
        }
        if draft.door != Door::Restricted && named {
            let message = "Groups and users only count where the door is restricted to them.";
            self.errors.add("door", message);
        }
        let keys: Vec<_> = applications.iter().map(|it| it.pk).collect();
        let bound = self.snapshot.bindings.iter();
        let bound = bound.filter(|it| keys.contains(&it.application)).count();
        let made = applications.len() * (who.len() + new.len());
        self.check_size("applications", made + bound);
        if !self.errors.is_empty() {
            return;
        }
        who.extend(new.iter().map(|name| self.new_group(name, "new_groups")));
        for application in &applications {
            self.things.push(app_name(application));
            match draft.door {
                Door::Everyone => self.open(application),
                Door::Restricted => self.restrict(application, &who),
                Door::Closed => self.close(application),
            }
        }
    }

    /// Without an enabled binding an application is open, unless the server closes such ones; then a
    /// negated binding of nobody lets everybody in.
    fn open(&mut self, application: &Application) {
        let mut keep = Vec::new();
        if !self.evaluator().open_without_binding() {
            let nobody = self.nobody("door", &[]);
            let wanted = Wanted {
                negate: true,
                ..Wanted::LETS_IN
            };
            self.bind(application, &nobody, wanted, "door");
            keep.push(nobody);
        }
        self.disable_others(application, &keep, true);
    }

    /// The mode comes last, and so first when it is taken back: as long as all must pass, each step
    /// lets in fewer people, never more than before or after.
    fn restrict(&mut self, application: &Application, who: &[Who]) {
        for who in who {
            let field = if who.user().is_some() {
                "users"
            } else {
                "groups"
            };
            self.bind(application, who, Wanted::LETS_IN, field);
        }
        self.disable_others(application, who, false);
        if application.mode != PolicyEngineMode::Any && who.len() > 1 {
            self.set_mode(application, &PolicyEngineMode::Any, "door");
        }
    }

    fn close(&mut self, application: &Application) {
        let nobody = self.nobody("door", &[]);
        self.bind(application, &nobody, Wanted::LETS_IN, "door");
        self.disable_others(application, &[nobody], false);
    }

    /// Disables every binding that counts and is of none of these, or turned round where theirs are
    /// not: the same group may be bound both ways.
    fn disable_others(&mut self, application: &Application, keep: &[Who], negate: bool) {
        let bindings = self.then.bindings_of(application.pk);
        let kept = |it: &Binding| {
            it.policy.is_none()
                && it.negate == negate
                && keep
                    .iter()
                    .any(|who| it.group == who.group() && it.user == who.user())
        };
        let others = bindings
            .into_iter()
            .filter(|it| self.counts(it) && !kept(it));
        for binding in others.cloned().collect::<Vec<_>>() {
            let name = self.subject_name(&binding);
            let to = app_name(application);
            if binding.policy.is_some() {
                let title = format!("The policy “{name}” does not count any more at “{to}”");
                let why = "It is disabled together with the bindings of groups and users. Enable it \
                           again where it should decide as well.";
                self.findings.push(Finding::new(
                    Severity::Warning,
                    "policy-disabled",
                    title,
                    why,
                ));
            }
            let mut changes = Map::new();
            changes.insert("enabled".to_owned(), json!(false));
            let title = format!("Disable the binding of “{name}” to “{to}”");
            self.patch(&binding, changes, title, "applications");
        }
    }
}
