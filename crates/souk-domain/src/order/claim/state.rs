//! What an order remembers of claims and of what its suppliers were paid, in minor units of the currency of each.

use souk_journal::ids::{Id, RefundId};
use souk_journal::money::MoneyError;

use crate::order::events::{ClaimCollected, ClaimPaid, Cover, SupplierPartRemitted};
use crate::order::state::{Placed, Refund};

/// A claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The claim.
    pub claim: RefundId,
    /// How much.
    pub amount: i64,
    /// The insurer that owes it to the platform.
    pub insurer: Option<Id>,
    /// What it still owes.
    pub owed: i64,
}

/// Folds a claim; what the platform pays is in transit as a refund is, and confirmed like one.
pub(in crate::order) fn paid(placed: &mut Placed, of: &ClaimPaid) -> Result<(), MoneyError> {
    let amount = of.amount.minor(of.currency)?;
    let insurer = match of.cover {
        Cover::Insurer { supplier } => Some(supplier),
        Cover::InsurerDirectly { .. } | Cover::Guarantee => None,
    };
    let owed = if insurer.is_some() { amount } else { 0 };
    placed.claims.push(Claim { claim: of.claim, amount, insurer, owed });
    if let Some(payment) = of.payment {
        let to = vec![(payment, of.voucher, amount)];
        placed.refunds.push(Refund { refund: of.claim, paid: false, to });
    }
    Ok(())
}

/// Folds what the insurer paid.
pub(in crate::order) fn collected(
    placed: &mut Placed,
    of: &ClaimCollected<'_>,
) -> Result<(), MoneyError> {
    let amount = of.amount.minor(of.currency)?;
    let known = placed.claims.iter_mut().filter(|known| known.claim == of.claim);
    known.for_each(|claim| claim.owed -= amount);
    Ok(())
}

/// Folds what a supplier was paid.
pub(in crate::order) fn remitted(
    placed: &mut Placed,
    of: &SupplierPartRemitted<'_>,
) -> Result<(), MoneyError> {
    placed.remitted.push((of.merchant, of.amount.minor(of.currency)?));
    Ok(())
}
