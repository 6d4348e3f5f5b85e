//! One request of each kind.

use authentik_api::{
    ApplicationPk, BuildError, Capabilities, Endpoint, Field, FlowPk, GroupPk, List, MappingPk,
    Parts, ProviderPk, TargetPk, UserPk,
    api::{
        admin::{RetrieveConfig, RetrieveSchema, RetrieveSettings, RetrieveVersion},
        core::{
            applications::{
                CheckAccess, CreateApplication, DestroyApplication, ListApplicationUses,
                ListApplications, RetrieveApplication, UpdateApplication,
            },
            brands::RetrieveCurrentBrand,
            groups::{
                AddUser, CreateGroup, DestroyGroup, ListGroupUses, ListGroups, RemoveUser,
                RetrieveGroup, UpdateGroup,
            },
            tokens::ViewTokenKey,
            transactional::CreateTransactional,
            users::{ListUsers, RetrieveMe, RetrieveUser},
        },
        crypto::ListCertificateKeyPairs,
        events::ListEvents,
        flows::{ListFlows, RetrieveFlow},
        outposts::{ListOutposts, RetrieveOutpost, UpdateOutpost},
        policies::{
            ClearPolicyCache, CreateBinding, DestroyBinding, ListBindings, ReplaceBinding,
            RetrieveBinding, UpdateBinding,
        },
        propertymappings::{
            CreateScopeMapping, DestroyScopeMapping, ListScopeMappingUses, ListScopeMappings,
            RetrieveScopeMapping,
        },
        providers::{
            CreateOAuth2Provider, DestroyOAuth2Provider, ListOAuth2ProviderUses,
            ListOAuth2Providers, ListProviders, PreviewUser, ReplaceOAuth2Provider,
            RetrieveOAuth2Provider, RetrieveSetupUrls, UpdateOAuth2Provider,
        },
        rbac::{ListPermissions, ListRoles},
    },
    models::{
        ApplicationRequest, BindingRequest, ClientType, GroupRequest, IssuerMode,
        OAuth2ProviderRequest, OutpostType, PatchApplication, PatchGroup, PatchOAuth2Provider,
        PatchOutpost, PolicyEngineMode, RedirectUri, ScopeMappingRequest, SubMode, Subject,
        Transaction,
    },
};
use serde_json::json;
use uuid::Uuid;

pub(super) type Build = Box<dyn Fn(&Capabilities) -> Result<Parts, BuildError>>;

/// A request, and since when the version allows it.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) build: Build,
}

fn case(name: &'static str, endpoint: impl Endpoint + 'static) -> Case {
    Case {
        name,
        build: Box::new(move |capabilities| endpoint.parts(capabilities)),
    }
}

fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn provider(secret: Option<&str>) -> OAuth2ProviderRequest {
    OAuth2ProviderRequest {
        name: "Grafana".into(),
        authorization_flow: FlowPk(uuid(1)),
        invalidation_flow: Some(FlowPk(uuid(2))),
        property_mappings: vec![MappingPk(uuid(3))],
        client_type: ClientType::Confidential,
        client_id: secret.map(|_| "grafana".into()),
        client_secret: secret.map(Into::into),
        redirect_uris: vec![
            RedirectUri::strict("https://grafana.example.com/login/generic_oauth"),
            RedirectUri::regex("https://grafana\\.example\\.com/.*"),
        ],
        signing_key: Some(authentik_api::CertificatePk(uuid(4))),
        sub_mode: SubMode::UserUsername,
        issuer_mode: IssuerMode::Global,
        further_grant_types: vec!["implicit".into()],
        access_token_validity: secret.map(|_| "minutes=10".into()),
        access_code_validity: secret.map(|_| "minutes=1".into()),
        backchannel_logout: Some("https://git.example.com/logout".to_owned()),
    }
}

fn application() -> ApplicationRequest {
    ApplicationRequest {
        meta_launch_url: "https://grafana.example.com".into(),
        meta_icon: Some("fa://fa-chart-line".into()),
        meta_description: "Dashboards".into(),
        meta_publisher: "Grafana Labs".into(),
        group: "Monitoring".into(),
        policy_engine_mode: PolicyEngineMode::All,
        open_in_new_tab: true,
        ..ApplicationRequest::new("Grafana", "grafana")
    }
}

pub(super) fn transaction(bindings: Vec<Subject>) -> CreateTransactional {
    CreateTransactional {
        transaction: Transaction {
            app: application(),
            provider: provider(Some("hush")),
            bindings,
        },
    }
}

fn binding(subject: Subject) -> BindingRequest {
    BindingRequest {
        negate: true,
        ..BindingRequest::new(TargetPk(uuid(5)), subject, 3)
    }
}

pub(super) fn subjects() -> [Subject; 3] {
    [
        Subject::Policy(authentik_api::PolicyPk(uuid(6))),
        Subject::Group(GroupPk(uuid(7))),
        Subject::User(UserPk(8)),
    ]
}

fn people_cases() -> Vec<Case> {
    let group = GroupPk(uuid(7));
    vec![
        case(
            "users",
            ListUsers::default()
                .username("jodie")
                .is_active(true)
                .groups_by_pk(vec![group, GroupPk(uuid(9))])
                .search("jo")
                .ordering("-username")
                .page(2)
                .page_size(100),
        ),
        case(
            "token key",
            ViewTokenKey {
                identifier: "ostiary".into(),
            },
        ),
        case("roles", ListRoles::default().search("ostiary")),
        case(
            "permissions",
            ListPermissions::default()
                .codename("view_user")
                .app_label("authentik_core"),
        ),
        case("me", RetrieveMe),
        case("user", RetrieveUser { pk: UserPk(8) }),
        case(
            "groups",
            ListGroups::default()
                .name("staff")
                .members_by_pk(vec![UserPk(8)]),
        ),
        case("group", RetrieveGroup { pk: group }),
        case(
            "new group",
            CreateGroup {
                group: GroupRequest::new("staff"),
            },
        ),
        case(
            "new group with parent",
            CreateGroup {
                group: GroupRequest {
                    is_superuser: true,
                    parents: vec![group],
                    attributes: json!({ "quota": 5 }).as_object().unwrap().clone(),
                    ..GroupRequest::new("staff")
                },
            },
        ),
        case(
            "new group with two parents",
            CreateGroup {
                group: GroupRequest {
                    parents: vec![group, GroupPk(uuid(9))],
                    ..GroupRequest::new("staff")
                },
            },
        ),
        case(
            "changed group",
            UpdateGroup {
                pk: group,
                patch: PatchGroup {
                    name: Field::Set("crew".into()),
                    is_superuser: Field::Set(false),
                    attributes: Field::Set(serde_json::Map::new()),
                },
            },
        ),
        case("deleted group", DestroyGroup { pk: group }),
        case("uses of the group", ListGroupUses { pk: group }),
        case(
            "new member",
            AddUser {
                group,
                user: UserPk(8),
            },
        ),
        case(
            "former member",
            RemoveUser {
                group,
                user: UserPk(8),
            },
        ),
    ]
}

fn application_cases() -> Vec<Case> {
    let slug = || "grafana".to_owned();
    vec![
        case(
            "applications",
            ListApplications::everything()
                .slug("grafana")
                .name("Grafana"),
        ),
        case("application", RetrieveApplication { slug: slug() }),
        case(
            "new application",
            CreateApplication {
                application: application(),
            },
        ),
        case(
            "changed application",
            UpdateApplication {
                slug: slug(),
                patch: PatchApplication {
                    name: Field::Set("Grafana".into()),
                    slug: Field::Set("graphs".into()),
                    provider: Field::Null,
                    meta_launch_url: Field::Set("https://g.example.com".into()),
                    meta_description: Field::Set(String::new()),
                    group: Field::Set(String::new()),
                    policy_engine_mode: Field::Set(PolicyEngineMode::Any),
                },
            },
        ),
        case("deleted application", DestroyApplication { slug: slug() }),
        case(
            "access",
            CheckAccess {
                slug: slug(),
                for_user: Some(UserPk(8)),
            },
        ),
        case(
            "users of the application",
            ListApplicationUses { slug: slug() },
        ),
        case("transaction", transaction(Vec::new())),
        case(
            "transaction with bindings",
            transaction(subjects().to_vec()),
        ),
        case("brand", RetrieveCurrentBrand),
    ]
}

fn provider_cases() -> Vec<Case> {
    let pk = ProviderPk(11);
    let mapping = MappingPk(uuid(3));
    vec![
        case("version", RetrieveVersion),
        case("settings", RetrieveSettings),
        case("config", RetrieveConfig),
        case("schema", RetrieveSchema),
        case(
            "providers",
            ListProviders::default().application_isnull(true),
        ),
        case(
            "OAuth2 providers",
            ListOAuth2Providers::default()
                .name("Grafana")
                .client_id("x"),
        ),
        case("OAuth2 provider", RetrieveOAuth2Provider { pk }),
        case(
            "new OAuth2 provider",
            CreateOAuth2Provider {
                provider: provider(None),
            },
        ),
        case(
            "new OAuth2 provider, secret given",
            CreateOAuth2Provider {
                provider: provider(Some("hush")),
            },
        ),
        case(
            "replaced OAuth2 provider",
            ReplaceOAuth2Provider {
                pk,
                provider: provider(Some("hush")),
            },
        ),
        case(
            "changed OAuth2 provider",
            UpdateOAuth2Provider {
                pk,
                patch: PatchOAuth2Provider {
                    name: Field::Set("Graphs".into()),
                    redirect_uris: Field::Set(vec![RedirectUri::strict(
                        "https://g.example.com/cb",
                    )]),
                    property_mappings: Field::Set(vec![mapping]),
                    signing_key: Field::Null,
                    authorization_flow: Field::Set(FlowPk(uuid(1))),
                },
            },
        ),
        case("deleted OAuth2 provider", DestroyOAuth2Provider { pk }),
        case(
            "users of the OAuth2 provider",
            ListOAuth2ProviderUses { pk },
        ),
        case("set-up URLs", RetrieveSetupUrls { pk }),
        case("preview", PreviewUser { pk, for_user: None }),
    ]
}

fn other_cases() -> Vec<Case> {
    let outpost = authentik_api::OutpostPk(uuid(12));
    let bound = authentik_api::BindingPk(uuid(13));
    let mapping = MappingPk(uuid(3));
    let pk = ProviderPk(11);
    let mut cases = vec![
        case(
            "flows",
            ListFlows::default().slug("x").designation("authorization"),
        ),
        case("flow", RetrieveFlow { slug: "x".into() }),
        case(
            "scope mappings",
            ListScopeMappings::default().name("x").scope_name("email"),
        ),
        case("scope mapping", RetrieveScopeMapping { pk: mapping }),
        case(
            "new scope mapping",
            CreateScopeMapping {
                mapping: ScopeMappingRequest {
                    name: "x".into(),
                    scope_name: "email".into(),
                    expression: "return {}".into(),
                    description: String::new(),
                },
            },
        ),
        case(
            "uses of the scope mapping",
            ListScopeMappingUses { pk: mapping },
        ),
        case("deleted scope mapping", DestroyScopeMapping { pk: mapping }),
        case(
            "certificates",
            ListCertificateKeyPairs::default().has_key(true).name("x"),
        ),
        case(
            "outposts",
            ListOutposts::default().managed("goauthentik.io/outposts/embedded"),
        ),
        case("outpost", RetrieveOutpost { pk: outpost }),
        case(
            "changed outpost",
            UpdateOutpost {
                pk: outpost,
                patch: PatchOutpost {
                    kind: OutpostType::Proxy,
                    providers: vec![pk],
                },
            },
        ),
        case(
            "events",
            ListEvents::default()
                .action("login")
                .username("jodie")
                .context_model_pk("x"),
        ),
        case(
            "bindings",
            ListBindings::default()
                .target(TargetPk::from(ApplicationPk(uuid(5))))
                .policy(authentik_api::PolicyPk(uuid(6)))
                .policy_isnull(true)
                .enabled(true),
        ),
        case("binding", RetrieveBinding { pk: bound }),
        case("deleted binding", DestroyBinding { pk: bound }),
        case("cleared cache", ClearPolicyCache),
    ];
    for subject in subjects() {
        let binding = binding(subject);
        cases.push(case(
            "new binding",
            CreateBinding {
                binding: binding.clone(),
            },
        ));
        cases.push(case(
            "replaced binding",
            ReplaceBinding {
                pk: bound,
                binding: binding.clone(),
            },
        ));
        cases.push(case(
            "changed binding",
            UpdateBinding { pk: bound, binding },
        ));
    }
    cases
}

/// One request of each kind.
pub(super) fn all() -> Vec<Case> {
    [
        people_cases(),
        application_cases(),
        provider_cases(),
        other_cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
