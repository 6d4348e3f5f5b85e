//! When a plan has to be confirmed by typing.

use access::{AccessDiff, Evaluator};

use super::{
    Acting,
    findings::{loses_superuser, opened_later, own_losses},
    names::{is_hidden, people},
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
    for door in diff.doors_left_to_policies() {
        reasons.push(format!(
            "It leaves it to policies alone who gets into “{}”.",
            name(door)
        ));
    }
    let (losers, may_lose) = (diff.losers().len(), diff.may_lose().len());
    if may_lose > acting.max_unconfirmed_losses {
        reasons.push(match may_lose - losers {
            0 => format!("It takes access from {}.", people(losers)),
            _ if losers == 0 => format!(
                "It leaves it to a policy whether {} keep access.",
                people(may_lose)
            ),
            unsure => format!(
                "It takes access from {}; for {unsure} of them a policy decides.",
                people(may_lose)
            ),
        });
    }
    let superusers = superusers(work);
    let of_superusers = superusers.first().map(|(name, _)| name.clone());
    reasons.extend(superusers.into_iter().map(|(_, reason)| reason));
    reasons.extend(own_losses(work, diff, acting));
    if acting.console.is_some_and(|pk| loses_superuser(work, pk)) {
        reasons.push("It takes the superuser rights from the console’s own user.".to_owned());
    }
    if reasons.is_empty() {
        return None;
    }
    let opened = diff.doors_opened().next().map(|it| name(it).to_owned());
    let thing = match work.things.as_slice() {
        [one] => Some(one.clone()),
        // Of several the one that matters, and not something harmless beside it.
        many => opened.or(of_superusers).or_else(|| many.first().cloned()),
    };
    Some(Confirmation {
        text: typeable(&thing.unwrap_or_default()).to_owned(),
        reasons,
    })
}

/// The groups of superusers and the superusers that a plan touches: the name, and a sentence.
fn superusers(work: &Work<'_>) -> Vec<(String, String)> {
    let (before, after) = (work.evaluator(), Evaluator::new(&work.then));
    let mut reasons = Vec::new();
    let mut groups = work.groups.clone();
    groups.sort();
    groups.dedup();
    for pk in groups {
        if before.makes_superusers(pk) || after.makes_superusers(pk) {
            let group = work.snapshot.group(pk).or_else(|| work.then.group(pk));
            let name = group.map_or_else(|| pk.to_string(), |group| group.name.clone());
            let reason = format!("It touches “{name}”, whose members are superusers.");
            reasons.push((name, reason));
        }
    }
    for pk in &work.users {
        if before.is_superuser(*pk) {
            let user = work.snapshot.user(*pk).map(|user| user.username.as_str());
            let name = user.unwrap_or_default().to_owned();
            let reason = format!("It touches “{name}”, who is superuser.");
            reasons.push((name, reason));
        }
    }
    reasons
}

/// A name as it has to be typed: as it is where it can be typed, else a plain word.
fn typeable(name: &str) -> &str {
    let name = name.trim();
    // A page shows several spaces as one, and other spaces like a plain one.
    let plain = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let cannot_be_typed = |c: char| is_hidden(c) || combines(c);
    if name.is_empty()
        || plain != name
        || name.chars().count() > 60
        || name.chars().any(cannot_be_typed)
    {
        FALLBACK
    } else {
        name
    }
}

/// Combining marks, which may be typed in more than one way.
fn combines(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_cannot_be_typed_is_replaced() {
        assert_eq!(typeable(" Jellyfin "), "Jellyfin");
        assert_eq!(typeable("<b>x</b>"), "<b>x</b>");
        assert_eq!(typeable("فاطمة"), "فاطمة");
        for name in [
            "",
            "  ",
            "a\u{202e}b",
            "a\u{200b}b",
            "a\nb",
            "a\u{61c}b",
            "a\u{180e}b",
            "a\u{fe0f}",
            "a\u{e0041}",
            "a  b",
            "a\u{a0}b",
            "e\u{301}",
        ] {
            assert_eq!(typeable(name), FALLBACK, "{name:?}");
        }
        assert_eq!(typeable(&"x".repeat(61)), FALLBACK);
    }
}
