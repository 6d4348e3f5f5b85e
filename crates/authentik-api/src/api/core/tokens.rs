//! `core/tokens/`.

use crate::{
    Parts,
    api::{endpoint, handler},
    models::TokenKey,
    operation::named,
};

endpoint! {
    /// Shows the key of a token. authentik writes an event about it.
    ///
    /// | | |
    /// |---|---|
    /// | Operation | `core_tokens_view_key_retrieve`, `GET core/tokens/{identifier}/view_key/` |
    /// | Permission | a superuser, or the owner with `authentik_core.view_token_key` |
    /// | Versions | all |
    /// | Surprises | a token is made without its key in the answer: this is the only way to it |
    ViewTokenKey {
        /// Identifier of the token.
        identifier: String,
    } -> TokenKey,
    |this, _capabilities| {
        Ok(Parts::new(named("core_tokens_view_key_retrieve")).param(&this.identifier))
    }
}

handler! {
    /// Operations on tokens.
    Tokens {
        /// Shows the key of a token.
        view_key(ViewTokenKey),
    }
}
