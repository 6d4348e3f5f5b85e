use leptos::prelude::*;

use crate::{error::AppError, state::form::Fields};

/// Plans a change of who may open what and goes to its change set, where it is reviewed. Nothing is
/// written to authentik. What is not right leads back to its form, with everything that was typed.
///
/// # Errors
/// [`AppError::Conflict`] when it is not said what to do; when authentik does not answer as it should.
#[server(prefix = "/_fn", endpoint = "access/plan")]
pub async fn plan_access(
    /// `do`, the word of a [`Task`](crate::state::access_task::Task), and the fields of its draft.
    #[server(flatten)]
    fields: Fields,
) -> Result<(), AppError> {
    use crate::state::{
        access_edit::{complete, refused},
        access_form::draft,
        access_task::Task,
    };

    let word = fields.get("do").map(String::as_str).unwrap_or_default();
    let task = Task::parse(word).ok_or_else(|| {
        AppError::Conflict("The form does not say what is to be done: open it anew.".to_owned())
    })?;
    let fields = complete(task, fields);
    let back = refused(task, &fields);
    let Ok(draft) = draft(&fields) else {
        leptos_axum::redirect(&back);
        return Ok(());
    };
    match crate::ports::console()?.plan_access(draft).await {
        Ok(change) => leptos_axum::redirect(&crate::links::change(&change.summary.id)),
        // The form says what is wrong by planning once more.
        Err(AppError::Invalid(_)) => leptos_axum::redirect(&back),
        Err(other) => return Err(other),
    }
    Ok(())
}
