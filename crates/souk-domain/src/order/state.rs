//! What an order's stream remembers, in minor units of its currency; charges of a merchant in that of its settlement.

mod fold;
pub mod taxes;

use souk_journal::account::DifferenceClass;
use souk_journal::dates::Date;
use souk_journal::ids::{LineId, MerchantId, PaymentId, RefundId, RuleId, TariffId};
use souk_journal::money::Currency;
use souk_journal::split::returned;

pub(crate) use self::fold::{evolve, refund};
pub(in crate::order) use self::fold::{refund_lines, refund_to};
use self::taxes::{InvoicedFee, LineTax, Withheld};
use super::advance::state::Advance;
use super::claim::state::Claim;
use super::conversion::{Conversion, SettledLine};
use super::events::Funding;
use super::hold::state::Hold;
use super::partner::state::{Attribution, PartnerCommission};
use crate::segment::{KeptSegment, Segment};
use crate::tariff::events::{Base, BaseTax, FeeKind, Role};
use crate::tariff::returns::Returns;

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line.
    pub line: LineId,
    /// Who sells it.
    pub merchant: MerchantId,
    /// Category path.
    pub category: Option<Box<str>>,
    /// Goods at list price.
    pub list: i64,
    /// Shipping.
    pub shipping: i64,
    /// Funded by the merchant.
    pub discount: i64,
    /// Funded by someone else.
    pub subsidy: i64,
    /// By whom.
    pub funding: Option<Funding>,
    /// Goods refunded since they stand as above.
    pub refunded_goods: i64,
    /// Shipping refunded since.
    pub refunded_shipping: i64,
    /// Subsidy taken back since.
    pub subsidy_returned: i64,
    /// Goods that the platform paid the buyer ahead and no merchant bears.
    pub advanced_goods: i64,
    /// Shipping, the same.
    pub advanced_shipping: i64,
    /// A line that cost the buyer nothing, given back.
    pub given_back: bool,
    /// Units.
    pub units: u32,
    /// Who ships it.
    pub fulfilment: Option<Box<str>>,
    /// Completed: list, shipping, discount and subsidy are then what was left at completion.
    pub completed: bool,
    /// Completed in another currency: what it came to there.
    pub settled: Option<SettledLine>,
}

impl Line {
    /// What the buyer paid for the goods.
    pub fn cash(&self) -> i64 {
        self.list - self.discount - self.subsidy
    }

    /// Goods that can still be refunded.
    pub fn goods_left(&self) -> i64 {
        self.cash() - self.refunded_goods
    }

    /// Shipping that can still be refunded.
    pub fn shipping_left(&self) -> i64 {
        self.shipping - self.refunded_shipping
    }

    /// Goods that the buyer can still get back: what is left, less what was paid ahead.
    pub fn goods_refundable(&self) -> i64 {
        self.goods_left() - self.advanced_goods
    }

    /// The same of the shipping.
    pub fn shipping_refundable(&self) -> i64 {
        self.shipping_left() - self.advanced_shipping
    }

    /// Whether nothing is left to give back.
    pub fn is_refunded(&self) -> bool {
        let goods = if self.cash() == 0 {
            self.given_back || self.list == 0
        } else {
            self.goods_left() == 0
        };
        goods && self.shipping_left() == 0
    }

    /// Of the goods, what was refunded and of how much, in the currency of the settlement.
    fn goods_refunded(&self) -> (i64, i64) {
        let own = (self.refunded_goods, self.cash());
        self.settled.map_or(own, |of| (of.refunded_goods, of.cash))
    }

    /// The same of the shipping.
    fn shipping_refunded(&self) -> (i64, i64) {
        let own = (self.refunded_shipping, self.shipping);
        self.settled.map_or(own, |of| (of.refunded_shipping, of.shipping))
    }

    /// The share of an amount that has gone back with the refunds of the goods so far.
    pub fn share_returned(&self, amount: i64, refunded_goods: i64, given_back: bool) -> i64 {
        if self.cash() == 0 {
            return if given_back { amount } else { 0 };
        }
        returned(amount, refunded_goods, self.cash())
    }
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The payment.
    pub payment: PaymentId,
    /// How.
    pub method: Box<str>,
    /// Buyer credit.
    pub voucher: bool,
    /// How much.
    pub amount: i64,
    /// Refunded of it.
    pub refunded: i64,
    /// What the channel took, whether it gives back, and what came back.
    pub channel_fee: Option<(i64, bool, i64)>,
}

/// A fee charged on a line or on a merchant's whole part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// The merchant.
    pub merchant: MerchantId,
    /// The fee.
    pub fee: FeeKind,
    /// The line, or the whole part.
    pub line: Option<LineId>,
    /// Category path.
    pub category: Option<Box<str>>,
    /// The tariff.
    pub tariff: TariffId,
    /// Its version.
    pub version: u32,
    /// The rule.
    pub rule: RuleId,
    /// What the percentage was of.
    pub base: Base,
    /// Whether collected tax was in it.
    pub base_tax: BaseTax,
    /// What a refund gives back.
    pub returns: Returns,
    /// In whose name it is taken.
    pub role: Role,
    /// Of the fee, what is owed to a supplier.
    pub supplier: i64,
    /// The fee.
    pub amount: i64,
    /// Its tax.
    pub tax: i64,
    /// Given back.
    pub returned: i64,
    /// Tax given back.
    pub tax_returned: i64,
}

/// A merchant's completion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The merchant.
    pub merchant: MerchantId,
    /// Due date of its sale.
    pub due_on: Date,
    /// How it was converted.
    pub conversion: Option<Conversion>,
    /// Region and tier, as they were.
    pub segment: KeptSegment,
}

/// A refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// The refund.
    pub refund: RefundId,
    /// Whether it reached the buyer.
    pub paid: bool,
    /// Where it goes: payment, buyer credit, amount.
    pub to: Vec<(PaymentId, bool, i64)>,
}

/// A placed order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Currency.
    pub currency: Currency,
    /// Date in the platform's zone.
    pub placed_on: Date,
    /// Where it goes.
    pub region: Option<Box<str>>,
    /// Lines.
    pub lines: Vec<Line>,
    /// Payments.
    pub payments: Vec<Payment>,
    /// Merchants in order of their first line, and what each was owed when the order was placed.
    pub owed: Vec<(MerchantId, i64)>,
    /// Escrow per merchant; one of no merchant when the order has no lines.
    pub escrow: Vec<(Option<MerchantId>, i64)>,
    /// Difference: class, amount, whether refunded.
    pub difference: Option<(DifferenceClass, i64, bool)>,
    /// Merchants that shipped.
    pub shipped: Vec<MerchantId>,
    /// Completions.
    pub completions: Vec<Completion>,
    /// Charges.
    pub charges: Vec<Charge>,
    /// Lines that partners brought.
    pub attributions: Vec<Attribution>,
    /// What partners earned.
    pub partner_commissions: Vec<PartnerCommission>,
    /// Refunds.
    pub refunds: Vec<Refund>,
    /// What the platform paid ahead, and is neither recovered nor borne yet.
    pub advances: Vec<Advance>,
    /// Claims for the freight of returns.
    pub claims: Vec<Claim>,
    /// What suppliers were paid, by the merchant that bore the fees.
    pub remitted: Vec<(MerchantId, i64)>,
    /// Holds on what was sold.
    pub holds: Vec<Hold>,
    /// Cancelled.
    pub cancelled: bool,
    /// Taxes that the platform collects.
    pub taxes: Vec<LineTax>,
    /// Taxes withheld from merchants.
    pub withheld: Vec<Withheld>,
    /// Fees that stand on an invoice.
    pub invoices: Vec<InvoicedFee>,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(clippy::large_enum_variant, reason = "almost every order in memory is placed")]
pub enum OrderState {
    /// Not placed.
    #[default]
    Absent,
    /// Placed.
    Placed(Placed),
}

impl Placed {
    /// Paid so far.
    pub fn paid(&self) -> i64 {
        self.payments.iter().map(|payment| payment.amount).sum()
    }

    /// How the order was paid: of several payments the largest, of equal ones the first.
    pub fn main_method(&self) -> Option<&str> {
        let largest = self.payments.iter().rev().max_by_key(|payment| payment.amount);
        largest.map(|payment| &*payment.method)
    }

    /// Items after discounts, freight and collected tax, as placed.
    pub fn owed_in_all(&self) -> i64 {
        self.owed.iter().map(|(_, amount)| amount).sum()
    }

    /// Escrow of a merchant.
    pub fn escrow_of(&self, merchant: Option<MerchantId>) -> i64 {
        self.escrow.iter().find(|(of, _)| *of == merchant).map_or(0, |(_, amount)| *amount)
    }

    /// What escrow must hold for a merchant until it completes.
    pub fn owed_now(&self, merchant: MerchantId) -> i64 {
        let lines = self.lines.iter().filter(|line| line.merchant == merchant && !line.completed);
        let owed: i64 = lines.map(|line| line.goods_left() + line.shipping_left()).sum();
        owed + self.tax_in_escrow(merchant)
    }

    /// The completion of a merchant.
    pub fn completion(&self, merchant: MerchantId) -> Option<&Completion> {
        self.completions.iter().find(|of| of.merchant == merchant)
    }

    /// The currency in which a merchant's completed part is settled.
    pub fn settled_in(&self, merchant: MerchantId) -> Currency {
        let conversion = self.completion(merchant).and_then(|of| of.conversion);
        conversion.map_or(self.currency, |of| of.currency)
    }

    /// The segment of a merchant's part; none before its completion.
    pub fn segment_of(&self, merchant: MerchantId) -> Segment<'_> {
        self.completion(merchant).map_or_else(Segment::default, |of| of.segment.segment())
    }

    /// A line.
    pub fn line(&self, id: LineId) -> Option<&Line> {
        self.lines.iter().find(|line| line.line == id)
    }

    fn add_escrow(&mut self, merchant: Option<MerchantId>, amount: i64) {
        match self.escrow.iter_mut().find(|(of, _)| *of == merchant) {
            Some((_, held)) => *held += amount,
            None => self.escrow.push((merchant, amount)),
        }
    }

    /// What has come back in all of a charge, as (fee, tax), given the refunds so far.
    pub fn returned_of(&self, charge: &Charge) -> (i64, i64) {
        if charge.returns == Returns::Kept {
            return (0, 0);
        }
        let whole = (charge.merchant, charge.line);
        let Some(refunded) = self.refunded_of(whole, charge.base, charge.base_tax) else {
            return (0, 0);
        };
        let before = (charge.returned, charge.tax_returned);
        let currency = self.settled_in(charge.merchant);
        charge.returns.in_all((charge.amount, charge.tax), refunded, before, currency)
    }

    /// How much of a line, or of a merchant's whole part, was refunded since completion, and of how much; none when there
    /// is nothing to share by.
    pub fn refunded_of(
        &self,
        (merchant, line): (MerchantId, Option<LineId>),
        base: Base,
        base_tax: BaseTax,
    ) -> Option<(i64, i64)> {
        let with_shipping = match base {
            Base::ItemPrice | Base::ItemPriceLessDiscount => false,
            Base::ItemsAndShipping | Base::Paid => true,
        };
        let only = line;
        let (mut refunded, mut base, mut given_back) = (0, 0, true);
        // Lines refunded whole before completion were never charged.
        let of = |line: &&Line| {
            line.completed && line.merchant == merchant && only.is_none_or(|id| id == line.line)
        };
        for line in self.lines.iter().filter(of) {
            let (back, of) = line.goods_refunded();
            (refunded, base) = (refunded + back, base + of);
            // Without goods, a line is given back with the last of its shipping.
            let nothing_left = line.list == 0 && line.shipping_left() == 0;
            // What converted to nothing is given back with the last of it.
            let shared = line.cash() != 0 && (of != 0 || line.goods_left() == 0);
            given_back &= line.given_back || shared || nothing_left;
            if with_shipping {
                let (back, of) = line.shipping_refunded();
                (refunded, base) = (refunded + back, base + of);
            }
            if base_tax == BaseTax::After {
                let [goods, shipping] = self.tax_refunded(line);
                (refunded, base) = (refunded + goods.0, base + goods.1);
                if with_shipping {
                    (refunded, base) = (refunded + shipping.0, base + shipping.1);
                }
            }
        }
        (base != 0 || given_back).then_some((refunded, base))
    }
}

#[cfg(test)]
mod tests;
