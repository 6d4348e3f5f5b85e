//! Building the console: what the browser loads, and the server.

use std::{
    collections::hash_map::DefaultHasher,
    fs,
    hash::{Hash as _, Hasher as _},
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context as _, Result};

use crate::{
    process::{command, run, say, seconds},
    workspace,
};

/// What the browser's part is made of.
const FRONTEND_SOURCES: &[&str] = &[
    "app",
    "crates/access/src",
    "crates/access/Cargo.toml",
    "crates/authentik-api",
    "crates/authentik-gloo",
    "crates/hydrate",
    "crates/setup/src",
    "crates/setup/Cargo.toml",
    "crates/ui",
    "public",
    "style",
    "Cargo.lock",
    "Cargo.toml",
    "package-lock.json",
    "rust-toolchain.toml",
];

/// How the server is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quickly.
    Dev,
    /// As it is shipped.
    Release,
}

impl Profile {
    const fn directory(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

/// Builds both parts and gives the server's program. The browser's part is always the shipped one:
/// it is what a person waits for, and what the tests are to meet.
///
/// # Errors
/// When something does not compile.
pub(crate) fn console(profile: Profile) -> Result<PathBuf> {
    frontend()?;
    let program = server(profile)?;
    // The server reads the hashes in the names of the site's files from beside its program.
    let hashes = workspace::target().join("release/hash.txt");
    let beside = program.with_file_name("hash.txt");
    if hashes != beside {
        fs::copy(&hashes, &beside).with_context(|| format!("{} is missing", hashes.display()))?;
    }
    Ok(program)
}

/// Builds wasm, JavaScript, styles and static files, compressed, unless nothing changed since.
///
/// # Errors
/// When something does not compile.
pub(crate) fn frontend() -> Result<()> {
    let fingerprint = fingerprint()?;
    let stamp = workspace::target().join("release/frontend.stamp");
    let built = workspace::site().join("pkg").is_dir()
        && workspace::target().join("release/hash.txt").is_file();
    if built && fs::read_to_string(&stamp).is_ok_and(|known| known == fingerprint) {
        return Ok(());
    }
    say("Building what the browser loads …");
    let start = Instant::now();
    let _ = fs::remove_file(&stamp);
    let arguments = [
        "leptos",
        "build",
        "--release",
        "--precompress",
        "--frontend-only",
        "--split",
    ];
    let mut build = command("cargo-leptos", &arguments)?;
    run(build.env_remove("LEPTOS_SITE_ROOT"))?;
    fs::write(&stamp, fingerprint)?;
    say(format_args!("Built it in {}.", seconds(start.elapsed())));
    Ok(())
}

/// Builds the server alone.
///
/// # Errors
/// When it does not compile.
pub(crate) fn server(profile: Profile) -> Result<PathBuf> {
    say("Building the server …");
    let start = Instant::now();
    let mut arguments = vec!["build", "--package", "server", "--bin", "ostiary"];
    if profile == Profile::Release {
        arguments.push("--release");
    }
    run(&mut command("cargo", &arguments)?)?;
    say(format_args!("Built it in {}.", seconds(start.elapsed())));
    Ok(workspace::target()
        .join(profile.directory())
        .join("ostiary"))
}

/// Names, sizes and times of the sources, so that a second build can be left out.
fn fingerprint() -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for source in FRONTEND_SOURCES {
        hash_tree(&workspace::root().join(source), &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn hash_tree(path: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    let meta = fs::metadata(path).with_context(|| format!("{} cannot be read", path.display()))?;
    path.hash(hasher);
    if meta.is_file() {
        meta.len().hash(hasher);
        meta.modified()?.hash(hasher);
        return Ok(());
    }
    let mut inside: Vec<PathBuf> = fs::read_dir(path)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    inside.sort();
    inside.iter().try_for_each(|path| hash_tree(path, hasher))
}
