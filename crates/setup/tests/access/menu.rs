//! One draft of each kind and more.

use setup::access_change::{
    AccessDraft, ApplicationAccess, Door, EngineMode, GroupAction, GroupBinding, GroupDraft,
    MembershipDraft, Unbind, UserAction, UserDraft,
};

use crate::support::texts;

pub(crate) fn bind(applications: &[&str], groups: &[&str], users: &[&str]) -> AccessDraft {
    AccessDraft::GroupBinding(GroupBinding {
        applications: texts(applications),
        groups: texts(groups),
        users: texts(users),
        ..GroupBinding::default()
    })
}

pub(crate) fn unbind(application: &str, group: &str, leave_deny: bool) -> AccessDraft {
    AccessDraft::Unbind(Unbind {
        applications: texts(&[application]),
        groups: texts(&[group]),
        leave_deny,
        ..Unbind::default()
    })
}

pub(crate) fn mode(applications: &[&str], mode: &str) -> AccessDraft {
    AccessDraft::EngineMode(EngineMode {
        applications: texts(applications),
        mode: mode.to_owned(),
    })
}

pub(crate) fn delete_group(group: &str, leave_deny: bool) -> AccessDraft {
    AccessDraft::Group(GroupDraft {
        action: GroupAction::Delete,
        group: group.to_owned(),
        leave_deny,
        ..GroupDraft::default()
    })
}

pub(crate) fn change_group(group: &str, name: &str, parents: Option<&[&str]>) -> AccessDraft {
    AccessDraft::Group(GroupDraft {
        action: GroupAction::Change,
        group: group.to_owned(),
        name: name.to_owned(),
        parents: parents.map(texts),
        ..GroupDraft::default()
    })
}

pub(crate) fn create_group(name: &str, parents: &[&str], members: &[&str]) -> AccessDraft {
    AccessDraft::Group(GroupDraft {
        name: name.to_owned(),
        parents: Some(texts(parents)),
        members: texts(members),
        ..GroupDraft::default()
    })
}

pub(crate) fn membership(groups: &[&str], add: &[&str], remove: &[&str]) -> AccessDraft {
    AccessDraft::Membership(MembershipDraft {
        groups: texts(groups),
        add: texts(add),
        remove: texts(remove),
    })
}

pub(crate) fn user(action: UserAction, user: &str) -> AccessDraft {
    AccessDraft::User(UserDraft {
        action,
        user: user.to_owned(),
        ..UserDraft::default()
    })
}

pub(crate) fn create_user(username: &str, groups: &[&str]) -> AccessDraft {
    AccessDraft::User(UserDraft {
        username: username.to_owned(),
        name: Some("New Person".to_owned()),
        email: Some("new@example.com".to_owned()),
        groups: texts(groups),
        ..UserDraft::default()
    })
}

pub(crate) fn door(applications: &[&str], door: Door, groups: &[&str]) -> AccessDraft {
    AccessDraft::ApplicationAccess(ApplicationAccess {
        applications: texts(applications),
        door,
        groups: texts(groups),
        ..ApplicationAccess::default()
    })
}

/// Groups old and new and a user to two applications, in one change set.
pub(crate) fn bind_many() -> AccessDraft {
    AccessDraft::GroupBinding(GroupBinding {
        applications: texts(&["jellyfin", "status-page"]),
        groups: texts(&["staff"]),
        new_groups: texts(&["film-users"]),
        users: texts(&["kofi.mensah"]),
        ..GroupBinding::default()
    })
}

/// One draft of each kind, the largest of its kind: for what is slow.
pub(crate) fn one_of_each() -> Vec<AccessDraft> {
    vec![
        bind_many(),
        unbind("jellyfin", "family", true),
        mode(&["miniflux"], "all"),
        create_group("gardeners", &["family"], &["jodie.marsh", "kofi.mensah"]),
        change_group("kids", "children", Some(&["staff"])),
        delete_group("family", true),
        membership(
            &["design", "office"],
            &["kofi.mensah"],
            &["zofia.wozniak", "paul.weiss"],
        ),
        create_user("newcomer", &["design", "family"]),
        user(UserAction::Delete, "kofi.mensah"),
        door(&["jellyfin"], Door::Restricted, &["staff", "kids"]),
    ]
}

/// Every draft that there is a reason to try.
pub(crate) fn everything() -> Vec<AccessDraft> {
    let mut all = one_of_each();
    all.extend([
        unbind("jellyfin", "family", false),
        unbind("handbook", "contractors", false),
        delete_group("staff", false),
        change_group("family", "household", None),
        change_group("kids", "", Some(&[])),
        user(UserAction::Deactivate, "jodie.marsh"),
        user(UserAction::Activate, "temp.reception"),
        AccessDraft::User(UserDraft {
            action: UserAction::Change,
            user: "jodie.marsh".to_owned(),
            username: "jodie.smith".to_owned(),
            name: Some("Jodie Smith".to_owned()),
            email: Some("jodie@example.com".to_owned()),
            ..UserDraft::default()
        }),
        user(UserAction::Delete, "mina.koch"),
        door(&["jellyfin", "handbook"], Door::Everyone, &[]),
        door(&["status-page", "miniflux"], Door::Closed, &[]),
        AccessDraft::GroupBinding(GroupBinding {
            applications: texts(&["handbook"]),
            groups: texts(&["contractors", "family"]),
            order: Some(2),
            ..GroupBinding::default()
        }),
    ]);
    all
}
