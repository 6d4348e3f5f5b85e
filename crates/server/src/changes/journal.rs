use std::sync::Arc;

use setup::change::{Entry, Journal};
use tokio::sync::watch;

use crate::{
    clock,
    store::{Store, StoreError},
    world::Worlds,
};

use super::touches::Touches;

/// The journal of one change set: first the store, then whoever watches.
pub(super) struct StoreJournal<S> {
    pub(super) store: S,
    pub(super) change: String,
    pub(super) worlds: Worlds,
    pub(super) written: Arc<watch::Sender<u64>>,
    pub(super) touched: Touches,
}

impl<S: Store> Journal for StoreJournal<S> {
    type Error = StoreError;

    async fn record(&mut self, entry: Entry) -> Result<(), StoreError> {
        self.touched.add(&entry);
        // Whoever sees that the work is done plans with what it has left.
        if let Entry::Reached { state } = entry
            && !state.is_running()
        {
            self.worlds.changed(self.touched.known(state)).await;
        }
        self.store
            .record(&self.change, &entry, clock::now_ms())
            .await?;
        self.written.send_modify(|count| *count += 1);
        Ok(())
    }
}
