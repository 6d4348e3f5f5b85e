use std::collections::BTreeMap;

use authentik_api::OperationId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Object;
use crate::finding::Finding;

/// What a change set will do, in order. The same plan is shown, executed, journaled and undone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The plan in one line.
    pub title: String,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// Risks and remarks, the worst first.
    pub findings: Vec<Finding>,
    /// Who may enter afterwards.
    pub access: AccessSummary,
}

/// One request of a plan, in words and in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Name of the step, unique in its plan.
    pub id: String,
    /// What it does, in words.
    pub title: String,
    /// What it sets, line by line, in words.
    pub lines: Vec<Line>,
    /// What it sends.
    pub request: PlannedRequest,
    /// Which field of the draft a field of the body comes from: start of the dotted path in an
    /// error, name of the draft's field.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// What exists afterwards that did not before, in the order of creation.
    pub creates: Vec<Creation>,
}

impl Step {
    /// The field of the draft that a kind of object gets its name from.
    pub(super) fn field_of(&self, object: Object) -> Option<String> {
        let path = match object {
            Object::Application => "app.slug",
            Object::Oauth2Provider => "provider.name",
            _ => "",
        };
        self.fields.get(path).cloned()
    }
}

/// One line of a step: what is set to what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What is set.
    pub label: String,
    /// To what.
    pub value: String,
}

impl Line {
    /// A line.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
        }
    }
}

/// A request with references in the places of what is not known yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedRequest {
    /// The operation.
    pub operation: OperationId,
    /// Path parameters: texts or references.
    pub params: Vec<Value>,
    /// JSON body with [`reference`](super::reference())s.
    pub body: Option<Value>,
}

impl PlannedRequest {
    /// Method and path for reading, parameters that are not known yet in braces.
    pub fn display(&self) -> String {
        let operation = self.operation.get();
        let mut path = operation.template.to_owned();
        for param in &self.params {
            if let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
                let text = match param {
                    Value::String(text) => text.clone(),
                    other => other
                        .get("$from")
                        .and_then(Value::as_str)
                        .map_or_else(|| other.to_string(), |name| format!("<{name}>")),
                };
                path.replace_range(from..=to, &text);
            }
        }
        format!("{} /api/v3{path}", http::Method::from(operation.method))
    }
}

/// An object that a step creates, and how to find it again by what makes it unique.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Creation {
    /// The name that later steps refer to it by.
    pub name: String,
    /// What it is.
    pub object: Object,
    /// Its name for people.
    pub label: String,
    /// How to find it.
    pub find: Find,
}

/// The natural key of an object: what it can be found by without knowing the server's key for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Find {
    /// Its slug.
    Slug {
        /// The slug.
        slug: String,
    },
    /// Its name.
    Name {
        /// The name.
        name: String,
    },
    /// A binding: by what it binds to what.
    Binding {
        /// Name of the application's creation.
        target: String,
        /// The bound group: a key or a reference.
        group: Value,
    },
}

/// Who may enter after a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessSummary {
    /// Everybody with an account may enter.
    pub everyone: bool,
    /// Names of the groups whose members may enter.
    pub groups: Vec<String>,
    /// How many people that are today, members of groups below included. `None` for everyone.
    pub people: Option<u32>,
    /// In one sentence.
    pub sentence: String,
}
