//! What the small forms about access send, as a draft. A list is `name.0`, `name.1` …, a switch is there
//! or not, everything else is a text.

use serde_json::{Map, Value};
use setup::{FieldErrors, access_change::AccessDraft};

use super::form::Fields;

/// The fields that are switches.
const SWITCHES: [&str; 4] = ["enabled", "is_superuser", "leave_deny", "negate"];

/// The draft of a form.
///
/// # Errors
/// When a field is unknown or not of its kind.
pub fn draft(fields: &Fields) -> Result<AccessDraft, FieldErrors> {
    let mut draft = Map::new();
    for (name, value) in fields {
        let value = value.trim();
        if let Some((list, _)) = name.split_once('.') {
            let items = draft
                .entry(list)
                .or_insert_with(|| Value::Array(Vec::new()));
            if let (Some(items), false) = (items.as_array_mut(), value.is_empty()) {
                items.push(value.into());
            }
        } else if SWITCHES.contains(&name.as_str()) {
            draft.insert(name.clone(), matches!(value, "on" | "true" | "yes").into());
        } else if name == "order" {
            // What is no number stays a text, which the draft refuses.
            let order = value.parse::<i64>().map_or(value.into(), Value::from);
            draft.insert(name.clone(), order);
        } else if !value.is_empty() {
            draft.insert(name.clone(), value.into());
        }
    }
    serde_json::from_value(Value::Object(draft)).map_err(|error| {
        let mut errors = FieldErrors::default();
        errors.add("draft", format!("The form cannot be read: {error}."));
        errors
    })
}

/// All messages in one text.
pub fn sentences(errors: &FieldErrors) -> String {
    let messages: Vec<&str> = errors.0.values().flatten().map(String::as_str).collect();
    messages.join(" ")
}

#[cfg(test)]
mod tests {
    use setup::access_change::{GroupBinding, MembershipDraft};

    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn draft_takes_lists_switches_and_texts() {
        let membership = fields(&[
            ("kind", "membership"),
            ("groups.0", "family"),
            ("add.0", " jo "),
            ("add.1", ""),
        ]);
        let wanted = MembershipDraft {
            groups: vec!["family".into()],
            add: vec!["jo".into()],
            remove: Vec::new(),
        };
        assert_eq!(draft(&membership), Ok(AccessDraft::Membership(wanted)));
        let binding = fields(&[
            ("kind", "group-binding"),
            ("applications.0", "jellyfin"),
            ("groups.0", "family"),
            ("negate", "on"),
            ("order", "5"),
        ]);
        let wanted = GroupBinding {
            applications: vec!["jellyfin".into()],
            groups: vec!["family".into()],
            negate: true,
            order: Some(5),
            ..GroupBinding::default()
        };
        assert_eq!(draft(&binding), Ok(AccessDraft::GroupBinding(wanted)));
    }

    #[test]
    fn draft_refuses_what_it_does_not_know() {
        for pairs in [
            &[("kind", "magic")][..],
            &[("kind", "membership"), ("hack", "1")][..],
            &[("groups.0", "x")][..],
            &[("kind", "group-binding"), ("order", "first")][..],
        ] {
            let errors = draft(&fields(pairs)).unwrap_err();
            assert!(
                sentences(&errors).starts_with("The form cannot be read"),
                "{pairs:?}"
            );
        }
    }
}
