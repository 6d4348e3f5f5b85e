//! The console in the browser: takes over the pages that the server rendered.

use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the page. Called by the script that the server writes into it.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
