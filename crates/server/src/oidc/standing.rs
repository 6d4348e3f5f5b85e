//! Whether somebody who came in with authentik may still be here.
//!
//! What an ID token said is true of the moment of signing in. Whoever is taken out of a group, or whose account is
//! ended, has to lose their role here within five minutes; so the API is asked again when somebody comes whose
//! standing was found out a minute ago, and they wait for the answer when that was three minutes ago (which groups are
//! above which may be known for a minute by then). Without an
//! answer nobody stays: then the local passphrase is the way in.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use app::{
    error::AppError,
    model::{Role, RoleGroups},
};
use authentik_api::{
    UserPk,
    api::core::users::{ListUsers, RetrieveUser},
    models::User,
};
use tokio::time::timeout;

use super::{Login, Oidc, Problem, Registration};

/// After so long authentik is asked again, behind the visitor's back.
const FRESH: Duration = Duration::from_mins(1);
/// After so long the visitor waits for the answer.
const OLD: Duration = Duration::from_mins(3);
/// So long authentik may think about it: with [`OLD`] and the age of the world less than five minutes.
const PATIENCE: Duration = Duration::from_secs(10);
/// So long nobody waits again after it did not answer.
const PAUSE: Duration = Duration::from_secs(10);

/// What somebody is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// They have a role.
    Role(Role),
    /// Their account is ended, or none of their groups gives a role any more.
    Gone,
}

/// What is known of people, and since when.
#[derive(Default)]
pub(crate) struct Standings {
    known: Mutex<HashMap<UserPk, (Instant, Standing)>>,
    /// When authentik last did not say: nobody waits for it again at once.
    failed: Mutex<Option<Instant>>,
    asking: tokio::sync::Mutex<()>,
}

impl Standings {
    /// Notes what somebody is who has just signed in.
    pub(crate) fn note(&self, user: UserPk, standing: Standing) {
        self.lock().insert(user, (Instant::now(), standing));
    }

    /// Notes that somebody has no role. Whether that is news: it was not known a minute ago.
    pub(crate) fn note_gone(&self, user: UserPk) -> bool {
        let known = matches!(self.peek(user), Some((Standing::Gone, false)));
        if !known {
            self.note(user, Standing::Gone);
        }
        !known
    }

    /// What somebody is, and whether it is time to ask again.
    fn peek(&self, user: UserPk) -> Option<(Standing, bool)> {
        let (since, standing) = *self.lock().get(&user)?;
        let age = since.elapsed();
        (age < OLD).then_some((standing, age >= FRESH))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<UserPk, (Instant, Standing)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What somebody is, found out at most five minutes ago.
    ///
    /// # Errors
    /// When authentik does not say.
    pub(crate) async fn of(
        self: &Arc<Self>,
        oidc: &Arc<Oidc>,
        user: UserPk,
    ) -> Result<Standing, AppError> {
        match self.peek(user) {
            Some((standing, false)) => Ok(standing),
            Some((standing, true)) => {
                let (standings, oidc) = (self.clone(), oidc.clone());
                tokio::spawn(async move {
                    // One asks; whoever comes meanwhile takes what is known.
                    if let Ok(_asking) = standings.asking.try_lock()
                        && let Err(error) = standings.ask(&oidc, user).await
                    {
                        tracing::warn!(%error, %user, "authentik does not say what somebody is");
                    }
                });
                Ok(standing)
            }
            None => {
                let _asking = self.asking.lock().await;
                match self.peek(user) {
                    Some((standing, _)) => Ok(standing),
                    None if self.has_just_failed() => Err(silent()),
                    None => self.ask(oidc, user).await,
                }
            }
        }
    }

    /// Forgets everybody: they are of another authentik.
    pub(crate) fn clear(&self) {
        self.lock().clear();
        *self.failure() = None;
    }

    async fn ask(&self, oidc: &Oidc, user: UserPk) -> Result<Standing, AppError> {
        let asked = timeout(PATIENCE, oidc.standing(user)).await;
        let asked = asked.unwrap_or_else(|_| Err(silent()));
        *self.failure() = asked.is_err().then(Instant::now);
        let standing = asked?;
        self.note(user, standing);
        Ok(standing)
    }

    fn has_just_failed(&self) -> bool {
        self.failure().is_some_and(|at| at.elapsed() < PAUSE)
    }

    fn failure(&self) -> MutexGuard<'_, Option<Instant>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn silent() -> AppError {
    AppError::Internal("authentik takes too long".to_owned())
}

impl Oidc {
    /// What somebody is now, as the API says.
    async fn standing(&self, user: UserPk) -> Result<Standing, AppError> {
        let Some(registration) = self.registration().filter(|_| self.is_on()) else {
            return Ok(Standing::Gone);
        };
        let role = match self.account(user).await? {
            Some(account) => self.role_of_user(&registration, account).await?,
            None => None,
        };
        Ok(role.map_or(Standing::Gone, Standing::Role))
    }

    /// The role that somebody would have if these groups gave the roles.
    pub(crate) async fn role_under(
        &self,
        user: UserPk,
        groups: &RoleGroups,
    ) -> Result<Option<Role>, AppError> {
        let (Some(registration), Some(account)) = (self.registration(), self.account(user).await?)
        else {
            return Ok(None);
        };
        let registration = Registration {
            groups: groups.clone(),
            ..Registration::clone(&registration)
        };
        self.role_of_user(&registration, account).await
    }

    /// Somebody's account, unless it is ended.
    pub(super) async fn account(&self, user: UserPk) -> Result<Option<User>, AppError> {
        let client = &self.connector.get_any().await?.client;
        let found = client.send_opt(&RetrieveUser { pk: user }).await;
        let found = found.map_err(|error| self.connector.failure("The account", &error))?;
        Ok(found.filter(|user| user.is_active == Some(true)))
    }

    /// Somebody whom a proxy has signed in with authentik, and the role that they have.
    ///
    /// # Errors
    /// When signing in with authentik is not set up, authentik does not answer, or it knows nobody of this name.
    pub(crate) async fn vouched(&self, name: &str) -> Result<(Login, Option<Role>), Problem> {
        let registration = self.registration().filter(|_| self.is_on());
        let registration = registration.ok_or(Problem::NotSetUp)?;
        let account = self.account_named(name).await;
        let account = account.map_err(Problem::Unreachable)?;
        let account = account.ok_or_else(|| Problem::Unknown(name.to_owned()))?;
        let login = Login {
            user: account.pk,
            name: account.username.clone(),
            sid: String::new(),
            groups: Vec::new(),
            // A proxy does not say when; what is dangerous asks authentik itself.
            proven_ms: 0,
        };
        let role = self.role_of_user(&registration, account).await;
        Ok((login, role.map_err(Problem::Unreachable)?))
    }

    /// The account of a login name, unless it is ended.
    async fn account_named(&self, name: &str) -> Result<Option<User>, AppError> {
        let client = &self.connector.get_any().await?.client;
        let list = ListUsers::default().username(name).is_active(true);
        let found = client.all(list).await;
        let found = found.map_err(|error| self.connector.failure("The account", &error))?;
        // Should a filter not be known, it is ignored.
        let is_theirs = |user: &User| user.username == name && user.is_active == Some(true);
        Ok(found.into_iter().find(is_theirs))
    }

    /// The role that the groups of an account give.
    pub(super) async fn role_of_user(
        &self,
        registration: &Registration,
        account: User,
    ) -> Result<Option<Role>, AppError> {
        let groups = account.groups_obj.unwrap_or_default();
        let names: Vec<String> = groups.into_iter().map(|group| group.name).collect();
        self.role_of(registration, &names).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standing_is_known_for_a_while_only() {
        let standings = Standings::default();
        let user = UserPk(7);
        assert_eq!(standings.peek(user), None);
        standings.note(user, Standing::Role(Role::Admin));
        assert_eq!(
            standings.peek(user),
            Some((Standing::Role(Role::Admin), false))
        );
        let at = |age: Duration| {
            let since = Instant::now().checked_sub(age).unwrap();
            standings.lock().insert(user, (since, Standing::Gone));
            standings.peek(user)
        };
        assert_eq!(at(FRESH), Some((Standing::Gone, true)));
        assert_eq!(at(OLD), None);
        assert!(OLD + Duration::from_mins(1) + PATIENCE < Duration::from_mins(5));
    }
}
