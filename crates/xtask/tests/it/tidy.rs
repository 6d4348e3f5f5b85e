//! Habits that no lint knows: short files, nothing unfinished, no path of somebody's machine.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The most lines of a file with code.
const MOST_LINES: usize = 450;

/// Files that are tables rather than code, and may be longer.
const TABLES: &[&str] = &["crates/authentik-api/src/operation/catalogue/"];

/// Crates that know no clock: the same input gives the same output at any time.
const WITHOUT_CLOCK: &[&str] = &[
    "crates/access/src/",
    "crates/authentik-api/src/",
    "crates/setup/src/",
    "crates/sandbox/src/",
    "crates/ui/src/",
];

/// The page that says which test shows what protection.
const SECURITY: &str = "docs/src/security.md";

/// Folders that are not ours.
const FOREIGN: &[&str] = &[
    "target",
    "node_modules",
    ".git",
    "test-results",
    "playwright-report",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every text file of ours: its path from the root, and its text.
fn files(extensions: &[&str]) -> Vec<(String, String)> {
    let root = root();
    let mut open = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !path.is_symlink() && !FOREIGN.contains(&name.as_str()) {
                open.push(path);
            } else if path.is_file() && extensions.iter().any(|end| name.ends_with(end)) {
                let relative = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                files.push((relative, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(files.len() > 10, "the sources were not found");
    files
}

/// The lines that hold one of the texts: `path:line: text`.
fn find(files: &[(String, String)], wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let lines = files.iter().flat_map(|(path, text)| {
        text.lines()
            .enumerate()
            .map(move |(index, line)| (path, index + 1, line))
    });
    lines
        .filter(|(_, _, line)| wanted(line))
        .map(|(path, number, line)| format!("{path}:{number}: {}", line.trim()))
        .collect()
}

#[test]
fn files_are_short() {
    let long: Vec<String> = files(&[".rs", ".js", ".mjs"])
        .into_iter()
        .filter(|(path, _)| !TABLES.iter().any(|table| path.starts_with(table)))
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(path, lines)| format!("{path}: {lines} lines, at most {MOST_LINES}"))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn nothing_is_unfinished() {
    // Put together here, so that this file does not hold them.
    let marks = [
        ["to", "do!("],
        ["unimple", "mented!("],
        ["FIX", "ME"],
        ["#[ig", "nore"],
        ["test.on", "ly("],
        ["test.fix", "me("],
    ];
    let marks = marks.map(|parts| parts.concat());
    let found = find(&files(&[".rs", ".js", ".mjs", ".css"]), |line| {
        marks.iter().any(|mark| line.contains(mark.as_str()))
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn pure_crates_know_no_clock() {
    let pure: Vec<(String, String)> = files(&[".rs"])
        .into_iter()
        .filter(|(path, _)| WITHOUT_CLOCK.iter().any(|start| path.starts_with(start)))
        .collect();
    let clocks = [
        "Timestamp::now",
        "Zoned::now",
        "SystemTime::now",
        "Instant::now",
        "Date::now",
    ];
    let found = find(&pure, |line| {
        clocks.iter().any(|clock| line.contains(clock))
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_path_of_a_machine() {
    let found = find(
        &files(&[
            ".rs", ".js", ".mjs", ".css", ".md", ".toml", ".json", ".yml", ".sh",
        ]),
        is_machine_path,
    );
    let found: Vec<String> = found
        .into_iter()
        .filter(|line| !line.contains("/tests/"))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Whether a line names a folder of somebody's machine: `work`, `root`, `home` or `tmp` at the root.
/// authentik has an operation below `root`, which is none.
fn is_machine_path(line: &str) -> bool {
    let line = line.replace("/root/config", "");
    ["work", "root", "home", "tmp"].iter().any(|folder| {
        line.match_indices(&format!("/{folder}/"))
            .any(|(at, found)| {
                let before = line.get(..at).and_then(|text| text.chars().next_back());
                let after = line
                    .get(at + found.len()..)
                    .and_then(|text| text.chars().next());
                !before.is_some_and(|c| {
                    c.is_alphanumeric() || matches!(c, '.' | '}' | '_' | '-' | '/')
                }) && after.is_some_and(|c| c.is_ascii_lowercase())
            })
    })
}

#[test]
fn machine_paths_are_told_from_others() {
    let of_machine = ["", "work", "main"].join("/");
    assert!(is_machine_path(&format!("read {of_machine}")));
    assert!(is_machine_path(&format!("\"{of_machine}\"")));
    assert!(
        !is_machine_path("https://host.example/work/item"),
        "part of an address"
    );
    assert!(!is_machine_path("GET /api/home/page"), "not at the root");
    assert!(!is_machine_path("use /work/ for it"), "the folder alone");
}

#[test]
fn lock_files_name_no_other_registry() {
    let lock = fs::read_to_string(root().join("package-lock.json")).unwrap();
    assert!(
        !lock.contains("http://"),
        "package-lock.json names a registry"
    );
    assert!(
        !lock.contains("\"resolved\": \"http"),
        "package-lock.json names a registry"
    );
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let sources: Vec<&str> = lock
        .lines()
        .filter(|line| line.starts_with("source = "))
        .collect();
    let own = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    assert!(
        sources.iter().all(|source| *source == own),
        "Cargo.lock takes something from elsewhere than crates.io"
    );
}

/// The names in code style in the last column of the table of threats.
fn tests_of_the_security_page() -> Vec<String> {
    let page = fs::read_to_string(root().join(SECURITY)).unwrap();
    let (_, table) = page.split_once("| threat |").unwrap();
    let (table, _) = table.split_once("\n\n").unwrap();
    let cells = table
        .lines()
        .skip(2)
        .filter_map(|row| row.rsplit('|').nth(1));
    let names = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2).map(str::to_owned));
    names.collect()
}

#[test]
fn tests_that_the_security_page_names_exist() {
    let names = tests_of_the_security_page();
    assert!(names.len() >= 50, "the table was not found: {names:?}");
    let sources = files(&["rs"]);
    for name in names {
        let (function, made) = (format!("fn {name}("), format!("    {name}: "));
        let exists = sources
            .iter()
            .any(|(_, text)| text.contains(&function) || text.contains(&made));
        assert!(exists, "{SECURITY} names `{name}`, which is no test");
    }
}
