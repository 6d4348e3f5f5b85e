//! Plans and journals that were stored by an earlier release.

use setup::change::{Act, Entry, Find, Plan, Progress, StepState};

#[test]
fn a_stored_plan_of_the_first_release_is_read() {
    let plan = serde_json::json!({
        "title": "t",
        "steps": [{
            "id": "binding-1", "title": "Bind", "lines": [],
            "request": { "operation": "policies_bindings_create", "params": [], "body": {} },
            "creates": [{
                "name": "binding-1", "object": "policy_binding", "label": "b",
                "find": { "by": "binding", "target": "application", "group": "g" },
            }],
        }],
        "findings": [],
        "access": { "everyone": true, "groups": [], "people": null, "sentence": "" },
    });
    let plan: Plan = serde_json::from_value(plan).unwrap();
    assert!(plan.diff.is_none() && plan.confirm.is_none());
    let step = &plan.steps[0];
    assert!(step.alters.is_none() && !step.tidies_up);
    let Find::Binding { user, .. } = &step.creates[0].find else {
        panic!("{:?}", step.creates)
    };
    assert!(user.is_null());
    // What is not used is not written either.
    let json = serde_json::to_string(&plan).unwrap();
    for word in [
        "diff",
        "confirm",
        "alters",
        "tidies_up",
        "beside_others",
        "shared",
    ] {
        assert!(!json.contains(word), "{json}");
    }
}

#[test]
fn a_stored_journal_of_the_first_release_is_read() {
    let entries = serde_json::json!([
        { "entry": "reached", "state": "applying" },
        { "entry": "step_started", "step": "group-1" },
        { "entry": "step_done", "step": "group-1", "found": false, "created": [{
            "name": "group-1", "object": "group", "label": "g", "pk": "u", "address": "u",
            "snapshot": { "name": "g" },
        }]},
        { "entry": "undo_started", "name": "group-1" },
        { "entry": "undo_done", "name": "group-1", "gone": false },
    ]);
    let entries: Vec<Entry> = serde_json::from_value(entries).unwrap();
    let before = Progress::of(&entries[..3]);
    assert_eq!(before.created.len(), 1);
    assert_eq!(before.created[0].act, Act::Created);
    let json = serde_json::to_string(&entries).unwrap();
    assert!(!json.contains("\"did\""), "{json}");
    let after = Progress::of(&entries);
    assert!(after.created.is_empty() && after.effects.is_empty());
    let plan: Plan = serde_json::from_value(serde_json::json!({
        "title": "t", "findings": [],
        "access": { "everyone": true, "groups": [], "people": null, "sentence": "" },
        "steps": [{
            "id": "group-1", "title": "Create", "lines": [],
            "request": { "operation": "core_groups_create", "params": [], "body": {} },
            "creates": [{
                "name": "group-1", "object": "group", "label": "g",
                "find": { "by": "name", "name": "g" },
            }],
        }],
    }))
    .unwrap();
    assert_eq!(before.step(&plan, "group-1"), StepState::Done);
    assert_eq!(after.step(&plan, "group-1"), StepState::Undone);
}
