//! Templates: text with named placeholders in braces.

use crate::preset::names::{Meaning, Names};
use crate::preset::segment::{Segment, plain_text};
use crate::preset::values::Values;

/// Why a template could not be rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A name in braces that is neither a core name, nor a variable, nor declared literal.
    #[error("the placeholder {{{name}}} is not known")]
    Unknown {
        /// What stands between the braces.
        name: String,
    },
    /// A known placeholder without a value.
    #[error("there is no value for {{{name}}}")]
    Missing {
        /// What stands between the braces.
        name: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Placeholder { name: String, secret: bool },
}

/// A rendered part that remembers where it came from, so that each format can escape it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Written in the template.
    Literal(String),
    /// The value of a placeholder.
    Value(String),
    /// The value of a secret placeholder.
    Secret { name: String, value: String },
}

impl Piece {
    /// The unescaped text, secret or not.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Literal(text) | Self::Value(text) => text,
            Self::Secret { value, .. } => value,
        }
    }
}

/// A parsed template. Only `{name}` with a known name is a placeholder; every other brace is text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
}

/// The name in `{name}` at the start of `text`: a lower-case letter, then letters, digits, `_`.
fn leading_name(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('{')?;
    let name = inner.get(..inner.find('}')?)?;
    let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase());
    let rest_well = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    (starts_well && rest_well).then_some(name)
}

impl Template {
    /// Parses `text`.
    ///
    /// # Errors
    /// [`TemplateError::Unknown`] if something reads like a placeholder but is not in `names`.
    pub fn parse(text: &str, names: &Names) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            let (before, from_brace) = rest.split_at(at);
            literal.push_str(before);
            let Some(name) = leading_name(from_brace) else {
                literal.push('{');
                rest = from_brace.get(1..).unwrap_or_default();
                continue;
            };
            rest = from_brace.get(name.len() + 2..).unwrap_or_default();
            let secret = match names.meaning(name) {
                Some(Meaning::Literal) => {
                    literal.push('{');
                    literal.push_str(name);
                    literal.push('}');
                    continue;
                }
                Some(Meaning::Plain) => false,
                Some(Meaning::Secret) => true,
                None => return Err(TemplateError::Unknown { name: name.into() }),
            };
            if !literal.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut literal)));
            }
            parts.push(Part::Placeholder {
                name: name.into(),
                secret,
            });
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Ok(Self { parts })
    }

    /// The names of the placeholders, in order, with repetitions.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Placeholder { name, .. } => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    pub(crate) fn pieces(&self, values: &Values) -> Result<Vec<Piece>, TemplateError> {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => Ok(Piece::Literal(text.clone())),
                Part::Placeholder { name, secret } => {
                    let value = values
                        .get(name)
                        .ok_or_else(|| TemplateError::Missing { name: name.clone() })?
                        .to_owned();
                    Ok(if *secret {
                        Piece::Secret {
                            name: name.clone(),
                            value,
                        }
                    } else {
                        Piece::Value(value)
                    })
                }
            })
            .collect()
    }

    /// Replaces the placeholders. Values are not templates: braces in them stay as they are.
    ///
    /// # Errors
    /// [`TemplateError::Missing`] if `values` lacks a placeholder.
    pub fn render(&self, values: &Values) -> Result<Vec<Segment>, TemplateError> {
        let mut segments: Vec<Segment> = Vec::new();
        for piece in self.pieces(values)? {
            match piece {
                Piece::Literal(text) | Piece::Value(text) => match segments.last_mut() {
                    Some(Segment::Text(last)) => last.push_str(&text),
                    _ => segments.push(Segment::Text(text)),
                },
                Piece::Secret { name, value } => segments.push(Segment::Secret { name, value }),
            }
        }
        Ok(segments)
    }

    /// Replaces the placeholders and joins the result, secrets included.
    ///
    /// # Errors
    /// As [`Template::render`].
    pub fn render_text(&self, values: &Values) -> Result<String, TemplateError> {
        Ok(plain_text(&self.render(values)?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names() -> Names {
        Names::core()
            .with_variable("provider_key", false)
            .with_literal("action")
    }

    #[test]
    fn render_replaces_only_known_names() {
        let template = Template::parse(
            r#"{"a":"{slug}","b":"{0} {baseUrl} {action} {{ user.name }} {}"} {"#,
            &names(),
        )
        .unwrap();
        let values = Values::default().with("slug", "{client_id}");
        assert_eq!(
            template.render_text(&values).unwrap(),
            r#"{"a":"{client_id}","b":"{0} {baseUrl} {action} {{ user.name }} {}"} {"#
        );
        assert_eq!(template.placeholders().collect::<Vec<_>>(), ["slug"]);
    }

    #[test]
    fn parse_unknown_name_is_named() {
        assert_eq!(
            Template::parse("x {nonsense}", &names()),
            Err(TemplateError::Unknown {
                name: "nonsense".into()
            })
        );
    }

    #[test]
    fn render_without_value_is_an_error() {
        let template = Template::parse("{base}/{provider_key}", &names()).unwrap();
        let error = template.render(&Values::default().with("base", "b"));
        assert_eq!(
            error.unwrap_err().to_string(),
            "there is no value for {provider_key}"
        );
    }

    #[test]
    fn render_secret_is_its_own_segment() {
        let template = Template::parse("a {client_secret} b", &names()).unwrap();
        let segments = template
            .render(&Values::default().with("client_secret", "hush"))
            .unwrap();
        assert_eq!(segments.len(), 3);
        assert_eq!(crate::preset::masked_text(&segments), "a •••••••• b");
        assert!(!format!("{segments:?}").contains("hush"));
    }

    proptest! {
        #[test]
        fn parse_text_without_names_is_unchanged(text in "[^a-z]*") {
            let template = Template::parse(&text, &names()).unwrap();
            prop_assert_eq!(template.render_text(&Values::default()).unwrap(), text);
        }
    }
}
