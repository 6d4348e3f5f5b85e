//! The connections of browsers and proxies.
//!
//! `axum::serve` waits for ever for a request that is sent a byte at a time (slowloris); here a connection on which no
//! request comes in time is cut.

use std::{convert::Infallible, io, net::SocketAddr, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// So long the head of a request may take, from the first byte or from the answer before it. Longer than proxies keep a
/// connection for the next request (nginx: 60 s), or they would lose one now and then.
pub(crate) const HEAD: Duration = Duration::from_secs(75);
/// After a failure to accept, such as too many open files.
const PAUSE: Duration = Duration::from_secs(1);

/// Serves `router` until `shutdown`, waiting for the head of a request so long; ends when the requests that are under way then are answered.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: CancellationToken,
    head: Duration,
) {
    let open = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = shutdown.cancelled() => break,
        };
        match accepted {
            Ok((stream, peer)) => answer((stream, peer), router.clone(), head, &open),
            Err(error) if is_of_the_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection is accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    open.shutdown().await;
}

/// Answers what comes on a connection.
fn answer(
    (stream, peer): (TcpStream, SocketAddr),
    router: Router,
    head: Duration,
    open: &GracefulShutdown,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY");
    }
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let router = router.clone();
        async move {
            Ok::<_, Infallible>(
                router
                    .oneshot(request)
                    .await
                    .unwrap_or_else(|never| match never {}),
            )
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .serve_connection(TokioIo::new(stream), service);
    let connection = open.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, %peer, "a connection ended");
        }
    });
}

/// Whether only the connection failed that was about to be accepted.
fn is_of_the_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

#[cfg(test)]
mod tests {
    use axum::{extract::ConnectInfo, routing::get};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    /// A server that waits for heads only a moment, and a connection to it.
    async fn connected() -> (TcpStream, CancellationToken) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let who = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string();
        let router = Router::new().route("/", get(who));
        let shutdown = CancellationToken::new();
        let head = Duration::from_millis(300);
        tokio::spawn(serve(listener, router, shutdown.clone(), head));
        (TcpStream::connect(address).await.unwrap(), shutdown)
    }

    #[tokio::test]
    async fn connection_on_which_no_request_comes_is_cut() {
        for begun in ["", "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "] {
            let (mut stream, _) = connected().await;
            stream.write_all(begun.as_bytes()).await.unwrap();
            let mut all = Vec::new();
            stream.read_to_end(&mut all).await.unwrap();
            let text = String::from_utf8(all).unwrap();
            assert!(!text.contains(" 200 "), "{text}");
        }
    }

    #[tokio::test]
    async fn requests_are_answered_with_who_sent_them_until_the_end() {
        let (mut stream, shutdown) = connected().await;
        let own = stream.local_addr().unwrap().to_string();
        for _ in 0..2 {
            let request = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
            stream.write_all(request).await.unwrap();
            let mut buffer = [0; 1024];
            let read = stream.read(&mut buffer).await.unwrap();
            let text = std::str::from_utf8(&buffer[..read]).unwrap();
            assert!(
                text.starts_with("HTTP/1.1 200 ") && text.ends_with(&own),
                "{text}"
            );
        }
        shutdown.cancel();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.unwrap();
        assert!(
            rest.is_empty(),
            "an open connection without a request ends at once"
        );
    }
}
