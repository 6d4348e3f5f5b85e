//! What attackers send, as tables: each row with the answer it must get, and a look at what reached
//! authentik.

mod csrf;
mod hosts;
mod smuggling;
mod traversal;

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::AbortHandle,
    time::timeout,
};

use crate::common::{Console, Upstream};

/// A console on a socket, for requests that no HTTP library would send.
struct Wire {
    address: SocketAddr,
    task: AbortHandle,
}

/// What came back, until the connection ended or fell silent.
#[derive(Debug)]
struct Reply {
    text: String,
}

impl Wire {
    async fn of(console: &Console) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = console.router();
        let serve = async move { axum::serve(listener, router).await };
        let task = tokio::spawn(serve).abort_handle();
        Self { address, task }
    }

    /// Sends these bytes on a connection of their own.
    async fn send(&self, bytes: &[u8]) -> Reply {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        // The server may have ended the connection before everything is sent.
        let _ended: std::io::Result<()> = stream.write_all(bytes).await;
        let mut reply = Vec::new();
        let mut piece = vec![0; 16 * 1024];
        while let Ok(Ok(read)) = timeout(Duration::from_millis(1500), stream.read(&mut piece)).await
        {
            if read == 0 {
                break;
            }
            reply.extend_from_slice(&piece[..read]);
        }
        let text = String::from_utf8_lossy(&reply).into_owned();
        Reply { text }
    }
}

/// A console that has asked authentik all that it asks by itself; what is asked from now on was let
/// through.
async fn settled(upstream: &Upstream) -> Console {
    let console = Console::before(upstream).await;
    console.get("/readyz").await;
    let schema = || {
        let asked = upstream.sandbox.requests();
        asked.iter().any(|asked| asked.path == "/api/v3/schema/")
    };
    while !schema() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    upstream.sandbox.clear_requests();
    console
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Reply {
    /// The statuses of all answers on the connection.
    fn statuses(&self) -> Vec<u16> {
        let heads = self.text.split("HTTP/1.1 ").skip(1);
        heads.map(|head| head[..3].parse().unwrap()).collect()
    }

    /// The status of the first answer; 0 where the connection ended without one.
    fn status(&self) -> u16 {
        self.statuses().first().copied().unwrap_or_default()
    }

    /// The code of the error in JSON; empty where there is none.
    fn code(&self) -> &str {
        let code = self.text.split("\"code\":\"").nth(1);
        code.and_then(|rest| rest.split('"').next())
            .unwrap_or_default()
    }
}
