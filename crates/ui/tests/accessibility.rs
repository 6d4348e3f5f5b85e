//! What the components say to screen readers, and what they do with hostile text. Rendered as a server does.

use std::sync::Arc;

use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use ui::*;

const HOSTILE: &str = r#""><script>alert('x')</script>&"#;

fn render<V: IntoView + 'static>(view: impl FnOnce() -> V) -> String {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    owner.with(|| view().to_html())
}

/// The opening tag that contains `part`; empty if there is none.
fn tag<'a>(html: &'a str, part: &str) -> &'a str {
    let around = || {
        let at = html.find(part)?;
        let start = html.get(..at)?.rfind('<')?;
        let end = html.get(at..)?.find('>')?;
        html.get(start..=at + end)
    };
    around().unwrap_or_default()
}

#[test]
fn field_with_errors_refers_to_hint_and_errors() {
    let html = render(|| {
        view! {
            <Field name="base_url" label="Address" kind=FieldKind::Url hint="With https." required=true
                errors=vec!["There is no host.".to_owned()]/>
        }
    });
    let input = tag(&html, "name=\"base_url\"");
    assert!(input.contains(r#"id="field-base-url""#), "{input}");
    assert!(
        input.contains(r#"aria-describedby="field-base-url-hint field-base-url-errors""#),
        "{input}"
    );
    assert!(input.contains(r#"aria-invalid="true""#), "{input}");
    assert!(input.contains(r#"aria-required="true""#), "{input}");
    assert!(input.contains(r#"type="text""#), "{input}");
    assert!(html.contains(r#"for="field-base-url""#));
    assert!(tag(&html, r#"id="field-base-url-errors""#).starts_with("<ul"));
    assert!(!html.contains("(optional)"));
}

#[test]
fn field_without_errors_is_not_invalid() {
    let html = render(|| view! { <Field name="name" label="Name"/> });
    assert!(!html.contains("aria-invalid"), "{html}");
    assert!(!html.contains("aria-describedby"), "{html}");
    assert!(html.contains("(optional)"));
}

#[test]
fn field_escapes_hostile_text_everywhere() {
    for kind in [FieldKind::Text, FieldKind::Textarea { rows: 3 }] {
        let html = render(|| {
            view! {
                <Field name=HOSTILE label=HOSTILE kind=kind value=HOSTILE hint=HOSTILE placeholder=HOSTILE
                    errors=vec![HOSTILE.to_owned()]/>
            }
        });
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains("=\"\"><"), "{html}");
    }
}

#[test]
fn field_textarea_holds_exactly_its_value() {
    let area = |value: &'static str| {
        let html = render(
            || view! { <Field name="a" label="A" kind=FieldKind::Textarea { rows: 2 } value=value/> },
        );
        let start = html.find("<textarea").expect("a textarea");
        let text = html[start..].find('>').expect("its tag ends") + start + 1;
        let end = html.find("</textarea>").expect("its end");
        html[text..end].to_owned()
    };
    assert_eq!(area(""), "");
    assert_eq!(area("two\nlines"), "two\nlines");
    assert_eq!(area("</textarea>"), "&lt;/textarea&gt;");
}

#[test]
fn field_password_never_renders_its_value() {
    let html = render(
        || view! { <Field name="s" label="Secret" kind=FieldKind::Password value="hunter2"/> },
    );
    assert!(!html.contains("hunter2"));
    assert!(html.contains(r#"type="password""#));
}

#[test]
fn stepper_marks_the_current_step_and_links_the_others() {
    let step = |label: &str, href: Option<&str>, state| StepItem {
        label: label.to_owned(),
        href: href.map(str::to_owned),
        state,
    };
    let steps = vec![
        step("Choose", Some("/choose"), StepState::Done),
        step("Address", Some("/address"), StepState::Invalid),
        step("Details", Some("/details"), StepState::Current),
        step("Review", None, StepState::Todo),
    ];
    let html = render(|| view! { <Stepper steps=steps label="Set up"/> });
    assert_eq!(html.matches("aria-current").count(), 1);
    assert!(tag(&html, "aria-current=\"step\"").contains("step-current"));
    assert!(html.contains("<ol"));
    assert!(html.contains(r#"href="/choose""#) && html.contains(r#"href="/address""#));
    assert!(
        !html.contains(r#"href="/details""#),
        "the current step is not a link"
    );
    assert!(html.contains(", done") && html.contains(", needs attention"));
}

#[test]
fn callout_is_a_live_region_only_when_asked() {
    let still = render(|| view! { <Callout title="T" tone=Tone::Danger/> });
    assert!(
        !still.contains("role=\"alert\"") && !still.contains("role=\"status\""),
        "{still}"
    );
    let alert = render(|| view! { <Callout title="T" tone=Tone::Danger live=true/> });
    assert!(alert.contains(r#"role="alert""#));
    let status = render(|| view! { <Callout title="T" tone=Tone::Positive live=true/> });
    assert!(status.contains(r#"role="status""#));
    assert!(
        status.contains(r#"aria-label="Success:""#),
        "never by colour alone"
    );
}

#[test]
fn dialog_is_labelled_by_its_heading_and_closes_without_scripts() {
    let html = render(|| view! { <Dialog id="delete" title=HOSTILE>"Gone."</Dialog> });
    let dialog = tag(&html, r#"id="delete""#);
    assert!(
        dialog.starts_with("<dialog") && dialog.contains(r#"aria-labelledby="delete-title""#),
        "{dialog}"
    );
    assert!(tag(&html, r#"id="delete-title""#).starts_with("<h2"));
    assert!(html.contains(r#"method="dialog""#));
    assert!(!html.contains("<script"));
    let link = render(
        || view! { <DialogLink dialog="delete" href="/grafana/delete" variant=Variant::Secondary>"Delete"</DialogLink> },
    );
    assert!(tag(&link, "aria-haspopup=\"dialog\"").contains(r#"href="/grafana/delete""#));
}

/// What is inside of an island; its opening tag holds its properties for the browser.
fn body_of_island(html: &str) -> &str {
    let (island, body) = html.split_once('>').unwrap_or_default();
    assert!(island.starts_with("<leptos-island"), "{island}");
    body
}

#[test]
fn secrets_are_masked_and_scripts_controls_hidden_before_hydration() {
    let segments = vec![
        Segment::Text("key = ".to_owned()),
        Segment::Secret("s3cr3t".to_owned()),
    ];
    let html = render(|| view! { <CodeBlock title="a.ini" segments=segments/> });
    let (shown, disclosure) = body_of_island(&html)
        .split_once("<details")
        .expect("a disclosure for people without scripts");
    assert!(!shown.contains("s3cr3t"), "{shown}");
    assert!(disclosure.contains("key = s3cr3t"));
    assert!(tag(&html, "class=\"copy\"").contains("hidden"));
}

#[test]
fn error_summary_links_to_the_fields() {
    let errors = vec![
        ErrorItem::field("base_url", "There is no host."),
        ErrorItem::form(HOSTILE),
    ];
    let html = render(|| view! { <ErrorSummary errors=errors/> });
    assert!(tag(&html, "role=\"alert\"").contains(r#"tabindex="-1""#));
    assert!(html.contains(&format!("href=\"#{}\"", field_id("base_url"))));
    assert!(!html.contains("<script"));
    let nothing: Vec<ErrorItem> = Vec::new();
    let none = render(|| view! { <ErrorSummary errors=nothing/> });
    assert!(!none.contains("alert"));
}

#[test]
fn table_has_a_name_a_caption_and_a_sorted_column() {
    let columns = vec![
        Column::new("Name").sortable("?order=-name", Some(Sort::Ascending)),
        Column::numeric("People"),
        Column::unlabelled("Actions"),
    ];
    let html = render(
        || view! { <DataTable caption="Applications" columns=columns><tr><td>"a"</td></tr></DataTable> },
    );
    let region = tag(&html, "role=\"group\"");
    assert!(
        region.contains(r#"tabindex="0""#) && region.contains(r#"aria-label="Applications""#),
        "{region}"
    );
    assert!(html.contains("<caption") && html.contains("<tbody>"));
    assert_eq!(html.matches("aria-sort").count(), 1);
    assert!(tag(&html, "aria-sort=\"ascending\"").contains("scope=\"col\""));
}

#[test]
fn skeleton_is_heard_as_words_and_not_as_bars() {
    let html = render(
        || view! { <Skeleton label="applications" shape=SkeletonShape::Table { rows: 2, columns: 3 }/> },
    );
    let (words, bars) = html
        .split_once("aria-hidden=\"true\"")
        .expect("hidden bars");
    assert!(words.contains("Loading applications …"));
    assert_eq!(bars.matches("skeleton-bar").count(), 6);
}

#[test]
fn progress_list_announces_one_sentence() {
    let steps = vec![
        ProgressItem {
            label: "Create".to_owned(),
            state: ProgressState::Done,
            detail: None,
            millis: Some(1_240),
        },
        ProgressItem {
            label: HOSTILE.to_owned(),
            state: ProgressState::Failed,
            detail: None,
            millis: None,
        },
    ];
    let html = render(|| view! { <ProgressList label="Steps" steps=steps/> });
    assert!(tag(&html, "role=\"status\"").contains("sr-only"));
    assert!(html.contains("Step 2 of 2 failed"));
    assert!(html.contains("1.2 s"));
    assert!(!html.contains("<script"));
}

#[test]
fn theme_switch_presses_the_theme_of_the_context() {
    let html = render(|| {
        provide_context(Theme::Dark);
        view! { <ThemeSwitch action="/theme" return_to="/applications?q=a&b"/> }
    });
    assert!(tag(&html, "value=\"dark\"").contains(r#"aria-pressed="true""#));
    assert!(tag(&html, "value=\"light\"").contains(r#"aria-pressed="false""#));
    assert!(tag(&html, "method=\"post\"").contains(r#"action="/theme""#));
    assert!(tag(&html, "name=\"return_to\"").contains("value=\"/applications?q=a&amp;b\""));
}
