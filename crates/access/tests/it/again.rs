//! A snapshot that reads again what was touched is the one that would be read anew.

use access::{LoadOptions, Snapshot, Touched, load};
use authentik_api::{ApplicationPk, BindingPk, Capabilities, Client, GroupPk, Transport, UserPk};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use sandbox::{Sandbox, Version};
use serde_json::{Value, json};
use tower::ServiceExt as _;

#[derive(Clone)]
struct Direct(Sandbox);

impl Transport for Direct {
    type Error = std::convert::Infallible;

    async fn execute(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, Self::Error> {
        let (mut head, body) = request.into_parts();
        let token = format!("Bearer {}", self.0.admin_token());
        head.headers.insert("authorization", token.parse().unwrap());
        let request = http::Request::from_parts(head, axum::body::Body::from(body));
        let (head, body) = self.0.router().oneshot(request).await?.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Ok(http::Response::from_parts(head, body))
    }
}

impl Direct {
    async fn call(&self, method: &str, path: &str, body: Value) -> Value {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("/api/v3/{path}"))
            .header("content-type", "application/json");
        let body = if body.is_null() {
            Bytes::new()
        } else {
            body.to_string().into()
        };
        let response = self.execute(request.body(body).unwrap()).await.unwrap();
        assert!(
            response.status().is_success(),
            "{method} {path}: {:?}",
            response.body()
        );
        serde_json::from_slice(response.body()).unwrap_or_default()
    }
}

fn key<K: serde::de::DeserializeOwned>(object: &Value) -> K {
    serde_json::from_value(object["pk"].clone()).unwrap()
}

#[tokio::test]
async fn what_was_touched_is_as_if_everything_was_read_anew() {
    for version in Version::ALL {
        let server = Direct(Sandbox::with_sample_data(version, 3));
        let capabilities = Capabilities::of(version.to_string().parse().unwrap());
        let client = Client::new(server.clone(), capabilities);
        let read = async || {
            let moment = "2026-11-22T00:00:00Z".parse().unwrap();
            let read = load(&client, moment, LoadOptions::default(), |_| ()).await;
            sorted(read.unwrap())
        };
        let mut kept = read().await;
        let user = kept
            .users
            .iter()
            .find(|it| it.username == "jodie.marsh")
            .unwrap()
            .pk;
        let gone = kept
            .groups
            .iter()
            .find(|it| it.name == "finance")
            .unwrap()
            .pk;
        let app = kept.application_by_slug("status-page").unwrap().clone();

        let group = server
            .call("POST", "core/groups/", json!({ "name": "new" }))
            .await;
        let group_pk: GroupPk = key(&group);
        let join = format!("core/groups/{group_pk}/add_user/");
        server.call("POST", &join, json!({ "pk": user })).await;
        let bind = json!({ "target": app.pk, "group": group_pk, "order": 0 });
        let binding: BindingPk = key(&server.call("POST", "policies/bindings/", bind).await);
        let mode = json!({ "policy_engine_mode": "all" });
        server
            .call("PATCH", "core/applications/status-page/", mode)
            .await;
        server
            .call("DELETE", &format!("core/groups/{gone}/"), Value::Null)
            .await;

        let touched = [
            Touched::Binding(binding),
            Touched::User(user),
            Touched::Group(group_pk),
            Touched::Group(gone),
            Touched::Application(app.pk, app.slug.clone()),
        ];
        kept.read_again(&client, &touched).await.unwrap();
        assert_eq!(sorted(kept.clone()), read().await, "{version}");

        // And back again.
        server
            .call(
                "DELETE",
                &format!("policies/bindings/{binding}/"),
                Value::Null,
            )
            .await;
        server
            .call("DELETE", &format!("core/users/{user}/"), Value::Null)
            .await;
        let touched = [
            Touched::Binding(binding),
            Touched::User(user),
            Touched::User(UserPk(99_999)),
        ];
        kept.read_again(&client, &touched).await.unwrap();
        assert_eq!(sorted(kept), read().await, "{version}");
        let _: ApplicationPk = app.pk;
    }
}

/// In an order that does not depend on when something was read.
fn sorted(mut snapshot: Snapshot) -> Snapshot {
    snapshot.users.sort_by_key(|it| it.pk);
    snapshot.groups.sort_by_key(|it| it.pk);
    snapshot.applications.sort_by_key(|it| it.pk);
    snapshot.bindings.sort_by_key(|it| it.pk);
    snapshot.policies.sort_by_key(|it| it.pk);
    snapshot
}
