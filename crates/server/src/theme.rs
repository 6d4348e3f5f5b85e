//! `POST /theme`: remembers light or dark in a cookie, also without scripts.

use app::{Theme, links};
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
    let target = links::local(&choice.return_to).unwrap_or("/");
    ([(SET_COOKIE, cookie)], Redirect::to(target)).into_response()
}
