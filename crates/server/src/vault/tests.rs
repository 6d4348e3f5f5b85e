use std::path::Path;

use super::*;
use crate::store::SqliteStore;

async fn store() -> Database {
    SqliteStore::in_memory().await.unwrap()
}

fn file(folder: &Path) -> KeySource {
    KeySource::File(folder.join("ostiary.sqlite.key"))
}

async fn text(vault: &Vault, name: &str) -> Option<String> {
    let plain = vault.get(name).await.unwrap()?;
    Some(String::from_utf8(plain.expose_secret().to_vec()).unwrap())
}

#[tokio::test]
async fn record_comes_back_and_is_nowhere_in_clear() {
    let folder = tempfile::tempdir().unwrap();
    let store = store().await;
    let vault = Vault::open(store.clone(), file(folder.path()))
        .await
        .unwrap();
    assert_eq!(text(&vault, "authentik").await, None);
    assert!(
        !folder.path().join("ostiary.sqlite.key").exists(),
        "nothing is sealed, so there is no key"
    );
    vault.put("authentik", b"hush hush").await.unwrap();
    vault.put("authentik", b"hush").await.unwrap();
    assert_eq!(text(&vault, "authentik").await.as_deref(), Some("hush"));
    for row in store.sealed().await.unwrap() {
        assert!(!row.sealed.windows(4).any(|window| window == b"hush"));
        assert_eq!(row.sealed.len(), 4 + 16);
    }
    let again = Vault::open(store.clone(), file(folder.path()))
        .await
        .unwrap();
    assert_eq!(text(&again, "authentik").await.as_deref(), Some("hush"));
    assert!(store.remove_sealed("authentik").await.unwrap());
    assert_eq!(text(&again, "authentik").await, None);
}

#[tokio::test]
async fn every_byte_of_a_record_is_authenticated() {
    let store = store().await;
    let vault = Vault::open(store.clone(), KeySource::Memory).await.unwrap();
    vault.put("a", b"one").await.unwrap();
    vault.put("b", b"two").await.unwrap();
    let rows = store.sealed().await.unwrap();
    let keys = vault.keys();
    let [a, b] = rows.as_slice() else { panic!() };
    let mut changed: Vec<SealedRow> = Vec::new();
    for index in 0..a.sealed.len() {
        let mut row = a.clone();
        row.sealed[index] ^= 1;
        changed.push(row);
    }
    for index in 0..a.nonce.len() {
        let mut row = a.clone();
        row.nonce[index] ^= 1;
        changed.push(row);
    }
    changed.push(SealedRow {
        name: "b".into(),
        ..a.clone()
    });
    changed.push(SealedRow {
        nonce: b.nonce.clone(),
        ..a.clone()
    });
    changed.push(SealedRow {
        nonce: Vec::new(),
        ..a.clone()
    });
    changed.push(SealedRow {
        sealed: Vec::new(),
        ..a.clone()
    });
    for row in changed {
        assert!(matches!(open(&keys, &row), Err(VaultError::Broken(_))));
    }
}

#[tokio::test]
async fn without_the_key_nothing_starts() {
    let folder = tempfile::tempdir().unwrap();
    let store = store().await;
    let vault = Vault::open(store.clone(), file(folder.path()))
        .await
        .unwrap();
    vault.put("authentik", b"hush").await.unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let error = Vault::open(store.clone(), file(elsewhere.path()))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("keys forget"), "{error}");
    let other = KeySource::Setting {
        setting: "secret_key",
        text: "ab".repeat(32).into(),
    };
    let error = Vault::open(store, other).await.unwrap_err();
    assert!(matches!(error, VaultError::MissingKey { .. }), "{error}");
}

#[tokio::test]
async fn rotation_leaves_one_new_key_and_every_record() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ostiary.sqlite.key");
    let store = store().await;
    let vault = Vault::open(store.clone(), file(folder.path()))
        .await
        .unwrap();
    vault.put("a", b"one").await.unwrap();
    vault.put("b", b"two").await.unwrap();
    let before = std::fs::read_to_string(&path).unwrap();
    assert_eq!(vault.rotate().await.unwrap(), 2);
    let after = std::fs::read_to_string(&path).unwrap();
    assert_eq!(after.lines().count(), 1);
    assert_ne!(before, after);
    let again = Vault::open(store, file(folder.path())).await.unwrap();
    assert_eq!(text(&again, "a").await.as_deref(), Some("one"));
    assert_eq!(text(&again, "b").await.as_deref(), Some("two"));
}

/// A process that dies between the steps of a rotation leaves both keys in the file.
#[tokio::test]
async fn rotation_that_was_cut_off_can_be_done_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = store().await;
    let source = file(folder.path());
    let vault = Vault::open(store.clone(), source.clone()).await.unwrap();
    vault.put("a", b"one").await.unwrap();
    let mut keys = vec![Key::generate()];
    keys.extend(source.read().unwrap());
    source.write(&keys).unwrap();
    let again = Vault::open(store.clone(), source.clone()).await.unwrap();
    assert_eq!(text(&again, "a").await.as_deref(), Some("one"));
    again.rotate().await.unwrap();
    assert_eq!(source.read().unwrap().len(), 1);
    let last = Vault::open(store, source).await.unwrap();
    assert_eq!(text(&last, "a").await.as_deref(), Some("one"));
}

#[tokio::test]
async fn given_keys_rotate_to_the_first() {
    let (new, old) = ("ab".repeat(32), "cd".repeat(32));
    let of = |text: String| KeySource::Setting {
        setting: "secret_key",
        text: text.into(),
    };
    let store = store().await;
    let vault = Vault::open(store.clone(), of(old.clone())).await.unwrap();
    vault.put("a", b"one").await.unwrap();
    assert!(matches!(
        vault.rotate().await,
        Err(VaultError::Given("secret_key"))
    ));
    let both = Vault::open(store.clone(), of(format!("{new} {old}")))
        .await
        .unwrap();
    assert_eq!(text(&both, "a").await.as_deref(), Some("one"));
    assert_eq!(both.rotate().await.unwrap(), 1);
    let last = Vault::open(store, of(new)).await.unwrap();
    assert_eq!(text(&last, "a").await.as_deref(), Some("one"));
}
