//! Lists: search, order, pages.

use crate::call::Call;
use crate::reply::Reply;
use crate::rows::{Columns, Row};
use crate::state::State;
use crate::version::Version;
use http::StatusCode;
use serde_json::{Value, json};
use std::cmp::Reverse;

/// A list without its pages, kept for the next page of it: to search and order ten thousand rows for each of a hundred
/// pages would be a hundred times the work.
#[derive(Debug)]
pub(crate) struct Listing {
    path: String,
    query: Vec<(String, String)>,
    revision: u64,
    keys: Vec<Value>,
}

impl Listing {
    pub(crate) fn new(state: &State, call: &Call, rows: &[&Row]) -> Self {
        Self {
            path: call.path.clone(),
            query: Self::asked(call).cloned().collect(),
            revision: state.revision(),
            keys: rows.iter().map(|row| row.value("pk")).collect(),
        }
    }

    /// Whether it is what the call asks for, and nothing has changed since.
    pub(crate) fn serves(&self, state: &State, call: &Call) -> bool {
        self.revision == state.revision()
            && self.path == call.path
            && Self::asked(call).eq(&self.query)
    }

    /// What decides about a list but not about its page.
    fn asked(call: &Call) -> impl Iterator<Item = &(String, String)> {
        let paging = ["page", "page_size"];
        call.query
            .iter()
            .filter(move |(name, _)| !paging.contains(&name.as_str()))
    }

    pub(crate) fn keys(&self) -> &[Value] {
        &self.keys
    }
}

/// One page of rows with its numbers.
#[derive(Debug)]
pub(crate) struct Page<I> {
    pub(crate) rows: Vec<I>,
    pub(crate) number: usize,
    pagination: Value,
}

impl<I> Page<I> {
    /// The body of a list answer. `autocomplete` exists since 2025.8; its content is left out.
    pub(crate) fn body(&self, version: Version, results: Vec<Value>) -> Value {
        let mut body = Row::from_iter([
            ("pagination".to_owned(), self.pagination.clone()),
            ("results".to_owned(), Value::Array(results)),
        ]);
        if version >= Version::V2025_10 {
            body.insert("autocomplete".to_owned(), json!({}));
        }
        Value::Object(body)
    }
}

/// Every word of `search` must occur in one of the columns, whatever the case. Without columns nothing is searched.
pub(crate) fn search(rows: &mut Vec<&Row>, call: &Call, columns: &[&str]) {
    if columns.is_empty() {
        return;
    }
    let words: Vec<String> = call
        .param("search")
        .unwrap_or_default()
        .split_whitespace()
        .map(str::to_lowercase)
        .collect();
    rows.retain(|row| {
        words.iter().all(|word| {
            columns
                .iter()
                .any(|column| row.text(column).to_lowercase().contains(word))
        })
    });
}

/// Orders by `ordering`; unknown names are passed over, and without any known name the default order holds.
pub(crate) fn order(rows: &mut [&Row], call: &Call, default: &[&str], allowed: Option<&[&str]>) {
    let known = |name: &&str| {
        let column = name.trim_start_matches('-');
        allowed.map_or_else(
            || rows.iter().any(|row| row.contains_key(column)),
            |list| list.contains(&column),
        )
    };
    let mut names: Vec<&str> = call
        .param("ordering")
        .unwrap_or_default()
        .split(',')
        .filter(known)
        .collect();
    if names.is_empty() {
        names.extend(default);
    }
    rows.sort_by_cached_key(|row| -> Vec<Place<'_>> {
        names.iter().map(|name| Place::of(row, name)).collect()
    });
}

/// Where a row stands by one column.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Place<'r> {
    Ascending(Rank<'r>),
    Descending(Reverse<Rank<'r>>),
}

impl<'r> Place<'r> {
    fn of(row: &'r Row, name: &str) -> Self {
        name.strip_prefix('-').map_or_else(
            || Self::Ascending(Rank::of(row.get(name))),
            |column| Self::Descending(Reverse(Rank::of(row.get(column)))),
        )
    }
}

/// A value among the others of its column. Nulls come last, as in PostgreSQL.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank<'r> {
    Text(String, &'r str),
    Number(Option<i64>),
    Switch(bool),
    /// Lists and objects have no order.
    Other,
    Null,
}

impl<'r> Rank<'r> {
    fn of(value: Option<&'r Value>) -> Self {
        match value {
            Some(Value::String(text)) => Self::Text(text.to_lowercase(), text),
            Some(Value::Number(number)) => Self::Number(number.as_i64()),
            Some(Value::Bool(switch)) => Self::Switch(*switch),
            Some(Value::Array(_) | Value::Object(_)) => Self::Other,
            None | Some(Value::Null) => Self::Null,
        }
    }
}

/// Cuts out the page the call asks for.
///
/// Up to 2025.10 a page holds 100 items unless asked otherwise, without an upper limit; later the settings decide (T21).
pub(crate) fn paginate<I: Clone>(state: &State, call: &Call, rows: &[I]) -> Result<Page<I>, Reply> {
    paginate_up_to(state, call, rows, None)
}

/// Like [`paginate`], for a list with a largest page of its own.
pub(crate) fn paginate_up_to<I: Clone>(
    state: &State,
    call: &Call,
    rows: &[I],
    largest: Option<usize>,
) -> Result<Page<I>, Reply> {
    let setting = |name: &str| {
        state
            .settings
            .int(name)
            .and_then(|n| usize::try_from(n).ok())
    };
    let limited = state.since(Version::V2026_5);
    let default = if limited {
        setting("pagination_default_page_size").unwrap_or(20)
    } else {
        100
    };
    let asked = call
        .param("page_size")
        .and_then(|text| text.parse().ok())
        .filter(|size| *size > 0)
        .map(|size: usize| largest.map_or(size, |largest| size.min(largest)));
    let mut size: usize = asked.unwrap_or(default);
    if limited {
        size = size.min(setting("pagination_max_page_size").unwrap_or(100));
    }
    let count = rows.len();
    let total = count.div_ceil(size).max(1);
    let number = match call.param("page") {
        None => 1,
        Some("last") => total,
        Some(text) => text
            .parse()
            .ok()
            .filter(|page| (1..=total).contains(page))
            .ok_or_else(invalid_page)?,
    };
    let start = (number - 1) * size;
    let rows: Vec<I> = rows.iter().skip(start).take(size).cloned().collect();
    let pagination = json!({
        "next": if number < total { number + 1 } else { 0 },
        "previous": number - 1,
        "count": count,
        "current": number,
        "total_pages": total,
        "start_index": if count == 0 { 0 } else { start + 1 },
        "end_index": start + rows.len(),
    });
    Ok(Page {
        rows,
        number,
        pagination,
    })
}

fn invalid_page() -> Reply {
    Reply::detail(StatusCode::NOT_FOUND, "Invalid page.")
}

/// The refusal of a filter value that is no option.
pub(crate) fn no_choice(name: &str, value: &str) -> Reply {
    Reply::field(
        name,
        &format!("Select a valid choice. {value} is not one of the available choices."),
    )
}
