//! What the browser has to load, against the budget.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::{process::say, workspace};

/// Brotli bytes of the first view: JavaScript, wasm and CSS.
pub(crate) const FIRST_VIEW: u64 = 300_000;
/// Brotli bytes of everything that the browser may ever load.
pub(crate) const WHOLE_APP: u64 = 450_000;

/// What was reached so far, in brotli bytes. It may only go down: the check fails above it. The
/// budgets are printed beside it until they are met (docs/adr/0005 says where the bytes are).
const CEILING: u64 = 960_000;

/// A file of the site.
#[derive(Debug)]
pub(crate) struct Piece {
    /// Its name, without the hash.
    pub(crate) name: String,
    /// Its size as it is.
    pub(crate) raw: u64,
    /// Its size as sent to a browser that knows brotli.
    pub(crate) brotli: u64,
}

/// JavaScript, wasm and CSS of the built site.
///
/// # Errors
/// When the site was not built.
pub(crate) fn pieces() -> Result<Vec<Piece>> {
    let mut pieces = Vec::new();
    let directory = workspace::site().join("pkg");
    for entry in
        fs::read_dir(&directory).with_context(|| format!("{} is missing", directory.display()))?
    {
        let path = entry?.path();
        let kind = path
            .extension()
            .map(|kind| kind.to_string_lossy().into_owned());
        if !matches!(kind.as_deref(), Some("js" | "wasm" | "css")) {
            continue;
        }
        let mut compressed = path.clone().into_os_string();
        compressed.push(".br");
        let compressed = PathBuf::from(compressed);
        let brotli = fs::metadata(&compressed)
            .with_context(|| format!("{} is missing", compressed.display()))?;
        let stem = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let name = match (stem.split('.').next(), &kind) {
            (Some(stem), Some(kind)) => format!("{stem}.{kind}"),
            _ => stem,
        };
        pieces.push(Piece {
            name,
            raw: fs::metadata(&path)?.len(),
            brotli: brotli.len(),
        });
    }
    pieces.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(pieces)
}

/// Prints the sizes and how far from the budget they are; fails when they have grown. The
/// application is not split: the first view loads all of it.
///
/// # Errors
/// When the site was not built or is too big.
pub(crate) fn check() -> Result<()> {
    let pieces = pieces()?;
    for piece in &pieces {
        say(format_args!(
            "{:<14} {:>9} bytes, {:>8} with brotli",
            piece.name, piece.raw, piece.brotli
        ));
    }
    let total: u64 = pieces.iter().map(|piece| piece.brotli).sum();
    say(format_args!(
        "first view     {total} bytes with brotli (budget {FIRST_VIEW}), which is the whole app"
    ));
    if total > FIRST_VIEW {
        say(format_args!(
            "over budget by {} bytes; the ceiling is {CEILING}",
            total - FIRST_VIEW
        ));
    }
    if total > CEILING {
        bail!("the first view has grown to {total} bytes with brotli, the ceiling is {CEILING}");
    }
    Ok(())
}
