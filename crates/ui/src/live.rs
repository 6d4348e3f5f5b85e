//! Showing what changed on a page without loading it anew: the page is asked for again, and its live parts are put in
//! the place of the old ones. The server stays the only one that renders them.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, DomParser, Element, Headers, HtmlElement, RequestInit, Response, SupportedType,
    js_sys,
};

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

/// The page that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// It has events to follow: the island [`FollowEvents`](crate::FollowEvents) is on it.
    pub(crate) follows: bool,
}

/// How much a search has found, in words, beside the part that shows it: a live region that stays while its words
/// change, so that they are announced.
#[component]
pub fn LiveStatus(
    /// Its id.
    #[prop(into)]
    id: String,
    /// The words.
    #[prop(into)]
    text: String,
) -> AnyView {
    view! { <p class="muted" role="status" id=id data-live="">{text}</p> }.into_any()
}

/// Why the live parts are as they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stale {
    /// No answer came: the browser is on its way elsewhere, or the server cannot be reached.
    NoAnswer,
    /// The server answered with something that is not this page.
    NoPage,
    /// The server leads elsewhere now.
    Redirected,
}

/// The page's own path and query. Browser only.
pub(crate) fn here() -> String {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    path + &location.search().unwrap_or_default()
}

/// Who wants to see the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// Somebody who does something.
    Person,
    /// The page itself, while time goes by: a session ends all the same when nobody does anything.
    Itself,
}

/// Says to the server that nobody asked for it.
const UNATTENDED: &str = "ostiary-unattended";

/// Asks for the page at `url` and shows its live parts in this one. `wanted` says, once the answer is here, whether
/// it is still wanted. Browser only.
pub(crate) async fn refresh(url: &str, by: By, wanted: impl Fn() -> bool) -> Result<Shown, Stale> {
    let response = fetch(url, by).await.map_err(|_| Stale::NoAnswer)?;
    if response.redirected() {
        return Err(Stale::Redirected);
    }
    if !response.ok() {
        return Err(Stale::NoPage);
    }
    let html = text(&response).await.map_err(|_| Stale::NoAnswer)?;
    if wanted() {
        show(&html).ok_or(Stale::NoPage)?;
    }
    Ok(Shown {
        follows: html.contains("FollowEvents_"),
    })
}

async fn fetch(url: &str, by: By) -> Result<Response, JsValue> {
    let init = RequestInit::new();
    if by == By::Itself {
        let headers = Headers::new()?;
        headers.set(UNATTENDED, "1")?;
        init.set_headers(&headers);
    }
    JsFuture::from(window().fetch_with_str_and_init(url, &init))
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

/// Puts `html` into `part` and wakes the islands in it, the way the page's own script does. What had the focus in
/// there has it again.
fn replace(part: &Element, html: &str) {
    let focused = document().active_element();
    let focused = focused.filter(|element| part.contains(Some(element)));
    let again = focused.as_ref().map(selector);
    let scrolled = scroller(part).map(|it| (it.scroll_left(), it.scroll_top()));
    part.set_inner_html(html);
    if let (Some((left, top)), Some(new)) = (scrolled, scroller(part)) {
        new.set_scroll_left(left);
        new.set_scroll_top(top);
    }
    if let Some(again) = again {
        focus_again(part, again.as_deref());
    }
    for island in all(part.query_selector_all("leptos-island")) {
        if let Some(name) = island.get_attribute("data-component") {
            hydrate(&island, &name);
        }
    }
}

/// What scrolls by itself in a part: a matrix.
fn scroller(part: &Element) -> Option<Element> {
    part.query_selector(".matrix-scroll").ok().flatten()
}

/// How to find an element again after its part was replaced: by what makes it the same for a person.
fn selector(element: &Element) -> Option<String> {
    let tag = element.tag_name().to_lowercase();
    let quoted = |text: String| text.replace('\\', r"\\").replace('"', "\\\"");
    let with = |names: &[&str]| {
        names
            .iter()
            .map(|name| {
                Some(format!(
                    "[{name}=\"{}\"]",
                    quoted(element.get_attribute(name)?)
                ))
            })
            .collect::<Option<String>>()
    };
    let which = with(&["id"])
        .or_else(|| with(&["href"]))
        .or_else(|| with(&["name", "value"]))?;
    Some(tag + &which)
}

/// Gives the focus to the element that took the place of the one that had it, else to the page's main part.
fn focus_again(part: &Element, selector: Option<&str>) {
    let same = selector
        .and_then(|selector| part.query_selector(selector).ok().flatten())
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    match same {
        Some(same) if same.focus().is_ok() => {}
        _ => {
            crate::browser::focus("main");
        }
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

/// The elements that a selector found.
pub(crate) fn all(found: Result<web_sys::NodeList, JsValue>) -> Vec<Element> {
    let Ok(nodes) = found else { return Vec::new() };
    (0..nodes.length())
        .filter_map(|index| nodes.item(index)?.dyn_into().ok())
        .collect()
}
