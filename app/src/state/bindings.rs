//! All bindings of all applications.

use access::{Binding, Snapshot, User};
use authentik_api::BindingPk;
use serde::{Deserialize, Serialize};

use super::{
    access_map::Span,
    named::{Part, application, group, has_words, policy, text, user, visible},
};
use crate::links;

/// How many bindings a page has.
const PAGE: usize = 100;

/// A binding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Key.
    pub pk: BindingPk,
    /// The application that it decides about.
    pub application: Part,
    /// `Group`, `User` or `Policy`.
    pub kind: String,
    /// The group, user or policy.
    pub subject: Part,
    /// Position.
    pub order: i64,
    /// Turns the result round.
    pub negate: bool,
    /// Whether it is enabled.
    pub enabled: bool,
    /// Whether its time is over (2026.8 and later).
    pub has_ended: bool,
}

/// A page of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bindings {
    /// By application, then in the order of evaluation.
    pub rows: Vec<Row>,
    /// Where the page stands.
    pub span: Span,
    /// All bindings.
    pub all: usize,
    /// When that was true, RFC 3339.
    pub taken_at: String,
}

/// What the list is narrowed down to; lives in the query of the address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Words of the application’s name or of the group’s, user’s or policy’s.
    pub q: String,
    /// Page, from 1.
    pub page: u32,
}

impl Filter {
    /// The address of the list narrowed down so.
    pub fn link(&self) -> String {
        let page = match self.page {
            0 | 1 => String::new(),
            page => page.to_string(),
        };
        links::with_query(links::BINDINGS, &[("q", &self.q), ("page", &page)])
    }
}

/// A page of the bindings.
pub fn bindings(snapshot: &Snapshot, filter: &Filter) -> Bindings {
    let mut found: Vec<(String, &Binding)> = snapshot
        .bindings
        .iter()
        .map(|binding| (application_name(snapshot, binding), binding))
        .filter(|(name, binding)| has_words(&filter.q, &[name, &subject_name(snapshot, binding)]))
        .collect();
    found.sort_by_cached_key(|(name, binding)| (name.to_lowercase(), binding.order, binding.pk));
    let (span, skip) = Span::of(found.len(), PAGE, filter.page);
    let shown = found.iter().skip(skip).take(PAGE);
    Bindings {
        rows: shown.map(|(_, binding)| row(snapshot, binding)).collect(),
        span,
        all: snapshot.bindings.len(),
        taken_at: snapshot.taken_at.to_string(),
    }
}

fn row(snapshot: &Snapshot, binding: &Binding) -> Row {
    let (kind, subject) = if let Some(pk) = binding.group {
        ("Group", group(snapshot, pk))
    } else if let Some(pk) = binding.user {
        ("User", user(snapshot, pk))
    } else if let Some(pk) = binding.policy {
        ("Policy", policy(snapshot, pk))
    } else {
        ("Nothing", text("names nothing"))
    };
    Row {
        pk: binding.pk,
        application: application(snapshot, binding.application),
        kind: kind.to_owned(),
        subject,
        order: binding.order,
        negate: binding.negate,
        enabled: binding.enabled,
        has_ended: binding.has_expired(snapshot.taken_at),
    }
}

fn application_name(snapshot: &Snapshot, binding: &Binding) -> String {
    let application = snapshot.application(binding.application);
    let name = application.map(|it| it.label().to_owned());
    name.unwrap_or_else(|| binding.application.to_string())
}

/// The name of what a binding names.
pub fn subject_name(snapshot: &Snapshot, binding: &Binding) -> String {
    let group = binding.group.and_then(|pk| snapshot.group(pk));
    let user = binding.user.and_then(|pk| snapshot.user(pk));
    let policy = binding.policy.and_then(|pk| snapshot.policy(pk));
    let name = group.map(|it| it.name.as_str());
    let name = name.or_else(|| user.map(User::label));
    let name = name.or_else(|| policy.map(|it| it.name.as_str()));
    visible(name.unwrap_or_default(), &binding.pk)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{named::plain, samples};

    #[test]
    fn bindings_are_listed_by_application_and_found_by_either_name() {
        let home = samples::home();
        let of = |q: &str| {
            let filter = Filter {
                q: q.to_owned(),
                page: 1,
            };
            let found = bindings(&home, &filter);
            let words = |row: &Row| {
                let parts = [row.application.clone(), row.subject.clone()];
                format!("{} {}", row.kind, plain(&parts))
            };
            found.rows.iter().map(words).collect::<Vec<_>>()
        };
        assert_eq!(
            of(""),
            ["Group “Jellyfin”“family”", "Policy “Mystery”“office hours”"]
        );
        assert_eq!(of("FAM").len(), 1);
        assert_eq!(of("mystery").len(), 1);
        assert_eq!(of("nothing like it").len(), 0);
    }
}
