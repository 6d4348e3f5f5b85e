//! The pages of flows: where a visitor signs in, allows an application, or signs out.
//!
//! authentik's pages are one program in JavaScript that talks to the flow executor. Here they are small forms of the
//! sandbox's own, which do the same in the end.

use crate::authorize;
use crate::call::Call;
use crate::dispatch::nowhere;
use crate::logout;
use crate::reply::{Outcome, Reply, escaped};
use crate::rows::{Columns, Row};
use crate::sessions::{self, COOKIE};
use crate::state::{State, Table};
use crate::version::Version;
use http::{Method, header};
use serde_json::{Value, json};

/// Password of every person in a sandbox, whoever made them. Service accounts have none.
pub const PASSWORD: &str = "sandbox-passphrase";

/// `/flows/-/default/…/`, the short addresses of the login and the logout, for the address of the flow.
pub(crate) fn default_flow(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let kind = args.first().copied().unwrap_or_default();
    let slug = format!("default-{kind}-flow");
    if state.find(Table::Flows, "slug", &json!(slug)).is_none() {
        return Err(nowhere(call));
    }
    Ok(Reply::redirect(format!(
        "/if/flow/{slug}/?{}",
        call.raw_query
    )))
}

/// `/if/flow/…/`
pub(crate) fn page(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let slug = args.first().copied().unwrap_or_default();
    let flow = state.find(Table::Flows, "slug", &json!(slug)).cloned();
    let flow = flow.ok_or_else(|| nowhere(call))?;
    match (flow.text("designation"), &call.method) {
        ("authentication", &Method::POST) => Ok(sign_in(state, call)),
        ("authentication", _) => Ok(form(None)),
        ("authorization", _) => consent(state, call, &flow),
        ("invalidation", _) => Ok(logout::page(state, call)),
        _ => Err(nowhere(call)),
    }
}

fn form(message: Option<&str>) -> Reply {
    let message = message.map_or_else(String::new, |text| format!("<p role=\"alert\">{text}</p>"));
    Reply::form(
        "Sign in",
        &format!(
            "{message}<form method=\"post\">\
             <p><label>Username <input name=\"username\" autocomplete=\"username\" required></label></p>\
             <p><label>Password <input name=\"password\" type=\"password\" autocomplete=\"current-password\" required>\
             </label></p><p><button>Sign in</button></p></form>"
        ),
    )
}

/// Checks the form and goes on to `next`.
fn sign_in(state: &mut State, call: &Call) -> Reply {
    let form_data = call.form();
    let field = |name: &str| form_data.get(name).map(String::as_str).unwrap_or_default();
    let person = state
        .find(Table::Users, "username", &json!(field("username")))
        .filter(|person| person.flag("is_active") && person_of_flesh(person))
        .filter(|_| field("password") == PASSWORD)
        .and_then(|person| person.int("pk"));
    let Some(user) = person else {
        return form(Some("Wrong username or password."));
    };
    let key = if call.user == Some(user) {
        sessions::renew(state, &call.session)
    } else {
        // Somebody else was here: their session is over.
        sessions::end(state, &call.session);
        None
    };
    let agent = call.header("user-agent").unwrap_or_default().to_owned();
    let key = key.unwrap_or_else(|| sessions::begin(state, user, &agent));
    let next = call.param("next").filter(|next| is_local(next));
    Reply::redirect(next.unwrap_or("/").to_owned()).with(
        header::SET_COOKIE,
        format!("{COOKIE}={key}; Path=/; HttpOnly; SameSite=Lax"),
    )
}

fn person_of_flesh(person: &Row) -> bool {
    matches!(person.text("type"), "internal" | "external")
}

/// Whether an address leads to this server: a path, and nothing that a browser takes for a host.
fn is_local(next: &str) -> bool {
    next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.chars().any(char::is_control)
}

/// The page of an authorization flow: a question where the flow has stages, and the way back where it has none.
fn consent(state: &mut State, call: &Call, flow: &Row) -> Outcome {
    let asked = authorize::ask(state, call)?;
    if !asked.flow.is("pk", &flow.value("pk")) {
        return Err(nowhere(call));
    }
    let fresh = authorize::is_fresh(state, call, &asked);
    if !fresh {
        return Ok(Reply::redirect(authorize::login_address(
            state.version,
            call,
        )));
    }
    if flow.items("stages").is_empty() || call.method == Method::POST {
        return Ok(Reply::redirect(authorize::allow(state, call, &asked)));
    }
    let text = format!(
        "<p>{} wants to know: {}.</p><form method=\"post\"><p><button>Continue</button></p></form>",
        escaped(asked.app.text("name")),
        escaped(call.param("scope").unwrap_or_default()),
    );
    Ok(Reply::form("Authorize application", &text))
}

/// `flows/executor/…`: only the flows that ask nothing, which is how the browser of 2023.10 fetches its code.
pub(crate) fn executor(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let slug = args.first().copied().unwrap_or_default();
    let flow = state.find(Table::Flows, "slug", &json!(slug)).cloned();
    let flow = flow.ok_or_else(|| nowhere(call))?;
    let to = match flow.text("designation") {
        "authorization" if flow.items("stages").is_empty() => {
            let inner = call.asking(call.param("query").unwrap_or_default());
            let asked = authorize::ask(state, &inner)?;
            if !asked.flow.is("pk", &flow.value("pk"))
                || !authorize::is_fresh(state, &inner, &asked)
            {
                return Err(nowhere(call));
            }
            authorize::allow(state, &inner, &asked)
        }
        "invalidation" => {
            sessions::end(state, &call.session);
            "/".to_owned()
        }
        _ => return Err(nowhere(call)),
    };
    let mut body = json!({ "component": "xak-flow-redirect", "to": to });
    if let (Version::V2023_10, Value::Object(body)) = (state.version, &mut body) {
        body.insert("type".to_owned(), json!("redirect"));
    }
    Ok(Reply::ok(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_local_takes_paths_and_nothing_else() {
        for good in ["/", "/application/o/authorize/?next=//evil.example"] {
            assert!(is_local(good), "{good}");
        }
        for bad in [
            "",
            "x",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/\nx",
        ] {
            assert!(!is_local(bad), "{bad}");
        }
    }
}
