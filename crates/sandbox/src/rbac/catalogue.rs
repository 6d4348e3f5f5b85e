//! The permissions that a version knows, numbered as the recordings show them.
//!
//! The recordings list the first thirty of each version, five of `authentik_core` and those of the group
//! "authentik Read-only"; the models named there are all here, and so are those that the sandbox serves. Real servers
//! have more.

use crate::rows::row;
use crate::state::{State, Table};
use crate::version::Version;
use serde_json::json;

/// One line for each model and for each permission beyond the usual four.
const MODELS: &str = include_str!("models.tsv");

/// The role and group that may read everything.
pub(crate) const READ_ONLY: &str = "authentik Read-only";

/// One line of the table.
struct Line {
    kind: &'static str,
    app: &'static str,
    model: &'static str,
    /// The model in words, or the codename of a single permission.
    name: &'static str,
    /// A single permission in words.
    words: &'static str,
}

fn lines(version: Version) -> impl Iterator<Item = Line> {
    let mark = match version {
        Version::V2023_10 => '1',
        Version::V2025_10 => '2',
        Version::V2026_5 => '3',
    };
    MODELS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(move |line| {
            let mut cells = line.split('\t');
            let kind = cells.next()?;
            let versions = cells.next()?;
            versions.contains(mark).then_some(Line {
                kind,
                app: cells.next()?,
                model: cells.next()?,
                name: cells.next()?,
                words: cells.next().unwrap_or_default(),
            })
        })
}

/// Fills the table of permissions.
pub(crate) fn fill(state: &mut State) {
    // The framework's own come first in 2023.10, and the core's come late.
    let old = state.version == Version::V2023_10;
    let mut number = if old { 16 } else { 0 };
    let (mut model, mut words) = ("", "");
    for line in lines(state.version) {
        let listed = line.kind != "hidden";
        if old && line.app == "authentik_core" && number < 348 {
            number = 348;
        }
        let mut add = |codename: &str, name: &str, verbose: &str| {
            number += 1;
            let permission = row(json!({
                "pk": number,
                "id": number,
                "name": name,
                "codename": codename,
                "model": line.model,
                "app_label": line.app,
                "app_label_verbose": app_in_words(line.app),
                "model_verbose": verbose,
                "listed": listed,
            }));
            state.rows_mut(Table::Permissions).push(permission);
        };
        if line.kind == "more" {
            let verbose = if line.model == model {
                words
            } else {
                line.model
            };
            add(line.name, line.words, verbose);
            continue;
        }
        (model, words) = (line.model, line.name);
        for verb in ["add", "change", "delete", "view"] {
            let codename = format!("{verb}_{model}");
            add(&codename, &format!("Can {verb} {words}"), words);
        }
    }
    number_by_name(state);
}

/// Lists are ordered by name, capitals before small letters: the collation of the usual database has it so.
fn number_by_name(state: &mut State) {
    let mut names: Vec<(String, i64)> = state
        .rows(Table::Permissions)
        .iter()
        .filter_map(|row| {
            Some((
                row.get("name")?.as_str()?.to_owned(),
                row.get("pk")?.as_i64()?,
            ))
        })
        .collect();
    names.sort();
    for (place, (_, pk)) in names.into_iter().enumerate() {
        if let Some(row) = state.find_mut(Table::Permissions, &json!(pk)) {
            row.insert("place".to_owned(), json!(place));
        }
    }
}

/// What the group "authentik Read-only" may do, as app and codename.
pub(crate) fn read_only(version: Version) -> Vec<(&'static str, String)> {
    let mut found: Vec<(&str, &str)> = lines(version)
        .filter(|line| matches!(line.kind, "read" | "hidden"))
        .map(|line| (line.app, line.model))
        .collect();
    found.sort_unstable();
    let codename = |(app, model)| (app, format!("view_{model}"));
    found.into_iter().map(codename).collect()
}

/// The name of an application of the server, such as "authentik Core".
fn app_in_words(app: &str) -> String {
    let word = |text: &str| match text {
        "oauth2" => "OAuth2".to_owned(),
        "rbac" => "RBAC".to_owned(),
        text => {
            let (first, rest) = text.split_at_checked(1).unwrap_or((text, ""));
            first.to_uppercase() + rest
        }
    };
    let Some(inner) = app.strip_prefix("authentik_") else {
        return word(app);
    };
    let (kind, rest) = inner.split_once('_').unwrap_or((inner, ""));
    let rest: Vec<String> = rest
        .split('_')
        .filter(|r| !r.is_empty())
        .map(word)
        .collect();
    if rest.is_empty() {
        format!("authentik {}", word(kind))
    } else {
        format!("authentik {}.{}", word(kind), rest.join(" "))
    }
}
