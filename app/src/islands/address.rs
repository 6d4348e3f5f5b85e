//! The first step of the wizard while it is being typed: what is wrong, and what follows from it.

use std::{collections::BTreeSet, time::Duration};

use authentik_api::Version;
use leptos::prelude::*;
use setup::{
    FieldErrors,
    oidc_application::{BaseUrl, Draft, proposed_redirect_uris, slug_taken, validate},
    preset::{Preset, Variable},
};
use ui::{Card, Field, FieldKind};

/// The fields for address, name and slug, the preset's variables, and the redirect URIs that follow. Each field is
/// judged by the same code as on the server, once the person has left it.
#[island(lazy)]
pub fn AddressFields(
    /// The draft as it is kept, without secrets.
    draft: Draft,
    /// What is needed of its preset, see [`Preset::for_validation`].
    preset: Preset,
    /// authentik's public address; empty while it is not known.
    authentik_url: String,
    /// authentik's version; absent while it cannot be asked.
    version: Option<Version>,
    /// What was wrong when the page was made. Some of it only authentik can tell.
    known: FieldErrors,
    /// Whether all errors are shown at once: the form was sent.
    check: bool,
) -> impl IntoView {
    let sent = draft.clone();
    let draft = RwSignal::new(draft);
    let variables = preset.variables.clone();
    let preset = StoredValue::new(preset);
    let authentik_url = StoredValue::new(authentik_url);
    let taken = RwSignal::new(None::<(String, String)>);
    let errors = Memo::new(move |_| {
        let now = draft.read();
        let mut errors =
            preset.with_value(|preset| authentik_url.with_value(|url| validate(&now, preset, url)));
        // What only authentik could tell holds as long as the field is as it was sent.
        if now.effective_slug() == sent.effective_slug() && errors.of("slug").is_empty() {
            for message in known.of("slug") {
                errors.add("slug", message);
            }
        }
        if let Some((slug, name)) = &*taken.read()
            && *slug == now.effective_slug()
            && errors.of("slug").is_empty()
        {
            errors.add("slug", slug_taken(slug, name));
        }
        if now.name == sent.name && errors.of("name").is_empty() {
            for message in known.of("name") {
                errors.add("name", message);
            }
        }
        errors
    });
    let typing = Typing {
        draft,
        errors,
        left: RwSignal::new(BTreeSet::new()),
        check,
    };
    #[cfg(feature = "hydrate")]
    if let Some(version) = version {
        super::taken::look(draft, taken, version, check);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = version;
    Effect::new(move |_| {
        // Found while the person is at another field: it is said where it belongs, at once.
        if taken.read().is_some() {
            typing.left.update(|left| {
                left.insert("slug".to_owned());
            });
        }
    });
    let slug = Signal::derive(move || draft.read().slug.clone());
    let derived = Signal::derive(move || draft.read().effective_slug());
    let variables: Vec<_> = variables
        .iter()
        .map(|variable| variable_field(variable, typing))
        .collect();
    view! {
        <Field
            name="base_url"
            label="Address"
            kind=FieldKind::Url
            value=Signal::derive(move || draft.read().base_url.clone())
            hint="As people type it into the browser: scheme, host, perhaps port and path."
            placeholder="https://app.example.com"
            required=true
            errors=typing.of("base_url")
            on_input=move |text| draft.update(|draft| draft.base_url = text)
            on:focusout=move |_| typing.leave("base_url")
        />
        {variables}
        <Field
            name="name"
            label="Name"
            value=Signal::derive(move || draft.read().name.clone())
            hint="What people see in authentik. The provider gets the same name."
            required=true
            errors=typing.of("name")
            on_input=move |text| draft.update(|draft| draft.name = text)
            on:focusout=move |_| typing.leave("name")
        />
        <Field
            name="slug"
            label="Slug"
            value=slug
            hint="Part of the issuer’s address. Made of the name when empty."
            mono=true
            errors=typing.of("slug")
            on_input=move |text| draft.update(|draft| draft.slug = text)
            on:focusout=move |_| typing.leave("slug")
        />
        <p class="muted">"The slug will be " <code class="wrap-anywhere">{derived}</code></p>
        {preview(draft, preset, authentik_url)}
    }
}

/// The draft while it is being typed.
#[derive(Clone, Copy)]
struct Typing {
    draft: RwSignal<Draft>,
    errors: Memo<FieldErrors>,
    left: RwSignal<BTreeSet<String>>,
    check: bool,
}

impl Typing {
    /// The errors of a field, once the person has left it or the form was sent.
    fn of(self, field: &str) -> Signal<Vec<String>> {
        let field = field.to_owned();
        Signal::derive(move || {
            if self.check || self.left.read().contains(&field) {
                self.errors.read().of(&field).to_vec()
            } else {
                Vec::new()
            }
        })
    }

    fn leave(self, field: &str) {
        // Not at once: the message moves what is below it, and a click that has begun there, on
        // “Continue” most of all, would miss.
        let (left, field) = (self.left, field.to_owned());
        set_timeout(
            move || {
                left.try_update(|left| left.insert(field));
            },
            Duration::from_millis(250),
        );
    }
}

fn variable_field(variable: &Variable, typing: Typing) -> AnyView {
    let name = variable.name.clone();
    let field = format!("variables.{name}");
    let required = variable.default.is_none() && !variable.may_be_empty;
    let hint = match &variable.default {
        Some(default) if !default.is_empty() => format!("“{default}” when empty."),
        _ => format!("For example “{}”.", variable.example),
    };
    let kind = if variable.secret {
        FieldKind::Password
    } else {
        FieldKind::Text
    };
    let (value_name, left) = (name.clone(), field.clone());
    let value = Signal::derive(move || {
        let draft = typing.draft.read();
        draft
            .variables
            .get(&value_name)
            .cloned()
            .unwrap_or_default()
    });
    let errors = typing.of(&field);
    let label = variable.label.clone();
    view! {
        <Field
            name=field
            label=label
            kind=kind
            value=value
            hint=hint
            required=required
            errors=errors
            on_input=move |text: String| {
                let name = name.clone();
                typing.draft.update(|draft| {
                    draft.variables.insert(name, text);
                });
            }
            on:focusout=move |_| typing.leave(&left)
        />
    }
    .into_any()
}

/// The redirect URIs that follow from what is typed.
fn preview(
    draft: RwSignal<Draft>,
    preset: StoredValue<Preset>,
    authentik_url: StoredValue<String>,
) -> AnyView {
    let lines = move || {
        let draft = draft.read();
        let own = draft.redirect_uris.clone();
        if own.is_none() && BaseUrl::parse(&draft.base_url).is_err() {
            return view! { <p class="muted">"They follow from the address."</p> }.into_any();
        }
        let uris = own.unwrap_or_else(|| {
            preset.with_value(|preset| {
                authentik_url.with_value(|url| proposed_redirect_uris(&draft, preset, url))
            })
        });
        if uris.is_empty() {
            return view! { <p class="muted">"None yet: something above is still missing."</p> }
                .into_any();
        }
        let lines: Vec<_> = uris
            .into_iter()
            .map(|uri| view! { <li><code class="wrap-anywhere">{uri.url}</code></li> })
            .collect();
        view! { <ul role="list" class="flex flex-col gap-1">{lines}</ul> }.into_any()
    };
    view! {
        <Card title="Sign-ins come back to">
            <div aria-live="polite">{lines}</div>
        </Card>
    }
    .into_any()
}
