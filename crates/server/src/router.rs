//! Which address leads where, and through what.

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    routing::{MethodFilter, get, on, post},
};
use http::{
    HeaderName,
    header::{AUTHORIZATION, COOKIE, SET_COOKIE},
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, CompressionLevel},
    limit::RequestBodyLimitLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    sensitive_headers::{SetSensitiveRequestHeadersLayer, SetSensitiveResponseHeadersLayer},
};
use tower_http_csrf::csrf::CsrfLayer;

use crate::{
    api, assets, enter, forward_auth, gate, health, icons,
    middleware::{explain, host, security_headers, session, time_limit, trace},
    pages, proxy, settings, ssr,
    state::AppState,
    theme,
};

/// The largest body that is read.
const MAX_BODY: usize = 256 * 1024;
const REQUEST_ID: HeaderName = HeaderName::from_static(trace::REQUEST_ID);

/// The whole server.
pub(crate) fn router(state: AppState) -> Router {
    let compression = CompressionLayer::new().quality(CompressionLevel::Fastest);
    let composed = Router::new()
        .merge(api::routes())
        .merge(ssr::routes(&state))
        .merge(gate::routes())
        .merge(settings::routes())
        .route("/theme", post(theme::choose))
        .layer(compression)
        .layer(from_fn(time_limit::limit));
    let passed_on = proxy::routes().layer(from_fn(time_limit::limit));
    // `get` would let HEAD use the link up.
    let open = Router::new()
        .route(
            "/enter",
            on(MethodFilter::GET, enter::enter).head(enter::head),
        )
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/plain.css", get(pages::style))
        .merge(assets::routes(&state.leptos));
    let routes = Router::new()
        .merge(composed)
        .merge(passed_on)
        .merge(icons::routes().layer(from_fn(time_limit::limit)))
        .merge(api::events())
        .merge(open);
    layered(routes, state)
}

/// The routes behind what every request goes through.
fn layered(routes: Router<AppState>, state: AppState) -> Router {
    let layers = ServiceBuilder::new()
        // Whoever prints a request or an answer, in a panic or at the level `trace`, prints no credential.
        .layer(SetSensitiveRequestHeadersLayer::new([
            COOKIE,
            AUTHORIZATION,
            forward_auth::SECRET,
        ]))
        .layer(SetSensitiveResponseHeadersLayer::new([SET_COOKIE]))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(from_fn(trace::trace))
        .layer(from_fn_with_state(
            security_headers::Reports::to(state.csp_report_uri.as_ref()),
            security_headers::add,
        ))
        .layer(from_fn_with_state(
            host::Site::new(state.public_url.clone()),
            host::check,
        ))
        .layer(from_fn(explain::explain))
        .layer(CatchPanicLayer::custom(explain::panicked))
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(state.clone(), session::require))
        .layer(RequestBodyLimitLayer::new(MAX_BODY));
    routes.layer(layers).with_state(state)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use axum::{
        body::{Body, to_bytes},
        extract::{Request, State},
    };
    use http::{StatusCode, header};
    use tower::ServiceExt as _;

    use super::*;
    use crate::{
        Server,
        config::{Authentik, Config, Entry, ForwardAuth},
    };

    const KEY: &str = "5ec4e7c4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4";
    const PROGRAM: &str = "ostiary_c4n4ryc4n4ryc4n4ry";
    const PROXY: &str = "pr0xy-c4n4ry-pr0xy-c4n4ry-pr0xy-c4n4ry";
    const TOKEN: &str = "t0ken-of-an-administrator";

    /// Panics with everything that it can print.
    async fn panics(State(state): State<AppState>, request: Request) -> &'static str {
        panic!(
            "{request:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            state.vault,
            state.connector.settings(),
            state.link,
            state.identity,
            state.sessions,
            state.api_keys,
            state.cookies,
            state.authentik,
            state.forward_auth,
        )
    }

    #[tokio::test]
    async fn panic_that_prints_request_and_state_tells_no_secret() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config {
            database: Some(folder.path().join("ostiary.sqlite")),
            entry: Some(Entry::Link),
            secret_key: Some(KEY.into()),
            forward_auth: ForwardAuth {
                proxies: vec!["127.0.0.1".parse().unwrap()],
                secret: Some(PROXY.into()),
                secret_file: None,
            },
            authentik: Authentik {
                url: Some("http://127.0.0.1:9".parse().unwrap()),
                token: Some(TOKEN.into()),
                ..Authentik::default()
            },
            ..Config::default()
        };
        let dump = format!("{config:?}");
        let server = Server::start(config).await.unwrap();
        let (link, code) = (server.entry_link(), server.setup_code());
        let request = |path: &str, cookie: &str| {
            let request = Request::get(path)
                .header(header::HOST, "127.0.0.1:3000")
                .header(header::COOKIE, cookie)
                .header(header::AUTHORIZATION, format!("Bearer {PROGRAM}"))
                .header("x-ostiary-forward-auth", PROXY);
            request.body(Body::empty()).unwrap()
        };
        let entered = server.router().oneshot(request(&link, "a=b")).await;
        let cookie = entered.unwrap().headers()[header::SET_COOKIE].clone();
        let cookie = cookie
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned();
        let link = server.entry_link();

        let printed = Arc::new(Mutex::new(String::new()));
        let into = Arc::clone(&printed);
        std::panic::set_hook(Box::new(move |panic| {
            into.lock().unwrap().push_str(&panic.to_string());
        }));
        let routes = Router::new().route("/pkg/panics", get(panics));
        let state = server.state().clone();
        let answer = layered(routes, state)
            .oneshot(request("/pkg/panics", &cookie))
            .await;
        drop(std::panic::take_hook());
        let answer = answer.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let headers = format!("{:?}", answer.headers());
        let body = to_bytes(answer.into_body(), 100_000).await.unwrap();
        let printed = printed.lock().unwrap().clone();
        assert!(
            printed.contains("/pkg/panics") && printed.contains("Sessions"),
            "it is printed: {printed}"
        );
        let session = cookie.split_once('=').unwrap().1;
        for secret in [
            KEY,
            PROGRAM,
            PROXY,
            TOKEN,
            session,
            &code,
            link.split_once('=').unwrap().1,
        ] {
            for text in [
                &dump,
                &printed,
                &headers,
                &String::from_utf8_lossy(&body).into_owned(),
            ] {
                assert!(!text.contains(secret), "{secret} is in {text}");
            }
        }
    }
}
