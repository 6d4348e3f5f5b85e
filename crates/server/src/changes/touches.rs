//! What a change set may have changed of who may open what.

use access::Touched;
use serde::Deserialize;
use serde_json::Value;
use setup::change::{Effect, Entry, Object, State};

/// Adds up the objects that a journal names.
#[derive(Debug, Default)]
pub(super) struct Touches {
    touched: Vec<Touched>,
    /// Something was done that no entry tells in full.
    unclear: bool,
}

impl Touches {
    /// What a journal names so far.
    pub(super) fn of(entries: &[Entry]) -> Self {
        let mut touches = Self::default();
        for entry in entries {
            touches.add(entry);
        }
        touches
    }

    pub(super) fn add(&mut self, entry: &Entry) {
        match entry {
            Entry::StepDone {
                created: effects, ..
            }
            | Entry::BeforeImage { effects, .. } => {
                for effect in effects {
                    self.effect(effect);
                }
            }
            // What is made again brings members and bindings along, under new keys.
            Entry::StepUnknown { .. }
            | Entry::UndoFailed { .. }
            | Entry::UndoDone { pk: Some(_), .. } => self.unclear = true,
            Entry::StepStarted { .. }
            | Entry::StepFailed { .. }
            | Entry::UndoStarted { .. }
            | Entry::UndoDone { pk: None, .. }
            | Entry::Reached { .. } => {}
        }
    }

    fn effect(&mut self, effect: &Effect) {
        let found = match effect.object {
            Object::Application => {
                parsed(&effect.pk).map(|pk| Touched::Application(pk, effect.address.clone()))
            }
            Object::Group => parsed(&effect.pk).map(Touched::Group),
            Object::User => parsed(&effect.pk).map(Touched::User),
            Object::PolicyBinding => parsed(&effect.pk).map(Touched::Binding),
            Object::Membership => effect.pk.get("user").and_then(parsed).map(Touched::User),
            Object::Oauth2Provider | Object::ScopeMapping | Object::Role | Object::Token => return,
        };
        self.unclear |= found.is_none();
        self.touched.extend(found);
    }

    /// What may have changed once the work has reached a state; `None` where that is not known.
    pub(super) fn known(&mut self, state: State) -> Option<Vec<Touched>> {
        self.touched.sort();
        self.touched.dedup();
        let clear = !self.unclear && state != State::Interrupted;
        clear.then(|| self.touched.clone())
    }
}

fn parsed<K: for<'de> Deserialize<'de>>(pk: &Value) -> Option<K> {
    K::deserialize(pk).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn done(effect: &Value) -> Entry {
        let entry =
            json!({ "entry": "step_done", "step": "x", "created": [effect], "found": false });
        serde_json::from_value(entry).unwrap()
    }

    fn effect(object: &str, pk: &Value) -> Value {
        json!({ "name": "x", "object": object, "label": "x", "pk": pk, "address": "x", "snapshot": {} })
    }

    #[test]
    fn touches_are_the_objects_that_decide_about_access() {
        let uuid = "00000000-0000-0000-0000-000000000007";
        let entries = [
            done(&effect("membership", &json!({ "group": uuid, "user": 5 }))),
            done(&effect("policy_binding", &json!(uuid))),
            done(&effect("oauth2_provider", &json!(3))),
        ];
        let touched = Touches::of(&entries).known(State::Applied).unwrap();
        let binding = Touched::Binding(uuid.parse().unwrap());
        assert_eq!(touched, [Touched::User(authentik_api::UserPk(5)), binding]);
        assert_eq!(Touches::of(&entries).known(State::Interrupted), None);
    }

    #[test]
    fn what_is_not_told_in_full_is_not_known() {
        let unknown = Entry::StepUnknown {
            step: "x".into(),
            message: "no answer".into(),
        };
        let again = Entry::UndoDone {
            name: "x".into(),
            gone: false,
            pk: Some(json!("y")),
        };
        let odd = done(&effect("group", &json!("no uuid")));
        for entry in [unknown, again, odd] {
            assert_eq!(Touches::of(&[entry]).known(State::Undone), None);
        }
    }
}
