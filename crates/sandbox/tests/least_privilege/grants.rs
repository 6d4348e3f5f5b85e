//! Giving permissions to roles, and how roles reach people.

use super::common::Client;
use super::{Account, LOOK, SET_UP, text};
use sandbox::{Sandbox, Version};
use serde_json::{Value, json};

#[tokio::test]
async fn one_unknown_codename_stores_nothing_of_the_call() {
    for version in Version::ALL {
        let account = Account::with(version, &[]).await;
        let path = format!(
            "rbac/permissions/assigned_by_roles/{}/assign/",
            account.role
        );
        let body = json!({ "permissions": ["authentik_core.view_user", "authentik_core.nope"] });
        let answer = account.admin.post(&path, &body).await;
        assert_eq!(
            (answer.status, answer.body),
            (405, Value::Null),
            "{version}"
        );
        let path = format!("rbac/permissions/?role={}", account.role);
        let count = |list: Value| list["pagination"]["count"].clone();
        assert_eq!(count(account.admin.get(&path).await.body), 0, "{version}");
        for _ in 0..2 {
            account.assign(&["authentik_core.view_user"]).await;
        }
        assert_eq!(
            count(account.admin.get(&path).await.body),
            1,
            "{version}: given twice"
        );
    }
}

#[tokio::test]
async fn every_permission_of_the_console_is_known_and_listed() {
    for version in Version::ALL {
        let admin = Client::new(Sandbox::new(version, 1));
        for permission in LOOK.iter().chain(SET_UP) {
            let (app, codename) = permission.split_once('.').unwrap();
            let path =
                format!("rbac/permissions/?codename={codename}&content_type__app_label={app}");
            let found = admin.get(&path).await.body;
            assert_eq!(found["pagination"]["count"], 1, "{version}: {permission}");
        }
        // Newer ones are not there before their time.
        for codename in [
            "view_user_applications",
            "add_user_to_group",
            "view_system_settings",
        ] {
            let found = admin
                .get(&format!("rbac/permissions/?codename={codename}"))
                .await
                .body;
            let expected = i32::from(version != Version::V2023_10);
            assert_eq!(
                found["pagination"]["count"], expected,
                "{version}: {codename}"
            );
        }
    }
}

#[tokio::test]
async fn roles_of_a_group_reach_the_members_of_groups_below() {
    for version in Version::ALL {
        let account = Account::with(version, &["authentik_core.view_user"]).await;
        let mina = account.pk("mina.koch").await;
        let client = Client::with_token(
            account.admin.sandbox.clone(),
            account.admin.sandbox.add_token("mina.koch"),
        );
        assert_eq!(client.get("core/users/").await.status, 403, "{version}");
        let mut body = json!({ "name": "Below", "users": [mina] });
        if version == Version::V2026_5 {
            body["parents"] = json!([account.group]);
        } else {
            body["parent"] = json!(account.group);
        }
        let below = account.admin.post("core/groups/", &body).await;
        assert_eq!(below.status, 201);
        let path = format!(
            "core/groups/{}/?include_inherited_roles=true",
            text(&below.body["pk"])
        );
        let inherited = account.admin.get(&path).await.body["inherited_roles_obj"].clone();
        if version == Version::V2026_5 {
            assert_eq!(
                inherited,
                json!([{ "pk": account.role, "name": "Console" }])
            );
        }
        assert_eq!(client.get("core/users/").await.status, 200, "{version}");
    }
}

#[tokio::test]
async fn role_of_a_user_counts_where_users_have_roles() {
    let account = Account::with(Version::V2026_5, &["authentik_core.view_user"]).await;
    let mina = account.pk("mina.koch").await;
    let sandbox = account.admin.sandbox.clone();
    let client = Client::with_token(sandbox.clone(), sandbox.add_token("mina.koch"));
    for (verb, status) in [("add_user", 200), ("remove_user", 403)] {
        let path = format!("rbac/roles/{}/{verb}/", account.role);
        assert_eq!(
            account
                .admin
                .post(&path, &json!({ "pk": mina }))
                .await
                .status,
            204
        );
        assert_eq!(client.get("core/users/").await.status, status, "{verb}");
    }
    let old = Account::with(Version::V2025_10, &[]).await;
    let path = format!("rbac/roles/{}/add_user/", old.role);
    assert_eq!(
        old.admin
            .post(&path, &json!({ "pk": old.user }))
            .await
            .status,
        405
    );
}

#[tokio::test]
async fn permission_for_one_object_counts_for_that_one_alone() {
    for version in Version::ALL {
        let account = Account::with(version, &["authentik_core.view_application"]).await;
        let outline = account.admin.get("core/applications/outline/").await.body;
        let path = format!(
            "rbac/permissions/assigned_by_roles/{}/assign/",
            account.role
        );
        let body = json!({
            "permissions": ["authentik_core.change_application"],
            "model": "authentik_core.application",
            "object_pk": outline["pk"],
        });
        account.admin.post(&path, &body).await;
        let change = json!({ "group": "x" });
        let own = account
            .status("PATCH", "core/applications/outline/", &change)
            .await;
        // Recorded: without effect in 2023.10.
        assert_eq!(
            own,
            if version == Version::V2023_10 {
                403
            } else {
                200
            },
            "{version}"
        );
        let other = account
            .status("PATCH", "core/applications/status-page/", &change)
            .await;
        assert_eq!(other, 403, "{version}");
    }
}

#[tokio::test]
async fn read_only_group_reads_everything_recorded() {
    for version in [Version::V2025_10, Version::V2026_5] {
        let sandbox = Sandbox::with_sample_data(version, 42);
        let admin = Client::new(sandbox.clone());
        let groups = admin
            .get("core/groups/?name=authentik%20Read-only")
            .await
            .body;
        let group = text(&groups["results"][0]["pk"]);
        let client = Client::with_token(sandbox.clone(), sandbox.add_token("mina.koch"));
        let mina = client.get("core/users/me/").await.body["user"]["pk"].clone();
        let path = format!("core/groups/{group}/add_user/");
        assert_eq!(admin.post(&path, &json!({ "pk": mina })).await.status, 204);
        for path in [
            "core/users/",
            "core/brands/",
            "outposts/instances/",
            "rbac/roles/",
        ] {
            assert_eq!(client.get(path).await.status, 200, "{version}: {path}");
        }
        // Not the base models.
        assert_eq!(client.get("providers/all/").await.status, 403, "{version}");
        let body = json!({ "name": "x" });
        assert_eq!(
            client.post("core/groups/", &body).await.status,
            403,
            "{version}"
        );
    }
}

#[tokio::test]
async fn role_of_an_old_name_has_the_old_permissions_until_2025_10() {
    for version in Version::ALL {
        let account = Account::with(version, &["authentik_core.view_user"]).await;
        let path = format!("rbac/roles/{}/", account.role);
        assert_eq!(account.admin.send("DELETE", &path, None).await.status, 204);
        assert_eq!(
            account.client.get("core/users/").await.status,
            403,
            "{version}"
        );
        let again = account
            .admin
            .post("rbac/roles/", &json!({ "name": "Console" }))
            .await;
        let path = format!("rbac/permissions/?role={}", text(&again.body["pk"]));
        let count = account.admin.get(&path).await.body["pagination"]["count"].clone();
        assert_eq!(count, i32::from(version != Version::V2026_5), "{version}");
        let gone = format!("rbac/permissions/?role={}", account.role);
        assert_eq!(account.admin.get(&gone).await.status, 400, "{version}");
    }
}

#[tokio::test]
async fn lists_of_permissions_follow_filters_and_pages() {
    for version in Version::ALL {
        let account = Account::with(version, &[]).await;
        let admin = &account.admin;
        let path = "rbac/permissions/?content_type__app_label=authentik_core";
        let core = admin.get(path).await.body["pagination"]["count"].clone();
        let recorded = match version {
            Version::V2023_10 => 41,
            Version::V2025_10 => 56,
            Version::V2026_5 => 62,
        };
        assert_eq!(core, recorded, "{version}");
        let path = "rbac/permissions/?content_type__model=token&search=view";
        let found = admin.get(path).await.body;
        let names: Vec<String> = found["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| text(&p["codename"]))
            .collect();
        assert_eq!(names, ["view_token", "view_token_key"], "{version}");
        let id = &found["results"][0]["id"];
        let one = admin.get(&format!("rbac/permissions/{id}/")).await.body;
        assert_eq!(one["codename"], "view_token", "{version}");
        let large = admin.get("rbac/permissions/?page_size=1000").await.body;
        let shown = large["results"].as_array().unwrap().len();
        // T21
        assert_eq!(shown > 100, version != Version::V2026_5, "{version}");
        for at in 0..12 {
            let body = json!({
                "permissions": ["authentik_core.view_application"],
                "model": "authentik_core.application",
                "object_pk": format!("00000000-0000-0000-0000-{at:012}"),
            });
            let path = format!(
                "rbac/permissions/assigned_by_roles/{}/assign/",
                account.role
            );
            admin.post(&path, &body).await;
        }
        let path = format!("rbac/permissions/roles/?uuid={}&page_size=50", account.role);
        let page = admin.get(&path).await.body;
        assert_eq!(page["pagination"]["count"], 12, "{version}");
        assert_eq!(page["results"].as_array().unwrap().len(), 10, "{version}");
    }
}

#[tokio::test]
async fn me_lists_what_a_role_allows_about_the_system() {
    for version in [Version::V2025_10, Version::V2026_5] {
        let account = Account::with(version, &["authentik_core.view_user"]).await;
        let system = async || {
            account.client.get("core/users/me/").await.body["user"]["system_permissions"].clone()
        };
        assert_eq!(system().await, json!([]), "{version}");
        assert_eq!(
            account.client.get("admin/settings/").await.status,
            403,
            "{version}"
        );
        account
            .assign(&["authentik_rbac.view_system_settings"])
            .await;
        assert_eq!(system().await, json!(["view_system_settings"]), "{version}");
        assert_eq!(
            account.client.get("admin/settings/").await.status,
            200,
            "{version}"
        );
        let change = account
            .client
            .send("PATCH", "admin/settings/", Some(&json!({})))
            .await;
        assert_eq!(change.status, 403, "{version}");
    }
}
