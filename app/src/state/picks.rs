//! Lists to tick.

use serde::{Deserialize, Serialize};

use crate::model::Choice;

/// A line of a list to tick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pick {
    /// What the form sends.
    pub value: String,
    /// What it is called.
    pub label: String,
    /// What else there is to know.
    pub hint: String,
    /// What to be careful about; nothing where it is empty.
    pub warning: String,
    /// Whether it is ticked.
    pub chosen: bool,
}

impl Pick {
    /// A line that is not ticked.
    pub fn new(
        value: impl Into<String>,
        label: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            hint: hint.into(),
            warning: String::new(),
            chosen: false,
        }
    }
}

impl From<Choice> for Pick {
    fn from(choice: Choice) -> Self {
        Self::new(choice.value, choice.label, "")
    }
}

/// The lines with those ticked that were chosen, by value or label. What was chosen and is not among them comes
/// first, so that it can be taken out.
pub fn picks(lines: impl IntoIterator<Item = Pick>, chosen: &[String]) -> Vec<Pick> {
    let mut lines: Vec<Pick> = lines.into_iter().collect();
    let mut gone = Vec::new();
    for text in chosen {
        let by_value = lines.iter().position(|it| it.value == *text);
        let found = by_value.or_else(|| lines.iter().position(|it| it.label == *text));
        match found.and_then(|at| lines.get_mut(at)) {
            Some(line) => line.chosen = true,
            None => gone.push(Pick {
                chosen: true,
                ..Pick::new(text, text, "not found in authentik any more: take it out")
            }),
        }
    }
    gone.append(&mut lines);
    gone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_keep_what_was_chosen_and_is_gone() {
        let lines = ["family", "kids"].map(|name| Pick::new(format!("pk of {name}"), name, ""));
        let chosen = [
            "old".to_owned(),
            "pk of kids".to_owned(),
            "family".to_owned(),
        ];
        let picks = picks(lines, &chosen);
        let shape: Vec<_> = picks
            .iter()
            .map(|it| (it.label.as_str(), it.chosen))
            .collect();
        assert_eq!(shape, [("old", true), ("family", true), ("kids", true)]);
        assert!(picks[0].hint.contains("not found"));
    }
}
