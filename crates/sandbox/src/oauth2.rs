//! `providers/oauth2`.

use crate::call::Call;
use crate::fields::{Field, Kind, Mode};
use crate::oidc;
use crate::providers::{self, OAUTH2, brand_as, common_fields, generic};
use crate::reply::{Outcome, Reply};
use crate::resource::{self, Resource};
use crate::rows::{Columns, Row, pick};
use crate::state::{State, Table};
use crate::version::Version;
use serde_json::{Value, json};

const GRANTS: &[&str] = &[
    "authorization_code",
    "implicit",
    "hybrid",
    "refresh_token",
    "client_credentials",
    "password",
    "urn:ietf:params:oauth:grant-type:device_code",
];
const SUB_MODES: &[&str] = &[
    "hashed_user_id",
    "user_id",
    "user_uuid",
    "user_username",
    "user_email",
    "user_upn",
];

/// The resource `providers/oauth2`.
pub(crate) struct OAuth2;
impl Resource for OAuth2 {
    const TABLE: Table = Table::Providers;
    const MODEL: &'static str = "OAuth2Provider";

    fn fields(state: &State) -> Vec<Field> {
        let mut fields = common_fields(state);
        fields.extend([
            Field::optional(
                "client_type",
                Kind::Choice(&["confidential", "public"]),
                json!("confidential"),
            ),
            Field::optional(
                "client_id",
                Kind::Text {
                    blank: false,
                    max: Some(255),
                },
                Value::Null,
            )
            .unique("OAuth2/OpenID Provider with this Client ID already exists."),
            Field::optional(
                "client_secret",
                Kind::Text {
                    blank: true,
                    max: Some(255),
                },
                Value::Null,
            ),
            Field::optional("access_code_validity", Kind::Duration, json!("minutes=1")),
            Field::optional("access_token_validity", Kind::Duration, json!("hours=1")),
            Field::optional("refresh_token_validity", Kind::Duration, json!("days=30")),
            Field::optional("include_claims_in_id_token", Kind::Bool, json!(true)),
            Field::reference("signing_key", Table::Keys),
            Field::optional("sub_mode", Kind::Choice(SUB_MODES), json!("hashed_user_id")),
            Field::optional(
                "issuer_mode",
                Kind::Choice(&["per_provider", "global"]),
                json!("per_provider"),
            ),
        ]);
        if state.version == Version::V2023_10 {
            fields.push(Field::optional(
                "redirect_uris",
                Kind::RedirectUris,
                json!(""),
            ));
            fields.push(Field::optional("jwks_sources", Kind::Any, json!([])).reset());
        } else {
            fields.push(Field::required("redirect_uris", Kind::RedirectUris));
            fields.push(Field::reference("encryption_key", Table::Keys));
            // Sources are not served, so no key of one can exist.
            fields.push(Field::many("jwt_federation_sources", Table::Roles));
            fields.push(Field::many("jwt_federation_providers", Table::Providers));
        }
        let back_channel_only = state.version == Version::V2025_10 && state.recorded;
        if back_channel_only {
            // The release candidate; the release had what later ones have.
            fields.push(Field::optional(
                "backchannel_logout_uri",
                Kind::Url,
                json!(""),
            ));
        }
        if state.since(Version::V2025_10) && !back_channel_only {
            fields.extend([
                Field::optional(
                    "refresh_token_threshold",
                    Kind::Duration,
                    json!("seconds=0"),
                ),
                Field::optional("logout_uri", Kind::Url, json!("")),
                Field::optional(
                    "logout_method",
                    Kind::Choice(&["backchannel", "frontchannel"]),
                    json!("backchannel"),
                ),
            ]);
            if state.since(Version::V2026_5) && !state.recorded {
                // T1: whoever does not send it gets a provider that authorizes nobody.
                fields.push(Field::optional(
                    "grant_types",
                    Kind::Choices(GRANTS),
                    json!([]),
                ));
            }
        }
        fields
    }

    fn visible(row: &Row) -> bool {
        row.text("meta_model_name") == OAUTH2
    }

    fn complete(state: &mut State, new: &mut Row) {
        for (column, length) in [("client_id", 40), ("client_secret", 128)] {
            if new.value(column).is_null() {
                new.insert(column.to_owned(), json!(state.mint.secret(length)));
            }
        }
        brand_as(
            new,
            OAUTH2,
            "ak-provider-oauth2-form",
            "OAuth2/OpenID Provider",
        );
    }

    fn check(_: &mut State, new: &mut Row, _: Option<&Row>, _: Mode) -> Result<(), Reply> {
        if !new.items("jwt_federation_sources").is_empty() {
            let error = crate::values::unknown(
                new.items("jwt_federation_sources")
                    .first()
                    .unwrap_or(&Value::Null),
            );
            return Err(Reply::bad(json!({ "jwt_federation_sources": error })));
        }
        Ok(())
    }

    fn removed(state: &mut State, row: &Row) {
        providers::forget(state, &row.value("pk"));
    }

    fn filter(_: &State, call: &Call, row: &Row) -> bool {
        let exact = [
            "name",
            "authorization_flow",
            "client_type",
            "client_id",
            "signing_key",
            "sub_mode",
            "issuer_mode",
            "access_code_validity",
            "access_token_validity",
            "refresh_token_validity",
        ];
        exact.iter().all(|column| {
            call.param(column)
                .is_none_or(|wanted| row.text(column) == wanted)
        }) && call.params("property_mappings").all(|wanted| {
            row.items("property_mappings")
                .iter()
                .any(|pk| pk.as_str() == Some(wanted))
        }) && call
            .switch("include_claims_in_id_token")
            .is_none_or(|wanted| row.flag("include_claims_in_id_token") == wanted)
    }

    fn render(state: &State, _: &Call, row: &Row) -> Value {
        let mut provider = match generic(state, row) {
            Value::Object(provider) => provider,
            _ => Row::new(),
        };
        provider.extend(pick(
            row,
            &[
                "client_type",
                "client_id",
                "client_secret",
                "access_code_validity",
                "access_token_validity",
                "refresh_token_validity",
                "include_claims_in_id_token",
                "signing_key",
                "redirect_uris",
                "sub_mode",
                "issuer_mode",
            ],
        ));
        let more: &[&str] = match state.version {
            Version::V2023_10 => &["jwks_sources"],
            Version::V2025_10 if state.recorded => &[
                "encryption_key",
                "jwt_federation_sources",
                "jwt_federation_providers",
                "backchannel_logout_uri",
            ],
            Version::V2025_10 | Version::V2026_5 => &[
                "encryption_key",
                "jwt_federation_sources",
                "jwt_federation_providers",
                "refresh_token_threshold",
                "logout_uri",
                "logout_method",
            ],
        };
        provider.extend(pick(row, more));
        if state.since(Version::V2026_5) && !state.recorded {
            provider.insert("grant_types".to_owned(), row.value("grant_types"));
        }
        Value::Object(provider)
    }
}

pub(crate) fn setup_urls(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let row = resource::addressed::<OAuth2>(state, args)?;
    let base = call.base();
    let slug = state
        .application_of(&row.value("pk"))
        .map(|app| app.text("slug"));
    let of_app = |path: &str| {
        slug.map_or(Value::Null, |slug| {
            json!(format!("{base}/application/o/{slug}/{path}"))
        })
    };
    let mut urls = json!({
        "issuer": slug.map_or(Value::Null, |slug| json!(oidc::issuer(row, &base, slug))),
        "authorize": format!("{base}/application/o/authorize/"),
        "token": format!("{base}/application/o/token/"),
        "user_info": format!("{base}/application/o/userinfo/"),
        "provider_info": of_app(".well-known/openid-configuration"),
        "logout": of_app("end-session/"),
    });
    if let (Some(_), Some(object)) = (slug, urls.as_object_mut()) {
        object.insert("jwks".to_owned(), of_app("jwks/"));
    }
    Ok(Reply::ok(urls))
}

pub(crate) fn preview_user(state: &mut State, call: &Call, args: &[&str]) -> Outcome {
    let row = resource::addressed::<OAuth2>(state, args)?;
    let mut user = call.user.unwrap_or_default();
    // 2023.10 shows the caller's claims, whoever is asked for.
    if state.since(Version::V2025_10)
        && let Some(text) = call.param("for_user")
    {
        let known = text.parse().ok().filter(|pk| state.user(*pk).is_some());
        user = known.ok_or_else(|| Reply::bad(json!({ "for_user": "User not found" })))?;
    }
    Ok(Reply::ok(
        json!({ "preview": oidc::claims(state, call, row, user) }),
    ))
}
