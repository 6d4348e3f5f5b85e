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
        assert_eq!(account.admin.post("core/groups/", &body).await.status, 201);
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
