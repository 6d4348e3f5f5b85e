//! The typed client of authentik while a page is rendered: in process, with the stored token.

use authentik_api::{Client, Error};
use authentik_reqwest::Transport;

use crate::error::AppError;

/// The typed client of the connected authentik.
///
/// # Errors
/// When no authentik is connected, or the session is over.
pub async fn client() -> Result<Client<Transport>, AppError> {
    crate::ports::console()?.client().await
}

/// A failed call as pages show it. `what` was asked for: `the list of applications`.
pub fn failed<E: std::error::Error>(what: &'static str) -> impl Fn(Error<E>) -> AppError {
    move |error| describe(what, &error)
}

fn describe<E: std::error::Error>(what: &str, error: &Error<E>) -> AppError {
    match error {
        Error::Transport(source) => no_answer(source),
        _ if error.is_not_found() => AppError::NotFound(what.to_owned()),
        _ if error.is_token_refused() => AppError::TokenRefused {
            title: "authentik does not accept the token any more".to_owned(),
            detail: error.to_string(),
            way_out:
                "It was revoked, it expired, or its owner was deactivated. Ostiary needs a new \
                      one; drafts and change sets are kept."
                    .to_owned(),
        },
        _ if error.is_forbidden() => AppError::Upstream {
            what: format!("{what} could not be read"),
            detail: format!("authentik does not let the token read this. {error}"),
            status: error.status(),
        },
        _ => AppError::Upstream {
            what: format!("{what} could not be read"),
            detail: error.to_string(),
            status: error.status(),
        },
    }
}

fn no_answer(source: &impl std::error::Error) -> AppError {
    AppError::NotConnected {
        title: "authentik does not answer".to_owned(),
        detail: source.to_string(),
        way_out: "Is authentik running, and does its address still hold? Then try again."
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use authentik_api::{Problem, operation::named};

    use super::*;

    #[test]
    fn describe_tells_a_missing_object_from_a_refusal() {
        let rejected = |status| Error::<std::io::Error>::Rejected {
            operation: named("core_applications_retrieve"),
            status,
            problem: Problem::Detail("Not found.".into()),
        };
        assert_eq!(
            describe("the application", &rejected(404)),
            AppError::NotFound("the application".into())
        );
        let AppError::Upstream { status, detail, .. } = describe("the application", &rejected(403))
        else {
            panic!("a refusal is the answer of authentik");
        };
        assert_eq!(status, Some(403));
        assert!(detail.contains("token"));
    }

    #[test]
    fn describe_tells_a_token_that_is_over_from_a_missing_right() {
        let refused = |status, text: &str| Error::<std::io::Error>::Rejected {
            operation: named("core_applications_list"),
            status,
            problem: Problem::Detail(text.into()),
        };
        let over = describe("the list", &refused(403, "Token invalid/expired"));
        assert!(matches!(over, AppError::TokenRefused { .. }), "{over:?}");
        let right = "You do not have permission to perform this action.";
        let missing = describe("the list", &refused(403, right));
        assert!(matches!(missing, AppError::Upstream { .. }), "{missing:?}");
    }

    #[test]
    fn describe_of_no_answer_is_not_connected() {
        let error = Error::Transport(std::io::Error::other("connection refused"));
        assert!(matches!(
            describe("the application", &error),
            AppError::NotConnected { .. }
        ));
    }
}
