//! Showing what changed on a page without loading it anew: the page is asked for again, and its live parts are put in
//! the place of the old ones. The server stays the only one that renders them.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, DomParser, Element, Response, SupportedType, js_sys};

/// The attribute of a part that [`refresh`] may replace. The part needs an id.
const LIVE: &str = "data-live";

/// A part of a page that is replaced while the rest stays: `inner_html` of the element with this id.
///
/// A part must not hold what a person types into, nor what has the focus for long.
#[component]
pub fn Live(
    /// Its id.
    #[prop(into)]
    id: String,
    /// The part.
    children: Children,
) -> AnyView {
    view! { <div class="live" id=id data-live="">{children()}</div> }.into_any()
}

/// Why the live parts are as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stale {
    /// The server did not answer with a page.
    NoPage,
    /// The server leads elsewhere now.
    Redirected,
}

/// Asks for the page at `url` and shows its live parts in this one. `wanted` says, once the answer is here, whether
/// it is still wanted. Browser only.
pub(crate) async fn refresh(url: &str, wanted: impl Fn() -> bool) -> Result<(), Stale> {
    let response = fetch(url).await.map_err(|_| Stale::NoPage)?;
    if response.redirected() {
        return Err(Stale::Redirected);
    }
    if !response.ok() {
        return Err(Stale::NoPage);
    }
    let html = text(&response).await.map_err(|_| Stale::NoPage)?;
    if wanted() {
        show(&html).ok_or(Stale::NoPage)?;
    }
    Ok(())
}

async fn fetch(url: &str) -> Result<Response, JsValue> {
    JsFuture::from(window().fetch_with_str(url))
        .await?
        .dyn_into()
}

async fn text(response: &Response) -> Result<String, JsValue> {
    let text = JsFuture::from(response.text()?).await?;
    Ok(text.as_string().unwrap_or_default())
}

fn show(html: &str) -> Option<()> {
    let page = DomParser::new().ok()?;
    let page = page.parse_from_string(html, SupportedType::TextHtml).ok()?;
    for old in parts(&document()) {
        let new = page.get_element_by_id(&old.id());
        let html = new.map(|new| new.inner_html()).unwrap_or_default();
        if old.inner_html() != html {
            replace(&old, &html);
        }
    }
    Some(())
}

/// Puts `html` into `part` and wakes the islands in it, the way the page's own script does.
fn replace(part: &Element, html: &str) {
    let focused = document().active_element().map(|element| element.id());
    part.set_inner_html(html);
    for island in all(part.query_selector_all("leptos-island")) {
        if let Some(name) = island.get_attribute("data-component") {
            hydrate(&island, &name);
        }
    }
    if let Some(id) = focused.filter(|id| !id.is_empty()) {
        crate::browser::focus(&id);
    }
}

/// Calls `__hydrateIsland`, which the script of leptos leaves on the window for islands that arrive later.
fn hydrate(island: &Element, name: &str) {
    let woken = js_sys::Reflect::get(&window(), &JsValue::from_str("__hydrateIsland"))
        .and_then(JsCast::dyn_into::<js_sys::Function>)
        .and_then(|function| function.call2(&JsValue::UNDEFINED, island, &JsValue::from_str(name)));
    if woken.is_err() {
        leptos::logging::warn!("the island {name} stays asleep");
    }
}

fn parts(page: &Document) -> Vec<Element> {
    all(page.query_selector_all(&format!("[{LIVE}]")))
}

fn all(found: Result<web_sys::NodeList, JsValue>) -> Vec<Element> {
    let Ok(nodes) = found else { return Vec::new() };
    (0..nodes.length())
        .filter_map(|index| nodes.item(index)?.dyn_into().ok())
        .collect()
}
