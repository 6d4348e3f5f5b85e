//! `core/applications`.

use crate::access;
use crate::call::Call;
use crate::fields::{Field, Kind, Mode, NAME, TEXT};
use crate::list::{self, Page};
use crate::providers;
use crate::rbac;
use crate::reply::{Outcome, Payload, Reply};
use crate::resource::{self, Resource};
use crate::rows::{Columns, Row, pick};
use crate::state::{State, Table};
use crate::used_by::{self, Use};
use crate::version::Version;
use serde_json::{Value, json};

/// Words of the OAuth addresses; refused as slugs since 2025.8.
const RESERVED: &[&str] = &[
    "authorize",
    "token",
    "device",
    "userinfo",
    "introspect",
    "revoke",
];

pub(crate) struct Applications;

impl Resource for Applications {
    const TABLE: Table = Table::Applications;
    const MODEL: &'static str = "Application";
    const LOOKUP: &'static str = "slug";
    const SEARCH: &'static [&'static str] = &[
        "name",
        "slug",
        "meta_launch_url",
        "meta_description",
        "meta_publisher",
        "group",
    ];

    fn fields(state: &State) -> Vec<Field> {
        let max = if state.since(Version::V2026_5) {
            None
        } else {
            Some(50)
        };
        let mut fields = vec![
            Field::required("name", NAME),
            Field::required("slug", Kind::Slug { max })
                .unique("Application with this slug already exists."),
            Field::reference("provider", Table::Providers)
                .unique("Application with this provider already exists."),
            Field::many("backchannel_providers", Table::Providers),
            Field::optional("open_in_new_tab", Kind::Bool, json!(false)),
            Field::optional("meta_launch_url", Kind::Url, json!("")),
            Field::optional("meta_description", TEXT, json!("")),
            Field::optional("meta_publisher", TEXT, json!("")),
            Field::optional(
                "policy_engine_mode",
                Kind::Choice(&["any", "all"]),
                json!("any"),
            ),
            Field::optional("group", TEXT, json!("")),
        ];
        if state.since(Version::V2026_5) {
            fields.push(Field::optional("meta_icon", TEXT, json!("")));
            if !state.recorded {
                fields.push(Field::optional("meta_hide", Kind::Bool, json!(false)));
            }
        }
        fields
    }

    fn check(state: &mut State, new: &mut Row, _: Option<&Row>, _: Mode) -> Result<(), Reply> {
        let slug = new.text("slug");
        if state.since(Version::V2025_10) && RESERVED.contains(&slug) {
            let text =
                format!("The slug '{slug}' is reserved and cannot be used for applications.");
            return Err(Reply::field("slug", &text));
        }
        Ok(())
    }

    fn saved(state: &mut State, _: &Value, created: bool) {
        if created {
            state.app_lists.clear();
        }
    }

    fn removed(state: &mut State, row: &Row) {
        let pk = row.value("pk");
        state
            .rows_mut(Table::Bindings)
            .retain(|binding| !binding.is("target", &pk));
        for provider in row.items("backchannel_providers") {
            providers::forget(state, provider);
            state.remove(Table::Providers, provider);
        }
    }

    fn filter(_: &State, call: &Call, row: &Row) -> bool {
        [
            "name",
            "slug",
            "group",
            "meta_description",
            "meta_launch_url",
            "meta_publisher",
        ]
        .iter()
        .all(|column| {
            call.param(column)
                .is_none_or(|wanted| row.text(column) == wanted)
        })
    }

    fn render(state: &State, call: &Call, row: &Row) -> Value {
        let mut app = pick(
            row,
            &[
                "pk",
                "name",
                "slug",
                "provider",
                "backchannel_providers",
                "open_in_new_tab",
                "meta_launch_url",
                "meta_description",
                "meta_publisher",
                "policy_engine_mode",
                "group",
            ],
        );
        let provider = state.by_pk(Table::Providers, &row.value("provider"));
        app.insert(
            "provider_obj".to_owned(),
            provider.map_or(Value::Null, |p| providers::generic(state, p)),
        );
        let others = row
            .items("backchannel_providers")
            .iter()
            .filter_map(|pk| state.by_pk(Table::Providers, pk));
        app.insert(
            "backchannel_providers_obj".to_owned(),
            others.map(|p| providers::bare(state, p)).collect(),
        );
        app.insert(
            "launch_url".to_owned(),
            launch_url(state, call, row, provider),
        );
        let icon = row.text("meta_icon");
        if state.since(Version::V2026_5) {
            app.insert("meta_icon".to_owned(), json!(icon));
            let url = if icon.is_empty() || icon.contains("://") {
                icon.to_owned()
            } else {
                format!("/files/media/{icon}")
            };
            app.insert(
                "meta_icon_url".to_owned(),
                if url.is_empty() {
                    Value::Null
                } else {
                    json!(url)
                },
            );
            app.insert("meta_icon_themed_urls".to_owned(), Value::Null);
            if !state.recorded {
                app.insert("meta_hide".to_owned(), json!(row.flag("meta_hide")));
            }
        } else {
            app.insert(
                "meta_icon".to_owned(),
                if icon.is_empty() {
                    Value::Null
                } else {
                    json!(icon)
                },
            );
        }
        Value::Object(app)
    }
}

/// The application's own launch URL with the caller's name put in, else the provider's.
fn launch_url(state: &State, call: &Call, row: &Row, provider: Option<&Row>) -> Value {
    let own = row.text("meta_launch_url");
    if own.is_empty() {
        return provider
            .and_then(providers::launch_url)
            .map_or(Value::Null, Value::String);
    }
    let caller = call.user.and_then(|pk| state.user(pk));
    let filled = ["username", "email", "name"]
        .iter()
        .fold(own.to_owned(), |url, column| {
            url.replace(
                &format!("%({column})s"),
                caller.map(|user| user.text(column)).unwrap_or_default(),
            )
        });
    json!(filled)
}

/// The list with its traps: filtered after paging, cached per user and page, open only to superusers in full (T7, T8).
pub(crate) fn index(state: &mut State, call: &Call, _: &[&str]) -> Outcome {
    let version = state.version;
    let caller = call.user.unwrap_or_default();
    let rows = resource::filtered::<Applications>(state, call)?;
    let everything: Vec<Row> = rows.iter().map(|row| (*row).clone()).collect();
    let page = list::paginate(state, call, &rows)?;
    if call.switch("superuser_full_list") == Some(true) && state.is_superuser(caller) {
        let results = page
            .rows
            .iter()
            .map(|row| Applications::render(state, call, row))
            .collect();
        return Ok(Reply::ok(page.body(version, results)));
    }
    // 2023.10 filters the whole list, whatever the page, and keeps one list per user.
    let (number, candidates): (usize, Vec<Row>) = match version {
        Version::V2023_10 => (1, everything),
        _ => (
            page.number,
            page.rows.iter().map(|row| (*row).clone()).collect(),
        ),
    };
    let for_user = if version == Version::V2023_10 {
        None
    } else {
        call.param("for_user")
    };
    let allowed = if let Some(text) = for_user {
        allowed(state, candidates, subject(state, text, caller)?)
    } else if call.param("search").is_some() {
        allowed(state, candidates, caller)
    } else if let Some(known) = state
        .app_lists
        .get(&(caller, number))
        .filter(|known| !known.is_empty())
    {
        known.clone()
    } else {
        allowed(state, candidates, caller)
    };
    let with_url_only = version != Version::V2023_10
        && for_user.is_none()
        && call.switch("only_with_launch_url") == Some(true);
    let results: Vec<Value> = allowed
        .iter()
        .map(|row| Applications::render(state, call, row))
        .filter(|app| !with_url_only || app.get("launch_url").is_some_and(|url| !url.is_null()))
        .collect();
    let body = Page::body(&page, version, results);
    if for_user.is_none() && call.param("search").is_none() {
        state.app_lists.insert((caller, number), allowed);
    }
    Ok(Reply::ok(body))
}

/// PUT and PATCH. In 2026.5 the provider in the answer still shows the slug and name from before.
pub(crate) fn update(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let old = resource::addressed::<Applications>(state, args)?.clone();
    let mut reply = resource::update::<Applications>(state, call, args)?;
    if let Payload::Json(app) = &mut reply.payload
        && state.since(Version::V2026_5)
        && app.get("provider") == old.get("provider")
        && let Some(provider) = app.get_mut("provider_obj").and_then(Value::as_object_mut)
    {
        provider.insert("assigned_application_slug".to_owned(), old.value("slug"));
        provider.insert("assigned_application_name".to_owned(), old.value("name"));
    }
    Ok(reply)
}

fn allowed(state: &State, rows: Vec<Row>, user: i64) -> Vec<Row> {
    rows.into_iter()
        .filter(|row| access::may_open(state, row, user).passing)
        .collect()
}

/// The user somebody asks about, who needs a permission for that.
fn subject(state: &State, text: &str, caller: i64) -> Result<i64, Reply> {
    let unknown = || Reply::bad(json!({ "for_user": "User not found" }));
    let pk: i64 = text.parse().map_err(|_| unknown())?;
    let permission = "authentik_core.view_user_applications";
    let visible = state.user(pk).is_some() && rbac::may_on(state, caller, permission, text);
    if visible { Ok(pk) } else { Err(unknown()) }
}

pub(crate) fn check_access(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let row = resource::addressed::<Applications>(state, args)?;
    let caller = call.user.unwrap_or_default();
    let user = match call.param("for_user") {
        // Anybody else's question is answered about themselves.
        Some(text) if state.is_superuser(caller) => {
            match text.parse().ok().filter(|pk| state.user(*pk).is_some()) {
                Some(pk) => pk,
                None if state.version == Version::V2023_10 => return Err(Reply::not_found()),
                None => return Err(Reply::bad(json!({ "for_user": "User not found" }))),
            }
        }
        _ => caller,
    };
    let mut verdict = access::may_open(state, row, user);
    if !state.is_superuser(caller) {
        verdict.messages.clear();
        verdict.raised.clear();
    }
    Ok(Reply::ok(access::body(state, &verdict, row)))
}

pub(crate) fn used_by(state: &mut State, _: &Call, args: &[&str]) -> Outcome {
    let row = resource::addressed::<Applications>(state, args)?;
    let pk = row.value("pk");
    let mut uses: Vec<Use> = row
        .items("backchannel_providers")
        .iter()
        .filter_map(|pk| state.by_pk(Table::Providers, pk))
        .map(|p| {
            Use::new(
                "authentik_core",
                "provider",
                &p.value("pk"),
                p.text("name").to_owned(),
                "cascade",
            )
        })
        .collect();
    uses.extend(used_by::bindings_of(state, "target", &pk));
    Ok(used_by::reply(state, &uses))
}

/// `set_icon_url`, up to 2025.10.
pub(crate) fn set_icon_url(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let body = call.json(state.version)?;
    let url = body
        .get("url")
        .and_then(Value::as_str)
        .ok_or_else(Reply::bad_empty)?
        .to_owned();
    set_icon(state, args, &url)
}

/// `set_icon`, up to 2025.10: a form with a `file`, or with `clear`. The file itself is not kept.
pub(crate) fn upload_icon(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let form = String::from_utf8_lossy(&call.body);
    if form.contains("name=\"clear\"") {
        return set_icon(state, args, "");
    }
    let name = form
        .split_once("filename=\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(name, _)| name.to_owned());
    let name = name.ok_or_else(Reply::bad_empty)?;
    let folder = if state.since(Version::V2025_10) {
        "/media/public"
    } else {
        "/media"
    };
    set_icon(state, args, &format!("{folder}/application-icons/{name}"))
}

fn set_icon(state: &mut State, args: &[&str], icon: &str) -> Outcome {
    let pk = resource::addressed::<Applications>(state, args)?.value("pk");
    state.mint.tick();
    if let Some(row) = state.find_mut(Table::Applications, &pk) {
        row.insert("meta_icon".to_owned(), json!(icon));
    }
    Ok(Reply::ok(json!({})))
}
