//! What all resources of the API have in common: list, retrieve, create, put, patch, delete.

use crate::call::Call;
use crate::fields::{Field, Mode, clean};
use crate::list::{self, Listing};
use crate::reply::{Outcome, Reply};
use crate::rows::{Columns, Row};
use crate::state::{State, Table};
use crate::version::Version;
use http::Method;
use serde_json::Value;

/// A kind of object with the usual addresses.
pub(crate) trait Resource {
    const TABLE: Table;
    /// Name of the model in "No … matches the given query."
    const MODEL: &'static str;
    /// Column that the address names.
    const LOOKUP: &'static str = "pk";
    const ORDER: &'static [&'static str] = &["name"];
    const SEARCH: &'static [&'static str] = &["name"];
    /// Columns that `ordering` may name; all where absent.
    const ORDERABLE: Option<&'static [&'static str]> = None;

    /// Order of a list that asks for none.
    fn order(_: Version) -> &'static [&'static str] {
        Self::ORDER
    }

    fn fields(state: &State) -> Vec<Field>;

    /// Whether a row of the table belongs to this resource.
    fn visible(_row: &Row) -> bool {
        true
    }

    /// Rules across fields; may complete the columns to be stored.
    fn check(
        _state: &mut State,
        _new: &mut Row,
        _old: Option<&Row>,
        _mode: Mode,
    ) -> Result<(), Reply> {
        Ok(())
    }

    /// Columns that the server makes when an object is created.
    fn complete(_state: &mut State, _new: &mut Row) {}

    /// What happens elsewhere after a save.
    fn saved(_state: &mut State, _pk: &Value, _created: bool) {}

    /// What a deletion takes along, before the row itself goes.
    fn removed(_state: &mut State, _row: &Row) {}

    /// Whether a row passes the filters of the call; a bad filter value is refused.
    fn filter(_state: &State, _call: &Call, _row: &Row) -> bool {
        true
    }

    /// Refuses filter values that the server refuses.
    fn check_filters(_state: &State, _call: &Call) -> Result<(), Reply> {
        Ok(())
    }

    fn render(state: &State, call: &Call, row: &Row) -> Value;
}

pub(crate) fn filtered<'a, R: Resource>(
    state: &'a State,
    call: &Call,
) -> Result<Vec<&'a Row>, Reply> {
    R::check_filters(state, call)?;
    let mut rows: Vec<&Row> = state
        .rows(R::TABLE)
        .iter()
        .filter(|row| R::visible(row) && R::filter(state, call, row))
        .collect();
    list::search(&mut rows, call, R::SEARCH);
    list::order(&mut rows, call, R::order(state.version), R::ORDERABLE);
    Ok(rows)
}

pub(crate) fn index<R: Resource>(state: &mut State, call: &Call, _: &[&str]) -> Outcome {
    let listing = match state.listing.take().filter(|it| it.serves(state, call)) {
        Some(listing) => listing,
        None => Listing::new(state, call, &filtered::<R>(state, call)?),
    };
    let page = list::paginate(state, call, listing.keys());
    state.listing = Some(listing);
    let page = page?;
    let rows = page.rows.iter().filter_map(|pk| state.by_pk(R::TABLE, pk));
    let results = rows.map(|row| R::render(state, call, row)).collect();
    Ok(Reply::ok(page.body(state.version, results)))
}

/// The addressed row.
pub(crate) fn addressed<'a, R: Resource>(
    state: &'a State,
    args: &[&str],
) -> Result<&'a Row, Reply> {
    let key = args.first().copied().unwrap_or_default();
    let row = state.addressed(R::TABLE, R::LOOKUP, key, R::MODEL)?;
    if R::visible(row) {
        Ok(row)
    } else {
        Err(Reply::missing(state.version, R::MODEL))
    }
}

pub(crate) fn retrieve<R: Resource>(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let row = addressed::<R>(state, args)?;
    Ok(Reply::ok(R::render(state, call, row)))
}

/// Checks and stores a new object; gives its primary key.
pub(crate) fn insert<R: Resource>(state: &mut State, body: &Value) -> Result<Value, Reply> {
    insert_as::<R>(state, &R::fields(state), body)
}

/// Like [`insert`], with other fields: those of many objects are made once, and where names are known to be free nobody
/// needs to look.
pub(crate) fn insert_as<R: Resource>(
    state: &mut State,
    fields: &[Field],
    body: &Value,
) -> Result<Value, Reply> {
    let mut new = clean(state, R::TABLE, fields, body, Mode::Create, None)
        .map_err(|errors| Reply::bad(Value::Object(errors)))?;
    R::check(state, &mut new, None, Mode::Create)?;
    R::complete(state, &mut new);
    state.mint.tick();
    let pk = state.insert(R::TABLE, new);
    R::saved(state, &pk, true);
    Ok(pk)
}

pub(crate) fn create<R: Resource>(state: &mut State, call: &Call, _: &[&str]) -> Outcome {
    let pk = insert::<R>(state, &call.json(state.version)?)?;
    let row = state.by_pk(R::TABLE, &pk).cloned().unwrap_or_default();
    Ok(Reply::created(R::render(state, call, &row)))
}

/// PUT and PATCH.
pub(crate) fn update<R: Resource>(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let old = addressed::<R>(state, args)?.clone();
    let body = call.json(state.version)?;
    let mode = if call.method == Method::PUT {
        Mode::Put
    } else {
        Mode::Patch
    };
    let pk = old.value("pk");
    let mut new = clean(state, R::TABLE, &R::fields(state), &body, mode, Some(&pk))
        .map_err(|errors| Reply::bad(Value::Object(errors)))?;
    R::check(state, &mut new, Some(&old), mode)?;
    let now = state.mint.tick();
    if let Some(row) = state.find_mut(R::TABLE, &pk) {
        row.extend(new);
        if row.contains_key("last_updated") {
            row.insert("last_updated".to_owned(), now.into());
        }
    }
    R::saved(state, &pk, false);
    let row = state.by_pk(R::TABLE, &pk).cloned().unwrap_or_default();
    Ok(Reply::ok(R::render(state, call, &row)))
}

pub(crate) fn delete<R: Resource>(state: &mut State, _: &Call, args: &[&str]) -> Outcome {
    let row = addressed::<R>(state, args)?.clone();
    state.mint.tick();
    R::removed(state, &row);
    state.remove(R::TABLE, &row.value("pk"));
    Ok(Reply::nothing())
}
