//! The connection to authentik: what is there, found out once and remembered for a minute.

mod problem;
mod schema;
mod stored;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
    time::Duration,
};

use app::{
    error::AppError,
    model::{Connection, ConnectionSettings, ConnectionSource, Silence, Stale},
    ports::ServerClient,
};
use authentik_api::{
    Capabilities, Client, Transport as _,
    api::{admin::RetrieveSettings, core::users::RetrieveMe},
    operation::Minor,
};
use authentik_reqwest::{CircuitState, Transport};
use bytes::Bytes;
use url::Url;

pub(crate) use self::{problem::no_answer, stored::Stored};
use crate::{clock, memo::Memo};

/// How long a connection that was found good is taken for good.
const KEEP: Duration = Duration::from_mins(1);
/// How often what the schema says is asked for again after a failure: not at all.
const FOR_EVER: Duration = Duration::from_hours(24 * 365);

/// A good connection.
#[derive(Debug, Clone)]
pub(crate) struct Connected {
    /// The typed client.
    pub(crate) client: ServerClient,
    /// What pages are told.
    pub(crate) connection: Connection,
    /// Release line, for the catalogue.
    pub(crate) line: Minor,
}

/// Connects, and remembers.
#[derive(Clone)]
pub(crate) struct Connector {
    inner: Arc<Inner>,
}

/// Which authentik, and where that was said.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// How to reach it; nothing where none is known.
    transport: Option<Transport>,
    settings: ConnectionSettings,
}

impl Target {
    /// No authentik is known yet.
    pub(crate) fn nowhere() -> Self {
        Self {
            transport: None,
            settings: ConnectionSettings {
                source: ConnectionSource::Nowhere,
                url: String::new(),
                public_url: String::new(),
                has_ca: false,
                insecure: false,
            },
        }
    }

    /// An authentik over `transport`, which was made from `stored`.
    pub(crate) fn new(transport: Transport, stored: &Stored, source: ConnectionSource) -> Self {
        let public = stored.public_url.as_ref().map(ToString::to_string);
        Self {
            transport: Some(transport),
            settings: ConnectionSettings {
                source,
                url: stored.url.to_string(),
                public_url: public.unwrap_or_default(),
                has_ca: stored.ca.is_some(),
                insecure: stored.insecure,
            },
        }
    }
}

struct Inner {
    target: RwLock<Target>,
    memo: Memo<Arc<Connected>>,
    /// What the OpenAPI document of each version said: one or two megabytes, asked for once.
    schemas: Mutex<HashMap<String, Memo<Capabilities>>>,
}

impl Connector {
    /// A connector to an authentik.
    pub(crate) fn new(target: Target) -> Self {
        Self {
            inner: Arc::new(Inner {
                target: RwLock::new(target),
                memo: Memo::new(KEEP),
                schemas: Mutex::default(),
            }),
        }
    }

    /// Goes on with another authentik, or another token.
    pub(crate) fn retarget(&self, target: Target) {
        let mut current = self
            .inner
            .target
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *current = target;
        drop(current);
        self.schemas().clear();
        self.inner.memo.forget();
    }

    /// Where the connection comes from, without its token.
    pub(crate) fn settings(&self) -> ConnectionSettings {
        self.target().settings
    }

    /// Where people reach authentik, if one is known.
    pub(crate) fn public_url(&self) -> Option<Url> {
        let transport = self.target().transport?;
        Some(transport.public_url().clone())
    }

    fn target(&self) -> Target {
        let target = self.inner.target.read();
        target.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn schemas(&self) -> MutexGuard<'_, HashMap<String, Memo<Capabilities>>> {
        self.inner
            .schemas
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection, at most a minute old, and only while authentik answers.
    pub(crate) async fn get(&self) -> Result<Arc<Connected>, AppError> {
        let target = self.target();
        if target.transport.is_some_and(|it| !it.circuit().is_closed()) {
            self.inner.memo.expire();
        }
        let connector = self.clone();
        self.inner
            .memo
            .get(move || async move { connector.connect().await })
            .await
    }

    /// The connection, however old it is; an old one is looked at again behind the caller's back.
    pub(crate) async fn get_any(&self) -> Result<Arc<Connected>, AppError> {
        match self.inner.memo.peek() {
            Some((connected, true)) => Ok(connected),
            Some((connected, false)) => {
                let connector = self.clone();
                tokio::spawn(async move { connector.get().await });
                Ok(connected)
            }
            None => self.get().await,
        }
    }

    /// The connection, its capabilities corrected by the server's schema: for plans.
    pub(crate) async fn settled(&self) -> Result<Arc<Connected>, AppError> {
        let connected = self.get().await?;
        let version = connected.connection.capabilities.version.to_string();
        let memo = self.schema(&version);
        let Ok(capabilities) = self.corrected(&memo, &connected).await else {
            return Ok(connected);
        };
        if capabilities == connected.connection.capabilities {
            return Ok(connected);
        }
        let settled = Arc::new(connected.with(capabilities));
        let better = settled.clone();
        // While the schema was read, somebody may have gone over to another authentik.
        let amend = async move |now| {
            Some(if Arc::ptr_eq(&now, &connected) {
                better
            } else {
                now
            })
        };
        self.inner.memo.amend(amend).await;
        Ok(settled)
    }

    /// The connection for showing: where authentik does not answer, what it was before.
    pub(crate) async fn shown(&self) -> Result<Connection, AppError> {
        let why = match self.get().await {
            Ok(connected) => return Ok(connected.connection.clone()),
            Err(why) => why,
        };
        match self.inner.memo.last() {
            Some((last, age)) if why.is_silence() => {
                let mut connection = last.connection.clone();
                connection.stale = Some(self.stale(age, why));
                Ok(connection)
            }
            _ => Err(why),
        }
    }

    /// What is said of something that is so old, and cannot be read again.
    pub(crate) fn stale(&self, age: Duration, why: AppError) -> Stale {
        let circuit = self.target().transport.map(|it| it.circuit());
        let silence = match circuit {
            Some(CircuitState::Open {
                silent_for,
                retry_in,
            }) => Some((silent_for, retry_in)),
            Some(CircuitState::HalfOpen { silent_for }) => Some((silent_for, Duration::ZERO)),
            _ => None,
        };
        Stale {
            read_at: clock::ago(age),
            age_s: age.as_secs(),
            why,
            silence: silence.map(|(silent_for, retry_in)| Silence {
                since: clock::ago(silent_for),
                retry_in_s: retry_in
                    .as_millis()
                    .div_ceil(1000)
                    .try_into()
                    .unwrap_or(u64::MAX),
            }),
        }
    }

    /// Somebody wants to know: authentik is asked even where it was to be left alone for a while.
    pub(crate) fn try_now(&self) {
        if let Some(transport) = &self.target().transport {
            transport.try_now();
        }
    }

    /// Takes the connection for good no more: something is wrong with it.
    pub(crate) fn expire(&self) {
        self.inner.memo.expire();
    }

    /// What an error of a call says; without an answer the connection is looked at again.
    pub(crate) fn failure(
        &self,
        what: &str,
        error: &authentik_api::Error<authentik_reqwest::Error>,
    ) -> AppError {
        let error = problem::upstream(what, error, self.settings().source);
        if matches!(
            error,
            AppError::NotConnected { .. } | AppError::TokenRefused { .. }
        ) {
            self.expire();
        }
        error
    }

    async fn connect(self) -> Result<Arc<Connected>, AppError> {
        let Target {
            transport,
            settings,
        } = self.target();
        let transport = transport.ok_or_else(problem::not_configured)?;
        let known = self.inner.memo.last().is_some();
        let refused = |error| problem::not_connected(&error, settings.source, known);
        let client = Client::connect(transport.clone()).await.map_err(refused)?;
        let capabilities = client.capabilities().clone();
        let me = client.send(&RetrieveMe).await.map_err(refused)?.user;
        let default_app_access = if capabilities.default_app_access_flag() {
            match client.send(&RetrieveSettings).await {
                Ok(settings) => settings.default_app_access(),
                // Whoever may not read the settings gets authentik's default.
                Err(error) if error.is_forbidden() => true,
                Err(error) => return Err(refused(error)),
            }
        } else {
            true
        };
        let memo = self.schema(&capabilities.version.to_string());
        let known = memo.peek().map(|(known, _)| known);
        let connected = Connected {
            line: Minor::from(&capabilities.version),
            connection: Connection {
                authentik_url: transport
                    .public_url()
                    .as_str()
                    .trim_end_matches('/')
                    .to_owned(),
                capabilities,
                me,
                default_app_access,
                demo: settings.source == ConnectionSource::Demo,
                insecure: settings.insecure,
                stale: None,
            },
            client,
        };
        if let Some(known) = known {
            return Ok(Arc::new(connected.with(known)));
        }
        let connected = Arc::new(connected);
        let asked = connected.clone();
        tokio::spawn(async move { self.corrected(&memo, &asked).await });
        Ok(connected)
    }

    fn schema(&self, version: &str) -> Memo<Capabilities> {
        self.schemas()
            .entry(version.to_owned())
            .or_insert_with(|| Memo::new(FOR_EVER))
            .clone()
    }

    /// The capabilities as the schema corrects them. Where it cannot be read, those of the version
    /// stand; where nothing answers, the next caller asks again.
    async fn corrected(
        &self,
        memo: &Memo<Capabilities>,
        connected: &Connected,
    ) -> Result<Capabilities, AppError> {
        let transport = connected.client.transport().clone();
        let mut capabilities = connected.connection.capabilities.clone();
        memo.get(move || async move {
            let mut request = http::Request::new(Bytes::new());
            *request.uri_mut() = http::Uri::from_static(schema::PATH);
            request.extensions_mut().insert(schema::OPERATION);
            let answer = transport
                .execute(request)
                .await
                .map_err(|error| no_answer(&error))?;
            let read = answer
                .status()
                .is_success()
                .then(|| schema::read(answer.body()))
                .flatten();
            if let Some(schema) = read {
                capabilities.correct(&schema);
            } else {
                tracing::warn!(
                    status = answer.status().as_u16(),
                    "authentik's schema cannot be read: its version alone decides what it can do"
                );
            }
            Ok(capabilities)
        })
        .await
    }
}

impl Connected {
    /// The same connection with other capabilities.
    fn with(&self, capabilities: Capabilities) -> Self {
        let mut connection = self.connection.clone();
        connection.capabilities = capabilities.clone();
        Self {
            client: Client::new(self.client.transport().clone(), capabilities),
            connection,
            line: self.line,
        }
    }
}
