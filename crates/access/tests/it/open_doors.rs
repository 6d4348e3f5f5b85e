//! Remarks about doors.

use access::{Remark, Snapshot, open_doors};

use crate::common::{
    Describe, bound, disabled, group, negated, plain, to_group, to_policy, to_user, user, world,
};

fn remarks(world: &Snapshot) -> Vec<(Remark, bool, String)> {
    let doors = open_doors(world).into_iter();
    doors
        .map(|door| (door.remark, door.everyone, door.sentence.to_string()))
        .collect()
}

fn one(world: &Snapshot) -> (Remark, bool, String) {
    let remarks = remarks(world);
    assert_eq!(remarks.len(), 1, "{remarks:?}");
    remarks.into_iter().next().unwrap()
}

fn home(version: &str) -> Snapshot {
    world(version, 2, 2, 1).joins(1, 1)
}

#[test]
fn an_application_that_is_bound_to_people_is_not_remarkable() {
    for version in ["2025.6.4", "2025.10.4", "2026.5.8"] {
        assert_eq!(remarks(&home(version).binds(1, to_group(1), plain)), []);
        let policy = home(version).binds(1, to_policy(1), plain);
        assert_eq!(remarks(&policy), []);
    }
}

#[test]
fn applications_without_enabled_binding_are_open_or_closed() {
    let (remark, everyone, sentence) = one(&home("2026.5.8"));
    assert_eq!(
        remark,
        Remark::NoEnabledBinding {
            disabled: 0,
            open: true
        }
    );
    assert!(everyone);
    assert_eq!(sentence, "“app 1” has no binding: everyone gets in.");
    let mut closed = home("2026.5.8").binds(1, to_group(1), disabled);
    closed.default_app_access = false;
    let (remark, everyone, sentence) = one(&closed);
    assert_eq!(
        remark,
        Remark::NoEnabledBinding {
            disabled: 1,
            open: false
        }
    );
    assert!(!everyone);
    assert_eq!(
        sentence,
        "“app 1” has one binding, which is disabled: nobody gets in, since this server closes such applications."
    );
}

#[test]
fn negated_bindings_are_told_where_they_let_strangers_in() {
    let any = home("2026.5.8")
        .binds(1, to_group(1), negated)
        .binds(1, to_user(2), plain);
    let (remark, everyone, sentence) = one(&any);
    assert_eq!(remark, negation(1, &[]));
    assert!(everyone);
    assert_eq!(
        sentence,
        "“app 1” lets in everybody who is not in “group 1”: the binding is negated."
    );
    assert_eq!(
        remarks(&any.mode_all(1)),
        [],
        "in mode all it only keeps people out"
    );
    let both = home("2026.5.8")
        .mode_all(1)
        .binds(1, to_group(1), negated)
        .binds(1, to_user(2), negated);
    let told = |world: &Snapshot| -> Vec<_> {
        let remarks = remarks(world).into_iter();
        remarks.filter(|(_, everyone, _)| *everyone).collect()
    };
    let sentence =
        "“app 1” lets in everybody except “group 1” and “user 2”: all of its bindings are negated.";
    assert_eq!(told(&both), [(negation(1, &[2]), true, sentence.into())]);
    let mut each = both.clone();
    each.applications[0].mode = authentik_api::models::PolicyEngineMode::Any;
    let each: Vec<_> = told(&each).into_iter().map(|it| it.0).collect();
    assert_eq!(each, [negation(1, &[]), negation(2, &[])]);
    // Whom a group keeps out that is not there is not known, so it lets nobody in for certain.
    let missing = home("2026.5.8")
        .binds(1, to_group(1), negated)
        .binds(1, to_group(99), negated);
    assert_eq!(one(&missing).0, negation(1, &[]));
}

fn negation(binding: u32, others: &[u32]) -> Remark {
    Remark::NegatedLetsEveryoneIn {
        binding: bound(binding),
        others: others.iter().copied().map(bound).collect(),
    }
}

/// The applications `all-negated` and `mailcow` of the recordings: who is in one of the two groups is
/// kept out, except that of 2025.8 to 2025.12 one is enough; and a policy may keep anybody out.
#[test]
fn in_mode_all_negated_bindings_are_told_for_what_they_do() {
    for (version, expected) in [
        ("2023.10.7", vec![negation(1, &[2])]),
        ("2025.10.0-rc1", vec![negation(1, &[]), negation(2, &[])]),
        ("2026.5.0-rc1", vec![negation(1, &[2])]),
    ] {
        let all_negated = home(version).joins(2, 2).mode_all(1);
        let all_negated = all_negated
            .binds(1, to_group(1), negated)
            .binds(1, to_group(2), negated);
        let told = remarks(&all_negated).into_iter().map(|it| it.0);
        let told: Vec<_> = told
            .filter(|it| matches!(it, Remark::NegatedLetsEveryoneIn { .. }))
            .collect();
        assert_eq!(told, expected, "{version}");
        let mailcow = home(version).mode_all(1);
        let mailcow = mailcow
            .binds(1, to_group(1), negated)
            .binds(1, to_policy(1), plain);
        assert_eq!(remarks(&mailcow), [], "{version}");
    }
}

#[test]
fn mode_all_is_remarkable_where_one_binding_is_enough() {
    let two = |version| {
        let home = home(version).mode_all(1).joins(2, 1);
        home.binds(1, to_group(1), plain)
            .binds(1, to_user(2), plain)
    };
    let (remark, everyone, sentence) = one(&two("2025.12.6"));
    assert_eq!(
        (remark, everyone),
        (Remark::AllActsAsAny { bindings: 2 }, false)
    );
    assert!(
        sentence.contains("authentik 2025.12 takes one of them for enough"),
        "{sentence}"
    );
    assert_eq!(remarks(&two("2026.2.7")), []);
    assert_eq!(remarks(&two("2025.6.4")), []);
}

#[test]
fn groups_without_people_are_told() {
    let empty = remarks(&home("2026.5.8").binds(1, to_group(2), plain));
    let remark = Remark::EmptyGroup {
        binding: bound(1),
        group: group(2),
    };
    assert_eq!(
        empty[0],
        (
            remark,
            false,
            "“app 1” is bound to “group 2”, which has no members.".into()
        )
    );
    assert_eq!(empty[1].0, Remark::NobodyGetsIn);
    // Members of a group below are members.
    assert_eq!(
        remarks(&home("2026.5.8").below(1, 2).binds(1, to_group(2), plain)),
        []
    );
    let inactive = remarks(&home("2026.5.8").inactive(1).binds(1, to_group(1), plain));
    assert_eq!(
        inactive[0].0,
        Remark::InactiveGroup {
            binding: bound(1),
            group: group(1),
            members: 1
        }
    );
    assert_eq!(inactive[1].2, "“app 1” lets nobody in who may sign in.");
    let user_binding = home("2026.5.8")
        .inactive(2)
        .binds(1, to_user(2), plain)
        .binds(1, to_user(1), plain);
    assert_eq!(
        one(&user_binding).0,
        Remark::InactiveUser {
            binding: bound(1),
            user: user(2)
        }
    );
}

#[test]
fn bindings_that_have_ended_are_told() {
    let ended = home("2026.8.5")
        .binds(1, to_group(1), |it| {
            it.expires = Some("2026-01-01T00:00:00Z".parse().unwrap());
        })
        .binds(1, to_user(1), plain);
    let (remark, _, sentence) = one(&ended);
    assert_eq!(remark, Remark::ExpiredBinding { binding: bound(1) });
    assert_eq!(
        sentence,
        "“app 1” has a binding to “group 1” that has ended: it does not count any more."
    );
    let mut alone = ended;
    alone.bindings.truncate(1);
    let [(open, everyone, sentence), (remark, ..)] = remarks(&alone).try_into().unwrap();
    let none = Remark::NoEnabledBinding {
        disabled: 1,
        open: true,
    };
    assert_eq!((open, everyone), (none, true));
    assert_eq!(
        sentence,
        "“app 1” has one binding, which has ended: everyone gets in."
    );
    assert_eq!(remark, Remark::ExpiredBinding { binding: bound(1) });
    let policy = alone.binds(1, to_policy(1), |it| {
        it.expires = Some("2026-01-01T00:00:00Z".parse().unwrap());
    });
    let policy = remarks(&policy.policy_named(1, "office hours"));
    let sentences: Vec<_> = policy.iter().map(|it| it.2.as_str()).collect();
    assert_eq!(
        sentences,
        [
            "“app 1” has 2 bindings, all of them disabled or ended: everyone gets in.",
            "“app 1” has a binding to “group 1” that has ended: it does not count any more.",
            "“app 1” has a binding to “office hours” that has ended: it does not count any more.",
        ]
    );
}
