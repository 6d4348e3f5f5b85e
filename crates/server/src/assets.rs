//! Static files: what the build put into the site folder.

use std::path::Path;

use axum::{Router, middleware::map_response, response::Response};
use http::{HeaderValue, StatusCode, header::CACHE_CONTROL};
use leptos::config::LeptosOptions;
use tower_http::services::{ServeDir, ServeFile};

use crate::state::AppState;

/// `/pkg/…` and the icon. Compressed copies beside the files are served where they are understood.
pub(crate) fn routes(options: &LeptosOptions) -> Router<AppState> {
    let root = Path::new(&*options.site_root);
    let package = ServeDir::new(root.join(&*options.site_pkg_dir))
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    // A hashed name never gets another content.
    let keep = if options.hash_files {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let package = Router::new()
        .nest_service("/pkg", package)
        .layer(map_response(async move |response| cached(response, keep)));
    let icon = Router::new()
        .route_service("/favicon.svg", ServeFile::new(root.join("favicon.svg")))
        .layer(map_response(async move |response| {
            cached(response, "public, max-age=86400")
        }));
    Router::new().merge(package).merge(icon)
}

fn cached(mut response: Response, keep: &'static str) -> Response {
    let keep = match response.status() {
        StatusCode::OK | StatusCode::NOT_MODIFIED | StatusCode::PARTIAL_CONTENT => keep,
        _ => "no-store",
    };
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    response
}
