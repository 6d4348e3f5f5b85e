//! Why one person may or may not open one application: the answer of the `access` crate as a page
//! shows it, and authentik's own beside it.

mod evidence;
mod group;
mod picture;
mod remedy;

use access::{Evaluator, Flip, Reason, Rule, SideEffects, Snapshot, Verdict};
use authentik_api::{ApplicationPk, UserPk};
use serde::{Deserialize, Serialize};

pub use self::{
    evidence::{Line, Standing},
    group::{GroupWhy, Member, group_why},
    picture::{Edge, Node, NodeKind, Picture},
};
use super::{
    access_form::fields,
    access_task::Task,
    form::Fields,
    named::{Part, Words, application, capitalised, user, words},
    text::count,
};

/// Why one person may or may not open one application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// The person.
    pub user: Part,
    /// The application.
    pub application: Part,
    /// Whether the person gets in.
    pub verdict: Verdict,
    /// What the policy engine says, whether the person may sign in or not.
    pub engine: Verdict,
    /// Whether the person may sign in.
    pub is_active: bool,
    /// The reason in one sentence.
    pub sentence: Words,
    /// How the bindings come to one result.
    pub rule: String,
    /// The bindings in the order of evaluation.
    pub bindings: Vec<Line>,
    /// What would turn the answer round, the gentlest first.
    pub fixes: Vec<Fix>,
    /// The way from the person to the application.
    pub picture: Picture,
    /// When that was true, RFC 3339.
    pub taken_at: String,
}

/// Something that would turn the answer round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// What to do.
    pub words: Words,
    /// The answer after it.
    pub verdict: Verdict,
    /// What else it does.
    pub effect: String,
    /// Whether somebody else is affected.
    pub affects_others: bool,
    /// The form of the change set that does it, filled in; nothing where no single one does.
    pub remedy: Option<Fields>,
}

/// Why a person may or may not open an application; `None` when there is no such person or
/// application.
pub fn why(snapshot: &Snapshot, pk: UserPk, app: ApplicationPk) -> Option<Why> {
    let evaluator = Evaluator::new(snapshot);
    let explanation = evaluator.explain(pk, app)?;
    let reason = &explanation.reason;
    Some(Why {
        user: user(snapshot, pk),
        application: application(snapshot, app),
        verdict: reason.verdict,
        engine: reason.engine,
        is_active: reason.is_active,
        sentence: words(snapshot, &reason.sentence),
        rule: rule(reason, snapshot),
        bindings: evidence::lines(snapshot, reason),
        fixes: explanation
            .flips
            .iter()
            .map(|it| fix(snapshot, it))
            .collect(),
        picture: picture::picture(snapshot, reason),
        taken_at: snapshot.taken_at.to_string(),
    })
}

/// The answer in a word.
pub const fn verdict_label(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Allowed => "Gets in",
        Verdict::Denied => "Does not get in",
        Verdict::Unknown => "Cannot be known",
    }
}

fn rule(reason: &Reason, snapshot: &Snapshot) -> String {
    match reason.rule {
        Rule::OpenWithoutBinding => "No binding counts, and the application is open.".to_owned(),
        Rule::ClosedWithoutBinding => {
            "No binding counts, and this server keeps such applications closed.".to_owned()
        }
        Rule::Any => "One passing binding is enough (policy engine mode “any”).".to_owned(),
        Rule::All => "Every binding must pass (policy engine mode “all”).".to_owned(),
        Rule::AllButOneIsEnough => format!(
            "The mode is “all”, but authentik {} takes one passing group or user binding for enough. Policies must all pass.",
            snapshot.version.line()
        ),
        Rule::Unknown => "The policy engine mode is not one that Ostiary knows.".to_owned(),
    }
}

fn fix(snapshot: &Snapshot, flip: &Flip) -> Fix {
    Fix {
        words: capitalised(words(snapshot, &flip.sentence)),
        verdict: flip.verdict,
        effect: effect(flip.side_effects, flip.superusers),
        affects_others: flip.side_effects != SideEffects::default() || flip.superusers > 0,
        remedy: remedy::remedy(snapshot, &flip.changes).map(|draft| {
            let mut form = fields(&draft);
            form.insert("do".to_owned(), Task::of(&draft).word().to_owned());
            form
        }),
    }
}

/// What else a change does; `superusers` is how many people it makes superuser, or superuser no more.
fn effect(effects: SideEffects, superusers: u32) -> String {
    let SideEffects {
        doors_opened,
        gains,
        losses,
        uncertain,
    } = effects;
    let mut parts = Vec::new();
    let mut part = |number: u32, one: &str, many: &str| {
        if number > 0 {
            parts.push(count(number.into(), one, many));
        }
    };
    part(
        doors_opened,
        "application is opened to everyone",
        "applications are opened to everyone",
    );
    part(gains, "other way in is opened", "other ways in are opened");
    part(losses, "other way in is closed", "other ways in are closed");
    part(
        uncertain,
        "other answer becomes or was unknown",
        "other answers become or were unknown",
    );
    let rights = if superusers > 0 {
        " It changes what they may do in authentik itself."
    } else {
        ""
    };
    match (parts.is_empty(), rights) {
        (true, "") => "Changes nothing else.".to_owned(),
        (true, _) => format!("Opens and closes nothing else.{rights}"),
        (false, _) => format!("Also: {}.{rights}", super::text::list(&parts, "and")),
    }
}

/// What authentik itself said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Asked {
    /// It answered.
    Answered {
        /// Whether the person passes.
        passing: bool,
        /// What its policies said.
        messages: Vec<String>,
    },
    /// It could not be asked.
    Failed(String),
}

/// How authentik's own answer compares with ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// Both say the same.
    Agrees,
    /// We could not know; authentik ran the policies.
    Settles,
    /// They say different things.
    Disagrees,
}

/// Compares with what the policy engine should say: `check_access` does not look at whether the
/// person may sign in.
pub const fn agreement(engine: Verdict, passing: bool) -> Agreement {
    match (engine, passing) {
        (Verdict::Unknown, _) => Agreement::Settles,
        (Verdict::Allowed, true) | (Verdict::Denied, false) => Agreement::Agrees,
        (Verdict::Allowed, false) | (Verdict::Denied, true) => Agreement::Disagrees,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{named::plain, samples};

    #[test]
    fn why_holds_sentence_bindings_and_fixes() {
        let home = samples::home();
        let why = why(&home, samples::JODIE, samples::JELLYFIN).unwrap();
        assert_eq!(why.verdict, Verdict::Denied);
        assert_eq!(
            plain(&why.sentence),
            "“jodie” cannot open “Jellyfin”: they are not in “family”."
        );
        assert_eq!(why.bindings.len(), 1);
        let fix = why.fixes.first().unwrap();
        assert_eq!(plain(&fix.words), "Add “jodie” to “family”");
        assert_eq!(fix.effect, "Changes nothing else.");
        assert!(!fix.affects_others);
        assert!(super::why(&home, UserPk(99), samples::JELLYFIN).is_none());
    }

    #[test]
    fn the_inactive_are_told_apart_from_the_engine() {
        let why = why(&samples::home(), samples::OLD, samples::JELLYFIN).unwrap();
        assert_eq!(
            (why.verdict, why.engine),
            (Verdict::Denied, Verdict::Allowed)
        );
        assert_eq!(agreement(why.engine, true), Agreement::Agrees);
    }

    #[test]
    fn agreement_is_about_what_is_known() {
        assert_eq!(agreement(Verdict::Unknown, true), Agreement::Settles);
        assert_eq!(agreement(Verdict::Denied, false), Agreement::Agrees);
        assert_eq!(agreement(Verdict::Denied, true), Agreement::Disagrees);
        assert_eq!(agreement(Verdict::Allowed, false), Agreement::Disagrees);
    }

    #[test]
    fn effects_name_what_else_happens() {
        let effects = SideEffects {
            doors_opened: 1,
            gains: 3,
            losses: 0,
            uncertain: 0,
        };
        assert_eq!(
            effect(effects, 0),
            "Also: 1 application is opened to everyone and 3 other ways in are opened."
        );
        assert_eq!(
            effect(SideEffects::default(), 1),
            "Opens and closes nothing else. It changes what they may do in authentik itself."
        );
    }
}
