//! What a plan says about its consequences.

use access::{
    AccessDiff, ApplicationDiff, Evaluator, OpenDoor, Remark, Snapshot, compare, open_doors,
};
use authentik_api::UserPk;

use super::{
    Acting,
    names::{people, quoted},
    plan::name,
    work::Work,
};
use crate::change::{Step, Verb};
use crate::finding::{
    Finding,
    Severity::{Danger, Info, Warning},
};

/// All findings, the worst first.
pub(super) fn findings(work: &mut Work<'_>, diff: &AccessDiff, acting: &Acting) -> Vec<Finding> {
    let mut all = std::mem::take(&mut work.findings);
    doors(work, diff, &mut all);
    for door in opened_later(work, diff) {
        let title = format!(
            "This opens {} to everyone once the last binding that ends has ended.",
            name(&door)
        );
        let why =
            "What keeps strangers out afterwards ends by itself, and nothing takes its place.";
        let way_out = "Bind a group that stays, or the group of nobody.";
        all.push(Finding::new(Danger, "opens-door-later", title, why).way_out(way_out));
    }
    people_affected(diff, &mut all);
    selves(work, diff, acting, &mut all);
    remarks(work, &mut all);
    all.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    all
}

fn doors(work: &Work<'_>, diff: &AccessDiff, all: &mut Vec<Finding>) {
    let deletes = |it: &Step| it.alters.as_ref().is_some_and(|it| it.verb == Verb::Delete);
    let a_deny_would_help = !work.leaves_deny && work.steps.iter().any(deletes);
    for door in diff.doors_opened() {
        let count = usize::try_from(door.after.allowed).unwrap_or(usize::MAX);
        let title = format!("This opens {} to {}.", name(door), people(count));
        let why = "No binding keeps strangers out afterwards: whoever gets an account gets in too.";
        let mut finding = Finding::new(Danger, "opens-door", title, why);
        if a_deny_would_help {
            let way_out = "Leave a deny in its place, or bind the groups that may enter first.";
            finding = finding.way_out(way_out);
        }
        all.push(finding);
    }
    for door in diff.doors_closed() {
        let title = format!("{} is not open to everyone any more", name(door));
        let why = "Only those whom a binding lets in get in afterwards.";
        all.push(Finding::new(Info, "closes-door", title, why));
    }
    for door in &diff.applications {
        if door.shuts_everybody_out() {
            let title = format!("Nobody gets into {} any more", name(door));
            let why = "No active user passes its bindings, administrators included: nobody gets in for \
                       being superuser.";
            all.push(Finding::new(Warning, "shuts-everybody-out", title, why));
        }
    }
}

/// The applications that open once all bindings that end by themselves have ended, and do not open at
/// once.
pub(super) fn opened_later(work: &Work<'_>, diff: &AccessDiff) -> Vec<ApplicationDiff> {
    let ends = |of: &Snapshot| of.bindings.iter().any(|it| it.expires.is_some());
    if !ends(work.snapshot) {
        return Vec::new();
    }
    let later = |of: &Snapshot| {
        let mut later = of.clone();
        later.bindings.retain(|it| it.expires.is_none());
        later
    };
    let at_once: Vec<_> = diff.doors_opened().map(|it| it.application).collect();
    let mut opened = compare(&later(work.snapshot), &later(&work.then)).applications;
    opened.retain(|it| it.opens() && !at_once.contains(&it.application));
    opened
}

fn people_affected(diff: &AccessDiff, all: &mut Vec<Finding>) {
    let losers = diff.losers();
    if !losers.is_empty() {
        let count = people(losers.len());
        let verb = if losers.len() == 1 { "loses" } else { "lose" };
        let names = losers.iter().map(|user| {
            let name = user.name.trim();
            if name.is_empty() {
                &user.username
            } else {
                name
            }
        });
        let why = format!("They are {}.", quoted(names));
        all.push(Finding::new(
            Warning,
            "loses-access",
            format!("{count} {verb} access"),
            why,
        ));
    }
    let uncertain = diff.uncertain();
    if uncertain > 0 {
        let title = "For some people it cannot be known what changes";
        let cases = match uncertain {
            1 => "one case".to_owned(),
            more => format!("{more} cases"),
        };
        let why = format!(
            "In {cases} of one person and one application a policy decides, or something that could \
             not be read: only authentik can work it out."
        );
        all.push(Finding::new(Warning, "policy-decides", title, why));
    }
}

/// Those who act, and superusers.
fn selves(work: &Work<'_>, diff: &AccessDiff, acting: &Acting, all: &mut Vec<Finding>) {
    for reason in own_losses(work, diff, acting) {
        let why = "Whoever administers authentik should not lock themselves out by accident.";
        all.push(Finding::new(Danger, "own-access", reason, why));
    }
    let console = acting.console.filter(|pk| loses_superuser(work, *pk));
    if console.is_some() {
        let title = "The console loses its superuser rights";
        let why = "authentik answers questions about access only to superusers: from then on the \
                   console sees only a part, and refuses to show it.";
        all.push(Finding::new(Danger, "console-superuser", title, why));
    }
}

/// What those who act lose, one sentence per user.
pub(super) fn own_losses(work: &Work<'_>, diff: &AccessDiff, acting: &Acting) -> Vec<String> {
    let mut reasons = Vec::new();
    for (pk, who) in acting.users() {
        let Some(user) = work.snapshot.user(pk) else {
            continue;
        };
        let after = work.then.user(pk);
        let text = if after.is_none() {
            format!("This deletes {who} (“{}”).", user.username)
        } else if user.is_active && after.is_some_and(|it| !it.is_active) {
            format!("This deactivates {who} (“{}”).", user.username)
        } else {
            let lost = diff.applications.iter();
            let (lost, unsure): (Vec<_>, Vec<_>) = lost
                .filter(|it| takes_from(it, pk))
                .partition(|it| it.losses.iter().any(|user| user.pk == pk));
            if !unsure.is_empty() {
                reasons.push(format!(
                    "This leaves it to a policy whether {who} (“{}”) may still open {}.",
                    user.username,
                    quoted(unsure.into_iter().map(name))
                ));
            }
            if lost.is_empty() {
                continue;
            }
            format!(
                "This takes access to {} from {who} (“{}”).",
                quoted(lost.into_iter().map(name)),
                user.username
            )
        };
        reasons.push(text);
    }
    reasons
}

/// Whether a user got in, and does not any more for certain.
fn takes_from(at: &ApplicationDiff, user: UserPk) -> bool {
    let people = at.losses.iter().chain(&at.allowed_to_unknown);
    people.into_iter().any(|it| it.pk == user)
}

/// Whether a user was superuser and is not any more.
pub(super) fn loses_superuser(work: &Work<'_>, user: UserPk) -> bool {
    work.evaluator().is_superuser(user) && !Evaluator::new(&work.then).is_superuser(user)
}

/// What is remarkable about doors afterwards, and was not before.
fn remarks(work: &Work<'_>, all: &mut Vec<Finding>) {
    let before = open_doors(work.snapshot);
    for door in open_doors(&work.then) {
        if before.contains(&door) || is_said(&door) {
            continue;
        }
        let severity = if door.everyone { Danger } else { Warning };
        let why = match door.remark {
            Remark::AllActsAsAny { .. } => {
                "authentik 2025.8 to 2025.12 has this defect; 2026.2 mends it."
            }
            Remark::NegatedLetsEveryoneIn { .. } => {
                "A negated binding passes for everybody whom it does not name, and no other binding \
                 keeps strangers out here."
            }
            Remark::EmptyGroup { .. } => "Add members, or nobody gets in through it.",
            _ => "Look at the bindings again before you apply this.",
        };
        let title = door.sentence.to_string();
        all.push(Finding::new(severity, "remarkable-door", title, why));
    }
}

/// Whether another finding says it, or nobody minds.
fn is_said(door: &OpenDoor) -> bool {
    matches!(
        door.remark,
        Remark::NoEnabledBinding { .. } | Remark::NobodyGetsIn
    )
}
