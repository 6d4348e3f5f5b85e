//! The presets that are compiled in.

use app::error::AppError;
use setup::preset::{Library, Preset};

/// All of them.
pub(crate) fn library() -> Result<&'static Library, AppError> {
    Library::load().map_err(|error| AppError::Internal(error.to_string()))
}

/// One of them.
pub(crate) fn preset(id: &str) -> Result<&'static Preset, AppError> {
    library()?
        .get(id)
        .ok_or_else(|| AppError::NotFound(format!("preset “{id}”")))
}
