use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, Button, ButtonKind, Callout, Card, CopyButton, EmptyState, Field, FieldKind, Glyph,
    PageHeader, SelectField, SelectOption, Tone, Variant,
};

use super::{Section, sections};
use crate::{
    data::list_api_keys,
    links,
    model::{ApiKeyRow, Role},
    pages::gate::refusal,
    resource::data,
    state::text::moment,
    view::{Loading, main_panel, proof, prove},
    visitor::{issued, refused},
};

/// Keys for programs.
#[component]
pub fn KeysPage() -> AnyView {
    let rows = data(|| (), |()| list_api_keys());
    let made = issued().map(|key| shown_once(&key));
    view! {
        <Title text="API keys"/>
        <PageHeader
            title="API keys"
            lead="A program that uses Ostiary’s JSON API sends a key, as Authorization: Bearer. What it does stands in the audit log under the key’s name."
        />
        {sections(Section::Keys)}
        <div class="stack">
            {made}
            {main_panel(rows, Loading::lines("the keys", 3), |rows| list(&rows))}
            <Card title="A new key">{form()}</Card>
        </div>
    }
    .into_any()
}

fn shown_once(key: &str) -> AnyView {
    let key = key.to_owned();
    let copied = key.clone();
    view! {
        <Callout title="This is the key: it is shown only now" tone=Tone::Positive live=true>
            <p class="issued"><code>{key}</code> <CopyButton text=copied label="API key"/></p>
        </Callout>
    }
    .into_any()
}

fn list(rows: &[ApiKeyRow]) -> AnyView {
    if rows.is_empty() {
        return view! {
            <EmptyState title="No keys yet" glyph=Glyph::Key>
                <p>"Make one below for each program, so that each can be revoked by itself."</p>
            </EmptyState>
        }
        .into_any();
    }
    let items: Vec<_> = rows.iter().map(item).collect();
    view! { <Card><ul role="list" class="sessions">{items}</ul></Card> }.into_any()
}

fn item(row: &ApiKeyRow) -> impl IntoView + use<> {
    let (id, name) = (row.id.clone(), row.name.clone());
    let label = format!("Revoke it: the key {}", row.name);
    let ends = if row.expires_at.is_empty() {
        "does not end by itself".to_owned()
    } else {
        format!("ends {}", moment(&row.expires_at))
    };
    let used = if row.used_at.is_empty() {
        "never used".to_owned()
    } else {
        format!("last used {}", moment(&row.used_at))
    };
    let facts = format!(
        "{}, made by {} on {}, {ends}, {used}",
        row.role,
        row.made_by,
        moment(&row.created_at)
    );
    let over = row
        .is_over
        .then(|| view! { <Badge label="Has ended" tone=Tone::Warning/> });
    view! {
        <li class="session">
            <div>
                <p><strong><bdi>{name}</bdi></strong> {over}</p>
                <p class="muted">{facts}</p>
            </div>
            <form method="post" action=links::KEYS>
                <input type="hidden" name="revoke" value=id/>
                <Button kind=ButtonKind::Submit small=true attr:aria-label=label>"Revoke it"</Button>
            </form>
        </li>
    }
}

fn form() -> AnyView {
    if let Some(href) = proof(links::KEYS) {
        return view! {
            <div class="stack">
                <p>"Before a key is made, Ostiary asks once more who you are."</p>
                <p>
                    {prove(href)}
                </p>
            </div>
        }
        .into_any();
    }
    let refused = refused();
    let head = refusal(&refused);
    let (name, days) = (refused.value("name", ""), refused.value("days", "90"));
    let role = refused.value("role", Role::Viewer.as_str());
    let wrong = ["name", "role", "days"].map(|name| refused.of(name));
    let [name_wrong, role_wrong, days_wrong] = wrong;
    let options = vec![
        SelectOption::new("viewer", "Viewer: reads everything but secrets"),
        SelectOption::new(
            "operator",
            "Operator: plans, applies and undoes change sets",
        ),
        SelectOption::new(
            "admin",
            "Admin: everything an operator may, and the audit log",
        ),
    ];
    view! {
        <form class="form" method="post" action=links::KEYS novalidate>
            {head}
            <Field name="name" label="What it is for" value=name errors=name_wrong required=true/>
            <SelectField name="role" label="What it may do" options=options value=role errors=role_wrong required=true/>
            <Field
                name="days"
                label="Days until it ends"
                kind=FieldKind::Number
                value=days
                hint="Leave it empty for a key that does not end by itself."
                errors=days_wrong
            />
            <div class="form-actions">
                <Button kind=ButtonKind::Submit variant=Variant::Primary>"Make the key"</Button>
            </div>
        </form>
    }
    .into_any()
}
