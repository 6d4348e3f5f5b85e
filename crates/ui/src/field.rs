//! Fields for typed text.

use leptos::{html, prelude::*};

use crate::field_parts::{Description, errors_view, field_id, hint_view, optional_mark};

/// What is typed into a [`Field`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    #[default]
    Text,
    /// An address. A text input with the right keyboard: the browser's own check would come before ours and say less.
    Url,
    /// An e-mail address, likewise.
    Email,
    /// A whole number, likewise.
    Number,
    /// A secret. Its value is never written into the page.
    Password,
    /// Several lines.
    Textarea {
        /// How many lines are shown at first.
        rows: u8,
    },
}

/// A labelled input with hint and error messages.
///
/// The control's id is [`field_id`]`(name)`. What was typed before the page was hydrated is kept, and reported
/// through `on_input`; afterwards the input follows `value` whenever that changes.
#[component]
pub fn Field(
    /// The name under which the form sends it; the id is made from it.
    #[prop(into)]
    name: String,
    /// What it is called.
    #[prop(into)]
    label: String,
    /// What is typed.
    #[prop(optional)]
    kind: FieldKind,
    /// What it holds.
    #[prop(optional, into)]
    value: Signal<String>,
    /// A sentence that helps.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with it. Empty: nothing.
    #[prop(optional, into)]
    errors: Signal<Vec<String>>,
    /// Whether it must be filled in. Others are marked as optional; the browser does not enforce it.
    #[prop(optional)]
    required: bool,
    /// Whether it is shown and cannot be changed.
    #[prop(optional)]
    readonly: bool,
    /// An example, never the only explanation.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// The `autocomplete` token; `off` unless given.
    #[prop(into, default = "off".to_owned())]
    autocomplete: String,
    /// Whether it holds something technical: monospaced, no spelling check.
    #[prop(optional)]
    mono: bool,
    /// A button or text behind the input.
    #[prop(optional, into)]
    suffix: Option<ViewFnOnce>,
    /// Called with what is in the input after each change.
    #[prop(optional, into)]
    on_input: Option<Callback<String>>,
) -> AnyView {
    let id = field_id(&name);
    let control = Control {
        id: id.clone(),
        name,
        value: if kind == FieldKind::Password {
            Signal::default()
        } else {
            value
        },
        description: Description::new(&id, hint.is_some(), errors),
        required,
        readonly,
        placeholder,
        autocomplete,
        class: if mono { "input input-mono" } else { "input" },
        technical: mono
            || matches!(
                kind,
                FieldKind::Url | FieldKind::Password | FieldKind::Email
            ),
        on_input,
    };
    let control = match kind {
        FieldKind::Textarea { rows } => control.area(rows),
        _ => control.input(kind).into_any(),
    };
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>
                {label}
                {optional_mark(required)}
            </label>
            {hint_view(&id, hint)}
            <div class="field-row">
                {control}
                {suffix.map(ViewFnOnce::run)}
            </div>
            {errors_view(&id, errors)}
        </div>
    }
    .into_any()
}

/// The control itself: what input and textarea have in common.
struct Control {
    id: String,
    name: String,
    value: Signal<String>,
    description: Description,
    required: bool,
    readonly: bool,
    placeholder: Option<String>,
    autocomplete: String,
    class: &'static str,
    technical: bool,
    on_input: Option<Callback<String>>,
}

impl Control {
    fn input(self, kind: FieldKind) -> impl IntoView {
        let node = NodeRef::<html::Input>::new();
        let on_input = self.on_input;
        follow(
            self.value,
            on_input,
            move || node.get().map(|input| input.value()),
            move |value| {
                if let Some(input) = node.get_untracked() {
                    input.set_value(value);
                }
            },
        );
        let mode = match kind {
            FieldKind::Url => Some("url"),
            FieldKind::Email => Some("email"),
            FieldKind::Number => Some("numeric"),
            _ => None,
        };
        view! {
            <input
                node_ref=node
                class=self.class
                id=self.id
                name=self.name
                type=if kind == FieldKind::Password { "password" } else { "text" }
                value=self.value.get_untracked()
                inputmode=mode
                placeholder=self.placeholder
                autocomplete=self.autocomplete
                autocapitalize=self.technical.then_some("none")
                spellcheck=self.technical.then_some("false")
                readonly=self.readonly
                aria-required=self.required.then_some("true")
                aria-invalid=self.description.invalid
                aria-describedby=self.description.described_by
                on:input:target=move |event| {
                    if let Some(on_input) = on_input {
                        on_input.run(event.target().value());
                    }
                }
            />
        }
    }

    fn area(self, rows: u8) -> AnyView {
        let text = escape(&self.value.get_untracked());
        let node = NodeRef::<html::Textarea>::new();
        let on_input = self.on_input;
        follow(
            self.value,
            on_input,
            move || node.get().map(|area| area.value()),
            move |value| {
                if let Some(area) = node.get_untracked() {
                    area.set_value(value);
                }
            },
        );
        view! {
            <textarea
                node_ref=node
                inner_html=text
                class=self.class
                id=self.id
                name=self.name
                rows=rows.to_string()
                placeholder=self.placeholder
                autocomplete=self.autocomplete
                spellcheck=self.technical.then_some("false")
                readonly=self.readonly
                aria-required=self.required.then_some("true")
                aria-invalid=self.description.invalid
                aria-describedby=self.description.described_by
                on:input:target=move |event| {
                    if let Some(on_input) = on_input {
                        on_input.run(event.target().value());
                    }
                }
            ></textarea>
        }
        .into_any()
    }
}

/// A text as the content of a textarea.
///
/// Leptos writes the children of a textarea into the page as they are, so whatever a person typed would be markup; it
/// has to be escaped here. HTML drops one line break at the start, which is left out on both sides for that reason.
fn escape(text: &str) -> String {
    text.trim_start_matches('\n')
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Keeps the text of a control and its signal together without losing what was typed before hydration.
fn follow(
    value: Signal<String>,
    on_input: Option<Callback<String>>,
    shown: impl Fn() -> Option<String> + 'static,
    show: impl Fn(&str) + 'static,
) {
    Effect::new(move |seen: Option<bool>| {
        let wanted = value.get();
        let Some(shown) = shown() else {
            return false;
        };
        if shown != wanted {
            match (seen, on_input) {
                (Some(true), _) => show(&wanted),
                (_, Some(on_input)) => on_input.run(shown),
                (_, None) => {}
            }
        }
        true
    });
}
