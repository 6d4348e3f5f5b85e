//! What a draft names, in the snapshot.

use std::{collections::HashSet, fmt::Display};

use access::{Application, Group, Piece, Sentence, Snapshot, User};
use authentik_api::{ApplicationPk, GroupPk, UserPk, models::Subject};
use serde_json::{Value, json};

use super::work::{MAX_STEPS, Work};

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
            name: shown(&group.name, &group.pk),
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

/// A name as it stands in a sentence: the key where it shows nothing; without characters that would
/// turn the direction of what follows; isolated where it is written from right to left.
pub(super) fn shown(name: &str, key: &impl Display) -> String {
    let visible = |c: char| !c.is_whitespace() && !is_hidden(c);
    if !name.chars().any(visible) {
        return key.to_string();
    }
    // Letters and emoji are joined by them.
    let joins = |c| matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}');
    let chars = name.chars();
    let safe: String = chars
        .map(|c| {
            if is_hidden(c) && !joins(c) {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect();
    if safe.chars().any(is_right_to_left) {
        format!("{ISOLATE}{safe}{POP}")
    } else {
        safe
    }
}

/// Begins a part of a sentence with a direction of its own, found from its first letter.
pub(super) const ISOLATE: char = '\u{2068}';
/// Ends it.
pub(super) const POP: char = '\u{2069}';

/// Letters of Hebrew, Arabic, Syriac, Thaana, N’Ko, Adlam and others.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// A person: the full name, with the login name where somebody else has the same full name.
pub(super) fn person(
    namesakes: &HashSet<String>,
    name: &str,
    username: &str,
    key: UserPk,
) -> String {
    let name = name.trim();
    if name.is_empty() || name == username {
        shown(username, &key)
    } else if namesakes.contains(name) {
        shown(&format!("{name} ({username})"), &key)
    } else {
        shown(name, &username)
    }
}

/// The names that more than one user shows.
pub(super) fn namesakes(users: &[User]) -> HashSet<String> {
    let mut met = HashSet::new();
    let names = users.iter().map(|it| it.label().trim());
    let twice = names.filter(|name| !met.insert(*name));
    twice.map(str::to_owned).collect()
}

/// A sentence with its names as they stand in one.
pub(super) fn spoken(sentence: &Sentence) -> String {
    let pieces = sentence.pieces.iter().map(|piece| match piece {
        Piece::Text { text } => text.clone(),
        Piece::User { pk, name } => format!("“{}”", shown(name, pk)),
        Piece::Group { pk, name } => format!("“{}”", shown(name, pk)),
        Piece::Application { pk, name } => format!("“{}”", shown(name, pk)),
        Piece::Policy { pk, name } => format!("“{}”", shown(name, pk)),
    });
    pieces.collect()
}

/// An application's name, or its slug where there is none.
pub(super) fn app_name(application: &Application) -> String {
    shown(application.label(), &application.slug)
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
        self.check_list(field, texts);
        for text in given(texts).take(MAX_STEPS) {
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

    /// Refuses a list that no change set has room for.
    pub(super) fn check_list(&mut self, field: &str, texts: &[String]) {
        if given(texts).nth(MAX_STEPS).is_some() {
            let message =
                format!("More than {MAX_STEPS} are too many for one change set: split it.");
            self.errors.add(field, message);
        }
    }

    /// The groups that a field of the draft names, each once.
    pub(super) fn groups(&mut self, field: &str, texts: &[String]) -> Vec<Who> {
        let mut found: Vec<Who> = Vec::new();
        self.check_list(field, texts);
        for text in given(texts).take(MAX_STEPS) {
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
        self.check_list(field, texts);
        let mut met = HashSet::new();
        for text in given(texts).take(MAX_STEPS) {
            match self.user(text).map(|user| self.who(user)) {
                Ok(who) if !met.insert(who.user()) => {}
                Ok(who) => found.push(who),
                Err(message) => self.errors.add(field, message),
            }
        }
        found
    }

    /// A user, told apart from others of the same name.
    pub(super) fn who(&self, user: &User) -> Who {
        Who {
            subject: Subject::User(user.pk),
            key: json!(user.pk),
            name: person(&self.namesakes, &user.name, &user.username, user.pk),
        }
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
            "There is no {kind} “{text}” in authentik: mistyped, or deleted meanwhile. Nothing was written."
        )),
    }
}

/// The texts that are not empty.
pub(super) fn given(texts: &[String]) -> impl Iterator<Item = &str> {
    let texts = texts.iter().map(|text| text.trim());
    texts.filter(|text| !text.is_empty())
}
