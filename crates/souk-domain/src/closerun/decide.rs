//! A run starts once, finishes once.

use souk_journal::dates::Micros;
use souk_journal::money::MoneyError;

use super::commands::CloseRunCommand;
use super::events::{CloseRunEvent, CloseRunFinished, CloseRunStarted};
use super::state::CloseRunState;
use crate::decider::{Decider, Decision};
use crate::refusal_codes;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CloseRunRefusal {
    /// Started already.
    #[error("this close run has started already, at claim point {0}")]
    RunStartedAlready(u64),
    /// Not started.
    #[error("this close run has not started")]
    RunNotStarted,
    /// Finished.
    #[error("this close run is finished")]
    RunFinishedAlready,
}

refusal_codes!(CloseRunRefusal { RunStartedAlready, RunNotStarted, RunFinishedAlready });

/// Close run streams.
#[derive(Debug)]
pub struct CloseRun;

impl Decider for CloseRun {
    const CATEGORY: &'static str = "closerun";
    type Command<'a> = CloseRunCommand;
    type Event<'a> = CloseRunEvent;
    type State = CloseRunState;
    type Refusal = CloseRunRefusal;
    type Context<'a> = ();

    fn decide<'a>(
        state: &'a CloseRunState,
        command: &'a CloseRunCommand,
        (): &'a (),
        _at: Micros,
    ) -> Result<Decision<CloseRunEvent>, CloseRunRefusal> {
        match (*state, *command) {
            (CloseRunState::Absent, CloseRunCommand::Start { through, entry }) => {
                let event = CloseRunEvent::Started(CloseRunStarted { through, entry });
                Ok(Decision::one(through, event))
            }
            (
                CloseRunState::Running { entry, .. } | CloseRunState::Finished { entry, .. },
                CloseRunCommand::Start { .. },
            ) => Err(CloseRunRefusal::RunStartedAlready(entry)),
            (CloseRunState::Absent, CloseRunCommand::Finish { .. }) => {
                Err(CloseRunRefusal::RunNotStarted)
            }
            (CloseRunState::Running { through, .. }, CloseRunCommand::Finish { cycles }) => {
                let event = CloseRunEvent::Finished(CloseRunFinished { cycles });
                Ok(Decision::one(through, event))
            }
            (CloseRunState::Finished { .. }, CloseRunCommand::Finish { .. }) => {
                Err(CloseRunRefusal::RunFinishedAlready)
            }
        }
    }

    fn evolve(state: &mut CloseRunState, event: &CloseRunEvent) -> Result<(), MoneyError> {
        *state = match (*state, event) {
            (_, CloseRunEvent::Started(of)) => {
                CloseRunState::Running { through: of.through, entry: of.entry }
            }
            (CloseRunState::Running { through, entry }, CloseRunEvent::Finished(_)) => {
                CloseRunState::Finished { through, entry }
            }
            (other, CloseRunEvent::Finished(_)) => other,
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests;
