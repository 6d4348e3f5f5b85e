//! Who may open what, and why: of the snapshot, and of authentik where it is asked itself.

use std::sync::Arc;

use access::Snapshot;
use authentik_api::{
    ApplicationPk, GroupPk, List as _, UserPk,
    api::{
        core::{
            applications::CheckAccess,
            users::{ListUsers, RetrieveUser},
        },
        events::ListEvents,
    },
};
use serde::{Deserialize, Serialize};
use setup::access_change::Acting;

use crate::{
    api::{client, failed},
    error::AppError,
    model::Choice,
    ports::console,
    stale::StaleSnapshot,
    state::{
        access_edit::{self, Form, TRIED},
        access_map::{self, Filter, Map, Span},
        access_task::Task,
        bind::{self, Bind, Look, Step},
        bindings::{self, Bindings},
        doors::{self, Doors},
        form::Fields,
        group::{self, GroupSheet},
        groups::{self, Groups},
        people::{self, People, Person, SignIn},
        pickers::{self, Pickers},
        why::{self, Agreement, Asked, GroupWhy, Why, agreement},
    },
};

/// How many people a search for one offers.
const FOUND: u32 = 20;
/// How many sign-ins the page of a person shows.
const SIGN_INS: u32 = 10;

/// Everything that decides about access. With `again`, the address of the page without the wish for
/// fresh answers, it is read anew, and the browser is led there: to load the page once more then costs
/// nothing.
async fn snapshot(again: Option<&String>) -> Result<Arc<Snapshot>, AppError> {
    let seen = console()?.access(again.is_some()).await?;
    match (seen.stale, again) {
        (Some(stale), _) => StaleSnapshot::note(stale),
        (None, Some(address)) => leptos_axum::redirect(address),
        (None, None) => {}
    }
    Ok(seen.snapshot)
}

/// The same for plans that are looked at before they are made: what is not certain is an error.
async fn certain(again: Option<&String>) -> Result<Arc<Snapshot>, AppError> {
    let snapshot = console()?.access(again.is_some()).await?.certain()?;
    if let Some(address) = again {
        leptos_axum::redirect(address);
    }
    Ok(snapshot)
}

/// The snapshot, read anew where it does not have what is looked for: it may be younger.
async fn snapshot_with(
    again: Option<&String>,
    has: impl Fn(&Snapshot) -> bool,
) -> Result<Arc<Snapshot>, AppError> {
    let known = snapshot(again).await?;
    if again.is_some() || has(&known) {
        return Ok(known);
    }
    console()?.access(true).await?.certain()
}

/// A page of the access map.
///
/// # Errors
/// [`AppError::NotSuperuser`], or when authentik does not answer as it should.
pub async fn access_map(filter: Filter, again: Option<String>) -> Result<Map, AppError> {
    Ok(access_map::map(&*snapshot(again.as_ref()).await?, &filter))
}

/// Who acts, for plans that are looked at before they are made.
async fn acting() -> Result<Acting, AppError> {
    let me = console()?.connection().await?.me.pk;
    Ok(Acting {
        console: Some(me),
        ..Acting::default()
    })
}

/// The form of a task, with what the address holds filled in.
///
/// # Errors
/// As [`access_map()`].
pub async fn access_form(task: Task, fields: Fields) -> Result<Form, AppError> {
    let tried = fields.contains_key(TRIED);
    let (known, acting) = (certain(None).await?, acting().await?);
    Ok(access_edit::form(task, &known, fields, &acting, tried))
}

/// A step of the guided group binding.
///
/// # Errors
/// As [`access_map()`].
pub async fn bind_step(
    step: Step,
    fields: Fields,
    look: Look,
    again: Option<String>,
) -> Result<Bind, AppError> {
    let (known, acting) = (certain(again.as_ref()).await?, acting().await?);
    Ok(bind::bind(&known, step, fields, &look, &acting))
}

/// A page of all bindings.
///
/// # Errors
/// As [`access_map()`].
pub async fn bindings(
    filter: bindings::Filter,
    again: Option<String>,
) -> Result<Bindings, AppError> {
    Ok(bindings::bindings(
        &*snapshot(again.as_ref()).await?,
        &filter,
    ))
}

/// Open doors.
///
/// # Errors
/// As [`access_map()`].
pub async fn doors(again: Option<String>) -> Result<Doors, AppError> {
    Ok(doors::doors(&*snapshot(again.as_ref()).await?))
}

/// A page of the tree of groups.
///
/// # Errors
/// As [`access_map()`].
pub async fn groups(filter: groups::Filter, again: Option<String>) -> Result<Groups, AppError> {
    Ok(groups::groups(&*snapshot(again.as_ref()).await?, &filter))
}

/// One group.
///
/// # Errors
/// [`AppError::NotFound`]; and as [`access_map()`].
pub async fn group(
    pk: String,
    q: String,
    page: u32,
    again: Option<String>,
) -> Result<GroupSheet, AppError> {
    let missing = || AppError::NotFound(format!("group {pk}"));
    let key: GroupPk = pk.parse().map_err(|_| missing())?;
    let known = snapshot_with(again.as_ref(), |it| it.group(key).is_some()).await?;
    group::sheet(&known, key, &q, page).ok_or_else(missing)
}

/// A page of the list of people, searched by authentik.
///
/// # Errors
/// As [`access_map()`].
pub async fn people(filter: people::Filter) -> Result<People, AppError> {
    let known = snapshot(None).await?;
    let client = client().await?;
    let mut list = ListUsers::default()
        .include_groups(false)
        .ordering("username")
        .page_size(people::PAGE);
    if !filter.q.trim().is_empty() {
        list = list.search(filter.q.trim());
    }
    if let Some(active) = filter.active() {
        list = list.is_active(active);
    }
    let wanted = filter.page.max(1);
    let page = match client.send(&list.clone().page(wanted)).await {
        // There are fewer pages than that.
        Err(error) if error.is_not_found() && wanted > 1 => client.send(&list.page(1)).await,
        answer => answer,
    };
    let page = page.map_err(failed("the list of people"))?;
    let span = Span {
        total: usize::try_from(page.pagination.count).unwrap_or(usize::MAX),
        page: page.pagination.current.max(1),
        pages: page.pagination.total_pages.max(1),
    };
    Ok(People {
        rows: people::rows(&known, page.results),
        span,
    })
}

/// One person.
///
/// # Errors
/// [`AppError::NotFound`]; and as [`access_map()`].
pub async fn person(pk: String, again: Option<String>) -> Result<Person, AppError> {
    let missing = || AppError::NotFound(format!("person {pk}"));
    let key: UserPk = pk.parse().map_err(|_| missing())?;
    let known = snapshot_with(again.as_ref(), |it| it.user(key).is_some()).await?;
    let user = client().await?.send(&RetrieveUser { pk: key }).await;
    let user = user.map_err(|error| {
        if error.is_not_found() {
            missing()
        } else {
            failed("the person")(error)
        }
    })?;
    people::person(&known, user).ok_or_else(missing)
}

/// The latest sign-ins of a person.
///
/// # Errors
/// When authentik does not answer as it should.
pub async fn sign_ins(pk: String) -> Result<Vec<SignIn>, AppError> {
    let Ok(key) = pk.parse::<UserPk>() else {
        return Ok(Vec::new());
    };
    let client = client().await?;
    let Ok(user) = client.send(&RetrieveUser { pk: key }).await else {
        return Ok(Vec::new());
    };
    let list = ListEvents::default()
        .action("login")
        .username(user.username)
        .ordering("-created")
        .page_size(SIGN_INS);
    let page = client.send(&list).await;
    let events = page.map_err(failed("the list of sign-ins"))?.results;
    Ok(people::sign_ins(events))
}

/// What the Overview says about access; nothing for a token that is no superuser's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccessOverview {
    /// Open doors.
    pub doors: Doors,
    /// The people and applications to ask about.
    pub pickers: Pickers,
}

/// What the Overview says about access; nothing for a token that is no superuser's.
///
/// # Errors
/// When authentik does not answer as it should.
pub async fn access_overview() -> Result<Option<AccessOverview>, AppError> {
    match snapshot(None).await {
        Ok(known) => Ok(Some(AccessOverview {
            doors: doors::doors(&known),
            pickers: pickers::pickers(&known),
        })),
        Err(AppError::NotSuperuser { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What the page “Why?” is asked: the query of its address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Question {
    /// Key of a person.
    pub user: String,
    /// Part of a login name, name or e-mail address, where no person is chosen.
    pub find: String,
    /// Key of a group.
    pub group: String,
    /// Slug of an application.
    pub application: String,
    /// Page of the members of the group, from 1.
    pub page: u32,
    /// Where to go on after fresh answers were asked for.
    pub again: Option<String>,
}

/// What the page “Why?” answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inquiry {
    /// The people and applications to ask about.
    pub pickers: Pickers,
    /// The chosen person: key.
    pub user: String,
    /// What was looked for, or the login name of the chosen person.
    pub find: String,
    /// The chosen application: slug.
    pub application: String,
    /// The answer.
    pub answer: Answer,
}

/// What the page “Why?” answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// Something was not chosen yet.
    Ask,
    /// These were found: choose one.
    Found(Vec<Choice>),
    /// About a person.
    Person {
        /// Ours.
        why: Box<Why>,
        /// authentik's own.
        asked: Asked,
    },
    /// About the members of a group.
    Group(Box<GroupWhy>),
}

/// Why a person, or the members of a group, get into an application or not.
///
/// # Errors
/// [`AppError::NotFound`]; and as [`access_map()`].
pub async fn inquire(question: Question) -> Result<Inquiry, AppError> {
    let known = snapshot(question.again.as_ref()).await?;
    let mut inquiry = Inquiry {
        pickers: pickers::pickers(&known),
        user: question.user.clone(),
        find: question.find.trim().to_owned(),
        application: question.application.clone(),
        answer: Answer::Ask,
    };
    if inquiry.user.is_empty() && !inquiry.find.is_empty() {
        match find(&inquiry.find).await? {
            Ok(pk) => inquiry.user = pk.to_string(),
            Err(found) => {
                inquiry.answer = Answer::Found(found);
                return Ok(inquiry);
            }
        }
    }
    let by_group = !question.group.is_empty();
    if question.application.is_empty() || (inquiry.user.is_empty() && !by_group) {
        return Ok(inquiry);
    }
    if by_group {
        let missing = || AppError::NotFound(format!("group {}", question.group));
        let key: GroupPk = question.group.parse().map_err(|_| missing())?;
        let (known, app) =
            with_application(known, &question.application, |it| it.group(key).is_some()).await?;
        let why = why::group_why(&known, key, app, question.page).ok_or_else(missing)?;
        inquiry.answer = Answer::Group(Box::new(why));
        return Ok(inquiry);
    }
    let missing = || AppError::NotFound(format!("person {}", inquiry.user));
    let key: UserPk = inquiry.user.parse().map_err(|_| missing())?;
    let (known, app) =
        with_application(known, &question.application, |it| it.user(key).is_some()).await?;
    let why = why::why(&known, key, app).ok_or_else(missing)?;
    inquiry.find = known
        .user(key)
        .map(|it| it.username.clone())
        .unwrap_or_default();
    inquiry.answer = compared(why, key, app, question.application).await?;
    Ok(inquiry)
}

/// The application with this slug, in a snapshot that is read anew where it or something else is
/// missing.
async fn with_application(
    known: Arc<Snapshot>,
    slug: &str,
    has: impl Fn(&Snapshot) -> bool,
) -> Result<(Arc<Snapshot>, ApplicationPk), AppError> {
    let complete = has(&known) && known.application_by_slug(slug).is_some();
    let known = if complete {
        known
    } else {
        console()?.access(true).await?.certain()?
    };
    let app = known.application_by_slug(slug).map(|it| it.pk);
    let app = app.ok_or_else(|| AppError::NotFound(format!("application {slug}")))?;
    Ok((known, app))
}

/// Our answer beside authentik's own. Where they differ, ours may be old: it is made anew before
/// anything is said.
async fn compared(
    why: Why,
    user: UserPk,
    application: ApplicationPk,
    slug: String,
) -> Result<Answer, AppError> {
    let check = CheckAccess {
        slug,
        for_user: Some(user),
    };
    let asked = match client().await?.send(&check).await {
        Ok(result) => Asked::Answered {
            passing: result.passing,
            messages: result.messages,
        },
        Err(error) => Asked::Failed(error.to_string()),
    };
    let mut why = Box::new(why);
    if let Asked::Answered { passing, .. } = asked
        && agreement(why.engine, passing) == Agreement::Disagrees
    {
        let fresh = console()?.access(true).await?.certain()?;
        if let Some(again) = why::why(&fresh, user, application) {
            *why = again;
        }
    }
    Ok(Answer::Person { why, asked })
}

/// The one person whom a search finds, or those to choose from.
async fn find(words: &str) -> Result<Result<UserPk, Vec<Choice>>, AppError> {
    let list = ListUsers::default()
        .include_groups(false)
        .search(words)
        .ordering("username")
        .page_size(FOUND);
    let found = client().await?.send(&list).await;
    let found = found.map_err(failed("the list of people"))?.results;
    let exact = found.iter().find(|user| user.username == words);
    Ok(match (exact, found.as_slice()) {
        (Some(one), _) | (None, [one]) => Ok(one.pk),
        (None, several) => Err(several.iter().map(pickers::found).collect()),
    })
}
