//! The rules of each version, one by one.

use access::{Binding, Evaluator, Snapshot, Verdict};
use authentik_api::models::{PolicyEngineMode, UserType};

use crate::common::{
    Describe, app, column, disabled, group, negated, plain, policy, to_group, to_policy, to_user,
    user, world,
};

/// Users 1 to 4: in groups 1 and 2, in 1, in 2, in none.
fn two_groups(version: &str) -> Snapshot {
    world(version, 4, 2, 1)
        .joins(1, 1)
        .joins(1, 2)
        .joins(2, 1)
        .joins(3, 2)
}

const EACH: &str = "2025.6.4";
const ONE: &str = "2025.12.6";
const MODE: &str = "2026.2.7";

#[test]
fn mode_any_needs_one_binding_in_every_version() {
    for version in [EACH, ONE, MODE] {
        let world = two_groups(version)
            .binds(1, to_group(1), plain)
            .binds(1, to_group(2), plain);
        assert_eq!(column(&world, 1), "+++-", "{version}");
    }
}

#[test]
fn mode_all_needs_every_binding_except_from_2025_8_to_2025_12() {
    for (version, expected) in [
        ("2023.10.7", "+---"),
        (EACH, "+---"),
        ("2025.8.1", "+++-"),
        ("2025.10.0-rc1", "+++-"),
        (ONE, "+++-"),
        (MODE, "+---"),
        ("2026.8.5", "+---"),
    ] {
        let world = two_groups(version).mode_all(1);
        let world = world
            .binds(1, to_group(1), plain)
            .binds(1, to_group(2), plain);
        assert_eq!(column(&world, 1), expected, "{version}");
    }
}

#[test]
fn negated_bindings_let_in_everybody_else_and_disabled_ones_do_not_exist() {
    for version in [EACH, ONE, MODE] {
        let world = two_groups(version);
        let other = world.clone().binds(1, to_group(1), negated);
        assert_eq!(column(&other, 1), "--++", "{version}");
        let other = world
            .clone()
            .binds(1, to_group(1), negated)
            .binds(1, to_group(1), plain);
        assert_eq!(column(&other, 1), "++++", "{version}");
        let other = world.clone().binds(1, to_user(4), negated);
        assert_eq!(column(&other, 1), "+++-", "{version}");
        let other = world
            .clone()
            .binds(1, to_group(1), disabled)
            .binds(1, to_user(4), plain);
        assert_eq!(column(&other, 1), "---+", "{version}");
        assert_eq!(
            column(&world.binds(1, to_group(1), disabled), 1),
            "++++",
            "{version}"
        );
    }
}

#[test]
fn superusers_are_like_everyone_else() {
    let mut world = two_groups(MODE).binds(1, to_group(2), plain);
    world.groups[0].is_superuser = true;
    assert_eq!(column(&world, 1), "+-+-");
    let world = world.below(2, 1);
    let evaluator = Evaluator::new(&world);
    assert!(evaluator.makes_superusers(group(2)), "inherited from above");
    let supers = [1, 2, 3, 4].map(|number| evaluator.is_superuser(user(number)));
    assert_eq!(supers, [true, true, true, false]);
}

#[test]
fn unbound_applications_are_open_or_closed_by_the_flag_from_2026_5_on() {
    for (version, flag, expected) in [
        ("2026.2.7", false, "++"),
        ("2026.5.0-rc1", true, "++"),
        ("2026.5.0-rc1", false, "--"),
        ("2026.8.5", false, "--"),
    ] {
        let mut world = world(version, 2, 0, 1);
        world.default_app_access = flag;
        assert_eq!(column(&world, 1), expected, "{version} {flag}");
    }
}

#[test]
fn members_of_groups_below_count_and_circles_end() {
    // 3 below 2 below 1; 4 and 5 below each other; 6 below itself.
    let nested = world(MODE, 4, 6, 1)
        .below(3, 2)
        .below(2, 1)
        .below(4, 5)
        .below(5, 4)
        .below(6, 6);
    let nested = nested.joins(1, 3).joins(2, 1).joins(3, 4).joins(4, 6);
    let bound_to = |number| column(&nested.clone().binds(1, to_group(number), plain), 1);
    assert_eq!(
        [1, 2, 3, 4, 5, 6].map(bound_to),
        ["++--", "+---", "+---", "--+-", "--+-", "---+"]
    );
    // From 2025.12 on a group may lie below several.
    let twice = world(MODE, 2, 3, 1).below(3, 1).below(3, 2).joins(1, 3);
    let twice = twice
        .mode_all(1)
        .binds(1, to_group(1), plain)
        .binds(1, to_group(2), plain);
    assert_eq!(column(&twice, 1), "+-");
}

#[test]
fn a_group_reaches_the_bindings_of_the_groups_above_it() {
    let nested = world(MODE, 1, 3, 2)
        .below(2, 1)
        .binds(1, to_group(1), plain);
    let nested = nested
        .binds(2, to_group(2), negated)
        .binds(2, to_group(3), plain);
    let nested = nested.binds(2, to_group(1), disabled);
    let evaluator = Evaluator::new(&nested);
    let reached = |number| -> Vec<_> {
        let bindings = evaluator.reached_by(group(number)).into_iter();
        bindings.map(|binding| binding.order).collect()
    };
    assert_eq!(
        [reached(1), reached(2), reached(3)],
        [vec![1], vec![1, 2], vec![3]]
    );
}

#[test]
fn up_to_2025_10_nineteen_levels_up_count() {
    for (version, nineteen, twenty) in [("2025.10.4", "+", "-"), ("2025.12.6", "+", "+")] {
        let mut deep = world(version, 1, 25, 1).joins(1, 1);
        for number in 1..25 {
            deep = deep.below(number, number + 1);
        }
        let bound_to = |number| column(&deep.clone().binds(1, to_group(number), plain), 1);
        assert_eq!(
            (bound_to(20).as_str(), bound_to(21).as_str()),
            (nineteen, twenty),
            "{version}"
        );
        let evaluator = Evaluator::new(&deep);
        assert_eq!(
            evaluator.chain(user(1), group(20)).map(|it| it.len()),
            Some(20)
        );
        assert_eq!(
            evaluator.chain(user(1), group(21)).is_some(),
            twenty == "+",
            "{version}"
        );
    }
}

#[test]
fn deactivated_users_open_nothing_though_the_engine_would_let_them() {
    let world = two_groups(MODE).binds(1, to_group(1), plain).inactive(1);
    assert_eq!(column(&world, 1), "-+--");
    let evaluator = Evaluator::new(&world);
    assert_eq!(
        evaluator.engine_matrix().verdict(user(1), app(1)),
        Some(Verdict::Allowed)
    );
    assert_eq!(column(&world.binds(1, to_group(1), disabled), 1), "-+--");
}

#[test]
fn a_policy_is_unknown_unless_the_others_settle_it() {
    for version in [EACH, ONE, MODE] {
        let world = two_groups(version).policy_named(1, "office hours");
        let any = world
            .clone()
            .binds(1, to_group(1), plain)
            .binds(1, to_policy(1), plain);
        assert_eq!(column(&any, 1), "++??", "{version}");
        assert_eq!(column(&any.mode_all(1), 1), "??--", "{version}");
        let alone = world.binds(1, to_policy(1), |it| it.failure_result = true);
        assert_eq!(column(&alone, 1), "????", "{version}");
    }
    // Two static results and a policy, mode all: one static is enough for the static part.
    let world = two_groups(ONE).mode_all(1).binds(1, to_group(1), plain);
    let world = world
        .binds(1, to_group(2), plain)
        .binds(1, to_policy(1), plain);
    assert_eq!(column(&world, 1), "???-");
}

#[test]
fn a_binding_with_group_and_user_means_the_group_up_to_2025_6_and_both_from_2025_8_on() {
    let both = |it: &mut Binding| it.user = Some(user(4));
    let neither = |it: &mut Binding| {
        it.user = Some(user(1));
        it.negate = true;
    };
    for (version, plain, turned) in [
        (EACH, "++--", "--++"),
        (ONE, "++-+", "-+++"),
        (MODE, "++-+", "-+++"),
    ] {
        assert_eq!(
            column(&two_groups(version).binds(1, to_group(1), both), 1),
            plain
        );
        assert_eq!(
            column(&two_groups(version).binds(1, to_group(1), neither), 1),
            turned
        );
    }
}

#[test]
fn what_no_recording_shows_is_unknown() {
    let world = two_groups(MODE);
    let with_policy = |it: &mut Binding| it.policy = Some(policy(1));
    let mixed = world.clone().mode_all(1).binds(1, to_group(1), with_policy);
    let mixed = mixed.binds(1, to_user(99), plain);
    assert_eq!(column(&mixed, 1), "????");
    let empty = world.clone().binds(1, to_group(1), |it| it.group = None);
    assert_eq!(column(&empty, 1), "????");
    let missing = world
        .clone()
        .binds(1, to_group(99), plain)
        .binds(1, to_user(1), plain);
    assert_eq!(column(&missing, 1), "+???");
    let mut strange = world.binds(1, to_group(1), plain);
    strange.applications[0].mode = PolicyEngineMode::Unknown("most".into());
    assert_eq!(column(&strange, 1), "????");
}

#[test]
fn bindings_that_have_ended_do_not_exist() {
    let until = |moment: &str| {
        let end = moment.parse().unwrap();
        two_groups("2026.8.5").binds(1, to_group(1), move |it| it.expires = Some(end))
    };
    let (ended, open) = (until("2026-11-22T11:59:59Z"), until("2026-11-22T12:00:01Z"));
    assert_eq!(column(&ended, 1), "++++", "as without binding");
    assert_eq!(column(&open, 1), "++--");
    let mut closed = ended.clone();
    closed.default_app_access = false;
    assert_eq!(column(&closed, 1), "----", "the flag closes it");
    let both = ended.clone().binds(1, to_group(2), plain);
    assert_eq!(column(&both, 1), "+-+-");
    assert_eq!(column(&both.mode_all(1), 1), "+-+-");
    let with_policy = ended.clone().binds(1, to_policy(1), |it| {
        it.expires = Some("2026-01-01T00:00:00Z".parse().unwrap());
    });
    let with_policy = with_policy.binds(1, to_group(2), plain);
    assert_eq!(column(&with_policy, 1), "+-+-");
    let evaluator = Evaluator::new(&ended);
    assert!(evaluator.reached_by(group(1)).is_empty());
    let evaluator = Evaluator::new(&open);
    assert_eq!(evaluator.reached_by(group(1)).len(), 1);
}

#[test]
fn a_group_that_is_missing_makes_unknown_what_hangs_on_it() {
    // User 1 is in a group that is not there, user 2 below one, user 3 in neither.
    let mut world = world(MODE, 4, 3, 1).joins(1, 1).joins(2, 2).joins(3, 3);
    world.users[0].groups.push(group(99));
    world.groups[1].parents.push(group(98));
    let bound_to = |number| column(&world.clone().binds(1, to_group(number), plain), 1);
    assert_eq!([1, 2, 3].map(bound_to), ["+?--", "?+--", "??+-"]);
    let kept_out = world.clone().binds(1, to_group(1), negated);
    assert_eq!(column(&kept_out, 1), "-?++");
    let named = world.clone().binds(1, to_user(1), plain);
    assert_eq!(column(&named, 1), "+---", "no group is asked for");
    let members = Evaluator::new(&world);
    let members: Vec<_> = members.members(group(1)).unwrap().collect();
    assert_eq!(members, [user(1)], "for certain");
    // Below 2025.12 what lies twenty levels up does not count.
    let mut deep = crate::common::world("2025.10.4", 1, 26, 1).joins(1, 1);
    for number in 1..25 {
        deep = deep.below(number, number + 1);
    }
    let missing_at = |number: usize| {
        let mut deep = deep.clone();
        deep.groups[number - 1].parents.push(group(99));
        column(&deep.binds(1, to_group(26), plain), 1)
    };
    assert_eq!([missing_at(19), missing_at(20)], ["?", "-"]);
}

#[test]
fn agents_may_be_judged_as_somebody_else_from_2026_8_on() {
    for (version, expected) in [("2026.5.8", "+---"), ("2026.8.5", "?--?")] {
        let mut world = world(version, 4, 1, 2)
            .joins(1, 1)
            .binds(1, to_group(1), plain);
        for index in [0, 3] {
            world.users[index].kind = Some(UserType::Unknown("agent".into()));
        }
        assert_eq!(column(&world, 1), expected, "{version}");
        assert_eq!(column(&world, 2), "++++", "everybody gets in, so agents do");
    }
}
