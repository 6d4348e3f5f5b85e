//! Taking back what was done, unless that would hurt somebody else.

use authentik_api::Transport;

use super::{ApplyError, Outcome, describe::sentence, revert::Undoing, run::Run};
use crate::change::{Effect, Entry, Journal};

/// How far taking back came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TakenBack {
    /// Everything is as it was.
    Whole,
    /// Something is left.
    Partly,
    /// Nothing was written, for a reason that is journaled.
    Refused,
}

impl<T: Transport, J: Journal> Run<'_, T, J> {
    /// Takes back what was done, the last first.
    pub(super) async fn take_back(&mut self) -> Result<TakenBack, ApplyError<J::Error>> {
        let effects: Vec<Effect> = self.effects.iter().rev().cloned().collect();
        for effect in &effects {
            let message = match self.assess(effect).await {
                Ok(Undoing::Needed | Undoing::Needless(_)) => continue,
                Ok(Undoing::Refused(message)) => message,
                Err(error) => format!(
                    "{} could not be looked at: {}",
                    effect.named(),
                    sentence(&error)
                ),
            };
            self.undo_failed(effect, message).await?;
            return Ok(TakenBack::Refused);
        }
        for effect in effects {
            let name = effect.name.clone();
            self.journal
                .record(Entry::UndoStarted { name: name.clone() })
                .await?;
            self.undo_started.insert(name.clone());
            let message = match self.revert(&effect).await {
                Ok(Ok(reverted)) => {
                    let (gone, pk) = (reverted.gone, reverted.pk.clone());
                    self.journal
                        .record(Entry::UndoDone { name, gone, pk })
                        .await?;
                    self.effects.retain(|it| it.name != effect.name);
                    self.made_again
                        .extend(reverted.pk.map(|new| (effect.pk.clone(), new)));
                    continue;
                }
                Ok(Err(refused)) => refused,
                Err(error) => {
                    let done = if effect.act.is_created() {
                        "deleted"
                    } else {
                        "put back"
                    };
                    let (named, why) = (effect.named(), sentence(&error));
                    format!("{named} could not be {done}: {why}")
                }
            };
            self.undo_failed(&effect, message).await?;
            return Ok(TakenBack::Partly);
        }
        Ok(TakenBack::Whole)
    }

    async fn undo_failed(
        &mut self,
        effect: &Effect,
        message: String,
    ) -> Result<(), ApplyError<J::Error>> {
        let name = effect.name.clone();
        let failed = Entry::UndoFailed { name, message };
        Ok(self.journal.record(failed).await?)
    }

    /// Does what only tidies up once more, now that things are as they were.
    pub(super) async fn tidy_up(&mut self) -> Result<(), ApplyError<J::Error>> {
        let plan = self.plan;
        for step in plan.steps.iter().filter(|step| step.tidies_up) {
            let outcome: Outcome = self.send(step, Vec::new(), true).await?;
            self.journal.record(outcome.entry(&step.id)).await?;
        }
        Ok(())
    }
}
