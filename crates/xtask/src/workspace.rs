//! Where things are.

use std::{env, ffi::OsString, fs, path::PathBuf};

use anyhow::{Context as _, Result};

/// The root of the repository: where cargo runs this program from, not where it was compiled. The
/// two differ when clones share what is compiled.
pub(crate) fn root() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.ancestors().nth(2).unwrap_or(&here).to_path_buf()
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(directory) => root().join(directory),
        None => root().join("target"),
    }
}

/// What the browser loads; see `site-root` in `Cargo.toml`.
pub(crate) fn site() -> PathBuf {
    root().join("target/site")
}

/// `PATH` with the tools of the lock file and cargo's own in front.
pub(crate) fn path() -> Result<OsString> {
    let mut directories = vec![root().join("node_modules/.bin")];
    if let Some(home) = cargo_home() {
        directories.push(home.join("bin"));
    }
    directories.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
    env::join_paths(directories).context("PATH holds a name that cannot stand in it")
}

fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")))
}

/// Whether this is a run of CI, where nothing may be skipped for want of something.
pub(crate) fn in_ci() -> bool {
    env::var_os("CI").is_some_and(|value| !value.is_empty())
}

/// The version of a package in `Cargo.lock`.
pub(crate) fn locked_version(package: &str) -> Result<String> {
    let lock =
        fs::read_to_string(root().join("Cargo.lock")).context("Cargo.lock cannot be read")?;
    find_version(&lock, package).with_context(|| format!("Cargo.lock does not name {package}"))
}

fn find_version(lock: &str, package: &str) -> Option<String> {
    let after = lock.split_once(&format!("name = \"{package}\"\n"))?.1;
    let version = after.strip_prefix("version = \"")?.split('"').next()?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn find_version_of_a_package_with_a_longer_namesake_is_its_own() {
        let lock = "[[package]]\nname = \"a-b\"\nversion = \"2.0.0\"\n\n[[package]]\nname = \"a\"\nversion = \"1.2.3\"\n";
        assert_eq!(find_version(lock, "a").as_deref(), Some("1.2.3"));
        assert_eq!(find_version(lock, "b"), None);
    }

    #[test]
    fn root_holds_the_workspace_manifest() {
        let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[workspace]"));
    }
}
