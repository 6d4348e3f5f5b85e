//! The demo's data: a small company that also runs the family's media server.

use crate::applications::Applications;
use crate::bindings::Bindings;
use crate::brands::Brands;
use crate::events::{self, Happening};
use crate::fresh;
use crate::groups::Groups;
use crate::oauth2::OAuth2;
use crate::providers;
use crate::resource::{self, Resource};
use crate::rows::{Columns, row};
use crate::state::{State, Table};
use crate::users::Users;
use crate::version::Version;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Group, parent.
const GROUPS: &[(&str, &str)] = &[
    ("staff", ""),
    ("engineering", "staff"),
    ("platform", "engineering"),
    ("design", "staff"),
    ("office", "staff"),
    ("finance", "office"),
    ("people-team", "office"),
    ("family", ""),
    ("kids", "family"),
    ("contractors", ""),
    ("on-call", "platform"),
];

/// User name, full name, groups separated by blanks.
const PEOPLE: &[(&str, &str, &str)] = &[
    ("mina.koch", "Mina Koch", "platform"),
    ("jonas.berg", "Jonas Berg", "platform on-call"),
    ("aylin.demir", "Aylin Demir", "platform on-call"),
    ("tomasz.zielinski", "Tomasz Zieliński", "engineering"),
    ("soren.kjaer", "Søren Kjær", "engineering"),
    ("noor.haddad", "Noor Haddad", "engineering"),
    ("yuki.tanaka", "田中 雪", "engineering"),
    ("ines.carvalho", "Inês Carvalho", "engineering"),
    ("oleksandr.bondar", "Олександр Бондар", "engineering"),
    ("priya.nair", "Priya Nair", "engineering"),
    ("lukas.hajek", "Lukáš Hájek", "engineering"),
    ("clara.moreau", "Clara Moreau", "engineering"),
    ("bram.devries", "Bram de Vries", "engineering"),
    ("amara.okafor", "Amara Okafor", "engineering"),
    ("eirik.solberg", "Eirik Solberg", "platform"),
    ("zofia.wozniak", "Zofia Woźniak", "design"),
    ("leo.fontaine", "Léo Fontaine", "design"),
    ("hana.svobodova", "Hana Svobodová", "design"),
    ("maite.etxeberria", "Maite Etxeberria", "design"),
    ("dilan.sahin", "Dilan Şahin", "design"),
    ("greta.lindqvist", "Greta Lindqvist", "office people-team"),
    ("paul.weiss", "Paul Weiß", "office people-team"),
    ("fatima.zahra", "فاطمة الزهراء", "office"),
    ("giulia.ricci", "Giulia Ricci", "finance"),
    ("henrik.olsen", "Henrik Olsen", "finance"),
    ("marta.sanchez", "Marta Sánchez", "finance"),
    ("adrian.popescu", "Adrian Popescu", "office"),
    ("sigrun.jonsdottir", "Sigrún Jónsdóttir", "office"),
    ("niamh.kelly", "Niamh Kelly", "staff"),
    ("viktor.hugosson", "Viktor Hugosson", "staff"),
    ("chiara.conti", "Chiara Conti", "staff"),
    ("jodie.marsh", "Jodie Marsh", "family"),
    ("rafael.marsh", "Rafael Marsh", "family"),
    ("elli.marsh", "Elli Marsh", "kids"),
    ("milo.marsh", "Milo Marsh", "kids"),
    ("oma.inge", "Inge Brandt", "family"),
    ("kofi.mensah", "Kofi Mensah", "contractors"),
    ("sara.lopes", "Sara Lopes", "contractors"),
    ("andrei.ionescu", "Andrei Ionescu", "contractors"),
    ("temp.reception", "Reception (temporary)", ""),
];

/// How an application signs its users in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    OAuth2,
    /// OAuth2, but nobody chose a signing key.
    Unsigned,
    Other(&'static str),
    /// Only a link.
    Link,
}

/// Slug, name, way, host, path of the redirect URI, label, groups that may enter.
type App = (
    &'static str,
    &'static str,
    Way,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

const APPS: &[App] = &[
    (
        "outline",
        "Outline",
        Way::OAuth2,
        "wiki",
        "auth/oidc.callback",
        "Work",
        &["staff"],
    ),
    (
        "mattermost",
        "Mattermost",
        Way::OAuth2,
        "chat",
        "signup/gitlab/complete",
        "Work",
        &["staff", "contractors"],
    ),
    (
        "argo-cd",
        "Argo CD",
        Way::OAuth2,
        "deploy",
        "auth/callback",
        "Engineering",
        &["platform"],
    ),
    (
        "miniflux",
        "Miniflux",
        Way::OAuth2,
        "reader",
        "oauth2/oidc/callback",
        "Home",
        &["staff", "family"],
    ),
    (
        "paperless",
        "Paperless-ngx",
        Way::OAuth2,
        "papers",
        "accounts/oidc/authentik/login/callback/",
        "Work",
        &["office"],
    ),
    (
        "penpot",
        "Penpot",
        Way::OAuth2,
        "design",
        "api/auth/oauth/oidc/callback",
        "Work",
        &["design"],
    ),
    (
        "status-page",
        "Status page",
        Way::OAuth2,
        "status",
        "oauth/callback",
        "Engineering",
        &[],
    ),
    (
        "old-tracker",
        "Old tracker",
        Way::Unsigned,
        "tracker",
        "login/callback",
        "Engineering",
        &["engineering"],
    ),
    (
        "prometheus",
        "Prometheus",
        Way::Other("proxy"),
        "metrics",
        "",
        "Engineering",
        &["platform", "on-call"],
    ),
    (
        "frigate",
        "Frigate",
        Way::Other("proxy"),
        "cameras",
        "",
        "Home",
        &["family"],
    ),
    (
        "jellyfin",
        "Jellyfin",
        Way::Other("ldap"),
        "films",
        "",
        "Home",
        &["family"],
    ),
    (
        "payroll",
        "Payroll",
        Way::Other("saml"),
        "payroll",
        "",
        "Work",
        &["finance"],
    ),
    (
        "handbook",
        "Staff handbook",
        Way::Link,
        "handbook",
        "",
        "Work",
        &["staff"],
    ),
];

pub(crate) const DOMAIN: &str = "lindenhof.example";

/// Adds the sample data to a fresh state.
pub(crate) fn fill(state: &mut State) {
    let groups = groups(state);
    people(state, &groups);
    for app in APPS {
        application(state, app, &groups);
    }
    attach_proxies(state);
    if let Some(brand) = state.rows_mut(Brands::TABLE).first_mut() {
        brand.insert("branding_title".to_owned(), json!("Lindenhof sign-in"));
    }
    happenings(state);
}

/// Every proxy provider is served by the embedded outpost.
pub(crate) fn attach_proxies(state: &mut State) {
    let proxies: Vec<Value> = state
        .rows(Table::Providers)
        .iter()
        .filter(|provider| provider.text("meta_model_name").contains("proxy"))
        .map(|provider| provider.value("pk"))
        .collect();
    if let Some(outpost) = state.rows_mut(Table::Outposts).first_mut() {
        outpost.insert("providers".to_owned(), json!(proxies));
    }
}

pub(crate) fn add<R: Resource>(state: &mut State, body: &Value) -> Value {
    resource::insert::<R>(state, body).unwrap_or_else(|refusal| {
        tracing::error!(?refusal, %body, "a sample object was refused");
        Value::Null
    })
}

fn groups(state: &mut State) -> HashMap<&'static str, Value> {
    let mut pks = HashMap::new();
    for (name, parent) in GROUPS {
        let mut body = json!({ "name": name });
        if let (Some(parent), Some(object)) = (pks.get(parent), body.as_object_mut()) {
            if state.since(Version::V2026_5) {
                object.insert("parents".to_owned(), json!([parent]));
            } else {
                object.insert("parent".to_owned(), Value::clone(parent));
            }
        }
        pks.insert(*name, add::<Groups>(state, &body));
    }
    pks
}

fn people(state: &mut State, groups: &HashMap<&str, Value>) {
    for (index, (username, name, of)) in PEOPLE.iter().enumerate() {
        let member: Vec<&Value> = of
            .split_whitespace()
            .filter_map(|group| groups.get(group))
            .collect();
        let last_login = (index % 7 != 6).then(|| {
            state
                .mint
                .ago(3_600 * i64::try_from(index).unwrap_or_default())
        });
        add::<Users>(
            state,
            &json!({
                "username": username,
                "name": name,
                "email": format!("{username}@{DOMAIN}"),
                "groups": member,
                "last_login": last_login,
                "is_active": *username != "temp.reception",
            }),
        );
    }
}

fn application(state: &mut State, app: &App, groups: &HashMap<&str, Value>) {
    let (slug, name, way, host, path, label, allowed) = *app;
    let address = format!("https://{host}.{DOMAIN}");
    let provider = provider(state, slug, name, way, &address, path);
    let application = add::<Applications>(
        state,
        &json!({ "slug": slug, "name": name, "provider": provider, "group": label, "meta_launch_url": address }),
    );
    for (order, group) in allowed
        .iter()
        .filter_map(|group| groups.get(group))
        .enumerate()
    {
        add::<Bindings>(
            state,
            &json!({ "target": application, "group": group, "order": order * 10 }),
        );
    }
}

/// What an application signs its users in by; null for a link. `path` is the redirect URI's.
pub(crate) fn provider(
    state: &mut State,
    slug: &str,
    name: &str,
    way: Way,
    address: &str,
    path: &str,
) -> Value {
    match way {
        Way::OAuth2 | Way::Unsigned => {
            let uri = format!("{address}/{path}");
            let body = oauth2(state, name, slug, &uri, way == Way::OAuth2);
            add::<OAuth2>(state, &body)
        }
        Way::Other(kind) => {
            let mut columns = fresh::provider_flows(state);
            columns.extend(row(json!({ "name": name, "external_host": address })));
            providers::insert_other(state, kind, columns).unwrap_or_default()
        }
        Way::Link => Value::Null,
    }
}

fn oauth2(state: &State, name: &str, slug: &str, uri: &str, signed: bool) -> Value {
    let scopes: Vec<Value> = state
        .rows(Table::Mappings)
        .iter()
        .filter(|mapping| ["openid", "email", "profile"].contains(&mapping.text("scope_name")))
        .map(|mapping| mapping.value("pk"))
        .collect();
    let key = state
        .rows(Table::Keys)
        .first()
        .map(|key| key.value("pk"))
        .filter(|_| signed);
    let uris = if state.version == Version::V2023_10 {
        json!(regex::escape(uri).replace("\\-", "-"))
    } else {
        json!([{ "matching_mode": "strict", "url": uri }])
    };
    let mut body = fresh::provider_flows(state);
    body.extend(row(json!({
        "name": name,
        "client_id": slug,
        "property_mappings": scopes,
        "signing_key": key,
        "redirect_uris": uris,
        "grant_types": ["authorization_code", "refresh_token"],
    })));
    Value::Object(body)
}

/// A week of sign-ins, a few of them failed, and some authorizations.
fn happenings(state: &mut State) {
    let users: Vec<i64> = state
        .rows(Table::Users)
        .iter()
        .filter(|user| user.flag("is_active") && user.text("type") == "internal")
        .filter_map(|user| user.int("pk"))
        .collect();
    let apps: Vec<(Value, Value)> = state
        .rows(Table::Applications)
        .iter()
        .map(|app| (app.value("pk"), app.value("name")))
        .collect();
    for (turn, user) in (0_i64..).zip(users.iter().cycle()).take(90) {
        let failed = turn % 17 == 5;
        let at = 7 * 86_400 - turn * 6_601;
        let (action, app) = if failed {
            ("login_failed", "authentik.core.auth")
        } else {
            ("login", "authentik.events.signals")
        };
        let username = state
            .user(*user)
            .map(|row| row.text("username").to_owned())
            .unwrap_or_default();
        let context = if failed {
            json!({ "username": username, "stage": { "name": "default-authentication-password" } })
        } else {
            json!({ "auth_method": "password", "auth_method_args": {} })
        };
        let ip = format!("203.0.113.{}", 10 + turn % 40);
        let event = Happening {
            action,
            app,
            user: *user,
            context,
            client_ip: &ip,
            seconds_ago: at,
        };
        events::record(state, &event);
        let chosen = usize::try_from(turn)
            .ok()
            .and_then(|turn| apps.get(turn * 5 % apps.len().max(1)))
            .cloned();
        let Some((pk, name)) = chosen.filter(|_| !failed && turn % 2 == 0) else {
            continue;
        };
        let context = json!({
            "scopes": "email openid profile",
            "authorized_application": {
                "pk": pk.as_str().unwrap_or_default().replace('-', ""),
                "app": "authentik_core",
                "name": name,
                "model_name": "application",
            },
        });
        let action = "authorize_application";
        let app = "authentik.providers.oauth2.views.authorize";
        let event = Happening {
            action,
            app,
            user: *user,
            context,
            client_ip: &ip,
            seconds_ago: at - 40,
        };
        events::record(state, &event);
    }
}
