//! What is wrong with drafts is said field by field, and names are just text.

use access::{Application, Binding, Group, Snapshot, User};
use authentik_api::{
    ApplicationPk, BindingPk, GroupPk, UserPk,
    models::{Subject, UserType},
};
use setup::{
    FieldErrors,
    access_change::{
        AccessDraft, Acting, ApplicationAccess, Door, GroupBinding, UserAction, UserDraft, plan,
        suggested_name,
    },
    change::{Plan, State},
};

use crate::{
    menu,
    support::{Stage, VERSIONS, difference, texts},
};

fn uuid<K: From<uuid::Uuid>>(number: u128) -> K {
    uuid::Uuid::from_u128(0x1234_0000_0000_0000_0000_0000_0000_0000 | number).into()
}

/// A server with odd names.
pub(crate) fn odd(version: &str) -> Snapshot {
    let mut it = Snapshot::empty(
        "2026-11-22T00:00:00Z".parse().unwrap(),
        version.parse().unwrap(),
    );
    let group = |number, name: &str| Group::new(GroupPk(uuid(number)), name);
    it.groups = vec![
        group(1, "twice"),
        group(2, "twice"),
        group(3, ""),
        group(4, "<b onmouseover=alert(1)>\u{202e}x"),
    ];
    it.groups.push(Group {
        parents: vec![GroupPk(uuid(1))],
        ..group(5, "below")
    });
    it.users = vec![
        User::new(UserPk(5), "6"),
        User::new(UserPk(6), "six"),
        User {
            kind: Some(UserType::InternalServiceAccount),
            ..User::new(UserPk(7), "ak-outpost")
        },
        User {
            name: "مدير \u{202e}<script>".to_owned(),
            ..User::new(UserPk(8), "odd")
        },
    ];
    let app =
        |number, slug: &str, name: &str| Application::new(ApplicationPk(uuid(number)), slug, name);
    it.applications = vec![app(1, "a", "Same"), app(2, "b", "Same"), app(3, "c", " ")];
    let both = Binding::new(
        BindingPk(uuid(1)),
        ApplicationPk(uuid(3)),
        Subject::Group(GroupPk(uuid(5))),
        0,
    );
    it.bindings.push(Binding {
        user: Some(UserPk(6)),
        enabled: false,
        ..both
    });
    it
}

fn try_plan(draft: &AccessDraft, version: &str) -> Result<Plan, FieldErrors> {
    plan(draft, &odd(version), &Acting::default())
}

fn errors(draft: &AccessDraft) -> FieldErrors {
    try_plan(draft, "2025.10.0").unwrap_err()
}

#[test]
fn an_empty_draft_of_each_kind_says_what_is_missing() {
    let user = |action| menu::user(action, " ");
    for (draft, fields) in [
        (menu::bind(&[], &[], &[]), &["applications"][..]),
        (menu::bind(&["a"], &["", " "], &[]), &["groups"]),
        (
            AccessDraft::Unbind(setup::access_change::Unbind::default()),
            &["bindings"],
        ),
        (
            AccessDraft::Unbind(setup::access_change::Unbind {
                applications: texts(&["a"]),
                ..setup::access_change::Unbind::default()
            }),
            &["groups"],
        ),
        (menu::mode(&[], "any"), &["applications"]),
        (menu::mode(&["a"], ""), &["mode"]),
        (menu::create_group(" ", &[], &[]), &["name"]),
        (menu::change_group("", "x", None), &["group"]),
        (menu::delete_group("", true), &["group"]),
        (menu::membership(&[], &["six"], &[]), &["groups"]),
        (menu::membership(&["below"], &[], &[]), &["add"]),
        (menu::create_user("", &[]), &["username"]),
        (user(UserAction::Change), &["user"]),
        (user(UserAction::Deactivate), &["user"]),
        (user(UserAction::Delete), &["user"]),
        (menu::door(&[], Door::Closed, &[]), &["applications"]),
        (menu::door(&["a"], Door::Restricted, &[]), &["groups"]),
    ] {
        let errors = errors(&draft);
        let named: Vec<&str> = errors.0.keys().map(String::as_str).collect();
        assert_eq!(named, fields, "{draft:?}");
    }
}

#[test]
fn what_is_not_there_or_means_two_things_is_named() {
    let says = |draft: &AccessDraft, field: &str, text: &str| {
        let errors = errors(draft);
        let said = errors.of(field).join(" ");
        assert!(said.contains(text), "{field}: {errors}");
    };
    says(
        &menu::bind(&["Same"], &["below"], &[]),
        "applications",
        "choose by key",
    );
    says(
        &menu::bind(&["a"], &["twice"], &[]),
        "groups",
        "choose by key",
    );
    says(
        &menu::bind(&["zz"], &["below"], &[]),
        "applications",
        "There is no ",
    );
    says(
        &menu::bind(&["a"], &[], &["nobody"]),
        "users",
        "There is no ",
    );
    says(
        &menu::membership(&["below"], &["six"], &["six"]),
        "remove",
        "at once",
    );
    says(&menu::create_group("below", &[], &[]), "name", "already");
    says(
        &menu::create_group("a\nb", &[], &[]),
        "name",
        "no line breaks",
    );
    says(&menu::create_user("six", &[]), "username", "already");
    says(
        &menu::user(UserAction::Delete, "ak-outpost"),
        "user",
        "authentik's own",
    );
    let both = |texts: &[&str]| menu::change_group("below", "", Some(texts));
    let (one, two) = (GroupPk(uuid(1)).to_string(), GroupPk(uuid(2)).to_string());
    says(&both(&[&one, &two]), "parents", "one other group at most");
    says(
        &menu::change_group(&one, "", Some(&["below"])),
        "parents",
        "a circle",
    );
    says(
        &menu::change_group(&one, "", Some(&[&one])),
        "parents",
        "a circle",
    );
    let many = AccessDraft::GroupBinding(GroupBinding {
        applications: texts(&["a"]),
        groups: texts(&["below"]),
        new_groups: texts(&["new", "new", "below"]),
        order: Some(-1),
        ..GroupBinding::default()
    });
    says(&many, "new_groups", "listed twice");
    says(&many, "new_groups", "already");
    says(&many, "order", "0 to 2147483647");
    let mail = AccessDraft::User(UserDraft {
        username: "new".to_owned(),
        email: Some("no address".to_owned()),
        ..UserDraft::default()
    });
    says(&mail, "email", "no e-mail address");
}

#[test]
fn several_parents_are_planned_from_2025_12_on() {
    let (one, two) = (GroupPk(uuid(1)).to_string(), GroupPk(uuid(2)).to_string());
    let draft = menu::change_group("below", "", Some(&[&one, &two]));
    let plan = try_plan(&draft, "2025.12.0").unwrap();
    let body = plan.steps[0].request.body.as_ref().unwrap();
    assert_eq!(body["parents"], serde_json::json!([one, two]));
    let draft = menu::change_group("below", "", Some(&[]));
    let plan = try_plan(&draft, "2025.10.0").unwrap();
    let body = plan.steps[0].request.body.as_ref().unwrap();
    assert_eq!(body["parent"], serde_json::Value::Null);
}

#[test]
fn a_login_name_that_looks_like_a_key_is_a_login_name() {
    let plan = try_plan(&menu::bind(&["a"], &[], &["6"]), "2026.5.0").unwrap();
    let body = plan.steps[0].request.body.as_ref().unwrap();
    assert_eq!(body["user"], 5);
}

#[test]
fn a_binding_of_a_group_and_a_user_is_not_changed_but_can_be_deleted() {
    let draft = AccessDraft::ApplicationAccess(ApplicationAccess {
        applications: texts(&["c"]),
        door: Door::Everyone,
        ..ApplicationAccess::default()
    });
    let mut snapshot = odd("2026.5.0");
    snapshot.bindings[0].enabled = true;
    let errors = plan(&draft, &snapshot, &Acting::default()).unwrap_err();
    assert!(
        errors.of("applications")[0].contains("a group and a user at once"),
        "{errors}"
    );
    let draft = AccessDraft::Unbind(setup::access_change::Unbind {
        bindings: vec![BindingPk(uuid(1)).to_string()],
        ..setup::access_change::Unbind::default()
    });
    let plan = plan(&draft, &snapshot, &Acting::default()).unwrap();
    assert!(plan.findings.iter().any(|it| it.id == "not-undoable"));
}

#[test]
fn drafts_have_the_form_that_programs_send() {
    let json = serde_json::json!({
        "kind": "group-binding", "applications": ["jellyfin"], "groups": ["family"],
    });
    let draft: AccessDraft = serde_json::from_value(json).unwrap();
    assert_eq!(draft, menu::bind(&["jellyfin"], &["family"], &[]));
    for draft in menu::everything() {
        let json = serde_json::to_value(&draft).unwrap();
        assert_eq!(json["kind"], draft.kind());
        assert_eq!(serde_json::from_value::<AccessDraft>(json).unwrap(), draft);
    }
    let typo = serde_json::json!({ "kind": "unbind", "aplications": [] });
    assert!(serde_json::from_value::<AccessDraft>(typo).is_err());
    assert_eq!(suggested_name(" jellyfin "), "jellyfin-users");
}

#[test]
fn empty_and_hostile_names_make_plans_too() {
    let odd = odd("2026.5.0");
    let hostile = odd.groups[3].name.clone();
    for group in [hostile.as_str(), &odd.groups[2].pk.to_string()] {
        for draft in [
            menu::bind(&["c"], &[group], &["odd"]),
            menu::membership(&[group], &["odd"], &[]),
            menu::delete_group(group, true),
            menu::change_group(group, "x", None),
        ] {
            let plan = plan(&draft, &odd, &Acting::default()).unwrap();
            assert!(!plan.steps.is_empty());
            for step in &plan.steps {
                assert!(!step.title.contains("“”"), "{}", step.title);
            }
        }
    }
}

#[tokio::test]
async fn hostile_names_are_written_read_and_taken_back_as_text() {
    let name = "<script>alert('x')</script> “\u{202e}../../?a=b&c#d%2F{}";
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let before = stage.world().await;
        let create = menu::create_group(name, &[], &["jodie.marsh"]);
        let (created, state, mut first) = stage.apply(&create).await;
        assert_eq!(state, State::Applied, "{first:#?}");
        let bind = menu::bind(&["jellyfin"], &[name], &[]);
        let (bound, state, mut second) = stage.apply(&bind).await;
        assert_eq!(state, State::Applied, "{second:#?}");
        let between = stage.world().await;
        let (gone, state, mut third) = stage.apply(&menu::delete_group(name, false)).await;
        assert_eq!(state, State::Applied, "{third:#?}");
        assert_eq!(stage.undo(&gone, &mut third).await, State::Undone);
        let difference_ = difference(&between, &stage.world().await);
        assert!(difference_.is_empty(), "{difference_:#?}");
        // The group has another key by now, and so has its binding.
        assert_eq!(stage.undo(&bound, &mut second).await, State::Undone);
        assert_eq!(stage.undo(&created, &mut first).await, State::Undone);
        assert!(stage.world().await.contains_key(&format!("group {name}")));
        let (_, state, _) = stage.apply(&menu::delete_group(name, false)).await;
        assert_eq!(state, State::Applied);
        assert_eq!(before, stage.world().await);
    }
}

#[test]
fn a_title_names_each_application_once_and_each_of_one_name() {
    let mut odd = odd("2026.5.0");
    let family = Subject::Group(GroupPk(uuid(5)));
    let bind = |number, application| {
        Binding::new(
            BindingPk(uuid(number)),
            ApplicationPk(uuid(application)),
            family,
            0,
        )
    };
    odd.bindings = vec![bind(1, 1), bind(2, 2), bind(3, 1)];
    let draft = AccessDraft::Unbind(setup::access_change::Unbind {
        bindings: [1, 2, 3].map(|it| BindingPk(uuid(it)).to_string()).into(),
        ..setup::access_change::Unbind::default()
    });
    let made = plan(&draft, &odd, &Acting::default()).unwrap();
    assert_eq!(made.title, "Unbind from “Same”, “Same”");
    let nothing = menu::unbind("c", "below", false);
    let made = plan(&nothing, &odd, &Acting::default()).unwrap();
    assert_eq!(made.title, "Nothing to change at “c”");
}

#[test]
fn a_group_keeps_a_name_that_another_has_too() {
    let one = GroupPk(uuid(2)).to_string();
    let draft = menu::change_group(&one, "twice", Some(&["below"]));
    let plan = try_plan(&draft, "2023.10.0").unwrap();
    let body = plan.steps[0].request.body.as_ref().unwrap();
    assert!(body.get("name").is_none() && body.get("parent").is_some());
}
