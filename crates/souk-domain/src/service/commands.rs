//! What can be asked of a merchant's services in one currency.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use souk_journal::dates::Date;
use souk_journal::entry::EntryNumber;
use souk_journal::ids::{ChargeId, Id, MerchantId, OrderId};
use souk_journal::money::Amount;

use super::events::{ForSupplier, PassedTo, Price, Shipment};
use crate::rate::Rate;
use crate::service_kind::ServiceKind;
use crate::settled_from::TakeFrom;
use crate::tariff::freight::ByTable;
use crate::tariff::period::ByTariff;

/// Names a charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfCharge<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// The charge, unique per merchant and currency.
    pub charge: ChargeId,
}

/// Charges a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChargeServiceFee<'a> {
    /// Which charge.
    #[serde(borrow)]
    pub of: OfCharge<'a>,
    /// What for; a membership is sold as a term.
    pub service: ServiceKind,
    /// The price; absent: the tariff says it.
    #[serde(borrow, default)]
    pub price: Option<Price<'a>>,
    /// Instead of a price: that of a period, in the tariff of the merchant's terms.
    #[serde(borrow, default)]
    pub by_tariff: Option<ByTariff<'a>>,
    /// Instead of a price, for logistics: that of a freight table in the tariff of the merchant's terms.
    #[serde(borrow, default)]
    pub by_table: Option<ByTable<'a>>,
    /// The rate of tax; on the margin alone where a supplier has its part.
    #[serde(default)]
    pub tax_rate: Rate,
    /// The price includes the tax.
    #[serde(default)]
    pub tax_included: bool,
    /// The supplier for whom the platform collects, and its part of the price.
    #[serde(default)]
    pub supplier: Option<ForSupplier>,
    /// The order it belongs to.
    #[serde(default)]
    pub order: Option<OrderId>,
    /// What was moved, and where.
    #[serde(borrow, default)]
    pub shipment: Option<Shipment<'a>>,
    /// Who pays; none is the payable.
    #[serde(borrow, default)]
    pub settled_from: Vec<TakeFrom<'a>>,
}

/// Gives a service fee back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnServiceFee<'a> {
    /// Which charge.
    #[serde(borrow)]
    pub of: OfCharge<'a>,
    /// How much, tax included; absent: all that is left.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// Why.
    #[serde(borrow, default)]
    pub reason: Option<Cow<'a, str>>,
}

/// Imposes a penalty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImposePenalty<'a> {
    /// Which charge.
    #[serde(borrow)]
    pub of: OfCharge<'a>,
    /// How much.
    pub amount: Amount,
    /// Why.
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
    /// The buyer who gets it; absent: the platform keeps it.
    #[serde(borrow, default)]
    pub passed_to: Option<PassedTo<'a>>,
    /// The order it belongs to.
    #[serde(default)]
    pub order: Option<OrderId>,
    /// Who pays; none is the payable.
    #[serde(borrow, default)]
    pub settled_from: Vec<TakeFrom<'a>>,
}

/// Waives a penalty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaivePenalty<'a> {
    /// Which charge.
    #[serde(borrow)]
    pub of: OfCharge<'a>,
    /// How much; absent: all that is left.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// Why.
    #[serde(borrow, default)]
    pub reason: Option<Cow<'a, str>>,
}

/// Records that what waits in transit under a charge was paid out: what a merchant had paid outside and got back, or a
/// penalty passed to the buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmServiceRefund<'a> {
    /// Which charge.
    #[serde(borrow)]
    pub of: OfCharge<'a>,
}

/// Records that a supplier was paid of what was collected from a merchant in its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemitPremium<'a> {
    /// The merchant that paid the premiums.
    pub merchant: MerchantId,
    /// ISO 4217 code.
    #[serde(borrow)]
    pub currency: Cow<'a, str>,
    /// The supplier.
    pub supplier: Id,
    /// How much; absent: all that is owed.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// The transfer at the bank; a transfer counts once for a supplier.
    #[serde(borrow)]
    pub transfer: Cow<'a, str>,
}

/// Grants a loan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantLoan<'a> {
    /// Which loan: its name is unique among the merchant's loans in the currency.
    #[serde(borrow)]
    pub of: OfCharge<'a>,
    /// What is lent, > 0.
    pub principal: Amount,
    /// The transfer at the bank; absent: the payable gets it, due today.
    #[serde(borrow, default)]
    pub transfer: Option<Cow<'a, str>>,
}

/// Repays a loan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepayLoan<'a> {
    /// Which loan.
    #[serde(borrow)]
    pub of: OfCharge<'a>,
    /// How much of the principal; absent: all that is left.
    #[serde(default)]
    pub amount: Option<Amount>,
    /// Who pays; none is the payable.
    #[serde(borrow, default)]
    pub settled_from: Vec<TakeFrom<'a>>,
}

/// Records that a service fee stands on an invoice to its merchant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoiceServiceFee<'a> {
    /// Which charge.
    #[serde(borrow)]
    pub of: OfCharge<'a>,
    /// Number of the invoice.
    pub invoice: Id,
}

/// Records that a red-letter invoice was issued for what came back of an invoiced service fee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueServiceRedLetter<'a> {
    /// Which charge.
    #[serde(borrow)]
    pub of: OfCharge<'a>,
    /// Number of the red-letter invoice.
    pub red_letter: Id,
    /// The tax on it; refused when it is not what is pending.
    #[serde(default)]
    pub tax: Option<Amount>,
}

/// What falls due on a day, as the books have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueDay {
    /// The day.
    pub on: Date,
    /// The sum of the items that are not claimed, in the merchant's view. Of a day that is to come, without what was paid
    /// early for it: the stream knows that itself.
    pub amount: Amount,
}

/// Pays a merchant now for items that fall due later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvancePayout<'a> {
    /// Which early payout: its name is unique among the merchant's in the currency.
    pub of: OfCharge<'a>,
    /// The last day whose items are paid early.
    pub through: Date,
    /// How much of them, fee and tax included; absent: all.
    pub amount: Option<Amount>,
    /// The fee, without tax.
    pub fee: Option<Amount>,
    /// Instead of a fee: its share of what is paid early.
    pub rate: Option<Rate>,
    /// The rate of the tax on the fee.
    pub tax_rate: Rate,
    /// The transfer at the bank.
    pub transfer: Cow<'a, str>,
    /// What falls due on each day, as the books have it.
    pub due: Vec<DueDay>,
    /// The entry at which the books stood.
    pub entry: EntryNumber,
}

/// A command to a merchant's services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServiceCommand<'a> {
    /// Charge.
    Charge(Box<ChargeServiceFee<'a>>),
    /// Return.
    Return(ReturnServiceFee<'a>),
    /// Impose.
    Impose(ImposePenalty<'a>),
    /// Waive.
    Waive(WaivePenalty<'a>),
    /// Remit.
    Remit(RemitPremium<'a>),
    /// Lend.
    GrantLoan(GrantLoan<'a>),
    /// Repay.
    RepayLoan(RepayLoan<'a>),
    /// Pay early; decided over what the books say is due, so none of `souk apply`.
    AdvancePayout(AdvancePayout<'a>),
    /// On an invoice.
    Invoice(InvoiceServiceFee<'a>),
    /// A red letter.
    IssueRedLetter(IssueServiceRedLetter<'a>),
    /// Paid out.
    ConfirmRefund(ConfirmServiceRefund<'a>),
}

impl ServiceCommand<'_> {
    /// Whose services, and the code of their currency.
    pub fn of(&self) -> (MerchantId, &str) {
        let of = match self {
            Self::Charge(of) => &of.of,
            Self::Return(of) => &of.of,
            Self::Impose(of) => &of.of,
            Self::Waive(of) => &of.of,
            Self::ConfirmRefund(of) => &of.of,
            Self::GrantLoan(of) => &of.of,
            Self::RepayLoan(of) => &of.of,
            Self::AdvancePayout(of) => &of.of,
            Self::Invoice(of) => &of.of,
            Self::IssueRedLetter(of) => &of.of,
            Self::Remit(of) => return (of.merchant, &of.currency),
        };
        (of.merchant, &of.currency)
    }
}
