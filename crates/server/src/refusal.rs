//! The one form of errors in JSON: `{"error": {"code", "message", …}}`.

use app::error::AppError;
use authentik_api::OperationId;
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde::Serialize;
use setup::FieldErrors;

/// Why a program does not get what it asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    body: Box<Body>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Body {
    error: Reason,
    /// Messages per field of the draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<FieldErrors>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Reason {
    /// Stable name, `not_connected`.
    code: &'static str,
    /// For people.
    message: String,
    /// The operation of authentik's API that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<OperationId>,
    /// What was asked and what came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    way_out: Option<String>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        let error = Reason {
            code,
            message,
            operation: None,
            detail: None,
            way_out: None,
        };
        Self {
            status,
            body: Box::new(Body {
                error,
                errors: None,
            }),
        }
    }

    /// Names the operation that it is about.
    pub(crate) fn about(mut self, operation: OperationId) -> Self {
        self.body.error.operation = Some(operation);
        self
    }

    fn detail(mut self, text: String) -> Self {
        self.body.error.detail = Some(text);
        self
    }

    fn way_out(mut self, text: String) -> Self {
        self.body.error.way_out = Some(text);
        self
    }

    /// The draft is not right.
    pub(crate) fn invalid(errors: FieldErrors) -> Self {
        let message = "The draft is not complete or not right; nothing was written.";
        let mut refusal = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message);
        refusal.body.errors = Some(errors);
        refusal
    }

    /// Whoever asks has no session.
    pub(crate) fn signed_out() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "signed_out",
            "There is no session, or it is over.",
        )
        .way_out(
            "Sign in at /sign-in, or open the one-time link where Ostiary prints one, and send the \
             cookie that it answers with. After SIGHUP or a restart it prints a new link."
                .to_owned(),
        )
    }
}

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        let message = error.to_string();
        match error {
            AppError::NotConnected {
                title,
                detail,
                way_out,
            }
            | AppError::TokenRefused {
                title,
                detail,
                way_out,
            } => Self::new(StatusCode::SERVICE_UNAVAILABLE, "not_connected", title)
                .detail(detail)
                .way_out(way_out),
            AppError::Upstream { what, detail, .. } => {
                Self::new(StatusCode::BAD_GATEWAY, "upstream", what).detail(detail)
            }
            AppError::NotSuperuser { .. } => {
                Self::new(StatusCode::FORBIDDEN, "not_superuser", message).way_out(
                    "authentik would show this token only a part. Give Ostiary an API token of a \
                     superuser and start it again."
                        .to_owned(),
                )
            }
            AppError::NotFound(_) => Self::new(StatusCode::NOT_FOUND, "not_found", message),
            AppError::Invalid(errors) => Self::invalid(errors),
            AppError::Conflict(_) => Self::new(StatusCode::CONFLICT, "conflict", message),
            AppError::SignedOut => Self::signed_out(),
            AppError::Forbidden { .. } | AppError::OutOfScope { .. } => {
                Self::new(StatusCode::FORBIDDEN, "forbidden", message)
            }
            AppError::StepUp => Self::new(StatusCode::FORBIDDEN, "step_up_required", message)
                .way_out(
                    "Sign in again, or type the passphrase once more at /step-up; that holds for \
                     five minutes."
                        .to_owned(),
                ),
            AppError::Internal(_) => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}
