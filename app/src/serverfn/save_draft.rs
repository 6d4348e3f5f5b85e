use leptos::prelude::*;

use crate::{error::AppError, state::form::Fields};

/// Keeps what one step of the wizard sent, whatever it is, and goes to where the pressed button
/// leads: on when the step's fields are right, back to them when not.
///
/// # Errors
/// [`AppError::NotFound`] when the draft is gone.
#[server(prefix = "/_fn", endpoint = "wizard/save")]
pub async fn save_draft(
    /// Id of the draft.
    draft: String,
    /// The step: `address`, `details` or `access`.
    step: String,
    /// What the pressed button asks for, see [`Intent`](crate::state::form::Intent).
    #[server(default)]
    intent: String,
    /// The fields.
    #[server(flatten)]
    fields: Fields,
) -> Result<(), AppError> {
    use setup::oidc_application::WizardStep;

    use crate::state::{
        form::{Basis, Intent, fill},
        wizard::{after, problems},
    };

    let step = WizardStep::ALL
        .into_iter()
        .find(|known| known.segment() == step);
    let step = step.ok_or_else(|| AppError::NotFound("such step".to_owned()))?;
    let intent = Intent::parse(&intent);
    let console = crate::ports::console()?;
    let record = console.draft(draft.clone()).await?;
    let preset = console.preset(record.draft.preset.clone()).await?;
    let connection = console.connection().await;
    let basis = Basis {
        preset,
        authentik_url: connection
            .map(|known| known.authentik_url)
            .unwrap_or_default(),
    };
    let (edit_basis, edit_intent) = (basis.clone(), intent.clone());
    let edit = move |draft: &mut _| fill(draft, step, &edit_intent, &fields, &edit_basis);
    let record = console.edit_draft(draft, Box::new(edit)).await?;
    let world = console.world().await.ok();
    let errors = problems(&record, &basis.preset, &basis.authentik_url, world.as_ref());
    leptos_axum::redirect(&after(&record.id, step, &intent, &record.draft, &errors));
    Ok(())
}
