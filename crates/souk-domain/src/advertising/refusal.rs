//! Why nothing happens to a merchant's advertising.

use souk_journal::dates::Date;
use souk_journal::ids::{Id, MerchantId, RefundId};
use souk_journal::money::{Amount, MoneyError};

use crate::refusal_codes;
use crate::settled_from::SourceRefusal;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdvertisingRefusal {
    /// Not in ISO 4217.
    #[error(transparent)]
    UnknownCurrency(MoneyError),
    /// Not enrolled.
    #[error("merchant {0} is not enrolled")]
    UnknownMerchant(MerchantId),
    /// Not an amount of the currency.
    #[error(transparent)]
    UnusableAmount(MoneyError),
    /// Nothing or less.
    #[error("{0} is not more than nothing")]
    AmountNotPositive(Amount),
    /// Not a label.
    #[error("{0:?} is not 1 to 100 characters without quotes, backslashes or control characters")]
    UnusableLabel(String),
    /// The sources do not fit.
    #[error(transparent)]
    Sources(SourceRefusal),
    /// A wallet is topped up with money from outside, or from the payable.
    #[error("{0} cannot top a wallet up; provider, bank and payable can")]
    CannotTopUp(&'static str),
    /// The same payment or transfer.
    #[error("{source_name} {reference:?} has topped this wallet up already")]
    TopUpRecordedAlready {
        /// Provider or bank.
        source_name: &'static str,
        /// The payment or transfer.
        reference: String,
    },
    /// The same grant.
    #[error("credit {0} is granted already")]
    CreditGrantedAlready(Id),
    /// A bonus on nothing.
    #[error(
        "a bonus belongs to money in the wallet, and there is none; top up first, or grant free credit"
    )]
    BonusWithoutMoney,
    /// A bonus is sold with money and lapses with it.
    #[error("a bonus belongs to money in the wallet and has no last day; free credit can")]
    BonusDoesNotExpire,
    /// Expired when granted.
    #[error("the credit would have expired on {last}, and it is {today}")]
    CreditExpiredBefore {
        /// Its last day.
        last: Date,
        /// Today, where the merchant is.
        today: Date,
    },
    /// Its last day is not over.
    #[error("credit is spent through {through}, and it is {today}")]
    CreditStillHolds {
        /// The last day.
        through: Date,
        /// Today, where the merchant is.
        today: Date,
    },
    /// Nothing is left of it.
    #[error("no credit is left that expired by {0}")]
    NothingExpired(Date),
    /// Ends before it begins.
    #[error("the period from {from} ends before it begins, on {to}")]
    AdPeriodReversed {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// Not over.
    #[error("the period ends on {to}, and it is {today}: what is not delivered is not billed")]
    AdPeriodStillRuns {
        /// Last day.
        to: Date,
        /// Today, where the merchant is.
        today: Date,
    },
    /// The same campaign, period and pricing.
    #[error("campaign {campaign} is billed from {from} to {to} already")]
    AdsChargedAlready {
        /// The campaign.
        campaign: Id,
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// Nothing delivered.
    #[error("no click, impression or placement was delivered")]
    NothingDelivered,
    /// Neither an amount nor a price.
    #[error("neither the amount nor the unit price is given")]
    AdsWithoutAmount,
    /// Amount and price differ.
    #[error("{amount} is charged, but quantity times unit price is {priced}")]
    AdAmountDiffers {
        /// As given.
        amount: Amount,
        /// As the price says.
        priced: Amount,
    },
    /// More than credit and wallet.
    #[error(
        "{asked} is charged, and credit and wallet bear {borne}; top up, or agree that the payable bears the rest"
    )]
    WalletOverdrawn {
        /// The charge.
        asked: Amount,
        /// What they bear.
        borne: Amount,
    },
    /// More than is unspent.
    #[error("refund of {asked} exceeds the {left} in the wallet; credit is not paid out")]
    RefundExceedsWallet {
        /// Asked for.
        asked: Amount,
        /// In the wallet.
        left: Amount,
    },
    /// The same refund.
    #[error("refund {0} is issued already")]
    RefundIssuedAlready(RefundId),
    /// No such refund.
    #[error("there is no refund {0}")]
    UnknownRefund(RefundId),
    /// Paid already.
    #[error("refund {0} is paid already")]
    RefundPaidAlready(RefundId),
}

refusal_codes!(AdvertisingRefusal via Sources {
    UnknownCurrency,
    UnknownMerchant,
    UnusableAmount,
    AmountNotPositive,
    UnusableLabel,
    CannotTopUp,
    TopUpRecordedAlready,
    CreditGrantedAlready,
    BonusWithoutMoney,
    BonusDoesNotExpire,
    CreditExpiredBefore,
    CreditStillHolds,
    NothingExpired,
    AdPeriodReversed,
    AdPeriodStillRuns,
    AdsChargedAlready,
    NothingDelivered,
    AdsWithoutAmount,
    AdAmountDiffers,
    WalletOverdrawn,
    RefundExceedsWallet,
    RefundIssuedAlready,
    UnknownRefund,
    RefundPaidAlready,
});

impl From<SourceRefusal> for AdvertisingRefusal {
    fn from(refusal: SourceRefusal) -> Self {
        Self::Sources(refusal)
    }
}
