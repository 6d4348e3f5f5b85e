use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::{error::AppError, model::Connection};

/// Which authentik the console is connected to.
///
/// # Errors
/// [`AppError::NotConnected`] while it cannot be used.
#[server(prefix = "/_fn", endpoint = "connection", input = GetUrl)]
pub async fn get_connection() -> Result<Connection, AppError> {
    crate::ports::console()?.connection().await
}
