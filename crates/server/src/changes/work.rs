//! Applying and undoing, in tasks of their own.

use std::collections::BTreeMap;

use app::{
    error::AppError,
    model::{AuditOutcome, Audited, Change},
    ports::ServerClient,
};
use authentik_reqwest::Trail;
use setup::change::{self, Entry, Journal as _, State};

use super::{Changes, journal::StoreJournal, touches::Touches};
use crate::{
    audit::{Actor, Event},
    clock,
    middleware::trace::CHANGE,
    random::{self, Digest},
    store::{Store, StoreError, StoredChange, Work, chain},
};

/// So many of authentik's ids stand in an entry of the audit log.
const IDS: usize = 50;

impl<S: Store> Changes<S> {
    /// Starts a piece of work; it goes on by itself. Asking again while it goes on, or when it is
    /// done, changes nothing.
    pub(super) async fn start(&self, id: &str, work: Work, by: &Actor) -> Result<Change, AppError> {
        let stored = self.stored(id).await?;
        let state = stored.head.state;
        if state == work.running() || state == work.goal() {
            return self.change(id).await;
        }
        if let Some(reason) = refusal(&stored, work) {
            return Err(AppError::Conflict(reason));
        }
        if self.shutdown.is_cancelled() {
            return Err(AppError::Conflict(
                "Ostiary is shutting down: nothing was begun. Try again when it is back.".into(),
            ));
        }
        self.connector.try_now();
        let client = self.connector.settled().await?.client.clone();
        // What cannot be written down is not done.
        let plan = serde_json::to_vec(&stored.plan).unwrap_or_default();
        let event = Event::done(audited(work), &stored.head.title)
            .with(AuditOutcome::Begun, steps(&stored))
            .change(id, random::digest(&[&plan]));
        self.audit.record(by, event).await?;
        if self.store.begin(id, work, clock::now_ms()).await? {
            let (changes, id, by) = (self.clone(), id.to_owned(), by.clone());
            let title = stored.head.title;
            let trail = Trail::new(&format!("{CHANGE}{id}"));
            self.tasks.spawn(async move {
                let guarded = changes.clone().guard(id.clone(), work, client);
                trail.clone().scope(guarded).await;
                changes.note_end(&id, &title, work, &by, &trail).await;
            });
        }
        self.change(id).await
    }

    /// Carries the work out, and makes sure that it is never left as going on.
    async fn guard(self, id: String, work: Work, client: ServerClient) {
        let run = self.clone().run(id.clone(), work, client);
        let run = tokio::spawn(Trail::carried(run));
        let failure = match run.await {
            Ok(Ok(state)) => {
                tracing::info!(change = id, state = state.as_str(), "reached");
                None
            }
            Ok(Err(error)) => Some(error),
            Err(panic) => Some(panic.to_string()),
        };
        if let Some(error) = failure {
            tracing::error!(change = id, error, "broken off");
            if let Err(error) = self.interrupt(&id).await {
                tracing::error!(change = id, error = %chain(&error), "not marked as interrupted");
            }
        }
    }

    async fn run(self, id: String, work: Work, client: ServerClient) -> Result<State, String> {
        // Read again, now that nobody else can begin: the journal may have grown meanwhile.
        let unreadable = |error: StoreError| chain(&error);
        let stored = self.store.change(&id).await.map_err(unreadable)?;
        let StoredChange { draft, plan, .. } = stored.ok_or("the change set is gone")?;
        let entries = self.store.entries(&id, 0).await.map_err(unreadable)?;
        let entries: Vec<Entry> = entries.into_iter().map(|stored| stored.entry).collect();
        let mut journal = self.journal(&id, Touches::of(&entries));
        let reached = match work {
            Work::Apply => {
                change::apply(&client, &plan, draft.secrets(), &entries, &mut journal).await
            }
            Work::Undo => change::undo(&client, &plan, &entries, &mut journal).await,
        };
        reached.map_err(|error| chain(&error))
    }

    /// Writes down how the work on a change set ended.
    async fn note_end(&self, id: &str, title: &str, work: Work, by: &Actor, trail: &Trail) {
        let noted = async {
            let state = self.state(id).await?;
            let entries = self.store.entries(id, 0).await?;
            let entries: Vec<Entry> = entries.into_iter().map(|stored| stored.entry).collect();
            let journal = serde_json::to_vec(&entries).unwrap_or_default();
            let outcome = if state == work.goal() {
                AuditOutcome::Done
            } else {
                AuditOutcome::Failed
            };
            let event = Event::done(audited(work), title)
                .with(outcome, ending(state, &trail.answered()))
                .change(id, random::digest(&[&journal]));
            self.audit.record(by, event).await
        };
        if let Err(error) = noted.await {
            tracing::error!(change = id, %error, "how it ended is not in the audit log");
        }
    }

    /// Marks the work on a change set as interrupted.
    async fn interrupt(&self, id: &str) -> Result<(), StoreError> {
        self.journal(id, Touches::default())
            .record(Entry::Reached {
                state: State::Interrupted,
            })
            .await
    }

    /// Marks as interrupted whatever was going on when the last process ended. To be called before
    /// any work begins.
    pub(crate) async fn interrupt_left_over(&self) -> Result<(), StoreError> {
        for id in self.store.running().await? {
            tracing::warn!(change = id, "was going on when Ostiary ended: interrupted");
            self.interrupt(&id).await?;
            let event = Event::done(Audited::Interrupted, "Ostiary ended while it was going on")
                .change(&id, Digest::default());
            if let Err(error) = self.audit.record(&Actor::process(), event).await {
                tracing::error!(change = id, %error, "not in the audit log");
            }
        }
        Ok(())
    }

    fn journal(&self, id: &str, touched: Touches) -> StoreJournal<S> {
        StoreJournal {
            store: self.store.clone(),
            change: id.to_owned(),
            worlds: self.worlds.clone(),
            written: self.written.clone(),
            touched,
        }
    }
}

const fn audited(work: Work) -> Audited {
    match work {
        Work::Apply => Audited::Apply,
        Work::Undo => Audited::Undo,
    }
}

/// How the work ended, and the ids that authentik gave to its writes.
fn ending(state: State, answered: &[String]) -> String {
    let label = state.label();
    if answered.is_empty() {
        return label.to_owned();
    }
    let shown: Vec<&str> = answered.iter().take(IDS).map(String::as_str).collect();
    let shown = shown.join(", ");
    match answered.len().saturating_sub(IDS) {
        0 => format!("{label}. In authentik’s log: {shown}"),
        more => format!("{label}. In authentik’s log: {shown}, and {more} more"),
    }
}

/// The operations of a plan, in a few words.
fn steps(stored: &StoredChange) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for step in &stored.plan.steps {
        *counts.entry(step.request.operation.get().id).or_default() += 1;
    }
    let counts = counts
        .into_iter()
        .map(|(id, count)| format!("{count} × {id}"));
    counts.collect::<Vec<_>>().join(", ")
}

/// Why the work cannot begin, and what to do.
fn refusal(change: &StoredChange, work: Work) -> Option<String> {
    if change.superseded {
        return Some(
            "The draft was changed or reviewed again since this plan was made, perhaps in another \
             tab. Nothing was written. Open the draft and review it again."
                .to_owned(),
        );
    }
    let state = change.head.state;
    if work.can_begin(state) {
        return None;
    }
    let text = match (work, state) {
        (_, State::Applying | State::Undoing) => {
            "Work on this change set is going on: wait until it is done."
        }
        (Work::Apply, State::FailedAndUndone) => {
            "This change set failed and left nothing behind. Mend the draft and review it again: \
             that makes a new plan."
        }
        (Work::Apply, _) => "This change set was undone. Make a new one to do it again.",
        (Work::Undo, _) => "There is nothing to undo: this change set has left nothing behind.",
    };
    Some(text.to_owned())
}
