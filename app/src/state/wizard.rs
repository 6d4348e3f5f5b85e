//! Where in the wizard a person is, what is wrong so far, and where a form leads.

use setup::{
    FieldErrors,
    oidc_application::{Draft, WizardStep, World, plan, validate},
    preset::Preset,
};
use ui::{ErrorItem, StepItem, StepState};

use super::form::Intent;
use crate::{links, model::DraftRecord};

/// The steps of the wizard, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Position {
    /// Which application.
    Choose,
    /// Its name and address.
    Address,
    /// Everything that has a good default.
    Details,
    /// Who may enter.
    Access,
    /// What will be done.
    Review,
    /// It is done.
    Apply,
    /// What to do next.
    Done,
}

impl Position {
    const ALL: [Self; 7] = [
        Self::Choose,
        Self::Address,
        Self::Details,
        Self::Access,
        Self::Review,
        Self::Apply,
        Self::Done,
    ];

    const fn label(self) -> &'static str {
        match self {
            Self::Choose => "Choose",
            Self::Address => "Address",
            Self::Details => "Details",
            Self::Access => "Access",
            Self::Review => "Review",
            Self::Apply => "Apply",
            Self::Done => "Done",
        }
    }

    const fn asks(self) -> Option<WizardStep> {
        match self {
            Self::Choose => Some(WizardStep::Choose),
            Self::Address => Some(WizardStep::Address),
            Self::Details => Some(WizardStep::Details),
            Self::Access => Some(WizardStep::Access),
            Self::Review | Self::Apply | Self::Done => None,
        }
    }

    fn href(self, draft: &str) -> Option<String> {
        match self {
            Self::Review => Some(links::review(draft)),
            Self::Apply | Self::Done => None,
            _ => self.asks().map(|step| links::step(draft, step)),
        }
    }
}

impl From<WizardStep> for Position {
    fn from(step: WizardStep) -> Self {
        match step {
            WizardStep::Choose => Self::Choose,
            WizardStep::Address => Self::Address,
            WizardStep::Details => Self::Details,
            WizardStep::Access => Self::Access,
        }
    }
}

/// The steps as the stepper shows them. `draft` is absent where none exists (any more); `errors` is
/// what is wrong with it.
pub fn stepper(current: Position, draft: Option<&str>, errors: &FieldErrors) -> Vec<StepItem> {
    let wrong = |position: Position| {
        let step = position.asks();
        step.is_some_and(|step| !step.errors(errors).is_empty())
    };
    let mut way_is_clear = true;
    Position::ALL
        .into_iter()
        .map(|position| {
            let reachable = position < current || way_is_clear;
            way_is_clear &= !wrong(position);
            let state = match position.cmp(&current) {
                std::cmp::Ordering::Equal => StepState::Current,
                std::cmp::Ordering::Greater => StepState::Todo,
                std::cmp::Ordering::Less if wrong(position) => StepState::Invalid,
                std::cmp::Ordering::Less => StepState::Done,
            };
            StepItem {
                label: position.label().to_owned(),
                href: draft
                    .filter(|_| reachable && current < Position::Apply)
                    .and_then(|draft| position.href(draft)),
                state,
            }
        })
        .collect()
}

/// Everything that is wrong with a kept draft, as far as can be told: against the connected
/// authentik where it could be asked, by itself otherwise.
pub fn problems(
    record: &DraftRecord,
    preset: &Preset,
    authentik_url: &str,
    world: Option<&World>,
) -> FieldErrors {
    let draft = record.masked();
    match world {
        Some(world) => plan(&draft, preset, world).err().unwrap_or_default(),
        None => validate(&draft, preset, authentik_url),
    }
}

/// Where a form leads after it was kept.
pub fn after(
    id: &str,
    step: WizardStep,
    intent: &Intent,
    draft: &Draft,
    errors: &FieldErrors,
) -> String {
    let back = match step {
        WizardStep::Choose | WizardStep::Address => WizardStep::Choose,
        WizardStep::Details => WizardStep::Address,
        WizardStep::Access => WizardStep::Details,
    };
    let here = links::step(id, step);
    match intent {
        Intent::Back => links::step(id, back),
        Intent::AddRedirectUri => {
            let last = draft
                .redirect_uris
                .as_ref()
                .map_or(0, Vec::len)
                .saturating_sub(1);
            let field = ui::field_id(&format!("redirect_uris.{last}"));
            format!("{here}?rows={}#{field}", last + 1)
        }
        Intent::RemoveRedirectUri(_) => {
            let left = draft.redirect_uris.as_ref().map_or(0, Vec::len);
            format!("{here}?rows={left}#{}", ui::field_id("redirect_uris"))
        }
        Intent::AddGroup => {
            let rows = draft.access.new_groups.len();
            format!("{here}?rows={rows}#{}", ui::field_id("access.new_groups"))
        }
        _ if !step.errors(errors).is_empty() => format!("{here}?check=1"),
        Intent::Details => links::step(id, WizardStep::Details),
        Intent::Continue => match step {
            WizardStep::Choose => links::step(id, WizardStep::Address),
            // Details has good defaults: it is left out unless something there needs an answer.
            WizardStep::Address if WizardStep::Details.errors(errors).is_empty() => {
                links::step(id, WizardStep::Access)
            }
            WizardStep::Address => format!("{}?check=1", links::step(id, WizardStep::Details)),
            WizardStep::Details => links::step(id, WizardStep::Access),
            WizardStep::Access => links::review(id),
        },
    }
}

/// The errors of one step for its summary.
pub fn summary(step: WizardStep, errors: &FieldErrors) -> Vec<ErrorItem> {
    items(&step.errors(errors))
}

/// Errors for the summary of a form.
pub fn items(errors: &FieldErrors) -> Vec<ErrorItem> {
    let each = |(field, messages): (&String, &Vec<String>)| {
        let items = messages
            .iter()
            .map(|message| ErrorItem::field(field, message));
        items.collect::<Vec<_>>()
    };
    errors.0.iter().flat_map(each).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A preset with a variable and a claim mapping.
    pub(crate) fn preset() -> Preset {
        let text = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../crates/setup/presets/gitea.toml"
        ));
        toml::from_str(text).unwrap()
    }

    fn errors(fields: &[&str]) -> FieldErrors {
        let mut errors = FieldErrors::default();
        for field in fields {
            errors.add(*field, "wrong");
        }
        errors
    }

    #[test]
    fn stepper_links_to_what_can_be_reached() {
        let fresh = stepper(
            Position::Address,
            Some("7"),
            &errors(&["base_url", "access"]),
        );
        let linked = |steps: &[StepItem]| -> Vec<String> {
            let with_link = steps.iter().filter(|step| step.href.is_some());
            with_link.map(|step| step.label.clone()).collect()
        };
        assert_eq!(linked(&fresh), ["Choose", "Address"]);
        let filled = stepper(Position::Address, Some("7"), &errors(&["access"]));
        assert_eq!(linked(&filled), ["Choose", "Address", "Details", "Access"]);
        let applying = stepper(Position::Apply, Some("7"), &errors(&[]));
        assert!(
            linked(&applying).is_empty(),
            "what is being applied is not edited"
        );
    }

    #[test]
    fn stepper_marks_what_is_wrong_before_this_step() {
        let steps = stepper(Position::Review, Some("7"), &errors(&["signing_key"]));
        let state = |label: &str| steps.iter().find(|step| step.label == label).unwrap().state;
        assert_eq!(state("Details"), StepState::Invalid);
        assert_eq!(state("Address"), StepState::Done);
        assert_eq!(state("Review"), StepState::Current);
        assert_eq!(state("Done"), StepState::Todo);
    }

    #[test]
    fn after_takes_the_short_way_unless_details_needs_an_answer() {
        let draft = Draft::of_preset(&preset());
        let go = |step, intent: &str, fields: &[&str]| {
            after("7", step, &Intent::parse(intent), &draft, &errors(fields))
        };
        assert_eq!(go(WizardStep::Address, "", &["access"]), "/new/7/access");
        assert_eq!(
            go(WizardStep::Address, "", &["signing_key"]),
            "/new/7/details?check=1"
        );
        assert_eq!(go(WizardStep::Address, "details", &[]), "/new/7/details");
        assert_eq!(
            go(WizardStep::Address, "details", &["slug"]),
            "/new/7/address?check=1"
        );
        assert_eq!(go(WizardStep::Access, "", &[]), "/new/7/review");
        assert_eq!(
            go(WizardStep::Access, "back", &["access"]),
            "/new/7/details"
        );
    }

    #[test]
    fn problems_of_a_public_client_know_the_stored_secret() {
        let mut draft = Draft::of_preset(&preset());
        draft.client_type = "public".into();
        let record = |has_client_secret| DraftRecord {
            id: "7".into(),
            draft: draft.clone(),
            secret_variables: Vec::default(),
            has_client_secret,
            change: None,
            updated_at: String::new(),
        };
        let of = |has| problems(&record(has), &preset(), "https://auth.example.com", None);
        assert!(of(false).of("client_secret").is_empty());
        assert_eq!(of(true).of("client_secret").len(), 1);
    }
}
