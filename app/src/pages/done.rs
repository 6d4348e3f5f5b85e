use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;
use setup::{FieldErrors, change::State};
use ui::{Card, Crumb, Glyph, LinkButton, PageHeader, Stepper, Variant};

use crate::{
    links,
    model::Change,
    resource::data,
    serverfn::{get_app_side, get_change},
    state::wizard::{Position, stepper},
    view::{AppSideView, ChecksPanel, Loading, main_panel, panel, parameter, query},
};

/// The last step of the wizard: the configuration for the application's own side, and the checks.
#[component]
pub fn DonePage() -> AnyView {
    let id = parameter("change");
    let data = data(move || id.get(), get_change);
    main_panel(data, Loading::lines("the change set", 8), |change| {
        if change.summary.state == State::Applied {
            view! { <DoneParts change=change/> }.into_any()
        } else {
            view! { <Redirect path=links::change(&change.summary.id)/> }.into_any()
        }
    })
}

/// The parts of the page.
#[component]
fn DoneParts(
    /// The change set.
    change: Change,
) -> AnyView {
    let name = change.draft.name.trim().to_owned();
    let title = format!("{name} is set up");
    let steps = stepper(Position::Done, None, &FieldErrors::default());
    let (id, slug) = (change.summary.id.clone(), change.summary.slug.clone());
    let (check_id, check_slug) = (id.clone(), slug.clone());
    view! {
        <Title text=title.clone()/>
        <PageHeader
            title=title
            lead=change.plan.access.sentence.clone()
            crumbs=vec![Crumb::new("Applications", "/applications")]
        />
        <Stepper steps=steps label="Set up an application"/>
        <div class="stack">
            <Card title="Checks">
                <DoneChecks change=check_id slug=check_slug/>
            </Card>
            <Card title="The application’s own side">
                <div class="flex flex-col gap-4">
                    <p>"authentik is ready. Now tell the application:"</p>
                    <DoneOwnSide change=id slug=slug/>
                </div>
            </Card>
            {next(&change)}
        </div>
    }
    .into_any()
}

/// The checks run by themselves on this page.
#[component]
fn DoneChecks(
    /// Id of the change set.
    change: String,
    /// Slug of the application.
    slug: String,
) -> AnyView {
    let asked = query("checks");
    let run = Signal::derive(move || {
        let asked = asked.get();
        if asked.is_empty() {
            "1".to_owned()
        } else {
            asked
        }
    });
    let link = move |number: u32| {
        links::with_query(&links::done(&change), &[("checks", &number.to_string())])
    };
    view! { <ChecksPanel slug=slug run=run link=link/> }.into_any()
}

/// What to enter in the application itself.
#[component]
fn DoneOwnSide(
    /// Id of the change set.
    change: String,
    /// Slug of the application.
    slug: String,
) -> AnyView {
    let reveal = query("reveal");
    let data = data(
        move || (slug.clone(), reveal.get()),
        |(slug, reveal)| get_app_side(slug, String::new(), reveal),
    );
    panel(data, Loading::lines("the configuration", 6), move |side| {
        let href = links::with_query(&links::done(&change), &[("reveal", "1")]);
        let revealed = reveal.get_untracked() == "1";
        match side {
            Some(instructions) => view! {
                <AppSideView instructions=instructions revealed=revealed reveal_href=href/>
            }
            .into_any(),
            None => view! { <p>"There is nothing to enter."</p> }.into_any(),
        }
    })
}

fn next(change: &Change) -> AnyView {
    let launch = change.draft.base_url.trim().to_owned();
    let page = links::application(&change.summary.slug);
    let log = links::change(&change.summary.id);
    view! {
        <Card title="What comes next">
            <div class="flex flex-col gap-4">
            <ul class="list-disc pl-6 flex flex-col gap-2">
                <li>"Enter the settings above, then sign in to the application once yourself."</li>
                <li>"Everything that was written is in " <a href=log>"the change set"</a>", where it can be undone."</li>
                <li>"The settings and checks stay on " <a href=page.clone()>"the page of the application"</a>"."</li>
            </ul>
            <div class="cluster">
                <LinkButton href=launch external=true>"Open the application"</LinkButton>
                <LinkButton href=page variant=Variant::Quiet>"The application in Ostiary"</LinkButton>
                <LinkButton href=links::NEW variant=Variant::Quiet icon=Glyph::Plus>"Set up another one"</LinkButton>
            </div>
            </div>
        </Card>
    }
    .into_any()
}
