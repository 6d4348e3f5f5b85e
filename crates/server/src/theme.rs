//! `POST /theme`: remembers light or dark in a cookie, also without scripts.

use app::Theme;
use axum::{
    Form,
    response::{IntoResponse as _, Redirect, Response},
};
use http::{StatusCode, header::SET_COOKIE};
use serde::Deserialize;

/// Seconds.
const YEAR: u32 = 365 * 24 * 60 * 60;

/// The form's fields.
#[derive(Deserialize)]
pub(crate) struct Choice {
    theme: String,
    #[serde(default)]
    return_to: String,
}

/// `POST /theme`
pub(crate) async fn choose(Form(choice): Form<Choice>) -> Response {
    let Ok(theme) = choice.theme.parse::<Theme>() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let (name, value) = (Theme::COOKIE, theme.as_str());
    let cookie = format!("{name}={value}; Path=/; SameSite=Lax; Max-Age={YEAR}");
    let target = if is_local(&choice.return_to) {
        choice.return_to.as_str()
    } else {
        "/"
    };
    ([(SET_COOKIE, cookie)], Redirect::to(target)).into_response()
}

/// Whether a path stays on this server: one slash, and nothing that a browser takes for a second
/// one.
fn is_local(path: &str) -> bool {
    let mut rest = path.bytes();
    rest.next() == Some(b'/')
        && !matches!(rest.next(), Some(b'/' | b'\\'))
        && path.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn only_local_paths_are_returned_to() {
        for path in ["/", "/applications/grafana?tab=checks#x", "/a//b"] {
            assert!(is_local(path), "{path}");
        }
        for path in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "a",
            "/\t/evil.example",
            "/a\r\nb",
        ] {
            assert!(!is_local(path), "{path:?}");
        }
    }
}
