//! Answers that are lost, and servers that refuse.

use http::Method;
use sandbox::Fault;
use setup::change::{Entry, Progress, State, apply};

use crate::{
    menu,
    support::{Stage, VERSIONS, difference, failures},
};

const BINDINGS: &str = "/api/v3/policies/bindings/";
const GROUPS: &str = "/api/v3/core/groups/";
const CACHE: &str = "/api/v3/policies/all/cache_clear/";

#[tokio::test]
async fn a_lost_answer_is_looked_for_and_nothing_is_written_twice() {
    for version in VERSIONS {
        for (draft, method, prefix) in [
            (
                menu::bind(&["penpot"], &["family"], &[]),
                Method::POST,
                BINDINGS,
            ),
            (
                menu::bind(&["handbook"], &["family"], &[]),
                Method::PATCH,
                BINDINGS,
            ),
            (
                menu::unbind("jellyfin", "family", false),
                Method::DELETE,
                BINDINGS,
            ),
            (
                menu::membership(&["design"], &["kofi.mensah"], &[]),
                Method::POST,
                GROUPS,
            ),
            (
                menu::membership(&["design"], &[], &["zofia.wozniak"]),
                Method::POST,
                GROUPS,
            ),
            (menu::delete_group("family", false), Method::DELETE, GROUPS),
        ] {
            let whole = Stage::new(version).await;
            let before = whole.world().await;
            whole.apply(&draft).await;
            let stage = Stage::new(version).await;
            let plan = stage.plan(&draft).await;
            let faults = stage.sandbox.faults();
            faults.set(Fault::Html, Some(method), prefix, Some(1));
            let (state, mut entries) = stage.apply_plan(&plan).await;
            let title = &plan.title;
            assert_eq!(state, State::Applied, "{version} {title}: {entries:#?}");
            let found = |entry: &Entry| matches!(entry, Entry::StepDone { found: true, .. });
            assert!(entries.iter().any(found), "{version} {title}");
            let difference_ = difference(&whole.world().await, &stage.world().await);
            assert!(
                difference_.is_empty(),
                "{version} {title}: {difference_:#?}"
            );
            assert_eq!(stage.undo(&plan, &mut entries).await, State::Undone);
            let difference = difference(&before, &stage.world().await);
            assert!(difference.is_empty(), "{version} {title}: {difference:#?}");
        }
    }
}

#[tokio::test]
async fn a_broken_connection_is_left_to_a_person_and_resumes() {
    for version in VERSIONS {
        for (draft, method, prefix) in [
            (
                menu::bind(&["handbook"], &["family"], &[]),
                Method::PATCH,
                BINDINGS,
            ),
            (
                menu::membership(&["design"], &["kofi.mensah"], &[]),
                Method::POST,
                GROUPS,
            ),
        ] {
            let stage = Stage::new(version).await;
            let plan = stage.plan(&draft).await;
            let faults = stage.sandbox.faults();
            faults.set(Fault::Reset, Some(method), prefix, Some(1));
            let (state, mut entries) = stage.apply_plan(&plan).await;
            assert_eq!(state, State::Interrupted, "{version}: {entries:#?}");
            assert!(failures(&entries).contains("may still be under way"));
            let before = entries.clone();
            let secrets = std::collections::BTreeMap::new();
            let state = apply(&stage.client, &plan, secrets, &before, &mut entries).await;
            assert_eq!(state.unwrap(), State::Applied, "{version}: {entries:#?}");
            assert_eq!(Progress::of(&entries).effects.len(), 1);
        }
    }
}

#[tokio::test]
async fn a_step_that_fails_takes_the_ones_before_back() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let before = stage.world().await;
        let plan = stage.plan(&menu::delete_group("family", true)).await;
        let faults = stage.sandbox.faults();
        faults.set(Fault::ServerError, Some(Method::DELETE), GROUPS, Some(1));
        let (state, entries) = stage.apply_plan(&plan).await;
        assert_eq!(state, State::FailedAndUndone, "{version}: {entries:#?}");
        assert!(
            failures(&entries).contains("internal error"),
            "{}",
            failures(&entries)
        );
        let difference = difference(&before, &stage.world().await);
        assert!(difference.is_empty(), "{version}: {difference:#?}");
    }
}

#[tokio::test]
async fn a_cache_that_cannot_be_cleared_fails_nothing_and_is_said() {
    for version in VERSIONS {
        for fault in [Fault::ServerError, Fault::BadGateway, Fault::Reset] {
            let stage = Stage::new(version).await;
            let before = stage.world().await;
            let draft = menu::membership(&["design"], &["kofi.mensah"], &[]);
            let plan = stage.plan(&draft).await;
            stage.sandbox.faults().set(fault, None, CACHE, None);
            let (state, mut entries) = stage.apply_plan(&plan).await;
            assert_eq!(state, State::Applied, "{fault:?}: {entries:#?}");
            let said = failures(&entries);
            assert!(said.contains("“Clear the policy cache” failed"), "{said}");
            assert!(said.contains("Everything else stands"), "{said}");
            assert_eq!(stage.undo(&plan, &mut entries).await, State::Undone);
            assert_eq!(before, stage.world().await);
        }
    }
}

#[tokio::test]
async fn the_cache_is_cleared_after_undo_too() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let draft = menu::bind(&["penpot"], &["family"], &[]);
        let (plan, _, mut entries) = stage.apply(&draft).await;
        stage.sandbox.clear_requests();
        assert_eq!(stage.undo(&plan, &mut entries).await, State::Undone);
        let requests = stage.sandbox.requests();
        let last = requests.last().map(|request| request.path.as_str());
        assert_eq!(last, Some(CACHE));
    }
}
