//! What the server tells the pages about Ostiary itself: the connection, drafts, change sets.

use authentik_api::{Capabilities, Version, models::MyUser};
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use setup::{
    FieldErrors, Secret,
    access_change::AccessDraft,
    change::{Entry, Plan, Progress, State, Step, StepState},
    oidc_application::Draft,
    preset::{Preset, Snippet, Summary},
    service_account::ServiceAccount,
};

pub use crate::{
    operator_scope::{OperatorScope, Scoped},
    stale::{Silence, Stale},
    state::audit::{AuditEntry, AuditOutcome, AuditPage, AuditQuery, Audited},
    visitor::{Role, SignInMethod, Visitor},
};

/// The authentik that the console is connected to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// Address that people use for authentik, without slash at the end.
    pub authentik_url: String,
    /// What its version can do.
    pub capabilities: Capabilities,
    /// Whom the token belongs to.
    pub me: MyUser,
    /// Whether an application without binding is open to everyone (trap T4).
    pub default_app_access: bool,
    /// Whether this is the embedded sandbox.
    pub demo: bool,
    /// Whether any certificate is accepted.
    pub insecure: bool,
    /// Where authentik does not answer: from when this is.
    pub stale: Option<Stale>,
}

/// Where the connection to authentik was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConnectionSource {
    /// The sandbox of a demo.
    Demo,
    /// Flags, environment variables or the file of settings.
    Configuration,
    /// The vault: it was entered in the browser.
    Vault,
    /// Nowhere yet.
    Nowhere,
}

/// The connection to authentik as it was entered, without the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionSettings {
    /// Where it was said.
    pub source: ConnectionSource,
    /// Address as seen from the server.
    pub url: String,
    /// Address that people use, where it is another one; else empty.
    pub public_url: String,
    /// Whether there is a certificate authority of its own.
    pub has_ca: bool,
    /// Whether any certificate is accepted.
    pub insecure: bool,
}

/// Names of the groups of authentik whose members have a role in Ostiary.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleGroups {
    /// Whose members may do everything.
    pub admin: Vec<String>,
    /// Whose members plan and apply change sets.
    pub operator: Vec<String>,
    /// Whose members look at everything but secrets.
    pub viewer: Vec<String>,
}

/// Signing in with authentik, without the client secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInSettings {
    /// Whether Ostiary is an application of the connected authentik.
    pub is_set_up: bool,
    /// Whether the sign-in page offers it.
    pub is_on: bool,
    /// Slug of the application.
    pub slug: String,
    /// Where authentik sends people back to.
    pub redirect_uri: String,
    /// Who gets which role.
    pub groups: RoleGroups,
    /// What operators may change.
    pub scope: OperatorScope,
    /// Who tried it last and came in as an administrator; empty before.
    pub tried_by: String,
    /// Whether the administrator's passphrase lets nobody in any more.
    pub passphrase_closed: bool,
    /// What became of the last try from this session: whether it was good, and in words.
    pub last_try: Option<(bool, String, String)>,
}

/// A key of a program, without the key itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeyRow {
    /// Names it: no secret.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Who made it.
    pub made_by: String,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339; empty where it does not end by itself.
    pub expires_at: String,
    /// RFC 3339; empty where it was never used.
    pub used_at: String,
    /// Whether its time is over.
    pub is_over: bool,
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    /// Names the session: no secret.
    pub id: String,
    /// Who.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// How they came in.
    pub method: SignInMethod,
    /// RFC 3339.
    pub opened_at: String,
    /// RFC 3339.
    pub used_at: String,
    /// Network address that it was opened from.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
}

/// A draft as kept on the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DraftRecord {
    /// Id, part of the wizard's URLs.
    pub id: String,
    /// What was typed, without secrets.
    pub draft: Draft,
    /// Whether a client secret was typed.
    pub has_client_secret: bool,
    /// Names of the preset's secret variables that were typed.
    pub secret_variables: Vec<String>,
    /// The change set that was planned from the draft as it is now.
    pub change: Option<String>,
    /// Last change, RFC 3339.
    pub updated_at: String,
}

impl DraftRecord {
    /// The draft with something in the place of each secret that is kept: for judging it, not for use.
    pub fn masked(&self) -> Draft {
        let mut draft = self.draft.clone();
        let mask = || Secret::new(Secret::MASK);
        if self.has_client_secret {
            draft.client_secret = Some(mask());
        }
        draft.secret_variables.extend(
            self.secret_variables
                .iter()
                .map(|name| (name.clone(), mask())),
        );
        draft
    }
}

/// What has to be entered in the application itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instructions {
    /// The preset it was rendered from.
    pub preset: Summary,
    /// What goes where.
    pub snippets: Vec<Snippet>,
    /// Whether the application must be restarted.
    pub restart_needed: bool,
}

/// What the page of a preset shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PresetSheet {
    /// The preset in short.
    pub summary: Summary,
    /// What is known about it.
    pub facts: Vec<Fact>,
    /// What often goes wrong, with example values.
    pub pitfalls: Vec<String>,
    /// The application's own side with placeholders.
    pub example: Option<Instructions>,
}

/// Something known about a preset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is about.
    pub term: String,
    /// What is known: a technical text or a name, which may be empty, and words.
    pub lines: Vec<(String, String)>,
}

/// A step of the wizard: the draft with all that its page has to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wizard {
    /// The draft.
    pub record: DraftRecord,
    /// Its preset.
    pub preset: Preset,
    /// authentik's public address; empty while it cannot be asked.
    pub authentik_url: String,
    /// authentik's version; absent while it cannot be asked.
    pub version: Option<Version>,
    /// What is wrong with the draft.
    pub errors: FieldErrors,
    /// What the connected authentik has to choose from; absent while it cannot be asked.
    pub choices: Option<Choices>,
}

/// What the connected authentik has to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// Flows between sign-in and the application.
    pub authorization_flows: Vec<Choice>,
    /// Flows on sign-out; absent where the version has no such choice.
    pub invalidation_flows: Option<Vec<Choice>>,
    /// Keys that can sign tokens.
    pub signing_keys: Vec<Choice>,
    /// Names of the scopes that there are mappings for.
    pub scopes: Vec<String>,
    /// Whether the version takes the address of an icon.
    pub icon: bool,
    /// All groups, by name.
    pub groups: Vec<GroupChoice>,
}

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What a form sends.
    pub value: String,
    /// Its name.
    pub label: String,
}

/// A group to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupChoice {
    /// UUID.
    pub pk: String,
    /// Name.
    pub name: String,
    /// People in it and in the groups below it.
    pub people: u32,
    /// Whether it makes superusers.
    pub superuser: bool,
}

/// What the review page shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// The draft.
    pub record: DraftRecord,
    /// Its preset's name.
    pub preset_name: String,
    /// The change set, or what is wrong with the draft.
    pub outcome: Result<Change, FieldErrors>,
}

/// What a change set was planned from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ChangeDraft {
    /// A change of who may open what.
    Access(Box<AccessDraft>),
    /// A service account for Ostiary.
    ServiceAccount(ServiceAccount),
    /// Sign-in for an application.
    OidcApplication(Box<Draft>),
}

impl ChangeDraft {
    /// The kind of a change set that makes a service account for Ostiary.
    pub const SERVICE_ACCOUNT: &'static str = "service-account";
    /// The kind of a set-up of an application.
    pub const OIDC_APPLICATION: &'static str = "oidc-application";

    /// The kind of the change set.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Access(draft) => draft.kind(),
            Self::ServiceAccount(_) => Self::SERVICE_ACCOUNT,
            Self::OidcApplication(_) => Self::OIDC_APPLICATION,
        }
    }

    /// The draft of a set-up of an application.
    pub fn oidc(&self) -> Option<&Draft> {
        match self {
            Self::Access(_) | Self::ServiceAccount(_) => None,
            Self::OidcApplication(draft) => Some(draft),
        }
    }

    /// The slug of the application that is set up.
    pub fn slug(&self) -> String {
        self.oidc().map(Draft::effective_slug).unwrap_or_default()
    }

    /// The id of its preset.
    pub fn preset(&self) -> String {
        self.oidc()
            .map(|draft| draft.preset.clone())
            .unwrap_or_default()
    }

    /// The secrets that its steps refer to.
    pub fn secrets(&self) -> BTreeMap<String, Secret> {
        self.oidc().map(Draft::secrets).unwrap_or_default()
    }

    /// The same without secrets.
    #[must_use]
    pub fn redacted(&self) -> Self {
        match self {
            Self::Access(draft) => Self::Access(draft.clone()),
            Self::ServiceAccount(draft) => Self::ServiceAccount(draft.clone()),
            Self::OidcApplication(draft) => Self::OidcApplication(Box::new(draft.redacted())),
        }
    }
}

/// A change set in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangeSummary {
    /// Id.
    pub id: String,
    /// Kind: `oidc-application`, or one of [`AccessDraft::kind`].
    pub kind: String,
    /// In one line.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// Slug of the application concerned.
    pub slug: String,
    /// Id of the preset.
    pub preset: String,
    /// When it was planned, RFC 3339.
    pub created_at: String,
    /// Last change, RFC 3339.
    pub updated_at: String,
}

/// A journal's entry with its time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimedEntry {
    /// Number within the change set, from 1.
    pub number: i64,
    /// RFC 3339, milliseconds.
    pub at: String,
    /// Milliseconds since the epoch, for durations.
    pub at_ms: i64,
    /// What happened.
    #[serde(flatten)]
    pub entry: Entry,
}

/// A change set with everything known about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Its line in the list.
    #[serde(flatten)]
    pub summary: ChangeSummary,
    /// The draft that it was planned from, without secrets.
    pub draft: ChangeDraft,
    /// Id of that draft while it exists.
    pub draft_id: Option<String>,
    /// What it does.
    pub plan: Plan,
    /// What happened.
    pub entries: Vec<TimedEntry>,
}

impl Change {
    /// What the journal adds up to.
    pub fn progress(&self) -> Progress {
        Progress::of(self.entries.iter().map(|timed| &timed.entry))
    }

    /// Whether no step was ever begun: what has to be typed is asked for.
    pub fn is_untouched(&self) -> bool {
        let mut entries = self.entries.iter();
        let begun = entries.any(|timed| matches!(timed.entry, Entry::StepStarted { .. }));
        matches!(self.summary.state, State::Planned | State::Interrupted) && !begun
    }

    /// Where each step of the plan stands, and how many milliseconds it took.
    pub fn steps(&self) -> Vec<(&Step, StepState, Option<i64>)> {
        let progress = self.progress();
        let mut times: BTreeMap<&str, (Option<i64>, Option<i64>)> = BTreeMap::new();
        for TimedEntry { at_ms, entry, .. } in &self.entries {
            match entry {
                Entry::StepStarted { step } => times.entry(step).or_default().0 = Some(*at_ms),
                Entry::StepDone { step, .. } | Entry::StepFailed { step, .. } => {
                    times.entry(step).or_default().1 = Some(*at_ms);
                }
                _ => {}
            }
        }
        let took = |step: &Step| {
            let (started, ended) = times.get(step.id.as_str())?;
            started
                .zip(*ended)
                .map(|(started, ended)| (ended - started).max(0))
        };
        let steps = self.plan.steps.iter();
        steps
            .map(|step| (step, progress.state_of(step), took(step)))
            .collect()
    }
}
