//! Who gets in through groups.

use std::collections::{BTreeMap, BTreeSet};

use authentik_api::{GroupPk, UserPk, models::Group};

/// The people in any of `groups`: members of a group below count as members of the groups above
/// (fact sheet §4). Circles of groups, which authentik accepts, end.
pub fn members(all: &[Group], groups: &[GroupPk]) -> BTreeSet<UserPk> {
    let mut children: BTreeMap<GroupPk, Vec<&Group>> = BTreeMap::new();
    for group in all {
        for parent in group.parents() {
            children.entry(parent).or_default().push(group);
        }
    }
    let mut seen: BTreeSet<GroupPk> = BTreeSet::new();
    let mut people = BTreeSet::new();
    let mut open: Vec<GroupPk> = groups.to_vec();
    while let Some(pk) = open.pop() {
        if !seen.insert(pk) {
            continue;
        }
        if let Some(group) = all.iter().find(|group| group.pk == pk) {
            people.extend(group.users.iter().copied());
        }
        open.extend(
            children
                .get(&pk)
                .into_iter()
                .flatten()
                .map(|child| child.pk),
        );
    }
    people
}

/// The people in every one of `groups`.
pub(super) fn members_of_all(all: &[Group], groups: &[GroupPk]) -> BTreeSet<UserPk> {
    let mut sets = groups.iter().map(|group| members(all, &[*group]));
    let first = sets.next().unwrap_or_default();
    sets.fold(first, |people, more| {
        people.intersection(&more).copied().collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(number: u8, parent: Option<u8>, users: &[i64]) -> Group {
        let uuid = |n: u8| format!("00000000-0000-0000-0000-0000000000{n:02}");
        serde_json::from_value(serde_json::json!({
            "pk": uuid(number), "name": format!("g{number}"), "parent": parent.map(uuid), "users": users,
        }))
        .unwrap()
    }

    #[test]
    fn members_of_groups_below_count_and_circles_end() {
        let all = [
            group(1, Some(3), &[1]),
            group(2, Some(1), &[2, 1]),
            group(3, Some(2), &[3]),
        ];
        let pk = |index: usize| all[index].pk;
        assert_eq!(
            members(&all, &[pk(0)]).len(),
            3,
            "1 holds 2 holds 3 holds 1"
        );
        let flat = [
            group(1, None, &[1]),
            group(2, Some(1), &[2]),
            group(3, None, &[9]),
        ];
        assert_eq!(
            members(&flat, &[flat[0].pk]),
            BTreeSet::from([UserPk(1), UserPk(2)])
        );
        assert_eq!(members(&flat, &[flat[1].pk]), BTreeSet::from([UserPk(2)]));
        let both = [flat[0].pk, flat[1].pk];
        assert_eq!(members_of_all(&flat, &both), BTreeSet::from([UserPk(2)]));
        assert_eq!(members_of_all(&flat, &[]), BTreeSet::new());
    }
}
