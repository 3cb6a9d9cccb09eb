//! What an order remembers of its partners, in minor units of the currency of the seller's settlement.

use souk_journal::ids::{LineId, MerchantId};
use souk_journal::money::{Amount, MoneyError};
use souk_journal::split::{returned, returned_in_turn};

use crate::order::corrected::{ChargedPart, Corrected, PartnerPart, output_vat, sum};
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
    /// Of whom.
    pub back: PartnerBack,
}

/// What has gone back of a commission, by who gave it; together what the seller got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PartnerBack {
    /// The partner.
    pub partner: i64,
    /// The platform, without tax; below zero where a correction at the platform's cost is made good.
    pub platform: i64,
    /// The output tax.
    pub tax: i64,
}

impl PartnerCommission {
    /// What has gone back in all once so much did.
    fn parts(&self, returned: i64) -> PartnerBack {
        let parts = returned_in_turn(returned, &[self.tax, self.platform, self.earned()]);
        PartnerBack { tax: parts[0], platform: parts[1], partner: parts[2] }
    }

    /// What the partner earned.
    fn earned(&self) -> i64 {
        self.amount - self.platform - self.tax
    }

    /// Whether a part is of it.
    pub(in crate::order) fn is(&self, part: &PartnerPart) -> bool {
        (self.merchant, self.partner, self.kind, self.line)
            == (part.merchant, part.partner, part.kind, part.line)
    }
}

impl Placed {
    /// What has gone back in all of a partner's commission, given the refunds so far. Where corrections gave the seller a
    /// part before, or took one from the partner, the rest of each side goes back as the whole would; what the platform
    /// bore or kept by them is made good.
    pub(super) fn partner_returned(
        &self,
        of: &PartnerCommission,
        corrected: &[Corrected],
    ) -> PartnerBack {
        let shared = self.refunded_of((of.merchant, Some(of.line)), of.base, BaseTax::default());
        let Some((refunded, base)) = shared else { return of.back };
        let back = |earned: bool| {
            let side = |part: &ChargedPart| matches!(part, ChargedPart::Partner(part) if part.earned == earned && of.is(part));
            (sum(corrected, side), output_vat(corrected, side))
        };
        let ((seller, vat), (partner, _)) = (back(false), back(true));
        if (seller, partner) == (0, 0) {
            return of.parts(returned(of.amount, refunded, base));
        }
        let share = |left: i64, before: i64| returned(left, refunded, base).min(left).max(before);
        let tax = share((of.tax - vat).max(0), of.back.tax);
        // What was taken from the partner is below zero.
        let partner = share(of.earned() + partner, of.back.partner);
        let seller = share(of.amount - seller, of.returned);
        PartnerBack { partner, platform: seller - partner - tax, tax }
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
            back: PartnerBack::default(),
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
        let minor = |amount: Amount| amount.minor(of.currency);
        let amount = minor(line.amount)?;
        let (partner, platform) = (minor(line.partner)?, minor(line.platform)?);
        let tax = minor(line.tax)?;
        let same = |known: &&mut PartnerCommission| {
            (known.partner, known.kind, known.line) == (of.partner, of.kind, line.line)
        };
        for of in placed.partner_commissions.iter_mut().filter(same) {
            of.returned += amount;
            of.back.partner += partner;
            of.back.platform += platform;
            of.back.tax += tax;
        }
    }
    Ok(())
}
