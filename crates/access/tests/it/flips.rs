//! What would turn an answer round.

use access::{Change, Evaluator};

use crate::{
    common::{Describe, app, bound, disabled, negated, plain, to_group, to_user, user, world},
    explain::{fixes, home},
};

#[test]
fn the_gentlest_change_comes_first() {
    let home = home("2026.5.8");
    let restricted = home.clone().binds(1, to_group(1), plain);
    assert_eq!(
        fixes(&restricted, 2),
        [
            "add “user 2” to “media-users”",
            "add a binding of “Jellyfin” to “user 2”",
            "disable the binding of “Jellyfin” to “media-users”",
            "negate the binding of “Jellyfin” to “media-users”",
        ]
    );
    assert_eq!(fixes(&restricted, 2)[0], "add “user 2” to “media-users”");
    assert_eq!(
        fixes(&restricted, 1)[0],
        "take “Jodie” out of “media-admins”"
    );
    assert_eq!(
        fixes(&restricted.clone().inactive(1), 1),
        ["activate “Jodie”"],
        "nothing else is needed"
    );
    let kept_out = home.clone().binds(1, to_group(1), negated);
    assert!(
        fixes(&kept_out, 1).contains(
            &"stop negating the binding of “Jellyfin” to all but “media-users”".to_owned()
        )
    );
    let resting = home
        .clone()
        .binds(1, to_user(2), plain)
        .binds(1, to_group(1), disabled);
    assert!(
        fixes(&resting, 1)
            .contains(&"enable the binding of “Jellyfin” to “media-users”".to_owned())
    );
    let open = fixes(&home, 2);
    assert!(
        open.contains(&"add a binding of “Jellyfin” to all but “user 2”".to_owned()),
        "{open:?}"
    );
}

#[test]
fn side_effects_are_counted() {
    let home = home("2026.5.8").binds(1, to_user(1), plain);
    let explanation = Evaluator::new(&home).explain(user(2), app(1)).unwrap();
    let negate = explanation.flips.iter().find(|flip| {
        flip.changes
            == [Change::SetNegate {
                binding: bound(1),
                negate: true,
            }]
    });
    let effects = negate.unwrap().side_effects;
    assert_eq!(
        (effects.gains, effects.losses),
        (0, 1),
        "Jodie would lose it"
    );
}

#[test]
fn becoming_superuser_is_not_gentle() {
    let mut home = home("2026.5.8").binds(1, to_group(1), plain);
    home.groups[0].is_superuser = true;
    let flips = Evaluator::new(&home)
        .explain(user(2), app(1))
        .unwrap()
        .flips;
    let told: Vec<_> = flips
        .iter()
        .map(|it| (it.sentence.to_string(), it.superusers))
        .collect();
    assert_eq!(
        told[0],
        ("add a binding of “Jellyfin” to “user 2”".into(), 0)
    );
    let joins = "add “user 2” to “media-users”, which makes “user 2” a superuser";
    assert!(told.contains(&(joins.into(), 1)), "{told:?}");
    let at = told.iter().position(|it| it.1 == 1).unwrap();
    let opens = flips.iter().position(|it| it.side_effects.doors_opened > 0);
    assert!(at > 0 && opens.is_none_or(|opens| at < opens), "{told:?}");
    let leaves = "take “Jodie” out of “media-admins”, after which “Jodie” is no superuser any more";
    let fixes = fixes(&home, 1);
    assert!(fixes.contains(&leaves.to_owned()), "{fixes:?}");
    assert_ne!(fixes[0], leaves);
}

/// More ways than are shown: what touches only this person is not crowded out.
#[test]
fn of_many_ways_the_gentlest_are_kept() {
    let mut home = world("2026.5.8", 3, 30, 1).joins(1, 1);
    for number in 1..=30 {
        home = home.binds(1, to_group(number), plain);
    }
    let explanation = Evaluator::new(&home).explain(user(2), app(1)).unwrap();
    assert_eq!(explanation.flips.len(), 12);
    let gentle = explanation.flips.iter();
    let gentle = gentle.filter(|it| it.side_effects == access::SideEffects::default());
    assert_eq!(gentle.count(), 12);
    let named = explanation.flips.iter();
    let mut named = named.flat_map(|it| &it.changes);
    assert!(named.any(|it| matches!(it, Change::PutBinding { .. })));
}

#[test]
fn several_ways_in_are_closed_together() {
    let home = home("2026.5.8").joins(1, 1).binds(1, to_group(1), plain);
    let flip = &Evaluator::new(&home)
        .explain(user(1), app(1))
        .unwrap()
        .flips;
    let together = flip.iter().find(|flip| {
        flip.changes.len() == 2
            && flip
                .changes
                .iter()
                .all(|it| matches!(it, Change::RemoveMember { .. }))
    });
    assert_eq!(
        together.unwrap().sentence.to_string(),
        "take “Jodie” out of “media-admins” and take “Jodie” out of “media-users”"
    );
}
