//! Which members of a group get into an application.

use std::collections::HashMap;

use access::{Evaluator, Snapshot, User, Verdict};
use authentik_api::{ApplicationPk, GroupPk, UserPk};
use serde::{Deserialize, Serialize};

use crate::state::{
    access_map::{Cell, Span},
    named::{Part, application, group, visible},
};

/// How many members a page has.
const PAGE: usize = 100;

/// A member of the group.
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
    /// Whether the member gets in.
    pub verdict: Verdict,
}

/// Which members of a group get into an application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupWhy {
    /// The group.
    pub group: Part,
    /// The application.
    pub application: Part,
    /// Its slug.
    pub slug: String,
    /// Those who may sign in, counted.
    pub cell: Cell,
    /// Members of this page, those of groups below included, by name.
    pub members: Vec<Member>,
    /// Where the page stands.
    pub span: Span,
    /// When that was true, RFC 3339.
    pub taken_at: String,
}

/// Which members of a group get into an application; `None` when there is no such group or
/// application.
pub fn group_why(
    snapshot: &Snapshot,
    pk: GroupPk,
    app: ApplicationPk,
    page: u32,
) -> Option<GroupWhy> {
    let evaluator = Evaluator::new(snapshot);
    let slug = snapshot.application(app)?.slug.clone();
    let matrix = evaluator.matrix();
    let row = matrix.application(app)?;
    let users: HashMap<UserPk, &User> = snapshot.users.iter().map(|it| (it.pk, it)).collect();
    let members = evaluator.members(pk)?;
    let mut members: Vec<Member> = members
        .filter_map(|pk| {
            let user = users.get(&pk)?;
            Some(Member {
                pk,
                name: visible(user.label(), &pk),
                username: user.username.clone(),
                is_active: user.is_active,
                verdict: row.verdict(pk)?,
            })
        })
        .collect();
    members.sort_by_cached_key(|member| (member.name.to_lowercase(), member.pk));
    let active = members.iter().filter(|member| member.is_active);
    let cell = Cell::count(active.map(|member| member.verdict));
    let (span, skip) = Span::of(members.len(), PAGE, page);
    Some(GroupWhy {
        group: group(snapshot, pk),
        application: application(snapshot, app),
        slug,
        cell,
        members: members.into_iter().skip(skip).take(PAGE).collect(),
        span,
        taken_at: snapshot.taken_at.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples;

    #[test]
    fn members_of_groups_below_count_and_the_inactive_are_shown() {
        let why = group_why(&samples::home(), samples::FAMILY, samples::JELLYFIN, 1).unwrap();
        let shape: Vec<_> = why
            .members
            .iter()
            .map(|it| (it.username.as_str(), it.verdict, it.is_active))
            .collect();
        assert_eq!(
            shape,
            [
                ("old", Verdict::Denied, false),
                ("sam", Verdict::Allowed, true)
            ]
        );
        assert_eq!((why.cell.allowed, why.cell.of), (1, 1));
        assert_eq!(why.span.total, 2);
    }
}
