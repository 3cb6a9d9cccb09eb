//! Tests of the registers, over events made by hand.

mod fee_invoices;
mod few;
mod memberships;
mod orders;

use souk_domain::event::LedgerEvent;
use souk_domain::metadata::Metadata;
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{LineId, MerchantId, PaymentId, RefundId};
use souk_journal::money::{Amount, Currency};
use souk_projector::{Recorded, Register};

/// Events by stream, in log order.
type Log = Vec<(&'static str, LedgerEvent<'static>)>;

/// Feeds a log in slices of some length; entries are numbered from `first`.
fn feed(register: &mut dyn Register, log: &Log, first: u64, slice: usize) {
    let at = Micros(1_772_000_000_000_000);
    let metadata = Metadata {
        version: 1,
        command: "",
        digest: "",
        occurred_at: at,
        effective_on: at.utc_date(),
        recorded_at: at,
        correlation: None,
        causation: None,
        actor: None,
        corrects: None,
    };
    let recorded = |(entry, at): (u64, usize)| {
        let (stream, event) = &log[at];
        Recorded { entry, stream, revision: 0, metadata, event }
    };
    let events: Vec<_> = (first..).zip(0..log.len()).map(recorded).collect();
    events.chunks(slice).for_each(|slice| register.apply(slice));
}

/// A register fed whole, in slices of one, and saved and loaded in the middle: all are saved alike.
fn folds_alike<R: Register + Default>(log: &Log) -> R {
    let (mut whole, mut one) = (R::default(), R::default());
    feed(&mut whole, log, 0, log.len().max(1));
    feed(&mut one, log, 0, 1);
    assert_eq!(one.save(), whole.save());
    for middle in 0..=log.len() {
        let (mut before, mut after) = (R::default(), R::default());
        feed(&mut before, &log[..middle].to_vec(), 0, 3);
        after.load(&before.save()).unwrap();
        feed(&mut after, &log[middle..].to_vec(), middle as u64, 2);
        assert_eq!(after.save(), whole.save());
    }
    let mut loaded = R::default();
    loaded.load(&whole.save()).unwrap();
    assert!(loaded.load(b"\xff\xff\xff").is_err());
    assert_eq!(loaded.save(), whole.save(), "a failed load changes nothing");
    loaded
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn cny() -> Currency {
    Currency::from_code("CNY").unwrap()
}

fn amount(minor: i64) -> Amount {
    Amount::from_minor(minor, cny())
}

fn merchant(id: &str) -> MerchantId {
    MerchantId::new(id).unwrap()
}

fn line(id: &str) -> LineId {
    LineId::new(id).unwrap()
}

fn payment(id: &str) -> PaymentId {
    PaymentId::new(id).unwrap()
}

fn refund(id: &str) -> RefundId {
    RefundId::new(id).unwrap()
}
