use std::collections::BTreeMap;

use authentik_api::{
    TargetPk,
    api::{core::applications::ListApplications, policies::ListBindings},
    models::{Application, PolicyBinding},
};
use futures_util::future::join;

use super::get_connection;
use crate::{
    api::{client, failed},
    error::AppError,
    state::applications::{Entry, List, Row},
};

/// All applications with who may enter, told from all bindings.
///
/// # Errors
/// When authentik does not answer as it should.
pub async fn applications() -> Result<List, AppError> {
    let known = get_connection().await?;
    let client = client().await?;
    let (applications, bindings) = join(
        client.all(ListApplications::everything()),
        client.all(ListBindings::default().enabled(true)),
    )
    .await;
    let applications = applications.map_err(failed("the list of applications"))?;
    let bindings = bindings.map_err(failed("the list of bindings"))?;
    Ok(List {
        rows: rows(
            applications,
            &bindings,
            known.default_app_access,
            &known.authentik_url,
        ),
        complete: known.me.is_superuser,
    })
}

fn rows(
    applications: Vec<Application>,
    bindings: &[PolicyBinding],
    open_by_default: bool,
    authentik_url: &str,
) -> Vec<Row> {
    let mut per_target: BTreeMap<TargetPk, u32> = BTreeMap::new();
    for binding in bindings.iter().filter(|binding| binding.enabled) {
        *per_target.entry(binding.target).or_default() += 1;
    }
    let mut rows: Vec<Row> = applications
        .into_iter()
        .map(|application| Row {
            entry: Entry::of(
                per_target
                    .get(&application.target())
                    .copied()
                    .unwrap_or_default(),
                open_by_default,
            ),
            has_icon: application
                .icon()
                .is_some_and(|icon| can_be_shown(icon, authentik_url)),
            kind: application
                .provider_obj
                .and_then(|provider| provider.verbose_name)
                .unwrap_or_default(),
            slug: application.slug,
            name: application.name,
            group: application.group,
        })
        .collect();
    rows.sort_by_cached_key(|row| (row.name.to_lowercase(), row.slug.clone()));
    rows
}

/// Whether an icon is a picture of authentik's own: one of another site, a symbol (`fa://`) or a document (SVG) is not
/// passed on to browsers.
fn can_be_shown(icon: &str, authentik_url: &str) -> bool {
    let path = icon.strip_prefix(authentik_url).unwrap_or(icon);
    let file = path.split(['?', '#']).next().unwrap_or_default();
    path.starts_with('/') && !path.starts_with("//") && !file.to_ascii_lowercase().ends_with(".svg")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_count_only_bindings_that_count() {
        let uuid = |n: u8| format!("00000000-0000-0000-0000-0000000000{n:02}");
        let application = |n: u8, name: &str| {
            serde_json::from_value(json!({ "pk": uuid(n), "name": name, "slug": name })).unwrap()
        };
        let binding = |target: u8, enabled: bool| {
            let json = json!({ "pk": uuid(90), "target": uuid(target), "enabled": enabled });
            serde_json::from_value(json).unwrap()
        };
        let bindings = [binding(1, true), binding(1, true), binding(2, false)];
        let rows = rows(
            vec![application(1, "b"), application(2, "A")],
            &bindings,
            true,
            "https://auth.example.com",
        );
        let shape: Vec<_> = rows
            .iter()
            .map(|row| (row.name.as_str(), row.entry))
            .collect();
        assert_eq!(shape, [("A", Entry::Open), ("b", Entry::Restricted(2))]);
    }

    #[test]
    fn icons_of_authentik_itself_can_be_shown() {
        let shown = |icon: &str| can_be_shown(icon, "https://auth.example.com");
        for icon in [
            "/media/public/a.png",
            "/files/media/a.webp?token=x",
            "https://auth.example.com/static/a.png",
        ] {
            assert!(shown(icon), "{icon}");
        }
        for icon in [
            "",
            "fa://fa-cloud",
            "//evil.example/a.png",
            "https://auth.example.com.evil.example/a.png",
            "https://cdn.example/a.png",
            "/static/a.SVG?x",
            "data:image/png;base64,AA==",
        ] {
            assert!(!shown(icon), "{icon}");
        }
    }
}
