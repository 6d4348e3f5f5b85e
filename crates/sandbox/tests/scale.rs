//! A company of thousands, and lists of it.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something is missing"
)]

mod common;

use common::Client;
use sandbox::{Sandbox, Version};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashSet};

const PEOPLE: usize = 3_000;

/// All objects of a list.
async fn all(client: &Client, path: &str) -> Vec<Value> {
    let (mut page, mut found) = (1, Vec::new());
    while page != 0 {
        let sign = if path.contains('?') { '&' } else { '?' };
        let body = client
            .get(&format!("{path}{sign}page_size=100&page={page}"))
            .await
            .body;
        page = body["pagination"]["next"].as_u64().unwrap();
        found.extend(body["results"].as_array().unwrap().iter().cloned());
    }
    found
}

#[tokio::test]
async fn a_company_is_of_the_size_that_was_asked_for() {
    for version in Version::ALL {
        let client = Client::new(Sandbox::with_company(version, 5, PEOPLE));
        for (kind, count) in [("user", PEOPLE), ("group", 200), ("application", 200)] {
            assert_eq!(client.sandbox.count(kind), count, "{version}: {kind}");
        }
        let users = all(&client, "core/users/").await;
        let names: HashSet<&str> = users
            .iter()
            .map(|user| user["username"].as_str().unwrap())
            .collect();
        assert_eq!((users.len(), names.len()), (PEOPLE, PEOPLE), "{version}");
        let inactive = users.iter().filter(|user| user["is_active"] == false);
        assert!((50..300).contains(&inactive.count()), "{version}");
        // Both sides of a membership.
        let of_users: BTreeSet<(String, i64)> = users
            .iter()
            .flat_map(|user| {
                let pk = user["pk"].as_i64().unwrap();
                let groups = user["groups"].as_array().unwrap().iter();
                groups.map(move |group| (group.as_str().unwrap().to_owned(), pk))
            })
            .collect();
        let groups = all(&client, "core/groups/?include_users=false").await;
        let of_groups: BTreeSet<(String, i64)> = groups
            .iter()
            .flat_map(|group| {
                let users = group["users"].as_array().unwrap().iter();
                users.map(|user| {
                    (
                        group["pk"].as_str().unwrap().to_owned(),
                        user.as_i64().unwrap(),
                    )
                })
            })
            .collect();
        assert!(of_users.len() > 2 * PEOPLE, "{version}: {}", of_users.len());
        assert_eq!(of_users, of_groups, "{version}");
        // Nested: teams below departments below sites below the staff.
        let above: BTreeMap<&str, Vec<&str>> = groups
            .iter()
            .map(|group| {
                let parents = match group.get("parents") {
                    Some(parents) => parents.as_array().unwrap().iter().collect(),
                    None => vec![&group["parent"]],
                };
                let parents = parents.into_iter().filter_map(Value::as_str).collect();
                (group["pk"].as_str().unwrap(), parents)
            })
            .collect();
        let depth = |pk: &str| {
            let (mut depth, mut level) = (0, vec![pk]);
            while !level.is_empty() {
                depth += 1;
                level = level.iter().flat_map(|pk| above[pk].clone()).collect();
            }
            depth
        };
        assert_eq!(above.keys().map(|pk| depth(pk)).max(), Some(4), "{version}");
        let bindings = all(&client, "policies/bindings/").await;
        let bound: HashSet<&str> = bindings
            .iter()
            .map(|binding| binding["target"].as_str().unwrap())
            .collect();
        let apps = all(&client, "core/applications/?superuser_full_list=true").await;
        let open = apps
            .iter()
            .filter(|app| !bound.contains(app["pk"].as_str().unwrap()));
        assert!((5..15).contains(&open.count()), "{version}");
        for (field, value) in [("negate", true), ("enabled", false)] {
            assert!(bindings.iter().any(|binding| binding[field] == value));
        }
        for field in ["policy", "user", "group"] {
            assert!(bindings.iter().any(|binding| !binding[field].is_null()));
        }
    }
}

#[tokio::test]
async fn the_same_seed_makes_the_same_company() {
    let users = |seed| async move {
        let client = Client::new(Sandbox::with_company(Version::V2026_5, seed, 400));
        let mut found = all(&client, "core/users/").await;
        found.extend(all(&client, "policies/bindings/").await);
        found
    };
    assert_eq!(users(5).await, users(5).await);
    assert_ne!(users(5).await, users(6).await);
}

#[tokio::test]
async fn few_people_are_the_sample_data() {
    let sandbox = Sandbox::with_company(Version::V2026_5, 5, 1);
    let sample = Sandbox::with_sample_data(Version::V2026_5, 5);
    assert_eq!(sandbox.count("user"), sample.count("user"));
}

/// A list is kept for its next page: never for longer than it is true, and never for another question.
#[tokio::test]
async fn lists_are_never_stale() {
    let client = Client::new(Sandbox::with_company(Version::V2026_5, 5, 300));
    let count = |path: &'static str| {
        let client = &client;
        async move {
            let body = client.get(path).await.body;
            body["pagination"]["count"].as_u64().unwrap()
        }
    };
    assert_eq!(count("core/users/?page=2").await, 300);
    assert!(count("core/users/?search=aalto&page=1").await < 300);
    assert_eq!(count("core/users/?page=3").await, 300);
    let new = json!({ "username": "late", "name": "Late", "path": "users" });
    let late = client.post("core/users/", &new).await.body["pk"].clone();
    assert_eq!(count("core/users/?page=1").await, 301);

    let in_staff = "core/users/?groups_by_name=staff";
    let before = count(in_staff).await;
    let staff = client.get("core/groups/?name=staff").await.body["results"][0]["pk"].clone();
    let staff = staff.as_str().unwrap();
    for (way, expected) in [("add_user", before + 1), ("remove_user", before)] {
        let path = format!("core/groups/{staff}/{way}/");
        client.post(&path, &json!({ "pk": late })).await;
        assert_eq!(count(in_staff).await, expected, "{way}");
    }
    let path = format!("core/users/{late}/");
    let put = json!({ "groups": [staff] });
    client.send("PATCH", &path, Some(&put)).await;
    assert_eq!(count(in_staff).await, before + 1);
    client.send("DELETE", &path, None).await;
    assert_eq!(count(in_staff).await, before);
    assert_eq!(count("core/users/?page=1").await, 300);
}
