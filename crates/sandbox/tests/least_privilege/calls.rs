//! Which permission a call asks for.

use super::common::{Client, uris};
use super::{Account, LOOK};
use sandbox::Version;
use serde_json::{Value, json};

/// A provider and its application, for one call.
async fn transaction(admin: &Client, slug: &str) -> Value {
    let mut provider = admin.oauth2_body(slug, "https://a.example.org/cb").await;
    provider["redirect_uris"] = uris(admin.sandbox.version(), "https://a.example.org/cb");
    json!({
        "app": { "name": slug, "slug": slug },
        "provider_model": "authentik_providers_oauth2.oauth2provider",
        "provider": provider,
    })
}

#[tokio::test]
async fn role_with_view_permissions_reads_and_is_refused_everything_else() {
    for version in Version::ALL {
        let account = Account::with(version, LOOK).await;
        let scopes = if version == Version::V2023_10 {
            "propertymappings/scope/"
        } else {
            "propertymappings/provider/scope/"
        };
        let group = format!("core/groups/{}/", account.group);
        let readable = [
            "core/applications/outline/",
            "core/users/",
            "core/groups/",
            &group,
            "providers/all/",
            "providers/oauth2/",
            "policies/bindings/",
            "flows/instances/",
            "crypto/certificatekeypairs/",
            "events/events/",
            scopes,
        ];
        for path in readable {
            assert_eq!(
                account.status("GET", path, &json!({})).await,
                200,
                "{version}: {path}"
            );
        }
        let name = json!({ "name": "x" });
        let join = format!("{group}add_user/");
        let assign = format!(
            "rbac/permissions/assigned_by_roles/{}/assign/",
            account.role
        );
        let refused = [
            ("GET", "outposts/instances/", &name),
            ("GET", "rbac/roles/", &name),
            ("GET", "rbac/permissions/", &name),
            ("POST", "rbac/roles/", &name),
            ("POST", &assign, &name),
            ("POST", "core/groups/", &name),
            ("PATCH", &group, &name),
            ("DELETE", &group, &name),
            ("POST", &join, &json!({ "pk": account.user })),
            ("PATCH", "core/applications/outline/", &name),
            ("POST", "core/users/", &name),
            ("POST", "core/users/service_account/", &name),
            ("POST", "policies/all/cache_clear/", &name),
        ];
        for (method, path, body) in refused {
            let status = account.status(method, path, body).await;
            assert_eq!(status, 403, "{version}: {method} {path}");
        }
        account.unassign("authentik_core.view_user").await;
        assert_eq!(
            account.status("GET", "core/users/", &name).await,
            403,
            "{version}"
        );
    }
}

#[tokio::test]
async fn changing_needs_the_permission_to_view_as_well() {
    for version in Version::ALL {
        let account = Account::with(version, &["authentik_core.change_application"]).await;
        let body = json!({ "group": "x" });
        let path = "core/applications/outline/";
        assert_eq!(account.status("PATCH", path, &body).await, 403, "{version}");
        account.assign(&["authentik_core.view_application"]).await;
        assert_eq!(account.status("PATCH", path, &body).await, 200, "{version}");
    }
}

#[tokio::test]
async fn applications_of_somebody_else_need_a_permission_of_their_own() {
    for version in [Version::V2025_10, Version::V2026_5] {
        let account = Account::with(version, LOOK).await;
        let mina = account.pk("mina.koch").await;
        let path = format!("core/applications/?for_user={mina}&slug=outline");
        let refused = account.client.get(&path).await;
        assert_eq!(refused.status, 400, "{version}");
        assert_eq!(refused.body["for_user"], "User not found", "{version}");
        account
            .assign(&["authentik_core.view_user_applications"])
            .await;
        let seen = account.client.get(&path).await.body;
        assert_eq!(seen["results"][0]["slug"], "outline", "{version}");
        let jodie = account.pk("jodie.marsh").await;
        let path = format!("core/applications/?for_user={jodie}&slug=outline");
        let seen = account.client.get(&path).await.body;
        assert_eq!(seen["results"], json!([]), "{version}");
        // `check_access` and the full list ask whether the caller is a superuser, and nothing else.
        let path = format!("core/applications/outline/check_access/?for_user={mina}");
        assert_eq!(
            account.client.get(&path).await.body["passing"],
            false,
            "{version}"
        );
        let path = "core/applications/?superuser_full_list=true&page_size=100";
        let full = account.client.get(path).await.body;
        let shown = full["results"].as_array().unwrap().len() as u64;
        assert!(
            full["pagination"]["count"].as_u64() > Some(shown),
            "{version}"
        );
    }
}

#[tokio::test]
async fn transaction_needs_a_permission_for_each_part() {
    for version in Version::ALL {
        let account = Account::with(version, &["authentik_core.view_application"]).await;
        let body = transaction(&account.admin, "wiki").await;
        let path = "core/transactional/applications/";
        let send = || account.client.send("PUT", path, Some(&body));
        account
            .assign(&["authentik_providers_oauth2.add_oauth2provider"])
            .await;
        let refused = send().await;
        assert_eq!(refused.status, 403, "{version}");
        let named = refused.body.get("app").is_some();
        assert_eq!(
            named,
            version != Version::V2023_10,
            "{version}: {}",
            refused.body
        );
        account.assign(&["authentik_core.add_application"]).await;
        let status = send().await.status;
        // Until 2024.10 it is for superusers.
        let expected = if version == Version::V2023_10 {
            403
        } else {
            200
        };
        assert_eq!(status, expected, "{version}");
    }
}

#[tokio::test]
async fn membership_and_the_superuser_flag_have_permissions_of_their_own() {
    for version in Version::ALL {
        let permissions = ["view_group", "change_group", "view_user"]
            .map(|name| format!("authentik_core.{name}"));
        let permissions: Vec<&str> = permissions.iter().map(String::as_str).collect();
        let account = Account::with(version, &permissions).await;
        let group = format!("core/groups/{}/", account.group);
        let flag = account
            .status("PATCH", &group, &json!({ "is_superuser": true }))
            .await;
        let expected = if version == Version::V2023_10 {
            200
        } else {
            400
        };
        assert_eq!(flag, expected, "{version}");
        if version == Version::V2023_10 {
            continue;
        }
        let join = format!("{group}add_user/");
        let body = json!({ "pk": account.pk("mina.koch").await });
        assert_eq!(account.status("POST", &join, &body).await, 403, "{version}");
        account.assign(&["authentik_core.add_user_to_group"]).await;
        assert_eq!(account.status("POST", &join, &body).await, 204, "{version}");
        account.unassign("authentik_core.view_user").await;
        assert_eq!(
            account.status("POST", &join, &body).await,
            404,
            "{version}: unseen"
        );
    }
}

#[tokio::test]
async fn used_by_names_what_the_caller_may_see() {
    for version in Version::ALL {
        let account = Account::with(version, &["authentik_core.view_group"]).await;
        let path = format!("core/groups/{}/used_by/", account.group);
        assert_eq!(account.client.get(&path).await.body, json!([]), "{version}");
        account.assign(&["authentik_core.view_user"]).await;
        let uses = account.client.get(&path).await.body;
        assert_eq!(uses[0]["model_name"], "user", "{version}: {uses}");
    }
}
