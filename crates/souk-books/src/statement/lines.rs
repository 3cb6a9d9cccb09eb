//! The lines of a statement, fetched from the log by entry number.

use std::collections::BTreeMap;

use merchant_statements::LineRef;
use souk_domain::advertising::events::{AdCharged, AdvertisingEvent};
use souk_domain::event::LedgerEvent;
use souk_domain::order::events::{
    FeeCharged, FeeReturned, OrderEvent, PartnerCommissionCharged, PartnerCommissionReturned,
    PartnerLineReturned, RefundedLine,
};
use souk_domain::rate::Rate;
use souk_domain::settled_from::Source as Bearer;
use souk_journal::account::Account;
use souk_journal::entry::{Posting, RefKind};
use souk_journal::ids::{LineId, MerchantId};
use souk_journal::line_kind::LineKind;
use souk_journal::money::{Amount, Currency};
use souk_journal::open_items::OpenItem;

use super::charges::{arithmetic, base_and_rate};
use super::contract::{StatementLine, TariffRef};
use super::conversion::conversion;
use super::order_facts::{ChargeKey, OrderFacts, PartnerKey};
use crate::address;
use crate::error::BooksError;
use crate::fetch::{Fetched, Fetcher};
use crate::figure::Figure;

/// Whose lines, and under which address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Of<'c> {
    pub(crate) merchant: MerchantId,
    pub(crate) cycle: &'c str,
    pub(crate) currency: Currency,
}

/// Fetched lines.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) lines: Vec<StatementLine>,
    /// The items under them, in the same order.
    pub(crate) items: Vec<OpenItem>,
    /// Minor units of what was sold that someone else than buyer and merchant paid.
    pub(crate) subsidy: i128,
    /// Refund lines whose sale is not among these lines, by kind.
    pub(crate) after_payout: BTreeMap<LineKind, u64>,
}

/// Where base and rate of a line stand.
#[derive(Debug)]
enum Source {
    /// Nowhere: it was not computed from another amount.
    Plain,
    /// In its own event.
    Own(Amount, Option<Rate>),
    /// In the charge that it gives back; a tax is computed from the fee.
    Charge { key: ChargeKey, tax: bool },
    /// In the partner's commission that it gives back; what the partner earned of it, in the seller's line.
    Partner { of: PartnerKey, earned: bool },
    /// In the withholding that it gives back.
    Withheld,
    /// In the sale that it gives back.
    Sale(LineId),
}

/// Fetches the lines at these places, which are in entry order.
pub(crate) fn collect(
    fetcher: &mut Fetcher<'_>,
    of: Of<'_>,
    places: &[LineRef],
) -> Result<Collected, BooksError> {
    let mut collected = Collected::default();
    let mut sources: Vec<Source> = Vec::with_capacity(places.len());
    for of_entry in places.chunk_by(|a, b| a.entry == b.entry) {
        let Some(first) = of_entry.first() else { continue };
        fetcher.entry(first.entry, |fetched| {
            for place in of_entry {
                sources.push(collected.take(of, *place, &fetched)?);
            }
            collected.subsidy += subsidy(&fetched, of.currency);
            Ok(())
        })?;
    }
    let mut orders: BTreeMap<String, OrderFacts> = BTreeMap::new();
    for (index, source) in sources.iter().enumerate() {
        collected.look_back(fetcher, of, index, source, &mut orders)?;
    }
    Ok(collected)
}

/// Why a line is there, where its event has a code for it.
fn reason(event: &LedgerEvent<'_>) -> Option<String> {
    let LedgerEvent::Order(event) = event else { return None };
    if let OrderEvent::HoldPlaced(of) = event {
        return Some(of.reason.to_string());
    }
    let OrderEvent::HoldReleased(of) = event else { return None };
    Some(of.reason.to_string())
}

/// What others paid of a sale: an entry of a sale has one merchant.
fn subsidy(fetched: &Fetched<'_>, currency: Currency) -> i128 {
    let own = fetched.entry.postings.iter().filter(|posting| posting.currency == currency);
    own.filter(|posting| posting.kind == LineKind::Subsidy)
        .map(|posting| i128::from(posting.amount))
        .sum()
}

impl Collected {
    /// Adds the line at a place; base and rate where its own event has them.
    fn take(
        &mut self,
        of: Of<'_>,
        place: LineRef,
        fetched: &Fetched<'_>,
    ) -> Result<Source, BooksError> {
        let entry = &fetched.entry;
        let number = entry.entry;
        let differs =
            |what: &str| BooksError::EntryDiffers { entry: number, what: what.to_owned() };
        let index = usize::from(place.posting);
        let posting = entry.postings.get(index).ok_or_else(|| differs("it has no such posting"))?;
        if fetched.names.merchant(posting.merchant) != Some(of.merchant)
            || posting.currency != of.currency
        {
            return Err(differs("its posting is of another merchant or currency"));
        }
        let item =
            OpenItem::of(entry, index, posting).ok_or_else(|| differs("its posting is no item"))?;
        let line_no = self.lines.len() as u64 + 1;
        let rule = fetched.names.dims(posting.dims).and_then(|dims| dims.rule);
        let source = source(fetched, posting, index);
        let (base, rate) = match &source {
            Source::Own(base, rate) => (Some(figure(*base, of.currency, number)?), *rate),
            Source::Plain
            | Source::Charge { .. }
            | Source::Partner { .. }
            | Source::Withheld
            | Source::Sale(_) => (None, None),
        };
        self.lines.push(StatementLine {
            line_no,
            kind: item.kind,
            component: item.kind.component().map(str::to_owned),
            order: entry.reference(RefKind::Order).map(str::to_owned),
            amount: Figure::new(item.amount, of.currency),
            base,
            rate,
            computed: arithmetic(fetched.event, posting.kind),
            reason: reason(fetched.event),
            tariff: rule.map(|rule| TariffRef {
                id: rule.tariff,
                version: rule.version,
                rule: rule.rule,
            }),
            conversion: conversion(fetched, posting, index)?,
            effective_on: item.effective_on,
            due_on: item.due_on,
            late: place.late,
            corrects: item.corrects.as_deref().map(str::to_owned),
            entry: number,
            posting: item.posting,
            stream: entry.source.stream.to_owned(),
            revision: entry.source.revision,
            address: address::statement_line(of.merchant, of.cycle, of.currency, line_no),
        });
        self.items.push(item);
        Ok(source)
    }

    /// Takes base and rate from an earlier event of the order, and counts refunds of sales that
    /// another statement paid.
    fn look_back(
        &mut self,
        fetcher: &mut Fetcher<'_>,
        of: Of<'_>,
        index: usize,
        source: &Source,
        orders: &mut BTreeMap<String, OrderFacts>,
    ) -> Result<(), BooksError> {
        let Some(line) = self.lines.get(index) else { return Ok(()) };
        let Some(order) = line.order.clone() else { return Ok(()) };
        let (kind, number) = (line.kind, line.entry);
        if matches!(source, Source::Plain | Source::Own(..)) {
            return Ok(());
        }
        let facts = match orders.entry(order) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(free) => {
                let facts = OrderFacts::read(fetcher, free.key())?;
                free.insert(facts)
            }
        };
        let (base, rate) = match source {
            Source::Plain | Source::Own(..) => (None, None),
            Source::Charge { key, tax: true } => {
                let (fee, rate) = facts.fee(key).unzip();
                (fee, rate.and_then(known))
            }
            Source::Charge { key, tax: false } => facts.charge(key).unzip(),
            Source::Partner { of, earned: true } => (facts.partner_amount(of), None),
            Source::Partner { of, earned: false } => facts.partner(of).unzip(),
            Source::Withheld => facts.withheld(of.merchant).unzip(),
            Source::Sale(line) => (facts.sold(of.merchant, *line, kind), None),
        };
        if matches!(source, Source::Sale(_)) {
            let sale = facts.sale_entry(of.merchant);
            let here = sale.is_some_and(|sale| {
                self.lines.binary_search_by_key(&sale, |line| line.entry).is_ok()
            });
            if !here {
                *self.after_payout.entry(kind).or_default() += 1;
            }
        }
        let base = base.map(|base| figure(base, of.currency, number)).transpose()?;
        if let Some(line) = self.lines.get_mut(index) {
            (line.base, line.rate) = (base, rate);
        }
        Ok(())
    }
}

/// An amount of an event in its currency.
fn figure(amount: Amount, currency: Currency, entry: u64) -> Result<Figure, BooksError> {
    let minor = amount
        .minor(currency)
        .map_err(|error| BooksError::EntryDiffers { entry, what: error.to_string() })?;
    Ok(Figure::new(minor, currency))
}

/// Where base and rate of a posting stand. Postings of one kind are in the order of the event's
/// lines, without those of nothing.
fn source(fetched: &Fetched<'_>, posting: &Posting, index: usize) -> Source {
    let before = fetched.entry.postings.iter().take(index);
    let same = |of: &&Posting| of.account == Account::MerchantPayable && of.kind == posting.kind;
    let rank = before.filter(same).count();
    if let LedgerEvent::Advertising(AdvertisingEvent::Charged(of)) = fetched.event {
        return advertising_tax(of, posting.kind).unwrap_or(Source::Plain);
    }
    if let Some((base, rate)) = base_and_rate(fetched.event, posting.kind) {
        return Source::Own(base, rate);
    }
    let LedgerEvent::Order(event) = fetched.event else { return Source::Plain };
    let found = match event {
        OrderEvent::CommissionCharged(of) | OrderEvent::FeeCharged(of) => {
            charged(of, posting.kind, rank)
        }
        OrderEvent::FeeReturned(of) => given_back(of, posting.kind, rank),
        OrderEvent::PartnerCommissionCharged(of) => partner(of, posting.kind, rank),
        OrderEvent::RefundIssued(of) => refunded(&of.lines, posting.kind, rank),
        OrderEvent::AdvanceRecovered(of) => refunded(&of.lines, posting.kind, rank),
        OrderEvent::PartnerCommissionReturned(of) => partner_given_back(of, posting.kind, rank),
        OrderEvent::TaxWithheld(of) => Some(Source::Own(of.base, Some(of.rate))),
        OrderEvent::WithholdingReturned(_) => Some(Source::Withheld),
        OrderEvent::Placed(_)
        | OrderEvent::Attributed(_)
        | OrderEvent::RefundAdvanced(_)
        | OrderEvent::AdvanceBorne(_)
        | OrderEvent::ClaimPaid(_)
        | OrderEvent::ClaimCollected(_)
        | OrderEvent::SupplierPartRemitted(_)
        | OrderEvent::Paid(_)
        | OrderEvent::DifferenceBooked(_)
        | OrderEvent::ChannelFeeIncurred(_)
        | OrderEvent::ChannelFeeReturned(_)
        | OrderEvent::Shipped(_)
        | OrderEvent::Completed(_)
        | OrderEvent::RefundPaid(_)
        | OrderEvent::RefundFailed(_)
        | OrderEvent::Cancelled(_)
        | OrderEvent::TaxAssessed(_)
        | OrderEvent::TaxCollected(_)
        | OrderEvent::TaxRefunded(_)
        | OrderEvent::FeeInvoiced(_)
        | OrderEvent::HoldPlaced(_)
        | OrderEvent::HoldReleased(_)
        | OrderEvent::RedLetterIssued(_) => None,
    };
    found.unwrap_or(Source::Plain)
}

/// The tax on what the payable bears of advertising is computed from its net.
fn advertising_tax(of: &AdCharged<'_>, kind: LineKind) -> Option<Source> {
    let borne = of.settled_from.iter().find(|from| from.source == Bearer::Payable)?;
    (kind == LineKind::AdvertisingTax).then_some(Source::Own(borne.net, Some(of.tax_rate)))
}

/// Whether a kind is the tax on a fee, charged or given back.
fn is_tax(kind: LineKind) -> bool {
    kind.component().is_some_and(|part| part == "tax" || part == "tax_returned")
}

/// A rate of tax; a charge of the first version did not record it.
pub(super) fn known(rate: Rate) -> Option<Rate> {
    (rate != Rate::ZERO).then_some(rate)
}

fn charged(of: &FeeCharged<'_>, kind: LineKind, rank: usize) -> Option<Source> {
    if is_tax(kind) {
        let line = of.lines.iter().filter(|line| !line.tax.is_zero()).nth(rank)?;
        return Some(Source::Own(line.amount, known(of.tax_rate)));
    }
    let line = of.lines.iter().filter(|line| !line.amount.is_zero()).nth(rank)?;
    Some(Source::Own(line.base, Some(line.percent)))
}

/// The seller's line is a share of its sale, the partner's what that leaves it.
fn partner(of: &PartnerCommissionCharged<'_>, kind: LineKind, rank: usize) -> Option<Source> {
    if matches!(kind, LineKind::AffiliateEarned | LineKind::InfluencerEarned) {
        let line = of.lines.iter().filter(|line| !line.partner.is_zero()).nth(rank)?;
        return Some(Source::Own(line.amount, None));
    }
    let line = of.lines.iter().filter(|line| !line.amount.is_zero()).nth(rank)?;
    Some(Source::Own(line.base, Some(of.rate)))
}

fn partner_given_back(
    of: &PartnerCommissionReturned<'_>,
    kind: LineKind,
    rank: usize,
) -> Option<Source> {
    let earned =
        matches!(kind, LineKind::AffiliateEarnedReturned | LineKind::InfluencerEarnedReturned);
    let amount = |line: &PartnerLineReturned<'_>| if earned { line.partner } else { line.amount };
    let line = of.lines.iter().filter(|line| !amount(line).is_zero()).nth(rank)?;
    let of = PartnerKey { partner: of.partner, kind: of.kind, line: line.line };
    Some(Source::Partner { of, earned })
}

fn given_back(of: &FeeReturned<'_>, kind: LineKind, rank: usize) -> Option<Source> {
    let tax = is_tax(kind);
    let amount = |line: &Amount| !line.is_zero();
    let mut lines = of.lines.iter().filter(|l| amount(if tax { &l.tax } else { &l.amount }));
    let line = lines.nth(rank)?;
    Some(Source::Charge { key: ChargeKey::of(of, line.line, line.rule), tax })
}

fn refunded(lines: &[RefundedLine<'_>], kind: LineKind, rank: usize) -> Option<Source> {
    let completed = lines.iter().filter(|line| line.due_on.is_some());
    let mut lines = completed.filter(|line| {
        let own = (line.principal, line.shipping, line.subsidy);
        let (principal, shipping, subsidy) =
            line.settled.map_or(own, |of| (of.principal, of.shipping, of.subsidy));
        let part = if kind == LineKind::RefundShipping {
            shipping
        } else if kind == LineKind::RefundSubsidy {
            subsidy
        } else {
            principal
        };
        !part.is_zero()
    });
    lines.nth(rank).map(|line| Source::Sale(line.line))
}
