//! Signing in with authentik itself, by OpenID Connect.
//!
//! Ostiary is a client of the authentik that it is connected to, and of no other. Everything goes over the one
//! transport; roles come from the names of groups, first those of the ID token, then, looked at again and again,
//! those that the API tells (see [`standing`]).

mod attempt;
mod client;
mod logout;
mod problem;
mod registration;
mod standing;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use app::{
    error::AppError,
    model::{OperatorScope, Role, RoleGroups, SignInSettings},
    visitor::Ways,
};
use authentik_api::UserPk;
use authentik_reqwest::Transport;
use tokio::{sync::Semaphore, time::timeout};
use url::Url;

pub(crate) use self::{
    attempt::{Attempt, LIFE_MS, Purpose},
    problem::Problem,
    registration::Registration,
    standing::{Standing, Standings},
};
use self::{client::Provider, registration::with_ancestors};
use crate::{
    clock,
    connection::Connector,
    memo::Memo,
    random::Digest,
    store::{Database, IdentityStore as _},
    vault::Vault,
    world::Worlds,
};

/// So long authentik's description of itself and its keys are taken for right.
const KEEP: Duration = Duration::from_mins(10);
/// So often at most they are asked for because of a signature that fits no key.
const AGAIN: Duration = Duration::from_mins(1);

/// So many people may come back from authentik at once.
const TURNS: usize = 8;
/// So long one more waits.
const PATIENCE: Duration = Duration::from_secs(15);

/// Somebody who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Login {
    pub(crate) user: UserPk,
    pub(crate) name: String,
    /// authentik's session; empty where it says none.
    pub(crate) sid: String,
    /// Names of their groups.
    pub(crate) groups: Vec<String>,
    /// When they last proved to authentik who they are; 0 where it does not say.
    pub(crate) proven_ms: i64,
}

/// Signing in with authentik.
pub(crate) struct Oidc {
    vault: Vault,
    store: Database,
    connector: Connector,
    worlds: Worlds,
    registration: RwLock<Option<Arc<Registration>>>,
    /// Whether the administrator's passphrase lets nobody in.
    closed: AtomicBool,
    provider: Memo<Arc<Provider>>,
    asked_again: Mutex<Option<Instant>>,
    /// So many sign-ins are finished at once: strangers begin as many as they like.
    turns: Semaphore,
    /// One change of the registration at a time.
    writing: tokio::sync::Mutex<()>,
    /// What only attempts of this process are made with.
    key: Digest,
    /// What became of the last try, by the session that it was begun in.
    tries: Mutex<HashMap<String, (bool, String, String)>>,
}

impl Oidc {
    /// What the vault and the database hold.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(crate) async fn load(
        vault: Vault,
        store: Database,
        connector: Connector,
        worlds: Worlds,
    ) -> Result<Self, AppError> {
        let registration = Registration::load(&vault).await?;
        let administrator = store.administrator().await?;
        Ok(Self {
            vault,
            store,
            connector,
            worlds,
            registration: RwLock::new(registration.map(Arc::new)),
            closed: AtomicBool::new(administrator.is_some_and(|known| known.closed)),
            provider: Memo::new(KEEP),
            asked_again: Mutex::default(),
            turns: Semaphore::new(TURNS),
            writing: tokio::sync::Mutex::default(),
            key: rand::random(),
            tries: Mutex::default(),
        })
    }

    /// The registration, where it is for the connected authentik.
    pub(crate) fn registration(&self) -> Option<Arc<Registration>> {
        let registration = self.registration.read();
        let registration = registration
            .unwrap_or_else(PoisonError::into_inner)
            .clone()?;
        let connected = self.connector.public_url();
        (connected.as_ref() == Some(&registration.authentik)).then_some(registration)
    }

    /// Whether people may sign in with authentik: somebody did so as an administrator.
    pub(crate) fn is_on(&self) -> bool {
        self.registration()
            .is_some_and(|registration| !registration.tried_by.is_empty())
    }

    /// Whether the administrator's passphrase lets nobody in. Never where nothing else does.
    pub(crate) fn is_passphrase_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed) && self.is_on()
    }

    /// The ways that the sign-in page offers.
    pub(crate) fn ways(&self) -> Ways {
        Ways {
            passphrase: !self.is_passphrase_closed(),
            authentik: self.is_on(),
        }
    }

    /// What the page of the settings shows.
    pub(crate) fn settings(&self, session: &str) -> SignInSettings {
        let registration = self.registration();
        let tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |text: fn(&Registration) -> String| {
            registration.as_deref().map(text).unwrap_or_default()
        };
        SignInSettings {
            is_set_up: registration.is_some(),
            is_on: self.is_on(),
            slug: of(|registration| registration.slug.clone()),
            redirect_uri: of(|registration| registration.redirect_uri.to_string()),
            groups: registration
                .as_ref()
                .map(|registration| registration.groups.clone())
                .unwrap_or_default(),
            scope: registration
                .as_ref()
                .map(|registration| registration.scope.clone())
                .unwrap_or_default(),
            tried_by: of(|registration| registration.tried_by.clone()),
            passphrase_closed: self.is_passphrase_closed(),
            last_try: tries.get(session).cloned(),
        }
    }

    /// Keeps a registration in the place of any before.
    pub(crate) async fn keep(&self, registration: Registration) -> Result<(), AppError> {
        let _writing = self.writing.lock().await;
        self.put(registration).await
    }

    async fn put(&self, registration: Registration) -> Result<(), AppError> {
        registration.keep(&self.vault).await?;
        self.set(Some(registration));
        Ok(())
    }

    /// Lets other groups have a role, and operators change other things.
    pub(crate) async fn set_groups(
        &self,
        groups: RoleGroups,
        scope: OperatorScope,
    ) -> Result<(), AppError> {
        let _writing = self.writing.lock().await;
        let Some(registration) = self.registration() else {
            return Err(not_set_up());
        };
        let registration = Registration {
            groups,
            scope,
            ..Registration::clone(&registration)
        };
        self.put(registration).await
    }

    /// Signs nobody in with authentik any more, and opens the passphrase.
    pub(crate) async fn remove(&self) -> Result<(), AppError> {
        self.close_passphrase(false).await?;
        let _writing = self.writing.lock().await;
        Registration::remove(&self.vault).await?;
        self.set(None);
        Ok(())
    }

    /// Closes the passphrase, or opens it.
    pub(crate) async fn close_passphrase(&self, closed: bool) -> Result<(), AppError> {
        if closed && !self.is_on() {
            return Err(not_set_up());
        }
        self.store.set_passphrase_closed(closed).await?;
        self.closed.store(closed, Ordering::Relaxed);
        Ok(())
    }

    /// Where to send a browser to sign in, and what to remember of it there.
    pub(crate) async fn begin(
        &self,
        purpose: Purpose,
        then: &str,
    ) -> Result<(Attempt, Url), Problem> {
        let (registration, transport) = self.ready(&purpose).await?;
        let provider = self.provider(&transport, &registration).await?;
        let attempt = Attempt::begin(purpose, then, self.key);
        let url = provider.authorize(&registration, &attempt)?;
        Ok((attempt, url))
    }

    /// The attempt that a cookie holds, if `state` is the one that was made for it.
    pub(crate) fn attempt(&self, cookie: &str, state: &str) -> Option<Attempt> {
        let attempt = Attempt::read(cookie, clock::now_ms(), self.key)?;
        attempt.is_state(state).then_some(attempt)
    }

    /// Who came back with `code`, and the role that their groups give, if any does.
    pub(crate) async fn finish(
        &self,
        attempt: &Attempt,
        code: &str,
    ) -> Result<(Login, Option<Role>), Problem> {
        let turn = timeout(PATIENCE, self.turns.acquire()).await;
        let _turn = turn
            .map_err(|_| Problem::Busy)?
            .map_err(|_| Problem::Busy)?;
        let (registration, transport) = self.ready(&attempt.purpose).await?;
        let provider = self.provider(&transport, &registration).await?;
        let tokens = provider
            .exchange(&transport, &registration, attempt, code)
            .await?;
        let login = match provider.verify(&registration, attempt, &tokens) {
            Err(Problem::Key) => self
                .provider_again(&transport, &registration, &provider)
                .await?
                .verify(&registration, attempt, &tokens),
            other => other,
        }?;
        let role = self.role_of(&registration, &login.groups).await;
        let told = role.map_err(Problem::Unreachable)?;
        // The API has the last word: what a token says depends on mappings and on the provider's settings.
        let account = self.account(login.user).await;
        let Some(account) = account.map_err(Problem::Unreachable)? else {
            return Ok((login, None));
        };
        if account.username != login.name {
            return Err(Problem::Token("its subject is somebody else".to_owned()));
        }
        let known = self.role_of_user(&registration, account).await;
        let known = known.map_err(Problem::Unreachable)?;
        Ok((login, told.min(known)))
    }

    /// Notes what became of a try.
    pub(crate) async fn tried(
        &self,
        session: &str,
        outcome: Result<(Login, Option<Role>), Problem>,
    ) -> Result<(), AppError> {
        let told = match outcome {
            Ok((login, Some(Role::Admin))) => {
                let _writing = self.writing.lock().await;
                let Some(registration) = self.registration() else {
                    return Err(not_set_up());
                };
                let mut registration = Registration::clone(&registration);
                registration.tried_by.clone_from(&login.name);
                self.put(registration).await?;
                let text = format!(
                    "authentik let {} in, as an administrator of Ostiary.",
                    login.name
                );
                (true, "It works".to_owned(), text)
            }
            Ok((login, role)) => {
                let role = role.map_or("nobody", Role::as_str);
                let text = format!(
                    "authentik let {} in, but as {role}. Before it is offered on the sign-in page, an administrator has to \
                     come in by it: join one of the groups for administrators, or choose other groups.",
                    login.name
                );
                (
                    false,
                    "It works, but not for an administrator".to_owned(),
                    text,
                )
            }
            Err(problem) => {
                let (title, text) = problem.details();
                (false, title, text)
            }
        };
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        // Only administrators try: there are few, and nobody needs the tries of yesterday.
        if tries.len() >= 100 {
            tries.clear();
        }
        tries.insert(session.to_owned(), told);
        Ok(())
    }

    /// The role that these groups, and those above them, give.
    async fn role_of(
        &self,
        registration: &Registration,
        groups: &[String],
    ) -> Result<Option<Role>, AppError> {
        let world = self.worlds.get().await?;
        let names = with_ancestors(groups, &world.groups);
        Ok(registration.role_of(&names))
    }

    async fn ready(&self, purpose: &Purpose) -> Result<(Arc<Registration>, Transport), Problem> {
        let registration = self.registration().ok_or(Problem::NotSetUp)?;
        if registration.tried_by.is_empty() && !matches!(purpose, Purpose::Try(_)) {
            return Err(Problem::NotSetUp);
        }
        let connected = self.connector.get_any().await;
        let connected = connected.map_err(Problem::Unreachable)?;
        Ok((registration, connected.client.transport().clone()))
    }

    /// authentik as it describes itself. Whoever asks while it is being asked waits for the same answer.
    async fn provider(
        &self,
        transport: &Transport,
        registration: &Arc<Registration>,
    ) -> Result<Arc<Provider>, Problem> {
        let (transport, registration) = (transport.clone(), registration.clone());
        let discover = move || async move {
            let found = Provider::discover(&transport, &registration).await;
            found.map(Arc::new).map_err(AppError::from)
        };
        self.provider.get(discover).await.map_err(Problem::from)
    }

    /// The provider with the keys of now, since those of `failed` do not fit. It is asked once a minute at most.
    async fn provider_again(
        &self,
        transport: &Transport,
        registration: &Arc<Registration>,
        failed: &Arc<Provider>,
    ) -> Result<Arc<Provider>, Problem> {
        if let Some((known, true)) = self.provider.peek()
            && !Arc::ptr_eq(&known, failed)
        {
            return Ok(known);
        }
        if !self.may_ask_again() {
            return Err(Problem::Key);
        }
        self.provider.forget();
        self.provider(transport, registration).await
    }

    fn may_ask_again(&self) -> bool {
        let mut asked = self
            .asked_again
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let may = asked.is_none_or(|asked| asked.elapsed() >= AGAIN);
        if may {
            *asked = Some(Instant::now());
        }
        may
    }

    fn set(&self, registration: Option<Registration>) {
        let mut current = self
            .registration
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *current = registration.map(Arc::new);
        drop(current);
        self.provider.forget();
        self.tries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

fn not_set_up() -> AppError {
    AppError::Conflict("Signing in with authentik is not set up".to_owned())
}
