use authentik_api::models::RedirectUri;
use leptos::prelude::*;
use leptos_meta::Title;
use serde::{Deserialize, Serialize};
use setup::change::State;
use ui::{
    Badge, Button, ButtonKind, Callout, Card, Column, CopyButton, Crumb, DataTable,
    DescriptionItem, DescriptionList, Glyph, LinkButton, PageHeader, SelectField, SelectOption,
    Tone, Variant, VisuallyHidden,
};

use crate::{
    data::{
        Detail, OAuth2, ProviderDetail, application, get_app_side, list_changes, list_presets,
        run_checks,
    },
    error::AppError,
    links,
    model::{ChangeSummary, Instructions},
    resource::{Data, data},
    state::{
        access::{Line, sentence},
        access_task::Task,
        bind::Step,
    },
    view::{
        APPLICATION_CHECKS, AppSideView, Checks, Loading, checks_panel, page_panel, panel,
        parameter, query,
    },
    visitor::revealed,
};

/// What the page reads. All of it is asked for at once, and only once: nothing is read inside
/// of what waits for something else.
#[derive(Clone, Copy)]
struct Sources {
    slug: Memo<String>,
    preset: Memo<String>,
    run: Memo<String>,
    side: Data<Option<Side>>,
    checks: Checks,
    changes: Data<Vec<ChangeSummary>>,
}

/// One application: how it is connected, who may enter, what its own side has to know.
#[component]
pub fn ApplicationPage() -> AnyView {
    let slug = parameter("slug");
    let (preset, run) = (query("preset"), query("checks"));
    let reveal = revealed();
    let detail = data(move || slug.get(), application);
    let sources = Sources {
        slug,
        preset,
        run,
        side: data(
            move || (slug.get(), preset.get()),
            move |(slug, preset)| side(slug, preset, reveal),
        ),
        checks: data(
            move || (slug.get(), run.get()),
            |(slug, run)| async move {
                if run.is_empty() {
                    return Ok(None);
                }
                run_checks(slug).await.map(Some)
            },
        ),
        changes: data(|| (), |()| list_changes()),
    };
    page_panel(
        detail,
        Loading::lines("the application", 10),
        move |detail| parts(&detail, sources),
    )
}

fn parts(detail: &Detail, sources: Sources) -> AnyView {
    let admin = links::authentik_application(&detail.authentik_url, &detail.slug);
    let launch = detail.launch_url.clone();
    let actions = move || {
        // A template of the launch address cannot be followed from here.
        let opens = launch.starts_with("http") && !launch.contains("%(");
        let open = opens.then(|| {
            view! { <LinkButton href=launch external=true>"Open the application"</LinkButton> }
        });
        view! {
            {open}
            <LinkButton href=admin external=true>"In authentik"</LinkButton>
        }
    };
    let title = detail.name.clone();
    let connected = matches!(detail.provider, ProviderDetail::OAuth2(_));
    let own_side = connected.then(|| {
        view! {
            <Card title="The application’s own side">{own_side(sources)}</Card>
            <Card title="Checks">{checks(sources)}</Card>
        }
    });
    view! {
        <Title text=title.clone()/>
        <PageHeader
            title=title
            crumbs=vec![Crumb::new("Applications", "/applications")]
            actions=actions
        />
        <div class="stack">
            {summary(detail)}
            {entry(detail)}
            {provider(&detail.provider)}
            {own_side}
            {danger_zone(sources, detail.name.clone())}
        </div>
    }
    .into_any()
}

fn text_item(term: &'static str, value: &str) -> Option<impl IntoView + use<>> {
    let value = value.to_owned();
    (!value.is_empty()).then(|| view! { <DescriptionItem term=term>{value}</DescriptionItem> })
}

fn copy_item(term: &'static str, value: &str) -> impl IntoView + use<> {
    let (value, label) = (value.to_owned(), term.to_lowercase());
    view! {
        <DescriptionItem term=term>
            <span class="cluster">
                <code class="wrap-anywhere">{value.clone()}</code>
                <CopyButton text=value label=label compact=true/>
            </span>
        </DescriptionItem>
    }
}

fn summary(detail: &Detail) -> AnyView {
    let items = (
        text_item("Description", &detail.description),
        copy_item("Slug", &detail.slug),
        text_item("Listed under", &detail.group),
        text_item("Opens", &detail.launch_url),
    );
    view! {
        <Card title="In short"><DescriptionList>{items}</DescriptionList></Card>
    }
    .into_any()
}

fn entry(detail: &Detail) -> AnyView {
    let sentence = sentence(
        &detail.bindings,
        detail.mode.as_ref(),
        detail.open_by_default,
    );
    let open = !detail.bindings.iter().any(|line| line.enabled);
    let tone = if open { Tone::Warning } else { Tone::Neutral };
    let rows: Vec<_> = detail.bindings.iter().map(binding).collect();
    let table = (!rows.is_empty()).then(|| {
        let columns = vec![
            Column::numeric("Order"),
            Column::new("Kind"),
            Column::new("Name"),
            Column::new("Counts"),
            Column::new("What to do"),
        ];
        view! { <DataTable caption="Bindings" columns=columns>{rows}</DataTable> }
    });
    let doings: Vec<_> = [
        (Task::Bind, "applications.0", "Let groups or people in"),
        (Task::Door, "applications", "Open or close"),
        (Task::Mode, "applications", "Policy engine mode"),
    ]
    .into_iter()
    .map(|(task, field, label)| {
        let slug = [(field, detail.slug.as_str())];
        let step = (task == Task::Bind).then_some(("step", Step::Groups.word()));
        let known: Vec<(&str, &str)> = slug.into_iter().chain(step).collect();
        let href = task.link(&known);
        view! { <LinkButton href=href small=true>{label}</LinkButton> }
    })
    .collect();
    view! {
        <Card title="Who may enter">
            <div class="flex flex-col gap-4">
                <Callout title=sentence tone=tone>
                    <p>"Told from the bindings. The checks ask authentik about real people."</p>
                </Callout>
                {table}
                <div class="cluster">{doings}</div>
            </div>
        </Card>
    }
    .into_any()
}

fn binding(line: &Line) -> impl IntoView + use<> {
    let counts = match (line.enabled, line.negate) {
        (false, _) => view! { <Badge label="Disabled"/> }.into_any(),
        (true, true) => view! { <Badge label="Negated" tone=Tone::Warning/> }.into_any(),
        (true, false) => view! { <Badge label="Yes" tone=Tone::Positive/> }.into_any(),
    };
    let away = Task::Unbind.link(&[("bindings", &line.pk.to_string())]);
    let what = format!(" {}", line.name);
    view! {
        <tr>
            <td class="num">{line.order}</td>
            <td>{line.kind.clone()}</td>
            <th scope="row">{line.name.clone()}</th>
            <td>{counts}</td>
            <td><LinkButton href=away small=true>"Take away"<VisuallyHidden>{what}</VisuallyHidden></LinkButton></td>
        </tr>
    }
}

fn provider(provider: &ProviderDetail) -> AnyView {
    match provider {
        ProviderDetail::OAuth2(oauth2) => oauth2_cards(oauth2),
        ProviderDetail::Other { kind, name } => {
            let text = format!("{kind} “{name}”");
            view! {
                <Card title="Provider">
                    <p>{text}</p>
                    <p class="muted">"Ostiary shows OAuth2 / OpenID providers in full so far; the others in authentik."</p>
                </Card>
            }
            .into_any()
        }
        ProviderDetail::None => view! {
            <Card title="Provider">
                <p>"None: this application is a bookmark, nobody signs in to it through authentik."</p>
            </Card>
        }
        .into_any(),
    }
}

fn oauth2_cards(oauth2: &OAuth2) -> AnyView {
    let endpoints: Vec<_> = oauth2
        .endpoints
        .rows()
        .into_iter()
        .map(|(label, address)| copy_item(label, address))
        .collect();
    let key = if oauth2.signed {
        "yes"
    } else {
        "no: HS256 with the client secret, and the key set is empty"
    };
    let uris = uris(&oauth2.redirect_uris);
    let scopes: Vec<_> = oauth2
        .scopes
        .iter()
        .map(|(scope, name)| view! { <tr><th scope="row"><code class="wrap-anywhere">{scope.clone()}</code></th><td>{name.clone()}</td></tr> })
        .collect();
    let client = (
        copy_item("Client ID", &oauth2.client_id),
        text_item("Client type", &oauth2.client_type),
        text_item("Provider", &oauth2.name),
        text_item("Signed with a key", key),
        text_item("Subject mode", &oauth2.sub_mode),
        text_item("Issuer mode", &oauth2.issuer_mode),
        text_item("Access token valid for", &oauth2.access_token_validity),
    );
    let scope_columns = vec![Column::new("Scope"), Column::new("Mapping")];
    view! {
        <Card title="Endpoints"><DescriptionList>{endpoints}</DescriptionList></Card>
        <Card title="Client"><DescriptionList>{client}</DescriptionList></Card>
        <Card title="Redirect URIs">{uris}</Card>
        <Card title="Scopes" flush=true>
            <DataTable caption="Scopes and their mappings" caption_hidden=true columns=scope_columns>
                {scopes}
            </DataTable>
        </Card>
    }
    .into_any()
}

fn uris(uris: &[RedirectUri]) -> AnyView {
    if uris.is_empty() {
        return view! {
            <Callout title="No redirect URI" tone=Tone::Danger>
                <p>"authentik saves the first one that anybody uses, whoever that is. Enter the callback address of the application."</p>
            </Callout>
        }
        .into_any();
    }
    let items: Vec<_> = uris
        .iter()
        .map(|uri| {
            let (url, mode) = (uri.url.clone(), uri.matching_mode.as_str().to_owned());
            view! {
                <li class="cluster">
                    <code class="wrap-anywhere">{url.clone()}</code>
                    <Badge label=mode/>
                    <CopyButton text=url label="redirect URI" compact=true/>
                </li>
            }
        })
        .collect();
    view! { <ul class="flex flex-col gap-2" role="list">{items}</ul> }.into_any()
}

/// What is known of the application's own side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Side {
    /// The preset is known or chosen.
    Known(Box<Instructions>),
    /// It has to be chosen among these: id and name.
    Unknown(Vec<(String, String)>),
}

/// `None` where there is no own side to configure: the application has no OAuth2 provider.
async fn side(slug: String, preset: String, reveal: bool) -> Result<Option<Side>, AppError> {
    let instructions = match get_app_side(slug, preset, reveal).await {
        Ok(instructions) => instructions,
        // What is missing is said by the page itself.
        Err(AppError::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    if let Some(instructions) = instructions {
        return Ok(Some(Side::Known(Box::new(instructions))));
    }
    let presets = list_presets().await?.into_iter();
    let mut known: Vec<(String, String)> = presets
        .filter(|preset| preset.available)
        .map(|preset| (preset.id, preset.name))
        .collect();
    known.sort_by_key(|(_, name)| name.to_lowercase());
    Ok(Some(Side::Unknown(known)))
}

/// The configuration of the application's own side, from the preset that is known or chosen.
fn own_side(sources: Sources) -> AnyView {
    let Sources {
        slug, preset, side, ..
    } = sources;
    let reveal = revealed();
    panel(side, Loading::lines("the configuration", 6), move |side| {
        let path = links::application(&slug.get_untracked());
        match side {
            Some(Side::Known(instructions)) => {
                let preset = preset.get_untracked();
                let page = links::with_query(&path, &[("preset", &preset)]);
                let name = format!("For {}", instructions.preset.name);
                view! {
                    <p class="muted">{name}</p>
                    <AppSideView instructions=*instructions revealed=reveal page=page/>
                }
                .into_any()
            }
            Some(Side::Unknown(presets)) => choose_preset(&presets, path),
            None => ().into_any(),
        }
    })
}

/// Asks for the preset of an application that Ostiary did not make.
fn choose_preset(presets: &[(String, String)], path: String) -> AnyView {
    let options: Vec<_> = presets
        .iter()
        .map(|(id, name)| SelectOption::new(id, name))
        .collect();
    view! {
        <p>"Ostiary did not set this application up, so it does not know which one it is. Choose its preset to see what to enter on its own side."</p>
        <form class="form" method="get" action=path>
            <SelectField name="preset" label="Preset" options=options value="generic-oidc" required=true/>
            <div class="form-actions">
                <Button kind=ButtonKind::Submit>"Show the configuration"</Button>
            </div>
        </form>
    }
    .into_any()
}

/// The checks, on demand.
fn checks(sources: Sources) -> AnyView {
    let Sources {
        slug, run, checks, ..
    } = sources;
    checks_panel(checks, run, APPLICATION_CHECKS, move |number| {
        let path = links::application(&slug.get_untracked());
        let page = links::with_query(&path, &[("checks", &number.to_string())]);
        format!("{page}#checks")
    })
}

/// What cannot be taken back easily: undoing the change set that made the application.
fn danger_zone(sources: Sources, name: String) -> AnyView {
    let slug = sources.slug;
    panel(
        sources.changes,
        Loading::lines("the change sets", 1),
        move |changes| {
            let Some(change) = maker(&changes, &slug.get_untracked()) else {
                return ().into_any();
            };
            let (href, page) = (links::undo(&change.id), links::change(&change.id));
            let label = format!("Undo the set-up of {name}");
            view! {
            <Card title="Danger zone" tone=Tone::Danger>
                <div class="flex flex-col gap-4">
                    <p>
                        "Ostiary made this application in " <a href=page>"a change set"</a>
                        ". Undoing it deletes what it created, unless somebody changed it since."
                    </p>
                    <p>
                        <LinkButton href=href variant=Variant::Danger icon=Glyph::Undo>{label}</LinkButton>
                    </p>
                </div>
            </Card>
        }
        .into_any()
        },
    )
}

/// The change set that made an application and can be undone.
fn maker<'c>(changes: &'c [ChangeSummary], slug: &str) -> Option<&'c ChangeSummary> {
    changes
        .iter()
        .find(|change| change.slug == slug && change.state == State::Applied)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maker_is_the_latest_applied_one() {
        let change = |id: &str, state: State| ChangeSummary {
            id: id.into(),
            kind: "oidc-application".into(),
            title: String::new(),
            state,
            slug: "grafana".into(),
            preset: "grafana".into(),
            created_at: String::new(),
            updated_at: String::new(),
        };
        let (undone, applied) = (change("3", State::Undone), change("2", State::Applied));
        let changes = [undone, applied, change("1", State::Applied)];
        assert_eq!(maker(&changes, "grafana").unwrap().id, "2");
        assert!(maker(&changes, "gitea").is_none());
    }
}
