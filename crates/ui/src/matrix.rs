//! A table of signs: many rows, many columns, a sign where they meet.

use leptos::prelude::*;

use crate::Tone;

/// The head of a column or of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixHead {
    /// Its name.
    pub name: String,
    /// A word or a number beside it; empty for none.
    pub note: String,
    /// The page about it.
    pub href: String,
}

/// A table whose head and first column stay in sight while it scrolls. Belongs inside [`GridKeys`](crate::GridKeys).
///
/// The children are [`MatrixLine`]s.
#[component]
pub fn Matrix(
    /// What it shows; its accessible name.
    #[prop(into)]
    caption: String,
    /// What the rows are.
    #[prop(into)]
    corner: String,
    /// The columns.
    columns: Vec<MatrixHead>,
    /// The rows.
    children: Children,
) -> AnyView {
    let label = caption.clone();
    let heads: Vec<_> = columns
        .into_iter()
        .map(|MatrixHead { name, href, .. }| {
            view! {
                <th scope="col" class="matrix-column">
                    <a href=href title=name.clone()><bdi>{name.clone()}</bdi></a>
                </th>
            }
        })
        .collect();
    view! {
        <div class="matrix-scroll" id="matrix" role="group" aria-label=label tabindex="0">
            <table class="matrix">
                <caption class="sr-only">{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col" class="matrix-corner">{corner}</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A row of a [`Matrix`].
#[component]
pub fn MatrixLine(
    /// What the row is about.
    head: MatrixHead,
    /// The [`MatrixCell`]s.
    children: Children,
) -> AnyView {
    let MatrixHead { name, note, href } = head;
    let note =
        (!note.is_empty()).then(|| view! { <span class="matrix-note"><bdi>{note}</bdi></span> });
    view! {
        <tr>
            <th scope="row" class="matrix-row">
                <span class="matrix-head">
                    <a href=href title=name.clone()><bdi>{name.clone()}</bdi></a>
                    {note}
                </span>
            </th>
            {children()}
        </tr>
    }
    .into_any()
}

/// A sign that leads to what it means.
#[component]
pub fn MatrixCell(
    /// The sign: one to seven characters.
    #[prop(into)]
    sign: String,
    /// The same in words, for screen readers.
    #[prop(into)]
    words: String,
    /// Its meaning, shown by a colour besides the sign.
    tone: Tone,
    /// Where it leads.
    #[prop(into)]
    href: String,
) -> AnyView {
    view! {
        <td class=format!("matrix-cell {}", tone.class())>
            <a href=href>
                <span aria-hidden="true">{sign}</span>
                <span class="sr-only">{words}</span>
            </a>
        </td>
    }
    .into_any()
}
