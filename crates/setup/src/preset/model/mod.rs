//! A preset as it stands in its TOML file and travels as JSON.

mod methods;
mod words;

use serde::{Deserialize, Serialize};

pub use self::words::{
    Category, ClientType, Confidence, Format, Matching, Protocol, SigningKey, SubMode,
};
use crate::preset::value::Table;

/// One application, or a generic kind of one. Texts with braces are templates, see [`Preset::text`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Unique; also the file name and the proposed slug.
    pub id: String,
    /// The application's name.
    pub name: String,
    /// Other names to search by.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What kind of application it is.
    pub category: Category,
    /// How this preset connects it.
    pub protocol: Protocol,
    /// Other ways that the application supports.
    #[serde(default)]
    pub other_protocols: Vec<Protocol>,
    /// How sure the facts are.
    pub confidence: Confidence,
    /// Template of the launch URL; `None` leaves it to authentik.
    #[serde(default)]
    pub launch_url: Option<String>,
    /// `None` for SAML and LDAP.
    #[serde(default)]
    pub client_type: Option<ClientType>,
    /// What the application asks of the signing key.
    #[serde(default = "no_signing_key")]
    pub signing_key: SigningKey,
    /// Scope names that the provider must offer. Those that authentik lacks are in `mappings`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// `None` for authentik's default.
    #[serde(default)]
    pub sub_mode: Option<SubMode>,
    /// Whether the application must be restarted to read its settings.
    pub restart_needed: bool,
    /// Names in braces that belong to the application, without the braces.
    #[serde(default)]
    pub literals: Vec<String>,
    /// What often goes wrong, as sentences; templates.
    #[serde(default)]
    pub pitfalls: Vec<String>,
    /// Whether sign-in needs a verified e-mail address.
    #[serde(default)]
    pub verified_email: VerifiedEmail,
    /// Other settings of the provider.
    #[serde(default)]
    pub overrides: Overrides,
    /// What happens at signing out.
    #[serde(default)]
    pub logout: Logout,
    /// Inputs beyond the application's address.
    #[serde(default)]
    pub variables: Vec<Variable>,
    /// Where authentik may send people back to; for SAML the assertion consumer service.
    #[serde(default)]
    pub redirect_uris: Vec<RedirectUri>,
    /// Groups that the application gives a role.
    #[serde(default)]
    pub groups: Vec<RoleGroup>,
    /// Scope mappings of our own.
    #[serde(default)]
    pub mappings: Vec<Mapping>,
    /// What has to be entered in the application.
    #[serde(default)]
    pub app_side: Vec<AppSide>,
    /// Facts for SAML.
    #[serde(default)]
    pub saml: Option<Saml>,
    /// Facts for the proxy provider.
    #[serde(default)]
    pub proxy: Option<Proxy>,
    /// Facts for LDAP.
    #[serde(default)]
    pub ldap: Option<Ldap>,
}

const fn no_signing_key() -> SigningKey {
    SigningKey::None
}

/// Whether sign-in needs the claim `email_verified` to be true.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerifiedEmail {
    /// Whether.
    pub need: VerifiedEmailNeed,
    /// Why, or on what it depends; empty for no need.
    #[serde(default)]
    pub reason: String,
}

/// Whether a verified e-mail address is needed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerifiedEmailNeed {
    /// Never.
    #[default]
    No,
    /// Sign-in fails without.
    Yes,
    /// Only under the condition in [`VerifiedEmail::reason`].
    When,
}

/// Settings of the provider that differ from authentik's defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Overrides {
    /// The client id is fixed by the application.
    pub client_id: Option<String>,
    /// Life of the authorization code, in authentik's form, such as `minutes=10`.
    pub access_code_validity: Option<String>,
    /// Life of the access token, in authentik's form.
    pub access_token_validity: Option<String>,
    /// The application uses the device code flow too; the brand needs a flow for it.
    pub device_code: bool,
    /// The application uses the implicit flow.
    pub implicit: bool,
}

/// What happens at signing out. The addresses are templates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Logout {
    /// The application sends people to authentik's end session address.
    pub uses_end_session: bool,
    /// Where people may come back to afterwards.
    pub post_logout_redirect_uris: Vec<String>,
    /// Where the application accepts back-channel logout.
    pub backchannel_uri: Option<String>,
    /// Where the application accepts front-channel logout.
    pub frontchannel_uri: Option<String>,
}

/// An input of the preset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// The placeholder's name.
    pub name: String,
    /// What the field asks for.
    pub label: String,
    /// What a value looks like.
    pub example: String,
    /// The value if nothing is entered; without one the input is required.
    #[serde(default)]
    pub default: Option<String>,
    /// Whether an empty value makes sense.
    #[serde(default)]
    pub may_be_empty: bool,
    /// Whether the value is shown masked.
    #[serde(default)]
    pub secret: bool,
}

/// A redirect URI of the preset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedirectUri {
    /// Template of the URL, or of the regular expression.
    pub url: String,
    /// How authentik compares it.
    pub matching: Matching,
    /// Whether it is only added when `purpose` applies.
    #[serde(default)]
    pub optional: bool,
    /// What it is for; empty for the sign-in itself.
    #[serde(default)]
    pub purpose: String,
}

/// A redirect URI with the values filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedRedirectUri {
    /// The URL, or the regular expression.
    pub url: String,
    /// How authentik compares it.
    pub matching: Matching,
    /// Whether it is only added when `purpose` applies.
    pub optional: bool,
    /// What it is for; empty for the sign-in itself.
    pub purpose: String,
}

/// A group and the role that it gives in the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleGroup {
    /// Template of the group's name; often only an example.
    pub name: String,
    /// Template of what its members are in the application.
    pub role: String,
}

/// A scope mapping that the set-up creates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Its name in authentik.
    pub name: String,
    /// The scope it belongs to.
    pub scope_name: String,
    /// What it is for, as a sentence.
    pub purpose: String,
    /// Whether the application does not work without it.
    pub required: bool,
    /// The scope whose mapping by authentik it replaces.
    #[serde(default)]
    pub replaces: Option<String>,
    /// The expression (authentik's expression language, which is Python); no template.
    pub expression: String,
    /// What each claim holds.
    pub claims: std::collections::BTreeMap<String, String>,
}

/// One place in the application where something has to be entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppSide {
    /// The syntax.
    pub format: Format,
    /// Template of where it goes: a file, or a path through the menus.
    pub place: String,
    /// Set for an alternative: of the alternatives only one is needed.
    #[serde(default)]
    pub variant: Option<String>,
    /// Whether a Docker Compose form of `env` makes sense.
    #[serde(default = "yes")]
    pub compose: bool,
    /// Sentences (templates): what to do first.
    #[serde(default)]
    pub before: Vec<String>,
    /// What is needed.
    #[serde(default)]
    pub values: Table,
    /// What may be added.
    #[serde(default)]
    pub optional: Table,
    /// A sentence (template) about it.
    #[serde(default)]
    pub note: Option<String>,
}

const fn yes() -> bool {
    true
}

/// Facts for a SAML provider; addresses and names are templates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saml {
    /// Assertion consumer service.
    pub acs_url: String,
    /// Audience; empty for none.
    pub audience: String,
    /// Issuer.
    pub issuer: String,
    /// `post` or `redirect`.
    pub sp_binding: String,
    /// Whether assertions are signed.
    pub sign_assertion: bool,
    /// Whether responses are signed.
    pub sign_response: bool,
    /// What the name ID holds.
    #[serde(default)]
    pub name_id: Option<String>,
    /// Relay state if the application sends none.
    #[serde(default)]
    pub default_relay_state: Option<String>,
    /// Which certificate signs.
    pub signing_certificate: String,
    /// Which certificate verifies requests.
    #[serde(default)]
    pub verification_certificate: Option<String>,
    /// Which of authentik's own mappings are used: `all`, `none`, or names.
    pub managed_mappings: Vec<String>,
    /// Attributes of our own.
    #[serde(default)]
    pub attribute_mappings: Vec<SamlAttribute>,
}

/// An attribute in the assertion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SamlAttribute {
    /// Its name.
    pub saml_name: String,
    /// What it holds.
    pub returns: String,
}

/// Facts for a proxy provider; hosts are templates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proxy {
    /// authentik's mode: `proxy`, `forward_single` or `forward_domain`.
    pub mode: String,
    /// The mode we recommend where it differs.
    #[serde(default)]
    pub recommended_mode: Option<String>,
    /// The address that people open.
    pub external_host: String,
    /// The address that the outpost reaches; `None` for forward auth.
    #[serde(default)]
    pub internal_host: Option<String>,
    /// The port on which the application listens by default.
    pub internal_port: u16,
    /// Paths that stay open without sign-in, as regular expressions of Go.
    pub open_paths: Vec<String>,
    /// Whether the outpost sends HTTP basic credentials.
    pub basic_auth: bool,
    /// The attribute with the username for them.
    #[serde(default)]
    pub basic_auth_user_attribute: Option<String>,
    /// The attribute with the password for them.
    #[serde(default)]
    pub basic_auth_password_attribute: Option<String>,
    /// Headers that the application reads.
    #[serde(default)]
    pub headers: Vec<String>,
}

/// Facts for an LDAP provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ldap {
    /// authentik's default base DN.
    pub base_dn: String,
    /// Where people are.
    pub users_ou: String,
    /// Where groups are.
    pub groups_ou: String,
    /// Which account binds.
    pub bind_account: String,
    /// Whether and how the connection is encrypted.
    #[serde(default)]
    pub tls: Option<String>,
}
