//! Buttons.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{Glyph, Icon};

/// How much a button stands out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

/// A `<button>`. Further attributes (`attr:form`, `attr:formaction`) are spread onto it.
///
/// While its form is being sent it keeps the focus and says so; see [`on_leaving`](crate::on_leaving).
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
    /// Whether it cannot be used now. Say why beside it.
    #[prop(optional)]
    disabled: bool,
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
            disabled=disabled
        >
            {icon.map(|glyph| view! { <Icon glyph=glyph/> })}
            {children()}
        </button>
    }
    .into_any()
}
