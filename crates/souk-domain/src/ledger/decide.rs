//! Who may create a ledger: anyone, once.

use souk_journal::dates::Micros;
use souk_journal::money::{Currency, MoneyError};

use super::commands::CreateLedger;
use super::events::{LedgerCreated, LedgerMainEvent};
use super::state::LedgerState;
use crate::business_time::{UnknownZone, Zone};
use crate::decider::{Decider, Decision};
use crate::refusal_codes;

/// Why a ledger is not created.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerRefusal {
    /// Entry 0 exists.
    #[error("this ledger exists already")]
    LedgerExists,
    /// Not in ISO 4217.
    #[error(transparent)]
    UnknownCurrency(MoneyError),
    /// Not in the IANA database.
    #[error(transparent)]
    UnknownTimeZone(UnknownZone),
    /// Neither `en` nor `zh`.
    #[error("language {0:?} is not one of en, zh")]
    UnknownLanguage(String),
    /// A name that cannot be stored.
    #[error(
        "platform name {0:?} must be 1 to 100 characters without quotes, backslashes or control characters"
    )]
    UnusableName(String),
}

refusal_codes!(LedgerRefusal {
    LedgerExists,
    UnknownCurrency,
    UnknownTimeZone,
    UnknownLanguage,
    UnusableName,
});

/// Whether a label can stand in an event as it is: 1 to 100 characters, no quote, backslash or
/// control character, so that it is read back without copying.
pub fn is_label(text: &str) -> bool {
    let length = text.chars().count();
    (1..=100).contains(&length) && !text.chars().any(|c| c.is_control() || c == '"' || c == '\\')
}

/// The ledger's own stream.
#[derive(Debug)]
pub struct LedgerMain;

impl Decider for LedgerMain {
    const CATEGORY: &'static str = "ledger";
    type Command<'a> = CreateLedger;
    type Event<'a> = LedgerMainEvent<'a>;
    type State = LedgerState;
    type Refusal = LedgerRefusal;
    type Context<'a> = ();

    fn decide<'a>(
        state: &'a LedgerState,
        command: &'a CreateLedger,
        (): &'a (),
        at: Micros,
    ) -> Result<Decision<LedgerMainEvent<'a>>, LedgerRefusal> {
        match state {
            LedgerState::Created { .. } => return Err(LedgerRefusal::LedgerExists),
            LedgerState::Absent => {}
        }
        let currency =
            Currency::from_code(&command.currency).map_err(LedgerRefusal::UnknownCurrency)?;
        let zone = Zone::named(&command.time_zone).map_err(LedgerRefusal::UnknownTimeZone)?;
        if !matches!(command.language.as_str(), "en" | "zh") {
            return Err(LedgerRefusal::UnknownLanguage(command.language.clone()));
        }
        if !is_label(&command.platform) {
            return Err(LedgerRefusal::UnusableName(command.platform.clone()));
        }
        let event = LedgerCreated {
            ledger: command.ledger,
            platform: &command.platform,
            currency,
            time_zone: &command.time_zone,
            language: &command.language,
            record_format: 1,
            demonstration: command.demonstration,
        };
        Ok(Decision::one(zone.date(at), LedgerMainEvent::Created(event)))
    }

    fn evolve(state: &mut LedgerState, event: &LedgerMainEvent<'_>) -> Result<(), MoneyError> {
        match event {
            LedgerMainEvent::Created(created) => {
                *state = LedgerState::Created {
                    ledger: created.ledger,
                    platform: created.platform.into(),
                    currency: created.currency,
                    time_zone: created.time_zone.into(),
                    language: created.language.into(),
                    demonstration: created.demonstration,
                };
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
