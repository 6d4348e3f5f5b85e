//! What stands where something could not be loaded or done.

use leptos::prelude::*;

use crate::{Glyph, Icon};

/// Says what happened, what was and was not done, and what to do; announced at once. For error boundaries too.
#[component]
pub fn ErrorPanel(
    /// What happened, in one sentence.
    #[prop(into)]
    title: String,
    /// What may be read to somebody who can help: status, operation, request id. Never a secret, never raw HTML of another server.
    #[prop(optional, into)]
    details: Option<String>,
    /// A button or link that tries again.
    #[prop(optional, into)]
    retry: Option<ViewFnOnce>,
    /// What was and was not done, and what to do.
    children: Children,
) -> AnyView {
    view! {
        <div class="error-panel tone-danger" role="alert">
            <Icon glyph=Glyph::Danger label="Error:"/>
            <div class="callout-body">
                <p class="callout-title">{title}</p>
                <div class="callout-text">{children()}</div>
                {retry.map(|retry| view! { <div class="callout-actions">{retry.run()}</div> })}
                {details
                    .map(|details| {
                        view! {
                            <details class="technical">
                                <summary>"Technical details"</summary>
                                <pre class="technical-text" tabindex="0">{details}</pre>
                            </details>
                        }
                    })}
            </div>
        </div>
    }
    .into_any()
}
