//! `core/transactional/applications`: application, provider and (since 2024.12) bindings at once, or nothing.

use crate::applications::Applications;
use crate::bindings::Bindings;
use crate::call::Call;
use crate::fields::{Field, Kind, Mode, clean};
use crate::oauth2::OAuth2;
use crate::providers;
use crate::rbac;
use crate::reply::{Outcome, Payload, Reply};
use crate::resource::{self, Resource};
use crate::rows::{Columns, Row};
use crate::state::{State, Table};
use crate::version::Version;
use serde_json::{Value, json};

pub(crate) fn put(state: &mut State, call: &Call, _: &[&str]) -> Outcome {
    let before = state.copy(&[Table::Applications, Table::Providers, Table::Bindings]);
    let outcome = attempt(state, call);
    if outcome.is_err() {
        state.restore(before);
    }
    outcome
}

fn attempt(state: &mut State, call: &Call) -> Outcome {
    let caller = call.user.unwrap_or_default();
    if state.version == Version::V2023_10 && !state.is_superuser(caller) {
        return Err(Reply::denied());
    }
    let body = call.json(state.version)?;
    let app = check_request(state, &body)?;
    check_permissions(state, caller, &body)?;
    let model = body
        .get("provider_model")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let provider = body.get("provider").cloned().unwrap_or_default();
    let Some(name) = provider.get("name").cloned() else {
        // The importer looks the provider up by its name without asking whether there is one (T26).
        return Err(Reply::crash());
    };
    let twin = state.find(Table::Providers, "name", &name).cloned();
    if twin.is_some() && state.since(Version::V2025_10) {
        let text = "State is set to must_created and object exists already";
        return Err(Reply::bad(json!({ "provider": { "name": [text] } })));
    }
    if let Some(assigned) = twin
        .as_ref()
        .filter(|twin| state.application_of(&twin.value("pk")).is_some())
    {
        tracing::debug!(
            provider = assigned.text("name"),
            "the provider has an application already"
        );
        let text = "Application with this provider already exists.";
        return Err(Reply::bad(json!({ "app": { "provider": [text] } })));
    }
    let pk = match twin {
        Some(twin) => reuse(state, &twin, &provider)?,
        None => insert_provider(state, model, &provider)?,
    };
    finish(state, app, &pk, &body)?;
    // The answer tells neither keys nor logs.
    Ok(Reply::ok(json!({ "applied": true, "logs": [] })))
}

/// Since 2024.12 whoever may add the parts may add them together. The first part that is refused is named; the name of
/// that of the bindings is not recorded.
fn check_permissions(state: &State, caller: i64, body: &Value) -> Result<(), Reply> {
    let model = body.get("provider_model").and_then(Value::as_str);
    let bindings = body.get("policy_bindings").and_then(Value::as_array);
    let parts = [
        ("provider", model),
        ("app", Some("authentik_core.application")),
        (
            "policy_bindings",
            bindings
                .filter(|bindings| !bindings.is_empty())
                .map(|_| "authentik_policies.policybinding"),
        ),
    ];
    for (part, model) in parts {
        let Some((app, name)) = model.and_then(|model| model.split_once('.')) else {
            continue;
        };
        if !rbac::may(state, caller, &format!("{app}.add_{name}")) {
            let text = format!("User lacks permission to create {app}.{name}");
            return Err(Reply::json(
                http::StatusCode::FORBIDDEN,
                json!({ part: text }),
            ));
        }
    }
    Ok(())
}

/// The part that is validated before anything is tried. Gives the application's columns.
fn check_request(state: &State, body: &Value) -> Result<Row, Reply> {
    let mut errors = Row::new();
    for name in ["app", "provider_model", "provider"] {
        if body.get(name).is_none() {
            errors.insert(name.to_owned(), json!(["This field is required."]));
        }
    }
    let mut app = Row::new();
    if let Some(wanted) = body.get("app") {
        let fields: Vec<Field> = Applications::fields(state);
        match clean(
            state,
            Table::Applications,
            &fields,
            wanted,
            Mode::Create,
            None,
        ) {
            Ok(columns) => app = columns,
            Err(error) => {
                errors.insert("app".to_owned(), Value::Object(error));
            }
        }
    }
    if let Some(model) = body.get("provider_model") {
        let text = model
            .as_str()
            .map_or_else(|| model.to_string(), str::to_owned);
        if !providers::is_known_model(&text) {
            errors.insert(
                "provider_model".to_owned(),
                json!([format!("\"{text}\" is not a valid choice.")]),
            );
        }
    }
    if state.since(Version::V2025_10)
        && let Some(Value::Array(bindings)) = body.get("policy_bindings")
    {
        let checked: Vec<Value> = bindings
            .iter()
            .map(|binding| Value::Object(check_binding(state, binding)))
            .collect();
        if checked
            .iter()
            .any(|errors| errors.as_object().is_some_and(|errors| !errors.is_empty()))
        {
            errors.insert("policy_bindings".to_owned(), json!(checked));
        }
    }
    if errors.is_empty() {
        Ok(app)
    } else {
        Err(Reply::bad(Value::Object(errors)))
    }
}

/// Errors of one binding, whose target is not known yet.
fn check_binding(state: &State, binding: &Value) -> Row {
    let fields = [
        Field::reference("policy", Table::Policies),
        Field::reference("group", Table::Groups),
        Field::reference("user", Table::Users),
        Field::required("order", Kind::Int { min: None }),
    ];
    match clean(state, Table::Bindings, &fields, binding, Mode::Create, None) {
        Err(errors) => errors,
        Ok(columns) => {
            let given = ["policy", "group", "user"]
                .iter()
                .filter(|name| !columns.value(name).is_null())
                .count();
            match given {
                1 => Row::new(),
                0 => crate::fields::non_field("One of 'group', 'policy', 'user' must be set."),
                _ => crate::fields::non_field("Only one of 'group', 'policy', 'user' can be set."),
            }
        }
    }
}

/// Puts the errors of a part under its name.
fn nested(part: &str, reply: Reply) -> Reply {
    match reply.payload {
        Payload::Json(errors) => Reply::bad(json!({ part: errors })),
        _ => reply,
    }
}

fn insert_provider(state: &mut State, model: &str, provider: &Value) -> Result<Value, Reply> {
    if providers::is_oauth2(model) {
        return resource::insert::<OAuth2>(state, provider)
            .map_err(|refusal| nested("provider", refusal));
    }
    let mut fields = providers::common_fields(state);
    fields.push(Field::optional("external_host", Kind::Url, json!("")));
    let row = clean(
        state,
        Table::Providers,
        &fields,
        provider,
        Mode::Create,
        None,
    )
    .map_err(|errors| Reply::bad(json!({ "provider": errors })))?;
    providers::insert_other(state, model, row).ok_or_else(|| {
        Reply::field(
            "provider_model",
            &format!("\"{model}\" is not a valid choice."),
        )
    })
}

/// 2023.10 takes an unassigned provider of the same name and changes it.
fn reuse(state: &mut State, twin: &Row, provider: &Value) -> Result<Value, Reply> {
    let pk = twin.value("pk");
    let new = clean(
        state,
        Table::Providers,
        &OAuth2::fields(state),
        provider,
        Mode::Patch,
        Some(&pk),
    )
    .map_err(|errors| Reply::bad(json!({ "provider": errors })))?;
    if let Some(row) = state.find_mut(Table::Providers, &pk) {
        row.extend(new);
    }
    Ok(pk)
}

/// Stores the application and its bindings.
fn finish(state: &mut State, mut app: Row, provider: &Value, body: &Value) -> Result<(), Reply> {
    app.insert("provider".to_owned(), provider.clone());
    Applications::check(state, &mut app, None, Mode::Create)
        .map_err(|refusal| nested("app", refusal))?;
    let pk = state.insert(Table::Applications, app);
    Applications::saved(state, &pk, true);
    if state.since(Version::V2025_10) {
        for binding in body
            .get("policy_bindings")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let mut binding = crate::rows::row(binding.clone());
            binding.insert("target".to_owned(), pk.clone());
            resource::insert::<Bindings>(state, &Value::Object(binding))?;
        }
    }
    Ok(())
}
