//! After a change of access was applied: authentik itself is asked about people on both sides of the line.

use std::collections::{BTreeSet, HashSet};

use access::{
    AccessDiff, Application, ApplicationDiff, Evaluator, Matrix, Snapshot, User, UserRef,
};
use authentik_api::{
    Client, Transport, UserPk, api::core::applications::CheckAccess, models::UserType,
};

use super::{AccessDraft, names};
use crate::check::{Check, Verdict};

/// At most so many applications are asked about.
const APPLICATIONS: usize = 5;
/// At most so many people of each list are asked about, at each application.
const PEOPLE: usize = 2;

/// What the plan promised somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Promise {
    Gains,
    Loses,
    StaysIn,
    StaysOut,
}

impl Promise {
    const fn lets_in(self) -> bool {
        matches!(self, Self::Gains | Self::StaysIn)
    }

    const fn id(self) -> &'static str {
        match self {
            Self::Gains => "gains",
            Self::Loses => "loses",
            Self::StaysIn => "stays-in",
            Self::StaysOut => "stays-out",
        }
    }

    fn title(self, person: &str, application: &str) -> String {
        match self {
            Self::Gains => format!("“{person}” gets into “{application}” now"),
            Self::Loses => format!("“{person}” does not get into “{application}” any more"),
            Self::StaysIn => format!("“{person}” gets into “{application}” as before"),
            Self::StaysOut => format!("“{person}” stays out of “{application}” as before"),
        }
    }
}

/// Somebody about whom authentik is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    promise: Promise,
    user: UserPk,
    username: String,
    person: String,
    slug: String,
    application: String,
    /// Whether the person gets in, by what authentik holds now.
    now: access::Verdict,
    /// What the policy engine should answer, which does not look at whether somebody may sign in.
    engine: access::Verdict,
}

/// Whom to ask about: people who gained, people who lost, and one of each side for whom nothing changed.
/// `diff` is what the plan promised, `now` what authentik holds after it.
pub fn questions(draft: &AccessDraft, diff: &AccessDiff, now: &Snapshot) -> Vec<Question> {
    let evaluator = Evaluator::new(now);
    let seen = Seen {
        now,
        namesakes: names::namesakes(&now.users),
        verdicts: evaluator.matrix(),
        engine: evaluator.engine_matrix(),
    };
    let mut questions = Vec::new();
    for application in subjects(draft, diff, now) {
        let changes = diff
            .applications
            .iter()
            .find(|it| it.application == application.pk);
        questions.extend(seen.at(application, changes));
    }
    questions
}

/// The applications to ask about: where somebody's answer changed, else those that the draft names.
fn subjects<'s>(draft: &AccessDraft, diff: &AccessDiff, now: &'s Snapshot) -> Vec<&'s Application> {
    let changed = diff.applications.iter();
    let changed: Vec<_> = changed
        .filter_map(|it| now.application(it.application))
        .collect();
    let found = if changed.is_empty() {
        let texts = match draft {
            AccessDraft::GroupBinding(draft) => draft.applications.as_slice(),
            AccessDraft::Unbind(draft) => &draft.applications,
            AccessDraft::EngineMode(draft) => &draft.applications,
            AccessDraft::ApplicationAccess(draft) => &draft.applications,
            AccessDraft::Group(_) | AccessDraft::Membership(_) | AccessDraft::User(_) => &[],
        };
        let texts = texts.iter();
        texts
            .filter_map(|text| names::application(now, text).ok())
            .collect()
    } else {
        changed
    };
    found.into_iter().take(APPLICATIONS).collect()
}

/// Whether nobody signs in with the account by hand.
fn is_program(user: &User) -> bool {
    let kind = user.kind.as_ref();
    user.is_agent()
        || kind.is_some_and(|kind| {
            matches!(
                kind,
                UserType::ServiceAccount | UserType::InternalServiceAccount
            )
        })
}

struct Seen<'s> {
    now: &'s Snapshot,
    /// The names that more than one person shows.
    namesakes: HashSet<String>,
    verdicts: Matrix,
    engine: Matrix,
}

impl Seen<'_> {
    fn at(&self, application: &Application, changes: Option<&ApplicationDiff>) -> Vec<Question> {
        let mut questions = Vec::new();
        let lists = changes.map(|it| [(Promise::Gains, &it.gains), (Promise::Loses, &it.losses)]);
        for (promise, people) in lists.into_iter().flatten() {
            let mut known: Vec<&User> = people.iter().filter_map(|it| self.user(it)).collect();
            // People before programs.
            known.sort_by_key(|user| is_program(user));
            let asked = known.into_iter().take(PEOPLE);
            questions.extend(asked.filter_map(|user| self.question(promise, user, application)));
        }
        let changed = changes.into_iter().flat_map(ApplicationDiff::changed);
        let changed: BTreeSet<&str> = changed.map(|it| it.username.as_str()).collect();
        for promise in [Promise::StaysIn, Promise::StaysOut] {
            let wanted = if promise.lets_in() {
                access::Verdict::Allowed
            } else {
                access::Verdict::Denied
            };
            let user = self.now.users.iter().find(|user| {
                user.is_active
                    && !is_program(user)
                    && self.verdicts.verdict(user.pk, application.pk) == Some(wanted)
                    && !changed.contains(user.username.as_str())
            });
            questions.extend(user.and_then(|user| self.question(promise, user, application)));
        }
        questions
    }

    /// Somebody whom the plan names; who was yet to be made has another key now.
    fn user(&self, named: &UserRef) -> Option<&User> {
        let by_name = || {
            self.now
                .users
                .iter()
                .find(|it| it.username == named.username)
        };
        self.now.user(named.pk).or_else(by_name)
    }

    fn question(
        &self,
        promise: Promise,
        user: &User,
        application: &Application,
    ) -> Option<Question> {
        Some(Question {
            promise,
            user: user.pk,
            username: user.username.clone(),
            person: names::person(&self.namesakes, &user.name, &user.username, user.pk),
            slug: application.slug.clone(),
            application: names::app_name(application),
            now: self.verdicts.verdict(user.pk, application.pk)?,
            engine: self.engine.verdict(user.pk, application.pk)?,
        })
    }
}

impl Question {
    /// Asks authentik’s policy engine whether the person gets in.
    ///
    /// # Errors
    /// When it does not answer, in words.
    pub async fn ask<T: Transport>(&self, client: &Client<T>) -> Result<bool, String> {
        let ask = CheckAccess {
            slug: self.slug.clone(),
            for_user: Some(self.user),
        };
        let answer = client.send(&ask).await;
        answer
            .map(|it| it.passing)
            .map_err(|error| error.to_string())
    }

    fn judge(&self, number: usize, answer: &Result<bool, String>) -> Check {
        let check = Check::new(
            &format!("{}-{number}", self.promise.id()),
            self.promise.title(&self.person, &self.application),
            format!(
                "may {} open {} ?",
                names::shown(&self.username, &self.user),
                self.slug
            ),
        );
        let passing = match answer {
            Ok(passing) => *passing,
            Err(error) => {
                return check
                    .answered(Verdict::Warning, format!("no answer: {error}"))
                    .way_out("Ask again once authentik answers.");
            }
        };
        let said = if passing { "yes" } else { "no" };
        let computed = match self.engine {
            access::Verdict::Allowed => true,
            access::Verdict::Denied => false,
            access::Verdict::Unknown => {
                return check
                    .answered(Verdict::Warning, format!("{said}: a policy decided"))
                    .way_out("Nobody can say beforehand what a policy decides. It may be another answer at a real sign-in.");
            }
        };
        if passing != computed {
            return check.answered(Verdict::Failed, format!("{said}, against what Ostiary computed")).way_out(
                "authentik disagrees. Trust authentik: look at the application’s bindings, undo the change set if it is not what you want, and tell us, since this is a fault in Ostiary.",
            );
        }
        let lets_in = self.now == access::Verdict::Allowed;
        if lets_in != self.promise.lets_in() {
            return check.answered(Verdict::Warning, format!("{said}, as authentik holds it now")).way_out(
                "The plan promised something else, so somebody changed groups or bindings since. Plan it again if it is still wanted.",
            );
        }
        if passing && !lets_in {
            let text = "the policy engine says yes, but the account may not sign in";
            return check.answered(Verdict::Passed, text);
        }
        check.answered(Verdict::Passed, said)
    }
}

/// What the answers to the questions, in their order, mean; what is wrong comes first. A check fails where authentik’s
/// own answer is another one than what was computed, and warns where something was changed since the plan was made,
/// where a policy decided, and where no answer came.
pub fn judge(questions: &[Question], answers: &[Result<bool, String>]) -> Vec<Check> {
    let judged = questions.iter().zip(answers).enumerate();
    let judged = judged.map(|(at, (question, answer))| question.judge(at + 1, answer));
    let mut checks: Vec<Check> = judged.collect();
    checks.sort_by_key(|check| match check.verdict {
        Verdict::Failed => 0,
        Verdict::Warning => 1,
        Verdict::Passed | Verdict::Skipped => 2,
    });
    checks
}

#[cfg(test)]
mod tests {
    use authentik_api::{ApplicationPk, BindingPk, GroupPk};

    use super::*;

    fn question(promise: Promise, now: access::Verdict, engine: access::Verdict) -> Question {
        Question {
            promise,
            user: UserPk(5),
            username: "jo".into(),
            person: "Jo".into(),
            slug: "wiki".into(),
            application: "Wiki".into(),
            now,
            engine,
        }
    }

    #[test]
    fn a_disagreement_is_loud_and_a_change_since_is_a_warning() {
        use access::Verdict::{Allowed, Denied, Unknown};
        for (promise, now, engine, answer, wanted) in [
            (Promise::Gains, Allowed, Allowed, Ok(true), Verdict::Passed),
            (Promise::Gains, Allowed, Allowed, Ok(false), Verdict::Failed),
            (Promise::Loses, Denied, Denied, Ok(false), Verdict::Passed),
            (Promise::Loses, Denied, Denied, Ok(true), Verdict::Failed),
            // Who may not sign in: the engine does not look at that.
            (Promise::Loses, Denied, Allowed, Ok(true), Verdict::Passed),
            (Promise::Gains, Denied, Denied, Ok(false), Verdict::Warning),
            (
                Promise::StaysIn,
                Unknown,
                Unknown,
                Ok(true),
                Verdict::Warning,
            ),
            (
                Promise::StaysOut,
                Denied,
                Denied,
                Err("down".to_owned()),
                Verdict::Warning,
            ),
        ] {
            let check = question(promise, now, engine).judge(1, &answer);
            assert_eq!(
                check.verdict, wanted,
                "{promise:?} {now:?} {engine:?} {answer:?}"
            );
            assert_eq!(check.way_out.is_empty(), wanted == Verdict::Passed);
        }
    }

    fn home() -> Snapshot {
        let moment = "2026-11-22T00:00:00Z".parse().unwrap();
        let mut home = Snapshot::empty(moment, "2026.5.0".parse().unwrap());
        let (wiki, staff) = (ApplicationPk(uuid::Uuid::nil()), GroupPk(uuid::Uuid::nil()));
        home.applications
            .push(Application::new(wiki, "wiki", "Wiki"));
        home.groups.push(access::Group::new(staff, "staff"));
        for (pk, name, inside) in [
            (1, "ann", true),
            (2, "bo", false),
            (3, "cy", false),
            (4, "di", false),
        ] {
            let groups = if inside { vec![staff] } else { Vec::new() };
            home.users.push(User {
                groups,
                ..User::new(UserPk(pk), name)
            });
        }
        let subject = authentik_api::models::Subject::Group(staff);
        let binding = access::Binding::new(BindingPk(uuid::Uuid::nil()), wiki, subject, 0);
        home.bindings.push(binding);
        home
    }

    #[test]
    fn people_on_both_sides_of_the_line_are_asked_about() {
        let open = Snapshot {
            bindings: Vec::new(),
            ..home()
        };
        let (before, now) = (open, home());
        let diff = access::compare(&before, &now);
        let draft = AccessDraft::GroupBinding(crate::access_change::GroupBinding {
            applications: vec!["wiki".into()],
            groups: vec!["staff".into()],
            ..Default::default()
        });
        let asked = |diff: &AccessDiff| -> Vec<(Promise, String)> {
            let questions = questions(&draft, diff, &now).into_iter();
            questions.map(|it| (it.promise, it.username)).collect()
        };
        let losers = [
            (Promise::Loses, "bo".to_owned()),
            (Promise::Loses, "cy".to_owned()),
        ];
        let stays = (Promise::StaysIn, "ann".to_owned());
        assert_eq!(
            asked(&diff),
            [losers[0].clone(), losers[1].clone(), stays.clone()]
        );
        // Where nothing was to change, one on each side of the application that the draft names.
        let out = (Promise::StaysOut, "bo".to_owned());
        assert_eq!(asked(&AccessDiff::default()), [stays, out]);
    }

    #[test]
    fn what_is_wrong_comes_first() {
        let draft = AccessDraft::GroupBinding(crate::access_change::GroupBinding {
            applications: vec!["wiki".into()],
            ..Default::default()
        });
        let questions = questions(&draft, &AccessDiff::default(), &home());
        let checks = judge(&questions, &[Ok(true), Ok(true)]);
        let verdicts: Vec<_> = checks.iter().map(|it| it.verdict).collect();
        assert_eq!(verdicts, [Verdict::Failed, Verdict::Passed]);
        assert!(
            checks[0].title.contains("“bo” stays out"),
            "{}",
            checks[0].title
        );
    }
}
