//! Two consoles, one group, a thousand new members from each at the same time: nobody's edit is lost. The way that is
//! in circulation, to read the list of members and send it back longer, loses (trap T9).

use std::{collections::BTreeSet, time::Duration};

use sandbox::{Sandbox, Version};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::common::{Console, Upstream, call, is_running, read};

/// New members from each console.
const EDITS: usize = 1_000;
/// People in one change set.
const TOGETHER: usize = 250;

/// New members from each script that sends lists back.
const PATCHED: usize = 100;

/// A company with a new group: its key, and people for both consoles, by key and login name.
async fn company() -> (Upstream, String, Vec<(i64, String)>) {
    let sandbox = Sandbox::with_company(Version::V2026_5, 7, 2 * EDITS + 100);
    let upstream = Upstream::of(sandbox).await;
    let group = json!({ "name": "summer party" });
    let group = call(&upstream, "POST", "core/groups/", &group).await;
    let (mut page, mut people) = (1, Vec::new());
    while people.len() < 2 * EDITS {
        let path = format!("core/users/?page_size=100&page={page}");
        let users = read(&upstream, &path).await;
        people.extend(users["results"].as_array().unwrap().iter().map(|user| {
            let name = user["username"].as_str().unwrap().to_owned();
            (user["pk"].as_i64().unwrap(), name)
        }));
        page += 1;
    }
    people.truncate(2 * EDITS);
    (upstream, group["pk"].as_str().unwrap().to_owned(), people)
}

/// Who is in the group, as authentik says it.
async fn members(upstream: &Upstream, group: &str) -> BTreeSet<i64> {
    let group = read(
        upstream,
        &format!("core/groups/{group}/?include_users=false"),
    )
    .await;
    let users = group["users"].as_array().unwrap().iter();
    users.map(|user| user.as_i64().unwrap()).collect()
}

/// Plans change sets for these people, and begins all of them at once.
async fn add(console: &Console, group: &str, names: &[&str]) {
    let mut ids = Vec::new();
    for some in names.chunks(TOGETHER) {
        let draft = json!({ "groups": [group], "add": some });
        let body = json!({ "kind": "membership", "draft": draft });
        let answer = console.post("/api/changes", &body).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let change = answer.json();
        assert_eq!(change["plan"]["confirm"], Value::Null);
        ids.push(change["id"].as_str().unwrap().to_owned());
    }
    for id in &ids {
        let path = format!("/api/changes/{id}/apply");
        let answer = console.post(&path, &json!({})).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
    }
    // Whole change sets are long: only their states are asked for.
    loop {
        let changes = console.get("/api/changes").await.json();
        let changes = changes["changes"].as_array().unwrap();
        if !changes.iter().any(is_running) {
            assert!(changes.iter().all(|change| change["state"] == "applied"));
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_consoles_lose_nobodys_edit() {
    let (upstream, group, people) = company().await;
    let (one, other) = (
        Console::before(&upstream).await,
        Console::before(&upstream).await,
    );
    let of = |start: usize| -> Vec<&str> {
        let names = people.iter().skip(start).step_by(2);
        names.map(|(_, name)| name.as_str()).collect()
    };
    let (names, others) = (of(0), of(1));
    assert_eq!((names.len(), others.len()), (EDITS, EDITS));
    tokio::join!(add(&one, &group, &names), add(&other, &group, &others));
    let everybody: BTreeSet<i64> = people.iter().map(|(pk, _)| *pk).collect();
    assert_eq!(members(&upstream, &group).await, everybody);
    println!("2 consoles × {EDITS} edits at once: none lost");
}

/// Reads the members of a group, with one more: what a script sends back.
async fn list_with(upstream: &Upstream, group: &str, new: i64) -> Value {
    let mut users = members(upstream, group).await;
    users.insert(new);
    json!({ "users": users })
}

/// Two scripts take turns so that both have read before either writes. Nothing depends on time here: whoever writes
/// first is overwritten, every time.
#[tokio::test]
async fn sending_the_list_back_loses_every_first_one() {
    let (upstream, group, people) = company().await;
    let path = format!("core/groups/{group}/?include_users=false");
    let mut kept = BTreeSet::new();
    for pair in people.chunks(2).take(PATCHED) {
        let [(first, _), (second, _)] = pair else {
            continue;
        };
        let one = list_with(&upstream, &group, *first).await;
        let other = list_with(&upstream, &group, *second).await;
        call(&upstream, "PATCH", &path, &one).await;
        call(&upstream, "PATCH", &path, &other).await;
        kept.insert(*second);
    }
    let left = members(&upstream, &group).await;
    println!(
        "2 scripts × {PATCHED} lists sent back in turns: {} of {} edits lost",
        2 * PATCHED - left.len(),
        2 * PATCHED
    );
    assert_eq!(left, kept, "all those of the first script are lost");
}
