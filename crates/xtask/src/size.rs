//! What the browser has to load, against the budget.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::{process::say, workspace};

/// Brotli bytes of the first view: JavaScript, wasm and CSS.
pub(crate) const FIRST_VIEW: u64 = 300_000;
/// Brotli bytes of everything that the browser may ever load.
pub(crate) const WHOLE_APP: u64 = 450_000;

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
            (Some(stem), Some(kind)) => {
                // wasm-split puts a number behind the name of the function.
                let stem = stem.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
                format!("{stem}.{kind}")
            }
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

/// Whether a piece is loaded only where its island stands (`#[island(lazy)]`).
fn lazy(piece: &Piece) -> bool {
    piece.name.starts_with("split_")
}

/// What is loaded for every page, and what may ever be loaded, in brotli bytes.
pub(crate) fn totals(pieces: &[Piece]) -> (u64, u64) {
    let first = pieces.iter().filter(|piece| !lazy(piece));
    let first = first.map(|piece| piece.brotli).sum();
    let whole = pieces.iter().map(|piece| piece.brotli).sum();
    (first, whole)
}

/// Prints the sizes; fails when they are over budget.
///
/// # Errors
/// When the site was not built or is too big.
pub(crate) fn check() -> Result<()> {
    let pieces = pieces()?;
    for piece in &pieces {
        say(format_args!(
            "{:<28} {:>9} bytes, {:>8} with brotli",
            piece.name, piece.raw, piece.brotli
        ));
    }
    let (first, whole) = totals(&pieces);
    for (what, bytes, budget) in [
        ("first view", first, FIRST_VIEW),
        ("whole app", whole, WHOLE_APP),
    ] {
        say(format_args!(
            "{what:<28} {bytes:>9} bytes with brotli, budget {budget}"
        ));
        if bytes > budget {
            bail!("the {what} has {bytes} bytes with brotli, the budget is {budget}");
        }
    }
    Ok(())
}
