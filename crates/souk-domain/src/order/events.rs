//! What can happen to an order. The order is named by the stream; amounts are decimals in
//! `currency`, at its scale.

mod advances;
mod charges;
mod claims;
mod holds;
mod invoices;
mod partners;
mod taxes;

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::account::DifferenceClass;
use souk_journal::dates::Date;
use souk_journal::ids::{Id, LineId, MerchantId, PaymentId, RefundId};
use souk_journal::money::{Amount, Currency};

use crate::rate::Rate;
use crate::segment::Segment;
use crate::tariff::events::FeeKind;

pub use super::conversion::{Conversion, MerchantConversion, SettledRefund, SettledSale};
pub use advances::{AdvanceBorne, AdvanceRecovered, AdvancedLine, RefundAdvanced};
pub use charges::{ChargedLine, ChargedPart, FeeCharged, FeeReturned, ReturnedLine};
pub use claims::{ClaimCollected, ClaimPaid, Cover, SupplierPartRemitted};
pub use holds::{HoldPlaced, HoldReleased};
pub use invoices::{FeeInvoiced, Invoiceable, RedLetterIssued};
pub use partners::{
    OrderAttributed, PartnerCommissionCharged, PartnerCommissionReturned, PartnerKind, PartnerLine,
    PartnerLineReturned,
};
pub use taxes::{
    AssessedTax, CollectedTax, RefundedTax, TaxAssessed, TaxCollected, TaxRefunded, TaxWithheld,
    WithholdingReturned,
};

/// Where a discount that the merchant does not fund is booked; frozen when the order is placed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Funding {
    /// The platform, as a reduction of its revenue.
    PlatformSubsidy,
    /// The platform, as marketing expense.
    BuyerIncentives,
    /// A partner, who owes it.
    Partner,
}

/// Who funds a promotion, and how it is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FundedBy {
    /// The merchant of the line.
    Merchant,
    /// The platform, as a reduction of its revenue.
    PlatformSubsidy,
    /// The platform, as marketing expense.
    BuyerIncentives,
    /// A partner, who owes it.
    Partner,
}

/// What a promotion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PromotionKind {
    /// So much off from so much on.
    FullReduction,
    /// A coupon.
    Coupon,
    /// A price for a short time.
    FlashSale,
    /// A price for members.
    MemberPrice,
}

/// A promotion's part of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LineDiscount {
    /// The promotion.
    pub promotion: Id,
    /// What it is.
    pub kind: PromotionKind,
    /// Who funds it.
    pub funded_by: FundedBy,
    /// Its part, among the line's discounts.
    pub amount: Amount,
}

/// A line as placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlacedLine<'a> {
    /// The line.
    pub line: LineId,
    /// Who sells it.
    pub merchant: MerchantId,
    /// Category path.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub category: Option<&'a str>,
    /// List price.
    pub price: Amount,
    /// Shipping.
    pub shipping: Amount,
    /// Funded by the merchant.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub merchant_discount: Amount,
    /// Funded by someone else.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub platform_discount: Amount,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funding: Option<Funding>,
    /// The promotions that are among these discounts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub discounts: Vec<LineDiscount>,
    /// How many units it is of.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub units: u32,
    /// Who ships it, as the tariff names it.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub fulfilment: Option<&'a str>,
}

fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_one(units: &u32) -> bool {
    *units == 1
}

/// An order was placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderPlaced<'a> {
    /// Currency of every amount of the order.
    pub currency: Currency,
    /// Date in the platform's zone.
    pub placed_on: Date,
    /// Where it goes, as the tariff names it.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub region: Option<&'a str>,
    /// Its lines.
    #[serde(borrow)]
    pub lines: Vec<PlacedLine<'a>>,
}

/// A merchant's part of an amount; of no merchant when the order has no lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The merchant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<MerchantId>,
    /// Its part.
    pub amount: Amount,
}

/// A payment was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderPaid<'a> {
    /// The payment.
    pub payment: PaymentId,
    /// How.
    pub method: &'a str,
    /// Whether it is buyer credit instead of provider cash.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub voucher: bool,
    /// Currency.
    pub currency: Currency,
    /// How much.
    pub amount: Amount,
    /// Split over merchants, cumulatively by largest remainder.
    pub split: Vec<Part>,
}

/// What was paid beyond (positive) or below items and freight was booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderDifferenceBooked {
    /// Why.
    pub class: DifferenceClass,
    /// Currency.
    pub currency: Currency,
    /// Paid less items and freight.
    pub amount: Amount,
    /// Out of (or into) whose escrow.
    pub split: Vec<Part>,
}

/// A payment channel took its fee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelFeeIncurred<'a> {
    /// The payment.
    pub payment: PaymentId,
    /// How it was paid.
    pub method: &'a str,
    /// Currency.
    pub currency: Currency,
    /// The payment's amount.
    pub base: Amount,
    /// The channel's share.
    pub rate: Rate,
    /// What it took.
    pub amount: Amount,
    /// Whether it is given back in proportion to refunds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub returned_on_refund: bool,
}

/// A payment channel gave back a part of its fee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelFeeReturned<'a> {
    /// The payment.
    pub payment: PaymentId,
    /// How it was paid.
    pub method: &'a str,
    /// The refund.
    pub refund: RefundId,
    /// Currency.
    pub currency: Currency,
    /// What came back.
    pub amount: Amount,
}

/// A merchant shipped its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderShipped {
    /// The merchant.
    pub merchant: MerchantId,
}

/// A line as completed: what is left of it after refunds before completion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompletedLine<'a> {
    /// The line.
    pub line: LineId,
    /// Category path.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub category: Option<&'a str>,
    /// Goods at list price.
    pub principal: Amount,
    /// Shipping.
    pub shipping: Amount,
    /// Funded by the merchant.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub merchant_discount: Amount,
    /// Funded by someone else.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub platform_discount: Amount,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funding: Option<Funding>,
    /// The line in the currency of the settlement, where that is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<SettledSale>,
}

/// A merchant's part was completed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderCompleted<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// Number of the merchant's terms in force.
    pub terms: u32,
    /// The sale falls due: business date of completion + hold days.
    pub due_on: Date,
    /// How it was converted, when the merchant is settled in another currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion: Option<Conversion>,
    /// Region of the order and tier of the merchant, as they were.
    #[serde(borrow, default, skip_serializing_if = "Segment::is_none")]
    pub segment: Segment<'a>,
    /// The lines.
    #[serde(borrow)]
    pub lines: Vec<CompletedLine<'a>>,
}

/// A line as refunded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundedLine<'a> {
    /// The line.
    pub line: LineId,
    /// Who sold it.
    pub merchant: MerchantId,
    /// Category path.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub category: Option<&'a str>,
    /// When it falls due for the merchant; absent before completion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Of the goods, what the buyer gets back.
    pub principal: Amount,
    /// Of the shipping.
    pub shipping: Amount,
    /// Of the discount someone else funded; taken back from the merchant after completion.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub subsidy: Amount,
    /// Who had funded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funding: Option<Funding>,
    /// Goods that had cost the buyer nothing came back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub free_goods: bool,
    /// What it takes from the merchant in the currency of its settlement, where that is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled: Option<SettledRefund>,
    /// Region of the order and tier of the merchant, as they were at completion.
    #[serde(borrow, default, skip_serializing_if = "Segment::is_none")]
    pub segment: Segment<'a>,
}

/// A booked difference, as refunded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundedDifference {
    /// Its class.
    pub class: DifferenceClass,
    /// Its amount, signed as it was booked.
    pub amount: Amount,
}

/// A payment that a refund goes back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundTarget {
    /// The payment.
    pub payment: PaymentId,
    /// Whether it goes back as buyer credit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub voucher: bool,
    /// How much.
    pub amount: Amount,
}

/// A refund was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundIssued<'a> {
    /// The refund.
    pub refund: RefundId,
    /// Currency.
    pub currency: Currency,
    /// The lines.
    #[serde(borrow)]
    pub lines: Vec<RefundedLine<'a>>,
    /// How the sales of these merchants had been converted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conversions: Vec<MerchantConversion>,
    /// The difference, when everything was refunded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference: Option<RefundedDifference>,
    /// Where the money goes.
    pub to: Vec<RefundTarget>,
    /// Why.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Cow<'a, str>>,
}

/// A refund reached the buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundPaid {
    /// The refund.
    pub refund: RefundId,
    /// Currency.
    pub currency: Currency,
    /// Provider cash, by payment.
    pub to: Vec<RefundTarget>,
}

/// A refund did not reach the buyer; it stays owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundFailed<'a> {
    /// The refund.
    pub refund: RefundId,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// An order was cancelled before any merchant completed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderCancelled<'a> {
    /// Why.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Cow<'a, str>>,
}

event_table! {
    /// Everything that can happen to an order.
    pub enum OrderEvent<'a> {
        /// Placed (memo).
        Placed(OrderPlaced<'a>) = OrderPlaced v 2,
        /// Attributed to a partner (memo).
        Attributed(OrderAttributed) = OrderAttributed v 1,
        /// Paid.
        Paid(OrderPaid<'a>) = OrderPaid v 1,
        /// Difference booked.
        DifferenceBooked(OrderDifferenceBooked) = OrderDifferenceBooked v 1,
        /// Channel fee incurred.
        ChannelFeeIncurred(ChannelFeeIncurred<'a>) = ChannelFeeIncurred v 1,
        /// Channel fee returned.
        ChannelFeeReturned(ChannelFeeReturned<'a>) = ChannelFeeReturned v 1,
        /// Shipped (memo).
        Shipped(OrderShipped) = OrderShipped v 1,
        /// Completed by one merchant.
        Completed(OrderCompleted<'a>) = OrderCompleted v 2,
        /// Commission charged.
        CommissionCharged(FeeCharged<'a>) = CommissionCharged v 3,
        /// Another fee charged.
        FeeCharged(FeeCharged<'a>) = FeeCharged v 3,
        /// A partner's commission charged to the seller.
        PartnerCommissionCharged(PartnerCommissionCharged<'a>) = PartnerCommissionCharged v 1,
        /// Refund issued.
        RefundIssued(RefundIssued<'a>) = RefundIssued v 2,
        /// Refund paid.
        RefundPaid(RefundPaid) = RefundPaid v 1,
        /// Refund failed (memo).
        RefundFailed(RefundFailed<'a>) = RefundFailed v 1,
        /// Fee returned.
        FeeReturned(FeeReturned<'a>) = FeeReturned v 3,
        /// A partner's commission returned.
        PartnerCommissionReturned(PartnerCommissionReturned<'a>) = PartnerCommissionReturned v 1,
        /// A buyer paid ahead.
        RefundAdvanced(RefundAdvanced<'a>) = RefundAdvanced v 1,
        /// An advance recovered.
        AdvanceRecovered(AdvanceRecovered<'a>) = AdvanceRecovered v 1,
        /// An advance borne.
        AdvanceBorne(AdvanceBorne<'a>) = AdvanceBorne v 1,
        /// A claim paid.
        ClaimPaid(ClaimPaid) = ClaimPaid v 1,
        /// A claim collected.
        ClaimCollected(ClaimCollected<'a>) = ClaimCollected v 1,
        /// A supplier paid.
        SupplierPartRemitted(SupplierPartRemitted<'a>) = SupplierPartRemitted v 1,
        /// A hold placed.
        HoldPlaced(HoldPlaced<'a>) = HoldPlaced v 1,
        /// A hold released.
        HoldReleased(HoldReleased<'a>) = HoldReleased v 1,
        /// Cancelled (memo).
        Cancelled(OrderCancelled<'a>) = OrderCancelled v 1,
        /// Tax assessed (memo).
        TaxAssessed(TaxAssessed) = TaxAssessed v 1,
        /// Tax collected.
        TaxCollected(TaxCollected) = TaxCollected v 1,
        /// Collected tax refunded.
        TaxRefunded(TaxRefunded) = TaxRefunded v 1,
        /// Tax withheld.
        TaxWithheld(TaxWithheld) = TaxWithheld v 1,
        /// Withheld tax returned.
        WithholdingReturned(WithholdingReturned) = WithholdingReturned v 1,
        /// A fee invoiced (memo).
        FeeInvoiced(FeeInvoiced) = FeeInvoiced v 1,
        /// A red-letter invoice issued (memo).
        RedLetterIssued(RedLetterIssued) = RedLetterIssued v 1,
    }
}

impl<'a> OrderEvent<'a> {
    /// A charge as its event: commission has a type of its own.
    pub fn of_charge(charged: FeeCharged<'a>) -> Self {
        match charged.fee {
            FeeKind::Commission => Self::CommissionCharged(charged),
            FeeKind::OrderFee
            | FeeKind::PaymentFee
            | FeeKind::TechnicalService
            | FeeKind::ListingFee => Self::FeeCharged(charged),
        }
    }
}
