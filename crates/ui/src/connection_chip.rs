//! Which authentik the console talks to.

use leptos::prelude::*;

use crate::{Icon, Tone};

/// A link in the header with host and version of the connected server.
#[component]
pub fn ConnectionChip(
    /// Whether the connection works: `Positive`, `Warning` or `Danger`.
    tone: Tone,
    /// The state in a word or two, e.g. `Connected`. Read aloud; shown when it is not `Positive`.
    #[prop(into)]
    state: String,
    /// The host, e.g. `auth.example.com`.
    #[prop(into)]
    host: String,
    /// The version of the server, e.g. `2026.5.1`.
    #[prop(optional, into)]
    version: Option<String>,
    /// The page that tells more.
    #[prop(into, default = "/".to_owned())]
    href: String,
) -> AnyView {
    let state_class = if tone == Tone::Positive {
        "sr-only"
    } else {
        "chip-state"
    };
    view! {
        <a class=format!("chip {}", tone.class()) href=href>
            <Icon glyph=tone.glyph()/>
            <span class=state_class>{state}</span>
            " "
            <span class="chip-host">{host}</span>
            {version.map(|version| view! { <span class="chip-version">{version}</span> })}
        </a>
    }
    .into_any()
}
