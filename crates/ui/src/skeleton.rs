//! What stands where something is still being loaded.

use leptos::prelude::*;

/// The shape of what is coming.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkeletonShape {
    /// So many lines of text.
    Lines(u8),
    /// A table.
    Table {
        /// How many rows.
        rows: u8,
        /// How many columns.
        columns: u8,
    },
    /// So many tiles of the gallery.
    Tiles(u8),
}

/// Grey bars in the shape of what is coming; screen readers hear `Loading …` instead.
#[component]
pub fn Skeleton(
    /// What is being loaded, as in `Loading applications …`.
    #[prop(into)]
    label: String,
    /// The shape of what is coming.
    #[prop(default = SkeletonShape::Lines(3))]
    shape: SkeletonShape,
) -> AnyView {
    let bar = || view! { <span class="skeleton-bar"></span> };
    let bars = |count: u8| (0..count).map(|_| bar()).collect::<Vec<_>>();
    let picture = match shape {
        SkeletonShape::Lines(count) => {
            view! { <div class="skeleton-lines">{bars(count)}</div> }.into_any()
        }
        SkeletonShape::Tiles(count) => {
            view! { <div class="tiles skeleton-tiles">{bars(count)}</div> }.into_any()
        }
        SkeletonShape::Table { rows, columns } => {
            let rows: Vec<_> = (0..rows)
                .map(|_| view! { <div class="skeleton-row">{bars(columns)}</div> })
                .collect();
            view! { <div>{rows}</div> }.into_any()
        }
    };
    view! {
        <div>
            <span class="sr-only">{format!("Loading {label} …")}</span>
            <div aria-hidden="true">{picture}</div>
        </div>
    }
    .into_any()
}
