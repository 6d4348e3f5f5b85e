//! Users: created, changed, deactivated, deleted.

use access::{Change, User, proposed_user};
use authentik_api::{models::UserType, operation::named};
use serde_json::{Map, Value, json};

use super::{
    draft::{UserAction, UserDraft},
    names::Who,
    request::{fields, only, request},
    work::{Work, alteration},
};
use crate::{
    change::{Creation, Find, Line, Object, Verb, reference},
    finding::{Finding, Severity},
};

impl Work<'_> {
    pub(super) fn plan_user(&mut self, draft: &UserDraft) {
        match draft.action {
            UserAction::Create => self.create_user(draft),
            UserAction::Change => self.change_user(draft),
            UserAction::Activate => self.set_active(draft, true),
            UserAction::Deactivate => self.set_active(draft, false),
            UserAction::Delete => self.delete_user(draft),
        }
    }

    fn check_names(&mut self, draft: &UserDraft, own: Option<&User>) {
        let username = draft.username.trim();
        if username.chars().count() > 150 || username.chars().any(char::is_control) {
            self.errors.add(
                "username",
                "A login name has at most 150 characters and no line breaks.",
            );
        }
        let mut users = self.snapshot.users.iter();
        let other = |it: &User| it.username == username && Some(it.pk) != own.map(|it| it.pk);
        if !username.is_empty() && users.any(other) {
            let message =
                format!("There is a user “{username}” already: choose another login name.");
            self.errors.add("username", message);
        }
        let email = draft.email.as_deref().unwrap_or_default().trim();
        let (before, after) = email.split_once('@').unwrap_or_default();
        let blank = email.chars().any(|c| c.is_whitespace() || c.is_control());
        if !email.is_empty() && (before.is_empty() || after.is_empty() || blank) {
            self.errors.add(
                "email",
                "This is no e-mail address: it looks like name@example.com.",
            );
        }
    }

    fn create_user(&mut self, draft: &UserDraft) {
        let username = draft.username.trim();
        if username.is_empty() {
            self.errors.add("username", "Give a login name.");
        }
        self.check_names(draft, None);
        let kind = match draft.account.trim() {
            "" | "internal" => UserType::Internal,
            "external" => UserType::External,
            _ => {
                self.errors
                    .add("account", "An account is “internal” or “external”.");
                return;
            }
        };
        let groups = self.groups("groups", &draft.groups);
        if !self.errors.is_empty() {
            return;
        }
        self.things.push(username.to_owned());
        let name = draft.name.as_deref().unwrap_or_default().trim();
        let email = draft.email.as_deref().unwrap_or_default().trim();
        let id = self.id("user");
        let creation = Creation {
            name: id.clone(),
            object: Object::User,
            label: username.to_owned(),
            find: Find::Name {
                name: username.to_owned(),
            },
            beside_others: false,
            shared: false,
        };
        let body = json!({
            "username": username,
            "name": name,
            "email": email,
            "is_active": true,
            "type": kind.as_str(),
            "path": "users",
        });
        let lines = vec![
            Line::new("Login name", username),
            Line::new("Name", name),
            Line::new("E-mail", email),
            Line::new("Password", "none yet: send a recovery link"),
        ];
        let post = request(named("core_users_create"), Vec::new(), Some(body));
        let title = format!("Create the user “{username}”");
        self.create(creation, title, lines, post, "username");
        let user = User {
            name: name.to_owned(),
            kind: Some(kind),
            ..User::new(proposed_user(self.next_new()), username)
        };
        let who = Who {
            key: reference(&id),
            ..Who::from(&user)
        };
        self.happens(&Change::PutUser { user });
        for group in &groups {
            self.join(&who, group, "groups");
        }
    }

    fn the_user(&mut self, draft: &UserDraft) -> Option<User> {
        if draft.user.trim().is_empty() {
            self.errors.add("user", "Choose a user.");
            return None;
        }
        let found = self.user(&draft.user).cloned();
        let user = found
            .map_err(|message| self.errors.add("user", message))
            .ok()?;
        if user.kind == Some(UserType::InternalServiceAccount) {
            let message = "This is an account of authentik's own, such as an outpost's: authentik does \
                           not let anybody change it.";
            self.errors.add("user", message);
            return None;
        }
        self.things.push(user.username.clone());
        Some(user)
    }

    fn change_user(&mut self, draft: &UserDraft) {
        let user = self.the_user(draft);
        self.check_names(draft, user.as_ref());
        let Some(user) = user.filter(|_| self.errors.is_empty()) else {
            return;
        };
        let mut changed = user.clone();
        let mut body = Map::new();
        let username = draft.username.trim();
        if !username.is_empty() && username != user.username {
            body.insert("username".to_owned(), json!(username));
            username.clone_into(&mut changed.username);
        }
        if let Some(name) = draft
            .name
            .as_deref()
            .map(str::trim)
            .filter(|it| *it != user.name)
        {
            body.insert("name".to_owned(), json!(name));
            name.clone_into(&mut changed.name);
        }
        if let Some(email) = &draft.email {
            body.insert("email".to_owned(), json!(email.trim()));
        }
        if body.is_empty() {
            self.already(format!("The user “{}” is like this already", user.username));
            return;
        }
        let lines = body.iter().map(|(key, value)| {
            let label = match key.as_str() {
                "username" => "Login name",
                "name" => "Name",
                _ => "E-mail",
            };
            Line::new(label, value.as_str().unwrap_or_default())
        });
        let lines = lines.collect();
        let title = format!("Change the user “{}”", user.username);
        self.patch_user(&user, body, title, lines);
        self.happens(&Change::PutUser { user: changed });
    }

    fn set_active(&mut self, draft: &UserDraft, active: bool) {
        let Some(user) = self.the_user(draft) else {
            return;
        };
        let name = &user.username;
        let (verb, state) = if active {
            ("Activate", "active")
        } else {
            ("Deactivate", "deactivated")
        };
        if user.is_active == active {
            self.already(format!("The user “{name}” is {state} already"));
            return;
        }
        let body = fields(json!({ "is_active": active }));
        let lines = vec![Line::new("May sign in", if active { "yes" } else { "no" })];
        self.patch_user(&user, body, format!("{verb} the user “{name}”"), lines);
        let user = user.pk;
        self.happens(&Change::SetActive { user, active });
    }

    fn patch_user(
        &mut self,
        user: &User,
        body: Map<String, Value>,
        title: String,
        lines: Vec<Line>,
    ) {
        self.users.push(user.pk);
        let before = only(&known(user), &body);
        let alters = alteration(Object::User, &user.username, Verb::Change, before);
        let patch = request(
            named("core_users_partial_update"),
            vec![json!(user.pk)],
            Some(Value::Object(body)),
        );
        self.alter("change", alters, title, lines, patch, "user");
    }

    fn delete_user(&mut self, draft: &UserDraft) {
        let Some(user) = self.the_user(draft) else {
            return;
        };
        let bindings = self
            .then
            .bindings
            .iter()
            .filter(|it| it.user == Some(user.pk));
        let bindings: Vec<_> = bindings.cloned().collect();
        if draft.leave_deny {
            self.deny_where_open(&bindings);
        }
        let name = &user.username;
        let lines = vec![
            Line::new("Groups that the user leaves", user.groups.len().to_string()),
            Line::new("Bindings that go along", bindings.len().to_string()),
        ];
        let mut alters = alteration(Object::User, name, Verb::Delete, known(&user));
        alters.bindings = bindings.iter().map(|it| it.pk).collect();
        for binding in &bindings {
            self.not_undoable(binding);
        }
        self.elsewhere_unknown();
        let delete = request(named("core_users_destroy"), vec![json!(user.pk)], None);
        let title = format!("Delete the user “{name}”");
        self.alter("delete", alters, title, lines, delete, "user");
        let why = "Undo makes the account again with its names, groups and bindings, but not the \
                   password, second factors, sessions, tokens and consents, and under a new key: \
                   applications take it for somebody else.";
        let title = format!("Deleting “{name}” cannot be undone whole");
        let finding = Finding::new(Severity::Warning, "user-deleted", title, why)
            .way_out("Deactivate the user instead: that shuts every door and can be taken back.");
        self.findings.push(finding);
        self.users.push(user.pk);
        self.happens(&Change::DeleteUser { user: user.pk });
        let counted: Vec<_> = bindings.into_iter().filter(|it| self.counts(it)).collect();
        self.stays_shut(&counted);
    }
}

/// What a snapshot knows of a user, as the API names it.
fn known(user: &User) -> Map<String, Value> {
    fields(json!({
        "username": user.username,
        "name": user.name,
        "is_active": user.is_active,
        "groups": user.groups,
    }))
}
