//! A sandbox on a port of its own, for a load run: `cargo run -p sandbox --example weather`.
//!
//! Prints its address and the administrator's token. From the first line that it reads on, the weather is
//! bad: each second another fault. It ends with its standard input, so that it outlives nobody.

use std::{io::Write as _, time::Duration};

use sandbox::{Fault, Sandbox, Version};
use tokio::{net::TcpListener, sync::mpsc, time::sleep};

/// What a second is like: the fault, where, and how often it strikes; clear where there is none.
const SECONDS: [Option<(Fault, &str, u32)>; 8] = [
    None,
    Some((Fault::Latency(Duration::from_millis(300)), "/api/v3/", 200)),
    Some((Fault::BadGateway, "/api/v3/core/", 40)),
    None,
    Some((Fault::Reset, "/api/v3/", 40)),
    Some((Fault::ServerError, "/api/v3/core/users/", 40)),
    Some((Fault::Truncate, "/api/v3/core/", 40)),
    Some((Fault::Html, "/api/v3/core/groups/", 40)),
];

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let sandbox = Sandbox::with_sample_data(Version::V2026_5, 7);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    writeln!(std::io::stdout(), "{address} {}", sandbox.admin_token())?;
    tokio::spawn(sandbox.clone().serve(listener));
    let (sender, mut lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        let mut read = std::io::stdin().lines().map_while(Result::ok);
        while read.next().is_some_and(|line| sender.send(line).is_ok()) {}
    });
    if lines.recv().await.is_none() {
        return Ok(());
    }
    let weather = tokio::spawn(async move {
        for second in SECONDS.iter().cycle() {
            sandbox.faults().clear();
            if let Some((fault, prefix, times)) = second {
                sandbox.faults().set(*fault, None, prefix, Some(*times));
            }
            sleep(Duration::from_secs(1)).await;
        }
    });
    while lines.recv().await.is_some() {}
    weather.abort();
    Ok(())
}
