use leptos::prelude::*;
use setup::preset::{Snippet, Step, StepAction};
use ui::{
    Button, ButtonKind, Callout, CodeBlock, CopyButton, Glyph, LinkButton, Segment, Tone, Variant,
};

use super::route::proof;
use crate::{
    links,
    model::Instructions,
    state::snippets::{Way, has_secret, shown, ways},
};

/// What has to be entered in the application itself.
///
/// Secrets are dots until `revealed`; then the texts can be copied and downloaded whole.
#[component]
pub fn AppSideView(
    /// What goes where.
    instructions: Instructions,
    /// Whether the secrets are here.
    revealed: bool,
    /// The page's own address.
    #[prop(into)]
    page: String,
) -> AnyView {
    let name = instructions.preset.name.clone();
    let secret = instructions
        .snippets
        .iter()
        .any(|snippet| has_secret(&snippet.body) || has_secret(&snippet.optional));
    let hidden = (secret && !revealed).then(|| {
        let actions = move || match proof(&page) {
            Some(href) => view! {
                <LinkButton href=href variant=Variant::Primary icon=Glyph::Eye>
                    "Reveal the secret"
                </LinkButton>
            }
            .into_any(),
            None => view! {
                <form method="post" action=links::REVEAL>
                    <input type="hidden" name="page" value=page/>
                    <Button kind=ButtonKind::Submit variant=Variant::Primary icon=Glyph::Eye>
                        "Reveal the secret"
                    </Button>
                </form>
            }
            .into_any(),
        };
        view! {
            <Callout title="The client secret is hidden" tone=Tone::Info actions=actions>
                <p>"Reveal it when nobody looks over your shoulder; then everything can be copied and downloaded as it is."</p>
            </Callout>
        }
    });
    let ways = ways(instructions.snippets);
    let alternatives = ways.len() > 1;
    let ways: Vec<_> = ways
        .into_iter()
        .map(|way| way_view(way, alternatives, revealed))
        .collect();
    let restart = instructions
        .restart_needed
        .then(|| format!("Restart {name} afterwards, so that it reads the new settings."));
    view! {
        <div class="stack">
            {hidden}
            {ways}
            {restart.map(|text| view! { <p>{text}</p> })}
        </div>
    }
    .into_any()
}

fn way_view(way: Way, alternatives: bool, revealed: bool) -> AnyView {
    let snippets: Vec<_> = way
        .snippets
        .into_iter()
        .map(|snippet| snippet_view(snippet, revealed))
        .collect();
    match way.variant {
        None => view! { <div class="stack">{snippets}</div> }.into_any(),
        Some(variant) => view! {
            <details open=!alternatives>
                <summary>"Instead: " {variant}</summary>
                <div class="stack pt-4">{snippets}</div>
            </details>
        }
        .into_any(),
    }
}

fn snippet_view(snippet: Snippet, revealed: bool) -> AnyView {
    let before: Vec<_> = snippet
        .before
        .iter()
        .map(|text| view! { <p>{text.clone()}</p> })
        .collect();
    let place = snippet.place.clone();
    let body = if snippet.steps.is_empty() {
        let optional = (!snippet.optional.is_empty()).then(|| {
            let title = format!("{}, optional", snippet.title);
            let file_name = format!("optional-{}", snippet.file_name);
            view! {
                <details>
                    <summary>"What may be added"</summary>
                    {code(title, &snippet.optional, file_name, revealed)}
                </details>
            }
        });
        view! {
            {code(snippet.title.clone(), &snippet.body, snippet.file_name.clone(), revealed)}
            {optional}
        }
        .into_any()
    } else {
        let (needed, optional): (Vec<&Step>, Vec<&Step>) =
            snippet.steps.iter().partition(|step| !step.optional);
        let optional = (!optional.is_empty()).then(|| {
            view! {
                <details>
                    <summary>"What may be added"</summary>
                    {steps_view(&optional, revealed)}
                </details>
            }
        });
        view! { {steps_view(&needed, revealed)} {optional} }.into_any()
    };
    view! {
        <div class="flex flex-col gap-2">
            <p class="muted">"Where: " {place}</p>
            {before}
            {body}
            {snippet.note.map(|note| view! { <p class="muted">{note}</p> })}
        </div>
    }
    .into_any()
}

/// A text to copy. Without its secrets it cannot be copied, since dots would be pasted.
fn code(
    title: String,
    segments: &[setup::preset::Segment],
    file_name: String,
    revealed: bool,
) -> AnyView {
    let text = shown(segments, revealed);
    if has_secret(segments) && !revealed {
        let label = title.clone();
        return view! {
            <figure class="code">
                <figcaption class="code-head">
                    <span class="code-title">{title}</span>
                </figcaption>
                <pre class="code-text" tabindex="0" role="group" aria-label=label>
                    <code>{text}</code>
                </pre>
            </figure>
        }
        .into_any();
    }
    let download = links::text_file(&text);
    view! {
        <CodeBlock title=title segments=vec![Segment::Text(text)] download=download file_name=file_name/>
    }
    .into_any()
}

fn steps_view(steps: &[&Step], revealed: bool) -> AnyView {
    let items: Vec<_> = steps.iter().map(|step| step_view(step, revealed)).collect();
    view! { <ol class="list-decimal pl-6 flex flex-col gap-2">{items}</ol> }.into_any()
}

fn step_view(step: &Step, revealed: bool) -> AnyView {
    let field = step.field.clone();
    let value = shown(&step.value, revealed);
    let copyable = revealed || !has_secret(&step.value);
    let copy = (copyable && !value.is_empty()).then(|| {
        view! { <CopyButton text=value.clone() label=field.clone() compact=true/> }
    });
    let content = match (step.action, value.is_empty()) {
        (StepAction::Do, true) => view! { <span>{field}</span> }.into_any(),
        (StepAction::Do, false) => view! { <span>{field} ": " {value}</span> }.into_any(),
        (StepAction::Open, _) => view! { <span>"Open "<strong>{field}</strong></span> }.into_any(),
        (StepAction::SwitchOn, _) => {
            view! { <span>"Switch on "<strong>{field}</strong></span> }.into_any()
        }
        (StepAction::SwitchOff, _) => {
            view! { <span>"Switch off "<strong>{field}</strong></span> }.into_any()
        }
        (StepAction::Enter, true) => {
            view! { <span>"Leave "<strong>{field}</strong>" empty"</span> }.into_any()
        }
        (StepAction::Enter, false) => view! {
            <span class="cluster">
                <span class="min-w-0"><strong>{field}</strong>": "<code class="wrap-anywhere">{value}</code></span>
                {copy}
            </span>
        }
        .into_any(),
    };
    view! { <li>{content}</li> }.into_any()
}
