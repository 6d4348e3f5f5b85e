//! What each role may do.

use http::{Method, Request, header};
use sandbox::Version;

use crate::common::{Upstream, gate::Gate};

/// Method, path, and what a viewer, an operator and an administrator are answered. What is 403 is told
/// by the wall itself; what is anything else got through it.
const ROLES: [(&str, &str, [u16; 3]); 34] = [
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
    ("POST", "/settings/connection/account", [403, 403, 422]),
    ("POST", "/settings/passphrase", [422, 422, 422]),
    ("POST", "/passphrase/strength", [200, 200, 200]),
    ("POST", "/settings/sessions", [303, 303, 303]),
    ("POST", "/theme", [422, 422, 422]),
];

#[tokio::test]
async fn roles_may_do_what_the_table_says() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = connected(&upstream).await;
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

async fn json(gate: &mut Gate, path: &str, body: &str) -> crate::common::Answer {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    gate.send(request, body.to_owned()).await
}

/// An application that engineers may open.
const GITEA: &str = r#"{"kind":"oidc-application","draft":{"preset":"gitea","name":"Gitea",
    "base_url":"https://git.example.com","access":{"groups":["engineering"]}}}"#;

/// A console with an account, connected to `upstream`.
async fn connected(upstream: &Upstream) -> Gate {
    let mut gate = Gate::start().await;
    gate.set_up().await;
    gate.connect(upstream).await;
    gate
}

/// Plans it; the id of the change set.
async fn plan(gate: &mut Gate, body: &str) -> String {
    let planned = json(gate, "/api/changes", body).await;
    assert_eq!(planned.status, 201, "{}", planned.text());
    planned.json()["id"].as_str().unwrap().to_owned()
}

async fn finished(gate: &mut Gate, id: &str) -> String {
    loop {
        let change = gate.get(&format!("/api/changes/{id}")).await.json();
        let state = change["state"].as_str().unwrap().to_owned();
        if !["applying", "undoing"].contains(&state.as_str()) {
            return state;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

/// The wizard's last page for an application that everybody may open.
async fn review_of_an_open_door(gate: &mut Gate) -> String {
    let started = gate
        .post("/_fn/wizard/start", &[("preset", "grafana")])
        .await;
    let at = started.header(header::LOCATION).to_owned();
    let draft = at.split('/').nth(2).unwrap();
    for (step, name, value) in [
        ("address", "base_url", "https://grafana.example.com"),
        ("access", "access", "everyone"),
    ] {
        let fields = [("draft", draft), ("step", step), (name, value)];
        let saved = gate.post("/_fn/wizard/save", &fields).await;
        assert_eq!(saved.status, 302, "{}", saved.text());
    }
    gate.get(&format!("/new/{draft}/review")).await.text()
}

/// A session whose passphrase was typed long ago may do what is harmless; whatever opens a door, deletes,
/// takes back or shows a secret wants the passphrase once more, by whichever way it is asked for.
#[tokio::test]
async fn what_is_dangerous_wants_a_fresh_proof() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let gate = connected(&upstream).await;
    let open = GITEA
        .replace(r#"{"groups":["engineering"]}"#, r#"{"everyone":true}"#)
        .replace("Gitea\"", "Open\"");
    let group = r#"{"kind":"group","draft":{"action":"create","name":"night-owls"}}"#;
    let mut gate = gate
        .restarted("UPDATE sessions SET proven_until_ms = 0")
        .await;

    let harmless = [plan(&mut gate, GITEA).await, plan(&mut gate, group).await];
    for id in &harmless {
        let answer = json(&mut gate, &format!("/api/changes/{id}/apply"), "").await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        assert_eq!(finished(&mut gate, id).await, "applied");
    }
    let review = review_of_an_open_door(&mut gate).await;
    assert!(
        review.contains("Prove that it is you") && !review.contains("Apply</button>"),
        "{review}"
    );
    let open = plan(&mut gate, &open).await;
    let before = upstream.sandbox.requests().len();
    let mut cases = 0;
    for path in [
        format!("/api/changes/{open}/apply"),
        format!("/api/changes/{}/undo", harmless[0]),
        format!("/api/changes/{}/undo", harmless[1]),
    ] {
        let answer = json(&mut gate, &path, "").await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, "step_up_required"),
            "{path}"
        );
        cases += 1;
    }
    let reveal = format!("/api/changes/{}/app-side", harmless[0]);
    let answer = json(&mut gate, &reveal, "").await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (403, "step_up_required")
    );
    let page = gate
        .post("/reveal", &[("page", "/applications/gitea")])
        .await;
    let proof = "/step-up?then=%2Fapplications%2Fgitea";
    assert_eq!(page.header(header::LOCATION), proof, "{}", page.text());
    for (path, change) in [
        ("/_fn/changes/apply", &open),
        ("/_fn/changes/undo", &harmless[0]),
    ] {
        let answer = gate.post(path, &[("change", change)]).await;
        let told = format!("{} {}", answer.header(header::LOCATION), answer.text());
        assert!(told.contains("StepUp"), "{path}: {} {told}", answer.status);
        cases += 1;
    }
    let new = [("name", "x"), ("role", "admin"), ("days", "")];
    assert_eq!(gate.post("/settings/keys", &new).await.status, 403);
    let writes = upstream.sandbox.requests();
    let writes = writes
        .iter()
        .skip(before)
        .filter(|request| request.method != Method::GET);
    assert_eq!(writes.count(), 0, "nothing was written");
    assert_eq!(finished(&mut gate, &open).await, "planned");
    println!(
        "attacks: without a fresh proof: {} cases, all refused",
        cases + 3
    );
}

/// What authentik itself says, with the secrets that the console masks.
async fn at_authentik(upstream: &Upstream, path: &str) -> serde_json::Value {
    let token = format!("Bearer {}", upstream.sandbox.admin_token());
    let request = Request::get(path).header(header::AUTHORIZATION, token);
    let request = request.body(axum::body::Body::empty()).unwrap();
    let answer = tower::ServiceExt::oneshot(upstream.sandbox.router(), request).await;
    crate::common::Answer::of(answer.unwrap()).await.json()
}

#[tokio::test]
async fn secret_is_shown_by_a_form_only_and_written_down() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = connected(&upstream).await;
    let id = plan(&mut gate, GITEA).await;
    json(&mut gate, &format!("/api/changes/{id}/apply"), "").await;
    assert_eq!(finished(&mut gate, &id).await, "applied");
    let found = at_authentik(&upstream, "/api/v3/providers/oauth2/?name=Gitea").await;
    let secret = found["results"][0]["client_secret"].as_str().unwrap();
    assert!(secret.len() > 40, "{found}");
    let done = format!("/new/done/{id}");
    for page in ["/applications/gitea", "/applications/gitea?reveal=1", &done] {
        let shown = gate.get(page).await.text();
        assert!(!shown.contains(secret), "{page}");
    }
    for page in ["/applications/gitea", &done] {
        let shown = gate.post("/reveal", &[("page", page)]).await;
        assert!(shown.text().contains(secret), "{page}: {}", shown.text());
        assert_eq!(shown.header(header::CACHE_CONTROL), "no-store");
    }
    for page in [
        "",
        "/",
        "/settings/connection",
        "//evil.example/applications/",
    ] {
        let refused = gate.post("/reveal", &[("page", page)]).await;
        assert_eq!(refused.status, 404, "{page}");
    }
    let log = gate.get("/api/audit.csv").await.text();
    let noted = log.matches("The client secret of gitea").count();
    assert_eq!(noted, 2, "{log}");
    assert!(!log.contains(secret));
}
