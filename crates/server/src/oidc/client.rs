//! The protocol: OpenID Connect Core 1.0 with the authorization code flow, PKCE and a nonce, by the `openidconnect`
//! crate, over the transport that reaches authentik.

use std::{future::Future, time::Duration};

use authentik_api::Transport as _;
use authentik_reqwest::Transport;
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::{
    AdditionalClaims, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, IdTokenFields, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, RequestTokenError, Scope, StandardErrorResponse, StandardTokenResponse,
    TokenResponse as _,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType,
        CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Attempt, Login, Problem, Purpose, Registration};

/// So far may authentik's clock and ours differ.
pub(super) const SKEW: TimeDelta = TimeDelta::seconds(60);
/// The signatures that are accepted (RFC 7518 §3.1). Not HS256: it is made with the client secret.
pub(super) const ALGORITHMS: [CoreJwsSigningAlgorithm; 2] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
];

/// What authentik says in an ID token beyond the standard.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Claims {
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    sid: Option<String>,
}

impl AdditionalClaims for Claims {}

type TokenResponse = StandardTokenResponse<
    IdTokenFields<
        Claims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

type OidcClient = Client<
    Claims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    TokenResponse,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The OpenID provider as it describes itself, its keys included.
#[derive(Debug, Clone)]
pub(super) struct Provider(pub(super) CoreProviderMetadata);

impl Provider {
    /// Asks authentik (OpenID Connect Discovery 1.0 §4): which says itself who it is, for that must be the issuer
    /// that was asked for.
    pub(super) async fn discover(
        transport: &Transport,
        registration: &Registration,
    ) -> Result<Self, Problem> {
        let issuer = registration.issuer();
        let url = IssuerUrl::new(issuer).map_err(|error| Problem::Provider(error.to_string()))?;
        let http = http(transport);
        let found = CoreProviderMetadata::discover_async(url, &http).await;
        found.map(Self).map_err(|error| match error {
            openidconnect::DiscoveryError::Request(error) => error.into(),
            // What was sent is not repeated: it may be anything.
            openidconnect::DiscoveryError::Response(status, ..) => Problem::Provider(format!(
                "authentik answered {} when it was asked about the application {}",
                status.as_u16(),
                registration.slug
            )),
            other => Problem::Provider(other.to_string()),
        })
    }

    fn client(&self, registration: &Registration) -> Result<OidcClient, Problem> {
        let redirect = RedirectUrl::from_url(registration.redirect_uri.clone());
        // authentik writes down its public address; only that is gone to.
        let authorize = self.0.authorization_endpoint().url();
        if authorize.origin() != registration.authentik.origin() {
            return Err(Problem::Provider(
                "authentik sends people to another address than its own".to_owned(),
            ));
        }
        Ok(OidcClient::from_provider_metadata(
            self.0.clone(),
            ClientId::new(registration.client_id.clone()),
            Some(ClientSecret::new(registration.client_secret.clone())),
        )
        .set_redirect_uri(redirect))
    }

    /// Where the browser goes to sign in.
    pub(super) fn authorize(
        &self,
        registration: &Registration,
        attempt: &Attempt,
    ) -> Result<Url, Problem> {
        let client = self.client(registration)?;
        let verifier = PkceCodeVerifier::new(attempt.verifier());
        let (state, nonce) = (attempt.state(), attempt.nonce());
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scope(Scope::new("profile".to_owned()))
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        if matches!(attempt.purpose, Purpose::StepUp(_)) {
            request = request
                .add_prompt(CoreAuthPrompt::Login)
                .set_max_age(Duration::ZERO);
        }
        Ok(request.url().0)
    }

    /// Exchanges the code for tokens (RFC 6749 §4.1.3). The ID token is not looked at yet.
    pub(super) async fn exchange(
        &self,
        transport: &Transport,
        registration: &Registration,
        attempt: &Attempt,
        code: &str,
    ) -> Result<Tokens, Problem> {
        let client = self.client(registration)?;
        let http = http(transport);
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| Problem::Provider(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier()));
        let answer = request.request_async(&http).await;
        answer.map(Tokens).map_err(|error| match error {
            RequestTokenError::Request(error) => error.into(),
            RequestTokenError::ServerResponse(answer) => {
                Problem::Refused(answer.error().as_ref().to_owned())
            }
            _ => Problem::Provider("its answer cannot be read".to_owned()),
        })
    }

    /// Who signed in, by an ID token that was verified (OpenID Connect Core 1.0 §3.1.3.7).
    pub(super) fn verify(
        &self,
        registration: &Registration,
        attempt: &Attempt,
        tokens: &Tokens,
    ) -> Result<Login, Problem> {
        let client = self.client(registration)?;
        let token = tokens.0.id_token();
        let token = token.ok_or_else(|| Problem::Token("there is none".to_owned()))?;
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(|| Utc::now() - SKEW)
            .set_issue_time_verifier_fn(is_not_of_the_future);
        let nonce = Nonce::new(attempt.nonce());
        let claims = token.claims(&verifier, &nonce).map_err(Problem::from)?;
        let auth_time = claims.auth_time();
        if matches!(attempt.purpose, Purpose::StepUp(_)) {
            let since = attempt.begun_ms - SKEW.num_milliseconds();
            if auth_time.is_none_or(|time| time.timestamp_millis() < since) {
                return Err(Problem::NotAgain);
            }
        }
        let user = claims.subject().as_str().parse();
        let user =
            user.map_err(|_| Problem::Token("its subject is no key of a user".to_owned()))?;
        let more = claims.additional_claims();
        let name = claims.preferred_username();
        Ok(Login {
            user: authentik_api::UserPk(user),
            name: name.map_or_else(|| format!("user {user}"), |name| name.as_str().to_owned()),
            sid: more.sid.clone().unwrap_or_default(),
            groups: more.groups.clone(),
            proven_ms: auth_time.map_or(0, |time| time.timestamp_millis()),
        })
    }
}

/// What the code was exchanged for.
pub(super) struct Tokens(TokenResponse);

fn is_not_of_the_future(issued: DateTime<Utc>) -> Result<(), String> {
    if issued <= Utc::now() + SKEW {
        Ok(())
    } else {
        Err("it is from the future".to_owned())
    }
}

/// Why a request could not be sent or was not answered.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpError {
    #[error("{0} is not an address of this authentik")]
    Foreign(String),
    #[error(transparent)]
    Transport(#[from] authentik_reqwest::Error),
}

/// Sends the protocol's requests over `transport`, and so through its guard, certificates and limits. Addresses of
/// other servers are not gone to, whatever a document says.
fn http(
    transport: &Transport,
) -> impl Fn(
    HttpRequest,
) -> std::pin::Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send>> {
    let transport = transport.clone();
    move |request| {
        let transport = transport.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let foreign = || HttpError::Foreign(parts.uri.to_string());
            let url: Url = parts.uri.to_string().parse().map_err(|_| foreign())?;
            // Nor to the API, where the transport would send the admin token along.
            let within = transport.within(&url);
            let within = within.filter(|uri| !uri.path().starts_with("/api/"));
            let within = within.ok_or_else(foreign)?;
            parts.uri = within;
            let request = http::Request::from_parts(parts, body.into());
            let answer = transport.execute(request).await?;
            Ok(answer.map(|body| body.to_vec()))
        })
    }
}
