//! The token endpoint.

use crate::call::Call;
use crate::grants::{Access, Code, Grant, Refresh, Visit};
use crate::jwt;
use crate::oidc;
use crate::reply::{Outcome, Reply};
use crate::rows::{Columns, Row, row};
use crate::state::{State, Table};
use crate::version::Version;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::{StatusCode, header};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;

type Form = HashMap<String, String>;

const INVALID_GRANT: (&str, &str) = (
    "invalid_grant",
    "The provided authorization grant or refresh token is invalid, expired, revoked, does not match the redirection \
     URI used in the authorization request, or was issued to another client",
);
const INVALID_CLIENT: (&str, &str) = (
    "invalid_client",
    "Client authentication failed (e.g., unknown client, no client authentication included, or unsupported \
     authentication method)",
);
/// The texts of these two are not recorded.
const UNSUPPORTED: (&str, &str) = (
    "unsupported_grant_type",
    "This kind of grant is not supported",
);
const UNAUTHORIZED: (&str, &str) = (
    "unauthorized_client",
    "This client may not use this kind of grant",
);

/// `POST /application/o/token/`
pub(crate) fn token(state: &mut State, call: &Call, _: &[&str]) -> Outcome {
    state.mint.tick();
    let now = state.now();
    state.grants.expire(now);
    let form = call.form();
    let Some(provider) = client(state, call, &form) else {
        return Err(refusal(state, INVALID_CLIENT));
    };
    let kind = text(&form, "grant_type");
    if matches!(kind, "authorization_code" | "refresh_token") && !allows(state, &provider, kind) {
        return Err(refusal(state, UNAUTHORIZED));
    }
    match kind {
        "authorization_code" => redeem(state, call, &provider, &form),
        "refresh_token" => refresh(state, call, &provider, &form),
        // Both need a service account, and there is no right one here.
        "client_credentials" | "password" => Err(refusal(state, INVALID_GRANT)),
        _ => Err(refusal(state, UNSUPPORTED)),
    }
}

fn text<'a>(form: &'a Form, name: &str) -> &'a str {
    form.get(name).map(String::as_str).unwrap_or_default()
}

fn refusal(state: &mut State, (error, description): (&str, &str)) -> Reply {
    let mut body = json!({ "error": error, "error_description": description });
    if let (true, Value::Object(body)) = (state.since(Version::V2025_10), &mut body) {
        let id = state.mint.uuid().replace('-', "");
        body.insert("request_id".to_owned(), json!(id));
    }
    Reply::bad(body)
}

/// T1: from 2026.5 a provider lists what it grants.
fn allows(state: &State, provider: &Row, kind: &str) -> bool {
    !state.since(Version::V2026_5)
        || state.recorded
        || provider.items("grant_types").contains(&json!(kind))
}

/// The provider whose client proved who it is, by `client_secret_basic` or `client_secret_post`.
pub(crate) fn client(state: &State, call: &Call, form: &Form) -> Option<Row> {
    let (id, secret) = basic(call).unwrap_or_else(|| {
        (
            text(form, "client_id").to_owned(),
            text(form, "client_secret").to_owned(),
        )
    });
    let known = |provider: &&Row| {
        provider.contains_key("client_id")
            && provider.text("client_id") == id
            && (provider.text("client_type") == "public"
                || provider.text("client_secret") == secret)
    };
    state.rows(Table::Providers).iter().find(known).cloned()
}

/// Name and secret of HTTP basic; both are form-encoded before (RFC 6749, section 2.3.1).
fn basic(call: &Call) -> Option<(String, String)> {
    let value = call.header("authorization")?;
    let (scheme, rest) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        percent_encoding::percent_decode_str(&text)
            .decode_utf8_lossy()
            .into_owned()
    };
    Some((decoded(id), decoded(secret)))
}

/// A code for tokens.
fn redeem(state: &mut State, call: &Call, provider: &Row, form: &Form) -> Outcome {
    let (code, pk) = (text(form, "code"), provider.value("pk"));
    let found = state.grants.code(code).filter(|found| {
        found.grant.provider == pk
            && found.redirect_uri == text(form, "redirect_uri")
            && verified(found, text(form, "code_verifier"))
    });
    let Some(grant) = found.map(|found| found.grant.clone()) else {
        return Err(refusal(state, INVALID_GRANT));
    };
    state.grants.use_up(code);
    issue(state, call, provider, &grant, true)
}

/// PKCE. A verifier without a challenge is refused as well: somebody took the challenge out (RFC 9700, section 4.8.2).
fn verified(code: &Code, verifier: &str) -> bool {
    match &code.challenge {
        None => verifier.is_empty(),
        Some((challenge, false)) => challenge == verifier,
        Some((challenge, true)) => {
            *challenge == URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
        }
    }
}

/// New tokens for a refresh token, which is used up by that.
fn refresh(state: &mut State, call: &Call, provider: &Row, form: &Form) -> Outcome {
    let (token, now, pk) = (
        text(form, "refresh_token"),
        state.now(),
        provider.value("pk"),
    );
    let found = state.grants.refresh(token, now);
    let Some(grant) = found
        .filter(|found| found.grant.provider == pk)
        .map(|found| found.grant.clone())
    else {
        return Err(refusal(state, INVALID_GRANT));
    };
    state.grants.revoke(&pk, token);
    issue(state, call, provider, &grant, false)
}

/// Makes the tokens and the answer; `first` for a code, not for a refresh.
fn issue(state: &mut State, call: &Call, provider: &Row, grant: &Grant, first: bool) -> Outcome {
    let active = state.user(grant.user).map(|user| user.flag("is_active"));
    if active != Some(true) {
        return Err(refusal(state, INVALID_GRANT));
    }
    let now = state.now();
    let life = seconds(provider.text("access_token_validity"));
    let long_life = seconds(provider.text("refresh_token_validity"));
    let common = common_claims(state, call, provider, grant, first);
    let access = access_token(state, provider, grant, &common, life);
    let access = access.ok_or_else(Reply::crash)?;
    let id_token = id_token(state, provider, grant, &common, &access, now + long_life);
    let id_token = id_token.ok_or_else(Reply::crash)?;
    state.grants.add_visit(Visit {
        session: grant.session.clone(),
        sid: grant.sid.clone(),
        provider: grant.provider.clone(),
        issuer: common.value("iss"),
        subject: common.value("sub"),
    });
    let mut answer = row(json!({
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": life,
        "id_token": id_token,
    }));
    let offline = grant.scopes.iter().any(|scope| scope == "offline_access");
    if state.since(Version::V2025_10) {
        answer.insert("scope".to_owned(), json!(grant.scopes.join(" ")));
    }
    // 2023.10 gives a refresh token to everybody.
    if (offline || !state.since(Version::V2025_10)) && allows(state, provider, "refresh_token") {
        let token = state.mint.secret(128);
        answer.insert("refresh_token".to_owned(), json!(token));
        state.grants.add_refresh(Refresh {
            token,
            grant: grant.clone(),
            expires: now + long_life,
        });
    }
    Ok(Reply::ok(Value::Object(answer))
        .with(header::CACHE_CONTROL, "no-store")
        .with(header::PRAGMA, "no-cache"))
}

/// What both tokens say, but for their ends.
fn common_claims(
    state: &mut State,
    call: &Call,
    provider: &Row,
    grant: &Grant,
    first: bool,
) -> Row {
    let now = state.now();
    let mut claims = oidc::basic(state, call, provider, grant.user);
    claims.extend(row(json!({
        "iat": now,
        "exp": now + seconds(provider.text("access_token_validity")),
        "auth_time": grant.auth_time,
    })));
    if state.since(Version::V2025_10) {
        claims.insert("amr".to_owned(), json!(["pwd"]));
        claims.insert("sid".to_owned(), json!(grant.sid));
        // Tokens from a refresh have none.
        if first && !grant.nonce.is_empty() {
            claims.insert("nonce".to_owned(), json!(grant.nonce));
        }
    }
    if state.since(Version::V2026_5) {
        claims.insert("jti".to_owned(), json!(state.mint.secret(40)));
    }
    if provider.flag("include_claims_in_id_token") {
        claims.extend(oidc::scoped(
            state,
            provider,
            grant.user,
            Some(&grant.scopes),
        ));
    }
    claims
}

fn access_token(
    state: &mut State,
    provider: &Row,
    grant: &Grant,
    common: &Row,
    life: i64,
) -> Option<String> {
    let mut claims = common.clone();
    claims.insert("azp".to_owned(), provider.value("client_id"));
    claims.insert("uid".to_owned(), json!(state.mint.secret(40)));
    if state.since(Version::V2025_10) {
        claims.insert("scope".to_owned(), json!(grant.scopes.join(" ")));
    }
    let token = jwt::sign(state, provider, "JWT", &claims)?;
    let expires = state.now() + life;
    state.grants.add_access(Access {
        token: token.clone(),
        grant: grant.clone(),
        claims: common.clone(),
        expires,
    });
    Some(token)
}

fn id_token(
    state: &State,
    provider: &Row,
    grant: &Grant,
    common: &Row,
    access: &str,
    long_end: i64,
) -> Option<String> {
    let mut claims = common.clone();
    if state.version == Version::V2023_10 {
        // Here it lives as long as the refresh token, and it alone has the nonce.
        claims.insert("exp".to_owned(), json!(long_end));
        let half = Sha256::digest(access.as_bytes());
        let half: Vec<u8> = half.into_iter().take(16).collect();
        claims.insert("at_hash".to_owned(), json!(URL_SAFE_NO_PAD.encode(half)));
        if !grant.nonce.is_empty() {
            claims.insert("nonce".to_owned(), json!(grant.nonce));
        }
    }
    jwt::sign(state, provider, "JWT", &claims)
}

/// Seconds in a duration such as `hours=1;minutes=30`; fractions are cut.
pub(crate) fn seconds(duration: &str) -> i64 {
    let part = |part: &str| {
        let (unit, number) = part.split_once('=')?;
        let unit = match unit.trim().to_ascii_lowercase().as_str() {
            "seconds" => 1,
            "minutes" => 60,
            "hours" => 3_600,
            "days" => 86_400,
            "weeks" => 604_800,
            _ => return None,
        };
        let number: i64 = number.trim().split('.').next()?.parse().ok()?;
        Some(unit * number)
    };
    duration.split([';', ',']).filter_map(part).sum()
}

/// The bearer token of a call, in its header or its form.
pub(crate) fn bearer(call: &Call) -> Option<String> {
    let header = call.header("authorization").and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("bearer")
            .then(|| token.trim().to_owned())
    });
    header.or_else(|| call.form().remove("access_token"))
}

/// `userinfo`: the present claims, not those of the time when the token was made.
pub(crate) fn userinfo(state: &mut State, call: &Call, _: &[&str]) -> Outcome {
    let now = state.now();
    let token = bearer(call).unwrap_or_default();
    let found = state.grants.access(&token, now).and_then(|access| {
        let provider = state.by_pk(Table::Providers, &access.grant.provider)?;
        let user = access.grant.user;
        state
            .user(user)
            .filter(|user| user.flag("is_active"))
            .map(|_| (access, provider, user))
    });
    let Some((access, provider, user)) = found else {
        let reason = "error=\"invalid_token\", error_description=\"The access token provided is expired, revoked, \
                      malformed, or invalid for other reasons\"";
        let empty = Reply {
            status: StatusCode::UNAUTHORIZED,
            ..Reply::bad_empty()
        };
        return Err(empty.with(header::WWW_AUTHENTICATE, reason));
    };
    let mut claims = oidc::scoped(state, provider, user, Some(&access.grant.scopes));
    claims.insert("sub".to_owned(), oidc::subject(state, provider, user));
    if let Some(nonce) = access.claims.get("nonce") {
        claims.insert("nonce".to_owned(), nonce.clone());
    }
    Ok(Reply::ok(Value::Object(claims)))
}

/// `introspect` (RFC 7662). Only tokens of the client that asks are active.
pub(crate) fn introspect(state: &mut State, call: &Call, _: &[&str]) -> Outcome {
    let (form, now) = (call.form(), state.now());
    let inactive = || Reply::ok(json!({ "active": false }));
    let provider = client(state, call, &form).ok_or_else(inactive)?;
    let pk = provider.value("pk");
    let access = state
        .grants
        .access(text(&form, "token"), now)
        .filter(|access| access.grant.provider == pk)
        .ok_or_else(inactive)?;
    let mut claims = access.claims.clone();
    claims.extend(row(json!({
        "active": true,
        "scope": access.grant.scopes.join(" "),
        "client_id": provider.value("client_id"),
    })));
    Ok(Reply::ok(Value::Object(claims)))
}

/// `revoke` (RFC 7009). Unknown tokens are as good as revoked.
pub(crate) fn revoke(state: &mut State, call: &Call, _: &[&str]) -> Outcome {
    let form = call.form();
    let Some(provider) = client(state, call, &form) else {
        let refused = refusal(state, INVALID_CLIENT);
        return Err(Reply {
            status: StatusCode::UNAUTHORIZED,
            ..refused
        });
    };
    state.mint.tick();
    let pk = provider.value("pk");
    state.grants.revoke(&pk, text(&form, "token"));
    Ok(Reply::ok(json!({})))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_of_durations_are_summed() {
        assert_eq!(seconds("minutes=1"), 60);
        assert_eq!(seconds("hours=1;minutes=30"), 5_400);
        assert_eq!(seconds("days=30, seconds=1.5"), 2_592_001);
        assert_eq!(seconds("nonsense"), 0);
    }
}
