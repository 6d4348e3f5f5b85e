//! How good a passphrase is, while it is typed.

use std::time::Duration;

use leptos::{ev, leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{FormData, HtmlInputElement, RequestInit, Response, UrlSearchParams};

/// How long typing rests before it is asked.
const REST: Duration = Duration::from_millis(350);

/// Asks `path` how good what is typed into the field called `of` is, by a `POST` of it and of the field `name` of the same
/// form, and shows the answer: a score
/// from 0 to 4 on the first line, then words. The server judges it when the form is sent, too; without JavaScript only
/// then.
#[island]
pub fn StrengthMeter(
    /// Where it is judged.
    #[prop(into)]
    path: String,
    /// Name of the field.
    #[prop(into)]
    of: String,
    /// The fields of the form that it is about.
    children: Children,
) -> impl IntoView {
    let told = RwSignal::new(None::<(u8, String)>);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let latest = StoredValue::new(0_u32);
    let typed = move |event: ev::Event| {
        let input = event
            .target()
            .and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input.filter(|input| input.name() == of) else {
            return;
        };
        if let Some(earlier) = waiting.get_value() {
            earlier.clear();
        }
        // Answers about what stood there before are of no use any more.
        let number = latest.get_value().wrapping_add(1);
        latest.set_value(number);
        let (path, passphrase) = (path.clone(), input.value());
        let name = beside(&input, "name");
        if passphrase.is_empty() {
            told.set(None);
            return;
        }
        let ask = move || {
            spawn_local(async move {
                let answer = ask(&path, &passphrase, &name).await.ok().flatten();
                if latest.get_value() == number {
                    told.set(answer);
                }
            });
        };
        waiting.set_value(set_timeout_with_handle(ask, REST).ok());
    };
    let score = move || told.with(|told| told.as_ref().map(|(score, _)| score.to_string()));
    let words = move || told.with(|told| told.as_ref().map(|(_, words)| words.clone()));
    view! {
        <div class="strength" on:input=typed>
            {children()}
            <div class="strength-bar" aria-hidden="true" data-score=score hidden=move || score().is_none()></div>
            <p class="strength-words" role="status">{words}</p>
        </div>
    }
}

/// What stands in another field of the same form, whose owner's name makes a bad passphrase.
fn beside(input: &HtmlInputElement, name: &str) -> String {
    let form = input
        .form()
        .and_then(|form| FormData::new_with_form(&form).ok());
    let value = form.and_then(|form| form.get(name).as_string());
    value.unwrap_or_default()
}

/// The score and the words about a passphrase; nothing where the server does not say.
async fn ask(path: &str, passphrase: &str, name: &str) -> Result<Option<(u8, String)>, JsValue> {
    let form = UrlSearchParams::new()?;
    form.append("passphrase", passphrase);
    form.append("name", name);
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&form);
    let response = JsFuture::from(window().fetch_with_str_and_init(path, &init)).await?;
    let response: Response = response.dyn_into()?;
    if !response.ok() {
        return Ok(None);
    }
    let text = JsFuture::from(response.text()?).await?;
    Ok(text.as_string().and_then(|text| {
        let (score, words) = text.split_once('\n')?;
        Some((score.parse().ok()?, words.to_owned()))
    }))
}
