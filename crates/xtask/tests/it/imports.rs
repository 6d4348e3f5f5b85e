//! Who may import whom: the table of the architecture, checked against the manifests.

use std::{collections::BTreeMap, path::Path, process::Command};

use serde::Deserialize;

/// What a crate may and must not have among its dependencies.
struct Row {
    name: &'static str,
    /// Crates of ours that it may import.
    ours: &'static [&'static str],
    /// Crates of ours that only one feature may bring in: crate, feature.
    by_feature: &'static [(&'static str, &'static str)],
    /// Others' crates that it must never import; `x-*` stands for all that start with `x-`.
    never: &'static [&'static str],
}

const TRANSPORTS: [&str; 2] = ["authentik-reqwest", "authentik-gloo"];

const TABLE: &[Row] = &[
    Row {
        name: "authentik-api",
        ours: &[],
        by_feature: &[],
        never: &[
            "tokio", "reqwest", "gloo*", "leptos*", "web-sys", "js-sys", "chrono", "time", "rand",
        ],
    },
    Row {
        name: "authentik-reqwest",
        ours: &["authentik-api"],
        by_feature: &[],
        never: &["leptos*", "gloo*"],
    },
    Row {
        name: "authentik-gloo",
        ours: &["authentik-api"],
        by_feature: &[],
        never: &["leptos*", "tokio", "reqwest"],
    },
    Row {
        name: "access",
        ours: &["authentik-api"],
        by_feature: &[],
        never: &["leptos*", "tokio", "reqwest", "gloo*"],
    },
    Row {
        name: "setup",
        ours: &["authentik-api", "access"],
        by_feature: &[],
        never: &[
            "leptos*", "tokio", "reqwest", "gloo*", "chrono", "time", "rand",
        ],
    },
    Row {
        name: "sandbox",
        ours: &["authentik-api"],
        by_feature: &[],
        never: &["leptos*", "reqwest", "rand"],
    },
    Row {
        name: "ui",
        ours: &[],
        by_feature: &[],
        never: &["tokio", "reqwest", "gloo-net", "axum"],
    },
    Row {
        name: "app",
        ours: &["authentik-api", "access", "setup", "ui"],
        by_feature: &[("authentik-gloo", "hydrate"), ("authentik-reqwest", "ssr")],
        never: &["tokio", "sqlx", "reqwest"],
    },
    Row {
        name: "hydrate",
        ours: &["app"],
        by_feature: &[],
        never: &["tokio", "axum"],
    },
    Row {
        name: "server",
        ours: &[
            "app",
            "authentik-api",
            "authentik-reqwest",
            "access",
            "setup",
            "sandbox",
        ],
        by_feature: &[],
        never: &["gloo*", "web-sys"],
    },
    Row {
        name: "xtask",
        ours: &[],
        by_feature: &[],
        never: &[],
    },
];

/// The part of `cargo metadata` that we read.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
    features: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// Absent for normal ones, `dev` or `build`.
    kind: Option<String>,
    optional: bool,
    /// Set where it is one of ours.
    path: Option<String>,
}

impl Package {
    /// What the crate itself can name; dependencies of its tests do not count.
    fn imports(&self) -> impl Iterator<Item = &Dependency> {
        self.dependencies
            .iter()
            .filter(|dependency| dependency.kind.as_deref() != Some("dev"))
    }

    /// The features that bring an optional dependency in.
    fn bringers(&self, dependency: &str) -> Vec<&str> {
        let marks = [format!("dep:{dependency}"), dependency.to_owned()];
        let brings = |items: &[String]| {
            items
                .iter()
                .any(|item| marks.contains(item) || item.starts_with(&format!("{dependency}/")))
        };
        self.features
            .iter()
            .filter(|(_, items)| brings(items))
            .map(|(name, _)| name.as_str())
            .collect()
    }
}

fn workspace() -> Metadata {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new("cargo")
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .current_dir(root)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(pattern == name, |start| name.starts_with(start))
}

/// Every offence of a package against its row.
fn offences(package: &Package, row: &Row) -> Vec<String> {
    let mut offences = Vec::new();
    for dependency in package.imports() {
        let name = dependency.name.as_str();
        let feature = row
            .by_feature
            .iter()
            .find(|(ours, _)| *ours == name)
            .map(|(_, feature)| *feature);
        match feature {
            Some(feature) if !dependency.optional || package.bringers(name) != [feature] => {
                offences.push(format!(
                    "{} may import {name} only by its feature {feature}",
                    row.name
                ));
            }
            None if dependency.path.is_some() && !row.ours.contains(&name) => {
                offences.push(format!("{} may not import {name}", row.name));
            }
            Some(_) | None => {}
        }
        if row.never.iter().any(|pattern| matches(pattern, name)) {
            offences.push(format!("{} must never import {name}", row.name));
        }
    }
    offences
}

#[test]
fn imports_follow_the_table() {
    let metadata = workspace();
    let mut all = Vec::new();
    for package in &metadata.packages {
        match TABLE.iter().find(|row| row.name == package.name) {
            None => all.push(format!("{} has no row in the table", package.name)),
            Some(row) => all.extend(offences(package, row)),
        }
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
    println!("import table: {} crates follow it", metadata.packages.len());
}

#[test]
fn sandbox_is_independent_also_in_its_tests() {
    let metadata = workspace();
    let sandbox = metadata
        .packages
        .iter()
        .find(|package| package.name == "sandbox")
        .unwrap();
    for never in ["access", "setup", "app", "server"] {
        let found = sandbox
            .dependencies
            .iter()
            .any(|dependency| dependency.name == never);
        assert!(
            !found,
            "sandbox must not share code with {never}: they check each other"
        );
    }
}

#[test]
fn nobody_ships_both_transports() {
    for package in workspace().packages {
        let always: Vec<&str> = package
            .imports()
            .filter(|dependency| {
                !dependency.optional && TRANSPORTS.contains(&dependency.name.as_str())
            })
            .map(|dependency| dependency.name.as_str())
            .collect();
        assert!(always.len() < 2, "{} imports {always:?}", package.name);
    }
}

#[test]
fn offences_are_found() {
    let package =
        |name: &str, path: Option<&str>, optional: bool, features: &[(&str, &str)]| Package {
            name: "app".to_owned(),
            dependencies: vec![Dependency {
                name: name.to_owned(),
                kind: None,
                optional,
                path: path.map(str::to_owned),
            }],
            features: features
                .iter()
                .map(|(name, item)| ((*name).to_owned(), vec![(*item).to_owned()]))
                .collect(),
        };
    let row = TABLE.iter().find(|row| row.name == "app").unwrap();
    let found = |package: &Package| offences(package, row).len();
    assert_eq!(found(&package("tokio", None, false, &[])), 1);
    assert_eq!(
        found(&package("server", Some("crates/server"), false, &[])),
        1
    );
    assert_eq!(
        found(&package("authentik-gloo", Some("x"), false, &[])),
        1,
        "not optional"
    );
    assert_eq!(
        found(&package(
            "authentik-gloo",
            Some("x"),
            true,
            &[("ssr", "dep:authentik-gloo")]
        )),
        1
    );
    assert_eq!(
        found(&package(
            "authentik-gloo",
            Some("x"),
            true,
            &[("hydrate", "dep:authentik-gloo")]
        )),
        0
    );
    assert_eq!(
        found(&package("setup", Some("crates/setup"), false, &[])),
        0
    );
    assert!(matches("gloo*", "gloo-net") && !matches("time", "time-macros"));
}
