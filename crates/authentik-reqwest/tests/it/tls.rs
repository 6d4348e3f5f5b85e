//! Whom the transport trusts.

use std::sync::Arc;

use authentik_api::Transport as _;
use authentik_reqwest::{Builder, Error, TlsProblem};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{PrivateKeyDer, pem::PemObject},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use crate::common::{builder_at, request};

/// A server with a certificate for `name` of an authority of its own.
struct Server {
    port: u16,
    authority: String,
}

impl Server {
    async fn start(name: &str, expired: bool) -> Self {
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority =
            CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        if expired {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
        }
        let certificate = params.signed_by(&key, &authority).unwrap();
        let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(serve(listener, TlsAcceptor::from(Arc::new(config))));
        Self {
            port,
            authority: authority.pem(),
        }
    }

    fn builder(&self) -> Builder {
        builder_at(&format!("https://localhost:{}/", self.port))
    }
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor) {
    loop {
        let (socket, _) = listener.accept().await.unwrap();
        // the handshake fails where the transport does not trust this server
        let Ok(mut socket) = acceptor.accept(socket).await else {
            continue;
        };
        let mut request = [0; 4096];
        let _read = socket.read(&mut request).await.unwrap();
        socket
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            .await
            .unwrap();
        socket.shutdown().await.unwrap();
    }
}

/// What comes of a call.
async fn call(builder: Builder) -> Result<u16, TlsProblem> {
    let transport = builder.build().unwrap();
    match transport
        .execute(request("GET", "/api/v3/core/users/"))
        .await
    {
        Ok(answer) => Ok(answer.status().as_u16()),
        Err(Error::Tls { problem, to, .. }) => {
            assert!(to.starts_with("localhost:"), "{to}");
            Err(problem)
        }
        Err(error) => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn own_authorities_are_trusted_once_named() {
    let server = Server::start("localhost", false).await;
    assert_eq!(call(server.builder()).await, Err(TlsProblem::NotTrusted));
    assert_eq!(
        call(server.builder().ca_file_pem(server.authority.clone())).await,
        Ok(200)
    );
    let other = Server::start("localhost", false).await;
    let named_other = server.builder().ca_file_pem(other.authority);
    assert_eq!(call(named_other).await, Err(TlsProblem::NotTrusted));
    assert_eq!(
        call(server.builder().accept_invalid_certs(true)).await,
        Ok(200)
    );
}

#[tokio::test]
async fn certificates_for_other_names_and_times_are_told() {
    let server = Server::start("elsewhere.example", false).await;
    let named = server.builder().ca_file_pem(server.authority.clone());
    assert_eq!(call(named).await, Err(TlsProblem::WrongName));
    let server = Server::start("localhost", true).await;
    let named = server.builder().ca_file_pem(server.authority.clone());
    assert_eq!(call(named).await, Err(TlsProblem::Expired));
}

#[tokio::test]
async fn plain_servers_are_told() {
    let server = wiremock::MockServer::start().await;
    let plain = builder_at(&format!("https://localhost:{}/", server.address().port()));
    assert_eq!(call(plain).await, Err(TlsProblem::NotTls));
}
