//! Which address leads where, and through what.

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    routing::{MethodFilter, get, on, post},
};
use http::HeaderName;
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, CompressionLevel},
    limit::RequestBodyLimitLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
};
use tower_http_csrf::csrf::CsrfLayer;

use crate::{
    api, assets, enter, gate, health, icons,
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
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(from_fn(trace::trace))
        .layer(from_fn(security_headers::add))
        .layer(from_fn_with_state(
            host::Site::new(state.public_url.clone()),
            host::check,
        ))
        .layer(from_fn(explain::explain))
        .layer(CatchPanicLayer::custom(explain::panicked))
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(state.clone(), session::require))
        .layer(RequestBodyLimitLayer::new(MAX_BODY));
    Router::new()
        .merge(composed)
        .merge(passed_on)
        .merge(icons::routes().layer(from_fn(time_limit::limit)))
        .merge(api::events())
        .merge(open)
        .layer(layers)
        .with_state(state)
}
