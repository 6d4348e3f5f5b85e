//! What the program does besides serving, on the database of a console that is stopped.

use std::io::Write as _;

use anyhow::{Context as _, bail};
use app::{error::AppError, model::Audited};

use crate::{
    audit::{Actor, Audit, Event, Verified},
    config::{Config, ServeFlags},
    connection::{Connector, Target},
    random, server,
    store::{IdentityStore as _, SealedStore as _, SqliteStore},
    vault::Vault,
};

/// `ostiary keys rotate`
pub(crate) async fn rotate_keys(flags: &ServeFlags) -> anyhow::Result<()> {
    let (config, store) = open(flags).await?;
    note(
        &store,
        Audited::Keys,
        "Everything is sealed under a new key",
    )
    .await?;
    let count = Vault::open(store.clone(), config.key_source()?)
        .await?
        .rotate()
        .await?;
    store.close().await;
    say(&format!(
        "{count} sealed record(s) are under the new key now."
    ))
}

/// `ostiary keys forget`
pub(crate) async fn forget_sealed(flags: &ServeFlags) -> anyhow::Result<()> {
    let (_, store) = open(flags).await?;
    let rows = store.sealed().await?;
    note(
        &store,
        Audited::Keys,
        "Everything that is sealed is removed",
    )
    .await?;
    for row in &rows {
        store.remove_sealed(&row.name).await?;
    }
    store.close().await;
    say(&format!("{} sealed record(s) were removed.", rows.len()))
}

/// `ostiary token check`
pub(crate) async fn check_token(flags: &ServeFlags) -> anyhow::Result<()> {
    let config = Config::load(flags)?;
    // Given by the settings, it needs no database, which a running console has open.
    let target = if config.authentik.given()?.is_some() {
        let store = SqliteStore::in_memory().await?;
        let vault = Vault::open(store, crate::vault::KeySource::Memory).await?;
        server::target(&config, &vault, false).await?
    } else {
        let (config, store) = open(flags).await?;
        let vault = Vault::open(store.clone(), config.key_source()?).await?;
        let target = server::target(&config, &vault, false).await?;
        store.close().await;
        target
    };
    report(target).await
}

async fn report(target: Target) -> anyhow::Result<()> {
    let connected = match Connector::new(target).get().await {
        Ok(connected) => connected,
        Err(
            AppError::NotConnected {
                title,
                detail,
                way_out,
            }
            | AppError::TokenRefused {
                title,
                detail,
                way_out,
            },
        ) => bail!("{title}: {detail} {way_out}"),
        Err(error) => bail!("{error}"),
    };
    let connection = &connected.connection;
    let me = &connection.me;
    let rights = if me.is_superuser {
        "a superuser: everything works"
    } else {
        "no superuser: authentik shows them only a part, so access, people and groups stay empty"
    };
    say(&format!(
        "authentik {} at {} answers. The token is {}’s, {rights}.",
        connection.capabilities.version, connection.authentik_url, me.username
    ))
}

/// `ostiary audit verify`
pub(crate) async fn verify_audit(flags: &ServeFlags, noted: Option<&str>) -> anyhow::Result<()> {
    let config = Config::load(flags)?;
    let path = config.database().context("a demo keeps nothing")?;
    let store = SqliteStore::read_only(path).await?;
    let found = Audit::new(store.clone()).verify(noted).await?;
    store.close().await;
    match found {
        Verified::Broken { number } => bail!(
            "entry {number} does not follow from the one before it: it, or what stood before it, was changed or taken out"
        ),
        Verified::Whole { noted: false, .. } => bail!(
            "the entries follow from one another, but none has the digest that was noted: some were taken out at the \
             end, or all of it was written anew"
        ),
        Verified::Whole { count, end, .. } => say(&format!(
            "{count} entries, each follows from the one before it. The last is No. {}, its digest {}: note it, to find \
             out later whether entries were taken out at the end.",
            end.number,
            random::hex(&end.digest)
        )),
    }
}

/// `ostiary administrator reset`
pub(crate) async fn reset_administrator(flags: &ServeFlags) -> anyhow::Result<()> {
    let (_, store) = open(flags).await?;
    note(&store, Audited::FirstRun, "The administrator is removed").await?;
    let removed = store.remove_administrator().await?;
    store.close().await;
    say(if removed {
        "The administrator was removed, and their sessions were ended. The next start prints a code for a new one."
    } else {
        "There is no administrator: the next start prints a code for one."
    })
}

async fn open(flags: &ServeFlags) -> anyhow::Result<(Config, SqliteStore)> {
    let config = Config::load(flags)?;
    let path = config.database().context("a demo keeps nothing")?;
    let store = SqliteStore::open(path).await?;
    Ok((config, store))
}

/// Writes down what is about to be done at the command line.
async fn note(store: &SqliteStore, action: Audited, about: &str) -> anyhow::Result<()> {
    let audit = Audit::new(store.clone());
    let event = Event::done(action, about);
    Ok(audit.record(&Actor::process(), event).await?)
}

fn say(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}
