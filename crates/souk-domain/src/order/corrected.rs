//! What corrections have given back of fees. A correction stands in the settlement's stream, and a refund gives back what
//! is left: together they never give back more than was charged.

use souk_journal::account::Account;
use souk_journal::entry::Posting;
use souk_journal::ids::{LineId, MerchantId, RuleId};
use souk_journal::line_kind::LineKind;
use souk_journal::money::Amount;

use super::events::FeeCharged;
use super::posting::fee_kinds;
use super::state::{Charge, Placed};
use crate::tariff::events::FeeKind;

/// A fee, or its tax, on a line or on a merchant's whole part of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChargedPart {
    /// The merchant.
    pub merchant: MerchantId,
    /// The fee.
    pub fee: FeeKind,
    /// The line; none of a fee on the whole part.
    pub line: Option<LineId>,
    /// Its rule.
    pub rule: RuleId,
    /// Whether it is the tax on the fee.
    pub is_tax: bool,
}

/// A part with what corrections have given back of it, minor units of the settlement's currency, ≥ 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Corrected {
    /// Of what.
    pub part: ChargedPart,
    /// How much.
    pub back: i64,
}

impl ChargedPart {
    /// The part that a posting of a charge's entry is of: those of one kind are in the order of its lines, without those of
    /// nothing.
    pub fn of_posting(of: &FeeCharged<'_>, postings: &[Posting], index: usize) -> Option<Self> {
        let posting = postings.get(index)?;
        let (fee, tax) = fee_kinds(of.fee);
        let is_tax = posting.kind == tax;
        let same = |kind: LineKind| {
            let of_kind = |of: &&Posting| of.account == Account::MerchantPayable && of.kind == kind;
            postings.iter().take(index).filter(of_kind).count()
        };
        if posting.account != Account::MerchantPayable || !(is_tax || posting.kind == fee) {
            return None;
        }
        let some = |amount: &Amount| !amount.is_zero();
        let mut lines = of.lines.iter().filter(|l| some(if is_tax { &l.tax } else { &l.amount }));
        let line = lines.nth(same(posting.kind))?;
        let (merchant, fee) = (of.merchant, of.fee);
        Some(Self { merchant, fee, line: line.line, rule: line.rule, is_tax })
    }

    fn is_of(&self, charge: &Charge) -> bool {
        (self.merchant, self.fee, self.line, self.rule)
            == (charge.merchant, charge.fee, charge.line, charge.rule)
    }
}

impl Placed {
    /// What refunds have given back of a part so far, minor units, ≥ 0.
    pub fn given_back(&self, part: &ChargedPart) -> i64 {
        let charge = self.charges.iter().find(|charge| part.is_of(charge));
        charge.map_or(0, |of| if part.is_tax { of.tax_returned } else { of.returned })
    }

    /// What has come back in all of a charge by refunds, as (fee, tax), where corrections had given back a part before: the
    /// rest of it comes back as the whole would, and never less than came back already.
    pub(super) fn returned_beside(&self, charge: &Charge, corrected: &[Corrected]) -> (i64, i64) {
        let back = |is_tax: bool| {
            let own = |of: &&Corrected| of.part.is_tax == is_tax && of.part.is_of(charge);
            corrected.iter().filter(own).map(|of| of.back).sum::<i64>()
        };
        let (fee, tax) = (back(false), back(true));
        if (fee, tax) == (0, 0) {
            return self.returned_of(charge);
        }
        let left = Charge { amount: charge.amount - fee, tax: charge.tax - tax, ..charge.clone() };
        let (fee, tax) = self.returned_of(&left);
        let before = (charge.returned, charge.tax_returned);
        (fee.min(left.amount).max(before.0), tax.min(left.tax).max(before.1))
    }
}

#[cfg(test)]
mod tests;
