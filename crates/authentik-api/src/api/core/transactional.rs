//! `core/transactional/applications/`.

use serde_json::{Value, json};

use crate::{
    BuildError, Capabilities, Endpoint, Parts,
    api::handler,
    models::{Provider, Subject, Transaction, TransactionResult},
    operation::named,
};

/// Creates an application with its OAuth2 provider and its bindings in one transaction.
///
/// | | |
/// |---|---|
/// | Operation | `core_transactional_applications_update`, `PUT core/transactional/applications/` |
/// | Permission | superuser up to 2024.10; from 2024.12 on the `add_` permission of each model |
/// | Versions | all; bindings from 2024.12 on |
/// | Surprises | 200 also when nothing was applied, and no key in the answer (T26): look the application up by its slug; on 2023.10 the name of an existing, unassigned provider takes that provider over |
#[derive(Debug, Clone, PartialEq)]
pub struct CreateTransactional {
    /// What is created.
    pub transaction: Transaction,
}

impl Endpoint for CreateTransactional {
    type Output = TransactionResult;

    fn parts(&self, capabilities: &Capabilities) -> Result<Parts, BuildError> {
        let Transaction {
            app,
            provider,
            bindings,
        } = &self.transaction;
        let mut app = app.clone();
        app.provider = None;
        app.meta_icon = app.meta_icon.filter(|_| capabilities.application_icon);
        let mut body = json!({
            "app": app,
            "provider_model": Provider::OAUTH2,
            "provider": capabilities.encode_oauth2_provider(provider),
        });
        if !bindings.is_empty() {
            if !capabilities.transactional_bindings {
                return Err(BuildError::Unsupported {
                    version: capabilities.version.clone(),
                    what: "the transaction makes no bindings before 2024.12",
                });
            }
            let bindings: Vec<Value> = bindings
                .iter()
                .enumerate()
                .map(|(order, subject)| binding(*subject, order))
                .collect();
            if let Some(map) = body.as_object_mut() {
                map.insert("policy_bindings".to_owned(), Value::Array(bindings));
            }
        }
        Parts::new(named("core_transactional_applications_update")).json(&body)
    }
}

/// One binding of a transaction: the target is implied.
fn binding(subject: Subject, order: usize) -> Value {
    let (key, value) = match subject {
        Subject::Policy(pk) => ("policy", json!(pk)),
        Subject::Group(pk) => ("group", json!(pk)),
        Subject::User(pk) => ("user", json!(pk)),
    };
    json!({
        key: value,
        "order": order,
        "enabled": true,
        "negate": false,
        "timeout": 30,
        "failure_result": false,
    })
}

handler! {
    /// Operations that create several objects at once.
    Transactional {
        /// Creates an application with its provider and bindings.
        create(CreateTransactional),
    }
}
