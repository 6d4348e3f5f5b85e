//! authentik's API schemas, for checking requests and answers.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs::File,
    sync::{Arc, Mutex},
};

use flate2::read::GzDecoder;
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// Where the documents refer to their components.
const COMPONENTS: &str = "#/components/schemas/";

/// The API schemas of the shared material.
pub(crate) struct Schemas;

impl Schemas {
    /// Version and document, oldest first; `None` where the shared material is absent.
    pub(crate) fn load() -> Option<Vec<(String, Schema)>> {
        let folder = super::shared()?.join("schemas");
        let mut versions: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| {
                let name = path.file_name().unwrap().to_str().unwrap();
                let version = name
                    .strip_suffix(".json.gz")
                    .unwrap_or_else(|| panic!("{name}"));
                (version.to_owned(), path)
            })
            .collect();
        versions.sort_by_key(|(version, _)| version.parse::<authentik_api::Version>().unwrap());
        assert!(!versions.is_empty(), "there are no schemas");
        let read =
            |path| serde_json::from_reader(GzDecoder::new(File::open(path).unwrap())).unwrap();
        Some(
            versions
                .into_iter()
                .map(|(v, path)| (v, Schema::new(read(path))))
                .collect(),
        )
    }
}

/// One API schema.
pub(crate) struct Schema {
    document: Value,
    compiled: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Schema {
    fn new(document: Value) -> Self {
        Self {
            document,
            compiled: Mutex::default(),
        }
    }

    /// The whole document, as the server gives it.
    pub(crate) fn document(&self) -> &Value {
        &self.document
    }

    /// Path template, method in capitals and declaration of every operation.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (&str, String, &Value)> {
        object(&self.document["paths"])
            .iter()
            .flat_map(|(template, item)| {
                let is_method =
                    |name: &str| ["get", "post", "put", "patch", "delete"].contains(&name);
                object(item)
                    .iter()
                    .filter(move |(name, _)| is_method(name))
                    .map(move |(name, value)| (template.as_str(), name.to_uppercase(), value))
            })
    }

    /// Whether the version has an operation with this method at this concrete path (below
    /// `/api/v3`; a path template will do).
    pub(crate) fn offers(&self, method: &str, path: &str) -> bool {
        self.find(method, path).is_some()
    }

    /// The parameters of an operation, references resolved.
    pub(crate) fn parameters<'a>(
        &'a self,
        operation: &'a Value,
    ) -> impl Iterator<Item = &'a Value> {
        let list = operation["parameters"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        list.iter().map(|parameter| self.resolve(parameter))
    }

    /// The schema of a successful answer of an operation, if it has a JSON body.
    pub(crate) fn success<'a>(&'a self, operation: &'a Value) -> Option<&'a Value> {
        let (_, answer) = object(&operation["responses"])
            .iter()
            .find(|(status, _)| status.starts_with('2'))?;
        self.resolve(answer)
            .pointer("/content/application~1json/schema")
    }

    /// What a reference of the document refers to; other values as they are.
    pub(crate) fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => self.document.pointer(&reference[1..]).unwrap(),
            None => value,
        }
    }

    /// Checks a request: the operation exists, each query parameter is declared, none that is required
    /// is missing, values are of the declared type, and the body is what the operation takes — without
    /// any key that it does not know.
    pub(crate) fn validate_request(
        &self,
        method: &str,
        path: &str,
        query: &[(String, String)],
        body: Option<&Value>,
    ) -> Result<(), Vec<String>> {
        let Some((template, operation)) = self.find(method, path) else {
            return Err(vec![format!("there is no {method} {path}")]);
        };
        let mut errors = self.check_query(operation, query);
        let declared = &operation["requestBody"];
        match (body, declared.pointer("/content/application~1json/schema")) {
            (Some(body), Some(schema)) => {
                let key = format!("request {method} {template}");
                errors.extend(self.check(&key, schema, Closed::Yes, body));
                errors.extend(self.check_variants(schema, body));
            }
            (Some(_), None) => errors.push("the operation takes no JSON body".to_owned()),
            (None, _) if declared["required"] == true => {
                errors.push("the body is missing".to_owned());
            }
            (None, _) => {}
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }

    /// Checks an answer: its status is declared and its body is what the status declares.
    pub(crate) fn validate_response(
        &self,
        method: &str,
        path: &str,
        status: u16,
        body: &Value,
    ) -> Result<(), Vec<String>> {
        let Some((template, operation)) = self.find(method, path) else {
            return Err(vec![format!("there is no {method} {path}")]);
        };
        let Some(answer) = operation["responses"].get(status.to_string()) else {
            return Err(vec![format!("status {status} is not declared")]);
        };
        let content = self
            .resolve(answer)
            .pointer("/content/application~1json/schema");
        let errors = match content {
            Some(schema) => self.check(
                &format!("{status} {method} {template}"),
                schema,
                Closed::No,
                body,
            ),
            None if body.is_null() => Vec::new(),
            None => vec!["the answer has a body that is not declared".to_owned()],
        };
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }

    /// The operation at a concrete path; the template with a fixed word first wins.
    fn find(&self, method: &str, path: &str) -> Option<(&str, &Value)> {
        let is_parameter = |word: &str| word.starts_with('{');
        let (template, item) = object(&self.document["paths"])
            .iter()
            .filter(|(template, _)| {
                template.split('/').count() == path.split('/').count()
                    && template
                        .split('/')
                        .zip(path.split('/'))
                        .all(|(word, segment)| {
                            word == segment || (is_parameter(word) && !segment.is_empty())
                        })
            })
            .min_by_key(|(template, _)| {
                template.split('/').map(is_parameter).collect::<Vec<_>>()
            })?;
        Some((template, item.get(method.to_lowercase())?))
    }

    fn check_query(&self, operation: &Value, query: &[(String, String)]) -> Vec<String> {
        let declared: BTreeMap<&str, &Value> = self
            .parameters(operation)
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| (parameter["name"].as_str().unwrap(), parameter))
            .collect();
        let mut errors = Vec::new();
        for (name, value) in query {
            match declared.get(name.as_str()) {
                None => errors.push(format!("the query parameter {name} is not declared")),
                Some(parameter) => {
                    let schema = self.resolve(&parameter["schema"]);
                    let schema = self.resolve(schema.get("items").unwrap_or(schema));
                    if !is_value(schema, value) {
                        errors.push(format!("the query parameter {name} must not be {value:?}"));
                    }
                }
            }
        }
        for (name, parameter) in declared {
            if parameter["required"] == true && !query.iter().any(|(given, _)| given == name) {
                errors.push(format!("the query parameter {name} is missing"));
            }
        }
        errors
    }

    /// Checks the keys of `body` that can be one of several components, by the component that another
    /// key of `body` chooses.
    fn check_variants(&self, schema: &Value, body: &Value) -> Vec<String> {
        let mut errors = Vec::new();
        let properties = self.resolve(schema)["properties"].as_object();
        for (key, property) in properties.into_iter().flatten() {
            let discriminator = &self.resolve(property)["discriminator"];
            let chosen = discriminator["propertyName"]
                .as_str()
                .and_then(|name| body[name].as_str());
            let component = chosen.and_then(|chosen| discriminator["mapping"][chosen].as_str());
            if let (Some(component), Some(value)) = (component, body.get(key)) {
                let schema = json!({ "$ref": component });
                errors.extend(self.check(component, &schema, Closed::Yes, value));
            }
        }
        errors
    }

    fn check(&self, key: &str, schema: &Value, closed: Closed, value: &Value) -> Vec<String> {
        self.compiled(key, schema, closed)
            .iter_errors(value)
            .map(|error| {
                let text = error.masked().to_string();
                format!(
                    "{}: {}",
                    error.instance_path(),
                    text.chars().take(300).collect::<String>()
                )
            })
            .collect()
    }

    fn compiled(&self, key: &str, schema: &Value, closed: Closed) -> Arc<Validator> {
        let mut compiled = self.compiled.lock().unwrap();
        let validator = compiled.entry(key.to_owned()).or_insert_with(|| {
            let translated = self.standalone(schema, closed);
            let options = jsonschema::options()
                .with_draft(Draft::Draft202012)
                .should_validate_formats(true)
                .build(&translated);
            Arc::new(options.unwrap_or_else(|error| panic!("{key}: {error}")))
        });
        Arc::clone(validator)
    }

    /// `schema` as JSON Schema together with the components that it needs.
    fn standalone(&self, schema: &Value, closed: Closed) -> Value {
        let mut names = BTreeSet::new();
        let mut root = translate(schema, closed, &mut names);
        let mut definitions = Map::new();
        while let Some(name) = names
            .iter()
            .find(|name| !definitions.contains_key(*name))
            .cloned()
        {
            let component = &self.document["components"]["schemas"][&name];
            assert!(component.is_object(), "there is no component {name}");
            let translated = translate(component, closed, &mut names);
            definitions.insert(name, translated);
        }
        root["$defs"] = Value::Object(definitions);
        root
    }
}

/// Whether objects may have keys that their schema does not name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Closed {
    Yes,
    No,
}

/// Translates a schema of `OpenAPI` 3.0 to JSON Schema; notes the components it refers to.
fn translate(schema: &Value, closed: Closed, names: &mut BTreeSet<String>) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference
            .strip_prefix(COMPONENTS)
            .unwrap_or_else(|| panic!("{reference}"));
        names.insert(name.to_owned());
        return json!({ "$ref": format!("#/$defs/{name}") });
    }
    let mut translated = Map::new();
    for (keyword, value) in object(schema) {
        let value = match keyword.as_str() {
            "allOf" | "anyOf" | "oneOf" => {
                let list = value.as_array().unwrap();
                list.iter()
                    .map(|one| translate(one, closed, names))
                    .collect()
            }
            "properties" => object(value)
                .iter()
                .map(|(name, one)| (name.clone(), translate(one, closed, names)))
                .collect(),
            "items" | "additionalProperties" if value.is_object() => {
                translate(value, closed, names)
            }
            // addresses may be empty although the documents say `uri`
            "format" if value != "uuid" && value != "date-time" => continue,
            "type"
            | "enum"
            | "required"
            | "pattern"
            | "format"
            | "items"
            | "minLength"
            | "maxLength"
            | "minimum"
            | "maximum"
            | "minItems"
            | "maxItems"
            | "additionalProperties" => value.clone(),
            // the bodies of different models overlap: any of them may fit, not exactly one
            "nullable" | "discriminator" | "description" | "title" | "default" | "readOnly"
            | "writeOnly" | "deprecated" | "example" => continue,
            other => panic!("unknown keyword {other}"),
        };
        let keyword = if keyword == "oneOf" { "anyOf" } else { keyword };
        translated.insert(keyword.to_owned(), value);
    }
    if closed == Closed::Yes && translated.contains_key("properties") {
        translated
            .entry("additionalProperties")
            .or_insert(Value::Bool(false));
    }
    if schema["nullable"] == true {
        return json!({ "anyOf": [{ "type": "null" }, translated] });
    }
    Value::Object(translated)
}

/// Whether the text of a query parameter can be a value of this simple schema.
fn is_value(schema: &Value, text: &str) -> bool {
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().any(|value| match value.as_str() {
            Some(value) => value == text,
            None => text.parse::<Value>().is_ok_and(|parsed| parsed == *value),
        });
    }
    match schema["type"].as_str() {
        Some("integer") => text.parse::<i64>().is_ok(),
        Some("number") => text.parse::<f64>().is_ok(),
        Some("boolean") => matches!(text, "true" | "false"),
        _ if schema["format"] == "uuid" => text.len() == 36 && uuid::Uuid::try_parse(text).is_ok(),
        _ => true,
    }
}

fn object(value: &Value) -> &Map<String, Value> {
    value
        .as_object()
        .unwrap_or_else(|| panic!("not an object: {value}"))
}
