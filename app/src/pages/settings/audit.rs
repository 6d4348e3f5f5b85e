use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, Column, DataTable, EmptyState, Glyph, LinkButton, Live, LiveStatus, PageHeader,
    Pagination, SearchBox, SearchFilter, SkeletonShape, Tone,
};

use super::{Section, sections};
use crate::{
    data::get_audit,
    links,
    model::{AuditEntry, AuditOutcome, AuditPage as Log, AuditQuery, Audited},
    resource::data,
    state::text::{count, moment},
    view::{Loading, main_panel, page_query, query},
};

/// Who did what, from where, and what became of it.
#[component]
pub fn AuditPage() -> AnyView {
    let wanted = AuditQuery {
        action: Audited::parse(&query("action").get_untracked()),
        text: query("q").get_untracked(),
        page: page_query().get_untracked(),
    };
    let asked = wanted.clone();
    let log = data(|| (), move |()| get_audit(asked.clone()));
    let loading = Loading {
        what: "the audit log",
        shape: SkeletonShape::Table {
            rows: 10,
            columns: 4,
        },
    };
    view! {
        <Title text="Audit log"/>
        <PageHeader
            title="Audit log"
            lead="Who did what, from where, and what became of it. Entries are only ever added; the command “ostiary audit verify” finds one that was changed or taken out."
        />
        {sections(Section::Audit)}
        {main_panel(log, loading, move |log| found(&log, &wanted))}
    }
    .into_any()
}

/// A page of the log, or a file of all that fits.
fn address(path: &str, wanted: &AuditQuery, page: u32) -> String {
    let page = if page > 1 {
        page.to_string()
    } else {
        String::new()
    };
    let action = wanted.action.map(Audited::as_str).unwrap_or_default();
    links::with_query(
        path,
        &[("q", &wanted.text), ("action", action), ("page", &page)],
    )
}

fn found(log: &Log, wanted: &AuditQuery) -> AnyView {
    let chosen = wanted.action;
    let options: Vec<_> = Audited::ALL
        .into_iter()
        .map(|action| {
            let selected = chosen == Some(action);
            view! { <option value=action.as_str() selected=selected>{action.label()}</option> }
        })
        .collect();
    let csv = address("/api/audit.csv", wanted, 1);
    let lines = address("/api/audit.jsonl", wanted, 1);
    let table = table(log, wanted);
    view! {
        <div class="stack">
            <SearchBox label="Search the log" action=links::AUDIT value=wanted.text.clone()>
                <SearchFilter control="filter-action" label="What">
                    <select class="input" id="filter-action" name="action" autocomplete="off">
                        <option value="">"Everything"</option>
                        {options}
                    </select>
                </SearchFilter>
            </SearchBox>
            <LiveStatus id="audit-count" text=count(log.count, "entry", "entries")/>
            <Live id="audit">
                {table}
                <div class="cluster">
                    <LinkButton href=csv icon=Glyph::Download small=true>"CSV"</LinkButton>
                    <LinkButton href=lines icon=Glyph::Download small=true>"JSON lines"</LinkButton>
                </div>
            </Live>
        </div>
    }
    .into_any()
}

fn table(log: &Log, wanted: &AuditQuery) -> AnyView {
    if log.entries.is_empty() {
        return view! {
            <EmptyState title="No entry fits" glyph=Glyph::Ledger>
                <p>"Sign-ins, changes of settings, secrets that were shown, and every change set that was applied or undone are written down here."</p>
            </EmptyState>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("When"),
        Column::new("Who"),
        Column::new("What"),
        Column::new("Outcome"),
    ];
    let rows: Vec<_> = log.entries.iter().map(row).collect();
    let pages = log.count.div_ceil(u64::from(log.per_page.max(1)));
    let pages = u32::try_from(pages).unwrap_or(u32::MAX);
    let asked = wanted.clone();
    let href = move |page| address(links::AUDIT, &asked, page);
    view! {
        <DataTable caption="Audit log" caption_hidden=true columns=columns>{rows}</DataTable>
        <Pagination page=wanted.page pages=pages href=href label="Pages of the audit log"/>
    }
    .into_any()
}

fn row(entry: &AuditEntry) -> impl IntoView + use<> {
    let (label, tone) = match entry.outcome {
        AuditOutcome::Begun => ("Begun", Tone::Info),
        AuditOutcome::Done => ("Done", Tone::Positive),
        AuditOutcome::Refused => ("Refused", Tone::Warning),
        AuditOutcome::Failed => ("Failed", Tone::Danger),
    };
    let about = if entry.change.is_empty() {
        view! { <bdi>{entry.about.clone()}</bdi> }.into_any()
    } else {
        let href = links::change(&entry.change);
        view! { <a href=href><bdi>{entry.about.clone()}</bdi></a> }.into_any()
    };
    let from = [entry.role.as_str(), entry.address.as_str()];
    let from: Vec<&str> = from.into_iter().filter(|text| !text.is_empty()).collect();
    let from = from.join(", ");
    let detail = (!entry.detail.is_empty()).then(|| {
        let detail = entry.detail.clone();
        view! { <p class="muted">{detail}</p> }
    });
    view! {
        <tr>
            <td>
                <span class="whitespace-nowrap">{moment(&entry.at)}</span>
                <p class="muted">{format!("No. {}", entry.number)}</p>
            </td>
            <td>
                <bdi>{entry.name.clone()}</bdi>
                <p class="muted">{from}</p>
            </td>
            <td>
                <p>{entry.action.label()}</p>
                <p class="muted">{about}</p>
            </td>
            <td>
                <Badge label=label tone=tone/>
                {detail}
            </td>
        </tr>
    }
}
