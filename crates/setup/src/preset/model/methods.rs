//! What a preset gives once values are known.

use crate::preset::model::{Matching, Preset, Protocol, RenderedRedirectUri};
use crate::preset::names::Names;
use crate::preset::template::{Template, TemplateError};
use crate::preset::values::{Values, escape_regex};

impl Preset {
    /// Whether a guided set-up exists for it now. The others are listed only.
    pub fn available(&self) -> bool {
        self.protocol == Protocol::Oidc
    }

    /// The names that its templates may use.
    pub fn names(&self) -> Names {
        let with_literals = self
            .literals
            .iter()
            .fold(Names::core(), Names::with_literal);
        self.variables
            .iter()
            .fold(with_literals, |names, variable| {
                names.with_variable(&variable.name, variable.secret)
            })
    }

    /// `values`, with the defaults of the preset's variables where they have none.
    #[must_use]
    pub fn with_defaults(&self, values: &Values) -> Values {
        let mut all = values.clone();
        for variable in &self.variables {
            if let (None, Some(default)) = (all.get(&variable.name), &variable.default) {
                all.insert(&variable.name, default);
            }
        }
        all
    }

    /// Renders any template of this preset: pitfalls, notes, group names, logout addresses.
    ///
    /// # Errors
    /// [`TemplateError`] if a placeholder is unknown or has neither value nor default.
    pub fn text(&self, template: &str, values: &Values) -> Result<String, TemplateError> {
        Template::parse(template, &self.names())?.render_text(&self.with_defaults(values))
    }

    /// The launch URL, if the preset sets one.
    ///
    /// # Errors
    /// As [`Preset::text`].
    pub fn launch_url(&self, values: &Values) -> Result<Option<String>, TemplateError> {
        self.launch_url
            .as_deref()
            .map(|template| self.text(template, values))
            .transpose()
    }

    /// Where the application is told that somebody signed out, if it can be.
    ///
    /// # Errors
    /// As [`Preset::text`].
    pub fn backchannel_logout(&self, values: &Values) -> Result<Option<String>, TemplateError> {
        self.logout
            .backchannel_uri
            .as_deref()
            .map(|template| self.text(template, values))
            .transpose()
    }

    /// The preset without what only people and applications read, a tenth of the size: enough to
    /// [`validate`](crate::oidc_application::validate) names, addresses and variables of a draft.
    #[must_use]
    pub fn for_validation(&self) -> Self {
        Self {
            pitfalls: Vec::new(),
            groups: Vec::new(),
            app_side: Vec::new(),
            ..self.clone()
        }
    }

    /// The redirect URIs. In a regex, all values but `base_regex` are escaped.
    ///
    /// # Errors
    /// As [`Preset::text`].
    pub fn redirect_uris(
        &self,
        values: &Values,
    ) -> Result<Vec<RenderedRedirectUri>, TemplateError> {
        let names = self.names();
        let plain = self.with_defaults(values);
        self.redirect_uris
            .iter()
            .map(|redirect| {
                let template = Template::parse(&redirect.url, &names)?;
                let mut values = plain.clone();
                if redirect.matching == Matching::Regex {
                    for name in template.placeholders().filter(|name| *name != "base_regex") {
                        if let Some(value) = plain.get(name) {
                            values.insert(name, escape_regex(value));
                        }
                    }
                }
                Ok(RenderedRedirectUri {
                    url: template.render_text(&values)?,
                    matching: redirect.matching,
                    optional: redirect.optional,
                    purpose: redirect.purpose.clone(),
                })
            })
            .collect()
    }
}
