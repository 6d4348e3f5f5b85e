//! Tables.

use leptos::prelude::*;

/// In which order a column is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// One column of a [`DataTable`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    label: String,
    numeric: bool,
    hidden_label: bool,
    sort_href: Option<String>,
    sort: Option<Sort>,
}

impl Column {
    /// A column of texts.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            ..Self::default()
        }
    }

    /// A column of numbers, aligned on the right. Give its cells the class `num` as well.
    pub fn numeric(label: impl Into<String>) -> Self {
        Self {
            numeric: true,
            ..Self::new(label)
        }
    }

    /// A column whose heading is only read aloud, e.g. `Actions`.
    pub fn unlabelled(label: impl Into<String>) -> Self {
        Self {
            hidden_label: true,
            ..Self::new(label)
        }
    }

    /// The same, with a link that sorts by it, and how it is sorted now.
    #[must_use]
    pub fn sortable(mut self, href: impl Into<String>, now: Option<Sort>) -> Self {
        self.sort_href = Some(href.into());
        self.sort = now;
        self
    }

    fn aria_sort(&self) -> Option<&'static str> {
        Some(match self.sort? {
            Sort::Ascending => "ascending",
            Sort::Descending => "descending",
        })
    }
}

/// A table that scrolls sideways where it does not fit, reachable by keyboard.
///
/// The children are the rows: `<tr><th scope="row">…</th><td class="num">…</td></tr>`.
#[component]
pub fn DataTable(
    /// What the table shows; its accessible name.
    #[prop(into)]
    caption: String,
    /// Whether the caption is only read aloud, because a heading beside it says the same.
    #[prop(optional)]
    caption_hidden: bool,
    /// The columns.
    columns: Vec<Column>,
    /// The rows.
    children: Children,
) -> AnyView {
    let label = caption.clone();
    let class = if caption_hidden {
        "sr-only"
    } else {
        "table-caption"
    };
    view! {
        <div class="table-scroll" role="group" aria-label=label tabindex="0">
            <table class="table">
                <caption class=class>{caption}</caption>
                <thead>
                    <tr>{columns.into_iter().map(head).collect::<Vec<_>>()}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn head(column: Column) -> impl IntoView {
    let sort = column.aria_sort();
    let class = column.numeric.then_some("num");
    let label = match (column.sort_href, column.hidden_label) {
        (Some(href), _) => {
            let arrow = match column.sort {
                Some(Sort::Ascending) => "▲",
                Some(Sort::Descending) => "▼",
                None => "↕",
            };
            view! {
                <a class="table-sort" href=href>
                    {column.label}
                    <span aria-hidden="true">{arrow}</span>
                </a>
            }
            .into_any()
        }
        (None, true) => view! { <span class="sr-only">{column.label}</span> }.into_any(),
        (None, false) => column.label.into_any(),
    };
    view! { <th scope="col" class=class aria-sort=sort>{label}</th> }
}
