//! The status of the page being rendered.

use crate::error::AppError;

/// Sets the status of the answer.
pub(crate) fn with_status(status: u16) {
    let options = leptos::prelude::use_context::<leptos_axum::ResponseOptions>();
    if let (Some(options), Ok(status)) = (options, http::StatusCode::from_u16(status)) {
        options.set_status(status);
    }
}

/// Sets the status that belongs to an error.
pub(crate) fn with_error(error: &AppError) {
    with_status(status_of(error));
}

/// The status of a page that shows nothing but this error.
const fn status_of(error: &AppError) -> u16 {
    match error {
        AppError::NotFound(_) => 404,
        AppError::NotSuperuser { .. }
        | AppError::Forbidden { .. }
        | AppError::OutOfScope { .. }
        | AppError::StepUp => 403,
        AppError::Invalid(_) => 422,
        AppError::Conflict(_) => 409,
        AppError::SignedOut => 401,
        AppError::Upstream { .. } => 502,
        AppError::NotConnected { .. } | AppError::TokenRefused { .. } => 503,
        AppError::Internal(_) => 500,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_of_what_is_not_there_is_404() {
        assert_eq!(status_of(&AppError::NotFound("change set 12".into())), 404);
        assert_eq!(status_of(&AppError::SignedOut), 401);
    }
}
