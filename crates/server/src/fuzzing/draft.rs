//! Drafts, plans and journals: as a program sends them, and as the next version finds them in the database.

use app::model::{AuditEntry, Audited, ChangeDraft};
use serde::{Serialize, de::DeserializeOwned};
use setup::{
    FieldErrors, access_change,
    change::{Entry, Plan, Progress},
    oidc_application,
};

use super::world;

/// Any JSON as a draft or a change set. What can be read is the same when it is kept and read again, leaves
/// without its secrets, and gives a plan or errors that name fields.
///
/// The first byte says what the rest is.
///
/// # Panics
/// When it does not hold.
pub fn draft(data: &[u8]) {
    let Some((kind, json)) = data.split_first() else {
        return;
    };
    match kind % 6 {
        0 => {
            let Ok(body) = serde_json::from_slice(json) else {
                return;
            };
            match crate::api::changes::draft(body) {
                Ok(draft) => holds(&draft),
                Err(errors) => is_told(&errors),
            }
        }
        1 => {
            if let Some(draft) = kept::<ChangeDraft>(json) {
                holds(&draft);
            }
        }
        2 => {
            if let Some(plan) = kept::<Plan>(json) {
                is_shown(&plan);
            }
        }
        3 => {
            if let Some((plan, entries)) = kept::<(Plan, Vec<Entry>)>(json) {
                adds_up(&plan, &entries);
            }
        }
        4 => drop(kept::<Audited>(json)),
        _ => drop(kept::<AuditEntry>(json)),
    }
}

/// What the database has, where it can be read; it is the same when it is written and read again.
fn kept<T: Serialize + DeserializeOwned + PartialEq>(json: &[u8]) -> Option<T> {
    let value: T = serde_json::from_slice(json).ok()?;
    let text = serde_json::to_string(&value);
    assert!(text.is_ok(), "what was read cannot be written");
    let text = text.unwrap_or_default();
    let again: Option<T> = serde_json::from_str(&text).ok();
    assert!(again.as_ref() == Some(&value), "{text}");
    Some(value)
}

fn holds(draft: &ChangeDraft) {
    let json = serde_json::to_vec(draft).unwrap_or_default();
    assert!(kept::<ChangeDraft>(&json).as_ref() == Some(draft));
    assert!(draft.redacted().secrets().is_empty());
    let shown = format!("{draft:?}");
    for secret in draft.secrets().values() {
        // Shorter ones may stand there by chance.
        let secret = secret.expose();
        let elsewhere = serde_json::to_string(&draft.redacted()).unwrap_or_default();
        let told = secret.len() >= 12 && !elsewhere.contains(secret) && shown.contains(secret);
        assert!(!told, "the draft shows its secret");
    }
    let Some((world, snapshot)) = world::sample() else {
        return;
    };
    let planned = match draft {
        ChangeDraft::OidcApplication(draft) => {
            let Ok(preset) = crate::presets::preset(draft.preset.trim()) else {
                return;
            };
            let errors = oidc_application::validate(draft, preset, &world.authentik_url);
            let planned = oidc_application::plan(draft, preset, world);
            assert!(
                errors.0.is_empty() || planned.is_err(),
                "a wrong draft is planned"
            );
            planned
        }
        // Its plan asks for a server that was looked at for it.
        ChangeDraft::ServiceAccount(_) => return,
        ChangeDraft::Access(draft) => access_change::plan(
            draft,
            snapshot,
            &access_change::Acting {
                max_unconfirmed_losses: 1,
                ..access_change::Acting::default()
            },
        ),
    };
    match planned {
        Ok(plan) => {
            let json = serde_json::to_vec(&plan).unwrap_or_default();
            assert!(kept::<Plan>(&json).as_ref() == Some(&plan));
            for secret in draft.secrets().values() {
                let secret = secret.expose();
                let typed = serde_json::to_string(&draft.redacted()).unwrap_or_default();
                let text = String::from_utf8_lossy(&json);
                let told = secret.len() >= 12 && !typed.contains(secret) && text.contains(secret);
                assert!(!told, "the plan holds a secret");
            }
            is_shown(&plan);
        }
        Err(errors) => is_told(&errors),
    }
}

/// An error names something and says something.
fn is_told(errors: &FieldErrors) {
    assert!(!errors.0.is_empty());
    for (field, messages) in &errors.0 {
        assert!(!field.is_empty() || !messages.is_empty());
        assert!(
            messages.iter().all(|message| !message.is_empty()),
            "{field}"
        );
    }
}

fn is_shown(plan: &Plan) {
    for step in &plan.steps {
        assert!(step.request.display().contains(" /api/v3/"));
    }
    if let Some(confirm) = &plan.confirm {
        assert!(plan.is_dangerous());
        let typed = confirm.text.trim() == confirm.text;
        assert_eq!(confirm.accepts(&confirm.text), typed);
    }
}

fn adds_up(plan: &Plan, entries: &[Entry]) {
    let progress = Progress::of(entries);
    for step in &plan.steps {
        assert_eq!(progress.state_of(step), progress.step(plan, &step.id));
    }
}
