use access::{AccessDiff, Snapshot, compare};
use authentik_api::operation::named;

use super::{
    AccessDraft, Acting,
    confirm::confirmation,
    draft::{Door, GroupAction, UserAction},
    findings::findings,
    names::{people, quoted},
    request::request,
    work::Work,
};
use crate::{
    FieldErrors,
    change::{AccessSummary, Line, Plan, Step},
};

/// A plan, and everything as it will be once the plan was carried out.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The plan.
    pub plan: Plan,
    /// The snapshot after it, with keys of their own for what is yet to be made.
    pub then: Snapshot,
}

/// Plans a change of who may open what.
///
/// # Errors
/// What is wrong with the draft, field by field: by itself, or against the snapshot.
pub fn plan(
    draft: &AccessDraft,
    snapshot: &Snapshot,
    acting: &Acting,
) -> Result<Plan, FieldErrors> {
    preview(draft, snapshot, acting).map(|preview| preview.plan)
}

/// Plans a change of who may open what, and shows where it leads.
///
/// # Errors
/// As [`plan()`].
pub fn preview(
    draft: &AccessDraft,
    snapshot: &Snapshot,
    acting: &Acting,
) -> Result<Preview, FieldErrors> {
    let mut work = Work::new(snapshot);
    match draft {
        AccessDraft::GroupBinding(draft) => work.plan_binding(draft),
        AccessDraft::Unbind(draft) => work.plan_unbind(draft),
        AccessDraft::EngineMode(draft) => work.plan_mode(draft),
        AccessDraft::Group(draft) => work.plan_group(draft),
        AccessDraft::Membership(draft) => work.plan_membership(draft),
        AccessDraft::User(draft) => work.plan_user(draft),
        AccessDraft::ApplicationAccess(draft) => work.plan_door(draft),
    }
    if !work.errors.is_empty() {
        return Err(work.errors);
    }
    work.settle(acting);
    if !work.steps.is_empty() {
        work.steps.push(clear_cache());
    }
    let diff = compare(snapshot, &work.then);
    let plan = Plan {
        title: title(draft, &work),
        findings: findings(&mut work, &diff, acting),
        access: summary(&diff),
        confirm: confirmation(&work, &diff, acting),
        steps: work.steps,
        diff: Some(diff),
    };
    Ok(Preview {
        plan,
        then: work.then,
    })
}

/// Forgets what authentik remembers of who may open what: the list of applications on people's own
/// page is up to a day old otherwise (trap T7). The operation is there in every version.
fn clear_cache() -> Step {
    Step {
        id: "cache".to_owned(),
        title: "Clear the policy cache".to_owned(),
        lines: vec![
            Line::new(
                "Why",
                "People see at once on their own page which applications they may open.",
            ),
            Line::new(
                "Where the token may not",
                "Everything else stands, and the pages follow within a day.",
            ),
        ],
        request: request(named("policies_all_cache_clear_create"), Vec::new(), None),
        fields: std::collections::BTreeMap::new(),
        creates: Vec::new(),
        alters: None,
        tidies_up: true,
    }
}

fn title(draft: &AccessDraft, work: &Work<'_>) -> String {
    let things = quoted(work.things.iter().map(String::as_str));
    if work.steps.is_empty() {
        return format!("Nothing to change at {things}");
    }
    match draft {
        AccessDraft::GroupBinding(_) => format!("Bind groups or users to {things}"),
        AccessDraft::Unbind(_) => format!("Unbind from {things}"),
        AccessDraft::EngineMode(_) => format!("Policy engine mode of {things}"),
        AccessDraft::Group(draft) => match draft.action {
            GroupAction::Create => format!("Create the group {things}"),
            GroupAction::Change => format!("Change the group {things}"),
            GroupAction::Delete => format!("Delete the group {things}"),
        },
        AccessDraft::Membership(_) => format!("Members of {things}"),
        AccessDraft::User(draft) => match draft.action {
            UserAction::Create => format!("Create the user {things}"),
            UserAction::Change => format!("Change the user {things}"),
            UserAction::Activate => format!("Activate the user {things}"),
            UserAction::Deactivate => format!("Deactivate the user {things}"),
            UserAction::Delete => format!("Delete the user {things}"),
        },
        AccessDraft::ApplicationAccess(draft) => match draft.door {
            Door::Everyone => format!("Open {things} to everyone"),
            Door::Restricted => format!("Restrict {things}"),
            Door::Closed => format!("Close {things}"),
        },
    }
}

fn summary(diff: &AccessDiff) -> AccessSummary {
    let (gainers, losers) = (diff.gainers().len(), diff.losers().len());
    let gain = format!("{} {}", people(gainers), verb(gainers, "gain"));
    let lose = format!("{} {}", people(losers), verb(losers, "lose"));
    let change = match (gainers, losers) {
        (0, 0) if diff.uncertain() == 0 => "Nobody’s access changes.".to_owned(),
        (0, 0) => "Nobody’s access changes for certain.".to_owned(),
        (_, 0) => format!("{gain} access, nobody loses any."),
        (0, _) => format!("{lose} access, nobody gains any."),
        _ => format!("{gain} access, {lose} some."),
    };
    let opened: Vec<&str> = diff.doors_opened().map(name).collect();
    let open = match opened.as_slice() {
        [] => String::new(),
        names => format!(
            " Open to everyone from then on: {}.",
            quoted(names.iter().copied())
        ),
    };
    AccessSummary {
        everyone: !opened.is_empty(),
        groups: Vec::new(),
        people: None,
        sentence: change + &open,
    }
}

fn verb(count: usize, word: &str) -> String {
    let ending = if count == 1 { "s" } else { "" };
    format!("{word}{ending}")
}

/// An application's name, or its slug where there is none.
pub(super) fn name(application: &access::ApplicationDiff) -> &str {
    let name = application.name.trim();
    if name.is_empty() {
        &application.slug
    } else {
        name
    }
}
