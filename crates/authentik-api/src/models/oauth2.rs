use serde::{Deserialize, Deserializer, Serialize};

use super::{null_default, open_enum};
use crate::{
    CertificatePk, Field, FlowPk, MappingPk, ProviderPk, compat::decode_redirect_uri_regexes,
};

open_enum! {
    /// Whether the application can keep a secret (RFC 6749 §2.1).
    ClientType {
        /// A program on a server.
        Confidential = "confidential",
        /// A page in a browser or a program on somebody's device: no secret, PKCE instead.
        Public = "public",
    }
}

open_enum! {
    /// What the `sub` claim holds.
    SubMode {
        /// A hash of the user's id. authentik's default.
        HashedUserId = "hashed_user_id",
        /// The user's integer id.
        UserId = "user_id",
        /// The user's UUID.
        UserUuid = "user_uuid",
        /// The login name.
        UserUsername = "user_username",
        /// The e-mail address.
        UserEmail = "user_email",
        /// The user principal name.
        UserUpn = "user_upn",
    }
}

open_enum! {
    /// What the issuer is.
    IssuerMode {
        /// One per application: `…/application/o/{slug}/`. authentik's default.
        PerProvider = "per_provider",
        /// The server's address for all.
        Global = "global",
    }
}

open_enum! {
    /// How a redirect URI is compared.
    MatchingMode {
        /// Character by character.
        Strict = "strict",
        /// As a regular expression that must match the whole.
        Regex = "regex",
    }
}

/// A redirect URI that a provider accepts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RedirectUri {
    /// How it is compared.
    pub matching_mode: MatchingMode,
    /// The address, or the regular expression.
    pub url: String,
    /// What it is for, where that is not signing in: `logout`; from 2026.5 on.
    #[serde(
        default,
        rename = "redirect_uri_type",
        skip_serializing_if = "Option::is_none",
        deserialize_with = "other_than_authorization"
    )]
    pub purpose: Option<String>,
}

/// `authorization` is what a redirect URI is for by default, on every version.
fn other_than_authorization<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let purpose = Option::<String>::deserialize(deserializer)?;
    Ok(purpose.filter(|purpose| purpose != "authorization"))
}

impl RedirectUri {
    /// One exact address.
    pub fn strict(url: impl Into<String>) -> Self {
        Self {
            matching_mode: MatchingMode::Strict,
            url: url.into(),
            purpose: None,
        }
    }

    /// A regular expression in Python's syntax.
    pub fn regex(pattern: impl Into<String>) -> Self {
        Self {
            matching_mode: MatchingMode::Regex,
            url: pattern.into(),
            purpose: None,
        }
    }
}

/// Redirect URIs in either form of the wire (trap T5).
fn redirect_uris<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<RedirectUri>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Wire {
        Objects(Vec<RedirectUri>),
        Regexes(String),
        Null(()),
    }
    Ok(match Wire::deserialize(deserializer)? {
        Wire::Objects(uris) => uris,
        Wire::Regexes(text) => decode_redirect_uri_regexes(&text),
        Wire::Null(()) => Vec::new(),
    })
}

/// An OAuth2 / OpenID provider.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct OAuth2Provider {
    /// Key.
    pub pk: ProviderPk,
    /// Name; unique over all types of providers.
    pub name: String,
    /// Flow that asks the person to sign in, instead of the brand's.
    #[serde(default)]
    pub authentication_flow: Option<FlowPk>,
    /// Flow after sign-in, with or without asking for consent.
    #[serde(default)]
    pub authorization_flow: Option<FlowPk>,
    /// Flow on sign-out; from 2024.10 on.
    #[serde(default)]
    pub invalidation_flow: Option<FlowPk>,
    /// Scope mappings.
    #[serde(default)]
    pub property_mappings: Vec<MappingPk>,
    /// Slug of the application that uses it.
    #[serde(default)]
    pub assigned_application_slug: Option<String>,
    /// Name of the application that uses it.
    #[serde(default)]
    pub assigned_application_name: Option<String>,
    /// Confidential or public.
    #[serde(default)]
    pub client_type: Option<ClientType>,
    /// Grant types; from 2026.5 on, where an empty list lets nobody sign in (trap T1).
    #[serde(default)]
    pub grant_types: Option<Vec<String>>,
    /// Client id.
    #[serde(default)]
    pub client_id: Option<String>,
    /// Client secret. Read only: neither `Debug` nor serialization shows it again, so that a page
    /// that hands the provider on to the browser cannot hand the secret on by accident.
    #[serde(default, skip_serializing)]
    pub client_secret: Option<String>,
    /// Redirect URIs. An empty list takes the first one that anybody uses.
    #[serde(default, deserialize_with = "redirect_uris")]
    pub redirect_uris: Vec<RedirectUri>,
    /// Key that signs tokens; without one they are HS256 and the JWKS is empty (trap T18).
    #[serde(default)]
    pub signing_key: Option<CertificatePk>,
    /// What `sub` holds.
    #[serde(default)]
    pub sub_mode: Option<SubMode>,
    /// What the issuer is.
    #[serde(default)]
    pub issuer_mode: Option<IssuerMode>,
    /// Whether the ID token holds the claims of all scopes.
    #[serde(default)]
    pub include_claims_in_id_token: Option<bool>,
    /// Duration such as `minutes=1`.
    #[serde(default)]
    pub access_code_validity: Option<String>,
    /// Duration such as `hours=1`.
    #[serde(default)]
    pub access_token_validity: Option<String>,
    /// Duration such as `days=30`.
    #[serde(default)]
    pub refresh_token_validity: Option<String>,
}

impl std::fmt::Debug for OAuth2Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OAuth2Provider")
            .field("pk", &self.pk)
            .field("name", &self.name)
            .field("client_id", &self.client_id)
            .field(
                "client_secret",
                &self.client_secret.as_ref().map(|_| "[redacted]"),
            )
            .field("redirect_uris", &self.redirect_uris)
            .finish_non_exhaustive()
    }
}

/// A new OAuth2 / OpenID provider. What the server's version wants of it is added when it is
/// encoded: see
/// [`Capabilities::encode_oauth2_provider`](crate::Capabilities::encode_oauth2_provider).
#[derive(Clone, PartialEq)]
pub struct OAuth2ProviderRequest {
    /// Name.
    pub name: String,
    /// Flow after sign-in.
    pub authorization_flow: FlowPk,
    /// Flow on sign-out; servers from 2024.10 on require it.
    pub invalidation_flow: Option<FlowPk>,
    /// Scope mappings; without any no scope is granted.
    pub property_mappings: Vec<MappingPk>,
    /// Confidential or public.
    pub client_type: ClientType,
    /// Given client id; authentik generates one otherwise.
    pub client_id: Option<String>,
    /// Given client secret; authentik generates one otherwise.
    pub client_secret: Option<String>,
    /// Redirect URIs.
    pub redirect_uris: Vec<RedirectUri>,
    /// Key that signs tokens.
    pub signing_key: Option<CertificatePk>,
    /// What `sub` holds.
    pub sub_mode: SubMode,
    /// What the issuer is.
    pub issuer_mode: IssuerMode,
    /// Grant types beyond `authorization_code` and `refresh_token`, where they must be spelled out
    /// (trap T1): `implicit`, `urn:ietf:params:oauth:grant-type:device_code` …
    pub further_grant_types: Vec<String>,
    /// Duration such as `hours=1`; authentik's default otherwise.
    pub access_token_validity: Option<String>,
    /// Duration such as `minutes=1`; authentik's default otherwise.
    pub access_code_validity: Option<String>,
    /// Where the application is told that somebody signed out (OpenID Connect Back-Channel Logout 1.0); left out
    /// where the server cannot tell it, before 2025.8.
    pub backchannel_logout: Option<String>,
}

impl std::fmt::Debug for OAuth2ProviderRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OAuth2ProviderRequest")
            .field("name", &self.name)
            .field("client_id", &self.client_id)
            .field(
                "client_secret",
                &self.client_secret.as_ref().map(|_| "[redacted]"),
            )
            .field("redirect_uris", &self.redirect_uris)
            .finish_non_exhaustive()
    }
}

/// Changes of an OAuth2 / OpenID provider.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PatchOAuth2Provider {
    /// New name.
    pub name: Field<String>,
    /// New redirect URIs, replacing the old ones.
    pub redirect_uris: Field<Vec<RedirectUri>>,
    /// New scope mappings, replacing the old ones.
    pub property_mappings: Field<Vec<MappingPk>>,
    /// New signing key.
    pub signing_key: Field<CertificatePk>,
    /// New authorization flow.
    pub authorization_flow: Field<FlowPk>,
}

/// The addresses that an application is configured with. Built from the `Host` of the call (trap
/// T32); null or absent without an assigned application.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SetupUrls {
    /// Issuer.
    #[serde(default, deserialize_with = "null_default")]
    pub issuer: String,
    /// Authorization endpoint.
    #[serde(default, deserialize_with = "null_default")]
    pub authorize: String,
    /// Token endpoint.
    #[serde(default, deserialize_with = "null_default")]
    pub token: String,
    /// Userinfo endpoint.
    #[serde(default, deserialize_with = "null_default")]
    pub user_info: String,
    /// Discovery document.
    #[serde(default, deserialize_with = "null_default")]
    pub provider_info: String,
    /// End-session endpoint.
    #[serde(default, deserialize_with = "null_default")]
    pub logout: String,
    /// JSON Web Key Set.
    #[serde(default, deserialize_with = "null_default")]
    pub jwks: String,
}

/// The claims that a user would get.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PropertyMappingPreview {
    /// Claims by name.
    pub preview: serde_json::Value,
}
