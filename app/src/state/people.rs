//! The list of people, and one person.

use std::cmp::Reverse;

use access::{Evaluator, Snapshot, Verdict};
use authentik_api::{GroupPk, UserPk, models};
use serde::{Deserialize, Serialize};

use super::{
    access_map::Span,
    named::{Part, Words, application, group, text, visible, words},
};
use crate::links;

/// How many people a page has.
pub const PAGE: u32 = 50;

/// What the list is narrowed down to; lives in the query of the address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// What to look for: in login names, names and e-mail addresses.
    pub q: String,
    /// `active` or `inactive`.
    pub state: String,
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
        links::with_query(
            links::PEOPLE,
            &[("q", &self.q), ("state", &self.state), ("page", &page)],
        )
    }

    /// Whether only those who may, or may not, sign in are wanted.
    pub fn active(&self) -> Option<bool> {
        match self.state.as_str() {
            "active" => Some(true),
            "inactive" => Some(false),
            _ => None,
        }
    }
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Key.
    pub pk: UserPk,
    /// Name, or the login name where there is none.
    pub name: String,
    /// Login name.
    pub username: String,
    /// E-mail address; may be empty.
    pub email: String,
    /// Whether the person may sign in.
    pub is_active: bool,
    /// Kind of account, where it is none of a person.
    pub kind: Option<String>,
    /// Direct groups.
    pub groups: Vec<Part>,
    /// Applications that the person can open; absent for somebody who came after the snapshot.
    pub opens: Option<u32>,
    /// Last sign-in, RFC 3339.
    pub last_login: Option<String>,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// People of this page.
    pub rows: Vec<Row>,
    /// Where the page stands.
    pub span: Span,
}

/// The lines for people as authentik lists them.
pub fn rows(snapshot: &Snapshot, users: Vec<models::User>) -> Vec<Row> {
    let matrix = Evaluator::new(snapshot).matrix();
    let opens = |pk: UserPk| {
        let verdicts = matrix.applications().iter().map(|row| row.verdict(pk));
        let verdicts: Option<Vec<Verdict>> = verdicts.collect();
        let allowed = verdicts?
            .into_iter()
            .filter(|it| *it == Verdict::Allowed)
            .count();
        u32::try_from(allowed).ok()
    };
    let row = |user: models::User| Row {
        pk: user.pk,
        name: visible(user.label(), &user.username),
        is_active: user.is_active.unwrap_or(true),
        kind: kind(user.kind.as_ref()),
        groups: user.groups.iter().map(|pk| group(snapshot, *pk)).collect(),
        opens: opens(user.pk),
        last_login: user.last_login.map(|at| at.to_string()),
        username: user.username,
        email: user.email,
    };
    users.into_iter().map(row).collect()
}

/// The kind of an account, where it is none of a person of the house.
fn kind(kind: Option<&models::UserType>) -> Option<String> {
    match kind? {
        models::UserType::Internal => None,
        models::UserType::External => Some("External".to_owned()),
        models::UserType::ServiceAccount => Some("Service account".to_owned()),
        models::UserType::InternalServiceAccount => Some("Internal service account".to_owned()),
        models::UserType::Unknown(kind) => Some(kind.clone()),
    }
}

/// One person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Name, login name, e-mail address, state, direct groups.
    pub row: Row,
    /// When the account was made, RFC 3339.
    pub joined: Option<String>,
    /// Whether the person is superuser, and through which groups.
    pub superuser: Vec<Part>,
    /// All groups, the direct ones first.
    pub groups: Vec<Membership>,
    /// All applications, the ones that the person gets into first.
    pub applications: Vec<Opens>,
    /// When that was true, RFC 3339.
    pub taken_at: String,
}

/// A group that a person is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// Key of the group.
    pub pk: GroupPk,
    /// The group.
    pub group: Part,
    /// The way from a group of the person's own; empty where the group is one.
    pub through: Words,
    /// Whether its members are superusers.
    pub superuser: bool,
}

/// An application and whether a person gets in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opens {
    /// The application.
    pub application: Part,
    /// Its slug.
    pub slug: String,
    /// Whether the person gets in.
    pub verdict: Verdict,
    /// Why.
    pub sentence: Words,
}

/// One person.
pub fn person(snapshot: &Snapshot, user: models::User) -> Option<Person> {
    let pk = user.pk;
    let joined = user.date_joined.map(|at| at.to_string());
    let evaluator = Evaluator::new(snapshot);
    let groups = memberships(&evaluator, pk);
    let marked = groups.iter().filter(|it| it.superuser);
    Some(Person {
        superuser: marked.map(|it| it.group.clone()).collect(),
        groups,
        applications: applications(&evaluator, pk),
        row: rows(snapshot, vec![user]).pop()?,
        joined,
        taken_at: snapshot.taken_at.to_string(),
    })
}

fn memberships(evaluator: &Evaluator<'_>, pk: UserPk) -> Vec<Membership> {
    let snapshot = evaluator.snapshot();
    let mut found: Vec<(bool, String, Membership)> = Vec::new();
    for it in &snapshot.groups {
        let Some(chain) = evaluator.chain(pk, it.pk) else {
            continue;
        };
        let is_direct = chain.len() < 2;
        let membership = Membership {
            pk: it.pk,
            group: group(snapshot, it.pk),
            through: way(snapshot, &chain),
            superuser: it.is_superuser,
        };
        found.push((!is_direct, it.name.to_lowercase(), membership));
    }
    found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    found.into_iter().map(|(_, _, it)| it).collect()
}

/// A chain of groups without its end; nothing for a direct membership.
fn way(snapshot: &Snapshot, chain: &[GroupPk]) -> Words {
    let Some((_, below)) = chain.split_last() else {
        return Vec::new();
    };
    let mut words = Words::new();
    for (at, pk) in below.iter().enumerate() {
        if at > 0 {
            words.push(text(", then "));
        }
        words.push(group(snapshot, *pk));
    }
    words
}

fn applications(evaluator: &Evaluator<'_>, pk: UserPk) -> Vec<Opens> {
    let snapshot = evaluator.snapshot();
    let mut found: Vec<Opens> = snapshot
        .applications
        .iter()
        .filter_map(|it| {
            let reason = evaluator.reason(pk, it.pk)?;
            Some(Opens {
                application: application(snapshot, it.pk),
                slug: it.slug.clone(),
                verdict: reason.verdict,
                sentence: words(snapshot, &reason.sentence),
            })
        })
        .collect();
    let rank = |verdict| match verdict {
        Verdict::Allowed => 2,
        Verdict::Unknown => 1,
        Verdict::Denied => 0,
    };
    found.sort_by_cached_key(|it| {
        let name = super::named::plain(std::slice::from_ref(&it.application));
        (
            Reverse(rank(it.verdict)),
            name.to_lowercase(),
            it.slug.clone(),
        )
    });
    found
}

/// A sign-in, or an attempt at one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// When, RFC 3339.
    pub at: String,
    /// Whether it succeeded.
    pub succeeded: bool,
    /// Address that it came from; may be empty.
    pub from: String,
}

/// The sign-ins among a person's events; `action` of a list can only be narrowed down to a part of a
/// word.
pub fn sign_ins(events: Vec<models::Event>) -> Vec<SignIn> {
    let sign_in = |event: models::Event| {
        let succeeded = match event.action.as_str() {
            "login" => true,
            "login_failed" => false,
            _ => return None,
        };
        Some(SignIn {
            at: event.created?.to_string(),
            succeeded,
            from: event.client_ip.unwrap_or_default(),
        })
    };
    events.into_iter().filter_map(sign_in).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::state::{named::plain, samples};

    fn user(pk: UserPk, groups: &[GroupPk]) -> models::User {
        let json = json!({
            "pk": pk, "username": format!("u{pk}"), "name": "", "is_active": true, "groups": groups,
            "type": "service_account",
        });
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn rows_count_what_people_can_open() {
        let home = samples::home();
        let rows = rows(
            &home,
            vec![user(samples::SAM, &[samples::KIDS]), user(UserPk(99), &[])],
        );
        let shape: Vec<_> = rows.iter().map(|it| (it.name.as_str(), it.opens)).collect();
        assert_eq!(shape, [("u6", Some(2)), ("u99", None)]);
        let sam = rows.first().unwrap();
        assert_eq!(plain(&sam.groups), "“kids”");
        assert_eq!(sam.kind.as_deref(), Some("Service account"));
    }

    #[test]
    fn person_has_inherited_groups_and_every_application() {
        let mut home = samples::home();
        home.groups.first_mut().unwrap().is_superuser = true;
        let sam = person(&home, user(samples::SAM, &[samples::KIDS])).unwrap();
        let groups: Vec<_> = sam
            .groups
            .iter()
            .map(|it| (plain(std::slice::from_ref(&it.group)), plain(&it.through)))
            .collect();
        assert_eq!(
            groups,
            [
                ("“kids”".to_owned(), String::new()),
                ("“family”".to_owned(), "“kids”".to_owned())
            ]
        );
        assert_eq!(plain(&sam.superuser), "“family”");
        let verdicts: Vec<_> = sam.applications.iter().map(|it| it.verdict).collect();
        assert_eq!(
            verdicts,
            [Verdict::Allowed, Verdict::Allowed, Verdict::Unknown]
        );
    }

    #[test]
    fn sign_ins_are_told_from_other_events() {
        let event = |action: &str| -> models::Event {
            let pk = "00000000-0000-0000-0000-000000000001";
            let created = "2026-11-22T00:00:00Z";
            serde_json::from_value(json!({ "pk": pk, "action": action, "created": created }))
                .unwrap()
        };
        let events = vec![event("login"), event("login_failed"), event("login_x")];
        let found: Vec<_> = sign_ins(events).iter().map(|it| it.succeeded).collect();
        assert_eq!(found, [true, false]);
    }

    #[test]
    fn links_say_only_what_is_set() {
        let filter = Filter {
            q: "a&b".into(),
            state: "inactive".into(),
            page: 2,
        };
        assert_eq!(filter.link(), "/people?q=a%26b&state=inactive&page=2");
        assert_eq!(filter.active(), Some(false));
        assert_eq!(Filter::default().link(), "/people");
        assert_eq!(Filter::default().active(), None);
    }
}
