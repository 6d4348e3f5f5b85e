//! Paths of the console's own pages, and the pages of authentik's that they lead to.

use authentik_api::{GroupPk, UserPk};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use setup::oidc_application::WizardStep;

/// What may stand unencoded in a segment of a path or a value of a query.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A path that stays on this server: one slash, and nothing that a browser takes for a second one.
pub fn local(path: &str) -> Option<&str> {
    let mut rest = path.bytes();
    let is_local = rest.next() == Some(b'/')
        && !matches!(rest.next(), Some(b'/' | b'\\'))
        && path.bytes().all(|byte| byte.is_ascii_graphic());
    is_local.then_some(path)
}

/// A text as a segment of a path or a value of a query.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// A path with those parameters of the query that are not empty.
pub(crate) fn with_query(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut link = path.to_owned();
    let mut mark = '?';
    for (name, value) in parameters.iter().filter(|(_, value)| !value.is_empty()) {
        link.push(mark);
        link.push_str(&encode(name));
        link.push('=');
        link.push_str(&encode(value));
        mark = '&';
    }
    link
}

/// An address without one part of its query.
pub(crate) fn without(address: &str, part: &str) -> String {
    let Some((path, query)) = address.split_once('?') else {
        return address.to_owned();
    };
    let rest: Vec<&str> = query.split('&').filter(|it| *it != part).collect();
    if rest.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", rest.join("&"))
    }
}

/// An address with one more part in its query.
pub(crate) fn with(address: &str, part: &str) -> String {
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}{part}")
}

/// What the query holds where fresh answers are asked for.
pub const FRESH: &str = "fresh=1";
/// Asks the sign-in page for the ways in, where a proxy has signed somebody in already.
pub const OTHER_WAYS: &str = "other=1";

/// An address that asks for fresh answers.
pub(crate) fn fresh(address: &str) -> String {
    with(&without(address, FRESH), FRESH)
}

/// The page of an application.
pub(crate) fn application(slug: &str) -> String {
    format!("/applications/{}", encode(slug))
}

/// Where one signs in.
pub const SIGN_IN: &str = "/sign-in";
/// Where one goes to authentik to sign in.
pub const SIGN_IN_AUTHENTIK: &str = "/sign-in/authentik";
/// Where authentik sends people back to.
pub const SIGN_IN_CALLBACK: &str = "/sign-in/authentik/callback";
/// Where authentik says that somebody signed out there.
pub const SIGN_IN_LOGOUT: &str = "/sign-in/authentik/logout";
/// Where a session is ended.
pub const SIGN_OUT: &str = "/sign-out";
/// Where the first account is made.
pub const FIRST_RUN: &str = "/first-run";
/// Where one proves again who one is.
pub const STEP_UP: &str = "/step-up";
/// Judges a passphrase that is being chosen.
pub const STRENGTH: &str = "/passphrase/strength";
/// Where one goes to authentik to prove again who one is.
pub const STEP_UP_AUTHENTIK: &str = "/step-up/authentik";
/// Where one asks for a page with its secrets.
pub const REVEAL: &str = "/reveal";
/// The settings.
pub(crate) const SETTINGS: &str = "/settings";
/// The settings: the connection to authentik.
pub const CONNECTION: &str = "/settings/connection";
/// Makes an account for Ostiary in authentik.
pub const OWN_ACCOUNT: &str = "/settings/connection/account";
/// The settings: signing in with authentik.
pub const SIGN_IN_SETTINGS: &str = "/settings/sign-in";
/// Where an administrator goes to authentik to try whether signing in works.
pub const TRY_SIGN_IN: &str = "/settings/sign-in/try";
/// The settings: who is signed in.
pub const SESSIONS: &str = "/settings/sessions";
/// The settings: keys of programs.
pub const KEYS: &str = "/settings/keys";
/// The settings: the audit log.
pub const AUDIT: &str = "/settings/audit";
/// The settings: the administrator's passphrase.
pub const PASSPHRASE: &str = "/settings/passphrase";
/// The access map.
pub(crate) const ACCESS: &str = "/access";
/// Open doors.
pub(crate) const DOORS: &str = "/access/doors";
/// Why somebody gets in, or does not.
pub(crate) const WHY: &str = "/access/why";
/// The forms that begin a change of access.
pub(crate) const CHANGE_ACCESS: &str = "/access/change";
/// The guided group binding.
pub(crate) const BIND: &str = "/access/bind";
/// All bindings.
pub(crate) const BINDINGS: &str = "/access/bindings";
/// The list of people.
pub(crate) const PEOPLE: &str = "/people";
/// The list of groups.
pub(crate) const GROUPS: &str = "/groups";

/// The page of a person.
pub(crate) fn person(pk: UserPk) -> String {
    format!("{PEOPLE}/{pk}")
}

/// The page of a group.
pub(crate) fn group(pk: GroupPk) -> String {
    format!("{GROUPS}/{pk}")
}

/// Why a person gets into an application, or does not.
pub(crate) fn why(user: UserPk, slug: &str) -> String {
    with_query(WHY, &[("user", &user.to_string()), ("application", slug)])
}

/// Which members of a group get into an application.
pub(crate) fn why_group(group: GroupPk, slug: &str) -> String {
    with_query(WHY, &[("group", &group.to_string()), ("application", slug)])
}

/// The page of a preset.
pub(crate) fn preset(id: &str) -> String {
    format!("/presets/{}", encode(id))
}

/// An application's icon, by way of this server.
pub(crate) fn icon(slug: &str) -> String {
    format!("/icons/applications/{}", encode(slug))
}

/// The page of a change set.
pub(crate) fn change(id: &str) -> String {
    format!("/changes/{}", encode(id))
}

/// The page of a change set, with what authentik says about it, asked anew for each number.
pub(crate) fn verified(id: &str, run: u32) -> String {
    format!("{}?checks={run}", change(id))
}

/// The page that asks whether to undo a change set.
pub(crate) fn undo(id: &str) -> String {
    format!("{}/undo", change(id))
}

/// The last step of the wizard.
pub(crate) fn done(change: &str) -> String {
    format!("/new/done/{}", encode(change))
}

/// The first step of the wizard.
pub(crate) const NEW: &str = "/new";

/// A step of the wizard that asks for something.
pub(crate) fn step(draft: &str, step: WizardStep) -> String {
    match step {
        WizardStep::Choose => NEW.to_owned(),
        step => format!("{NEW}/{}/{}", encode(draft), step.segment()),
    }
}

/// The step of the wizard that shows the plan.
pub(crate) fn review(draft: &str) -> String {
    format!("{NEW}/{}/review", encode(draft))
}

/// A text as a file that a link downloads, without asking the server again.
pub(crate) fn text_file(text: &str) -> String {
    format!("data:text/plain;charset=utf-8,{}", encode(text))
}

/// authentik's own page about an application.
pub(crate) fn authentik_application(authentik_url: &str, slug: &str) -> String {
    format!(
        "{authentik_url}/if/admin/#/core/applications/{}",
        encode(slug)
    )
}

/// authentik's own administration.
pub(crate) fn authentik_admin(authentik_url: &str) -> String {
    format!("{authentik_url}/if/admin/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_local_paths_are_returned_to() {
        for path in ["/", "/applications/grafana?tab=checks#x", "/a//b"] {
            assert_eq!(local(path), Some(path));
        }
        for path in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "a",
            "/\t/evil.example",
            "/a\r\nb",
        ] {
            assert_eq!(local(path), None, "{path:?}");
        }
    }

    #[test]
    fn with_query_leaves_out_what_is_empty_and_encodes() {
        assert_eq!(with_query("/a", &[]), "/a");
        assert_eq!(
            with_query("/a", &[("q", "x&y ü"), ("kind", ""), ("page", "2")]),
            "/a?q=x%26y%20%C3%BC&page=2"
        );
    }

    #[test]
    fn parts_of_a_query_come_and_go() {
        assert_eq!(with("/access", "fresh=1"), "/access?fresh=1");
        assert_eq!(with("/access?q=a", "fresh=1"), "/access?q=a&fresh=1");
        assert_eq!(without("/access?fresh=1", "fresh=1"), "/access");
        assert_eq!(
            without("/access?q=a&fresh=1&b=2", "fresh=1"),
            "/access?q=a&b=2"
        );
        assert_eq!(without("/access", "fresh=1"), "/access");
    }

    #[test]
    fn people_groups_and_questions_have_addresses() {
        assert_eq!(person(UserPk(5)), "/people/5");
        assert_eq!(
            why(UserPk(5), "a b"),
            "/access/why?user=5&application=a%20b"
        );
        let group = GroupPk(uuid::Uuid::nil());
        assert!(why_group(group, "x").starts_with("/access/why?group=00000000-"));
    }

    #[test]
    fn paths_cannot_be_broken_out_of() {
        assert_eq!(application("../x?y#z"), "/applications/..%2Fx%3Fy%23z");
        assert_eq!(step("7", WizardStep::Access), "/new/7/access");
        assert_eq!(text_file("a=1\n"), "data:text/plain;charset=utf-8,a%3D1%0A");
    }
}
