//! What the handlers share.

use std::{net::IpAddr, ops::Deref, sync::Arc};

use app::ports::Console;
use authentik_reqwest::Trail;
use axum::extract::FromRef;
use http::HeaderMap;
use leptos::config::LeptosOptions;
use url::Url;

use crate::{
    api_key::ApiKeys,
    audit::Audit,
    changes::Changes,
    config,
    connection::Connector,
    console::ServerConsole,
    forward_auth::ForwardAuth,
    identity::{Identity, OneTimeCode},
    oidc::{Oidc, Standings},
    session::{Cookies, Session, Sessions},
    store::Database,
    vault::Vault,
    world::Worlds,
};

/// A page that keeps itself fresh sends this: nobody did anything.
const UNATTENDED: &str = "ostiary-unattended";

/// The change sets, over the store in use.
pub(crate) type ServerChanges = Changes<Database>;

/// What the handlers share. Cheap to clone, which is done for every request.
#[derive(Clone)]
pub(crate) struct AppState(Arc<Shared>);

/// What is behind [`AppState`].
pub(crate) struct Shared {
    pub(crate) changes: ServerChanges,
    pub(crate) connector: Connector,
    pub(crate) worlds: Worlds,
    pub(crate) vault: Vault,
    pub(crate) audit: Audit,
    /// Address that people open, where it is another one than that listened on.
    pub(crate) public_url: Option<Url>,
    /// Where browsers report what the content security policy kept from happening.
    pub(crate) csp_report_uri: Option<Url>,
    /// How people come in.
    pub(crate) way_in: config::Entry,
    /// The code of the one-time link.
    pub(crate) link: OneTimeCode,
    pub(crate) identity: Identity,
    pub(crate) oidc: Arc<Oidc>,
    pub(crate) standings: Arc<Standings>,
    pub(crate) sessions: Sessions,
    pub(crate) api_keys: ApiKeys,
    pub(crate) cookies: Cookies,
    pub(crate) trusted_proxies: Vec<IpAddr>,
    /// The proxies that sign people in with authentik before they come here.
    pub(crate) forward_auth: Option<ForwardAuth>,
    /// Time limits for authentik, for a connection that is entered in the browser.
    pub(crate) authentik: config::Authentik,
    pub(crate) leptos: LeptosOptions,
}

impl AppState {
    pub(crate) fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// The services for whoever has `session`, in a request from `from`.
    pub(crate) fn console(
        &self,
        session: Option<Arc<Session>>,
        from: IpAddr,
        trail: Trail,
    ) -> Arc<dyn Console> {
        Arc::new(ServerConsole {
            state: self.clone(),
            session,
            from,
            trail,
        })
    }

    /// The open session that a request's cookie belongs to. It is used by that, unless a page asks by itself.
    pub(crate) fn session(&self, headers: &HeaderMap) -> Option<Arc<Session>> {
        let secret = self.cookies.session(headers)?;
        if headers.contains_key(UNATTENDED) {
            self.sessions.peek(&secret)
        } else {
            self.sessions.find(&secret)
        }
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
