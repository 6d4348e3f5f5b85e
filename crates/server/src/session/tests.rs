use super::*;
use crate::store::SqliteStore;

const LIMITS: Limits = Limits {
    idle: 30 * 60 * 1000,
    absolute: 12 * 60 * 60 * 1000,
    proof: 5 * 60 * 1000,
};

fn new(name: &str) -> NewSession {
    NewSession {
        name: name.to_owned(),
        role: Role::Admin,
        method: SignInMethod::Passphrase,
        address: "192.0.2.7".to_owned(),
        agent: "Firefox".to_owned(),
        account: None,
        proven_ms: clock::now_ms(),
    }
}

async fn sessions() -> Sessions {
    let store = SqliteStore::in_memory().await.unwrap();
    Sessions::load(store, LIMITS, &[SignInMethod::Passphrase])
        .await
        .unwrap()
}

#[tokio::test]
async fn session_lives_while_it_is_used_but_not_for_ever() {
    let sessions = sessions().await;
    let secret = sessions.open(new("ada")).await.unwrap();
    let start = sessions.all()[0].opened_ms;
    let almost = LIMITS.idle - 1;
    let mut now = start;
    while now + almost < start + LIMITS.absolute {
        now += almost;
        assert!(
            sessions.used_at(&secret, now).is_some(),
            "using it begins the time anew"
        );
    }
    assert!(sessions.used_at(&secret, start + LIMITS.absolute).is_none());
    let other = sessions.open(new("ada")).await.unwrap();
    let opened = clock::now_ms();
    assert!(
        sessions
            .used_at(&other, opened + LIMITS.idle + 1000)
            .is_none()
    );
    assert!(sessions.used_at("another", opened).is_none());
}

#[tokio::test]
async fn session_that_only_keeps_its_page_fresh_is_not_used() {
    let sessions = sessions().await;
    let secret = sessions.open(new("ada")).await.unwrap();
    for known in sessions.lock().values_mut() {
        Arc::make_mut(&mut known.session).used_ms -= LIMITS.idle - 10_000;
    }
    let before = sessions.peek(&secret).unwrap().used_ms;
    assert_eq!(sessions.peek(&secret).unwrap().used_ms, before);
    assert!(sessions.find(&secret).unwrap().used_ms > before);
    for known in sessions.lock().values_mut() {
        Arc::make_mut(&mut known.session).used_ms -= LIMITS.idle;
    }
    assert!(sessions.peek(&secret).is_none() && sessions.peek("another").is_none());
}

#[tokio::test]
async fn sessions_survive_a_restart_and_hold_no_secret() {
    let store = SqliteStore::in_memory().await.unwrap();
    let before = Sessions::load(store.clone(), LIMITS, &[SignInMethod::Passphrase])
        .await
        .unwrap();
    let secret = before.open(new("ada")).await.unwrap();
    let after = Sessions::load(store.clone(), LIMITS, &[SignInMethod::Passphrase])
        .await
        .unwrap();
    let found = after.find(&secret).unwrap();
    assert_eq!((found.name.as_str(), found.role), ("ada", Role::Admin));
    assert!(found.is_stepped_up(clock::now_ms()));
    assert!(!format!("{:?}", store.sessions().await.unwrap()).contains(&secret));
    assert!(
        after.find(&random::hex(&found.digest)).is_none(),
        "the digest opens nothing"
    );
}

#[tokio::test]
async fn step_up_ends_and_changes_the_cookie() {
    let sessions = sessions().await;
    let secret = sessions.open(new("ada")).await.unwrap();
    let old = sessions.find(&secret).unwrap();
    let before = clock::now_ms();
    let renewed = sessions.step_up(&old).await.unwrap();
    assert!(
        sessions.find(&secret).is_none(),
        "the old value opens nothing"
    );
    let now = sessions.find(&renewed).unwrap();
    assert_eq!((&now.id, now.opened_ms), (&old.id, old.opened_ms));
    let until = now.proven_until_ms;
    assert!(until >= before + LIMITS.proof);
    assert!(now.is_stepped_up(until - 1) && !now.is_stepped_up(until));
    assert_eq!(sessions.step_up(&old).await, Err(AppError::SignedOut));
}

#[tokio::test]
async fn ended_sessions_open_nothing_also_after_a_restart() {
    let sessions = sessions().await;
    let (one, two) = (
        sessions.open(new("ada")).await.unwrap(),
        sessions.open(new("ben")).await.unwrap(),
    );
    assert_eq!(sessions.end(|session| session.name == "ada").await, Ok(1));
    assert!(sessions.find(&one).is_none() && sessions.find(&two).is_some());
    let after = Sessions::load(sessions.store.clone(), LIMITS, &[SignInMethod::Passphrase])
        .await
        .unwrap();
    assert!(after.find(&one).is_none() && after.find(&two).is_some());
}

#[tokio::test]
async fn old_sessions_are_forgotten() {
    let sessions = sessions().await;
    sessions.open(new("ada")).await.unwrap();
    let later = clock::now_ms() + LIMITS.idle + 1000;
    sessions.forget_old(later).await.unwrap();
    assert!(sessions.store.sessions().await.unwrap().is_empty());
}
