//! A server in front of a sandbox that spoils its answers.

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    response::Response,
};
use futures_util::{StreamExt as _, stream};
use http::{HeaderValue, header};
use http_body_util::BodyExt as _;
use sandbox::{Sandbox, Version};
use tokio::{net::TcpListener, task::AbortHandle};
use tower::ServiceExt as _;

/// What becomes of every answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weather {
    /// It is passed on.
    Fine,
    /// authentik failed.
    ServerError,
    /// A gateway did not reach it.
    BadGateway,
    /// The connection breaks.
    Reset,
    /// Half of it comes, and no more.
    SlowBody,
    /// A web page comes in its place, as if all were well.
    Html,
    /// Half of it comes, as if that were all.
    CutJson,
    /// authentik is another version now.
    OtherVersion,
    /// The token is not accepted.
    Unauthorized,
}

impl Weather {
    pub(super) const BAD: [Self; 8] = [
        Self::ServerError,
        Self::BadGateway,
        Self::Reset,
        Self::SlowBody,
        Self::Html,
        Self::CutJson,
        Self::OtherVersion,
        Self::Unauthorized,
    ];
}

/// The server.
pub(super) struct Front {
    pub(super) sandbox: Sandbox,
    pub(super) url: String,
    weather: Arc<Mutex<Weather>>,
    task: AbortHandle,
}

impl Front {
    pub(super) async fn start() -> Self {
        let sandbox = Sandbox::with_sample_data(Version::V2026_5, 7);
        let weather = Arc::new(Mutex::new(Weather::Fine));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let other = Sandbox::with_sample_data(Version::V2025_10, 7);
        let (now, real) = (weather.clone(), sandbox.clone());
        let router = Router::new().fallback(move |request: Request| {
            let weather = *now.lock().unwrap();
            answer(weather, real.clone(), other.clone(), request)
        });
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            sandbox,
            url,
            weather,
            task: task.abort_handle(),
        }
    }

    pub(super) fn turn(&self, weather: Weather) {
        *self.weather.lock().unwrap() = weather;
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn instead(status: u16, kind: &'static str, body: &'static str) -> Response {
    let response = Response::builder().status(status);
    let response = response.header(header::CONTENT_TYPE, kind);
    response.body(Body::from(body)).unwrap()
}

async fn answer(
    weather: Weather,
    sandbox: Sandbox,
    other: Sandbox,
    mut request: Request,
) -> Response {
    const PAGE: &str = "text/html; charset=utf-8";
    match weather {
        Weather::ServerError => return instead(500, PAGE, "<h1>Server Error (500)</h1>"),
        Weather::BadGateway => return instead(502, PAGE, "<title>502 Bad Gateway</title>"),
        Weather::Html => return instead(200, PAGE, "<title>Welcome</title>"),
        Weather::Unauthorized => {
            let body = r#"{"detail":"Token invalid/expired"}"#;
            return instead(401, "application/json", body);
        }
        Weather::Reset => {
            let broken = stream::iter([Err::<Bytes, _>(io::Error::other("broken off"))]);
            return Response::new(Body::from_stream(broken));
        }
        _ => {}
    }
    let sandbox = if weather == Weather::OtherVersion {
        let token = format!("Bearer {}", other.admin_token());
        let token = HeaderValue::from_str(&token).unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, token);
        other
    } else {
        sandbox
    };
    let (mut parts, body) = sandbox
        .router()
        .oneshot(request)
        .await
        .unwrap()
        .into_parts();
    let whole = body.collect().await.unwrap().to_bytes();
    let half = whole.slice(..whole.len() / 2);
    let body = match weather {
        Weather::SlowBody => {
            parts
                .headers
                .insert(header::CONTENT_LENGTH, (whole.len() + 1).into());
            let first = stream::iter([Ok::<_, io::Error>(half)]);
            Body::from_stream(first.chain(stream::pending()))
        }
        Weather::CutJson => {
            parts.headers.remove(header::CONTENT_LENGTH);
            Body::from(half)
        }
        _ => Body::from(whole),
    };
    Response::from_parts(parts, body)
}
