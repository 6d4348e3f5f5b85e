//! Live checks of an application: finds out whom and what to ask about, and asks.

use std::collections::BTreeSet;

use app::{error::AppError, ports::ServerClient};
use authentik_api::{
    GroupPk, List as _, ProviderPk, UserPk,
    api::{
        core::{applications::RetrieveApplication, users::ListUsers},
        policies::ListBindings,
        providers::RetrieveOAuth2Provider,
    },
    models::{
        Application, Group, OAuth2Provider, PolicyBinding, PolicyEngineMode, User, UserSummary,
        UserType,
    },
};
use futures_util::{StreamExt as _, TryStreamExt as _};
use setup::{
    check::{Check, Verdict},
    oidc_application::{
        World,
        checks::{Subject, run},
        members,
    },
};

use crate::connection::{Connected, Connector};

/// So many people are looked through for a member and an outsider.
const MAX_PEOPLE: usize = 2_000;

/// Runs the checks of the application with this slug.
pub(crate) async fn of_application(
    connector: &Connector,
    connected: &Connected,
    world: &World,
    slug: &str,
) -> Result<Vec<Check>, AppError> {
    let client = &connected.client;
    let (application, provider) = application(connector, client, slug).await?;
    let bindings = client
        .all(ListBindings::default().target(application.target()))
        .await;
    let bindings = bindings.map_err(|error| connector.failure("The bindings", &error))?;
    let entrance = Entrance::of(&application, &bindings, world);
    let (member, outsider) = match &entrance {
        Entrance::Unknown => (None, None),
        entrance => people(connector, client, entrance).await?,
    };
    let subject = Subject {
        slug: application.slug,
        provider,
        authentik_url: connected.connection.authentik_url.clone(),
        member,
        outsider,
        everyone: matches!(entrance, Entrance::Everyone),
        superuser: connected.connection.me.is_superuser,
    };
    let mut checks = run(client, &subject).await;
    if matches!(entrance, Entrance::Unknown) {
        checks.retain(|check| check.id != "member" && check.id != "outsider");
        checks.push(unknown_entrance(slug));
    }
    Ok(checks)
}

/// An application and its OAuth2 provider.
pub(crate) async fn application(
    connector: &Connector,
    client: &ServerClient,
    slug: &str,
) -> Result<(Application, OAuth2Provider), AppError> {
    let retrieve = RetrieveApplication {
        slug: slug.to_owned(),
    };
    let application = client.send_opt(&retrieve).await;
    let application = application.map_err(|error| connector.failure("The application", &error))?;
    let application = application
        .ok_or_else(|| AppError::NotFound(format!("application “{slug}” in authentik")))?;
    let pk = oauth2_provider(&application).ok_or_else(|| {
        AppError::Conflict(format!(
            "The application “{}” has no OAuth2 provider, so there is nothing to check or to \
             configure yet.",
            application.name
        ))
    })?;
    let provider = client.send(&RetrieveOAuth2Provider { pk }).await;
    let provider = provider.map_err(|error| connector.failure("The provider", &error))?;
    Ok((application, provider))
}

fn oauth2_provider(application: &Application) -> Option<ProviderPk> {
    let provider = application.provider_obj.as_ref()?;
    provider.is_oauth2().then_some(provider.pk)
}

/// Who may enter, as far as bindings tell.
#[derive(Debug, PartialEq)]
enum Entrance {
    Everyone,
    These(BTreeSet<UserPk>),
    /// Policies or negated bindings decide.
    Unknown,
}

impl Entrance {
    fn of(application: &Application, bindings: &[PolicyBinding], world: &World) -> Self {
        let bindings: Vec<&PolicyBinding> = bindings.iter().filter(|b| b.enabled).collect();
        if bindings.is_empty() {
            return if world.default_app_access {
                Self::Everyone
            } else {
                Self::These(BTreeSet::new())
            };
        }
        let all = application.policy_engine_mode == Some(PolicyEngineMode::All)
            && !world.capabilities.mode_all_is_any();
        let mut people: Option<BTreeSet<UserPk>> = None;
        for binding in bindings {
            let Some(these) = of_binding(binding, &world.groups) else {
                return Self::Unknown;
            };
            people = Some(match people {
                None => these,
                Some(people) if all => people.intersection(&these).copied().collect(),
                Some(people) => people.union(&these).copied().collect(),
            });
        }
        Self::These(people.unwrap_or_default())
    }

    fn admits(&self, user: UserPk) -> bool {
        match self {
            Self::Everyone => true,
            Self::These(people) => people.contains(&user),
            Self::Unknown => false,
        }
    }
}

/// Whom a binding lets in; `None` where only authentik knows.
fn of_binding(binding: &PolicyBinding, groups: &[Group]) -> Option<BTreeSet<UserPk>> {
    if binding.negate || binding.policy.is_some() {
        return None;
    }
    let group = binding
        .group
        .map(|group: GroupPk| members(groups, &[group]));
    group.or_else(|| binding.user.map(|user| BTreeSet::from([user])))
}

/// The first active people, by login name, who should and who should not get in.
async fn people(
    connector: &Connector,
    client: &ServerClient,
    entrance: &Entrance,
) -> Result<(Option<UserSummary>, Option<UserSummary>), AppError> {
    let (mut member, mut outsider) = (None, None);
    let wanted = match entrance {
        Entrance::These(people) if people.is_empty() => 1,
        Entrance::These(_) => 2,
        _ => 1,
    };
    let list = ListUsers::default().is_active(true).ordering("username");
    let mut users = std::pin::pin!(client.stream(list).take(MAX_PEOPLE));
    while usize::from(member.is_some()) + usize::from(outsider.is_some()) < wanted {
        let user = users.try_next().await;
        let user = user.map_err(|error| connector.failure("The list of users", &error))?;
        let Some(user) = user else { break };
        if user.kind.as_ref().is_some_and(is_program) {
            continue;
        }
        let place = if entrance.admits(user.pk) {
            &mut member
        } else {
            &mut outsider
        };
        place.get_or_insert_with(|| summary(user));
    }
    Ok((member, outsider))
}

fn is_program(kind: &UserType) -> bool {
    matches!(
        kind,
        UserType::ServiceAccount | UserType::InternalServiceAccount
    )
}

fn summary(user: User) -> UserSummary {
    UserSummary {
        pk: user.pk,
        username: user.username,
        name: user.name,
        is_active: user.is_active,
        email: user.email,
    }
}

fn unknown_entrance(slug: &str) -> Check {
    Check {
        id: "access".to_owned(),
        title: "Who gets in".to_owned(),
        verdict: Verdict::Skipped,
        asked: format!("who may open {slug} ?"),
        answer: "not asked: policies or negated bindings decide, so nobody can say beforehand who should get in"
            .to_owned(),
        way_out: "Ask authentik about single people: Applications, Check access.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use authentik_api::{Capabilities, Version};
    use serde_json::json;

    use super::*;

    const UUID: &str = "00000000-0000-0000-0000-00000000000";

    fn world(version: (u16, u8)) -> World {
        let group = |number: u8, parent: Option<u8>, users: &[i64]| {
            json!({ "pk": format!("{UUID}{number}"), "name": format!("g{number}"),
                "parent": parent.map(|n| format!("{UUID}{n}")), "users": users })
        };
        let groups = json!([
            group(1, None, &[1]),
            group(2, Some(1), &[2]),
            group(3, None, &[2, 3])
        ]);
        World {
            capabilities: Capabilities::of(Version::new(version.0, version.1, 0)),
            authentik_url: String::new(),
            superuser: true,
            default_app_access: true,
            flows: Vec::new(),
            keys: Vec::new(),
            mappings: Vec::new(),
            groups: serde_json::from_value(groups).unwrap(),
            slug_taken_by: None,
            provider_names: Vec::new(),
        }
    }

    fn entrance(mode: &str, bindings: &[serde_json::Value], world: &World) -> Entrance {
        let application = json!({ "pk": format!("{UUID}9"), "name": "x", "slug": "x", "policy_engine_mode": mode });
        let bindings: Vec<PolicyBinding> = bindings
            .iter()
            .map(|binding| {
                let mut binding = binding.clone();
                binding["pk"] = json!(format!("{UUID}8"));
                binding["target"] = json!(format!("{UUID}9"));
                serde_json::from_value(binding).unwrap()
            })
            .collect();
        Entrance::of(
            &serde_json::from_value(application).unwrap(),
            &bindings,
            world,
        )
    }

    fn these(people: &[i64]) -> Entrance {
        Entrance::These(people.iter().copied().map(UserPk).collect())
    }

    #[test]
    fn entrance_follows_groups_users_and_mode() {
        let group = |number: u8| json!({ "group": format!("{UUID}{number}") });
        let now = world((2026, 5));
        assert_eq!(entrance("any", &[], &now), Entrance::Everyone);
        assert_eq!(
            entrance("any", &[group(1)], &now),
            these(&[1, 2]),
            "with the group below"
        );
        assert_eq!(
            entrance("any", &[group(2), json!({ "user": 7 })], &now),
            these(&[2, 7])
        );
        assert_eq!(entrance("all", &[group(1), group(3)], &now), these(&[2]));
        assert_eq!(
            entrance("all", &[group(1), group(3)], &world((2025, 10))),
            these(&[1, 2, 3])
        );
        let off = json!({ "user": 7, "enabled": false });
        assert_eq!(entrance("any", &[off], &now), Entrance::Everyone);
        let mut closed = world((2026, 5));
        closed.default_app_access = false;
        assert_eq!(entrance("any", &[], &closed), these(&[]));
    }

    #[test]
    fn entrance_by_policies_is_unknown() {
        let now = world((2026, 5));
        let policy = json!({ "policy": format!("{UUID}7") });
        assert_eq!(entrance("any", &[policy], &now), Entrance::Unknown);
        let negated = json!({ "user": 7, "negate": true });
        assert_eq!(entrance("any", &[negated], &now), Entrance::Unknown);
    }
}
