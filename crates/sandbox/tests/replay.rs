//! Plays the recordings of live servers against the sandbox, for every version.
//!
//! Within a claimed scenario every exchange with an operation that the sandbox serves must match; the others are skipped
//! and counted. Run it with `--nocapture` to see the counts and the scenarios that are not claimed.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where something is missing"
)]
#![expect(clippy::print_stdout, reason = "the counts are what the test shows")]

mod harness;

use harness::{Outcome, Player, recording, scenes};
use sandbox::Version;

/// The scenarios that the sandbox claims to act out.
const CLAIMED: &[&str] = &[
    "whoami_and_version",
    "errors_transport",
    "errors_not_found",
    "errors_validation",
    "pagination",
    "groups_crud",
    "applications_crud",
    "app_list_traps",
    "defaults",
    "oidc_app_two_step",
    "oidc_app_transactional",
    "oidc_login",
    "access_matrix",
    "access_mode_all",
    "procedures_a_to_f",
    "bindings_traps",
    "scope_mappings",
    "delete_cascades",
    "admin_settings",
    "outposts",
    "brand",
    "users_crud",
    "tokens",
    "service_accounts",
    "rbac",
];

/// Why the others are not.
const NOT_CLAIMED: &[(&str, &str)] = &[
    ("blueprints", "managed/blueprints is not served"),
    ("users_recovery", "recovery links are not served"),
    (
        "login_session",
        "the flow executor answers for flows that ask nothing",
    ),
    ("proxy_app", "providers/proxy has no operations of its own"),
    (
        "flows_and_stages",
        "stages and flow bindings are not served",
    ),
    ("invitations", "invitations are not served"),
    (
        "recovery_flow_doc002",
        "stages, policies of other kinds and flows that ask are not served",
    ),
    ("sources", "sources are not served"),
    ("certificates", "key pairs are only listed and retrieved"),
    (
        "events",
        "events are sample data: calls leave none, except authorizations",
    ),
    (
        "policies",
        "only expression policies are served, without testing them",
    ),
    ("schema_info", "the schema document is a sketch"),
];

/// Exchanges with served operations that may differ, and why: version (empty for all), scenario, note or part of the
/// path, reason.
const EXCEPT: &[(&str, &str, &str, &str)] = &[
    (
        "",
        "bindings_traps",
        "all group and user bindings, for a matrix",
        "the page ends between bindings of the same order, which follow their random keys",
    ),
    (
        "2023.10",
        "bindings_traps",
        "target_in, repeated",
        "bindings are sorted by the random keys of their targets",
    ),
    (
        "",
        "defaults",
        "policies/expression/",
        "the policies of the default flows are not there",
    ),
    (
        "",
        "defaults",
        "policies/bindings/",
        "the bindings of the default flows' stages and of notification rules are not there",
    ),
    (
        "2026.5",
        "oidc_login",
        "the event of the authorization",
        "it also lists authorizations of an earlier, unrecorded run",
    ),
    ("", "pagination", "rbac/permissions/", FEWER),
    (
        "2023.10",
        "errors_validation",
        "core/users/service_account/",
        DATABASE,
    ),
    (
        "2025.10",
        "errors_validation",
        "core/users/service_account/",
        DATABASE,
    ),
    ("2023.10", "service_accounts", "no name", DATABASE),
    ("2025.10", "service_accounts", "no name", DATABASE),
    ("2026.5", "defaults", "rbac/roles/", LEFT),
    ("2026.5", "rbac", "list", LEFT),
];

/// Of these there are fewer here, so that the count differs; the rows are the recorded ones.
const FEWER: &str = "only the permissions of models that are served or recorded are known";
/// Roles outlive the users they were made for, and their names are those users' numbers.
const LEFT: &str = "it also lists the roles of two users of earlier, unrecorded runs";
/// The recorded refusal is the database's, with a row in it.
const DATABASE: &str = "the refusal quotes the row with its number and moments";

/// How many exchanges match; fewer means that something fell out of the comparison.
const MATCHED: &[(Version, usize)] = &[
    (Version::V2023_10, 989),
    (Version::V2025_10, 1006),
    (Version::V2026_5, 1013),
];

#[derive(Default)]
struct Counts {
    matched: usize,
    unserved: usize,
    dependent: usize,
    excepted: usize,
}

fn replay(version: Version) {
    if recording::folder().is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let names = recording::scenarios(version);
        let defaults = recording::load(version, "defaults");
        let lists = recording::load(version, "app_list_traps");
        let (mut total, mut failures) = (Counts::default(), Vec::new());
        for name in &names {
            if !CLAIMED.contains(&name.as_str()) {
                assert!(NOT_CLAIMED.iter().any(|(other, _)| other == name), "{name} is neither claimed nor declined");
                continue;
            }
            let exchanges = recording::load(version, name);
            let mut player = Player::new(version, &defaults, &lists).await;
            for exchange in &exchanges {
                scenes::before(&mut player, name, exchange, &exchanges).await;
                if recording::unserved(exchange, version) {
                    total.unserved += 1;
                    continue;
                }
                let excepted = EXCEPT.iter().any(|(only, scenario, part, _)| {
                    (only.is_empty() || *only == version.short())
                        && scenario == name
                        && (exchange.note.starts_with(part) || exchange.path.ends_with(part))
                });
                match player.play(exchange).await {
                    Outcome::Matched => total.matched += 1,
                    Outcome::Skipped => total.dependent += 1,
                    Outcome::Mismatched(_) if excepted => total.excepted += 1,
                    Outcome::Mismatched(errors) => failures.push(format!(
                        "{name} #{} [{}] {} {}\n    {}",
                        exchange.number,
                        exchange.note,
                        exchange.method,
                        exchange.path,
                        errors.join("\n    ")
                    )),
                }
            }
        }
        println!(
            "{}: {} of {} scenarios claimed, {} exchanges match, {} skipped as not served, {} skipped because they depend on \
             one of those, {} excepted",
            version.short(),
            names.iter().filter(|name| CLAIMED.contains(&name.as_str())).count(),
            names.len(),
            total.matched,
            total.unserved,
            total.dependent,
            total.excepted,
        );
        for (name, reason) in NOT_CLAIMED {
            println!("    not claimed: {name}: {reason}");
        }
        assert!(failures.is_empty(), "{} exchanges differ:\n{}", failures.len(), failures.join("\n"));
        let (_, before) = MATCHED.iter().find(|(of, _)| *of == version).unwrap();
        assert!(total.matched >= *before, "{} exchanges match, {before} did before", total.matched);
    });
}

#[test]
fn version_2023_10() {
    replay(Version::V2023_10);
}

#[test]
fn version_2025_10() {
    replay(Version::V2025_10);
}

#[test]
fn version_2026_5() {
    replay(Version::V2026_5);
}
