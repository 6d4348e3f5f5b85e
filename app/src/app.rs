use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};
use ui::{AppShell, Badge, ConnectionChip, Glyph, NavItem, Tone};

use crate::{
    data::get_connection,
    links,
    model::Connection,
    pages::{
        AccessMapPage, AccessPage, AddressPage, ApplicationPage, ApplicationsPage, BindPage,
        BindingsPage, ChangeAccessPage, ChangePage, ChangesPage, ChoosePage, DetailsPage, DonePage,
        DoorsPage, GroupPage, GroupsPage, NotFoundPage, OverviewPage, PeoplePage, PersonPage,
        PresetPage, PresetsPage, ReviewPage, UndoPage, WhyPage,
    },
    resource::{Data, data},
    state::text::{escaped, host},
    view::here,
};

/// The whole console. Pages are rendered whole, on the server (`SsrMode::Async`): they are complete
/// without JavaScript, and a link leads to the next one as anywhere on the web.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let known: Data<Connection> = data(|| (), |()| get_connection());
    provide_context(known);
    view! {
        // leptos_meta writes the title into the page as it is.
        <Title formatter=|title: String| format!("{} · Ostiary", escaped(&title))/>
        <Router>
            <Frame known=known/>
        </Router>
    }
}

/// Header, navigation and footer around the page.
#[component]
fn Frame(
    /// Which authentik the console talks to.
    known: Data<Connection>,
) -> AnyView {
    view! {
        <AppShell
            nav=navigation
            connection=move || chip(known)
            footer=footer
            here=here().get_untracked()
        >
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
            <Route path=path!("/changes/:id/undo") view=UndoPage ssr=ssr/>
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
    view! {
        <span class="cluster">
        <ConnectionChip
            tone=Tone::Positive
            state="Connected"
            host=host(&connection.authentik_url)
            version=connection.capabilities.version.to_string()
        />
        {demo}
        </span>
    }
    .into_any()
}

fn footer() -> AnyView {
    view! { <p>"Ostiary " {env!("CARGO_PKG_VERSION")} ". Reads go through the read proxy; everything that is written is a change set."</p> }
        .into_any()
}
