//! The register of fees' invoices.

use souk_domain::order::events::{
    FeeInvoiced, Invoiceable, OrderEvent, PartnerKind, RedLetterIssued,
};
use souk_domain::tariff::events::FeeKind;
use souk_journal::ids::Id;

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
