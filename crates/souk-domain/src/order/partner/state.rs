//! What an order remembers of its partners, in minor units of the currency of the seller's settlement.

use souk_journal::ids::{LineId, MerchantId};
use souk_journal::money::MoneyError;
use souk_journal::split::{returned, returned_in_turn};

use crate::order::events::{
    OrderAttributed, PartnerCommissionCharged, PartnerCommissionReturned, PartnerKind,
};
use crate::order::state::Placed;
use crate::rate::Rate;
use crate::tariff::events::{Base, BaseTax};

/// Lines that a partner brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// The partner.
    pub partner: MerchantId,
    /// What it is to the sale.
    pub kind: PartnerKind,
    /// Its share.
    pub rate: Rate,
    /// Of what.
    pub base: Base,
    /// The platform's part of the share.
    pub platform_share: Rate,
    /// The rate of the tax within that.
    pub tax_rate: Rate,
    /// The lines, at least one.
    pub lines: Box<[LineId]>,
}

/// A partner's commission on a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerCommission {
    /// The seller.
    pub merchant: MerchantId,
    /// The partner.
    pub partner: MerchantId,
    /// What it is to the sale.
    pub kind: PartnerKind,
    /// The line.
    pub line: LineId,
    /// Category path.
    pub category: Option<Box<str>>,
    /// What the share was of.
    pub base: Base,
    /// What the seller bore.
    pub amount: i64,
    /// Of it, the platform's part without tax.
    pub platform: i64,
    /// Of it, tax.
    pub tax: i64,
    /// What has gone back to the seller.
    pub returned: i64,
}

impl PartnerCommission {
    /// What has gone back in all once so much did: tax, the platform's part, the partner's.
    pub(super) fn parts(&self, returned: i64) -> [i64; 3] {
        let partner = self.amount - self.platform - self.tax;
        let parts = returned_in_turn(returned, &[self.tax, self.platform, partner]);
        [parts[0], parts[1], parts[2]]
    }

    /// What has gone back of the platform's part, as (without tax, tax).
    pub(in crate::order) fn back(&self) -> (i64, i64) {
        let [tax, platform, _] = self.parts(self.returned);
        (platform, tax)
    }
}

impl Placed {
    /// What has gone back in all of a partner's commission, given the refunds so far.
    pub(super) fn partner_returned(&self, of: &PartnerCommission) -> i64 {
        match self.refunded_of((of.merchant, Some(of.line)), of.base, BaseTax::default()) {
            Some((refunded, base)) => returned(of.amount, refunded, base),
            None => 0,
        }
    }
}

/// Folds an attribution.
pub(in crate::order) fn attributed(placed: &mut Placed, of: &OrderAttributed) {
    placed.attributions.push(Attribution {
        partner: of.partner,
        kind: of.kind,
        rate: of.rate,
        base: of.base,
        platform_share: of.platform_share,
        tax_rate: of.tax_rate,
        lines: of.lines.clone().into(),
    });
}

/// Folds a charge.
pub(in crate::order) fn charged(
    placed: &mut Placed,
    of: &PartnerCommissionCharged<'_>,
) -> Result<(), MoneyError> {
    for line in &of.lines {
        placed.partner_commissions.push(PartnerCommission {
            merchant: of.merchant,
            partner: of.partner,
            kind: of.kind,
            line: line.line,
            category: line.category.map(Into::into),
            base: of.base,
            amount: line.amount.minor(of.currency)?,
            platform: line.platform.minor(of.currency)?,
            tax: line.tax.minor(of.currency)?,
            returned: 0,
        });
    }
    Ok(())
}

/// Folds what went back.
pub(in crate::order) fn given_back(
    placed: &mut Placed,
    of: &PartnerCommissionReturned<'_>,
) -> Result<(), MoneyError> {
    for line in &of.lines {
        let amount = line.amount.minor(of.currency)?;
        let same = |known: &&mut PartnerCommission| {
            (known.partner, known.kind, known.line) == (of.partner, of.kind, line.line)
        };
        placed.partner_commissions.iter_mut().filter(same).for_each(|of| of.returned += amount);
    }
    Ok(())
}
