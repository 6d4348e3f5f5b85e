//! Installing what is missing.

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context as _, Result, bail};

use crate::{
    process::{command, output, run, say, seconds},
    workspace,
};

/// The version of cargo-leptos that builds with our toolchain.
const CARGO_LEPTOS: &str = "0.3.10";

/// The version of cargo-nextest to install where there is none; a present one is used as it is.
const CARGO_NEXTEST: &str = "0.9.143";

/// How much is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// What builds the console.
    Build,
    /// And what tests it.
    Everything,
}

/// Something that can be missing.
struct Tool {
    name: &'static str,
    /// How long its installation takes, roughly.
    takes: &'static str,
    present: fn() -> Result<bool>,
    install: fn() -> Result<()>,
    need: Need,
}

const TOOLS: &[Tool] = &[
    Tool {
        name: "the wasm target",
        takes: "half a minute",
        present: wasm_target_present,
        install: || {
            run(&mut command(
                "rustup",
                &["target", "add", "wasm32-unknown-unknown"],
            )?)
        },
        need: Need::Build,
    },
    Tool {
        name: "the npm packages of package-lock.json (Tailwind, wasm-opt, Playwright)",
        takes: "half a minute",
        present: npm_present,
        install: install_npm,
        need: Need::Build,
    },
    Tool {
        name: "wasm-bindgen",
        takes: "two minutes",
        present: wasm_bindgen_present,
        install: install_wasm_bindgen,
        need: Need::Build,
    },
    Tool {
        name: "cargo-leptos",
        takes: "15 to 30 minutes on two cores, once per machine",
        present: || Ok(is_version("cargo-leptos", CARGO_LEPTOS)),
        install: install_cargo_leptos,
        need: Need::Build,
    },
    Tool {
        name: "cargo-nextest",
        takes: "five minutes",
        present: || Ok(output("cargo-nextest", &["nextest", "--version"]).is_some()),
        install: || cargo_install("cargo-nextest", CARGO_NEXTEST, &[]),
        need: Need::Everything,
    },
    Tool {
        name: "Chromium",
        takes: "a minute",
        present: || Ok(chromium().is_some()),
        install: install_chromium,
        need: Need::Everything,
    },
];

/// Installs what is missing, and says what and how long it takes.
///
/// # Errors
/// When something cannot be installed.
pub(crate) fn install(need: Need) -> Result<()> {
    if output("node", &["--version"]).is_none() || output("npm", &["--version"]).is_none() {
        bail!("Node 20 or later with npm is needed: https://nodejs.org");
    }
    let mut installed = 0_u32;
    for tool in TOOLS {
        let wanted = need == Need::Everything || tool.need == Need::Build;
        if !wanted || (tool.present)()? {
            continue;
        }
        say(format_args!(
            "Installing {} (takes about {}) …",
            tool.name, tool.takes
        ));
        let start = Instant::now();
        (tool.install)().with_context(|| format!("{} could not be installed", tool.name))?;
        if !(tool.present)()? {
            bail!("{} was installed but is not found", tool.name);
        }
        say(format_args!(
            "Installed {} in {}.",
            tool.name,
            seconds(start.elapsed())
        ));
        installed += 1;
    }
    if installed == 0 {
        say("Tools: all there.");
    }
    Ok(())
}

/// Chromium's program: `OSTIARY_CHROMIUM`, or the first that is found.
pub(crate) fn chromium() -> Option<PathBuf> {
    if let Some(path) = env::var_os("OSTIARY_CHROMIUM") {
        return Some(PathBuf::from(path)).filter(|path| path.is_file());
    }
    let path = workspace::path().ok()?;
    [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ]
    .iter()
    .find_map(|name| {
        env::split_paths(&path)
            .map(|dir| dir.join(name))
            .find(|file| file.is_file())
    })
}

fn wasm_target_present() -> Result<bool> {
    let mut query = command(
        "rustc",
        &[
            "--print",
            "target-libdir",
            "--target",
            "wasm32-unknown-unknown",
        ],
    )?;
    let answer = query.output().context("rustc cannot be started")?;
    Ok(answer.status.success()
        && Path::new(String::from_utf8_lossy(&answer.stdout).trim()).is_dir())
}

fn is_version(program: &str, version: &str) -> bool {
    output(program, &["--version"])
        .is_some_and(|text| text.split_whitespace().any(|word| word == version))
}

fn wasm_bindgen_present() -> Result<bool> {
    Ok(is_version(
        "wasm-bindgen",
        &workspace::locked_version("wasm-bindgen")?,
    ))
}

fn install_wasm_bindgen() -> Result<()> {
    cargo_install(
        "wasm-bindgen-cli",
        &workspace::locked_version("wasm-bindgen")?,
        &[],
    )
}

fn install_cargo_leptos() -> Result<()> {
    cargo_install(
        "cargo-leptos",
        CARGO_LEPTOS,
        &["--no-default-features", "--features", "no_downloads"],
    )
}

/// Installs a program of crates.io: prebuilt through cargo-binstall where that is there, else from
/// source with the lock file that it was published with.
fn cargo_install(name: &str, version: &str, features: &[&str]) -> Result<()> {
    let package = format!("{name}@{version}");
    if output("cargo-binstall", &["-V"]).is_some() {
        let prebuilt = command(
            "cargo-binstall",
            &["--no-confirm", "--disable-strategies", "compile", &package],
        )
        .and_then(|mut command| run(&mut command));
        match prebuilt {
            Ok(()) => return Ok(()),
            Err(error) => say(format_args!(
                "No prebuilt {package} ({error:#}); building it."
            )),
        }
    }
    let mut arguments = vec!["install", package.as_str(), "--locked"];
    arguments.extend(features);
    // What it builds on the way is not ours to keep.
    run(command("cargo", &arguments)?.env_remove("CARGO_TARGET_DIR"))
}

/// Whether the packages of the lock file are those in `node_modules`: npm leaves a copy of the lock
/// file it installed from, and we leave one of ours beside it.
fn npm_present() -> Result<bool> {
    let wanted = fs::read(workspace::root().join("package-lock.json"))
        .context("package-lock.json cannot be read")?;
    Ok(fs::read(npm_stamp()).is_ok_and(|installed| installed == wanted))
}

fn npm_stamp() -> PathBuf {
    workspace::root().join("node_modules/.ostiary-package-lock.json")
}

fn install_npm() -> Result<()> {
    run(&mut command(
        "npm",
        &["ci", "--no-audit", "--no-fund", "--loglevel=error"],
    )?)?;
    fs::copy(workspace::root().join("package-lock.json"), npm_stamp())?;
    Ok(())
}

fn install_chromium() -> Result<()> {
    let root = output("id", &["-u"]).is_some_and(|id| id.trim() == "0");
    if !root || output("apt-get", &["--version"]).is_none() {
        bail!("install Chromium or Chrome, or let OSTIARY_CHROMIUM name its program");
    }
    run(&mut command("apt-get", &["update"])?)?;
    let mut install = command(
        "apt-get",
        &["install", "-y", "--no-install-recommends", "chromium"],
    )?;
    run(install.env("DEBIAN_FRONTEND", "noninteractive"))
}
