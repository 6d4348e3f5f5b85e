use leptos::prelude::*;

use crate::error::AppError;

/// Goes back to the draft that a change set was planned from, to change something and try again.
/// When that draft is gone, a new one is made of what the change set remembers.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such change set.
#[server(prefix = "/_fn", endpoint = "changes/reopen")]
pub async fn reopen_change(
    /// Id of the change set.
    change: String,
) -> Result<(), AppError> {
    use setup::oidc_application::WizardStep;

    use crate::model::ChangeDraft;

    let console = crate::ports::console()?;
    let change = console.change(change).await?;
    let failed = change.progress().failed_field;
    let step = failed
        .as_deref()
        .map_or(WizardStep::Address, WizardStep::of_field);
    let known = match change.draft_id {
        Some(id) => console.draft(id).await.ok().map(|record| record.id),
        None => None,
    };
    let id = match known {
        Some(id) => id,
        None => match change.draft {
            ChangeDraft::OidcApplication(draft) => console.create_draft(*draft).await?.id,
            ChangeDraft::Access(_) | ChangeDraft::ServiceAccount(_) => {
                return Err(AppError::Conflict(
                    "It has no draft to go back to: begin anew where you began.".to_owned(),
                ));
            }
        },
    };
    let check = if failed.is_some() { "1" } else { "" };
    let page = crate::links::with_query(&crate::links::step(&id, step), &[("check", check)]);
    leptos_axum::redirect(&page);
    Ok(())
}
