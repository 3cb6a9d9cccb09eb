//! Where what was paid differs from what was ordered: the classes and their rules.

use super::model::{OlistItem, OlistMethod, OlistOrder, OlistPayment, words};
use rust_decimal::Decimal;

words! {
    /// Why an order's payments differ from its items and freight. The first rule that fits wins,
    /// in the order of declaration.
    DifferenceClass {
        /// There is no payment row.
        NoPayment = "no_payment",
        /// There is no item row.
        PaidWithoutItems = "paid_without_items",
        /// They differ by at most 0.01.
        Matched = "matched",
        /// They differ by at most 0.10.
        Rounding = "rounding",
        /// A voucher is among the payments.
        VoucherRelated = "voucher_related",
        /// A payment has more than one instalment, and more was paid than ordered.
        InstalmentInterest = "instalment_interest",
        /// Less was paid, by at most a tenth of items and freight.
        UntrackedDiscount = "untracked_discount",
        /// None of these.
        Unexplained = "unexplained",
    }
}

/// An order's difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// Its class.
    pub class: DifferenceClass,
    /// Payments − (items + freight), in BRL: positive where more was paid than ordered.
    pub signed: Decimal,
}

/// Classes the difference between the payments of an order and its items with their freight.
#[must_use]
pub fn classify(items: &[OlistItem], payments: &[OlistPayment]) -> Difference {
    let ordered: Decimal = items.iter().map(|item| item.price + item.freight).sum();
    let paid: Decimal = payments.iter().map(|payment| payment.value).sum();
    let signed = paid - ordered;
    let size = signed.abs();
    let class = if payments.is_empty() {
        DifferenceClass::NoPayment
    } else if items.is_empty() {
        DifferenceClass::PaidWithoutItems
    } else if size <= Decimal::new(1, 2) {
        DifferenceClass::Matched
    } else if size <= Decimal::new(10, 2) {
        DifferenceClass::Rounding
    } else if payments.iter().any(|payment| payment.method == OlistMethod::Voucher) {
        DifferenceClass::VoucherRelated
    } else if signed > Decimal::ZERO && payments.iter().any(|payment| payment.instalments > 1) {
        DifferenceClass::InstalmentInterest
    } else if signed < Decimal::ZERO && size <= ordered * Decimal::new(10, 2) {
        DifferenceClass::UntrackedDiscount
    } else {
        DifferenceClass::Unexplained
    };
    Difference { class, signed }
}

impl OlistOrder {
    /// This order's difference: [`classify`] of its items and payments.
    #[must_use]
    pub fn difference(&self) -> Difference {
        classify(&self.items, &self.payments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::short_id::ShortId;

    fn item(cents: i64) -> OlistItem {
        let id = ShortId::new(b"x").unwrap();
        OlistItem {
            item_no: 1,
            product_id: id,
            seller_id: id,
            category: None,
            price: Decimal::new(cents, 2),
            freight: Decimal::new(0, 2),
            line: 2,
        }
    }

    fn paid(cents: i64, method: OlistMethod, instalments: u32) -> OlistPayment {
        OlistPayment { sequential: 1, method, instalments, value: Decimal::new(cents, 2), line: 2 }
    }

    #[test]
    fn the_first_rule_that_fits_wins() {
        use DifferenceClass as C;
        use OlistMethod::{Boleto, CreditCard, Voucher};
        let class = |items: &[OlistItem], payments: &[OlistPayment]| {
            let found = classify(items, payments);
            (found.class, found.signed.to_string())
        };
        let hundred = [item(10_000)];
        assert_eq!(class(&[], &[]).0, C::NoPayment);
        assert_eq!(class(&hundred, &[]), (C::NoPayment, "-100.00".into()));
        assert_eq!(class(&[], &[paid(0, Voucher, 1)]).0, C::PaidWithoutItems);
        assert_eq!(class(&hundred, &[paid(10_001, Voucher, 9)]), (C::Matched, "0.01".into()));
        assert_eq!(class(&hundred, &[paid(9_999, Boleto, 1)]).0, C::Matched);
        assert_eq!(class(&hundred, &[paid(9_998, Voucher, 1)]).0, C::Rounding);
        assert_eq!(class(&hundred, &[paid(10_010, CreditCard, 2)]).0, C::Rounding);
        assert_eq!(class(&hundred, &[paid(10_011, Voucher, 2)]).0, C::VoucherRelated);
        assert_eq!(class(&hundred, &[paid(10_011, CreditCard, 2)]).0, C::InstalmentInterest);
        assert_eq!(class(&hundred, &[paid(10_011, CreditCard, 1)]).0, C::Unexplained);
        assert_eq!(class(&hundred, &[paid(9_000, CreditCard, 2)]).0, C::UntrackedDiscount);
        assert_eq!(class(&hundred, &[paid(8_999, CreditCard, 1)]).0, C::Unexplained);
    }
}
