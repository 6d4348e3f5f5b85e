//! Large drafts: refused where they are too large, planned where they are not.

use access::{Binding, Group, Snapshot, User};
use authentik_api::{ApplicationPk, BindingPk, GroupPk, UserPk, models::Subject};
use http::Method;
use setup::{
    access_change::{AccessDraft, ApplicationAccess, Door, MembershipDraft, Unbind, plan},
    change::State,
};

use crate::{
    confirm::{acting, home, ids, key},
    menu,
    support::{Stage, VERSIONS},
};

/// Users 1000 to 6000, each of them in no group, and 20 more groups.
fn large() -> Snapshot {
    let mut it = home();
    let users = 1_000..=6_000;
    it.users
        .extend(users.map(|number| User::new(UserPk(number), format!("l{number}"))));
    let groups = 100..120;
    it.groups
        .extend(groups.map(|number| Group::new(GroupPk(key(number)), format!("g{number}"))));
    it
}

fn logins(count: i64) -> Vec<String> {
    (1_000..1_000 + count).map(|it| format!("l{it}")).collect()
}

fn members(groups: usize, people: i64) -> AccessDraft {
    AccessDraft::Membership(MembershipDraft {
        groups: (100..100 + groups).map(|it| format!("g{it}")).collect(),
        add: logins(people),
        remove: Vec::new(),
    })
}

#[test]
fn more_than_five_thousand_steps_are_refused_with_the_way_out() {
    let large = large();
    for (draft, field) in [
        (members(20, 251), "add"),
        (members(1, 5_001), "add"),
        (
            AccessDraft::ApplicationAccess(ApplicationAccess {
                applications: vec!["jellyfin".to_owned(), "wiki".to_owned()],
                door: Door::Restricted,
                users: logins(2_501),
                ..ApplicationAccess::default()
            }),
            "applications",
        ),
        (
            AccessDraft::Unbind(Unbind {
                bindings: vec![BindingPk(key(1)).to_string(); 5_001],
                ..Unbind::default()
            }),
            "bindings",
        ),
    ] {
        let errors = plan(&draft, &large, &acting()).unwrap_err();
        let said = errors.of(field).join(" ");
        assert!(said.contains("split it"), "{field}: {errors}");
    }
    let said = plan(&members(20, 251), &large, &acting()).unwrap_err();
    assert!(said.of("add")[0].contains("5020 steps"), "{said}");
}

#[test]
fn five_thousand_steps_are_planned_each_with_a_name_of_its_own() {
    let made = plan(&members(20, 250), &large(), &acting()).unwrap();
    assert_eq!(made.steps.len(), 5_001, "and the cache");
    assert_eq!(made.steps[0].id, "join-1");
    assert_eq!(made.steps[4_999].id, "join-5000");
}

#[test]
fn what_was_not_read_is_not_worked_out_and_said_so() {
    let mut home = home();
    let gone = Subject::Group(GroupPk(key(77)));
    let dangling = Binding::new(BindingPk(key(7)), ApplicationPk(key(1)), gone, 9);
    home.bindings.push(dangling);
    let close = menu::door(&["jellyfin"], Door::Closed, &[]);
    let made = plan(&close, &home, &acting()).unwrap();
    let said = ids(&made)
        .iter()
        .filter(|id| **id == "not-worked-out")
        .count();
    assert_eq!(said, 1, "{:?}", made.findings);
}

#[tokio::test]
async fn a_person_who_joins_costs_a_look_and_a_request() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let plan = stage
            .plan(&menu::membership(&["design"], &["kofi.mensah"], &[]))
            .await;
        stage.sandbox.clear_requests();
        let (state, mut entries) = stage.apply_plan(&plan).await;
        assert_eq!(state, State::Applied);
        let requests = stage.sandbox.requests();
        let of = |method: Method| requests.iter().filter(|it| it.method == method).count();
        assert_eq!(of(Method::GET), 1, "{version}: {requests:?}");
        assert_eq!(of(Method::POST), 2, "and the cache");
        assert_eq!(stage.undo(&plan, &mut entries).await, State::Undone);
        let group = stage.group("design").await;
        assert!(!group.users.contains(&stage.user("kofi.mensah").await.pk));
    }
}
