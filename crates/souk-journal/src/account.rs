//! The chart of accounts, as the posting manual decides it.
//!
//! Keys of keyed accounts (the payment of `PspClearing`, the refund of `RefundsInTransit`) live in
//! the posting's reference, so an account stays two bytes. Souk posts to the whole chart only as its
//! contexts arrive; the chart itself is complete, because a trial balance lists it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where an account stands in the books, and so which side increases it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// What the platform or its clients own; debit side.
    Asset,
    /// What is owed; credit side.
    Liability,
    /// Returns to zero; either side.
    Clearing,
    /// Income of a revenue line; credit side.
    Revenue,
    /// Reduces revenue; debit side.
    ContraRevenue,
    /// Income that is not revenue; credit side.
    OtherIncome,
    /// Expense; debit side.
    Expense,
    /// Outside the balance sheet.
    Memorandum,
}

/// Whose money an account holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// The platform's.
    Own,
    /// Buyers' and merchants'.
    Client,
}

/// Why what a buyer paid differs from items and freight. The rule of each class belongs to the
/// importer that books it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceClass {
    /// The order has no payment.
    NoPayment,
    /// The order was paid and has no items.
    PaidWithoutItems,
    /// Within a cent: the order counts as matched, the cent still needs an account.
    Matched,
    /// Within ten cents.
    Rounding,
    /// A voucher is among the payments.
    VoucherRelated,
    /// Paid in instalments, and more than the order.
    InstalmentInterest,
    /// Paid up to a tenth less than the order.
    UntrackedDiscount,
    /// Nothing explains it yet.
    Unexplained,
}

impl DifferenceClass {
    /// Every class, in order of precedence of their rules.
    pub const ALL: [Self; 8] = [
        Self::NoPayment,
        Self::PaidWithoutItems,
        Self::Matched,
        Self::Rounding,
        Self::VoucherRelated,
        Self::InstalmentInterest,
        Self::UntrackedDiscount,
        Self::Unexplained,
    ];

    /// The snake-case name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoPayment => "no_payment",
            Self::PaidWithoutItems => "paid_without_items",
            Self::Matched => "matched",
            Self::Rounding => "rounding",
            Self::VoucherRelated => "voucher_related",
            Self::InstalmentInterest => "instalment_interest",
            Self::UntrackedDiscount => "untracked_discount",
            Self::Unexplained => "unexplained",
        }
    }
}

macro_rules! chart {
    ($($(#[$doc:meta])* $name:ident $section:ident $owner:ident;)*) => {
        /// An account of the chart.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Account {
            $($(#[$doc])* $name,)*
            /// What buyers paid beyond or below items and freight, by class; clearing.
            OrderDifferences(DifferenceClass),
        }

        impl Account {
            /// Every account except the classes of `OrderDifferences`, in the chart's order.
            pub const CHART: &'static [Self] = &[$(Self::$name,)*];

            /// The section of the books.
            pub fn section(self) -> Section {
                match self {
                    $(Self::$name => Section::$section,)*
                    Self::OrderDifferences(_) => Section::Clearing,
                }
            }

            /// Whose money it holds.
            pub fn ownership(self) -> Ownership {
                match self {
                    $(Self::$name => Ownership::$owner,)*
                    Self::OrderDifferences(_) => Ownership::Own,
                }
            }

            /// The name without its key.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                    Self::OrderDifferences(_) => "OrderDifferences",
                }
            }
        }
    };
}

chart! {
    /// Cash at a payment provider; moves only by recorded provider lines.
    PspBalance Asset Client;
    /// Cash at a bank; moves only by recorded bank lines.
    Bank Asset Client;
    /// Provider cash not yet confirmed by a provider line, per payment; returns to zero.
    PspClearing Clearing Client;
    /// Bank cash not yet confirmed by a bank line, per payout; returns to zero.
    BankClearing Clearing Client;
    /// Taken back by a card scheme while a dispute runs.
    DisputedFunds Asset Client;
    /// Refunds the platform advanced to buyers.
    RefundAdvances Asset Own;
    /// Owed by partners who fund discounts.
    PartnerReceivable Asset Own;
    /// Owed by insurers.
    InsurerReceivable Asset Own;
    /// Owed by merchants whose balance stayed negative.
    MerchantDebt Asset Own;
    /// Debts not expected to be paid.
    DebtAllowance Asset Own;
    /// Reclaimable tax on purchases.
    InputVat Asset Own;
    /// Loans to merchants.
    MerchantLoans Asset Own;
    /// Buyers' cash held per order and merchant until completion.
    OrderEscrow Liability Client;
    /// Owed to merchants: open items, each with its due date.
    MerchantPayable Liability Client;
    /// Merchants' money on hold.
    MerchantHeld Liability Client;
    /// Merchants' money withheld for later refunds.
    MerchantReserve Liability Client;
    /// Merchants' deposits.
    MerchantDeposit Liability Client;
    /// Prepaid advertising.
    AdWallet Liability Client;
    /// Closed cycles' payouts that are not yet instructed.
    PayoutsDue Liability Client;
    /// Payouts instructed and not yet confirmed.
    PayoutsInTransit Liability Client;
    /// Refunds issued and not yet paid, per refund.
    RefundsInTransit Liability Client;
    /// Vouchers, gift cards and points that buyers hold.
    BuyerCredit Liability Own;
    /// Owed to insurers and carriers.
    SupplierPayable Liability Own;
    /// Fees charged and not yet earned, per line.
    DeferredRevenue Liability Own;
    /// Refunds expected of revenue already booked.
    RefundLiability Liability Own;
    /// Value added tax on the platform's fees.
    OutputVat Liability Own;
    /// Tax collected from buyers for a jurisdiction.
    CollectedTax Liability Own;
    /// Tax withheld from merchants for a jurisdiction.
    WithholdingTax Liability Own;
    /// Balances conversions between currencies.
    FxPosition Clearing Own;
    /// Money received whose owner is not known.
    UnidentifiedReceipts Clearing Client;
    /// Balances brought forward when going live mid-life; returns to zero.
    OpeningBalances Clearing Own;
    /// Commission.
    Commission Revenue Own;
    /// Advertising.
    Advertising Revenue Own;
    /// Membership.
    Membership Revenue Own;
    /// Logistics.
    Logistics Revenue Own;
    /// Payment services charged to merchants.
    PaymentServices Revenue Own;
    /// Instalments, early payouts, loans.
    FinancialServices Revenue Own;
    /// Technical services.
    TechnicalServices Revenue Own;
    /// Platform usage.
    PlatformUsage Revenue Own;
    /// Value-added services.
    ValueAdded Revenue Own;
    /// Sales in which the platform is the seller.
    OwnSales Revenue Own;
    /// Fees for disputes.
    DisputeFees Revenue Own;
    /// Discounts the platform funds, as a reduction of revenue.
    PlatformSubsidy ContraRevenue Own;
    /// Penalties kept.
    Penalties OtherIncome Own;
    /// Gains on exchange.
    FxGain OtherIncome Own;
    /// What payment channels take from the platform.
    ChannelFees Expense Own;
    /// Discounts the platform funds, as marketing expense.
    BuyerIncentives Expense Own;
    /// Compensation paid.
    Compensation Expense Own;
    /// Debts lost.
    BadDebt Expense Own;
    /// Losses on exchange.
    FxLoss Expense Own;
    /// What banks take.
    BankCharges Expense Own;
    /// Cost of services bought for merchants.
    CostOfServices Expense Own;
    /// Differences written off after reconciliation.
    ReconciliationWriteOff Expense Own;
    /// Advertising credit granted; memorandum.
    AdCredit Memorandum Own;
    /// The other side of advertising credit; memorandum.
    AdCreditContra Memorandum Own;
}

/// `OrderDifferences{rounding}`: the name with the class of a keyed account.
impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::OrderDifferences(class) = self {
            f.pad(&format!("OrderDifferences{{{}}}", class.name()))
        } else {
            f.pad(self.name())
        }
    }
}

impl Account {
    /// The revenue line of a statement of revenue, in words, for revenue and contra accounts.
    pub fn revenue_line(self) -> Option<&'static str> {
        match self.section() {
            Section::Revenue | Section::ContraRevenue => Some(self.name()),
            Section::Asset
            | Section::Liability
            | Section::Clearing
            | Section::OtherIncome
            | Section::Expense
            | Section::Memorandum => None,
        }
    }
}
