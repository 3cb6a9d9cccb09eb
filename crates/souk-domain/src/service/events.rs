//! What can happen to a merchant's services in one currency.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{ChargeId, Id, MerchantId, OrderId};
use souk_journal::money::{Amount, Currency};

use crate::rate::Rate;
use crate::segment::Segment;
use crate::service_kind::{ServiceKind, name_of_a_service};
use crate::settled_from::SettledFrom;
use crate::tariff::freight::FreightBy;
use crate::tariff::period::PricedBy;

/// How a price came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Price<'a> {
    /// An amount.
    Fixed {
        /// The amount.
        amount: Amount,
    },
    /// So many units, such as unit-days of storage.
    Units {
        /// How many, a decimal.
        quantity: Amount,
        /// What a unit is.
        #[serde(borrow)]
        unit: Cow<'a, str>,
        /// The price of one; it may have more decimals than the currency.
        unit_price: Amount,
    },
    /// A share of an amount, such as the sales of a month.
    Share {
        /// Of what.
        base: Amount,
        /// The share.
        rate: Rate,
    },
}

/// The part of a price that is a supplier's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ForSupplier {
    /// The insurer or the carrier, as an opaque id.
    pub supplier: Id,
    /// Its part.
    pub amount: Amount,
}

/// What was moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shipment<'a> {
    /// In kilograms, a decimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_kg: Option<Amount>,
    /// Where to.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Cow<'a, str>>,
}

/// The buyer who gets a penalty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PassedTo<'a> {
    /// The buyer, as an opaque id.
    pub buyer: Id,
    /// The payment of the buyer through which it is paid.
    #[serde(borrow)]
    pub payment: Cow<'a, str>,
}

/// A service was charged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceFeeCharged<'a> {
    /// The charge.
    pub charge: ChargeId,
    /// Who is charged.
    pub merchant: MerchantId,
    /// What for.
    #[schemars(schema_with = "name_of_a_service")]
    pub service: ServiceKind,
    /// Currency.
    pub currency: Currency,
    /// How the price came about.
    #[serde(borrow)]
    pub price: Price<'a>,
    /// The platform's revenue: the fee, or the margin, without tax.
    pub net: Amount,
    /// Tax on it.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub tax: Amount,
    /// Rate of the tax.
    pub tax_rate: Rate,
    /// The supplier's part: the platform collects it as an agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<ForSupplier>,
    /// The order it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// What was moved, and where.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub shipment: Option<Shipment<'a>>,
    /// Who paid. With a supplier the merchant bears one price, whose tax is the platform's affair.
    #[serde(borrow)]
    pub settled_from: Vec<SettledFrom<'a>>,
    /// Where the shipment went, if there was one, and tier of the merchant, as they were.
    #[serde(borrow, default, skip_serializing_if = "Segment::is_none")]
    pub segment: Segment<'a>,
    /// The tariff that said the price; absent: the command did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priced_by: Option<Box<PricedBy>>,
    /// The freight table that said the price; absent: none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freight: Option<Box<FreightBy>>,
}

/// A service fee went back, in whole or in part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceFeeReturned<'a> {
    /// The charge.
    pub charge: ChargeId,
    /// To whom.
    pub merchant: MerchantId,
    /// What it was for.
    #[schemars(schema_with = "name_of_a_service")]
    pub service: ServiceKind,
    /// Currency.
    pub currency: Currency,
    /// Of the platform's revenue.
    pub net: Amount,
    /// Of its tax.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub tax: Amount,
    /// Of the supplier's part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<ForSupplier>,
    /// That of the charge.
    #[serde(borrow, default, skip_serializing_if = "Segment::is_none")]
    pub segment: Segment<'a>,
    /// The order it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// Where it went.
    #[serde(borrow)]
    pub returned_to: Vec<SettledFrom<'a>>,
    /// Why.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Cow<'a, str>>,
}

/// A penalty was imposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PenaltyImposed<'a> {
    /// The charge.
    pub charge: ChargeId,
    /// Who pays.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// How much.
    pub amount: Amount,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
    /// The buyer who gets it; absent: the platform keeps it.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub passed_to: Option<PassedTo<'a>>,
    /// The order it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// Who paid.
    #[serde(borrow)]
    pub settled_from: Vec<SettledFrom<'a>>,
}

/// A penalty was waived, in whole or in part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PenaltyWaived<'a> {
    /// The charge.
    pub charge: ChargeId,
    /// To whom it goes back.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// How much.
    pub amount: Amount,
    /// Whether the buyer would have got it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_passed: bool,
    /// The order it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// Where it went.
    #[serde(borrow)]
    pub returned_to: Vec<SettledFrom<'a>>,
    /// Why.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Cow<'a, str>>,
}

/// What waited in transit under a charge was paid out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceRefundPaid<'a> {
    /// The charge.
    pub charge: ChargeId,
    /// Currency.
    pub currency: Currency,
    /// The order it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// Through which payments and transfers.
    #[serde(borrow)]
    pub to: Vec<SettledFrom<'a>>,
}

/// A supplier was paid of what was collected in its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PremiumRemitted<'a> {
    /// The merchant that paid the premiums.
    pub merchant: MerchantId,
    /// The supplier.
    pub supplier: Id,
    /// Currency.
    pub currency: Currency,
    /// How much.
    pub amount: Amount,
    /// The transfer at the bank.
    #[serde(borrow)]
    pub transfer: Cow<'a, str>,
}

/// A loan was granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoanGranted<'a> {
    /// The loan.
    pub loan: ChargeId,
    /// To whom.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// What is lent.
    pub principal: Amount,
    /// When the payable gets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// The transfer at the bank, when it was paid out there.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub transfer: Option<Cow<'a, str>>,
}

/// Principal of a loan was repaid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoanRepaid<'a> {
    /// The loan.
    pub loan: ChargeId,
    /// By whom.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// How much of the principal.
    pub amount: Amount,
    /// Who paid.
    #[serde(borrow)]
    pub settled_from: Vec<SettledFrom<'a>>,
}

/// What was paid early of the items of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdvancedDay {
    /// The day on which the items fall due.
    pub due_on: Date,
    /// What was paid for them.
    pub amount: Amount,
}

/// A merchant was paid now for items that fall due later, less a fee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PayoutAdvanced<'a> {
    /// The early payout.
    pub payout: ChargeId,
    /// To whom.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// The entry at which the books stood that said what falls due.
    pub entry: u64,
    /// What was paid, by the day on which it comes back out of the payable.
    pub days: Vec<AdvancedDay>,
    /// The fee, without tax.
    pub fee: Amount,
    /// Tax on it.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub tax: Amount,
    /// The fee as a share of what is paid early, fee and tax included; zero when it was an amount.
    pub rate: Rate,
    /// Rate of the tax.
    pub tax_rate: Rate,
    /// The day that bears the fee: that of the largest part.
    pub fee_due_on: Date,
    /// The transfer at the bank.
    #[serde(borrow)]
    pub transfer: Cow<'a, str>,
}

/// A service fee stands on an invoice, less what had come back of it until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceFeeInvoiced {
    /// The charge.
    pub charge: ChargeId,
    /// To whom.
    pub merchant: MerchantId,
    /// What it was for.
    #[schemars(schema_with = "name_of_a_service")]
    pub service: ServiceKind,
    /// Number of the invoice, which may have many charges.
    pub invoice: Id,
    /// Currency.
    pub currency: Currency,
    /// The fee, or the margin, without tax.
    pub amount: Amount,
    /// Its tax.
    pub tax: Amount,
}

/// A red-letter invoice was issued for everything that had come back of an invoiced service fee since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceRedLetterIssued {
    /// The charge.
    pub charge: ChargeId,
    /// To whom.
    pub merchant: MerchantId,
    /// What it was for.
    #[schemars(schema_with = "name_of_a_service")]
    pub service: ServiceKind,
    /// Number of the invoice that it reduces.
    pub invoice: Id,
    /// Its own number.
    pub red_letter: Id,
    /// Currency.
    pub currency: Currency,
    /// What came back, without tax.
    pub amount: Amount,
    /// The tax on it.
    pub tax: Amount,
}

event_table! {
    /// Everything that can happen to a merchant's services.
    pub enum ServiceEvent<'a> {
        /// Charged.
        Charged(ServiceFeeCharged<'a>) = ServiceFeeCharged v 3,
        /// Returned.
        Returned(ServiceFeeReturned<'a>) = ServiceFeeReturned v 2,
        /// A supplier paid.
        Remitted(PremiumRemitted<'a>) = PremiumRemitted v 1,
        /// A loan.
        LoanGranted(LoanGranted<'a>) = LoanGranted v 1,
        /// A loan repaid.
        LoanRepaid(LoanRepaid<'a>) = LoanRepaid v 1,
        /// Paid early.
        PayoutAdvanced(PayoutAdvanced<'a>) = PayoutAdvanced v 1,
        /// A penalty.
        Imposed(PenaltyImposed<'a>) = PenaltyImposed v 1,
        /// A penalty waived.
        Waived(PenaltyWaived<'a>) = PenaltyWaived v 1,
        /// On an invoice (memo).
        Invoiced(ServiceFeeInvoiced) = ServiceFeeInvoiced v 1,
        /// A red letter (memo).
        RedLetterIssued(ServiceRedLetterIssued) = ServiceRedLetterIssued v 1,
        /// Paid out.
        RefundPaid(ServiceRefundPaid<'a>) = ServiceRefundPaid v 1,
    }
}
