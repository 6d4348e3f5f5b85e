//! `flows/instances/`. One flow is addressed by its slug.

use super::{endpoint, handler};
use crate::{Parts, models::Flow, operation::named, page::list_endpoint};

list_endpoint! {
    /// Lists flows.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `flows_instances_list`, `GET flows/instances/` |
    /// | Permission | `authentik_flows.view_flow` |
    /// | Versions | all |
    /// | Surprises | the flows that authentik ships can have been renamed or deleted |
    ListFlows(|_| named("flows_instances_list")) -> Flow {
        /// Exact slug.
        slug: String = "slug",
        /// What they are for: `authorization`, `invalidation` …
        designation: String = "designation",
    }
}

endpoint! {
    /// Reads one flow.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `flows_instances_retrieve`, `GET flows/instances/{slug}/` |
    /// | Permission | `authentik_flows.view_flow` |
    /// | Versions | all |
    RetrieveFlow {
        /// Slug.
        slug: String,
    } -> Flow,
    |this, _capabilities| Ok(Parts::new(named("flows_instances_retrieve")).param(&this.slug))
}

handler! {
    /// Operations on flows.
    Flows {
        /// Lists flows.
        list(ListFlows),
        /// Reads one flow.
        retrieve(RetrieveFlow),
    }
}
