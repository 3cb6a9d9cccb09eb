//! Orders: their states, counts and mistyped ids.

use souk_domain::event::LedgerEvent;
use souk_domain::order::events::{
    OrderCancelled, OrderCompleted, OrderDifferenceBooked, OrderEvent, OrderPaid, OrderPlaced,
    OrderShipped, PlacedLine, RefundIssued,
};
use souk_domain::segment::Segment;
use souk_journal::account::DifferenceClass;

use super::{Log, amount, cny, date, feed, folds_alike, line, merchant, payment, refund};
use crate::{OrderStatus, Orders};

fn placed(merchants: &[&str]) -> LedgerEvent<'static> {
    let line = |(number, id): (usize, &&str)| PlacedLine {
        discounts: vec![],
        units: 1,
        fulfilment: None,
        line: line(&number.to_string()),
        merchant: merchant(id),
        category: None,
        price: amount(100),
        shipping: amount(0),
        merchant_discount: amount(0),
        platform_discount: amount(0),
        funding: None,
    };
    let lines = merchants.iter().enumerate().map(line).collect();
    let placed_on = date("2026-03-01");
    OrderEvent::Placed(OrderPlaced { currency: cny(), placed_on, region: None, lines }).into()
}

fn paid() -> LedgerEvent<'static> {
    let (payment, method, currency) = (payment("p1"), "card", cny());
    let (amount, split) = (amount(100), Vec::new());
    OrderEvent::Paid(OrderPaid { payment, method, voucher: false, currency, amount, split }).into()
}

fn completed(id: &str) -> LedgerEvent<'static> {
    OrderEvent::Completed(OrderCompleted {
        merchant: merchant(id),
        currency: cny(),
        terms: 1,
        due_on: date("2026-03-08"),
        segment: Segment::default(),
        conversion: None,
        lines: Vec::new(),
    })
    .into()
}

fn refunded() -> LedgerEvent<'static> {
    OrderEvent::RefundIssued(RefundIssued {
        refund: refund("r1"),
        currency: cny(),
        lines: Vec::new(),
        conversions: Vec::new(),
        difference: None,
        to: Vec::new(),
        reason: None,
    })
    .into()
}

fn cancelled() -> LedgerEvent<'static> {
    OrderEvent::Cancelled(OrderCancelled { reason: None }).into()
}

fn difference(class: DifferenceClass) -> LedgerEvent<'static> {
    let (currency, amount, split) = (cny(), amount(1), Vec::new());
    OrderEvent::DifferenceBooked(OrderDifferenceBooked { class, currency, amount, split }).into()
}

#[test]
fn an_order_goes_through_its_states() {
    let steps = [
        (placed(&["m1", "m2", "m1"]), OrderStatus::Placed),
        (paid(), OrderStatus::Paid),
        (difference(DifferenceClass::Rounding), OrderStatus::Paid),
        (OrderEvent::Shipped(OrderShipped { merchant: merchant("m1") }).into(), OrderStatus::Paid),
        (completed("m2"), OrderStatus::PartlyCompleted),
        (completed("m1"), OrderStatus::Completed),
        (refunded(), OrderStatus::RefundIssued),
    ];
    let mut log: Log = Vec::new();
    for (event, status) in steps {
        log.push(("order-o1", event));
        let orders: Orders = folds_alike(&log);
        let order = orders.find("o1").unwrap();
        assert_eq!(order.status, status);
        assert_eq!((order.first_entry, order.last_entry), (0, log.len() as u64 - 1));
        let counted: Vec<_> = orders.by_status().into_iter().filter(|(_, of)| *of > 0).collect();
        assert_eq!(counted, [(status, 1)]);
    }
    let order = folds_alike::<Orders>(&log).find("o1").unwrap();
    assert_eq!((order.lines, order.completed, order.payments, order.refunds), (3, 2, 1, 1));
    assert_eq!(order.merchants, [merchant("m1"), merchant("m2")]);
    assert_eq!(order.difference, Some(DifferenceClass::Rounding));
    assert_eq!((order.currency, order.placed_on), (cny(), date("2026-03-01")));
}

#[test]
fn a_cancelled_order_stays_cancelled_and_its_refunds_are_counted() {
    for events in [[cancelled(), refunded()], [refunded(), cancelled()]] {
        let mut log: Log = vec![("order-o1", placed(&["m1"])), ("order-o1", paid())];
        log.extend(events.into_iter().map(|event| ("order-o1", event)));
        let order = folds_alike::<Orders>(&log).find("o1").unwrap();
        assert_eq!((order.status, order.refunds), (OrderStatus::Cancelled, 1));
    }
}

#[test]
fn interleaved_orders_are_kept_apart_and_classes_counted_by_order() {
    let log: Log = vec![
        ("order-o1", placed(&["m1"])),
        ("order-o2", placed(&[])),
        ("order-o1", paid()),
        ("order-o2", paid()),
        ("order-o2", difference(DifferenceClass::PaidWithoutItems)),
        ("order-o3", placed(&["m3"])),
        ("order-o1", difference(DifferenceClass::Unexplained)),
        ("order-unknown", paid()),
    ];
    let orders: Orders = folds_alike(&log);
    assert_eq!((orders.len(), orders.is_empty()), (3, false));
    for (class, count) in orders.by_difference() {
        let expected = [DifferenceClass::PaidWithoutItems, DifferenceClass::Unexplained];
        assert_eq!(count, u64::from(expected.contains(&class)), "{class:?}");
    }
    for (status, count) in orders.by_status() {
        let expected = match status {
            OrderStatus::Placed => 1,
            OrderStatus::Paid => 2,
            OrderStatus::PartlyCompleted
            | OrderStatus::Completed
            | OrderStatus::RefundIssued
            | OrderStatus::Cancelled => 0,
        };
        assert_eq!(count, expected, "{}", status.name());
    }
    assert_eq!(orders.find("o2").unwrap().merchants, []);
    assert_eq!((orders.find("unknown"), orders.find("not an id")), (None, None));
    let ids: Vec<_> = orders.iter().map(|of| of.order.to_string()).collect();
    assert_eq!(ids, ["o1", "o2", "o3"]);
}

#[test]
fn a_mistyped_or_shortened_id_finds_the_order() {
    let streams = ["order-2026-0001", "order-2026-0002", "order-2026-0100", "order-A1b2C3d4e5f6"];
    let log: Log = streams.iter().map(|stream| (*stream, placed(&["m1"]))).collect();
    let mut orders = Orders::new();
    feed(&mut orders, &log, 0, 2);
    for (text, expected) in [
        ("2026-0001", vec!["2026-0001", "2026-0002", "2026-0100"]),
        ("2026-001", vec!["2026-0001", "2026-0002", "2026-0100"]),
        ("2026", vec!["2026-0001", "2026-0002", "2026-0100"]),
        ("a1b2c3d4e5f7", vec!["A1b2C3d4e5f6"]),
        ("A1b2C3d45f6", vec!["A1b2C3d4e5f6"]),
        ("a1b2", vec!["A1b2C3d4e5f6"]),
        ("A1", vec![]),
        ("", vec![]),
        ("something else entirely, and longer than any id", vec![]),
    ] {
        assert_eq!(orders.similar(text, 5), expected, "{text}");
    }
    assert_eq!(orders.similar("2026-0001", 1), ["2026-0001"]);
}
