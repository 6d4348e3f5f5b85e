//! Every page in every weather, and the event stream.

use std::{collections::BTreeSet, path::Path, time::Duration};

use axum::body::Body;
use http::{Method, header};
use serde_json::json;
use server::config::{Authentik, Config, Entry};
use tokio::time::timeout;

use super::front::{Front, Weather};
use crate::common::{Answer, Console, Upstream, gitea, grafana, read};

/// Nothing takes longer than this, or it hangs.
const PATIENCE: Duration = Duration::from_mins(1);

async fn console(front: &Front) -> Console {
    let folder = tempfile::tempdir().unwrap();
    let config = Config {
        database: Some(folder.path().join("ostiary.sqlite")),
        site_root: folder.path().join("site"),
        entry: Some(Entry::Link),
        authentik: Authentik {
            url: Some(front.url.parse().unwrap()),
            token: Some(front.sandbox.admin_token().into()),
            timeout: 1,
            ..Authentik::default()
        },
        ..Config::default()
    };
    Console::start(config, folder).await
}

async fn page(console: &Console, path: &str) -> Answer {
    let request = console
        .request(Method::GET, path)
        .header(header::ACCEPT, "text/html");
    let answer = console.send(request.body(Body::empty()).unwrap());
    let answer = timeout(PATIENCE, answer).await;
    answer.unwrap_or_else(|_| panic!("{path} hangs"))
}

/// A draft's id, without asking authentik.
async fn draft(console: &Console) -> String {
    let request = console
        .request(Method::POST, "/_fn/wizard/start")
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::REFERER, "http://127.0.0.1:3000/new");
    let started = console.send(request.body(Body::from("preset=grafana")).unwrap());
    let at = started.await.header(header::LOCATION).to_owned();
    at.split('/').nth(2).unwrap().to_owned()
}

/// An address for each route of the pages.
async fn addresses(console: &Console, front: &Front) -> Vec<(String, String)> {
    let upstream = Upstream::of(front.sandbox.clone()).await;
    let groups = read(&upstream, "core/groups/?name=staff").await;
    let group = groups["results"][0]["pk"].as_str().unwrap().to_owned();
    let draft = draft(console).await;
    let (change, _) = console.plan(&gitea()).await;
    assert_eq!(console.work(&change, "apply").await["state"], "applied");
    let routes =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../app/src/app.rs"));
    let routes = routes.unwrap();
    let routes: BTreeSet<&str> = routes
        .split("path!(\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(routes.len() > 30, "{routes:?}");
    let address = |route: &str| {
        let person = if route.starts_with("/people") {
            "5"
        } else {
            &group
        };
        route
            .replace(":draft", &draft)
            .replace(":change", &change)
            .replace(":slug", "outline")
            .replace("/presets/:id", "/presets/grafana")
            .replace(":id", &change)
            .replace(":pk", person)
    };
    let mut addresses: Vec<(String, String)> = routes
        .iter()
        .map(|route| ((*route).to_owned(), address(route)))
        .collect();
    for more in [
        "/access/why?user=5&application=outline",
        "/access/bind?step=people",
        "/access/change?action=group-create",
        "/people?q=mina",
    ] {
        addresses.push((more.to_owned(), more.to_owned()));
    }
    addresses
}

/// What every page is, whatever the weather.
fn is_a_page(answer: &Answer, case: &str) {
    let status = answer.status;
    if (300..400).contains(&status) {
        return;
    }
    let html = answer.text();
    let expected = [200, 401, 403, 404, 409, 422, 502, 503];
    assert!(expected.contains(&status), "{case}: {status}: {html}");
    assert!(html.contains("</html>"), "{case}: {html}");
    assert!(html.contains(r#"aria-label="Main""#), "{case}: {html}");
    for word in [
        "console met an internal error",
        "panicked",
        "Server Error (500)</h1>",
    ] {
        assert!(!html.contains(word), "{case}: {word}");
    }
}

#[tokio::test]
async fn every_page_is_a_page_in_every_weather() {
    let mut cases = 0;
    for weather in Weather::BAD {
        for warm in [false, true] {
            let front = Front::start().await;
            let console = console(&front).await;
            let addresses = addresses(&console, &front).await;
            if warm {
                for path in ["/", "/access", "/groups"] {
                    assert_eq!(page(&console, path).await.status, 200, "{path}");
                }
            }
            front.turn(weather);
            for (route, address) in &addresses {
                // Each page asks anew, but for where that takes a second each time.
                let address = if warm || weather == Weather::SlowBody {
                    address.clone()
                } else if address.contains('?') {
                    format!("{address}&fresh=1")
                } else {
                    format!("{address}?fresh=1")
                };
                let answer = page(&console, &address).await;
                is_a_page(&answer, &format!("{weather:?}, {route}, warm: {warm}"));
                cases += 1;
            }
            front.turn(Weather::Fine);
            let after = page(&console, "/access?fresh=1").await;
            assert!(
                [200, 302].contains(&after.status),
                "{weather:?}: it is fine again"
            );
        }
    }
    println!("weather: {cases} pages in bad weather, each a page with its navigation");
}

/// The state at the end of an event stream.
fn end(text: &str) -> Option<&str> {
    let last = text
        .split("\n\n")
        .find(|block| block.contains("event: end"))?;
    last.lines().find_map(|line| line.strip_prefix("data: "))
}

#[tokio::test]
async fn event_stream_ends_in_every_weather_and_the_work_goes_on_after_it() {
    let mut cases = 0;
    for weather in Weather::BAD {
        let front = Front::start().await;
        let console = console(&front).await;
        let (id, _) = console.plan(&grafana()).await;
        front.turn(weather);
        let apply = format!("/api/changes/{id}/apply");
        let begun = console.post(&apply, &json!({})).await;
        assert!(
            [202, 502, 503].contains(&begun.status),
            "{weather:?}: {}",
            begun.text()
        );
        if begun.status == 202 {
            let path = format!("/api/changes/{id}/events");
            let events = console.get(&path);
            let events = timeout(PATIENCE, events).await.unwrap();
            let text = events.text();
            assert!(end(&text).is_some(), "{weather:?}: {text}");
        }
        front.turn(Weather::Fine);
        let change = console.get(&format!("/api/changes/{id}")).await.json();
        let state = change["state"].as_str().unwrap().to_owned();
        // Another version took it, or refused it: that is settled.
        if weather != Weather::OtherVersion {
            assert!(
                ["planned", "interrupted", "applied"].contains(&state.as_str()),
                "{weather:?}: {change:#}"
            );
            let after = console.work(&id, "apply").await;
            assert_eq!(after["state"], "applied", "{weather:?}: {after:#}");
            assert_eq!(front.sandbox.count("oauth2provider"), before(&front) + 1);
        }
        cases += 1;
    }
    println!("weather: {cases} event streams in bad weather, each with its end");
}

/// How many providers the sample data have.
fn before(front: &Front) -> usize {
    sandbox::Sandbox::with_sample_data(front.sandbox.version(), 7).count("oauth2provider")
}
