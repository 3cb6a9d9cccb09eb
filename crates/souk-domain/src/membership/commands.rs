//! What can be asked of a term that is sold.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::ids::MembershipId;
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
            Self::ConfirmRefund(of) => of.membership,
        }
    }
}
