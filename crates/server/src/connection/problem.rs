//! What is wrong with the connection, in words, with a way out.

use app::{error::AppError, model::ConnectionSource};
use authentik_api::Error;
use authentik_reqwest::{ConnectProblem, Error as TransportError, TlsProblem};

/// Nobody has said where authentik is.
pub(super) fn not_configured() -> AppError {
    problem(
        "No authentik is connected yet",
        "Ostiary does not know the address of an authentik, or has no token for it.",
        "Enter both under Settings, Connection. Or set OSTIARY_AUTHENTIK__URL, and \
         OSTIARY_AUTHENTIK__TOKEN or OSTIARY_AUTHENTIK__TOKEN_FILE, and start Ostiary again. To look \
         around without an authentik, start it with --demo.",
    )
}

/// Why connecting failed; `known` where it worked before.
pub(super) fn not_connected(
    error: &Error<TransportError>,
    source: ConnectionSource,
    known: bool,
) -> AppError {
    match error {
        Error::Transport(error) => no_answer(error),
        _ if error.is_forbidden() => token_refused(error, source, known),
        Error::Unexpected {
            status: 300..=399, ..
        } => problem(
            "The address of authentik leads elsewhere",
            format!("{error}."),
            "Ostiary does not follow redirects with a token. Open the address in a browser, and set \
             OSTIARY_AUTHENTIK__URL to the one where it ends, with https:// if that is so.",
        ),
        Error::Rejected {
            status: 500..=599, ..
        }
        | Error::Unexpected {
            status: 500..=599, ..
        } => problem(
            "authentik is there, but fails",
            format!("{error}."),
            "Is it still starting? Wait a minute and try again; if it stays so, its own log \
                 (docker compose logs server) says why.",
        ),
        _ => problem(
            "This does not look like authentik",
            format!("{error}."),
            "Check OSTIARY_AUTHENTIK__URL: it is the address at which people sign in, without \
             /if/admin/ or /api/v3/. A proxy that asks for a sign-in of its own must let /api/v3/ \
             through.",
        ),
    }
}

/// The token is not accepted, or no longer.
fn token_refused(error: &Error<TransportError>, source: ConnectionSource, known: bool) -> AppError {
    let title = if known {
        "authentik does not accept the token any more"
    } else {
        "authentik refuses the token"
    };
    let give = match source {
        ConnectionSource::Configuration | ConnectionSource::Demo => {
            "give it to Ostiary as OSTIARY_AUTHENTIK__TOKEN or OSTIARY_AUTHENTIK__TOKEN_FILE, and \
             start Ostiary again."
        }
        ConnectionSource::Vault | ConnectionSource::Nowhere => {
            "and enter it under Settings, Connection."
        }
    };
    let kept = if known {
        " Drafts and change sets are kept; what was broken off can go on then."
    } else {
        ""
    };
    AppError::TokenRefused {
        title: title.to_owned(),
        detail: format!("{error}."),
        way_out: format!(
            "Make a new API token in authentik (Directory, Tokens and App passwords, intent “API \
             Token”, for a user of the group “authentik Admins”), {give}{kept}"
        ),
    }
}

/// Why no answer came.
pub(crate) fn no_answer(error: &TransportError) -> AppError {
    let (title, way_out) = match error {
        TransportError::Connect { problem, .. } => connect(*problem),
        TransportError::Tls { problem, .. } => tls(*problem),
        TransportError::Refused(_) => (
            "Ostiary does not connect to this address",
            "Link-local addresses and clouds' metadata services are out of reach, so that no typed \
             address can ask them for credentials. Set OSTIARY_AUTHENTIK__URL to an address of \
             authentik in a network, and look at what its name resolves to.",
        ),
        TransportError::LeftAlone { .. } => (
            "authentik does not answer",
            "Is it running? The next page asks again once the time is up; “Try again” asks at once.",
        ),
        TransportError::Timeout { .. } => (
            "authentik takes too long to answer",
            "Is it busy, or still starting? Try again in a minute. OSTIARY_AUTHENTIK__TIMEOUT sets \
             how many seconds Ostiary waits.",
        ),
        TransportError::TooLarge { .. } => (
            "An answer of authentik is too large",
            "Is the address that of authentik? See OSTIARY_AUTHENTIK__URL.",
        ),
        _ => (
            "The connection to authentik broke",
            "Try again. If it happens often, look at the network and at proxies in between.",
        ),
    };
    problem(title, format!("{error}."), way_out)
}

const fn connect(problem: ConnectProblem) -> (&'static str, &'static str) {
    match problem {
        ConnectProblem::NameNotFound => (
            "The host of authentik is not found",
            "Check the spelling of OSTIARY_AUTHENTIK__URL, and whether the name can be resolved on \
             the machine where Ostiary runs. In Docker a name such as “server” works only inside \
             the same network.",
        ),
        _ => (
            "authentik does not answer",
            "Is it running, and is OSTIARY_AUTHENTIK__URL its address and port, as seen from the \
             machine where Ostiary runs?",
        ),
    }
}

const fn tls(problem: TlsProblem) -> (&'static str, &'static str) {
    match problem {
        TlsProblem::NotTrusted => (
            "The certificate of authentik is not trusted",
            "If it comes from a certificate authority of your own, set OSTIARY_AUTHENTIK__CA_FILE \
             to the file with the authority's certificate (PEM) and start Ostiary again.",
        ),
        TlsProblem::NotTls => (
            "authentik does not speak TLS at this port",
            "Set OSTIARY_AUTHENTIK__URL to the port for https (9443 in Docker Compose), or write \
             http:// for the port without.",
        ),
        _ => (
            "There is no secure connection to authentik",
            "Mend its certificate, or set OSTIARY_AUTHENTIK__URL to the name that stands in it.",
        ),
    }
}

/// A single question failed, while the connection may be good.
pub(super) fn upstream(
    what: &str,
    error: &Error<TransportError>,
    source: ConnectionSource,
) -> AppError {
    match error {
        Error::Transport(error) => no_answer(error),
        _ if error.is_token_refused() => token_refused(error, source, true),
        Error::Rejected {
            status, problem, ..
        } => AppError::Upstream {
            what: what.to_owned(),
            detail: problem.summary(),
            status: Some(*status),
        },
        other => AppError::Upstream {
            what: what.to_owned(),
            detail: other.to_string(),
            status: other.status(),
        },
    }
}

fn problem(title: &str, detail: impl Into<String>, way_out: &str) -> AppError {
    AppError::NotConnected {
        title: title.to_owned(),
        detail: detail.into(),
        way_out: way_out.to_owned(),
    }
}
