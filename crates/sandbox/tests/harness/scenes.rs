//! Objects that the recorder made without recording it: each scenario's scene, and what earlier runs had left behind.

use super::keys::Space;
use super::recording::Exchange;
use super::scene::{Scene, oauth2_body, uris};
use super::{Player, none};
use sandbox::Version;
use serde_json::{Value, json};

/// Makes what the recorder made before this exchange, and tells the player what the recording calls it.
pub(crate) async fn before(
    player: &mut Player,
    scenario: &str,
    exchange: &Exchange,
    all: &[Exchange],
) {
    let mut scene = Scene { player, all };
    match (scenario, exchange.number) {
        ("pagination", 0) => {
            for name in ["anna", "bert", "carl", "dora", "emil", "finn", "gina"] {
                let (upper, lower) = (
                    format!("Page {}{}", name[..1].to_uppercase(), &name[1..]),
                    format!("page-{name}"),
                );
                let email = format!("{name}@paging.example.org");
                scene
                    .user(
                        &lower,
                        json!({ "name": upper, "path": "paging", "email": email }),
                    )
                    .await;
            }
        }
        ("groups_crud", 0) => {
            scene.users(&["jodie", "sam", "kim"]).await;
            scene.app("jellyfin", none()).await;
        }
        ("users_crud", 0) => scene.group("media-users", &[], false).await,
        ("applications_crud", 0) => scene.users(&["jodie"]).await,
        ("app_list_traps", 0) => {
            scene.users(&["jodie", "ruth", "kim"]).await;
            scene.group("media-users", &["jodie"], false).await;
            scene.group("site-admins", &["ruth"], true).await;
            scene.apps(&["jellyfin", "gitea", "nextcloud"]).await;
        }
        ("oidc_app_two_step" | "oidc_app_transactional", 0) => {
            scene
                .user("jodie", json!({ "email": "jodie@example.org" }))
                .await;
            scene.group("media-users", &["jodie"], false).await;
        }
        ("oidc_login", 0) => {
            scene
                .user("jodie", json!({ "email": "jodie@example.org" }))
                .await;
            scene
                .user("sam", json!({ "email": "sam@example.org" }))
                .await;
            scene.group("media-users", &["jodie"], false).await;
        }
        ("procedures_a_to_f", 0) => {
            scene.group("communication-users", &[], false).await;
            scene.users(&["jodie", "jodie-b", "matt"]).await;
            scene.group("site-admins", &["matt"], true).await;
            scene.apps(&["jellyfin", "nextcloud"]).await;
        }
        ("bindings_traps", 0) => {
            scene.app("jellyfin", none()).await;
            scene.app("gitea", none()).await;
            scene.group("media-users", &[], false).await;
            scene.group("cloud-users", &[], false).await;
            scene.users(&["jodie", "sam"]).await;
            scene.policy("office-hours", "return True").await;
            scene.policy("from-home", "return True").await;
        }
        ("bindings_traps", 11) => {
            scene.users(&["kim"]).await;
            scene.join("kim", "cloud-users").await;
        }
        ("errors_validation", 0) => {
            scene.users(&["jodie"]).await;
            scene.group("media-users", &[], false).await;
            scene.app("jellyfin", none()).await;
            scene
                .oauth2("errors-provider", json!({ "client_id": "errors-client" }))
                .await;
        }
        // The recorder swept up what a probe might have made after all.
        ("errors_validation", _) => scene.forget("never").await,
        ("admin_settings", 0) => {
            scene.users(&["jodie", "sam"]).await;
            scene.app("open-app", none()).await;
        }
        ("delete_cascades", 0) => {
            scene.users(&["sam", "kim"]).await;
            scene.group("media-users", &[], false).await;
            scene.apps(&["immich", "vaultwarden"]).await;
            scene.policy("nobody", "return False").await;
            scene.other("scim", "backchannel");
        }
        ("scope_mappings", 0) => {
            scene
                .user("jodie", json!({ "email": "jodie@example.org" }))
                .await;
            scene.group("Users", &["jodie"], false).await;
        }
        ("scope_mappings", _) if exchange.note == "claims with the own mappings" => {
            scene.gitea_with_mappings().await;
        }
        ("outposts", 0) => scene.other("proxy", "grafana"),
        _ => {}
    }
    credentials(&mut scene, scenario, exchange).await;
    name_applications(&mut scene, scenario, exchange.number);
}

/// The scenarios about tokens and roles: which token each label stands for, and what they begin with.
async fn credentials(scene: &mut Scene<'_>, scenario: &str, exchange: &Exchange) {
    let label = exchange.auth.as_deref().unwrap_or_default();
    match (scenario, exchange.number) {
        ("tokens", 0) => scene.users(&["jodie"]).await,
        ("tokens", 25) => scene.token("jodie", "jodie-api").await,
        ("rbac", 0) => {
            scene.users(&["jodie", "sam"]).await;
            scene.token("jodie", "jodie-api").await;
            if scene.player.version == Version::V2025_10 {
                scene.forgotten_grant().await;
            }
        }
        ("rbac", 5) => scene.app("jellyfin", none()).await,
        ("rbac", _) if exchange.note.starts_with("jodie may change groups") => {
            scene.group("would-be-admins", &[], false).await;
            let permissions = ["authentik_core.view_group", "authentik_core.change_group"];
            scene.assign(json!({ "permissions": permissions })).await;
        }
        _ => {}
    }
    let identifier = match (scenario, label) {
        ("tokens", "console-token") => "console-token",
        ("tokens", "app password") => "jodie-app",
        ("service_accounts", "app password") => "service-account-backup-bot-password",
        ("tokens", "new key" | "deleted token") => {
            scene
                .player
                .know(label, "a-fixed-key-for-the-test-0123456789");
            return;
        }
        _ => return,
    };
    let key = scene.player.key_of(identifier).await;
    scene.player.know(label, &key);
    if label == "console-token" {
        // What it is called once another one has been set.
        scene.player.know("old key", &key);
    }
}

/// Nothing in the answers shows some applications; the requests name them.
fn name_applications(scene: &mut Scene<'_>, scenario: &str, exchange: usize) {
    match (scenario, exchange) {
        ("bindings_traps", 0) => {
            scene.name_application("jellyfin", 0);
            scene.name_application("gitea", 41);
        }
        ("delete_cascades", 0) => {
            scene.name_application_by_note("immich", "the only binding is a user");
            scene.name_application_by_note("vaultwarden", "the only binding is a policy");
        }
        _ => {}
    }
}

/// Users, groups and applications whose names end in a ten-digit number had been left by earlier runs.
pub(crate) async fn leftovers(player: &mut Player, defaults: &[Exchange], lists: &[Exchange]) {
    let old = |text: &Value| {
        text.as_str()
            .is_some_and(|text| text.len() > 10 && text[text.len() - 10..].parse::<u64>().is_ok())
    };
    let listed = |all: &[Exchange], path: &str| -> Vec<Value> {
        let found = all
            .iter()
            .find(|e| e.path == format!("/api/v3/{path}") && e.answer["results"].is_array());
        found
            .map(|e| e.answer["results"].as_array().unwrap().clone())
            .unwrap_or_default()
    };
    let users: Vec<Value> = listed(defaults, "core/users/")
        .into_iter()
        .filter(|user| old(&user["username"]))
        .collect();
    for user in &users {
        let body: Value = [
            "username",
            "name",
            "email",
            "path",
            "type",
            "is_active",
            "attributes",
        ]
        .iter()
        .map(|key| ((*key).to_owned(), user[key].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into();
        let ours = player.admin("POST", "core/users/", body).await["pk"]
            .as_i64()
            .unwrap();
        player
            .bound
            .bind_number(Space::User, user["pk"].as_i64().unwrap(), ours);
    }
    for group in listed(defaults, "core/groups/")
        .iter()
        .filter(|group| old(&group["name"]))
    {
        let members = player.bound.body(&group["users"], "users").unwrap();
        let body =
            json!({ "name": group["name"], "users": members, "attributes": group["attributes"] });
        player.admin("POST", "core/groups/", body).await;
    }
    for token in listed(defaults, "core/tokens/")
        .iter()
        .filter(|token| old(&token["identifier"]))
    {
        let body = json!({ "identifier": token["identifier"], "description": token["description"], "expiring": false });
        player.admin("POST", "core/tokens/", body).await;
    }
    for app in listed(lists, "core/applications/")
        .iter()
        .filter(|app| old(&app["slug"]))
    {
        let mut body = json!({ "slug": app["slug"], "name": app["name"], "policy_engine_mode": app["policy_engine_mode"] });
        if let Some(name) = app["provider_obj"]["name"].as_str() {
            let mut provider = oauth2_body(player, name).await;
            provider["redirect_uris"] = uris(player.version, "https://a.example/cb");
            body["provider"] =
                player.admin("POST", "providers/oauth2/", provider).await["pk"].clone();
        }
        let pk = player.admin("POST", "core/applications/", body).await["pk"].clone();
        // One of them nobody may open.
        if app["slug"].as_str().unwrap().starts_with("pa-") {
            let nobody = player.admin("GET", "core/groups/?search=pg-", none()).await["results"][0]
                ["pk"]
                .clone();
            player
                .admin(
                    "POST",
                    "policies/bindings/",
                    json!({ "target": pk, "group": nobody, "order": 0 }),
                )
                .await;
        }
    }
}
