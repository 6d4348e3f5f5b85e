//! Rendering of the pages of `app`, and its server functions.

use std::{net::Ipv4Addr, sync::Arc};

use app::{
    App, Theme, shell,
    stale::StaleSnapshot,
    visitor::{Issued, Refused, Revealed},
};
use authentik_reqwest::Trail;
use axum::{Router, extract::Request, response::Response};
use axum_extra::extract::CookieJar;
use http::{HeaderMap, request::Parts};
use leptos::{
    context::{provide_context, use_context},
    nonce::Nonce,
    prelude::{AnyView, IntoAny as _},
};
use leptos_axum::{LeptosRoutes as _, generate_route_list, render_app_async_with_context};

use crate::{clock, middleware::trace, session::Session, state::AppState, visit::Client};

/// The pages, the server functions, and the page for every other address.
pub(crate) fn routes(state: &AppState) -> Router<AppState> {
    let given = context(state);
    let document = document(state);
    let not_found = render_app_async_with_context(given.clone(), document.clone());
    Router::new()
        .leptos_routes_with_context(state, generate_route_list(App), given, document)
        .fallback(not_found)
}

/// One page, as the answer to a form: one that was refused, or one that made a secret.
pub(crate) async fn page(
    state: &AppState,
    request: Request,
    refused: Refused,
    issued: Option<Issued>,
) -> Response {
    let given = context(state);
    let given = move || {
        given();
        provide_context(refused.clone());
        if let Some(issued) = issued.clone() {
            provide_context(issued);
        }
    };
    render_app_async_with_context(given, document(state))(request).await
}

/// One page with its secrets.
pub(crate) async fn revealed(state: &AppState, request: Request) -> Response {
    let given = context(state);
    let given = move || {
        given();
        provide_context(Revealed);
    };
    render_app_async_with_context(given, document(state))(request).await
}

fn document(state: &AppState) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    let options = state.leptos.clone();
    move || shell(options.clone()).into_any()
}

/// What pages and server functions find in context: the console, who looks at it, the nonce of the
/// page's policy, and the theme.
fn context(state: &AppState) -> impl Fn() + Clone + Send + Sync + 'static {
    let state = state.clone();
    move || {
        let request = use_context::<Parts>();
        let session = request
            .as_ref()
            .and_then(|request| request.extensions.get::<Arc<Session>>())
            .cloned();
        if let Some(session) = &session {
            provide_context(session.visitor(clock::now_ms()));
        }
        provide_context(state.oidc.ways());
        let from = request
            .as_ref()
            .map(|request| Client::of(&request.extensions));
        let from = from.unwrap_or(Ipv4Addr::UNSPECIFIED.into());
        let trail = request
            .as_ref()
            .map(|request| trace::trail(&request.headers));
        let trail = trail.unwrap_or_else(|| Trail::new(""));
        provide_context(state.console(session.clone(), from, trail));
        let Some(request) = request else {
            return;
        };
        provide_context(StaleSnapshot::default());
        if let Some(nonce) = request.extensions.get::<Nonce>() {
            provide_context(nonce.clone());
        }
        provide_context(theme(&request.headers));
    }
}

fn theme(headers: &HeaderMap) -> Theme {
    let cookies = CookieJar::from_headers(headers);
    cookies
        .get(Theme::COOKIE)
        .and_then(|cookie| cookie.value().parse().ok())
        .unwrap_or_default()
}

/// Whether the build put hashes into the names of its files, and told them in a file beside the
/// program.
pub(crate) fn has_hashes() -> bool {
    let program = std::env::current_exe().ok();
    program
        .and_then(|program| Some(program.parent()?.join("hash.txt").is_file()))
        .unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use http::header::COOKIE;

    use super::*;

    #[test]
    fn theme_comes_from_the_cookie() {
        for (cookie, expected) in [
            ("ostiary_theme=dark", Theme::Dark),
            ("a=b; ostiary_theme=light", Theme::Light),
            ("ostiary_theme=pink", Theme::Auto),
            ("", Theme::Auto),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, cookie.parse().unwrap());
            assert_eq!(theme(&headers), expected, "{cookie}");
        }
    }
}
