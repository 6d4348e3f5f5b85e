//! Every address of the console that can be read.

use std::{fs, path::Path};

/// What stands in an address for something that there is.
pub(crate) struct Known {
    pub(crate) draft: String,
    pub(crate) planned: String,
    pub(crate) applied: String,
    pub(crate) slug: String,
    pub(crate) person: String,
    pub(crate) group: String,
}

impl Known {
    /// Pages and answers in JSON. Each route of the program is among them: a test looks.
    pub(crate) fn addresses(&self) -> Vec<String> {
        let Self {
            draft,
            planned,
            applied,
            slug,
            person,
            group,
        } = self;
        let mut all: Vec<String> = FIXED.iter().map(|path| (*path).to_owned()).collect();
        for step in ["address", "details", "access", "review"] {
            all.push(format!("/new/{draft}/{step}"));
        }
        for change in [planned, applied] {
            all.extend([
                format!("/new/done/{change}"),
                format!("/changes/{change}"),
                format!("/changes/{change}?checks=1"),
                format!("/changes/{change}/undo"),
                format!("/api/changes/{change}"),
                format!("/api/changes/{change}/checks"),
                format!("/api/changes/{change}/app-side"),
            ]);
        }
        all.extend([
            format!("/api/changes/{applied}/events"),
            format!("/applications/{slug}"),
            format!("/applications/{slug}?tab=checks"),
            format!("/access/why?user={person}&application={slug}"),
            format!("/access/why?group={group}&application={slug}"),
            format!("/people/{person}"),
            format!("/groups/{group}"),
            format!("/api/v3/core/users/{person}/"),
            format!("/api/v3/core/groups/{group}/"),
            format!("/api/v3/core/applications/{slug}/"),
        ]);
        all
    }
}

const FIXED: [&str; 54] = [
    "/settings/sign-in",
    "/",
    "/applications",
    "/applications/nothing",
    "/new",
    "/access",
    "/access/bind",
    "/access/bindings",
    "/access/change",
    "/access/change?kind=user",
    "/access/doors",
    "/access/why",
    "/people",
    "/people?q=a",
    "/groups",
    "/presets",
    "/presets/gitea",
    "/changes",
    "/settings",
    "/settings/connection",
    "/settings/keys",
    "/settings/audit",
    "/settings/sessions",
    "/settings/passphrase",
    "/sign-in",
    "/first-run",
    "/step-up",
    "/enter",
    "/nothing",
    "/healthz",
    "/readyz",
    "/api",
    "/api/nothing",
    "/api/changes",
    "/api/access.csv",
    "/api/access.json",
    "/api/audit.csv",
    "/api/audit.jsonl",
    "/api/presets",
    "/api/presets/gitea",
    "/api/v3/admin/system/",
    "/api/v3/admin/version/",
    "/api/v3/core/applications/",
    "/api/v3/core/groups/",
    "/api/v3/core/tokens/",
    "/api/v3/core/users/",
    "/api/v3/core/users/me/",
    "/api/v3/crypto/certificatekeypairs/",
    "/api/v3/events/events/",
    "/api/v3/flows/instances/",
    "/api/v3/outposts/instances/",
    "/api/v3/providers/all/",
    "/api/v3/providers/oauth2/",
    "/api/v3/schema/",
];

/// The texts between `start` and a quotation mark in a file of the repository.
fn between(file: &str, start: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = fs::read_to_string(root.join(file)).unwrap();
    let parts = text.split(start).skip(1);
    parts
        .map(|part| part.split('"').next().unwrap().to_owned())
        .collect()
}

/// A page that is added is looked at, or this fails.
#[test]
fn addresses_have_every_route() {
    let id = || "x".to_owned();
    let known = Known {
        draft: id(),
        planned: id(),
        applied: id(),
        slug: id(),
        person: id(),
        group: id(),
    };
    let addresses = known.addresses();
    let mut routes = between("app/src/app.rs", "path!(\"");
    assert!(routes.len() > 30, "the pages were not found");
    let api = between("crates/server/src/api/mod.rs", ".route(\"");
    assert!(api.len() > 10, "the answers in JSON were not found");
    // What only takes POST cannot be read.
    routes.extend(api.into_iter().filter(|route| {
        !["/apply", "/undo", "/{*path}"]
            .iter()
            .any(|end| route.starts_with("/api/") && route.ends_with(end))
    }));
    for route in &routes {
        let is_it = |address: &String| {
            let path = address.split('?').next().unwrap_or_default();
            path.split('/').count() == route.split('/').count()
                && path.split('/').zip(route.split('/')).all(|(part, word)| {
                    part == word || word.starts_with(':') || word.starts_with('{')
                })
        };
        assert!(addresses.iter().any(is_it), "nobody looks at {route}");
    }
}
