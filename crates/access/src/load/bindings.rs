//! The list of bindings, without what nobody asked for.

use authentik_api::{
    Capabilities, List, Page,
    api::policies::ListBindings,
    endpoint::{BuildError, Endpoint, Parts},
    models::PolicyBinding,
    page::ListParams,
};

/// All bindings, without the members of the groups that they name. Up to 2025.10 each group stands in
/// its binding with all its members (recorded); versions that cannot leave them out ignore the wish
/// (trap T22).
#[derive(Debug, Clone, Default)]
pub(super) struct BindingsWithoutMembers(ListBindings);

impl Endpoint for BindingsWithoutMembers {
    type Output = Page<PolicyBinding>;

    fn parts(&self, capabilities: &Capabilities) -> Result<Parts, BuildError> {
        Ok(self.0.parts(capabilities)?.query("include_users", &false))
    }
}

impl List for BindingsWithoutMembers {
    type Item = PolicyBinding;

    fn params_mut(&mut self) -> &mut ListParams {
        self.0.params_mut()
    }
}
