//! The table itself: one module for each tag, joined in the order of their ids.

use super::{Class, Method, Minor, Operation, OperationId};

/// Rows of one tag, one line each: class, the release lines that offer it as a half-open range
/// `since..gone_in`, method, template, id.
macro_rules! operations {
    ($tag:literal $($class:ident $since:literal .. $($gone:literal)? $method:ident $template:literal $id:literal)*) => {
        use super::{Class, Method, Minor, Operation};

        pub(super) const ROWS: &[Operation] = &[$(Operation {
            id: $id,
            method: Method::$method,
            template: $template,
            tag: $tag,
            since: Minor::literal(stringify!($since)),
            gone_in: super::gone_in(stringify!($($gone)?)),
            class: Class::$class,
        }),*];
    };
}

/// Declares the tags' modules and lists their rows in the same order.
macro_rules! tags {
    ($($tag:ident)*) => {
        $(mod $tag;)*

        const TAGS: &[&[Operation]] = &[$($tag::ROWS),*];
    };
}

tags! {
    admin agents authenticators core crypto endpoints enterprise events flows lifecycle managed
    oauth2 outposts policies propertymappings providers rac rbac reports requests root schema
    sources ssf stages tasks tenants
}

/// Number of rows.
pub(super) const COUNT: u16 = 1275;

static TABLE: [Operation; COUNT as usize] = join(TAGS);

/// Every operation of the ladder 2023.10 … 2026.8, ordered by [`id`](Operation::id).
pub static CATALOGUE: &[Operation] = &TABLE;

/// The end of a half-open range; nothing where it is open.
const fn gone_in(text: &str) -> Option<Minor> {
    if text.is_empty() {
        None
    } else {
        Some(Minor::literal(text))
    }
}

/// Joins the tags' rows; does not compile when [`COUNT`] is not their number.
#[expect(
    clippy::indexing_slicing,
    clippy::large_stack_arrays,
    reason = "runs only while compiling; out of bounds fails there"
)]
const fn join(mut tags: &[&[Operation]]) -> [Operation; COUNT as usize] {
    let filler = Operation {
        id: "",
        method: Method::Get,
        template: "",
        tag: "",
        since: Minor::new(0, 0),
        gone_in: None,
        class: Class::Dangerous,
    };
    let mut table = [filler; COUNT as usize];
    let mut next = 0;
    while let [tag, rest @ ..] = tags {
        let mut rows = *tag;
        while let [row, others @ ..] = rows {
            table[next] = *row;
            next += 1;
            rows = others;
        }
        tags = rest;
    }
    assert!(next == COUNT as usize, "COUNT must be the number of rows");
    table
}

/// Finds a row by its id: binary search, also while compiling.
#[expect(clippy::indexing_slicing, reason = "middle lies between low and high")]
pub(super) const fn position(id: &str) -> Option<OperationId> {
    let (mut low, mut high) = (0, COUNT);
    while low < high {
        let middle = low + (high - low) / 2;
        match compare(TABLE[middle as usize].id.as_bytes(), id.as_bytes()) {
            std::cmp::Ordering::Equal => return Some(OperationId(middle)),
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

/// Lexicographic comparison of bytes; `Ord` is not usable in constants.
const fn compare(mut left: &[u8], mut right: &[u8]) -> std::cmp::Ordering {
    loop {
        match (left, right) {
            ([], []) => return std::cmp::Ordering::Equal,
            ([], _) => return std::cmp::Ordering::Less,
            (_, []) => return std::cmp::Ordering::Greater,
            ([l, left_rest @ ..], [r, right_rest @ ..]) => {
                if *l < *r {
                    return std::cmp::Ordering::Less;
                }
                if *l > *r {
                    return std::cmp::Ordering::Greater;
                }
                left = left_rest;
                right = right_rest;
            }
        }
    }
}

/// The rows of one tag with their positions; the rows of a tag stand together.
pub(super) fn tagged(tag: &str) -> impl Iterator<Item = (OperationId, &'static Operation)> {
    let start = TABLE.partition_point(|row| row.tag < tag);
    OperationId::all()
        .skip(start)
        .map(|id| (id, id.get()))
        .take_while(move |(_, row)| row.tag == tag)
}
