//! Lists come in pages; `pagination.next == 0` marks the last (fact sheet §2.3).

use serde::{Deserialize, Serialize};

use crate::endpoint::{Endpoint, Parts};

/// The page size that every version grants: unlimited and 100 by default up to 2025.10, at most
/// 100 and 20 by default from 2025.12 on (trap T21).
pub const PAGE_SIZE: u32 = 100;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// Where this page stands.
    pub pagination: Pagination,
    /// The objects of this page.
    pub results: Vec<T>,
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.results.into_iter()
    }
}

/// Where a page stands in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pagination {
    /// Number of the next page; 0 when there is none.
    #[serde(default)]
    pub next: u32,
    /// Number of the previous page; 0 when there is none.
    #[serde(default)]
    pub previous: u32,
    /// Objects in the whole list; may exceed what one gets to see (trap T7).
    #[serde(default)]
    pub count: u32,
    /// Number of this page, from 1.
    #[serde(default)]
    pub current: u32,
    /// Number of pages.
    #[serde(default)]
    pub total_pages: u32,
    /// Position of the first object of this page, from 1.
    #[serde(default)]
    pub start_index: u32,
    /// Position of the last object of this page.
    #[serde(default)]
    pub end_index: u32,
}

/// What every list understands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListParams {
    /// Number of the page, from 1.
    pub page: Option<u32>,
    /// Objects per page; larger values than the server's maximum are clamped silently (T21).
    pub page_size: Option<u32>,
    /// Field to order by, `-` in front for descending; unknown names are ignored (T22).
    pub ordering: Option<String>,
    /// Words that all must occur somewhere; a substring match, never an exact look-up.
    pub search: Option<String>,
}

impl ListParams {
    /// Adds the parameters to a request.
    #[must_use]
    pub fn apply(&self, parts: Parts) -> Parts {
        parts
            .query("page", &self.page)
            .query("page_size", &self.page_size)
            .query("ordering", &self.ordering)
            .query("search", &self.search)
    }
}

/// An endpoint that answers with a [`Page`].
pub trait List: Endpoint<Output = Page<Self::Item>> + Clone + Send + Sync {
    /// What the list holds.
    type Item: serde::de::DeserializeOwned + Send;

    /// The parameters that every list has.
    fn params_mut(&mut self) -> &mut ListParams;

    /// Wants page `page`, counted from 1.
    #[must_use]
    fn page(mut self, page: u32) -> Self {
        self.params_mut().page = Some(page);
        self
    }

    /// Wants at most `size` objects per page.
    #[must_use]
    fn page_size(mut self, size: u32) -> Self {
        self.params_mut().page_size = Some(size);
        self
    }

    /// Orders by `field`, `-field` for descending.
    #[must_use]
    fn ordering(mut self, field: impl Into<String>) -> Self {
        self.params_mut().ordering = Some(field.into());
        self
    }

    /// Wants only objects in which all words of `text` occur.
    #[must_use]
    fn search(mut self, text: impl Into<String>) -> Self {
        self.params_mut().search = Some(text.into());
        self
    }
}

/// Defines a list endpoint: a struct with the common parameters and its own filters, setters for
/// the filters, and the implementations of [`Endpoint`] and [`List`].
macro_rules! list_endpoint {
    (
        $(#[$meta:meta])*
        $name:ident($operation:expr) -> $item:ty {
            $($(#[$field_meta:meta])* $field:ident: $ty:ty = $query:literal,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $name {
            /// Page, order and search.
            pub params: $crate::page::ListParams,
            $($(#[$field_meta])* pub $field: Option<$ty>,)*
        }

        impl $name {
            $($(#[$field_meta])*
            #[must_use]
            pub fn $field(mut self, value: impl Into<$ty>) -> Self {
                self.$field = Some(value.into());
                self
            })*
        }

        impl $crate::endpoint::Endpoint for $name {
            type Output = $crate::page::Page<$item>;

            fn parts(
                &self,
                capabilities: &$crate::Capabilities,
            ) -> Result<$crate::endpoint::Parts, $crate::endpoint::BuildError> {
                let operation: fn(&$crate::Capabilities) -> $crate::OperationId = $operation;
                let parts = $crate::endpoint::Parts::new(operation(capabilities));
                Ok(self.params.apply(parts)$(.query($query, &self.$field))*)
            }
        }

        impl $crate::page::List for $name {
            type Item = $item;

            fn params_mut(&mut self) -> &mut $crate::page::ListParams {
                &mut self.params
            }
        }
    };
}
pub(crate) use list_endpoint;
