use access::Verdict;
use leptos::{form::ActionForm, prelude::*};
use ui::{
    Badge, Button, ButtonKind, Callout, Card, Column, DataTable, Glyph, Tone, VisuallyHidden,
};

use crate::{
    serverfn::PlanAccess,
    state::{
        form::Fields,
        named::{Part, plain},
        why::{Agreement, Asked, Fix, Line, Standing, Why, agreement, verdict_label},
    },
    view::{as_of, hidden_fields, sentence, verdict, way},
};

/// The answer about one person.
pub(super) fn about_person(why: &Why, asked: &Asked) -> AnyView {
    let (head, taken_at) = (verdict(why.verdict), why.taken_at.clone());
    let actions = move || as_of(&taken_at);
    let (said, compared) = (sentence(&why.sentence), compared(why, asked));
    let picture = way(&why.picture);
    view! {
        <Card title="The answer" actions=actions>
            <div class="columns">
                <div class="flex flex-col gap-4">
                    <p class="answer">{head}</p>
                    <p class="answer">{said}</p>
                    {compared}
                </div>
                {picture}
            </div>
        </Card>
        {bindings(why)}
        {fixes(why)}
    }
    .into_any()
}

/// authentik's own answer beside ours.
fn compared(why: &Why, asked: &Asked) -> AnyView {
    let (passing, messages) = match asked {
        Asked::Failed(reason) => {
            let reason = reason.clone();
            return view! {
                <Callout title="authentik could not be asked" tone=Tone::Warning>
                    <p>"The answer above is computed by Ostiary from groups and bindings. " {reason}</p>
                </Callout>
            }
            .into_any();
        }
        Asked::Answered { passing, messages } => (*passing, messages),
    };
    let said = if passing {
        "lets them in"
    } else {
        "refuses them"
    };
    let inactive = (!why.is_active && passing).then(|| {
        view! { <p>"Its policy engine does not look at whether an account may sign in: this one may not, so nothing opens."</p> }
    });
    let messages: Vec<_> = messages
        .iter()
        .map(|message| view! { <li><bdi>{message.clone()}</bdi></li> })
        .collect();
    let messages = (!messages.is_empty()).then(|| view! { <ul>{messages}</ul> });
    match agreement(why.engine, passing) {
        Agreement::Agrees => view! {
            <Callout title=format!("authentik agrees: it {said}") tone=Tone::Positive>
                <p>"Its own policy engine was asked just now (check_access)."</p>
                {inactive}
                {messages}
            </Callout>
        }
        .into_any(),
        Agreement::Settles => view! {
            <Callout title=format!("Asked just now, authentik {said}") tone=Tone::Info>
                <p>"It ran the policies, with the address and the session of Ostiary’s token. At a real sign-in they may come to something else."</p>
                {inactive}
                {messages}
            </Callout>
        }
        .into_any(),
        Agreement::Disagrees => {
            let ours = verdict_label(why.engine).to_lowercase();
            view! {
                <Callout title=format!("authentik disagrees: it {said}") tone=Tone::Danger>
                    <p>{format!("By its groups and bindings, read again just now, the answer is “{ours}”. authentik’s own policy engine says otherwise. Trust authentik, and tell us: this is a fault in Ostiary, or something between it and authentik answers for it.")}</p>
                    {messages}
                </Callout>
            }
            .into_any()
        }
    }
}

fn bindings(why: &Why) -> AnyView {
    let rule = why.rule.clone();
    let table = (!why.bindings.is_empty()).then(|| {
        let columns = vec![
            Column::numeric("Order"),
            Column::new("Binding"),
            Column::new("Result"),
            Column::new("Why"),
        ];
        let rows: Vec<_> = why.bindings.iter().map(binding).collect();
        view! { <DataTable caption="Bindings one by one" caption_hidden=true columns=columns>{rows}</DataTable> }
    });
    view! {
        <Card title="Bindings one by one">
            <p>{rule}</p>
            {table}
        </Card>
    }
    .into_any()
}

fn binding(line: &Line) -> impl IntoView + use<> {
    let (tone, glyph) = match (line.standing, line.result) {
        (Standing::Disabled | Standing::Ended, _) => (Tone::Neutral, Glyph::Dot),
        (Standing::Counts, Verdict::Allowed) => (Tone::Positive, Glyph::Check),
        (Standing::Counts, Verdict::Denied) => (Tone::Danger, Glyph::Close),
        (Standing::Counts, Verdict::Unknown) => (Tone::Warning, Glyph::Question),
    };
    let negated = line
        .negate
        .then(|| view! { <Badge label="Negated" tone=Tone::Warning/> });
    let decisive = line
        .decisive
        .then(|| view! { <Badge label="Decides" tone=Tone::Info/> });
    view! {
        <tr>
            <td class="num">{line.order}</td>
            <th scope="row"><span class="cluster">{sentence(&line.subject)}{negated}</span></th>
            <td><span class="cluster"><Badge label=line.label() tone=tone glyph=glyph/>{decisive}</span></td>
            <td class="cell-wide">{sentence(&line.evidence)}</td>
        </tr>
    }
}

fn fixes(why: &Why) -> AnyView {
    let title = match why.verdict {
        Verdict::Allowed => "What would keep them out",
        Verdict::Denied => "What would let them in",
        Verdict::Unknown => "What would settle it",
    };
    if why.fixes.is_empty() {
        return view! {
            <Card title=title>
                <p>"No small change would: neither a membership, nor a binding, nor the account alone."</p>
            </Card>
        }
        .into_any();
    }
    let plan = ServerAction::<PlanAccess>::new();
    let unknown = why.verdict == Verdict::Unknown;
    let items: Vec<_> = why
        .fixes
        .iter()
        .enumerate()
        .map(|(at, it)| fix(at + 1, it, unknown, plan))
        .collect();
    view! {
        <Card title=title>
            <p class="muted">"The gentlest first. Each was tried on what is known. A plan is made of it first: nothing is written before you apply that."</p>
            <ol role="list">{items}</ol>
        </Card>
    }
    .into_any()
}

fn fix(
    number: usize,
    fix: &Fix,
    unknown: bool,
    plan: ServerAction<PlanAccess>,
) -> impl IntoView + use<> {
    let way = match &fix.remedy {
        Some(fields) => plan_it(fields, &fix.words, plan),
        None => view! { <p class="muted">"Takes something that Ostiary does not change, or several plans: do it in authentik, or one after the other."</p> }
            .into_any(),
    };
    let outcome = unknown.then(|| view! { <p>{verdict(fix.verdict)}</p> });
    let class = if fix.affects_others {
        "text-warning"
    } else {
        "muted"
    };
    view! {
        <li class="fix">
            <span class="fix-number" aria-hidden="true">{number}</span>
            <div>
                <p>{sentence(&fix.words)} "."</p>
                {outcome}
                <p class=class>{fix.effect.clone()}</p>
                {way}
            </div>
        </li>
    }
}

/// A button that opens the plan.
fn plan_it(fields: &Fields, words: &[Part], plan: ServerAction<PlanAccess>) -> AnyView {
    let hidden = hidden_fields(fields);
    let what = plain(words);
    view! {
        <ActionForm action=plan>
            {hidden}
            <Button kind=ButtonKind::Submit small=true>
                "Plan this"
                <VisuallyHidden>{format!(": {what}")}</VisuallyHidden>
            </Button>
        </ActionForm>
    }
    .into_any()
}
