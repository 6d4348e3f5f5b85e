//! What a draft names, in the snapshot.

use access::{Application, Group, Snapshot, User};
use authentik_api::{ApplicationPk, GroupPk, UserPk, models::Subject};
use serde_json::{Value, json};

use super::work::Work;

/// A group or user that a plan is about: one that exists, or one that an earlier step creates.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Who {
    /// The key in the snapshot; a proposed one for what is new.
    pub(super) subject: Subject,
    /// The key in requests, or a reference.
    pub(super) key: Value,
    /// The name for people.
    pub(super) name: String,
}

impl From<&Group> for Who {
    fn from(group: &Group) -> Self {
        Self {
            subject: Subject::Group(group.pk),
            key: json!(group.pk),
            name: or_key(&group.name, &group.pk.to_string()),
        }
    }
}

impl From<&User> for Who {
    fn from(user: &User) -> Self {
        Self {
            subject: Subject::User(user.pk),
            key: json!(user.pk),
            name: or_key(user.label(), &user.pk.to_string()),
        }
    }
}

impl Who {
    pub(super) fn group(&self) -> Option<GroupPk> {
        match self.subject {
            Subject::Group(pk) => Some(pk),
            _ => None,
        }
    }

    pub(super) fn user(&self) -> Option<UserPk> {
        match self.subject {
            Subject::User(pk) => Some(pk),
            _ => None,
        }
    }
}

/// The name, or the key where the name shows nothing.
fn or_key(name: &str, key: &str) -> String {
    let shown = if name.trim().is_empty() { key } else { name };
    shown.to_owned()
}

/// Characters that show nothing, or turn the direction of what follows.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// `1 person`, `3 people`.
pub(super) fn people(count: usize) -> String {
    match count {
        1 => "1 person".to_owned(),
        many => format!("{many} people"),
    }
}

/// Names in quotation marks, at most five of them.
pub(super) fn quoted<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let shown: Vec<String> = names.iter().take(5).map(|it| format!("“{it}”")).collect();
    let more = names.len().saturating_sub(shown.len());
    match more {
        0 => shown.join(", "),
        _ => format!("{} and {more} more", shown.join(", ")),
    }
}

impl Work<'_> {
    /// The applications that a field of the draft names, each once. None at all is an error.
    pub(super) fn applications(&mut self, field: &str, texts: &[String]) -> Vec<Application> {
        let mut found: Vec<Application> = Vec::new();
        for text in given(texts) {
            let snapshot = self.snapshot;
            match application(snapshot, text) {
                Ok(it) if found.iter().any(|known| known.pk == it.pk) => {}
                Ok(it) => found.push(it.clone()),
                Err(message) => self.errors.add(field, message),
            }
        }
        if given(texts).next().is_none() {
            self.errors.add(field, "Choose at least one application.");
        }
        found
    }

    /// The groups that a field of the draft names, each once.
    pub(super) fn groups(&mut self, field: &str, texts: &[String]) -> Vec<Who> {
        let mut found: Vec<Who> = Vec::new();
        for text in given(texts) {
            match self.group(text).map(Who::from) {
                Ok(who) if found.contains(&who) => {}
                Ok(who) => found.push(who),
                Err(message) => self.errors.add(field, message),
            }
        }
        found
    }

    /// The users that a field of the draft names, each once.
    pub(super) fn users(&mut self, field: &str, texts: &[String]) -> Vec<Who> {
        let mut found: Vec<Who> = Vec::new();
        for text in given(texts) {
            match self.user(text).map(Who::from) {
                Ok(who) if found.contains(&who) => {}
                Ok(who) => found.push(who),
                Err(message) => self.errors.add(field, message),
            }
        }
        found
    }

    /// A group by its key or its exact name.
    pub(super) fn group(&self, text: &str) -> Result<&Group, String> {
        let text = text.trim();
        let by_key = text.parse().ok().and_then(|pk| self.snapshot.group(pk));
        let named = self.snapshot.groups.iter().filter(|it| it.name == text);
        one(by_key, named, "group", text)
    }

    /// A user by key or exact login name.
    pub(super) fn user(&self, text: &str) -> Result<&User, String> {
        let text = text.trim();
        let users = &self.snapshot.users;
        // A login name may look like a key.
        let named = users.iter().find(|it| it.username == text);
        let by_key = || text.parse().ok().and_then(|pk| self.snapshot.user(pk));
        one(named.or_else(by_key), std::iter::empty(), "user", text)
    }
}

pub(super) fn application<'s>(
    snapshot: &'s Snapshot,
    text: &str,
) -> Result<&'s Application, String> {
    let text = text.trim();
    let by_key = || {
        let pk: ApplicationPk = text.parse().ok()?;
        snapshot.application(pk)
    };
    let found = snapshot.application_by_slug(text).or_else(by_key);
    let named = snapshot.applications.iter().filter(|it| it.name == text);
    one(found, named, "application", text)
}

/// The object by its key, or the only one of the name.
fn one<'s, O>(
    by_key: Option<&'s O>,
    mut named: impl Iterator<Item = &'s O>,
    kind: &str,
    text: &str,
) -> Result<&'s O, String> {
    match (by_key, named.next(), named.next()) {
        (Some(found), ..) | (None, Some(found), None) => Ok(found),
        (None, Some(_), Some(_)) => Err(format!(
            "Several {kind}s are called “{text}”: choose by key which one is meant."
        )),
        (None, None, _) => Err(format!(
            "The {kind} “{text}” is not there any more. Choose again: nothing was written."
        )),
    }
}

/// The texts that are not empty.
pub(super) fn given(texts: &[String]) -> impl Iterator<Item = &str> {
    let texts = texts.iter().map(|text| text.trim());
    texts.filter(|text| !text.is_empty())
}
