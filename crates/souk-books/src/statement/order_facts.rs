//! What an order's stream says about its sales and fees: the base of a refund or of a returned fee
//! stands in an earlier event than the refund.

use souk_domain::event::LedgerEvent;
use souk_domain::order::events::{
    FeeCharged, FeeReturned, OrderCompleted, OrderEvent, PartnerCommissionCharged, PartnerKind,
};
use souk_domain::rate::Rate;
use souk_domain::tariff::events::FeeKind;
use souk_journal::ids::{LineId, MerchantId, RuleId, TariffId};
use souk_journal::line_kind::LineKind;
use souk_journal::money::Amount;

use crate::error::BooksError;
use crate::fetch::Fetcher;

/// A completed line.
#[derive(Debug, Clone, Copy)]
struct Sale {
    merchant: MerchantId,
    line: LineId,
    entry: u64,
    principal: Amount,
    shipping: Amount,
    subsidy: Amount,
}

/// A fee, as it is told from the others of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChargeKey {
    merchant: MerchantId,
    fee: FeeKind,
    tariff: TariffId,
    version: u32,
    rule: RuleId,
    line: Option<LineId>,
}

#[derive(Debug, Clone, Copy)]
struct Charge {
    key: ChargeKey,
    base: Amount,
    rate: Rate,
    amount: Amount,
    tax_rate: Rate,
}

/// A partner's commission on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PartnerKey {
    pub(crate) partner: MerchantId,
    pub(crate) kind: PartnerKind,
    pub(crate) line: LineId,
}

#[derive(Debug, Clone, Copy)]
struct Partner {
    key: PartnerKey,
    base: Amount,
    rate: Rate,
    amount: Amount,
}

/// The sales and fees of one order.
#[derive(Debug, Default)]
pub(crate) struct OrderFacts {
    sales: Vec<Sale>,
    charges: Vec<Charge>,
    partners: Vec<Partner>,
    /// Tax that was withheld, by merchant: what it is of, and the rate.
    withheld: Vec<(MerchantId, Amount, Rate)>,
}

impl ChargeKey {
    /// The fee that a returned line gives back.
    pub(crate) fn of(returned: &FeeReturned<'_>, line: Option<LineId>, rule: RuleId) -> Self {
        let FeeReturned { merchant, fee, tariff, version, .. } = *returned;
        Self { merchant, fee, tariff, version, rule, line }
    }
}

impl OrderFacts {
    /// Reads an order's stream.
    pub(crate) fn read(fetcher: &mut Fetcher<'_>, order: &str) -> Result<Self, BooksError> {
        let mut facts = Self::default();
        fetcher.stream(&format!("order-{order}"), |of| {
            if let LedgerEvent::Order(event) = of.event {
                facts.fold(event, of.entry.entry);
            }
            Ok(())
        })?;
        Ok(facts)
    }

    fn fold(&mut self, event: &OrderEvent<'_>, entry: u64) {
        match event {
            OrderEvent::Completed(of) => self.completed(of, entry),
            OrderEvent::CommissionCharged(of) | OrderEvent::FeeCharged(of) => self.charged(of),
            OrderEvent::PartnerCommissionCharged(of) => self.attributed(of),
            OrderEvent::TaxWithheld(of) => self.withheld.push((of.merchant, of.base, of.rate)),
            OrderEvent::Placed(_)
            | OrderEvent::Attributed(_)
            | OrderEvent::RefundAdvanced(_)
            | OrderEvent::AdvanceRecovered(_)
            | OrderEvent::AdvanceBorne(_)
            | OrderEvent::ClaimPaid(_)
            | OrderEvent::ClaimCollected(_)
            | OrderEvent::SupplierPartRemitted(_)
            | OrderEvent::PartnerCommissionReturned(_)
            | OrderEvent::Paid(_)
            | OrderEvent::DifferenceBooked(_)
            | OrderEvent::ChannelFeeIncurred(_)
            | OrderEvent::ChannelFeeReturned(_)
            | OrderEvent::Shipped(_)
            | OrderEvent::RefundIssued(_)
            | OrderEvent::RefundPaid(_)
            | OrderEvent::RefundFailed(_)
            | OrderEvent::FeeReturned(_)
            | OrderEvent::Cancelled(_)
            | OrderEvent::TaxAssessed(_)
            | OrderEvent::TaxCollected(_)
            | OrderEvent::TaxRefunded(_)
            | OrderEvent::WithholdingReturned(_)
            | OrderEvent::FeeInvoiced(_)
            | OrderEvent::HoldPlaced(_)
            | OrderEvent::HoldReleased(_)
            | OrderEvent::RedLetterIssued(_) => {}
        }
    }

    fn completed(&mut self, of: &OrderCompleted<'_>, entry: u64) {
        self.sales.extend(of.lines.iter().map(|line| {
            let own = (line.principal, line.shipping, line.platform_discount);
            let (principal, shipping, subsidy) =
                line.settled.map_or(own, |of| (of.principal, of.shipping, of.platform_discount));
            let (merchant, line) = (of.merchant, line.line);
            Sale { merchant, line, entry, principal, shipping, subsidy }
        }));
    }

    fn charged(&mut self, of: &FeeCharged<'_>) {
        let FeeCharged { merchant, fee, tariff, version, .. } = *of;
        self.charges.extend(of.lines.iter().map(|line| Charge {
            key: ChargeKey { merchant, fee, tariff, version, rule: line.rule, line: line.line },
            base: line.base,
            rate: line.percent,
            amount: line.amount,
            tax_rate: of.tax_rate,
        }));
    }

    fn attributed(&mut self, of: &PartnerCommissionCharged<'_>) {
        self.partners.extend(of.lines.iter().map(|line| Partner {
            key: PartnerKey { partner: of.partner, kind: of.kind, line: line.line },
            base: line.base,
            rate: of.rate,
            amount: line.amount,
        }));
    }

    /// Base and rate of a fee.
    pub(crate) fn charge(&self, key: &ChargeKey) -> Option<(Amount, Rate)> {
        self.charges.iter().find(|of| of.key == *key).map(|of| (of.base, of.rate))
    }

    /// The fee itself, the base of its tax, and the rate of that.
    pub(crate) fn fee(&self, key: &ChargeKey) -> Option<(Amount, Rate)> {
        self.charges.iter().find(|of| of.key == *key).map(|of| (of.amount, of.tax_rate))
    }

    /// Base and rate of a partner's commission.
    pub(crate) fn partner(&self, key: &PartnerKey) -> Option<(Amount, Rate)> {
        self.partners.iter().find(|of| of.key == *key).map(|of| (of.base, of.rate))
    }

    /// A partner's commission as the seller bears it: what the partner's part is of.
    pub(crate) fn partner_amount(&self, key: &PartnerKey) -> Option<Amount> {
        self.partners.iter().find(|of| of.key == *key).map(|of| of.amount)
    }

    /// Base and rate of the tax that was withheld from a merchant; none where several were, since a return names none.
    pub(crate) fn withheld(&self, merchant: MerchantId) -> Option<(Amount, Rate)> {
        let mut own = self.withheld.iter().filter(|(of, ..)| *of == merchant);
        let (_, base, rate) = *own.next()?;
        own.next().is_none().then_some((base, rate))
    }

    /// What was sold of a line, by the kind of its refund.
    pub(crate) fn sold(
        &self,
        merchant: MerchantId,
        line: LineId,
        refund: LineKind,
    ) -> Option<Amount> {
        let sale = self.sales.iter().find(|of| (of.merchant, of.line) == (merchant, line))?;
        if refund == LineKind::RefundShipping {
            Some(sale.shipping)
        } else if refund == LineKind::RefundSubsidy {
            Some(sale.subsidy)
        } else {
            Some(sale.principal)
        }
    }

    /// The entry of a merchant's sale.
    pub(crate) fn sale_entry(&self, merchant: MerchantId) -> Option<u64> {
        self.sales.iter().find(|of| of.merchant == merchant).map(|of| of.entry)
    }
}
