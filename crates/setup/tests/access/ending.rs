//! Bindings that end by themselves (2026.8): nobody can set an end, and what ended is not there.

use std::{collections::BTreeMap, io};

use access::{Binding, Snapshot};
use authentik_api::{
    ApplicationPk, BindingPk, Client, GroupPk, Transport, UserPk,
    models::{PolicyEngineMode, Subject},
};
use bytes::Bytes;
use setup::{
    access_change::{AccessDraft, Door, UserAction, plan},
    change::{Entry, Plan, Progress, State, apply, undo},
};

use crate::{
    confirm::{acting, home, ids, key, reasons},
    menu,
    support::{Direct, Stage, VERSIONS, failures},
};

const JELLYFIN: u128 = 1;
const WIKI: u128 = 2;
const FAMILY: Subject = Subject::Group(GroupPk(uuid::Uuid::from_u128((0x77 << 120) | 1)));
const U30: Subject = Subject::User(UserPk(30));

/// A binding that ends after, or has ended before, the snapshot's moment.
fn until(number: u128, application: u128, subject: Subject, end: &str) -> Binding {
    let application = ApplicationPk(key(application));
    Binding {
        expires: Some(end.parse().unwrap()),
        ..Binding::new(BindingPk(key(number)), application, subject, 5)
    }
}

const SOON: &str = "2026-11-27T00:00:00Z";
const OVER: &str = "2026-11-20T00:00:00Z";

fn with(bindings: &[Binding]) -> Snapshot {
    let mut it = home();
    it.version = "2026.8.0".parse().unwrap();
    it.bindings.extend_from_slice(bindings);
    it
}

fn planned(draft: &AccessDraft, snapshot: &Snapshot) -> Plan {
    plan(draft, snapshot, &acting()).unwrap()
}

fn steps(plan: &Plan) -> Vec<&str> {
    plan.steps.iter().map(|it| it.id.as_str()).collect()
}

#[test]
fn a_door_that_opens_on_friday_is_found_and_confirmed() {
    let snapshot = with(&[until(9, JELLYFIN, U30, SOON)]);
    let plan = planned(&menu::unbind("jellyfin", "family", false), &snapshot);
    assert!(plan.diff.as_ref().unwrap().doors_opened().next().is_none());
    assert!(
        ids(&plan).contains(&"opens-door-later"),
        "{:?}",
        plan.findings
    );
    let said = reasons(&plan);
    assert!(said.contains("opens “Jellyfin” to everyone once"), "{said}");
    // Nothing that ends has a part in it.
    let plan = planned(&menu::unbind("wiki", "admins", false), &snapshot);
    assert!(!ids(&plan).contains(&"opens-door-later"));
}

#[test]
fn a_deny_is_left_where_only_bindings_that_end_stay() {
    for draft in [
        menu::unbind("jellyfin", "family", true),
        menu::delete_group("family", true),
    ] {
        let plan = planned(&draft, &with(&[until(9, JELLYFIN, U30, SOON)]));
        assert_eq!(steps(&plan)[..2], ["group-1", "binding-1"], "{draft:?}");
        assert!(!ids(&plan).contains(&"opens-door-later"));
        let ended = planned(&draft, &with(&[until(9, JELLYFIN, U30, OVER)]));
        assert_eq!(steps(&ended)[..2], ["group-1", "binding-1"], "{draft:?}");
    }
    // Only one that has ended: the application was open already.
    let mut open = with(&[until(9, JELLYFIN, FAMILY, OVER)]);
    open.bindings.retain(|it| it.pk != BindingPk(key(1)));
    let plan = planned(&menu::delete_group("family", true), &open);
    assert_eq!(steps(&plan), ["delete-1", "cache"]);
    // Where all must pass, a deny would keep out who gets in until Friday.
    let mut all = with(&[until(9, JELLYFIN, U30, SOON)]);
    all.applications[0].mode = PolicyEngineMode::All;
    let plan = planned(&menu::unbind("jellyfin", "family", true), &all);
    assert_eq!(steps(&plan), ["unbind-1", "cache"]);
    assert!(ids(&plan).contains(&"opens-door-later"));
}

#[test]
fn a_lasting_binding_is_made_beside_one_that_ends() {
    let u30 = |end| with(&[until(9, JELLYFIN, U30, end)]);
    let draft = menu::bind(&["jellyfin"], &[], &["u30"]);
    for end in [SOON, OVER] {
        let plan = planned(&draft, &u30(end));
        assert_eq!(steps(&plan), ["binding-1", "cache"], "{end}");
    }
}

#[test]
fn what_has_ended_is_not_disabled_and_guards_nothing() {
    let staff = Subject::Group(GroupPk(key(3)));
    let snapshot = with(&[until(9, JELLYFIN, staff, OVER)]);
    let closed = planned(&menu::door(&["jellyfin"], Door::Closed, &[]), &snapshot);
    assert_eq!(
        steps(&closed),
        ["group-1", "binding-1", "change-1", "cache"]
    );
    let alone = planned(&menu::unbind("jellyfin", "family", false), &snapshot);
    let alters = alone.steps[0].alters.as_ref().unwrap();
    assert!(alters.stays_shut.is_empty(), "it opens, and is to");
    assert!(reasons(&alone).contains("It opens “Jellyfin” to everyone."));
    // The line of one that has ended says so.
    let ended = AccessDraft::Unbind(setup::access_change::Unbind {
        bindings: vec![BindingPk(key(9)).to_string()],
        ..setup::access_change::Unbind::default()
    });
    let plan = planned(&ended, &snapshot);
    let value = |label: &str| {
        let line = plan.steps[0].lines.iter().find(|it| it.label == label);
        line.map(|it| it.value.clone())
    };
    assert_eq!(value("Counts").as_deref(), Some("no"));
    assert_eq!(value("Ends").as_deref(), Some(OVER));
}

#[test]
fn only_what_lasts_is_relied_on() {
    let staff = Subject::Group(GroupPk(key(3)));
    let ends = planned(
        &menu::unbind("jellyfin", "family", false),
        &with(&[until(9, JELLYFIN, staff, SOON)]),
    );
    assert!(ends.steps[0].alters.as_ref().unwrap().stays_shut.is_empty());
    let mut stays = with(&[until(9, WIKI, staff, SOON)]);
    let more = Binding::new(BindingPk(key(8)), ApplicationPk(key(1)), staff, 5);
    stays.bindings.push(more);
    let stays = planned(&menu::unbind("jellyfin", "family", false), &stays);
    assert_eq!(stays.steps[0].alters.as_ref().unwrap().stays_shut.len(), 1);
}

#[test]
fn what_ends_cannot_be_put_back_and_every_deletion_says_so() {
    let snapshot = with(&[
        until(8, JELLYFIN, FAMILY, SOON),
        until(9, JELLYFIN, U30, SOON),
    ]);
    for draft in [
        menu::unbind("jellyfin", "family", false),
        menu::delete_group("family", false),
        menu::user(UserAction::Delete, "u30"),
    ] {
        let plan = planned(&draft, &snapshot);
        assert!(ids(&plan).contains(&"not-undoable"), "{draft:?}");
    }
    let plan = planned(&menu::delete_group("plain", false), &snapshot);
    assert!(!ids(&plan).contains(&"not-undoable"));
}

/// Shows the bindings of one user as 2026.8 shows what ends by itself; what was made through it lasts.
#[derive(Clone)]
struct Ending {
    inner: Direct,
    user: i64,
}

impl Ending {
    fn show(&self, value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Array(items) => items.iter_mut().for_each(|it| self.show(it)),
            serde_json::Value::Object(fields) => {
                let ends = fields.contains_key("negate")
                    && fields["user"] == self.user
                    && fields["order"] == 77;
                if ends {
                    fields.insert("expiring".to_owned(), true.into());
                    fields.insert("expires".to_owned(), SOON.into());
                }
                fields.values_mut().for_each(|it| self.show(it));
            }
            _ => {}
        }
    }
}

impl Transport for Ending {
    type Error = io::Error;

    async fn execute(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, io::Error> {
        let answer = self.inner.execute(request).await?;
        let (parts, body) = answer.into_parts();
        let Ok(mut json) = serde_json::from_slice(&body) else {
            return Ok(http::Response::from_parts(parts, body));
        };
        self.show(&mut json);
        let body = serde_json::to_vec(&json).map_err(io::Error::other)?;
        Ok(http::Response::from_parts(parts, body.into()))
    }
}

/// A stage at whose Penpot Jodie gets in until Friday, and a client that shows it.
async fn temporary() -> (Stage, Client<Ending>) {
    let stage = Stage::new(VERSIONS[2]).await;
    let jodie = stage.user("jodie.marsh").await.pk;
    stage
        .bind("penpot", Subject::User(jodie), 77, false, true)
        .await;
    let inner = stage.direct();
    let client = Client::connect(Ending {
        inner,
        user: jodie.0,
    })
    .await
    .unwrap();
    (stage, client)
}

async fn applied(client: &Client<Ending>, plan: &Plan) -> Vec<Entry> {
    let mut entries = Vec::new();
    let state = apply(client, plan, BTreeMap::new(), &[], &mut entries).await;
    assert_eq!(state.unwrap(), State::Applied, "{entries:#?}");
    entries
}

#[tokio::test]
async fn undo_does_not_make_temporary_access_permanent() {
    let (stage, client) = temporary().await;
    let plan = stage
        .plan(&menu::user(UserAction::Delete, "jodie.marsh"))
        .await;
    let mut entries = applied(&client, &plan).await;
    let journal = entries.clone();
    let state = undo(&client, &plan, &journal, &mut entries).await.unwrap();
    assert_eq!(state, State::Applied, "{entries:#?}");
    let said = failures(&entries);
    assert!(said.contains("was to end by itself"), "{said}");
    assert_eq!(stage.bindings("penpot").await.len(), 1);
}

#[tokio::test]
async fn a_lasting_binding_is_made_although_one_that_ends_is_there() {
    let (stage, client) = temporary().await;
    let jodie = stage.user("jodie.marsh").await.pk;
    // The plan was made before Jodie was let in until Friday.
    let without = Stage::new(VERSIONS[2]).await;
    let mut plan = without
        .plan(&menu::bind(&["penpot"], &[], &["jodie.marsh"]))
        .await;
    assert_eq!(plan.steps[0].id, "binding-1");
    let target = stage.application("penpot").await.target();
    let body = plan.steps[0].request.body.as_mut().unwrap();
    assert_eq!(body["user"], serde_json::json!(jodie), "the same seed");
    assert_eq!(body["target"], serde_json::json!(target));
    let entries = applied(&client, &plan).await;
    assert_eq!(Progress::of(&entries).effects.len(), 1);
    let bindings = stage.bindings("penpot").await;
    assert_eq!(
        bindings.iter().filter(|it| it.user == Some(jodie)).count(),
        2
    );
}

#[tokio::test]
async fn one_that_ends_is_no_lock_that_stays() {
    let (stage, client) = temporary().await;
    let plan = stage.plan(&menu::bind(&["penpot"], &["family"], &[])).await;
    let mut entries = applied(&client, &plan).await;
    let design = stage.group("design").await.pk;
    let bindings = stage.bindings("penpot").await;
    let other = bindings.iter().find(|it| it.group == Some(design)).unwrap();
    let unbind = authentik_api::api::policies::DestroyBinding { pk: other.pk };
    stage.client.send(&unbind).await.unwrap();
    let journal = entries.clone();
    let state = undo(&client, &plan, &journal, &mut entries).await.unwrap();
    assert_eq!(state, State::Applied, "{entries:#?}");
    let said = failures(&entries);
    assert!(
        said.contains("only binding left that counts and stays"),
        "{said}"
    );
}

#[tokio::test]
async fn what_is_gone_needs_no_disabling() {
    for version in VERSIONS {
        let stage = Stage::new(version).await;
        let draft = menu::door(&["penpot"], Door::Restricted, &["family"]);
        let plan = stage.plan(&draft).await;
        let design = stage.group("design").await.pk;
        let bindings = stage.bindings("penpot").await;
        let ended = bindings.iter().find(|it| it.group == Some(design)).unwrap();
        let unbind = authentik_api::api::policies::DestroyBinding { pk: ended.pk };
        stage.client.send(&unbind).await.unwrap();
        let (state, entries) = stage.apply_plan(&plan).await;
        assert_eq!(state, State::Applied, "{version}: {entries:#?}");
        let bindings = stage.bindings("penpot").await;
        assert_eq!(bindings.len(), 1, "{version}");
        assert!(bindings[0].enabled);
    }
}
