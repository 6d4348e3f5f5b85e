//! Each difference, named.

use proptest::prelude::*;

use super::*;

fn caps(text: &str) -> Capabilities {
    Capabilities::of(text.parse().unwrap())
}

#[test]
fn redirect_uris_are_escaped_regexes_up_to_2024_10_and_objects_from_2024_12() {
    let uris = [
        RedirectUri::strict("https://git.example.org/cb?x=1"),
        RedirectUri::regex("https://.*"),
    ];
    assert_eq!(
        caps("2024.10.5").encode_redirect_uris(&uris),
        "https://git\\.example\\.org/cb\\?x=1\nhttps://.*"
    );
    assert_eq!(
        caps("2024.12.0").encode_redirect_uris(&uris),
        serde_json::json!([
            { "matching_mode": "strict", "url": "https://git.example.org/cb?x=1" },
            { "matching_mode": "regex", "url": "https://.*" },
        ])
    );
}

#[test]
fn invalidation_flow_is_required_from_2024_10() {
    assert!(!caps("2024.8.6").invalidation_flow);
    assert!(caps("2024.10.0").invalidation_flow);
}

#[test]
fn grant_types_are_sent_from_2026_5() {
    assert_eq!(caps("2026.2.7").default_grant_types(), None);
    let sent = caps("2026.5.0").default_grant_types().unwrap();
    assert_eq!(sent, ["authorization_code", "refresh_token"]);
}

#[test]
fn transaction_makes_bindings_from_2024_12() {
    assert!(!caps("2024.10.5").transactional_bindings);
    assert!(caps("2024.12.0").transactional_bindings);
}

#[test]
fn scope_mappings_move_below_provider_in_2024_8() {
    assert_eq!(
        caps("2024.6.5").scope_mappings().list.get().template,
        "/propertymappings/scope/"
    );
    assert_eq!(
        caps("2024.8.0").scope_mappings().list.get().template,
        "/propertymappings/provider/scope/"
    );
}

#[test]
fn tenants_become_brands_in_2024_2() {
    assert_eq!(
        caps("2023.10.7").current_brand().get().template,
        "/core/tenants/current/"
    );
    assert_eq!(
        caps("2024.2.0").current_brand().get().template,
        "/core/brands/current/"
    );
}

#[test]
fn settings_exist_from_2024_2() {
    assert!(!caps("2023.10.7").settings);
    assert!(caps("2024.2.0").settings);
}

#[test]
fn page_size_is_capped_from_2025_12() {
    assert_eq!(caps("2025.10.4").page_size_max(), None);
    assert_eq!(caps("2025.12.0").page_size_max(), Some(100));
}

#[test]
fn email_is_verified_by_default_before_2025_10() {
    assert!(caps("2025.8.1").email_verified_by_default());
    assert!(!caps("2025.10.0-rc1").email_verified_by_default());
}

#[test]
fn groups_have_several_parents_from_2025_12() {
    assert!(!caps("2025.10.4").group_parents);
    assert!(caps("2025.12.0").group_parents);
}

#[test]
fn group_lists_can_leave_out_members_from_2024_4() {
    assert!(!caps("2024.2.4").include_users);
    assert!(caps("2024.4.0").include_users);
}

#[test]
fn application_icon_is_writable_from_2025_12() {
    assert!(!caps("2025.10.4").application_icon);
    assert!(caps("2025.12.0").application_icon);
}

#[test]
fn mode_all_is_any_from_2025_8_to_2025_12() {
    let wrong: Vec<bool> = ["2025.6.4", "2025.8.0", "2025.10.0", "2025.12.6", "2026.2.0"]
        .map(|v| caps(v).mode_all_is_any())
        .to_vec();
    assert_eq!(wrong, [false, true, true, true, false]);
}

#[test]
fn default_app_access_flag_exists_from_2026_5() {
    assert!(!caps("2026.2.7").default_app_access_flag());
    assert!(caps("2026.5.0").default_app_access_flag());
}

#[test]
fn slugs_are_reserved_from_2025_8_and_unlimited_from_2025_12() {
    assert!(caps("2025.6.0").reserved_slugs().is_empty());
    assert!(caps("2025.8.0").reserved_slugs().contains(&"token"));
    assert_eq!(caps("2025.10.0").slug_max(), Some(50));
    assert_eq!(caps("2025.12.0").slug_max(), None);
}

#[test]
fn backchannel_logout_goes_by_the_name_of_the_version() {
    let of = |version: &str| caps(version).backchannel_logout;
    assert_eq!(of("2025.6.4"), BackchannelLogout::Unknown);
    assert_eq!(of("2025.8.0"), BackchannelLogout::Own);
    assert_eq!(of("2025.10.0-rc1"), BackchannelLogout::Own);
    assert_eq!(of("2025.10.0"), BackchannelLogout::Shared);
    let mut later = caps("2026.5.0");
    later.correct(&serde_json::json!({ "components": { "schemas": {
        "OAuth2ProviderRequest": { "properties": { "backchannel_logout_uri": {} } }
    } } }));
    assert_eq!(later.backchannel_logout, BackchannelLogout::Own);
}

#[test]
fn schema_probe_corrects_the_version() {
    let mut snapshot = caps("2026.5.0-rc1");
    assert!(snapshot.grant_types);
    snapshot.correct(&serde_json::json!({ "components": { "schemas": {
        "OAuth2ProviderRequest": { "properties": {
            "invalidation_flow": {}, "redirect_uris": { "type": "array" }
        } }
    } } }));
    assert!(
        !snapshot.grant_types,
        "the snapshot of April does not know the field"
    );
    assert_eq!(snapshot.redirect_uris, RedirectUriForm::Objects);
    assert!(snapshot.brands, "what the document does not settle stays");
}

proptest! {
    #[test]
    fn strict_uris_survive_the_string_form(url in "https?://[a-z0-9.-]{1,20}(/[a-zA-Z0-9._~?=&+()*\\[\\]-]{0,30})?") {
        let encoded = caps("2023.10.7").encode_redirect_uris(&[RedirectUri::strict(url.clone())]);
        let decoded = decode_redirect_uri_regexes(encoded.as_str().unwrap());
        prop_assert_eq!(decoded, vec![RedirectUri::strict(url)]);
    }
}
