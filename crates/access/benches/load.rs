//! What it takes to read a snapshot, and what a shell loop takes to find out what one person may open, one JSON object a
//! line: `cargo bench -p access --bench load`. `cargo xtask bench` reads it.
//!
//! Both really run, against a sandbox of 200 applications, 200 groups and so many people, which counts the calls. The
//! sandbox is a process of its own, this program started once more, so that its memory is not counted.

use std::{
    env,
    error::Error,
    io::{BufRead as _, BufReader, Lines, Write as _, stdin, stdout},
    net::Ipv4Addr,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    thread,
    time::Instant,
};

use access::{LoadOptions, load};
use authentik_api::{
    Capabilities, Client, UserPk,
    api::{
        core::applications::{CheckAccess, ListApplications},
        policies::ListBindings,
    },
    endpoint::Endpoint,
};
use authentik_reqwest::Transport;
use peak_alloc::PeakAlloc;
use sandbox::{Sandbox, Version};
use serde_json::json;
use tokio::{net::TcpListener, runtime};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The argument that makes this program the sandbox.
const SERVE: &str = "--sandbox=";

fn main() -> Result<()> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let people = env::args().find_map(|it| it.strip_prefix(SERVE).map(str::to_owned));
    if let Some(people) = people {
        return runtime.block_on(serve(people.parse()?));
    }
    for people in [500, 5_000, 50_000] {
        runtime.block_on(measure(people))?;
    }
    Ok(())
}

/// The sandbox: says where it is and the token, and then for each line that it is sent how many calls there were since
/// the last.
async fn serve(people: usize) -> Result<()> {
    let sandbox = Sandbox::with_company(Version::V2026_5, 1, people);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let (address, token) = (listener.local_addr()?, sandbox.admin_token());
    writeln!(stdout(), "http://{address} {token}")?;
    let counted = sandbox.clone();
    thread::spawn(move || {
        for _ in stdin().lock().lines().map_while(std::io::Result::ok) {
            let calls = counted.requests().len();
            counted.clear_requests();
            if writeln!(stdout(), "{calls}").is_err() {
                break;
            }
        }
        std::process::exit(0);
    });
    Ok(sandbox.serve(listener).await?)
}

/// A sandbox in a process of its own.
struct Upstream {
    child: Child,
    asks: ChildStdin,
    says: Lines<BufReader<ChildStdout>>,
}

impl Upstream {
    fn start(people: u32) -> Result<(Self, Client<Transport>)> {
        let mut child = Command::new(env::current_exe()?)
            .arg(format!("{SERVE}{people}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let asks = child.stdin.take().ok_or("no input")?;
        let says = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        let mut upstream = Self { child, asks, says };
        let line = upstream.line()?;
        let (url, token) = line.split_once(' ').ok_or("no address")?;
        let transport = Transport::builder(url.parse()?)
            .token(token.into())
            .build()?;
        let client = Client::new(transport, Capabilities::of("2026.5.0".parse()?));
        Ok((upstream, client))
    }

    fn line(&mut self) -> Result<String> {
        Ok(self.says.next().ok_or("the sandbox ended")??)
    }

    /// Calls since this was asked last.
    fn calls(&mut self) -> Result<u32> {
        writeln!(self.asks)?;
        Ok(self.line()?.parse()?)
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn measure(people: u32) -> Result<()> {
    let (mut upstream, client) = Upstream::start(people)?;
    upstream.calls()?;
    MEMORY.reset_peak_usage();
    let (memory, start) = (MEMORY.current_usage(), Instant::now());
    let options = LoadOptions::default();
    let snapshot = load(&client, "2026-11-22T12:00:00Z".parse()?, options, |_| ()).await?;
    let load_ms = start.elapsed().as_millis();
    let peak = MEMORY.peak_usage() - memory;
    let held = MEMORY.current_usage() - memory;
    let load_calls = upstream.calls()?;
    let person = snapshot.users.last().ok_or("nobody is there")?.pk;
    let start = Instant::now();
    let applications = shell_loop(&client, person).await?;
    let line = json!({
        "users": snapshot.users.len(),
        "groups": snapshot.groups.len(),
        "applications": applications,
        "bindings": snapshot.bindings.len(),
        "concurrency": options.concurrency,
        "load_calls": load_calls,
        "load_ms": load_ms,
        "load_peak_bytes": peak,
        "load_held_bytes": held,
        "loop_calls": upstream.calls()?,
        "loop_ms": start.elapsed().as_millis(),
    });
    writeln!(stdout(), "{line}")?;
    Ok(())
}

/// What a script does with curl, one call after the other: it lists the applications, and of each its bindings and
/// whether the person gets in. Gives the number of applications.
async fn shell_loop(client: &Client<Transport>, person: UserPk) -> Result<usize> {
    let applications = client.all(ListApplications::everything()).await?;
    for application in &applications {
        let bindings = ListBindings::default().target(application.target());
        client
            .execute::<serde_json::Value>(bindings.parts(client.capabilities())?)
            .await?;
        let ask = CheckAccess {
            slug: application.slug.clone(),
            for_user: Some(person),
        };
        client.send(&ask).await?;
    }
    Ok(applications.len())
}
