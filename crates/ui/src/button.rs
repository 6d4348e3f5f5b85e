//! Buttons.

use leptos::prelude::*;

use crate::{Glyph, Icon};

/// How much a button stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Variant {
    /// The one thing this page is for. At most one per page.
    Primary,
    /// Everything else.
    #[default]
    Secondary,
    /// Among other things, without a border.
    Quiet,
    /// Deletes or closes something. Its words name the object.
    Danger,
}

impl Variant {
    /// The classes of a button of this kind.
    pub(crate) fn class(self, small: bool) -> String {
        let variant = match self {
            Self::Primary => "btn btn-primary",
            Self::Secondary => "btn btn-secondary",
            Self::Quiet => "btn btn-quiet",
            Self::Danger => "btn btn-danger",
        };
        format!("{variant}{}", if small { " btn-small" } else { "" })
    }
}

/// What a button does to the form around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// Nothing; it has a listener.
    #[default]
    Plain,
    /// Submits it.
    Submit,
}

impl ButtonKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "button",
            Self::Submit => "submit",
        }
    }
}

/// A `<button>`. Listeners and further attributes (`on:click`, `attr:form`, `attr:formaction`) are spread onto it.
///
/// While busy it keeps the focus, says so (`aria-busy`, `aria-disabled`) and swallows clicks, which is what stops a double submit.
#[component]
pub fn Button(
    /// How much it stands out.
    #[prop(optional)]
    variant: Variant,
    /// What it does to the form around it.
    #[prop(optional)]
    kind: ButtonKind,
    /// An icon before the words.
    #[prop(optional, into)]
    icon: Option<Glyph>,
    /// The name under which the form sends `value`.
    #[prop(optional, into)]
    name: Option<String>,
    /// What the form sends when this button submits it.
    #[prop(optional, into)]
    value: Option<String>,
    /// Whether what it started is still running.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Whether it cannot be used now. Say why beside it.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// For dense places; still 24 px high at least.
    #[prop(optional)]
    small: bool,
    /// The words: a verb and its object.
    children: Children,
) -> AnyView {
    view! {
        <button
            type=kind.as_str()
            class=variant.class(small)
            name=name
            value=value
            disabled=move || disabled.get()
            aria-busy=move || busy.get().then_some("true")
            aria-disabled=move || busy.get().then_some("true")
            on:click=move |event| {
                if busy.get_untracked() {
                    event.prevent_default();
                    event.stop_immediate_propagation();
                }
            }
        >
            {icon.map(|glyph| view! { <Icon glyph=glyph/> })}
            {children()}
            {move || busy.get().then(|| view! { <span class="sr-only">", in progress"</span> })}
        </button>
    }
    .into_any()
}
