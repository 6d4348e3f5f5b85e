//! One of many who look around at the same time, each with an identity of their own.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use super::wire::{Answer, Request, Wire};

/// The passphrase of the one account.
pub(super) const PASSPHRASE: &str = "seven purple ducks in november";

/// What browsers look at. The sessions are the page that tells who asks.
const PAGES: [&str; 10] = [
    "/",
    "/applications",
    "/people",
    "/people?q=a",
    "/groups",
    "/access",
    "/changes",
    "/presets",
    "/settings/sessions",
    "/settings/sessions",
];

/// What browsers and programs read.
const DATA: [&str; 5] = [
    "/api/changes",
    "/api/v3/core/users/?page_size=20",
    "/api/v3/core/groups/?page_size=20",
    "/api/v3/core/applications/",
    "/api/v3/core/users/?search=a",
];

/// Who somebody is.
#[derive(Clone)]
pub(super) enum Identity {
    /// A browser with a session; it calls itself like nobody else.
    Browser { agent: String, cookie: String },
    /// A program with a key of this role.
    Program { role: &'static str, key: String },
}

impl Identity {
    /// Who, for a report: never with what opens the console.
    fn name(&self) -> &str {
        match self {
            Self::Browser { agent, .. } => agent,
            Self::Program { role, .. } => role,
        }
    }

    fn headers(&self) -> String {
        match self {
            Self::Browser { agent, cookie } => {
                format!("User-Agent: {agent}\r\nCookie: {cookie}\r\nAccept: text/html\r\n")
            }
            Self::Program { key, .. } => format!("Authorization: Bearer {key}\r\n"),
        }
    }
}

/// Signs in, and gives the cookies.
///
/// # Errors
/// When that is refused.
pub(super) fn sign_in(wire: &mut Wire, agent: &str) -> Result<Identity> {
    let body = format!(
        "name=ada&passphrase={}&then=%2F",
        PASSPHRASE.replace(' ', "+")
    );
    let headers = format!(
        "User-Agent: {agent}\r\nAccept: text/html\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    );
    let answer = wire.call(&Request {
        method: "POST",
        path: "/sign-in",
        headers: &headers,
        body: &body,
    })?;
    if answer.status != 303 {
        bail!(
            "signing in was answered with {}:\n{}",
            answer.status,
            answer.body
        );
    }
    let cookie = cookies(&answer);
    Ok(Identity::Browser {
        agent: agent.to_owned(),
        cookie,
    })
}

/// The cookies that an answer sets.
pub(super) fn cookies(answer: &Answer) -> String {
    let pairs: Vec<&str> = answer
        .headers("set-cookie")
        .filter_map(|cookie| cookie.split(';').next())
        .collect();
    pairs.join("; ")
}

/// What somebody met.
#[derive(Debug, Default)]
pub(super) struct Met {
    /// Microseconds of each answer.
    pub(super) times: Vec<u64>,
    /// How many answers of each kind: page, data or program's, and status.
    pub(super) answers: BTreeMap<(&'static str, u16), u64>,
    /// How often an answer was looked at for who it was meant for.
    pub(super) told: u64,
    /// What must not be.
    pub(super) wrong: Vec<String>,
}

/// Looks around until the time is over. `number` is who it is, and what chance begins with.
pub(super) fn browse(address: SocketAddr, identity: &Identity, number: u64, until: Instant) -> Met {
    let mut met = Met::default();
    let mut wire = Wire::new(address);
    let mut chance = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for step in 0_u64.. {
        let start = Instant::now();
        if start >= until {
            break;
        }
        // xorshift: good enough to choose a page.
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        let id = format!("v{number}-{step}");
        if let Err(error) = visit(&mut wire, identity, chance, &id, &mut met) {
            met.wrong
                .push(format!("{} {id}: {error:#}", identity.name()));
            wire = Wire::new(address);
        }
        let took = start.elapsed();
        met.times
            .push(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        // People read what they opened.
        std::thread::sleep(Duration::from_millis(50 + chance % 200));
    }
    met
}

fn visit(wire: &mut Wire, identity: &Identity, chance: u64, id: &str, met: &mut Met) -> Result<()> {
    let data = chance.is_multiple_of(3) || matches!(identity, Identity::Program { .. });
    let (kind, path) = match identity {
        Identity::Program { .. } if chance.is_multiple_of(4) => ("key", "/api/audit.csv"),
        _ if data => ("data", pick(&DATA, chance)),
        _ => ("page", pick(&PAGES, chance)),
    };
    let headers = format!("{}X-Request-Id: {id}\r\n", identity.headers());
    let answer = wire.call(&Request {
        method: "GET",
        path,
        headers: &headers,
        body: "",
    })?;
    *met.answers.entry((kind, answer.status)).or_default() += 1;
    if answer.header("x-request-id") != Some(id) {
        bail!("{path} was answered with the answer to another request");
    }
    if !is_documented(kind, path, &answer) {
        let start: String = answer.body.chars().take(400).collect();
        bail!("{path} was answered with {}: {start}", answer.status);
    }
    match identity {
        Identity::Browser { agent, .. } if path == "/settings/sessions" => {
            is_own_page(&answer.body, agent)?;
            met.told += 1;
        }
        Identity::Program { role, .. } if kind == "key" => {
            let expected = if *role == "admin" { 200 } else { 403 };
            if answer.status != expected {
                bail!("a key for {role} was answered with {}", answer.status);
            }
            met.told += 1;
        }
        _ => {}
    }
    Ok(())
}

fn pick<'p>(paths: &[&'p str], chance: u64) -> &'p str {
    let count = u64::try_from(paths.len()).unwrap_or(1);
    let at = usize::try_from(chance / 16 % count).unwrap_or_default();
    paths.get(at).copied().unwrap_or("/")
}

/// What fails because authentik does, fails as the guide says: with a gateway's status, in JSON with a code, and
/// as a page that says so in its usual frame. A page that needs nothing of authentik never fails.
fn is_documented(kind: &str, path: &str, answer: &Answer) -> bool {
    let in_frame = || answer.body.contains("<bdi>ada</bdi>");
    let told = || answer.body.contains("\"code\":");
    match (kind, answer.status) {
        ("page", 200) => in_frame(),
        (_, 200) => true,
        ("page", 502..=504) => path != "/settings/sessions" && path != "/presets" && in_frame(),
        ("key", status) => status == 403,
        ("data", 502..=504 | 429) => path.starts_with("/api/v3/") && told(),
        _ => false,
    }
}

/// The page of the sessions marks the one that asks for it, and no other.
pub(super) fn is_own_page(page: &str, agent: &str) -> Result<()> {
    let mut items = page.split("<li class=\"session\"").skip(1);
    let own: Vec<&str> = items
        .by_ref()
        .filter(|item| item.contains("This one"))
        .collect();
    let [own] = own.as_slice() else {
        bail!("{} sessions are marked as the own one", own.len());
    };
    let item = own.split("</li>").next().context("no end of the item")?;
    if !item.contains(&format!(">{agent}<")) {
        bail!("the page is somebody else's: {item}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_of_somebody_else_is_noticed() {
        let item =
            |agent: &str, mark: &str| format!("<li class=\"session\"><p>{agent}</p>{mark}</li>");
        let page = item("visitor-1", "<b>This one</b>") + &item("visitor-11", "<b>End it</b>");
        assert!(is_own_page(&page, "visitor-1").is_ok());
        assert!(is_own_page(&page, "visitor-11").is_err());
        assert!(is_own_page(&page, "visitor").is_err());
        let two = page.replace("End it", "This one");
        assert!(is_own_page(&two, "visitor-1").is_err());
        assert!(is_own_page("<h1>Sign in</h1>", "visitor-1").is_err());
    }
}
