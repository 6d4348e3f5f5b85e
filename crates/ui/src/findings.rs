//! Risks and remarks.

use leptos::prelude::*;

use crate::{Badge, Level, Tone, heading::heading};

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingItem {
    /// How bad it is: `Info`, `Warning` or `Danger`.
    pub severity: Tone,
    /// What was found, in one sentence.
    pub title: String,
    /// What it means.
    pub explanation: String,
    /// What to do about it.
    pub way_out: Option<String>,
    /// Where to do it: words and path.
    pub link: Option<(String, String)>,
}

/// Findings, in the order given; worst first is best.
#[component]
pub fn Findings(
    /// The findings.
    items: Vec<FindingItem>,
    /// The level of each finding's heading.
    #[prop(default = Level::H3)]
    level: Level,
) -> AnyView {
    let items: Vec<_> = items.into_iter().map(|item| finding(level, item)).collect();
    view! { <ul class="findings" role="list">{items}</ul> }.into_any()
}

fn finding(level: Level, item: FindingItem) -> impl IntoView {
    let FindingItem {
        severity,
        title,
        explanation,
        way_out,
        link,
    } = item;
    let word = match severity {
        Tone::Danger => "Risk",
        Tone::Warning => "Warning",
        Tone::Neutral | Tone::Info | Tone::Positive => "Note",
    };
    view! {
        <li class=format!("finding {}", severity.class())>
            <div class="finding-head">
                <Badge tone=severity label=word/>
                {heading(level, None, title)}
            </div>
            <p>{explanation}</p>
            {way_out.map(|way_out| view! { <p class="finding-way-out">{way_out}</p> })}
            {link.map(|(label, href)| view! { <p><a href=href>{label}</a></p> })}
        </li>
    }
}
