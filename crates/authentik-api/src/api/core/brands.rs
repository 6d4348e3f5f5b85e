//! `core/brands/`, `core/tenants/` before 2024.2.

use crate::{
    Parts,
    api::{endpoint, handler},
    models::CurrentBrand,
};

endpoint! {
    /// Reads the brand in force for the host of the call.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `core_brands_current_retrieve`, `GET core/brands/current/`; before 2024.2 `core_tenants_current_retrieve`, `GET core/tenants/current/` |
    /// | Permission | none, not even a credential |
    /// | Versions | all |
    RetrieveCurrentBrand -> CurrentBrand,
    |capabilities| Ok(Parts::new(capabilities.current_brand()))
}

handler! {
    /// Operations on brands.
    Brands {
        /// Reads the brand in force.
        current(RetrieveCurrentBrand),
    }
}
