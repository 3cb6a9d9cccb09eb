//! An injected bug leaves the log unchanged: what cannot be posted, balanced or read back is never
//! appended, and what is too large is refused.

use std::sync::Arc;

use serde_json::json;
use souk_domain::decider::Decision;
use souk_domain::order::events::{OrderEvent, OrderPaid, OrderPlaced, Part, PlacedLine};
use souk_domain::order::refusal::OrderRefusal;
use souk_domain::order::state::OrderState;
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{LineId, MerchantId, PaymentId};
use souk_journal::money::{Amount, Currency};
use souk_ledger::clock::Clock;
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::Writers;
use souk_ledger::loaded::Loaded;
use souk_ledger::writer::{Writer, encode};
use souk_store::EventStore;
use souk_tests::audit;
use souk_tests::market::{LEDGER, Sent, open, start};
use souk_tests::reader::Reader;
use uuid::Uuid;

use crate::sequences::store;

fn at() -> Micros {
    Micros(start().0 + 70 * 86_400_000_000)
}

fn day() -> Date {
    at().utc_date()
}

fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

fn cny() -> Currency {
    "CNY".parse().unwrap()
}

fn placed() -> OrderEvent<'static> {
    let line = PlacedLine {
        discounts: vec![],
        units: 1,
        fulfilment: None,
        line: LineId::new("tea").unwrap(),
        merchant: MerchantId::new("M1").unwrap(),
        category: None,
        price: amount("100.00"),
        shipping: amount("0.00"),
        merchant_discount: amount("0.00"),
        platform_discount: amount("0.00"),
        funding: None,
    };
    OrderEvent::Placed(OrderPlaced {
        currency: cny(),
        placed_on: day(),
        region: None,
        lines: vec![line],
    })
}

fn paid(whole: &str, part: &str) -> OrderEvent<'static> {
    let split = vec![Part { merchant: MerchantId::new("M1").ok(), amount: amount(part) }];
    let (payment, method, voucher) = (PaymentId::new("P1").unwrap(), "card", false);
    let (currency, amount) = (cny(), amount(whole));
    OrderEvent::Paid(OrderPaid { payment, method, voucher, currency, amount, split })
}

/// Stages the events of a decider that someone got wrong; nothing may be staged or written.
fn decide_wrongly(events: Vec<OrderEvent<'_>>) -> LedgerError {
    let store = store().unwrap();
    let before = store.head().unwrap();
    let ledger = Uuid::parse_str(LEDGER).unwrap();
    let mut writer = Writer::new(ledger, Clock::Pinned(at()), Micros(0));
    let mut order: Loaded<OrderState> = Loaded::read(store.as_ref(), "order-O1").unwrap();
    let request = Sent::new("pay-order", &json!({}), "wrong", at()).request();
    let decision = Decision { effective_on: day(), events };
    let error = writer
        .stage(&mut order, "order-O1", &request, |_| encode(Ok::<_, OrderRefusal>(decision)))
        .unwrap_err();
    assert_eq!(writer.staged(), 0);
    assert!(writer.take_staged().is_empty());
    assert_eq!(store.head().unwrap(), before);
    assert_eq!(store.stream_revision("order-O1").unwrap(), None);
    audit::check(store.as_ref(), &Reader::replay(store.as_ref(), 1 << 20).unwrap()).unwrap();
    error
}

#[test]
fn an_unbalanced_event_is_a_bug_and_never_written() {
    let error = decide_wrongly(vec![placed(), paid("100.00", "90.00")]);
    assert_eq!(error.code(), "Bug");
    assert!(!error.is_refusal());
    assert!(error.to_string().contains("order-paid"), "{error}");
    assert!(error.to_string().contains("does not balance in CNY"), "{error}");
}

#[test]
fn one_bad_event_keeps_its_good_neighbours_out_of_the_log() {
    let good = paid("100.00", "100.00");
    let error = decide_wrongly(vec![placed(), good, paid("1.00", "2.00")]);
    assert_eq!(error.code(), "Bug");
}

#[test]
fn an_amount_with_too_many_decimals_is_a_bug_and_never_written() {
    let error = decide_wrongly(vec![placed(), paid("100.001", "100.001")]);
    assert_eq!(error.code(), "Bug");
}

#[test]
fn an_event_of_another_context_is_a_bug_and_never_written() {
    // A stream's category says how its events are read back.
    let store = store().unwrap();
    let ledger = Uuid::parse_str(LEDGER).unwrap();
    let mut writer = Writer::new(ledger, Clock::Pinned(at()), Micros(0));
    let mut order: Loaded<OrderState> = Loaded::read(store.as_ref(), "merchant-M1").unwrap();
    let request = Sent::new("pay-order", &json!({}), "wrong", at()).request();
    let decision = Decision { effective_on: day(), events: vec![placed()] };
    let staged = writer
        .stage(&mut order, "merchant-M1", &request, |_| encode(Ok::<_, OrderRefusal>(decision)));
    assert_eq!(staged.map_err(|error| error.code()), Err("Bug"));
    assert_eq!(writer.staged(), 0);
}

#[test]
fn an_event_that_does_not_fit_its_record_is_refused_and_the_order_can_be_placed_smaller() {
    let store = store().unwrap();
    let mut ledger = open(&store, at(), Writers::Sole).unwrap();
    let order = |lines: usize, name: usize| {
        let lines: Vec<_> = (0..lines)
            .map(|number| {
                json!({ "line": format!("{number}-{}", "x".repeat(name)), "merchant": "M1",
                    "category": "茶".repeat(100), "price": "100.00" })
            })
            .collect();
        json!({ "order": "O1", "currency": "CNY", "lines": lines })
    };
    let before = store.head().unwrap();
    let large = Sent::new("place-order", &order(250, 30), "large", at());
    let error = large.execute(&mut ledger).unwrap_err();
    assert_eq!(error.code(), "OrderTooLarge");
    assert!(matches!(error, LedgerError::OrderTooLarge { .. }));
    let many = Sent::new("place-order", &order(251, 0), "many", at());
    assert_eq!(many.execute(&mut ledger).unwrap_err().code(), "OrderTooLarge");
    assert_eq!(store.head().unwrap(), before);
    let smaller = Sent::new("place-order", &order(100, 30), "smaller", at());
    assert_eq!(smaller.execute(&mut ledger).unwrap().first_revision, 0);
    assert_eq!(store.head().unwrap(), before + 1);
}

#[test]
fn a_fact_of_the_future_is_refused() {
    let store = store().unwrap();
    let mut ledger = open(&store, at(), Writers::Sole).unwrap();
    let before = store.head().unwrap();
    let data = json!({ "order": "O1", "currency": "CNY", "lines": [] });
    let early = Sent::new("place-order", &data, "early", Micros(at().0 + 1));
    assert_eq!(early.execute(&mut ledger).unwrap_err().code(), "OccursInFuture");
    assert_eq!(store.head().unwrap(), before);
}

#[test]
fn a_failed_append_leaves_the_log_and_the_state_as_they_were() {
    let store = Arc::new(souk_store::MemoryStore::new());
    let port: Arc<dyn EventStore> = store.clone();
    souk_tests::market::create_in(port.as_ref()).unwrap();
    let mut ledger = open(&port, at(), Writers::Several).unwrap();
    let data = json!({ "order": "O1", "currency": "CNY", "lines": [] });
    let place = Sent::new("place-order", &data, "place", at());
    let before = port.head().unwrap();
    store.fail_next_append(souk_store::StoreError::closed());
    assert_eq!(place.execute(&mut ledger).unwrap_err().code(), "StoreFailed");
    assert_eq!(port.head().unwrap(), before);
    // A failed sync is fatal: whoever goes on opens the ledger anew, and the retry is carried out.
    let mut fresh = open(&port, at(), Writers::Several).unwrap();
    assert!(!place.execute(&mut fresh).unwrap().replayed);
    assert_eq!(port.head().unwrap(), before + 1);
}
