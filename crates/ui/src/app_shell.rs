//! The frame of every page.

use leptos::prelude::*;

use crate::{Glyph, Icon, ThemeSwitch, Wordmark};

const NAV: &str = "site-nav";

/// Header, navigation, `<main id="main">` and footer.
///
/// The navigation is a sidebar on wide screens and a popover sheet behind the menu button on narrow ones; a popover
/// needs no JavaScript, and a browser that has none shows the list above the page.
#[component]
pub fn AppShell(
    /// The [`NavItem`](crate::NavItem)s.
    #[prop(into)]
    nav: ViewFnOnce,
    /// Which authentik this console talks to: a [`ConnectionChip`](crate::ConnectionChip).
    #[prop(optional, into)]
    connection: Option<ViewFnOnce>,
    /// What stands at the foot of each page.
    #[prop(optional, into)]
    footer: Option<ViewFnOnce>,
    /// The page's own path and query, where the theme switch comes back to without JavaScript.
    #[prop(into)]
    here: String,
    /// Where the theme switch posts to without JavaScript.
    #[prop(into, default = "/theme".to_owned())]
    theme_action: String,
    /// The page.
    children: Children,
) -> AnyView {
    view! {
        <a class="skip-link" href="#main">"Skip to content"</a>
        <header class="masthead">
            <a class="masthead-home" href="/" aria-label="Ostiary, overview">
                <Wordmark/>
            </a>
            <div class="masthead-connection">{connection.map(ViewFnOnce::run)}</div>
            <ThemeSwitch action=theme_action return_to=here/>
            <button class="btn btn-secondary masthead-menu" type="button" popovertarget=NAV>
                <Icon glyph=Glyph::Menu/>
                "Menu"
            </button>
        </header>
        <div class="shell">
            <nav id=NAV class="site-nav" popover="auto" aria-label="Main">
                <ul role="list">{nav.run()}</ul>
            </nav>
            <div class="shell-page">
                <main id="main" tabindex="-1">
                    {children()}
                </main>
                {footer.map(|footer| view! { <footer class="colophon">{footer.run()}</footer> })}
            </div>
        </div>
    }
    .into_any()
}

/// The frame of a page for who is not signed in: no navigation, a narrow column.
#[component]
pub fn GateShell(
    /// What stands at the foot of the page.
    #[prop(optional, into)]
    footer: Option<ViewFnOnce>,
    /// The page.
    children: Children,
) -> AnyView {
    view! {
        <a class="skip-link" href="#main">"Skip to content"</a>
        <header class="masthead">
            <span class="masthead-home"><Wordmark/></span>
        </header>
        <div class="gate">
            <main id="main" tabindex="-1">
                {children()}
            </main>
            {footer.map(|footer| view! { <footer class="colophon">{footer.run()}</footer> })}
        </div>
    }
    .into_any()
}
