//! Parameters of a path template.

use super::Operation;

/// What a path parameter looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParameterKind {
    /// A whole number from 0 on: users, providers, connections, permissions.
    Int,
    /// A UUID, with or without dashes: most objects.
    Uuid,
    /// ASCII letters, digits, hyphens and underscores: applications, flows, sources, tokens. The
    /// schemas declare a text; the pattern stands with the field that the parameter finds.
    Slug,
    /// Another text: identifiers that come from elsewhere.
    Text,
}

/// The longest slug, that of tokens.
const MAX_SLUG: usize = 255;

/// Resources whose parameter is called `id` and is a UUID, by the start of their template.
const UUID_IDS: [&str; 9] = [
    "/lifecycle/rules/",
    "/lifecycle/user_offboarding/",
    "/providers/google_workspace_",
    "/providers/microsoft_entra_",
    "/providers/scim_",
    "/reports/exports/",
    "/tasks/schedules/",
    "/core/object_attributes/",
    "/tasks/tasks/",
];

/// Resources whose parameter is called `id` and is a text.
const TEXT_IDS: [&str; 2] = ["/admin/system_tasks/", "/sources/scim_"];

impl ParameterKind {
    /// The kind of the parameter `name` of `template`, as declared by authentik's API schemas.
    fn of(template: &str, name: &str) -> Self {
        let below = |resources: &[&str]| resources.iter().any(|start| template.starts_with(start));
        match name {
            "slug" | "flow_slug" | "identifier" => Self::Slug,
            "content_type" | "object_id" => Self::Text,
            "id" if below(&TEXT_IDS) => Self::Text,
            "id" if !below(&UUID_IDS) => Self::Int,
            _ => Self::Uuid,
        }
    }

    /// Whether `value` (not percent-encoded) is one of this kind.
    pub fn accepts(self, value: &str) -> bool {
        match self {
            Self::Int => {
                (1..=19).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit())
            }
            Self::Uuid => matches!(value.len(), 32 | 36) && uuid::Uuid::try_parse(value).is_ok(),
            Self::Slug => {
                let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
                (1..=MAX_SLUG).contains(&value.len()) && value.bytes().all(fits)
            }
            Self::Text => !value.is_empty(),
        }
    }

    /// The kind in words, for messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Int => "a number",
            Self::Uuid => "a UUID",
            Self::Slug => "a slug (letters, digits, hyphens and underscores)",
            Self::Text => "a text",
        }
    }
}

/// One parameter of a path template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// The name between the braces.
    pub name: &'static str,
    /// What its values look like.
    pub kind: ParameterKind,
}

impl Operation {
    /// The parameters of the template, in the order of the path.
    pub fn parameters(&self) -> impl Iterator<Item = Parameter> + use<> {
        let template = self.template;
        template
            .split('/')
            .filter_map(|segment| parameter(template, segment))
    }
}

/// The parameter that this segment of `template` stands for, if it is not literal.
pub(super) fn parameter(template: &str, segment: &'static str) -> Option<Parameter> {
    let name = segment.strip_prefix('{')?.strip_suffix('}')?;
    Some(Parameter {
        name,
        kind: ParameterKind::of(template, name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_accept_their_own_and_refuse_others() {
        let uuid = "0f7f44a9-6a4a-4d29-9d2c-3b5b7a3b1f7e";
        let cases = [
            (ParameterKind::Int, "0", true),
            (ParameterKind::Int, "9223372036854775807", true),
            (ParameterKind::Int, "", false),
            (ParameterKind::Int, "-1", false),
            (ParameterKind::Int, "+1", false),
            (ParameterKind::Int, "1.0", false),
            (ParameterKind::Int, "me", false),
            (ParameterKind::Int, "٣", false),
            (ParameterKind::Uuid, uuid, true),
            (
                ParameterKind::Uuid,
                "0F7F44A96A4A4D299D2C3B5B7A3B1F7E",
                true,
            ),
            (
                ParameterKind::Uuid,
                "{0f7f44a9-6a4a-4d29-9d2c-3b5b7a3b1f7e}",
                false,
            ),
            (
                ParameterKind::Uuid,
                "urn:uuid:0f7f44a9-6a4a-4d29-9d2c-3b5b7a3b1f7e",
                false,
            ),
            (
                ParameterKind::Uuid,
                "0f7f44a9-6a4a-4d29-9d2c-3b5b7a3b1f7",
                false,
            ),
            (ParameterKind::Uuid, "current", false),
            (ParameterKind::Slug, "ak-Outpost_7", true),
            (ParameterKind::Slug, "", false),
            (ParameterKind::Slug, "a.b", false),
            (ParameterKind::Slug, "a b", false),
            (ParameterKind::Slug, "dürer", false),
            (ParameterKind::Slug, "a%2e", false),
            (ParameterKind::Text, "dürer %", true),
            (ParameterKind::Text, "", false),
        ];
        for (kind, value, expected) in cases {
            assert_eq!(kind.accepts(value), expected, "{kind:?} {value:?}");
        }
    }

    #[test]
    fn parameters_tell_names_and_kinds_in_order() {
        let of = |id: &str| -> Vec<_> {
            let parameters = crate::operation::named(id).get().parameters();
            parameters
                .map(|parameter| (parameter.name, parameter.kind))
                .collect()
        };
        assert_eq!(of("core_users_list"), []);
        assert_eq!(of("core_users_retrieve"), [("id", ParameterKind::Int)]);
        assert_eq!(
            of("reports_exports_retrieve"),
            [("id", ParameterKind::Uuid)]
        );
        assert_eq!(
            of("core_applications_retrieve"),
            [("slug", ParameterKind::Slug)]
        );
        assert_eq!(
            of("lifecycle_iterations_list_latest"),
            [
                ("content_type", ParameterKind::Text),
                ("object_id", ParameterKind::Text)
            ]
        );
    }
}
