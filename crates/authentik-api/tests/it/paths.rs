//! Path templates to concrete paths and back.

use authentik_api::operation::{
    CATALOGUE, Matched, Method, OperationId, ParameterKind, PathError, match_path, named,
};
use proptest::prelude::*;

fn get(path: &str) -> Result<(String, Vec<String>), PathError> {
    match_path(Method::Get, path).map(|m| (m.operation.to_string(), m.params))
}

fn segment_error(path: &str) -> bool {
    matches!(get(path), Err(PathError::Segment { .. }))
}

#[test]
fn match_path_prefers_fixed_words() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("/core/users/", "core_users_list", &[]),
        ("/core/users/me/", "core_users_me_retrieve", &[]),
        ("/core/users/7/", "core_users_retrieve", &["7"]),
        (
            "/core/applications/requestable/",
            "core_applications_requestable_list",
            &[],
        ),
        (
            "/core/applications/grafana/",
            "core_applications_retrieve",
            &["grafana"],
        ),
        (
            "/core/applications/%67rafana/",
            "core_applications_retrieve",
            &["grafana"],
        ),
        ("/sources/all/types/", "sources_all_types_list", &[]),
        ("/sources/%61ll/%74ypes/", "sources_all_types_list", &[]),
        (
            "/sources/scim_users/d%C3%BCrer%20%25/",
            "sources_scim_users_retrieve",
            &["dürer %"],
        ),
        ("/tasks/workers", "tasks_workers_list@2025.8", &[]),
        ("/tasks/workers/", "tasks_workers_list", &[]),
        (
            "/lifecycle/iterations/latest/user/7/",
            "lifecycle_iterations_list_latest",
            &["user", "7"],
        ),
    ];
    for (path, id, params) in cases {
        let expected = (
            (*id).to_owned(),
            params.iter().map(|p| (*p).to_owned()).collect(),
        );
        assert_eq!(get(path), Ok(expected), "{path}");
    }
}

#[test]
fn match_path_says_what_is_wrong() {
    assert_eq!(get("/core/user/"), Err(PathError::Unknown));
    assert_eq!(get("/core/"), Err(PathError::Unknown));
    assert_eq!(get("/nothing/users/"), Err(PathError::Unknown));
    assert_eq!(get("/core/users/7/8/"), Err(PathError::Unknown));
    assert_eq!(get("/core/users"), Err(PathError::Slash { wanted: true }));
    assert_eq!(
        get("/core/transactional/applications/"),
        Err(PathError::Method {
            method: Method::Get
        })
    );
    assert_eq!(
        get("/core/users/jodie/"),
        Err(PathError::Parameter {
            name: "id",
            expected: ParameterKind::Int
        })
    );
    assert_eq!(
        get("/core/groups/7/"),
        Err(PathError::Parameter {
            name: "group_uuid",
            expected: ParameterKind::Uuid
        })
    );
    assert_eq!(
        get("/core/applications/a%20b/"),
        Err(PathError::Parameter {
            name: "slug",
            expected: ParameterKind::Slug
        })
    );
}

#[test]
fn match_path_refuses_ambiguous_spellings() {
    let paths = [
        "",
        "/",
        "//",
        "core/users/",
        "//core/users/",
        "/core//users/",
        "/core/users//",
        "/core/users/../tokens/",
        "/core/./users/",
        "/core/users/..",
        "/core/users/%2e%2e/tokens/",
        "/core/users/.%2E/tokens/",
        "/core/applications/../tokens/akadmin/view_key/",
        "/core/applications/..%2ftokens%2fakadmin%2fview_key/",
        "/core/applications/..%2Ftokens/",
        "/core/applications/a%2Fb/",
        "/core/applications/a%5Cb/",
        "/core/applications/a\\b/",
        "/core/applications/..\\tokens/",
        "/core/applications/a;b/",
        "/core/applications/a%3Bb/",
        "/core/applications/..;/tokens/",
        "/core/applications/a%00/",
        "/core/applications/a%0d%0aX: y/",
        "/core/applications/a%0Ab/",
        "/core/applications/a%7Fb/",
        "/core/applications/a%C2%85b/",
        "/core/applications/a b/",
        "/core/applications/a\tb/",
        "/core/applications/a?b/",
        "/core/applications/a/?x=1",
        "/core/applications/a#b/",
        "/core/applications/ü/",
        "/core/applications/%/",
        "/core/applications/%2/",
        "/core/applications/%zz/",
        "/core/applications/%+1/",
        "/core/applications/%ff/",
        "/core/applications/%c0%ae%c0%ae/",
        "/core/applications/{slug}/",
        "/core/applications/<b>/",
        "http://elsewhere/core/users/",
    ];
    for path in paths {
        assert!(segment_error(path), "{path}: {:?}", get(path));
    }
    assert!(segment_error(&format!(
        "/core/applications/{}/",
        "a".repeat(4000)
    )));
}

#[test]
fn render_encodes_each_parameter() {
    let render = |id, params: &[&str]| named(id).get().render(params);
    assert_eq!(render("core_users_list", &[]).unwrap(), "/core/users/");
    assert_eq!(
        render("sources_scim_users_retrieve", &["a b%2F?#&ü"]).unwrap(),
        "/sources/scim_users/a%20b%252F%3F%23%26%C3%BC/"
    );
    assert_eq!(
        render("core_users_list", &["7"]),
        Err(PathError::Count {
            expected: 0,
            given: 1
        })
    );
    assert_eq!(
        render("core_users_retrieve", &[]),
        Err(PathError::Count {
            expected: 1,
            given: 0
        })
    );
    assert_eq!(
        render("core_users_retrieve", &["me"]),
        Err(PathError::Parameter {
            name: "id",
            expected: ParameterKind::Int
        })
    );
    for value in [
        "",
        ".",
        "..",
        "a/b",
        "../tokens",
        "a\\b",
        "a;b",
        "a\nb",
        "\0",
    ] {
        let refused = render("core_applications_retrieve", &[value]);
        assert!(
            matches!(refused, Err(PathError::Segment { .. })),
            "{value:?}: {refused:?}"
        );
    }
}

#[test]
fn render_refuses_fixed_words_of_other_operations() {
    let refused = named("sources_all_retrieve").get().render(&["types"]);
    let other = named("sources_all_types_list");
    assert_eq!(
        refused,
        Err(PathError::Shadowed {
            value: "types".to_owned(),
            other
        })
    );
    // with another method there is no such operation, so nothing is shadowed
    assert!(
        named("sources_oauth_destroy")
            .get()
            .render(&["source_types"])
            .is_ok()
    );
}

/// Whether a value may stand in a path at all.
fn is_plain(value: &str) -> bool {
    !value.is_empty()
        && value != "."
        && value != ".."
        && !value.contains(['/', '\\', ';'])
        && !value.chars().any(char::is_control)
}

/// Texts as people and mischief makers write them.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-z0-9-]{1,20}",
        "[ %./;a-zü\\\\]{0,6}",
        Just("types".to_owned()),
        Just("%2e%2e".to_owned()),
    ]
}

fn operation() -> impl Strategy<Value = OperationId> {
    (0..CATALOGUE.len()).prop_map(|index| OperationId::all().nth(index).unwrap())
}

fn method() -> impl Strategy<Value = Method> {
    prop::sample::select(vec![
        Method::Get,
        Method::Post,
        Method::Put,
        Method::Patch,
        Method::Delete,
    ])
}

/// An operation with values for its parameters.
fn call() -> impl Strategy<Value = (OperationId, Vec<String>)> {
    operation().prop_flat_map(|id| {
        let values: Vec<BoxedStrategy<String>> = id
            .get()
            .parameters()
            .map(|parameter| match parameter.kind {
                ParameterKind::Int => any::<u32>().prop_map(|n| n.to_string()).boxed(),
                ParameterKind::Uuid => any::<u128>()
                    .prop_map(|n| uuid::Uuid::from_u128(n).to_string())
                    .boxed(),
                ParameterKind::Slug => {
                    prop_oneof!["[-a-zA-Z0-9_]{1,50}", Just("types".to_owned())].boxed()
                }
                ParameterKind::Text => text().boxed(),
            })
            .collect();
        (Just(id), values)
    })
}

/// Paths made of the pieces that matter.
fn path() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("/".to_owned()),
        Just("..".to_owned()),
        Just("%2e".to_owned()),
        Just("%2F".to_owned()),
        Just(";".to_owned()),
        Just("7".to_owned()),
        prop::sample::select(CATALOGUE).prop_map(|row| row.template.to_owned()),
        "[a-z%{}]{1,4}",
    ];
    prop_oneof![
        any::<String>(),
        prop::collection::vec(piece, 0..8).prop_map(|p| p.concat())
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]

    #[test]
    fn match_path_undoes_render((operation, params) in call()) {
        let row = operation.get();
        let values: Vec<_> = params.iter().map(String::as_str).collect();
        match row.render(&values) {
            Ok(path) => {
                prop_assert!(path.is_ascii());
                prop_assert_eq!(match_path(row.method, &path), Ok(Matched { operation, params }));
            }
            Err(PathError::Segment { .. }) => {
                let long = params.iter().any(|value| value.len() > 600);
                prop_assert!(long || params.iter().any(|value| !is_plain(value)));
            }
            Err(PathError::Shadowed { value, other }) => {
                prop_assert!(params.contains(&value));
                prop_assert_ne!(other, operation);
                prop_assert!(other.get().template.split('/').any(|word| word == value));
            }
            Err(error) => prop_assert!(false, "{error}"),
        }
    }

    #[test]
    fn render_undoes_match_path((operation, params) in call(), method in method()) {
        // any template's path under any method: where something matches, it renders the same path
        let values: Vec<_> = params.iter().map(String::as_str).collect();
        let Ok(path) = operation.get().render(&values) else { return Ok(()) };
        if let Ok(Matched { operation, params }) = match_path(method, &path) {
            let values: Vec<_> = params.iter().map(String::as_str).collect();
            prop_assert_eq!(operation.get().method, method);
            prop_assert_eq!(operation.get().render(&values), Ok(path));
        }
    }

    #[test]
    fn match_path_never_panics_and_gives_plain_values(path in path(), method in method()) {
        if let Ok(matched) = match_path(method, &path) {
            prop_assert!(matched.params.iter().all(|value| is_plain(value)));
            prop_assert_eq!(matched.operation.get().method, method);
            prop_assert_eq!(matched.operation.get().template.ends_with('/'), path.ends_with('/'));
        }
    }
}
