//! Material that several test modules read.

pub(crate) mod recordings;
pub(crate) mod schema;

use std::path::PathBuf;

/// The folder of the shared reference material, beside the repository.
///
/// `None` where it is absent; on CI that is a failure.
pub(crate) fn shared() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "no ../shared on CI");
    println!("skipped: no ../shared");
    None
}
