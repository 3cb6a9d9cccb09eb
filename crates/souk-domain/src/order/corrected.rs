//! What corrections have given back of what was charged on an order. A correction stands in the settlement's stream, and a
//! refund gives back what is left: together they never give back more than was charged.

use souk_journal::account::Account;
use souk_journal::entry::Posting;
use souk_journal::ids::{JurisdictionId, LineId, MerchantId, RuleId};
use souk_journal::line_kind::LineKind;
use souk_journal::money::Amount;

use super::events::{FeeCharged, Invoiceable, OrderEvent, PartnerCommissionCharged, PartnerKind};
use super::partner::posting::charged_kinds;
use super::posting::fee_kinds;
use super::state::{Charge, Placed};
use crate::tariff::events::FeeKind;

/// What one line of a statement was charged or earned for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargedPart {
    /// A fee, or its tax.
    Fee(FeePart),
    /// A partner's commission on a line.
    Partner(PartnerPart),
    /// Tax withheld from a merchant for a jurisdiction.
    Withheld(MerchantId, JurisdictionId),
}

/// A fee, or its tax, on a line or on a merchant's whole part of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeePart {
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

/// A partner's commission on a line, as the seller bears it or as the partner earns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartnerPart {
    /// The seller.
    pub merchant: MerchantId,
    /// The partner.
    pub partner: MerchantId,
    /// What it is to the sale.
    pub kind: PartnerKind,
    /// The line.
    pub line: LineId,
    /// Whether it is what the partner earns.
    pub earned: bool,
}

/// A part with what corrections have changed of it, minor units of the settlement's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Corrected {
    /// Of what.
    pub part: ChargedPart,
    /// What whoever the line is of got; below zero what was taken, as of a partner.
    pub back: i64,
    /// Of it, what revenue gave.
    pub revenue: i64,
    /// Of it, what the output tax gave.
    pub output_vat: i64,
}

impl ChargedPart {
    /// The part that a posting of an order's event is of: those of one kind are in the order of the event's lines, without
    /// those of nothing. None of what refunds give back otherwise, such as the sale.
    pub fn of_posting(event: &OrderEvent<'_>, postings: &[Posting], index: usize) -> Option<Self> {
        let posting = postings.get(index).filter(|of| of.account == Account::MerchantPayable)?;
        let of_kind =
            |of: &&Posting| of.account == Account::MerchantPayable && of.kind == posting.kind;
        let nth = postings.iter().take(index).filter(of_kind).count();
        if let OrderEvent::CommissionCharged(of) | OrderEvent::FeeCharged(of) = event {
            return FeePart::of(of, posting.kind, nth).map(Self::Fee);
        }
        if let OrderEvent::PartnerCommissionCharged(of) = event {
            return PartnerPart::of(of, posting.kind, nth).map(Self::Partner);
        }
        if let OrderEvent::TaxWithheld(of) = event {
            return Some(Self::Withheld(of.merchant, of.jurisdiction));
        }
        None
    }

    /// What of an invoice it is, if it stands on one.
    fn invoiceable(&self) -> Option<(MerchantId, Invoiceable)> {
        match self {
            Self::Fee(of) => Some((of.merchant, Invoiceable::Fee(of.fee))),
            Self::Partner(of) => {
                (!of.earned).then_some((of.merchant, Invoiceable::Partners(of.kind)))
            }
            Self::Withheld(..) => None,
        }
    }
}

impl FeePart {
    fn of(of: &FeeCharged<'_>, kind: LineKind, nth: usize) -> Option<Self> {
        let (fee, tax) = fee_kinds(of.fee);
        let is_tax = kind == tax;
        if !(is_tax || kind == fee) {
            return None;
        }
        let some = |amount: &Amount| !amount.is_zero();
        let mut lines = of.lines.iter().filter(|l| some(if is_tax { &l.tax } else { &l.amount }));
        let line = lines.nth(nth)?;
        let (merchant, fee) = (of.merchant, of.fee);
        Some(Self { merchant, fee, line: line.line, rule: line.rule, is_tax })
    }

    fn is_of(&self, charge: &Charge) -> bool {
        (self.merchant, self.fee, self.line, self.rule)
            == (charge.merchant, charge.fee, charge.line, charge.rule)
    }
}

impl PartnerPart {
    fn of(of: &PartnerCommissionCharged<'_>, kind: LineKind, nth: usize) -> Option<Self> {
        let (commission, _, earns) = charged_kinds(of.kind);
        let earned = kind == earns;
        if !(earned || kind == commission) {
            return None;
        }
        let amount = |line: &&super::events::PartnerLine<'_>| {
            !(if earned { line.partner } else { line.amount }).is_zero()
        };
        let line = of.lines.iter().filter(amount).nth(nth)?.line;
        let (merchant, partner, kind) = (of.merchant, of.partner, of.kind);
        Some(Self { merchant, partner, kind, line, earned })
    }
}

impl Placed {
    /// What refunds have given back of a part so far, minor units; below zero of what a partner earned.
    pub fn given_back(&self, part: &ChargedPart) -> i64 {
        match part {
            ChargedPart::Fee(part) => {
                let charge = self.charges.iter().find(|charge| part.is_of(charge));
                charge.map_or(0, |of| if part.is_tax { of.tax_returned } else { of.returned })
            }
            ChargedPart::Partner(part) => {
                let of = self.partner_commissions.iter().find(|of| of.is(part));
                of.map_or(0, |of| if part.earned { -of.back.partner } else { of.returned })
            }
            ChargedPart::Withheld(merchant, jurisdiction) => {
                let same = |of: &&super::state::taxes::Withheld| {
                    (of.merchant, of.jurisdiction) == (*merchant, *jurisdiction)
                };
                self.withheld.iter().find(same).map_or(0, |of| of.returned)
            }
        }
    }

    /// What has come back in all of a charge by refunds, as (fee, tax), where corrections had given back a part before: the
    /// rest of it comes back as the whole would, and never less than came back already.
    pub(super) fn returned_beside(&self, charge: &Charge, corrected: &[Corrected]) -> (i64, i64) {
        let back = |tax: bool| {
            sum(
                corrected,
                |part| matches!(part, ChargedPart::Fee(of) if of.is_tax == tax && of.is_of(charge)),
            )
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

/// What corrections have given of some parts.
pub(super) fn sum(corrected: &[Corrected], of: impl Fn(&ChargedPart) -> bool) -> i64 {
    corrected.iter().filter(|one| of(&one.part)).map(|one| one.back).sum()
}

/// The same of the output tax's part.
pub(super) fn output_vat(corrected: &[Corrected], of: impl Fn(&ChargedPart) -> bool) -> i64 {
    corrected.iter().filter(|one| of(&one.part)).map(|one| one.output_vat).sum()
}

/// What corrections have given back of what stands on an invoice, as (fee, tax): what of it revenue gave, and the output
/// tax.
pub(super) fn of_invoice(
    corrected: &[Corrected],
    merchant: MerchantId,
    fee: Invoiceable,
) -> (i64, i64) {
    let of = corrected.iter().filter(|of| of.part.invoiceable() == Some((merchant, fee)));
    of.fold((0, 0), |sum, of| (sum.0 + of.revenue, sum.1 + of.output_vat))
}

#[cfg(test)]
mod tests;
