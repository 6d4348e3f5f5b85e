//! Keeping a page as things are.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use crate::live;

/// How long a page stays as it is.
const EVERY: Duration = Duration::from_mins(1);

/// Once a minute, while the page is looked at, its [`Live`](crate::Live) parts are shown as they are now. Shows
/// nothing itself.
#[island]
pub fn KeepFresh() -> impl IntoView {
    Effect::new(|_| {
        let ticking = set_interval_with_handle(
            || {
                if !document().hidden() {
                    // What does not come now comes the next time.
                    spawn_local(async {
                        let here = live::here();
                        let _ =
                            live::refresh(&here, live::By::Itself, || live::here() == here).await;
                    });
                }
            },
            EVERY,
        );
        if ticking.is_err() {
            leptos::logging::warn!("the page is not kept fresh");
        }
    });
}
