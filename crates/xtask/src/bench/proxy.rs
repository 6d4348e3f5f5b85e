//! The read proxy against nginx, on the same upstream.

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};

use super::{Measure, instance::Instance};
use crate::{
    process::{output, say},
    workspace,
};

/// What is asked for: a page of applications.
const PATH: &str = "/api/v3/core/applications/?page_size=100";

/// Requests per second, and the time in milliseconds that 99 of 100 stay below.
#[derive(Debug, Clone, Copy)]
struct Load {
    throughput: f64,
    p99: f64,
}

/// Throughput and p99 of the read proxy as ratios to nginx's, medians of three runs in turn.
///
/// # Errors
/// When a server cannot be started or a run fails. Nothing where nginx or wrk is not installed.
pub(super) fn measure(program: &Path, seconds: u32) -> Result<Vec<Measure>> {
    if output("wrk", &["-v"]).is_none() && which("wrk").is_none() || which("nginx").is_none() {
        say("proxy against nginx: skipped, nginx or wrk is not installed");
        return Ok(Vec::new());
    }
    let (upstream_port, proxy_port) = (free_port()?, free_port()?);
    let upstream = Nginx::start("upstream", &upstream_config(upstream_port)?)?;
    let proxy = Nginx::start("proxy", &proxy_config(proxy_port, upstream_port))?;
    let url = format!("http://127.0.0.1:{upstream_port}");
    let environment = [
        ("OSTIARY_AUTHENTIK__URL", url.as_str()),
        ("OSTIARY_AUTHENTIK__TOKEN", "bench"),
    ];
    let console = Instance::start(program, &[], &environment)?;
    let cookie = console.cookie()?;
    let ours = format!("http://{}{PATH}", console.address());
    let theirs = format!("http://127.0.0.1:{proxy_port}{PATH}");
    let (mut our_runs, mut their_runs) = (Vec::new(), Vec::new());
    for round in 1..=3 {
        their_runs.push(load(&theirs, &cookie, seconds)?);
        our_runs.push(load(&ours, &cookie, seconds)?);
        say(format_args!(
            "proxy, round {round}: nginx {:?}, ours {:?}",
            their_runs.last(),
            our_runs.last()
        ));
    }
    drop((upstream, proxy));
    let throughput =
        median(&our_runs, |load| load.throughput) / median(&their_runs, |load| load.throughput);
    let p99 = median(&our_runs, |load| load.p99) / median(&their_runs, |load| load.p99);
    Ok(vec![
        Measure {
            what: "read proxy: throughput / nginx's",
            value: format!("{throughput:.2} ×"),
            budget: "≥ 0.8 ×",
            met: throughput >= 0.8,
        },
        Measure {
            what: "read proxy: p99 / nginx's",
            value: format!("{p99:.2} ×"),
            budget: "≤ 1.5 ×",
            met: p99 <= 1.5,
        },
    ])
}

fn median(runs: &[Load], of: impl Fn(&Load) -> f64) -> f64 {
    let mut values: Vec<f64> = runs.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn load(url: &str, cookie: &str, seconds: u32) -> Result<Load> {
    let program = which("wrk").context("wrk is not installed")?;
    let output = Command::new(program)
        .args([
            "--threads",
            "1",
            "--connections",
            "64",
            "--latency",
            "--duration",
        ])
        .arg(format!("{seconds}s"))
        .args(["--header", &format!("Cookie: {cookie}"), url])
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    if text.contains("Non-2xx") || text.contains("Socket errors") {
        bail!("{url} answered with errors:\n{text}");
    }
    parse_load(&text).with_context(|| format!("wrk printed no numbers:\n{text}"))
}

fn parse_load(text: &str) -> Option<Load> {
    let value = |start: &str| {
        text.lines()
            .map(str::trim)
            .find_map(|line| line.strip_prefix(start))
            .map(str::trim)
    };
    Some(Load {
        throughput: value("Requests/sec:")?.parse().ok()?,
        p99: milliseconds(value("99%")?)?,
    })
}

/// wrk's `812.00us`, `12.34ms`, `1.02s`.
fn milliseconds(text: &str) -> Option<f64> {
    let (digits, factor) = [("us", 0.001), ("ms", 1.0), ("s", 1000.0)]
        .into_iter()
        .find_map(|(unit, factor)| text.strip_suffix(unit).map(|digits| (digits, factor)))?;
    digits.parse::<f64>().ok().map(|number| number * factor)
}

fn which(program: &str) -> Option<PathBuf> {
    let path = workspace::path().ok()?;
    let system = [PathBuf::from("/usr/sbin"), PathBuf::from("/usr/local/sbin")];
    env::split_paths(&path)
        .chain(system)
        .map(|directory| directory.join(program))
        .find(|file| file.is_file())
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// An nginx of our own, ended when dropped.
struct Nginx(Child);

impl Nginx {
    fn start(name: &str, http: &str) -> Result<Self> {
        let directory = workspace::target().join("bench").join(name);
        fs::create_dir_all(&directory)?;
        let place = directory.display();
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .iter()
            .map(|kind| format!("  {kind}_temp_path {place}/{kind};"))
            .collect::<Vec<_>>()
            .join("\n");
        let config = format!(
            "daemon off;\nworker_processes auto;\npid {place}/pid;\nerror_log {place}/error.log;\n\
             events {{ worker_connections 1024; }}\nhttp {{\n{temporary}\n  access_log off;\n  \
             keepalive_requests 10000000;\n{http}}}\n"
        );
        let file = directory.join("nginx.conf");
        fs::write(&file, config)?;
        let program = which("nginx").context("nginx is not installed")?;
        let child = Command::new(program)
            .arg("-c")
            .arg(file)
            .arg("-e")
            .arg(directory.join("start.log"))
            .stdin(Stdio::null())
            .spawn()
            .context("nginx cannot be started")?;
        thread::sleep(Duration::from_millis(500));
        Ok(Self(child))
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // The master ends its workers on SIGTERM; SIGKILL would leave them.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

/// An authentik that always answers the same.
fn upstream_config(port: u16) -> Result<String> {
    let directory = workspace::target().join("bench");
    fs::create_dir_all(&directory)?;
    let application = r#"{"pk":"00000000-0000-4000-8000-000000000000","name":"Application","slug":"application","provider":1,"launch_url":"https://app.example.com/","open_in_new_tab":false,"meta_launch_url":"","meta_icon":null,"meta_description":"","meta_publisher":"","policy_engine_mode":"any","group":""}"#;
    let applications = vec![application; 20].join(",");
    let pagination = r#"{"next":0,"previous":0,"count":20,"current":1,"total_pages":1,"start_index":1,"end_index":20}"#;
    let answers = [
        ("/api/v3/admin/version/", r#"{"version_current":"2025.10.0","version_latest":"2025.10.0"}"#.to_owned()),
        (
            "/api/v3/core/users/me/",
            r#"{"user":{"pk":1,"username":"bench","name":"Bench","is_active":true,"is_superuser":true,"groups":[],"uid":"1"}}"#
                .to_owned(),
        ),
        (
            "/api/v3/core/applications/",
            format!(r#"{{"pagination":{pagination},"results":[{applications}]}}"#),
        ),
    ];
    let locations = answers
        .iter()
        .enumerate()
        .map(|(number, (path, json))| {
            // From files: nginx takes no text of this length in its configuration.
            let file = format!("{number}.json");
            fs::write(directory.join(&file), json)?;
            Ok(format!(
                "    location = {path} {{ root {}; rewrite ^ /{file} break; }}",
                directory.display()
            ))
        })
        .collect::<Result<Vec<_>>>()?
        .join("\n");
    Ok(format!(
        "  server {{\n    listen 127.0.0.1:{port};\n    default_type application/json;\n{locations}\n    \
         location / {{ return 200 '{{}}'; }}\n  }}\n"
    ))
}

fn proxy_config(port: u16, upstream: u16) -> String {
    format!(
        "  upstream authentik {{ server 127.0.0.1:{upstream}; keepalive 64; keepalive_requests 10000000; }}\n  \
         server {{\n    listen 127.0.0.1:{port};\n    location / {{\n      proxy_pass http://authentik;\n      \
         proxy_http_version 1.1;\n      proxy_set_header Connection \"\";\n    }}\n  }}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_load_reads_what_wrk_prints() {
        let text = "  Latency Distribution\n     50%    2.00ms\n     99%  812.00us\n  100 requests in 5.00s\nRequests/sec:  20113.51\n";
        let load = parse_load(text).unwrap();
        assert!((load.throughput - 20113.51).abs() < 0.01);
        assert!((load.p99 - 0.812).abs() < 0.0001);
        assert_eq!(milliseconds("1.5s"), Some(1500.0));
    }
}
