use leptos::prelude::*;
use setup::check::{Check, Verdict};
use ui::{Callout, Glyph, LinkButton, Status, Tone};

use super::panel::{Loading, panel};
use crate::{resource::Data, state::text::count};

/// The live checks of an application, when they were asked for.
pub(crate) type Checks = Data<Option<Vec<Check>>>;

/// What the checks of an application are about.
pub(crate) const APPLICATION_CHECKS: &str = "Each check asks authentik what the application would ask: discovery document, issuer, keys, redirect URIs, and who gets in.";

/// Shows the checks. `lead` says what they are about while none were run; `run` is the value in the address that they ran for; `link` gives the page's
/// address with another one.
pub(crate) fn checks_panel(
    data: Checks,
    run: Memo<String>,
    lead: &'static str,
    link: impl Fn(u32) -> String + Clone + Send + Sync + 'static,
) -> AnyView {
    panel(data, Loading::lines("checks", 5), move |checks| {
        checks_view(checks.as_deref(), &run.get_untracked(), lead, &link)
    })
}

/// The checks, when they were asked for, with a way to run them.
pub(crate) fn checks_view(
    checks: Option<&[Check]>,
    run: &str,
    lead: &'static str,
    link: &dyn Fn(u32) -> String,
) -> AnyView {
    let next = run.parse::<u32>().unwrap_or_default().saturating_add(1);
    let href = link(next);
    match checks {
        None => view! {
            <p class="muted">{lead}</p>
            <p>
                <LinkButton href=href icon=Glyph::Refresh>"Run the checks"</LinkButton>
            </p>
        }
        .into_any(),
        Some(checks) => list(checks, href),
    }
}

/// The checks in one sentence, with its tone.
fn verdict(checks: &[Check]) -> (Tone, String) {
    let with = |verdict: Verdict| {
        let found = checks.iter().filter(|check| check.verdict == verdict);
        u64::try_from(found.count()).unwrap_or(u64::MAX)
    };
    let (passed, failed, warned) = (
        with(Verdict::Passed),
        with(Verdict::Failed),
        with(Verdict::Warning),
    );
    let skipped = with(Verdict::Skipped);
    let mut text = format!("{} passed", count(passed, "check", "checks"));
    for (number, word) in [
        (failed, "failed"),
        (warned, "with a warning"),
        (skipped, "not asked"),
    ] {
        if number > 0 {
            text = format!("{text}, {number} {word}");
        }
    }
    let tone = match (failed, warned) {
        (0, 0) => Tone::Positive,
        (0, _) => Tone::Warning,
        _ => Tone::Danger,
    };
    (tone, text)
}

fn list(checks: &[Check], href: String) -> AnyView {
    if checks.is_empty() {
        return view! {
            <p>"There is nobody to ask about: nobody’s access to any application was to change."</p>
        }
        .into_any();
    }
    let (tone, text) = verdict(checks);
    let items: Vec<_> = checks.iter().map(item).collect();
    view! {
        <Callout title=text tone=tone live=true/>
        <ul class="flex flex-col gap-4" role="list" aria-label="Checks">{items}</ul>
        <p>
            <LinkButton href=href icon=Glyph::Refresh>"Run the checks again"</LinkButton>
        </p>
    }
    .into_any()
}

fn item(check: &Check) -> impl IntoView + use<> {
    let (tone, word) = match check.verdict {
        Verdict::Passed => (Tone::Positive, "Passed"),
        Verdict::Warning => (Tone::Warning, "Warning"),
        Verdict::Failed => (Tone::Danger, "Failed"),
        Verdict::Skipped => (Tone::Neutral, "Not asked"),
    };
    let way_out = (!check.way_out.is_empty()).then(|| check.way_out.clone());
    let asked = (!check.asked.is_empty()).then(
        || view! { <p class="muted">"Asked: "<span class="mono wrap-anywhere">{check.asked.clone()}</span></p> },
    );
    view! {
        <li class="flex flex-col gap-1">
            <div class="cluster">
                <Status label=word tone=tone/>
                <strong class="wrap-anywhere">{check.title.clone()}</strong>
            </div>
            {asked}
            <p>"Answer: "<span class="mono wrap-anywhere">{check.answer.clone()}</span></p>
            {way_out.map(|way_out| view! { <p>{way_out}</p> })}
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(verdict: &str) -> Check {
        serde_json::from_value(serde_json::json!({
            "id": "x", "title": "x", "verdict": verdict, "asked": "", "answer": "", "way_out": "",
        }))
        .unwrap()
    }

    #[test]
    fn verdict_is_the_worst_of_all() {
        let of =
            |verdicts: &[&str]| verdict(&verdicts.iter().map(|v| check(v)).collect::<Vec<_>>());
        assert_eq!(
            of(&["passed", "skipped"]),
            (Tone::Positive, "1 check passed, 1 not asked".into())
        );
        assert_eq!(of(&["passed", "warning"]).0, Tone::Warning);
        assert_eq!(
            of(&["failed", "warning", "passed", "passed"]),
            (
                Tone::Danger,
                "2 checks passed, 1 failed, 1 with a warning".into()
            )
        );
    }
}
