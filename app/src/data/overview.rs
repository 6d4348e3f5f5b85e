use authentik_api::{
    List,
    api::{
        core::{groups::ListGroups, users::ListUsers},
        providers::ListProviders,
    },
};
use futures_util::future::join3;
use serde::{Deserialize, Serialize};

use crate::{
    api::{client, failed},
    error::AppError,
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
    let groups = ListGroups::default().include_users(false).page_size(1);
    let (providers, users, groups) = (
        ListProviders::default().page_size(1),
        ListUsers::default().include_groups(false).page_size(1),
        groups,
    );
    let (providers, users, groups) = join3(
        client.send(&providers),
        client.send(&users),
        client.send(&groups),
    )
    .await;
    Ok(Counts {
        providers: providers
            .map_err(failed("the list of providers"))?
            .pagination
            .count,
        users: users.map_err(failed("the list of users"))?.pagination.count,
        groups: groups
            .map_err(failed("the list of groups"))?
            .pagination
            .count,
    })
}
