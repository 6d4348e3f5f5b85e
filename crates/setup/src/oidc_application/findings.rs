//! The risks that a plan shows before anything is written.

use authentik_api::models::{ClientType, MatchingMode, PolicyEngineMode};

use super::{Draft, World, plan::Chosen, validate::Checked};
use crate::{
    finding::{
        Finding,
        Severity::{Danger, Info, Warning},
    },
    preset::{Confidence, Preset, SigningKey, VerifiedEmailNeed},
};

/// All findings, the worst first.
pub(super) fn findings(
    draft: &Draft,
    preset: &Preset,
    world: &World,
    checked: &Checked,
    chosen: &Chosen,
) -> Vec<Finding> {
    let mut all = Vec::new();
    address(checked, world, &mut all);
    key(preset, chosen, &mut all);
    redirect_uris(checked, &mut all);
    access(draft, world, checked, chosen, &mut all);
    email(preset, world, chosen, &mut all);
    mappings(chosen, &mut all);
    server(draft, world, &mut all);
    about_preset(preset, checked, &mut all);
    all.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    all
}

fn address(checked: &Checked, world: &World, all: &mut Vec<Finding>) {
    if checked.base.is_plain_http() && !checked.base.is_loopback() {
        all.push(
            Finding::new(
                Warning,
                "plain-http",
                "The application is reached without encryption",
                "Whoever can listen on the way can take over a sign-in: the authorization code and \
                 the session cookie travel in clear.",
            )
            .way_out("Put a reverse proxy with a certificate in front of it and use its https:// address."),
        );
    }
    if world.authentik_url.starts_with("http://") && !is_local(&world.authentik_url) {
        all.push(
            Finding::new(
                Warning,
                "authentik-plain-http",
                "authentik itself is reached without encryption",
                "Passwords and tokens travel in clear, and many applications refuse an issuer \
                 without https.",
            )
            .way_out("Give authentik a certificate, and tell Ostiary its public https:// address."),
        );
    }
}

fn is_local(url: &str) -> bool {
    super::BaseUrl::parse(url).is_ok_and(|url| url.is_loopback())
}

fn key(preset: &Preset, chosen: &Chosen, all: &mut Vec<Finding>) {
    match (&chosen.signing_key, preset.signing_key) {
        (None, need) => all.push(
            Finding::new(
                if need == SigningKey::Rsa {
                    Danger
                } else {
                    Warning
                },
                "no-signing-key",
                "Tokens will be signed with the client secret (HS256)",
                "The key set (JWKS) of the provider stays empty without a signing key, and most \
                 applications then refuse the sign-in.",
            )
            .way_out(
                "Choose a certificate with a private key. If there is none, generate one in \
                 authentik under System › Certificates and come back.",
            ),
        ),
        (Some(key), SigningKey::Rsa) if key.algorithm().is_some_and(|kind| kind != "rsa") => {
            all.push(
                Finding::new(
                    Danger,
                    "no-rsa-key",
                    format!("{} wants an RSA key", preset.name),
                    format!(
                        "It takes RS256 only, or by default, and “{}” is no RSA key.",
                        key.name
                    ),
                )
                .way_out("Choose an RSA key, or set the algorithm in the application."),
            );
        }
        _ => {}
    }
}

fn redirect_uris(checked: &Checked, all: &mut Vec<Finding>) {
    if checked.redirect_uris.is_empty() {
        all.push(
            Finding::new(
                Danger,
                "no-redirect-uri",
                "The first redirect URI that anybody uses will be saved",
                "Without a redirect URI authentik trusts the first caller, whoever that is.",
            )
            .way_out("Enter the callback address of the application, or sign in yourself at once afterwards."),
        );
    }
    for uri in &checked.redirect_uris {
        let loose = uri.matching_mode == MatchingMode::Regex && is_loose(&uri.url);
        if loose {
            all.push(
                Finding::new(
                    Danger,
                    "loose-redirect-uri",
                    format!("“{}” matches more than one site", uri.url),
                    "Unescaped dots and “.*” in the host let a stranger's site receive sign-ins.",
                )
                .way_out("Use exact addresses, or escape the dots and leave “.*” to the path."),
            );
        }
        if uri.matching_mode == MatchingMode::Strict
            && uri.url.starts_with("http://")
            && !is_local(uri.url.split('?').next().unwrap_or_default())
            && !checked.base.is_plain_http()
        {
            all.push(Finding::new(
                Warning,
                "plain-http-redirect",
                format!("“{}” is not encrypted", uri.url),
                "The authorization code travels in clear to this address.",
            ));
        }
    }
}

/// Whether a regular expression leaves the host open: anything but literal characters and escaped
/// dots before the first slash of the path, or no path at all.
fn is_loose(pattern: &str) -> bool {
    let after_scheme = pattern.split_once("://").map(|(_, rest)| rest);
    let Some((host, _)) = after_scheme.and_then(|rest| rest.split_once('/')) else {
        return true;
    };
    let mut chars = host.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '.' | '*' | '+' | '?' | '[' | '(' | '{' | '|' | '^' | '$' => return true,
            _ => {}
        }
    }
    false
}

fn access(
    draft: &Draft,
    world: &World,
    checked: &Checked,
    chosen: &Chosen,
    all: &mut Vec<Finding>,
) {
    if draft.access.everyone {
        if world.default_app_access {
            all.push(
                Finding::new(
                    Warning,
                    "open-to-everyone",
                    "Everybody with an account may enter",
                    "An application without binding is open to all users of authentik, guests and \
                     service accounts included.",
                )
                .way_out("Choose groups instead if only some people should enter."),
            );
        } else {
            all.push(
                Finding::new(
                    Danger,
                    "closed-by-default",
                    "Nobody will be able to enter",
                    "This server keeps applications without binding closed (flag \
                     core_default_app_access).",
                )
                .way_out("Choose at least one group."),
            );
        }
        return;
    }
    all.push(Finding::new(
        Info,
        "no-superuser-bypass",
        "Administrators need a membership too",
        "Being a superuser of authentik does not open an application: only members of the chosen \
         groups get in.",
    ));
    if !world.capabilities.transactional_bindings {
        all.push(Finding::new(
            Info,
            "open-for-a-moment",
            "The application is open to everyone for a moment",
            "This version of authentik makes the application first and its bindings afterwards. If \
             a binding fails, the application is taken back.",
        ));
    }
    if chosen.people.is_empty() {
        all.push(
            Finding::new(
                Warning,
                "nobody-inside",
                "Nobody is in the chosen groups yet",
                "Until somebody is added, nobody can sign in to the application.",
            )
            .way_out("Add people to the group in authentik afterwards."),
        );
    }
    let several = chosen.groups.len() + checked.new_groups.len() > 1;
    if several && checked.policy_engine_mode == PolicyEngineMode::All {
        if world.capabilities.mode_all_is_any() {
            all.push(
                Finding::new(
                    Danger,
                    "mode-all-is-any",
                    "Being in one of the groups will be enough",
                    "authentik 2025.8 to 2025.12 treat several groups in mode “all” like mode “any”.",
                )
                .way_out("Use one group that holds exactly the right people, or update authentik."),
            );
        } else {
            all.push(Finding::new(
                Warning,
                "mode-all",
                "Only people who are in all of the groups may enter",
                "The policy engine mode is “all”.",
            ));
        }
    }
}

fn email(preset: &Preset, world: &World, chosen: &Chosen, all: &mut Vec<Finding>) {
    if chosen.verified_email {
        all.push(Finding::new(
            Warning,
            "verified-email",
            format!(
                "{} will be told that e-mail addresses are verified",
                preset.name
            ),
            "authentik may not have checked them. Do this only if people cannot set an address \
             that is not theirs.",
        ));
    } else if preset.verified_email.need == VerifiedEmailNeed::Yes
        && !world.capabilities.email_verified_by_default()
    {
        all.push(
            Finding::new(
                Danger,
                "email-not-verified",
                format!("{} will refuse the sign-in", preset.name),
                preset.verified_email.reason.clone(),
            )
            .way_out("Tell it that e-mail addresses are verified (Details)."),
        );
    } else if preset.verified_email.need == VerifiedEmailNeed::When
        && !world.capabilities.email_verified_by_default()
    {
        all.push(Finding::new(
            Info,
            "email-may-need-verification",
            "The e-mail address will be sent as not verified",
            preset.verified_email.reason.clone(),
        ));
    }
}

fn mappings(chosen: &Chosen, all: &mut Vec<Finding>) {
    for scope in &chosen.missing_scopes {
        all.push(
            Finding::new(
                Warning,
                "scope-missing",
                format!("There is no scope mapping for “{scope}”"),
                "Neither authentik nor the preset brings one, so the application will not get this scope.",
            )
            .way_out("Create a scope mapping in authentik, or take the scope out."),
        );
    }
    for name in &chosen.differing_mappings {
        all.push(
            Finding::new(
                Warning,
                "mapping-differs",
                format!("The scope mapping “{name}” exists already and is used as it is"),
                "Its expression differs from the one of the preset.",
            )
            .way_out("Compare it in authentik under Customization › Property Mappings."),
        );
    }
}

fn server(draft: &Draft, world: &World, all: &mut Vec<Finding>) {
    let version = &world.capabilities.version;
    if !world.superuser && !world.capabilities.transactional_bindings {
        all.push(
            Finding::new(
                Danger,
                "transaction-needs-superuser",
                "authentik will refuse this",
                format!("Up to 2024.10 only superusers may create an application and its provider together, and this is {version}."),
            )
            .way_out("Use a token of a superuser."),
        );
    } else if !world.superuser {
        all.push(
            Finding::new(
                Warning,
                "not-superuser",
                "The token does not belong to a superuser",
                "authentik ignores “for another person” for such tokens, so access cannot be \
                 checked for members and non-members.",
            )
            .way_out("Use a token of a superuser, or test with two accounts yourself."),
        );
    }
    if !version.is_supported() {
        all.push(Finding::new(
            Warning,
            "unknown-version",
            format!("authentik {version} is outside the range that Ostiary was tested with"),
            "2023.10 to 2026.8 were compared field by field; other versions may answer differently.",
        ));
    }
    if !draft.icon.trim().is_empty() && !world.capabilities.application_icon {
        all.push(
            Finding::new(
                Info,
                "icon-not-set",
                "The icon will not be set",
                format!("authentik {version} takes icons as uploads only."),
            )
            .way_out("Upload it in authentik, under the application."),
        );
    }
}

fn about_preset(preset: &Preset, checked: &Checked, all: &mut Vec<Finding>) {
    if preset.confidence == Confidence::Medium {
        all.push(
            Finding::new(
                Info,
                "less-certain",
                format!("What is known about {} is less certain", preset.name),
                "One source only, a preview version, or derived from similar applications.",
            )
            .way_out("Compare the redirect URI with what the application shows."),
        );
    }
    if checked.client_type == ClientType::Public {
        all.push(Finding::new(
            Info,
            "public-client",
            "The client has no secret",
            "The application must use PKCE (RFC 7636); browsers and devices cannot keep a secret.",
        ));
    }
    if preset.overrides.device_code {
        all.push(
            Finding::new(
                Info,
                "device-code",
                format!("{} also signs in with a device code", preset.name),
                "The brand needs a device code flow for that.",
            )
            .way_out("Set it in authentik under System › Brands."),
        );
    }
    for (index, pitfall) in preset.pitfalls.iter().enumerate() {
        let text = preset
            .text(pitfall, &checked.values)
            .unwrap_or_else(|_| pitfall.clone());
        all.push(Finding::new(
            Info,
            &format!("pitfall-{}", index + 1),
            format!("About {}", preset.name),
            text,
        ));
    }
}
