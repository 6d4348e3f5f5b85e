//! `events/`: authentik's own log.

use super::handler;
use crate::{models::Event, operation::named, page::list_endpoint};

list_endpoint! {
    /// Lists events, the latest first.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `events_events_list`, `GET events/events/` |
    /// | Permission | `authentik_events.view_event` |
    /// | Versions | all |
    /// | Surprises | `action` is a substring match |
    ListEvents(|_| named("events_events_list")) -> Event {
        /// Part of the action's name.
        action: String = "action",
        /// Login name of who did it.
        username: String = "username",
        /// Key of the object concerned.
        context_model_pk: String = "context_model_pk",
    }
}

handler! {
    /// Operations on events.
    Events {
        /// Lists events.
        list(ListEvents),
    }
}
