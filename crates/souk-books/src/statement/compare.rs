//! A statement beside others of the same merchant and currency: the figures that closes recorded, no lines.

use std::collections::BTreeMap;

use merchant_statements::Statement as Recorded;
use schemars::JsonSchema;
use serde::Serialize;
use souk_journal::dates::Date;
use souk_journal::line_kind::{Block, LineKind};
use souk_journal::money::Currency;

use super::contract::Statement;
use crate::books::Books;
use crate::comparison::percent;
use crate::error::BooksError;
use crate::figure::Figure;

/// With what a statement is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum With {
    /// The statement before it.
    Previous,
    /// The one a year before it: 52 weeks for cycles of weeks, else the same day of the year before.
    Year,
    /// The statements whose cycles lie within these days.
    Between(Date, Date),
}

/// A statement beside others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StatementComparison {
    /// The statement.
    pub number: String,
    /// Those it is compared with, in closing order.
    pub compared: Vec<String>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// First day of what it is compared with.
    pub compared_from: Date,
    /// Last day of what it is compared with.
    pub compared_to: Date,
    /// Days in the cycle.
    pub days: i32,
    /// Days in the cycles it is compared with.
    pub compared_days: i32,
    /// Currency of every amount.
    pub currency: Currency,
    /// In the order of the bridge.
    pub rows: Vec<ComparedRow>,
}

/// A row of the bridge in both periods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ComparedRow {
    /// A kind of line, or `order_value`, `earned`, `opening`, `reserve_withheld`, `deposit_topped_up`, `reserve_released`,
    /// `deposit_used`, `payout`, `carried`, `debt`.
    pub row: String,
    /// In English.
    pub label: String,
    /// In Chinese.
    pub label_zh: String,
    /// As the merchant's balance sees it.
    pub amount: Figure,
    /// The same before.
    pub before: Figure,
    /// amount − before.
    pub change: Figure,
    /// One decimal; `new` where there was nothing before, null where there is nothing in either.
    pub percent: Option<String>,
}

/// The figures of a bridge, of one statement or of several in a row.
#[derive(Debug, Default)]
struct Figures {
    kinds: BTreeMap<LineKind, i128>,
    opening: i128,
    withheld: i128,
    topped_up: i128,
    released: i128,
    used: i128,
    payout: i128,
    carried: i128,
    debt: i128,
}

impl Books {
    /// A statement beside others that are closed.
    ///
    /// # Errors
    /// `NothingToCompare` where there is none, `RangeReversed`.
    pub fn compare(
        &self,
        statement: &Statement,
        with: With,
    ) -> Result<StatementComparison, BooksError> {
        let closed = self.closed(statement.merchant, statement.currency);
        let found: Vec<&Recorded> = match with {
            With::Previous => {
                closed.iter().rev().find(|of| of.cut_off <= statement.from).into_iter().collect()
            }
            With::Year => {
                let day = year_before(statement.from, statement.to);
                closed.iter().filter(|of| (of.from..=of.to).contains(&day)).collect()
            }
            With::Between(from, to) if to < from => {
                return Err(BooksError::RangeReversed { from, to });
            }
            With::Between(from, to) => {
                closed.iter().filter(|of| from <= of.from && of.to <= to).collect()
            }
        };
        let (Some(first), Some(last)) = (found.first(), found.last()) else {
            let number = statement.number.clone();
            return Err(BooksError::NothingToCompare { number });
        };
        let (now, before) = (Figures::of(statement), Figures::of_recorded(&found));
        let days = |from: Date, to: Date| to.days_since(from) + 1;
        Ok(StatementComparison {
            number: statement.number.clone(),
            compared: found.iter().map(|of| of.number.to_string()).collect(),
            from: statement.from,
            to: statement.to,
            compared_from: first.from,
            compared_to: last.to,
            days: days(statement.from, statement.to),
            compared_days: found.iter().map(|of| days(of.from, of.to)).sum(),
            currency: statement.currency,
            rows: rows(&now, &before, statement.currency),
        })
    }
}

/// The day a year before a cycle's first day.
fn year_before(from: Date, to: Date) -> Date {
    if (to.days_since(from) + 1) % 7 == 0 {
        return from.plus_days(-364);
    }
    let (year, month, day) = from.parts();
    // 29 February has no day a year before.
    let same = Date::new(year - 1, month, day).or_else(|| Date::new(year - 1, month, day - 1));
    same.unwrap_or(from)
}

impl Figures {
    fn of(statement: &Statement) -> Self {
        let kinds = statement.subtotals.iter().map(|of| (of.kind, of.amount.minor)).collect();
        Self {
            kinds,
            opening: statement.opening.minor,
            withheld: -statement.reserve_withheld.minor,
            topped_up: -statement.deposit_topped_up.minor,
            released: statement.reserve_released.minor,
            used: statement.deposit_used.minor,
            payout: statement.payout.minor,
            carried: statement.carried.minor,
            debt: statement.debt.minor,
        }
    }

    /// Of several in a row: the opening of the first, what the last carried, and the sums of the rest.
    fn of_recorded(all: &[&Recorded]) -> Self {
        let mut sum = Self::default();
        for of in all {
            for total in of.subtotals() {
                *sum.kinds.entry(total.kind).or_default() += i128::from(total.amount);
            }
            sum.withheld -= i128::from(of.reserve_withheld);
            sum.topped_up -= i128::from(of.deposit_topped_up);
            sum.released += i128::from(of.reserve_released);
            sum.used += i128::from(of.deposit_used);
            sum.payout += i128::from(of.payout);
            sum.debt += i128::from(of.debt);
        }
        sum.opening = all.first().map_or(0, |of| i128::from(of.opening));
        sum.carried = all.last().map_or(0, |of| i128::from(of.carried));
        sum
    }

    fn sum(&self, of: impl Fn(LineKind) -> bool) -> i128 {
        self.kinds.iter().filter(|(kind, _)| of(**kind)).map(|(_, minor)| minor).sum()
    }
}

/// The rows of either, in the order of the bridge.
fn rows(now: &Figures, before: &Figures, currency: Currency) -> Vec<ComparedRow> {
    let figure = |minor: i128| Figure::new(minor, currency);
    let row = |row: &str, label: &str, label_zh: &str, amount: i128, before: i128| ComparedRow {
        row: row.to_owned(),
        label: label.to_owned(),
        label_zh: label_zh.to_owned(),
        amount: figure(amount),
        before: figure(before),
        change: figure(amount - before),
        percent: percent(amount, before),
    };
    let kinds = |here: fn(LineKind) -> bool| {
        let both = |kind: &&LineKind| {
            here(**kind) && (now.kinds.contains_key(kind) || before.kinds.contains_key(kind))
        };
        let of = move |kind: &LineKind| {
            let minor = |of: &Figures| of.kinds.get(kind).copied().unwrap_or_default();
            row(kind.text(), kind.label(), kind.label_zh(), minor(now), minor(before))
        };
        LineKind::ALL.iter().filter(both).map(of).collect::<Vec<_>>()
    };
    let sold = |of: &Figures| of.sum(|kind| kind.block() == Block::Sold);
    let earned = |of: &Figures| of.sum(LineKind::is_earned);
    let mut rows = kinds(|kind| kind.block() == Block::Sold);
    let (label, zh) = ("Order value owed to you", "应归您的订单金额");
    rows.push(row("order_value", label, zh, sold(now), sold(before)));
    rows.extend(kinds(|kind| kind.block() == Block::Taken));
    rows.push(row("earned", "You earned", "本期所得", earned(now), earned(before)));
    let opening = LineKind::Carried;
    rows.push(row("opening", opening.label(), opening.label_zh(), now.opening, before.opening));
    rows.extend(kinds(|kind| !kind.is_earned()));
    let kept = [
        ("reserve_withheld", LineKind::ReserveWithheld, now.withheld, before.withheld, true),
        ("deposit_topped_up", LineKind::DepositToppedUp, now.topped_up, before.topped_up, false),
        ("reserve_released", LineKind::ReserveReleased, now.released, before.released, true),
        ("deposit_used", LineKind::DepositUsed, now.used, before.used, false),
        ("payout", LineKind::Payout, now.payout, before.payout, true),
    ];
    for (name, kind, amount, before, always) in kept {
        if always || amount != 0 || before != 0 {
            rows.push(row(name, kind.label(), kind.label_zh(), amount, before));
        }
    }
    let (label, zh) = ("Carried to the next statement", "结转下期");
    rows.push(row("carried", label, zh, now.carried, before.carried));
    if now.debt != 0 || before.debt != 0 {
        let kind = LineKind::DebtRecognised;
        rows.push(row("debt", kind.label(), kind.label_zh(), now.debt, before.debt));
    }
    rows
}
