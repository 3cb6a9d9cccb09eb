//! Why a command to a merchant is refused.

use souk_journal::dates::Date;
use souk_journal::ids::{JurisdictionId, MerchantId, TariffId};
use souk_journal::money::{Amount, Currency, MoneyError};

use crate::business_time::UnknownZone;
use crate::refusal_codes;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MerchantRefusal {
    /// Enrolled already.
    #[error("merchant {0} is enrolled already")]
    MerchantEnrolledAlready(MerchantId),
    /// Not enrolled.
    #[error("merchant {0} is not enrolled")]
    UnknownMerchant(MerchantId),
    /// No such tariff.
    #[error("tariff {0} is not published")]
    UnknownTariff(TariffId),
    /// Not in the IANA database.
    #[error(transparent)]
    UnknownTimeZone(UnknownZone),
    /// Not an hour.
    #[error("cut-off hour {0} is not 0 to 23")]
    NotAnHour(u8),
    /// Not after the terms in force.
    #[error("terms from {asked} do not follow the terms from {latest}")]
    TermsNotLater {
        /// First day asked for.
        asked: Date,
        /// First day of the latest terms.
        latest: Date,
    },
    /// Terms change from the next cycle.
    #[error("terms from {asked} would cut the cycle {from} to {to}; they can begin on {next}")]
    TermsCutACycle {
        /// First day asked for.
        asked: Date,
        /// First day of the cycle.
        from: Date,
        /// Last day of the cycle.
        to: Date,
        /// First day of the next one.
        next: Date,
    },
    /// Not in ISO 4217.
    #[error(transparent)]
    UnknownCurrency(MoneyError),
    /// Not an amount of the currency.
    #[error(transparent)]
    UnusableAmount(MoneyError),
    /// Below zero.
    #[error("a least payout of {0} is negative")]
    NegativeMinimum(Amount),
    /// Below zero, or a currency twice.
    #[error(
        "{amount} {currency} cannot be kept: amounts are 0 or more, and each currency is named once"
    )]
    UnusableLevel {
        /// The currency.
        currency: Currency,
        /// The amount.
        amount: Amount,
    },
    /// Working days of nobody.
    #[error("payouts counted in working days need a calendar: china or target")]
    NoWorkingDaysNamed,
    /// Below zero.
    #[error("a volume of {0} is negative")]
    NegativeVolume(Amount),
    /// Not after the last one.
    #[error("a volume through {asked} does not follow the one through {latest}")]
    VolumeNotLater {
        /// Last day asked for.
        asked: Date,
        /// Last day of the latest volume.
        latest: Date,
    },
    /// Not after the one agreed before.
    #[error("a settlement currency from {asked} does not follow the one from {latest}")]
    SettlementCurrencyNotLater {
        /// First day asked for.
        asked: Date,
        /// First day of the latest one.
        latest: Date,
    },
    /// Not after the agreement in force.
    #[error("withholding for {jurisdiction} from {asked} does not follow the one from {latest}")]
    WithholdingNotLater {
        /// Whose tax.
        jurisdiction: JurisdictionId,
        /// First day asked for.
        asked: Date,
        /// First day of the latest agreement.
        latest: Date,
    },
    /// Nothing to end.
    #[error(
        "nothing is withheld from merchant {merchant} for {jurisdiction}; a rate of 0 would end it"
    )]
    NoWithholdingToEnd {
        /// The merchant.
        merchant: MerchantId,
        /// Whose tax.
        jurisdiction: JurisdictionId,
    },
    /// No new business.
    #[error("merchant {merchant} is closing; its last day of new business was {last_day}")]
    MerchantClosing {
        /// The merchant.
        merchant: MerchantId,
        /// Its last day.
        last_day: Date,
    },
    /// No business.
    #[error("merchant {0} is closed")]
    MerchantIsClosed(MerchantId),
    /// Announced before.
    #[error(
        "the end of {merchant} is announced already, with {last_day} as its last day; withdraw it to announce another"
    )]
    ClosingAnnouncedAlready {
        /// The merchant.
        merchant: MerchantId,
        /// Its last day.
        last_day: Date,
    },
    /// In the past.
    #[error("{asked} is over: the last day of new business is {today} at the earliest")]
    LastDayIsOver {
        /// Asked for.
        asked: Date,
        /// Today, where the merchant is.
        today: Date,
    },
    /// Not announced.
    #[error("no end of {0} is announced")]
    ClosingNotAnnounced(MerchantId),
    /// The final settlement is due.
    #[error("the wind-down ended on {0}; the final settlement is due, and the end stands")]
    WindDownEnded(Date),
    /// The wind-down runs.
    #[error(
        "the wind-down runs until the end of {0}; the account can be closed after the final settlement"
    )]
    WindDownRunsOn(Date),
    /// Something is left.
    #[error("the account is not empty: {0}")]
    AccountNotEmpty(String),
    /// Not after the ones in force.
    #[error("terms of payouts from {asked} do not follow the ones from {latest}")]
    PayoutTermsNotLater {
        /// First day asked for.
        asked: Date,
        /// First day of the latest ones.
        latest: Date,
    },
    /// Below zero.
    #[error("a limit of {0} is negative")]
    NegativeLimit(Amount),
    /// Not a label.
    #[error(
        "{0:?} is not 1 to 100 characters without quotes, backslashes or control characters, and in a name invisible ones"
    )]
    UnusableLabel(String),
}

refusal_codes!(MerchantRefusal {
    WithholdingNotLater,
    NoWithholdingToEnd,
    MerchantEnrolledAlready,
    UnknownMerchant,
    UnknownTariff,
    UnknownTimeZone,
    NotAnHour,
    TermsNotLater,
    TermsCutACycle,
    UnknownCurrency,
    UnusableAmount,
    NegativeMinimum,
    NegativeVolume,
    UnusableLevel,
    NoWorkingDaysNamed,
    VolumeNotLater,
    SettlementCurrencyNotLater,
    MerchantClosing,
    MerchantIsClosed,
    ClosingAnnouncedAlready,
    LastDayIsOver,
    ClosingNotAnnounced,
    WindDownEnded,
    WindDownRunsOn,
    AccountNotEmpty,
    PayoutTermsNotLater,
    NegativeLimit,
    UnusableLabel,
});
