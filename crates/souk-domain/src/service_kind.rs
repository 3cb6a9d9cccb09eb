//! What a fee beside orders is for, and where it goes: its lines on a statement and its line of revenue.
//!
//! One table for terms (deferred and earned day by day) and for services (earned when charged), so that a new kind is
//! one row here and its line kinds.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use souk_journal::account::Account;
use souk_journal::line_kind::LineKind;

/// What a fee beside orders is for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, Default,
)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceKind {
    /// A membership: sold as a term only.
    #[default]
    Membership,
    /// The use of the platform: a fixed price or a share.
    PlatformUsage,
    /// Technical support.
    TechnicalSupport,
    /// Storage, by unit and day.
    Storage,
    /// Transport, packing, delivery.
    Logistics,
    /// Value-added services.
    ValueAdded,
    /// Insurance of freight, mostly for an insurer.
    FreightInsurance,
    /// The platform's own guarantee for the freight of returns.
    ReturnFreightGuarantee,
    /// Interest of instalments.
    InstalmentInterest,
    /// Interest of a loan.
    LoanInterest,
    /// A payout before its day.
    EarlyPayout,
}

/// Any service, in the schema of an event: a list of today's would make every new service another version of it.
pub(crate) fn name_of_a_service(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$", "description": "a service"})
}

/// The line kinds of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceLines {
    /// The fee: charged, deferred, earned.
    pub fee: LineKind,
    /// Its tax.
    pub tax: LineKind,
    /// The fee given back.
    pub returned: LineKind,
    /// Its tax given back.
    pub tax_returned: LineKind,
    /// The unused rest of a term that is not given back.
    pub forfeited: LineKind,
}

impl ServiceKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Membership,
        Self::PlatformUsage,
        Self::TechnicalSupport,
        Self::Storage,
        Self::Logistics,
        Self::ValueAdded,
        Self::FreightInsurance,
        Self::ReturnFreightGuarantee,
        Self::InstalmentInterest,
        Self::LoanInterest,
        Self::EarlyPayout,
    ];

    /// The line of revenue.
    pub fn revenue(self) -> Account {
        match self {
            Self::Membership => Account::Membership,
            Self::PlatformUsage => Account::PlatformUsage,
            Self::TechnicalSupport => Account::TechnicalServices,
            Self::Storage | Self::Logistics => Account::Logistics,
            Self::ValueAdded | Self::FreightInsurance | Self::ReturnFreightGuarantee => {
                Account::ValueAdded
            }
            Self::InstalmentInterest | Self::LoanInterest | Self::EarlyPayout => {
                Account::FinancialServices
            }
        }
    }

    /// Its lines. On `DeferredRevenue` they say which line of revenue is deferred.
    pub fn lines(self) -> ServiceLines {
        macro_rules! of {
            ($fee:ident $tax:ident $returned:ident $tax_returned:ident $forfeited:ident) => {
                ServiceLines {
                    fee: LineKind::$fee,
                    tax: LineKind::$tax,
                    returned: LineKind::$returned,
                    tax_returned: LineKind::$tax_returned,
                    forfeited: LineKind::$forfeited,
                }
            };
        }
        match self {
            Self::Membership => of!(Membership MembershipTax MembershipReturned
                MembershipTaxReturned MembershipForfeited),
            Self::PlatformUsage => of!(PlatformUsage PlatformUsageTax PlatformUsageReturned
                PlatformUsageTaxReturned PlatformUsageForfeited),
            Self::TechnicalSupport => of!(TechnicalSupport TechnicalSupportTax
                TechnicalSupportReturned TechnicalSupportTaxReturned TechnicalSupportForfeited),
            Self::Storage => {
                of!(Storage StorageTax StorageReturned StorageTaxReturned StorageForfeited)
            }
            Self::Logistics => of!(Logistics LogisticsTax LogisticsReturned LogisticsTaxReturned
                LogisticsForfeited),
            Self::ValueAdded => of!(ValueAdded ValueAddedTax ValueAddedReturned
                ValueAddedTaxReturned ValueAddedForfeited),
            Self::FreightInsurance => of!(FreightInsurance FreightInsuranceTax
                FreightInsuranceReturned FreightInsuranceTaxReturned FreightInsuranceForfeited),
            Self::ReturnFreightGuarantee => of!(ReturnFreightGuarantee ReturnFreightGuaranteeTax
                ReturnFreightGuaranteeReturned ReturnFreightGuaranteeTaxReturned
                ReturnFreightGuaranteeForfeited),
            Self::InstalmentInterest => of!(InstalmentInterest InstalmentInterestTax
                InstalmentInterestReturned InstalmentInterestTaxReturned
                InstalmentInterestForfeited),
            Self::LoanInterest => of!(LoanInterest LoanInterestTax LoanInterestReturned
                LoanInterestTaxReturned LoanInterestForfeited),
            Self::EarlyPayout => of!(EarlyPayout EarlyPayoutTax EarlyPayoutReturned
                EarlyPayoutTaxReturned EarlyPayoutForfeited),
        }
    }
}

#[cfg(test)]
mod tests {
    use souk_journal::deferral::{DEFERRED_FEES, earned_on};

    use super::*;

    #[test]
    fn the_lines_of_a_service_share_their_name_and_no_line_has_two_services() {
        let mut seen = Vec::new();
        for kind in ServiceKind::ALL {
            let of = kind.lines();
            let name = of.fee.text();
            let parts = [(of.tax, "tax"), (of.returned, "returned")];
            let more = [(of.tax_returned, "tax_returned"), (of.forfeited, "forfeited")];
            for (line, part) in parts.into_iter().chain(more) {
                assert_eq!(line.text(), format!("{name}.{part}"));
            }
            assert!(kind.revenue().revenue_line().is_some(), "{name}");
            assert_eq!(earned_on(of.fee), Some(kind.revenue()), "{name}");
            assert!(!seen.contains(&of.fee), "{name}");
            seen.push(of.fee);
        }
        assert_eq!(seen.len(), DEFERRED_FEES.len());
    }
}
