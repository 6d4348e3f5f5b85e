//! Errors of the API as sentences for people.

use authentik_api::{Error, Problem};

use crate::change::Step;

/// What an error says to a person, and which field of the draft it is about.
pub(super) fn describe<E: std::error::Error>(
    error: &Error<E>,
    step: &Step,
) -> (String, Option<String>) {
    let field = error.field_errors().and_then(|fields| {
        fields.keys().find_map(|path| {
            let hit = step
                .fields
                .iter()
                .find(|(prefix, _)| path.starts_with(prefix.as_str()));
            hit.map(|(_, field)| field.clone())
        })
    });
    let must_be_new = error.field_errors().is_some_and(|fields| {
        fields
            .values()
            .flatten()
            .any(|text| text.contains("must_created"))
    });
    if must_be_new {
        let message = "authentik has a provider of this name already, perhaps one that a deleted \
                       application left behind. Choose another name, or delete that provider in \
                       authentik.";
        return (message.to_owned(), field);
    }
    if error.is_not_found() && !step.request.params.is_empty() {
        let message = format!(
            "“{}” is about something that is not there any more: somebody has deleted it since the \
             plan.",
            step.title
        );
        return (message, field.or_else(|| step.field()));
    }
    (sentence(error), field)
}

pub(super) fn sentence<E: std::error::Error>(error: &Error<E>) -> String {
    match error {
        Error::Rejected { problem, .. } => problem.summary(),
        Error::Transport(source) => format!("no answer from authentik ({source})"),
        other => other.to_string(),
    }
}

/// Whether an error proves that nothing was written: the server refused the request, or it never
/// left. A gateway's error does not: the server behind it may still be at work.
pub(super) fn is_refusal<E>(error: &Error<E>) -> bool {
    match error {
        Error::Rejected { status: 408, .. } | Error::Unexpected { status: 408, .. } => false,
        Error::Rejected {
            status: 400..=499,
            problem,
            ..
        } => *problem != Problem::ServerError,
        Error::Build(_)
        | Error::Unexpected {
            status: 400..=499, ..
        } => true,
        _ => false,
    }
}

/// Whether authentik itself failed while it handled the request: its transaction was rolled back,
/// so an empty look-up afterwards is the truth.
pub(super) fn is_internal_error<E>(error: &Error<E>) -> bool {
    matches!(
        error,
        Error::Rejected {
            problem: Problem::ServerError,
            ..
        }
    )
}
