//! The claim mapping that many presets share.

/// Name of the scope mapping that asserts a verified e-mail address.
pub const VERIFIED_EMAIL_NAME: &str = "Ostiary: verified e-mail";

/// The scope it belongs to. It takes the place of authentik's own `email` mapping.
pub const VERIFIED_EMAIL_SCOPE: &str = "email";

/// The scope mapping of authentik that it replaces, by its `managed` key.
pub const VERIFIED_EMAIL_REPLACES: &str = "goauthentik.io/providers/oauth2/scope-email";

/// Its expression (authentik's expression language, which is Python).
///
/// authentik 2025.10 and later send `email_verified: false` by themselves. This asserts an address
/// that authentik may not have checked, so the administrator has to agree to it.
pub const VERIFIED_EMAIL_EXPRESSION: &str = "\
return {
    \"email\": request.user.email,
    \"email_verified\": True,
}
";
