use app::{error::AppError, model::DraftRecord};
use setup::oidc_application::Draft;

use super::{Changes, no_draft};
use crate::{
    clock, presets, random,
    store::{DraftEdit, Store, StoredDraft},
};

impl<S: Store> Changes<S> {
    /// Keeps a new draft.
    pub(crate) async fn create_draft(&self, mut draft: Draft) -> Result<DraftRecord, AppError> {
        stow_secrets(&mut draft);
        let (id, updated_ms) = (random::id(), clock::now_ms());
        self.store.create_draft(&id, &draft, updated_ms).await?;
        Ok(record(StoredDraft {
            id,
            draft,
            change: None,
            updated_ms,
        }))
    }

    /// One draft, without its secrets.
    pub(crate) async fn draft(&self, id: &str) -> Result<DraftRecord, AppError> {
        self.store
            .draft(id)
            .await?
            .map(record)
            .ok_or_else(|| no_draft(id))
    }

    /// All drafts, the latest first, without their secrets.
    pub(crate) async fn drafts(&self) -> Result<Vec<DraftRecord>, AppError> {
        Ok(self.store.drafts().await?.into_iter().map(record).collect())
    }

    /// Changes a draft; what was planned from it before is set aside.
    pub(crate) async fn edit_draft(
        &self,
        id: &str,
        edit: DraftEdit,
    ) -> Result<DraftRecord, AppError> {
        let edit: DraftEdit = Box::new(|draft| {
            edit(draft);
            stow_secrets(draft);
        });
        let edited = self.store.edit_draft(id, edit, clock::now_ms()).await?;
        edited.map(record).ok_or_else(|| no_draft(id))
    }

    /// Throws a draft away.
    pub(crate) async fn discard_draft(&self, id: &str) -> Result<(), AppError> {
        if self.store.delete_draft(id).await? {
            Ok(())
        } else {
            Err(no_draft(id))
        }
    }
}

/// Moves secret variables out of sight. A draft of an unknown preset has none that are known.
fn stow_secrets(draft: &mut Draft) {
    if let Ok(preset) = presets::preset(draft.preset.trim()) {
        draft.stow_secrets(preset);
    }
}

fn record(stored: StoredDraft) -> DraftRecord {
    DraftRecord {
        id: stored.id,
        has_client_secret: !stored.draft.secrets().is_empty(),
        secret_variables: stored.draft.secret_variables.keys().cloned().collect(),
        draft: stored.draft.redacted(),
        change: stored.change,
        updated_at: clock::rfc3339(stored.updated_ms),
    }
}
