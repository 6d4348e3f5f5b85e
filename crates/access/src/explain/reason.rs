//! Why: the bindings one by one, and what they come to.

use authentik_api::{ApplicationPk, BindingPk, GroupPk, UserPk, models::PolicyEngineMode};
use serde::{Deserialize, Serialize};

use super::words;
use crate::{Because, Binding, Evaluator, Sentence, StaticBindings, Verdict};

/// How the results of an application's bindings come to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// No binding counts, and the application is open.
    OpenWithoutBinding,
    /// No binding counts, and the server keeps such applications closed.
    ClosedWithoutBinding,
    /// One passing binding is enough.
    Any,
    /// Every binding must pass.
    All,
    /// Every policy must pass, but of several group and user bindings one is enough although the mode
    /// is `all`: the defect of 2025.8 to 2025.12 (trap T3).
    AllButOneIsEnough,
    /// The mode is not known.
    Unknown,
}

/// What a binding's result rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "evidence", rename_all = "snake_case")]
pub enum Evidence {
    /// The user is in the binding's group.
    Member {
        /// From a group of the user's own up to the binding's group, both included; one group when the
        /// membership is direct.
        chain: Vec<GroupPk>,
    },
    /// The user is not in the binding's group.
    NotMember {
        /// The binding's group.
        group: GroupPk,
    },
    /// The user is the binding's user.
    Named,
    /// The user is not the binding's user.
    NotNamed {
        /// The binding's user.
        user: UserPk,
    },
    /// The binding has ended by itself; it does not count.
    Expired,
    /// It is not known.
    Unknown(Because),
}

/// One binding and one user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BindingOutcome {
    /// The binding.
    pub binding: BindingPk,
    /// Whether it counts: it is enabled, and has not ended by itself.
    pub enabled: bool,
    /// Whether it is turned round.
    pub negate: bool,
    /// What it says about the user, turned round if it is; for a binding that does not count: what
    /// it would say.
    pub result: Verdict,
    /// What that rests on.
    pub evidence: Vec<Evidence>,
    /// Whether it counts and says what the engine says in the end.
    pub decisive: bool,
}

/// Why one person may or may not open one application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The person.
    pub user: UserPk,
    /// The application.
    pub application: ApplicationPk,
    /// Whether the person gets in.
    pub verdict: Verdict,
    /// What the policy engine says, and `check_access` with it: the same, unless the person may not
    /// sign in.
    pub engine: Verdict,
    /// Whether the person may sign in.
    pub is_active: bool,
    /// How the bindings come to one result.
    pub rule: Rule,
    /// The bindings in the order of evaluation, those that do not count too.
    pub bindings: Vec<BindingOutcome>,
    /// Why it is unknown, if it is.
    pub because: Vec<Because>,
    /// The reason in one sentence.
    pub sentence: Sentence,
}

impl Evaluator<'_> {
    /// Why a user may or may not open an application. `None` when there is no such user or
    /// application.
    pub fn reason(&self, user: UserPk, application: ApplicationPk) -> Option<Reason> {
        let row = self.row(user)?;
        let person = self.snapshot().user(user)?;
        let app = self.snapshot().application(application)?;
        let engine = self.engine_truth(app).at(row);
        let rule = self.rule(app);
        let bindings = self.bindings(application).iter().map(|binding| {
            let result = self.binding_truth(binding).at(row);
            BindingOutcome {
                binding: binding.pk,
                enabled: self.counts(binding),
                negate: binding.negate,
                result,
                evidence: self.evidence(person, binding, result),
                decisive: self.counts(binding) && result == engine,
            }
        });
        let mut reason = Reason {
            user,
            application,
            verdict: if person.is_active {
                engine
            } else {
                Verdict::Denied
            },
            engine,
            is_active: person.is_active,
            rule,
            bindings: bindings.collect(),
            because: Vec::new(),
            sentence: Sentence::default(),
        };
        reason.because = self.because(&reason, app);
        reason.sentence = words::sentence(self, &reason);
        Some(reason)
    }

    fn rule(&self, application: &crate::Application) -> Rule {
        let counting = self.counting(application.pk);
        let statics = counting.iter().filter(|it| it.is_static()).count();
        let one_is_enough =
            self.semantics().static_bindings == StaticBindings::OneIsEnough && statics > 1;
        match application.mode {
            _ if counting.is_empty() && self.open_without_binding() => Rule::OpenWithoutBinding,
            _ if counting.is_empty() => Rule::ClosedWithoutBinding,
            PolicyEngineMode::Any => Rule::Any,
            PolicyEngineMode::All if one_is_enough => Rule::AllButOneIsEnough,
            PolicyEngineMode::All => Rule::All,
            PolicyEngineMode::Unknown(_) => Rule::Unknown,
        }
    }

    /// What a result rests on. What is not known about one subject is left out where the other settles
    /// the result.
    fn evidence(&self, person: &crate::User, binding: &Binding, result: Verdict) -> Vec<Evidence> {
        let snapshot = self.snapshot();
        if binding.has_expired(snapshot.taken_at) {
            return vec![Evidence::Expired];
        }
        if let Some(policy) = binding.policy {
            return vec![Evidence::Unknown(Because::policy(policy, snapshot))];
        }
        if binding.group.is_none() && binding.user.is_none() {
            return vec![Evidence::Unknown(Because::NoSubject)];
        }
        if self.semantics().agents && person.is_agent() {
            return vec![Evidence::Unknown(Because::Agent)];
        }
        let group_alone = self.semantics().static_bindings == StaticBindings::EachCounts;
        let user = binding
            .user
            .filter(|_| !(group_alone && binding.group.is_some()));
        let group = binding.group.map(|group| self.of_group(person, group));
        let user = user.map(|user| match snapshot.user(user) {
            _ if user == person.pk => Evidence::Named,
            Some(_) => Evidence::NotNamed { user },
            None => Evidence::Unknown(Because::UserMissing { user }),
        });
        let is_unknown = |it: &Evidence| matches!(it, Evidence::Unknown(_));
        let evidence = group.into_iter().chain(user);
        let (mut evidence, known): (Vec<_>, Vec<_>) = evidence.partition(is_unknown);
        if result != Verdict::Unknown {
            evidence.clear();
        }
        evidence.extend(known);
        evidence
    }

    fn of_group(&self, person: &crate::User, group: GroupPk) -> Evidence {
        if self.snapshot().group(group).is_none() {
            return Evidence::Unknown(Because::GroupMissing { group });
        }
        if let Some(chain) = self.chain(person.pk, group) {
            return Evidence::Member { chain };
        }
        match self.missing_above(&person.groups) {
            Some(group) => Evidence::Unknown(Because::OwnGroupMissing { group }),
            None => Evidence::NotMember { group },
        }
    }

    fn because(&self, reason: &Reason, application: &crate::Application) -> Vec<Because> {
        if reason.verdict != Verdict::Unknown {
            return Vec::new();
        }
        if let PolicyEngineMode::Unknown(mode) = &application.mode {
            let mode = mode.clone();
            return vec![Because::Mode { mode }];
        }
        let counting = self.counting(application.pk);
        let is_static = |outcome: &BindingOutcome| {
            let mut counting = counting.iter();
            counting.any(|it| it.pk == outcome.binding && it.is_static())
        };
        // Where one group or user binding is enough and one passes, the others do not matter.
        let settled = reason.rule == Rule::AllButOneIsEnough
            && reason.bindings.iter().any(|outcome| {
                outcome.enabled && outcome.result == Verdict::Allowed && is_static(outcome)
            });
        let outcomes = reason.bindings.iter();
        let outcomes = outcomes.filter(|it| it.enabled && it.result == Verdict::Unknown);
        let outcomes = outcomes.filter(|it| !(settled && is_static(it)));
        let evidence = outcomes.flat_map(|outcome| &outcome.evidence);
        let mut because: Vec<Because> = Vec::new();
        for evidence in evidence {
            if let Evidence::Unknown(why) = evidence
                && !because.contains(why)
            {
                because.push(why.clone());
            }
        }
        if reason.rule != Rule::Any && self.mixes_policy_and_subject(&counting) {
            because.push(Because::PolicyAndSubject);
        }
        because
    }
}
