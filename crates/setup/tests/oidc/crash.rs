//! The process dies between any two steps. Afterwards the change set is resumed or undone, without
//! orphans and without duplicates.

use setup::change::{Entry, Journal, State, apply, undo};

use crate::support::{Stage, VERSIONS, gitea};

/// A journal whose process dies when it is about to keep the entry number `dies_at`.
pub(crate) struct Mortal {
    pub(crate) entries: Vec<Entry>,
    pub(crate) dies_at: usize,
}

#[derive(Debug, thiserror::Error)]
#[error("dead")]
pub(crate) struct Dead;

impl Journal for Mortal {
    type Error = Dead;

    async fn record(&mut self, entry: Entry) -> Result<(), Dead> {
        if self.entries.len() == self.dies_at {
            return Err(Dead);
        }
        self.entries.push(entry);
        Ok(())
    }
}

/// Applies Gitea until the process dies. `None` when it lived long enough.
async fn die_at(stage: &Stage, dies_at: usize) -> Option<(setup::change::Plan, Vec<Entry>)> {
    let draft = gitea();
    let plan = stage.plan(&draft).await;
    let mut journal = Mortal {
        entries: Vec::new(),
        dies_at,
    };
    let died = apply(&stage.client, &plan, draft.secrets(), &[], &mut journal)
        .await
        .is_err();
    died.then_some((plan, journal.entries))
}

#[tokio::test]
async fn a_dead_process_is_resumed_without_duplicates() {
    for version in VERSIONS {
        let whole = Stage::new(version).await;
        whole.apply(&gitea()).await;
        let mut points = 0;
        loop {
            let stage = Stage::new(version).await;
            let Some((plan, mut entries)) = die_at(&stage, points).await else {
                break;
            };
            let before = entries.clone();
            let state = apply(
                &stage.client,
                &plan,
                gitea().secrets(),
                &before,
                &mut entries,
            )
            .await
            .unwrap();
            assert_eq!(state, State::Applied, "{version} at {points}: {entries:#?}");
            assert_eq!(stage.counts(), whole.counts(), "{version} at {points}");
            points += 1;
        }
        println!("counts: {points} points of death on {version}, all resumed");
        assert!(points >= 7, "{points}");
    }
}

#[tokio::test]
async fn a_dead_process_is_undone_without_orphans() {
    for version in VERSIONS {
        let empty = Stage::new(version).await.counts();
        let mut points = 0;
        loop {
            let stage = Stage::new(version).await;
            let Some((plan, mut entries)) = die_at(&stage, points).await else {
                break;
            };
            let before = entries.clone();
            let state = undo(&stage.client, &plan, &before, &mut entries)
                .await
                .unwrap();
            assert_eq!(state, State::Undone, "{version} at {points}: {entries:#?}");
            assert_eq!(stage.counts(), empty, "{version} at {points}");
            points += 1;
        }
        assert!(points >= 7, "{points}");
    }
}

#[tokio::test]
async fn a_process_that_dies_while_undoing_goes_on() {
    let version = VERSIONS[2];
    let empty = Stage::new(version).await.counts();
    let mut points = 0;
    loop {
        let stage = Stage::new(version).await;
        let (plan, _, entries) = stage.apply(&gitea()).await;
        let mut journal = Mortal {
            entries: Vec::new(),
            dies_at: points,
        };
        if undo(&stage.client, &plan, &entries, &mut journal)
            .await
            .is_ok()
        {
            break;
        }
        let mut all: Vec<Entry> = entries.into_iter().chain(journal.entries).collect();
        let before = all.clone();
        let state = undo(&stage.client, &plan, &before, &mut all).await.unwrap();
        assert_eq!(state, State::Undone, "at {points}");
        assert_eq!(stage.counts(), empty, "at {points}");
        points += 1;
    }
    assert!(points >= 6, "{points}");
}
