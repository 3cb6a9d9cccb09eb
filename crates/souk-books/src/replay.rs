//! `replay`: the whole log folded again, and every projection as JSON to compare.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;
use serde::ser::{SerializeSeq as _, Serializer as _};
use serde_json::Number;
use sha2::{Digest as _, Sha256};
use souk_projector::Progress;
use std::io::Write;

use crate::books::Books;
use crate::error::BooksError;
use crate::revenue::By;

/// What a replay found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReplayReport {
    /// Events read.
    pub events: u64,
    /// Journal entries written; equal to the events.
    pub entries: u64,
    /// How long it took, to the millisecond.
    pub seconds: Number,
    /// Events per second.
    pub events_per_second: u64,
    /// Whether debits meet credits in every currency.
    pub balanced: bool,
    /// Closed cycles whose recorded figures were computed again.
    pub cycles_checked: u64,
    /// Recorded figures that the entries do not give.
    pub mismatches: u64,
}

impl ReplayReport {
    /// Whether everything recorded follows from the log.
    pub fn holds(&self) -> bool {
        self.balanced && self.mismatches == 0 && self.events == self.entries
    }
}

/// Seconds with three decimals.
pub fn seconds(elapsed: Duration) -> Number {
    let text = format!("{}.{:03}", elapsed.as_secs(), elapsed.subsec_millis());
    text.parse().unwrap_or_else(|_| Number::from(elapsed.as_secs()))
}

/// Events per second, rounded down; over less than a microsecond as over one.
pub fn per_second(events: u64, elapsed: Duration) -> u64 {
    let rate = u128::from(events) * 1_000_000 / elapsed.as_micros().max(1);
    u64::try_from(rate).unwrap_or(u64::MAX)
}

impl Books {
    /// The report of a pass that took so long.
    pub fn replay_report(&self, pass: Progress, elapsed: Duration) -> ReplayReport {
        let models = self.models();
        ReplayReport {
            events: pass.events,
            entries: pass.entries,
            seconds: seconds(elapsed),
            events_per_second: per_second(pass.events, elapsed),
            balanced: models.trial_balance.is_balanced(),
            cycles_checked: models.cycles.cycles_checked(),
            mismatches: self.mismatches().len() as u64,
        }
    }

    /// Every projection as JSON, by name: equal bytes at equal entries, whatever way the books came
    /// there.
    ///
    /// # Errors
    /// As the single questions.
    pub fn all_as_json(&self) -> Result<Vec<(&'static str, String)>, BooksError> {
        let one = |name: &'static str| {
            let mut bytes = Vec::new();
            self.write_projection(name, &mut bytes)?;
            Ok((name, String::from_utf8_lossy(&bytes).into_owned()))
        };
        PROJECTIONS.into_iter().map(one).collect()
    }

    /// SHA-256 of a projection's JSON, without holding it in memory.
    ///
    /// # Errors
    /// As the single questions.
    pub fn projection_digest(&self, name: &str) -> Result<[u8; 32], BooksError> {
        let mut hash = Hashing(Sha256::new());
        self.write_projection(name, &mut hash)?;
        Ok(hash.0.finalize().into())
    }

    /// Writes a projection as JSON; an unknown name writes nothing.
    fn write_projection(&self, name: &str, out: &mut dyn Write) -> Result<(), BooksError> {
        match name {
            "trial-balance" => serde_json::to_writer(out, &self.trial_balance())?,
            "merchant-balances" => serde_json::to_writer(out, &self.balances(None, None, None)?)?,
            "settlement-cycles" => serde_json::to_writer(out, &self.control_totals())?,
            "merchant-statements" => {
                let mut serializer = serde_json::Serializer::new(out);
                let mut list = serializer.serialize_seq(None)?;
                for merchant in self.merchants() {
                    for statement in self.statements(merchant.as_str(), None)? {
                        list.serialize_element(&statement)?;
                    }
                }
                list.end()?;
            }
            "platform-revenue" => {
                let by = [By::Month, By::Line];
                serde_json::to_writer(out, &self.revenue(None, None, &by)?)?;
            }
            "platform-taxes" => serde_json::to_writer(out, &self.taxes(None, None))?,
            "merchant-holds" => serde_json::to_writer(out, &self.holds(None))?,
            _ => {}
        }
        Ok(())
    }
}

/// The projections, by name.
pub const PROJECTIONS: [&str; 7] = [
    "trial-balance",
    "merchant-balances",
    "settlement-cycles",
    "merchant-statements",
    "platform-revenue",
    "platform-taxes",
    "merchant-holds",
];

/// Hashes what is written to it.
struct Hashing(Sha256);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
