use leptos::prelude::*;
use ui::{Badge, CheckboxField, FieldSet, NarrowList, Tone};

use crate::state::picks::Pick;

/// More lines than this get a field to narrow them down.
const MANY: usize = 8;

/// A list to tick. The form sends `name.0`, `name.1` …
pub(crate) fn pick_list(
    name: &str,
    legend: &str,
    hint: &str,
    picks: Vec<Pick>,
    errors: Vec<String>,
    none: &str,
) -> AnyView {
    let id = format!("{}-to-choose", name.replace('.', "-"));
    let narrow = (picks.len() > MANY)
        .then(|| view! { <NarrowList list=id.clone() label="Narrow the list"/> });
    let empty = picks.is_empty().then(|| {
        let none = none.to_owned();
        view! { <p class="muted">{none}</p> }
    });
    let lines: Vec<_> = (0_u32..)
        .zip(picks)
        .map(|(row, pick)| line(format!("{name}.{row}"), pick))
        .collect();
    let hint = (!hint.is_empty()).then(|| hint.to_owned());
    view! {
        <FieldSet name=name.to_owned() legend=legend.to_owned() nostrip:hint=hint errors=errors>
            {narrow}
            <div id=id class="flex flex-col gap-3 max-h-96 overflow-y-auto rounded-lg border border-border p-3">{lines}{empty}</div>
        </FieldSet>
    }
    .into_any()
}

fn line(name: String, pick: Pick) -> impl IntoView {
    let warning = (!pick.warning.is_empty())
        .then(|| view! { <Badge label=pick.warning tone=Tone::Warning/> });
    let hint = (!pick.hint.is_empty()).then_some(pick.hint);
    view! {
        <div class="cluster">
            <CheckboxField name=name label=pick.label value=pick.value checked=pick.chosen nostrip:hint=hint/>
            {warning}
        </div>
    }
}
