//! Why a journal entry exists: one kind per type of event, and which stream category holds it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! entry_kinds {
    ($($name:ident $text:literal $category:literal;)*) => {
        /// The type of the event behind an entry.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            JsonSchema,
        )]
        #[serde(rename_all = "kebab-case")]
        pub enum EntryKind {
            $(#[doc = concat!("`", $text, "` in streams `", $category, "-…`.")] $name,)*
        }

        impl EntryKind {
            /// Every kind, by category.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stored event type: a past participle in kebab case.
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The category of the streams that hold it.
            pub fn category(self) -> &'static str {
                match self { $(Self::$name => $category,)* }
            }

            /// The kind of an event type in a category.
            pub fn find(category: &str, text: &str) -> Option<Self> {
                match (category, text) {
                    $(($category, $text) => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

entry_kinds! {
    LedgerCreated "ledger-created" "ledger";
    SchemaRegistered "schema-registered" "schema";
    MerchantEnrolled "merchant-enrolled" "merchant";
    TermsAgreed "terms-agreed" "merchant";
    VolumeRecorded "volume-recorded" "merchant";
    SettlementCurrencyAgreed "settlement-currency-agreed" "merchant";
    WithholdingAgreed "withholding-agreed" "merchant";
    MerchantClosingAnnounced "merchant-closing-announced" "merchant";
    MerchantClosingWithdrawn "merchant-closing-withdrawn" "merchant";
    MerchantClosed "merchant-closed" "merchant";
    PayoutTermsAgreed "payout-terms-agreed" "merchant";
    TariffPublished "tariff-published" "tariff";
    TariffPartPublished "tariff-part-published" "tariff";
    FreightTablePublished "freight-table-published" "tariff";
    OrderPlaced "order-placed" "order";
    OrderAttributed "order-attributed" "order";
    OrderPaid "order-paid" "order";
    OrderDifferenceBooked "order-difference-booked" "order";
    ChannelFeeIncurred "channel-fee-incurred" "order";
    ChannelFeeReturned "channel-fee-returned" "order";
    OrderShipped "order-shipped" "order";
    OrderCompleted "order-completed" "order";
    CommissionCharged "commission-charged" "order";
    FeeCharged "fee-charged" "order";
    PartnerCommissionCharged "partner-commission-charged" "order";
    RefundIssued "refund-issued" "order";
    RefundPaid "refund-paid" "order";
    RefundFailed "refund-failed" "order";
    FeeReturned "fee-returned" "order";
    PartnerCommissionReturned "partner-commission-returned" "order";
    RefundAdvanced "refund-advanced" "order";
    AdvanceRecovered "advance-recovered" "order";
    AdvanceBorne "advance-borne" "order";
    ClaimPaid "claim-paid" "order";
    ClaimCollected "claim-collected" "order";
    SupplierPartRemitted "supplier-part-remitted" "order";
    HoldPlaced "hold-placed" "order";
    HoldReleased "hold-released" "order";
    OrderCancelled "order-cancelled" "order";
    TaxAssessed "tax-assessed" "order";
    TaxCollected "tax-collected" "order";
    TaxRefunded "tax-refunded" "order";
    TaxWithheld "tax-withheld" "order";
    WithholdingReturned "withholding-returned" "order";
    FeeInvoiced "fee-invoiced" "order";
    RedLetterIssued "red-letter-issued" "order";
    CycleClosed "cycle-closed" "settlement";
    SettlementBroughtForward "settlement-brought-forward" "settlement";
    AccountSettled "account-settled" "settlement";
    DebtRecognised "debt-recognised" "settlement";
    DebtCollected "debt-collected" "settlement";
    DebtAllowanceSet "debt-allowance-set" "settlement";
    DebtWrittenOff "debt-written-off" "settlement";
    ObjectionTermsAgreed "objection-terms-agreed" "settlement";
    ObjectionRaised "objection-raised" "settlement";
    ObjectionAnswered "objection-answered" "settlement";
    CorrectionBooked "correction-booked" "settlement";
    StatementConfirmed "statement-confirmed" "settlement";
    PayoutInstructed "payout-instructed" "payout";
    PayoutPaid "payout-paid" "payout";
    PayoutFailed "payout-failed" "payout";
    PayoutReturned "payout-returned" "payout";
    PayoutApproved "payout-approved" "payout";
    PayoutHeld "payout-held" "payout";
    PayoutReleased "payout-released" "payout";
    PayoutAccepted "payout-accepted" "payout";
    PayoutRecalled "payout-recalled" "payout";
    PayeeProposed "payee-proposed" "payee";
    PayeeApproved "payee-approved" "payee";
    PayeeWithdrawn "payee-withdrawn" "payee";
    PayoutFileIssued "payoutfile-issued" "payoutfile";
    PayoutFileWithdrawn "payoutfile-withdrawn" "payoutfile";
    WalletBroughtForward "wallet-brought-forward" "advertising";
    AdTermsAgreed "ad-terms-agreed" "advertising";
    WalletToppedUp "wallet-topped-up" "advertising";
    CreditGranted "credit-granted" "advertising";
    CreditExpired "credit-expired" "advertising";
    AdCharged "ad-charged" "advertising";
    WalletRefunded "wallet-refunded" "advertising";
    WalletRefundPaid "wallet-refund-paid" "advertising";
    DepositBroughtForward "deposit-brought-forward" "deposit";
    DepositPaid "deposit-paid" "deposit";
    DepositUsed "deposit-used" "deposit";
    DepositSetAside "deposit-set-aside" "deposit";
    DepositReturned "deposit-returned" "deposit";
    MembershipBroughtForward "membership-brought-forward" "membership";
    MembershipCharged "membership-charged" "membership";
    RevenueRecognised "revenue-recognised" "membership";
    MembershipUpgraded "membership-upgraded" "membership";
    MembershipCancelled "membership-cancelled" "membership";
    RenewalAgreed "renewal-agreed" "membership";
    RenewalEnded "renewal-ended" "membership";
    MembershipInvoiced "membership-invoiced" "membership";
    MembershipRedLetterIssued "membership-red-letter-issued" "membership";
    MembershipRefundPaid "membership-refund-paid" "membership";
    ServiceFeeCharged "service-fee-charged" "service";
    ServiceFeeReturned "service-fee-returned" "service";
    PremiumRemitted "premium-remitted" "service";
    LoanGranted "loan-granted" "service";
    LoanRepaid "loan-repaid" "service";
    ServiceFeeInvoiced "service-fee-invoiced" "service";
    ServiceRedLetterIssued "service-red-letter-issued" "service";
    PayoutAdvanced "payout-advanced" "service";
    PenaltyImposed "penalty-imposed" "service";
    PenaltyWaived "penalty-waived" "service";
    ServiceRefundPaid "service-refund-paid" "service";
    InputTaxClaimed "input-tax-claimed" "tax";
    TaxRemitted "tax-remitted" "tax";
    OpeningBalancesRecorded "opening-balances-recorded" "opening";
    CloseRunStarted "close-run-started" "closerun";
    CloseRunFinished "close-run-finished" "closerun";
    FxRateRecorded "fx-rate-recorded" "fxrate";
    FxRateCorrected "fx-rate-corrected" "fxrate";
    FxSettled "fx-settled" "fxposition";
    FxRevalued "fx-revalued" "fxposition";
    BankLineRecorded "bank-line-recorded" "bankfile";
    BookOpened "book-opened" "book";
    MonthClosed "month-closed" "book";
    ProvisionBooked "provision-booked" "book";
    ProvisionReversed "provision-reversed" "book";
}

impl fmt::Display for EntryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text())
    }
}
