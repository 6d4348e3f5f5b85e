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
    /// The binding has ended by itself; nobody passes it.
    Expired,
    /// It is not known.
    Unknown(Because),
}

/// One binding and one user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BindingOutcome {
    /// The binding.
    pub binding: BindingPk,
    /// Whether it counts.
    pub enabled: bool,
    /// Whether it is turned round.
    pub negate: bool,
    /// What it says about the user, turned round if it is; for a disabled binding: what it would say.
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
    /// The bindings in the order of evaluation, the disabled ones too.
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
                enabled: binding.enabled,
                negate: binding.negate,
                result,
                evidence: self.evidence(person, binding),
                decisive: binding.enabled && result == engine,
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
        let enabled = self.bindings(application.pk).iter().filter(|it| it.enabled);
        let (statics, all): (usize, usize) = enabled.fold((0, 0), |(statics, all), binding| {
            (statics + usize::from(binding.is_static()), all + 1)
        });
        let one_is_enough =
            self.semantics().static_bindings == StaticBindings::OneIsEnough && statics > 1;
        match application.mode {
            _ if all == 0 && self.open_without_binding() => Rule::OpenWithoutBinding,
            _ if all == 0 => Rule::ClosedWithoutBinding,
            PolicyEngineMode::Any => Rule::Any,
            PolicyEngineMode::All if one_is_enough => Rule::AllButOneIsEnough,
            PolicyEngineMode::All => Rule::All,
            PolicyEngineMode::Unknown(_) => Rule::Unknown,
        }
    }

    fn evidence(&self, person: &crate::User, binding: &Binding) -> Vec<Evidence> {
        if let Some(because) = Because::of(binding, self.snapshot()) {
            return vec![Evidence::Unknown(because)];
        }
        if binding.has_expired(self.snapshot().taken_at) {
            return vec![Evidence::Expired];
        }
        if self.semantics().agents && person.is_agent() {
            return vec![Evidence::Unknown(Because::Agent)];
        }
        let mut evidence = Vec::new();
        if let Some(group) = binding.group {
            evidence.push(match self.chain(person.pk, group) {
                Some(chain) => Evidence::Member { chain },
                None => Evidence::NotMember { group },
            });
        }
        let group_alone = self.semantics().static_bindings == StaticBindings::EachCounts;
        if let Some(user) = binding.user
            && !(group_alone && binding.group.is_some())
        {
            evidence.push(if user == person.pk {
                Evidence::Named
            } else {
                Evidence::NotNamed { user }
            });
        }
        evidence
    }

    fn because(&self, reason: &Reason, application: &crate::Application) -> Vec<Because> {
        if reason.verdict != Verdict::Unknown {
            return Vec::new();
        }
        if let PolicyEngineMode::Unknown(mode) = &application.mode {
            let mode = mode.clone();
            return vec![Because::Mode { mode }];
        }
        let outcomes = reason.bindings.iter();
        let outcomes = outcomes.filter(|it| it.enabled && it.result == Verdict::Unknown);
        let evidence = outcomes.flat_map(|outcome| &outcome.evidence);
        let mut because: Vec<Because> = Vec::new();
        for evidence in evidence {
            if let Evidence::Unknown(why) = evidence
                && !because.contains(why)
            {
                because.push(why.clone());
            }
        }
        let enabled = self.bindings(application.pk).iter();
        let enabled: Vec<&Binding> = enabled.copied().filter(|it| it.enabled).collect();
        if reason.rule != Rule::Any && self.mixes_policy_and_subject(&enabled) {
            because.push(Because::PolicyAndSubject);
        }
        because
    }
}
