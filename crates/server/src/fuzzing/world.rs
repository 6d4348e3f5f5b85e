//! An authentik to plan against: the sandbox with its sample data, read once.

use std::{io, sync::OnceLock};

use access::{LoadOptions, Snapshot};
use authentik_api::{Client, Transport};
use axum::body::{Body, to_bytes};
use bytes::Bytes;
use http::{
    HeaderValue, Request, Response,
    header::{AUTHORIZATION, HOST},
};
use jiff::Timestamp;
use sandbox::{Sandbox, Version};
use setup::oidc_application::{Server, World};
use tower::ServiceExt as _;

/// Calls the sandbox's router without a socket.
#[derive(Clone)]
struct Direct {
    router: axum::Router,
    bearer: HeaderValue,
}

impl Transport for Direct {
    type Error = io::Error;

    async fn execute(&self, request: Request<Bytes>) -> Result<Response<Bytes>, io::Error> {
        let mut request = request.map(Body::from);
        let headers = request.headers_mut();
        headers.insert(HOST, HeaderValue::from_static("auth.example.com"));
        headers.insert(AUTHORIZATION, self.bearer.clone());
        let Ok(response) = self.router.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await;
        Ok(Response::from_parts(parts, body.map_err(io::Error::other)?))
    }
}

/// What plans have to know of it; nothing where it cannot be read, which a seed's test would notice.
pub(super) fn sample() -> Option<&'static (World, Snapshot)> {
    static SAMPLE: OnceLock<Option<(World, Snapshot)>> = OnceLock::new();
    SAMPLE
        .get_or_init(|| {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            runtime.enable_time().build().ok()?.block_on(read())
        })
        .as_ref()
}

async fn read() -> Option<(World, Snapshot)> {
    let sandbox = Sandbox::with_sample_data(Version::V2026_5, 7);
    let bearer = format!("Bearer {}", sandbox.admin_token()).parse().ok()?;
    let client = Client::connect(Direct {
        router: sandbox.router(),
        bearer,
    })
    .await
    .ok()?;
    let server = Server {
        authentik_url: "https://auth.example.com".to_owned(),
        superuser: true,
        default_app_access: true,
    };
    let world = World::load(&client, server).await.ok()?;
    let options = LoadOptions::default();
    let snapshot = access::load(&client, Timestamp::UNIX_EPOCH, options, |_| {}).await;
    Some((world, snapshot.ok()?))
}
