//! The port of the pages, over the server's services.

use std::sync::Arc;

use access::Snapshot;
use app::{
    error::AppError,
    model::{Change, ChangeSummary, Connection, DraftRecord},
    ports::{AppSide, Console, PortFuture, ServerClient},
};
use setup::{
    access_change::AccessDraft,
    check::Check,
    oidc_application::{Draft, World},
    preset::{Preset, Summary},
};

use crate::{
    app_side, checks, connection::Connector, presets, state::ServerChanges, world::Worlds,
};

/// Implements [`Console`].
pub(crate) struct ServerConsole {
    pub(crate) connector: Connector,
    pub(crate) worlds: Worlds,
    pub(crate) changes: ServerChanges,
}

impl ServerConsole {
    async fn run_checks(&self, slug: &str) -> Result<Vec<Check>, AppError> {
        let connected = self.connector.settled().await?;
        let world = self.worlds.get().await?;
        checks::of_application(&self.connector, &connected, &world, slug).await
    }

    async fn render_app_side(
        &self,
        slug: &str,
        preset: Option<String>,
        reveal: bool,
    ) -> Result<Option<AppSide>, AppError> {
        let made = self.changes.maker_of(slug).await?;
        let Some(id) = made
            .as_ref()
            .map(|(_, draft)| draft.preset.clone())
            .or(preset)
        else {
            return Ok(None);
        };
        let preset = presets::preset(id.trim())?;
        let connected = self.connector.get().await?;
        let (application, provider) =
            checks::application(&self.connector, &connected.client, slug).await?;
        let inputs = if let Some((change, draft)) = made {
            let random = self.changes.random_secret(&change).await?;
            app_side::inputs_of_draft(&draft, preset, random)
        } else {
            let random = self
                .changes
                .random_secret(&format!("application {slug}"))
                .await?;
            app_side::inputs_of_application(&application, random)
        };
        let authentik_url = &connected.connection.authentik_url;
        app_side::render(
            preset,
            &inputs,
            authentik_url,
            &application,
            provider,
            reveal,
        )
        .map(Some)
    }
}

impl Console for ServerConsole {
    fn connection(&self) -> PortFuture<'_, Connection> {
        Box::pin(async { Ok(self.connector.get().await?.connection.clone()) })
    }

    fn client(&self) -> PortFuture<'_, ServerClient> {
        Box::pin(async { Ok(self.connector.get().await?.client.clone()) })
    }

    fn presets(&self) -> PortFuture<'_, Vec<Summary>> {
        Box::pin(async { Ok(presets::library()?.summaries().to_vec()) })
    }

    fn preset(&self, id: String) -> PortFuture<'_, Preset> {
        Box::pin(async move { Ok(presets::preset(&id)?.clone()) })
    }

    fn world(&self) -> PortFuture<'_, World> {
        Box::pin(async { Ok(World::clone(&*self.worlds.get().await?)) })
    }

    fn access(&self, fresh: bool) -> PortFuture<'_, Arc<Snapshot>> {
        Box::pin(self.worlds.access(fresh))
    }

    fn create_draft(&self, draft: Draft) -> PortFuture<'_, DraftRecord> {
        Box::pin(self.changes.create_draft(draft))
    }

    fn draft(&self, id: String) -> PortFuture<'_, DraftRecord> {
        Box::pin(async move { self.changes.draft(&id).await })
    }

    fn edit_draft(
        &self,
        id: String,
        edit: Box<dyn FnOnce(&mut Draft) + Send>,
    ) -> PortFuture<'_, DraftRecord> {
        Box::pin(async move { self.changes.edit_draft(&id, edit).await })
    }

    fn drafts(&self) -> PortFuture<'_, Vec<DraftRecord>> {
        Box::pin(self.changes.drafts())
    }

    fn discard_draft(&self, id: String) -> PortFuture<'_, ()> {
        Box::pin(async move { self.changes.discard_draft(&id).await })
    }

    fn plan_draft(&self, id: String) -> PortFuture<'_, Change> {
        Box::pin(async move { self.changes.plan_draft(&id).await })
    }

    fn plan_access(&self, draft: AccessDraft) -> PortFuture<'_, Change> {
        Box::pin(async move { self.changes.plan_access(draft).await })
    }

    fn apply(&self, change: String, confirm: String) -> PortFuture<'_, Change> {
        Box::pin(async move { self.changes.apply(&change, &confirm).await })
    }

    fn undo(&self, change: String) -> PortFuture<'_, Change> {
        Box::pin(async move { self.changes.undo(&change).await })
    }

    fn change(&self, id: String) -> PortFuture<'_, Change> {
        Box::pin(async move { self.changes.change(&id).await })
    }

    fn changes(&self) -> PortFuture<'_, Vec<ChangeSummary>> {
        Box::pin(self.changes.changes())
    }

    fn checks(&self, slug: String) -> PortFuture<'_, Vec<Check>> {
        Box::pin(async move { self.run_checks(&slug).await })
    }

    fn verify(&self, change: String) -> PortFuture<'_, Option<Vec<Check>>> {
        Box::pin(async move { self.changes.verify(&change).await })
    }

    fn app_side(
        &self,
        slug: String,
        preset: Option<String>,
        reveal: bool,
    ) -> PortFuture<'_, Option<AppSide>> {
        Box::pin(async move { self.render_app_side(&slug, preset, reveal).await })
    }
}
