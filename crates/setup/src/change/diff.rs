//! An access diff inside a plan. Somebody who gains or loses ten applications would stand in it ten
//! times, so people stand in a table of their own and are named by position.

use std::collections::HashMap;

use access::{AccessDiff, ApplicationDiff, Counts, Door, Inapplicable, UserRef};
use authentik_api::{ApplicationPk, UserPk};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

#[derive(Serialize, Deserialize)]
struct Wire {
    /// Key, login name, full name.
    people: Vec<(UserPk, String, String)>,
    applications: Vec<Application>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<Inapplicable>,
}

#[derive(Serialize, Deserialize)]
struct Application {
    pk: ApplicationPk,
    slug: String,
    name: String,
    /// Positions of those who gain, lose, become unknown (allowed, denied before), and become known
    /// (allowed, denied after).
    people: [Vec<u32>; 6],
    before: Counts,
    after: Counts,
    doors: (Door, Door),
}

#[expect(clippy::ref_option, reason = "what serde calls")]
pub(super) fn serialize<S: Serializer>(
    diff: &Option<AccessDiff>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    diff.as_ref().map(Wire::of).serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<AccessDiff>, D::Error> {
    let wire = Option::<Wire>::deserialize(deserializer)?;
    wire.map(|wire| {
        wire.diff()
            .ok_or_else(|| D::Error::custom("no such person"))
    })
    .transpose()
}

impl Wire {
    fn of(diff: &AccessDiff) -> Self {
        let mut people = Vec::new();
        let mut positions: HashMap<UserPk, u32> = HashMap::new();
        let mut next = 0;
        let mut table = |users: &[UserRef]| -> Vec<u32> {
            let positions = users.iter().map(|user| {
                *positions.entry(user.pk).or_insert_with(|| {
                    people.push((user.pk, user.username.clone(), user.name.clone()));
                    next += 1;
                    next - 1
                })
            });
            positions.collect()
        };
        let applications = diff.applications.iter().map(|it| Application {
            pk: it.application,
            slug: it.slug.clone(),
            name: it.name.clone(),
            people: [
                &it.gains,
                &it.losses,
                &it.allowed_to_unknown,
                &it.denied_to_unknown,
                &it.unknown_to_allowed,
                &it.unknown_to_denied,
            ]
            .map(|users| table(users)),
            before: it.before,
            after: it.after,
            doors: (it.door_before, it.door_after),
        });
        let applications = applications.collect();
        Self {
            people,
            applications,
            left_out: diff.left_out.clone(),
        }
    }

    /// `None` when a position leads into nothing.
    fn diff(self) -> Option<AccessDiff> {
        let people = self.people.into_iter();
        let people: Vec<UserRef> = people
            .map(|(pk, username, name)| UserRef { pk, username, name })
            .collect();
        let named = |positions: &[u32]| -> Option<Vec<UserRef>> {
            let users = positions.iter().map(|at| {
                let at = usize::try_from(*at).ok()?;
                people.get(at).cloned()
            });
            users.collect()
        };
        let applications = self.applications.into_iter().map(|it| {
            let [gains, losses, allowed, denied, to_allowed, to_denied] = &it.people;
            Some(ApplicationDiff {
                application: it.pk,
                slug: it.slug,
                name: it.name,
                gains: named(gains)?,
                losses: named(losses)?,
                allowed_to_unknown: named(allowed)?,
                denied_to_unknown: named(denied)?,
                unknown_to_allowed: named(to_allowed)?,
                unknown_to_denied: named(to_denied)?,
                before: it.before,
                after: it.after,
                door_before: it.doors.0,
                door_after: it.doors.1,
            })
        });
        Some(AccessDiff {
            applications: applications.collect::<Option<_>>()?,
            left_out: self.left_out,
        })
    }
}
