//! A console that people sign in to.

use std::collections::BTreeMap;

use axum::body::Body;
use http::{Method, Request, header};
use server::{Server, config::Config};
use tempfile::TempDir;
use tower::ServiceExt as _;

use super::{Answer, Upstream};

/// A passphrase that is good enough.
pub(crate) const GOOD: &str = "correct horse battery staple";

/// A console that people sign in to, and one browser.
pub(crate) struct Gate {
    pub(crate) server: Server,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) folder: TempDir,
    /// What a proxy in front adds to every request.
    pub(crate) headers: BTreeMap<&'static str, String>,
    host: &'static str,
}

impl Gate {
    pub(crate) async fn start() -> Self {
        Self::with(tempfile::tempdir().unwrap(), None).await
    }

    pub(crate) async fn with(folder: TempDir, public_url: Option<&str>) -> Self {
        let config = Config {
            public_url: public_url.map(|url| url.parse().unwrap()),
            ..Config::default()
        };
        Self::configured(folder, config).await
    }

    pub(crate) async fn configured(folder: TempDir, config: Config) -> Self {
        let public_url = config.public_url.clone();
        let config = Config {
            database: Some(folder.path().join("ostiary.sqlite")),
            site_root: folder.path().join("site"),
            ..config
        };
        Self {
            server: Server::start(config).await.unwrap(),
            cookies: BTreeMap::new(),
            headers: BTreeMap::new(),
            folder,
            host: if public_url.is_some() {
                "ostiary.example"
            } else {
                "127.0.0.1:3000"
            },
        }
    }

    /// The same console after a restart, and after `sql` on its database.
    pub(crate) async fn restarted(self, sql: &'static str) -> Self {
        let Self {
            server,
            cookies,
            folder,
            headers,
            host,
        } = self;
        drop(server);
        let database = folder.path().join("ostiary.sqlite");
        let config = || Config {
            database: Some(database.clone()),
            ..Config::default()
        };
        if !sql.is_empty() {
            let url = format!("sqlite:{}", database.display());
            let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
            sqlx::query(sql).execute(&pool).await.unwrap();
            pool.close().await;
        }
        loop {
            // The lock on the database goes with the last task that holds it.
            if let Ok(server) = Server::start(config()).await {
                return Self {
                    server,
                    cookies,
                    folder,
                    headers,
                    host,
                };
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    pub(crate) async fn send(&mut self, request: http::request::Builder, body: String) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        let mut request = request;
        for (name, value) in &self.headers {
            request = request.header(*name, value.as_str());
        }
        let request = request
            .header(header::COOKIE, cookies.join("; "))
            .header(header::HOST, self.host)
            .header(header::ACCEPT, "text/html");
        let router = self.server.router();
        let response = router
            .oneshot(request.body(Body::from(body)).unwrap())
            .await
            .unwrap();
        let answer = Answer::of(response).await;
        for set in answer.headers.get_all(header::SET_COOKIE) {
            let (name, rest) = set.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), String::new()).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, body).await
    }

    pub(crate) async fn set_up(&mut self) -> Answer {
        let code = self.server.setup_code();
        let answer = self
            .post(
                "/first-run",
                &[
                    ("code", &code),
                    ("name", "ada"),
                    ("new_passphrase", GOOD),
                    ("repeated", GOOD),
                ],
            )
            .await;
        assert_eq!(
            to(&answer),
            (303, "/settings/connection"),
            "{}",
            answer.text()
        );
        answer
    }

    pub(crate) async fn connect(&mut self, upstream: &Upstream) -> Answer {
        let token = upstream.sandbox.admin_token();
        self.post(
            "/settings/connection",
            &[("url", &upstream.url()), ("token", &token)],
        )
        .await
    }

    pub(crate) async fn sign_in(&mut self, passphrase: &str) -> Answer {
        self.post(
            "/sign-in",
            &[
                ("name", "ada"),
                ("passphrase", passphrase),
                ("then", "/people?q=a"),
            ],
        )
        .await
    }
}

/// Status and where to.
pub(crate) fn to(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.header(header::LOCATION))
}
