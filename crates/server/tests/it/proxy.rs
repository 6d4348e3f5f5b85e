//! The read proxy: what it passes on, and what not.

use authentik_api::operation::{CATALOGUE, Class, Method as ApiMethod, Minor};
use axum::body::Body;
use http::{Method, header};
use sandbox::Version;
use serde_json::json;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

use crate::common::{Console, Upstream};

#[tokio::test]
async fn reads_are_passed_on_with_their_query() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    let answer = console
        .get("/api/v3/core/groups/?search=sta%66f&page_size=5&include_users=false")
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["results"][0]["name"], "staff");
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/json");
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    let asked = upstream.sandbox.requests();
    let asked = asked
        .iter()
        .find(|request| request.path == "/api/v3/core/groups/")
        .unwrap();
    assert_eq!(
        asked.query,
        "search=sta%66f&page_size=5&include_users=false"
    );
    let missing = console.get("/api/v3/core/applications/none/").await;
    assert_eq!(missing.status, 404);
    assert_eq!(
        missing.json()["detail"].as_str().map(str::is_empty),
        Some(false),
        "authentik's own words"
    );
}

#[tokio::test]
async fn client_secrets_are_masked() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    let list = console.get("/api/v3/providers/oauth2/").await;
    let providers = list.json()["results"].as_array().unwrap().clone();
    assert!(providers.len() > 3);
    for provider in providers {
        assert_eq!(provider["client_secret"], setup::Secret::MASK);
        let one = console
            .get(&format!("/api/v3/providers/oauth2/{}/", provider["pk"]))
            .await;
        assert_eq!(one.json()["client_secret"], setup::Secret::MASK);
        assert_eq!(one.json()["client_id"], provider["client_id"]);
    }
}

#[tokio::test]
async fn refusals_say_why() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    console.get("/readyz").await;
    upstream.sandbox.clear_requests();
    for (path, status, code, operation) in [
        (
            "core/tokens/x/view_key/",
            403,
            "not_a_read",
            "core_tokens_view_key_retrieve",
        ),
        (
            "crypto/certificatekeypairs/00000000-0000-0000-0000-000000000001/view_private_key/",
            403,
            "not_a_read",
            "crypto_certificatekeypairs_view_private_key_retrieve",
        ),
        (
            "flows/instances/x/export/",
            403,
            "not_a_read",
            "flows_instances_export_retrieve",
        ),
        ("flows/executor/x/", 403, "not_a_read", "flows_executor_get"),
        (
            "core/tenants/current/",
            404,
            "not_offered",
            "core_tenants_current_retrieve",
        ),
        (
            "propertymappings/scope/",
            404,
            "not_offered",
            "propertymappings_scope_list",
        ),
        ("core/users/?Search=x", 400, "bad_query", "core_users_list"),
        ("core/users/?a-b=x", 400, "bad_query", "core_users_list"),
        ("core/users/?a%00=x", 400, "bad_query", "core_users_list"),
        ("core/users", 404, "unknown_operation", ""),
        ("core/users/x/", 404, "unknown_operation", ""),
        ("core/applications/a%20b/", 404, "unknown_operation", ""),
        ("core/tokens/d%C3%BCrer/", 404, "unknown_operation", ""),
        ("core/none/", 404, "unknown_operation", ""),
        ("", 404, "unknown_operation", ""),
        ("core/users//", 404, "unknown_operation", ""),
        ("core//users/", 404, "unknown_operation", ""),
        ("core/../core/users/", 404, "unknown_operation", ""),
        ("core/%2e%2e/users/", 404, "unknown_operation", ""),
        ("core/applications/%2e%2e/", 404, "unknown_operation", ""),
        ("core/applications/a%2fb/", 404, "unknown_operation", ""),
        ("core/applications/a%5cb/", 404, "unknown_operation", ""),
        ("core/applications/a;b/", 404, "unknown_operation", ""),
        ("core/applications/a%3bb/", 404, "unknown_operation", ""),
        ("core/applications/a%00b/", 404, "unknown_operation", ""),
        ("core/applications/a%zzb/", 404, "unknown_operation", ""),
        ("../../if/admin/", 404, "unknown_operation", ""),
        (
            "core/transactional/applications/",
            405,
            "method_not_allowed",
            "",
        ),
    ] {
        let answer = console.get(&format!("/api/v3/{path}")).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (status, code),
            "{path}: {}",
            answer.text()
        );
        let error = &answer.json()["error"];
        assert_eq!(
            error["operation"].as_str().unwrap_or_default(),
            operation,
            "{path}"
        );
        assert!(!error["message"].as_str().unwrap().is_empty());
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    }
    assert_eq!(
        upstream.sandbox.requests(),
        [],
        "nothing of it reached authentik"
    );
}

#[tokio::test]
async fn only_get_is_passed_on() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let console = Console::before(&upstream).await;
    console.get("/readyz").await;
    upstream.sandbox.clear_requests();
    for method in [
        "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE",
    ] {
        for path in [
            "/api/v3/core/groups/",
            "/api/v3/core/users/5/",
            "/api/v3/nothing",
            "/api/v3",
            "/api/v3/",
        ] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let request = console
                .request(method.clone(), path)
                .header(header::CONTENT_TYPE, "application/json");
            let answer = console.send(request.body(Body::from("{}")).unwrap()).await;
            assert_eq!(
                (answer.status, answer.header(header::ALLOW)),
                (405, "GET"),
                "{method} {path}"
            );
            assert_eq!(answer.code(), "method_not_allowed");
        }
    }
    assert_eq!(upstream.sandbox.requests(), []);
}

/// Every row of the catalogue: only reads that the version offers get as far as authentik.
#[tokio::test]
async fn catalogue_decides() {
    for version in Version::ALL {
        let upstream = Upstream::start(version).await;
        let console = Console::before(&upstream).await;
        console.get("/readyz").await;
        let line = Minor::from(
            &version
                .to_string()
                .parse::<authentik_api::Version>()
                .unwrap(),
        );
        let (mut passed, mut refused) = (0, 0);
        for row in CATALOGUE.iter().filter(|row| row.method == ApiMethod::Get) {
            let params: Vec<&str> = row
                .parameters()
                .map(|parameter| sample(parameter.kind))
                .collect();
            let path = format!("/api/v3{}", row.render(&params).unwrap());
            let answer = console.get(&path).await;
            let code =
                serde_json::from_slice::<serde_json::Value>(&answer.body).unwrap_or_default();
            let code = code["error"]["code"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            let ours = ["not_a_read", "not_offered"].contains(&code.as_str());
            let allowed = row.class == Class::Read && row.offered_by(line);
            assert_eq!(
                ours, !allowed,
                "{} on {version}: {} {code}",
                row.id, answer.status
            );
            *(if allowed { &mut passed } else { &mut refused }) += 1;
        }
        println!("{version}: {passed} operations passed on, {refused} refused");
        assert!(passed > 250 && refused > 50);
    }
}

fn sample(kind: authentik_api::operation::ParameterKind) -> &'static str {
    use authentik_api::operation::ParameterKind;
    ["x", "5", "00000000-0000-4000-8000-000000000001"]
        .into_iter()
        .find(|text| ParameterKind::accepts(kind, text))
        .unwrap()
}

#[tokio::test]
async fn nothing_but_status_type_and_body_goes_through() {
    let other = MockServer::start().await;
    let json = |body| ResponseTemplate::new(200).set_body_json(body);
    let version = json(json!({ "version_current": "2026.5.0" }));
    Mock::given(path("/api/v3/admin/version/"))
        .respond_with(version)
        .mount(&other)
        .await;
    let me = json(json!({ "user": { "pk": 1, "username": "akadmin" } }));
    Mock::given(path("/api/v3/core/users/me/"))
        .respond_with(me)
        .mount(&other)
        .await;
    Mock::given(path("/api/v3/admin/settings/"))
        .respond_with(json(json!({})))
        .mount(&other)
        .await;
    let users = json(json!({ "results": [] }))
        .insert_header("set-cookie", "authentik_session=x")
        .insert_header("x-powered-by", "authentik")
        .insert_header("access-control-allow-origin", "*");
    Mock::given(path("/api/v3/core/users/"))
        .respond_with(users)
        .mount(&other)
        .await;
    let console = Console::at(&other.uri(), "stored-token").await;

    let request = console
        .request(Method::GET, "/api/v3/core/users/?page=1")
        .header(header::AUTHORIZATION, "Bearer of-the-caller")
        .header("x-forwarded-for", "10.0.0.1")
        .header("x-authentik-username", "akadmin")
        .header(header::REFERER, "http://127.0.0.1:3000/secret");
    let answer = console.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (answer.status, answer.json()),
        (200, json!({ "results": [] }))
    );
    for name in ["set-cookie", "x-powered-by", "access-control-allow-origin"] {
        assert!(answer.headers.get(name).is_none(), "{name}");
    }

    let received = other.received_requests().await.unwrap();
    let received = received
        .iter()
        .find(|request| request.url.path() == "/api/v3/core/users/")
        .unwrap();
    assert_eq!(received.headers["authorization"], "Bearer stored-token");
    for name in [
        "cookie",
        "x-forwarded-for",
        "x-authentik-username",
        "referer",
        "origin",
    ] {
        assert!(received.headers.get(name).is_none(), "{name}");
    }
}
