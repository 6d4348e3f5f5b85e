//! One page with every component of the kit on it.

use std::sync::Arc;

use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use leptos_router::{components::Router, location::RequestUrl};
use ui::*;

/// The HTML of the page's body, as a server would send it.
pub(crate) fn html() -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    owner.with(|| {
        provide_context(RequestUrl::new("/applications"));
        provide_context(Theme::Dark);
        view! {
            <Router>
                <AppShell here="/applications" nav=nav connection=connection footer=|| "Ostiary 0.1 · reads through the proxy, writes as change sets">
                    <PageHeader
                        title="Set up Grafana"
                        lead="People will sign in to Grafana with authentik. Nothing is written before you apply the plan."
                        crumbs=vec![Crumb::new("Applications", "/applications"), Crumb::new("New", "/new")]
                        badges=|| view! { <Badge label="OpenID Connect" tone=Tone::Info glyph=Glyph::Key/> }
                        actions=|| view! { <LinkButton href="/applications" variant=Variant::Quiet>"Leave"</LinkButton> }
                    />
                    <Stepper steps=steps() label="Set up an application"/>
                    <div class="stack">{stats()} {form()} {lists()} {tables()} {code()} {messages()} {progress()} {gallery()}</div>
                </AppShell>
            </Router>
        }
        .to_html()
    })
}

fn nav() -> impl IntoView {
    view! {
        <NavItem href="/" label="Overview" glyph=Glyph::Gauge exact=true/>
        <NavItem href="/applications" label="Applications" glyph=Glyph::App count=12_u64/>
        <NavItem href="/gallery" label="Gallery" glyph=Glyph::Door/>
        <NavItem href="/changes" label="Change sets" glyph=Glyph::Ledger/>
        <NavItem href="/people" label="People" glyph=Glyph::Users/>
    }
}

fn connection() -> impl IntoView {
    view! { <ConnectionChip tone=Tone::Positive state="Connected" host="auth.example.com" version="2026.5.1"/> }
}

fn steps() -> Vec<StepItem> {
    let step = |label: &str, href: Option<&str>, state| StepItem {
        label: label.to_owned(),
        href: href.map(str::to_owned),
        state,
    };
    vec![
        step("Choose", Some("/new/choose"), StepState::Done),
        step("Address", Some("/new/address"), StepState::Invalid),
        step("Details", Some("/new/details"), StepState::Current),
        step("Access", None, StepState::Todo),
        step("Review", None, StepState::Todo),
        step("Apply", None, StepState::Todo),
        step("Done", None, StepState::Todo),
    ]
}

fn stats() -> impl IntoView {
    view! {
        <dl class="stats">
            <div class="stat"><dt>"Applications"</dt><dd>"12"</dd></div>
            <div class="stat"><dt>"People"</dt><dd>"40"</dd></div>
            <div class="stat"><dt>"Groups"</dt><dd>"9"</dd></div>
            <div class="stat"><dt>"Open doors"</dt><dd>"1"</dd></div>
        </dl>
    }
}

fn form() -> impl IntoView {
    let wrong =
        vec!["The address has no host. Write it like https://grafana.example.com.".to_owned()];
    let cards = vec![
        RadioCard::new(
            "everyone",
            "Everyone",
            "Whoever can sign in to authentik may open it.",
        )
        .badge(Tone::Warning, "Open door"),
        RadioCard::new(
            "groups",
            "Some groups",
            "Only members of the groups you choose below.",
        ),
        RadioCard {
            disabled: true,
            ..RadioCard::new(
                "new",
                "A new group",
                "Not possible: the token may not create groups.",
            )
        },
    ];
    let modes = vec![
        SelectOption::new("hashed", "Hashed user id"),
        SelectOption::new("email", "E-mail address"),
    ];
    view! {
        <ErrorSummary errors=vec![
            ErrorItem::field("base_url", "The address has no host."),
            ErrorItem::form("The plan is older than the last change."),
        ]/>
        <form class="form" method="post" action="/new/details">
            <Field name="name" label="Name" value="Grafana" required=true hint="Shown in the library of applications."/>
            <Field name="base_url" label="Address" kind=FieldKind::Url value="https://" errors=wrong required=true mono=true/>
            <Field name="client_secret" label="Client secret" kind=FieldKind::Password value="hunter2" hint="Leave empty to have one made."/>
            <Field
                name="redirect_uris.0"
                label="Redirect URI"
                value="https://grafana.example.com/login/generic_oauth"
                mono=true
                required=true
                suffix=|| view! { <Button icon=Glyph::Bin attr:aria-label="Remove redirect URI 1"><VisuallyHidden>"Remove"</VisuallyHidden></Button> }
            />
            <Field name="expression" label="Expression" kind=FieldKind::Textarea { rows: 3 } value="return {\n  \"email_verified\": True\n}" mono=true/>
            <SelectField name="sub_mode" label="Subject" options=modes value="email" required=true hint="What the application knows a person by."/>
            <RadioCards name="access" legend="Who may enter" options=cards value="groups"/>
            <FieldSet name="groups" legend="Groups" errors=vec!["Choose at least one group.".to_owned()]>
                <CheckboxField name="groups" value="family" label="family" hint="6 people" checked=true/>
                <CheckboxField name="groups" value="admins" label="admins" hint="2 people"/>
            </FieldSet>
            <CheckboxField name="consent" label="Ask people for consent at the first sign-in"/>
            <div class="form-actions">
                <Button variant=Variant::Primary kind=ButtonKind::Submit>"Continue"</Button>
                <Button icon=Glyph::Refresh>"Check again"</Button>
                <Button variant=Variant::Primary attr:aria-busy="true">"Applying 5 steps"</Button>
                <Button disabled=true>"Not yet"</Button>
                <LinkButton href="/new/address" variant=Variant::Quiet icon=Glyph::ArrowLeft>"Back"</LinkButton>
                <LinkButton href="https://grafana.com" external=true small=true>"Manual"</LinkButton>
            </div>
        </form>
    }
}

fn lists() -> impl IntoView {
    view! {
        <Card title="Endpoints" actions=|| view! { <Button small=true icon=Glyph::Refresh>"Check"</Button> }>
            <DescriptionList>
                <DescriptionItem term="Issuer">
                    <code>"https://auth.example.com/application/o/grafana/"</code>
                    <CopyButton text="https://auth.example.com/application/o/grafana/" label="issuer" compact=true/>
                </DescriptionItem>
                <DescriptionItem term="State"><Status label="Restricted" tone=Tone::Positive glyph=Glyph::Lock detail="since 3 days"/></DescriptionItem>
            </DescriptionList>
        </Card>
        <Card title="Danger zone" tone=Tone::Danger>
            <DialogLink dialog="delete" href="/applications/grafana/delete" variant=Variant::Danger>
                <Icon glyph=Glyph::Bin/>
                "Delete the application “Grafana”"
            </DialogLink>
            <Dialog
                id="delete"
                title="Delete the application “Grafana”?"
                actions=|| view! { <form method="post" action="/d"><Button kind=ButtonKind::Submit variant=Variant::Danger>"Delete “Grafana”"</Button></form> }
            >
                <p>"6 people lose access. The provider and its secret are deleted as well. This can be undone as long as nobody changes it meanwhile."</p>
            </Dialog>
        </Card>
    }
}

fn tables() -> impl IntoView {
    let columns = vec![
        Column::new("Application").sortable("?order=name", Some(Sort::Ascending)),
        Column::new("Protocol"),
        Column::new("Door"),
        Column::numeric("People").sortable("?order=people", None),
        Column::unlabelled("Actions"),
    ];
    let row = |name: &'static str, tone: Tone, door: &'static str, people: u32| {
        view! {
            <tr>
                <th scope="row"><span class="cluster"><Monogram name=name small=true/><a href="/a">{name}</a></span></th>
                <td>"OpenID Connect"</td>
                <td><Status label=door tone=tone glyph=if tone == Tone::Warning { Glyph::LockOpen } else { Glyph::Lock }/></td>
                <td class="num">{people}</td>
                <td class="num"><LinkButton href="/a" small=true variant=Variant::Quiet>"Open "<VisuallyHidden>{name}</VisuallyHidden></LinkButton></td>
            </tr>
        }
    };
    view! {
        <SearchBox label="Search applications" action="/applications" value=""><input type="hidden" name="order" value="name"/></SearchBox>
        <Tabs
            label="Applications"
            items=vec![
                TabItem { label: "All".into(), href: "?".into(), current: true, count: Some(12) },
                TabItem { label: "Open".into(), href: "?door=open".into(), current: false, count: Some(1) },
                TabItem { label: "Without a guide".into(), href: "?guide=none".into(), current: false, count: None },
            ]
        />
        <Card title="Applications" flush=true>
            <DataTable caption="Applications" caption_hidden=true columns=columns>
                {row("Grafana", Tone::Positive, "Restricted", 6)}
                {row("Paperless-ngx", Tone::Warning, "Open", 1_240)}
                {row("Vaultwarden", Tone::Positive, "Restricted", 38)}
            </DataTable>
        </Card>
        <Pagination page=5 pages=12 href=|page| format!("?page={page}") label="Pages of applications"/>
        <Card flush=true>
            <EmptyState title="No change sets yet" actions=|| view! { <LinkButton href="/new" icon=Glyph::Plus>"Set up an application"</LinkButton> }>
                "What you apply is listed here, with each step and a way to undo it."
            </EmptyState>
        </Card>
        <Skeleton label="applications" shape=SkeletonShape::Table { rows: 2, columns: 4 }/>
        <Skeleton label="text"/>
        <Skeleton label="presets" shape=SkeletonShape::Tiles(3)/>
    }
}

fn code() -> impl IntoView {
    let segments = vec![
        Segment::Text("[auth.generic_oauth]\nenabled = true\nname = authentik\nclient_id = 3sX8\nclient_secret = ".into()),
        Segment::Secret("correct-horse-battery-staple".into()),
        Segment::Text("\nauth_url = https://auth.example.com/application/o/authorize/?with=a-very-long-query-that-does-not-fit\n".into()),
    ];
    view! { <CodeBlock title="grafana.ini" segments=segments download="/changes/1/grafana.ini" file_name="grafana.ini"/> }
}

fn messages() -> impl IntoView {
    let finding = |severity, title: &str, way_out: Option<&str>| {
        FindingItem {
        severity,
        title: title.to_owned(),
        explanation: "Without a signing key the set of public keys is empty, and most applications refuse every token.".to_owned(),
        way_out: way_out.map(str::to_owned),
        link: way_out.map(|_| ("Choose a key".to_owned(), "/new/details".to_owned())),
    }
    };
    view! {
        <Callout title="The draft was kept">"You can close this page and come back."</Callout>
        <Callout title="All five checks passed" tone=Tone::Positive live=true/>
        <Callout title="This address is not encrypted" tone=Tone::Warning>"Passwords and tokens travel in the clear."</Callout>
        <Callout title="1,240 people may open this" tone=Tone::Danger actions=|| view! { <LinkButton href="/x" small=true>"Choose groups"</LinkButton> }>
            "No group is bound to the application."
        </Callout>
        <Callout title="Version 2023.10 is older than the guide" tone=Tone::Info/>
        <ErrorPanel
            title="authentik did not answer"
            details="GET core/applications/ · 502 · request 0191-77"
            retry=|| view! { <LinkButton href="" icon=Glyph::Refresh>"Try again"</LinkButton> }
        >
            <p>"Nothing was written. Look whether authentik is running, then try again."</p>
        </ErrorPanel>
        <Card title="Findings">
            <Findings items=vec![
                finding(Tone::Danger, "The provider has no signing key", Some("Choose the key that has a private part.")),
                finding(Tone::Warning, "The door is open", None),
                finding(Tone::Info, "The icon is loaded from another host", None),
            ]/>
        </Card>
    }
}

fn progress() -> impl IntoView {
    let step = |label: &str, state, millis, detail: Option<&str>| ProgressItem {
        label: label.to_owned(),
        state,
        detail: detail.map(str::to_owned),
        millis,
    };
    let steps = vec![
        step(
            "Create the scope mapping “verified e-mail”",
            ProgressState::Undone,
            Some(88),
            None,
        ),
        step(
            "Create the provider “Grafana”",
            ProgressState::Done,
            Some(340),
            Some("Provider 42, client id 3sX8"),
        ),
        step(
            "Create the application “Grafana”",
            ProgressState::Failed,
            Some(1_240),
            Some("400: this slug is taken"),
        ),
        step(
            "Bind the group “family”",
            ProgressState::Running,
            None,
            None,
        ),
        step(
            "Ask whether Jodie may enter",
            ProgressState::Waiting,
            None,
            None,
        ),
    ];
    view! { <Card title="Applying"><ProgressList label="Steps of the change set" steps=steps/></Card> }
}

fn gallery() -> impl IntoView {
    let names = [
        "Grafana",
        "Gitea",
        "Vaultwarden",
        "Nextcloud",
        "Immich",
        "Jellyfin",
        "Paperless-ngx",
        "Home Assistant",
        "Outline",
        "Proxmox VE",
        "Portainer",
    ];
    let tiles: Vec<_> = names
        .into_iter()
        .map(|name| view! { <Tile name=name line="Dashboards and alerts" action=TileAction::Link(format!("/new?preset={name}"))/> })
        .collect();
    let submit = TileAction::Submit {
        name: "preset".into(),
        value: "generic".into(),
    };
    view! {
        <form method="post" action="/new">
            <Tiles label="Presets">
                {tiles}
                <Tile name="Generic OIDC" line="Any other application" action=submit/>
                <Tile name="Prometheus" line="Has no sign-in of its own" action=TileAction::None note=|| view! { <Badge label="Guided set-up coming" glyph=Glyph::Clock/> }/>
            </Tiles>
        </form>
    }
}
