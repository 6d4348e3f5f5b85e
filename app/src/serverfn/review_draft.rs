use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::{error::AppError, model::Review};

/// Plans a draft as it is now. Nothing is written to authentik. A draft that was applied already
/// keeps the change set it was applied with.
///
/// # Errors
/// [`AppError::NotFound`] when the draft is gone, [`AppError::NotConnected`] while authentik cannot
/// be asked.
#[server(prefix = "/_fn", endpoint = "wizard/review", input = GetUrl)]
pub async fn review_draft(
    /// Id of the draft.
    draft: String,
) -> Result<Review, AppError> {
    use setup::change::State;

    let console = crate::ports::console()?;
    let record = console.draft(draft.clone()).await?;
    let preset = console.preset(record.draft.preset.clone()).await?;
    let before = match record.change.clone() {
        Some(change) => console.change(change).await.ok(),
        None => None,
    };
    let applied = before.filter(|change| change.summary.state != State::Planned);
    let outcome = match applied {
        Some(change) => Ok(change),
        None => match console.plan_draft(draft).await {
            Ok(change) => Ok(change),
            Err(AppError::Invalid(errors)) => Err(errors),
            Err(other) => return Err(other),
        },
    };
    Ok(Review {
        record,
        preset_name: preset.name,
        outcome,
    })
}
