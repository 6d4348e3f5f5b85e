use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Button, ButtonKind, Callout, Card, CheckboxField, Field, FieldKind, PageHeader, Tone, Variant,
};

use super::{Section, own_account, sections};
use crate::{
    data::{get_connection, get_connection_settings},
    links,
    model::{Connection, ConnectionSettings, ConnectionSource},
    pages::gate::refusal,
    resource::data,
    view::{Loading, main_panel, query, quiet_panel},
    visitor::{Refused, refused},
};

/// Which authentik Ostiary is connected to, and with what.
#[component]
pub fn ConnectionPage() -> AnyView {
    let settings = data(|| (), |()| get_connection_settings());
    let known = data(
        || (),
        |()| async { Ok((get_connection().await?, get_connection_settings().await?)) },
    );
    let own = (!query("own").get_untracked().is_empty()).then(|| {
        view! {
            <Callout title="Ostiary works with an account of its own now" tone=Tone::Positive live=true>
                <p>"Its token is kept sealed. Delete the token until now in authentik where nobody else uses it. " <a href="/changes">"The change set"</a> " can be undone once another token is entered here."</p>
            </Callout>
        }
    });
    let saved = (!query("saved").get_untracked().is_empty()).then(|| {
        view! {
            <Callout title="Connected" tone=Tone::Positive live=true>
                <p>"The token is kept sealed and is never shown again. " <a href="/">"To the overview"</a></p>
            </Callout>
        }
    });
    let refused = refused();
    let of_account = refused.clone();
    view! {
        <Title text="Connection"/>
        <PageHeader
            title="Connection to authentik"
            lead="Ostiary does everything with one API token, which never leaves this server."
        />
        {sections(Section::Connection)}
        <div class="stack">
            {saved}
            {own}
            {own_account::shown_once()}
            {own_account::refused_above(&refused)}
            {main_panel(
                settings,
                Loading::lines("the connection", 6),
                move |settings| body(&settings, &refused),
            )}
            {quiet_panel(
                known,
                Loading::lines("authentik’s answer", 3),
                move |(known, settings)| {
                    view! {
                        <div class="stack">
                            {found(&known)}
                            {own_account::card(&known, settings.source, &of_account)}
                        </div>
                    }
                    .into_any()
                },
            )}
        </div>
    }
    .into_any()
}

/// What authentik says about the token, and what that means.
fn found(known: &Connection) -> AnyView {
    if known.stale.is_some() {
        // The page says already that it does not answer.
        return ().into_any();
    }
    let version = known.capabilities.version.to_string();
    let who = known.me.username.clone();
    let rights = if known.me.is_superuser {
        view! { <p>"It belongs to a superuser, so everything works."</p> }.into_any()
    } else {
        view! {
            <Callout title="The token’s owner is no superuser" tone=Tone::Warning>
                <p>"authentik shows them only a part, and says nothing about other people. So these pages stay empty: Access, Open doors, Why?, People and Groups. Applications are limited to what the owner may see, and a change set may be refused half-way, in which case it is undone."</p>
            </Callout>
        }
        .into_any()
    };
    view! {
        <Card title="What authentik says">
            <p>{format!("authentik {version} answers, and the token is {who}’s.")}</p>
            {rights}
        </Card>
    }
    .into_any()
}

fn body(settings: &ConnectionSettings, refused: &Refused) -> AnyView {
    let fixed = match settings.source {
        ConnectionSource::Demo => Some((
            "This is the demo",
            "It talks to a sandbox inside this process. Started without --demo, Ostiary asks here for an authentik.",
        )),
        ConnectionSource::Configuration => Some((
            "Address and token are given by the configuration",
            "They come from flags, environment variables or ostiary.toml, and are stored nowhere. To enter them here instead, take them out there and start Ostiary again.",
        )),
        ConnectionSource::Vault | ConnectionSource::Nowhere => None,
    };
    if let Some((title, text)) = fixed {
        let url = settings.url.clone();
        return view! {
            <Callout title=title tone=Tone::Info>
                <p>{text}</p>
            </Callout>
            <Card title="Address"><p><code>{url}</code></p></Card>
        }
        .into_any();
    }
    form(settings, refused)
}

fn form(settings: &ConnectionSettings, refused: &Refused) -> AnyView {
    let is_new = settings.source == ConnectionSource::Nowhere;
    let token_hint = if is_new {
        "In authentik: Directory, Tokens and App passwords, Create; intent API, no expiry, a user of the group “authentik Admins”. Then copy its key."
    } else {
        "Leave it empty to keep the one that is stored. It is not shown."
    };
    let insecure = refused.value("insecure", if settings.insecure { "on" } else { "" }) == "on";
    let ca_hint = if settings.has_ca {
        "One is stored. Leave it empty to keep it; type “none” to remove it."
    } else {
        "Only where authentik’s certificate comes from an authority of your own: its certificate, PEM."
    };
    let typed = |name: &str, known: &str| refused.value(name, known);
    let (url, public_url, ca) = (
        typed("url", &settings.url),
        typed("public_url", &settings.public_url),
        typed("ca", ""),
    );
    let wrong = ["url", "public_url", "token", "ca"].map(|name| refused.of(name));
    let [url_wrong, public_wrong, token_wrong, ca_wrong] = wrong;
    let head = (!own_account::is_ours(refused)).then(|| refusal(refused));
    let button = if is_new { "Connect" } else { "Test and keep" };
    view! {
        <Card title="Where authentik is">
            <form class="form" method="post" action=links::CONNECTION novalidate>
                {head}
                <Field
                    name="url"
                    label="Address"
                    kind=FieldKind::Url
                    value=url
                    placeholder="https://auth.example.com"
                    hint="As seen from this server: http://authentik-server:9000 where both run in one Docker network."
                    errors=url_wrong
                    mono=true
                    required=true
                />
                <Field
                    name="public_url"
                    label="Address that people use"
                    kind=FieldKind::Url
                    value=public_url
                    hint="Only where it is another one. It goes into everything that applications are configured with."
                    errors=public_wrong
                    mono=true
                />
                <Field
                    name="token"
                    label="API token"
                    kind=FieldKind::Password
                    hint=token_hint
                    errors=token_wrong
                    mono=true
                    required=is_new
                />
                <Field
                    name="ca"
                    label="Certificate authority"
                    kind=FieldKind::Textarea { rows: 3 }
                    value=ca
                    hint=ca_hint
                    errors=ca_wrong
                    mono=true
                />
                <CheckboxField
                    name="insecure"
                    label="Accept any certificate"
                    checked=insecure
                    hint="Whoever is on the way can read the token then. Only for trying things out; every page will say so."
                />
                <div class="form-actions">
                    <Button kind=ButtonKind::Submit variant=Variant::Primary>{button}</Button>
                </div>
            </form>
        </Card>
    }
    .into_any()
}
