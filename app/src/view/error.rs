use leptos::prelude::*;
use ui::{ErrorPanel, Glyph, LinkButton};

use super::{
    route::{proof, prove},
    stale::try_again,
};
use crate::{
    error::AppError,
    links,
    visitor::{Role, visitor},
};

/// An error in words: what happened, what that means, what to do.
struct Words {
    title: String,
    text: String,
    details: Option<String>,
}

fn words(error: &AppError) -> Words {
    let words = |title: &str, text: &str, details: Option<String>| Words {
        title: title.to_owned(),
        text: text.to_owned(),
        details,
    };
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
        } => words(title, way_out, Some(detail.clone())),
        AppError::Upstream {
            what,
            detail,
            status,
        } => {
            let status = status
                .map(|status| format!("Status {status}. "))
                .unwrap_or_default();
            words(
                what,
                "Nothing was changed. Try again; if it stays like this, look at authentik's own log.",
                Some(format!("{status}{detail}")),
            )
        }
        AppError::NotSuperuser { username } => words(
            "These answers need a superuser’s token",
            "authentik shows this token only what its owner may open, and answers no question about \
             other people. Half an answer would be a wrong one, so nothing is shown. Give Ostiary an \
             API token of a user of the group “authentik Admins” (or of another group that is marked \
             as superuser), as OSTIARY_AUTHENTIK__TOKEN or OSTIARY_AUTHENTIK__TOKEN_FILE, and start \
             it again.",
            Some(format!(
                "The token belongs to “{username}”, who is no superuser."
            )),
        ),
        AppError::NotFound(what) if what.starts_with("draft") => words(
            "This draft is not there any more",
            "It was applied or thrown away. What was applied is listed under Change sets.",
            None,
        ),
        AppError::NotFound(what) => words(
            &format!("There is no {what}"),
            "It may have been deleted or renamed, or the address is mistyped.",
            None,
        ),
        AppError::Invalid(errors) => words(
            "The draft is not right yet",
            "Go back to the steps of the wizard: each field says what is wrong with it.",
            Some(errors.to_string()),
        ),
        AppError::Conflict(why) => words("This cannot be done now", why, None),
        AppError::SignedOut => words(
            "Your session is over",
            "Nothing was changed, and drafts are kept. Sign in again, or open the one-time link that the console prints \
             when it starts with one, then come back to this page.",
            None,
        ),
        AppError::Forbidden { name, role } => words(
            "Your role does not allow this",
            &format!(
                "{name} is {role} here. An administrator of this console can do it; nothing was changed."
            ),
            None,
        ),
        AppError::OutOfScope { .. } => words(
            "This is not yours to change",
            &format!("{error}. Nothing was changed."),
            None,
        ),
        AppError::StepUp => words(
            "Prove first that it is you",
            "This can open doors or lock people out, or shows a secret, so it asks once more who you are: load \
             this page again, its button leads there. Nothing was changed.",
            None,
        ),
        AppError::Internal(detail) => words(
            "The console met an internal error",
            "Try again. If it stays like this, the log of the console says more.",
            Some(detail.clone()),
        ),
    }
}

/// The way to a new token, for whoever may enter one.
fn new_token() -> Option<AnyView> {
    let admin = visitor().is_some_and(|visitor| visitor.role == Role::Admin);
    let link = || {
        view! {
            <LinkButton href=links::CONNECTION icon=Glyph::Key>"Enter a new token"</LinkButton>
        }
    };
    admin.then(|| link().into_any())
}

/// An error where the thing itself would have been. `here` is the page's own address, where trying
/// again leads.
pub(crate) fn error_view(error: &AppError, here: String) -> AnyView {
    let Words {
        title,
        text,
        details,
    } = words(error);
    let first = (*error == AppError::StepUp).then(|| proof(&here)).flatten();
    let token = matches!(error, AppError::TokenRefused { .. }).then(new_token);
    let again = move || match first {
        Some(href) => prove(href),
        None => view! { {token} {try_again(&here)} }.into_any(),
    };
    let details = details.filter(|details| !details.is_empty());
    match details {
        Some(details) => view! {
            <ErrorPanel title=title details=details retry=again>
                <p>{text}</p>
            </ErrorPanel>
        }
        .into_any(),
        None => view! {
            <ErrorPanel title=title retry=again>
                <p>{text}</p>
            </ErrorPanel>
        }
        .into_any(),
    }
}

/// The title and the text of an error, for notices.
pub(crate) fn notice(error: &AppError) -> (String, String) {
    let Words {
        title,
        text,
        details,
    } = words(error);
    let text = match details {
        Some(details) => format!("{text} ({details})"),
        None => text,
    };
    (title, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_the_way_out() {
        let down = AppError::NotConnected {
            title: "authentik does not answer".into(),
            detail: "connection refused".into(),
            way_out: "Is it running?".into(),
        };
        let down = words(&down);
        assert_eq!(
            (down.title.as_str(), down.text.as_str()),
            ("authentik does not answer", "Is it running?")
        );
        assert_eq!(down.details.as_deref(), Some("connection refused"));
        let gone = words(&AppError::NotFound("change set 12".into()));
        assert_eq!(gone.title, "There is no change set 12");
        assert!(words(&AppError::SignedOut).text.contains("one-time link"));
    }
}
