//! The deny that is left where a door would open.

use access::{Application, Binding};
use authentik_api::models::PolicyEngineMode;

use super::{
    binding::Wanted,
    names::{Who, people},
    work::Work,
};
use crate::finding::{Finding, Severity};

/// Name of the group that stands for nobody: whatever is bound to it alone is closed, as long as it
/// has no members.
pub const NOBODY: &str = "nobody-keep-empty";

impl Work<'_> {
    /// Leaves a deny at every application that these, once gone, leave without a lock.
    pub(super) fn deny_where_open(&mut self, gone: &[Binding]) {
        self.leaves_deny = true;
        let mut left = self.left_without_binding(gone);
        left.retain(|_| {
            self.then.default_app_access || !self.capabilities.default_app_access_flag()
        });
        for application in left {
            self.deny(&application, gone);
        }
    }

    /// The applications where one of these counts, and none does that stays once they are gone: one
    /// that ends by itself opens the door when it has ended. Where all must pass, a deny beside it
    /// would keep out whom it lets in until then.
    pub(super) fn left_without_binding(&self, gone: &[Binding]) -> Vec<Application> {
        let left = self.then.applications.iter().filter(|application| {
            let bindings = self.then.bindings_of(application.pk);
            let (goes, mut stay): (Vec<&Binding>, Vec<&Binding>) = bindings
                .into_iter()
                .filter(|it| self.counts(it))
                .partition(|it| gone.iter().any(|gone| gone.pk == it.pk));
            if application.mode == PolicyEngineMode::Any {
                stay.retain(|it| it.lasts());
            }
            !goes.is_empty() && stay.is_empty()
        });
        left.cloned().collect()
    }

    /// Binds nobody to an application, in the place of these.
    fn deny(&mut self, application: &Application, gone: &[Binding]) {
        let field = "leave_deny";
        let nobody = self.nobody(field, gone);
        self.bind(application, &nobody, Wanted::LETS_IN, field);
    }

    /// Says what a snapshot does not show of a group or user that is deleted (trap T34).
    pub(super) fn elsewhere_unknown(&mut self) {
        let title = "Bindings of flows, stages and sources to it are deleted too";
        let why = "They are not shown here: a flow, stage or source that nothing else guards is open \
                   to everyone afterwards. Undo makes them again.";
        self.findings
            .push(Finding::new(Severity::Info, "guards-elsewhere", title, why));
    }

    /// The group that nobody is in, made where there is none; another one where these bindings of it
    /// are about to go.
    pub(super) fn nobody(&mut self, field: &str, gone: &[Binding]) -> Who {
        let mut number = 1;
        loop {
            let name = match number {
                1 => NOBODY.to_owned(),
                number => format!("{NOBODY}-{number}"),
            };
            number += 1;
            let found = self.then.groups.iter().find(|it| it.name == name).cloned();
            let Some(group) = found else {
                let nobody = self.new_group(&name, field);
                let step = self.steps.last_mut();
                for creation in step.into_iter().flat_map(|step| &mut step.creates) {
                    creation.shared = true;
                }
                return nobody;
            };
            if gone.iter().any(|it| it.group == Some(group.pk)) {
                continue;
            }
            let evaluator = access::Evaluator::new(&self.then);
            let members = evaluator.members(group.pk).map_or(0, Iterator::count);
            if members == 0 {
                return self.made(&group);
            }
            let title = format!("The group “{name}” has {}", people(members));
            let why =
                "It is meant to stay empty: whatever is bound to it alone is closed to everybody.";
            self.findings.push(Finding::new(
                Severity::Warning,
                "nobody-has-members",
                title,
                why,
            ));
        }
    }
}
