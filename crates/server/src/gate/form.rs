//! A form that is answered by a handler of its own: read, and shown again when it is refused.

use app::{
    error::AppError,
    links,
    state::form::Fields,
    visitor::{Issued, Refused},
};
use axum::{
    Form,
    body::Body,
    extract::{FromRequest, Request},
    response::Response,
};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER},
    request::Parts,
};
use secrecy::SecretString;

use crate::{
    identity::{Denied, Origin, Wait},
    ssr,
    state::AppState,
    visit::Client,
};

/// Fields that are never shown again.
const SECRET: [&str; 4] = ["passphrase", "new_passphrase", "repeated", "token"];

/// What a form sent, and with which request.
pub(crate) struct Posted {
    pub(crate) parts: Parts,
    fields: Fields,
}

impl FromRequest<AppState> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let request = Request::from_parts(parts.clone(), body);
        match Form::<Fields>::from_request(request, state).await {
            Ok(Form(fields)) => Ok(Self { parts, fields }),
            Err(rejection) => Err(axum::response::IntoResponse::into_response(rejection)),
        }
    }
}

impl Posted {
    /// A request that is no form's, but whose answer may be a form that was refused.
    pub(crate) fn of(parts: Parts, then: &str) -> Self {
        let then = ("then".to_owned(), then.to_owned());
        Self {
            parts,
            fields: Fields::from_iter([then]),
        }
    }

    /// What was typed into a field.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// What was typed into a field for a secret.
    pub(crate) fn secret(&self, name: &str) -> SecretString {
        self.text(name).into()
    }

    /// Where it comes from.
    pub(crate) fn origin(&self, state: &AppState) -> Origin {
        Origin {
            address: Client::of(&self.parts.extensions),
            device: state.cookies.device(&self.parts.headers),
        }
    }

    /// Where to go on: the field `then` where it is a path of ours, else `default`.
    pub(crate) fn then(&self, default: &'static str) -> String {
        let then = self.text("then");
        links::local(then).unwrap_or(default).to_owned()
    }

    /// The form's page once more, with what was typed and what is wrong.
    pub(crate) async fn refused(self, state: &AppState, path: &str, denied: Denied) -> Response {
        let (status, refused, wait) = self.words(denied);
        let mut response = ssr::page(state, self.page(path), refused, None).await;
        *response.status_mut() = status;
        if let Some(Wait(seconds)) = wait {
            let headers = response.headers_mut();
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    /// The form's page, which shows a secret that was just made.
    pub(crate) async fn issued(self, state: &AppState, path: &str, secret: String) -> Response {
        let page = self.page(path);
        ssr::page(state, page, Refused::default(), Some(Issued(secret))).await
    }

    /// The request for the page at `path`, by whoever sent the form.
    pub(crate) fn page(&self, path: &str) -> Request {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = path.parse().unwrap_or_default();
        *request.headers_mut() = self.parts.headers.clone();
        request.headers_mut().remove(CONTENT_TYPE);
        request.headers_mut().remove(CONTENT_LENGTH);
        *request.extensions_mut() = self.parts.extensions.clone();
        request
    }

    fn words(&self, denied: Denied) -> (StatusCode, Refused, Option<Wait>) {
        let mut fields = self.fields.clone();
        fields.retain(|name, _| !SECRET.contains(&name.as_str()));
        let mut refused = Refused {
            fields,
            ..Refused::default()
        };
        let mut wait = None;
        let notice = |title: &str, text: &str| Some((title.to_owned(), text.to_owned()));
        let status = match denied {
            Denied::Fields(errors) => {
                refused.errors = errors;
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Denied::Wrong => {
                refused.notice = notice(
                    "That was not right",
                    "Name or passphrase is wrong. Both tell capital letters from small ones.",
                );
                StatusCode::UNAUTHORIZED
            }
            Denied::Told(title, text) => {
                refused.notice = Some((title, text));
                StatusCode::FORBIDDEN
            }
            Denied::Wait(Wait(seconds)) => {
                wait = Some(Wait(seconds));
                let text = format!(
                    "Too many attempts failed, so this one was not looked at. Try again in {}.",
                    if seconds < 120 {
                        format!("{seconds} s")
                    } else {
                        format!("{} minutes", seconds.div_ceil(60))
                    }
                );
                refused.notice = notice("Wait a little", &text);
                StatusCode::TOO_MANY_REQUESTS
            }
            Denied::Failed(
                AppError::NotConnected {
                    title,
                    detail,
                    way_out,
                }
                | AppError::TokenRefused {
                    title,
                    detail,
                    way_out,
                },
            ) => {
                let text = format!("{way_out} ({detail}) Nothing was kept.");
                refused.notice = notice(&title, &text);
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Denied::Failed(AppError::StepUp) => {
                refused.notice = notice(
                    "Prove first that it is you",
                    "You proved who you are too long ago, so nothing was kept. Load this page again: it asks for it.",
                );
                StatusCode::FORBIDDEN
            }
            Denied::Failed(AppError::Conflict(why)) => {
                let text = format!("{why}. Nothing was kept.");
                refused.notice = notice("This cannot be done", &text);
                StatusCode::CONFLICT
            }
            Denied::Failed(error) => {
                refused.notice =
                    notice("This did not work", &format!("{error}. Nothing was kept."));
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        (status, refused, wait)
    }
}
