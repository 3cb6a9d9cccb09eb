//! The register of fees' invoices.

use souk_domain::order::events::{
    FeeInvoiced, Invoiceable, OrderEvent, PartnerKind, RedLetterIssued,
};
use souk_domain::settlement::events::{CorrectionBooked, ObjectedLine, SettlementEvent};
use souk_domain::tariff::events::FeeKind;
use souk_journal::ids::Id;
use souk_journal::line_kind::LineKind;

use super::{Log, amount, cny, folds_alike, merchant};
use crate::FeeInvoices;

const COMMISSION: Invoiceable = Invoiceable::Fee(FeeKind::Commission);

fn invoiced(number: &str) -> OrderEvent<'static> {
    OrderEvent::FeeInvoiced(FeeInvoiced {
        merchant: merchant("1007"),
        fee: COMMISSION,
        invoice: Id::new(number).unwrap(),
        currency: cny(),
        amount: amount(800),
        tax: amount(48),
    })
}

fn red_letter(number: &str) -> OrderEvent<'static> {
    OrderEvent::RedLetterIssued(RedLetterIssued {
        merchant: merchant("1007"),
        fee: COMMISSION,
        invoice: Id::new("I-1").unwrap(),
        red_letter: Id::new(number).unwrap(),
        currency: cny(),
        amount: amount(400),
        tax: amount(24),
    })
}

#[test]
fn what_came_back_is_of_the_first_red_letter_after_it() {
    let log: Log = vec![
        ("order-a", invoiced("I-1").into()),
        ("order-b", invoiced("I-1").into()),
        ("order-a", red_letter("R-1").into()),
        ("order-a", red_letter("R-2").into()),
    ];
    let invoices: FeeInvoices = folds_alike(&log);
    let of = |order| invoices.get(order, merchant("1007"), COMMISSION).unwrap();
    let red = |order, entry| of(order).red_letter_of(entry).map(|of: Id| of.to_string());
    assert_eq!((of("a").entry, of("b").entry), (0, 1));
    assert_eq!(red("a", 1), Some("R-1".to_owned()));
    assert_eq!((red("a", 2), red("a", 3)), (Some("R-2".to_owned()), None));
    assert_eq!(red("b", 1), None);
    assert!(invoices.get("c", merchant("1007"), COMMISSION).is_none());
    // What partners earned is another thing on the same order.
    let partners = Invoiceable::Partners(PartnerKind::Affiliate);
    assert!(invoices.get("a", merchant("1007"), partners).is_none());
}

fn correction(number: &str, event: &'static str, kind: LineKind) -> SettlementEvent<'static> {
    SettlementEvent::CorrectionBooked(Box::new(CorrectionBooked {
        correction: Id::new(number).unwrap(),
        merchant: merchant("1007"),
        currency: cny(),
        amount: amount(30),
        line: ObjectedLine {
            entry: 1,
            posting: 1,
            kind,
            amount: amount(-30),
            event: event.into(),
            order: Id::new("a").ok(),
        },
        objection: None,
        against: Vec::new(),
        due_on: "2026-03-12".parse().unwrap(),
        approved_by: Vec::new(),
        reason: "wrong rate".into(),
    }))
}

#[test]
fn a_correction_is_of_the_fee_that_its_line_or_its_correction_is_of() {
    let log: Log = vec![
        ("order-a", invoiced("I-1").into()),
        ("settlement-1007~CNY", correction("c-1", "order-a@3", LineKind::CommissionTax).into()),
        (
            "settlement-1007~CNY",
            correction("c-2", "settlement-1007~CNY@0", LineKind::Correction).into(),
        ),
        (
            "settlement-1007~CNY",
            correction("c-3", "service-1007~CNY@0", LineKind::StorageTax).into(),
        ),
    ];
    let invoices: FeeInvoices = folds_alike(&log);
    let of = |entry| {
        let (kind, of_order, invoice) = invoices.of_correction(entry).unwrap();
        (kind, of_order, invoice.map(|known| known.invoice.to_string()))
    };
    let commission = (LineKind::CommissionTax, true, Some("I-1".to_owned()));
    assert_eq!((of(1), of(2)), (commission.clone(), commission));
    assert_eq!(of(3), (LineKind::StorageTax, false, None));
    assert!(invoices.of_correction(0).is_none());
}
