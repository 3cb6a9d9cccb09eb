//! What can happen to a term that was sold.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{Id, MerchantId};
use souk_journal::money::{Amount, Currency};

use crate::opening::events::MembershipBroughtForward;
use crate::rate::Rate;
use crate::segment::Segment;
use crate::service_kind::{ServiceKind, name_of_a_service};
use crate::settled_from::SettledFrom;
use crate::tariff::period::PricedBy;

/// Who holds a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Holder {
    /// A merchant.
    Merchant(MerchantId),
    /// A buyer, as an opaque id.
    Buyer(Id),
}

impl Holder {
    /// The merchant, if it is one.
    pub fn merchant(self) -> Option<MerchantId> {
        match self {
            Self::Merchant(merchant) => Some(merchant),
            Self::Buyer(_) => None,
        }
    }
}

/// What becomes of the unused rest of a term that is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UnusedRest {
    /// It goes back to whoever paid, with its tax.
    #[default]
    Returned,
    /// It is the platform's: revenue.
    Forfeited,
}

/// A plan over its days, and its price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan<'a> {
    /// Its name.
    #[serde(borrow)]
    pub plan: Cow<'a, str>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// The price, tax included.
    pub gross: Amount,
    /// Without tax: what is deferred.
    pub net: Amount,
    /// Tax.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub tax: Amount,
    /// Rate of the tax.
    pub tax_rate: Rate,
}

/// A term was sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MembershipCharged<'a> {
    /// Who holds it.
    pub holder: Holder,
    /// What was sold: the line of revenue.
    #[schemars(schema_with = "name_of_a_service")]
    pub service: ServiceKind,
    /// Currency.
    pub currency: Currency,
    /// The plan and its price.
    #[serde(borrow)]
    pub plan: Plan<'a>,
    /// What becomes of an unused rest.
    pub unused_rest: UnusedRest,
    /// Who paid.
    #[serde(borrow)]
    pub settled_from: Vec<SettledFrom<'a>>,
    /// Tier of the merchant, as it was when the term was sold.
    #[serde(borrow, default, skip_serializing_if = "Segment::is_none")]
    pub segment: Segment<'a>,
    /// The tariff that said the price; absent: the command did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priced_by: Option<PricedBy>,
}

/// A part of the price was earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevenueRecognised<'a> {
    /// Who holds the term.
    pub holder: Holder,
    /// The line of revenue.
    #[schemars(schema_with = "name_of_a_service")]
    pub service: ServiceKind,
    /// Currency.
    pub currency: Currency,
    /// The last day that counts.
    pub through: Date,
    /// Earned by that day, from the first one on.
    pub earned: Amount,
    /// What this adds: `earned` less what was recognised before.
    pub amount: Amount,
    /// Tier of the merchant, as it was when the term was sold.
    #[serde(borrow, default, skip_serializing_if = "Segment::is_none")]
    pub segment: Segment<'a>,
}

/// A term gave way to a dearer one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MembershipUpgraded<'a> {
    /// Who holds it.
    pub holder: Holder,
    /// The line of revenue.
    #[schemars(schema_with = "name_of_a_service")]
    pub service: ServiceKind,
    /// Currency.
    pub currency: Currency,
    /// Earned of the old plan up to the day before, and not recognised yet.
    pub catch_up: Amount,
    /// The unused rest of the old plan without tax: it pays for a part of the new one.
    pub credited_net: Amount,
    /// Its tax.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub credited_tax: Amount,
    /// The new plan and its price.
    #[serde(borrow)]
    pub plan: Plan<'a>,
    /// Who paid what the credit left.
    #[serde(borrow)]
    pub settled_from: Vec<SettledFrom<'a>>,
    /// Tier of the merchant, as it was when the term was sold.
    #[serde(borrow, default, skip_serializing_if = "Segment::is_none")]
    pub segment: Segment<'a>,
}

/// A term ended early.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MembershipCancelled<'a> {
    /// Who held it.
    pub holder: Holder,
    /// The line of revenue.
    #[schemars(schema_with = "name_of_a_service")]
    pub service: ServiceKind,
    /// Currency.
    pub currency: Currency,
    /// The last day that was used.
    pub on: Date,
    /// Earned by that day, less what was recognised; below zero when more was.
    pub catch_up: Amount,
    /// The unused rest that is kept: revenue.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub forfeited: Amount,
    /// The unused rest that goes back.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub refunded_net: Amount,
    /// Its tax.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub refunded_tax: Amount,
    /// To whom.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub returned_to: Vec<SettledFrom<'a>>,
    /// Tier of the merchant, as it was when the term was sold.
    #[serde(borrow, default, skip_serializing_if = "Segment::is_none")]
    pub segment: Segment<'a>,
    /// Why.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Cow<'a, str>>,
}

/// What went back outside reached whoever had paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MembershipRefundPaid<'a> {
    /// Currency.
    pub currency: Currency,
    /// To which payments and transfers.
    #[serde(borrow)]
    pub to: Vec<SettledFrom<'a>>,
}

/// The price of a plan stands on an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MembershipInvoiced {
    /// Who holds the term.
    pub holder: Holder,
    /// The line of revenue.
    #[schemars(schema_with = "name_of_a_service")]
    pub service: ServiceKind,
    /// Number of the invoice.
    pub invoice: Id,
    /// Currency.
    pub currency: Currency,
    /// The price without tax.
    pub amount: Amount,
    /// Its tax.
    pub tax: Amount,
}

/// A red-letter invoice was issued for everything that came back of an invoiced plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MembershipRedLetterIssued {
    /// Who holds the term.
    pub holder: Holder,
    /// The line of revenue.
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

/// A term renews itself: the periods that begin after this day are charged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenewalAgreed<'a> {
    /// Who holds the term.
    pub holder: Holder,
    /// The line of revenue.
    #[schemars(schema_with = "name_of_a_service")]
    pub service: ServiceKind,
    /// Currency.
    pub currency: Currency,
    /// The day it was agreed; periods that began before it stay as they are.
    pub agreed_on: Date,
    /// Name of the plan.
    #[serde(borrow)]
    pub plan: Cow<'a, str>,
    /// The price of a period, tax included.
    pub gross: Amount,
    /// Rate of the tax in it.
    pub tax_rate: Rate,
    /// Months of a period.
    pub months: u16,
    /// What becomes of an unused rest.
    pub unused_rest: UnusedRest,
}

/// A term renews itself no more: what begins after this day is not charged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenewalEnded<'a> {
    /// Who holds the term.
    pub holder: Holder,
    /// The day.
    pub ended_on: Date,
    /// Why.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Cow<'a, str>>,
}

event_table! {
    /// Everything that can happen to a term.
    pub enum MembershipEvent<'a> {
        /// Brought forward when going live.
        BroughtForward(MembershipBroughtForward<'a>) = MembershipBroughtForward v 1,
        /// Sold.
        Charged(MembershipCharged<'a>) = MembershipCharged v 2,
        /// A part was earned.
        Recognised(RevenueRecognised<'a>) = RevenueRecognised v 2,
        /// Upgraded.
        Upgraded(MembershipUpgraded<'a>) = MembershipUpgraded v 2,
        /// Cancelled.
        Cancelled(MembershipCancelled<'a>) = MembershipCancelled v 2,
        /// Renews itself (memo).
        RenewalAgreed(RenewalAgreed<'a>) = RenewalAgreed v 1,
        /// Renews no more (memo).
        RenewalEnded(RenewalEnded<'a>) = RenewalEnded v 1,
        /// On an invoice (memo).
        Invoiced(MembershipInvoiced) = MembershipInvoiced v 1,
        /// A red letter (memo).
        RedLetterIssued(MembershipRedLetterIssued) = MembershipRedLetterIssued v 1,
        /// The refund was paid.
        RefundPaid(MembershipRefundPaid<'a>) = MembershipRefundPaid v 1,
    }
}
