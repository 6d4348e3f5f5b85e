//! Changes in words.

use authentik_api::BindingPk;

use crate::{Binding, Change, Sentence, Snapshot};

impl Snapshot {
    /// What a change does, in words without a full stop: `add “Kim” to “media-users”`. Names are those
    /// of this snapshot, from before the change.
    pub fn describe(&self, change: &Change) -> Sentence {
        let words = |text: &str| Sentence::default().text(text);
        match change {
            Change::AddMember { group, user } => words("add ")
                .user(self, *user)
                .text(" to ")
                .group(self, *group),
            Change::RemoveMember { group, user } => words("take ")
                .user(self, *user)
                .text(" out of ")
                .group(self, *group),
            Change::PutGroup { group } => words(made(self.group(group.pk).is_some()))
                .text("group ")
                .text(quoted(&group.name)),
            Change::SetParents { group, parents } => {
                let above = parents
                    .iter()
                    .map(|pk| Sentence::default().group(self, *pk));
                let above: Vec<Sentence> = above.collect();
                let put = words("put ").group(self, *group);
                if above.is_empty() {
                    put.text(" at the top")
                } else {
                    put.text(" below ").list(above)
                }
            }
            Change::DeleteGroup { group } => words("delete the group ").group(self, *group),
            Change::PutUser { user } => words(made(self.user(user.pk).is_some()))
                .text("user ")
                .text(quoted(user.label())),
            Change::SetActive { user, active: true } => words("activate ").user(self, *user),
            Change::SetActive { user, .. } => words("deactivate ").user(self, *user),
            Change::DeleteUser { user } => words("delete the user ").user(self, *user),
            Change::PutBinding { binding } => {
                let is_there = self.binding(binding.pk).is_some();
                words(if is_there { "change the" } else { "add a" })
                    .text(" binding ")
                    .sentence(self.binding_words(binding))
            }
            Change::RemoveBinding { binding } => words("remove ").sentence(self.bound(*binding)),
            Change::SetEnabled {
                binding,
                enabled: true,
            } => words("enable ").sentence(self.bound(*binding)),
            Change::SetEnabled { binding, .. } => words("disable ").sentence(self.bound(*binding)),
            Change::SetNegate {
                binding,
                negate: true,
            } => words("negate ").sentence(self.bound(*binding)),
            Change::SetNegate { binding, .. } => {
                words("stop negating ").sentence(self.bound(*binding))
            }
            Change::SetOrder { binding, order } => words("move ")
                .sentence(self.bound(*binding))
                .text(format!(" to position {order}")),
            Change::SetFailureResult {
                binding,
                failure_result,
            } => words("let ")
                .sentence(self.bound(*binding))
                .text(if *failure_result {
                    " pass on errors"
                } else {
                    " fail on errors"
                }),
            Change::PutApplication { .. }
            | Change::SetMode { .. }
            | Change::DeleteApplication { .. }
            | Change::PutPolicy { .. }
            | Change::DeletePolicy { .. }
            | Change::SetDefaultAccess { .. } => self.describe_other(change),
        }
    }

    fn describe_other(&self, change: &Change) -> Sentence {
        let words = |text: &str| Sentence::default().text(text);
        match change {
            Change::PutApplication { application } => {
                let is_there = self.application(application.pk).is_some();
                words(made(is_there))
                    .text("application ")
                    .text(quoted(application.label()))
            }
            Change::SetMode { application, mode } => words("set the mode of ")
                .application(self, *application)
                .text(format!(" to {}", mode.as_str())),
            Change::DeleteApplication { application } => {
                words("delete the application ").application(self, *application)
            }
            Change::PutPolicy { policy } => words(made(self.policy(policy.pk).is_some()))
                .text("policy ")
                .text(quoted(&policy.name)),
            Change::DeletePolicy { policy } => words("delete the policy ").policy(self, *policy),
            Change::SetDefaultAccess { open: true } => {
                words("open applications without binding to everyone")
            }
            _ => words("close applications without binding"),
        }
    }

    fn bound(&self, pk: BindingPk) -> Sentence {
        match self.binding(pk) {
            Some(binding) => Sentence::default()
                .text("the binding ")
                .sentence(self.binding_words(binding)),
            None => Sentence::default().text(format!("the binding {pk}")),
        }
    }

    /// `of “Jellyfin” to “media-users”`.
    fn binding_words(&self, binding: &Binding) -> Sentence {
        let words = Sentence::default()
            .text("of ")
            .application(self, binding.application)
            .text(" to ");
        let words = if binding.negate {
            words.text("all but ")
        } else {
            words
        };
        let mut subjects = Vec::new();
        subjects.extend(
            binding
                .policy
                .map(|pk| Sentence::default().policy(self, pk)),
        );
        subjects.extend(binding.group.map(|pk| Sentence::default().group(self, pk)));
        subjects.extend(binding.user.map(|pk| Sentence::default().user(self, pk)));
        if subjects.is_empty() {
            words.text("nobody")
        } else {
            words.list(subjects)
        }
    }
}

fn made(is_there: bool) -> &'static str {
    if is_there { "change the " } else { "make the " }
}

fn quoted(name: &str) -> String {
    format!("“{name}”")
}
