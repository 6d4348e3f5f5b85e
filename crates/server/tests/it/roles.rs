//! What each role may do.

use http::{Method, Request, header};
use sandbox::Version;

use crate::common::{Upstream, gate::Gate};

/// Method, path, and what a viewer, an operator and an administrator are answered. What is 403 is told
/// by the wall itself; what is anything else got through it.
const ROLES: [(&str, &str, [u16; 3]); 32] = [
    ("GET", "/", [200, 200, 200]),
    ("GET", "/applications", [200, 200, 200]),
    ("GET", "/people", [200, 200, 200]),
    ("GET", "/changes", [200, 200, 200]),
    ("GET", "/settings/sessions", [200, 200, 200]),
    ("GET", "/settings/connection", [403, 403, 200]),
    ("GET", "/settings/audit", [403, 403, 200]),
    ("GET", "/settings/keys", [403, 403, 200]),
    ("POST", "/settings/keys", [403, 403, 422]),
    ("GET", "/step-up", [200, 200, 200]),
    ("GET", "/api/changes", [200, 200, 200]),
    ("GET", "/api/presets", [200, 200, 200]),
    ("GET", "/api/access.csv", [200, 200, 200]),
    ("GET", "/api/audit.csv", [403, 403, 200]),
    ("GET", "/api/audit.jsonl", [403, 403, 200]),
    ("GET", "/api/v3/core/users/", [200, 200, 200]),
    ("GET", "/api/v3/core/tokens/x/view_key/", [403, 403, 403]),
    ("POST", "/api/v3/core/users/", [403, 405, 405]),
    ("DELETE", "/api/v3/core/users/1/", [403, 405, 405]),
    ("PUT", "/api/changes", [403, 405, 405]),
    ("POST", "/api/changes", [403, 415, 415]),
    ("POST", "/api/changes/x/apply", [403, 415, 415]),
    ("POST", "/api/changes/x/undo", [403, 415, 415]),
    ("POST", "/_fn/changes/apply", [403, 302, 302]),
    ("POST", "/_fn/changes/undo", [403, 302, 302]),
    ("POST", "/_fn/access/plan", [403, 302, 302]),
    ("POST", "/_fn/wizard/start", [403, 302, 302]),
    ("POST", "/_fn/nothing", [403, 404, 404]),
    ("POST", "/settings/connection", [403, 403, 422]),
    ("POST", "/settings/passphrase", [422, 422, 422]),
    ("POST", "/settings/sessions", [303, 303, 303]),
    ("POST", "/theme", [422, 422, 422]),
];

#[tokio::test]
async fn roles_may_do_what_the_table_says() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = Gate::start().await;
    gate.set_up().await;
    gate.connect(&upstream).await;
    let before = upstream.sandbox.requests().len();
    let mut cases = 0;
    for (at, (role, sql)) in [
        ("viewer", "UPDATE sessions SET role = 'viewer'"),
        ("operator", "UPDATE sessions SET role = 'operator'"),
        ("admin", "UPDATE sessions SET role = 'admin'"),
    ]
    .into_iter()
    .enumerate()
    {
        gate = gate.restarted(sql).await;
        for (method, path, expected) in ROLES {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let answer = gate.send(request, String::new()).await;
            assert_eq!(
                answer.status,
                expected[at],
                "{role} {method} {path}: {}",
                answer.text()
            );
            cases += 1;
        }
    }
    let writes = upstream.sandbox.requests();
    let writes = writes
        .iter()
        .skip(before)
        .filter(|request| request.method != Method::GET);
    assert_eq!(writes.count(), 0, "nothing was written");
    println!("attacks: roles: {cases} cases, answered as the table says");
}
