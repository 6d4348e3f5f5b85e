//! Path templates to concrete paths and back.
//!
//! A concrete path is what stands behind `/api/v3` in a request: percent-encoded, no query.
//! [`match_path`] is strict, because it decides what a proxy passes on: what is not exactly one of
//! authentik's paths is refused, and so is every spelling that another program on the way could
//! read differently.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{Method, Operation, OperationId, ParameterKind, catalogue, parameter::parameter};

/// Everything but the unreserved characters of RFC 3986 is encoded in a segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The longest path that is looked at, in bytes.
const MAX_LENGTH: usize = 2048;

/// Why a path is not one of authentik's, or parameters do not make one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// No operation has such a path.
    #[error("authentik's API has no such path")]
    Unknown,
    /// The path exists, but not with this method.
    #[error("authentik's API has no {method} on this path")]
    Method {
        /// The method asked for.
        method: Method,
    },
    /// A trailing slash is missing or too much (trap T31: authentik does not redirect).
    #[error("the path must {} with a slash", ending(*.wanted))]
    Slash {
        /// Whether the operation's path ends with a slash.
        wanted: bool,
    },
    /// A segment is empty, consists of dots, or has a character that paths must not have.
    #[error("the path has a segment that is not allowed: {reason}")]
    Segment {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A parameter is not of its kind.
    #[error("the path parameter {name} must be {}", .expected.as_str())]
    Parameter {
        /// The parameter's name in the template.
        name: &'static str,
        /// What it must be.
        expected: ParameterKind,
    },
    /// There are more or fewer values than parameters.
    #[error("the path has {expected} parameters, {given} were given")]
    Count {
        /// Parameters of the template.
        expected: usize,
        /// Values given.
        given: usize,
    },
    /// The value is a fixed word of another operation's path, so authentik would run that one: no
    /// application can be read by the slug `requestable`.
    #[error("\"{value}\" is a fixed word in the path of {other}")]
    Shadowed {
        /// The value.
        value: String,
        /// The operation authentik would run.
        other: OperationId,
    },
}

fn ending(wanted: bool) -> &'static str {
    if wanted { "end" } else { "not end" }
}

/// What a concrete path stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// The operation.
    pub operation: OperationId,
    /// The parameters' values in the order of the template, decoded.
    pub params: Vec<String>,
}

/// Finds the operation of a method and a concrete path below `/api/v3`.
///
/// Fixed words win over parameters, as in authentik's own routing: `/core/users/me/` is never the
/// user with the id `me`.
///
/// # Errors
/// [`PathError::Segment`] for spellings that are never passed on (`..`, `//`, `%2F`, `;`, control
/// characters, broken encoding …), else what keeps the path from being an operation's.
pub fn match_path(method: Method, path: &str) -> Result<Matched, PathError> {
    let segments = Segments::parse(path)?;
    segments.find(method)
}

impl Operation {
    /// The concrete path of this operation below `/api/v3`, with each parameter percent-encoded.
    ///
    /// The result, given to [`match_path`] with this operation's method, is this operation and
    /// these parameters again.
    ///
    /// # Errors
    /// When the number of values is wrong, or a value is not of its kind, consists of dots, has a
    /// slash, backslash, semicolon or control character, or is [shadowed](PathError::Shadowed).
    pub fn render(&self, params: &[&str]) -> Result<String, PathError> {
        let expected = self.parameters().count();
        if expected != params.len() {
            return Err(PathError::Count {
                expected,
                given: params.len(),
            });
        }
        let mut values = params.iter();
        let mut path = String::with_capacity(self.template.len() + 32);
        for segment in self.template.split('/').skip(1) {
            path.push('/');
            let Some(parameter) = parameter(self.template, segment) else {
                path.push_str(segment);
                continue;
            };
            let value = values.next().copied().unwrap_or_default();
            check(value)?;
            if !parameter.kind.accepts(value) {
                return Err(PathError::Parameter {
                    name: parameter.name,
                    expected: parameter.kind,
                });
            }
            path.extend(utf8_percent_encode(value, SEGMENT));
        }
        if path.len() > MAX_LENGTH {
            return Err(PathError::Segment {
                reason: "it is too long",
            });
        }
        self.refuse_shadowed(&path, params)?;
        Ok(path)
    }

    /// Makes sure that authentik's routing takes `path` for this operation.
    fn refuse_shadowed(&self, path: &str, params: &[&str]) -> Result<(), PathError> {
        let can_be_a_word = |parameter: super::Parameter| {
            matches!(parameter.kind, ParameterKind::Slug | ParameterKind::Text)
        };
        if !self.parameters().any(can_be_a_word) {
            return Ok(());
        }
        let other = match_path(self.method, path)?.operation;
        if other.get() == self {
            return Ok(());
        }
        let words = other.get().template;
        let value = params
            .iter()
            .find(|value| words.split('/').any(|word| word == **value));
        Err(PathError::Shadowed {
            value: value.copied().unwrap_or_default().to_owned(),
            other,
        })
    }
}

/// A concrete path taken apart: decoded segments that are safe to pass on.
struct Segments<'a> {
    /// Without the empty ones before the first and behind the last slash.
    decoded: Vec<Cow<'a, str>>,
    /// Whether the path ends with a slash.
    slash: bool,
}

impl<'a> Segments<'a> {
    fn parse(path: &'a str) -> Result<Self, PathError> {
        if path.len() > MAX_LENGTH {
            return Err(PathError::Segment {
                reason: "it is too long",
            });
        }
        let inner = path.strip_prefix('/').ok_or(PathError::Segment {
            reason: "the path does not begin with a slash",
        })?;
        let (inner, slash) = match inner.strip_suffix('/') {
            Some(inner) => (inner, true),
            None => (inner, false),
        };
        let decoded = inner.split('/').map(decode).collect::<Result<_, _>>()?;
        Ok(Self { decoded, slash })
    }

    fn find(&self, method: Method) -> Result<Matched, PathError> {
        let mut failure = PathError::Unknown;
        let mut best: Option<(OperationId, &'static Operation)> = None;
        for (id, row) in catalogue::tagged(self.decoded.first().map_or("", AsRef::as_ref)) {
            match self.fits(row) {
                Fit::No => {}
                Fit::Almost(error) => {
                    if row.method == method || failure == PathError::Unknown {
                        failure = error;
                    }
                }
                Fit::Yes if row.method != method => {
                    if failure == PathError::Unknown {
                        failure = PathError::Method { method };
                    }
                }
                Fit::Yes => {
                    if best.is_none_or(|(_, other)| more_literal(row.template, other.template)) {
                        best = Some((id, row));
                    }
                }
            }
        }
        let (operation, row) = best.ok_or(failure)?;
        let params = row
            .template
            .split('/')
            .skip(1)
            .zip(&self.decoded)
            .filter(|(word, _)| word.starts_with('{'))
            .map(|(_, value)| value.clone().into_owned())
            .collect();
        Ok(Matched { operation, params })
    }

    /// Whether these segments are a path of `row`.
    fn fits(&self, row: &'static Operation) -> Fit {
        let wanted = row.template.ends_with('/');
        let mut words = row.template.trim_matches('/').split('/');
        let mut wrong = None;
        for value in &self.decoded {
            let Some(word) = words.next() else {
                return Fit::No;
            };
            match parameter(row.template, word) {
                None if word != value => return Fit::No,
                Some(parameter) if !parameter.kind.accepts(value) => {
                    wrong.get_or_insert(PathError::Parameter {
                        name: parameter.name,
                        expected: parameter.kind,
                    });
                }
                _ => {}
            }
        }
        if words.next().is_some() {
            return Fit::No;
        }
        match wrong {
            Some(error) => Fit::Almost(error),
            None if wanted != self.slash => Fit::Almost(PathError::Slash { wanted }),
            None => Fit::Yes,
        }
    }
}

/// How well a path fits a template.
enum Fit {
    Yes,
    Almost(PathError),
    No,
}

/// Whether `left` has a fixed word where `right` first has a parameter and `left` has none.
fn more_literal(left: &str, right: &str) -> bool {
    left.split('/')
        .zip(right.split('/'))
        .map(|(left, right)| (left.starts_with('{'), right.starts_with('{')))
        .find(|(left, right)| left != right)
        .is_some_and(|(left, _)| !left)
}

/// Decodes one segment of a path.
fn decode(segment: &str) -> Result<Cow<'_, str>, PathError> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,=:@%".contains(&byte);
    if !segment.bytes().all(allowed) {
        return Err(PathError::Segment {
            reason: "it has a character that must be encoded",
        });
    }
    let escapes = segment.split('%').skip(1);
    for escape in escapes {
        if !matches!(escape.as_bytes(), [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit())
        {
            return Err(PathError::Segment {
                reason: "it has a broken percent-encoding",
            });
        }
    }
    let decoded = percent_decode_str(segment)
        .decode_utf8()
        .map_err(|_| PathError::Segment {
            reason: "it is not UTF-8",
        })?;
    check(&decoded)?;
    Ok(decoded)
}

/// Refuses decoded values that no segment may have.
fn check(value: &str) -> Result<(), PathError> {
    let reason = if value.is_empty() {
        "it is empty"
    } else if matches!(value, "." | "..") {
        "it consists of dots"
    } else if value.contains(['/', '\\', ';']) {
        "it has a slash, backslash or semicolon"
    } else if value.chars().any(char::is_control) {
        "it has a control character"
    } else {
        return Ok(());
    };
    Err(PathError::Segment { reason })
}
