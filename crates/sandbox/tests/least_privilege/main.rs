//! Roles, permissions and tokens: what somebody who is no superuser may do, at every version.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something is missing"
)]

mod calls;
#[path = "../common/mod.rs"]
mod common;
mod grants;
mod tokens;

use common::Client;
use sandbox::{Sandbox, Version};
use serde_json::{Value, json};

const LOOK: &[&str] = &[
    "authentik_core.view_application",
    "authentik_core.view_provider",
    "authentik_core.view_group",
    "authentik_core.view_user",
    "authentik_providers_oauth2.view_oauth2provider",
    "authentik_providers_oauth2.view_scopemapping",
    "authentik_policies.view_policybinding",
    "authentik_flows.view_flow",
    "authentik_crypto.view_certificatekeypair",
    "authentik_events.view_event",
];
const SET_UP: &[&str] = &[
    "authentik_core.add_application",
    "authentik_core.delete_application",
    "authentik_core.add_group",
    "authentik_core.delete_group",
    "authentik_providers_oauth2.add_oauth2provider",
    "authentik_providers_oauth2.delete_oauth2provider",
    "authentik_policies.add_policybinding",
    "authentik_policies.delete_policybinding",
];

/// A service account with a role, made the way the console makes one.
struct Account {
    admin: Client,
    client: Client,
    role: String,
    user: i64,
    group: String,
}

impl Account {
    async fn with(version: Version, permissions: &[&str]) -> Self {
        let sandbox = Sandbox::with_sample_data(version, 42);
        let admin = Client::new(sandbox.clone());
        let role = admin
            .post("rbac/roles/", &json!({ "name": "Console" }))
            .await;
        assert_eq!(role.status, 201, "{version}");
        let role = text(&role.body["pk"]);
        let body = json!({
            "username": "console",
            "name": "Console",
            "type": "service_account",
            "path": "goauthentik.io/service-accounts",
        });
        let user = admin.post("core/users/", &body).await;
        assert_eq!(user.status, 201, "{version}: {}", user.body);
        let user = user.body["pk"].as_i64().unwrap();
        let body = json!({ "name": "Console (role)", "is_superuser": false, "roles": [role] });
        let group = text(&admin.post("core/groups/", &body).await.body["pk"]);
        let path = format!("core/groups/{group}/add_user/");
        assert_eq!(admin.post(&path, &json!({ "pk": user })).await.status, 204);
        let body =
            json!({ "identifier": "console", "intent": "api", "user": user, "expiring": false });
        let token = admin.post("core/tokens/", &body).await;
        assert_eq!(token.status, 201, "{version}: {}", token.body);
        assert!(token.body.get("key").is_none(), "{version}");
        let key = text(&admin.get("core/tokens/console/view_key/").await.body["key"]);
        assert_eq!(key.len(), 60);
        let account = Self {
            client: Client::with_token(sandbox, key),
            admin,
            role,
            user,
            group,
        };
        account.assign(permissions).await;
        account
    }

    async fn assign(&self, permissions: &[&str]) {
        let path = format!("rbac/permissions/assigned_by_roles/{}/assign/", self.role);
        let answer = self
            .admin
            .post(&path, &json!({ "permissions": permissions }))
            .await;
        let expected = if self.admin.sandbox.version() == Version::V2023_10 {
            204
        } else {
            200
        };
        assert_eq!(answer.status, expected, "{permissions:?}");
    }

    async fn unassign(&self, permission: &str) {
        let path = format!("rbac/permissions/assigned_by_roles/{}/unassign/", self.role);
        let body = json!({ "permissions": [permission] });
        assert_eq!(
            self.admin.send("PATCH", &path, Some(&body)).await.status,
            204
        );
    }

    async fn status(&self, method: &str, path: &str, body: &Value) -> u16 {
        let body = (method != "GET").then_some(body);
        self.client.send(method, path, body).await.status
    }

    /// The primary key of somebody of the sample data.
    async fn pk(&self, username: &str) -> i64 {
        let path = format!("core/users/?username={username}");
        self.admin.get(&path).await.body["results"][0]["pk"]
            .as_i64()
            .unwrap()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
