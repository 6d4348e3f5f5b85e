//! The recordings, and a snapshot that follows one.

use std::{
    fs,
    path::{Path, PathBuf},
};

use access::{Application, Binding, Change, Group, Policy, Snapshot, User};
use authentik_api::{
    ApplicationPk, BindingPk, GroupPk, PolicyPk, UserPk, Version,
    models::{self, PolicyBinding, Settings},
};
use serde_json::Value;

/// The folder of the recordings; `None` where the reference material is absent, which on CI fails.
pub(crate) fn recordings() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/recordings"
    ));
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "no ../shared on CI");
    println!("skipped: no ../shared");
    None
}

/// The files of a scenario: the first with the extras, all exchanges.
pub(crate) fn scenario(folder: &Path, version: &str, name: &str) -> (Value, Vec<Value>) {
    let mut parts = Vec::new();
    for part in ["", ".part2", ".part3"] {
        let path = folder.join(version).join(format!("{name}{part}.json"));
        if path.is_file() {
            let text = fs::read_to_string(path).unwrap();
            parts.push(serde_json::from_str::<Value>(&text).unwrap());
        }
    }
    let exchanges = parts
        .iter()
        .flat_map(|part| part["exchanges"].as_array().unwrap());
    let exchanges = exchanges.cloned().collect();
    (parts.remove(0), exchanges)
}

/// A snapshot that follows a recording.
pub(crate) struct Follower {
    /// The snapshot as it stands.
    pub(crate) world: Snapshot,
}

impl Follower {
    pub(crate) fn new(first: &Value) -> Self {
        let version: Version = first["authentik"].as_str().unwrap().parse().unwrap();
        let moment = "2026-11-22T12:00:00Z".parse().unwrap();
        Self {
            world: Snapshot::empty(moment, version),
        }
    }

    /// Makes what was not met before.
    pub(crate) fn meet(&mut self, group: Option<GroupPk>, user: Option<UserPk>) {
        if let Some(pk) = group.filter(|pk| self.world.group(*pk).is_none()) {
            self.world.groups.push(Group::new(pk, "met"));
        }
        if let Some(pk) = user.filter(|pk| self.world.user(*pk).is_none()) {
            self.world.users.push(User::new(pk, "met"));
        }
    }

    /// The application of this slug. One that was not met by name is the one that was bound last without
    /// being met, or else one that nothing is bound to.
    pub(crate) fn application(&mut self, slug: &str) -> ApplicationPk {
        if let Some(application) = self.world.application_by_slug(slug) {
            return application.pk;
        }
        let nameless = self.world.applications.iter_mut().rev();
        let nameless = nameless.into_iter().find(|it| it.slug.is_empty());
        if let Some(application) = nameless {
            slug.clone_into(&mut application.slug);
            return application.pk;
        }
        let pk = ApplicationPk(uuid::Uuid::nil());
        self.world
            .applications
            .push(Application::new(pk, slug, "met"));
        pk
    }

    fn happens(&mut self, change: &Change) {
        self.world.apply(change).unwrap();
    }

    /// Takes what an exchange shows or does.
    pub(crate) fn follow(&mut self, exchange: &Value) {
        let status = exchange["response"]["status"].as_u64().unwrap();
        let path = exchange["request"]["path"].as_str().unwrap();
        let Some(path) = path
            .strip_prefix("/api/v3/")
            .filter(|_| (200..300).contains(&status))
        else {
            return;
        };
        let parts: Vec<&str> = path.trim_end_matches('/').split('/').collect();
        let body = &exchange["response"]["body"];
        match (
            exchange["request"]["method"].as_str().unwrap(),
            parts.as_slice(),
        ) {
            ("DELETE", parts) => self.deleted(parts),
            ("POST", ["core", "groups", group, "add_user" | "remove_user"]) => {
                let group = GroupPk(group.parse().unwrap());
                let user = UserPk(exchange["request"]["body"]["pk"].as_i64().unwrap());
                self.meet(Some(group), Some(user));
                self.happens(&if path.contains("add_user") {
                    Change::AddMember { group, user }
                } else {
                    Change::RemoveMember { group, user }
                });
            }
            (_, ["admin", "settings"]) => {
                let settings: Settings = serde_json::from_value(body.clone()).unwrap();
                self.happens(&Change::SetDefaultAccess {
                    open: settings.default_app_access(),
                });
            }
            (
                _,
                ["core", kind @ ("groups" | "users" | "applications")]
                | ["core", kind @ ("groups" | "users" | "applications"), _]
                | ["policies", kind]
                | ["policies", kind, _],
            ) => {
                let listed = body["results"].as_array().map(Vec::as_slice);
                for object in listed.unwrap_or(std::slice::from_ref(body)) {
                    self.seen(kind, object);
                }
            }
            _ => {}
        }
    }

    fn seen(&mut self, kind: &str, object: &Value) {
        let object = object.clone();
        match kind {
            "groups" => {
                let group: models::Group = serde_json::from_value(object).unwrap();
                let (pk, members) = (group.pk, group.users.clone());
                self.happens(&Change::PutGroup {
                    group: Group::from(group),
                });
                let users: Vec<UserPk> = self.world.users.iter().map(|user| user.pk).collect();
                for user in users {
                    self.happens(&if members.contains(&user) {
                        Change::AddMember { group: pk, user }
                    } else {
                        Change::RemoveMember { group: pk, user }
                    });
                }
            }
            "users" => {
                let user: models::User = serde_json::from_value(object).unwrap();
                self.happens(&Change::PutUser {
                    user: User::from(user),
                });
            }
            "applications" => {
                let application: models::Application = serde_json::from_value(object).unwrap();
                let application = Application::from(application);
                self.happens(&Change::PutApplication { application });
            }
            "bindings" => {
                let binding: PolicyBinding = serde_json::from_value(object).unwrap();
                if let Some(policy) = binding.policy_obj.clone() {
                    self.happens(&Change::PutPolicy {
                        policy: Policy::from(policy),
                    });
                }
                let binding = Binding::from(binding);
                if self.world.application(binding.application).is_none() {
                    let met = Application::new(binding.application, "", "met");
                    self.world.applications.push(met);
                }
                self.meet(binding.group, binding.user);
                self.happens(&Change::PutBinding { binding });
            }
            _ => {}
        }
    }

    fn deleted(&mut self, parts: &[&str]) {
        let change = match parts {
            ["core", "groups", pk] => Change::DeleteGroup {
                group: GroupPk(pk.parse().unwrap()),
            },
            ["core", "users", pk] => Change::DeleteUser {
                user: pk.parse().unwrap(),
            },
            ["core", "applications", slug] => Change::DeleteApplication {
                application: self.world.application_by_slug(slug).unwrap().pk,
            },
            ["policies", "bindings", pk] => Change::RemoveBinding {
                binding: BindingPk(pk.parse().unwrap()),
            },
            ["policies", "all" | "expression", pk] => Change::DeletePolicy {
                policy: PolicyPk(pk.parse().unwrap()),
            },
            _ => return,
        };
        // What was made before the recording began is not known and cannot be missed.
        let _ = self.world.apply(&change);
    }
}
