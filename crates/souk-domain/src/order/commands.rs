//! What can be asked of an order. Amounts are decimals in the order's currency.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::account::DifferenceClass;
use souk_journal::ids::{Id, JurisdictionId, LineId, MerchantId, OrderId, PaymentId, RefundId};
use souk_journal::money::Amount;

use super::events::{Cover, FundedBy, Funding, Invoiceable, PartnerKind, PromotionKind};
use crate::rate::Rate;
use crate::tariff::events::{Base, TaxMode};

/// A discount the platform or a partner funds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FundedDiscount {
    /// How much, ≥ 0.
    pub amount: Amount,
    /// Where it is booked.
    pub funding: Funding,
}

/// Tax on a line that the platform collects from the buyer: by its rate, or with the amounts that a tax engine gave. Tax
/// that the merchant owes itself is part of its price, and no tax of the platform's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxToPlace {
    /// Whom it is owed to, such as `US-CA`; once per line.
    pub jurisdiction: JurisdictionId,
    /// Its rate on what the buyer pays for the goods.
    #[serde(default)]
    pub rate: Option<Rate>,
    /// Its rate on the shipping, when that is another one.
    #[serde(default)]
    pub shipping_rate: Option<Rate>,
    /// Instead of a rate: the tax on the goods, ≥ 0.
    #[serde(default)]
    pub goods: Option<Amount>,
    /// Instead of a rate: the tax on the shipping, ≥ 0.
    #[serde(default)]
    pub shipping: Option<Amount>,
    /// Whether it is within price and shipping, or comes on top of them.
    #[serde(default)]
    pub mode: TaxMode,
}

/// A line of an order as it is placed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LineToPlace<'a> {
    /// Unique within the order.
    pub line: LineId,
    /// Who sells it.
    pub merchant: MerchantId,
    /// Category path, parts joined by `/`.
    #[serde(borrow, default)]
    pub category: Option<Cow<'a, str>>,
    /// List price of the whole line, ≥ 0.
    pub price: Amount,
    /// Shipping the buyer pays, ≥ 0.
    #[serde(default)]
    pub shipping: Amount,
    /// Discount the merchant funds, ≥ 0.
    #[serde(default)]
    pub merchant_discount: Amount,
    /// Discount the platform or a partner funds.
    #[serde(default)]
    pub platform_discount: Option<FundedDiscount>,
    /// How many units it is of, ≥ 1.
    #[serde(default = "one")]
    pub units: u32,
    /// Who ships it, as the tariff names it.
    #[serde(borrow, default)]
    pub fulfilment: Option<Cow<'a, str>>,
    /// Tax that the platform collects.
    #[serde(default)]
    pub taxes: Vec<TaxToPlace>,
}

fn one() -> u32 {
    1
}

/// A promotion over lines of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Promotion {
    /// Its name, unique within the order.
    pub promotion: Id,
    /// What it is.
    pub kind: PromotionKind,
    /// How much it takes off in all, ≥ 0; split over its lines by largest remainder.
    pub amount: Amount,
    /// Who funds it.
    pub funded_by: FundedBy,
    /// The lines it is for; none named means all.
    #[serde(default)]
    pub lines: Vec<LineId>,
}

/// Places an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceOrder<'a> {
    /// The order.
    pub order: OrderId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// Where it goes, as the tariff names it.
    #[serde(borrow, default)]
    pub region: Option<Cow<'a, str>>,
    /// Its lines; none when the source knows none.
    #[serde(borrow)]
    pub lines: Vec<LineToPlace<'a>>,
    /// Promotions, beside the discounts that lines name themselves.
    #[serde(default)]
    pub promotions: Vec<Promotion>,
}

/// Attributes lines to a partner who earns from their sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttributeOrder {
    /// The order.
    pub order: OrderId,
    /// The partner: a merchant of this kind.
    pub partner: MerchantId,
    /// What it is to the sale.
    pub kind: PartnerKind,
    /// The share of the sale that seller and partner have agreed.
    pub rate: Rate,
    /// What the share is of.
    #[serde(default = "goods")]
    pub base: Base,
    /// The platform's part of it, tax included.
    #[serde(default)]
    pub platform_share: Rate,
    /// The rate of the tax within the platform's part.
    #[serde(default)]
    pub tax_rate: Rate,
    /// The lines; none named are all whose seller has not completed.
    #[serde(default)]
    pub lines: Vec<LineId>,
}

fn goods() -> Base {
    Base::ItemPriceLessDiscount
}

/// Records a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayOrder<'a> {
    /// The order.
    pub order: OrderId,
    /// Unique within the order.
    pub payment: PaymentId,
    /// How: `credit_card`, `boleto`, ….
    #[serde(borrow)]
    pub method: Cow<'a, str>,
    /// Whether it is a voucher, gift card or points: buyer credit, not provider cash.
    #[serde(default)]
    pub voucher: bool,
    /// How much, ≥ 0.
    pub amount: Amount,
}

/// Books what was paid beyond or below items and freight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BookDifference {
    /// The order.
    pub order: OrderId,
    /// Why.
    pub class: DifferenceClass,
}

/// Records what the payment channel takes for a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncurChannelFee {
    /// The order.
    pub order: OrderId,
    /// The payment.
    pub payment: PaymentId,
    /// Its share of the payment.
    pub rate: Rate,
    /// Whether the channel gives it back in proportion to refunds.
    #[serde(default)]
    pub returned_on_refund: bool,
}

/// Records that a merchant shipped its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipOrder {
    /// The order.
    pub order: OrderId,
    /// The merchant.
    pub merchant: MerchantId,
}

/// Completes a merchant's part: the buyer has the goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteOrder {
    /// The order.
    pub order: OrderId,
    /// The merchant.
    pub merchant: MerchantId,
}

/// A line to refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LineToRefund {
    /// The line.
    pub line: LineId,
    /// Of the goods, what the buyer gets back, ≥ 0.
    #[serde(default)]
    pub principal: Amount,
    /// Of the shipping, ≥ 0.
    #[serde(default)]
    pub shipping: Amount,
    /// Goods that cost the buyer nothing come back: their fees and discounts come back with them.
    #[serde(default)]
    pub free_goods: bool,
}

/// A payment to refund to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentToRefund {
    /// The payment.
    pub payment: PaymentId,
    /// How much of it, ≥ 0.
    pub amount: Amount,
}

/// Issues a refund: of lines, or of everything that is left, a booked difference included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueRefund<'a> {
    /// The order.
    pub order: OrderId,
    /// Unique within the order.
    pub refund: RefundId,
    /// Everything that is left; then `lines` is empty.
    #[serde(default)]
    pub everything: bool,
    /// What is refunded.
    #[serde(default)]
    pub lines: Vec<LineToRefund>,
    /// To which payments; by default in the order of payment.
    #[serde(default)]
    pub payments: Vec<PaymentToRefund>,
    /// Why.
    #[serde(borrow, default)]
    pub reason: Option<Cow<'a, str>>,
}

/// Records that a refund reached the buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmRefund {
    /// The order.
    pub order: OrderId,
    /// The refund.
    pub refund: RefundId,
}

/// Records that a refund did not reach the buyer; it stays owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FailRefund<'a> {
    /// The order.
    pub order: OrderId,
    /// The refund.
    pub refund: RefundId,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
}

/// Pays a buyer ahead of the refund of lines: the platform's own money, until the merchant or the platform bears it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdvanceRefund<'a> {
    /// The order.
    pub order: OrderId,
    /// Unique within the order, among its refunds and claims too.
    pub advance: RefundId,
    /// What is paid ahead; goods that cost the buyer nothing cannot be.
    pub lines: Vec<LineToRefund>,
    /// To which payments; by default in the order of payment.
    #[serde(default)]
    pub payments: Vec<PaymentToRefund>,
    /// Why.
    #[serde(borrow, default)]
    pub reason: Option<Cow<'a, str>>,
}

/// Recovers an advance from the merchants of its lines: from escrow before completion, from what they are owed after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecoverAdvance<'a> {
    /// The order.
    pub order: OrderId,
    /// The advance.
    pub advance: RefundId,
    /// A part of it; none named is all that is left.
    #[serde(default)]
    pub lines: Vec<LineToRefund>,
    /// Why.
    #[serde(borrow, default)]
    pub reason: Option<Cow<'a, str>>,
}

/// The platform bears what is left of an advance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BearAdvance<'a> {
    /// The order.
    pub order: OrderId,
    /// The advance.
    pub advance: RefundId,
    /// Why.
    #[serde(borrow, default)]
    pub reason: Option<Cow<'a, str>>,
}

/// Pays a claim for the freight of a return, or notes that the insurer did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayClaim {
    /// The order.
    pub order: OrderId,
    /// Unique within the order, among its refunds too.
    pub claim: RefundId,
    /// Whose goods were returned.
    pub merchant: MerchantId,
    /// How much, > 0.
    pub amount: Amount,
    /// Who bears it, and who pays the buyer.
    pub cover: Cover,
    /// Through which payment the buyer gets it; by default the first in money.
    #[serde(default)]
    pub payment: Option<PaymentId>,
}

/// Records that the insurer paid the platform for a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CollectClaim<'a> {
    /// The order.
    pub order: OrderId,
    /// The claim.
    pub claim: RefundId,
    /// How much; absent: all that is left.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// The transfer at the bank.
    #[serde(borrow)]
    pub transfer: Cow<'a, str>,
}

/// Records that a supplier was paid what fees of the order, taken in its name, have left for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemitSupplierPart<'a> {
    /// The order.
    pub order: OrderId,
    /// The merchant that bore the fees.
    pub merchant: MerchantId,
    /// The supplier, as an opaque id.
    pub supplier: Id,
    /// The transfer at the bank.
    #[serde(borrow)]
    pub transfer: Cow<'a, str>,
}

/// Puts on hold what a completed line brought its merchant, in whole or in part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceHold<'a> {
    /// The order.
    pub order: OrderId,
    /// The hold, unique in the order.
    pub hold: Id,
    /// The line.
    pub line: LineId,
    /// How much, > 0, in the currency of the settlement; absent: all that is left of the sale.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// Why: a code of the platform's own, such as `suspected-fraud`.
    pub reason: Id,
    /// In a few words.
    #[serde(borrow, default)]
    pub note: Option<Cow<'a, str>>,
}

/// Lets go of a hold, in whole or in part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseHold<'a> {
    /// The order.
    pub order: OrderId,
    /// The hold.
    pub hold: Id,
    /// How much, > 0; absent: all that is held.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// In a few words.
    #[serde(borrow, default)]
    pub note: Option<Cow<'a, str>>,
}

/// Cancels an order that no merchant has completed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelOrder<'a> {
    /// The order.
    pub order: OrderId,
    /// Why.
    #[serde(borrow, default)]
    pub reason: Option<Cow<'a, str>>,
}

/// Records that a fee of an order stands on an invoice to its merchant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoiceFee {
    /// The order.
    pub order: OrderId,
    /// The merchant.
    pub merchant: MerchantId,
    /// The fee.
    pub fee: Invoiceable,
    /// Number of the invoice.
    pub invoice: Id,
}

/// Records that a red-letter invoice was issued for what came back of an invoiced fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueRedLetter {
    /// The order.
    pub order: OrderId,
    /// The merchant.
    pub merchant: MerchantId,
    /// The fee.
    pub fee: Invoiceable,
    /// Number of the red-letter invoice.
    pub red_letter: Id,
    /// The tax on it; refused when it is not what is pending.
    #[serde(default)]
    pub tax: Option<Amount>,
}

/// A command to an order's stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderCommand<'a> {
    /// Place.
    Place(PlaceOrder<'a>),
    /// Attribute.
    Attribute(AttributeOrder),
    /// Pay.
    Pay(PayOrder<'a>),
    /// Book a difference.
    BookDifference(BookDifference),
    /// Incur a channel fee.
    IncurChannelFee(IncurChannelFee),
    /// Ship.
    Ship(ShipOrder),
    /// Complete.
    Complete(CompleteOrder),
    /// Refund.
    Refund(IssueRefund<'a>),
    /// Refund paid.
    ConfirmRefund(ConfirmRefund),
    /// Refund failed.
    FailRefund(FailRefund<'a>),
    /// Pay a buyer ahead.
    Advance(AdvanceRefund<'a>),
    /// Recover what was paid ahead.
    RecoverAdvance(RecoverAdvance<'a>),
    /// Bear what was paid ahead.
    BearAdvance(BearAdvance<'a>),
    /// Pay a claim.
    PayClaim(PayClaim),
    /// Collect a claim.
    CollectClaim(CollectClaim<'a>),
    /// Pay a supplier.
    RemitSupplierPart(RemitSupplierPart<'a>),
    /// Place a hold.
    PlaceHold(PlaceHold<'a>),
    /// Release a hold.
    ReleaseHold(ReleaseHold<'a>),
    /// Cancel.
    Cancel(CancelOrder<'a>),
    /// A fee invoiced.
    InvoiceFee(InvoiceFee),
    /// A red-letter invoice.
    IssueRedLetter(IssueRedLetter),
}

impl OrderCommand<'_> {
    /// The order.
    pub fn order(&self) -> OrderId {
        match self {
            Self::Place(of) => of.order,
            Self::Attribute(of) => of.order,
            Self::Pay(of) => of.order,
            Self::BookDifference(of) => of.order,
            Self::IncurChannelFee(of) => of.order,
            Self::Ship(of) => of.order,
            Self::Complete(of) => of.order,
            Self::Refund(of) => of.order,
            Self::ConfirmRefund(of) => of.order,
            Self::FailRefund(of) => of.order,
            Self::Advance(of) => of.order,
            Self::RecoverAdvance(of) => of.order,
            Self::BearAdvance(of) => of.order,
            Self::PayClaim(of) => of.order,
            Self::CollectClaim(of) => of.order,
            Self::RemitSupplierPart(of) => of.order,
            Self::PlaceHold(of) => of.order,
            Self::ReleaseHold(of) => of.order,
            Self::Cancel(of) => of.order,
            Self::InvoiceFee(of) => of.order,
            Self::IssueRedLetter(of) => of.order,
        }
    }
}
