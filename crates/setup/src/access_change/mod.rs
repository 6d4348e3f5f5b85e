//! Guided changes of who may open what: bindings, memberships, groups, users, open and closed doors.
//!
//! [`AccessDraft`] → [`plan()`] with a [`Snapshot`](access::Snapshot) and an [`Acting`] →
//! [`Plan`](crate::change::Plan). Every plan carries the access diff; one that opens a door, takes access
//! from many, touches superusers, or locks out the one who acts has a
//! [`Confirmation`](crate::change::Confirmation) to be typed.
//!
//! # The deny that is left
//! What keeps everybody out on every version is an enabled binding to a group without members, as the
//! only one that counts: nobody passes it, in either mode, and superusers are no exception (fact sheet
//! §3.2; recordings `access_matrix` and `delete_cascades`, where such bindings refuse). No binding at
//! all would let everybody in. The group is called [`NOBODY`], and is made where there is none.

mod acting;
mod application;
mod binding;
mod confirm;
mod deny;
mod draft;
mod findings;
mod group;
mod membership;
mod names;
mod plan;
mod request;
mod unbind;
mod user;
mod verify;
mod work;

pub use self::{
    acting::{Acting, MAX_UNCONFIRMED_LOSSES},
    deny::NOBODY,
    draft::{
        AccessDraft, ApplicationAccess, Door, EngineMode, GroupAction, GroupBinding, GroupDraft,
        MembershipDraft, Unbind, UserAction, UserDraft,
    },
    group::suggested_name,
    plan::{Preview, plan, preview},
    verify::{Question, judge, questions},
};
