//! What Ostiary is as a client of authentik, as it lies in the vault.

use std::{collections::BTreeSet, fmt};

use app::model::{OperatorScope, Role, RoleGroups};
use authentik_api::{GroupPk, models::Group};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::vault::{Vault, VaultError};

/// Name of the record.
const RECORD: &str = "sign-in with authentik";

/// Ostiary's own application in one authentik, and who gets which role by it. `Debug` leaves the secret out.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Registration {
    /// Public address of the authentik that it was made in, for nobody signs in with another.
    pub(crate) authentik: Url,
    /// Slug of the application.
    pub(crate) slug: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    /// Where authentik sends people back to.
    pub(crate) redirect_uri: Url,
    /// Names of the groups that give a role.
    pub(crate) groups: RoleGroups,
    /// What operators may change.
    #[serde(default)]
    pub(crate) scope: OperatorScope,
    /// Who tried it last and came in as an administrator; empty before.
    pub(crate) tried_by: String,
}

impl Registration {
    /// The registration in the vault.
    ///
    /// # Errors
    /// When it cannot be opened or read.
    pub(super) async fn load(vault: &Vault) -> Result<Option<Self>, VaultError> {
        let Some(plain) = vault.get(RECORD).await? else {
            return Ok(None);
        };
        serde_json::from_slice(plain.expose_secret())
            .map(Some)
            .map_err(|_| VaultError::Broken(RECORD.to_owned()))
    }

    /// Seals and keeps it.
    ///
    /// # Errors
    /// When it cannot be sealed or kept.
    pub(super) async fn keep(&self, vault: &Vault) -> Result<(), VaultError> {
        let plain = serde_json::to_vec(self).map_err(|_| VaultError::Broken(RECORD.to_owned()))?;
        vault.put(RECORD, &plain).await
    }

    /// Takes it out of the vault.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn remove(vault: &Vault) -> Result<(), VaultError> {
        vault.remove(RECORD).await
    }

    /// Where authentik publishes what a client has to know (OpenID Connect Discovery 1.0 §4).
    pub(super) fn issuer(&self) -> String {
        let base = self.authentik.as_str().trim_end_matches('/');
        format!("{base}/application/o/{}/", self.slug)
    }

    /// The highest role that the groups of these names give.
    pub(crate) fn role_of(&self, groups: &[String]) -> Option<Role> {
        let any = |wanted: &[String]| wanted.iter().any(|name| groups.contains(name));
        if any(&self.groups.admin) {
            Some(Role::Admin)
        } else if any(&self.groups.operator) {
            Some(Role::Operator)
        } else {
            any(&self.groups.viewer).then_some(Role::Viewer)
        }
    }
}

/// The names of groups with those of the groups above them: whoever is in a group below is a member of the one above
/// for authentik too, when it decides who may open an application.
pub(super) fn with_ancestors(names: &[String], all: &[Group]) -> Vec<String> {
    let mut found: BTreeSet<GroupPk> = BTreeSet::new();
    let mut next: Vec<&Group> = all
        .iter()
        .filter(|group| names.contains(&group.name))
        .collect();
    while let Some(group) = next.pop() {
        if found.insert(group.pk) {
            let parents = group.parents.iter().flatten().chain(&group.parent);
            let parents: Vec<GroupPk> = parents.copied().collect();
            next.extend(all.iter().filter(|group| parents.contains(&group.pk)));
        }
    }
    let above = all.iter().filter(|group| found.contains(&group.pk));
    let above = above.map(|group| group.name.clone());
    names.iter().cloned().chain(above).collect()
}

impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registration")
            .field("authentik", &self.authentik.as_str())
            .field("slug", &self.slug)
            .field("groups", &self.groups)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::oidc) fn registration() -> Registration {
        let names = |name: &str| vec![name.to_owned()];
        Registration {
            authentik: "https://auth.example.com/sub/".parse().unwrap(),
            slug: "ostiary".to_owned(),
            client_id: "client".to_owned(),
            client_secret: "do-not-show".to_owned(),
            redirect_uri: "https://ostiary.example.com/sign-in/authentik/callback"
                .parse()
                .unwrap(),
            groups: RoleGroups {
                admin: names("admins"),
                operator: names("operators"),
                viewer: names("viewers"),
            },
            scope: OperatorScope::default(),
            tried_by: String::new(),
        }
    }

    #[test]
    fn role_is_the_highest_that_any_group_gives() {
        let registration = registration();
        let role = |groups: &[&str]| {
            let groups: Vec<String> = groups.iter().map(ToString::to_string).collect();
            registration.role_of(&groups)
        };
        assert_eq!(role(&["viewers", "admins"]), Some(Role::Admin));
        assert_eq!(role(&["viewers", "operators"]), Some(Role::Operator));
        assert_eq!(role(&["x", "viewers"]), Some(Role::Viewer));
        assert_eq!(role(&["Admins", "admin", ""]), None, "names are whole");
        assert_eq!(role(&[]), None);
    }

    #[test]
    fn groups_above_count_and_circles_end() {
        let pk = |n: u8| format!("00000000-0000-0000-0000-00000000000{n}");
        let group = |n: u8, parents: &[u8]| {
            let parents: Vec<String> = parents.iter().map(|n| pk(*n)).collect();
            serde_json::json!({ "pk": pk(n), "name": format!("g{n}"), "parents": parents })
        };
        let old = serde_json::json!({ "pk": pk(4), "name": "g4", "parent": pk(3) });
        let all = serde_json::json!([group(1, &[2]), group(2, &[3]), group(3, &[1]), old]);
        let all: Vec<Group> = serde_json::from_value(all).unwrap();
        let of = |name: &str| {
            let mut names = with_ancestors(&[name.to_owned()], &all);
            names.sort();
            names.dedup();
            names
        };
        assert_eq!(of("g4"), ["g1", "g2", "g3", "g4"]);
        assert_eq!(of("x"), ["x"]);
    }

    #[test]
    fn issuer_is_below_the_address_of_authentik() {
        assert_eq!(
            registration().issuer(),
            "https://auth.example.com/sub/application/o/ostiary/"
        );
        assert!(!format!("{:?}", registration()).contains("do-not-show"));
    }
}
