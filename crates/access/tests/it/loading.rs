//! Reads a snapshot from a server in memory, and counts what it is asked.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use access::{List, LoadError, LoadOptions, Note, Progress, Snapshot, load};
use authentik_api::{Capabilities, Client, GroupPk, Transport, UserPk};
use bytes::Bytes;
use serde_json::{Value, json};
use uuid::Uuid;

/// A server with lists, a largest page size, and whatever happens to a page on its way.
#[derive(Clone)]
struct Server {
    lists: Arc<BTreeMap<&'static str, Vec<Value>>>,
    superuser: bool,
    largest_page: usize,
    meddle: fn(&str, usize, &mut Value) -> u16,
    asked: Arc<Mutex<Vec<String>>>,
    under_way: Arc<AtomicUsize>,
    most_under_way: Arc<AtomicUsize>,
}

impl Transport for Server {
    type Error = Infallible;

    async fn execute(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, Infallible> {
        let now = self.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_under_way.fetch_max(now, Ordering::SeqCst);
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
        self.under_way.fetch_sub(1, Ordering::SeqCst);
        let (status, body) = self.answer(request.uri());
        let response = http::Response::builder().status(status);
        Ok(response.body(Bytes::from(body.to_string())).unwrap())
    }
}

impl Server {
    fn answer(&self, uri: &http::Uri) -> (u16, Value) {
        let path = uri.path().strip_prefix("/api/v3/").unwrap();
        let query = uri.query().unwrap_or_default();
        self.asked.lock().unwrap().push(format!("{path}?{query}"));
        match path {
            "core/users/me/" => {
                let user = json!({ "pk": 1, "username": "ann", "is_superuser": self.superuser });
                return (200, json!({ "user": user }));
            }
            "admin/settings/" => {
                return (
                    200,
                    json!({ "flags": { "core_default_app_access": false } }),
                );
            }
            _ => {}
        }
        let number = |name: &str| {
            let pair = query.split('&').find_map(|pair| pair.strip_prefix(name));
            pair.and_then(|text| text.parse::<usize>().ok()).unwrap()
        };
        let size = number("page_size=").min(self.largest_page);
        let page = number("page=");
        let list = &self.lists[path];
        let pages = list.len().div_ceil(size).max(1);
        let next = if page < pages { page + 1 } else { 0 };
        let results: Vec<&Value> = list.iter().skip((page - 1) * size).take(size).collect();
        let pagination = json!({ "next": next, "count": list.len(), "total_pages": pages });
        let mut body = json!({ "pagination": pagination, "results": results });
        let status = (self.meddle)(path, page, &mut body);
        (status, body)
    }

    fn calls(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn uuid(number: usize) -> Uuid {
    Uuid::from_u128(number as u128)
}

/// A server of this size; each user is in three groups, each application has one binding.
fn server(users: usize, groups: usize, applications: usize, bindings: usize) -> Server {
    let user = |n: usize| {
        let groups: Vec<Uuid> = (0..3).map(|k| uuid((n + k) % groups.max(1))).collect();
        json!({ "pk": n, "username": format!("user-{n}"), "is_active": n > 3, "groups": groups })
    };
    let group =
        |n: usize| json!({ "pk": uuid(n), "name": format!("group-{n}"), "parents": [uuid(n / 2)] });
    let application = |n: usize| json!({ "pk": uuid(n), "slug": format!("app-{n}"), "name": "x", "policy_engine_mode": "any" });
    let binding = |n: usize| match n % 10 {
        0 => {
            json!({ "pk": uuid(n), "target": uuid(n % applications), "order": 0, "policy": uuid(5),
            "policy_obj": { "pk": uuid(5), "name": "hours", "meta_model_name": "a.expressionpolicy" } })
        }
        // A binding of a flow.
        1 => json!({ "pk": uuid(n), "target": uuid(n + 1_000_000), "order": 0, "group": uuid(0) }),
        _ => {
            json!({ "pk": uuid(n), "target": uuid(n % applications), "order": 0, "group": uuid(n % groups) })
        }
    };
    let lists = BTreeMap::from([
        ("core/users/", (1..=users).map(user).collect::<Vec<_>>()),
        ("core/groups/", (0..groups).map(group).collect()),
        (
            "core/applications/",
            (0..applications).map(application).collect(),
        ),
        ("policies/bindings/", (0..bindings).map(binding).collect()),
    ]);
    Server {
        lists: Arc::new(lists),
        superuser: true,
        largest_page: 100,
        meddle: |_, _, _| 200,
        asked: Arc::default(),
        under_way: Arc::default(),
        most_under_way: Arc::default(),
    }
}

/// Reads in a task of its own, which also shows that loading can be sent to one.
fn read(
    server: &Server,
    version: &str,
    options: LoadOptions,
) -> (Result<Snapshot, LoadError<Infallible>>, Vec<Progress>) {
    let client = Client::new(server.clone(), Capabilities::of(version.parse().unwrap()));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let hears = Arc::clone(&told);
    let task = runtime.spawn(async move {
        let moment = "2026-11-22T12:00:00Z".parse().unwrap();
        load(&client, moment, options, move |progress| {
            hears.lock().unwrap().push(progress);
        })
        .await
    });
    let result = runtime.block_on(task).unwrap();
    let told = told.lock().unwrap().clone();
    (result, told)
}

#[test]
fn five_thousand_users_take_fewer_than_sixty_calls() {
    let server = server(5_000, 200, 200, 300);
    let (snapshot, told) = read(&server, "2026.5.8", LoadOptions::default());
    let snapshot = snapshot.unwrap();
    let calls = server.calls();
    println!(
        "cold load of 5,000 users, 200 groups, 200 applications: {} calls",
        calls.len()
    );
    assert_eq!(
        calls.len(),
        59,
        "me, settings, 2 + 2 + 3 pages, 50 pages of users"
    );
    assert_eq!((snapshot.users.len(), snapshot.groups.len()), (5_000, 200));
    assert_eq!(
        (snapshot.applications.len(), snapshot.bindings.len()),
        (200, 270)
    );
    assert_eq!(snapshot.policies.len(), 1);
    assert_eq!(snapshot.policies[0].kind(), "expression policy");
    assert!(!snapshot.default_app_access);
    assert_eq!(snapshot.notes, []);
    assert!(
        snapshot.users.iter().map(|user| user.pk.0).eq(1..=5_000),
        "in order, each once"
    );
    assert!(
        calls
            .iter()
            .any(|call| call.contains("superuser_full_list=true"))
    );
    assert!(
        calls
            .iter()
            .any(|call| call.contains("include_users=false"))
    );
    assert_eq!(server.most_under_way.load(Ordering::SeqCst), 4);

    let last = told.last().unwrap();
    assert_eq!(
        (last.list, last.read, last.announced, last.calls),
        (List::Users, 5_000, 5_000, 59)
    );
    assert!(told.windows(2).all(|pair| pair[0].calls < pair[1].calls));
}

#[test]
fn settings_are_asked_for_only_where_they_decide() {
    let server = server(1, 1, 1, 1);
    let (snapshot, _) = read(&server, "2026.2.7", LoadOptions::default());
    assert!(snapshot.unwrap().default_app_access);
    assert_eq!(server.calls().len(), 5);
}

#[test]
fn smaller_pages_than_asked_for_are_followed_and_calls_stay_bounded() {
    let mut server = server(95, 3, 3, 5);
    server.largest_page = 10;
    let options = LoadOptions {
        page_size: 500,
        concurrency: 2,
    };
    let (snapshot, _) = read(&server, "2026.5.8", options);
    let snapshot = snapshot.unwrap();
    assert_eq!(snapshot.users.len(), 95);
    assert_eq!(snapshot.notes, []);
    assert_eq!(server.calls().len(), 2 + 3 + 10);
    assert_eq!(server.most_under_way.load(Ordering::SeqCst), 2);
    server.asked.lock().unwrap().clear();
    let nothing = LoadOptions {
        page_size: 0,
        concurrency: 0,
    };
    server.largest_page = 100;
    assert_eq!(
        read(&server, "2026.5.8", nothing).0.unwrap().users.len(),
        95
    );
}

#[test]
fn without_superuser_rights_there_is_no_half_answer() {
    let mut server = server(5, 1, 1, 1);
    server.superuser = false;
    let (result, _) = read(&server, "2026.5.8", LoadOptions::default());
    let error = result.unwrap_err();
    assert!(matches!(&error, LoadError::NotSuperuser { username } if username == "ann"));
    assert!(error.to_string().contains("no superuser"));
    assert_eq!(server.calls().len(), 1);
}

#[test]
fn what_vanishes_meanwhile_is_a_note() {
    let mut server = server(250, 10, 4, 20);
    server.meddle = |path, page, body| {
        match (path, page) {
            // The last page of users is gone.
            ("core/users/", 3) => {
                *body = json!({ "detail": "Invalid page." });
                return 404;
            }
            // Group 3 is deleted, user 7 comes twice.
            ("core/groups/", 1) => {
                let groups = body["results"].as_array_mut().unwrap();
                groups.retain(|group| group["pk"] != json!(uuid(3)));
            }
            ("core/users/", 2) => body["results"][0] = json!({ "pk": 7, "username": "user-7" }),
            _ => {}
        }
        200
    };
    let snapshot = read(&server, "2026.5.8", LoadOptions::default()).0.unwrap();
    assert_eq!(snapshot.users.len(), 199);
    let missing = GroupPk(uuid(3));
    let has = |wanted: Note| assert!(snapshot.notes.contains(&wanted), "{wanted:?}");
    has(Note::Moved {
        list: List::Users,
        announced: 250,
        read: 199,
    });
    has(Note::Moved {
        list: List::Groups,
        announced: 10,
        read: 9,
    });
    has(Note::BindingGroupMissing {
        binding: authentik_api::BindingPk(uuid(3)),
        group: missing,
    });
    has(Note::ParentMissing {
        group: GroupPk(uuid(6)),
        parent: missing,
    });
    has(Note::UserGroupMissing {
        user: UserPk(1),
        group: missing,
    });
}

#[test]
fn lists_come_in_an_order_without_ties_and_without_members() {
    let server = server(1, 1, 1, 1);
    for version in ["2023.10.7", "2026.8.5"] {
        read(&server, version, LoadOptions::default()).0.unwrap();
        let calls = server.calls();
        let has = |path: &str, pair: &str| {
            let mut calls = calls.iter().filter(|call| call.starts_with(path));
            let pairs = |call: &String| call.split(['?', '&']).any(|it| it == pair);
            assert!(calls.any(pairs), "{version} {path} {pair}: {calls:?}");
        };
        has("core/applications/", "ordering=name%2Cpk");
        has("core/groups/", "ordering=name%2Cpk");
        has("core/groups/", "include_users=false");
        has("policies/bindings/", "ordering=order%2Cpk");
        has("policies/bindings/", "include_users=false");
        server.asked.lock().unwrap().clear();
    }
}

/// A binding that slipped through would open a door.
#[test]
fn bindings_that_moved_while_they_were_read_are_read_again() {
    static TIMES: AtomicUsize = AtomicUsize::new(0);
    let mut server = server(1, 10, 4, 150);
    server.meddle = |path, page, body| {
        if path == "policies/bindings/" && page == 2 && TIMES.fetch_add(1, Ordering::SeqCst) == 0 {
            // The first of this page slipped to the page before while that was on its way.
            body["results"].as_array_mut().unwrap().remove(0);
        }
        200
    };
    let (snapshot, told) = read(&server, "2026.5.8", LoadOptions::default());
    let snapshot = snapshot.unwrap();
    assert_eq!(snapshot.notes, []);
    assert_eq!(snapshot.bindings.len(), 135, "all but those of flows");
    assert_eq!(TIMES.load(Ordering::SeqCst), 2);
    assert!(told.windows(2).all(|pair| pair[0].calls < pair[1].calls));
    // Once more and no oftener.
    server.asked.lock().unwrap().clear();
    server.meddle = |path, page, body| {
        if path == "policies/bindings/" && page == 2 {
            body["results"].as_array_mut().unwrap().remove(0);
        }
        200
    };
    let snapshot = read(&server, "2026.5.8", LoadOptions::default()).0.unwrap();
    let moved = Note::Moved {
        list: List::Bindings,
        announced: 150,
        read: 149,
    };
    assert_eq!(snapshot.notes, [moved]);
    let calls = server.calls();
    let calls = calls.iter().filter(|it| it.starts_with("policies/"));
    assert_eq!(calls.count(), 4);
}

#[test]
fn a_list_that_grows_meanwhile_is_read_to_its_end() {
    let mut server = server(200, 1, 1, 1);
    server.meddle = |path, page, body| {
        match (path, page) {
            ("core/users/", 2) => body["pagination"]["next"] = json!(3),
            ("core/users/", 3) => {
                body["pagination"]["next"] = json!(4);
                body["results"] = json!([{ "pk": 201, "username": "late" }]);
            }
            // Nothing there: the end.
            ("core/users/", 4) => body["pagination"]["next"] = json!(5),
            _ => {}
        }
        200
    };
    let snapshot = read(&server, "2026.5.8", LoadOptions::default()).0.unwrap();
    assert_eq!(snapshot.users.last().unwrap().username, "late");
    assert_eq!(snapshot.notes.len(), 1, "{:?}", snapshot.notes);
    assert_eq!(server.calls().len(), 2 + 3 + 4);
}

#[test]
fn an_error_of_a_page_is_an_error_and_an_endless_list_too() {
    let mut broken = server(300, 1, 1, 1);
    broken.meddle = |path, page, body| {
        if path == "core/users/" && page == 2 {
            *body = json!({ "detail": "no" });
            return 403;
        }
        200
    };
    let (result, _) = read(&broken, "2026.5.8", LoadOptions::default());
    assert!(matches!(result, Err(LoadError::Call(error)) if error.is_forbidden()));
    let mut endless = server(10, 1, 1, 1);
    endless.meddle = |_, _, body| {
        body["pagination"]["total_pages"] = json!(4_000_000);
        200
    };
    let (result, _) = read(&endless, "2026.5.8", LoadOptions::default());
    assert!(result.is_err_and(|error| error.to_string().contains("goes on")));
}
