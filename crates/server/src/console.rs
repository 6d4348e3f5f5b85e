//! The port of the pages, over the server's services.

use std::{convert::Infallible, net::IpAddr, ops::Deref, sync::Arc};

use app::{
    error::AppError,
    model::{
        ApiKeyRow, AuditPage, AuditQuery, Audited, Change, ChangeDraft, ChangeSummary, Connection,
        ConnectionSettings, DraftRecord, Role, SessionRow, SignInSettings,
    },
    ports::{AppSide, Console, PortFuture, Seen, ServerClient},
};
use authentik_api::{UserPk, api::core::users::RetrieveUser};
use authentik_reqwest::Trail;
use axum::extract::FromRequestParts;
use http::request::Parts;
use setup::{
    access_change::AccessDraft,
    change::Plan,
    check::Check,
    oidc_application::{Draft, World},
    preset::{Preset, Summary},
};

use crate::{
    app_side,
    audit::{Actor, Event},
    checks, clock,
    middleware::trace,
    presets, privilege, scope,
    session::Session,
    state::{AppState, Shared},
    visit::Client,
};

/// Implements [`Console`] for one visitor.
pub(crate) struct ServerConsole {
    pub(crate) state: AppState,
    /// Whose; nobody's while pages are listed at start.
    pub(crate) session: Option<Arc<Session>>,
    /// Network address of the request.
    pub(crate) from: IpAddr,
    /// The request that it is made for.
    pub(crate) trail: Trail,
}

impl Deref for ServerConsole {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.state
    }
}

impl FromRequestParts<AppState> for ServerConsole {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self {
            state: state.clone(),
            session: parts.extensions.get().cloned(),
            from: Client::of(&parts.extensions),
            trail: trace::trail(&parts.headers),
        })
    }
}

impl ServerConsole {
    /// The visitor, who may do what `role` may.
    ///
    /// # Errors
    /// [`AppError::SignedOut`], [`AppError::Forbidden`].
    pub(crate) fn require(&self, role: Role) -> Result<&Session, AppError> {
        let session = self.session.as_deref().ok_or(AppError::SignedOut)?;
        if session.role < role {
            return Err(AppError::Forbidden {
                name: session.name.clone(),
                role: session.role,
            });
        }
        Ok(session)
    }

    /// The same, who has proven a moment ago who they are.
    ///
    /// # Errors
    /// As [`Self::require`], and [`AppError::StepUp`].
    pub(crate) fn require_step_up(&self, role: Role) -> Result<&Session, AppError> {
        let session = self.require(role)?;
        if session.is_stepped_up(clock::now_ms()) {
            Ok(session)
        } else {
            Err(AppError::StepUp)
        }
    }

    /// Applies a change set, where the visitor may.
    ///
    /// # Errors
    /// As [`Self::require`], [`AppError::StepUp`] where it is dangerous, and those of applying.
    pub(crate) async fn apply_change(&self, id: &str, confirm: &str) -> Result<Change, AppError> {
        let plan = self.changes.change(id).await?.plan;
        let role = self.role_for(&plan).await?;
        let session = if plan.is_dangerous() {
            self.require_step_up(role)?
        } else {
            self.require(role)?
        };
        let by = Actor::of(session, self.from);
        self.changes.apply(id, confirm, &by).await
    }

    /// Undoes a change set, where the visitor may: what it deletes, and whom it locks out, is shown before.
    ///
    /// # Errors
    /// As [`Self::require`], [`AppError::StepUp`], and those of undoing.
    pub(crate) async fn undo_change(&self, id: &str) -> Result<Change, AppError> {
        let change = self.changes.change(id).await?;
        let role = match self.role_for(&change.plan).await? {
            Role::Operator if privilege::revives(&change.plan) => Role::Admin,
            role => role,
        };
        let by = Actor::of(self.require_step_up(role)?, self.from);
        let own = self.oidc.registration();
        if own.is_some_and(|own| own.slug == change.summary.slug) && change.draft.oidc().is_some() {
            return Err(AppError::Conflict(
                "People sign in to Ostiary with this application. Choose “Sign in without authentik” under Settings, \
                 Sign-in, first. Nothing was done."
                    .to_owned(),
            ));
        }
        self.keeps_its_token(&change).await?;
        self.changes.undo(id, &by).await
    }

    /// The account whose token is in use cannot take itself away: half of it would be left.
    async fn keeps_its_token(&self, change: &Change) -> Result<(), AppError> {
        let ChangeDraft::ServiceAccount(account) = &change.draft else {
            return Ok(());
        };
        let connected = self.connector.get().await?;
        if connected.connection.me.username != account.username.trim() {
            return Ok(());
        }
        Err(AppError::Conflict(
            "Ostiary works with this account’s token. Enter the token of an administrator under Settings, Connection, \
             first: then this can be undone. Nothing was done."
                .to_owned(),
        ))
    }

    /// What somebody must be to carry a plan out: an operator makes nobody an administrator, and changes what
    /// administrators chose.
    async fn role_for(&self, plan: &Plan) -> Result<Role, AppError> {
        if self.require(Role::Operator)?.role == Role::Admin {
            return Ok(Role::Operator);
        }
        let own = self.oidc.registration();
        let admins = own.as_ref().map(|own| own.groups.admin.clone());
        let admins = admins.unwrap_or_default();
        let world = self.worlds.get().await?;
        let mut touched = privilege::is_touched(plan, &world.groups, &admins);
        for pk in privilege::accounts(plan) {
            touched = touched || self.has_roles(pk).await?;
        }
        if touched {
            return Ok(Role::Admin);
        }
        let scope = own.map(|own| own.scope.clone()).unwrap_or_default();
        match scope::outside(plan, &scope) {
            Some(step) => Err(AppError::OutOfScope {
                step: step.to_owned(),
                scope: scope.words(),
            }),
            None => Ok(Role::Operator),
        }
    }

    /// Whether an account has roles of its own.
    async fn has_roles(&self, pk: UserPk) -> Result<bool, AppError> {
        let client = &self.connector.get().await?.client;
        let found = client.send_opt(&RetrieveUser { pk }).await;
        let found = found.map_err(|error| self.connector.failure("The account", &error))?;
        Ok(found.is_some_and(|user| !user.roles.is_empty()))
    }

    /// Makes what is asked of authentik part of the request, also where pages are rendered in tasks of
    /// their own.
    fn carry<'c, O: 'c>(
        &self,
        work: impl Future<Output = Result<O, AppError>> + Send + 'c,
    ) -> PortFuture<'c, O> {
        Box::pin(self.trail.clone().scope(work))
    }

    fn list_sessions(&self) -> Result<Vec<SessionRow>, AppError> {
        let own = self.require(Role::Viewer)?;
        let all = self.state.sessions.all();
        let rows = all.iter().filter(|session| own.may_end(session));
        Ok(rows.map(|session| session.row()).collect())
    }

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
        self.carry(self.connector.shown())
    }

    fn client(&self) -> PortFuture<'_, ServerClient> {
        self.carry(async {
            let connected = self.connector.get().await?;
            let transport = connected.client.transport().clone();
            // Pages use it in tasks of their own.
            let transport = transport.with_trail(Some(self.trail.clone()));
            let capabilities = connected.client.capabilities().clone();
            Ok(ServerClient::new(transport, capabilities))
        })
    }

    fn connection_settings(&self) -> PortFuture<'_, ConnectionSettings> {
        self.carry(async {
            self.require(Role::Admin)?;
            Ok(self.connector.settings())
        })
    }

    fn sign_in_settings(&self) -> PortFuture<'_, SignInSettings> {
        self.carry(async {
            let own = self.require(Role::Admin)?;
            Ok(self.state.oidc.settings(&own.id))
        })
    }

    fn sessions(&self) -> PortFuture<'_, Vec<SessionRow>> {
        self.carry(async { self.list_sessions() })
    }

    fn api_keys(&self) -> PortFuture<'_, Vec<ApiKeyRow>> {
        self.carry(async {
            self.require(Role::Admin)?;
            Ok(self.state.api_keys.all())
        })
    }

    fn audit(&self, wanted: AuditQuery) -> PortFuture<'_, AuditPage> {
        self.carry(async move {
            self.require(Role::Admin)?;
            self.state.audit.page(&wanted).await
        })
    }

    fn presets(&self) -> PortFuture<'_, Vec<Summary>> {
        self.carry(async { Ok(presets::library()?.summaries().to_vec()) })
    }

    fn preset(&self, id: String) -> PortFuture<'_, Preset> {
        self.carry(async move { Ok(presets::preset(&id)?.clone()) })
    }

    fn world(&self) -> PortFuture<'_, World> {
        self.carry(async { Ok(World::clone(&*self.worlds.get().await?)) })
    }

    fn access(&self, fresh: bool) -> PortFuture<'_, Seen> {
        self.carry(self.worlds.seen(fresh))
    }

    fn create_draft(&self, draft: Draft) -> PortFuture<'_, DraftRecord> {
        self.carry(async move {
            self.require(Role::Operator)?;
            self.changes.create_draft(draft).await
        })
    }

    fn draft(&self, id: String) -> PortFuture<'_, DraftRecord> {
        self.carry(async move { self.changes.draft(&id).await })
    }

    fn edit_draft(
        &self,
        id: String,
        edit: Box<dyn FnOnce(&mut Draft) + Send>,
    ) -> PortFuture<'_, DraftRecord> {
        self.carry(async move {
            self.require(Role::Operator)?;
            self.changes.edit_draft(&id, edit).await
        })
    }

    fn drafts(&self) -> PortFuture<'_, Vec<DraftRecord>> {
        self.carry(self.changes.drafts())
    }

    fn discard_draft(&self, id: String) -> PortFuture<'_, ()> {
        self.carry(async move {
            self.require(Role::Operator)?;
            self.changes.discard_draft(&id).await
        })
    }

    fn plan_draft(&self, id: String) -> PortFuture<'_, Change> {
        self.carry(async move {
            self.require(Role::Operator)?;
            self.changes.plan_draft(&id).await
        })
    }

    fn plan_access(&self, draft: AccessDraft) -> PortFuture<'_, Change> {
        self.carry(async move {
            self.require(Role::Operator)?;
            self.changes.plan_access(draft).await
        })
    }

    fn apply(&self, change: String, confirm: String) -> PortFuture<'_, Change> {
        self.carry(async move { self.apply_change(&change, &confirm).await })
    }

    fn undo(&self, change: String) -> PortFuture<'_, Change> {
        self.carry(async move { self.undo_change(&change).await })
    }

    fn change(&self, id: String) -> PortFuture<'_, Change> {
        self.carry(async move { self.changes.change(&id).await })
    }

    fn changes(&self) -> PortFuture<'_, Vec<ChangeSummary>> {
        self.carry(self.changes.changes())
    }

    fn checks(&self, slug: String) -> PortFuture<'_, Vec<Check>> {
        self.carry(async move { self.run_checks(&slug).await })
    }

    fn verify(&self, change: String) -> PortFuture<'_, Option<Vec<Check>>> {
        self.carry(async move { self.changes.verify(&change).await })
    }

    fn app_side(
        &self,
        slug: String,
        preset: Option<String>,
        reveal: bool,
    ) -> PortFuture<'_, Option<AppSide>> {
        self.carry(async move {
            if reveal {
                let by = Actor::of(self.require_step_up(Role::Operator)?, self.from);
                let event = Event::done(Audited::Reveal, format!("The client secret of {slug}"));
                self.state.audit.record(&by, event).await?;
            }
            self.render_app_side(&slug, preset, reveal).await
        })
    }
}
