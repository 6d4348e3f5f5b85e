use leptos::prelude::*;
use setup::preset::Summary;
use ui::{
    EmptyState, Glyph, LinkButton, Live, LiveStatus, SearchBox, TabItem, Tabs, Tile, TileAction,
    Tiles,
};

use super::{form::kept, route::query};
use crate::{
    links,
    state::{
        gallery::{Filter, categories, protocols},
        text::count,
    },
};

/// What choosing an entry of the gallery does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// Submits the form around the gallery.
    Draft,
    /// Opens the preset's page.
    Page,
}

/// The gallery of presets with search, categories and protocols. Everything it is narrowed down to
/// is in the address.
#[component]
pub fn Gallery(
    /// All presets.
    presets: Vec<Summary>,
    /// The page's path.
    path: &'static str,
    /// What choosing one does.
    start: Start,
    /// Wraps the tiles, in a form where choosing submits.
    #[prop(into)]
    wrap: Callback<AnyView, AnyView>,
) -> AnyView {
    let filter = Filter {
        q: query("q").get_untracked(),
        category: query("category").get_untracked(),
        protocol: query("protocol").get_untracked(),
    };
    let found = filter.apply(&presets);
    let number = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let status = count(number, "application", "applications");
    let tiles = tiles(&found, &filter, path, start);
    let narrowing = narrowing(&presets, &filter, path);
    let hidden = (
        kept("category", &filter.category),
        kept("protocol", &filter.protocol),
    );
    view! {
        <div class="stack">
            <SearchBox label="Search the gallery" action=path value=filter.q>
                {hidden}
            </SearchBox>
            <LiveStatus id="gallery-count" text=status/>
            <Live id="gallery">{narrowing} {wrap.run(tiles)}</Live>
        </div>
    }
    .into_any()
}

/// The categories as tabs, and the protocols.
fn narrowing(presets: &[Summary], filter: &Filter, path: &str) -> AnyView {
    let total = u64::try_from(presets.len()).unwrap_or(u64::MAX);
    let all = TabItem {
        label: "All".to_owned(),
        href: filter.in_category("").link(path),
        current: filter.category.is_empty(),
        count: Some(total),
    };
    let some = categories(presets)
        .into_iter()
        .map(|(category, count)| TabItem {
            label: category.label().to_owned(),
            href: filter.in_category(category.as_str()).link(path),
            current: filter.category == category.as_str(),
            count: Some(count),
        });
    let items: Vec<TabItem> = std::iter::once(all).chain(some).collect();
    let protocol = |word: &str, label: &str| TabItem {
        label: label.to_owned(),
        href: Filter {
            protocol: word.to_owned(),
            ..filter.clone()
        }
        .link(path),
        current: filter.protocol == word,
        count: None,
    };
    let every = protocol("", "Every protocol");
    let occurring = protocols(presets)
        .into_iter()
        .map(|known| protocol(known.as_str(), known.label()));
    let protocols: Vec<TabItem> = std::iter::once(every).chain(occurring).collect();
    view! {
        <Tabs label="Categories" items=items/>
        <Tabs label="Protocols" items=protocols/>
    }
    .into_any()
}

fn tiles(found: &[&Summary], filter: &Filter, path: &'static str, start: Start) -> AnyView {
    if found.is_empty() {
        let everything = Filter::default().link(path);
        let actions = move || {
            view! {
                <LinkButton href=everything>"Show the whole gallery"</LinkButton>
                <LinkButton href=links::preset("generic-oidc")>"Generic OIDC"</LinkButton>
            }
        };
        let title = if filter.q.is_empty() {
            "Nothing here".to_owned()
        } else {
            format!("Nothing found for “{}”", filter.q)
        };
        return view! {
            <EmptyState title=title glyph=Glyph::Search actions=actions>
                <p>"An application that speaks OpenID Connect can be set up with “Generic OIDC” all the same."</p>
            </EmptyState>
        }
        .into_any();
    }
    let tiles: Vec<_> = found.iter().map(|preset| tile(preset, start)).collect();
    view! {
        <Tiles label="Applications of the gallery">{tiles}</Tiles>
    }
    .into_any()
}

fn tile(preset: &Summary, start: Start) -> AnyView {
    let action = match start {
        Start::Page => TileAction::Link(links::preset(&preset.id)),
        Start::Draft if preset.available => TileAction::Submit {
            name: "preset".to_owned(),
            value: preset.id.clone(),
        },
        Start::Draft => TileAction::None,
    };
    let line = format!("{} · {}", preset.category.label(), preset.protocol.label());
    if preset.available {
        view! { <Tile name=preset.name.clone() line=line action=action/> }.into_any()
    } else {
        let note = || view! { <span class="muted">"Guided set-up coming"</span> };
        view! { <Tile name=preset.name.clone() line=line action=action note=note/> }.into_any()
    }
}
