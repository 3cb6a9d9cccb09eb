//! What the rows of an orders file say. Amounts are ≥ 0, in the row's currency, at the scale they
//! were written with; whether a currency exists and has such a scale is not decided here.

use crate::short_id::ShortId;
use jiff::Timestamp;
use rust_decimal::Decimal;

/// A row, or a part of a row, as we understand it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterpretedRow {
    /// The line of the file on which the row begins, 1-based.
    pub line: u64,
    /// The order it belongs to.
    pub order: ShortId,
    /// Three capital letters.
    pub currency: ShortId,
    /// What it says.
    pub fact: Fact,
}

/// One fact about an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// Something was ordered.
    Line(OrderLine),
    /// Something was paid.
    Payment(Payment),
    /// A merchant completed its part.
    Completion(Completion),
    /// Something was given back.
    Refund(Refund),
}

/// An order line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// Unique within the order.
    pub item: ShortId,
    /// Who sells it.
    pub merchant: ShortId,
    /// Its category, 1 to 200 characters, where one is given.
    pub category: Option<String>,
    /// The price of one piece.
    pub price: Decimal,
    /// How many pieces, from 1.
    pub quantity: u32,
    /// The shipping fee of the line.
    pub shipping: Decimal,
    /// What the merchant takes off the line, ≥ 0.
    pub merchant_discount: Decimal,
    /// What the platform takes off the line, ≥ 0.
    pub platform_discount: Decimal,
    /// When the order was placed.
    pub ordered_at: Timestamp,
}

impl OrderLine {
    /// Price times quantity, exact.
    #[must_use]
    pub fn merchandise(&self) -> Decimal {
        // At most 18 and 9 digits, where a decimal holds 28.
        self.price * Decimal::from(self.quantity)
    }
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Unique within the order.
    pub payment: ShortId,
    /// How it was paid, after `[methods]`; absent where the file does not say.
    pub method: Option<ShortId>,
    /// How much.
    pub amount: Decimal,
    /// When.
    pub paid_at: Timestamp,
}

/// A merchant's part of an order is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// Whose part; absent where the whole order is meant.
    pub merchant: Option<ShortId>,
    /// When.
    pub completed_at: Timestamp,
}

/// A refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// Unique within the order.
    pub refund: ShortId,
    /// The line it is for; absent where it is for the order.
    pub item: Option<ShortId>,
    /// The merchant it is for; absent where it is for the order.
    pub merchant: Option<ShortId>,
    /// How much.
    pub amount: Decimal,
    /// When.
    pub refunded_at: Timestamp,
}

/// All that a file says about one order. Each fact stands with its line in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvOrder<'a> {
    /// The order's id.
    pub order: ShortId,
    /// The one currency of all its rows.
    pub currency: ShortId,
    /// Its lines, in file order, as are the rest.
    pub lines: Vec<(u64, &'a OrderLine)>,
    /// Its payments.
    pub payments: Vec<(u64, &'a Payment)>,
    /// Its completions.
    pub completions: Vec<(u64, &'a Completion)>,
    /// Its refunds.
    pub refunds: Vec<(u64, &'a Refund)>,
}

/// Totals of one currency over all rows that could be read. Sums stop at the largest decimal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many order lines.
    pub lines: u64,
    /// Σ price × quantity.
    pub merchandise: Decimal,
    /// Σ shipping.
    pub shipping: Decimal,
    /// Σ merchants' discounts.
    pub merchant_discounts: Decimal,
    /// Σ platform's discounts.
    pub platform_discounts: Decimal,
    /// How many payments.
    pub payments: u64,
    /// Σ payments.
    pub paid: Decimal,
    /// How many completions.
    pub completions: u64,
    /// How many refunds.
    pub refunds: u64,
    /// Σ refunds.
    pub refunded: Decimal,
}

impl Totals {
    /// Adds one fact.
    pub(super) fn add(&mut self, fact: &Fact) {
        let add = |sum: &mut Decimal, more: Decimal| {
            *sum = sum.checked_add(more).unwrap_or(Decimal::MAX);
        };
        match fact {
            Fact::Line(line) => {
                self.lines += 1;
                add(&mut self.merchandise, line.merchandise());
                add(&mut self.shipping, line.shipping);
                add(&mut self.merchant_discounts, line.merchant_discount);
                add(&mut self.platform_discounts, line.platform_discount);
            }
            Fact::Payment(payment) => {
                self.payments += 1;
                add(&mut self.paid, payment.amount);
            }
            Fact::Completion(_) => self.completions += 1,
            Fact::Refund(refund) => {
                self.refunds += 1;
                add(&mut self.refunded, refund.amount);
            }
        }
    }
}
