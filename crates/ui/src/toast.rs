//! Short messages about what just happened.

use leptos::prelude::*;

use crate::{Glyph, Icon, Tone};

/// How many messages are kept; older ones make room.
const KEPT: usize = 3;

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// Its number, counted from the start of the page.
    pub id: u32,
    /// Its meaning.
    pub tone: Tone,
    /// Its words.
    pub text: String,
}

/// Where messages are put. Get it with [`use_toaster`].
#[derive(Clone, Copy, Debug)]
pub struct Toaster {
    toasts: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

impl Toaster {
    /// Shows a message until it is dismissed or three newer ones came.
    pub fn push(&self, tone: Tone, text: impl Into<String>) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        let toast = Toast {
            id,
            tone,
            text: text.into(),
        };
        self.toasts.update(|toasts| {
            toasts.push(toast);
            let surplus = toasts.len().saturating_sub(KEPT);
            toasts.drain(..surplus);
        });
    }

    /// Takes a message away.
    pub fn dismiss(&self, id: u32) {
        self.toasts
            .update(|toasts| toasts.retain(|toast| toast.id != id));
    }
}

/// Makes messages available to everything below. Once, at the root of the app.
pub fn provide_toaster() -> Toaster {
    let toaster = Toaster {
        toasts: RwSignal::new(Vec::new()),
        next: StoredValue::new(0),
    };
    provide_context(toaster);
    toaster
}

/// Where to put messages; `None` where [`provide_toaster`] was not called above.
#[must_use]
pub fn use_toaster() -> Option<Toaster> {
    use_context()
}

/// Where messages appear. Once, beside the [`AppShell`](crate::AppShell).
///
/// They stay until dismissed, so nobody has to read against a clock. What matters after a reload belongs into the page.
#[component]
pub fn ToastRegion(
    /// The messages it shows.
    toaster: Toaster,
) -> AnyView {
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toaster.toasts.get() key=|toast| toast.id let:toast>
                <div class=format!("toast {}", toast.tone.class())>
                    <Icon glyph=toast.tone.glyph() label=format!("{}:", toast.tone.word())/>
                    <p>{toast.text}</p>
                    <button
                        type="button"
                        class="btn btn-quiet btn-small"
                        aria-label="Dismiss"
                        on:click=move |_| toaster.dismiss(toast.id)
                    >
                        <Icon glyph=Glyph::Close/>
                    </button>
                </div>
            </For>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use super::{KEPT, provide_toaster};
    use crate::Tone;

    #[test]
    fn toaster_keeps_the_newest() {
        let owner = Owner::new();
        owner.set();
        let toaster = provide_toaster();
        for number in 0..5 {
            toaster.push(Tone::Info, number.to_string());
        }
        let ids: Vec<_> = toaster
            .toasts
            .get_untracked()
            .iter()
            .map(|toast| toast.id)
            .collect();
        assert_eq!(ids.len(), KEPT);
        assert_eq!(ids, [2, 3, 4]);
        toaster.dismiss(3);
        assert_eq!(toaster.toasts.get_untracked().len(), KEPT - 1);
    }
}
