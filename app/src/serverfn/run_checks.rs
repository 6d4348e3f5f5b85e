use leptos::{prelude::*, server_fn::codec::GetUrl};
use setup::oidc_application::checks::Check;

use crate::error::AppError;

/// Runs the live checks of an application.
///
/// # Errors
/// When there is no such application, or it has no OAuth2 provider.
#[server(prefix = "/_fn", endpoint = "checks", input = GetUrl)]
pub async fn run_checks(
    /// Slug of the application.
    slug: String,
) -> Result<Vec<Check>, AppError> {
    crate::ports::console()?.checks(slug).await
}
