//! Where a kind of line stands in other forms. Every kind has a slot; there is no rest.

use souk_journal::line_kind::LineKind;

/// A place that both forms name in their own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    /// Goods sold.
    Goods,
    /// Shipping that buyers paid.
    Shipping,
    /// Discounts of the merchant.
    Discount,
    /// Goods and shipping refunded, and the platform's discount with them.
    Refund,
    /// The platform's commission and fees on orders, with their tax.
    PlatformFee,
    /// What the payment channel costs, with its tax.
    PaymentFee,
    /// Commission of affiliates, paid or earned.
    Affiliate,
    /// Commission of influencers, paid or earned.
    Influencer,
    /// Advertising, and money for it.
    Advertising,
    /// Memberships and services beside orders, with their tax.
    Service,
    /// Storage and logistics, with their tax.
    Logistics,
    /// Insurance and guarantees of freight, with their tax.
    Insurance,
    /// Loans, interest and early payouts.
    Financing,
    /// Deposits.
    Deposit,
    /// Penalties.
    Penalty,
    /// Tax withheld.
    Tax,
    /// Payouts that came back, debts, what was brought forward.
    Balance,
    /// Between accounts of the platform; on no statement.
    Internal,
}

impl Slot {
    /// The slot of a kind.
    pub(super) fn of(kind: LineKind) -> Self {
        match kind {
            LineKind::SalePrincipal => Self::Goods,
            LineKind::SaleShipping => Self::Shipping,
            LineKind::DiscountMerchant => Self::Discount,
            LineKind::RefundPrincipal | LineKind::RefundShipping | LineKind::RefundSubsidy => {
                Self::Refund
            }
            LineKind::Commission
            | LineKind::CommissionTax
            | LineKind::CommissionReturned
            | LineKind::CommissionTaxReturned
            | LineKind::OrderFee
            | LineKind::OrderFeeTax
            | LineKind::OrderFeeReturned
            | LineKind::OrderFeeTaxReturned
            | LineKind::TechnicalService
            | LineKind::TechnicalServiceTax
            | LineKind::TechnicalServiceReturned
            | LineKind::TechnicalServiceTaxReturned
            | LineKind::ListingFee
            | LineKind::ListingFeeTax
            | LineKind::ListingFeeReturned
            | LineKind::ListingFeeTaxReturned => Self::PlatformFee,
            LineKind::PaymentFee
            | LineKind::PaymentFeeTax
            | LineKind::PaymentFeeReturned
            | LineKind::PaymentFeeTaxReturned => Self::PaymentFee,
            LineKind::AffiliateEarned
            | LineKind::AffiliateEarnedReturned
            | LineKind::AffiliateCommission
            | LineKind::AffiliateCommissionReturned => Self::Affiliate,
            LineKind::InfluencerEarned
            | LineKind::InfluencerEarnedReturned
            | LineKind::InfluencerCommission
            | LineKind::InfluencerCommissionReturned => Self::Influencer,
            LineKind::Advertising | LineKind::AdvertisingTax | LineKind::AdWalletTopUp => {
                Self::Advertising
            }
            LineKind::Membership
            | LineKind::MembershipTax
            | LineKind::MembershipReturned
            | LineKind::MembershipTaxReturned
            | LineKind::PlatformUsage
            | LineKind::PlatformUsageTax
            | LineKind::PlatformUsageReturned
            | LineKind::PlatformUsageTaxReturned
            | LineKind::TechnicalSupport
            | LineKind::TechnicalSupportTax
            | LineKind::TechnicalSupportReturned
            | LineKind::TechnicalSupportTaxReturned
            | LineKind::ValueAdded
            | LineKind::ValueAddedTax
            | LineKind::ValueAddedReturned
            | LineKind::ValueAddedTaxReturned => Self::Service,
            LineKind::Storage
            | LineKind::StorageTax
            | LineKind::StorageReturned
            | LineKind::StorageTaxReturned
            | LineKind::Logistics
            | LineKind::LogisticsTax
            | LineKind::LogisticsReturned
            | LineKind::LogisticsTaxReturned => Self::Logistics,
            LineKind::FreightInsurance
            | LineKind::FreightInsuranceTax
            | LineKind::FreightInsuranceReturned
            | LineKind::FreightInsuranceTaxReturned
            | LineKind::ReturnFreightGuarantee
            | LineKind::ReturnFreightGuaranteeTax
            | LineKind::ReturnFreightGuaranteeReturned
            | LineKind::ReturnFreightGuaranteeTaxReturned => Self::Insurance,
            LineKind::InstalmentInterest
            | LineKind::InstalmentInterestTax
            | LineKind::InstalmentInterestReturned
            | LineKind::InstalmentInterestTaxReturned
            | LineKind::LoanInterest
            | LineKind::LoanInterestTax
            | LineKind::LoanInterestReturned
            | LineKind::LoanInterestTaxReturned
            | LineKind::EarlyPayout
            | LineKind::EarlyPayoutTax
            | LineKind::EarlyPayoutReturned
            | LineKind::EarlyPayoutTaxReturned
            | LineKind::LoanGranted
            | LineKind::LoanRepaid
            | LineKind::PayoutAdvanced => Self::Financing,
            LineKind::DepositPaid | LineKind::DepositUsed | LineKind::DepositToppedUp => {
                Self::Deposit
            }
            LineKind::Penalty | LineKind::PenaltyWaived => Self::Penalty,
            LineKind::TaxWithheld | LineKind::TaxWithheldReturned => Self::Tax,
            LineKind::PayoutReturned
            | LineKind::Correction
            | LineKind::HoldPlaced
            | LineKind::HoldReleased
            | LineKind::PayoutFailed
            | LineKind::DebtRecognised
            | LineKind::DebtCollected
            | LineKind::BroughtForward
            | LineKind::Carried
            | LineKind::ReserveWithheld
            | LineKind::ReserveReleased
            | LineKind::Payout => Self::Balance,
            LineKind::Claimed
            | LineKind::PayoutInstructed
            | LineKind::PayoutPaid
            | LineKind::BankReceived
            | LineKind::BankSent
            | LineKind::Payment
            | LineKind::PaymentVoucher
            | LineKind::EscrowReleased
            | LineKind::EscrowRefunded
            | LineKind::Difference
            | LineKind::DifferenceRefunded
            | LineKind::Subsidy
            | LineKind::SubsidyReturned
            | LineKind::TaxCollected
            | LineKind::TaxRefunded
            | LineKind::TaxRemitted
            | LineKind::TaxInput
            | LineKind::FxConverted
            | LineKind::FxSettled
            | LineKind::FxRealised
            | LineKind::FxRevalued
            | LineKind::FxRevaluationReversed
            | LineKind::ChannelFee
            | LineKind::ChannelFeePassedOn
            | LineKind::SupplierPart
            | LineKind::AffiliateCommissionTax
            | LineKind::AffiliateCommissionTaxReturned
            | LineKind::InfluencerCommissionTax
            | LineKind::InfluencerCommissionTaxReturned
            | LineKind::SupplierPartRemitted
            | LineKind::Claim
            | LineKind::RefundAdvanced
            | LineKind::AdCreditExpired
            | LineKind::AdvanceRecovered
            | LineKind::AdvanceBorne
            | LineKind::ClaimCollected
            | LineKind::ChannelFeeReturned
            | LineKind::Refund
            | LineKind::RefundVoucher
            | LineKind::RefundPaid
            | LineKind::AdWalletRefund
            | LineKind::AdCreditGranted
            | LineKind::AdCreditSpent
            | LineKind::AdCreditLapsed
            | LineKind::DepositReturned
            | LineKind::DebtAllowance
            | LineKind::DebtWrittenOff
            | LineKind::Provision
            | LineKind::ProvisionReversed
            | LineKind::MembershipForfeited
            | LineKind::PlatformUsageForfeited
            | LineKind::TechnicalSupportForfeited
            | LineKind::StorageForfeited
            | LineKind::LogisticsForfeited
            | LineKind::ValueAddedForfeited
            | LineKind::FreightInsuranceForfeited
            | LineKind::ReturnFreightGuaranteeForfeited
            | LineKind::InstalmentInterestForfeited
            | LineKind::LoanInterestForfeited
            | LineKind::EarlyPayoutForfeited => Self::Internal,
        }
    }
}
