//! A client of a sandbox without sockets, and drafts to play with.

use std::io;

use authentik_api::{Client, Transport, api::core::users::RetrieveMe};
use bytes::Bytes;
use http_body_util::BodyExt;
use sandbox::{Sandbox, Version};
use setup::{
    change::{Entry, Plan, State, apply},
    oidc_application::{Draft, Server, World, plan},
    preset::{Library, Preset},
};
use tower::ServiceExt;

pub(crate) const URL: &str = "https://auth.example.com";
pub(crate) const VERSIONS: [Version; 3] = [Version::V2023_10, Version::V2025_10, Version::V2026_5];

/// Calls the sandbox's router directly, as the public address [`URL`].
#[derive(Clone)]
pub(crate) struct Direct {
    router: axum::Router,
    token: String,
}

impl Transport for Direct {
    type Error = io::Error;

    async fn execute(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, io::Error> {
        let mut request = request.map(axum::body::Body::from);
        let headers = request.headers_mut();
        headers.insert("host", "auth.example.com".parse().unwrap());
        headers.insert("x-forwarded-proto", "https".parse().unwrap());
        if request.uri().path().starts_with("/api/v3/") {
            let bearer = format!("Bearer {}", self.token).parse().unwrap();
            request.headers_mut().insert("authorization", bearer);
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        Ok(http::Response::from_parts(parts, body))
    }
}

/// A sandbox with the demo's data, and a client of it.
pub(crate) struct Stage {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: Client<Direct>,
    superuser: bool,
}

impl Stage {
    pub(crate) async fn new(version: Version) -> Self {
        let sandbox = Sandbox::with_sample_data(version, 7);
        let transport = Direct {
            router: sandbox.router(),
            token: sandbox.admin_token(),
        };
        let client = Client::connect(transport).await.unwrap();
        sandbox.clear_requests();
        Self {
            sandbox,
            client,
            superuser: true,
        }
    }

    /// The same sandbox, for whoever has another token.
    pub(crate) async fn with(&self, token: String) -> Self {
        let transport = Direct {
            router: self.sandbox.router(),
            token,
        };
        let client = Client::connect(transport).await.unwrap();
        let me = client.send(&RetrieveMe).await.unwrap();
        Self {
            sandbox: self.sandbox.clone(),
            superuser: me.user.is_superuser,
            client,
        }
    }

    pub(crate) async fn world(&self, draft: &Draft) -> World {
        let server = Server {
            authentik_url: URL.to_owned(),
            superuser: self.superuser,
            default_app_access: true,
        };
        let world = World::load(&self.client, server).await.unwrap();
        world
            .with_slug(&self.client, &draft.effective_slug())
            .await
            .unwrap()
    }

    pub(crate) async fn plan(&self, draft: &Draft) -> Plan {
        plan(draft, preset(&draft.preset), &self.world(draft).await).unwrap()
    }

    /// Plans and applies a draft.
    pub(crate) async fn apply(&self, draft: &Draft) -> (Plan, State, Vec<Entry>) {
        let plan = self.plan(draft).await;
        let mut journal = Vec::new();
        let state = apply(&self.client, &plan, draft.secrets(), &[], &mut journal)
            .await
            .unwrap();
        (plan, state, journal)
    }

    /// How many of the things that set-ups create there are.
    pub(crate) fn counts(&self) -> [usize; 5] {
        [
            "application",
            "oauth2provider",
            "group",
            "scopemapping",
            "policybinding",
        ]
        .map(|kind| self.sandbox.count(kind))
    }
}

pub(crate) fn preset(id: &str) -> &'static Preset {
    Library::load().unwrap().get(id).unwrap()
}

/// Grafana for everyone.
pub(crate) fn grafana() -> Draft {
    let mut draft = Draft::of_preset(preset("grafana"));
    draft.base_url = "https://grafana.example.com/".to_owned();
    draft.access.everyone = true;
    draft
}

/// Gitea for the members of a new group, with its role claim: four kinds of objects.
pub(crate) fn gitea() -> Draft {
    let mut draft = Draft::of_preset(preset("gitea"));
    draft.base_url = "https://git.example.com".to_owned();
    draft.access.new_groups = vec!["Gitea users".to_owned()];
    draft
}
