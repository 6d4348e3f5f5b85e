use authentik_api::{
    api::{
        core::applications::RetrieveApplication, policies::ListBindings,
        propertymappings::ListScopeMappings, providers::RetrieveOAuth2Provider,
    },
    models::{
        ClientType, IssuerMode, OAuth2Provider, PolicyEngineMode, RedirectUri, ScopeMapping,
        SubMode,
    },
};
use futures_util::future::join3;
use serde::{Deserialize, Serialize};
use setup::oidc_application::result::Endpoints;

use super::get_connection;
use crate::{
    api::{client, failed},
    error::AppError,
    ports::ServerClient,
    state::access::Line,
};

/// An application with what its page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// Name.
    pub name: String,
    /// Slug.
    pub slug: String,
    /// Label under which the user's page lists it.
    pub group: String,
    /// Where a click leads; empty where authentik guesses.
    pub launch_url: String,
    /// Description.
    pub description: String,
    /// How bindings combine.
    pub mode: Option<PolicyEngineMode>,
    /// What it is connected with.
    pub provider: ProviderDetail,
    /// Who decides about entering, in order.
    pub bindings: Vec<Line>,
    /// Whether it is open to everyone without any.
    pub open_by_default: bool,
    /// authentik's public address.
    pub authentik_url: String,
}

/// What an application is connected with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderDetail {
    /// Nothing: a bookmark.
    None,
    /// An OAuth2 / OpenID provider.
    OAuth2(Box<OAuth2>),
    /// A provider of another type.
    Other {
        /// Its type for people.
        kind: String,
        /// Its name.
        name: String,
    },
}

/// An OAuth2 / OpenID provider without its secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OAuth2 {
    /// Name.
    pub name: String,
    /// Client id.
    pub client_id: String,
    /// `confidential` or `public`.
    pub client_type: String,
    /// Its addresses.
    pub endpoints: Endpoints,
    /// Redirect URIs.
    pub redirect_uris: Vec<RedirectUri>,
    /// Scopes: name of the scope, name of the mapping.
    pub scopes: Vec<(String, String)>,
    /// Whether tokens are signed with a key.
    pub signed: bool,
    /// What `sub` holds.
    pub sub_mode: String,
    /// What the issuer is.
    pub issuer_mode: String,
    /// Life of the access token, in authentik's form.
    pub access_token_validity: String,
}

/// Reads an application, its provider, its bindings and the names of its scopes.
///
/// # Errors
/// [`AppError::NotFound`], or when authentik does not answer as it should.
pub async fn application(slug: String) -> Result<Detail, AppError> {
    let known = get_connection().await?;
    let client = client().await?;
    let retrieve = RetrieveApplication { slug: slug.clone() };
    let application = client
        .send_opt(&retrieve)
        .await
        .map_err(failed("the application"))?;
    let application =
        application.ok_or_else(|| AppError::NotFound(format!("application “{slug}”")))?;
    let oauth2 = application
        .provider_obj
        .clone()
        .filter(authentik_api::models::Provider::is_oauth2);
    let bindings = ListBindings::default().target(application.target());
    let (bindings, provider, mappings) = join3(
        client.all(bindings),
        provider(&client, oauth2.as_ref().map(|provider| provider.pk)),
        mappings(&client, oauth2.is_some()),
    )
    .await;
    let mut bindings: Vec<Line> = bindings
        .map_err(failed("the list of bindings"))?
        .iter()
        .map(Line::of)
        .collect();
    bindings.sort_by_key(|line| line.order);
    let provider = match (provider?, application.provider_obj) {
        (Some(oauth2), _) => {
            let detail = detail(oauth2, &mappings?, &known.authentik_url, &application.slug);
            ProviderDetail::OAuth2(Box::new(detail))
        }
        (None, Some(other)) => ProviderDetail::Other {
            kind: other.verbose_name.unwrap_or_default(),
            name: other.name,
        },
        (None, None) => ProviderDetail::None,
    };
    Ok(Detail {
        name: application.name,
        slug: application.slug,
        group: application.group,
        launch_url: application.meta_launch_url,
        description: application.meta_description,
        mode: application.policy_engine_mode,
        provider,
        bindings,
        open_by_default: known.default_app_access,
        authentik_url: known.authentik_url,
    })
}

async fn provider(
    client: &ServerClient,
    pk: Option<authentik_api::ProviderPk>,
) -> Result<Option<OAuth2Provider>, AppError> {
    let Some(pk) = pk else { return Ok(None) };
    let provider = client.send(&RetrieveOAuth2Provider { pk }).await;
    provider.map(Some).map_err(failed("the provider"))
}

async fn mappings(client: &ServerClient, wanted: bool) -> Result<Vec<ScopeMapping>, AppError> {
    if !wanted {
        return Ok(Vec::new());
    }
    let mappings = client.all(ListScopeMappings::default()).await;
    mappings.map_err(failed("the list of scope mappings"))
}

fn detail(
    provider: OAuth2Provider,
    mappings: &[ScopeMapping],
    authentik_url: &str,
    slug: &str,
) -> OAuth2 {
    let used = |mapping: &&ScopeMapping| provider.property_mappings.contains(&mapping.pk);
    let mut scopes: Vec<(String, String)> = mappings
        .iter()
        .filter(used)
        .map(|mapping| (mapping.scope_name.clone(), mapping.name.clone()))
        .collect();
    scopes.sort();
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    OAuth2 {
        client_id: provider.client_id.clone().unwrap_or_default(),
        client_type: text(provider.client_type.as_ref().map(ClientType::as_str)),
        endpoints: Endpoints::new(authentik_url, slug, provider.issuer_mode.as_ref()),
        scopes,
        signed: provider.signing_key.is_some(),
        sub_mode: text(provider.sub_mode.as_ref().map(SubMode::as_str)),
        issuer_mode: text(provider.issuer_mode.as_ref().map(IssuerMode::as_str)),
        access_token_validity: provider.access_token_validity.unwrap_or_default(),
        redirect_uris: provider.redirect_uris,
        name: provider.name,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn detail_leaves_the_secret_behind() {
        let uuid = "00000000-0000-0000-0000-000000000001";
        let provider = serde_json::from_value(json!({
            "pk": 1, "name": "Grafana", "client_id": "id", "client_secret": "hush",
            "property_mappings": [uuid],
        }));
        let mapping = json!({ "pk": uuid, "name": "OpenID", "scope_name": "openid" });
        let mappings = [serde_json::from_value(mapping).unwrap()];
        let detail = detail(
            provider.unwrap(),
            &mappings,
            "https://auth.example.com",
            "grafana",
        );
        assert!(!serde_json::to_string(&detail).unwrap().contains("hush"));
        assert_eq!(detail.scopes, [("openid".to_owned(), "OpenID".to_owned())]);
        assert_eq!(
            detail.endpoints.issuer,
            "https://auth.example.com/application/o/grafana/"
        );
    }
}
