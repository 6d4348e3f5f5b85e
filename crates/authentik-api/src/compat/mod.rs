//! Every difference between versions that the typed operations meet, and nothing of it elsewhere.
//!
//! | what | since | where |
//! |---|---|---|
//! | redirect URIs: regexes in one string → list of objects (T5) | 2024.12 | [`RedirectUriForm`] |
//! | `invalidation_flow` required on new OAuth2 providers (T6) | 2024.10 | [`Capabilities::invalidation_flow`] |
//! | `grant_types`, default nothing (T1) | 2026.5 | [`Capabilities::grant_types`] |
//! | `policy_bindings` in the transaction | 2024.12 | [`Capabilities::transactional_bindings`] |
//! | scope mappings move to `propertymappings/provider/scope/` | 2024.8 | [`Capabilities::scope_mappings`] |
//! | tenants become brands | 2024.2 | [`Capabilities::current_brand`] |
//! | `admin/settings/` | 2024.2 | [`Capabilities::settings`] |
//! | page size capped at 100, default 20 (T21) | 2025.12 | [`Capabilities::page_size_max`] |
//! | default e-mail scope says `email_verified: false` (T19) | 2025.10 | [`Capabilities::email_verified_by_default`] |
//! | group `parent` → `parents` (T27) | 2025.12 | [`Capabilities::group_parents`] |
//! | `include_users` on group lists | 2024.4 | [`Capabilities::include_users`] |
//! | application icon writable, `meta_icon_url` beside it (T28) | 2025.12 | [`Capabilities::application_icon`] |
//! | back-channel logout, under two names | 2025.8, 2025.10 | [`BackchannelLogout`] |
//! | `jwks_sources` → `jwt_federation_sources` | 2024.12 | not sent |
//! | static bindings collapse in mode `all` (T3) | 2025.8 – 2025.12 | [`Capabilities::mode_all_is_any`] |
//! | `core_default_app_access` (T4) | 2026.5 | [`Capabilities::default_app_access_flag`] |
//! | slugs of applications reserved | 2025.8 | [`Capabilities::reserved_slugs`] |
//! | slugs longer than 50 characters | 2025.12 | [`Capabilities::slug_max`] |

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    OperationId, Version,
    models::{MatchingMode, OAuth2ProviderRequest, RedirectUri},
    operation::named,
};

/// How redirect URIs travel (trap T5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RedirectUriForm {
    /// One string of regular expressions, separated by newlines; up to 2024.10.
    Regexes,
    /// A list of objects with a matching mode; from 2024.12.
    Objects,
}

/// How an OAuth2 provider is told where to say that somebody signed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BackchannelLogout {
    /// Not at all; up to 2025.6.
    Unknown,
    /// By `backchannel_logout_uri`; 2025.8, and the first candidate of 2025.10.
    Own,
    /// By `logout_uri` with a `logout_method`; from 2025.10.
    Shared,
}

/// What the connected server can do: derived from its version and corrected by probing its schema,
/// since a version string does not fix the schema (fact sheet §0).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent fact about a server"
)]
pub struct Capabilities {
    /// The version that the server names.
    pub version: Version,
    /// How redirect URIs travel.
    pub redirect_uris: RedirectUriForm,
    /// New OAuth2 providers need an invalidation flow.
    pub invalidation_flow: bool,
    /// New OAuth2 providers need their grant types spelled out.
    pub grant_types: bool,
    /// How a provider is told where to say that somebody signed out.
    pub backchannel_logout: BackchannelLogout,
    /// The transaction also makes policy bindings; before, it ignores them silently.
    pub transactional_bindings: bool,
    /// Scope mappings live under `propertymappings/provider/`.
    pub scope_mappings_below_provider: bool,
    /// Brands, not tenants.
    pub brands: bool,
    /// `admin/settings/` exists.
    pub settings: bool,
    /// Groups have several parents.
    pub group_parents: bool,
    /// Group lists can leave out the members.
    pub include_users: bool,
    /// `meta_icon` of an application can be written.
    pub application_icon: bool,
}

impl Capabilities {
    /// What a server of this version can do.
    pub fn of(version: Version) -> Self {
        let since = |year, month| version.at_least(year, month);
        Self {
            redirect_uris: if since(2024, 12) {
                RedirectUriForm::Objects
            } else {
                RedirectUriForm::Regexes
            },
            invalidation_flow: since(2024, 10),
            grant_types: since(2026, 5),
            backchannel_logout: if version >= Version::new(2025, 10, 0) {
                BackchannelLogout::Shared
            } else if since(2025, 8) {
                BackchannelLogout::Own
            } else {
                BackchannelLogout::Unknown
            },
            transactional_bindings: since(2024, 12),
            scope_mappings_below_provider: since(2024, 8),
            brands: since(2024, 2),
            settings: since(2024, 2),
            group_parents: since(2025, 12),
            include_users: since(2024, 4),
            application_icon: since(2025, 12),
            version,
        }
    }

    /// The oldest supported server.
    pub fn oldest() -> Self {
        Self::of(Version::new(2023, 10, 0))
    }

    /// Corrects the derived capabilities by the server's own OpenAPI document (`schema/`). What the
    /// document does not settle stays as it was. A development snapshot may carry the version of a
    /// later or an earlier release.
    pub fn correct(&mut self, schema: &Value) {
        let has_path = |path: &str| schema.pointer("/paths").and_then(|paths| paths.get(path));
        if schema.pointer("/paths").is_some_and(Value::is_object) {
            self.scope_mappings_below_provider =
                has_path("/propertymappings/provider/scope/").is_some();
            self.brands = has_path("/core/brands/current/").is_some();
            self.settings = has_path("/admin/settings/").is_some();
        }
        let component = |name: &str| schema.pointer("/components/schemas")?.get(name);
        if let Some(request) = component("OAuth2ProviderRequest") {
            let property = |name: &str| request.pointer("/properties")?.get(name);
            self.grant_types = property("grant_types").is_some();
            self.backchannel_logout = if property("logout_uri").is_some() {
                BackchannelLogout::Shared
            } else if property("backchannel_logout_uri").is_some() {
                BackchannelLogout::Own
            } else {
                BackchannelLogout::Unknown
            };
            self.invalidation_flow = property("invalidation_flow").is_some();
            if let Some(uris) = property("redirect_uris") {
                self.redirect_uris = if uris.get("type").and_then(Value::as_str) == Some("array") {
                    RedirectUriForm::Objects
                } else {
                    RedirectUriForm::Regexes
                };
            }
        }
        if let Some(properties) =
            component("TransactionApplicationRequest").and_then(|c| c.get("properties"))
        {
            self.transactional_bindings = properties.get("policy_bindings").is_some();
        }
        if let Some(properties) = component("GroupRequest").and_then(|c| c.get("properties")) {
            self.group_parents = properties.get("parents").is_some();
        }
        if let Some(properties) = component("ApplicationRequest").and_then(|c| c.get("properties"))
        {
            self.application_icon = properties.get("meta_icon").is_some();
        }
    }

    /// The operations on scope mappings.
    pub fn scope_mappings(&self) -> ScopeMappingOperations {
        if self.scope_mappings_below_provider {
            ScopeMappingOperations {
                list: named("propertymappings_provider_scope_list"),
                create: named("propertymappings_provider_scope_create"),
                retrieve: named("propertymappings_provider_scope_retrieve"),
                destroy: named("propertymappings_provider_scope_destroy"),
                used_by: named("propertymappings_provider_scope_used_by_list"),
            }
        } else {
            ScopeMappingOperations {
                list: named("propertymappings_scope_list"),
                create: named("propertymappings_scope_create"),
                retrieve: named("propertymappings_scope_retrieve"),
                destroy: named("propertymappings_scope_destroy"),
                used_by: named("propertymappings_scope_used_by_list"),
            }
        }
    }

    /// The operation that tells the brand in force.
    pub fn current_brand(&self) -> OperationId {
        if self.brands {
            named("core_brands_current_retrieve")
        } else {
            named("core_tenants_current_retrieve")
        }
    }

    /// The largest page a list gives (trap T21); `None` when there is no maximum. The number can be
    /// changed in the server's settings, so readers still follow `pagination.next`.
    pub fn page_size_max(&self) -> Option<u32> {
        self.version.at_least(2025, 12).then_some(100)
    }

    /// Whether the managed `email` scope says that addresses are verified (trap T19).
    pub fn email_verified_by_default(&self) -> bool {
        !self.version.at_least(2025, 10)
    }

    /// Whether mode `all` lets a person in when *one* of several group or user bindings passes: the
    /// defect of 2025.8 to 2025.12 (trap T3).
    pub fn mode_all_is_any(&self) -> bool {
        self.version.at_least(2025, 8) && !self.version.at_least(2026, 2)
    }

    /// Whether applications without binding can be closed by a system setting (trap T4).
    pub fn default_app_access_flag(&self) -> bool {
        self.version.at_least(2026, 5)
    }

    /// Slugs that an application may not have (fact sheet §5).
    pub fn reserved_slugs(&self) -> &'static [&'static str] {
        if self.version.at_least(2025, 8) {
            &[
                "authorize",
                "token",
                "device",
                "userinfo",
                "introspect",
                "revoke",
            ]
        } else {
            &[]
        }
    }

    /// The most characters a slug may have.
    pub fn slug_max(&self) -> Option<usize> {
        (!self.version.at_least(2025, 12)).then_some(50)
    }

    /// The grant types to send with a new OAuth2 provider: nothing before 2026.5, and from then on
    /// what a web application needs, since the server's default is an empty list with which nobody
    /// can sign in (trap T1).
    pub fn default_grant_types(&self) -> Option<Vec<String>> {
        self.grant_types
            .then(|| vec!["authorization_code".to_owned(), "refresh_token".to_owned()])
    }

    /// A new OAuth2 provider as this server wants it in a body: redirect URIs in its form, the
    /// invalidation flow where it is known, grant types where they must be sent.
    pub fn encode_oauth2_provider(&self, request: &OAuth2ProviderRequest) -> Value {
        let mut body = serde_json::json!({
            "name": request.name,
            "authorization_flow": request.authorization_flow,
            "property_mappings": request.property_mappings,
            "client_type": request.client_type,
            "redirect_uris": self.encode_redirect_uris(&request.redirect_uris),
            "signing_key": request.signing_key,
            "sub_mode": request.sub_mode,
            "issuer_mode": request.issuer_mode,
            "include_claims_in_id_token": true,
        });
        let mut set = |key: &str, value: Option<Value>| {
            if let (Some(map), Some(value)) = (body.as_object_mut(), value) {
                map.insert(key.to_owned(), value);
            }
        };
        let text = |value: &Option<String>| value.clone().map(Value::String);
        set("client_id", text(&request.client_id));
        set("client_secret", text(&request.client_secret));
        set(
            "access_token_validity",
            text(&request.access_token_validity),
        );
        set("access_code_validity", text(&request.access_code_validity));
        if let Some(uri) = &request.backchannel_logout {
            let uri = Some(uri.clone().into());
            match self.backchannel_logout {
                BackchannelLogout::Unknown => {}
                BackchannelLogout::Own => set("backchannel_logout_uri", uri),
                BackchannelLogout::Shared => {
                    set("logout_uri", uri);
                    set("logout_method", Some("backchannel".into()));
                }
            }
        }
        if self.invalidation_flow {
            set(
                "invalidation_flow",
                request.invalidation_flow.map(|pk| pk.to_string().into()),
            );
        }
        let grant_types = self.default_grant_types().map(|mut types| {
            types.extend(request.further_grant_types.iter().cloned());
            types.into()
        });
        set("grant_types", grant_types);
        body
    }

    /// Redirect URIs as this server wants them in a body.
    pub fn encode_redirect_uris(&self, uris: &[RedirectUri]) -> Value {
        match self.redirect_uris {
            RedirectUriForm::Objects => uris.iter().map(|uri| serde_json::json!(uri)).collect(),
            RedirectUriForm::Regexes => {
                let lines: Vec<String> = uris
                    .iter()
                    .map(|uri| match uri.matching_mode {
                        MatchingMode::Regex => uri.url.clone(),
                        _ => escape(&uri.url),
                    })
                    .collect();
                Value::String(lines.join("\n"))
            }
        }
    }
}

/// The operations on scope mappings, whose path moved in 2024.8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScopeMappingOperations {
    /// Lists them.
    pub list: OperationId,
    /// Creates one.
    pub create: OperationId,
    /// Reads one.
    pub retrieve: OperationId,
    /// Deletes one.
    pub destroy: OperationId,
    /// Lists what uses one.
    pub used_by: OperationId,
}

/// The characters that mean something in a Python regular expression.
const META: &[char] = &[
    '.', '^', '$', '*', '+', '?', '{', '}', '[', ']', '\\', '|', '(', ')', '-', '#', '&', '~',
];

/// A regular expression that matches exactly `url`, readable where it can be: only what means
/// something in a URL's place is escaped.
fn escape(url: &str) -> String {
    let mut escaped = String::with_capacity(url.len() + 8);
    for c in url.chars() {
        if matches!(
            c,
            '.' | '^' | '$' | '*' | '+' | '?' | '{' | '}' | '[' | ']' | '\\' | '|' | '(' | ')'
        ) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Reads the string form of ≤ 2024.10 back: an entry that is nothing but an escaped address is a
/// strict one, everything else a regular expression. Entries are separated by white space.
pub(crate) fn decode_redirect_uri_regexes(text: &str) -> Vec<RedirectUri> {
    text.split_whitespace()
        .map(|entry| match unescape(entry) {
            Some(url) => RedirectUri::strict(url),
            None => RedirectUri::regex(entry),
        })
        .collect()
}

/// The text that `pattern` matches, when it is an escaped literal.
fn unescape(pattern: &str) -> Option<String> {
    let mut literal = String::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => literal.push(chars.next().filter(|c| META.contains(c) || *c == '/')?),
            '^' | '$' | '*' | '+' | '?' | '{' | '}' | '[' | ']' | '|' | '(' | ')' | '.' => {
                return None;
            }
            c => literal.push(c),
        }
    }
    Some(literal)
}

#[cfg(test)]
mod tests;
