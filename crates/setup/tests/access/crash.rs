//! The process dies between any two entries of the journal. Afterwards the change set is resumed or
//! undone, and nothing is written twice or lost.

use std::collections::BTreeMap;

use sandbox::Version;
use setup::change::{Entry, Journal, Plan, State, apply, undo};

use crate::{
    menu,
    support::{Stage, VERSIONS, difference},
};

/// A journal whose process dies when it is about to keep the entry number `dies_at`.
struct Mortal {
    entries: Vec<Entry>,
    dies_at: usize,
}

#[derive(Debug, thiserror::Error)]
#[error("dead")]
struct Dead;

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

/// Applies a plan until the process dies. `None` when it lived long enough.
async fn die_at(stage: &Stage, plan: &Plan, dies_at: usize) -> Option<Vec<Entry>> {
    let mut journal = Mortal {
        entries: Vec::new(),
        dies_at,
    };
    let died = apply(&stage.client, plan, BTreeMap::new(), &[], &mut journal)
        .await
        .is_err();
    died.then_some(journal.entries)
}

/// Sandboxes of the same seed are alike, keys included, so that one plan fits all of them.
async fn plans(version: Version) -> Vec<Plan> {
    let stage = Stage::new(version).await;
    let mut plans = Vec::new();
    for draft in menu::one_of_each() {
        plans.push(stage.plan(&draft).await);
    }
    plans
}

async fn resumed(version: Version) {
    let mut all = 0;
    for plan in plans(version).await {
        let whole = Stage::new(version).await;
        let before = whole.world().await;
        whole.apply_plan(&plan).await;
        let applied = whole.world().await;
        let mut points = 0;
        loop {
            let stage = Stage::new(version).await;
            let Some(mut entries) = die_at(&stage, &plan, points).await else {
                break;
            };
            let at = format!("{version} {} at {points}", plan.title);
            let so_far = entries.clone();
            let secrets = BTreeMap::new();
            let state = apply(&stage.client, &plan, secrets, &so_far, &mut entries)
                .await
                .unwrap();
            assert_eq!(state, State::Applied, "{at}: {entries:#?}");
            let difference_ = difference(&applied, &stage.world().await);
            assert!(difference_.is_empty(), "{at}: {difference_:#?}");
            // And the journal of both lives together takes it all back.
            let state = stage.undo(&plan, &mut entries).await;
            assert_eq!(state, State::Undone, "{at}: {entries:#?}");
            let difference = difference(&before, &stage.world().await);
            assert!(difference.is_empty(), "{at}: {difference:#?}");
            points += 1;
        }
        assert!(points >= 6, "{points}");
        all += points;
    }
    println!("counts: {all} points of death on {version}");
}

async fn undone(version: Version) {
    let before = Stage::new(version).await.world().await;
    let mut all = 0;
    for plan in plans(version).await {
        let mut points = 0;
        loop {
            let stage = Stage::new(version).await;
            let Some(mut entries) = die_at(&stage, &plan, points).await else {
                break;
            };
            let at = format!("{version} {} at {points}", plan.title);
            let state = stage.undo(&plan, &mut entries).await;
            assert_eq!(state, State::Undone, "{at}: {entries:#?}");
            let difference = difference(&before, &stage.world().await);
            assert!(difference.is_empty(), "{at}: {difference:#?}");
            points += 1;
        }
        assert!(points >= 6, "{points}");
        all += points;
    }
    println!("counts: {all} points of death on {version}");
}

async fn undo_undone(version: Version) {
    let before = Stage::new(version).await.world().await;
    let mut all = 0;
    for plan in plans(version).await {
        let mut points = 0;
        loop {
            let stage = Stage::new(version).await;
            let (_, entries) = stage.apply_plan(&plan).await;
            let mut journal = Mortal {
                entries: Vec::new(),
                dies_at: points,
            };
            let lived = undo(&stage.client, &plan, &entries, &mut journal).await;
            if lived.is_ok() {
                break;
            }
            let at = format!("{version} {} at {points}", plan.title);
            let mut all: Vec<Entry> = entries.into_iter().chain(journal.entries).collect();
            let state = stage.undo(&plan, &mut all).await;
            assert_eq!(state, State::Undone, "{at}: {all:#?}");
            let difference = difference(&before, &stage.world().await);
            assert!(difference.is_empty(), "{at}: {difference:#?}");
            points += 1;
        }
        assert!(points >= 4, "{points}");
        all += points;
    }
    println!("counts: {all} points of death while undoing on {version}");
}

#[tokio::test]
async fn a_dead_process_is_resumed_on_2023_10() {
    resumed(VERSIONS[0]).await;
}

#[tokio::test]
async fn a_dead_process_is_resumed_on_2025_10() {
    resumed(VERSIONS[1]).await;
}

#[tokio::test]
async fn a_dead_process_is_resumed_on_2026_5() {
    resumed(VERSIONS[2]).await;
}

#[tokio::test]
async fn a_dead_process_is_undone_on_2023_10() {
    undone(VERSIONS[0]).await;
}

#[tokio::test]
async fn a_dead_process_is_undone_on_2025_10() {
    undone(VERSIONS[1]).await;
}

#[tokio::test]
async fn a_dead_process_is_undone_on_2026_5() {
    undone(VERSIONS[2]).await;
}

#[tokio::test]
async fn a_process_that_dies_while_undoing_goes_on_on_2023_10() {
    undo_undone(VERSIONS[0]).await;
}

#[tokio::test]
async fn a_process_that_dies_while_undoing_goes_on_on_2025_10() {
    undo_undone(VERSIONS[1]).await;
}

#[tokio::test]
async fn a_process_that_dies_while_undoing_goes_on_on_2026_5() {
    undo_undone(VERSIONS[2]).await;
}
