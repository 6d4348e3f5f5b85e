//! The tree of groups.

use std::collections::{HashMap, HashSet};

use access::{Evaluator, Group, Snapshot};
use authentik_api::{ApplicationPk, GroupPk};
use serde::{Deserialize, Serialize};

use super::{
    access_map::Span,
    named::{has_words, visible},
};
use crate::links;

/// How many groups a page has.
pub const PAGE: usize = 100;
/// Deeper lines are not indented any further.
pub const DEEPEST: u32 = 8;

/// What the list is narrowed down to; lives in the query of the address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Words in the name.
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
        links::with_query(links::GROUPS, &[("q", &self.q), ("page", &page)])
    }
}

/// Whether the members of a group are superusers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Superuser {
    /// No.
    No,
    /// The group is marked so.
    Marked,
    /// A group above it is.
    Inherited,
}

/// A line of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Key.
    pub pk: GroupPk,
    /// Name.
    pub name: String,
    /// How far below the top, at most [`DEEPEST`].
    pub depth: u32,
    /// The group above in whose place it stands; empty at the top.
    pub below: String,
    /// Whether it stood in another place already: its groups below are not repeated.
    pub again: bool,
    /// Direct members.
    pub direct: u32,
    /// Members, those of groups below included.
    pub all: u32,
    /// Applications with a binding that lets its members in.
    pub opens: u32,
    /// Whether its members are superusers.
    pub superuser: Superuser,
}

/// A page of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Groups {
    /// Lines of this page.
    pub rows: Vec<Row>,
    /// Where the page stands.
    pub span: Span,
    /// Groups in all.
    pub groups: usize,
    /// When that was true, RFC 3339.
    pub taken_at: String,
}

/// A page of the tree; of a search a plain list.
pub fn groups(snapshot: &Snapshot, filter: &Filter) -> Groups {
    let places = if filter.q.trim().is_empty() {
        tree(snapshot)
    } else {
        let fitting = snapshot
            .groups
            .iter()
            .filter(|it| has_words(&filter.q, &[&it.name]));
        let mut flat: Vec<Place<'_>> = fitting.map(Place::top).collect();
        flat.sort_by_cached_key(|place| order(place.group));
        flat
    };
    let (span, skip) = Span::of(places.len(), PAGE, filter.page);
    let evaluator = Evaluator::new(snapshot);
    let mut direct: HashMap<GroupPk, u32> = HashMap::new();
    for user in &snapshot.users {
        let own: HashSet<&GroupPk> = user.groups.iter().collect();
        for pk in own {
            *direct.entry(*pk).or_default() += 1;
        }
    }
    let row = |place: &Place<'_>| {
        let Group { pk, name, .. } = place.group;
        Row {
            pk: *pk,
            name: visible(name, pk),
            depth: place.depth.min(DEEPEST),
            below: place
                .below
                .map(|it| visible(&it.name, &it.pk))
                .unwrap_or_default(),
            again: place.again,
            direct: direct.get(pk).copied().unwrap_or_default(),
            all: number(evaluator.members(*pk).map_or(0, Iterator::count)),
            opens: number(opened_by(&evaluator, *pk).len()),
            superuser: superuser(&evaluator, place.group),
        }
    };
    Groups {
        rows: places.iter().skip(skip).take(PAGE).map(row).collect(),
        span,
        groups: snapshot.groups.len(),
        taken_at: snapshot.taken_at.to_string(),
    }
}

/// Whether the members of a group are superusers.
pub(super) fn superuser(evaluator: &Evaluator<'_>, group: &Group) -> Superuser {
    if group.is_superuser {
        Superuser::Marked
    } else if evaluator.makes_superusers(group.pk) {
        Superuser::Inherited
    } else {
        Superuser::No
    }
}

/// The applications with a binding that lets members of the group in.
fn opened_by(evaluator: &Evaluator<'_>, group: GroupPk) -> HashSet<ApplicationPk> {
    let bindings = evaluator.reached_by(group).into_iter();
    let letting_in = bindings.filter(|binding| !binding.negate);
    letting_in.map(|binding| binding.application).collect()
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A group at its place in the tree.
struct Place<'s> {
    group: &'s Group,
    below: Option<&'s Group>,
    depth: u32,
    again: bool,
}

impl<'s> Place<'s> {
    fn top(group: &'s Group) -> Self {
        Self {
            group,
            below: None,
            depth: 0,
            again: false,
        }
    }
}

fn order(group: &Group) -> (String, GroupPk) {
    (group.name.to_lowercase(), group.pk)
}

/// All groups, each below the groups above it. One that has several stands below each, and is
/// unfolded once. Groups that lie in a circle have no top: they come last.
fn tree(snapshot: &Snapshot) -> Vec<Place<'_>> {
    let known: HashSet<GroupPk> = snapshot.groups.iter().map(|it| it.pk).collect();
    let mut below: HashMap<GroupPk, Vec<&Group>> = HashMap::new();
    let mut all: Vec<&Group> = snapshot.groups.iter().collect();
    all.sort_by_cached_key(|group| order(group));
    let mut tops = Vec::new();
    for group in &all {
        let above = group.parents.iter().filter(|pk| known.contains(pk));
        let above: Vec<&GroupPk> = above.collect();
        for pk in &above {
            below.entry(**pk).or_default().push(group);
        }
        if above.is_empty() {
            tops.push(*group);
        }
    }
    let mut unfolded: HashSet<GroupPk> = HashSet::new();
    let mut places = Vec::new();
    // The tops, then what no top leads to.
    for start in tops.into_iter().chain(all) {
        if unfolded.contains(&start.pk) {
            continue;
        }
        let mut open = vec![Place::top(start)];
        while let Some(mut place) = open.pop() {
            place.again = !unfolded.insert(place.group.pk);
            if !place.again {
                let children = below.get(&place.group.pk).into_iter().flatten().rev();
                open.extend(children.map(|child| Place {
                    group: child,
                    below: Some(place.group),
                    depth: place.depth + 1,
                    again: false,
                }));
            }
            places.push(place);
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples;

    fn shape(snapshot: &Snapshot, q: &str) -> Vec<(String, u32, bool)> {
        let filter = Filter {
            q: q.into(),
            page: 1,
        };
        let rows = groups(snapshot, &filter).rows;
        rows.into_iter()
            .map(|it| (it.name, it.depth, it.again))
            .collect()
    }

    fn line(name: &str, depth: u32, again: bool) -> (String, u32, bool) {
        (name.to_owned(), depth, again)
    }

    #[test]
    fn groups_stand_below_the_groups_above_them() {
        let home = samples::home();
        assert_eq!(
            shape(&home, ""),
            [
                line("admins", 0, false),
                line("family", 0, false),
                line("kids", 1, false)
            ]
        );
        assert_eq!(shape(&home, "KIDS"), [line("kids", 0, false)]);
    }

    #[test]
    fn several_parents_and_circles_end() {
        let mut home = samples::home();
        let kids = home.groups.get_mut(1).unwrap();
        kids.parents = vec![samples::FAMILY, samples::ADMINS];
        assert_eq!(
            shape(&home, ""),
            [
                line("admins", 0, false),
                line("kids", 1, false),
                line("family", 0, false),
                line("kids", 1, true)
            ]
        );
        home.groups.first_mut().unwrap().parents = vec![samples::KIDS];
        home.groups.get_mut(1).unwrap().parents = vec![samples::FAMILY];
        assert_eq!(
            shape(&home, ""),
            [
                line("admins", 0, false),
                line("family", 0, false),
                line("kids", 1, false),
                line("family", 2, true)
            ]
        );
    }

    #[test]
    fn rows_count_members_and_applications() {
        let mut home = samples::home();
        home.groups
            .get_mut(1)
            .unwrap()
            .parents
            .push(samples::ADMINS);
        let rows = groups(&home, &Filter::default()).rows;
        let of = |pk: GroupPk| rows.iter().find(|it| it.pk == pk).unwrap();
        let family = of(samples::FAMILY);
        assert_eq!((family.direct, family.all, family.opens), (1, 2, 1));
        assert_eq!(of(samples::KIDS).opens, 1, "through the group above");
        assert_eq!(of(samples::KIDS).superuser, Superuser::Inherited);
        assert_eq!(of(samples::ADMINS).superuser, Superuser::Marked);
        assert_eq!(family.superuser, Superuser::No);
    }
}
