//! The console in the browser: wakes the islands of the pages that the server rendered.

// Linked for their islands, which the page's script calls by name.
use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Prepares the page. Called by the script that the server writes into it, before the islands.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
    ui::on_leaving();
}
