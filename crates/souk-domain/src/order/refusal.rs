//! Every way in which a command to an order is refused, in order of precedence.

use souk_journal::dates::Date;
use souk_journal::ids::{
    CycleId, Id, JurisdictionId, LineId, MerchantId, PaymentId, RefundId, TariffId,
};
use souk_journal::money::{Amount, Currency, MoneyError};

use super::events::Invoiceable;
use crate::merchant::state::NoNewBusiness;
use crate::refusal_codes;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderRefusal {
    /// Placed already.
    #[error("the order is placed already")]
    OrderPlacedAlready,
    /// Not placed.
    #[error("there is no such order")]
    UnknownOrder,
    /// Not in ISO 4217.
    #[error(transparent)]
    UnknownCurrency(MoneyError),
    /// More decimals than the currency has.
    #[error(transparent)]
    TooManyDecimals(MoneyError),
    /// Too large for a posting.
    #[error(transparent)]
    AmountOutOfRange(MoneyError),
    /// Below zero.
    #[error("amount {0} is negative")]
    NegativeAmount(Amount),
    /// Nothing to refund.
    #[error("the refund is of nothing")]
    NothingToRefund,
    /// More than 250 lines or 50 payments.
    #[error("an order has at most 250 lines and 50 payments; this one would have {0}")]
    OrderTooLarge(usize),
    /// Not enrolled.
    #[error("merchant {0} is not enrolled")]
    UnknownMerchant(MerchantId),
    /// Not enrolled, or a seller.
    #[error("{0} is not enrolled as a partner")]
    NotAPartner(MerchantId),
    /// Nothing, or a share of nothing.
    #[error("no line of the order is left to attribute, or at no share of it")]
    NothingToAttribute,
    /// Twice to the same partner.
    #[error("line {line} is attributed to partner {partner} already")]
    AttributedAlready {
        /// The line.
        line: LineId,
        /// The partner.
        partner: MerchantId,
    },
    /// More than the sale.
    #[error("the shares of the partners of line {0} would be more than the whole sale")]
    SharesExceedSale(LineId),
    /// A claim of nothing.
    #[error("claim {0} is of nothing")]
    NothingClaimed(RefundId),
    /// More than was paid.
    #[error("a claim of {asked} exceeds the {left} that is left of what was paid for the order")]
    ClaimExceedsPaid {
        /// Asked for.
        asked: Amount,
        /// Paid, less earlier claims.
        left: Amount,
    },
    /// Paid by the insurer itself, borne by the platform, or collected.
    #[error("no insurer owes anything for claim {0}")]
    NothingToCollect(RefundId),
    /// More than the insurer owes.
    #[error("{asked} exceeds the {left} that the insurer owes for claim {claim}")]
    CollectionExceedsClaim {
        /// The claim.
        claim: RefundId,
        /// Asked for.
        asked: Amount,
        /// Left.
        left: Amount,
    },
    /// Placed already.
    #[error("hold {0} is placed already")]
    HoldPlacedAlready(Id),
    /// No such hold.
    #[error("the order has no hold {0}")]
    UnknownHold(Id),
    /// Not completed, refunded, or held already.
    #[error("line {0} has brought its merchant nothing that is left to be held")]
    NothingToHold(LineId),
    /// More than the sale has left.
    #[error("a hold of {asked} exceeds the {left} that is left of the sale of line {line}")]
    HoldExceedsLeft {
        /// The line.
        line: LineId,
        /// Asked for.
        asked: Amount,
        /// The sale, less refunds and other holds.
        left: Amount,
    },
    /// A close has claimed the sale.
    #[error(
        "the sale of line {line} is on the statement of {cycle}; what is settled cannot be held"
    )]
    SaleSettledAlready {
        /// The line.
        line: LineId,
        /// The cycle.
        cycle: CycleId,
    },
    /// All of it is let go.
    #[error("nothing of hold {0} is held any more, or nothing is asked")]
    NothingToRelease(Id),
    /// More than is held.
    #[error("{asked} exceeds the {held} of hold {hold}")]
    ReleaseExceedsHold {
        /// The hold.
        hold: Id,
        /// Asked for.
        asked: Amount,
        /// Held.
        held: Amount,
    },
    /// Nothing is owed.
    #[error("no supplier is owed anything of the fees that {0} bore for the order")]
    NothingToRemit(MerchantId),
    /// No new orders.
    #[error("merchant {merchant} is closing; its last day of new business was {last_day}")]
    MerchantClosing {
        /// The merchant.
        merchant: MerchantId,
        /// Its last day.
        last_day: Date,
    },
    /// No orders.
    #[error("merchant {0} is closed")]
    MerchantIsClosed(MerchantId),
    /// Twice the same promotion.
    #[error("promotion {0} stands twice")]
    PromotionTwice(Id),
    /// More off than the lines cost.
    #[error("promotion {promotion} takes {amount} off, but {left} is left of its lines")]
    PromotionExceedsPrice {
        /// The promotion.
        promotion: Id,
        /// What it takes off.
        amount: Amount,
        /// What is left of its lines' prices.
        left: Amount,
    },
    /// Two discounts of a line that would be booked at different places.
    #[error("line {0} has discounts of two funders beside the merchant; one line has one")]
    FundingDiffers(LineId),
    /// Nothing of it.
    #[error("line {0} is of no units; it is of 1 at least")]
    NoUnits(LineId),
    /// The same line twice.
    #[error("line {0} stands twice")]
    LineTwice(LineId),
    /// Discounts beyond the price.
    #[error("the discounts of line {0} exceed its price")]
    DiscountExceedsPrice(LineId),
    /// Neither or both.
    #[error("tax of {jurisdiction} on line {line} needs a rate, or amounts, and not both")]
    TaxNeedsRateOrAmounts {
        /// The line.
        line: LineId,
        /// Whose tax.
        jurisdiction: JurisdictionId,
    },
    /// Twice the same jurisdiction.
    #[error("tax of {jurisdiction} stands twice on line {line}")]
    TaxTwice {
        /// The line.
        line: LineId,
        /// Whose tax.
        jurisdiction: JurisdictionId,
    },
    /// Tax on what costs nothing, or tax within a price that is more than the price.
    #[error(
        "tax of {tax} on line {line} is on goods or shipping of nothing, or is all of their price"
    )]
    TaxOnNothing {
        /// The line.
        line: LineId,
        /// The tax.
        tax: Amount,
    },
    /// No such fee.
    #[error("merchant {merchant} was charged no {fee} on the order")]
    FeeNotCharged {
        /// The merchant.
        merchant: MerchantId,
        /// The fee.
        fee: Invoiceable,
    },
    /// Invoiced already.
    #[error("the {fee} of merchant {merchant} stands on invoice {invoice} already")]
    FeeInvoicedAlready {
        /// The merchant.
        merchant: MerchantId,
        /// The fee.
        fee: Invoiceable,
        /// The invoice.
        invoice: Id,
    },
    /// Not invoiced.
    #[error(
        "the {fee} of merchant {merchant} stands on no invoice; what comes back of it needs no red letter"
    )]
    FeeNotInvoiced {
        /// The merchant.
        merchant: MerchantId,
        /// The fee.
        fee: Invoiceable,
    },
    /// Nothing came back since.
    #[error(
        "nothing came back of the {fee} of merchant {merchant} since it was invoiced, or all has its red letter"
    )]
    NothingForRedLetter {
        /// The merchant.
        merchant: MerchantId,
        /// The fee.
        fee: Invoiceable,
    },
    /// Its number was used.
    #[error("red-letter invoice {0} is recorded already")]
    RedLetterRecordedAlready(Id),
    /// Another amount than came back.
    #[error("the red-letter invoice has tax of {asked}, but {pending} is pending")]
    RedLetterDiffers {
        /// On the invoice.
        asked: Amount,
        /// What came back.
        pending: Amount,
    },
    /// A text that cannot be stored.
    #[error("{0:?} must be 1 to 100 characters without quotes, backslashes or control characters")]
    UnusableLabel(String),
    /// Recorded already.
    #[error("payment {0} is recorded already")]
    PaymentRecordedAlready(PaymentId),
    /// No such payment.
    #[error("the order has no payment {0}")]
    UnknownPayment(PaymentId),
    /// Paying after a difference was booked or a merchant completed.
    #[error("the order takes no more payments: its difference is booked or a part is completed")]
    PaymentsClosed,
    /// Booked already.
    #[error("the difference of the order is booked already")]
    DifferenceBookedAlready,
    /// Paid is what was owed.
    #[error("payments equal items and freight; there is no difference")]
    NoDifference,
    /// Incurred already.
    #[error("the channel fee of payment {0} is recorded already")]
    ChannelFeeRecordedAlready(PaymentId),
    /// Vouchers have no channel.
    #[error("payment {0} is a voucher; no channel takes a fee")]
    VoucherHasNoChannel(PaymentId),
    /// No line of this merchant.
    #[error("merchant {0} sells no line of the order")]
    NotTheirOrder(MerchantId),
    /// Cancelled.
    #[error("the order is cancelled")]
    OrderIsCancelled,
    /// Completed already.
    #[error("merchant {0} has completed the order already")]
    CompletedAlready(MerchantId),
    /// A completed order is refunded, not cancelled.
    #[error("merchant {0} has completed the order; it can be refunded, not cancelled")]
    CompletedOrderNotCancellable(MerchantId),
    /// Shipping after completion.
    #[error("merchant {0} has shipped already")]
    ShippedAlready(MerchantId),
    /// Escrow holds less than is owed.
    #[error(
        "escrow of merchant {merchant} holds {held}, {needed} is needed; record the payment, or book the difference"
    )]
    EscrowShort {
        /// The merchant.
        merchant: MerchantId,
        /// Held.
        held: Amount,
        /// Needed.
        needed: Amount,
    },
    /// Paid ≠ owed and not booked.
    #[error(
        "paid is {paid}, items and freight are {owed}; book the difference before refunding everything"
    )]
    DifferenceNotBooked {
        /// Paid.
        paid: Amount,
        /// Owed.
        owed: Amount,
    },
    /// No terms in force.
    #[error("merchant {0} has no terms in force on the date of completion")]
    NoTermsInForce(MerchantId),
    /// No tariff in force.
    #[error("tariff {0} has no version in force for the order")]
    NoTariffInForce(TariffId),
    /// No rate to convert at.
    #[error(
        "no rate from {from} to {currency} is recorded for {on} or earlier; record one with record-rate"
    )]
    RateUnknown {
        /// The order's currency.
        from: Currency,
        /// The currency of the settlement.
        currency: Currency,
        /// The day of completion.
        on: Date,
    },
    /// A conversion that no position of the platform could bear.
    #[error(
        "the order is in {from}, its merchant is settled in {currency}, and neither is the platform's {platform}"
    )]
    NeitherIsThePlatformCurrency {
        /// The order's currency.
        from: Currency,
        /// The currency of the settlement.
        currency: Currency,
        /// The platform's.
        platform: Currency,
    },
    /// A commission that its partner could not be settled in.
    #[error(
        "partner {partner} is settled in {settled_in}, and the seller bears its commission in {currency}"
    )]
    PartnerInOtherCurrency {
        /// The partner.
        partner: MerchantId,
        /// The currency of its settlement.
        settled_in: Currency,
        /// That of the seller's.
        currency: Currency,
    },
    /// The tariff has amounts in another currency.
    #[error("tariff {0} has amounts in another currency than the order")]
    TariffInOtherCurrency(TariffId),
    /// No rule covers the category.
    #[error("tariff {tariff} is not open for line {line} (category {category})")]
    CategoryNotOpen {
        /// The tariff.
        tariff: TariffId,
        /// The line.
        line: LineId,
        /// Its category.
        category: String,
    },
    /// Issued already.
    #[error("refund {0} is issued already")]
    RefundIssuedAlready(RefundId),
    /// No such refund.
    #[error("the order has no refund {0}")]
    UnknownRefund(RefundId),
    /// No such advance.
    #[error("the order has no advance {0}")]
    UnknownAdvance(RefundId),
    /// All of it is recovered or borne.
    #[error("nothing is left of advance {0}: it is recovered or borne")]
    AdvanceSettledAlready(RefundId),
    /// An advance has no tax.
    #[error("line {0} has tax that the platform collects, which only a refund gives back")]
    AdvanceOfTaxedLine(LineId),
    /// More than is left of the advance.
    #[error("recovery of {asked} exceeds the {left} left of the advance on line {line}")]
    RecoveryExceedsAdvance {
        /// The line.
        line: LineId,
        /// Asked for.
        asked: Amount,
        /// Left.
        left: Amount,
    },
    /// Paid already.
    #[error("refund {0} is paid already")]
    RefundPaidAlready(RefundId),
    /// No such line.
    #[error("the order has no line {0}")]
    UnknownLine(LineId),
    /// Lines named beside everything.
    #[error("a refund of everything names no lines")]
    EverythingNamesNoLines,
    /// More than is left of the line.
    #[error("refund of {asked} exceeds the {left} left of line {line}")]
    RefundExceedsLeft {
        /// The line.
        line: LineId,
        /// Asked for.
        asked: Amount,
        /// Left.
        left: Amount,
    },
    /// More than is left of the payment.
    #[error("refund of {asked} exceeds the {left} left of payment {payment}")]
    RefundExceedsPayment {
        /// The payment.
        payment: PaymentId,
        /// Asked for.
        asked: Amount,
        /// Left.
        left: Amount,
    },
    /// More than is left of all payments.
    #[error("refund of {asked} exceeds the {left} left of the payments")]
    RefundExceedsPayments {
        /// Asked for.
        asked: Amount,
        /// Left.
        left: Amount,
    },
    /// Payments named do not sum to the refund.
    #[error("the payments named sum to {named}, the refund is {asked}")]
    RefundTargetsDiffer {
        /// Sum of the named payments.
        named: Amount,
        /// The refund.
        asked: Amount,
    },
}

refusal_codes!(OrderRefusal {
    TaxNeedsRateOrAmounts,
    TaxTwice,
    TaxOnNothing,
    FeeNotCharged,
    FeeInvoicedAlready,
    FeeNotInvoiced,
    NothingForRedLetter,
    RedLetterRecordedAlready,
    RedLetterDiffers,
    PromotionTwice,
    PromotionExceedsPrice,
    FundingDiffers,
    NoUnits,
    NotAPartner,
    NothingToAttribute,
    AttributedAlready,
    SharesExceedSale,
    NothingClaimed,
    ClaimExceedsPaid,
    NothingToCollect,
    CollectionExceedsClaim,
    NothingToRemit,
    HoldPlacedAlready,
    UnknownHold,
    NothingToHold,
    HoldExceedsLeft,
    SaleSettledAlready,
    NothingToRelease,
    ReleaseExceedsHold,
    OrderPlacedAlready,
    UnknownOrder,
    UnknownCurrency,
    TooManyDecimals,
    AmountOutOfRange,
    NegativeAmount,
    NothingToRefund,
    OrderTooLarge,
    UnknownMerchant,
    MerchantClosing,
    MerchantIsClosed,
    LineTwice,
    DiscountExceedsPrice,
    UnusableLabel,
    PaymentRecordedAlready,
    UnknownPayment,
    PaymentsClosed,
    DifferenceBookedAlready,
    NoDifference,
    ChannelFeeRecordedAlready,
    VoucherHasNoChannel,
    NotTheirOrder,
    OrderIsCancelled,
    CompletedAlready,
    CompletedOrderNotCancellable,
    ShippedAlready,
    EscrowShort,
    DifferenceNotBooked,
    NoTermsInForce,
    NoTariffInForce,
    TariffInOtherCurrency,
    RateUnknown,
    NeitherIsThePlatformCurrency,
    PartnerInOtherCurrency,
    CategoryNotOpen,
    RefundIssuedAlready,
    UnknownAdvance,
    AdvanceSettledAlready,
    AdvanceOfTaxedLine,
    RecoveryExceedsAdvance,
    UnknownRefund,
    RefundPaidAlready,
    UnknownLine,
    EverythingNamesNoLines,
    RefundExceedsLeft,
    RefundExceedsPayment,
    RefundExceedsPayments,
    RefundTargetsDiffer,
});

impl OrderRefusal {
    /// Why a merchant takes no new order.
    pub(super) fn no_new_business(merchant: MerchantId, why: NoNewBusiness) -> Self {
        match why {
            NoNewBusiness::Closing(last_day) => Self::MerchantClosing { merchant, last_day },
            NoNewBusiness::Closed => Self::MerchantIsClosed(merchant),
        }
    }
}

impl From<MoneyError> for OrderRefusal {
    fn from(error: MoneyError) -> Self {
        match error {
            MoneyError::UnknownCurrency(_) => Self::UnknownCurrency(error),
            MoneyError::TooManyDecimals { .. } => Self::TooManyDecimals(error),
            MoneyError::NotADecimal(_) | MoneyError::OutOfRange(_) => Self::AmountOutOfRange(error),
        }
    }
}
