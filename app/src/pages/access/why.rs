use leptos::prelude::*;
use leptos_meta::Title;
use ui::{Callout, Card, EmptyState, Glyph, PageHeader, Tone};

use super::{why_group::about_group, why_person::about_person};
use crate::{
    data::{Answer, Inquiry, Question, inquire},
    links,
    model::Choice,
    resource::data,
    view::{Loading, Section, again, main_panel, page_query, query, sections, why_form},
};

/// Why somebody gets in, or does not.
#[component]
pub fn WhyPage() -> AnyView {
    let question = Question {
        user: query("user").get_untracked(),
        find: query("find").get_untracked(),
        group: query("group").get_untracked(),
        application: query("application").get_untracked(),
        page: page_query().get_untracked(),
        again: again(),
    };
    let inquiry = data(|| (), move |()| inquire(question.clone()));
    view! {
        <Title text="Why?"/>
        <PageHeader
            title="Why?"
            lead="Why somebody gets into an application or does not, what would change that, and what authentik itself says."
        />
        {sections(Section::Why)}
        {main_panel(inquiry, Loading::lines("the answer", 8), |inquiry| answered(&inquiry))}
    }
    .into_any()
}

fn answered(inquiry: &Inquiry) -> AnyView {
    let Inquiry {
        pickers,
        user,
        find,
        application,
        answer,
    } = inquiry;
    let form = why_form(pickers, user, find, application);
    let answer = match answer {
        Answer::Ask => nothing_chosen(user, application),
        Answer::Found(found) => choose(found, find, application),
        Answer::Person { why, asked } => about_person(why, asked),
        Answer::Group(why) => about_group(why),
    };
    view! {
        <div class="stack">
            <Card title="Who, and what">{form}</Card>
            {answer}
        </div>
    }
    .into_any()
}

fn nothing_chosen(user: &str, application: &str) -> AnyView {
    let text = match (user.is_empty(), application.is_empty()) {
        (true, false) => "Choose the person as well.",
        (false, true) => "Choose the application as well.",
        _ => "Choose a person and an application. Or take a cell of the access map: it leads here.",
    };
    view! {
        <EmptyState title="Nothing asked yet" glyph=Glyph::Question>
            <p>{text}</p>
        </EmptyState>
    }
    .into_any()
}

/// Several people were found, or none.
fn choose(found: &[Choice], find: &str, application: &str) -> AnyView {
    if found.is_empty() {
        let find = find.to_owned();
        return view! {
            <EmptyState title="Nobody was found" glyph=Glyph::Search>
                <p>"No username, name or e-mail address has “"<bdi>{find}</bdi>"” in it. Look for a part of it."</p>
            </EmptyState>
        }
        .into_any();
    }
    let people: Vec<_> = found
        .iter()
        .map(|choice| {
            let parameters = [
                ("user", choice.value.as_str()),
                ("application", application),
            ];
            let href = links::with_query(links::WHY, &parameters);
            view! { <li><a href=href><bdi>{choice.label.clone()}</bdi></a></li> }
        })
        .collect();
    view! {
        <Card title="Whom do you mean?">
            <ul role="list" class="flex flex-col gap-2">{people}</ul>
            <Callout title="At most twenty are shown" tone=Tone::Neutral>
                <p>"Type more of the name to find others."</p>
            </Callout>
        </Card>
    }
    .into_any()
}
