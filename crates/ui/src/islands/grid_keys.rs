//! Moving through a table by arrow keys.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::hydrated;

/// How many rows a press of `PageUp` or `PageDown` goes.
const LEAP: usize = 10;

/// A table with a link in each cell, through which arrow keys, `Home`, `End`, `PageUp` and `PageDown` lead. Tab enters it
/// once and leaves it again. Without JavaScript each link is reached by Tab.
#[island]
pub fn GridKeys(
    /// The table.
    children: Children,
) -> impl IntoView {
    let grid = NodeRef::<html::Div>::new();
    let ready = hydrated();
    Effect::new(move |_| {
        if let Some(grid) = grid.get() {
            let links = links(&grid, "table a");
            let first = links
                .iter()
                .position(|link| link.closest("td").ok().flatten().is_some());
            for (at, link) in links.iter().enumerate() {
                link.set_tab_index(if first == Some(at) { 0 } else { -1 });
            }
        }
    });
    let go = move |event: ev::KeyboardEvent| {
        if go(&event).is_some() {
            event.prevent_default();
        }
    };
    view! {
        <div node_ref=grid class="grid-keys" on:keydown=go>
            {children()}
            <p class="muted" hidden=move || !ready.get()>
                "In the table, arrow keys lead from cell to cell, and Enter opens one."
            </p>
        </div>
    }
}

/// Moves the focus as the key says; nothing where it says nothing.
fn go(event: &KeyboardEvent) -> Option<()> {
    if event.alt_key() || event.meta_key() || event.shift_key() {
        return None;
    }
    let link: HtmlElement = event.target()?.dyn_into().ok()?;
    let cell = link.closest("td, th").ok()??;
    let row = cell.closest("tr").ok()??;
    let table = row.closest("table").ok()??;
    let rows = elements(table.query_selector_all("tr"));
    let at = (
        rows.iter().position(|it| *it == row)?,
        children(&row).iter().position(|it| *it == cell)?,
    );
    let size = (rows.len(), children(&row).len());
    let (row, column) = moved(&event.key(), event.ctrl_key(), at, size)?;
    let cell = children(rows.get(row)?).into_iter().nth(column)?;
    let goal: HtmlElement = cell.query_selector("a").ok()??.dyn_into().ok()?;
    link.set_tab_index(-1);
    goal.set_tab_index(0);
    goal.focus().ok()
}

/// Where a key leads from a cell, as row and column from 0, in a table with so many rows and columns.
fn moved(
    key: &str,
    ctrl: bool,
    (row, column): (usize, usize),
    (rows, columns): (usize, usize),
) -> Option<(usize, usize)> {
    let (bottom, end) = (rows.checked_sub(1)?, columns.checked_sub(1)?);
    let goal = match (key, ctrl) {
        ("ArrowUp", false) => (row.saturating_sub(1), column),
        ("ArrowDown", false) => ((row + 1).min(bottom), column),
        ("ArrowLeft", false) => (row, column.saturating_sub(1)),
        ("ArrowRight", false) => (row, (column + 1).min(end)),
        ("PageUp", false) => (row.saturating_sub(LEAP), column),
        ("PageDown", false) => ((row + LEAP).min(bottom), column),
        ("Home", false) => (row, 0),
        ("End", false) => (row, end),
        ("Home", true) => (1.min(bottom), 1.min(end)),
        ("End", true) => (bottom, end),
        _ => return None,
    };
    Some(goal)
}

fn children(row: &Element) -> Vec<Element> {
    let cells = row.children();
    (0..cells.length())
        .filter_map(|at| cells.item(at))
        .collect()
}

fn links(root: &Element, selector: &str) -> Vec<HtmlElement> {
    let found = elements(root.query_selector_all(selector));
    found
        .into_iter()
        .filter_map(|it| it.dyn_into().ok())
        .collect()
}

fn elements(found: Result<web_sys::NodeList, wasm_bindgen::JsValue>) -> Vec<Element> {
    let Ok(nodes) = found else { return Vec::new() };
    (0..nodes.length())
        .filter_map(|at| nodes.item(at)?.dyn_into().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::moved;

    #[test]
    fn keys_lead_to_the_neighbours_and_stop_at_the_edges() {
        let size = (30, 5);
        for (key, ctrl, from, to) in [
            ("ArrowDown", false, (1, 1), Some((2, 1))),
            ("ArrowDown", false, (29, 1), Some((29, 1))),
            ("ArrowUp", false, (0, 1), Some((0, 1))),
            ("ArrowRight", false, (1, 4), Some((1, 4))),
            ("ArrowLeft", false, (1, 1), Some((1, 0))),
            ("PageDown", false, (1, 1), Some((11, 1))),
            ("PageUp", false, (4, 1), Some((0, 1))),
            ("Home", false, (3, 3), Some((3, 0))),
            ("End", false, (3, 3), Some((3, 4))),
            ("Home", true, (9, 3), Some((1, 1))),
            ("End", true, (9, 3), Some((29, 4))),
            ("ArrowDown", true, (1, 1), None),
            ("a", false, (1, 1), None),
        ] {
            assert_eq!(moved(key, ctrl, from, size), to, "{key} {ctrl} {from:?}");
        }
        assert_eq!(moved("End", true, (0, 0), (0, 0)), None);
    }
}
