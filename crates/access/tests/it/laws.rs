//! What holds for every world.

use std::collections::BTreeSet;

use access::{
    Application, Binding, Change, Evaluator, Group, Snapshot, Verdict, compare, diff, open_doors,
};
use authentik_api::models::{PolicyEngineMode, Subject};
use proptest::{collection::vec, prelude::*};

use crate::{
    common::{app, bound, group, user},
    naive,
    worlds::{a_change, broken, sound},
};

fn known(answer: Option<bool>) -> Verdict {
    match answer {
        Some(true) => Verdict::Allowed,
        Some(false) => Verdict::Denied,
        None => Verdict::Unknown,
    }
}

/// Everybody's answers, in an order that does not depend on the snapshot's.
fn cells(world: &Snapshot) -> BTreeSet<(i64, String, String)> {
    let matrix = Evaluator::new(world).matrix();
    let rows = matrix.applications().iter();
    rows.flat_map(|row| {
        let cells = row.verdicts();
        cells.map(|(user, verdict)| (user.0, row.application.to_string(), format!("{verdict:?}")))
    })
    .collect()
}

/// The changes that fit one after the other.
fn fitting(world: &Snapshot, changes: Vec<Change>) -> (Vec<Change>, Snapshot) {
    let mut after = world.clone();
    let changes = changes
        .into_iter()
        .filter(|change| after.apply(change).is_ok());
    (changes.collect(), after)
}

proptest! {
    #[test]
    fn every_cell_is_what_plain_recursion_says(world in broken()) {
        let evaluator = Evaluator::new(&world);
        let (matrix, engine) = (evaluator.matrix(), evaluator.engine_matrix());
        for application in &world.applications {
            for person in &world.users {
                let expected = known(naive::verdict(&world, person.pk, application.pk));
                prop_assert_eq!(matrix.verdict(person.pk, application.pk), Some(expected));
                prop_assert_eq!(evaluator.verdict(person.pk, application.pk), Some(expected));
                let raw = known(naive::engine(&world, person, application.pk));
                prop_assert_eq!(engine.verdict(person.pk, application.pk), Some(raw));
                let reason = evaluator.reason(person.pk, application.pk).unwrap();
                prop_assert_eq!((reason.verdict, reason.engine), (expected, raw));
                prop_assert_eq!(expected == Verdict::Unknown, !reason.because.is_empty());
                prop_assert!(reason.sentence.to_string().ends_with('.'));
            }
            let row = matrix.application(application.pk).unwrap();
            let counts = row.counts();
            let count = |wanted| row.verdicts().filter(|(_, verdict)| *verdict == wanted).count();
            prop_assert_eq!(counts.allowed as usize, count(Verdict::Allowed));
            prop_assert_eq!(counts.denied as usize, count(Verdict::Denied));
            prop_assert_eq!(counts.unknown as usize, count(Verdict::Unknown));
            prop_assert_eq!(row.allowed().count(), count(Verdict::Allowed));
        }
    }

    #[test]
    fn members_and_chains_agree_with_plain_recursion(world in sound()) {
        let evaluator = Evaluator::new(&world);
        for it in &world.groups {
            let members: BTreeSet<_> = evaluator.members(it.pk).unwrap().collect();
            prop_assert_eq!(&members, &naive::members(&world, it.pk));
            for person in &world.users {
                let chain = evaluator.chain(person.pk, it.pk);
                prop_assert_eq!(chain.is_some(), members.contains(&person.pk));
                let Some(chain) = chain else { continue };
                prop_assert!(person.groups.contains(&chain[0]));
                prop_assert_eq!(chain.last(), Some(&it.pk));
                for pair in chain.windows(2) {
                    prop_assert!(world.group(pair[0]).unwrap().parents.contains(&pair[1]));
                }
            }
        }
    }

    #[test]
    fn a_disabled_binding_changes_nothing(world in sound(), on in 1..5_u32, to in 1..7_u32, negate: bool) {
        let binding = Binding {
            enabled: false,
            negate,
            ..Binding::new(bound(77), app(on), Subject::Group(group(to)), 0)
        };
        let changes = [Change::PutBinding { binding }];
        prop_assert!(diff(&world, &changes).is_empty());
    }

    #[test]
    fn order_errors_and_names_change_nothing(world in broken(), at in 1..13_u32, order in -9..9_i64) {
        let pk = bound(at);
        let changes = [
            Change::SetOrder { binding: pk, order },
            Change::SetFailureResult { binding: pk, failure_result: true },
        ];
        prop_assert!(diff(&world, &changes).is_empty());
        let mut renamed = world.clone();
        renamed.users.iter_mut().for_each(|it| it.name = "<b>x</b>".into());
        renamed.groups.iter_mut().for_each(|it| it.is_superuser = true);
        prop_assert!(compare(&world, &renamed).is_empty());
    }

    #[test]
    fn a_group_that_leads_nowhere_changes_nothing(world in sound(), who in 1..8_i64) {
        let lonely = Group::new(group(60), "lonely");
        let changes = [
            Change::PutGroup { group: lonely },
            Change::AddMember { group: group(60), user: user(who) },
        ];
        prop_assert!(diff(&world, &changes).is_empty());
    }

    #[test]
    fn changes_and_their_inverse_come_to_nothing(
        world in sound(),
        changes in vec(a_change(), 1..6),
    ) {
        let (changes, mut after) = fitting(&world, changes);
        let back = world.inverse(&changes);
        prop_assert_eq!(after.apply_all(&back), vec![]);
        prop_assert!(compare(&world, &after).is_empty());
        prop_assert_eq!(cells(&world), cells(&after));
        prop_assert_eq!(world.bindings.len(), after.bindings.len());
        prop_assert_eq!(world.groups.len(), after.groups.len());
    }

    #[test]
    fn a_diff_tells_exactly_what_happens(world in sound(), changes in vec(a_change(), 1..5)) {
        let (changes, after) = fitting(&world, changes);
        let diff = diff(&world, &changes);
        prop_assert!(diff.left_out.is_empty());
        let people: BTreeSet<_> = world.users.iter().chain(&after.users).map(|it| it.pk).collect();
        let apps: BTreeSet<_> =
            world.applications.iter().chain(&after.applications).map(|it| it.pk).collect();
        let answer = |world: &Snapshot, person, application| {
            let there = world.user(person).is_some() && world.application(application).is_some();
            if there { naive::verdict(world, person, application) } else { Some(false) }
        };
        let (mut gains, mut losses, mut uncertain) = (0, 0, 0);
        for person in &people {
            for application in &apps {
                match (answer(&world, *person, *application), answer(&after, *person, *application)) {
                    (Some(false), Some(true)) => gains += 1,
                    (Some(true), Some(false)) => losses += 1,
                    (before, after) if before != after => uncertain += 1,
                    _ => {}
                }
            }
        }
        prop_assert_eq!((diff.gains(), diff.losses(), diff.uncertain()), (gains, losses, uncertain));
        prop_assert_eq!(diff.losers().is_empty(), losses == 0);
        prop_assert_eq!(diff.gainers().is_empty(), gains == 0);
        let opened: BTreeSet<_> = diff.doors_opened().map(|it| it.application).collect();
        for application in &apps {
            let outsider = |world: &Snapshot| Evaluator::new(world).outsider(*application);
            let opens = outsider(&world) != Some(Verdict::Allowed)
                && outsider(&after) == Some(Verdict::Allowed);
            prop_assert_eq!(opens, opened.contains(application));
        }
    }

    #[test]
    fn flips_flip_and_none_of_their_changes_is_idle(
        mut world in broken(), super_group in 0..6_usize, who in 1..8_i64, what in 1..5_u32,
    ) {
        world.groups[super_group].is_superuser = true;
        let evaluator = Evaluator::new(&world);
        let explanation = evaluator.explain(user(who), app(what)).unwrap();
        for flip in &explanation.flips {
            prop_assert_ne!(flip.verdict, explanation.reason.verdict);
            prop_assert_ne!(flip.verdict, Verdict::Unknown);
            let verdict = |changes: &[Change]| {
                let mut after = world.clone();
                assert_eq!(after.apply_all(changes), vec![]);
                naive::verdict(&after, user(who), app(what))
            };
            prop_assert_eq!(known(verdict(&flip.changes)), flip.verdict);
            for left_out in 0..flip.changes.len() {
                let mut fewer = flip.changes.clone();
                fewer.remove(left_out);
                prop_assert_ne!(known(verdict(&fewer)), flip.verdict);
            }
            let whole = diff(&world, &flip.changes);
            let effects = flip.side_effects;
            let superuser = |world: &Snapshot| Evaluator::new(world).is_superuser(user(who));
            let mut after = world.clone();
            after.apply_all(&flip.changes);
            let turned = superuser(&world) != superuser(&after);
            prop_assert_eq!(flip.superusers, u32::from(turned));
            prop_assert_eq!(flip.sentence.to_string().contains("superuser"), turned);
            let gained = u32::from(flip.verdict == Verdict::Allowed && explanation.reason.verdict == Verdict::Denied);
            let lost = u32::from(flip.verdict == Verdict::Denied && explanation.reason.verdict == Verdict::Allowed);
            let unsure = u32::from(explanation.reason.verdict == Verdict::Unknown);
            prop_assert_eq!(
                (effects.gains + gained, effects.losses + lost, effects.uncertain + unsure),
                (whole.gains(), whole.losses(), whole.uncertain())
            );
        }
        let ranked = explanation.flips.iter();
        let ranked: Vec<_> = ranked
            .map(|it| (it.side_effects.doors_opened, it.superusers, it.changes.len()))
            .collect();
        prop_assert!(ranked.is_sorted());
        prop_assert!(ranked.len() <= 12);
    }

    /// Where every binding has a result of its own, an answer is known exactly when it does not matter
    /// what the policies say.
    #[test]
    fn an_answer_is_known_when_policies_do_not_matter(mut world in sound(), early: bool) {
        world.version = if early { "2025.6.4" } else { "2026.5.8" }.parse().unwrap();
        let nobody = group(61);
        world.groups.push(Group::new(nobody, "nobody"));
        let settle = |passes: bool| {
            let mut settled = world.clone();
            for binding in settled.bindings.iter_mut().filter(|it| it.policy.is_some()) {
                binding.policy = None;
                binding.group = Some(nobody);
                binding.negate = passes;
            }
            settled
        };
        let (yes, no) = (settle(true), settle(false));
        let open = Evaluator::new(&world).matrix();
        let (yes, no) = (Evaluator::new(&yes).matrix(), Evaluator::new(&no).matrix());
        for application in &world.applications {
            for person in &world.users {
                let cell = |matrix: &access::Matrix| matrix.verdict(person.pk, application.pk).unwrap();
                let expected = if cell(&yes) == cell(&no) { cell(&yes) } else { Verdict::Unknown };
                prop_assert_eq!(cell(&open), expected);
            }
        }
    }

    /// Many changes at once are looked up another way than one.
    #[test]
    fn changes_at_once_are_changes_one_by_one(world in sound(), changes in vec(a_change(), 0..60)) {
        let (mut at_once, mut one_by_one) = (world.clone(), world.clone());
        let refused: Vec<_> = at_once.apply_all(&changes).into_iter().map(|it| it.change).collect();
        let failed = changes.iter().filter(|it| one_by_one.apply(it).is_err());
        let failed: Vec<_> = failed.cloned().collect();
        prop_assert_eq!(refused, failed);
        prop_assert_eq!(&at_once, &one_by_one);
        let back = world.inverse(&changes);
        prop_assert_eq!(at_once.apply_all(&back), vec![]);
        prop_assert_eq!(cells(&at_once), cells(&world));
    }

    #[test]
    fn every_change_has_words(world in broken(), change in a_change()) {
        let words = world.describe(&change).to_string();
        prop_assert!(words.contains(' ') && !words.ends_with('.') && !words.ends_with(' '), "{}", words);
    }

    #[test]
    fn remarks_about_doors_are_true(world in broken()) {
        for door in open_doors(&world) {
            let stranger = Evaluator::new(&world).outsider(door.application);
            prop_assert!(!door.everyone || stranger == Some(Verdict::Allowed));
            prop_assert!(door.sentence.to_string().ends_with('.'));
        }
        let matrix = Evaluator::new(&world).matrix();
        for row in matrix.applications().iter().filter(|row| row.outsider() == Verdict::Allowed) {
            let told = open_doors(&world).iter().any(|it| it.application == row.application && it.everyone);
            prop_assert!(told, "an open door without a remark: {:?}", row.application);
        }
    }

    #[test]
    fn a_snapshot_survives_the_wire(mut world in broken(), stray in 90..95_u32) {
        world.users[0].groups.push(group(stray));
        world.notes = world.dangling();
        let text = serde_json::to_string(&world).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Snapshot>(&text).unwrap(), &world);
    }
}

#[test]
fn mode_all_differs_from_any_only_with_several_bindings() {
    let mut world = crate::common::world("2026.5.8", 2, 1, 1);
    world.applications = vec![Application {
        mode: PolicyEngineMode::All,
        ..Application::new(app(1), "a", "A")
    }];
    world.users[0].groups.push(group(1));
    world.bindings = vec![Binding::new(bound(1), app(1), Subject::Group(group(1)), 0)];
    let changes = [Change::SetMode {
        application: app(1),
        mode: PolicyEngineMode::Any,
    }];
    assert!(diff(&world, &changes).is_empty());
}
