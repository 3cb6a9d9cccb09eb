//! What can be asked of a term that is sold.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::{Id, MembershipId};
use souk_journal::money::Amount;

use super::events::{Holder, UnusedRest};
use crate::rate::Rate;
use crate::service_kind::ServiceKind;
use crate::settled_from::TakeFrom;
use crate::tariff::period::ByTariff;

/// Sells a term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChargeMembership<'a> {
    /// The term.
    pub membership: MembershipId,
    /// Who holds it.
    pub holder: Holder,
    /// What is sold.
    #[serde(default)]
    pub service: ServiceKind,
    /// Name of the plan.
    #[serde(borrow)]
    pub plan: Cow<'a, str>,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// The price, tax included; absent: the tariff says it.
    #[serde(default)]
    pub gross: Option<Amount>,
    /// The rate of the tax in it.
    #[serde(default)]
    pub tax_rate: Rate,
    /// Instead of a price: that of a period, in the tariff of the merchant's terms.
    #[serde(borrow, default)]
    pub by_tariff: Option<ByTariff<'a>>,
    /// What becomes of an unused rest.
    #[serde(default)]
    pub unused_rest: UnusedRest,
    /// Who pays; none is the merchant's payable.
    #[serde(borrow, default)]
    pub settled_from: Vec<TakeFrom<'a>>,
}

/// Books what is earned of a term through a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecogniseRevenue {
    /// The term.
    pub membership: MembershipId,
    /// The last day that counts; it has ended.
    pub through: Date,
}

/// Ends a term early.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelMembership<'a> {
    /// The term.
    pub membership: MembershipId,
    /// The last day that was used; a day before the first gives everything back.
    pub on: Date,
    /// What becomes of the rest; absent: as sold.
    #[serde(default)]
    pub unused_rest: Option<UnusedRest>,
    /// Why.
    #[serde(borrow, default)]
    pub reason: Option<Cow<'a, str>>,
}

/// Replaces a running term by a dearer one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpgradeMembership<'a> {
    /// The term.
    pub membership: MembershipId,
    /// First day of the new plan.
    pub on: Date,
    /// Its last day; absent: as before.
    #[serde(default)]
    pub to: Option<Date>,
    /// Name of the new plan.
    #[serde(borrow)]
    pub plan: Cow<'a, str>,
    /// The price of the new plan from `on` to its last day, tax included. The unused rest of the old one is credited
    /// against it.
    pub gross: Amount,
    /// The rate of the tax in it; absent: as before.
    #[serde(default)]
    pub tax_rate: Option<Rate>,
    /// Who pays what the credit leaves; none is the merchant's payable.
    #[serde(borrow, default)]
    pub settled_from: Vec<TakeFrom<'a>>,
}

/// Records that the refund of a cancelled term reached whoever had paid outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmMembershipRefund {
    /// The term.
    pub membership: MembershipId,
}

/// Agrees that a term renews itself: every period after this one is charged to the merchant's payable by `souk tick`. What
/// was agreed before holds for periods that have begun; so a downgrade is a renewal agreed at the lower plan, from the end
/// of what is paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreeRenewal<'a> {
    /// The term that was sold first; its renewals hang on it.
    pub membership: MembershipId,
    /// Name of the plan of the periods to come.
    #[serde(borrow)]
    pub plan: Cow<'a, str>,
    /// The price of a period, tax included.
    pub gross: Amount,
    /// The rate of the tax in it; absent: as the term was sold.
    #[serde(default)]
    pub tax_rate: Option<Rate>,
    /// Months of a period, 1 to 120.
    pub months: u16,
}

/// Ends the agreement: no period that begins after today is charged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndRenewal<'a> {
    /// The term that was sold first.
    pub membership: MembershipId,
    /// Why.
    #[serde(borrow, default)]
    pub reason: Option<Cow<'a, str>>,
}

/// Records that the price of the present plan stands on an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoiceMembership {
    /// The term.
    pub membership: MembershipId,
    /// Number of the invoice.
    pub invoice: Id,
}

/// Records that a red-letter invoice was issued for what came back of an invoiced plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueMembershipRedLetter {
    /// The term.
    pub membership: MembershipId,
    /// Number of the red-letter invoice.
    pub red_letter: Id,
    /// The tax on it; refused when it is not what is pending.
    #[serde(default)]
    pub tax: Option<Amount>,
}

/// A command to a term's stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MembershipCommand<'a> {
    /// Sell.
    Charge(ChargeMembership<'a>),
    /// Recognise revenue.
    Recognise(RecogniseRevenue),
    /// Cancel.
    Cancel(CancelMembership<'a>),
    /// Upgrade.
    Upgrade(UpgradeMembership<'a>),
    /// Agree to renew.
    AgreeRenewal(AgreeRenewal<'a>),
    /// Renew no more.
    EndRenewal(EndRenewal<'a>),
    /// On an invoice.
    Invoice(InvoiceMembership),
    /// A red letter.
    IssueRedLetter(IssueMembershipRedLetter),
    /// The refund is paid.
    ConfirmRefund(ConfirmMembershipRefund),
}

impl MembershipCommand<'_> {
    /// Which term.
    pub fn membership(&self) -> MembershipId {
        match self {
            Self::Charge(of) => of.membership,
            Self::Recognise(of) => of.membership,
            Self::Cancel(of) => of.membership,
            Self::Upgrade(of) => of.membership,
            Self::AgreeRenewal(of) => of.membership,
            Self::EndRenewal(of) => of.membership,
            Self::Invoice(of) => of.membership,
            Self::IssueRedLetter(of) => of.membership,
            Self::ConfirmRefund(of) => of.membership,
        }
    }
}
