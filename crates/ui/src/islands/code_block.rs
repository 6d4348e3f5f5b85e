//! Files and snippets for the application's own side.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{CopyButton, Glyph, Icon, LinkButton, hydrated};

/// What stands for a secret. As long for every secret.
const MASK: &str = "••••••••••••";

/// A stretch of a [`CodeBlock`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Segment {
    /// Shown as it is.
    Text(String),
    /// Masked until revealed.
    Secret(String),
}

impl Segment {
    fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Secret(text) => text,
        }
    }
}

/// A snippet with its name, a copy button and a download link.
///
/// Secret stretches are masked until revealed; copying always copies the whole. Without JavaScript a disclosure
/// holds the text with its secrets.
#[island]
pub fn CodeBlock(
    /// What it is, e.g. `grafana.ini` or `Environment variables`.
    #[prop(into)]
    title: String,
    /// The text.
    segments: Vec<Segment>,
    /// Where it can be downloaded.
    #[prop(optional, into)]
    download: Option<String>,
    /// The file's name when downloaded.
    #[prop(optional, into)]
    file_name: Option<String>,
) -> impl IntoView {
    let ready = hydrated();
    let (revealed, set_revealed) = signal(false);
    let whole: String = segments.iter().map(Segment::text).collect();
    let has_secret = segments
        .iter()
        .any(|segment| matches!(segment, Segment::Secret(_)));
    let stretches: Vec<_> = segments
        .into_iter()
        .filter(|segment| !segment.text().is_empty())
        .map(|segment| stretch(segment, revealed))
        .collect();
    let label = title.clone();
    let reveal = has_secret.then(|| {
        view! {
            <span hidden=move || !ready.get()>
                {reveal_button(format!("secrets of {label}"), revealed, set_revealed)}
            </span>
        }
    });
    let download = download.map(|href| {
        view! {
            <LinkButton href=href small=true icon=Glyph::Download attr:download=file_name.unwrap_or_default()>
                "Download"
            </LinkButton>
        }
    });
    let plain = whole.clone();
    view! {
        <figure class="code">
            <figcaption class="code-head">
                <span class="code-title">{title.clone()}</span>
                <span class="code-actions">
                    {reveal}
                    <CopyButton text=whole label=title.clone()/>
                    {download}
                </span>
            </figcaption>
            <pre class="code-text" tabindex="0" role="group" aria-label=title>
                <code>{stretches}</code>
            </pre>
            {has_secret
                .then(|| {
                    view! {
                        <details class="code-plain" hidden=move || ready.get()>
                            <summary>"Show with secrets"</summary>
                            <pre class="code-text" tabindex="0"><code>{plain}</code></pre>
                        </details>
                    }
                })}
        </figure>
    }
    .into_any()
}

fn stretch(segment: Segment, revealed: ReadSignal<bool>) -> AnyView {
    match segment {
        Segment::Text(text) => view! { <span>{text}</span> }.into_any(),
        Segment::Secret(secret) => {
            let shown = move || {
                if revealed.get() {
                    view! { <span class="code-secret">{secret.clone()}</span> }.into_any()
                } else {
                    mask().into_any()
                }
            };
            view! { <span>{shown}</span> }.into_any()
        }
    }
}

/// A masked secret: dots to see, words to hear.
fn mask() -> impl IntoView {
    view! {
        <span class="secret-mask">
            <span aria-hidden="true">{MASK}</span>
            <span class="sr-only">"hidden secret"</span>
        </span>
    }
}

/// The button that shows and hides. Its name stays; what it does is in `aria-pressed`.
fn reveal_button(
    label: String,
    revealed: ReadSignal<bool>,
    set_revealed: WriteSignal<bool>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="btn btn-secondary btn-small"
            aria-pressed=move || if revealed.get() { "true" } else { "false" }
            on:click=move |_| set_revealed.update(|revealed| *revealed = !*revealed)
        >
            <Icon glyph=Glyph::Eye/>
            "Reveal"
            <span class="sr-only">" "{label}</span>
        </button>
    }
}
