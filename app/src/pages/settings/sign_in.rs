use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Badge, Button, ButtonKind, Callout, Card, Field, Glyph, LinkButton, PageHeader, SelectField,
    SelectOption, Tone, Variant,
};

use super::{Section, sections};
use crate::{
    data::get_sign_in_settings,
    links::{self, with_query},
    model::SignInSettings,
    operator_scope::{OperatorScope, names},
    pages::gate::refusal,
    resource::data,
    view::{Loading, main_panel, proof, prove},
    visitor::{Refused, SignInMethod, refused, visitor},
};

/// Signing in with authentik: sets it up, tries it, and closes the passphrase.
#[component]
pub fn SignInSettingsPage() -> AnyView {
    let known = data(|| (), |()| get_sign_in_settings());
    let refused = refused();
    view! {
        <Title text="Sign-in"/>
        <PageHeader
            title="Signing in with authentik"
            lead="People come in with the account that they have anyway, and their groups say what they may do here."
        />
        {sections(Section::SignIn)}
        <div class="stack">
            {main_panel(
                known,
                Loading::lines("how people sign in", 6),
                move |(settings, groups)| body(&settings, &groups, &refused),
            )}
        </div>
    }
    .into_any()
}

fn body(settings: &SignInSettings, groups: &[String], refused: &Refused) -> AnyView {
    if visitor().is_some_and(|visitor| visitor.method == SignInMethod::Link) {
        return view! {
            <Callout title="Nobody signs in here" tone=Tone::Info>
                <p>"This Ostiary was started with --entry=link, for one person on one machine. Started without it, people sign in."</p>
            </Callout>
        }
        .into_any();
    }
    let head = refusal(refused);
    if let Some(href) = proof(links::SIGN_IN_SETTINGS) {
        return view! {
            {head}
            {state(settings)}
            <Card>
                <div class="stack">
                    <p>"Before anything is changed here, Ostiary asks once more who you are."</p>
                    <p>{prove(href)}</p>
                </div>
            </Card>
        }
        .into_any();
    }
    if !settings.is_set_up {
        return view! { {head} {set_up(groups, refused)} }.into_any();
    }
    view! {
        {head}
        {tried(settings)}
        {state(settings)}
        {who(settings, groups, refused)}
        {passphrase(settings)}
        {remove(settings)}
    }
    .into_any()
}

/// What became of the try that the visitor comes back from.
fn tried(settings: &SignInSettings) -> Option<AnyView> {
    let (good, title, text) = settings.last_try.clone()?;
    let tone = if good { Tone::Positive } else { Tone::Danger };
    Some(view! { <Callout title=title tone=tone live=true><p>{text}</p></Callout> }.into_any())
}

/// Where it stands.
fn state(settings: &SignInSettings) -> AnyView {
    let (label, tone, text) = if settings.is_on {
        (
            "On",
            Tone::Positive,
            format!(
                "The sign-in page offers it. {} came in by it as an administrator.",
                settings.tried_by
            ),
        )
    } else if settings.is_set_up {
        (
            "Not tried yet",
            Tone::Warning,
            "Ostiary is an application of authentik now. Try it in this browser: when an administrator comes in, the \
             sign-in page offers it from then on. Your session here stays as it is."
                .to_owned(),
        )
    } else {
        (
            "Off",
            Tone::Info,
            "People sign in with the local passphrase.".to_owned(),
        )
    };
    let way = settings.is_set_up.then(|| {
        let application = format!("/applications/{}", settings.slug);
        let redirect = settings.redirect_uri.clone();
        let variant = if settings.is_on {
            Variant::Secondary
        } else {
            Variant::Primary
        };
        view! {
            <p class="muted">
                "authentik sends people back to " <code>{redirect}</code> ". "
                <a href=application>"The application"</a>
            </p>
            <p>
                <LinkButton href=links::TRY_SIGN_IN variant=variant icon=Glyph::Key attr:rel="external">
                    "Try it"
                </LinkButton>
            </p>
        }
    });
    view! {
        <Card title="Where it stands">
            <div class="stack">
                <p><Badge label=label tone=tone/> " " {text}</p>
                {way}
            </div>
        </Card>
    }
    .into_any()
}

fn group_fields(
    groups: &[String],
    chosen: [&str; 3],
    scope: &OperatorScope,
    refused: &Refused,
) -> AnyView {
    let options = |none: &'static str| {
        let named = groups
            .iter()
            .map(|name| SelectOption::new(name.clone(), name.clone()));
        std::iter::once(SelectOption::new("", none))
            .chain(named)
            .collect::<Vec<_>>()
    };
    let [admin, operator, viewer] = chosen;
    let (admin, operator, viewer) = (
        refused.value("admin", admin),
        refused.value("operator", operator),
        refused.value("viewer", viewer),
    );
    let wrong = ["admin", "operator", "viewer"].map(|name| refused.of(name));
    let [admin_wrong, operator_wrong, viewer_wrong] = wrong;
    view! {
        <SelectField
            name="admin"
            label="Administrators"
            hint="May do everything here. Usually “authentik Admins”."
            options=options("Choose a group")
            value=admin
            errors=admin_wrong
            required=true
        />
        <SelectField
            name="operator"
            label="Operators"
            hint="Plan, apply and undo change sets; not these settings."
            options=options("Nobody")
            value=operator
            errors=operator_wrong
        />
        {scope_fields(scope, refused)}
        <SelectField
            name="viewer"
            label="Viewers"
            hint="Look at everything but secrets."
            options=options("Nobody")
            value=viewer
            errors=viewer_wrong
        />
    }
    .into_any()
}

/// What operators may change.
fn scope_fields(scope: &OperatorScope, refused: &Refused) -> AnyView {
    let fields = [
        (
            "operator_applications",
            "Applications that operators may change",
            "Their slugs, separated by commas: what is bound to them, and how bindings count. Where neither applications nor groups are named, operators may change everything.",
            names(&scope.applications),
        ),
        (
            "operator_groups",
            "Groups that operators may change",
            "Their names, separated by commas: who belongs to them, what they are called, and which of them they are below. Where something is named, operators make and delete no groups, accounts or applications.",
            names(&scope.groups),
        ),
    ];
    let fields = fields.map(|(name, label, hint, chosen)| {
        let (value, errors) = (refused.value(name, &chosen), refused.of(name));
        view! { <Field name=name label=label hint=hint value=value errors=errors/> }
    });
    fields.into_any()
}

fn set_up(groups: &[String], refused: &Refused) -> AnyView {
    let admins = groups.iter().find(|name| *name == "authentik Admins");
    let admins = admins.map(String::as_str).unwrap_or_default();
    let fields = group_fields(groups, [admins, "", ""], &OperatorScope::default(), refused);
    view! {
        <Card title="Who may come in">
            <form class="form" method="post" action=links::SIGN_IN_SETTINGS novalidate>
                <input type="hidden" name="do" value="set-up"/>
                <p>"This makes an application “Ostiary” with its provider in authentik, open to these groups only. It is a change set as any other: it stands under Change sets, and can be undone there. The passphrase stays open until you close it."</p>
                {fields}
                <div class="form-actions">
                    <Button kind=ButtonKind::Submit variant=Variant::Primary>"Set it up"</Button>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

fn who(settings: &SignInSettings, groups: &[String], refused: &Refused) -> AnyView {
    let first = |names: &Vec<String>| names.first().cloned().unwrap_or_default();
    let chosen = [
        first(&settings.groups.admin),
        first(&settings.groups.operator),
        first(&settings.groups.viewer),
    ];
    let [admin, operator, viewer] = &chosen;
    let fields = group_fields(groups, [admin, operator, viewer], &settings.scope, refused);
    view! {
        <Card title="Who gets which role">
            <form class="form" method="post" action=links::SIGN_IN_SETTINGS novalidate>
                <input type="hidden" name="do" value="groups"/>
                <p>"Whoever is taken out of a group, or whose account is ended, loses the role within five minutes. A group that is chosen anew must also be let into the application “Ostiary”: on its page, linked above."</p>
                {fields}
                <div class="form-actions">
                    <Button kind=ButtonKind::Submit>"Keep"</Button>
                </div>
            </form>
        </Card>
    }
    .into_any()
}

fn passphrase(settings: &SignInSettings) -> Option<AnyView> {
    if !settings.is_on {
        return None;
    }
    let by_authentik = visitor().is_some_and(|visitor| visitor.method == SignInMethod::Authentik);
    let content = if settings.passphrase_closed {
        view! {
            <p>"The local passphrase lets nobody in. Should authentik fail, whoever runs Ostiary opens it again with ostiary administrator reset."</p>
            {button("open", "Open the passphrase", Variant::Secondary)}
        }
        .into_any()
    } else if by_authentik {
        view! {
            <p>"You came in with authentik, so it works. The passphrase can be closed now: then authentik is the only way in, and its sessions, second factors and sign-outs count here too. Should authentik fail, whoever runs Ostiary opens it again with ostiary administrator reset."</p>
            {button("close", "Close the passphrase", Variant::Danger)}
        }
        .into_any()
    } else {
        view! {
            <p>
                "The local passphrase is open. To close it, "
                <a href=with_query(links::SIGN_IN_AUTHENTIK, &[("then", links::SIGN_IN_SETTINGS)]) rel="external">
                    "come in with authentik"
                </a> " first: so it is sure that you can."
            </p>
        }
        .into_any()
    };
    Some(
        view! { <Card title="The local passphrase"><div class="stack">{content}</div></Card> }
            .into_any(),
    )
}

fn remove(settings: &SignInSettings) -> AnyView {
    let change = format!("/applications/{}", settings.slug);
    view! {
        <Card title="Going back">
            <div class="stack">
                <p>
                    "Ostiary forgets its client, ends the sessions of those who came in with authentik, and opens the passphrase. The application stays in authentik until its change set is undone: "
                    <a href=change>"the application"</a> "."
                </p>
                {button("remove", "Sign in without authentik", Variant::Danger)}
            </div>
        </Card>
    }
    .into_any()
}

fn button(what: &'static str, label: &'static str, variant: Variant) -> AnyView {
    view! {
        <form method="post" action=links::SIGN_IN_SETTINGS>
            <input type="hidden" name="do" value=what/>
            <Button kind=ButtonKind::Submit variant=variant>{label}</Button>
        </form>
    }
    .into_any()
}
