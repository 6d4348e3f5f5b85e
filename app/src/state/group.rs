//! One group.

use std::collections::{HashMap, HashSet};

use access::{Application, Evaluator, Snapshot, User};
use authentik_api::{ApplicationPk, GroupPk, UserPk};
use serde::{Deserialize, Serialize};

use super::{
    access_map::{Cell, Span},
    groups::{Superuser, superuser},
    named::{Part, Words, application, group, has_words, text, visible},
};
use crate::links;

/// How many members a page has.
const PAGE: usize = 50;

/// A member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Key.
    pub pk: UserPk,
    /// Name.
    pub name: String,
    /// Login name.
    pub username: String,
    /// Whether the member may sign in.
    pub is_active: bool,
    /// The groups below through which the member is in it; empty for a direct member.
    pub through: Words,
}

/// An application that a binding connects with the group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// The application.
    pub application: Part,
    /// Its slug.
    pub slug: String,
    /// The group that the binding names, where it is one above.
    pub through: Option<Part>,
    /// Whether the binding keeps members out instead of letting them in.
    pub negate: bool,
    /// How many of the members get in.
    pub cell: Cell,
}

/// One group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupSheet {
    /// Key.
    pub pk: GroupPk,
    /// Name.
    pub name: String,
    /// Whether its members are superusers.
    pub superuser: Superuser,
    /// The groups above that make it so.
    pub superuser_through: Vec<Part>,
    /// Groups directly above.
    pub above: Vec<Part>,
    /// Groups directly below.
    pub below: Vec<Part>,
    /// Applications with an enabled binding to it or to a group above it.
    pub applications: Vec<Bound>,
    /// Members of this page, the direct ones first.
    pub members: Vec<Member>,
    /// Where the page of members stands.
    pub span: Span,
    /// Direct members.
    pub direct: u32,
    /// Members, those of groups below included.
    pub all: u32,
    /// When that was true, RFC 3339.
    pub taken_at: String,
}

/// The address of a group with its members narrowed down.
pub fn link(pk: GroupPk, q: &str, page: u32) -> String {
    let page = match page {
        0 | 1 => String::new(),
        page => page.to_string(),
    };
    links::with_query(&links::group(pk), &[("q", q), ("page", &page)])
}

/// One group; `None` when there is none.
pub fn sheet(snapshot: &Snapshot, pk: GroupPk, q: &str, page: u32) -> Option<GroupSheet> {
    let it = snapshot.group(pk)?;
    let evaluator = Evaluator::new(snapshot);
    let all: Vec<UserPk> = evaluator.members(pk)?.collect();
    let users: HashMap<UserPk, &User> = snapshot.users.iter().map(|it| (it.pk, it)).collect();
    let mut members: Vec<(bool, &User)> = all
        .iter()
        .filter_map(|pk| users.get(pk).copied())
        .map(|user| (!user.groups.contains(&pk), user))
        .collect();
    let direct = members.iter().filter(|(inherited, _)| !inherited).count();
    members.retain(|(_, user)| has_words(q, &[&user.username, &user.name]));
    members
        .sort_by_cached_key(|(inherited, user)| (*inherited, user.label().to_lowercase(), user.pk));
    let (span, skip) = Span::of(members.len(), PAGE, page);
    let shown = members.iter().skip(skip).take(PAGE);
    let below = snapshot.groups.iter().filter(|it| it.parents.contains(&pk));
    let active = all
        .iter()
        .filter(|pk| users.get(pk).is_some_and(|it| it.is_active));
    let active: Vec<UserPk> = active.copied().collect();
    Some(GroupSheet {
        pk,
        name: visible(&it.name, &pk),
        superuser: superuser(&evaluator, it),
        superuser_through: marked_above(snapshot, pk),
        above: it.parents.iter().map(|pk| group(snapshot, *pk)).collect(),
        below: below.map(|it| group(snapshot, it.pk)).collect(),
        applications: bound(&evaluator, pk, &active),
        members: shown
            .map(|(_, user)| member(&evaluator, pk, user))
            .collect(),
        span,
        direct: number(direct),
        all: number(all.len()),
        taken_at: snapshot.taken_at.to_string(),
    })
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn member(evaluator: &Evaluator<'_>, group_pk: GroupPk, user: &User) -> Member {
    let snapshot = evaluator.snapshot();
    let chain = evaluator.chain(user.pk, group_pk).unwrap_or_default();
    let mut through = Words::new();
    for pk in chain.iter().filter(|pk| **pk != group_pk) {
        if !through.is_empty() {
            through.push(text(", then "));
        }
        through.push(group(snapshot, *pk));
    }
    Member {
        pk: user.pk,
        name: visible(user.label(), &user.pk),
        username: user.username.clone(),
        is_active: user.is_active,
        through,
    }
}

/// The groups above that are marked as superuser, this one left out.
fn marked_above(snapshot: &Snapshot, pk: GroupPk) -> Vec<Part> {
    let groups: HashMap<GroupPk, &access::Group> =
        snapshot.groups.iter().map(|it| (it.pk, it)).collect();
    let (mut seen, mut open) = (HashSet::from([pk]), vec![pk]);
    let mut marked = Vec::new();
    while let Some(at) = open.pop() {
        for above in groups.get(&at).into_iter().flat_map(|it| &it.parents) {
            if seen.insert(*above) {
                open.push(*above);
                if groups.get(above).is_some_and(|it| it.is_superuser) {
                    marked.push(group(snapshot, *above));
                }
            }
        }
    }
    marked
}

fn bound(evaluator: &Evaluator<'_>, pk: GroupPk, active: &[UserPk]) -> Vec<Bound> {
    let snapshot = evaluator.snapshot();
    let matrix = evaluator.matrix();
    let named: HashMap<ApplicationPk, &Application> =
        snapshot.applications.iter().map(|it| (it.pk, it)).collect();
    let mut bound: Vec<Bound> = evaluator
        .reached_by(pk)
        .into_iter()
        .filter_map(|binding| {
            let row = matrix.application(binding.application)?;
            Some(Bound {
                application: application(snapshot, binding.application),
                slug: named.get(&binding.application)?.slug.clone(),
                through: binding
                    .group
                    .filter(|it| *it != pk)
                    .map(|it| group(snapshot, it)),
                negate: binding.negate,
                cell: Cell::count(active.iter().filter_map(|pk| row.verdict(*pk))),
            })
        })
        .collect();
    bound.sort_by_cached_key(|it| {
        let name = super::named::plain(std::slice::from_ref(&it.application));
        (name.to_lowercase(), it.slug.clone())
    });
    bound
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{named::plain, samples};

    #[test]
    fn sheet_knows_members_applications_and_neighbours() {
        let mut home = samples::home();
        home.groups.first_mut().unwrap().parents = vec![samples::ADMINS];
        let family = sheet(&home, samples::FAMILY, "", 1).unwrap();
        assert_eq!((family.direct, family.all, family.span.total), (1, 2, 2));
        let members: Vec<_> = family
            .members
            .iter()
            .map(|it| (it.username.as_str(), plain(&it.through)))
            .collect();
        assert_eq!(
            members,
            [("old", String::new()), ("sam", "“kids”".to_owned())]
        );
        assert_eq!(plain(&family.above), "“admins”");
        assert_eq!(plain(&family.below), "“kids”");
        assert_eq!(family.superuser, Superuser::Inherited);
        assert_eq!(plain(&family.superuser_through), "“admins”");
        let opens: Vec<_> = family
            .applications
            .iter()
            .map(|it| it.slug.as_str())
            .collect();
        assert_eq!(opens, ["jellyfin"]);
    }

    #[test]
    fn bindings_of_groups_above_are_told_apart() {
        let kids = sheet(&samples::home(), samples::KIDS, "", 1).unwrap();
        let bound = kids.applications.first().unwrap();
        assert_eq!(plain(bound.through.as_slice()), "“family”");
        assert_eq!((bound.cell.allowed, bound.cell.of), (1, 1));
    }

    #[test]
    fn members_can_be_searched() {
        let found = sheet(&samples::home(), samples::FAMILY, "sam", 1).unwrap();
        assert_eq!((found.members.len(), found.all), (1, 2));
        assert!(sheet(&samples::home(), GroupPk(uuid::Uuid::nil()), "", 1).is_none());
        assert_eq!(
            link(GroupPk(uuid::Uuid::nil()), "a b", 2),
            format!("/groups/{}?q=a%20b&page=2", uuid::Uuid::nil())
        );
    }
}
