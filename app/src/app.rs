use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};
use ui::{AppShell, Badge, Button, ButtonKind, ConnectionChip, GateShell, Glyph, NavItem, Tone};

use crate::{
    data::get_connection,
    error::AppError,
    links,
    model::Connection,
    pages::{
        AccessMapPage, AccessPage, AddressPage, ApplicationPage, ApplicationsPage, AuditPage,
        BindPage, BindingsPage, ChangeAccessPage, ChangePage, ChangesPage, ChoosePage,
        ConnectionPage, DetailsPage, DonePage, DoorsPage, FirstRunPage, GroupPage, GroupsPage,
        KeysPage, NotFoundPage, OverviewPage, PassphrasePage, PeoplePage, PersonPage, PresetPage,
        PresetsPage, ReviewPage, SessionsPage, SettingsPage, SignInPage, SignInSettingsPage,
        StepUpPage, UndoPage, WhyPage,
    },
    resource::{Data, data},
    state::text::{escaped, host},
    view::{here, stale_notice},
    visitor::{Visitor, visitor},
};

/// The whole console. Pages are rendered whole, on the server (`SsrMode::Async`): they are complete
/// without JavaScript, and a link leads to the next one as anywhere on the web.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    // Who is not signed in is told nothing about authentik.
    let signed_in = visitor().is_some();
    let known: Data<Connection> = data(
        || (),
        move |()| async move {
            if signed_in {
                get_connection().await
            } else {
                Err(AppError::SignedOut)
            }
        },
    );
    provide_context(known);
    view! {
        // leptos_meta writes the title into the page as it is.
        <Title formatter=|title: String| format!("{} · Ostiary", escaped(&title))/>
        <Router>
            <Frame known=known/>
        </Router>
    }
}

/// Header, navigation and footer around the page; for who is not signed in, the page alone.
#[component]
fn Frame(
    /// Which authentik the console talks to.
    known: Data<Connection>,
) -> AnyView {
    if visitor().is_none() {
        return view! { <GateShell footer=version>{pages()}</GateShell> }.into_any();
    }
    view! {
        <AppShell
            nav=navigation
            connection=move || chip(known)
            footer=footer
            here=here().get_untracked()
        >
            {unanswered(known)}
            {pages()}
        </AppShell>
    }
    .into_any()
}

fn pages() -> AnyView {
    let ssr = SsrMode::Async;
    view! {
        <Routes fallback=|| view! { <NotFoundPage/> }>
            <Route path=path!("/") view=OverviewPage ssr=ssr.clone()/>
            <Route path=path!("/applications") view=ApplicationsPage ssr=ssr.clone()/>
            <Route path=path!("/new") view=ChoosePage ssr=ssr.clone()/>
            <Route path=path!("/new/done/:change") view=DonePage ssr=ssr.clone()/>
            <Route path=path!("/new/:draft/address") view=AddressPage ssr=ssr.clone()/>
            <Route path=path!("/new/:draft/details") view=DetailsPage ssr=ssr.clone()/>
            <Route path=path!("/new/:draft/access") view=AccessPage ssr=ssr.clone()/>
            <Route path=path!("/new/:draft/review") view=ReviewPage ssr=ssr.clone()/>
            <Route path=path!("/applications/:slug") view=ApplicationPage ssr=ssr.clone()/>
            <Route path=path!("/access") view=AccessMapPage ssr=ssr.clone()/>
            <Route path=path!("/access/bind") view=BindPage ssr=ssr.clone()/>
            <Route path=path!("/access/bindings") view=BindingsPage ssr=ssr.clone()/>
            <Route path=path!("/access/change") view=ChangeAccessPage ssr=ssr.clone()/>
            <Route path=path!("/access/doors") view=DoorsPage ssr=ssr.clone()/>
            <Route path=path!("/access/why") view=WhyPage ssr=ssr.clone()/>
            <Route path=path!("/people") view=PeoplePage ssr=ssr.clone()/>
            <Route path=path!("/people/:pk") view=PersonPage ssr=ssr.clone()/>
            <Route path=path!("/groups") view=GroupsPage ssr=ssr.clone()/>
            <Route path=path!("/groups/:pk") view=GroupPage ssr=ssr.clone()/>
            <Route path=path!("/presets") view=PresetsPage ssr=ssr.clone()/>
            <Route path=path!("/presets/:id") view=PresetPage ssr=ssr.clone()/>
            <Route path=path!("/changes") view=ChangesPage ssr=ssr.clone()/>
            <Route path=path!("/changes/:id") view=ChangePage ssr=ssr.clone()/>
            <Route path=path!("/changes/:id/undo") view=UndoPage ssr=ssr.clone()/>
            <Route path=path!("/settings") view=SettingsPage ssr=ssr.clone()/>
            <Route path=path!("/settings/connection") view=ConnectionPage ssr=ssr.clone()/>
            <Route path=path!("/settings/sign-in") view=SignInSettingsPage ssr=ssr.clone()/>
            <Route path=path!("/settings/keys") view=KeysPage ssr=ssr.clone()/>
            <Route path=path!("/settings/audit") view=AuditPage ssr=ssr.clone()/>
            <Route path=path!("/settings/sessions") view=SessionsPage ssr=ssr.clone()/>
            <Route path=path!("/settings/passphrase") view=PassphrasePage ssr=ssr.clone()/>
            <Route path=path!("/sign-in") view=SignInPage ssr=ssr.clone()/>
            <Route path=path!("/first-run") view=FirstRunPage ssr=ssr.clone()/>
            <Route path=path!("/step-up") view=StepUpPage ssr=ssr/>
        </Routes>
    }
    .into_any()
}

fn navigation() -> AnyView {
    view! {
        <NavItem href="/" label="Overview" glyph=Glyph::Gauge exact=true/>
        <NavItem href="/applications" label="Applications" glyph=Glyph::App/>
        <NavItem href=links::ACCESS label="Access" glyph=Glyph::Key/>
        <NavItem href=links::PEOPLE label="People" glyph=Glyph::Users/>
        <NavItem href=links::GROUPS label="Groups" glyph=Glyph::Tree/>
        <NavItem href="/presets" label="Presets" glyph=Glyph::Door/>
        <NavItem href="/changes" label="Change sets" glyph=Glyph::Ledger/>
        {visitor().map(|visitor| account(&visitor))}
    }
    .into_any()
}

/// The settings, and who is signed in with a way out.
fn account(visitor: &Visitor) -> AnyView {
    let name = visitor.name.clone();
    let out = visitor.can_sign_out().then(|| {
        view! {
            <li class="nav-account">
                <span class="muted">"Signed in as "<bdi>{name}</bdi></span>
                <form method="post" action=links::SIGN_OUT>
                    <Button kind=ButtonKind::Submit small=true>"Sign out"</Button>
                </form>
            </li>
        }
    });
    view! {
        <NavItem href=links::SETTINGS label="Settings" glyph=Glyph::Lock/>
        {out}
    }
    .into_any()
}

/// What every page says while authentik does not answer.
fn unanswered(known: Data<Connection>) -> AnyView {
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                let stale = known.await.ok().and_then(|connection| connection.stale);
                stale.map(|stale| stale_notice(&stale))
            })}
        </Suspense>
    }
    .into_any()
}

/// Which authentik the console talks to, on every page.
fn chip(known: Data<Connection>) -> AnyView {
    view! {
        <Suspense fallback=|| ()>
            {move || Suspend::new(async move {
                match known.await {
                    Ok(connection) => connected(&connection),
                    Err(_) => view! {
                        <ConnectionChip tone=Tone::Danger state="Not connected" host="authentik"/>
                    }
                    .into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn connected(connection: &Connection) -> AnyView {
    let demo = connection
        .demo
        .then(|| view! { <Badge label="Demo" tone=Tone::Info/> });
    let insecure = connection
        .insecure
        .then(|| view! { <Badge label="Certificate not checked" tone=Tone::Danger/> });
    let (tone, state) = if connection.stale.is_some() {
        (Tone::Warning, "Does not answer")
    } else {
        (Tone::Positive, "Connected")
    };
    view! {
        <span class="cluster">
        <ConnectionChip
            tone=tone
            state=state
            host=host(&connection.authentik_url)
            version=connection.capabilities.version.to_string()
        />
        {demo}
        {insecure}
        </span>
    }
    .into_any()
}

fn version() -> AnyView {
    view! { <p>"Ostiary " {env!("CARGO_PKG_VERSION")}</p> }.into_any()
}

fn footer() -> AnyView {
    view! { <p>"Ostiary " {env!("CARGO_PKG_VERSION")} ". Reads go through the read proxy; everything that is written is a change set."</p> }
        .into_any()
}
