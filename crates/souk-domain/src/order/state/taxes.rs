//! What an order remembers of its taxes and of the invoices of its fees, in minor units.

use souk_journal::ids::{Id, JurisdictionId, LineId, MerchantId};
use souk_journal::money::MoneyError;
use souk_journal::split::returned;

use super::{Line, Placed};
use crate::order::events::{
    FeeInvoiced, Invoiceable, PartnerKind, RedLetterIssued, TaxAssessed, TaxCollected, TaxRefunded,
    TaxWithheld, WithholdingReturned,
};
use crate::order::partner::state::PartnerCommission;
use crate::tariff::events::Base;

/// Tax on a line that the platform collects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineTax {
    /// The line.
    pub line: LineId,
    /// Who sells it.
    pub merchant: MerchantId,
    /// Whom it is owed to.
    pub jurisdiction: JurisdictionId,
    /// On the goods; after completion on what was left of them.
    pub goods: i64,
    /// On the shipping, likewise.
    pub shipping: i64,
    /// Of the goods' tax, refunded since.
    pub goods_returned: i64,
    /// Of the shipping's tax, refunded since.
    pub shipping_returned: i64,
}

impl LineTax {
    /// On the goods, what can still be refunded.
    pub fn goods_left(&self) -> i64 {
        self.goods - self.goods_returned
    }

    /// On the shipping, what can still be refunded.
    pub fn shipping_left(&self) -> i64 {
        self.shipping - self.shipping_returned
    }

    /// What can still be refunded.
    pub fn left(&self) -> i64 {
        self.goods_left() + self.shipping_left()
    }

    /// What a refund of more goods and shipping of its line takes back, on the cumulative refund.
    pub fn taken_back(&self, line: &Line, more: (i64, i64), gift: bool) -> (i64, i64) {
        let (goods, shipping) = (line.refunded_goods + more.0, line.refunded_shipping + more.1);
        let of_goods = line.share_returned(self.goods, goods, line.given_back || gift);
        let of_shipping =
            if line.shipping == 0 { 0 } else { returned(self.shipping, shipping, line.shipping) };
        (of_goods - self.goods_returned, of_shipping - self.shipping_returned)
    }
}

/// Tax withheld from a merchant's sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// The merchant.
    pub merchant: MerchantId,
    /// Whom it is owed to.
    pub jurisdiction: JurisdictionId,
    /// What its rate was of.
    pub of: Base,
    /// What was withheld.
    pub amount: i64,
    /// Given back.
    pub returned: i64,
}

/// A fee that stands on an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoicedFee {
    /// To whom.
    pub merchant: MerchantId,
    /// The fee.
    pub fee: Invoiceable,
    /// The invoice.
    pub invoice: Id,
    /// Fee and tax that stand on it, or on the red letters that reduce it: what came back of them is settled.
    pub settled: (i64, i64),
    /// Its red letters.
    pub red_letters: Vec<Id>,
}

/// (fee, tax) and (fee, tax).
fn plus(a: (i64, i64), b: (i64, i64)) -> (i64, i64) {
    (a.0 + b.0, a.1 + b.1)
}

impl Placed {
    /// What a merchant was charged of a fee, as (fee, tax), if it was.
    pub fn charged(&self, merchant: MerchantId, fee: Invoiceable) -> Option<(i64, i64)> {
        match fee {
            Invoiceable::Fee(fee) => {
                let charges = self.charges.iter();
                let of = charges.filter(|of| of.merchant == merchant && of.fee == fee);
                of.map(|of| (of.amount, of.tax)).reduce(plus)
            }
            Invoiceable::Partners(kind) => {
                let of = self.of_partners(merchant, kind);
                of.map(|of| (of.platform, of.tax)).reduce(plus)
            }
        }
    }

    /// What has come back of a merchant's fee, as (fee, tax).
    pub fn came_back(&self, merchant: MerchantId, fee: Invoiceable) -> (i64, i64) {
        match fee {
            Invoiceable::Fee(fee) => {
                let of = self.charges.iter().filter(|of| of.merchant == merchant && of.fee == fee);
                of.map(|of| (of.returned, of.tax_returned)).fold((0, 0), plus)
            }
            Invoiceable::Partners(kind) => {
                let of = self.of_partners(merchant, kind);
                of.map(|of| (of.back.platform, of.back.tax)).fold((0, 0), plus)
            }
        }
    }

    fn of_partners(
        &self,
        merchant: MerchantId,
        kind: PartnerKind,
    ) -> impl Iterator<Item = &PartnerCommission> {
        self.partner_commissions.iter().filter(move |of| (of.merchant, of.kind) == (merchant, kind))
    }

    /// Tax that escrow must hold for a merchant until it completes.
    pub(super) fn tax_in_escrow(&self, merchant: MerchantId) -> i64 {
        let open = |of: &&LineTax| {
            of.merchant == merchant && self.line(of.line).is_some_and(|line| !line.completed)
        };
        self.taxes.iter().filter(open).map(LineTax::left).sum()
    }

    /// Lets the tax of a completed line stand at what refunds left of it, as the line itself does; gives what that is on
    /// the goods and on the shipping.
    pub(super) fn complete_tax(&mut self, line: LineId) -> (i64, i64) {
        let mut sum = (0, 0);
        for tax in self.taxes.iter_mut().filter(|of| of.line == line) {
            (tax.goods, tax.shipping) = (tax.goods_left(), tax.shipping_left());
            (tax.goods_returned, tax.shipping_returned) = (0, 0);
            sum = (sum.0 + tax.goods, sum.1 + tax.shipping);
        }
        sum
    }

    /// Of the tax on a line's goods and on its shipping, what was refunded and of how much, in the currency of the
    /// settlement: a share of what the tax came to there, on the cumulative refund.
    pub(super) fn tax_refunded(&self, line: &Line) -> [(i64, i64); 2] {
        let mut sums = [(0, 0), (0, 0)];
        for tax in self.taxes.iter().filter(|tax| tax.line == line.line) {
            let of = [(tax.goods_returned, tax.goods), (tax.shipping_returned, tax.shipping)];
            for (sum, (back, of)) in sums.iter_mut().zip(of) {
                *sum = (sum.0 + back, sum.1 + of);
            }
        }
        let Some(settled) = line.settled else { return sums };
        let into = |(back, of): (i64, i64), settled: i64| (returned(settled, back, of), settled);
        let [goods, shipping] = sums;
        [into(goods, settled.tax_on_goods), into(shipping, settled.tax_on_shipping)]
    }
}

pub(super) fn assess(placed: &mut Placed, of: &TaxAssessed) -> Result<(), MoneyError> {
    for tax in &of.lines {
        let (goods, shipping) = (tax.goods.minor(of.currency)?, tax.shipping.minor(of.currency)?);
        let Some(merchant) = placed.line(tax.line).map(|line| line.merchant) else { continue };
        if let Some((_, owed)) = placed.owed.iter_mut().find(|(known, _)| *known == merchant) {
            *owed += goods + shipping;
        }
        let (line, jurisdiction) = (tax.line, tax.jurisdiction);
        let (goods_returned, shipping_returned) = (0, 0);
        placed.taxes.push(LineTax {
            line,
            merchant,
            jurisdiction,
            goods,
            shipping,
            goods_returned,
            shipping_returned,
        });
    }
    Ok(())
}

pub(super) fn collect(placed: &mut Placed, of: &TaxCollected) -> Result<(), MoneyError> {
    for tax in &of.lines {
        let amount = tax.goods.minor(of.currency)? + tax.shipping.minor(of.currency)?;
        placed.add_escrow(Some(of.merchant), -amount);
    }
    Ok(())
}

/// Folds refunded tax into taxes, escrow, payments, the difference and the refund.
pub(crate) fn refund(placed: &mut Placed, of: &TaxRefunded) -> Result<(), MoneyError> {
    for back in &of.lines {
        let (goods, shipping) = (back.goods.minor(of.currency)?, back.shipping.minor(of.currency)?);
        let same =
            |tax: &&mut LineTax| tax.line == back.line && tax.jurisdiction == back.jurisdiction;
        if let Some(tax) = placed.taxes.iter_mut().find(same) {
            tax.goods_returned += goods;
            tax.shipping_returned += shipping;
        }
        if !back.collected {
            placed.add_escrow(Some(back.merchant), -(goods + shipping));
        }
    }
    if of.difference.is_some()
        && let Some((_, _, refunded)) = &mut placed.difference
    {
        *refunded = true;
    }
    for target in &of.to {
        let amount = target.amount.minor(of.currency)?;
        for payment in placed.payments.iter_mut().filter(|known| known.payment == target.payment) {
            payment.refunded += amount;
        }
        for refund in placed.refunds.iter_mut().filter(|known| known.refund == of.refund) {
            match refund.to.iter_mut().find(|(payment, ..)| *payment == target.payment) {
                Some((_, _, sum)) => *sum += amount,
                None => refund.to.push((target.payment, target.voucher, amount)),
            }
        }
    }
    Ok(())
}

pub(super) fn withhold(placed: &mut Placed, of: &TaxWithheld) -> Result<(), MoneyError> {
    placed.withheld.push(Withheld {
        merchant: of.merchant,
        jurisdiction: of.jurisdiction,
        of: of.of,
        amount: of.amount.minor(of.currency)?,
        returned: 0,
    });
    Ok(())
}

pub(super) fn return_withheld(
    placed: &mut Placed,
    of: &WithholdingReturned,
) -> Result<(), MoneyError> {
    let same = |known: &&mut Withheld| {
        known.merchant == of.merchant && known.jurisdiction == of.jurisdiction
    };
    if let Some(known) = placed.withheld.iter_mut().find(same) {
        known.returned += of.amount.minor(of.currency)?;
    }
    Ok(())
}

pub(super) fn invoice(placed: &mut Placed, of: &FeeInvoiced) -> Result<(), MoneyError> {
    // The invoice is less by what had come back, whoever gave it.
    let (net, tax) = placed.charged(of.merchant, of.fee).unwrap_or_default();
    let settled = (net - of.amount.minor(of.currency)?, tax - of.tax.minor(of.currency)?);
    let (merchant, fee, invoice) = (of.merchant, of.fee, of.invoice);
    let red_letters = Vec::new();
    placed.invoices.push(InvoicedFee { merchant, fee, invoice, settled, red_letters });
    Ok(())
}

pub(super) fn red_letter(placed: &mut Placed, of: &RedLetterIssued) -> Result<(), MoneyError> {
    let (fee, tax) = (of.amount.minor(of.currency)?, of.tax.minor(of.currency)?);
    let same = |known: &&mut InvoicedFee| known.merchant == of.merchant && known.fee == of.fee;
    if let Some(known) = placed.invoices.iter_mut().find(same) {
        known.settled = (known.settled.0 + fee, known.settled.1 + tax);
        known.red_letters.push(of.red_letter);
    }
    Ok(())
}
