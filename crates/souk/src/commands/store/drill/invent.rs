//! The invented events: each a function of seed, stream and revision alone, so that any event read back can be checked
//! byte for byte, and where a stream goes on is known from its last revision alone.

use souk_store::NewEvent;

use crate::demo::random::Random;

/// Long streams there are; all writers append to all of them, so appends also meet conflicts.
pub(crate) const LONG_STREAMS: u64 = 4;

/// Which events a seed invents.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Script {
    seed: u64,
}

/// One append of a stream: all of its events are there or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// Revision of the first event.
    pub(crate) first: u64,
    /// Number of events, 1 to 6.
    pub(crate) count: u64,
}

impl Span {
    /// Revision of the last event.
    pub(crate) fn last(self) -> u64 {
        self.first + self.count - 1
    }
}

/// The `number`th stream that is shaped like an order: 5 or 6 events, in two to six appends.
pub(crate) fn order(number: u64) -> String {
    format!("order-{number:07}")
}

/// The `number`th long stream.
pub(crate) fn long(number: u64) -> String {
    format!("long-{number}")
}

impl Script {
    /// The script of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// Numbers that seed, stream and revision determine; `salt` parts one use from another.
    fn random(&self, salt: u64, stream: &str, revision: u64) -> Random {
        let mut hash = self.seed ^ salt.rotate_left(32);
        for byte in stream.bytes().chain(revision.to_be_bytes()) {
            hash = Random::new(hash ^ u64::from(byte)).next();
        }
        Random::new(hash)
    }

    /// The append that begins at a revision; `None` when the stream is complete there.
    pub(crate) fn span(&self, stream: &str, first: u64) -> Option<Span> {
        let mut random = self.random(1, stream, first);
        if !stream.starts_with("order-") {
            return Some(Span { first, count: 1 + random.below(6) });
        }
        let total = 5 + self.random(2, stream, 0).below(2);
        let left = total.checked_sub(first).filter(|left| *left > 0)?;
        Some(Span { first, count: (1 + random.below(3)).min(left) })
    }

    /// The event at a revision, which belongs to an append. About 150 bytes to 2 KB with its metadata.
    pub(crate) fn event(&self, stream: &str, revision: u64, span: Span) -> NewEvent {
        let mut random = self.random(3, stream, revision);
        let mut event_id = [0; 16];
        event_id[..8].copy_from_slice(&random.next().to_be_bytes());
        event_id[8..].copy_from_slice(&random.next().to_be_bytes());
        let event_type = ["drill.placed", "drill.paid", "drill.shipped", "drill.completed"];
        let event_type = event_type[random.weighted(&[1, 1, 1, 1])].into();
        // Any bytes, the beginning of a frame included: recovery must not take an event for one.
        let metadata_len = random.below(48);
        let mut metadata = bytes(&mut random, metadata_len);
        if random.percent(10) {
            metadata.extend_from_slice(b"SKFR");
        }
        let most = if random.percent(25) { 1_800 } else { 250 };
        let fill_len = random.below(most);
        let fill: String = bytes(&mut random, fill_len)
            .into_iter()
            .map(|byte| char::from(b'a' + byte % 26))
            .collect();
        let (Span { first, count }, index) = (span, revision.saturating_sub(span.first));
        let data = format!(
            "{{\"stream\":\"{stream}\",\"revision\":{revision},\"append\":{{\"first\":{first},\"index\":{index},\"count\":{count}}},\"fill\":\"{fill}\"}}"
        );
        NewEvent { event_id, event_type, metadata, data: data.into_bytes() }
    }

    /// The events of an append.
    pub(crate) fn events(&self, stream: &str, span: Span) -> Vec<NewEvent> {
        (span.first..=span.last()).map(|revision| self.event(stream, revision, span)).collect()
    }
}

fn bytes(random: &mut Random, len: u64) -> Vec<u8> {
    (0..len).map(|_| random.next().to_be_bytes()[0]).collect()
}
