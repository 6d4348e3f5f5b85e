use authentik_api::{
    Capabilities, Client, Error, Transport,
    api::{
        core::{applications::RetrieveApplication, groups::ListGroups},
        crypto::ListCertificateKeyPairs,
        flows::ListFlows,
        propertymappings::ListScopeMappings,
        providers::ListProviders,
    },
    models::{Application, CertificateKeyPair, Designation, Flow, Group, ScopeMapping},
};
use serde::{Deserialize, Serialize};

/// What a plan has to know of the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct World {
    /// What the version can do.
    pub capabilities: Capabilities,
    /// authentik's public address, without slash at the end.
    pub authentik_url: String,
    /// Whether the credential is a superuser's (trap T8).
    pub superuser: bool,
    /// Whether an application without binding is open to everyone (trap T4).
    pub default_app_access: bool,
    /// All flows.
    pub flows: Vec<Flow>,
    /// All certificates.
    pub keys: Vec<CertificateKeyPair>,
    /// All scope mappings.
    pub mappings: Vec<ScopeMapping>,
    /// All groups.
    pub groups: Vec<Group>,
    /// The application that has the wanted slug already.
    pub slug_taken_by: Option<Application>,
    /// Names of providers, where the server would take an existing one over instead of refusing.
    pub provider_names: Vec<String>,
}

/// What is known of a server before a wizard opens, and need not be asked again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Server {
    /// authentik's public address, without slash at the end.
    pub authentik_url: String,
    /// Whether the credential is a superuser's.
    pub superuser: bool,
    /// Whether an application without binding is open to everyone.
    pub default_app_access: bool,
}

/// A part of the world could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{what} could not be read")]
pub struct LoadError<E: std::error::Error + 'static> {
    /// What.
    pub what: &'static str,
    /// Why.
    #[source]
    pub source: Error<E>,
}

impl World {
    /// Reads what a plan has to know, whatever the slug: four lists, five before 2024.12. Good for
    /// a while; [`with_slug`](Self::with_slug) asks what must be fresh.
    ///
    /// # Errors
    /// When the server does not answer as it should; the error says what could not be read.
    pub async fn load<T: Transport>(
        client: &Client<T>,
        server: Server,
    ) -> Result<Self, LoadError<T::Error>> {
        let failed = |what| move |source| LoadError { what, source };
        let capabilities = client.capabilities().clone();
        let groups = if capabilities.include_users {
            ListGroups::default().include_users(false)
        } else {
            ListGroups::default()
        };
        // Before 2024.12 the transaction takes an unassigned provider of the same name over.
        let provider_names = if capabilities.transactional_bindings {
            Vec::new()
        } else {
            let providers = client.all(ListProviders::default()).await;
            let providers = providers.map_err(failed("the list of providers"))?;
            providers
                .into_iter()
                .map(|provider| provider.name)
                .collect()
        };
        Ok(Self {
            flows: client
                .all(ListFlows::default())
                .await
                .map_err(failed("the list of flows"))?,
            keys: client
                .all(ListCertificateKeyPairs::default())
                .await
                .map_err(failed("the list of certificates"))?,
            mappings: client
                .all(ListScopeMappings::default())
                .await
                .map_err(failed("the list of scope mappings"))?,
            groups: client
                .all(groups)
                .await
                .map_err(failed("the list of groups"))?,
            slug_taken_by: None,
            provider_names,
            capabilities,
            authentik_url: server.authentik_url,
            superuser: server.superuser,
            default_app_access: server.default_app_access,
        })
    }

    /// Asks whether an application has the wanted slug already: one read.
    ///
    /// # Errors
    /// When the server does not answer as it should.
    pub async fn with_slug<T: Transport>(
        mut self,
        client: &Client<T>,
        slug: &str,
    ) -> Result<Self, LoadError<T::Error>> {
        // What is no slug cannot be taken; the draft's validation says what is wrong with it.
        let is_slug = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        self.slug_taken_by = if slug.is_empty() || !slug.chars().all(is_slug) {
            None
        } else {
            let retrieve = RetrieveApplication {
                slug: slug.to_owned(),
            };
            let found = client.send_opt(&retrieve).await;
            found.map_err(|source| LoadError {
                what: "the application of that slug",
                source,
            })?
        };
        Ok(self)
    }

    /// The flows for a purpose, by slug.
    pub fn flows_for(&self, designation: &Designation) -> Vec<&Flow> {
        let mut flows: Vec<&Flow> = self
            .flows
            .iter()
            .filter(|flow| flow.designation.as_ref() == Some(designation))
            .collect();
        flows.sort_by(|a, b| a.slug.cmp(&b.slug));
        flows
    }

    /// The keys that can sign tokens.
    pub fn signing_keys(&self) -> Vec<&CertificateKeyPair> {
        self.keys
            .iter()
            .filter(|key| key.can_sign_tokens())
            .collect()
    }

    /// The mapping that authentik ships for a scope.
    pub fn managed_mapping(&self, scope: &str) -> Option<&ScopeMapping> {
        let managed = format!("goauthentik.io/providers/oauth2/scope-{scope}");
        self.mappings
            .iter()
            .find(|mapping| mapping.managed.as_deref() == Some(managed.as_str()))
    }

    /// A group by its UUID or its exact name.
    pub fn group(&self, text: &str) -> Option<&Group> {
        let text = text.trim();
        self.groups
            .iter()
            .find(|group| group.pk.to_string() == text)
            .or_else(|| self.groups.iter().find(|group| group.name == text))
    }
}
