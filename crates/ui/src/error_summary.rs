//! All that is wrong with a form, at its head.

use leptos::prelude::*;

use crate::{Glyph, Icon, field_id};

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
/// It takes the focus when the page arrives with errors.
#[component]
pub fn ErrorSummary(
    /// What is wrong.
    errors: Vec<ErrorItem>,
    /// The sentence above the list.
    #[prop(into, default = "Please correct this before going on".to_owned())]
    title: String,
) -> AnyView {
    if errors.is_empty() {
        return ().into_any();
    }
    let items: Vec<_> = errors.into_iter().map(item).collect();
    view! {
        <div class="error-summary tone-danger" tabindex="-1" role="alert" autofocus=true>
            <Icon glyph=Glyph::Danger label="Error:"/>
            <div class="callout-body">
                <p class="callout-title">{title}</p>
                <ul role="list">{items}</ul>
            </div>
        </div>
    }
    .into_any()
}

fn item(error: ErrorItem) -> impl IntoView {
    let ErrorItem { name, message } = error;
    match name {
        None => view! { <li>{message}</li> }.into_any(),
        Some(name) => {
            let href = format!("#{}", field_id(&name));
            view! { <li><a href=href>{message}</a></li> }.into_any()
        }
    }
}
