//! The program itself.

use std::{path::Path, process::Stdio, time::Duration};

use authentik_api::Transport as _;
use authentik_reqwest::Transport;
use bytes::Bytes;
use http::{Method, Request, header};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, ChildStdout, Command},
    task::JoinHandle,
};

use super::is_running;

/// `ostiary serve` with a session.
pub(crate) struct Process {
    child: Child,
    stdout: BufReader<ChildStdout>,
    /// What it writes to the standard error.
    log: JoinHandle<String>,
    transport: Transport,
    cookie: String,
    /// Where it listens.
    address: String,
}

impl Process {
    /// Starts it on a database, in front of an authentik.
    pub(crate) async fn start(database: &Path, authentik: &str, token: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ostiary"))
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--entry",
                "link",
                "--log",
                "trace",
                "--authentik-url",
                authentik,
            ])
            .arg("--database")
            .arg(database)
            .env("OSTIARY_AUTHENTIK__TOKEN", token)
            .current_dir(database.parent().unwrap())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let mut stderr = child.stderr.take().unwrap();
        let log = tokio::spawn(async move {
            let mut bytes = Vec::new();
            stderr.read_to_end(&mut bytes).await.unwrap();
            String::from_utf8(bytes).unwrap()
        });
        let transport = Transport::builder("http://127.0.0.1:1".parse().unwrap())
            .build()
            .unwrap();
        let mut process = Self {
            child,
            stdout,
            log,
            transport,
            cookie: String::new(),
            address: String::new(),
        };
        let (base, link) = process.read_link().await;
        process.address = base.trim_start_matches("http://").to_owned();
        let transport = Transport::builder(base.parse().unwrap()).retries(0);
        process.transport = transport.build().unwrap();
        let answer = process
            .send(Request::get(link).body(Bytes::new()).unwrap())
            .await;
        let cookie = answer.headers()[header::SET_COOKIE]
            .to_str()
            .unwrap()
            .to_owned();
        cookie
            .split(';')
            .next()
            .unwrap()
            .clone_into(&mut process.cookie);
        process
    }

    /// Reads the next link that it prints: address, and path with query.
    pub(crate) async fn read_link(&mut self) -> (String, String) {
        let mut line = String::new();
        self.stdout.read_line(&mut line).await.unwrap();
        let url = line
            .strip_prefix("Open ")
            .unwrap_or_else(|| panic!("no link: {line:?}"))
            .trim();
        let at = url.find("/enter").unwrap();
        (url[..at].to_owned(), url[at..].to_owned())
    }

    pub(crate) async fn send(&self, mut request: Request<Bytes>) -> http::Response<Bytes> {
        if !self.cookie.is_empty() {
            request
                .headers_mut()
                .insert(header::COOKIE, self.cookie.parse().unwrap());
        }
        self.transport.execute(request).await.unwrap()
    }

    /// The cookie of its session, with its name.
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Sends a form; the page that comes.
    pub(crate) async fn form(&self, path: &str, body: &str) -> String {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Bytes::from(body.to_owned()))
            .unwrap();
        let page = self.send(request).await.into_body();
        String::from_utf8(page.to_vec()).unwrap()
    }

    /// Asks as a program does, with a key and without a cookie.
    pub(crate) async fn with_key(&self, key: &str, path: &str) -> String {
        // The transport has a credential of its own, or none.
        let mut stream = tokio::net::TcpStream::connect(&self.address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n",
            self.address
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub(crate) async fn get(&self, path: &str) -> Bytes {
        self.send(Request::get(path).body(Bytes::new()).unwrap())
            .await
            .into_body()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Bytes::from(body.to_string()))
            .unwrap();
        let response = self.send(request).await;
        (
            response.status().as_u16(),
            serde_json::from_slice(response.body()).unwrap(),
        )
    }

    pub(crate) async fn change(&self, id: &str) -> Value {
        serde_json::from_slice(&self.get(&format!("/api/changes/{id}")).await).unwrap()
    }

    /// The change set once nothing is going on.
    pub(crate) async fn finished(&self, id: &str) -> Value {
        loop {
            let change = self.change(id).await;
            if !is_running(&change) {
                return change;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Starts work on a change set and waits until it is done.
    pub(crate) async fn work(&self, id: &str, work: &str) -> Value {
        let (status, body) = self
            .post(&format!("/api/changes/{id}/{work}"), &Value::Null)
            .await;
        assert_eq!(status, 202, "{body}");
        self.finished(id).await
    }

    /// `kill -9`: gives what it has logged.
    pub(crate) async fn kill(mut self) -> String {
        self.child.kill().await.unwrap();
        self.log.await.unwrap()
    }

    /// Sends a signal by its name.
    pub(crate) async fn signal(&self, name: &str) {
        let pid = self.child.id().unwrap().to_string();
        let sent = Command::new("kill")
            .args(["-s", name, &pid])
            .status()
            .await
            .unwrap();
        assert!(sent.success());
    }

    /// Waits for the end: whether it was a success, and what was logged.
    pub(crate) async fn ended(mut self) -> (bool, String) {
        let status = self.child.wait().await.unwrap();
        (status.success(), self.log.await.unwrap())
    }
}
