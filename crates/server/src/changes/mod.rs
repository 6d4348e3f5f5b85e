//! The service behind every write: drafts become change sets, change sets are applied and undone.
//!
//! Pages and the JSON API call the same methods. Work goes on in tasks of its own, whoever asked
//! for it: it is not stopped by a closed tab, and a shutdown waits for it.

mod drafts;
mod journal;
#[cfg(test)]
mod tests;
mod touches;
mod work;

use std::{sync::Arc, time::Duration};

use app::{
    error::AppError,
    model::{Change, ChangeDraft, ChangeSummary, TimedEntry},
};
use futures_util::{StreamExt as _, stream};
use serde_json::Value;
use setup::{
    FieldErrors,
    access_change::{self, AccessDraft, Acting},
    change::{Entry, Object, Plan, State},
    check::Check,
    oidc_application::{Draft, plan},
    service_account::{self, ServiceAccount},
};
use tokio::{sync::watch, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    audit::{Actor, Audit},
    clock,
    connection::Connector,
    presets, random,
    store::{ChangeHead, NewChange, Store, StoredChange, StoredEntry, Work},
    world::Worlds,
};

/// How long authentik may think about one person while a change set is verified.
const PATIENCE: Duration = Duration::from_secs(5);
/// About so many people it is asked at once.
const AT_ONCE: usize = 6;

/// Drafts and change sets over a store. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Changes<S> {
    store: S,
    connector: Connector,
    worlds: Worlds,
    tasks: TaskTracker,
    shutdown: CancellationToken,
    audit: Audit,
    /// Counts the entries of all journals: who waits for one is woken.
    written: Arc<watch::Sender<u64>>,
}

impl<S: Store> Changes<S> {
    pub(crate) fn new(
        store: S,
        connector: Connector,
        worlds: Worlds,
        tasks: TaskTracker,
        shutdown: CancellationToken,
        audit: Audit,
    ) -> Self {
        let written = Arc::new(watch::Sender::new(0));
        Self {
            store,
            connector,
            worlds,
            tasks,
            shutdown,
            audit,
            written,
        }
    }

    /// Plans a change set from a draft that is kept. As long as neither the draft nor the connected
    /// authentik has changed, this gives the same change set again: looking at the review twice, or
    /// in two tabs, is no reason for another plan.
    pub(crate) async fn plan_draft(&self, id: &str) -> Result<Change, AppError> {
        let stored = self.store.draft(id).await?.ok_or_else(|| no_draft(id))?;
        let before = match &stored.change {
            Some(change) => self.store.change(change).await?,
            None => None,
        };
        let before =
            before.filter(|before| before.head.state == State::Planned && !before.superseded);
        let mut draft = stored.draft;
        if let Some(before) = &before
            && draft.client_id.trim().is_empty()
        {
            draft.client_id = before
                .draft
                .oidc()
                .map(|draft| draft.client_id.clone())
                .unwrap_or_default();
        }
        let (draft, plan) = self.prepare(draft).await?;
        match before {
            Some(before) if before.plan == plan => self.change(&before.head.id).await,
            _ => self.keep(oidc(draft), plan, Some(stored.id)).await,
        }
    }

    /// Plans a change set from `draft`, its secrets included.
    pub(crate) async fn plan(&self, draft: Draft) -> Result<Change, AppError> {
        let (draft, plan) = self.prepare(draft).await?;
        self.keep(oidc(draft), plan, None).await
    }

    /// Plans a change of who may open what, against what authentik holds now.
    pub(crate) async fn plan_access(&self, draft: AccessDraft) -> Result<Change, AppError> {
        let plan = self.prepare_access(&draft).await?;
        self.keep(ChangeDraft::Access(Box::new(draft)), plan, None)
            .await
    }

    /// Plans a service account for Ostiary itself.
    pub(crate) async fn plan_service_account(
        &self,
        draft: ServiceAccount,
    ) -> Result<Change, AppError> {
        draft.validate().map_err(AppError::Invalid)?;
        let connected = self.connector.settled().await?;
        let superuser = connected.connection.me.is_superuser;
        let world = service_account::World::load(&connected.client, superuser, &draft).await;
        let world = world.map_err(|error| self.connector.failure("What is there", &error))?;
        let plan = service_account::plan(&draft, &world).map_err(AppError::Invalid)?;
        self.keep(ChangeDraft::ServiceAccount(draft), plan, None)
            .await
    }

    /// Keys of the account and of the token that an applied change set made for just such a draft.
    pub(crate) async fn account_made(
        &self,
        draft: &ServiceAccount,
    ) -> Result<Option<(Value, Value)>, AppError> {
        let asked = ChangeDraft::ServiceAccount(draft.clone());
        let all = self.store.changes().await?;
        for head in all.iter().filter(|head| head.state == State::Applied) {
            if head.kind != ChangeDraft::SERVICE_ACCOUNT
                || self.stored(&head.id).await?.draft != asked
            {
                continue;
            }
            let entries = self.store.entries(&head.id, 0).await?;
            let key = |object: Object| {
                let mut all = entries.iter().rev();
                all.find_map(|stored| match &stored.entry {
                    Entry::StepDone { created, .. } => {
                        let made = created.iter().find(|effect| effect.object == object);
                        made.map(|effect| effect.pk.clone())
                    }
                    _ => None,
                })
            };
            if let (Some(user), Some(token)) = (key(Object::User), key(Object::Token)) {
                return Ok(Some((user, token)));
            }
        }
        Ok(None)
    }

    /// Plans a draft against what authentik holds now.
    async fn prepare_access(&self, draft: &AccessDraft) -> Result<Plan, AppError> {
        let snapshot = self.worlds.access(true).await?;
        let console = self.connector.settled().await?.connection.me.pk;
        let acting = Acting {
            console: Some(console),
            ..Acting::default()
        };
        access_change::plan(draft, &snapshot, &acting).map_err(AppError::Invalid)
    }

    /// Whether no step of a change set was ever begun: its plan can still be read and refused.
    async fn is_untouched(&self, stored: &StoredChange) -> Result<bool, AppError> {
        match stored.head.state {
            State::Planned => Ok(true),
            State::Interrupted => {
                let entries = self.store.entries(&stored.head.id, 0).await?;
                let mut entries = entries.iter().map(|stored| &stored.entry);
                Ok(!entries.any(|entry| matches!(entry, Entry::StepStarted { .. })))
            }
            _ => Ok(false),
        }
    }

    /// Refuses a plan of who may open what that would be another one now: what a person read, and
    /// perhaps confirmed, is what is carried out.
    async fn is_as_read(&self, stored: &StoredChange) -> Result<(), AppError> {
        let ChangeDraft::Access(draft) = &stored.draft else {
            return Ok(());
        };
        let same = match self.prepare_access(draft).await {
            Ok(now) => {
                let told = &stored.plan;
                now.steps == told.steps && now.confirm == told.confirm && now.access == told.access
            }
            Err(AppError::Invalid(_)) => false,
            Err(other) => return Err(other),
        };
        // Somebody else may have begun with it meanwhile: then it is different for that.
        if same || self.state(&stored.head.id).await? != stored.head.state {
            return Ok(());
        }
        Err(AppError::Conflict(
            "Groups, people or bindings were changed since this was planned, so it would do something \
             else than what it says. Nothing was written: plan it again."
                .to_owned(),
        ))
    }

    /// Completes a draft and plans it.
    ///
    /// A client id is made here where none is given: it is what the objects of this change set are
    /// told from anybody else's by, should the process die.
    async fn prepare(&self, mut draft: Draft) -> Result<(Draft, Plan), AppError> {
        let preset = presets::preset(draft.preset.trim()).map_err(|error| match error {
            AppError::NotFound(what) => {
                let mut errors = FieldErrors::default();
                errors.add(
                    "preset",
                    format!("There is no {what}: choose one of the gallery."),
                );
                AppError::Invalid(errors)
            }
            other => other,
        })?;
        draft.stow_secrets(preset);
        if draft.client_id.trim().is_empty() && preset.overrides.client_id.is_none() {
            draft.client_id = random::client_id();
        }
        let world = self.worlds.with_slug(&draft.effective_slug()).await?;
        let plan = plan(&draft, preset, &world).map_err(AppError::Invalid)?;
        Ok((draft, plan))
    }

    async fn keep(
        &self,
        draft: ChangeDraft,
        plan: Plan,
        draft_id: Option<String>,
    ) -> Result<Change, AppError> {
        let id = random::id();
        let change = NewChange {
            id: id.clone(),
            draft_id,
            draft,
            plan,
        };
        self.store.create_change(&change, clock::now_ms()).await?;
        tracing::info!(change = id, title = change.plan.title, "planned");
        self.change(&id).await
    }

    /// One change set with its journal.
    pub(crate) async fn change(&self, id: &str) -> Result<Change, AppError> {
        let stored = self.stored(id).await?;
        let entries = self.entries(id, 0).await?;
        Ok(change(stored, entries))
    }

    /// The state of a change set: cheap however long its plan is.
    pub(crate) async fn state(&self, id: &str) -> Result<State, AppError> {
        self.store.state(id).await?.ok_or_else(|| unknown(id))
    }

    /// All change sets, the latest first.
    pub(crate) async fn changes(&self) -> Result<Vec<ChangeSummary>, AppError> {
        Ok(self
            .store
            .changes()
            .await?
            .into_iter()
            .map(summary)
            .collect())
    }

    /// The entries of a journal behind number `after`.
    pub(crate) async fn entries(&self, id: &str, after: i64) -> Result<Vec<TimedEntry>, AppError> {
        Ok(self
            .store
            .entries(id, after)
            .await?
            .into_iter()
            .map(timed)
            .collect())
    }

    /// Wakes when anything was written to any journal.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.written.subscribe()
    }

    /// Wakes when the server is told to end.
    pub(crate) fn shutdown(&self) -> &CancellationToken {
        &self.shutdown
    }

    /// Starts to apply a planned or interrupted change set. Where its plan asks for a confirmation,
    /// `confirm` has to be that text.
    pub(crate) async fn apply(
        &self,
        id: &str,
        confirm: &str,
        by: &Actor,
    ) -> Result<Change, AppError> {
        let stored = self.stored(id).await?;
        if self.is_untouched(&stored).await? {
            if let Some(wanted) = &stored.plan.confirm
                && !wanted.accepts(confirm)
            {
                let mut errors = FieldErrors::default();
                let message = format!("Type “{}” to confirm. Nothing was written.", wanted.text);
                errors.add("confirm", message);
                return Err(AppError::Invalid(errors));
            }
            self.is_as_read(&stored).await?;
        }
        self.start(id, Work::Apply, by).await
    }

    /// Starts to undo an applied or interrupted change set.
    pub(crate) async fn undo(&self, id: &str, by: &Actor) -> Result<Change, AppError> {
        self.start(id, Work::Undo, by).await
    }

    /// Asks authentik whether an applied change of who may open what did what its plan promised;
    /// `None` for any other change set.
    pub(crate) async fn verify(&self, id: &str) -> Result<Option<Vec<Check>>, AppError> {
        let applied = self.state(id).await? == State::Applied;
        let stored = self.stored(id).await?;
        let (ChangeDraft::Access(draft), Some(diff)) = (&stored.draft, &stored.plan.diff) else {
            return Ok(None);
        };
        if !applied {
            return Err(AppError::Conflict(
                "The change set is not applied: there is nothing to verify.".to_owned(),
            ));
        }
        let now = self.worlds.access(true).await?;
        let client = &self.connector.settled().await?.client;
        let questions = access_change::questions(draft, diff, &now);
        let asked = stream::iter(questions.clone()).map(|question| async move {
            let answer = timeout(PATIENCE, question.ask(client)).await;
            answer.unwrap_or_else(|_| Err("authentik takes too long".to_owned()))
        });
        let answers: Vec<_> = asked.buffered(AT_ONCE).collect().await;
        Ok(Some(access_change::judge(&questions, &answers)))
    }

    /// The id and the draft of the change set that made an application. The draft holds the secrets
    /// that are still kept: it is not for showing.
    pub(crate) async fn maker_of(&self, slug: &str) -> Result<Option<(String, Draft)>, AppError> {
        let applied = self.store.latest_applied(slug).await?;
        Ok(applied.and_then(|change| match change.draft {
            ChangeDraft::OidcApplication(draft) => Some((change.head.id, *draft)),
            ChangeDraft::Access(_) | ChangeDraft::ServiceAccount(_) => None,
        }))
    }

    /// A random text that is always the same for the same change set.
    pub(crate) async fn random_secret(&self, change: &str) -> Result<String, AppError> {
        let key = self.store.key("random-secret").await?;
        Ok(random::hex(&random::digest(&[&key, change.as_bytes()])))
    }

    async fn stored(&self, id: &str) -> Result<StoredChange, AppError> {
        let stored = self.store.change(id).await?;
        stored.ok_or_else(|| unknown(id))
    }
}

fn unknown(id: &str) -> AppError {
    AppError::NotFound(format!("change set “{id}”"))
}

fn oidc(draft: Draft) -> ChangeDraft {
    ChangeDraft::OidcApplication(Box::new(draft))
}

fn no_draft(id: &str) -> AppError {
    AppError::NotFound(format!("draft “{id}”: it was applied or thrown away"))
}

fn summary(head: ChangeHead) -> ChangeSummary {
    ChangeSummary {
        id: head.id,
        kind: head.kind,
        title: head.title,
        state: head.state,
        slug: head.slug,
        preset: head.preset,
        created_at: clock::rfc3339(head.created_ms),
        updated_at: clock::rfc3339(head.updated_ms),
    }
}

fn timed(stored: StoredEntry) -> TimedEntry {
    TimedEntry {
        number: stored.number,
        at: clock::rfc3339(stored.at_ms),
        at_ms: stored.at_ms,
        entry: stored.entry,
    }
}

fn change(stored: StoredChange, entries: Vec<TimedEntry>) -> Change {
    Change {
        draft: stored.draft.redacted(),
        draft_id: stored.draft_id,
        plan: stored.plan,
        summary: summary(stored.head),
        entries,
    }
}
