use app::model::AuditOutcome;

use super::*;
use crate::store::SqliteStore;

async fn audit() -> Audit {
    Audit::new(SqliteStore::in_memory().await.unwrap())
}

async fn with(count: u32) -> Audit {
    let audit = audit().await;
    for number in 0..count {
        let actor = Actor::stranger("ada", "192.0.2.7".parse().unwrap());
        let event = Event::done(Audited::SignIn, format!("entry {number}"));
        audit.record(&actor, event).await.unwrap();
    }
    audit
}

#[tokio::test]
async fn chain_of_many_entries_is_whole() {
    let audit = audit().await;
    assert!(matches!(
        audit.verify(None).await.unwrap(),
        Verified::Whole { count: 0, .. }
    ));
    let audit = with(BATCH + 3).await;
    let Verified::Whole { count, end, .. } = audit.verify(None).await.unwrap() else {
        panic!("broken")
    };
    assert_eq!(
        (count, end.number),
        (u64::from(BATCH) + 3, i64::from(BATCH) + 3)
    );
}

#[tokio::test]
async fn entries_that_were_taken_out_at_the_end_are_missed_by_a_noted_digest() {
    let audit = with(5).await;
    let Verified::Whole { end, .. } = audit.verify(None).await.unwrap() else {
        panic!("broken")
    };
    let noted = random::hex(&end.digest);
    let is_noted = async || {
        let found = audit.verify(Some(&noted)).await.unwrap();
        matches!(found, Verified::Whole { noted: true, .. })
    };
    assert!(is_noted().await);
    audit
        .store
        .execute_raw("DELETE FROM audit_entries WHERE number > 3")
        .await;
    assert!(!is_noted().await);
}

#[tokio::test]
async fn whatever_is_changed_breaks_the_chain() {
    for (statement, broken) in [
        (
            "UPDATE audit_entries SET entry = replace(entry, 'ada', 'eve') WHERE number = 3",
            3,
        ),
        (
            "UPDATE audit_entries SET at_ms = at_ms + 1 WHERE number = 1",
            1,
        ),
        (
            "UPDATE audit_entries SET digest = zeroblob(32) WHERE number = 5",
            5,
        ),
        ("UPDATE audit_entries SET digest = x'' WHERE number = 2", 2),
        (
            "UPDATE audit_entries SET action = 'sign-out' WHERE number = 4",
            4,
        ),
        ("DELETE FROM audit_entries WHERE number = 4", 5),
        ("DELETE FROM audit_entries WHERE number = 1", 2),
        ("UPDATE audit_entries SET number = 60 WHERE number = 6", 60),
        (
            "UPDATE audit_entries SET entry = (SELECT entry FROM audit_entries WHERE number = 2) \
             WHERE number = 3",
            3,
        ),
    ] {
        let audit = with(6).await;
        audit.store.execute_raw(statement).await;
        let found = audit.verify(None).await.unwrap();
        assert_eq!(found, Verified::Broken { number: broken }, "{statement}");
    }
}

#[tokio::test]
async fn old_entries_go_and_the_rest_stays_a_chain() {
    let audit = audit().await;
    for number in 0..5_i64 {
        let at_ms = clock::now_ms() - if number < 3 { 90_000_000 } else { 0 };
        let seal = |before: ChainEnd, number| link(&before.digest, number, at_ms, "sign-in", "{}");
        audit
            .store
            .append_audit(at_ms, "sign-in", "{}", seal)
            .await
            .unwrap();
    }
    assert_eq!(audit.shorten(2).await.unwrap(), 0);
    assert_eq!(audit.shorten(1).await.unwrap(), 3);
    assert!(matches!(
        audit.verify(None).await.unwrap(),
        Verified::Whole { count: 2, .. }
    ));
    audit
        .store
        .execute_raw("DELETE FROM audit_entries WHERE number = 4")
        .await;
    assert_eq!(
        audit.verify(None).await.unwrap(),
        Verified::Broken { number: 5 }
    );
}

#[tokio::test]
async fn page_shows_the_latest_first_and_what_fits() {
    let audit = with(60).await;
    let event = Event::done(Audited::Apply, "Put Grafana behind SSO")
        .with(AuditOutcome::Failed, "step 2")
        .change("abc", [7; 32]);
    audit.record(&Actor::process(), event).await.unwrap();
    let query = |action, text: &str, page| AuditQuery {
        action,
        text: text.to_owned(),
        page,
    };
    let first = audit.page(&query(None, "", 1)).await.unwrap();
    assert_eq!((first.entries.len(), first.count), (50, 61));
    assert_eq!(
        (first.entries[0].number, first.entries[0].action),
        (61, Audited::Apply)
    );
    let second = audit.page(&query(None, "", 2)).await.unwrap();
    assert_eq!((second.entries.len(), second.entries[10].number), (11, 1));
    let found = audit.page(&query(None, "grafana", 1)).await.unwrap();
    assert_eq!((found.count, found.entries[0].change.as_str()), (1, "abc"));
    let none = audit
        .page(&query(Some(Audited::SignOut), "", 1))
        .await
        .unwrap();
    assert_eq!(none.count, 0);
    assert_eq!(
        audit.all(&query(None, "entry 7", 1)).await.unwrap().len(),
        1
    );
}

#[tokio::test]
async fn files_are_safe_for_spreadsheets() {
    let audit = audit().await;
    let actor = Actor::stranger("=HYPERLINK(\"x\")", "192.0.2.7".parse().unwrap());
    let event = Event::done(Audited::SignIn, "a,\"b\"\nc");
    audit.record(&actor, event).await.unwrap();
    let all = audit.all(&AuditQuery::default()).await.unwrap();
    let csv = csv(&all);
    assert!(csv.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{csv}");
    assert!(csv.contains("\"a,\"\"b\"\"\nc\""), "{csv}");
    let lines = json_lines(&all);
    assert_eq!(lines.lines().count(), 1);
    assert!(lines.contains("192.0.2.7"));
}
