//! Which line of revenue earns a fee that is deferred: the kinds on `DeferredRevenue` name the fee, and whoever reports
//! deferral by line of revenue asks here.

use crate::account::Account;
use crate::line_kind::LineKind;

/// The fees that can be deferred, and the line that earns each; the domain's table of services agrees with it by a test.
pub const DEFERRED_FEES: [(LineKind, Account); 11] = [
    (LineKind::Membership, Account::Membership),
    (LineKind::PlatformUsage, Account::PlatformUsage),
    (LineKind::TechnicalSupport, Account::TechnicalServices),
    (LineKind::Storage, Account::Logistics),
    (LineKind::Logistics, Account::Logistics),
    (LineKind::ValueAdded, Account::ValueAdded),
    (LineKind::FreightInsurance, Account::ValueAdded),
    (LineKind::ReturnFreightGuarantee, Account::ValueAdded),
    (LineKind::InstalmentInterest, Account::FinancialServices),
    (LineKind::LoanInterest, Account::FinancialServices),
    (LineKind::EarlyPayout, Account::FinancialServices),
];

/// The line that earns a fee; none for a kind that is never deferred.
pub fn earned_on(fee: LineKind) -> Option<Account> {
    DEFERRED_FEES.iter().find(|(of, _)| *of == fee).map(|(_, line)| *line)
}
