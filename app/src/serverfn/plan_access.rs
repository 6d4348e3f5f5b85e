use leptos::prelude::*;

use crate::{error::AppError, state::form::Fields};

/// Plans a change of who may open what and goes to its change set, where it is reviewed. Nothing is
/// written to authentik.
///
/// # Errors
/// [`AppError::Conflict`] when what was sent is not right.
#[server(prefix = "/_fn", endpoint = "access/plan")]
pub async fn plan_access(
    /// The kind, see [`AccessDraft`](setup::access_change::AccessDraft), and the fields of its draft.
    #[server(flatten)]
    fields: Fields,
) -> Result<(), AppError> {
    use crate::state::access_form::{draft, sentences};

    let draft = draft(&fields).map_err(|errors| AppError::Conflict(sentences(&errors)))?;
    let change = match crate::ports::console()?.plan_access(draft).await {
        Err(AppError::Invalid(errors)) => return Err(AppError::Conflict(sentences(&errors))),
        other => other?,
    };
    leptos_axum::redirect(&crate::links::change(&change.summary.id));
    Ok(())
}
