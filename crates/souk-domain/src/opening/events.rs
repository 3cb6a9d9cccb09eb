//! What can be brought forward.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::entry::RefKind;
use souk_journal::ids::{CycleId, MerchantId};
use souk_journal::money::{Amount, Currency};

use crate::membership::events::{Holder, UnusedRest};
use crate::service_kind::{ServiceKind, name_of_a_service};

/// Where balances come from, and who approved them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Origin<'a> {
    /// They are the balances at the end of this day.
    pub as_of: Date,
    /// Name of the document.
    #[serde(borrow)]
    pub document: Cow<'a, str>,
    /// SHA-256 of its bytes, 64 hexadecimal digits.
    #[serde(borrow)]
    pub sha256: Cow<'a, str>,
    /// Who approved them.
    #[serde(borrow)]
    pub approved_by: Vec<Cow<'a, str>>,
    /// Above this amount, in any currency, two persons approve.
    pub two_approvals_above: Amount,
}

macro_rules! accounts {
    ($($(#[$doc:meta])* $name:ident $key:expr;)*) => {
        /// An account of which a balance is brought forward as it is. The others are guarded by a stream, begin at zero, or
        /// have nothing yet that takes them back to zero.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum OpeningAccount {
            $($(#[$doc])* $name,)*
        }

        impl OpeningAccount {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The account of the chart.
            pub fn account(self) -> Account {
                match self { $(Self::$name => Account::$name,)* }
            }

            /// What its balances are kept by, if by anything.
            pub fn key(self) -> Option<RefKind> {
                match self { $(Self::$name => $key,)* }
            }
        }
    };
}

accounts! {
    /// Open items of a merchant; the reference is an order.
    MerchantPayable Some(RefKind::Order);
    /// Cash at the provider.
    PspBalance None;
    /// Cash at the bank.
    Bank None;
    /// Provider cash not confirmed yet, per payment. An order that is open when going live is paid anew against it.
    PspClearing Some(RefKind::Payment);
    /// Bank cash not confirmed yet, per transfer: payouts and refunds on their way.
    BankClearing Some(RefKind::Transfer);
    /// Owed by partners.
    PartnerReceivable None;
    /// Owed by insurers.
    InsurerReceivable None;
    /// Reclaimable tax.
    InputVat None;
    /// Vouchers and gift cards.
    BuyerCredit None;
    /// Owed to suppliers, per supplier.
    SupplierPayable Some(RefKind::Supplier);
    /// Tax on fees.
    OutputVat None;
    /// Tax collected from buyers.
    CollectedTax None;
    /// Tax withheld from merchants.
    WithholdingTax None;
    /// Money whose owner is not known.
    UnidentifiedReceipts None;
}

/// The list may grow; a published schema never changes. So the schema says the form of a name.
impl JsonSchema for OpeningAccount {
    fn schema_name() -> Cow<'static, str> {
        "OpeningAccount".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^[A-Za-z]+$",
            "description": "an account of the chart, such as MerchantPayable or Bank"})
    }
}

/// One balance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Balance<'a> {
    /// Debit balance, > 0; or none.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub debit: Amount,
    /// Credit balance, > 0; or none.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub credit: Amount,
    /// Of an open item: when it falls due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// What it is kept by: an order, a payment, a transfer, a supplier.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Cow<'a, str>>,
}

/// Balances of one account in one currency were brought forward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpeningBalancesRecorded<'a> {
    /// Whose; absent: the platform's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<MerchantId>,
    /// The account.
    pub account: OpeningAccount,
    /// Currency.
    pub currency: Currency,
    /// The balances.
    #[serde(borrow)]
    pub balances: Vec<Balance<'a>>,
    /// Where they come from.
    #[serde(borrow)]
    pub origin: Origin<'a>,
}

/// A deposit was brought forward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DepositBroughtForward<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// How much, > 0.
    pub amount: Amount,
    /// Where it comes from.
    #[serde(borrow)]
    pub origin: Origin<'a>,
}

/// Money in an advertising wallet was brought forward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WalletBroughtForward<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// How much, > 0.
    pub amount: Amount,
    /// Where it comes from.
    #[serde(borrow)]
    pub origin: Origin<'a>,
}

/// A tranche of reserve, withheld before going live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrancheBroughtForward {
    /// A name in place of the cycle that withheld it: `before-1`.
    pub cycle: CycleId,
    /// How much, > 0.
    pub amount: Amount,
    /// Released by the first close whose cut-off is after this date.
    pub release_on: Date,
}

/// What a settlement guards was brought forward: reserve and debt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettlementBroughtForward<'a> {
    /// The merchant.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// Reserve by tranche, the earliest release first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reserve: Vec<TrancheBroughtForward>,
    /// What the merchant owes, ≥ 0.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub debt: Amount,
    /// What is not expected of it, from 0 to the debt.
    #[serde(default, skip_serializing_if = "Amount::is_zero")]
    pub allowance: Amount,
    /// Where it comes from.
    #[serde(borrow)]
    pub origin: Origin<'a>,
}

/// A term that runs was brought forward: what is not earned of it yet, over the days that are left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MembershipBroughtForward<'a> {
    /// Who holds it.
    pub holder: Holder,
    /// What was sold: the line of revenue.
    #[schemars(schema_with = "name_of_a_service")]
    pub service: ServiceKind,
    /// Currency.
    pub currency: Currency,
    /// The first day that is not earned yet.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Deferred, without tax, > 0.
    pub deferred: Amount,
    /// What becomes of an unused rest.
    pub unused_rest: UnusedRest,
    /// Where it comes from.
    #[serde(borrow)]
    pub origin: Origin<'a>,
}

event_table! {
    /// Everything that can happen to opening balances.
    pub enum OpeningEvent<'a> {
        /// Recorded.
        Recorded(OpeningBalancesRecorded<'a>) = OpeningBalancesRecorded v 1,
    }
}
