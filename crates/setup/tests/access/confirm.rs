//! What a plan says about its consequences, and when it has to be confirmed.

use access::{Application, Binding, Group, Snapshot, User};
use authentik_api::{
    ApplicationPk, BindingPk, GroupPk, UserPk,
    models::{PolicyEngineMode, Subject},
};
use setup::{
    access_change::{AccessDraft, Acting, Door, UserAction, plan},
    change::Plan,
    finding::Severity,
};
use uuid::Uuid;

use crate::menu;

const CONSOLE: UserPk = UserPk(1);
const PERSON: UserPk = UserPk(2);

pub(crate) fn key(number: u128) -> Uuid {
    Uuid::from_u128((0x77 << 120) | number)
}

/// Jellyfin for `family` (users 11 to 20), Wiki for `admins` (the console and the person), 41 people in
/// all, one more who is deactivated.
pub(crate) fn home() -> Snapshot {
    let mut it = Snapshot::empty(
        "2026-11-22T00:00:00Z".parse().unwrap(),
        "2026.5.0".parse().unwrap(),
    );
    let (family, admins) = (GroupPk(key(1)), GroupPk(key(2)));
    it.groups = vec![
        Group::new(family, "family"),
        Group {
            is_superuser: true,
            ..Group::new(admins, "admins")
        },
        Group::new(GroupPk(key(3)), "plain"),
    ];
    it.users = (1..=42)
        .map(|number| User {
            groups: match number {
                1 | 2 => vec![admins],
                11..=20 => vec![family],
                _ => Vec::new(),
            },
            is_active: number != 42,
            ..User::new(UserPk(number), format!("u{number}"))
        })
        .collect();
    let (jellyfin, wiki) = (ApplicationPk(key(1)), ApplicationPk(key(2)));
    it.applications = vec![
        Application::new(jellyfin, "jellyfin", "Jellyfin"),
        Application::new(wiki, "wiki", "Wiki"),
    ];
    let bind =
        |number, app, group| Binding::new(BindingPk(key(number)), app, Subject::Group(group), 0);
    it.bindings = vec![bind(1, jellyfin, family), bind(2, wiki, admins)];
    it
}

pub(crate) fn acting() -> Acting {
    Acting {
        console: Some(CONSOLE),
        person: Some(PERSON),
        ..Acting::default()
    }
}

fn planned(draft: &AccessDraft) -> Plan {
    plan(draft, &home(), &acting()).unwrap()
}

pub(crate) fn ids(plan: &Plan) -> Vec<&str> {
    plan.findings.iter().map(|it| it.id.as_str()).collect()
}

pub(crate) fn reasons(plan: &Plan) -> String {
    let confirm = plan.confirm.as_ref();
    confirm.map(|it| it.reasons.join(" ")).unwrap_or_default()
}

#[test]
fn deleting_the_group_of_the_only_binding_opens_the_door_and_says_to_how_many() {
    let plan = planned(&menu::delete_group("family", false));
    let finding = &plan.findings[0];
    assert_eq!(finding.severity, Severity::Danger);
    assert_eq!(finding.title, "This opens Jellyfin to 41 people.");
    assert!(finding.way_out.contains("Leave a deny"));
    let confirm = plan.confirm.as_ref().unwrap();
    assert_eq!(confirm.text, "family");
    assert!(confirm.accepts(" family ") && !confirm.accepts("Family"));
    assert_eq!(reasons(&plan), "It opens “Jellyfin” to everyone.");
    assert!(plan.access.everyone);
    let sentence =
        "31 people gain access, nobody loses any. Open to everyone from then on: “Jellyfin”.";
    assert_eq!(plan.access.sentence, sentence);
}

#[test]
fn the_deny_in_its_place_takes_access_from_the_family_instead() {
    let plan = planned(&menu::delete_group("family", true));
    assert!(!ids(&plan).contains(&"opens-door"));
    assert!(ids(&plan).contains(&"shuts-everybody-out"));
    assert_eq!(reasons(&plan), "It takes access from 10 people.");
    let steps: Vec<&str> = plan.steps.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(steps, ["group-1", "binding-1", "delete-1", "cache"]);
}

#[test]
fn unbinding_offers_the_same() {
    let plan = planned(&menu::unbind("jellyfin", "family", false));
    assert_eq!(plan.findings[0].title, "This opens Jellyfin to 41 people.");
    assert_eq!(plan.confirm.unwrap().text, "Jellyfin");
    let plan = planned(&menu::unbind("jellyfin", "family", true));
    assert!(plan.diff.unwrap().doors_opened().next().is_none());
}

#[test]
fn a_deny_is_only_left_where_a_door_would_open() {
    let mut home = home();
    let more = Subject::Group(GroupPk(key(3)));
    let more = Binding::new(BindingPk(key(3)), ApplicationPk(key(1)), more, 1);
    home.bindings.push(more);
    let draft = menu::delete_group("family", true);
    let planned = plan(&draft, &home, &acting()).unwrap();
    let steps: Vec<&str> = planned.steps.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(steps, ["delete-1", "cache"]);
    home.bindings.pop();
    home.default_app_access = false;
    let planned = plan(&draft, &home, &acting()).unwrap();
    let steps: Vec<&str> = planned.steps.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(steps, ["delete-1", "cache"], "the server closes it anyway");
}

#[test]
fn more_than_five_losers_need_a_confirmation_and_the_number_can_be_set() {
    let leave = |count: i64| {
        let users: Vec<String> = (11..11 + count).map(|it| format!("u{it}")).collect();
        let users: Vec<&str> = users.iter().map(String::as_str).collect();
        menu::membership(&["family"], &[], &users)
    };
    let five = planned(&leave(5));
    assert!(five.confirm.is_none());
    assert!(ids(&five).contains(&"loses-access"));
    let six = planned(&leave(6));
    assert_eq!(reasons(&six), "It takes access from 6 people.");
    assert_eq!(six.confirm.unwrap().text, "family");
    let patient = Acting {
        max_unconfirmed_losses: 6,
        ..acting()
    };
    assert!(
        plan(&leave(6), &home(), &patient)
            .unwrap()
            .confirm
            .is_none()
    );
    let one = planned(&leave(1));
    assert_eq!(
        one.access.sentence,
        "1 person loses access, nobody gains any."
    );
}

#[test]
fn superuser_groups_need_a_confirmation() {
    for draft in [
        menu::membership(&["admins"], &["u30"], &[]),
        menu::change_group("admins", "root", None),
        menu::change_group("plain", "", Some(&["admins"])),
        menu::create_group("new", &["admins"], &[]),
        menu::create_user("new", &["admins"]),
    ] {
        let plan = planned(&draft);
        assert!(
            reasons(&plan).contains("whose members are superusers"),
            "{draft:?}"
        );
    }
    let plan = planned(&menu::membership(&["plain"], &["u30"], &[]));
    assert!(plan.confirm.is_none());
}

#[test]
fn nobody_locks_themselves_out_by_accident() {
    let console = planned(&menu::membership(&["admins"], &[], &["u1"]));
    let said = reasons(&console);
    assert!(
        said.contains("takes access to “Wiki” from the user of the console’s token"),
        "{said}"
    );
    assert!(
        said.contains("superuser rights from the console’s own user"),
        "{said}"
    );
    assert!(ids(&console).contains(&"console-superuser"));
    let person = planned(&menu::user(UserAction::Deactivate, "u2"));
    assert!(reasons(&person).contains("This deactivates you (“u2”)."));
    assert_eq!(person.confirm.unwrap().text, "u2");
    let person = planned(&menu::user(UserAction::Delete, "u2"));
    assert!(reasons(&person).contains("This deletes you (“u2”)."));
    let other = planned(&menu::user(UserAction::Deactivate, "u30"));
    assert!(other.confirm.is_none());
    let wiki = planned(&menu::door(&["wiki"], Door::Restricted, &["family"]));
    assert!(reasons(&wiki).contains("from you"), "{}", reasons(&wiki));
}

#[test]
fn what_becomes_remarkable_is_found() {
    let empty = planned(&menu::bind(&["wiki"], &["plain"], &[]));
    assert!(ids(&empty).contains(&"remarkable-door"));
    let mut home = home();
    home.version = "2025.10.0".parse().unwrap();
    let two = menu::bind(&["jellyfin"], &["admins"], &[]);
    let mut with_mode = home.clone();
    with_mode.applications[0].mode = PolicyEngineMode::All;
    let any = plan(&two, &home, &acting()).unwrap();
    let all = plan(&two, &with_mode, &acting()).unwrap();
    let defect = |plan: &Plan| {
        plan.findings
            .iter()
            .any(|it| it.title.contains("takes one of them for enough"))
    };
    assert!(!defect(&any) && defect(&all));
}

#[test]
fn a_negated_binding_opens_the_door_and_needs_a_confirmation() {
    let draft = AccessDraft::GroupBinding(setup::access_change::GroupBinding {
        applications: vec!["jellyfin".to_owned()],
        groups: vec!["admins".to_owned()],
        negate: true,
        ..setup::access_change::GroupBinding::default()
    });
    let plan = planned(&draft);
    assert!(reasons(&plan).contains("It opens “Jellyfin” to everyone."));
    assert!(ids(&plan).contains(&"opens-door") && ids(&plan).contains(&"remarkable-door"));
}

#[test]
fn the_text_to_type_can_be_typed() {
    let mut home = home();
    home.groups[0].name = "fam\u{202e}ily".to_owned();
    let draft = menu::delete_group(&home.groups[0].name, false);
    let plan = plan(&draft, &home, &acting()).unwrap();
    assert_eq!(plan.confirm.unwrap().text, "confirm");
}

#[test]
fn the_console_leaves_its_own_group_last() {
    let plan = planned(&menu::membership(&["admins"], &["u30"], &["u1", "u2"]));
    let titles: Vec<&str> = plan.steps.iter().map(|it| it.title.as_str()).collect();
    let place = |name: &str| titles.iter().position(|it| it.contains(name)).unwrap();
    assert!(place("u1”") > place("u2”"), "{titles:?}");
    assert_eq!(titles.last(), Some(&"Clear the policy cache"));
}

#[test]
fn what_opens_on_purpose_is_not_guarded() {
    let mut home = home();
    let plain = Subject::Group(GroupPk(key(3)));
    let more = Binding::new(BindingPk(key(3)), ApplicationPk(key(1)), plain, 1);
    home.bindings.push(more);
    let guarded = |draft: &AccessDraft| {
        let plan = plan(draft, &home, &acting()).unwrap();
        let alters = plan.steps.iter().filter_map(|it| it.alters.as_ref());
        let guarded: Vec<usize> = alters.map(|it| it.stays_shut.len()).collect();
        guarded
    };
    let open = menu::door(&["jellyfin"], Door::Everyone, &[]);
    assert_eq!(guarded(&open), [0, 0]);
    assert_eq!(guarded(&menu::unbind("jellyfin", "family", false)), [1]);
}

/// Whether each application lets strangers in once a plan was carried out.
fn opened(draft: &AccessDraft, home: &Snapshot) -> Vec<String> {
    let preview = setup::access_change::preview(draft, home, &acting()).unwrap();
    let matrix = access::Evaluator::new(&preview.then).matrix();
    let open = matrix.applications().iter();
    let open = open.filter(|row| row.outsider() == access::Verdict::Allowed);
    open.map(|row| {
        preview
            .then
            .application(row.application)
            .unwrap()
            .slug
            .clone()
    })
    .collect()
}

#[test]
fn a_twin_that_is_turned_round_is_disabled_too() {
    let mut home = home();
    let family = Subject::Group(GroupPk(key(1)));
    let twin = Binding::new(BindingPk(key(7)), ApplicationPk(key(1)), family, 3);
    let negate = true;
    home.bindings.push(Binding { negate, ..twin });
    let restrict = menu::door(&["jellyfin"], Door::Restricted, &["family"]);
    assert_eq!(opened(&restrict, &home), [""; 0]);
    let nobody = Group::new(GroupPk(key(9)), setup::access_change::NOBODY);
    let bind = |number, negate| {
        let it = Subject::Group(nobody.pk);
        let it = Binding::new(BindingPk(key(number)), ApplicationPk(key(1)), it, 4);
        Binding { negate, ..it }
    };
    home.bindings.extend([bind(8, false), bind(9, true)]);
    home.groups.push(nobody.clone());
    let close = menu::door(&["jellyfin"], Door::Closed, &[]);
    assert_eq!(opened(&close, &home), [""; 0]);
}

#[test]
fn where_the_deny_itself_goes_another_is_left() {
    let mut home = home();
    let nobody = Group::new(GroupPk(key(9)), setup::access_change::NOBODY);
    let it = Subject::Group(nobody.pk);
    let deny = Binding::new(BindingPk(key(1)), ApplicationPk(key(1)), it, 4);
    home.bindings[0] = deny;
    home.groups.push(nobody);
    for draft in [
        menu::delete_group(setup::access_change::NOBODY, true),
        menu::unbind("jellyfin", setup::access_change::NOBODY, true),
    ] {
        assert_eq!(opened(&draft, &home), [""; 0], "{draft:?}");
    }
    let open = menu::unbind("jellyfin", setup::access_change::NOBODY, false);
    assert_eq!(opened(&open, &home), ["jellyfin"]);
}

#[test]
fn access_that_a_policy_decides_from_then_on_is_counted_with_the_losses() {
    let mut home = home();
    let policy = authentik_api::PolicyPk(key(1));
    home.policies = vec![access::Policy {
        pk: policy,
        name: "hours".to_owned(),
        model: None,
    }];
    let bind = |number, application| {
        let subject = Subject::Policy(policy);
        Binding::new(
            BindingPk(key(number)),
            ApplicationPk(key(application)),
            subject,
            5,
        )
    };
    home.bindings.extend([bind(5, 1), bind(6, 2)]);
    let all = plan(&menu::mode(&["jellyfin"], "all"), &home, &acting()).unwrap();
    let said = reasons(&all);
    assert!(said.contains("whether 10 people keep access"), "{said}");
    // The console and the person of Wiki.
    let own = plan(&menu::mode(&["wiki"], "all"), &home, &acting()).unwrap();
    let said = reasons(&own);
    assert!(
        said.contains("to a policy whether you (“u2”) may still open “Wiki”"),
        "{said}"
    );
    let mut shut = home.clone();
    shut.applications[0].mode = PolicyEngineMode::All;
    let left = plan(&menu::unbind("jellyfin", "family", false), &shut, &acting()).unwrap();
    let said = reasons(&left);
    assert!(
        said.contains("to policies alone who gets into “Jellyfin”"),
        "{said}"
    );
}

#[test]
fn the_text_to_type_names_what_matters_of_several() {
    let mut home = home();
    home.bindings.push(Binding::new(
        BindingPk(key(0)),
        ApplicationPk(key(1)),
        Subject::Group(GroupPk(key(3))),
        5,
    ));
    // Of Jellyfin one binding stays; Wiki opens.
    let draft = AccessDraft::Unbind(setup::access_change::Unbind {
        bindings: [0, 2].map(|it| BindingPk(key(it)).to_string()).into(),
        ..setup::access_change::Unbind::default()
    });
    let made = plan(&draft, &home, &acting()).unwrap();
    assert_eq!(made.confirm.unwrap().text, "Wiki");
    let draft = menu::membership(&["plain", "admins"], &["u30"], &[]);
    assert_eq!(planned(&draft).confirm.unwrap().text, "admins");
    // Nothing happens, nothing is to be confirmed.
    let draft = menu::membership(&["admins"], &["u1"], &["u30"]);
    let made = planned(&draft);
    assert!(made.steps.is_empty() && made.confirm.is_none());
}

#[test]
fn what_a_snapshot_does_not_show_is_said() {
    for draft in [
        menu::delete_group("plain", false),
        menu::user(UserAction::Delete, "u30"),
    ] {
        assert!(ids(&planned(&draft)).contains(&"guards-elsewhere"));
    }
}

#[test]
fn words_are_right_for_what_is_done() {
    let mut home = home();
    home.applications[0].mode = PolicyEngineMode::All;
    let title = |draft: &AccessDraft| {
        let plan = plan(draft, &home, &acting()).unwrap();
        plan.steps[0].title.clone()
    };
    let any = title(&menu::mode(&["jellyfin"], "any"));
    assert_eq!(any, "Let one binding of “Jellyfin” be enough");
    let all = title(&menu::mode(&["wiki"], "all"));
    assert_eq!(all, "Let “Wiki” require all of its bindings");
    // A deny in its place is a way out of a deletion, and of nothing else.
    let opens = |draft: &AccessDraft| {
        let plan = planned(draft);
        let found = plan.findings.iter().find(|it| it.id == "opens-door");
        found.unwrap().clone()
    };
    let unbind = opens(&menu::unbind("jellyfin", "family", false));
    assert!(unbind.way_out.contains("Leave a deny"));
    let open = opens(&menu::door(&["jellyfin"], Door::Everyone, &[]));
    assert!(open.way_out.is_empty() && open.explanation.contains("gets an account"));
}
