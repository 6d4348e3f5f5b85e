//! Names in sentences: told apart, and unable to turn the sentence round.

use access::{Application, Group, Snapshot, User};
use authentik_api::UserPk;
use setup::{
    access_change::{AccessDraft, UserAction, plan},
    change::Plan,
};

use crate::{
    confirm::{acting, home},
    menu,
};

fn with(change: impl Fn(&mut Snapshot)) -> Snapshot {
    let mut it = home();
    change(&mut it);
    it
}

fn planned(draft: &AccessDraft, home: &Snapshot) -> Plan {
    plan(draft, home, &acting()).unwrap()
}

/// Every text of a plan that a person reads.
fn texts(plan: &Plan) -> Vec<String> {
    let steps = plan.steps.iter().flat_map(|step| {
        let lines = step.lines.iter().map(|line| line.value.clone());
        let alters = step.alters.iter().map(|it| it.label.clone());
        let creates = step.creates.iter().map(|it| it.label.clone());
        lines
            .chain(alters)
            .chain(creates)
            .chain([step.title.clone()])
    });
    let findings = plan.findings.iter();
    let findings = findings.flat_map(|it| [it.title.clone(), it.explanation.clone()]);
    let reasons = plan.confirm.iter().flat_map(|it| it.reasons.clone());
    let summary = [plan.title.clone(), plan.access.sentence.clone()];
    steps
        .chain(findings)
        .chain(reasons)
        .chain(summary)
        .collect()
}

#[test]
fn two_people_of_one_name_are_told_apart() {
    let home = with(|it| {
        it.users[10].name = "Alex Kim".to_owned();
        it.users[11].name = " Alex Kim ".to_owned();
        it.users[12].name = "Sam Only".to_owned();
    });
    let draft = menu::membership(&["family"], &[], &["u11", "u13"]);
    let plan = planned(&draft, &home);
    let titles: Vec<&str> = plan.steps.iter().map(|it| it.title.as_str()).collect();
    assert_eq!(titles[0], "Remove “Alex Kim (u11)” from “family”");
    assert_eq!(titles[1], "Remove “Sam Only” from “family”");
    assert_eq!(plan.steps[0].lines[0].value, "Alex Kim (u11)");
    let losses = plan.findings.iter().find(|it| it.id == "loses-access");
    assert!(losses.unwrap().explanation.contains("“Alex Kim (u11)”"));
    let bind = planned(&menu::bind(&["wiki"], &[], &["u12"]), &home);
    assert_eq!(bind.steps[0].title, "Bind “Alex Kim (u12)” to “Wiki”");
}

#[test]
fn names_from_right_to_left_are_isolated_and_typed_as_they_are() {
    let home = with(|it| {
        it.groups[0].name = "משפחה".to_owned();
        it.applications[0].name = "أفلام".to_owned();
        it.users[10].name = "فاطمة".to_owned();
    });
    for draft in [
        menu::delete_group("משפחה", false),
        menu::change_group("משפחה", "בית", None),
        menu::membership(&["משפחה"], &["u30"], &["u11"]),
        menu::unbind("jellyfin", "משפחה", false),
        menu::mode(&["jellyfin"], "all"),
        menu::create_group("גנים", &["משפחה"], &["u11"]),
        menu::create_user("שרה", &["משפחה"]),
        menu::bind(&["jellyfin"], &[], &["u11"]),
    ] {
        let plan = planned(&draft, &home);
        let mut isolated = 0;
        for text in texts(&plan) {
            let mut depth = 0;
            for c in text.chars() {
                match c {
                    '\u{2068}' => depth += 1,
                    '\u{2069}' => depth -= 1,
                    '\u{590}'..='\u{8ff}' => assert_eq!(depth, 1, "{text:?}"),
                    _ => {}
                }
                isolated += depth;
            }
            assert_eq!(depth, 0, "{text:?}");
        }
        assert!(isolated > 0, "{draft:?}");
        // Requests have the names as they are.
        let bodies = plan.steps.iter().filter_map(|it| it.request.body.as_ref());
        for body in bodies {
            assert!(!body.to_string().contains('\u{2068}'), "{body}");
        }
    }
    let plan = planned(&menu::delete_group("משפחה", false), &home);
    assert_eq!(plan.confirm.unwrap().text, "משפחה");
}

#[test]
fn hidden_characters_turn_no_sentence_round() {
    let turn = "Sam\u{202e}\u{2069}x";
    let home = with(|it| {
        it.groups[0].name = format!("f{turn}");
        it.applications[0].name = format!("j{turn}");
        it.users[10].name = turn.to_owned();
        it.users[11].name = "\u{200b}".to_owned();
        it.users[12].username = "u\u{202e}13".to_owned();
        it.users[13].name = "\u{1f468}\u{200d}\u{1f33e}".to_owned();
    });
    let group = &home.groups[0].name;
    for draft in [
        menu::delete_group(group, false),
        menu::membership(&[group], &["u30"], &["u11", "u12", "u14"]),
        menu::unbind("jellyfin", group, true),
        menu::user(UserAction::Delete, "u\u{202e}13"),
        menu::create_group(turn, &[group], &[]),
    ] {
        for text in texts(&planned(&draft, &home)) {
            let turns = |c| matches!(c, '\u{200b}' | '\u{202e}' | '\u{2069}');
            assert!(!text.contains(turns), "{text:?}");
        }
    }
    let draft = menu::membership(&[group], &[], &["u11", "u12", "u14"]);
    let plan = planned(&draft, &home);
    assert!(plan.steps[0].title.contains("Sam\u{fffd}\u{fffd}x"));
    assert!(
        plan.steps[1].title.contains("“u12”"),
        "{}",
        plan.steps[1].title
    );
    assert!(plan.steps[2].title.contains("\u{1f468}\u{200d}\u{1f33e}"));
}

#[test]
fn what_shows_nothing_is_named_by_its_key() {
    let home = with(|it| {
        it.groups
            .push(Group::new(it.groups[2].pk, "\u{feff} \u{200d}"));
        it.groups.swap_remove(2);
        it.applications[1] = Application::new(it.applications[1].pk, "wiki", "\u{ad}");
        it.users.push(User::new(UserPk(99), "\u{200b}"));
    });
    let plain = home.groups[2].pk.to_string();
    let plan = planned(&menu::bind(&["wiki"], &[&plain], &["99"]), &home);
    assert_eq!(plan.steps[0].title, format!("Bind “{plain}” to “wiki”"));
    assert_eq!(plan.steps[1].title, "Bind “99” to “wiki”");
}
