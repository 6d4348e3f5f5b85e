//! What the forms about access send, as a draft, and the other way round. A list is `name.0`, `name.1` …, or one
//! text with a line for each; a switch is there or not; everything else is a text.

use serde_json::{Map, Value};
use setup::{FieldErrors, access_change::AccessDraft};

use super::form::Fields;

/// The fields that are switches.
const SWITCHES: [&str; 4] = ["enabled", "is_superuser", "leave_deny", "negate"];
/// The fields that are lists of keys or names.
const LISTS: [&str; 5] = [
    "applications",
    "bindings",
    "groups",
    "new_groups",
    "parents",
];
/// The fields that are lists of people; commas part them too.
const PEOPLE: [&str; 4] = ["add", "members", "remove", "users"];

/// The draft of a form.
///
/// # Errors
/// When a field is unknown or not of its kind.
pub fn draft(fields: &Fields) -> Result<AccessDraft, FieldErrors> {
    let mut draft = Map::new();
    for (name, value) in fields {
        let field = name.split('.').next().unwrap_or_default();
        if LISTS.contains(&field) || PEOPLE.contains(&field) {
            if draft.contains_key(field) {
                continue;
            }
            let items = list(fields, field).into_iter().map(Value::from);
            draft.insert(field.to_owned(), Value::Array(items.collect()));
            continue;
        }
        let value = value.trim();
        if SWITCHES.contains(&field) {
            draft.insert(name.clone(), is_on(value).into());
        } else if name == "order" && !value.is_empty() {
            let order = value.parse::<i64>().map_err(|_| {
                let mut errors = FieldErrors::default();
                errors.add("order", "The position is a whole number.");
                errors
            })?;
            draft.insert(name.clone(), order.into());
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

/// What a form has in a list, in the order of its rows.
pub fn list(fields: &Fields, name: &str) -> Vec<String> {
    let mut rows: Vec<(Option<usize>, &String)> = fields
        .iter()
        .filter_map(|(key, value)| {
            let rest = key.strip_prefix(name)?;
            match rest.strip_prefix('.') {
                Some(row) => Some((Some(row.parse().ok()?), value)),
                None => rest.is_empty().then_some((None, value)),
            }
        })
        .collect();
    rows.sort();
    rows.into_iter()
        .flat_map(|(row, value)| match row {
            // What was ticked or chosen is one name, whatever it is made of.
            Some(_) => vec![value.as_str()],
            None if PEOPLE.contains(&name) => value.split(['\n', '\r', ',']).collect(),
            None => value.lines().collect(),
        })
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Whether a switch is on.
pub fn is_on(value: &str) -> bool {
    matches!(value.trim(), "on" | "true" | "yes")
}

/// The fields of a form that would send this draft, its kind among them.
pub fn fields(draft: &AccessDraft) -> Fields {
    let mut fields = Fields::new();
    let draft = serde_json::to_value(draft).unwrap_or_default();
    for (name, value) in draft.as_object().into_iter().flatten() {
        match value {
            Value::String(text) if !text.is_empty() => {
                fields.insert(name.clone(), text.clone());
            }
            Value::Number(number) => {
                fields.insert(name.clone(), number.to_string());
            }
            Value::Bool(on) => {
                let value = if *on { "on" } else { "off" };
                fields.insert(name.clone(), value.to_owned());
            }
            Value::Array(items) if items.is_empty() => {
                fields.insert(name.clone(), String::new());
            }
            Value::Array(items) => {
                let items = items.iter().filter_map(Value::as_str).enumerate();
                fields.extend(items.map(|(row, item)| (format!("{name}.{row}"), item.to_owned())));
            }
            _ => {}
        }
    }
    fields
}

/// All messages in one text.
pub fn sentences(errors: &FieldErrors) -> String {
    let messages: Vec<&str> = errors.0.values().flatten().map(String::as_str).collect();
    messages.join(" ")
}

#[cfg(test)]
mod tests {
    use setup::access_change::{GroupAction, GroupBinding, GroupDraft, MembershipDraft};

    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Fields {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn draft_takes_lists_switches_and_texts() {
        let membership = typed(&[
            ("kind", "membership"),
            ("groups", "family"),
            ("add.10", "ann"),
            ("add.2", "smith, jo"),
            ("add", " jo, bo \r\n\r\nli"),
            ("add.1", ""),
        ]);
        let wanted = MembershipDraft {
            groups: vec!["family".into()],
            add: ["jo", "bo", "li", "smith, jo", "ann"]
                .map(str::to_owned)
                .to_vec(),
            remove: Vec::new(),
        };
        assert_eq!(draft(&membership), Ok(AccessDraft::Membership(wanted)));
        let binding = typed(&[
            ("kind", "group-binding"),
            ("applications.0", "jellyfin"),
            ("new_groups", "us, them"),
            ("negate", "on"),
            ("order", "5"),
        ]);
        let wanted = GroupBinding {
            applications: vec!["jellyfin".into()],
            new_groups: vec!["us, them".into()],
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
        ] {
            let errors = draft(&typed(pairs)).unwrap_err();
            assert!(
                sentences(&errors).starts_with("The form cannot be read"),
                "{pairs:?}"
            );
        }
    }

    #[test]
    fn an_order_that_is_no_number_is_refused_at_its_field() {
        let errors = draft(&typed(&[("kind", "group-binding"), ("order", "first")])).unwrap_err();
        assert_eq!(errors.of("order"), ["The position is a whole number."]);
    }

    #[test]
    fn fields_lead_back_to_their_draft() {
        let drafts = [
            AccessDraft::GroupBinding(GroupBinding {
                applications: vec!["jellyfin".into(), "wiki".into()],
                groups: (0..12).map(|number| format!("g{number}")).collect(),
                order: Some(3),
                enabled: false,
                ..GroupBinding::default()
            }),
            AccessDraft::Group(GroupDraft {
                action: GroupAction::Change,
                group: "family".into(),
                parents: Some(Vec::new()),
                ..GroupDraft::default()
            }),
            AccessDraft::Membership(MembershipDraft {
                add: vec!["smith, jo".into()],
                ..MembershipDraft::default()
            }),
        ];
        for it in drafts {
            assert_eq!(draft(&fields(&it)), Ok(it));
        }
    }
}
