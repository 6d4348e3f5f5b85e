use super::*;
use crate::store::SqliteStore;

const GOOD: &str = "correct horse battery staple";

fn origin() -> Origin {
    Origin {
        address: "192.0.2.7".parse().unwrap(),
        device: None,
    }
}

fn new(code: &str) -> NewAdministrator {
    NewAdministrator {
        code: code.to_owned(),
        name: " ada ".to_owned(),
        passphrase: GOOD.into(),
        repeated: GOOD.into(),
    }
}

async fn identity() -> Identity {
    Identity::new(SqliteStore::in_memory().await.unwrap())
}

async fn with_ada() -> Identity {
    let identity = identity().await;
    let code = identity.code.for_setup(clock::now_ms());
    identity.create(&new(&code), &origin()).await.unwrap();
    identity
}

#[tokio::test]
async fn first_account_takes_the_code_and_there_is_no_second() {
    let identity = identity().await;
    assert!(!identity.is_set_up().await.unwrap());
    let code = identity.code.for_setup(clock::now_ms());
    let mut weak = new(&code);
    (weak.passphrase, weak.repeated, weak.name) = ("short".into(), "other".into(), "a/b".into());
    let Err(Denied::Fields(errors)) = identity.create(&weak, &origin()).await else {
        panic!("accepted")
    };
    let fields: Vec<_> = errors.0.into_keys().collect();
    assert_eq!(
        fields,
        ["name", "new_passphrase", "repeated"],
        "the code is right"
    );
    let Err(Denied::Fields(errors)) = identity.create(&new("0000-0000-0000"), &origin()).await
    else {
        panic!("accepted")
    };
    assert_eq!(errors.0.into_keys().collect::<Vec<_>>(), ["code"]);
    identity.create(&new(&code), &origin()).await.unwrap();
    assert!(identity.is_set_up().await.unwrap());
    assert!(
        identity.create(&new(&code), &origin()).await.is_err(),
        "used up"
    );
    let again = identity.code.for_setup(clock::now_ms());
    assert_eq!(
        identity.create(&new(&again), &origin()).await,
        Err(Denied::Wrong),
        "there is an administrator"
    );
}

#[tokio::test]
async fn sign_in_tells_wrong_name_and_wrong_passphrase_not_apart() {
    let identity = with_ada().await;
    let of = async |name: &str, passphrase: &str| {
        identity.sign_in(name, passphrase.into(), &origin()).await
    };
    assert_eq!(of("ada", GOOD).await, Ok("ada".to_owned()));
    assert_eq!(of(" ada ", GOOD).await, Ok("ada".to_owned()));
    assert_eq!(
        of("ada", "correct horse battery stapl").await,
        Err(Denied::Wrong)
    );
    assert_eq!(of("ben", GOOD).await, Err(Denied::Wrong));
    assert_eq!(of("", "").await, Err(Denied::Wrong));
    assert_eq!(of("ada", &"x".repeat(100_000)).await, Err(Denied::Wrong));
}

#[tokio::test]
async fn owner_gets_in_while_somebody_else_guesses() {
    let identity = with_ada().await;
    let known = Origin {
        device: Some(identity.remember("ada", &origin()).await.unwrap()),
        ..origin()
    };
    let mut waits = 0;
    for _ in 0..12 {
        let guess = identity
            .sign_in("ada", "wrong wrong wrong".into(), &origin())
            .await;
        waits += u32::from(matches!(guess, Err(Denied::Wait(_))));
    }
    assert!(waits > 0, "guessing is slowed down");
    assert!(
        matches!(
            identity.sign_in("ada", GOOD.into(), &origin()).await,
            Err(Denied::Wait(_))
        ),
        "also with the right passphrase"
    );
    assert_eq!(
        identity.sign_in("ada", GOOD.into(), &known).await,
        Ok("ada".to_owned()),
        "from the same address, in the owner's browser"
    );
}

#[tokio::test]
async fn device_of_one_name_is_none_of_another() {
    let identity = with_ada().await;
    let device = identity.remember("ada", &origin()).await.unwrap();
    let known = Origin {
        device: Some(device.clone()),
        ..origin()
    };
    assert!(matches!(
        identity.party("ada", &known).await,
        Ok(Party::Device(_))
    ));
    assert!(matches!(
        identity.party("ben", &known).await,
        Ok(Party::Address(_))
    ));
    let made_up = Origin {
        device: Some("0".repeat(64)),
        ..origin()
    };
    assert!(matches!(
        identity.party("ada", &made_up).await,
        Ok(Party::Address(_))
    ));
    let short = Origin {
        device: Some("x".into()),
        ..origin()
    };
    assert_eq!(
        identity.remember("ada", &short).await.unwrap().len(),
        64,
        "a made-up value is not kept"
    );
}

#[tokio::test]
async fn passphrase_is_changed_by_who_knows_it() {
    let identity = with_ada().await;
    let other = "seven purple ducks in november";
    let change = async |old: &str, new: &str, repeated: &str| {
        identity
            .change("ada", old.into(), &new.into(), &repeated.into(), &origin())
            .await
    };
    let fields = |result| match result {
        Err(Denied::Fields(FieldErrors(errors))) => errors.into_keys().collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(fields(change("wrong", other, other).await), ["passphrase"]);
    assert_eq!(
        fields(change(GOOD, "short", "x").await),
        ["new_passphrase", "repeated"]
    );
    assert_eq!(change(GOOD, other, other).await, Ok(()));
    assert_eq!(
        identity.sign_in("ada", GOOD.into(), &origin()).await,
        Err(Denied::Wrong)
    );
    assert!(
        identity
            .sign_in("ada", other.into(), &origin())
            .await
            .is_ok()
    );
}
