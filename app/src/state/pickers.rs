//! Choosing a person and an application.

use access::Snapshot;
use authentik_api::models;
use serde::{Deserialize, Serialize};

use super::named::{isolated, person, visible};
use crate::model::Choice;

/// More people than this are searched for instead of being listed.
pub const MOST: usize = 150;

/// What there is to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pickers {
    /// All people by name; absent where there are too many to list.
    pub people: Option<Vec<Choice>>,
    /// All applications by name.
    pub applications: Vec<Choice>,
}

/// What there is to choose from.
pub fn pickers(snapshot: &Snapshot) -> Pickers {
    let people = (snapshot.users.len() <= MOST).then(|| {
        sorted(snapshot.users.iter().map(|user| Choice {
            value: user.pk.to_string(),
            label: person(&visible(&user.name, &""), &user.username),
        }))
    });
    Pickers {
        people,
        applications: applications(snapshot),
    }
}

/// All applications, by slug, sorted by name.
pub fn applications(snapshot: &Snapshot) -> Vec<Choice> {
    sorted(snapshot.applications.iter().map(|application| Choice {
        value: application.slug.clone(),
        label: isolated(&visible(&application.name, &application.slug)),
    }))
}

/// All groups, by key, sorted by name.
pub fn groups(snapshot: &Snapshot) -> Vec<Choice> {
    sorted(snapshot.groups.iter().map(|group| Choice {
        value: group.pk.to_string(),
        label: isolated(&visible(&group.name, &group.pk)),
    }))
}

/// A person that a search found.
pub fn found(user: &models::User) -> Choice {
    let label = person(&user.name, &user.username);
    Choice {
        value: user.pk.to_string(),
        label: match user.email.as_str() {
            "" => label,
            email => format!("{label}, {}", isolated(email)),
        },
    }
}

/// By name, whatever the case.
pub(super) fn sorted(choices: impl Iterator<Item = Choice>) -> Vec<Choice> {
    let mut choices: Vec<Choice> = choices.collect();
    choices.sort_by_cached_key(|choice| (choice.label.to_lowercase(), choice.value.clone()));
    choices
}

#[cfg(test)]
mod tests {
    use access::User;
    use authentik_api::UserPk;

    use super::*;
    use crate::state::samples;

    #[test]
    fn few_people_are_listed_and_many_are_not() {
        let mut home = samples::home();
        let people = pickers(&home).people.unwrap();
        let labels: Vec<_> = people.iter().map(|it| it.label.as_str()).collect();
        assert_eq!(labels, ["jodie", "old", "sam"]);
        home.users
            .extend((100..400).map(|pk| User::new(UserPk(pk), "x")));
        assert_eq!(pickers(&home).people, None);
        assert_eq!(pickers(&home).applications.len(), 3);
    }
}
