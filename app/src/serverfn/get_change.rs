use leptos::{prelude::*, server_fn::codec::GetUrl};

use crate::{error::AppError, model::Change};

/// One change set.
///
/// # Errors
/// [`AppError::NotFound`].
#[server(prefix = "/_fn", endpoint = "change", input = GetUrl)]
pub async fn get_change(
    /// Its id.
    id: String,
) -> Result<Change, AppError> {
    crate::ports::console()?.change(id).await
}
