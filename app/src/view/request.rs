use leptos::prelude::*;
use setup::change::Step;

/// The exact request of a step, on demand. Secrets are references in it.
pub(crate) fn request_details(step: &Step) -> AnyView {
    let body = step
        .request
        .body
        .as_ref()
        .and_then(|body| serde_json::to_string_pretty(body).ok())
        .unwrap_or_default();
    let label = format!("Request of the step: {}", step.title);
    view! {
        <details class="technical">
            <summary>"The exact request"</summary>
            <pre class="technical-text" tabindex="0" role="group" aria-label=label>
                {step.request.display()}
                "\n\n"
                {body}
            </pre>
        </details>
    }
    .into_any()
}
