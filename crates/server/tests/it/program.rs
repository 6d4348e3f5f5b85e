//! The program as people start it.

use std::{process::Stdio, time::Duration};

use authentik_api::Transport as _;
use authentik_reqwest::Transport;
use bytes::Bytes;
use http::Request;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Command,
    time::timeout,
};

/// Runs it to its end: whether it succeeded, standard output, standard error.
async fn run(arguments: &[&str]) -> (bool, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let running = Command::new(env!("CARGO_BIN_EXE_ostiary"))
        .args(arguments)
        .current_dir(folder.path())
        .kill_on_drop(true)
        .output();
    let output = timeout(Duration::from_secs(30), running)
        .await
        .expect("it ends")
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.success(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[tokio::test]
async fn without_command_it_explains_itself() {
    let (success, _, help) = run(&[]).await;
    assert!(!success && help.contains("serve"), "{help}");
    let (success, version, _) = run(&["--version"]).await;
    assert!(success && version.starts_with("ostiary 0."), "{version}");
    let (success, help, _) = run(&["serve", "--help"]).await;
    assert!(
        success && help.contains("OSTIARY_AUTHENTIK__TOKEN_FILE"),
        "{help}"
    );
}

#[tokio::test]
async fn wrong_settings_end_it_with_a_reason() {
    for (arguments, reason) in [
        (&["serve", "--listen", "0.0.0.0:0"][..], "loopback"),
        (
            &["serve", "--config", "none.toml"],
            "none.toml is not there",
        ),
        (&["serve", "--demo=2024.12"], "demo_version"),
        (&["serve", "--demo", "--log", "a=b=c"], "log"),
        (
            &[
                "serve",
                "--authentik-url",
                "http://127.0.0.1:9",
                "--authentik-token-file",
                "none",
            ],
            "authentik.token_file",
        ),
    ] {
        let (success, out, error) = run(arguments).await;
        assert!(!success && error.contains(reason), "{arguments:?}: {error}");
        assert_eq!(out, "", "only the link goes to the standard output");
    }
}

#[tokio::test]
async fn demo_needs_nothing_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_ostiary"))
        .args([
            "serve",
            "--demo=2023.10",
            "--demo-seed",
            "5",
            "--listen",
            "127.0.0.1:0",
        ])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .await
        .unwrap();
    let url = line.trim().strip_prefix("Open ").expect("a link");
    let base = &url[..url.find("/enter?code=").unwrap()];
    let transport = Transport::builder(base.parse().unwrap()).build().unwrap();
    let answer = transport
        .execute(Request::get("/readyz").body(Bytes::new()).unwrap())
        .await
        .unwrap();
    let ready: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(
        (ready["demo"].clone(), ready["authentik"]["version"].clone()),
        (true.into(), "2023.10.7".into())
    );
    child.kill().await.unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
