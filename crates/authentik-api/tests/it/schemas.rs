//! The checks against the OpenAPI documents do find mistakes.

use crate::common::{recordings, schema::Schemas};

#[test]
fn probe() {
    let Some(schemas) = Schemas::load() else { return };
    let Some(exchanges) = recordings::load() else { return };
    let version = |line: &str| match line { "2023.10" => "2023.10.7", "2025.10" => "2025.10.0-rc1", _ => "2026.5.0-rc1" };
    let (mut good, mut bad, mut rgood, mut rbad) = (0, 0, 0, 0);
    for e in &exchanges {
        let Some(path) = e.api_path() else { continue };
        if !(200..300).contains(&e.status) || e.request_type.is_some() { continue }
        let schema = &schemas.iter().find(|(v, _)| v == version(&e.version)).unwrap().1;
        match schema.validate_request(&e.method, path, &e.query, e.body.as_ref()) {
            Ok(()) => good += 1,
            Err(errors) => { bad += 1; println!("REQ {} {errors:?}", e.label()) }
        }
        let body = e.response.clone().unwrap_or_default();
        match schema.validate_response(&e.method, path, e.status, &body) {
            Ok(()) => rgood += 1,
            Err(errors) => { rbad += 1; println!("RES {} {:?}", e.label(), &errors[..errors.len().min(2)]) }
        }
    }
    println!("{good} {bad} {rgood} {rbad}");
}
