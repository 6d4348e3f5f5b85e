//! Three-state values of PATCH bodies.

use serde::{Serialize, Serializer};

/// What a PATCH does to one field: nothing, `null`, or a new value.
///
/// Use it with `#[serde(skip_serializing_if = "Field::is_keep")]`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// The field is left out of the body and keeps its value.
    #[default]
    Keep,
    /// The field is sent as `null`.
    Null,
    /// The field is sent with this value.
    Set(T),
}

impl<T> Field<T> {
    /// Whether the field is left out of the body.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

impl<T: Serialize> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep | Self::Null => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize, Default)]
    struct Body {
        #[serde(skip_serializing_if = "Field::is_keep")]
        provider: Field<i64>,
    }

    #[test]
    fn field_has_three_states_on_the_wire() {
        let json = |provider| serde_json::to_string(&Body { provider }).unwrap();
        assert_eq!(json(Field::Keep), "{}");
        assert_eq!(json(Field::Null), r#"{"provider":null}"#);
        assert_eq!(json(7.into()), r#"{"provider":7}"#);
    }
}
