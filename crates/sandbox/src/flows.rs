//! `flows/instances`. Flows are names to choose among; nothing executes them.

use crate::call::Call;
use crate::fields::{Field, Kind, NAME, TEXT};
use crate::list::no_choice;
use crate::providers;
use crate::reply::{Outcome, Reply};
use crate::resource::{self, Resource};
use crate::rows::{Columns, Row, pick};
use crate::state::{State, Table};
use crate::used_by::{self, Use};
use crate::version::Version;
use serde_json::{Value, json};

const DESIGNATIONS: &[&str] = &[
    "authentication",
    "authorization",
    "invalidation",
    "enrollment",
    "unenrollment",
    "recovery",
    "stage_configuration",
];
const LAYOUTS: &[&str] = &[
    "stacked",
    "content_left",
    "content_right",
    "sidebar_left",
    "sidebar_right",
];
const REQUIREMENTS: &[&str] = &[
    "none",
    "require_authenticated",
    "require_unauthenticated",
    "require_superuser",
];
const BACKGROUND: &str = "/static/dist/assets/images/flow_background.jpg";

pub(crate) struct Flows;

impl Resource for Flows {
    const TABLE: Table = Table::Flows;
    const MODEL: &'static str = "Flow";
    const LOOKUP: &'static str = "slug";
    const ORDER: &'static [&'static str] = &["slug"];
    const SEARCH: &'static [&'static str] =
        &["name", "slug", "designation", "title", "denied_action"];

    fn fields(state: &State) -> Vec<Field> {
        let max = if state.since(Version::V2026_5) {
            None
        } else {
            Some(50)
        };
        let mut fields = vec![
            Field::required("name", NAME),
            Field::required("slug", Kind::Slug { max })
                .unique("Flow with this slug already exists."),
            Field::required("title", NAME),
            Field::required("designation", Kind::Choice(DESIGNATIONS)),
            Field::optional(
                "policy_engine_mode",
                Kind::Choice(&["any", "all"]),
                json!("any"),
            ),
            Field::optional("compatibility_mode", Kind::Bool, json!(false)),
            Field::optional("layout", Kind::Choice(LAYOUTS), json!("stacked")),
            Field::optional(
                "denied_action",
                Kind::Choice(&["message_continue", "message", "continue"]),
                json!("message_continue"),
            ),
            Field::optional("authentication", Kind::Choice(REQUIREMENTS), json!("none")),
        ];
        if state.since(Version::V2026_5) {
            fields.push(Field::optional("background", TEXT, json!("")));
        }
        fields
    }

    fn complete(state: &mut State, new: &mut Row) {
        new.insert(
            "policybindingmodel_ptr_id".to_owned(),
            json!(state.mint.uuid()),
        );
        for column in ["stages", "policies"] {
            new.entry(column).or_insert_with(|| json!([]));
        }
    }

    fn removed(state: &mut State, row: &Row) {
        let (pk, bound) = (row.value("pk"), row.value("policybindingmodel_ptr_id"));
        state
            .rows_mut(Table::Bindings)
            .retain(|binding| !binding.is("target", &bound));
        // The authorization flow takes its providers along; the other two references become null (T34).
        let doomed: Vec<Value> = state
            .rows(Table::Providers)
            .iter()
            .filter(|provider| provider.is("authorization_flow", &pk))
            .map(|provider| provider.value("pk"))
            .collect();
        for provider in doomed {
            providers::forget(state, &provider);
            state.remove(Table::Providers, &provider);
        }
        for table in [Table::Providers, Table::Brands] {
            for other in state.rows_mut(table) {
                for (_, value) in other
                    .iter_mut()
                    .filter(|(column, _)| column.contains("flow"))
                {
                    if *value == pk {
                        *value = Value::Null;
                    }
                }
            }
        }
    }

    fn check_filters(_: &State, call: &Call) -> Result<(), Reply> {
        match call
            .param("designation")
            .filter(|wanted| !DESIGNATIONS.contains(wanted))
        {
            Some(unknown) => Err(no_choice("designation", unknown)),
            None => Ok(()),
        }
    }

    fn filter(_: &State, call: &Call, row: &Row) -> bool {
        [
            ("flow_uuid", "pk"),
            ("name", "name"),
            ("slug", "slug"),
            ("designation", "designation"),
            ("denied_action", "denied_action"),
        ]
        .iter()
        .all(|(param, column)| {
            call.param(param)
                .is_none_or(|wanted| row.text(column) == wanted)
        })
    }

    fn render(state: &State, _: &Call, row: &Row) -> Value {
        let mut flow = pick(
            row,
            &[
                "pk",
                "policybindingmodel_ptr_id",
                "name",
                "slug",
                "title",
                "designation",
                "stages",
                "policies",
                "policy_engine_mode",
                "compatibility_mode",
                "layout",
                "denied_action",
                "authentication",
            ],
        );
        flow.insert("cache_count".to_owned(), json!(0));
        flow.insert(
            "export_url".to_owned(),
            json!(format!(
                "/api/v3/flows/instances/{}/export/",
                row.text("slug")
            )),
        );
        if state.since(Version::V2026_5) {
            let own = row.text("background");
            flow.insert("background".to_owned(), json!(own));
            flow.insert(
                "background_url".to_owned(),
                json!(if own.is_empty() { BACKGROUND } else { own }),
            );
            flow.insert("background_themed_urls".to_owned(), Value::Null);
        } else {
            flow.insert("background".to_owned(), json!(BACKGROUND));
        }
        Value::Object(flow)
    }
}

pub(crate) fn used_by(state: &mut State, _: &Call, args: &[&str]) -> Outcome {
    let pk = resource::addressed::<Flows>(state, args)?.value("pk");
    let columns = [
        ("authentication_flow", "set_null"),
        ("authorization_flow", "cascade"),
        ("invalidation_flow", "set_default"),
    ];
    let mut uses = Vec::new();
    for (column, action) in columns {
        for p in state
            .rows(Table::Providers)
            .iter()
            .filter(|p| p.is(column, &pk))
        {
            uses.push(Use::new(
                "authentik_core",
                "provider",
                &p.value("pk"),
                p.text("name").to_owned(),
                action,
            ));
        }
    }
    Ok(used_by::reply(state, &uses))
}
