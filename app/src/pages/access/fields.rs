//! The fields of each form about access.

use leptos::prelude::*;
use ui::{CheckboxField, Field, FieldKind, RadioCard, RadioCards, SelectField, SelectOption, Tone};

use crate::{
    model::Choice,
    state::{access_edit::Form, access_task::Task, picks::picks},
    view::pick_list,
};

/// So many lines a field for login names shows at first.
const ROWS: u8 = 4;

/// The fields of a task’s form.
pub(super) fn fields(task: Task, form: &Form) -> Vec<AnyView> {
    match task {
        Task::Join => vec![groups(form), people(form, "add", "Who joins")],
        Task::Leave => vec![groups(form), people(form, "remove", "Who leaves")],
        Task::NewGroup => vec![
            text(form, "name", "Name of the new group", true),
            people(form, "members", "First members"),
            above(form, "Below these groups"),
        ],
        Task::RenameGroup => vec![group(form), text(form, "name", "New name", true)],
        Task::MoveGroup => vec![group(form), above(form, "Directly below")],
        Task::DeleteGroup => vec![group(form), leave_deny(form)],
        // Has pages of its own.
        Task::Bind => Vec::new(),
        Task::Unbind => unbind(form),
        Task::Door => vec![applications(form), door(form), groups_optional(form)],
        Task::Mode => vec![applications(form), mode(form)],
        Task::NewUser => vec![
            text(form, "username", "Login name", true),
            text(form, "name", "Full name", false),
            email(form),
            account(form),
            pick_groups(form, "groups", "First groups"),
        ],
        Task::EditUser => vec![
            user(form),
            text(form, "username", "New login name", false),
            text(form, "name", "New full name", false),
            email(form),
        ],
        Task::Activate | Task::Deactivate => vec![user(form)],
        Task::DeleteUser => vec![user(form), leave_deny(form)],
    }
}

/// A field for one line of text.
fn text(form: &Form, name: &'static str, label: &'static str, required: bool) -> AnyView {
    let (value, errors) = (form.text(name), form.errors(name));
    view! { <Field name=name label=label value=value errors=errors required=required/> }.into_any()
}

fn email(form: &Form) -> AnyView {
    let (value, errors) = (form.text("email"), form.errors("email"));
    view! { <Field name="email" label="E-mail address" kind=FieldKind::Email value=value errors=errors/> }
        .into_any()
}

/// One of a list. What was chosen and is not in it any more is said to be wrong by the planner.
fn choose(
    form: &Form,
    name: &'static str,
    label: &'static str,
    choices: &[Choice],
    required: bool,
) -> AnyView {
    let chosen = form.list(name).into_iter().next();
    let chosen = chosen.unwrap_or_default();
    let named = |choice: &&Choice| choice.value == chosen || choice.label == chosen;
    let value = choices.iter().find(named).map(|it| it.value.clone());
    let first = SelectOption::new("", if required { "Choose …" } else { "None" });
    let options: Vec<SelectOption> = std::iter::once(first)
        .chain(
            choices
                .iter()
                .map(|it| SelectOption::new(&it.value, &it.label)),
        )
        .collect();
    let (value, errors) = (value.unwrap_or_default(), form.errors(name));
    view! { <SelectField name=name label=label options=options value=value errors=errors required=required/> }
        .into_any()
}

fn groups(form: &Form) -> AnyView {
    choose(form, "groups", "Group", &form.offer.groups, true)
}

fn groups_optional(form: &Form) -> AnyView {
    choose(
        form,
        "groups",
        "Group that may enter",
        &form.offer.groups,
        false,
    )
}

fn group(form: &Form) -> AnyView {
    choose(form, "group", "Group", &form.offer.groups, true)
}

fn applications(form: &Form) -> AnyView {
    choose(
        form,
        "applications",
        "Application",
        &form.offer.applications,
        true,
    )
}

fn pick_groups(form: &Form, name: &'static str, legend: &str) -> AnyView {
    let choices = form.offer.groups.iter().cloned().map(Into::into);
    let picks = picks(choices, &form.list(name));
    let none = "There is no group to choose from.";
    pick_list(name, legend, "", picks, form.errors(name), none)
}

/// The groups above. The empty field says that there may be none.
fn above(form: &Form, legend: &'static str) -> AnyView {
    let list = if form.offer.several_parents {
        let empty = view! { <input type="hidden" name="parents" value=""/> };
        let list = pick_groups(form, "parents", legend);
        view! { {empty} {list} }.into_any()
    } else {
        choose(form, "parents", legend, &form.offer.groups, false)
    };
    view! { <div>{list}</div> }.into_any()
}

/// People to tick; where there are too many to list, their login names are typed.
fn people(form: &Form, name: &'static str, label: &'static str) -> AnyView {
    let (chosen, errors) = (form.list(name), form.errors(name));
    if let Some(people) = &form.offer.people {
        let picks = picks(people.iter().cloned().map(Into::into), &chosen);
        let none = if name == "remove" {
            "Nobody is directly in this group."
        } else {
            "There is nobody to choose from."
        };
        return pick_list(name, label, "", picks, errors, none);
    }
    let kind = FieldKind::Textarea { rows: ROWS };
    let hint = "Login names, one per line or with commas between them.";
    let (label, value) = (format!("{label}: login names"), chosen.join("\n"));
    view! { <Field name=name label=label kind=kind value=value errors=errors hint=hint mono=true/> }
        .into_any()
}

fn user(form: &Form) -> AnyView {
    if let Some(people) = &form.offer.people {
        return choose(form, "user", "Person", people, true);
    }
    let (value, errors) = (form.text("user"), form.errors("user"));
    view! { <Field name="user" label="Login name" value=value errors=errors required=true mono=true/> }
        .into_any()
}

/// The bindings that the address names, else those of a group to an application.
fn unbind(form: &Form) -> Vec<AnyView> {
    if form.offer.bindings.is_empty() {
        return vec![applications(form), groups(form), leave_deny(form)];
    }
    let choices = form.offer.bindings.iter().cloned().map(Into::into);
    let picks = picks(choices, &form.list("bindings"));
    let errors = form.errors("bindings");
    vec![
        pick_list("bindings", "Bindings to take away", "", picks, errors, ""),
        leave_deny(form),
    ]
}

fn leave_deny(form: &Form) -> AnyView {
    let checked = form.is_on("leave_deny");
    view! {
        <CheckboxField
            name="leave_deny"
            label="Leave a deny where nothing else would count"
            checked=checked
            hint="An application without any binding that counts is open to everyone. A deny keeps it closed instead."
        />
    }
    .into_any()
}

fn cards(
    form: &Form,
    name: &'static str,
    legend: &'static str,
    options: Vec<RadioCard>,
    otherwise: &str,
) -> AnyView {
    let value = match form.text(name) {
        empty if empty.is_empty() => otherwise.to_owned(),
        value => value,
    };
    let errors = form.errors(name);
    view! { <RadioCards name=name legend=legend options=options value=value errors=errors/> }
        .into_any()
}

fn door(form: &Form) -> AnyView {
    let options = vec![
        RadioCard::new(
            "restricted",
            "Only the group below",
            "Other bindings are disabled, not deleted.",
        ),
        RadioCard::new("closed", "Nobody", "Until you open it again."),
        RadioCard::new("everyone", "Everyone", "Everybody with an account.")
            .badge(Tone::Warning, "Open door"),
    ];
    cards(form, "door", "Whom it lets in", options, "restricted")
}

fn mode(form: &Form) -> AnyView {
    let options = vec![
        RadioCard::new("any", "Any", "One binding that passes is enough."),
        RadioCard::new("all", "All", "Every binding must pass."),
    ];
    cards(form, "mode", "Policy engine mode", options, "any")
}

fn account(form: &Form) -> AnyView {
    let options = vec![
        RadioCard::new(
            "internal",
            "Internal",
            "People of the household or company.",
        ),
        RadioCard::new("external", "External", "Guests and customers."),
    ];
    cards(form, "account", "Kind of account", options, "internal")
}
