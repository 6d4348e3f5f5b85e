//! Moving through a long list.

use leptos::prelude::*;

use crate::{Glyph, Icon};

/// Links to the pages of a list. Shows nothing while there is one page only.
#[component]
pub fn Pagination(
    /// This page, from 1.
    page: u32,
    /// How many pages there are.
    pages: u32,
    /// The address of a page.
    #[prop(into)]
    href: Callback<u32, String>,
    /// What is paged, as in `Pages of applications`.
    #[prop(into, default = "Pages".to_owned())]
    label: String,
) -> AnyView {
    (pages > 1)
        .then(|| {
            let step = |target: u32, words: &'static str, rel: &'static str, glyph: Glyph| {
                let possible = (1..=pages).contains(&target);
                let body = view! { <Icon glyph=glyph/> <span>{words}</span> };
                if possible {
                    view! { <a class="page-step" href=href.run(target) rel=rel>{body}</a> }
                        .into_any()
                } else {
                    view! { <span class="page-step page-step-off">{body}</span> }.into_any()
                }
            };
            let numbers: Vec<_> = shown(page, pages)
                .into_iter()
                .map(|number| link(number, page, href))
                .collect();
            view! {
                <nav class="pagination" aria-label=label>
                    {step(page.saturating_sub(1), "Previous", "prev", Glyph::ArrowLeft)}
                    <ol role="list">{numbers}</ol>
                    {step(page.saturating_add(1), "Next", "next", Glyph::ArrowRight)}
                </nav>
            }
        })
        .into_any()
}

fn link(number: Option<u32>, page: u32, href: Callback<u32, String>) -> impl IntoView {
    match number {
        None => view! { <li class="page-gap" aria-hidden="true">"…"</li> }.into_any(),
        Some(number) => {
            let current = (number == page).then_some("page");
            view! {
                <li>
                    <a class="page-number" href=href.run(number) aria-current=current>
                        <span class="sr-only">"Page "</span>
                        {number}
                    </a>
                </li>
            }
            .into_any()
        }
    }
}

/// The first, the last and the pages around this one; `None` stands for those left out.
fn shown(page: u32, pages: u32) -> Vec<Option<u32>> {
    let mut numbers = Vec::new();
    let mut last = 0;
    for number in 1..=pages {
        if number == 1 || number == pages || number.abs_diff(page) <= 1 {
            if number > last + 1 {
                numbers.push(None);
            }
            numbers.push(Some(number));
            last = number;
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn shown_keeps_the_ends_and_the_neighbours() {
        assert_eq!(shown(1, 2), [Some(1), Some(2)]);
        assert_eq!(shown(1, 9), [Some(1), Some(2), None, Some(9)]);
        let middle = [Some(1), None, Some(4), Some(5), Some(6), None, Some(9)];
        assert_eq!(shown(5, 9), middle);
        assert_eq!(shown(3, 4), [Some(1), Some(2), Some(3), Some(4)]);
    }
}
