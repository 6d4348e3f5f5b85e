//! The first run, signing in and out, and proving once more who one is.

use http::{Request, header};
use sandbox::Version;

use crate::common::{
    Upstream,
    gate::{GOOD, Gate, to},
};

#[tokio::test]
async fn first_run_leads_from_a_code_to_a_working_connection() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = Gate::start().await;
    assert_eq!(to(&gate.get("/").await), (303, "/sign-in"));
    assert_eq!(to(&gate.get("/sign-in").await), (303, "/first-run"));
    let page = gate.get("/first-run").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Set-up code") && !page.text().contains("site-nav"));
    gate.set_up().await;
    let page = gate.get("/settings/connection").await;
    assert!(page.text().contains("API token"), "{}", page.text());

    let wrong = gate
        .post(
            "/settings/connection",
            &[("url", &upstream.url()), ("token", "wrong-token")],
        )
        .await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text().contains("refuses the token"),
        "{}",
        wrong.text()
    );
    assert!(wrong.text().contains(&upstream.url()) && !wrong.text().contains("wrong-token"));

    assert_eq!(
        to(&gate.connect(&upstream).await),
        (303, "/settings/connection?saved=1")
    );
    let page = gate.get("/settings/connection").await.text();
    assert!(
        page.contains("akadmin") && page.contains("superuser"),
        "{page}"
    );
    assert!(!page.contains(&upstream.sandbox.admin_token()));
    assert_eq!(gate.get("/people").await.status, 200);

    let mut gate = gate.restarted("").await;
    let page = gate.get("/people").await;
    assert_eq!(page.status, 200, "session and connection survive");
    assert!(page.text().contains("akadmin"));
    assert_eq!(to(&gate.get("/first-run").await), (303, "/"));
}

#[tokio::test]
async fn token_is_in_no_byte_on_disk() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = Gate::start().await;
    gate.set_up().await;
    gate.connect(&upstream).await;
    let token = upstream.sandbox.admin_token();
    let mut files = 0;
    for entry in std::fs::read_dir(gate.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        for canary in [token.as_str(), GOOD] {
            let found = bytes
                .windows(canary.len())
                .any(|window| window == canary.as_bytes());
            assert!(!found, "{}", path.display());
        }
        files += 1;
    }
    assert!(files >= 3, "database, journal, key");
}

#[tokio::test]
async fn stored_token_is_kept_or_typed_anew_but_never_sent_elsewhere() {
    let (one, two) = (
        Upstream::start(Version::V2026_5).await,
        Upstream::start(Version::V2025_10).await,
    );
    let mut gate = Gate::start().await;
    gate.set_up().await;
    gate.connect(&one).await;
    let again = gate
        .post(
            "/settings/connection",
            &[("url", &format!("{}/", one.url())), ("token", "")],
        )
        .await;
    assert_eq!(
        again.status,
        303,
        "an empty field keeps it: {}",
        again.text()
    );
    let before = two.sandbox.requests().len();
    let other = gate
        .post(
            "/settings/connection",
            &[("url", &two.url()), ("token", "")],
        )
        .await;
    assert_eq!(other.status, 422);
    assert!(other.text().contains("type the token once more"));
    let loose = [("url", one.url()), ("insecure", "on".to_owned())];
    let loose: Vec<_> = loose.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert_eq!(gate.post("/settings/connection", &loose).await.status, 422);
    assert_eq!(
        two.sandbox.requests().len(),
        before,
        "nothing was asked there"
    );
    assert_eq!(gate.connect(&two).await.status, 303);
    assert!(
        gate.get("/settings/connection")
            .await
            .text()
            .contains("2025.10")
    );
}

#[tokio::test]
async fn sign_in_leads_back_and_out_again() {
    let mut gate = Gate::start().await;
    gate.set_up().await;
    let inside = gate.cookies.clone();
    assert_eq!(to(&gate.post("/sign-out", &[]).await), (303, "/sign-in"));
    assert_eq!(
        to(&gate.get("/people?q=a").await),
        (303, "/sign-in?then=%2Fpeople%3Fq%3Da")
    );
    gate.cookies.extend(inside.clone());
    assert_eq!(
        to(&gate.get("/").await),
        (303, "/sign-in"),
        "the old cookie opens nothing"
    );
    let wrong = gate.sign_in("wrong wrong wrong").await;
    assert_eq!(wrong.status, 401);
    let page = wrong.text();
    assert!(page.contains("Name or passphrase is wrong") && page.contains("/people?q=a"));
    assert!(page.contains(r#"value="ada""#) && !page.contains("wrong wrong"));
    assert_eq!(to(&gate.sign_in(GOOD).await), (303, "/people?q=a"));
    assert_ne!(gate.cookies["ostiary_session"], inside["ostiary_session"]);
    let foreign = gate
        .post(
            "/sign-in",
            &[
                ("name", "ada"),
                ("passphrase", GOOD),
                ("then", "//evil.example"),
            ],
        )
        .await;
    assert_eq!(to(&foreign), (303, "/"));
}

#[tokio::test]
async fn session_given_by_somebody_else_is_not_taken_over() {
    let mut gate = Gate::start().await;
    gate.set_up().await;
    gate.post("/sign-out", &[]).await;
    let planted = "0".repeat(64);
    gate.cookies
        .insert("ostiary_session".into(), planted.clone());
    gate.sign_in(GOOD).await;
    assert_ne!(gate.cookies["ostiary_session"], planted);
    let own = gate.cookies.insert("ostiary_session".into(), planted);
    assert_eq!(
        gate.get("/").await.status,
        303,
        "the planted value opens nothing"
    );
    gate.cookies.insert("ostiary_session".into(), own.unwrap());
    assert_ne!(gate.get("/").await.status, 303);
}

#[tokio::test]
async fn guessing_is_slowed_down_but_not_for_the_owner() {
    let mut owner = Gate::start().await;
    owner.set_up().await;
    let cookies = std::mem::take(&mut owner.cookies);
    let mut limited = None;
    for _ in 0..8 {
        let answer = owner.sign_in("wrong wrong wrong").await;
        if answer.status == 429 {
            limited = Some(answer);
        }
    }
    let limited = limited.expect("guessing goes on freely");
    assert!(limited.header(header::RETRY_AFTER).parse::<u32>().unwrap() > 0);
    assert!(limited.text().contains("Wait a little"));
    owner.cookies = cookies;
    owner.post("/sign-out", &[]).await;
    assert_eq!(
        to(&owner.sign_in(GOOD).await).0,
        303,
        "a browser that is known"
    );
}

#[tokio::test]
async fn all_sessions_end_at_once() {
    let mut gate = Gate::start().await;
    gate.set_up().await;
    let one = std::mem::take(&mut gate.cookies);
    gate.sign_in(GOOD).await;
    let two = gate.cookies.clone();
    assert!(
        gate.get("/settings/sessions")
            .await
            .text()
            .matches("class=\"session\"")
            .count()
            == 2
    );
    gate.post("/sign-out", &[("everywhere", "on")]).await;
    for cookies in [one, two] {
        gate.cookies = cookies;
        assert_eq!(gate.get("/settings/sessions").await.status, 303);
    }
}

#[tokio::test]
async fn changed_passphrase_ends_other_sessions() {
    let other = "seven purple ducks in november";
    let mut gate = Gate::start().await;
    gate.set_up().await;
    let elsewhere = std::mem::take(&mut gate.cookies);
    gate.sign_in(GOOD).await;
    let refused = gate
        .post(
            "/settings/passphrase",
            &[
                ("passphrase", "wrong"),
                ("new_passphrase", other),
                ("repeated", other),
            ],
        )
        .await;
    assert_eq!(refused.status, 422);
    assert!(!refused.text().contains(other));
    let changed = gate
        .post(
            "/settings/passphrase",
            &[
                ("passphrase", GOOD),
                ("new_passphrase", other),
                ("repeated", other),
            ],
        )
        .await;
    assert_eq!(to(&changed), (303, "/settings/passphrase?changed=1"));
    assert_eq!(
        gate.get("/settings/passphrase").await.status,
        200,
        "this one goes on"
    );
    let own = std::mem::replace(&mut gate.cookies, elsewhere);
    assert_eq!(gate.get("/settings/passphrase").await.status, 303);
    gate.cookies = own;
    gate.post("/sign-out", &[]).await;
    assert_eq!(gate.sign_in(GOOD).await.status, 401);
    assert_eq!(gate.sign_in(other).await.status, 303);
}

#[tokio::test]
async fn cookies_are_bound_to_the_host_where_people_come_by_https() {
    let folder = tempfile::tempdir().unwrap();
    let mut gate = Gate::with(folder, Some("https://ostiary.example")).await;
    let answer = gate.set_up().await;
    let set: Vec<_> = answer.headers.get_all(header::SET_COOKIE).iter().collect();
    assert_eq!(set.len(), 2);
    for cookie in set {
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.starts_with("__Host-ostiary_"), "{cookie}");
        for mark in ["; HttpOnly", "; SameSite=Strict", "; Secure", "; Path=/"] {
            assert!(cookie.contains(mark), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
}

#[tokio::test]
async fn one_time_link_opens_nothing_where_people_sign_in() {
    let mut gate = Gate::start().await;
    let link = gate.server.entry_link();
    let answer = gate.get(&link).await;
    assert_eq!(to(&answer), (303, "/sign-in"));
    assert!(gate.cookies.is_empty());
    let json = gate.send(Request::get("/api/changes"), String::new()).await;
    assert_eq!((json.status, json.code().as_str()), (401, "signed_out"));
}

#[tokio::test]
async fn connection_is_changed_by_who_proves_who_they_are() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = Gate::start().await;
    gate.set_up().await;
    gate.connect(&upstream).await;
    let stale = "UPDATE sessions SET proven_until_ms = 0";
    let mut gate = gate.restarted(stale).await;
    let wrong = gate.connect(&upstream).await;
    assert!(wrong.text().contains("Prove first"), "{}", wrong.text());
    let page = gate.get("/step-up?then=/settings/connection").await;
    assert!(page.text().contains("Is it you?"));
    let old = gate.cookies.clone();
    let refused = gate
        .post("/step-up", &[("passphrase", "wrong wrong wrong")])
        .await;
    assert_eq!(refused.status, 401);
    let proven = gate
        .post(
            "/step-up",
            &[("passphrase", GOOD), ("then", "/settings/connection")],
        )
        .await;
    assert_eq!(to(&proven), (303, "/settings/connection"));
    assert_ne!(old["ostiary_session"], gate.cookies["ostiary_session"]);
    assert_eq!(gate.connect(&upstream).await.status, 303);
    gate.cookies = old;
    assert_eq!(
        gate.get("/").await.status,
        303,
        "the cookie from before opens nothing"
    );
}

#[tokio::test]
async fn what_is_done_is_in_the_audit_log() {
    let upstream = Upstream::start(Version::V2026_5).await;
    let mut gate = Gate::start().await;
    gate.set_up().await;
    gate.connect(&upstream).await;
    gate.post("/sign-out", &[]).await;
    let mistyped = [("name", GOOD), ("passphrase", "ada")];
    assert_eq!(gate.post("/sign-in", &mistyped).await.status, 401);
    assert_eq!(gate.sign_in("wrong wrong wrong").await.status, 401);
    gate.sign_in(GOOD).await;
    let lines = gate.get("/api/audit.jsonl").await;
    assert_eq!(lines.status, 200);
    let entries: Vec<serde_json::Value> = lines
        .text()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let told: Vec<String> = entries
        .iter()
        .rev()
        .map(|it| format!("{} {} {}", it["name"], it["action"], it["outcome"]).replace('"', ""))
        .collect();
    assert_eq!(
        told,
        [
            "ada first-run done",
            "ada connection done",
            "ada sign-out done",
            " sign-in refused",
            "ada sign-in refused",
            "ada sign-in done",
        ]
    );
    assert!(!lines.text().contains(GOOD) && !lines.text().contains("wrong wrong"));
    let page = gate.get("/settings/audit?action=connection").await.text();
    assert!(
        page.contains(&upstream.url()) && page.contains("1 entry"),
        "{page}"
    );
    let csv = gate.get("/api/audit.csv?q=sign-out").await;
    assert_eq!(csv.text().lines().count(), 2);
}

#[tokio::test]
async fn strength_is_judged_for_who_may_choose_a_passphrase_and_kept_nowhere() {
    const TYPED: &str = "sphinx of black quartz judge my vow";
    let mut gate = Gate::start().await;
    let ask = [("passphrase", TYPED)];
    let before = gate.post("/passphrase/strength", &ask).await;
    assert_eq!(before.status, 200, "nobody has an account yet");
    let (score, words) = before
        .text()
        .split_once('\n')
        .map(|(s, w)| (s.to_owned(), w.to_owned()))
        .unwrap();
    assert!(
        ["3", "4"].contains(&&*score) && words.starts_with("Good"),
        "{score} {words}"
    );
    assert!(!words.contains("sphinx"));
    let short = gate
        .post("/passphrase/strength", &[("passphrase", "short")])
        .await;
    assert_eq!(short.text(), "0\n10 more characters");
    gate.set_up().await;
    assert_eq!(gate.post("/passphrase/strength", &ask).await.status, 200);
    let own = std::mem::take(&mut gate.cookies);
    assert_eq!(gate.post("/passphrase/strength", &ask).await.status, 401);
    assert_eq!(gate.get("/passphrase/strength").await.status, 405);
    gate.cookies = own;
    let audit = gate.get("/settings/audit").await.text();
    assert!(!audit.contains("sphinx"));
    for file in std::fs::read_dir(gate.folder.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        let found = bytes
            .windows(TYPED.len())
            .any(|part| part == TYPED.as_bytes());
        assert!(!found, "{}", path.display());
    }
}
