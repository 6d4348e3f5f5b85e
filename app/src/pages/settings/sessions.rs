use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Badge, Button, ButtonKind, Card, PageHeader, Tone, Variant};

use super::{Section, sections};
use crate::{
    data::list_sessions,
    links,
    model::SessionRow,
    resource::data,
    state::text::moment,
    view::{Loading, main_panel},
    visitor::{Visitor, visitor},
};

/// Who is signed in, and a way to end that.
#[component]
pub fn SessionsPage() -> AnyView {
    let rows = data(|| (), |()| list_sessions());
    view! {
        <Title text="Sessions"/>
        <PageHeader
            title="Sessions"
            lead="Every browser that is signed in to this console. A session ends when it is not used for a while, and after half a day in any case."
        />
        {sections(Section::Sessions)}
        <div class="stack">
            {main_panel(rows, Loading::lines("the sessions", 4), |rows| list(&rows))}
        </div>
    }
    .into_any()
}

fn list(rows: &[SessionRow]) -> AnyView {
    let own = visitor();
    let items: Vec<_> = rows.iter().map(|row| item(row, own.as_ref())).collect();
    let everywhere = own.filter(Visitor::can_sign_out).map(|_| {
        view! {
            <form method="post" action=links::SIGN_OUT>
                <input type="hidden" name="everywhere" value="on"/>
                <Button kind=ButtonKind::Submit variant=Variant::Danger>
                    "Sign out everywhere"
                </Button>
                <p class="muted mt-2">"Ends every session of yours, this one too."</p>
            </form>
        }
    });
    view! {
        <Card><ul role="list" class="sessions">{items}</ul></Card>
        {everywhere}
    }
    .into_any()
}

fn item(row: &SessionRow, own: Option<&Visitor>) -> impl IntoView + use<> {
    let is_own = own.is_some_and(|own| own.session == row.id);
    let mark = if is_own {
        view! { <Badge label="This one" tone=Tone::Info/> }.into_any()
    } else {
        let id = row.id.clone();
        let label = format!("End it: the session of {} from {}", row.name, row.address);
        view! {
            <form method="post" action=links::SESSIONS>
                <input type="hidden" name="session" value=id/>
                <Button kind=ButtonKind::Submit small=true attr:aria-label=label>"End it"</Button>
            </form>
        }
        .into_any()
    };
    let (who, agent) = (
        format!(
            "{}, {}, signed in {}",
            row.name,
            row.role,
            row.method.words()
        ),
        row.agent.clone(),
    );
    let when = format!(
        "From {}, since {}, last used {}",
        row.address,
        moment(&row.opened_at),
        moment(&row.used_at)
    );
    view! {
        <li class="session">
            <div>
                <p><strong>{who}</strong></p>
                <p class="muted">{when}</p>
                <p class="muted">{agent}</p>
            </div>
            {mark}
        </li>
    }
}
