//! What an order's stream says about its sales and fees: the base of a refund or of a returned fee
//! stands in an earlier event than the refund.

use souk_domain::event::LedgerEvent;
use souk_domain::order::events::{FeeCharged, FeeReturned, OrderCompleted, OrderEvent};
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
}

/// The sales and fees of one order.
#[derive(Debug, Default)]
pub(crate) struct OrderFacts {
    sales: Vec<Sale>,
    charges: Vec<Charge>,
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
            OrderEvent::Placed(_)
            | OrderEvent::Attributed(_)
            | OrderEvent::RefundAdvanced(_)
            | OrderEvent::AdvanceRecovered(_)
            | OrderEvent::AdvanceBorne(_)
            | OrderEvent::ClaimPaid(_)
            | OrderEvent::ClaimCollected(_)
            | OrderEvent::SupplierPartRemitted(_)
            | OrderEvent::PartnerCommissionCharged(_)
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
            | OrderEvent::TaxWithheld(_)
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
        }));
    }

    /// Base and rate of a fee.
    pub(crate) fn charge(&self, key: &ChargeKey) -> Option<(Amount, Rate)> {
        self.charges.iter().find(|of| of.key == *key).map(|of| (of.base, of.rate))
    }

    /// The fee itself: the base of its tax.
    pub(crate) fn fee(&self, key: &ChargeKey) -> Option<Amount> {
        self.charges.iter().find(|of| of.key == *key).map(|of| of.amount)
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
