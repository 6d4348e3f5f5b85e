use serde::{Deserialize, Serialize};

use super::open_enum;
use crate::{FlowPk, TargetPk};

open_enum! {
    /// What a flow is for.
    Designation {
        /// Sign-in.
        Authentication = "authentication",
        /// Between sign-in and the application.
        Authorization = "authorization",
        /// Sign-out.
        Invalidation = "invalidation",
        /// Making an account.
        Enrollment = "enrollment",
        /// Deleting one's account.
        Unenrollment = "unenrollment",
        /// A forgotten password.
        Recovery = "recovery",
        /// Setting up a stage such as a second factor.
        StageConfiguration = "stage_configuration",
    }
}

/// A flow. Its address in the API is the slug.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flow {
    /// Key.
    pub pk: FlowPk,
    /// What its policy bindings name as target: not the key (trap T23).
    #[serde(default)]
    pub policybindingmodel_ptr_id: Option<TargetPk>,
    /// Name; may repeat.
    pub name: String,
    /// Slug, unique.
    pub slug: String,
    /// Title on the flow's page.
    #[serde(default)]
    pub title: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub designation: Option<Designation>,
}
