//! Ostiary's own settings: the connection to authentik, who is signed in, the passphrase. Forms go to
//! the server's own handlers, as on the pages of [`super::gate`].

mod audit;
mod connection;
mod keys;
mod own_account;
mod passphrase;
mod sessions;
mod sign_in;

use leptos::prelude::*;
use leptos_router::components::Redirect;
use ui::{TabItem, Tabs};

use crate::{
    links,
    visitor::{Role, SignInMethod, visitor},
};

pub use self::{audit::*, connection::*, keys::*, passphrase::*, sessions::*, sign_in::*};

/// A page of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Connection,
    SignIn,
    Sessions,
    Passphrase,
    Keys,
    Audit,
}

/// Leads to the first page of the settings that the visitor may see.
#[component]
pub fn SettingsPage() -> AnyView {
    let admin = visitor().is_some_and(|visitor| visitor.role == Role::Admin);
    let path = if admin {
        links::CONNECTION
    } else {
        links::SESSIONS
    };
    view! { <Redirect path=path/> }.into_any()
}

/// Links between the pages of the settings that the visitor may see.
fn sections(current: Section) -> AnyView {
    let visitor = visitor();
    let is = |test: fn(&crate::visitor::Visitor) -> bool| visitor.as_ref().is_some_and(test);
    let tab = |section: Section, label: &str, href: &str| TabItem {
        label: label.to_owned(),
        href: href.to_owned(),
        current: section == current,
        count: None,
    };
    let mut items = Vec::new();
    if is(|visitor| visitor.role == Role::Admin) {
        items.push(tab(Section::Connection, "Connection", links::CONNECTION));
        items.push(tab(Section::SignIn, "Sign-in", links::SIGN_IN_SETTINGS));
    }
    items.push(tab(Section::Sessions, "Sessions", links::SESSIONS));
    if is(|visitor| visitor.method == SignInMethod::Passphrase) {
        items.push(tab(Section::Passphrase, "Passphrase", links::PASSPHRASE));
    }
    if is(|visitor| visitor.role == Role::Admin) {
        items.push(tab(Section::Keys, "API keys", links::KEYS));
        items.push(tab(Section::Audit, "Audit log", links::AUDIT));
    }
    view! { <Tabs label="Settings" items=items/> }.into_any()
}
