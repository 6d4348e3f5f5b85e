use leptos::prelude::*;
use ui::{
    Button, ButtonKind, CheckboxField, ErrorSummary, Field, FieldKind, FieldSet, Glyph, Variant,
};

use super::kept;
use crate::{
    links,
    state::{
        bind::{Bind, Step},
        wizard::items,
    },
    view::pick_list,
};

/// The step that asks for applications.
pub(super) fn applications(bind: &Bind) -> AnyView {
    let list = pick_list(
        "applications",
        "Applications",
        "",
        bind.applications.clone(),
        bind.errors.of("applications").to_vec(),
        "There is no application yet. Set one up first.",
    );
    form(bind, Step::Groups, list, "Continue")
}

/// The step that asks who is let in.
pub(super) fn groups(bind: &Bind) -> AnyView {
    let list = pick_list(
        "groups",
        "Existing groups",
        "The number counts the people in the group and in the groups below it.",
        bind.groups.clone(),
        bind.errors.of("groups").to_vec(),
        "There is no group to choose from. Create one below.",
    );
    let fields = view! { {list} {new_groups(bind)} {users(bind)} {options(bind)} }.into_any();
    form(bind, Step::People, fields, "See who gains and who loses")
}

fn form(bind: &Bind, next: Step, fields: AnyView, label: &'static str) -> AnyView {
    // A button, so that what was ticked here goes along.
    let back = (bind.step > Step::Applications).then(|| {
        let step = Step::Applications.word();
        view! {
            <Button kind=ButtonKind::Submit variant=Variant::Quiet icon=Glyph::ArrowLeft name="step" value=step>
                "Back"
            </Button>
        }
    });
    let (kept, errors) = (kept(bind), items(&bind.errors));
    view! {
        <form class="form" method="get" action=links::BIND>
            {kept}
            <ErrorSummary errors=errors/>
            {fields}
            <div class="form-actions">
                <Button kind=ButtonKind::Submit variant=Variant::Primary name="step" value=next.word()>{label}</Button>
                {back}
            </div>
        </form>
    }
    .into_any()
}

/// The group that is made by custom, to tick, and a field for any other.
fn new_groups(bind: &Bind) -> AnyView {
    let typed = bind.list("new_groups");
    let suggested = bind.suggestion.as_ref().map(|name| {
        let checked = typed.contains(name);
        view! {
            <CheckboxField
                name="new_groups.0"
                label=format!("Create the group “{name}”")
                value=name.clone()
                checked=checked
                hint="It is created without members."
            />
        }
    });
    let other = |name: &&String| Some(*name) != bind.suggestion.as_ref();
    let others: Vec<String> = typed.iter().filter(other).cloned().collect();
    let errors = bind.errors.of("new_groups").to_vec();
    let kind = FieldKind::Textarea { rows: 2 };
    view! {
        <FieldSet name="new_groups" legend="New groups" errors=errors>
            {suggested}
            <Field
                name="new_groups"
                label="Names of other new groups"
                kind=kind
                value=others.join("\n")
                hint="One per line. They are created without members."
            />
        </FieldSet>
    }
    .into_any()
}

fn users(bind: &Bind) -> AnyView {
    let errors = bind.errors.of("users").to_vec();
    let kind = FieldKind::Textarea { rows: 2 };
    view! {
        <Field
            name="users"
            label="Single people: login names"
            kind=kind
            value=bind.list("users").join("\n")
            errors=errors
            hint="One per line or with commas between them. A group is easier to keep in order."
            mono=true
        />
    }
    .into_any()
}

fn options(bind: &Bind) -> AnyView {
    let order = bind.fields.get("order").cloned().unwrap_or_default();
    let open = !order.is_empty() || bind.is_on("negate") || !bind.is_on("enabled");
    let errors = bind.errors.of("order").to_vec();
    let (negate, off) = (bind.is_on("negate"), !bind.is_on("enabled"));
    view! {
        <details class="technical" open=open>
            <summary>"Order, negation, disabled bindings"</summary>
            <div class="form pt-4">
                <Field
                    name="order"
                    label="Order"
                    kind=FieldKind::Number
                    value=order
                    errors=errors
                    hint="Smaller numbers come first. Behind the others unless given."
                />
                <CheckboxField
                    name="negate"
                    label="Negate: let in everybody who is not in the groups"
                    checked=negate
                    hint="Rarely what one wants. The next step shows who that is."
                />
                <CheckboxField
                    name="enabled"
                    label="Disabled for now"
                    value="off"
                    checked=off
                    hint="A disabled binding does not exist for authentik until it is enabled."
                />
            </div>
        </details>
    }
    .into_any()
}
