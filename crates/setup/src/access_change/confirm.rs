//! When a plan has to be confirmed by typing.

use access::{AccessDiff, Evaluator};

use super::{
    Acting,
    findings::{loses_superuser, opened_later, own_losses},
    names::people,
    plan::name,
    work::Work,
};
use crate::change::Confirmation;

/// What is typed where the name of the thing cannot be.
const FALLBACK: &str = "confirm";

/// The confirmation that a plan needs, if any.
pub(super) fn confirmation(
    work: &Work<'_>,
    diff: &AccessDiff,
    acting: &Acting,
) -> Option<Confirmation> {
    let mut reasons: Vec<String> = Vec::new();
    for door in diff.doors_opened() {
        reasons.push(format!("It opens “{}” to everyone.", name(door)));
    }
    for door in opened_later(work, diff) {
        reasons.push(format!(
            "It opens “{}” to everyone once the last binding that ends has ended.",
            name(&door)
        ));
    }
    let losers = diff.losers().len();
    if losers > acting.max_unconfirmed_losses {
        reasons.push(format!("It takes access from {}.", people(losers)));
    }
    reasons.extend(superusers(work));
    reasons.extend(own_losses(work, diff, acting));
    if acting.console.is_some_and(|pk| loses_superuser(work, pk)) {
        reasons.push("It takes the superuser rights from the console’s own user.".to_owned());
    }
    if reasons.is_empty() {
        return None;
    }
    let opened = diff.doors_opened().next().map(name);
    let thing = work.things.first().map(String::as_str).or(opened);
    Some(Confirmation {
        text: typeable(thing.unwrap_or_default()).to_owned(),
        reasons,
    })
}

/// The groups of superusers that a plan touches, one sentence each.
fn superusers(work: &Work<'_>) -> Vec<String> {
    let (before, after) = (work.evaluator(), Evaluator::new(&work.then));
    let mut reasons = Vec::new();
    let mut groups = work.groups.clone();
    groups.sort();
    groups.dedup();
    for pk in groups {
        if before.makes_superusers(pk) || after.makes_superusers(pk) {
            let group = work.snapshot.group(pk).or_else(|| work.then.group(pk));
            let name = group.map_or_else(|| pk.to_string(), |group| group.name.clone());
            reasons.push(format!(
                "It touches “{name}”, whose members are superusers."
            ));
        }
    }
    for pk in &work.users {
        if before.is_superuser(*pk) {
            let user = work.snapshot.user(*pk).map(|user| user.username.as_str());
            let name = user.unwrap_or_default();
            reasons.push(format!("It touches “{name}”, who is superuser."));
        }
    }
    reasons
}

/// A name as it has to be typed: as it is where it can be typed, else a plain word.
fn typeable(name: &str) -> &str {
    let name = name.trim();
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    if name.is_empty() || name.chars().count() > 60 || name.chars().any(hidden) {
        FALLBACK
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_cannot_be_typed_is_replaced() {
        assert_eq!(typeable(" Jellyfin "), "Jellyfin");
        assert_eq!(typeable("<b>x</b>"), "<b>x</b>");
        assert_eq!(typeable("فاطمة"), "فاطمة");
        for name in ["", "  ", "a\u{202e}b", "a\u{200b}b", "a\nb"] {
            assert_eq!(typeable(name), FALLBACK, "{name:?}");
        }
        assert_eq!(typeable(&"x".repeat(61)), FALLBACK);
    }
}
