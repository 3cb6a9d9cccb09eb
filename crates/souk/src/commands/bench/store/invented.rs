//! Invented events for the event store: about 400 bytes each, in three shapes of streams.

use souk_store::{Append, Expected, NewEvent};

use crate::demo::random::Random;

/// Orders that begin between an order's first append and its second, and its second and its third.
const PACE: u64 = 10_000;
/// Streams of the shape that is long.
const LONG_STREAMS: u64 = 40_000;

/// The shape of streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// One stream per order with five or six events in three appends, many orders at a time.
    Orders,
    /// The same, but each order's id follows the one before.
    Ascending,
    /// Forty thousand streams that grow for ever.
    Long,
}

impl Shape {
    pub(super) fn name(self) -> &'static str {
        match self {
            Shape::Orders => "streams of 5 to 6 events, ids in no order",
            Shape::Ascending => "streams of 5 to 6 events, ascending ids",
            Shape::Long => "40,000 long streams",
        }
    }
}

/// The name of an order's stream: 32 hexadecimal digits in no order, as ids of real orders often are. An even order has
/// six events, an odd one five.
pub(super) fn order(number: u64) -> String {
    let mut digits = Random::new(number);
    format!("order-{:016x}{:016x}", digits.next(), digits.next())
}

/// A source of appends that is always the same.
pub(super) struct Invented {
    shape: Shape,
    random: Random,
    /// The next order, or the next append.
    tick: u64,
    step: u64,
    revisions: Vec<u64>,
}

impl Invented {
    pub(super) fn new(shape: Shape) -> Self {
        let revisions =
            if shape == Shape::Long { vec![0; LONG_STREAMS as usize] } else { Vec::new() };
        Self { shape, random: Random::new(7), tick: 0, step: 0, revisions }
    }

    /// Appends with `events` events, or a few more.
    pub(super) fn batch(&mut self, events: usize) -> Vec<Append> {
        let mut batch = Vec::new();
        let mut count = 0;
        while count < events {
            let append = match self.shape {
                Shape::Orders | Shape::Ascending => self.of_order(),
                Shape::Long => Some(self.of_long()),
            };
            count += append.as_ref().map_or(0, |append| append.events.len());
            batch.extend(append);
        }
        batch
    }

    /// The next step of the orders under way: one begins, one is shipped, one is completed.
    fn of_order(&mut self) -> Option<Append> {
        let step = self.step;
        let number = self.tick.checked_sub(step * PACE);
        self.step = (step + 1) % 3;
        self.tick += u64::from(self.step == 0);
        let number = number?;
        let (revision, count) = match step {
            0 => (0, 2),
            1 => (2, 1),
            _ => (3, 3 - number % 2),
        };
        let stream = match self.shape {
            Shape::Ascending => format!("order-2026-{number:08}"),
            Shape::Orders | Shape::Long => order(number),
        };
        Some(self.append(stream, revision, count))
    }

    fn of_long(&mut self) -> Append {
        let stream = self.random.below(LONG_STREAMS);
        let count = 1 + self.random.below(3);
        let place = usize::try_from(stream).unwrap_or_default();
        let revision = self.revisions[place];
        self.revisions[place] += count;
        self.append(format!("settlement-{stream}~CNY"), revision, count)
    }

    fn append(&mut self, stream: String, revision: u64, count: u64) -> Append {
        let events = (revision..revision + count).map(|revision| self.event(&stream, revision));
        let events = events.collect();
        Append { stream: stream.into(), expected: Expected::after(revision.checked_sub(1)), events }
    }

    fn event(&mut self, stream: &str, revision: u64) -> NewEvent {
        // Half of the merchants' events are of few merchants: the chance falls with the rank.
        let octave = self.random.below(12);
        let merchant = 1000 + self.random.below(1 << octave);
        let (a, b, c) = (self.random.next(), self.random.next(), self.random.next());
        let metadata = format!(
            "{{\"version\":1,\"command\":\"{a:016x}{b:016x}\",\"recorded_at\":\"2026-03-31T10:00:00.000000Z\",\"actor\":\"bench\"}}"
        );
        let data = format!(
            "{{\"stream\":\"{stream}\",\"merchant\":\"{merchant}\",\"amount\":\"{}.{:02}\",\"currency\":\"CNY\",\"note\":\"{a:016x}{b:016x}{c:016x}{a:016x}{b:016x}\"}}",
            a % 1000,
            b % 100,
        );
        NewEvent {
            event_id: (u128::from(c) << 64 | u128::from(a ^ revision)).to_be_bytes(),
            event_type: "bench-event-recorded".into(),
            metadata: metadata.into_bytes(),
            data: data.into_bytes(),
        }
    }
}
