//! Pages, the demo's data, permissions and a few traps, at every version.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something is missing"
)]

mod common;

use common::Client;
use proptest::prelude::*;
use sandbox::{Sandbox, Version};
use serde_json::{Value, json};

#[tokio::test]
async fn the_demo_is_what_its_description_says() {
    for version in Version::ALL {
        let client = Client::new(Sandbox::with_sample_data(version, 42));
        let apps = client
            .get("core/applications/?superuser_full_list=true&page_size=100")
            .await
            .body;
        let apps = apps["results"].as_array().unwrap();
        assert_eq!(apps.len(), 13, "{version}");
        for taken in ["grafana", "gitea", "vaultwarden", "immich", "nextcloud"] {
            assert!(
                apps.iter().all(|app| app["slug"] != taken),
                "{version}: {taken} belongs to the demo's visitor"
            );
        }
        let mut open = Vec::new();
        for app in apps {
            let path = format!("policies/bindings/?target={}", app["pk"].as_str().unwrap());
            if client.get(&path).await.body["pagination"]["count"] == 0 {
                open.push(app["slug"].as_str().unwrap());
            }
        }
        assert_eq!(open, ["status-page"], "{version}: one door left open");
        let providers = client.get("providers/oauth2/?page_size=100").await.body;
        let providers = providers["results"].as_array().unwrap();
        let unsigned: Vec<&str> = providers
            .iter()
            .filter(|p| p["signing_key"].is_null())
            .map(|p| p["name"].as_str().unwrap())
            .collect();
        assert_eq!(unsigned, ["Old tracker"], "{version}");
        assert!(
            providers
                .iter()
                .all(|p| p.get("grant_types").is_none_or(|g| g != &json!([]))),
            "{version}: T1"
        );
        let people = client
            .get("core/users/?path=users&page_size=100")
            .await
            .body;
        assert_eq!(
            people["pagination"]["count"], 41,
            "{version}: forty people and akadmin"
        );
        assert!(
            people["results"]
                .as_array()
                .unwrap()
                .iter()
                .any(|p| !p["name"].as_str().unwrap().is_ascii())
        );
        assert!(client.sandbox.count("event") > 50, "{version}");
        let outpost = &client.get("outposts/instances/").await.body["results"][0];
        assert_eq!(
            outpost["providers"].as_array().map(Vec::len),
            Some(2),
            "{version}"
        );
    }
}

#[tokio::test]
async fn members_of_a_child_group_are_members_of_the_parent() {
    for version in Version::ALL {
        let client = Client::new(Sandbox::with_sample_data(version, 42));
        let user = |name: &'static str| {
            let client = &client;
            async move {
                client
                    .get(&format!("core/users/?username={name}"))
                    .await
                    .body["results"][0]["pk"]
                    .clone()
            }
        };
        for (name, may) in [("mina.koch", true), ("jodie.marsh", false)] {
            let path = format!(
                "core/applications/outline/check_access/?for_user={}",
                user(name).await
            );
            assert_eq!(
                client.get(&path).await.body["passing"],
                may,
                "{version}: {name}"
            );
        }
    }
}

#[tokio::test]
async fn the_same_seed_makes_the_same_server() {
    for version in Version::ALL {
        let lists = |seed| async move {
            let client = Client::new(Sandbox::with_sample_data(version, seed));
            let mut lists = vec![json!(client.sandbox.admin_token())];
            for path in [
                "core/users/",
                "core/groups/",
                "providers/oauth2/",
                "events/events/",
                "policies/bindings/",
            ] {
                lists.push(client.get(&format!("{path}?page_size=100")).await.body);
            }
            lists
        };
        assert_eq!(lists(5).await, lists(5).await, "{version}");
        assert_ne!(lists(5).await, lists(6).await, "{version}");
    }
}

#[tokio::test]
async fn ordinary_users_read_what_is_theirs() {
    for version in Version::ALL {
        let sandbox = Sandbox::with_sample_data(version, 42);
        let token = sandbox.add_token("mina.koch");
        let client = Client::with_token(sandbox, token);
        let me = client.get("core/users/me/").await.body;
        assert_eq!(
            (
                me["user"]["username"].as_str(),
                me["user"]["is_superuser"].as_bool()
            ),
            (Some("mina.koch"), Some(false))
        );
        assert_eq!(client.get("admin/version/").await.status, 200);
        let seen = client
            .get("core/applications/?superuser_full_list=true&page_size=100")
            .await
            .body;
        let shown = seen["results"].as_array().unwrap().len();
        assert!(
            seen["pagination"]["count"].as_u64() > Some(shown as u64),
            "{version}: T7, T8"
        );
        for path in [
            "core/users/",
            "core/groups/",
            "providers/all/",
            "policies/bindings/",
            "core/applications/outline/",
        ] {
            let refused = client.get(path).await;
            assert_eq!(refused.status, 403, "{version}: {path}");
            assert_eq!(
                refused.body["detail"],
                "You do not have permission to perform this action."
            );
        }
        assert_eq!(
            client
                .post("core/groups/", &json!({ "name": "x" }))
                .await
                .status,
            403
        );
    }
}

#[tokio::test]
async fn page_sizes_follow_the_version() {
    for version in Version::ALL {
        let client = Client::new(Sandbox::with_sample_data(version, 42));
        let sizes = |path: &'static str| {
            let client = &client;
            async move {
                client.get(path).await.body["results"]
                    .as_array()
                    .unwrap()
                    .len()
            }
        };
        let events = client.sandbox.count("event");
        assert!(events > 100);
        let (default, most) = if version == Version::V2026_5 {
            (20, 100)
        } else {
            (100, events)
        };
        assert_eq!(sizes("events/events/").await, default, "{version}: T21");
        assert_eq!(
            sizes("events/events/?page_size=100000").await,
            most,
            "{version}: T21"
        );
        assert_eq!(
            client.get("events/events/?page=0").await.body["detail"],
            "Invalid page."
        );
        assert_eq!(client.get("events/events/?page=x").await.status, 404);
    }
}

/// Walks a list to its end.
async fn walk(client: &Client, size: usize, order: &str) -> Vec<Value> {
    let (mut page, mut found) = (1, Vec::new());
    while page != 0 {
        let path = format!("core/users/?page_size={size}&page={page}&ordering={order}");
        let body = client.get(&path).await.body;
        let pagination = &body["pagination"];
        assert_eq!(pagination["current"], page);
        assert_eq!(pagination["start_index"], found.len() + 1);
        found.extend(
            body["results"]
                .as_array()
                .unwrap()
                .iter()
                .map(|user| user["pk"].clone()),
        );
        assert_eq!(pagination["end_index"], found.len());
        page = pagination["next"].as_u64().unwrap();
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn pages_hold_every_row_once(size in 1_usize..60, descending: bool, version in 0_usize..3) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let client = Client::new(Sandbox::with_sample_data(Version::ALL[version], 42));
            let order = if descending { "-username" } else { "username" };
            let mut found = walk(&client, size, order).await;
            assert_eq!(found.len(), client.sandbox.count("user"));
            found.sort_by_key(Value::as_i64);
            found.dedup();
            assert_eq!(found.len(), client.sandbox.count("user"));
        });
    }
}

#[tokio::test]
async fn deletions_take_along_what_the_real_ones_take() {
    for version in Version::ALL {
        let client = Client::new(Sandbox::with_sample_data(version, 42));
        let app = client.get("core/applications/outline/").await.body;
        let before = client.sandbox.count("policybinding");
        assert_eq!(
            client
                .send("DELETE", "core/applications/outline/", None)
                .await
                .status,
            204
        );
        assert_eq!(
            client.sandbox.count("policybinding"),
            before - 1,
            "{version}"
        );
        let provider = client
            .get(&format!("providers/oauth2/{}/", app["provider"]))
            .await
            .body;
        assert!(
            provider["assigned_application_slug"].is_null(),
            "{version}: the provider stays"
        );
        let group = client.get("core/groups/?name=finance").await.body["results"][0]["pk"].clone();
        client
            .send(
                "DELETE",
                &format!("core/groups/{}/", group.as_str().unwrap()),
                None,
            )
            .await;
        let open = client
            .get("core/applications/payroll/check_access/")
            .await
            .body;
        assert_eq!(
            open["passing"], true,
            "{version}: its last binding went with the group"
        );
        let flow = "flows/instances/default-provider-authorization-implicit-consent/";
        let oauth2 = client.sandbox.count("oauth2provider");
        assert!(oauth2 > 0);
        client.send("DELETE", flow, None).await;
        assert_eq!(client.sandbox.count("oauth2provider"), 0, "{version}: T34");
    }
}

#[tokio::test]
async fn the_schema_tells_the_version_and_the_paths() {
    for version in Version::ALL {
        let client = Client::new(Sandbox::new(version, 1));
        let schema = client.get("schema/?format=json").await.body;
        assert_eq!(schema["info"]["version"], version.to_string());
        let brands = if version == Version::V2023_10 {
            "/core/tenants/"
        } else {
            "/core/brands/"
        };
        assert!(schema["paths"][brands]["get"].is_object(), "{version}");
        let settings = version != Version::V2023_10;
        assert_eq!(
            schema["paths"].get("/admin/settings/").is_some(),
            settings,
            "{version}"
        );
    }
}

#[tokio::test]
async fn a_transaction_leaves_nothing_behind_when_it_fails() {
    for version in Version::ALL {
        let client = Client::new(Sandbox::new(version, 1));
        let provider = client
            .oauth2_body("Wiki", "https://wiki.example.org/cb")
            .await;
        let body = |slug: &str| {
            json!({
                "app": { "name": "Wiki", "slug": slug },
                "provider_model": "authentik_providers_oauth2.oauth2provider",
                "provider": provider,
            })
        };
        let put = |body: Value| {
            let client = &client;
            async move {
                client
                    .send("PUT", "core/transactional/applications/", Some(&body))
                    .await
            }
        };
        assert_eq!(put(body("not a slug")).await.status, 400, "{version}");
        let mut unknown = body("wiki");
        unknown["provider"]["authorization_flow"] = json!("00000000-0000-0000-0000-000000000000");
        assert_eq!(put(unknown).await.status, 400, "{version}");
        assert_eq!(
            (
                client.sandbox.count("application"),
                client.sandbox.count("oauth2provider")
            ),
            (0, 0),
            "{version}"
        );
        assert_eq!(
            put(body("wiki")).await.body,
            json!({ "applied": true, "logs": [] }),
            "{version}"
        );
        assert_eq!(
            (
                client.sandbox.count("application"),
                client.sandbox.count("oauth2provider")
            ),
            (1, 1),
            "{version}"
        );
    }
}

#[tokio::test]
async fn segments_of_an_address_are_decoded() {
    let client = Client::new(Sandbox::with_sample_data(Version::V2026_5, 1));
    assert_eq!(
        client.get("core/applications/out%6Cine/").await.body["slug"],
        "outline"
    );
    assert_eq!(
        client.get("core/applications/out%2Fline/").await.status,
        404
    );
}

#[tokio::test]
async fn a_transaction_is_undone_when_its_last_part_fails() {
    let client = Client::new(Sandbox::new(Version::V2026_5, 1));
    let group = client
        .post("core/groups/", &json!({ "name": "g" }))
        .await
        .body["pk"]
        .clone();
    let body = json!({
        "app": { "name": "Wiki", "slug": "wiki" },
        "provider_model": "authentik_providers_oauth2.oauth2provider",
        "provider": client.oauth2_body("Wiki", "https://wiki.example.org/cb").await,
        "policy_bindings": [{ "group": group, "order": 0, "timeout": -1 }],
    });
    let answer = client
        .send("PUT", "core/transactional/applications/", Some(&body))
        .await;
    assert_eq!(answer.status, 400);
    for kind in ["application", "oauth2provider", "policybinding"] {
        assert_eq!(client.sandbox.count(kind), 0, "{kind}");
    }
}
