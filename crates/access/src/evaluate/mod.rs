//! Who gets in: set algebra over all users at once.

mod because;
mod matrix;
mod people;
mod truth;

use std::{collections::HashMap, sync::Arc};

use authentik_api::{ApplicationPk, GroupPk, UserPk, models::PolicyEngineMode};

pub(crate) use self::people::Rows;
pub use self::{
    because::Because,
    matrix::{Counts, Matrix, MatrixRow},
    truth::Verdict,
};
use self::{people::People, truth::Truth};
use crate::{Application, Binding, Semantics, Snapshot, StaticBindings, bits::Bits};

/// Answers questions about one snapshot by the rules of its version.
///
/// Making one costs as much as reading the memberships once; the answers share that work.
#[derive(Debug)]
pub struct Evaluator<'s> {
    snapshot: &'s Snapshot,
    semantics: Semantics,
    people: People,
    /// Bindings by application, in the order of evaluation, the disabled ones too.
    bindings: HashMap<ApplicationPk, Vec<&'s Binding>>,
}

impl<'s> Evaluator<'s> {
    /// By the rules of the snapshot's version.
    pub fn new(snapshot: &'s Snapshot) -> Self {
        Self::with(snapshot, Semantics::of(&snapshot.version))
    }

    /// By other rules: what would an upgrade do?
    pub fn with(snapshot: &'s Snapshot, semantics: Semantics) -> Self {
        let mut bindings: HashMap<ApplicationPk, Vec<&Binding>> = HashMap::new();
        for binding in &snapshot.bindings {
            let of_application = bindings.entry(binding.application).or_default();
            of_application.push(binding);
        }
        for of_application in bindings.values_mut() {
            of_application.sort_by_key(|binding| (binding.order, binding.pk));
        }
        Self {
            people: People::of(snapshot, &semantics),
            snapshot,
            semantics,
            bindings,
        }
    }

    /// The snapshot.
    pub fn snapshot(&self) -> &'s Snapshot {
        self.snapshot
    }

    /// The rules.
    pub fn semantics(&self) -> &Semantics {
        &self.semantics
    }

    /// Everybody against everything. Users who may not sign in open nothing.
    pub fn matrix(&self) -> Matrix {
        self.matrix_of(|application| self.truth(application))
    }

    /// Everybody against everything as authentik's policy engine sees it, which is what `check_access`
    /// answers: it does not look at whether a user may sign in.
    pub fn engine_matrix(&self) -> Matrix {
        self.matrix_of(|application| self.engine_truth(application))
    }

    fn matrix_of(&self, truth: impl Fn(&Application) -> Truth) -> Matrix {
        let rows = self.snapshot.applications.iter();
        let rows = rows.map(|application| {
            MatrixRow::new(
                application.pk,
                Arc::clone(&self.people.rows),
                truth(application),
            )
        });
        Matrix::new(Arc::clone(&self.people.rows), rows.collect())
    }

    /// Whether one user may open one application; `None` when there is no such user or application.
    pub fn verdict(&self, user: UserPk, application: ApplicationPk) -> Option<Verdict> {
        let row = self.people.rows.row(user)?;
        let application = self.snapshot.application(application)?;
        Some(self.truth(application).at(row))
    }

    /// Whether somebody who is in no group and whom no binding names may open an application: a
    /// stranger with an account. Allowed means that the door is open to everyone.
    pub fn outsider(&self, application: ApplicationPk) -> Option<Verdict> {
        let application = self.snapshot.application(application)?;
        Some(self.truth(application).at(self.people.rows.outsider()))
    }

    /// The members of a group, those of groups below included, in the order of the snapshot.
    pub fn members(&self, group: GroupPk) -> Option<impl Iterator<Item = UserPk> + '_> {
        let members = self.people.members(group)?;
        Some(self.people.rows.of_rows(members))
    }

    /// The way up by which a user is in a group: from a group of the user's own to this one. `None`
    /// when the user is not in it.
    pub fn chain(&self, user: UserPk, group: GroupPk) -> Option<Vec<GroupPk>> {
        self.people.chain(&self.snapshot.user(user)?.groups, group)
    }

    /// The bindings that count and name this group or a group above it: through them its members get
    /// in, or are kept out.
    pub fn reached_by(&self, group: GroupPk) -> Vec<&'s Binding> {
        let names = |binding: &&Binding| {
            let named = binding.group.filter(|_| self.counts(binding));
            named.is_some_and(|named| self.leads_to(group, named))
        };
        self.snapshot.bindings.iter().filter(names).collect()
    }

    /// Whether the members of a group are superusers: it is marked so, or a group above it is.
    pub fn makes_superusers(&self, group: GroupPk) -> bool {
        let mut marked = self.snapshot.groups.iter().filter(|it| it.is_superuser);
        marked.any(|it| self.leads_to(group, it.pk))
    }

    /// Whether a user is superuser, through any group of the user's own. Opens no application.
    pub fn is_superuser(&self, user: UserPk) -> bool {
        let groups = self.snapshot.user(user).map(|user| user.groups.iter());
        let mut groups = groups.into_iter().flatten();
        groups.any(|group| self.makes_superusers(*group))
    }

    /// Whether members of `own` are members of `group`.
    pub(crate) fn leads_to(&self, own: GroupPk, group: GroupPk) -> bool {
        self.people.chain(&[own], group).is_some()
    }

    pub(crate) fn bindings(&self, application: ApplicationPk) -> &[&'s Binding] {
        self.bindings.get(&application).map_or(&[], Vec::as_slice)
    }

    /// Whether a binding exists for the engine.
    pub(crate) fn counts(&self, binding: &Binding) -> bool {
        binding.counts(self.snapshot.taken_at)
    }

    /// The bindings of an application that count, in the order of evaluation.
    pub(crate) fn counting(&self, application: ApplicationPk) -> Vec<&'s Binding> {
        let bindings = self.bindings(application).iter().copied();
        bindings.filter(|it| self.counts(it)).collect()
    }

    /// What a binding says about somebody who is in no group and whom no binding names.
    pub(crate) fn of_outsider(&self, binding: &Binding) -> Verdict {
        self.binding_truth(binding).at(self.people.rows.outsider())
    }

    /// A group of these, or one above them, that the snapshot does not have.
    pub(crate) fn missing_above(&self, own: &[GroupPk]) -> Option<GroupPk> {
        self.people.missing_above(own)
    }

    pub(crate) fn row(&self, user: UserPk) -> Option<usize> {
        self.people.rows.row(user)
    }

    pub(crate) fn member_rows(&self, group: GroupPk) -> Option<&Bits> {
        self.people.members(group)
    }

    pub(crate) fn active_rows(&self) -> &Bits {
        &self.people.active
    }

    /// The answer for everybody who may sign in.
    fn truth(&self, application: &Application) -> Truth {
        let mut truth = self.engine_truth(application);
        truth.only(&self.people.active);
        truth
    }

    /// The answer of the policy engine.
    pub(crate) fn engine_truth(&self, application: &Application) -> Truth {
        let counting = self.counting(application.pk);
        let len = self.people.rows.len();
        if counting.is_empty() {
            return Truth::filled(len, self.open_without_binding());
        }
        let all = match application.mode {
            PolicyEngineMode::Any => false,
            PolicyEngineMode::All => true,
            PolicyEngineMode::Unknown(_) => return Truth::unknown(len),
        };
        if all && self.mixes_policy_and_subject(&counting) {
            return Truth::unknown(len);
        }
        let truths = |bindings: Vec<&Binding>| -> Vec<Truth> {
            bindings
                .into_iter()
                .map(|it| self.binding_truth(it))
                .collect()
        };
        let results = if self.semantics.static_bindings == StaticBindings::OneIsEnough {
            let (fixed, dynamic): (Vec<&Binding>, Vec<&Binding>) = counting
                .into_iter()
                .partition(|binding| binding.is_static());
            let mut results = truths(dynamic);
            results.extend(combine(truths(fixed), false));
            results
        } else {
            // By mode, one result of all static bindings and many results come to the same.
            truths(counting)
        };
        combine(results, all).unwrap_or_else(|| Truth::unknown(len))
    }

    /// Whether an application without a binding that counts is open to everyone.
    pub fn open_without_binding(&self) -> bool {
        self.snapshot.default_app_access || !self.semantics.default_app_access_flag
    }

    /// From 2025.8 on a binding with a policy and a group or user counts in the static result although
    /// it is none of those that are counted: in mode `all` anything can come out.
    pub(crate) fn mixes_policy_and_subject(&self, counting: &[&Binding]) -> bool {
        self.semantics.static_bindings != StaticBindings::EachCounts
            && counting
                .iter()
                .any(|it| it.policy.is_some() && (it.group.is_some() || it.user.is_some()))
    }

    /// The result of one binding as if it counted, for everybody.
    pub(crate) fn binding_truth(&self, binding: &Binding) -> Truth {
        let len = self.people.rows.len();
        if !binding.is_static() {
            return Truth::unknown(len);
        }
        let mut truth: Option<Truth> = None;
        if let Some(group) = binding.group {
            let membership = self.people.membership(group);
            truth = Some(membership.unwrap_or_else(|| Truth::unknown(len)));
        }
        let first_alone = self.semantics.static_bindings == StaticBindings::EachCounts;
        if let Some(user) = binding.user
            && !(first_alone && truth.is_some())
        {
            let named = match self.people.rows.row(user) {
                Some(row) => {
                    let mut rows = Bits::none(len);
                    rows.insert(row);
                    Truth::known(rows)
                }
                None => Truth::unknown(len),
            };
            match &mut truth {
                Some(truth) if binding.negate => truth.and(&named),
                Some(truth) => truth.or(&named),
                None => truth = Some(named),
            }
        }
        let mut truth = truth.unwrap_or_else(|| Truth::unknown(len));
        if binding.negate {
            truth.invert();
        }
        truth.blur(&self.people.agents);
        truth
    }
}

/// All of the results or any of them; `None` when there is none.
fn combine(results: Vec<Truth>, all: bool) -> Option<Truth> {
    results.into_iter().reduce(|mut left, right| {
        if all {
            left.and(&right);
        } else {
            left.or(&right);
        }
        left
    })
}
