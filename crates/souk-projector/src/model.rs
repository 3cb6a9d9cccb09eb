//! What the projector feeds: registers, and the set of all read models.

use souk_domain::event::LedgerEvent;
use souk_domain::metadata::Metadata;
use souk_journal::projection::Projection;

/// An event as the log holds it.
#[derive(Debug, Clone, Copy)]
pub struct Recorded<'a> {
    /// Its entry number.
    pub entry: u64,
    /// Its stream.
    pub stream: &'a str,
    /// Its revision in the stream, from 0.
    pub revision: u64,
    /// Who asked for what, and when; `recorded_at` is as stored, not the running maximum.
    pub metadata: Metadata<'a>,
    /// The event.
    pub event: &'a LedgerEvent<'a>,
}

impl<'a> Recorded<'a> {
    /// What stands behind the first dash of the stream: the order, the merchant, the tariff.
    pub fn id(&self) -> &'a str {
        self.stream.split_once('-').map_or(self.stream, |(_, id)| id)
    }
}

/// A read model of facts and states, folded from events. It outputs no sums of money.
pub trait Register: Send {
    /// The name, as in its snapshot; no projection has the same.
    fn name(&self) -> &'static str;

    /// Raised when the meaning of the state changes; the projector then rebuilds from entry 0.
    fn version(&self) -> u32;

    /// Folds some events, in log order.
    fn apply(&mut self, events: &[Recorded<'_>]);

    /// The state as bytes, for a snapshot. Derived: deleting it is always safe.
    fn save(&self) -> Vec<u8>;

    /// Takes back what [`Register::save`] gave.
    ///
    /// # Errors
    /// A text saying why the bytes are not a snapshot; the projector then rebuilds.
    fn load(&mut self, bytes: &[u8]) -> Result<(), String>;
}

/// All read models together, at one entry number.
pub trait ReadModels: Send {
    /// The money; always the same ones in the same order.
    fn projections(&mut self) -> Vec<&mut dyn Projection>;

    /// The facts; always the same ones in the same order.
    fn registers(&mut self) -> Vec<&mut dyn Register>;
}
