//! Making objects as the recorder did, and finding out what the recording calls them.

use super::keys::Space;
use super::recording::{self, Exchange};
use super::{Player, none};
use sandbox::Version;
use serde_json::{Value, json};

/// Makes objects and binds their keys.
pub(crate) struct Scene<'a> {
    pub(crate) player: &'a mut Player,
    pub(crate) all: &'a [Exchange],
}

impl Scene<'_> {
    pub(crate) async fn user(&mut self, username: &str, more: Value) {
        let mut name = username.to_owned();
        name[..1].make_ascii_uppercase();
        let mut body = json!({ "username": username, "name": name });
        merge(&mut body, more);
        let ours = self.player.admin("POST", "core/users/", body).await["pk"]
            .as_i64()
            .unwrap();
        if let Some(recorded) = self.mined(|o| o["username"] == username && o["pk"].is_i64()) {
            self.player
                .bound
                .bind_number(Space::User, recorded["pk"].as_i64().unwrap(), ours);
        } else {
            self.name_user(username, ours);
        }
    }

    pub(crate) async fn users(&mut self, names: &[&str]) {
        for name in names {
            self.user(name, none()).await;
        }
    }

    /// Users that no answer shows are named by requests: the note begins with the name, or says it before "is".
    pub(crate) fn name_user(&mut self, username: &str, ours: i64) {
        let notes: &[&str] = match username {
            "sam" => &[
                "group and user both set: somebody else",
                "sam is refused",
                "sam is not in the group",
            ],
            "kim" => &["group and user both set: a member", "check_access is live"],
            "matt" => &["matt is superuser but"],
            "jodie" => &[
                "what jodie sees",
                "unbound application with the flag off",
                "claims of a user",
                "group and user both set: the user",
                "unbound: everybody may",
                "claims with the own mappings",
                "kim asks for jodie",
            ],
            "ruth" => &["but check_access says she may"],
            _ => return,
        };
        let asked = self
            .all
            .iter()
            .find(|e| notes.iter().any(|note| e.note.starts_with(note)));
        let number = asked
            .and_then(|e| e.query.iter().find(|(name, _)| name == "for_user"))
            .map(|(_, pk)| pk.parse().unwrap());
        if let Some(number) = number {
            self.player.bound.bind_number(Space::User, number, ours);
        }
    }

    pub(crate) async fn group(&mut self, name: &str, members: &[&str], superuser: bool) {
        let mut users = Vec::new();
        for member in members {
            users.push(self.pk_of(member).await);
        }
        let body = json!({ "name": name, "is_superuser": superuser, "users": users });
        let ours = self.player.admin("POST", "core/groups/", body).await["pk"]
            .as_str()
            .unwrap()
            .to_owned();
        let recorded = self.mined(|o| o["name"] == name && o.get("num_pk").is_some());
        let recorded = recorded
            .map(|group| group["pk"].as_str().unwrap().to_owned())
            .or_else(|| self.named_group());
        if let Some(recorded) = recorded {
            self.player.bound.bind(&recorded, &ours);
        }
    }

    /// A group that only requests name.
    pub(crate) fn named_group(&self) -> Option<String> {
        let bound = |e: &Exchange| {
            e.body["policy_bindings"][0]["group"]
                .as_str()
                .map(str::to_owned)
        };
        let addressed = |e: &Exchange| {
            let address = e
                .path
                .strip_prefix("/api/v3/core/groups/")
                .filter(|_| e.note == "group as its own parent");
            address.map(|rest| rest.trim_end_matches('/').to_owned())
        };
        self.all
            .iter()
            .find_map(|exchange| bound(exchange).or_else(|| addressed(exchange)))
    }

    pub(crate) async fn pk_of(&self, username: &str) -> i64 {
        let path = format!("core/users/?username={username}");
        self.player.admin("GET", &path, none()).await["results"][0]["pk"]
            .as_i64()
            .unwrap()
    }

    /// An API token of a user, which the recording calls by the user's name.
    pub(crate) async fn token(&mut self, username: &str, identifier: &str) {
        let user = self.pk_of(username).await;
        let body =
            json!({ "identifier": identifier, "intent": "api", "user": user, "expiring": false });
        self.player.admin("POST", "core/tokens/", body).await;
        let key = self.player.key_of(identifier).await;
        self.player.know(username, &key);
    }

    /// Gives the role of the scenario permissions.
    pub(crate) async fn assign(&mut self, body: Value) {
        let found = self
            .player
            .admin("GET", "rbac/roles/?search=app-viewer", none())
            .await;
        let role = found["results"][0]["pk"].as_str().unwrap();
        let path = format!("rbac/permissions/assigned_by_roles/{role}/assign/");
        self.player.admin("POST", &path, body).await;
    }

    /// An earlier run had made a role of the same name, with a permission on an application that is gone.
    pub(crate) async fn forgotten_grant(&mut self) {
        let role = json!({ "name": "app-viewer" });
        let role = self.player.admin("POST", "rbac/roles/", role).await["pk"].clone();
        let body = json!({ "slug": "gone", "name": "Gone" });
        let app = self.player.admin("POST", "core/applications/", body).await;
        self.assign(json!({
            "permissions": ["authentik_core.change_application"],
            "model": "authentik_core.application",
            "object_pk": app["pk"],
        }))
        .await;
        for path in [
            "core/applications/gone/".to_owned(),
            format!("rbac/roles/{}/", role.as_str().unwrap()),
        ] {
            self.player.admin("DELETE", &path, none()).await;
        }
    }

    pub(crate) async fn join(&mut self, username: &str, group: &str) {
        let user = self.pk_of(username).await;
        let path = format!("core/groups/?name={group}");
        let group = self.player.admin("GET", &path, none()).await["results"][0]["pk"]
            .as_str()
            .unwrap()
            .to_owned();
        self.player
            .admin(
                "POST",
                &format!("core/groups/{group}/add_user/"),
                json!({ "pk": user }),
            )
            .await;
    }

    pub(crate) async fn app(&mut self, slug: &str, more: Value) {
        let mut name = slug.to_owned();
        name[..1].make_ascii_uppercase();
        let mut body = json!({ "slug": slug, "name": name });
        merge(&mut body, more);
        let ours = self.player.admin("POST", "core/applications/", body).await["pk"]
            .as_str()
            .unwrap()
            .to_owned();
        let recorded = self.mined(|o| o["slug"] == slug && o.get("meta_launch_url").is_some());
        if let Some(recorded) = recorded {
            self.player
                .bound
                .bind(recorded["pk"].as_str().unwrap(), &ours);
        } else if let Some(target) = self.bound_target(slug) {
            self.player.bound.bind(&target, &ours);
        }
    }

    pub(crate) async fn apps(&mut self, slugs: &[&str]) {
        for slug in slugs {
            self.app(slug, none()).await;
        }
    }

    /// The target of the binding that this application is in, where nothing else names it.
    pub(crate) fn bound_target(&self, slug: &str) -> Option<String> {
        let note = match slug {
            "jellyfin" => "bind the group to jellyfin",
            _ => return None,
        };
        let exchange = self.all.iter().find(|e| e.note == note)?;
        exchange.body["target"].as_str().map(str::to_owned)
    }

    pub(crate) fn name_application(&mut self, slug: &str, exchange: usize) {
        let target = self.all[exchange].body["target"]
            .as_str()
            .unwrap()
            .to_owned();
        self.bind_application(slug, &target);
    }

    pub(crate) fn name_application_by_note(&mut self, slug: &str, note: &str) {
        let exchange = self.all.iter().find(|e| e.note == note).unwrap().number;
        self.name_application(slug, exchange);
    }

    pub(crate) fn bind_application(&mut self, slug: &str, recorded: &str) {
        let player = &mut *self.player;
        let ours = futures_util::FutureExt::now_or_never(player.admin(
            "GET",
            &format!("core/applications/{slug}/"),
            none(),
        ));
        let ours = ours.unwrap()["pk"].as_str().unwrap().to_owned();
        player.bound.bind(recorded, &ours);
    }

    pub(crate) async fn policy(&mut self, name: &str, expression: &str) {
        let body = json!({ "name": name, "expression": expression });
        let ours = self
            .player
            .admin("POST", "policies/expression/", body)
            .await["pk"]
            .as_str()
            .unwrap()
            .to_owned();
        let recorded = self.mined(|o| o["name"] == name && o.get("execution_logging").is_some());
        if let Some(recorded) = recorded {
            self.player
                .bound
                .bind(recorded["pk"].as_str().unwrap(), &ours);
        }
    }

    pub(crate) async fn oauth2(&mut self, name: &str, more: Value) -> i64 {
        let mut body = oauth2_body(self.player, name).await;
        merge(&mut body, more);
        let ours = self.player.admin("POST", "providers/oauth2/", body).await["pk"]
            .as_i64()
            .unwrap();
        let recorded = self
            .mined(|o| o["name"] == name && o["pk"].is_i64() && o.get("meta_model_name").is_some());
        if let Some(recorded) = recorded {
            self.player
                .bound
                .bind_number(Space::Provider, recorded["pk"].as_i64().unwrap(), ours);
        } else if name == "errors-provider" {
            let recorded = self
                .all
                .iter()
                .find_map(|e| e.body["backchannel_providers"][0].as_i64())
                .unwrap();
            self.player
                .bound
                .bind_number(Space::Provider, recorded, ours);
        }
        ours
    }

    /// A provider of a kind without operations.
    pub(crate) fn other(&mut self, kind: &str, name: &str) {
        let ours = self.player.sandbox.add_provider(kind, name).unwrap();
        let recorded = self
            .mined(|o| o["name"] == name && o["pk"].is_i64() && o.get("meta_model_name").is_some());
        self.player.bound.bind_number(
            Space::Provider,
            recorded.unwrap()["pk"].as_i64().unwrap(),
            ours,
        );
    }

    pub(crate) async fn forget(&mut self, provider: &str) {
        let path = format!("providers/oauth2/?name={provider}");
        for found in self.player.admin("GET", &path, none()).await["results"]
            .as_array()
            .unwrap()
        {
            self.player
                .admin(
                    "DELETE",
                    &format!("providers/oauth2/{}/", found["pk"]),
                    none(),
                )
                .await;
        }
    }

    pub(crate) async fn gitea_with_mappings(&mut self) {
        let scopes = if self.player.version == Version::V2023_10 {
            "propertymappings/scope/?page_size=100"
        } else {
            "propertymappings/provider/scope/?page_size=100"
        };
        let all = self.player.admin("GET", scopes, none()).await;
        let wanted = [
            "Verified email",
            "Gitea",
            "authentik default OAuth Mapping: OpenID 'openid'",
            "authentik default OAuth Mapping: OpenID 'profile'",
        ];
        let chosen: Vec<&Value> = all["results"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|mapping| wanted.contains(&mapping["name"].as_str().unwrap()))
            .map(|mapping| &mapping["pk"])
            .collect();
        let uri = uris(self.player.version, "https://git.example.org/cb");
        let provider = self
            .oauth2(
                "gitea",
                json!({ "property_mappings": chosen, "redirect_uris": uri }),
            )
            .await;
        self.app("gitea", json!({ "provider": provider })).await;
    }

    /// The first object in the recorded answers that fits.
    pub(crate) fn mined(&self, fits: impl Fn(&Value) -> bool + Copy) -> Option<Value> {
        fn walk(value: &Value, fits: &impl Fn(&Value) -> bool) -> Option<Value> {
            match value {
                Value::Object(map) if fits(value) => Some(Value::Object(map.clone())),
                Value::Object(map) => map.values().find_map(|inner| walk(inner, fits)),
                Value::Array(items) => items.iter().find_map(|inner| walk(inner, fits)),
                _ => None,
            }
        }
        // What a played POST makes is no hidden object.
        let version = self.player.version;
        let made = |exchange: &&Exchange| {
            exchange.method == "POST"
                && exchange.status == 201
                && !recording::unserved(exchange, version)
        };
        let made: Vec<&Value> = self
            .all
            .iter()
            .filter(made)
            .map(|exchange| &exchange.answer["pk"])
            .collect();
        let fits = |object: &Value| fits(object) && !made.contains(&&object["pk"]);
        self.all
            .iter()
            .find_map(|exchange| walk(&exchange.answer, &fits))
    }
}

fn merge(body: &mut Value, more: Value) {
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
}

pub(crate) fn uris(version: Version, uri: &str) -> Value {
    if version == Version::V2023_10 {
        return json!(uri.replace('.', "\\."));
    }
    json!([{ "matching_mode": "strict", "url": uri }])
}

pub(crate) async fn oauth2_body(player: &Player, name: &str) -> Value {
    let mut body = json!({ "name": name, "redirect_uris": uris(player.version, "https://git.example.org/cb") });
    for (key, slug) in [
        (
            "authorization_flow",
            "default-provider-authorization-implicit-consent",
        ),
        ("invalidation_flow", "default-provider-invalidation-flow"),
    ] {
        let found = player
            .admin("GET", &format!("flows/instances/?slug={slug}"), none())
            .await;
        if let Some(flow) = found["results"].get(0) {
            body[key] = flow["pk"].clone();
        }
    }
    body
}
