//! All that is wrong with a form, at its head.

use leptos::{html, prelude::*};

use crate::{Glyph, Icon, browser, field_id};

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorItem {
    /// The form name of the field; `None` where no single field is to blame.
    pub name: Option<String>,
    /// What is wrong.
    pub message: String,
}

impl ErrorItem {
    /// Something wrong with the field of this name.
    pub fn field(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            name: Some(name.into()),
            message: message.into(),
        }
    }

    /// Something wrong with the form as a whole.
    pub fn form(message: impl Into<String>) -> Self {
        Self {
            name: None,
            message: message.into(),
        }
    }
}

/// A list of what is wrong, with links to the fields. Shows nothing while nothing is.
///
/// It takes the focus whenever the errors change, also when the page arrives with errors.
#[component]
pub fn ErrorSummary(
    /// What is wrong.
    #[prop(into)]
    errors: Signal<Vec<ErrorItem>>,
    /// The sentence above the list.
    #[prop(into, default = "Please correct this before going on".to_owned())]
    title: String,
) -> AnyView {
    let node = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        errors.track();
        if let Some(summary) = node.get()
            && summary.focus().is_err()
        {
            leptos::logging::warn!("the summary of errors could not take the focus");
        }
    });
    let list = move || {
        let errors = errors.get();
        (!errors.is_empty()).then(|| {
            let items: Vec<_> = errors.into_iter().map(item).collect();
            view! {
                <div class="error-summary tone-danger" node_ref=node tabindex="-1" role="alert">
                    <Icon glyph=Glyph::Danger label="Error:"/>
                    <div class="callout-body">
                        <p class="callout-title">{title.clone()}</p>
                        <ul role="list">{items}</ul>
                    </div>
                </div>
            }
        })
    };
    list.into_any()
}

fn item(error: ErrorItem) -> impl IntoView {
    let ErrorItem { name, message } = error;
    match name {
        None => view! { <li>{message}</li> }.into_any(),
        Some(name) => {
            let id = field_id(&name);
            let href = format!("#{id}");
            let jump = move |event: leptos::ev::MouseEvent| {
                if browser::focus(&id) {
                    event.prevent_default();
                }
            };
            view! { <li><a href=href on:click=jump>{message}</a></li> }.into_any()
        }
    }
}
