//! Building a statement: from what a close recorded, from what is open so far, or of zeros.

use std::collections::BTreeMap;

use merchant_statements::{LineRef, Statement as Recorded};
use souk_domain::business_time::Zone;
use souk_domain::calendar::Cycle;
use souk_journal::dates::Date;
use souk_journal::entry::EntryNumber;
use souk_journal::ids::{CycleId, MerchantId};
use souk_journal::line_kind::LineKind;
use souk_journal::money::{Currency, minor_text};
use souk_journal::open_items::{Claims, OpenItem};
use souk_journal::statement_lines::{self, Head, KindTotal, hex};

use super::contract::{Facts, Statement, StatementLine, StatementSubtotal};
use super::lines::{Of, collect};
use super::reserve::Reserve;
use crate::books::Books;
use crate::error::BooksError;
use crate::fetch::Fetcher;
use crate::figure::Figure;
use souk_domain::settlement::commands::statement_number;

/// Where a merchant's cycles stand in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// A close has gone past it: nothing of it can come any more.
    Past,
    /// The next to be closed: late items fall into it.
    Next,
    /// After the next.
    Later,
}

impl Books {
    /// A recorded statement with its lines, computed again.
    pub(crate) fn frozen(
        &self,
        merchant: MerchantId,
        of: &Recorded,
    ) -> Result<Statement, BooksError> {
        let mut fetcher = Fetcher::new(self.store.as_ref());
        let (cycle, currency) = (&*of.cycle, of.currency);
        let what = Of { merchant, cycle, currency };
        let collected = collect(&mut fetcher, what, &of.line_refs)?;
        check(merchant, of, &collected.items)?;
        let reserve = self.reserve(of.entry)?;
        let figure = |minor: i64| Figure::new(minor, currency);
        let subtotals: Vec<StatementSubtotal> =
            of.subtotals().map(|total| subtotal(&total, currency)).collect();
        let (earned, moved) = earned_and_moved(&subtotals, currency);
        let mut statement = Statement {
            number: of.number.to_string(),
            merchant,
            cycle: cycle.to_owned(),
            from: of.from,
            to: of.to,
            time_zone: of.time_zone.to_string(),
            currency,
            frozen: true,
            opening: figure(of.opening),
            lines: collected.lines,
            subtotals,
            earned,
            moved,
            reserve_withheld: figure(of.reserve_withheld),
            reserve_released: figure(of.reserve_released),
            deposit_topped_up: figure(of.deposit_topped_up),
            deposit_used: figure(of.deposit_used),
            closing: figure(of.closing),
            payout: figure(of.payout),
            carried: figure(of.carried),
            debt: figure(of.debt),
            is_final: of.claims == Claims::Everything,
            entry_limit: Some(of.entry_limit),
            digest: Some(hex(&of.digest)),
            facts: Facts {
                closing_entry: Some(of.entry),
                offset: offset(
                    &of.time_zone,
                    (of.from, of.to),
                    self.cut_off_hour(merchant, of.from),
                ),
                cut_off_hour: self.cut_off_hour(merchant, of.from),
                subsidy: collected.subsidy,
                after_payout: collected.after_payout,
                reserve,
            },
            reserves: Vec::new(),
            transfer: self.transfer(merchant, of),
        };
        statement.reserves = self.reserve_moves(&statement);
        Ok(statement)
    }

    /// A cycle that no close has recorded: what one would find so far, or zeros.
    pub(crate) fn so_far(
        &self,
        merchant: MerchantId,
        cycle: &Cycle,
        currency: Currency,
    ) -> Result<Statement, BooksError> {
        let open = self.number(merchant).map(|no| self.models().statements.open(no, currency));
        let open = open.unwrap_or_default();
        let standing = self.standing(merchant, currency, cycle);
        let ends = self.models().merchants.get(merchant).and_then(|of| of.state.ends_with(cycle));
        let is_final = ends.is_some();
        let belongs = |due_on: Date| match standing {
            Standing::Past => false,
            Standing::Next if is_final => true,
            Standing::Next => due_on < cycle.cut_off(),
            Standing::Later => cycle.from <= due_on && due_on < cycle.cut_off(),
        };
        let mut opening = 0;
        let mut places: Vec<LineRef> = Vec::new();
        for line in open.iter().filter(|line| belongs(line.due_on)) {
            if line.is_carried() {
                opening += i128::from(line.amount);
            } else {
                places.push(line.reference(cycle.from));
            }
        }
        // What is due in it already shows; zeros would look like a cycle that has passed.
        if places.is_empty() && opening == 0 && self.has_not_begun(merchant, currency, cycle) {
            let (cycle, from) = (cycle.id.to_string(), cycle.from);
            return Err(BooksError::CycleNotBegun { merchant, cycle, from });
        }
        let mut fetcher = Fetcher::new(self.store.as_ref());
        let what = Of { merchant, cycle: cycle.id.as_str(), currency };
        let collected = collect(&mut fetcher, what, &places)?;
        let subtotals = summed(&collected.lines, currency);
        let (earned, moved) = earned_and_moved(&subtotals, currency);
        let closing = opening + collected.lines.iter().map(|line| line.amount.minor).sum::<i128>();
        let terms = self.models().merchants.terms_on(merchant, cycle.from);
        let cut_off_hour = self.cut_off_hour(merchant, cycle.from);
        let time_zone = terms.map_or_else(String::new, |terms| terms.time_zone.to_string());
        Ok(Statement {
            number: statement_number(merchant, cycle, currency),
            merchant,
            cycle: cycle.id.to_string(),
            from: cycle.from,
            to: cycle.to,
            currency,
            frozen: false,
            opening: Figure::new(opening, currency),
            lines: collected.lines,
            subtotals,
            earned,
            moved,
            reserve_withheld: Figure::zero(currency),
            reserve_released: Figure::zero(currency),
            deposit_topped_up: Figure::zero(currency),
            deposit_used: Figure::zero(currency),
            closing: Figure::new(closing, currency),
            payout: Figure::zero(currency),
            carried: Figure::new(closing, currency),
            debt: Figure::zero(currency),
            is_final,
            entry_limit: None,
            digest: None,
            facts: Facts {
                closing_entry: None,
                offset: offset(&time_zone, (cycle.from, cycle.to), cut_off_hour),
                cut_off_hour,
                subsidy: collected.subsidy,
                after_payout: collected.after_payout,
                reserve: Reserve::default(),
            },
            reserves: Vec::new(),
            transfer: None,
            time_zone,
        })
    }

    /// The cycle that the next close of an account would record: the one in which its earliest open
    /// item falls due, or the first after the last close.
    pub(crate) fn next_cycle(&self, merchant: MerchantId, currency: Currency) -> Option<Cycle> {
        let due = self.number(merchant);
        let due = due.and_then(|number| self.models().cycles.due_before(number, currency))?;
        let facts = self.models().merchants.get(merchant)?;
        let first = facts.terms().first()?.effective_on;
        let due = facts.state.closing().map_or(due, |closing| due.min(closing.wind_down_to));
        let closed = self.closed_before(merchant, currency);
        let date = [Some(due), Some(first), closed].into_iter().flatten().max()?;
        self.models().merchants.cycle_of(merchant, date)
    }

    /// The hour from which on a sale counted for the next day under the terms of a date; 0 is midnight.
    fn cut_off_hour(&self, merchant: MerchantId, on: Date) -> u8 {
        let terms = self.models().merchants.terms_on(merchant, on);
        terms.map_or(0, |terms| terms.cut_off_hour)
    }

    /// Whether the books do not reach a cycle: no close went past the day before it, nothing has an accounting date in it or
    /// after it, and the last entry was recorded before it began.
    fn has_not_begun(&self, merchant: MerchantId, currency: Currency, cycle: &Cycle) -> bool {
        let closed = self.closed_before(merchant, currency);
        let terms = self.models().merchants.terms_on(merchant, cycle.from);
        let last = self.checkpoint().recorded_at;
        let recorded = terms.map(|terms| terms.zone.business_date(last, terms.cut_off_hour));
        let reached = self.models().balances.last_effective().max(closed).max(recorded);
        reached.is_none_or(|reached| reached < cycle.from)
    }

    /// Everything due before this date is in a closed cycle, or in none.
    fn closed_before(&self, merchant: MerchantId, currency: Currency) -> Option<Date> {
        let own = self.closed(merchant, currency).last().map(|last| last.cut_off);
        let runs = self.models().ledger.runs().iter().filter(|run| run.finished.is_some());
        let run = runs.map(|run| run.through.plus_days(1)).max();
        own.max(run)
    }

    fn standing(&self, merchant: MerchantId, currency: Currency, cycle: &Cycle) -> Standing {
        if self.closed_before(merchant, currency).is_some_and(|date| cycle.cut_off() <= date) {
            return Standing::Past;
        }
        match self.next_cycle(merchant, currency) {
            Some(next) if next.from < cycle.from => Standing::Later,
            Some(_) | None => Standing::Next,
        }
    }

    /// The platform's currency, in which a merchant without any money has nothing; none before
    /// entry 0.
    pub(crate) fn platform_currency(&self) -> Option<Currency> {
        self.models().ledger.identity().map(|identity| identity.currency)
    }
}

/// The offset of a zone within a cycle, `UTC+08:00`, or the offsets where clocks are changed in it,
/// `UTC-05:00 → UTC-04:00`; empty for a zone this edition does not know.
fn offset(time_zone: &str, (from, to): (Date, Date), cut_off_hour: u8) -> String {
    let of = |zone: Zone| zone.offsets_within(from, to, cut_off_hour).join(" → ");
    Zone::named(time_zone).map_or_else(|_| String::new(), of)
}

fn subtotal(of: &KindTotal, currency: Currency) -> StatementSubtotal {
    let (kind, lines) = (of.kind, of.lines);
    StatementSubtotal { kind, lines, amount: Figure::new(of.amount, currency) }
}

/// What the lines come to: what was earned, and what only moved.
fn earned_and_moved(of: &[StatementSubtotal], currency: Currency) -> (Figure, Figure) {
    let mut sums = (Figure::zero(currency), Figure::zero(currency));
    for total in of {
        let sum = if total.kind.is_earned() { &mut sums.0 } else { &mut sums.1 };
        sum.minor += total.amount.minor;
    }
    sums
}

/// Sums per kind in the order of kinds.
fn summed(lines: &[StatementLine], currency: Currency) -> Vec<StatementSubtotal> {
    let mut sums: BTreeMap<LineKind, StatementSubtotal> = BTreeMap::new();
    for line in lines {
        let empty = StatementSubtotal { kind: line.kind, lines: 0, amount: Figure::zero(currency) };
        let sum = sums.entry(line.kind).or_insert(empty);
        sum.lines += 1;
        sum.amount.minor += line.amount.minor;
    }
    sums.into_values().collect()
}

/// Holds the recorded figures against the fetched items.
fn check(merchant: MerchantId, of: &Recorded, items: &[OpenItem]) -> Result<(), BooksError> {
    let differs = |what: &'static str, recorded: String, computed: String| {
        Err(BooksError::StatementDiffers {
            number: of.number.to_string(),
            what,
            recorded,
            computed,
        })
    };
    let Ok(cycle) = CycleId::new(&of.cycle) else {
        return differs("the cycle", of.cycle.to_string(), "no identifier".to_owned());
    };
    let head = Head {
        merchant,
        currency: of.currency,
        cycle,
        from: of.from,
        cut_off: of.cut_off,
        entry_limit: of.entry_limit,
        claims: of.claims,
    };
    let opening = opening_item(of.entry, of.cut_off, of.opening);
    let claim = statement_lines::claim(&head, opening.iter().chain(items));
    let text = |minor: i64| minor_text(i128::from(minor), of.currency);
    if claim.count != of.count {
        return differs("the number of lines", of.count.to_string(), claim.count.to_string());
    }
    if claim.lines != of.lines {
        return differs("the sum of the lines", text(of.lines), text(claim.lines));
    }
    if claim.digest != of.digest {
        return differs("the digest", hex(&of.digest), hex(&claim.digest));
    }
    Ok(())
}

/// The opening as the item that the head of the lines sums up; only its amount counts there.
fn opening_item(entry: EntryNumber, due_on: Date, amount: i64) -> Option<OpenItem> {
    (amount != 0).then_some(OpenItem {
        entry,
        posting: 0,
        kind: LineKind::Carried,
        due_on,
        effective_on: due_on,
        amount,
        subject: None,
        corrects: None,
    })
}
