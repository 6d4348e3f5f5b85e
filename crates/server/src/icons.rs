//! `/icons/applications/{slug}`: an application's icon, from the connected authentik and from nowhere
//! else, so that pages need no images of other sites.
//!
//! Whoever may change an application chooses its icon's address. So only authentik's folders of media
//! are asked, without the token, and what comes back is shown for what its first bytes say that it
//! is. SVG is a document that can hold scripts: it is never passed on.

use std::sync::Arc;

use app::error::AppError;
use authentik_api::api::core::applications::RetrieveApplication;
use axum::{
    Extension, Router,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
    routing::get,
};
use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt as _;
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use url::Url;

use crate::{
    connection::Connected, limits::Limits, refusal::Refusal, session::Session, state::AppState,
};

/// The largest icon that is passed on.
const MAX_ICON: usize = 256 * 1024;

/// The folders of authentik that hold icons: uploads up to 2025.10, files from 2025.12 on, what is
/// built in.
const FOLDERS: [&str; 3] = ["/media/", "/files/", "/static/"];

/// The route.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/icons/applications/{slug}", get(handle))
        .layer(Extension(Arc::new(Limits::default())))
}

async fn handle(
    State(state): State<AppState>,
    Extension(limits): Extension<Arc<Limits>>,
    Path(slug): Path<String>,
    Extension(session): Extension<Arc<Session>>,
) -> Response {
    let icon = async {
        let _turn = limits.enter(&session.id).await?;
        let connected = state.connector.get_any().await?;
        icon(&connected, slug).await
    };
    match icon.await {
        Ok((kind, bytes)) => {
            let mut response = Response::new(bytes.into());
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            let kept = HeaderValue::from_static("private, max-age=3600");
            headers.insert(CACHE_CONTROL, kept);
            response
        }
        Err(refusal) => {
            let mut response = refusal.into_response();
            let headers = response.headers_mut();
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
    }
}

async fn icon(connected: &Connected, slug: String) -> Result<(&'static str, Bytes), Refusal> {
    let retrieve = RetrieveApplication { slug };
    let application = connected.client.send_opt(&retrieve).await;
    let application = application.map_err(|_| no_icon())?;
    let address = application
        .as_ref()
        .and_then(|application| application.icon());
    let transport = connected.client.transport();
    let target = address
        .and_then(|address| target(address, [transport.base_url(), transport.public_url()]))
        .ok_or_else(no_icon)?;
    let request = http::Request::get(target).body(Bytes::new());
    let answer = transport.stream(request.map_err(|_| no_icon())?).await;
    let (parts, body) = answer.map_err(|_| no_icon())?.into_parts();
    if parts.status != StatusCode::OK {
        return Err(no_icon());
    }
    let mut body = std::pin::pin!(body);
    let mut bytes = BytesMut::new();
    while let Some(chunk) = body.try_next().await.map_err(|_| no_icon())? {
        if bytes.len() + chunk.len() > MAX_ICON {
            return Err(no_icon());
        }
        bytes.extend_from_slice(&chunk);
    }
    let kind = kind(&bytes).ok_or_else(no_icon)?;
    Ok((kind, bytes.freeze()))
}

/// What to ask authentik for: path and query below its base. Nothing where the address leads to
/// another site or out of the folders.
fn target(address: &str, bases: [&Url; 2]) -> Option<String> {
    bases.into_iter().find_map(|base| {
        let url = base.join(address).ok()?;
        if url.origin() != base.origin() || !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        let prefix = base.path().trim_end_matches('/');
        let path = url.path().strip_prefix(prefix)?;
        // Encoded, these could become another path behind a proxy.
        let lower = path.to_ascii_lowercase();
        let odd = ["%2e", "%2f", "%5c", "%00", "//", ";"];
        if !FOLDERS.iter().any(|folder| path.starts_with(folder))
            || odd.iter().any(|odd| lower.contains(odd))
        {
            return None;
        }
        let query = url.query().map(|query| format!("?{query}"));
        Some(format!("{path}{}", query.unwrap_or_default()))
    })
}

/// What an image is, by its first bytes; nothing for what is none of these.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    Some(match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => "image/webp",
        [0, 0, 1, 0, ..] => "image/x-icon",
        _ => return None,
    })
}

/// One answer for every reason: which addresses exist behind authentik is nobody's business.
fn no_icon() -> Refusal {
    Refusal::from(AppError::NotFound("icon that can be shown".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn target_is_within_the_folders_of_authentik() {
        let base: Url = "http://server:9000/auth/".parse().unwrap();
        let public: Url = "https://id.example.com/auth/".parse().unwrap();
        let of = |address: &str| target(address, [&base, &public]);
        for (address, expected) in [
            ("/auth/media/public/a.png", "/media/public/a.png"),
            (
                "/auth/files/media/a.png?token=x",
                "/files/media/a.png?token=x",
            ),
            ("https://id.example.com/auth/static/a.png", "/static/a.png"),
            (
                "http://server:9000/auth/media/a%20b.png",
                "/media/a%20b.png",
            ),
        ] {
            assert_eq!(of(address).as_deref(), Some(expected), "{address}");
        }
        for address in [
            "",
            "fa://fa-cloud",
            "data:image/png;base64,AAAA",
            "https://evil.example/auth/media/a.png",
            "//evil.example/auth/media/a.png",
            "http://id.example.com/auth/media/a.png",
            "https://id.example.com:8443/auth/media/a.png",
            "https://id.example.com@evil.example/auth/media/a.png",
            "https://u:p@id.example.com/auth/media/a.png",
            "/media/a.png",
            "/auth/api/v3/core/users/",
            "/auth/media/../api/v3/core/users/",
            "/auth/media/%2e%2e/api/v3/core/users/",
            "/auth/media/..%2fapi/v3/core/users/",
            "/auth/media//a.png",
            "/auth/media/a%5c..%5cb",
            "/auth/media\\..\\api",
            "/auth/if/admin/",
            "http://169.254.169.254/latest/meta-data/",
        ] {
            assert_eq!(of(address), None, "{address}");
        }
    }

    #[test]
    fn kind_is_told_by_the_first_bytes() {
        for (bytes, expected) in [
            (&b"\x89PNG\r\n\x1a\n...."[..], Some("image/png")),
            (b"\xff\xd8\xff\xe0", Some("image/jpeg")),
            (b"GIF89a..", Some("image/gif")),
            (b"GIF87a..", Some("image/gif")),
            (b"RIFF\x00\x00\x00\x00WEBPVP8 ", Some("image/webp")),
            (b"\x00\x00\x01\x00\x01\x00", Some("image/x-icon")),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\">", None),
            (b"<?xml version=\"1.0\"?><svg/>", None),
            (b"<!doctype html>", None),
            (b"GIF88a..", None),
            (b"RIFF\x00\x00\x00\x00WAVE", None),
            (b"\x89PNG", None),
            (b"{}", None),
            (b"", None),
        ] {
            assert_eq!(kind(bytes), expected, "{bytes:?}");
        }
    }
}
