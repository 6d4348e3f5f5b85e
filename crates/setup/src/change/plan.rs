use std::collections::BTreeMap;

use access::AccessDiff;
use authentik_api::{BindingPk, OperationId, TargetPk, operation::Method};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

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
    /// What it does to people's access, where it was worked out.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "super::diff")]
    pub diff: Option<AccessDiff>,
    /// What has to be typed before it may be applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirmation>,
}

impl Plan {
    /// Whether it opens a door, locks somebody out, deletes something or makes a credential: what is asked about once
    /// more before it is applied.
    pub fn is_dangerous(&self) -> bool {
        let deletes = |step: &Step| step.request.operation.get().method == Method::Delete;
        let arms = |step: &Step| {
            let mut objects = step.creates.iter().map(|creation| creation.object);
            objects.any(|object| matches!(object, Object::Role | Object::Token))
        };
        let mut steps = self.steps.iter();
        self.confirm.is_some() || self.access.everyone || steps.any(|it| deletes(it) || arms(it))
    }
}

/// A text that a person has to type before a plan may be applied, so that nobody does by accident
/// what is hard to take back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The text: the name of the thing, where it can be typed.
    pub text: String,
    /// Why, one sentence each.
    pub reasons: Vec<String>,
}

impl Confirmation {
    /// Whether the right text was typed.
    pub fn accepts(&self, typed: &str) -> bool {
        typed.trim() == self.text
    }
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
    /// What it does to an object that exists. A step creates or alters, never both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alters: Option<Alteration>,
    /// It only tidies up after the others: it is done after applying and after taking back alike,
    /// and when it fails nothing else does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tidies_up: bool,
}

impl Step {
    /// The field of the draft that the step as a whole is about.
    pub(super) fn field(&self) -> Option<String> {
        self.fields.get("").cloned()
    }

    /// The names of what the step does, by which the journal knows it.
    pub(super) fn effect_names(&self) -> impl Iterator<Item = &str> {
        let altered = self.alters.iter().map(|_| self.id.as_str());
        let created = self.creates.iter().map(|creation| creation.name.as_str());
        created.chain(altered)
    }

    /// The field of the draft that a kind of object gets its name from.
    pub(super) fn field_of(&self, object: Object) -> Option<String> {
        let path = match object {
            Object::Application => "app.slug",
            Object::Oauth2Provider => "provider.name",
            Object::User => "username",
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
        let mut params = self.params.iter();
        let mut path = String::new();
        // A value is no template: braces in it stay as they are.
        for segment in operation.template.split('/').skip(1) {
            path.push('/');
            match params.as_slice().first() {
                Some(param) if segment.starts_with('{') => {
                    params.next();
                    path.push_str(&shown(param));
                }
                _ => path.push_str(segment),
            }
        }
        format!("{} /api/v3{path}", http::Method::from(operation.method))
    }
}

/// A path parameter for reading.
fn shown(param: &Value) -> String {
    let name = param.get("$from").and_then(Value::as_str);
    match (param, name) {
        (Value::String(text), _) => text.clone(),
        (_, Some(name)) => format!("<{name}>"),
        (other, None) => other.to_string(),
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
    /// A binding: others counted beside it before the plan. Should none of those be there by then,
    /// undo leaves it: without it the door would be open.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub beside_others: bool,
    /// Others are meant to use it too, such as the group of nobody. Where they do by then, undo leaves
    /// it and takes the rest back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
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
        /// The application: its key, a reference, or the bare name of its creation.
        target: Value,
        /// The bound group: a key, a reference, or null.
        #[serde(default)]
        group: Value,
        /// The bound user: a key, a reference, or null.
        #[serde(default)]
        user: Value,
    },
    /// A membership.
    Membership {
        /// The group: a key or a reference.
        group: Value,
        /// The user: a key or a reference.
        user: Value,
    },
}

/// What a step does to an object that exists. The request's first path parameter addresses the
/// object; of a membership that ends, the group, and the body has the user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alteration {
    /// What it is.
    pub object: Object,
    /// Its name for people.
    pub label: String,
    /// Whether it is changed or deleted.
    pub verb: Verb,
    /// What the plan saw of it. Somebody else's change since then fails the step. A field that is
    /// sent and does not stand here was not known.
    pub before: Map<String, Value>,
    /// The bindings of a group or user that the plan saw go along. Somebody else's binding since then
    /// fails the step: without it a door could open that the plan does not show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bindings: Vec<BindingPk>,
    /// What the plan saw keep another binding that counts. Should that be gone, the step fails: it
    /// would open a door that the plan does not show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stays_shut: Vec<TargetPk>,
    /// A binding that begins to count: others counted beside it when it was planned. See
    /// [`Creation::beside_others`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub beside_others: bool,
}

/// What is done to an object that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// The fields of the body are set.
    Change,
    /// It is deleted; a membership ends.
    Delete,
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
