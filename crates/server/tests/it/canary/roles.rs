//! What each role and each key gets to read, and what is left on disk.

use http::{Request, header};
use sandbox::Version;
use serde_json::Value;

use super::{addresses::Known, needles::Canaries};
use crate::common::{
    Answer, Upstream, call,
    gate::{GOOD, Gate},
    gitea, grafana, read,
};

/// A secret that somebody types for an application.
const TYPED: &str = "typed-by-ada/7%\"<&>-0123456789";
const ROLES: [(&str, &str); 3] = [
    ("viewer", "UPDATE sessions SET role = 'viewer'"),
    ("operator", "UPDATE sessions SET role = 'operator'"),
    ("admin", "UPDATE sessions SET role = 'admin'"),
];

/// A console that was set up, with one of everything that is secret.
struct Scene {
    upstream: Upstream,
    gate: Gate,
    canaries: Canaries,
    keys: Vec<(&'static str, String)>,
    known: Known,
}

impl Scene {
    async fn new() -> Self {
        let upstream = Upstream::start(Version::V2026_5).await;
        let mut gate = Gate::start().await;
        let mut canaries = Canaries::default();
        canaries.add("a set-up code", &gate.server.setup_code());
        gate.set_up().await;
        canaries.add("the passphrase", GOOD);
        canaries.add("the admin token", &upstream.sandbox.admin_token());
        gate.connect(&upstream).await;
        canaries.add(
            "a link's code",
            gate.server.entry_link().split_once('=').unwrap().1,
        );
        let mut keys = Vec::new();
        for (role, _) in ROLES {
            let key = make_key(&mut gate, role, &mut canaries).await;
            canaries.add(format!("the key of a {role}"), &key);
            keys.push((role, key));
        }
        for (name, value) in &gate.cookies {
            if value.len() >= 16 {
                canaries.add(format!("the cookie {name}"), value);
            }
        }
        let known = objects(&upstream, &mut gate).await;
        // What authentik has by now: of its own applications, typed, and made up for the wizard.
        let list = read(&upstream, "providers/oauth2/?page_size=100").await;
        let mut stored = 0;
        for provider in list["results"].as_array().unwrap() {
            let secret = provider["client_secret"].as_str().unwrap();
            let name = provider["name"].as_str().unwrap();
            if !secret.is_empty() {
                canaries.add(format!("the client secret of {name}"), secret);
                stored += 1;
            }
        }
        assert!(stored >= 3, "typed, made up, and some of the sample's");
        Self {
            upstream,
            gate,
            canaries,
            keys,
            known,
        }
    }

    /// Reads every address; which were answered with a page or data.
    async fn read_all(&mut self, who: &str, key: Option<&str>) -> usize {
        let mut good = 0;
        for path in self.known.addresses() {
            let answer = match key {
                None => self.gate.get(&path).await,
                Some(key) => by(&mut self.gate, key, &path).await,
            };
            assert!(
                answer.status < 500 || answer.status == 502,
                "{who} {path}: {}",
                answer.status
            );
            good += usize::from(answer.status == 200);
            // A page can give a new cookie to who asks; the session's own is in none.
            let values = answer.headers.values();
            let headers = values
                .map(header::HeaderValue::as_bytes)
                .collect::<Vec<_>>();
            let headers = headers.join(&b'\n');
            self.canaries
                .assert_absent(&format!("the headers of {path} for {who}"), &headers);
            self.canaries
                .assert_absent(&format!("{path} for {who}"), &answer.body);
        }
        good
    }
}

/// Makes a key. The answer is the one that shows it; nothing else is in it.
async fn make_key(gate: &mut Gate, role: &str, canaries: &mut Canaries) -> String {
    let fields = [("name", "nightly backup"), ("role", role), ("days", "30")];
    let page = gate.post("/settings/keys", &fields).await;
    canaries.assert_absent("the page that shows a new key", &page.body);
    let text = page.text();
    let at = text.find("ostiary_").unwrap();
    let key: String = text[at..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
        .collect();
    assert_eq!(key.len(), "ostiary_".len() + 64);
    key
}

async fn by(gate: &mut Gate, key: &str, path: &str) -> Answer {
    let cookies = std::mem::take(&mut gate.cookies);
    let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {key}"));
    let answer = gate.send(request, String::new()).await;
    gate.cookies = cookies;
    answer
}

async fn json(gate: &mut Gate, path: &str, body: &str) -> Value {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    let answer = gate.send(request, body.to_owned()).await;
    assert!(answer.status < 300, "{path}: {}", answer.text());
    answer.json()
}

async fn plan(gate: &mut Gate, draft: &Value) -> String {
    let body = crate::common::change(draft).to_string();
    let planned = json(gate, "/api/changes", &body).await;
    planned["id"].as_str().unwrap().to_owned()
}

async fn apply(gate: &mut Gate, id: &str) {
    json(gate, &format!("/api/changes/{id}/apply"), "").await;
    loop {
        let change = gate.get(&format!("/api/changes/{id}")).await.json();
        if !crate::common::is_running(&change) {
            assert_eq!(change["state"], "applied", "{change}");
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

/// An application whose secret authentik makes up, one with a typed one, a draft, a plan; other kinds of
/// providers.
async fn objects(upstream: &Upstream, gate: &mut Gate) -> Known {
    for kind in ["proxy", "ldap", "saml", "radius", "scim"] {
        upstream
            .sandbox
            .add_provider(kind, &format!("a-{kind}"))
            .unwrap();
    }
    let applied = plan(gate, &gitea()).await;
    apply(gate, &applied).await;
    let mut typed = grafana();
    typed["client_secret"] = TYPED.into();
    let other = plan(gate, &typed).await;
    apply(gate, &other).await;
    let mut planned = grafana();
    planned["name"] = "Graphs".into();
    let planned = plan(gate, &planned).await;
    let started = gate
        .post("/_fn/wizard/start", &[("preset", "grafana")])
        .await;
    let draft = started
        .header(header::LOCATION)
        .split('/')
        .nth(2)
        .unwrap()
        .to_owned();
    let user = call(
        upstream,
        "GET",
        "core/users/?username=akadmin",
        &Value::Null,
    )
    .await;
    let group = call(upstream, "GET", "core/groups/?name=staff", &Value::Null).await;
    Known {
        draft,
        planned,
        applied,
        slug: "gitea".to_owned(),
        person: user["results"][0]["pk"].to_string(),
        group: group["results"][0]["pk"].as_str().unwrap().to_owned(),
    }
}

#[tokio::test]
async fn secrets_are_in_no_page_answer_export_or_file() {
    let mut scene = Scene::new().await;
    let mut answers = 0;
    for (role, sql) in ROLES {
        scene.gate = scene.gate.restarted(sql).await;
        let good = scene.read_all(&format!("a {role}"), None).await;
        assert!(good > 50, "a {role} was answered {good} times");
        answers += good;
    }
    for (role, key) in scene.keys.clone() {
        let good = scene
            .read_all(&format!("the key of a {role}"), Some(&key))
            .await;
        assert!(good > 20, "the key of a {role} was answered {good} times");
        answers += good;
    }
    let cookies = std::mem::take(&mut scene.gate.cookies);
    scene.read_all("nobody", None).await;
    scene.gate.cookies = cookies;

    // The one exception: who has just proved who they are may see the secret of the application they ask for.
    let shown = ["the client secret of Gitea"];
    let step_up = [("passphrase", GOOD), ("then", "/")];
    assert_eq!(scene.gate.post("/step-up", &step_up).await.status, 303);
    let applied = scene.known.applied.clone();
    for (path, page) in [
        (format!("/api/changes/{applied}/app-side"), ""),
        ("/reveal".to_owned(), "/applications/gitea"),
    ] {
        let answer = if page.is_empty() {
            let json = Request::post(&path).header(header::CONTENT_TYPE, "application/json");
            scene.gate.send(json, String::new()).await
        } else {
            scene.gate.post(&path, &[("page", page)]).await
        };
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-store", "{path}");
        scene.canaries.assert_only(&path, &answer.body, &shown);
    }

    // What was typed for an application that is set up by now is in no file either.
    let folder = scene.gate.folder.path().to_owned();
    let files = scene.canaries.assert_absent_in_files(&folder);
    assert!(files >= 3, "database, its log, and the key");
    drop(scene.upstream);
    println!(
        "canary: {answers} pages and answers of 3 roles and 3 keys, {} texts in all, looked through for {} secrets",
        scene.canaries.looked_at,
        scene.canaries.count()
    );
}
