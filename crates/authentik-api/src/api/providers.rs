//! `providers/all/` and `providers/oauth2/`.

use serde_json::{Map, Value, json};

use super::{endpoint, handler};
use crate::{
    BuildError, Capabilities, Endpoint, Field, Parts, ProviderPk, UserPk,
    models::{
        OAuth2Provider, OAuth2ProviderRequest, PatchOAuth2Provider, PropertyMappingPreview,
        Provider, SetupUrls, UsedBy,
    },
    operation::named,
    page::list_endpoint,
};

list_endpoint! {
    /// Lists providers of all types.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `providers_all_list`, `GET providers/all/` |
    /// | Permission | `authentik_core.view_provider` |
    /// | Versions | all |
    ListProviders(|_| named("providers_all_list")) -> Provider {
        /// Only those without, or with, an application.
        application_isnull: bool = "application__isnull",
    }
}

list_endpoint! {
    /// Lists OAuth2 providers.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `providers_oauth2_list`, `GET providers/oauth2/` |
    /// | Permission | `authentik_providers_oauth2.view_oauth2provider` |
    /// | Versions | all |
    ListOAuth2Providers(|_| named("providers_oauth2_list")) -> OAuth2Provider {
        /// Exact name.
        name: String = "name",
        /// Exact client id.
        client_id: String = "client_id",
    }
}

endpoint! {
    /// Reads one OAuth2 provider, its client secret included.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `providers_oauth2_retrieve`, `GET providers/oauth2/{id}/` |
    /// | Permission | `authentik_providers_oauth2.view_oauth2provider` |
    /// | Versions | all |
    RetrieveOAuth2Provider {
        /// The provider.
        pk: ProviderPk,
    } -> OAuth2Provider,
    |this, _capabilities| Ok(Parts::new(named("providers_oauth2_retrieve")).param(this.pk))
}

endpoint! {
    /// Creates an OAuth2 provider.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `providers_oauth2_create`, `POST providers/oauth2/` |
    /// | Permission | `authentik_providers_oauth2.add_oauth2provider` |
    /// | Versions | all; the body differs, see [`compat`](crate::compat) |
    /// | Surprises | T1, T5, T6; without mappings no scope is granted; with no redirect URI the first one used is saved |
    CreateOAuth2Provider {
        /// The new provider.
        provider: OAuth2ProviderRequest,
    } -> OAuth2Provider,
    |this, capabilities| {
        Parts::new(named("providers_oauth2_create"))
            .json(&capabilities.encode_oauth2_provider(&this.provider))
    }
}

endpoint! {
    /// Replaces an OAuth2 provider.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `providers_oauth2_update`, `PUT providers/oauth2/{id}/` |
    /// | Permission | `authentik_providers_oauth2.change_oauth2provider` |
    /// | Versions | all |
    /// | Surprises | what is left out goes back to its default (T9) |
    ReplaceOAuth2Provider {
        /// The provider.
        pk: ProviderPk,
        /// Its new content.
        provider: OAuth2ProviderRequest,
    } -> OAuth2Provider,
    |this, capabilities| {
        Parts::new(named("providers_oauth2_update"))
            .param(this.pk)
            .json(&capabilities.encode_oauth2_provider(&this.provider))
    }
}

/// Changes an OAuth2 provider.
///
/// | | |
/// |---|---|
/// | Operation | `providers_oauth2_partial_update`, `PATCH providers/oauth2/{id}/` |
/// | Permission | `authentik_providers_oauth2.change_oauth2provider` |
/// | Versions | all |
/// | Surprises | lists are replaced whole |
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateOAuth2Provider {
    /// The provider.
    pub pk: ProviderPk,
    /// What changes.
    pub patch: PatchOAuth2Provider,
}

impl Endpoint for UpdateOAuth2Provider {
    type Output = OAuth2Provider;

    fn parts(&self, capabilities: &Capabilities) -> Result<Parts, BuildError> {
        let mut body = Map::new();
        let mut set = |key: &str, value: Field<Value>| match value {
            Field::Keep => {}
            Field::Null => drop(body.insert(key.to_owned(), Value::Null)),
            Field::Set(value) => drop(body.insert(key.to_owned(), value)),
        };
        set("name", json_field(&self.patch.name));
        set(
            "property_mappings",
            json_field(&self.patch.property_mappings),
        );
        set("signing_key", json_field(&self.patch.signing_key));
        set(
            "authorization_flow",
            json_field(&self.patch.authorization_flow),
        );
        if let Field::Set(uris) = &self.patch.redirect_uris {
            set(
                "redirect_uris",
                Field::Set(capabilities.encode_redirect_uris(uris)),
            );
        }
        Parts::new(named("providers_oauth2_partial_update"))
            .param(self.pk)
            .json(&Value::Object(body))
    }
}

fn json_field<T: serde::Serialize>(field: &Field<T>) -> Field<Value> {
    match field {
        Field::Keep => Field::Keep,
        Field::Null => Field::Null,
        Field::Set(value) => Field::Set(json!(value)),
    }
}

endpoint! {
    /// Deletes an OAuth2 provider with its tokens and consents; its application is left without.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `providers_oauth2_destroy`, `DELETE providers/oauth2/{id}/` |
    /// | Permission | `authentik_providers_oauth2.delete_oauth2provider` |
    /// | Versions | all |
    DestroyOAuth2Provider {
        /// The provider.
        pk: ProviderPk,
    } -> (),
    |this, _capabilities| Ok(Parts::new(named("providers_oauth2_destroy")).param(this.pk))
}

endpoint! {
    /// Lists what uses an OAuth2 provider.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `providers_oauth2_used_by_list`, `GET providers/oauth2/{id}/used_by/` |
    /// | Permission | `authentik_providers_oauth2.view_oauth2provider` |
    /// | Versions | all |
    ListOAuth2ProviderUses {
        /// The provider.
        pk: ProviderPk,
    } -> Vec<UsedBy>,
    |this, _capabilities| Ok(Parts::new(named("providers_oauth2_used_by_list")).param(this.pk))
}

endpoint! {
    /// Tells the addresses that an application is configured with.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `providers_oauth2_setup_urls_retrieve`, `GET providers/oauth2/{id}/setup_urls/` |
    /// | Permission | `authentik_providers_oauth2.view_oauth2provider` |
    /// | Versions | all |
    /// | Surprises | the addresses carry the host of the call (T32); empty without application |
    RetrieveSetupUrls {
        /// The provider.
        pk: ProviderPk,
    } -> SetupUrls,
    |this, _capabilities| {
        Ok(Parts::new(named("providers_oauth2_setup_urls_retrieve")).param(this.pk))
    }
}

endpoint! {
    /// Shows the claims that a person would get.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `providers_oauth2_preview_user_retrieve`, `GET providers/oauth2/{id}/preview_user/` |
    /// | Permission | `authentik_providers_oauth2.view_oauth2provider`; from 2024.2 on `preview_user` |
    /// | Versions | all; `for_user` from 2024.2 on, ignored before |
    PreviewUser {
        /// The provider.
        pk: ProviderPk,
        /// The person; the caller when `None`.
        for_user: Option<UserPk>,
    } -> PropertyMappingPreview,
    |this, _capabilities| {
        Ok(Parts::new(named("providers_oauth2_preview_user_retrieve"))
            .param(this.pk)
            .query("for_user", &this.for_user))
    }
}

handler! {
    /// Operations on providers.
    Providers {
        /// Lists providers of all types.
        list(ListProviders),
        /// Lists OAuth2 providers.
        oauth2_list(ListOAuth2Providers),
        /// Reads one OAuth2 provider.
        oauth2(RetrieveOAuth2Provider),
        /// Creates an OAuth2 provider.
        create_oauth2(CreateOAuth2Provider),
        /// Replaces an OAuth2 provider.
        replace_oauth2(ReplaceOAuth2Provider),
        /// Changes an OAuth2 provider.
        update_oauth2(UpdateOAuth2Provider),
        /// Deletes an OAuth2 provider.
        destroy_oauth2(DestroyOAuth2Provider),
        /// Lists what uses an OAuth2 provider.
        oauth2_used_by(ListOAuth2ProviderUses),
        /// Tells the addresses for the application's side.
        setup_urls(RetrieveSetupUrls),
        /// Shows a person's claims.
        preview_user(PreviewUser),
    }
}
