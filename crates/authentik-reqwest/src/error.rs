//! Why no answer came, told apart well enough to say what to do.

use std::{error::Error as StdError, io, time::Duration};

use rustls::CertificateError;

use crate::guard::Refused;

/// Why no answer came from authentik.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The request's URI is not one that this transport sends.
    #[error("the request cannot be sent: {reason}")]
    Address {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The host leads where no connection is made; nothing was sent.
    #[error("{0}")]
    Refused(Refused),
    /// The last calls got no answer, so that authentik is left alone for a while; nothing was sent.
    #[error("{to} did not answer the last calls, so it is {} before it is called again", wait(.retry_in))]
    LeftAlone {
        /// Host, and port where it is not the usual one.
        to: String,
        /// When it is called again; zero while one call finds out.
        retry_in: Duration,
    },
    /// No connection came about.
    #[error("cannot connect to {to}: {problem}")]
    Connect {
        /// Host, and port where it is not the usual one.
        to: String,
        /// What happened.
        problem: ConnectProblem,
        /// The error underneath.
        #[source]
        source: reqwest::Error,
    },
    /// The server could not be authenticated, or speaks no TLS.
    #[error("no secure connection to {to}: {problem}")]
    Tls {
        /// Host, and port where it is not the usual one.
        to: String,
        /// What happened.
        problem: TlsProblem,
        /// The error underneath.
        #[source]
        source: reqwest::Error,
    },
    /// The call took longer than it may.
    #[error("no complete answer within {} s", .limit.as_secs_f32())]
    Timeout {
        /// The limit for the whole call.
        limit: Duration,
    },
    /// The answer has more bytes than are read.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// The connection broke before the answer was complete, or what came is no HTTP.
    #[error("the connection broke before the answer was complete")]
    Interrupted(#[source] reqwest::Error),
}

/// Why no connection came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectProblem {
    /// Nothing listens there.
    #[error("the connection was refused; is authentik running on this port?")]
    Refused,
    /// The name has no address.
    #[error("the host name was not found")]
    NameNotFound,
    /// There is no way to the host.
    #[error("the host or its network cannot be reached")]
    Unreachable,
    /// The host did not answer in time.
    #[error("the host did not answer in time")]
    Timeout,
    /// Something else; the source says what.
    #[error("the connection failed")]
    Other,
}

/// Why TLS failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TlsProblem {
    /// The certificate comes from an authority that is not trusted, or is self-signed.
    #[error(
        "the certificate is not trusted; where authentik has a certificate of its own authority, \
         name that authority's file"
    )]
    NotTrusted,
    /// The certificate is no longer, or not yet, valid.
    #[error("the certificate has expired or is not yet valid")]
    Expired,
    /// The certificate is for other names.
    #[error("the certificate is for another host name")]
    WrongName,
    /// The server does not speak TLS.
    #[error("the server does not speak TLS on this port; is it an http:// address?")]
    NotTls,
    /// Something else; the source says what.
    #[error("the TLS handshake failed")]
    Other,
}

impl Error {
    /// Tells what `source` is. Its URL is removed: queries can hold names of people.
    pub(crate) fn classify(source: reqwest::Error, to: &str, limit: Duration) -> Self {
        let source = source.without_url();
        let to = to.to_owned();
        let refused = causes(&source).find_map(|cause| cause.downcast_ref::<Refused>());
        if let Some(refused) = refused {
            return Self::Refused(refused.clone());
        }
        let tls = causes(&source).find_map(tls_problem);
        if let Some(problem) = tls {
            return Self::Tls {
                to,
                problem,
                source,
            };
        }
        if source.is_connect() {
            let problem = connect_problem(&source);
            return Self::Connect {
                to,
                problem,
                source,
            };
        }
        if source.is_timeout() {
            return Self::Timeout { limit };
        }
        Self::Interrupted(source)
    }

    /// Whether the server said nothing, or nothing that could be understood.
    pub(crate) fn is_silence(&self) -> bool {
        matches!(
            self,
            Self::Connect { .. } | Self::Tls { .. } | Self::Timeout { .. } | Self::Interrupted(_)
        )
    }

    /// Whether nothing was sent, because no connection came about.
    pub(crate) fn is_connect(&self) -> bool {
        matches!(self, Self::Connect { .. })
    }
}

/// Words for a pause; whole seconds, rounded up.
fn wait(pause: &Duration) -> String {
    match pause.as_millis().div_ceil(1000) {
        0 => "being tried with one call".to_owned(),
        1 => "left alone for 1 second".to_owned(),
        seconds => format!("left alone for {seconds} seconds"),
    }
}

/// The chain of causes, each with the error that an I/O error wraps.
fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| {
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        match wrapped {
            Some(wrapped) => Some(wrapped as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
}

fn connect_problem(error: &reqwest::Error) -> ConnectProblem {
    if error.is_dns() {
        return ConnectProblem::NameNotFound;
    }
    let kind = causes(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .map(io::Error::kind);
    for kind in kind {
        match kind {
            io::ErrorKind::ConnectionRefused => return ConnectProblem::Refused,
            io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
                return ConnectProblem::Unreachable;
            }
            _ => {}
        }
    }
    if error.is_timeout() {
        ConnectProblem::Timeout
    } else {
        ConnectProblem::Other
    }
}

fn tls_problem(cause: &(dyn StdError + 'static)) -> Option<TlsProblem> {
    Some(match cause.downcast_ref::<rustls::Error>()? {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => TlsProblem::Expired,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                TlsProblem::WrongName
            }
            _ => TlsProblem::NotTrusted,
        },
        rustls::Error::InvalidMessage(_) => TlsProblem::NotTls,
        _ => TlsProblem::Other,
    })
}
