//! What real servers said, against what we say. Each scenario's writes and lists are taken for observed
//! changes of a snapshot; each `check_access` in it is a cell.

use std::collections::BTreeMap;

use access::{Application, Binding, Change, Evaluator, Group, User, UserRef, Verdict, diff};
use authentik_api::{BindingPk, GroupPk, UserPk, models::PolicyBinding};
use serde_json::Value;

use crate::follower::{Follower, recordings, scenario};

const VERSIONS: [&str; 3] = ["2023.10", "2025.10", "2026.5"];

/// The scenarios with cells. Of some of them the recording shows no set-up: what is first met in such a
/// one is taken for an object that is in no group and bound to nothing, which is how these scenarios
/// begin. Not so `bindings_traps`, which has a test of its own, and `app_list_traps`.
const SCENARIOS: [&str; 7] = [
    "access_matrix",
    "access_mode_all",
    "admin_settings",
    "applications_crud",
    "delete_cascades",
    "groups_crud",
    "procedures_a_to_f",
];

/// A question to `check_access` about somebody by the superuser, and the server's answer.
fn asked(exchange: &Value) -> Option<(String, UserPk, bool)> {
    let request = &exchange["request"];
    if request.get("auth").is_some() {
        return None;
    }
    let path = request["path"].as_str()?;
    let slug = path
        .strip_prefix("/api/v3/core/applications/")?
        .strip_suffix("/check_access/")?;
    let user = request["query"]["for_user"].as_str()?.parse().ok()?;
    let passing = exchange["response"]["body"]["passing"].as_bool()?;
    Some((slug.to_owned(), user, passing))
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    agreed: u32,
    unknown: u32,
}

#[test]
fn every_recorded_cell_is_what_the_server_said() {
    let Some(folder) = recordings() else {
        return;
    };
    let mut wrong = Vec::new();
    for version in VERSIONS {
        let mut tally = Tally::default();
        for name in SCENARIOS {
            let (first, exchanges) = scenario(&folder, version, name);
            let mut follower = Follower::new(&first);
            for exchange in &exchanges {
                let Some((slug, user, passing)) = asked(exchange) else {
                    follower.follow(exchange);
                    continue;
                };
                follower.meet(None, Some(user));
                let application = follower.application(&slug);
                let world = &follower.world;
                let matrix = Evaluator::new(world).engine_matrix();
                let verdict = matrix.verdict(user, application).unwrap();
                let of = world.bindings_of(application);
                let dynamic = of.iter().any(|it| it.enabled && it.policy.is_some());
                match verdict {
                    Verdict::Unknown => {
                        assert!(dynamic, "{version} {name} {slug}: unknown without a policy");
                        tally.unknown += 1;
                    }
                    _ if (verdict == Verdict::Allowed) == passing => tally.agreed += 1,
                    _ => wrong.push(format!(
                        "{version} {name} {slug} for {user}: {verdict:?}, the server said {passing}: {}",
                        exchange["note"]
                    )),
                }
            }
        }
        let Tally { agreed, unknown } = tally;
        let cells = agreed + unknown;
        println!("counts: access {version}: {cells} cells, {agreed} agreed, {unknown} unknown");
        let expected = match version {
            "2023.10" => (154, 90),
            "2025.10" => (153, 91),
            _ => (156, 90),
        };
        assert_eq!((agreed, unknown), expected, "{version}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Observation 6 of the recordings: a PATCH can leave a binding with a group and a user.
#[test]
fn a_binding_with_group_and_user_is_what_the_server_said() {
    let Some(folder) = recordings() else {
        return;
    };
    for version in VERSIONS {
        let (first, exchanges) = scenario(&folder, version, "bindings_traps");
        let mut world = Follower::new(&first).world;
        let mut cells = 0;
        for exchange in &exchanges {
            let note = exchange["note"].as_str().unwrap();
            if note.starts_with("enable this binding with both group and user set") {
                let body = exchange["response"]["body"].clone();
                let binding = Binding::from(serde_json::from_value::<PolicyBinding>(body).unwrap());
                world.users = vec![User::new(binding.user.unwrap(), "named")];
                world.groups = vec![Group::new(binding.group.unwrap(), "bound")];
                world.applications = vec![Application::new(binding.application, "jellyfin", "")];
                world.bindings = vec![binding];
            }
            let Some((_, pk, passing)) = asked(exchange) else {
                continue;
            };
            let member = note.ends_with("a member of the group of the binding");
            if !note.ends_with("the user of the binding") {
                let mut user = User::new(pk, "other");
                user.groups
                    .extend(world.groups.iter().filter(|_| member).map(|it| it.pk));
                world.users.push(user);
            }
            let verdict = Evaluator::new(&world).verdict(pk, world.applications[0].pk);
            let expected = if passing {
                Verdict::Allowed
            } else {
                Verdict::Denied
            };
            assert_eq!(verdict, Some(expected), "{version}: {note}");
            cells += 1;
        }
        assert_eq!(cells, 3, "{version}");
    }
}

type States = BTreeMap<String, BTreeMap<String, BTreeMap<String, bool>>>;

/// Before each write of the access matrix the diff is asked what it will do; afterwards the server's
/// own states tell what it did.
#[test]
fn a_diff_foretells_what_the_server_did() {
    let Some(folder) = recordings() else {
        return;
    };
    let steps = [
        ("media-users deleted", "initial", "DELETE"),
        (
            "last binding of immich disabled",
            "media-users deleted",
            "PATCH",
        ),
        (
            "kim joined staff",
            "last binding of immich disabled",
            "add_user",
        ),
    ];
    for version in VERSIONS {
        let (first, exchanges) = scenario(&folder, version, "access_matrix");
        let states: States = serde_json::from_value(first["results"].clone()).unwrap();
        let mut follower = Follower::new(&first);
        let mut foretold = BTreeMap::new();
        for exchange in &exchanges {
            let before = follower.world.clone();
            follower.follow(exchange);
            let request = format!(
                "{} {}",
                exchange["request"]["method"], exchange["request"]["path"]
            );
            if let Some((state, ..)) = steps.iter().find(|(.., write)| request.contains(write)) {
                // The change as a plan would name it.
                let change = planned(&request, exchange);
                foretold.insert(*state, diff(&before, &[change]));
            }
        }
        let mut moved = 0;
        for (state, earlier, _) in steps {
            let diff = &foretold[state];
            for (slug, users) in &states[state] {
                let told = diff.applications.iter().find(|it| it.slug == *slug);
                for (username, after) in users {
                    let before = states[earlier][slug][username];
                    let is_in = |users: &[UserRef]| users.iter().any(|it| it.username == *username);
                    let gains = told.is_some_and(|it| is_in(&it.gains));
                    let losses = told.is_some_and(|it| is_in(&it.losses));
                    let changed =
                        told.is_some_and(|it| it.changed().any(|user| user.username == *username));
                    let unsure = changed && !gains && !losses;
                    assert!(
                        !gains || (!before && *after),
                        "{version} {state} {slug} {username}"
                    );
                    assert!(
                        !losses || (before && !*after),
                        "{version} {state} {slug} {username}"
                    );
                    if before != *after {
                        moved += 1;
                        assert!(
                            gains || losses || unsure,
                            "{version} {state} {slug} {username}: not foretold"
                        );
                    }
                }
            }
            let opened: Vec<&str> = diff.doors_opened().map(|it| it.slug.as_str()).collect();
            let expected: &[&str] = match state {
                "media-users deleted" => &["jellyfin"],
                "last binding of immich disabled" => &["immich"],
                _ => &[],
            };
            assert_eq!(opened, expected, "{version} {state}");
        }
        println!("counts: diff {version}: {moved} cells moved, all foretold");
        let expected = if version == "2025.10" { 9 } else { 10 };
        assert_eq!(moved, expected, "{version}");
    }
}

fn planned(request: &str, exchange: &Value) -> Change {
    let path = exchange["request"]["path"].as_str().unwrap();
    let pk: uuid::Uuid = path.split('/').find_map(|part| part.parse().ok()).unwrap();
    if request.contains("DELETE") {
        Change::DeleteGroup { group: GroupPk(pk) }
    } else if request.contains("add_user") {
        Change::AddMember {
            group: GroupPk(pk),
            user: UserPk(exchange["request"]["body"]["pk"].as_i64().unwrap()),
        }
    } else {
        Change::SetEnabled {
            binding: BindingPk(pk),
            enabled: false,
        }
    }
}
