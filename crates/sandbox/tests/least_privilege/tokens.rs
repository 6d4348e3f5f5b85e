//! Tokens and service accounts.

use super::common::Client;
use super::{Account, LOOK, text};
use sandbox::{Sandbox, Version};
use serde_json::json;

#[tokio::test]
async fn token_opens_the_api_while_it_exists_and_has_the_intent_api() {
    for version in Version::ALL {
        let account = Account::with(version, &[]).await;
        let me = account.client.get("core/users/me/").await.body;
        assert_eq!(me["user"]["username"], "console", "{version}");
        let body = json!({ "identifier": "mail", "intent": "app_password", "user": account.user });
        assert_eq!(account.admin.post("core/tokens/", &body).await.status, 201);
        let key = text(&account.admin.get("core/tokens/mail/view_key/").await.body["key"]);
        let mail = Client::with_token(account.admin.sandbox.clone(), key);
        assert_eq!(mail.get("core/users/me/").await.status, 403, "{version}");
        // T10: whoever patches without saying whose it is takes it over, as an API token.
        let body = json!({ "description": "x" });
        let patched = account
            .admin
            .send("PATCH", "core/tokens/mail/", Some(&body))
            .await
            .body;
        assert_eq!(patched["user_obj"]["username"], "akadmin", "{version}");
        let me = mail.get("core/users/me/").await.body;
        assert_eq!(me["user"]["username"], "akadmin", "{version}");
        let gone = account
            .admin
            .send("DELETE", "core/tokens/mail/", None)
            .await;
        assert_eq!(gone.status, 204);
        assert_eq!(mail.get("core/users/me/").await.status, 403, "{version}");
        let path = format!("core/users/{}/", account.user);
        assert_eq!(account.admin.send("DELETE", &path, None).await.status, 204);
        assert_eq!(
            account.client.get("core/users/me/").await.status,
            403,
            "{version}"
        );
        assert_eq!(
            account.admin.get("core/tokens/console/").await.status,
            404,
            "{version}"
        );
    }
}

#[tokio::test]
async fn tokens_of_others_are_not_seen() {
    for version in Version::ALL {
        let account = Account::with(version, LOOK).await;
        let list = account.client.get("core/tokens/").await.body;
        assert_eq!(list["pagination"]["count"], 1, "{version}: {list}");
        let path = "core/tokens/authentik-bootstrap-token/";
        assert_eq!(
            account.status("GET", path, &json!({})).await,
            404,
            "{version}"
        );
        assert_eq!(
            account.status("DELETE", path, &json!({})).await,
            404,
            "{version}"
        );
        let key = account
            .status("GET", &format!("{path}view_key/"), &json!({}))
            .await;
        assert_eq!(
            key,
            if version == Version::V2026_5 {
                403
            } else {
                404
            },
            "{version}"
        );
        // Whom a token is for and whether it ends are for superusers to say.
        let admin = account.pk("akadmin").await;
        let body = json!({ "identifier": "own", "user": admin, "expiring": false });
        let own = account.client.post("core/tokens/", &body).await.body;
        assert_eq!(own["user"], account.user, "{version}");
        assert_eq!(own["expiring"], true, "{version}");
        let open = account
            .status("GET", "core/tokens/own/view_key/", &json!({}))
            .await;
        assert_eq!(open, 200, "{version}");
    }
}

#[tokio::test]
async fn account_is_undone_in_reverse() {
    for version in Version::ALL {
        let account = Account::with(version, LOOK).await;
        let role = format!("rbac/roles/{}/", account.role);
        let uses = account.admin.get(&format!("{role}used_by/")).await.body;
        assert_eq!(uses[0]["pk"], account.group.as_str(), "{version}");
        let paths = [
            "core/tokens/console/".to_owned(),
            format!("core/groups/{}/", account.group),
            format!("core/users/{}/", account.user),
            role,
        ];
        for path in &paths {
            assert_eq!(
                account.admin.send("DELETE", path, None).await.status,
                204,
                "{version}: {path}"
            );
            assert_eq!(
                account.admin.get(path).await.status,
                404,
                "{version}: {path}"
            );
        }
        assert_eq!(
            account.client.get("core/users/me/").await.status,
            403,
            "{version}"
        );
    }
}

#[tokio::test]
async fn service_account_comes_with_an_app_password() {
    for version in Version::ALL {
        let admin = Client::new(Sandbox::new(version, 1));
        let body = json!({ "name": "backup", "create_group": true, "expiring": false });
        let made = admin.post("core/users/service_account/", &body).await;
        assert_eq!(made.status, 200, "{version}");
        let bot = Client::with_token(admin.sandbox.clone(), text(&made.body["token"]));
        assert_eq!(bot.get("core/users/me/").await.status, 403, "{version}");
        let again = admin.post("core/users/service_account/", &body).await;
        let field = if version == Version::V2023_10 {
            "non_field_errors"
        } else {
            "name"
        };
        assert_eq!(again.status, 400, "{version}");
        assert!(again.body[field].is_array(), "{version}: {}", again.body);
    }
}

#[tokio::test]
async fn key_that_is_set_replaces_the_drawn_one() {
    for version in Version::ALL {
        let account = Account::with(version, &[]).await;
        let path = "core/tokens/console/set_key/";
        // The owner alone may not.
        let body = json!({ "key": "chosen-by-somebody" });
        assert_eq!(
            account.client.post(path, &body).await.status,
            403,
            "{version}"
        );
        assert_eq!(
            account.admin.post(path, &body).await.status,
            204,
            "{version}"
        );
        assert_eq!(
            account.client.get("core/users/me/").await.status,
            403,
            "{version}"
        );
        let client = Client::with_token(
            account.admin.sandbox.clone(),
            "chosen-by-somebody".to_owned(),
        );
        assert_eq!(client.get("core/users/me/").await.status, 200, "{version}");
    }
}

#[tokio::test]
async fn lists_of_tokens_follow_their_filters() {
    for version in Version::ALL {
        let account = Account::with(version, &[]).await;
        let found = async |query: &str| {
            let path = format!("core/tokens/?{query}");
            let list = account.admin.get(&path).await.body;
            list["results"]
                .as_array()
                .unwrap()
                .iter()
                .map(|t| text(&t["identifier"]))
                .collect::<Vec<_>>()
        };
        assert_eq!(found("identifier=console").await, ["console"], "{version}");
        assert_eq!(
            found("user__username=console").await,
            ["console"],
            "{version}"
        );
        assert_eq!(
            found("search=bootstrap").await,
            ["authentik-bootstrap-token"],
            "{version}"
        );
        assert!(found("intent=app_password").await.is_empty(), "{version}");
        assert!(found("expiring=true").await.is_empty(), "{version}");
    }
}
