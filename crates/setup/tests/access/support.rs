//! A client of a sandbox without sockets, and the whole of its access as plain names.

use std::{collections::BTreeMap, io};

use access::{LoadOptions, Snapshot, load};
use authentik_api::{
    Client, GroupPk, Transport, UserPk,
    api::{
        core::{
            applications::{ListApplications, RetrieveApplication},
            groups::ListGroups,
            users::ListUsers,
        },
        policies::{CreateBinding, ListBindings},
    },
    models::{Application, BindingRequest, Group, PolicyBinding, Subject, User},
    operation::named,
};
use bytes::Bytes;
use http_body_util::BodyExt;
use sandbox::{Sandbox, Version};
use setup::{
    FieldErrors,
    access_change::{AccessDraft, Acting, plan},
    change::{Entry, Plan, Progress, State, apply, undo},
};
use tower::ServiceExt;

pub(crate) const VERSIONS: [Version; 3] = [Version::V2023_10, Version::V2025_10, Version::V2026_5];

/// Calls the sandbox's router directly.
#[derive(Clone)]
pub(crate) struct Direct {
    router: axum::Router,
    token: String,
}

impl Transport for Direct {
    type Error = io::Error;

    async fn execute(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, io::Error> {
        let mut request = request.map(axum::body::Body::from);
        let bearer = format!("Bearer {}", self.token).parse().unwrap();
        request.headers_mut().insert("authorization", bearer);
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        Ok(http::Response::from_parts(parts, body))
    }
}

/// A sandbox with the demo's data and a few odd bindings, and a client of it.
pub(crate) struct Stage {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: Client<Direct>,
}

/// Who may open what, by names alone: keys change when something is made again.
pub(crate) type World = BTreeMap<String, String>;

impl Stage {
    pub(crate) async fn new(version: Version) -> Self {
        let sandbox = Sandbox::with_sample_data(version, 7);
        let transport = Direct {
            router: sandbox.router(),
            token: sandbox.admin_token(),
        };
        let client = Client::connect(transport).await.unwrap();
        let stage = Self { sandbox, client };
        let kofi = Subject::User(stage.user("kofi.mensah").await.pk);
        stage.bind("jellyfin", kofi, 7, true, false).await;
        stage.bind("payroll", kofi, 4, false, true).await;
        let contractors = Subject::Group(stage.group("contractors").await.pk);
        stage.bind("handbook", contractors, 9, true, true).await;
        let family = Subject::Group(stage.group("family").await.pk);
        stage.bind("handbook", family, 5, false, false).await;
        stage.odd_binding(stage.group("family").await.pk).await;
        stage.sandbox.clear_requests();
        stage
    }

    /// What the client sends its requests with, to put something between.
    pub(crate) fn direct(&self) -> Direct {
        Direct {
            router: self.sandbox.router(),
            token: self.sandbox.admin_token(),
        }
    }

    pub(crate) async fn bind(
        &self,
        slug: &str,
        subject: Subject,
        order: i64,
        negate: bool,
        enabled: bool,
    ) -> PolicyBinding {
        let target = self.application(slug).await.target();
        let binding = BindingRequest {
            negate,
            enabled,
            ..BindingRequest::new(target, subject, order)
        };
        self.client.send(&CreateBinding { binding }).await.unwrap()
    }

    /// A binding with everything set in another way than usual.
    async fn odd_binding(&self, group: GroupPk) {
        let target = self.application("miniflux").await.target();
        let list = self.bindings("miniflux").await;
        let binding = list.iter().find(|it| it.group == Some(group)).unwrap();
        let body = serde_json::json!({
            "target": target, "policy": null, "group": group, "user": null,
            "order": 31, "timeout": 12, "failure_result": true,
        });
        let patch = named("policies_bindings_partial_update");
        let pk = binding.pk.to_string();
        self.client
            .call(patch, &[&pk], &[], Some(body))
            .await
            .unwrap();
        let patch = named("core_groups_partial_update");
        let body = serde_json::json!({ "attributes": { "quota": 5, "user": 1, "group": "x" } });
        let pk = group.to_string();
        self.client
            .call(patch, &[&pk], &[], Some(body))
            .await
            .unwrap();
    }

    pub(crate) async fn application(&self, slug: &str) -> Application {
        let slug = slug.to_owned();
        let found = self.client.send(&RetrieveApplication { slug }).await;
        found.unwrap()
    }

    pub(crate) async fn group(&self, name: &str) -> Group {
        let list = ListGroups::default().name(name);
        let found = self.client.all(list).await.unwrap();
        found.into_iter().next().unwrap()
    }

    pub(crate) async fn user(&self, username: &str) -> User {
        let list = ListUsers::default().username(username);
        let found = self.client.all(list).await.unwrap();
        found.into_iter().next().unwrap()
    }

    pub(crate) async fn bindings(&self, slug: &str) -> Vec<PolicyBinding> {
        let target = self.application(slug).await.target();
        let list = ListBindings::default().target(target);
        self.client.all(list).await.unwrap()
    }

    pub(crate) async fn snapshot(&self) -> Snapshot {
        let now = "2026-11-22T00:00:00Z".parse().unwrap();
        load(&self.client, now, LoadOptions::default(), |_| {})
            .await
            .unwrap()
    }

    pub(crate) async fn try_plan(&self, draft: &AccessDraft) -> Result<Plan, FieldErrors> {
        let acting = Acting {
            console: Some(self.user("akadmin").await.pk),
            ..Acting::default()
        };
        let made = plan(draft, &self.snapshot().await, &acting)?;
        // Every plan survives being stored.
        let json = serde_json::to_string(&made).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&json).unwrap(), made);
        Ok(made)
    }

    pub(crate) async fn plan(&self, draft: &AccessDraft) -> Plan {
        self.try_plan(draft).await.unwrap()
    }

    pub(crate) async fn apply_plan(&self, plan: &Plan) -> (State, Vec<Entry>) {
        let mut journal = Vec::new();
        let state = apply(&self.client, plan, BTreeMap::new(), &[], &mut journal)
            .await
            .unwrap();
        (state, journal)
    }

    /// Plans and applies a draft.
    pub(crate) async fn apply(&self, draft: &AccessDraft) -> (Plan, State, Vec<Entry>) {
        let plan = self.plan(draft).await;
        let (state, journal) = self.apply_plan(&plan).await;
        (plan, state, journal)
    }

    /// Takes back, and goes on with the journal.
    pub(crate) async fn undo(&self, plan: &Plan, entries: &mut Vec<Entry>) -> State {
        let before = entries.clone();
        undo(&self.client, plan, &before, entries).await.unwrap()
    }

    /// Everything that decides about access, and what undo has to put back beside it.
    pub(crate) async fn world(&self) -> World {
        let mut world = World::new();
        let groups = self.client.all(ListGroups::default()).await.unwrap();
        let users = self.client.all(ListUsers::default()).await.unwrap();
        let apps = ListApplications::everything();
        let apps = self.client.all(apps).await.unwrap();
        let bindings = self.client.all(ListBindings::default()).await.unwrap();
        let group_name = |pk| {
            let found = groups.iter().find(|group| group.pk == pk);
            found.map(|group| group.name.clone()).unwrap()
        };
        let user_name = |pk: UserPk| {
            let found = users.iter().find(|user| user.pk == pk);
            found.map(|user| user.username.clone()).unwrap()
        };
        for group in &groups {
            let mut members: Vec<_> = group.users.iter().map(|pk| user_name(*pk)).collect();
            members.sort();
            let mut parents: Vec<_> = group.parents().into_iter().map(group_name).collect();
            parents.sort();
            let text = format!(
                "{:?} {parents:?} {members:?} {:?}",
                group.is_superuser, group.attributes
            );
            world.insert(format!("group {}", group.name), text);
        }
        for user in &users {
            let text = format!(
                "{} {} {:?} {:?} {:?} {:?}",
                user.name, user.email, user.is_active, user.kind, user.path, user.attributes
            );
            world.insert(format!("user {}", user.username), text);
        }
        for app in &apps {
            let text = format!("{:?}", app.policy_engine_mode);
            world.insert(format!("application {}", app.slug), text);
            let bound = bindings.iter().filter(|it| it.target == app.target());
            let mut lines: Vec<String> = bound
                .map(|it| {
                    let group = it.group.map(group_name);
                    let user = it.user.map(user_name);
                    format!(
                        "{} {group:?} {user:?} {:?} negate {} enabled {} {} {}",
                        it.order, it.policy, it.negate, it.enabled, it.timeout, it.failure_result
                    )
                })
                .collect();
            lines.sort();
            world.insert(format!("bindings {}", app.slug), lines.join("\n"));
        }
        world
    }
}

/// What is in one world and not, or not so, in the other.
pub(crate) fn difference(before: &World, after: &World) -> Vec<String> {
    let keys = before.keys().chain(after.keys());
    let mut lines: Vec<String> = keys
        .filter(|key| before.get(*key) != after.get(*key))
        .map(|key| {
            let (before, after) = (before.get(key), after.get(key));
            format!("{key}:\n  {before:?}\n  {after:?}")
        })
        .collect();
    lines.sort();
    lines.dedup();
    lines
}

pub(crate) fn failures(entries: &[Entry]) -> String {
    Progress::of(entries).failures.join(" / ")
}

pub(crate) fn failed_field(entries: &[Entry]) -> Option<String> {
    Progress::of(entries).failed_field
}

pub(crate) fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
