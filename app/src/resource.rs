//! Data of pages. All that a page reads is asked for at once, when the page begins.

use std::future::Future;

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::error::AppError;

/// What a page reads, or why it cannot.
pub type Data<T> = Resource<Result<T, AppError>>;

/// Reads with `fetcher` what `source` asks for.
pub(crate) fn data<S, T, F>(
    source: impl Fn() -> S + Send + Sync + 'static,
    fetcher: impl Fn(S) -> F + Send + Sync + 'static,
) -> Data<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
    F: Future<Output = Result<T, AppError>> + Send + 'static,
{
    Resource::new(source, fetcher)
}
