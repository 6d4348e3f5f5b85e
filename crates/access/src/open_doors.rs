//! Doors that stand open, or that nobody fits through.

use authentik_api::{ApplicationPk, BindingPk, GroupPk, UserPk, models::PolicyEngineMode};
use serde::{Deserialize, Serialize};

use crate::{Application, Binding, Evaluator, Sentence, Snapshot, StaticBindings, Verdict};

/// What is remarkable about a door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Remark {
    /// No binding counts, so that everyone gets in, or nobody where the server closes such
    /// applications (trap T4).
    NoEnabledBinding {
        /// Bindings that are there, but disabled or ended.
        disabled: u32,
        /// Whether everyone gets in.
        open: bool,
    },
    /// A negated binding lets in everybody whom it does not name, since no other keeps strangers out
    /// (trap T33).
    NegatedLetsEveryoneIn {
        /// The binding; where all must pass, the first.
        binding: BindingPk,
        /// Where all must pass: the other bindings, which are negated as well.
        #[serde(default)]
        others: Vec<BindingPk>,
    },
    /// The mode is `all`, and yet of several group and user bindings one is enough: the defect of 2025.8
    /// to 2025.12 (trap T3).
    AllActsAsAny {
        /// Group and user bindings that count.
        bindings: u32,
    },
    /// The group of a binding has no members, groups below included.
    EmptyGroup {
        /// The binding.
        binding: BindingPk,
        /// The group.
        group: GroupPk,
    },
    /// No member of a binding's group may sign in.
    InactiveGroup {
        /// The binding.
        binding: BindingPk,
        /// The group.
        group: GroupPk,
        /// Its members, none of whom may sign in.
        members: u32,
    },
    /// The user of a binding may not sign in.
    InactiveUser {
        /// The binding.
        binding: BindingPk,
        /// The user.
        user: UserPk,
    },
    /// A binding has ended by itself, so that it does not count any more.
    ExpiredBinding {
        /// The binding.
        binding: BindingPk,
    },
    /// Bindings count, and certainly nobody who may sign in gets in.
    NobodyGetsIn,
}

/// A remark about one application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenDoor {
    /// The application.
    pub application: ApplicationPk,
    /// What is remarkable.
    pub remark: Remark,
    /// Whether everyone gets in through this.
    pub everyone: bool,
    /// The remark in one sentence.
    pub sentence: Sentence,
}

/// Applications that stand open, or whose bindings do not do what they seem to; by application in the
/// order of the snapshot.
pub fn open_doors(snapshot: &Snapshot) -> Vec<OpenDoor> {
    let evaluator = Evaluator::new(snapshot);
    let matrix = evaluator.matrix();
    let applications = snapshot.applications.iter().zip(matrix.applications());
    let doors = applications.flat_map(|(application, row)| {
        let counts = row.counts();
        let nobody = counts.allowed == 0 && counts.unknown == 0;
        let open = row.outsider() == Verdict::Allowed;
        let remarks = remarks(&evaluator, application, row.outsider(), nobody);
        remarks.into_iter().map(move |remark| OpenDoor {
            application: application.pk,
            everyone: match remark {
                Remark::NoEnabledBinding { open, .. } => open,
                Remark::NegatedLetsEveryoneIn { .. } => open,
                _ => false,
            },
            sentence: sentence(snapshot, application, &remark),
            remark,
        })
    });
    doors.collect()
}

fn remarks(
    evaluator: &Evaluator<'_>,
    application: &Application,
    outsider: Verdict,
    nobody: bool,
) -> Vec<Remark> {
    let bindings = evaluator.bindings(application.pk);
    let counting = evaluator.counting(application.pk);
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let ended = bindings.iter().filter(|it| is_ended(evaluator, it));
    let ended = ended.map(|it| Remark::ExpiredBinding { binding: it.pk });
    if counting.is_empty() {
        let none = Remark::NoEnabledBinding {
            disabled: count(bindings.len()),
            open: outsider == Verdict::Allowed,
        };
        return [none].into_iter().chain(ended).collect();
    }
    let statics = counting
        .iter()
        .filter(|binding| binding.is_static())
        .count();
    let all = application.mode == PolicyEngineMode::All;
    let acts_as_any =
        all && statics > 1 && evaluator.semantics().static_bindings == StaticBindings::OneIsEnough;
    let mut remarks = Vec::new();
    if acts_as_any {
        let bindings = count(statics);
        remarks.push(Remark::AllActsAsAny { bindings });
    }
    // Beside a binding that a stranger must pass and does not for certain, a negated one only keeps
    // people out.
    if outsider == Verdict::Allowed {
        remarks.extend(negated(evaluator, &counting, all && !acts_as_any));
    }
    for binding in &counting {
        remarks.extend(subject(evaluator, binding));
    }
    remarks.extend(ended);
    if nobody {
        remarks.push(Remark::NobodyGetsIn);
    }
    remarks
}

/// Whether a binding would count, had it not ended.
fn is_ended(evaluator: &Evaluator<'_>, binding: &Binding) -> bool {
    binding.enabled && !evaluator.counts(binding)
}

/// The negated bindings by which strangers get in: each by itself, or `together` where all must pass.
fn negated(evaluator: &Evaluator<'_>, counting: &[&Binding], together: bool) -> Vec<Remark> {
    let negated = counting.iter().filter(|it| it.negate);
    let mut negated = negated
        .filter(|it| evaluator.of_outsider(it) == Verdict::Allowed)
        .map(|it| it.pk);
    let remark = |binding, others| Remark::NegatedLetsEveryoneIn { binding, others };
    if together {
        let first = negated.next();
        let first = first.map(|first| remark(first, negated.collect()));
        first.into_iter().collect()
    } else {
        negated.map(|it| remark(it, Vec::new())).collect()
    }
}

/// What is remarkable about the subject of a binding.
fn subject(evaluator: &Evaluator<'_>, it: &Binding) -> Option<Remark> {
    let binding = it.pk;
    if let Some(group) = it.group {
        let members = evaluator.member_rows(group)?;
        if members.is_empty() {
            return Some(Remark::EmptyGroup { binding, group });
        }
        let mut active = members.clone();
        active.intersect(evaluator.active_rows());
        return active.is_empty().then(|| Remark::InactiveGroup {
            binding,
            group,
            members: members.count(),
        });
    }
    let user = evaluator.snapshot().user(it.user?)?;
    (!user.is_active).then_some(Remark::InactiveUser {
        binding,
        user: user.pk,
    })
}

fn sentence(snapshot: &Snapshot, application: &Application, remark: &Remark) -> Sentence {
    let name = Sentence::default().application(snapshot, application.pk);
    let subject = |binding: &BindingPk| {
        let binding = snapshot.binding(*binding);
        match binding.map(|it| (it.policy, it.group, it.user)) {
            Some((Some(policy), ..)) => Sentence::default().policy(snapshot, policy),
            Some((_, Some(group), _)) => Sentence::default().group(snapshot, group),
            Some((_, _, Some(user))) => Sentence::default().user(snapshot, user),
            _ => Sentence::default().text("nobody"),
        }
    };
    match remark {
        Remark::NoEnabledBinding { disabled, open } => {
            let mut bindings = snapshot.bindings.iter();
            let ended = bindings.any(|it| {
                it.application == application.pk && it.has_expired(snapshot.taken_at)
            });
            let bindings = match disabled {
                0 => " has no binding".to_owned(),
                1 if ended => " has one binding, which has ended".to_owned(),
                1 => " has one binding, which is disabled".to_owned(),
                more if ended => {
                    format!(" has {more} bindings, all of them disabled or ended")
                }
                more => format!(" has {more} bindings, all of them disabled"),
            };
            name.text(bindings).text(if *open {
                ": everyone gets in."
            } else {
                ": nobody gets in, since this server closes such applications."
            })
        }
        Remark::NegatedLetsEveryoneIn { binding, others } if others.is_empty() => {
            let of_group = snapshot.binding(*binding).is_some_and(|it| it.group.is_some());
            name.text(if of_group {
                " lets in everybody who is not in "
            } else {
                " lets in everybody except "
            })
            .sentence(subject(binding))
            .text(": the binding is negated.")
        }
        Remark::NegatedLetsEveryoneIn { binding, others } => {
            let named = [binding].into_iter().chain(others);
            name.text(" lets in everybody except ")
                .list(named.map(subject).collect())
                .text(": all of its bindings are negated.")
        }
        Remark::AllActsAsAny { bindings } => name.text(format!(
            " is set to require all of its {bindings} group and user bindings, but authentik {} takes one of them for enough.",
            snapshot.version.line()
        )),
        Remark::EmptyGroup { group, .. } => name
            .text(" is bound to ")
            .group(snapshot, *group)
            .text(", which has no members."),
        Remark::InactiveGroup { group, members, .. } => name
            .text(" is bound to ")
            .group(snapshot, *group)
            .text(match members {
                1 => ", whose only member is deactivated.".to_owned(),
                more => format!(", all of whose {more} members are deactivated."),
            }),
        Remark::InactiveUser { user, .. } => name
            .text(" is bound to ")
            .user(snapshot, *user)
            .text(", who is deactivated."),
        Remark::ExpiredBinding { binding } => name
            .text(" has a binding to ")
            .sentence(subject(binding))
            .text(" that has ended: it does not count any more."),
        Remark::NobodyGetsIn => name.text(" lets nobody in who may sign in."),
    }
}
