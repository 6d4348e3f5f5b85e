//! The catalogue's rows.

use std::collections::{BTreeMap, BTreeSet};

use authentik_api::operation::{
    CATALOGUE, Class, LADDER, Method, Minor, Operation, OperationId, ParameterKind, named,
};

use crate::common::{schema::Schemas, shared};

#[test]
fn catalogue_has_each_operation_once() {
    assert_eq!(CATALOGUE.len(), 1275);
    assert!(
        CATALOGUE.is_sorted_by(|left, right| left.id < right.id),
        "sorted, no id twice"
    );
    let shapes: BTreeSet<_> = CATALOGUE
        .iter()
        .map(|row| (row.method, shape(row)))
        .collect();
    assert_eq!(shapes.len(), 1275, "no two rows can match the same path");
    for row in CATALOGUE {
        assert_eq!(row.template.split('/').nth(1), Some(row.tag), "{row:?}");
        assert!(row.id.starts_with(row.tag), "{row:?}");
        assert!(LADDER.contains(&row.since), "{row:?}");
        assert!(
            row.gone_in
                .is_none_or(|gone| LADDER.contains(&gone) && row.since < gone),
            "{row:?}"
        );
    }
}

/// The template without the parameters' names.
fn shape(row: &Operation) -> Vec<&'static str> {
    row.template
        .split('/')
        .map(|word| if word.starts_with('{') { "{}" } else { word })
        .collect()
}

#[test]
fn catalogue_counts_per_release_line() {
    let counts: Vec<_> = LADDER
        .iter()
        .map(|line| CATALOGUE.iter().filter(|row| row.offered_by(*line)).count())
        .collect();
    assert_eq!(
        counts,
        [
            667, 712, 742, 802, 875, 921, 935, 963, 999, 1006, 1007, 1036, 1086, 1113, 1139, 1193
        ]
    );
    assert_eq!(
        CATALOGUE.iter().filter(|row| row.gone_in.is_some()).count(),
        82
    );
}

#[test]
fn catalogue_counts_per_class() {
    let count = |class| CATALOGUE.iter().filter(|row| row.class == class).count();
    let counts = [Class::Read, Class::Write, Class::Secret, Class::Dangerous].map(count);
    assert_eq!(counts, [532, 462, 71, 210]);
}

#[test]
fn text_names_one_row_and_finds_it_again() {
    for id in OperationId::all() {
        assert_eq!(OperationId::from_name(&id.to_string()), Some(id));
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, format!("\"{id}\""));
        assert_eq!(serde_json::from_str::<OperationId>(&json).unwrap(), id);
        assert_eq!(format!("{id:?}"), id.get().id);
    }
    for text in [
        "",
        "core_users",
        "core_users_lis",
        "core_users_listt",
        "CORE_USERS_LIST",
        "~",
    ] {
        assert_eq!(OperationId::from_name(text), None, "{text}");
        assert!(serde_json::from_value::<OperationId>(text.into()).is_err());
    }
}

#[test]
fn moved_operations_keep_the_name_for_the_newer_path() {
    let moved: Vec<_> = CATALOGUE
        .iter()
        .filter(|row| row.id.contains('@'))
        .map(|row| {
            let newer = named(row.schema_name()).get();
            assert_eq!(row.gone_in, Some(newer.since));
            (row.id, row.template, newer.template)
        })
        .collect();
    assert_eq!(
        moved,
        [
            (
                "providers_scim_sync_status_retrieve@2023.10",
                "/providers/scim/{id}/sync_status/",
                "/providers/scim/{id}/sync/status/"
            ),
            (
                "sources_ldap_sync_status_retrieve@2023.10",
                "/sources/ldap/{slug}/sync_status/",
                "/sources/ldap/{slug}/sync/status/"
            ),
            (
                "tasks_workers_list@2025.8",
                "/tasks/workers",
                "/tasks/workers/"
            ),
        ]
    );
}

#[test]
fn method_converts_both_ways() {
    for method in [
        Method::Get,
        Method::Post,
        Method::Put,
        Method::Patch,
        Method::Delete,
    ] {
        let http = http::Method::from(method);
        assert_eq!(http.as_str(), method.as_str());
        assert_eq!(Method::try_from(&http), Ok(method));
    }
    for method in [
        http::Method::HEAD,
        http::Method::OPTIONS,
        http::Method::TRACE,
    ] {
        assert!(Method::try_from(&method).is_err());
    }
}

#[test]
fn rows_equal_the_shared_table() {
    let Some(folder) = shared() else { return };
    let text = std::fs::read_to_string(folder.join("operations.tsv")).unwrap();
    let mut lines = text
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let column = |name: &str| header.iter().position(|column| *column == name).unwrap();
    let (id, method, path) = (column("operationId"), column("method"), column("path"));
    let (tag, since, gone_in) = (column("tag"), column("since"), column("gone_in"));
    let (newest, candidate) = (column("in_2026.8"), column("at_HEAD_2025.10"));
    let rows: BTreeMap<_, _> = CATALOGUE
        .iter()
        .map(|row| ((row.method.as_str(), row.template), row))
        .collect();
    let mut compared = 0;
    for line in lines {
        let row = rows[&(line[method], line[path])];
        assert_eq!(row.schema_name(), line[id]);
        assert_eq!(row.tag, line[tag]);
        assert_eq!(
            format!("{}.0", row.since),
            line[since].replace("2023.10.4", "2023.10.0")
        );
        let gone = row
            .gone_in
            .map_or("-".to_owned(), |gone| format!("{gone}.0"));
        assert_eq!(gone, line[gone_in]);
        assert_eq!(row.offered_by(Minor::new(2026, 8)), line[newest] == "yes");
        assert_eq!(
            row.offered_by(Minor::new(2025, 8)),
            line[candidate] == "yes",
            "2025.10.0-rc1"
        );
        compared += 1;
    }
    assert_eq!(compared, CATALOGUE.len());
    println!("{compared} rows equal the shared table");
}

/// Documents read from live servers lack the tenants' operations, which are off by default; the
/// candidate of 2025.10 is as 2025.8, that of 2026.5 came before a few operations.
#[test]
fn rows_equal_the_openapi_documents() {
    let Some(schemas) = Schemas::load() else {
        return;
    };
    for (version, schema) in schemas {
        let line = match version.as_str() {
            "2025.10.0-rc1" => Minor::new(2025, 8),
            _ => Minor::from(&version.parse::<authentik_api::Version>().unwrap()),
        };
        let absent = |row: &&Operation| match version.as_str() {
            "2025.10.0-rc1" => row.tag == "tenants",
            "2026.5.0-rc1" => {
                row.tag == "tenants"
                    || row.id.contains("account_lockdown")
                    || row.id == "core_users_set_password_hash_create"
            }
            _ => false,
        };
        let declared: BTreeSet<_> = schema
            .operations()
            .map(|(template, method, _)| (method, template.to_owned()))
            .collect();
        let offered: BTreeSet<_> = CATALOGUE
            .iter()
            .filter(|row| row.offered_by(line) && !absent(row))
            .map(|row| (row.method.to_string(), row.template.to_owned()))
            .collect();
        assert_eq!(offered, declared, "{version}");
        println!("{version}: {} operations", declared.len());
    }
}

#[test]
fn parameter_kinds_are_those_of_the_openapi_documents() {
    let Some(schemas) = Schemas::load() else {
        return;
    };
    let rows: BTreeMap<_, _> = CATALOGUE
        .iter()
        .map(|row| ((row.template, row.method.as_str()), row))
        .collect();
    let mut compared = BTreeSet::new();
    for (version, schema) in &schemas {
        for (template, method, operation) in schema.operations() {
            let row = rows[&(template, method.as_str())];
            let declared: BTreeMap<_, _> = schema
                .parameters(operation)
                .filter(|parameter| parameter["in"] == "path")
                .map(|parameter| {
                    let kind = match (&parameter["schema"]["type"], &parameter["schema"]["format"])
                    {
                        (kind, _) if kind == "integer" => "a number",
                        (_, format) if format == "uuid" => "a UUID",
                        _ => "a text",
                    };
                    (parameter["name"].as_str().unwrap(), kind)
                })
                .collect();
            let ours: BTreeMap<_, _> = row
                .parameters()
                .map(|p| match p.kind {
                    // its pattern stands elsewhere: see below
                    ParameterKind::Slug => (p.name, "a text"),
                    kind => (p.name, kind.as_str()),
                })
                .collect();
            assert_eq!(ours, declared, "{version} {method} {template}");
            compared.insert(row.id);
        }
    }
    assert_eq!(
        compared.len(),
        CATALOGUE.len(),
        "every row is in some document"
    );
}

/// A parameter is a slug where the field of the same name in the object that it finds has the slugs'
/// pattern, in every version; other texts have fields without it.
#[test]
fn slugs_are_the_texts_whose_field_has_the_pattern() {
    let Some(schemas) = Schemas::load() else {
        return;
    };
    let finds_one = |row: &&Operation| row.method == Method::Get && row.template.ends_with("}/");
    let rows: BTreeMap<_, _> = CATALOGUE
        .iter()
        .filter(finds_one)
        .map(|row| (row.template, row))
        .collect();
    let mut compared = 0;
    for (version, schema) in &schemas {
        for (template, method, operation) in schema.operations() {
            let Some(row) = rows.get(template).filter(|_| method == "GET") else {
                continue;
            };
            let parameter = row.parameters().last().unwrap();
            let is_text = matches!(parameter.kind, ParameterKind::Slug | ParameterKind::Text);
            let Some(answer) = schema.success(operation).filter(|_| is_text) else {
                continue;
            };
            let field = &schema.resolve(answer)["properties"][parameter.name];
            let is_slug = field["pattern"] == "^[-a-zA-Z0-9_]+$";
            // The answer of an executor is no flow, but its parameter is a flow's slug.
            let expected = is_slug || parameter.name == "flow_slug";
            let found = parameter.kind == ParameterKind::Slug;
            assert_eq!(found, expected, "{version} {}", row.id);
            compared += 1;
        }
    }
    println!("{compared} text parameters compared with the fields that they find");
    assert!(compared > 100);
}
