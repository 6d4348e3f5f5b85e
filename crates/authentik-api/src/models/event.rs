use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::null_default;
use crate::EventPk;

/// An entry of authentik's own log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Key.
    pub pk: EventPk,
    /// `login`, `authorize_application`, `model_created` …; an open list.
    pub action: String,
    /// Who did it.
    #[serde(default, deserialize_with = "null_default")]
    pub user: EventUser,
    /// Django application.
    #[serde(default)]
    pub app: Option<String>,
    /// What it was about; differs by action. May hold addresses with secrets: do not show it whole.
    #[serde(default)]
    pub context: Value,
    /// Address of the client.
    #[serde(default)]
    pub client_ip: Option<String>,
    /// When.
    #[serde(default)]
    pub created: Option<Timestamp>,
}

/// Who caused an event.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EventUser {
    /// Key of the user.
    #[serde(default)]
    pub pk: Option<i64>,
    /// Login name.
    #[serde(default, deserialize_with = "null_default")]
    pub username: String,
    /// E-mail address.
    #[serde(default, deserialize_with = "null_default")]
    pub email: String,
}
