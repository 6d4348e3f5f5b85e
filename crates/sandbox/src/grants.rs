//! What clients hold: authorization codes, access tokens and refresh tokens.

use crate::rows::Row;
use serde_json::Value;
use std::collections::HashMap;

/// What a person let a client have.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    /// Primary key of the provider.
    pub(crate) provider: Value,
    pub(crate) user: i64,
    /// Primary key of the browser session.
    pub(crate) session: Value,
    /// What tokens call that session.
    pub(crate) sid: String,
    pub(crate) scopes: Vec<String>,
    /// Empty where the client sent none.
    pub(crate) nonce: String,
    /// When the person signed in, in seconds since 1970.
    pub(crate) auth_time: i64,
}

/// An authorization code.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub(crate) grant: Grant,
    pub(crate) redirect_uri: String,
    /// The challenge of PKCE and whether it is a hash (`S256`).
    pub(crate) challenge: Option<(String, bool)>,
    pub(crate) expires: i64,
}

/// An access token.
#[derive(Debug, Clone)]
pub(crate) struct Access {
    pub(crate) token: String,
    pub(crate) grant: Grant,
    /// What introspection shows.
    pub(crate) claims: Row,
    pub(crate) expires: i64,
}

/// A refresh token.
#[derive(Debug, Clone)]
pub(crate) struct Refresh {
    pub(crate) token: String,
    pub(crate) grant: Grant,
    pub(crate) expires: i64,
}

/// Somebody signed in to an application: whom to tell when the session ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Visit {
    pub(crate) session: Value,
    pub(crate) sid: String,
    pub(crate) provider: Value,
    pub(crate) issuer: Value,
    pub(crate) subject: Value,
}

/// A logout token that waits to be sent to an application (`OpenID` Connect Back-Channel Logout 1.0).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logout {
    /// Where the application wants it, as a POST of a form with the field `logout_token`.
    pub uri: String,
    /// The signed token.
    pub token: String,
}

#[derive(Debug, Default)]
pub(crate) struct Grants {
    codes: HashMap<String, Code>,
    access: Vec<Access>,
    refresh: Vec<Refresh>,
    visits: Vec<Visit>,
    pub(crate) logouts: Vec<Logout>,
}

impl Grants {
    pub(crate) fn add_code(&mut self, text: String, code: Code) {
        self.codes.insert(text, code);
    }

    pub(crate) fn code(&self, text: &str) -> Option<&Code> {
        self.codes.get(text)
    }

    /// A code is good once.
    pub(crate) fn use_up(&mut self, text: &str) {
        self.codes.remove(text);
    }

    pub(crate) fn add_access(&mut self, access: Access) {
        self.access.push(access);
    }

    pub(crate) fn access(&self, token: &str, now: i64) -> Option<&Access> {
        self.access
            .iter()
            .find(|access| access.token == token && access.expires > now)
    }

    pub(crate) fn add_refresh(&mut self, refresh: Refresh) {
        self.refresh.push(refresh);
    }

    pub(crate) fn refresh(&self, token: &str, now: i64) -> Option<&Refresh> {
        self.refresh
            .iter()
            .find(|refresh| refresh.token == token && refresh.expires > now)
    }

    /// Takes a token of a client back, of whichever kind it is.
    pub(crate) fn revoke(&mut self, provider: &Value, token: &str) {
        self.access
            .retain(|it| it.token != token || it.grant.provider != *provider);
        self.refresh
            .retain(|it| it.token != token || it.grant.provider != *provider);
    }

    /// Forgets what nobody can use any more.
    pub(crate) fn expire(&mut self, now: i64) {
        self.codes.retain(|_, code| code.expires > now);
        self.access.retain(|access| access.expires > now);
        self.refresh.retain(|refresh| refresh.expires > now);
    }

    /// Takes everything of a person back.
    pub(crate) fn forget_user(&mut self, user: i64) {
        self.codes.retain(|_, code| code.grant.user != user);
        self.access.retain(|access| access.grant.user != user);
        self.refresh.retain(|refresh| refresh.grant.user != user);
    }

    /// Takes codes and, where they end with the session, access tokens back.
    pub(crate) fn forget_session(&mut self, session: &Value, access_too: bool) {
        self.codes.retain(|_, code| code.grant.session != *session);
        if access_too {
            self.access
                .retain(|access| access.grant.session != *session);
        }
    }

    pub(crate) fn add_visit(&mut self, visit: Visit) {
        if !self.visits.contains(&visit) {
            self.visits.push(visit);
        }
    }

    /// The visits of a session, which are over.
    pub(crate) fn take_visits(&mut self, session: &Value) -> Vec<Visit> {
        let (over, left) = std::mem::take(&mut self.visits)
            .into_iter()
            .partition(|visit| visit.session == *session);
        self.visits = left;
        over
    }
}
