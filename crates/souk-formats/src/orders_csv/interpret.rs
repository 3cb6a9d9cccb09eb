//! A row becomes its facts.

use super::cells::Cells;
use super::facts::{Completion, Fact, OrderLine, Payment, Refund};
use super::field::Field;
use super::map::RowKind;
use crate::bad_row::quoted;
use crate::short_id::ShortId;
use crate::text_table::Problem;
use std::collections::HashMap;

/// How many lines, payments and refunds without an id of their own an order has had.
pub(super) type Counters = HashMap<(ShortId, Field), u32>;

impl Cells<'_> {
    /// What the row is about: `Line` for every row of a map without `[rows]`.
    pub(super) fn kind(&mut self) -> Option<RowKind> {
        let Some(index) = self.layout.kind else { return Some(RowKind::Line) };
        let text = self.record.get(index).unwrap_or_default().trim_ascii();
        let kind =
            std::str::from_utf8(text).ok().and_then(|word| self.map.kinds.get(word)).copied();
        if kind.is_none() {
            let what = format!("kind of row {} is not in [rows]", quoted(text));
            self.problems.push(Problem { index, what });
        }
        kind
    }

    /// The facts of a row of an order. Where one cannot be read it is missing, and the reason is
    /// among the problems.
    pub(super) fn facts(
        &mut self,
        kind: RowKind,
        order: ShortId,
        counters: &mut Counters,
    ) -> Vec<Fact> {
        let facts = match kind {
            RowKind::Line if self.layout.kind.is_some() => vec![self.line(order, counters)],
            RowKind::Line => {
                let mut facts = vec![self.line(order, counters)];
                if self.text(Field::Amount).is_some() {
                    facts.push(self.payment(order, counters));
                }
                if self.text(Field::CompletedAt).is_some() {
                    facts.push(self.completion());
                }
                if self.text(Field::RefundAmount).is_some() {
                    facts.push(self.refund(order, counters));
                }
                facts
            }
            RowKind::Payment => vec![self.payment(order, counters)],
            RowKind::Completion => vec![self.completion()],
            RowKind::Refund => vec![self.refund(order, counters)],
            RowKind::Ignore => Vec::new(),
        };
        facts.into_iter().flatten().collect()
    }

    /// The row's own id, or the next number of the order.
    fn id_or_number(
        &mut self,
        field: Field,
        order: ShortId,
        counters: &mut Counters,
    ) -> Option<ShortId> {
        if let Some(id) = self.optional_id(field)? {
            return Some(id);
        }
        let count = counters.entry((order, field)).or_default();
        *count += 1;
        ShortId::new(count.to_string().as_bytes())
    }

    fn line(&mut self, order: ShortId, counters: &mut Counters) -> Option<Fact> {
        // Every cell is read before any is missed, so that all mistakes are told.
        let item = self.id_or_number(Field::Item, order, counters);
        let merchant = self.id(Field::Merchant);
        let category = self.category();
        let price = self.amount(Field::Price);
        let quantity = self.quantity();
        let shipping = self.amount_or_zero(Field::Shipping);
        let merchant_discount = self.amount_or_zero(Field::MerchantDiscount);
        let platform_discount = self.amount_or_zero(Field::PlatformDiscount);
        let ordered_at = self.time(Field::OrderedAt);
        Some(Fact::Line(OrderLine {
            item: item?,
            merchant: merchant?,
            category: category?,
            price: price?,
            quantity: quantity?,
            shipping: shipping?,
            merchant_discount: merchant_discount?,
            platform_discount: platform_discount?,
            ordered_at: ordered_at?,
        }))
    }

    fn payment(&mut self, order: ShortId, counters: &mut Counters) -> Option<Fact> {
        let payment = self.id_or_number(Field::Payment, order, counters);
        let method = self.method();
        let amount = self.amount(Field::Amount);
        let placed = self.text(Field::PaidAt).is_none() && self.text(Field::OrderedAt).is_some();
        let paid_at = self.time(if placed { Field::OrderedAt } else { Field::PaidAt });
        Some(Fact::Payment(Payment {
            payment: payment?,
            method: method?,
            amount: amount?,
            paid_at: paid_at?,
        }))
    }

    fn completion(&mut self) -> Option<Fact> {
        let merchant = self.optional_id(Field::Merchant);
        let completed_at = self.time(Field::CompletedAt);
        Some(Fact::Completion(Completion { merchant: merchant?, completed_at: completed_at? }))
    }

    fn refund(&mut self, order: ShortId, counters: &mut Counters) -> Option<Fact> {
        let refund = self.id_or_number(Field::Refund, order, counters);
        let item = self.optional_id(Field::Item);
        let merchant = self.optional_id(Field::Merchant);
        let amount = self.amount(Field::RefundAmount);
        let refunded_at = self.time(Field::RefundedAt);
        Some(Fact::Refund(Refund {
            refund: refund?,
            item: item?,
            merchant: merchant?,
            amount: amount?,
            refunded_at: refunded_at?,
        }))
    }
}
