//! The snapshot as JSON.
//!
//! Users are the bulk of a snapshot, so they travel as arrays that name their groups by position: first
//! all groups of the snapshot, then the strays, which are groups that only users know.

use std::collections::HashMap;

use authentik_api::{GroupPk, UserPk, Version, models::UserType};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use super::{Application, Binding, Group, Note, Policy, Snapshot, User};

#[derive(Serialize)]
struct Out<'a> {
    taken_at: Timestamp,
    version: &'a Version,
    default_app_access: bool,
    groups: &'a [Group],
    strays: Vec<GroupPk>,
    users: Vec<UserOut<'a>>,
    applications: &'a [Application],
    bindings: &'a [Binding],
    policies: &'a [Policy],
    notes: &'a [Note],
}

/// Key, login name, full name, active, kind, positions of the direct groups.
#[derive(Serialize)]
struct UserOut<'a>(
    UserPk,
    &'a str,
    &'a str,
    bool,
    Option<&'a UserType>,
    Vec<u32>,
);

impl Serialize for Snapshot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut strays = Vec::new();
        let mut positions: HashMap<GroupPk, u32> =
            (0..).zip(&self.groups).map(|(at, g)| (g.pk, at)).collect();
        let mut next = u32::try_from(self.groups.len()).map_err(serde::ser::Error::custom)?;
        let mut users = Vec::with_capacity(self.users.len());
        for user in &self.users {
            let groups = user.groups.iter().map(|pk| {
                *positions.entry(*pk).or_insert_with(|| {
                    strays.push(*pk);
                    next += 1;
                    next - 1
                })
            });
            users.push(UserOut(
                user.pk,
                &user.username,
                &user.name,
                user.is_active,
                user.kind.as_ref(),
                groups.collect(),
            ));
        }
        Out {
            taken_at: self.taken_at,
            version: &self.version,
            default_app_access: self.default_app_access,
            groups: &self.groups,
            strays,
            users,
            applications: &self.applications,
            bindings: &self.bindings,
            policies: &self.policies,
            notes: &self.notes,
        }
        .serialize(serializer)
    }
}

#[derive(Deserialize)]
struct In {
    taken_at: Timestamp,
    version: Version,
    default_app_access: bool,
    groups: Vec<Group>,
    strays: Vec<GroupPk>,
    users: Vec<UserIn>,
    applications: Vec<Application>,
    bindings: Vec<Binding>,
    policies: Vec<Policy>,
    notes: Vec<Note>,
}

/// See [`UserOut`].
#[derive(Deserialize)]
struct UserIn(UserPk, String, String, bool, Option<UserType>, Vec<u32>);

impl<'de> Deserialize<'de> for Snapshot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = In::deserialize(deserializer)?;
        let groups = wire.groups.iter().map(|group| group.pk);
        let table: Vec<GroupPk> = groups.chain(wire.strays).collect();
        let group = |position: u32| {
            let found = usize::try_from(position).ok().and_then(|at| table.get(at));
            found
                .copied()
                .ok_or_else(|| D::Error::custom(format!("no group at position {position}")))
        };
        let users = wire.users.into_iter().map(|user| {
            let UserIn(pk, username, name, is_active, kind, groups) = user;
            Ok(User {
                pk,
                username,
                name,
                is_active,
                kind,
                groups: groups.into_iter().map(group).collect::<Result<_, _>>()?,
            })
        });
        Ok(Self {
            users: users.collect::<Result<_, D::Error>>()?,
            taken_at: wire.taken_at,
            version: wire.version,
            default_app_access: wire.default_app_access,
            groups: wire.groups,
            applications: wire.applications,
            bindings: wire.bindings,
            policies: wire.policies,
            notes: wire.notes,
        })
    }
}
