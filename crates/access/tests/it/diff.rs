//! What changes do to people, in the cases that matter most.

use access::{Change, Door, Missing, Snapshot, User, diff, proposed_user};

use crate::common::{
    Describe, app, bound, group, negated, plain, to_group, to_policy, to_user, user, world,
};

fn names(users: &[access::UserRef]) -> Vec<&str> {
    users.iter().map(|user| user.username.as_str()).collect()
}

/// Group 1 holds users 1 and 2 (through group 2 below it); it alone is bound to app 1.
fn home() -> Snapshot {
    world("2026.5.8", 4, 2, 2)
        .below(2, 1)
        .joins(1, 1)
        .joins(2, 2)
        .binds(1, to_group(1), plain)
        .binds(2, to_user(4), plain)
}

#[test]
fn deleting_a_group_opens_what_only_it_closed() {
    let diff = diff(&home(), &[Change::DeleteGroup { group: group(1) }]);
    let [jellyfin] = diff.applications.as_slice() else {
        panic!("one application");
    };
    assert_eq!(names(&jellyfin.gains), ["user 3", "user 4"]);
    assert!(jellyfin.losses.is_empty());
    assert_eq!(
        (jellyfin.door_before, jellyfin.door_after),
        (Door::Chosen, Door::Everyone)
    );
    assert_eq!((jellyfin.before.allowed, jellyfin.after.allowed), (2, 4));
    assert_eq!(diff.doors_opened().count(), 1);
    assert_eq!((diff.gains(), diff.losses(), diff.uncertain()), (2, 0, 0));
}

#[test]
fn leaving_a_group_and_losing_a_parent_take_access_away() {
    let left = diff(
        &home(),
        &[Change::RemoveMember {
            group: group(1),
            user: user(1),
        }],
    );
    assert_eq!(names(&left.applications[0].losses), ["user 1"]);
    let moved = diff(
        &home(),
        &[Change::SetParents {
            group: group(2),
            parents: vec![],
        }],
    );
    assert_eq!(names(&moved.applications[0].losses), ["user 2"]);
    assert_eq!(moved.losers().len(), 1);
    let shut = [user(1), user(2)].map(|user| Change::SetActive {
        user,
        active: false,
    });
    assert!(diff(&home(), &shut).applications[0].shuts_everybody_out());
}

#[test]
fn binding_an_open_application_closes_its_door() {
    let mut open = home();
    open.bindings.clear();
    let binding = home().bindings[0].clone();
    let closed = diff(&open, &[Change::PutBinding { binding }]);
    assert_eq!(closed.doors_closed().count(), 1);
    assert_eq!(names(&closed.applications[0].losses), ["user 3", "user 4"]);
    // Nobody is there, and still the door closes.
    open.users.clear();
    let binding = home().bindings[0].clone();
    assert_eq!(
        diff(&open, &[Change::PutBinding { binding }])
            .doors_closed()
            .count(),
        1
    );
}

#[test]
fn negating_in_mode_any_opens_the_door_and_keeps_the_members_out() {
    let diff = diff(
        &home(),
        &[Change::SetNegate {
            binding: bound(1),
            negate: true,
        }],
    );
    let jellyfin = &diff.applications[0];
    assert_eq!(names(&jellyfin.gains), ["user 3", "user 4"]);
    assert_eq!(names(&jellyfin.losses), ["user 1", "user 2"]);
    assert!(jellyfin.opens());
}

#[test]
fn what_becomes_unknown_is_neither_gain_nor_loss() {
    let home = home().policy_named(1, "x");
    let with_policy = home.clone().binds(1, to_policy(1), plain);
    let binding = with_policy.bindings.last().unwrap().clone();
    let put = diff(&home, &[Change::PutBinding { binding }]);
    let jellyfin = &put.applications[0];
    assert_eq!(names(&jellyfin.denied_to_unknown), ["user 3", "user 4"]);
    assert_eq!((put.gains(), put.losses(), put.uncertain()), (0, 0, 2));
    assert_eq!(jellyfin.door_after, Door::Unknown);
    let taken = diff(
        &with_policy,
        &[Change::DeletePolicy {
            policy: crate::common::policy(1),
        }],
    );
    assert_eq!(
        names(&taken.applications[0].unknown_to_denied),
        ["user 3", "user 4"]
    );
    let all = with_policy.mode_all(1);
    assert_eq!(all.bindings.len(), 3);
    let disabled = diff(
        &all,
        &[Change::SetEnabled {
            binding: bound(3),
            enabled: false,
        }],
    );
    assert_eq!(
        names(&disabled.applications[0].unknown_to_allowed),
        ["user 1", "user 2"]
    );
}

#[test]
fn people_and_applications_come_and_go() {
    let newcomer = User {
        groups: vec![group(1)],
        ..User::new(proposed_user(0), "kim")
    };
    let came = diff(&home(), &[Change::PutUser { user: newcomer }]);
    assert_eq!(names(&came.applications[0].gains), ["kim"]);
    // Deleting the user of a lone binding opens the door (recorded in delete_cascades).
    let went = diff(&home(), &[Change::DeleteUser { user: user(4) }]);
    assert_eq!(
        names(&went.applications[0].gains),
        ["user 1", "user 2", "user 3"]
    );
    assert_eq!(names(&went.applications[0].losses), ["user 4"]);
    assert!(went.applications[0].opens());
    let closed = diff(
        &home(),
        &[Change::DeleteApplication {
            application: app(1),
        }],
    );
    assert_eq!(names(&closed.applications[0].losses), ["user 1", "user 2"]);
    assert_eq!(closed.applications[0].door_after, Door::Absent);
}

#[test]
fn the_flag_moves_every_unbound_door() {
    let mut home = home();
    home.bindings.clear();
    let diff = diff(&home, &[Change::SetDefaultAccess { open: false }]);
    assert_eq!((diff.doors_closed().count(), diff.losses()), (2, 8));
}

#[test]
fn changes_that_do_not_fit_are_told_and_left_out() {
    let changes = [
        Change::AddMember {
            group: group(9),
            user: user(1),
        },
        Change::RemoveBinding { binding: bound(9) },
        Change::SetParents {
            group: group(1),
            parents: vec![group(8)],
        },
    ];
    let diff = diff(&home(), &changes);
    let missing: Vec<Missing> = diff.left_out.iter().map(|it| it.missing).collect();
    assert_eq!(
        missing,
        [
            Missing::Group(group(9)),
            Missing::Binding(bound(9)),
            Missing::Group(group(8))
        ]
    );
    assert!(diff.is_empty());
    assert!(
        diff.left_out[0]
            .missing
            .to_string()
            .starts_with("there is no group")
    );
}

#[test]
fn a_diff_is_json_that_reads_back() {
    let home = home().binds(1, to_group(2), negated);
    let changes = [
        Change::DeleteGroup { group: group(2) },
        Change::SetActive {
            user: user(4),
            active: false,
        },
    ];
    let diff = diff(&home, &changes);
    assert!(!diff.is_empty());
    let text = serde_json::to_string(&diff).unwrap();
    assert_eq!(
        serde_json::from_str::<access::AccessDiff>(&text).unwrap(),
        diff
    );
    let text = serde_json::to_string(&changes).unwrap();
    assert!(
        text.starts_with(r#"[{"change":"delete_group","group":"#),
        "{text}"
    );
    assert_eq!(serde_json::from_str::<Vec<Change>>(&text).unwrap(), changes);
}
