//! A plan in the making.

use access::{Binding, Change, Evaluator, Snapshot};
use authentik_api::{ApplicationPk, Capabilities, GroupPk, TargetPk, UserPk};
use serde_json::{Map, Value, json};

use super::Acting;

use crate::{
    FieldErrors,
    change::{Alteration, Creation, Line, Object, PlannedRequest, Step, Verb},
    finding::{Finding, Severity},
};

/// A plan in the making: steps for the server, and the same as changes of the snapshot.
#[derive(Debug)]
pub(super) struct Work<'s> {
    /// Everything as it is.
    pub(super) snapshot: &'s Snapshot,
    /// Everything as it will be after the steps so far.
    pub(super) then: Snapshot,
    pub(super) capabilities: Capabilities,
    pub(super) steps: Vec<Step>,
    pub(super) findings: Vec<Finding>,
    pub(super) errors: FieldErrors,
    /// What the plan is about, for its title and for the text to be typed.
    pub(super) things: Vec<String>,
    /// Groups that are changed, or whose members change, before and after.
    pub(super) groups: Vec<GroupPk>,
    /// Users who are changed.
    pub(super) users: Vec<UserPk>,
    /// How many objects are new so far.
    pub(super) new: u32,
    /// Whether a deny is left where a deletion would open a door.
    pub(super) leaves_deny: bool,
}

impl<'s> Work<'s> {
    pub(super) fn new(snapshot: &'s Snapshot) -> Self {
        Self {
            snapshot,
            then: snapshot.clone(),
            capabilities: Capabilities::of(snapshot.version.clone()),
            steps: Vec::new(),
            findings: Vec::new(),
            errors: FieldErrors::default(),
            things: Vec::new(),
            groups: Vec::new(),
            users: Vec::new(),
            new: 0,
            leaves_deny: false,
        }
    }

    /// Lets a change happen. One that does not fit was refused before, field by field.
    pub(super) fn happens(&mut self, change: &Change) {
        let _ = self.then.apply(change);
    }

    /// The number of the next new object.
    pub(super) fn next_new(&mut self) -> u32 {
        self.new += 1;
        self.new
    }

    /// The id of the next step of a kind: `binding-2`.
    pub(super) fn id(&self, kind: &str) -> String {
        let of_kind = |step: &&Step| {
            let number = step.id.strip_prefix(kind);
            number.is_some_and(|rest| rest.starts_with('-'))
        };
        let count = self.steps.iter().filter(of_kind).count();
        format!("{kind}-{}", count + 1)
    }

    /// Adds a step that creates something.
    pub(super) fn create(
        &mut self,
        creation: Creation,
        title: String,
        lines: Vec<Line>,
        request: PlannedRequest,
        field: &str,
    ) {
        self.steps.push(Step {
            id: creation.name.clone(),
            title,
            lines,
            request,
            fields: [(String::new(), field.to_owned())].into(),
            creates: vec![creation],
            alters: None,
            tidies_up: false,
        });
    }

    /// The last step takes these bindings away, or disables them: an application that has others
    /// which count and do not end is to have them still when the step is carried out.
    pub(super) fn stays_shut(&mut self, gone: &[Binding]) {
        let mut shut: Vec<ApplicationPk> = gone.iter().map(|it| it.application).collect();
        shut.sort();
        shut.dedup();
        shut.retain(|pk| self.then.bindings_of(*pk).iter().any(|it| it.lasts()));
        let last = self.steps.last_mut();
        if let Some(alters) = last.and_then(|step| step.alters.as_mut()) {
            alters.stays_shut = shut.into_iter().map(TargetPk::from).collect();
        }
    }

    /// Once all steps are there: doors that the plan opens on purpose are guarded by none of its steps,
    /// nor any where the server closes applications without bindings; and the console leaves its own
    /// groups last, since it may do nothing any more once it is no superuser.
    pub(super) fn settle(&mut self, acting: &Acting) {
        let opens = Evaluator::new(&self.then).open_without_binding();
        let then = &self.then;
        let stays_shut = |target: &TargetPk| {
            let bindings = then.bindings_of(ApplicationPk(target.0));
            opens && bindings.iter().any(|it| it.lasts())
        };
        for alters in self.steps.iter_mut().filter_map(|it| it.alters.as_mut()) {
            alters.stays_shut.retain(stays_shut);
        }
        let Some(console) = acting.console.map(|pk| json!(pk)) else {
            return;
        };
        self.steps.sort_by_key(|step| {
            let leaves = step.alters.as_ref();
            let body = step.request.body.as_ref();
            leaves.is_some_and(|it| it.object == Object::Membership && it.verb == Verb::Delete)
                && body.and_then(|body| body.get("pk")) == Some(&console)
        });
    }

    /// Adds a step that changes or deletes something.
    pub(super) fn alter(
        &mut self,
        kind: &str,
        alteration: Alteration,
        title: String,
        lines: Vec<Line>,
        request: PlannedRequest,
        field: &str,
    ) {
        self.steps.push(Step {
            id: self.id(kind),
            title,
            lines,
            request,
            fields: [(String::new(), field.to_owned())].into(),
            creates: Vec::new(),
            alters: Some(alteration),
            tidies_up: false,
        });
    }

    /// Says that something is as asked already.
    pub(super) fn already(&mut self, title: String) {
        let explanation = "Nothing is written for it.";
        let finding = Finding::new(Severity::Info, "already-so", title, explanation);
        self.findings.push(finding);
    }

    /// Whether the engine sees a binding now.
    pub(super) fn counts(&self, binding: &Binding) -> bool {
        binding.counts(self.snapshot.taken_at)
    }

    /// Everything as it is, with answers.
    pub(super) fn evaluator(&self) -> Evaluator<'_> {
        Evaluator::new(self.snapshot)
    }
}

/// What is changed or deleted, and what the plan saw of it.
pub(super) fn alteration(
    object: Object,
    label: impl Into<String>,
    verb: Verb,
    before: Map<String, Value>,
) -> Alteration {
    Alteration {
        object,
        label: label.into(),
        verb,
        before,
        bindings: Vec::new(),
        stays_shut: Vec::new(),
        beside_others: false,
    }
}
