use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::{error::AppError, model::Wizard};

/// A draft with all that a step of the wizard has to know. Works also while authentik does not
/// answer: then there is nothing to choose from. With `check` authentik is also asked whether the
/// slug is taken: one read more.
///
/// # Errors
/// [`AppError::NotFound`] when the draft is gone.
#[server(prefix = "/_fn", endpoint = "wizard", input = GetUrl)]
pub async fn load_wizard(
    /// Id of the draft.
    draft: String,
    /// Not empty when errors are to be shown.
    #[server(default)]
    check: String,
) -> Result<Wizard, AppError> {
    let console = crate::ports::console()?;
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
    let authentik_url = connection
        .map(|known| known.authentik_url)
        .unwrap_or_default();
    let errors = crate::state::wizard::problems(&record, &preset, &authentik_url, world.as_ref());
    Ok(Wizard {
        choices: world.as_ref().map(crate::data::choices),
        record,
        preset,
        authentik_url,
        errors,
    })
}
