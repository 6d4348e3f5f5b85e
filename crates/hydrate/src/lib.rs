//! The console in the browser: wakes the islands of the pages that the server rendered.

use wasm_bindgen::prelude::wasm_bindgen;

/// Prepares the page. Called by the script that the server writes into it, before the islands.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
    app::on_leaving();
}
