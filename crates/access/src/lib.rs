//! Who may open what in authentik, why, and what a change would do.
//!
//! A [`Snapshot`] holds everything that decides about access at one moment; [`load()`] reads one from a
//! server with few calls, and [`Snapshot::apply`] or [`Snapshot::read_again`] keep it up to date. An [`Evaluator`] answers by the
//! rules of the server's version ([`Semantics`]): the whole [`Matrix`] at once, or one cell with its
//! [`Explanation`]. [`diff()`] says what [`Change`]s would do to people, and [`open_doors`] what is
//! remarkable as it stands.
//!
//! Everything here is computed from the snapshot and from nothing else; there is no clock, and no
//! input makes it panic. Where a policy decides, the answer is [`Verdict::Unknown`], with the reason,
//! unless the other bindings settle it anyway. Nobody gets in for being superuser.
//!
//! ```
//! use access::{Application, Binding, Change, Evaluator, Group, Snapshot, User, Verdict, diff};
//! use authentik_api::{ApplicationPk, BindingPk, GroupPk, UserPk, models::Subject};
//!
//! let mut home = Snapshot::empty("2026-11-22T00:00:00Z".parse()?, "2026.5.0".parse()?);
//! let jellyfin = ApplicationPk(Default::default());
//! let family = GroupPk(Default::default());
//! home.applications.push(Application::new(jellyfin, "jellyfin", "Jellyfin"));
//! home.groups.push(Group::new(family, "family"));
//! home.users.push(User::new(UserPk(5), "jodie"));
//! home.users.push(User { groups: vec![family], ..User::new(UserPk(6), "sam") });
//! let binding = Binding::new(BindingPk(Default::default()), jellyfin, Subject::Group(family), 0);
//! home.bindings.push(binding.clone());
//!
//! let evaluator = Evaluator::new(&home);
//! assert_eq!(evaluator.verdict(UserPk(6), jellyfin), Some(Verdict::Allowed));
//!
//! let why = evaluator.explain(UserPk(5), jellyfin).ok_or("no such user")?;
//! assert_eq!(why.reason.sentence.to_string(), "“jodie” cannot open “Jellyfin”: they are not in “family”.");
//! assert_eq!(why.flips[0].sentence.to_string(), "add “jodie” to “family”");
//!
//! let removed = diff(&home, &[Change::RemoveBinding { binding: binding.pk }]);
//! assert_eq!(removed.doors_opened().count(), 1);
//! assert_eq!(removed.applications[0].gains[0].username, "jodie");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bits;
mod diff;
mod evaluate;
mod explain;
mod load;
mod open_doors;
mod semantics;
mod sentence;
mod snapshot;

pub use self::{
    diff::{AccessDiff, ApplicationDiff, Door, UserRef, compare, diff},
    evaluate::{Because, Counts, Evaluator, Matrix, MatrixRow, Verdict},
    explain::{BindingOutcome, Evidence, Explanation, Flip, Reason, Rule, SideEffects},
    load::{List, LoadError, LoadOptions, Progress, Touched, load},
    open_doors::{OpenDoor, Remark, open_doors},
    semantics::{Semantics, StaticBindings},
    sentence::{Piece, Sentence},
    snapshot::{
        Application, Binding, Change, Group, Inapplicable, Missing, Note, Policy, Snapshot, User,
        proposed_binding, proposed_group, proposed_user,
    },
};
