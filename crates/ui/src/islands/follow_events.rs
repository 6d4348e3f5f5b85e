//! Following work that goes on behind the page.

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::EventSource;

use crate::live;

/// How long to wait before a refused stream is asked for again.
const PAUSE: Duration = Duration::from_secs(3);

/// Follows the server-sent events at a path: after `message` the page's [`Live`](crate::Live) parts are shown as they
/// are now, after `end` the page is loaded anew. Shows nothing itself.
///
/// A connection that breaks is taken up again by the browser, and the parts are looked at then.
#[island]
pub fn FollowEvents(
    /// Path of the events.
    #[prop(into)]
    path: String,
) -> impl IntoView {
    Effect::new(move |_| follow(&path));
}

fn follow(path: &str) {
    let Ok(source) = EventSource::new(path) else {
        leptos::logging::warn!("the events of {path} cannot be followed");
        return;
    };
    let (asking, again) = (Rc::new(Cell::new(false)), Rc::new(Cell::new(false)));
    listen(&source, &["open", "message"], move || {
        again.set(true);
        if asking.replace(true) {
            return;
        }
        let (asking, again) = (asking.clone(), again.clone());
        // One question at a time, and one more when something happened meanwhile.
        spawn_local(async move {
            while again.replace(false) {
                match live::refresh(&live::here(), live::By::Itself, || true).await {
                    Ok(_) => {}
                    Err(live::Stale::Redirected) => reload(),
                    Err(_) => break,
                }
            }
            asking.set(false);
        });
    });
    let ended = source.clone();
    listen(&source, &["end"], move || {
        ended.close();
        reload();
    });
    // A stream that is refused, or has nothing more to say, is not taken up again by the browser.
    let (over, path) = (source.clone(), path.to_owned());
    listen(&source, &["error"], move || {
        if over.ready_state() == EventSource::CLOSED {
            let path = path.clone();
            set_timeout(move || spawn_local(look_again(path)), PAUSE);
        }
    });
}

/// Shows how things are, and follows on while there is something to follow.
async fn look_again(path: String) {
    match live::refresh(&live::here(), live::By::Itself, || true).await {
        Ok(live::Shown { follows: true }) | Err(live::Stale::NoAnswer) => follow(&path),
        Ok(_) | Err(_) => reload(),
    }
}

fn listen(source: &EventSource, names: &[&str], on_event: impl Fn() + 'static) {
    let on_event = Closure::<dyn FnMut()>::new(on_event);
    for name in names {
        let added =
            source.add_event_listener_with_callback(name, on_event.as_ref().unchecked_ref());
        if added.is_err() {
            leptos::logging::warn!("the event {name} cannot be followed");
        }
    }
    // Lives as long as the page.
    on_event.forget();
}

/// Takes the page's place in the history, so that going back does not lead to it again.
fn reload() {
    if window().location().replace(&live::here()).is_err() {
        leptos::logging::warn!("the page could not be loaded anew");
    }
}
