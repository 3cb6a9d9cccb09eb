//! What the tests share: a small ledger, read models that remember everything they are given.

use std::path::Path;

use souk_domain::book::events::{BookEvent, MonthClosed};
use souk_domain::event::LedgerEvent;
use souk_domain::metadata::Metadata;
use souk_domain::order::events::{OrderEvent, OrderPaid, OrderShipped, Part};
use souk_journal::dates::Micros;
use souk_journal::entry::{Control, JournalEntry};
use souk_journal::ids::{MerchantId, PaymentId};
use souk_journal::money::{Amount, Currency};
use souk_journal::names::Names;
use souk_journal::projection::{Mismatch, Projection};
use souk_store::{Append, EventStore, Expected, MemoryStore, NewEvent};

use crate::{Projector, ReadModels, Recorded, Register, Settings};

/// A closed month with this entry limit is one whose figures do not match.
pub(super) const WRONG: u64 = 666;

/// Remembers a line of text per entry.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Entries {
    pub(super) version: u32,
    pub(super) lines: Vec<String>,
    mismatches: Vec<Mismatch>,
    pub(super) panics_at: Option<u64>,
}

impl Projection for Entries {
    fn name(&self) -> &'static str {
        "entries"
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn apply(&mut self, entries: &[JournalEntry<'_>], names: &Names) {
        for entry in entries {
            assert_ne!(self.panics_at, Some(entry.entry), "the projection has a bug");
            let postings = entry.postings.iter().map(|of| {
                format!(" {:?} {} {:?}", of.account, of.amount, names.merchant(of.merchant))
            });
            let postings: String = postings.collect();
            self.lines
                .push(format!("{} {} {}{postings}", entry.entry, entry.kind, entry.recorded_at));
            if matches!(entry.control, Control::MonthClosed { entry_limit: WRONG, .. }) {
                self.mismatches.push(Mismatch {
                    entry: entry.entry,
                    source_ref: format!("{}@{}", entry.source.stream, entry.source.revision),
                    what: "the month".into(),
                    recorded: "1".into(),
                    computed: "2".into(),
                });
            }
        }
    }

    fn mismatches(&self) -> &[Mismatch] {
        &self.mismatches
    }

    fn save(&self) -> Vec<u8> {
        self.lines.join("\n").into_bytes()
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), String> {
        let text = String::from_utf8(bytes.to_vec()).map_err(|error| error.to_string())?;
        self.lines = text.lines().map(str::to_owned).collect();
        Ok(())
    }
}

/// Remembers the name of every event.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Events(pub(super) Vec<String>);

impl Register for Events {
    fn name(&self) -> &'static str {
        "events"
    }

    fn version(&self) -> u32 {
        1
    }

    fn apply(&mut self, events: &[Recorded<'_>]) {
        let name = |of: &Recorded<'_>| format!("{} {}@{}", of.entry, of.stream, of.revision);
        self.0.extend(events.iter().map(name));
    }

    fn save(&self) -> Vec<u8> {
        self.0.join("\n").into_bytes()
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), String> {
        if bytes == b"broken" {
            return Err("it is broken".into());
        }
        let text = String::from_utf8(bytes.to_vec()).map_err(|error| error.to_string())?;
        self.0 = text.lines().map(str::to_owned).collect();
        Ok(())
    }
}

#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Models {
    pub(super) entries: Entries,
    pub(super) events: Events,
}

impl ReadModels for Models {
    fn projections(&mut self) -> Vec<&mut dyn Projection> {
        vec![&mut self.entries]
    }

    fn registers(&mut self) -> Vec<&mut dyn Register> {
        vec![&mut self.events]
    }
}

pub(super) const ONE_THREAD: Settings =
    Settings { page_bytes: 3000, pages: 2, batch: 4, helpers: 0 };

pub(super) fn projector() -> Projector<Models> {
    Projector::with_settings(Models::default(), ONE_THREAD)
}

pub(super) fn metadata(second: i64) -> Metadata<'static> {
    let at = Micros(1_772_000_000_000_000 + second * 1_000_000);
    Metadata {
        version: 1,
        command: "8c7f3a52-6a0c-5c4e-9a3f-0d3a6f6f2f11",
        digest: "563a273b96902573d7a60d9e80255d77147ccb3ea34498daf55f4a38058834e3",
        occurred_at: at,
        effective_on: at.utc_date(),
        recorded_at: at,
        correlation: None,
        causation: None,
        actor: Some("fin-02"),
        corrects: None,
    }
}

/// Appends an event with any metadata, type and data; returns its entry.
pub(super) fn append_raw(
    store: &MemoryStore,
    stream: &str,
    event_type: &str,
    metadata: &[u8],
    data: &[u8],
) -> u64 {
    let event = NewEvent {
        event_id: [0; 16],
        event_type: event_type.to_owned().into(),
        metadata: metadata.to_vec(),
        data: data.to_vec(),
    };
    let expected = Expected::after(store.stream_revision(stream).unwrap());
    let append = Append { stream: stream.into(), expected, events: vec![event] };
    for result in store.append(vec![append]).wait() {
        result.unwrap();
    }
    store.head().unwrap() - 1
}

/// Appends an event recorded at a second.
pub(super) fn append<'a>(
    store: &MemoryStore,
    stream: &str,
    second: i64,
    event: impl Into<LedgerEvent<'a>>,
) -> u64 {
    let event = event.into();
    let metadata = metadata(second).to_bytes();
    append_raw(store, stream, event.kind().text(), &metadata, &event.payload().unwrap())
}

/// A payment to a merchant; it balances if `split` is `amount`.
pub(super) fn paid(merchant: &str, amount: i64, split: i64) -> OrderEvent<'static> {
    let currency = Currency::from_code("CNY").unwrap();
    let merchant = Some(MerchantId::new(merchant).unwrap());
    OrderEvent::Paid(OrderPaid {
        payment: PaymentId::new("p1").unwrap(),
        method: "card",
        voucher: false,
        currency,
        amount: Amount::from_minor(amount, currency),
        split: vec![Part { merchant, amount: Amount::from_minor(split, currency) }],
    })
}

pub(super) fn shipped(merchant: &str) -> OrderEvent<'static> {
    OrderEvent::Shipped(OrderShipped { merchant: MerchantId::new(merchant).unwrap() })
}

pub(super) fn month_closed(limit: u64) -> BookEvent<'static> {
    BookEvent::MonthClosed(MonthClosed {
        month: "2026-03-01".parse().unwrap(),
        entry: limit,
        approved_by: Vec::new(),
    })
}

/// A store with so many events, every third a payment, every seventh a closed month; every fifth is
/// recorded earlier than the one before.
pub(super) fn store_of(events: u64) -> MemoryStore {
    let store = MemoryStore::new();
    more(&store, events);
    store
}

pub(super) fn more(store: &MemoryStore, events: u64) {
    let start = store.head().unwrap();
    for number in start..start + events {
        let merchant = format!("m{}", number * number % 17);
        let stream = format!("order-o{}", number / 2);
        let second = number as i64 - if number % 5 == 4 { 3 } else { 0 };
        if number % 7 == 6 {
            append(store, "book-main", second, month_closed(number));
        } else if number % 3 == 0 {
            append(store, &stream, second, paid(&merchant, number as i64 + 1, number as i64 + 1));
        } else {
            append(store, &stream, second, shipped(&merchant));
        }
    }
}

/// Everything a projector holds, as it would be saved.
pub(super) fn state(projector: &Projector<Models>) -> (Models, Vec<String>, crate::Checkpoint) {
    let merchants = projector.names().merchants().iter().map(ToString::to_string).collect();
    (projector.models().clone(), merchants, *projector.checkpoint())
}

pub(super) fn files(dir: &Path) -> Vec<String> {
    let name = |file: std::io::Result<std::fs::DirEntry>| {
        file.unwrap().file_name().to_string_lossy().into_owned()
    };
    let mut names: Vec<_> = std::fs::read_dir(dir).unwrap().map(name).collect();
    names.sort();
    names
}
