use authentik_api::{
    Error, List, Page,
    api::{
        core::{groups::ListGroups, users::ListUsers},
        providers::ListProviders,
    },
};
use futures_util::future::join3;
use serde::{Deserialize, Serialize, de::IgnoredAny};

use crate::{
    api::{client, failed},
    error::AppError,
    ports::ServerClient,
};

/// How much there is, as the server counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Providers of all types.
    pub providers: u32,
    /// Users, service accounts included.
    pub users: u32,
    /// Groups.
    pub groups: u32,
}

/// Counts what the overview shows: three reads of one object each.
///
/// # Errors
/// When authentik does not answer as it should.
pub async fn counts() -> Result<Counts, AppError> {
    let client = client().await?;
    let (providers, users, groups) = join3(
        count(&client, ListProviders::default()),
        count(&client, ListUsers::default().include_groups(false)),
        count(&client, ListGroups::default().include_users(false)),
    )
    .await;
    Ok(Counts {
        providers: providers.map_err(failed("the list of providers"))?,
        users: users.map_err(failed("the list of users"))?,
        groups: groups.map_err(failed("the list of groups"))?,
    })
}

type Failure = Error<<authentik_reqwest::Transport as authentik_api::Transport>::Error>;

/// How many objects a list has; the objects themselves are not looked at.
async fn count<L: List>(client: &ServerClient, list: L) -> Result<u32, Failure> {
    let parts = list.page_size(1).parts(client.capabilities())?;
    let page: Page<IgnoredAny> = client.execute(parts).await?;
    Ok(page.pagination.count)
}
