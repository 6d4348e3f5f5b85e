//! Ways around the read proxy's allow-list: other paths, other methods, other queries.

use std::collections::BTreeSet;

use sandbox::Version;

use super::{Wire, settled};
use crate::common::Upstream;

/// What is put where a segment of a path belongs.
const SEGMENTS: &[&str] = &[
    "..",
    ".",
    "%2e%2e",
    "%2E%2E",
    ".%2e",
    "%2e.",
    "%2e",
    "..%2f",
    "..%2F..",
    "%2e%2e%2f",
    "..%5c",
    "..%5C..",
    "..\\",
    "%2f",
    "a%2fb",
    "a%2F..%2Fb",
    "%5c",
    "a\\b",
    ";",
    "a;b",
    "..;",
    ";/..",
    "a%3bb",
    "a%3B..",
    "%00",
    "a%00",
    "a%00.json",
    "%0d%0a",
    "a%0d%0aX-A:%20b",
    "%0a",
    "%09",
    "%7f",
    "a%c2%85b",
    "",
    "/",
    "%",
    "%2",
    "%zz",
    "%u002e",
    "%c0%ae%c0%ae",
    "%e0%80%ae",
    "%ff",
    "..%00/",
    "....//",
    "..././",
];

/// Paths with a gap for the segment; behind each gap an operation that must not be reached.
const PATHS: &[&str] = &[
    "/api/v3/core/{}/users/",
    "/api/v3/core/applications/{}/",
    "/api/v3/core/users/{}/recovery/",
    "/api/v3/sources/scim_users/{}/",
    "/api/v3/{}/core/tokens/ak/view_key/",
];

/// Whole targets.
const TARGETS: &[(&str, u16, &str)] = &[
    (
        "/api/v3/sources/scim_users/%252e%252e/",
        404,
        "unknown_operation",
    ),
    (
        "/api/v3/sources/scim_users/a%252fb/",
        404,
        "unknown_operation",
    ),
    (
        "/api/v3/sources/scim_groups/%255c/used_by/",
        404,
        "unknown_operation",
    ),
    (
        "/api/v3/lifecycle/iterations/latest/%252e%252e/%252e/",
        404,
        "unknown_operation",
    ),
    ("/api/v3/../v3/core/users/", 404, "unknown_operation"),
    ("/api/v3/../../if/admin/", 404, "unknown_operation"),
    ("/api/v3/..%2f..%2fif/admin/", 404, "unknown_operation"),
    ("/api/v3/./core/users/", 404, "unknown_operation"),
    ("/api/v3//core/users/", 404, "unknown_operation"),
    ("/api/v3///", 404, "unknown_operation"),
    ("/api/v3/core/users/me/..", 404, "unknown_operation"),
    ("/api/v3/core/users/1/../me/", 404, "unknown_operation"),
    ("/api/v3/core/users", 404, "unknown_operation"),
    ("/api/v3/core/users/1", 404, "unknown_operation"),
    ("/api/v3/core/users/-1/", 404, "unknown_operation"),
    ("/api/v3/core/users/1e1/", 404, "unknown_operation"),
    ("/api/v3/core/users/0x1/", 404, "unknown_operation"),
    ("/api/v3/core/users/1%20/", 404, "unknown_operation"),
    ("/api/v3/core/users/%D9%A3/", 404, "unknown_operation"),
    (
        "/api/v3/core/users/99999999999999999999/",
        404,
        "unknown_operation",
    ),
    ("/api/v3/core/groups/1/", 404, "unknown_operation"),
    (
        "/api/v3/core/groups/00000000-0000-0000-0000-00000000000/",
        404,
        "unknown_operation",
    ),
    (
        "/api/v3/core/groups/%7B00000000-0000-0000-0000-000000000000%7D/",
        404,
        "unknown_operation",
    ),
    ("/api/v3/core/applications/a.b/", 404, "unknown_operation"),
    ("/api/v3/core/applications/a%20b/", 404, "unknown_operation"),
    (
        "/api/v3/core/applications/%252e%252e/",
        404,
        "unknown_operation",
    ),
    (
        "/api/v3/core/applications/..%252f..%252fx/",
        404,
        "unknown_operation",
    ),
    (
        "/api/v3/core/applications/d%C3%BCrer/",
        404,
        "unknown_operation",
    ),
    (
        "/api/v3/core/applications/{slug}/",
        404,
        "unknown_operation",
    ),
    ("/api/v3/core/applications/*/", 404, "unknown_operation"),
    ("/api/v3/core/applications/a'--/", 404, "unknown_operation"),
    (
        "/api/v3/core/tokens/%2e%2e%2fusers/",
        404,
        "unknown_operation",
    ),
    ("/api/v3/CORE/USERS/", 404, "unknown_operation"),
    ("/api/v3/core/Users/", 404, "unknown_operation"),
    ("/api/v3/none/", 404, "unknown_operation"),
    ("/api/v3/core/tokens/ak/view_key/", 403, "not_a_read"),
    ("/api/v3/core/tokens/%61k/view_%6bey/", 403, "not_a_read"),
    (
        "/api/v3/flows/executor/default-authentication-flow/",
        403,
        "not_a_read",
    ),
    ("/api/v3/flows/instances/x/export/", 403, "not_a_read"),
    ("/api/v3/flows/instances/x/execute/", 403, "not_a_read"),
    ("/api/v3/admin/system/", 403, "not_a_read"),
    ("/api/v3/enterprise/license/", 403, "not_a_read"),
    ("/api/v3/outposts/proxy/", 403, "not_a_read"),
    ("/api/v3/providers/radius/", 403, "not_a_read"),
    ("/api/v3/managed/blueprints/", 403, "not_a_read"),
    ("/api/v3/events/transports/", 403, "not_a_read"),
    ("/api/v3/core/users/?_method=DELETE", 400, "unknown_query"),
    (
        "/api/v3/core/users/?_http_method=DELETE",
        400,
        "unknown_query",
    ),
    (
        "/api/v3/core/users/?http_method_override=PUT",
        400,
        "unknown_query",
    ),
    ("/api/v3/core/users/?format=api", 400, "unknown_query"),
    ("/api/v3/core/users/?slug=x", 400, "unknown_query"),
    (
        "/api/v3/core/users/1/?include_groups=1&x=2",
        400,
        "unknown_query",
    ),
    ("/api/v3/core/users/?token=x", 400, "unknown_query"),
    ("/api/v3/core/users/?callback=alert", 400, "unknown_query"),
    (
        "/api/v3/core/users/?X-HTTP-Method-Override=DELETE",
        400,
        "bad_query",
    ),
    ("/api/v3/core/users/?se%61rch=x", 400, "bad_query"),
    ("/api/v3/core/users/?search=x&&page=1", 400, "bad_query"),
    ("/api/v3/core/users/?search=x;page=2", 400, "bad_query"),
    ("/api/v3/core/users/?search=%00", 400, "bad_query"),
    (
        "/api/v3/core/users/?search=%0d%0aSet-Cookie:x",
        400,
        "bad_query",
    ),
    ("/api/v3/core/users/?search=%", 400, "bad_query"),
    ("/api/v3/core/users/?search=%zz", 400, "bad_query"),
    ("/api/v3/core/users/?search[]=x", 400, "bad_query"),
    ("/api/v3/core/users/?=x", 400, "bad_query"),
    ("/api/v3/core/users/?search=\\", 400, "bad_query"),
    // The HTTP library's own refusal.
    ("/api/v3/core/users/?search=\"", 400, ""),
];

/// Other methods, and what is no method.
const METHODS: &[(&str, u16)] = &[
    ("POST", 405),
    ("PUT", 405),
    ("PATCH", 405),
    ("DELETE", 405),
    ("HEAD", 405),
    ("OPTIONS", 405),
    ("TRACE", 405),
    ("PROPFIND", 405),
    ("PURGE", 405),
    ("get", 405),
    ("Get", 405),
    ("GETT", 405),
    ("G\u{0}T", 400),
    ("GET\u{b}", 400),
];

#[tokio::test]
async fn ways_around_the_allow_list_are_refused() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = settled(&upstream).await;
    let wire = Wire::of(&console).await;
    let cookie = console.cookie();
    let send = async |method: &str, target: &str| {
        let head = format!("{method} {target} HTTP/1.1\r\nHost: {}\r\n", wire.address);
        let request = format!("{head}Cookie: {cookie}\r\nConnection: close\r\n\r\n");
        wire.send(request.as_bytes()).await
    };
    let mut seen = BTreeSet::new();
    for path in PATHS {
        for segment in SEGMENTS {
            let target = path.replace("{}", segment);
            let reply = send("GET", &target).await;
            assert_eq!(reply.statuses(), [404], "{target}: {}", reply.text);
            assert_eq!(reply.code(), "unknown_operation", "{target}");
            assert!(seen.insert(target));
        }
    }
    for (target, status, code) in TARGETS {
        let reply = send("GET", target).await;
        assert_eq!(reply.statuses(), [*status], "{target}: {}", reply.text);
        assert_eq!(reply.code(), *code, "{target}");
        assert!(seen.insert((*target).to_owned()), "twice: {target}");
    }
    for (method, status) in METHODS {
        for path in ["/api/v3/core/users/1/", "/api/v3/core/groups/", "/api/v3"] {
            let reply = send(method, path).await;
            assert_eq!(
                reply.statuses(),
                [*status],
                "{method} {path}: {}",
                reply.text
            );
            seen.insert(format!("{method} {path}"));
        }
    }
    // What is no target at all.
    for target in [
        "/api/v3/core/users/ x",
        "/api/v3/\u{1}",
        "api/v3/core/users/",
        "/api/v3/\u{7f}\t",
    ] {
        let reply = send("GET", target).await;
        assert_eq!(reply.statuses(), [400], "{target:?}: {}", reply.text);
        seen.insert(target.to_owned());
    }
    for (target, status, code) in [
        (
            format!("http://{}/api/v3/core/users/", wire.address),
            400,
            "absolute_target",
        ),
        (
            format!("https://{}/api/v3/core/users/", wire.address),
            400,
            "absolute_target",
        ),
        (
            "http://evil.example/api/v3/core/users/".to_owned(),
            421,
            "misdirected",
        ),
        (
            "http://169.254.169.254/api/v3/core/users/".to_owned(),
            421,
            "misdirected",
        ),
        (
            format!("http://evil@{}/api/v3/core/users/", wire.address),
            421,
            "misdirected",
        ),
    ] {
        let reply = send("GET", &target).await;
        assert_eq!(reply.statuses(), [status], "{target}: {}", reply.text);
        assert_eq!(reply.code(), code, "{target}");
        seen.insert(target);
    }
    assert_eq!(
        upstream.sandbox.requests(),
        [],
        "nothing of it reached authentik"
    );
    println!(
        "attacks: traversal and bypass of the proxy: {} cases, all refused",
        seen.len()
    );
    assert!(seen.len() >= 150);
}

#[tokio::test]
async fn method_overrides_have_no_effect() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = settled(&upstream).await;
    let mut cases = 0;
    for name in [
        "x-http-method-override",
        "x-http-method",
        "x-method-override",
        "_method",
    ] {
        for method in ["DELETE", "PUT", "PATCH", "POST"] {
            let request = console
                .request(http::Method::GET, "/api/v3/core/users/1/")
                .header(name, method);
            let answer = console
                .send(request.body(axum::body::Body::empty()).unwrap())
                .await;
            assert!(
                answer.status == 200 || answer.status == 404,
                "{}",
                answer.text()
            );
            // And the other way round: a write that says it were a read.
            let request = console
                .request(http::Method::POST, "/api/v3/core/users/1/")
                .header(name, "GET");
            let answer = console
                .send(request.body(axum::body::Body::empty()).unwrap())
                .await;
            assert_eq!(answer.status, 405);
            cases += 2;
        }
    }
    let asked = upstream.sandbox.requests();
    assert_eq!(asked.len(), cases / 2);
    assert!(asked.iter().all(|asked| asked.method == http::Method::GET));
    println!("attacks: method overrides: {cases} cases, none has an effect");
}
