//! What the steps of the wizard show.

use setup::change::State;

use crate::{
    error::AppError,
    model::{Review, Wizard},
    ports::console,
};

/// A draft with all that a step of the wizard has to know. Works also while authentik does not
/// answer: then there is nothing to choose from. With `check` authentik is also asked whether the
/// slug is taken: one read more.
///
/// # Errors
/// [`AppError::NotFound`] when the draft is gone.
pub async fn load_wizard(draft: String, check: String) -> Result<Wizard, AppError> {
    let console = console()?;
    let record = console.draft(draft).await?;
    let preset = console.preset(record.draft.preset.clone()).await?;
    let connection = console.connection().await.ok();
    let mut world = console.world().await.ok();
    if !check.is_empty()
        && let Some(known) = world.take()
    {
        let slug = record.draft.effective_slug();
        let (client, before) = (console.client().await?, known.clone());
        world = Some(known.with_slug(&client, &slug).await.unwrap_or(before));
    }
    let (authentik_url, version) = connection
        .map(|known| (known.authentik_url, Some(known.capabilities.version)))
        .unwrap_or_default();
    let errors = crate::state::wizard::problems(&record, &preset, &authentik_url, world.as_ref());
    Ok(Wizard {
        choices: world.as_ref().map(super::choices),
        record,
        preset,
        authentik_url,
        version,
        errors,
    })
}

/// Plans a draft as it is now. Nothing is written to authentik. A draft that was applied already
/// keeps the change set it was applied with.
///
/// # Errors
/// [`AppError::NotFound`] when the draft is gone, [`AppError::NotConnected`] while authentik cannot
/// be asked.
pub async fn review_draft(draft: String) -> Result<Review, AppError> {
    let console = console()?;
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
