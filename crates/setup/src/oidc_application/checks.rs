//! The live checks of an application with an OAuth2 provider.

use super::result::Endpoints;
use crate::check::{Check, Verdict};
use authentik_api::{
    Client, Error, Transport, UserPk,
    api::core::applications::CheckAccess,
    models::{ClientType, MatchingMode, OAuth2Provider, RedirectUri, UserSummary},
    oidc::{self, Answer, Authorize, Discovery, Jwks},
};

/// What is checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// Slug of the application.
    pub slug: String,
    /// Its provider.
    pub provider: OAuth2Provider,
    /// authentik's public address.
    pub authentik_url: String,
    /// Somebody who should get in.
    pub member: Option<UserSummary>,
    /// Somebody who should not.
    pub outsider: Option<UserSummary>,
    /// Whether everybody may enter.
    pub everyone: bool,
    /// Whether the token may ask about other people (trap T8).
    pub superuser: bool,
}

/// Runs all checks, one after the other. A check that cannot be asked says so; none stops the others.
pub async fn run<T: Transport>(client: &Client<T>, subject: &Subject) -> Vec<Check> {
    let transport = client.transport();
    let mut checks = Vec::new();
    let discovery = oidc::fetch(transport, &oidc::discovery_path(&subject.slug)).await;
    let document = discovery.as_ref().ok().and_then(parse::<Discovery>);
    checks.push(reachable(subject, &discovery, document.as_ref()));
    checks.push(issuer(subject, document.as_ref()));
    checks.push(keys(client, subject, document.as_ref()).await);
    let sign_in = subject
        .provider
        .redirect_uris
        .iter()
        .filter(|uri| uri.purpose.is_none());
    for (index, uri) in sign_in.enumerate() {
        checks.push(redirect(client, subject, index, uri).await);
    }
    checks.push(foreign_redirect(client, subject).await);
    checks.extend(access(client, subject).await);
    checks
}

fn parse<D: serde::de::DeserializeOwned>(answer: &Answer) -> Option<D> {
    let json = answer.json.clone().filter(|_| answer.status == 200)?;
    serde_json::from_value(json).ok()
}

fn reachable<E: std::error::Error>(
    subject: &Subject,
    answer: &Result<Answer, E>,
    document: Option<&Discovery>,
) -> Check {
    let url = Endpoints::new(&subject.authentik_url, &subject.slug, None).discovery;
    let check = Check::new(
        "discovery",
        "The discovery document can be read",
        format!("GET {url}"),
    );
    match (answer, document) {
        (Ok(_), Some(document)) => check.answered(
            Verdict::Passed,
            format!("200, with {} scopes", document.scopes_supported.len()),
        ),
        (Ok(answer), None) => check
            .answered(
                Verdict::Failed,
                format!("{} and no discovery document", answer.status),
            )
            .way_out(
                "Does the application still have this provider? Is a reverse proxy in between?",
            ),
        (Err(error), _) => check
            .answered(Verdict::Failed, format!("no answer: {error}"))
            .way_out("Is authentik up, and reachable from here?"),
    }
}

fn issuer(subject: &Subject, document: Option<&Discovery>) -> Check {
    let mode = subject.provider.issuer_mode.as_ref();
    let expected = Endpoints::new(&subject.authentik_url, &subject.slug, mode).issuer;
    let check = Check::new(
        "issuer",
        "The issuer is what the application was told",
        format!("is it {expected} ?"),
    );
    match document {
        None => check.answered(Verdict::Skipped, "there is no discovery document"),
        Some(document) if document.issuer == expected => {
            check.answered(Verdict::Passed, &document.issuer)
        }
        Some(document) => check.answered(Verdict::Failed, &document.issuer).way_out(
            "authentik builds this from the address it is called by. Tell Ostiary authentik's public \
             address (OSTIARY_AUTHENTIK__PUBLIC_URL), or mend the Host header in the reverse proxy.",
        ),
    }
}

async fn keys<T: Transport>(
    client: &Client<T>,
    subject: &Subject,
    document: Option<&Discovery>,
) -> Check {
    let url = Endpoints::new(&subject.authentik_url, &subject.slug, None).jwks;
    let check = Check::new(
        "jwks",
        "Tokens are signed with a key that the application can fetch",
        format!("GET {url}"),
    );
    let answer = match oidc::fetch(client.transport(), &oidc::jwks_path(&subject.slug)).await {
        Ok(answer) => answer,
        Err(error) => return check.answered(Verdict::Failed, format!("no answer: {error}")),
    };
    let Some(jwks) = parse::<Jwks>(&answer) else {
        return check.answered(Verdict::Failed, format!("{} and no key set", answer.status));
    };
    let algorithms: Vec<&str> = jwks
        .keys
        .iter()
        .filter_map(|key| key.alg.as_deref())
        .collect();
    let promised = document.map(|document| &document.id_token_signing_alg_values_supported);
    match jwks.keys.len() {
        0 => check
            .answered(
                Verdict::Warning,
                "the key set is empty: tokens are signed with the client secret (HS256)",
            )
            .way_out("Give the provider a signing key, unless the application wants HS256."),
        count => {
            let fits = promised.is_none_or(|promised| {
                promised.is_empty()
                    || algorithms
                        .iter()
                        .any(|alg| promised.iter().any(|p| p == alg))
            });
            let text = format!("{count} key(s), {}", algorithms.join(", "));
            if fits {
                check.answered(Verdict::Passed, text)
            } else {
                check
                    .answered(
                        Verdict::Failed,
                        format!("{text}; the discovery document promises others"),
                    )
                    .way_out("Look at the provider's signing key in authentik.")
            }
        }
    }
}

async fn redirect<T: Transport>(
    client: &Client<T>,
    subject: &Subject,
    index: usize,
    uri: &RedirectUri,
) -> Check {
    let url = &uri.url;
    let check = Check::new(
        &format!("redirect-{}", index + 1),
        format!("Sign-ins may come back to {url}"),
        "GET authorization endpoint with this redirect URI, not signed in",
    );
    if uri.matching_mode != MatchingMode::Strict {
        return check.answered(
            Verdict::Skipped,
            "not asked: a regular expression names no single address. Sign in once to see it work.",
        );
    }
    match authorize(client, subject, url).await {
        Err(error) => check.answered(Verdict::Failed, format!("no answer: {error}")),
        Ok(Authorize::Accepted) => check.answered(
            Verdict::Passed,
            "accepted: authentik goes on to the sign-in",
        ),
        Ok(Authorize::Refused) => check
            .answered(Verdict::Failed, "refused: unknown client or redirect URI")
            .way_out(
                "Compare the redirect URI and the client id in authentik, character by character.",
            ),
        Ok(Authorize::Error { code }) => check
            .answered(
                Verdict::Failed,
                format!("sent back to the application with the error {code}"),
            )
            .way_out("Look at the provider's grant types and client type in authentik."),
        Ok(Authorize::Unexpected { status }) => unexpected(check, status),
    }
}

fn unexpected(check: Check, status: u16) -> Check {
    check
        .answered(Verdict::Failed, format!("an unexpected answer with status {status}"))
        .way_out("Something between Ostiary and authentik seems to answer instead: is the address right?")
}

async fn foreign_redirect<T: Transport>(client: &Client<T>, subject: &Subject) -> Check {
    let uri = "https://ostiary-check.invalid/callback";
    let check = Check::new(
        "foreign-redirect",
        "Sign-ins may not come back to a stranger's address",
        format!("GET authorization endpoint with {uri}, not signed in"),
    );
    if subject.provider.redirect_uris.is_empty() {
        // Asking would save the stranger's address: authentik keeps the first one it sees.
        return check
            .answered(
                Verdict::Skipped,
                "not asked: without redirect URI the first one used is saved",
            )
            .way_out("Enter the callback address of the application.");
    }
    match authorize(client, subject, uri).await {
        Err(error) => check.answered(Verdict::Failed, format!("no answer: {error}")),
        Ok(Authorize::Refused) => check.answered(Verdict::Passed, "refused"),
        Ok(Authorize::Accepted | Authorize::Error { .. }) => check
            .answered(Verdict::Failed, "accepted")
            .way_out("A redirect URI is too loose: use exact addresses."),
        Ok(Authorize::Unexpected { status }) => unexpected(check, status),
    }
}

async fn authorize<T: Transport>(
    client: &Client<T>,
    subject: &Subject,
    uri: &str,
) -> Result<Authorize, T::Error> {
    let id = subject.provider.client_id.as_deref().unwrap_or_default();
    let mut path = oidc::authorize_path(id, uri);
    if subject.provider.client_type == Some(ClientType::Public) {
        // Any S256 challenge will do: the answer is looked at before a code is ever issued.
        path.push_str("&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
    oidc::fetch(client.transport(), &path)
        .await
        .map(|answer| answer.authorize(uri))
}

async fn access<T: Transport>(client: &Client<T>, subject: &Subject) -> Vec<Check> {
    let mut checks = vec![person(client, subject, "member", subject.member.as_ref(), true).await];
    if !subject.everyone {
        checks.push(
            person(
                client,
                subject,
                "outsider",
                subject.outsider.as_ref(),
                false,
            )
            .await,
        );
    }
    checks
}

async fn person<T: Transport>(
    client: &Client<T>,
    subject: &Subject,
    id: &str,
    who: Option<&UserSummary>,
    expected: bool,
) -> Check {
    let title = match (expected, subject.everyone) {
        (true, true) => "Somebody with an account gets in",
        (true, false) => "A member of the groups gets in",
        (false, _) => "Somebody outside the groups does not get in",
    };
    let Some(who) = who else {
        let nobody = if subject.everyone {
            "there is nobody to ask about"
        } else if expected {
            "nobody is in the groups yet"
        } else {
            "everybody is in the groups"
        };
        return Check::new(id, title, "").answered(Verdict::Skipped, nobody);
    };
    let asked = format!("may {} open {} ?", who.username, subject.slug);
    let check = Check::new(id, title, asked);
    if !subject.superuser {
        return check
            .answered(
                Verdict::Skipped,
                "not asked: authentik answers this for tokens of superusers only",
            )
            .way_out("Use a token of a superuser, or try with two accounts yourself.");
    }
    match verdict(client, subject, who.pk).await {
        Err(error) => check.answered(Verdict::Failed, error.to_string()),
        Ok(passing) if passing == expected => {
            check.answered(Verdict::Passed, if passing { "yes" } else { "no" })
        }
        Ok(passing) => check
            .answered(Verdict::Failed, if passing { "yes" } else { "no" })
            .way_out("Look at the application's bindings: negated, disabled or further ones change the outcome."),
    }
}

async fn verdict<T: Transport>(
    client: &Client<T>,
    subject: &Subject,
    user: UserPk,
) -> Result<bool, Error<T::Error>> {
    let check = CheckAccess {
        slug: subject.slug.clone(),
        for_user: Some(user),
    };
    client.send(&check).await.map(|result| result.passing)
}
