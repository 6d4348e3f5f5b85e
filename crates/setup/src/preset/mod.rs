//! Presets: what is known about connecting one application, as data.
//!
//! A preset is one TOML file under `crates/setup/presets/`: its redirect URIs, scopes, the claim
//! mappings it needs, and what has to be entered on the application's own side. The files are
//! compiled in with the cargo feature `presets` (see `Library`); the types and the rendering are
//! free of it, so that the browser can show a preset that it fetched as JSON.
//!
//! Everything here is pure: no I/O, no clock, no randomness. Values such as `{random_secret}` are
//! given by the caller.

#[cfg(feature = "presets")]
mod library;
pub mod mapping;
mod model;
mod names;
mod render;
mod search;
mod segment;
mod summary;
mod template;
mod value;
mod values;

#[cfg(feature = "presets")]
pub use library::{Library, PresetError};
pub use model::{
    AppSide, Category, ClientType, Confidence, Format, Ldap, Logout, Mapping, Matching, Overrides,
    Preset, Protocol, Proxy, RedirectUri, RenderedRedirectUri, RoleGroup, Saml, SamlAttribute,
    SigningKey, SubMode, Variable, VerifiedEmail, VerifiedEmailNeed,
};
pub use names::{CORE_NAMES, CoreName, Names};
pub use render::{Snippet, Step, StepAction, render_snippets};
pub use search::search;
pub use segment::{MASK, Segment, masked_text, plain_text};
pub use summary::Summary;
pub use template::{Template, TemplateError};
pub use value::{Table, Value};
pub use values::{Values, core_values};
