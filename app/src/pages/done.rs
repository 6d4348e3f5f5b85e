use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;
use setup::{FieldErrors, change::State};
use ui::{Card, Crumb, Glyph, LinkButton, PageHeader, Stepper, Variant};

use crate::{
    data::{get_app_side, get_change, run_checks},
    links,
    model::{Change, Instructions},
    resource::{Data, data},
    state::wizard::{Position, stepper},
    view::{
        APPLICATION_CHECKS, AppSideView, Checks, Loading, checks_panel, page_panel, panel,
        parameter, query,
    },
    visitor::revealed,
};

/// What the page reads, all of it at once.
#[derive(Clone, Copy)]
struct Sources {
    run: Memo<String>,
    side: Data<Option<Instructions>>,
    checks: Checks,
}

/// The last step of the wizard: the configuration for the application's own side, and the checks,
/// which run by themselves here.
#[component]
pub fn DonePage() -> AnyView {
    let id = parameter("change");
    let asked = query("checks");
    let reveal = revealed();
    let run = Memo::new(move |_| {
        let asked = asked.get();
        if asked.is_empty() {
            "1".to_owned()
        } else {
            asked
        }
    });
    let change = data(move || id.get(), get_change);
    let sources = Sources {
        run,
        side: data(
            move || id.get(),
            move |id| async move {
                let slug = get_change(id).await?.summary.slug;
                get_app_side(slug, String::new(), reveal).await
            },
        ),
        checks: data(
            move || (id.get(), run.get()),
            |(id, _)| async move {
                let slug = get_change(id).await?.summary.slug;
                run_checks(slug).await.map(Some)
            },
        ),
    };
    page_panel(change, Loading::lines("the change set", 8), move |change| {
        if change.summary.state == State::Applied && change.draft.oidc().is_some() {
            parts(&change, sources)
        } else {
            view! { <Redirect path=links::change(&change.summary.id)/> }.into_any()
        }
    })
}

fn parts(change: &Change, sources: Sources) -> AnyView {
    let name = change
        .draft
        .oidc()
        .map(|draft| draft.name.trim().to_owned());
    let name = name.unwrap_or_default();
    let title = format!("{name} is set up");
    let steps = stepper(Position::Done, None, &FieldErrors::default());
    let id = change.summary.id.clone();
    let link =
        move |number: u32| links::with_query(&links::done(&id), &[("checks", &number.to_string())]);
    let checks = checks_panel(sources.checks, sources.run, APPLICATION_CHECKS, link);
    let own_side = own_side(change.summary.id.clone(), sources);
    view! {
        <Title text=title.clone()/>
        <PageHeader
            title=title
            lead=change.plan.access.sentence.clone()
            crumbs=vec![Crumb::new("Applications", "/applications")]
        />
        <Stepper steps=steps label="Set up an application"/>
        <div class="stack">
            <Card title="Checks">{checks}</Card>
            <Card title="The application’s own side">
                <div class="flex flex-col gap-4">
                    <p>"authentik is ready. Now tell the application:"</p>
                    {own_side}
                </div>
            </Card>
            {next(change)}
        </div>
    }
    .into_any()
}

/// What to enter in the application itself.
fn own_side(id: String, sources: Sources) -> AnyView {
    let reveal = revealed();
    panel(
        sources.side,
        Loading::lines("the configuration", 6),
        move |side| {
            let page = links::done(&id);
            match side {
                Some(instructions) => view! {
                    <AppSideView instructions=instructions revealed=reveal page=page/>
                }
                .into_any(),
                None => view! { <p>"There is nothing to enter."</p> }.into_any(),
            }
        },
    )
}

fn next(change: &Change) -> AnyView {
    let launch = change
        .draft
        .oidc()
        .map(|draft| draft.base_url.trim().to_owned());
    let launch = launch.unwrap_or_default();
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
