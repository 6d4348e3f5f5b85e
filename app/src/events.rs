//! Server-sent events, in the browser only.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::EventSource;

/// An open stream of events; closes itself when it is dropped.
struct Listening {
    source: EventSource,
    _on_event: Closure<dyn FnMut()>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// Calls `on_event` for each event of the stream at `path`, as long as the page is open. For
/// effects: a server has no stream to listen to.
pub(crate) fn listen(path: &str, names: &[&str], on_event: impl Fn() + 'static) {
    let Ok(source) = EventSource::new(path) else {
        leptos::logging::warn!("the events of {path} cannot be followed");
        return;
    };
    let on_event = Closure::<dyn FnMut()>::new(on_event);
    for name in names {
        let added =
            source.add_event_listener_with_callback(name, on_event.as_ref().unchecked_ref());
        if added.is_err() {
            leptos::logging::warn!("the event {name} cannot be followed");
        }
    }
    // Lives as long as the page that asked for it: the owner drops it.
    StoredValue::new_local(Listening {
        source,
        _on_event: on_event,
    });
}
