//! Explanations in words, and what they suggest.

use access::{Because, Evaluator, Evidence, Rule, Snapshot, Verdict};
use authentik_api::models::{Subject, UserType};

use crate::common::{
    Describe, app, bound, group, negated, plain, to_group, to_policy, to_user, user, world,
};

fn why(world: &Snapshot, person: i64) -> String {
    let evaluator = Evaluator::new(world);
    evaluator
        .reason(user(person), app(1))
        .unwrap()
        .sentence
        .to_string()
}

pub(crate) fn fixes(world: &Snapshot, person: i64) -> Vec<String> {
    let explanation = Evaluator::new(world).explain(user(person), app(1)).unwrap();
    explanation
        .flips
        .iter()
        .map(|flip| flip.sentence.to_string())
        .collect()
}

/// Jodie (1) is in media-admins (2), which lies below media-users (1); Sam (2) is in nothing.
pub(crate) fn home(version: &str) -> Snapshot {
    let mut home = world(version, 2, 2, 1).below(2, 1).joins(1, 2);
    home.users[0].name = "Jodie".into();
    home.users[1].name = "  ".into();
    home.groups[0].name = "media-users".into();
    home.groups[1].name = "media-admins".into();
    home.applications[0].name = "Jellyfin".into();
    home
}

#[test]
fn a_sentence_names_what_decides() {
    let home = home("2026.5.8");
    let open = home.clone();
    assert_eq!(
        why(&open, 1),
        "“Jodie” can open “Jellyfin”: no binding that counts restricts it, so everyone can."
    );
    let mut closed = home.clone();
    closed.default_app_access = false;
    assert_eq!(
        why(&closed, 1),
        "“Jodie” cannot open “Jellyfin”: no binding that counts lets anybody in, and this server keeps such applications closed."
    );
    let restricted = home.clone().binds(1, to_group(1), plain);
    assert_eq!(
        why(&restricted, 1),
        "“Jodie” can open “Jellyfin”: they are in “media-admins”, which lies below “media-users”."
    );
    assert_eq!(
        why(&restricted, 2),
        "“user 2” cannot open “Jellyfin”: they are not in “media-users”."
    );
    assert_eq!(
        why(&restricted.clone().inactive(1), 1),
        "“Jodie” cannot open “Jellyfin”: the account is deactivated."
    );
    let named = restricted.binds(1, to_user(1), plain);
    assert_eq!(
        why(&named, 1),
        "“Jodie” can open “Jellyfin”: they are in “media-admins”, which lies below “media-users” (one more binding passes)."
    );
    assert_eq!(
        why(&named, 2),
        "“user 2” cannot open “Jellyfin”: none of its 2 bindings passes: they are not in “media-users” and they are not “Jodie”, whom a binding names."
    );
    let all = named.mode_all(1);
    assert_eq!(
        why(&all, 1),
        "“Jodie” can open “Jellyfin”: all of its bindings pass: they are in “media-admins”, which lies below “media-users” and a binding names them."
    );
    let kept_out = home.clone().binds(1, to_group(1), negated);
    assert_eq!(
        why(&kept_out, 1),
        "“Jodie” cannot open “Jellyfin”: they are in “media-admins”, which lies below “media-users”, whose members its binding keeps out."
    );
    assert_eq!(
        why(&kept_out, 2),
        "“user 2” can open “Jellyfin”: they are not in “media-users”, and its binding lets in everybody who is not."
    );
    let but_sam = home.binds(1, to_user(2), negated);
    assert_eq!(
        why(&but_sam, 1),
        "“Jodie” can open “Jellyfin”: a binding lets in everybody but “user 2”."
    );
    assert_eq!(
        why(&but_sam, 2),
        "“user 2” cannot open “Jellyfin”: a binding keeps out just them."
    );
}

#[test]
fn the_defect_of_mode_all_is_told() {
    let home = home("2025.10.4").mode_all(1);
    let home = home
        .binds(1, to_group(1), plain)
        .binds(1, to_user(2), plain);
    let reason = Evaluator::new(&home).reason(user(2), app(1)).unwrap();
    assert_eq!(
        (reason.verdict, reason.rule),
        (Verdict::Allowed, Rule::AllButOneIsEnough)
    );
    assert_eq!(
        reason.sentence.to_string(),
        "“user 2” can open “Jellyfin”: a binding names them, and authentik 2025.10 takes one group or user binding for enough although the mode is all."
    );
}

/// Recorded 2025.10, `two-groups-true`: whoever is in neither group is refused, whoever is in one depends
/// on the policy alone.
#[test]
fn under_the_defect_one_of_the_static_bindings_must_pass() {
    let home = home("2025.10.0-rc1").mode_all(1);
    let home = home
        .binds(1, to_group(1), plain)
        .binds(1, to_group(2), plain)
        .binds(1, to_policy(1), plain);
    assert_eq!(
        why(&home, 2),
        "“user 2” cannot open “Jellyfin”: one of its group and user bindings must pass, and they are not in “media-users” and they are not in “media-admins”."
    );
    // A group that is missing does not matter, since another one passes.
    let missing = home.binds(1, Subject::Group(group(77)), plain);
    let reason = Evaluator::new(&missing).reason(user(1), app(1)).unwrap();
    assert_eq!(reason.verdict, Verdict::Unknown);
    let [Because::Policy { .. }] = reason.because.as_slice() else {
        panic!("the policy alone: {:?}", reason.because);
    };
}

#[test]
fn bindings_that_have_ended_are_no_reason() {
    let home = home("2026.8.5").mode_all(1).binds(1, to_group(1), |it| {
        it.expires = Some("2026-01-01T00:00:00Z".parse().unwrap());
    });
    assert_eq!(
        why(&home, 2),
        "“user 2” can open “Jellyfin”: no binding that counts restricts it, so everyone can."
    );
    let other = home.binds(1, to_user(2), plain);
    assert_eq!(
        why(&other, 1),
        "“Jodie” cannot open “Jellyfin”: they are not “user 2”, whom a binding names."
    );
    let reason = Evaluator::new(&other).reason(user(2), app(1)).unwrap();
    let ended = &reason.bindings[0];
    assert_eq!((ended.enabled, ended.decisive), (false, false));
    assert_eq!(ended.evidence, [Evidence::Expired]);
    assert!(
        !fixes(&other, 1)
            .iter()
            .any(|fix| fix.contains("media-users")),
        "nothing about it turns the answer round"
    );
}

#[test]
fn a_missing_group_of_the_person_is_a_reason() {
    let mut home = home("2026.5.8").binds(1, to_group(1), plain);
    home.users[1].groups.push(group(77));
    let reason = Evaluator::new(&home).reason(user(2), app(1)).unwrap();
    let because = Because::OwnGroupMissing { group: group(77) };
    assert_eq!(
        reason.bindings[0].evidence,
        [Evidence::Unknown(because.clone())]
    );
    assert_eq!(reason.because, [because]);
    assert_eq!(
        reason.sentence.to_string(),
        format!(
            "Whether “user 2” can open “Jellyfin” is not known: it depends on group {} on their way up, which was not found.",
            group(77)
        )
    );
    // Jodie is a member for certain, whatever else she is in.
    home.groups[1].parents.push(group(78));
    let reason = Evaluator::new(&home).reason(user(1), app(1)).unwrap();
    assert_eq!(reason.verdict, Verdict::Allowed);
    assert!(matches!(
        reason.bindings[0].evidence.as_slice(),
        [Evidence::Member { .. }]
    ));
}

/// A binding with a group and a user, one of which is missing.
#[test]
fn what_is_missing_is_told_only_where_it_matters() {
    let both = |version, group: u32, pk: i64| {
        let bound = |it: &mut access::Binding| it.user = Some(user(pk));
        home(version).binds(1, to_group(group), bound)
    };
    let evidence = |world: &Snapshot, person| {
        let reason = Evaluator::new(world).reason(user(person), app(1)).unwrap();
        (reason.verdict, reason.bindings[0].evidence.clone())
    };
    let missing_user = Evidence::Unknown(Because::UserMissing { user: user(99) });
    let not_member = Evidence::NotMember { group: group(1) };
    // Up to 2025.6 the group alone counts.
    assert_eq!(
        evidence(&both("2025.6.4", 1, 99), 2),
        (Verdict::Denied, vec![not_member.clone()])
    );
    assert_eq!(
        evidence(&both("2025.6.4", 1, 2), 2),
        (Verdict::Denied, vec![not_member.clone()])
    );
    assert_eq!(
        evidence(&both("2026.5.8", 1, 99), 2),
        (Verdict::Unknown, vec![missing_user, not_member])
    );
    let (verdict, settled) = evidence(&both("2026.5.8", 1, 99), 1);
    assert_eq!(verdict, Verdict::Allowed);
    assert!(matches!(settled.as_slice(), [Evidence::Member { .. }]));
    assert_eq!(
        evidence(&both("2026.5.8", 77, 2), 2),
        (Verdict::Allowed, vec![Evidence::Named])
    );
}

#[test]
fn what_is_unknown_says_on_what_it_depends() {
    let home = home("2026.5.8").policy_named(1, "office hours");
    let home = home
        .binds(1, to_policy(1), plain)
        .binds(1, Subject::Group(group(77)), plain);
    let explanation = Evaluator::new(&home).explain(user(1), app(1)).unwrap();
    assert_eq!(explanation.reason.because.len(), 2);
    assert_eq!(
        explanation.reason.because[0].to_string(),
        "expression policy “office hours”"
    );
    assert_eq!(
        explanation.reason.sentence.to_string(),
        format!(
            "Whether “Jodie” can open “Jellyfin” is not known: it depends on the expression policy “office hours” and group {}, which was not found.",
            group(77)
        )
    );
    let verdicts = |wanted| {
        explanation
            .flips
            .iter()
            .filter(|flip| flip.verdict == wanted)
            .count()
    };
    assert!(verdicts(Verdict::Allowed) > 0 && verdicts(Verdict::Denied) > 0);
}

#[test]
fn agents_are_unknown_because_they_are_agents() {
    let mut home = home("2026.8.5").binds(1, to_group(1), plain);
    home.users[0].kind = Some(UserType::Unknown("agent".into()));
    let reason = Evaluator::new(&home).reason(user(1), app(1)).unwrap();
    assert_eq!(reason.because, [Because::Agent]);
}

#[test]
fn bindings_stand_in_the_order_of_evaluation_with_their_evidence() {
    let home = home("2026.5.8")
        .binds(1, to_group(1), |it| it.order = 9)
        .binds(1, to_user(2), |it| (it.order, it.enabled) = (0, false));
    let reason = Evaluator::new(&home).reason(user(1), app(1)).unwrap();
    let [first, second] = reason.bindings.as_slice() else {
        panic!("two bindings");
    };
    assert_eq!(
        (first.binding, first.enabled, first.decisive),
        (bound(2), false, false)
    );
    assert_eq!(first.result, Verdict::Denied);
    assert_eq!(first.evidence, [Evidence::NotNamed { user: user(2) }]);
    assert_eq!(
        second.evidence,
        [Evidence::Member {
            chain: vec![group(2), group(1)]
        }]
    );
    assert!(second.decisive);
}

#[test]
fn nobody_and_nothing_have_no_explanation() {
    let home = home("2026.5.8");
    let evaluator = Evaluator::new(&home);
    assert_eq!(evaluator.explain(user(9), app(1)), None);
    assert_eq!(evaluator.explain(user(1), app(9)), None);
}

#[test]
fn names_without_letters_fall_back_to_keys_and_markup_stays_text() {
    let mut home = home("2026.5.8").binds(1, to_group(1), plain);
    home.groups[0].name = String::new();
    home.users[1].name = "<b>שרה</b>".into();
    assert_eq!(
        why(&home, 2),
        format!(
            "“<b>שרה</b>” cannot open “Jellyfin”: they are not in “{}”.",
            group(1)
        )
    );
}
