//! `POST /settings/sign-in`: Ostiary becomes an application of authentik, and people sign in with it.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use app::{
    error::AppError,
    links,
    model::{Audited, OperatorScope, Role, RoleGroups, Scoped, SignInMethod},
};
use authentik_api::api::core::applications::RetrieveApplication;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use http::header::HOST;
use setup::{
    FieldErrors,
    change::State as ChangeState,
    oidc_application::{Access, Draft},
};
use tokio::time::timeout;
use url::Url;

use super::{end_of_accounts, note};
use crate::{
    audit::{Actor, Event},
    checks, clock,
    gate::Posted,
    identity::Denied,
    oidc::Registration,
    presets,
    session::Session,
    state::AppState,
};

/// Id of Ostiary's own preset, and the slug of its application.
const PRESET: &str = "ostiary";
/// So long the change set may take.
const PATIENCE: Duration = Duration::from_secs(45);

/// Does what the button of the form says.
pub(super) async fn change(
    State(state): State<AppState>,
    Extension(own): Extension<Arc<Session>>,
    form: Posted,
) -> Response {
    match act(&state, &own, &form).await {
        Ok(()) => Redirect::to(links::SIGN_IN_SETTINGS).into_response(),
        Err(denied) => {
            note(&state, &own, &form, Audited::SignInSettings, &denied).await;
            form.refused(&state, links::SIGN_IN_SETTINGS, denied).await
        }
    }
}

async fn act(state: &AppState, own: &Session, form: &Posted) -> Result<(), Denied> {
    if !own.is_stepped_up(clock::now_ms()) {
        return Err(AppError::StepUp.into());
    }
    let by = Actor::of(own, form.origin(state).address);
    let noted = async |about: &str| {
        let event = Event::done(Audited::SignInSettings, about);
        state.audit.record(&by, event).await
    };
    match form.text("do") {
        "set-up" => {
            let groups = groups(state, form).await?;
            let scope = scope(state, form).await?;
            let base = own_address(state, form)?;
            noted(&format!("Set up at {base}")).await?;
            set_up(state, &by, (groups, scope), base).await?;
            end_of_accounts(state).await?;
        }
        "groups" => {
            let groups = groups(state, form).await?;
            let scope = scope(state, form).await?;
            stays_in(state, own, &groups).await?;
            let about = format!(
                "Groups: {}; operators may change {}",
                in_words(&groups),
                scope.words()
            );
            noted(&about).await?;
            state.oidc.set_groups(groups, scope).await?;
        }
        "close" => {
            // Whoever is here by authentik has shown that it works.
            if own.method != SignInMethod::Authentik {
                let why = "Sign in with authentik first, so that it is sure that you can";
                return Err(AppError::Conflict(why.to_owned()).into());
            }
            noted("The passphrase is closed").await?;
            state.oidc.close_passphrase(true).await?;
            let others = |session: &Session| session.method == SignInMethod::Passphrase;
            state.sessions.end(others).await?;
        }
        "open" => {
            noted("The passphrase is open").await?;
            state.oidc.close_passphrase(false).await?;
        }
        "remove" => {
            scope_is_not_lost(state)?;
            noted("Nobody signs in with authentik any more").await?;
            state.oidc.remove().await?;
            let theirs = |session: &Session| session.method.is_account() && session.id != own.id;
            state.sessions.end(theirs).await?;
        }
        other => {
            let what = format!("There is no such button: “{other}”");
            return Err(AppError::Conflict(what).into());
        }
    }
    Ok(())
}

/// What operators may change is kept with the sign-in: without it, their keys could change everything.
fn scope_is_not_lost(state: &AppState) -> Result<(), Denied> {
    let own = state.oidc.registration();
    let has_scope = own.is_some_and(|own| !own.scope.is_everything());
    let mut keys = state.api_keys.all().into_iter();
    if has_scope && keys.any(|key| key.role == Role::Operator) {
        let why = "There are API keys of operators, which may change only what you chose, and everything without it. Revoke \
                   those keys first, or choose nothing";
        return Err(AppError::Conflict(why.to_owned()).into());
    }
    Ok(())
}

/// Nobody takes their own way in away, unless the passphrase is one.
async fn stays_in(state: &AppState, own: &Session, groups: &RoleGroups) -> Result<(), Denied> {
    if !state.oidc.is_passphrase_closed() {
        return Ok(());
    }
    let role = match &own.account {
        Some(account) => state.oidc.role_under(account.user, groups).await?,
        None => None,
    };
    if role == Some(Role::Admin) {
        return Ok(());
    }
    let mut errors = FieldErrors::default();
    errors.add(
        "admin",
        "You are not in this group, and the passphrase is closed: nobody could be sure to come in. Open the passphrase \
         first, or join the group.",
    );
    Err(Denied::Fields(errors))
}

fn in_words(groups: &RoleGroups) -> String {
    format!(
        "admin {}; operator {}; viewer {}",
        groups.admin.join(", "),
        groups.operator.join(", "),
        groups.viewer.join(", ")
    )
}

/// The groups that were chosen, all of which exist.
async fn groups(state: &AppState, form: &Posted) -> Result<RoleGroups, Denied> {
    let world = state.worlds.get().await?;
    let mut errors = FieldErrors::default();
    let mut chosen = |field: &str| {
        let name = form.text(field);
        if name.is_empty() {
            return Vec::new();
        }
        if !world.groups.iter().any(|group| group.name == name) {
            errors.add(
                field,
                format!("There is no group “{name}” in authentik any more."),
            );
        }
        vec![name.to_owned()]
    };
    let groups = RoleGroups {
        admin: chosen("admin"),
        operator: chosen("operator"),
        viewer: chosen("viewer"),
    };
    if groups.admin.is_empty() {
        errors.add(
            "admin",
            "Choose the group whose members administer Ostiary, or nobody could.",
        );
    }
    errors.into_result(groups).map_err(Denied::Fields)
}

/// What operators may change: slugs of applications and names of groups, separated by commas.
async fn scope(state: &AppState, form: &Posted) -> Result<OperatorScope, Denied> {
    let mut errors = FieldErrors::default();
    let named = |field: &str| {
        let names = form.text(field).split([',', '\n']).map(str::trim);
        let names = names.filter(|name| !name.is_empty());
        names.map(str::to_owned).collect::<BTreeSet<String>>()
    };
    let world = state.worlds.get().await?;
    let mut groups = Vec::new();
    for name in named("operator_groups") {
        let found = world.groups.iter().find(|group| group.name == name);
        match found {
            Some(group) => groups.push(Scoped {
                pk: group.pk.to_string(),
                name,
            }),
            None => errors.add(
                "operator_groups",
                format!("There is no group “{name}” in authentik."),
            ),
        }
    }
    let mut applications = Vec::new();
    for name in named("operator_applications") {
        let slug = RetrieveApplication { slug: name.clone() };
        let client = &state.connector.get().await?.client;
        let found = client.send_opt(&slug).await;
        match found.map_err(|error| state.connector.failure("The application", &error))? {
            Some(application) => applications.push(Scoped {
                pk: application.pk.to_string(),
                name,
            }),
            None => errors.add(
                "operator_applications",
                format!("There is no application with the slug “{name}” in authentik."),
            ),
        }
    }
    let scope = OperatorScope {
        applications,
        groups,
    };
    errors.into_result(scope).map_err(Denied::Fields)
}

/// Where people open this console: the public address, else the one that this form was sent to.
fn own_address(state: &AppState, form: &Posted) -> Result<Url, Denied> {
    if let Some(url) = &state.public_url {
        return Ok(url.clone());
    }
    let host = form
        .parts
        .headers
        .get(HOST)
        .and_then(|host| host.to_str().ok());
    let url = host.and_then(|host| format!("http://{host}/").parse().ok());
    url.ok_or_else(|| {
        AppError::Conflict("Ostiary does not know its own address: set public_url".to_owned())
            .into()
    })
}

/// Makes the application by a change set, as any other, and keeps what it is known by.
async fn set_up(
    state: &AppState,
    by: &Actor,
    (groups, scope): (RoleGroups, OperatorScope),
    base: Url,
) -> Result<(), Denied> {
    let preset = presets::preset(PRESET)?;
    let mut names: Vec<String> = [&groups.admin, &groups.operator, &groups.viewer]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    names.sort_unstable();
    names.dedup();
    let draft = Draft {
        base_url: base.as_str().trim_end_matches('/').to_owned(),
        access: Access {
            groups: names,
            ..Access::default()
        },
        ..Draft::of_preset(preset)
    };
    let change = state.changes.plan(draft).await.map_err(planned)?;
    let id = &change.summary.id;
    state.changes.apply(id, "", by).await?;
    applied(state, id).await?;
    let client = state.connector.get().await?.client.clone();
    let slug = &change.summary.slug;
    let (_, provider) = checks::application(&state.connector, &client, slug).await?;
    let missing = || AppError::Internal("the provider has no client id or no secret".to_owned());
    let registration = Registration {
        authentik: state.connector.public_url().ok_or_else(missing)?,
        slug: slug.clone(),
        client_id: provider.client_id.ok_or_else(missing)?,
        client_secret: provider.client_secret.ok_or_else(missing)?,
        redirect_uri: callback(&base),
        groups,
        scope,
        tried_by: String::new(),
    };
    state.oidc.keep(registration).await?;
    Ok(())
}

fn callback(base: &Url) -> Url {
    let mut url = base.clone();
    let path = base.path().trim_end_matches('/');
    url.set_path(&format!("{path}{}", links::SIGN_IN_CALLBACK));
    url
}

/// What is wrong with a draft that nobody typed is told as a whole.
fn planned(error: AppError) -> Denied {
    match error {
        AppError::Invalid(errors) => {
            let texts: Vec<String> = errors.0.values().flatten().cloned().collect();
            Denied::Told(
                "It cannot be set up".to_owned(),
                format!(
                    "{} Where Ostiary was set up before, undo the change set that did it, or delete the application in \
                     authentik.",
                    texts.join(" ")
                ),
            )
        }
        other => other.into(),
    }
}

/// Waits until a change set is applied.
pub(super) async fn applied(state: &AppState, id: &str) -> Result<(), AppError> {
    let mut written = state.changes.watch();
    let wait = async {
        loop {
            written.mark_unchanged();
            match state.changes.state(id).await? {
                ChangeState::Applied => return Ok(()),
                going if going.is_running() || going == ChangeState::Planned => {}
                other => {
                    return Err(AppError::Conflict(format!(
                        "The change set {id} is {}: its page under Change sets says why",
                        other.as_str()
                    )));
                }
            }
            let _ended = written.changed().await;
        }
    };
    let waited = timeout(PATIENCE, wait).await;
    waited.unwrap_or_else(|_| {
        Err(AppError::Conflict(format!(
            "authentik takes long over the change set {id}; its page under Change sets goes on"
        )))
    })
}
