//! What an application's bindings say, in words. Told from the bindings; what the server says about
//! one person is asked by a check.

use authentik_api::{
    BindingPk,
    models::{PolicyBinding, PolicyEngineMode},
};
use serde::{Deserialize, Serialize};

/// A binding in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Key.
    pub pk: BindingPk,
    /// Position.
    pub order: i64,
    /// `Group`, `User` or `Policy`.
    pub kind: String,
    /// Name of what decides.
    pub name: String,
    /// Turns the result round.
    pub negate: bool,
    /// Whether it counts.
    pub enabled: bool,
}

impl Line {
    /// The words for a binding.
    pub fn of(binding: &PolicyBinding) -> Self {
        let named = |kind: &str, name: Option<String>| (kind.to_owned(), name.unwrap_or_default());
        let (kind, name) = if binding.group.is_some() {
            named(
                "Group",
                binding.group_obj.as_ref().map(|group| group.name.clone()),
            )
        } else if binding.user.is_some() {
            named(
                "User",
                binding.user_obj.as_ref().map(|user| user.username.clone()),
            )
        } else {
            named(
                "Policy",
                binding
                    .policy_obj
                    .as_ref()
                    .map(|policy| policy.name.clone()),
            )
        };
        Self {
            pk: binding.pk,
            order: binding.order,
            kind,
            name,
            negate: binding.negate,
            enabled: binding.enabled,
        }
    }
}

/// Who may enter, in one sentence.
pub fn sentence(lines: &[Line], mode: Option<&PolicyEngineMode>, open_by_default: bool) -> String {
    let counting: Vec<&Line> = lines.iter().filter(|line| line.enabled).collect();
    match counting.as_slice() {
        [] if open_by_default => {
            "No binding counts: everybody with an account may enter.".to_owned()
        }
        [] => {
            "No binding counts, and this server keeps such applications closed: nobody may enter."
                .to_owned()
        }
        [line] => format!("{} may enter.", who(line)),
        several => {
            let whos: Vec<String> = several.iter().map(|line| lower(&who(line))).collect();
            let text = super::text::list(&whos, if is_all(mode) { "and" } else { "or" });
            if is_all(mode) {
                format!("Who may enter must be all of this: {text} (policy engine mode “all”).")
            } else {
                format!("Who may enter is at least one of this: {text} (policy engine mode “any”).")
            }
        }
    }
}

fn is_all(mode: Option<&PolicyEngineMode>) -> bool {
    mode == Some(&PolicyEngineMode::All)
}

fn who(line: &Line) -> String {
    let name = &line.name;
    match (line.kind.as_str(), line.negate) {
        ("Group", false) => format!("Members of “{name}”"),
        ("Group", true) => format!("Everybody but members of “{name}”"),
        ("User", false) => format!("The user “{name}”"),
        ("User", true) => format!("Everybody but the user “{name}”"),
        (_, false) => format!("Whoever the policy “{name}” lets pass"),
        (_, true) => format!("Whoever the policy “{name}” does not let pass"),
    }
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .into_iter()
        .flat_map(char::to_lowercase)
        .chain(chars)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(kind: &str, name: &str) -> Line {
        Line {
            pk: BindingPk(uuid::Uuid::nil()),
            order: 0,
            kind: kind.into(),
            name: name.into(),
            negate: false,
            enabled: true,
        }
    }

    #[test]
    fn sentence_without_bindings_says_so_plainly() {
        assert!(sentence(&[], None, true).contains("everybody with an account"));
        assert!(sentence(&[], None, false).contains("nobody may enter"));
        let off = Line {
            enabled: false,
            ..line("Group", "family")
        };
        assert!(sentence(&[off], None, true).contains("everybody"));
    }

    #[test]
    fn sentence_names_who_gets_in() {
        assert_eq!(
            sentence(&[line("Group", "family")], None, true),
            "Members of “family” may enter."
        );
        let two = [line("Group", "family"), line("User", "jodie")];
        assert_eq!(
            sentence(&two, Some(&PolicyEngineMode::Any), true),
            "Who may enter is at least one of this: members of “family” or the user “jodie” (policy engine mode “any”)."
        );
        assert!(sentence(&two, Some(&PolicyEngineMode::All), true).contains("all of this"));
        let not = Line {
            negate: true,
            ..line("Group", "guests")
        };
        assert_eq!(
            sentence(&[not], None, true),
            "Everybody but members of “guests” may enter."
        );
    }
}
