//! `outposts/instances/`.

use super::{endpoint, handler};
use crate::{
    OutpostPk, Parts,
    models::{Outpost, PatchOutpost},
    operation::named,
    page::list_endpoint,
};

list_endpoint! {
    /// Lists outposts.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `outposts_instances_list`, `GET outposts/instances/` |
    /// | Permission | `authentik_outposts.view_outpost` |
    /// | Versions | all |
    ListOutposts(|_| named("outposts_instances_list")) -> Outpost {
        /// Exact `managed` identifier, whatever the case: finds the embedded outpost.
        managed: String = "managed__iexact",
    }
}

endpoint! {
    /// Reads one outpost.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `outposts_instances_retrieve`, `GET outposts/instances/{uuid}/` |
    /// | Permission | `authentik_outposts.view_outpost` |
    /// | Versions | all |
    RetrieveOutpost {
        /// The outpost.
        pk: OutpostPk,
    } -> Outpost,
    |this, _capabilities| Ok(Parts::new(named("outposts_instances_retrieve")).param(this.pk))
}

endpoint! {
    /// Replaces an outpost's list of providers.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `outposts_instances_partial_update`, `PATCH outposts/instances/{uuid}/` |
    /// | Permission | `authentik_outposts.change_outpost` |
    /// | Versions | all |
    /// | Surprises | two writers race: read the list again afterwards |
    UpdateOutpost {
        /// The outpost.
        pk: OutpostPk,
        /// Its providers.
        patch: PatchOutpost,
    } -> Outpost,
    |this, _capabilities| {
        Parts::new(named("outposts_instances_partial_update")).param(this.pk).json(&this.patch)
    }
}

handler! {
    /// Operations on outposts.
    Outposts {
        /// Lists outposts.
        list(ListOutposts),
        /// Reads one outpost.
        retrieve(RetrieveOutpost),
        /// Replaces an outpost's providers.
        update(UpdateOutpost),
    }
}
