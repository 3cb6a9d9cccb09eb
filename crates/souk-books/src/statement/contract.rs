//! The JSON of a statement. Amounts in the merchant's view: positive is theirs.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use souk_domain::rate::Rate;
use souk_journal::dates::Date;
use souk_journal::ids::{MerchantId, RuleId, TariffId};
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;

use super::conversion::LineConversion;
use super::reserve::Reserve;
use super::transfer::Transfer;
use crate::address;
use crate::bridge::Said;
use crate::figure::Figure;

/// A statement: opening + earned + moved − reserve withheld − deposit topped up + reserve released + deposit used = closing
/// = payout + carried − debt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Statement {
    /// Its number; of a cycle that is not closed, the number it would have.
    pub number: String,
    /// The merchant.
    pub merchant: MerchantId,
    /// The cycle.
    pub cycle: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Zone of every date here.
    pub time_zone: String,
    /// Currency of every amount.
    pub currency: Currency,
    /// Whether a close recorded it. Otherwise it says what a close would find so far, or zero.
    pub frozen: bool,
    /// Carried from the cycle before.
    pub opening: Figure,
    /// In entry order.
    pub lines: Vec<StatementLine>,
    /// Sums per kind, in the order of kinds.
    pub subtotals: Vec<StatementSubtotal>,
    /// Sum of the lines of what was sold and what was taken.
    pub earned: Figure,
    /// Sum of the lines that only move money and are not earned: payouts that came back, holds, loans, deposits, debts.
    /// earned + moved is the sum of all lines.
    pub moved: Figure,
    /// Withheld for later refunds, ≥ 0; nothing before the close.
    pub reserve_withheld: Figure,
    /// Released of the reserve, ≥ 0; nothing before the close.
    pub reserve_released: Figure,
    /// Withheld to fill the deposit, ≥ 0; nothing before the close.
    pub deposit_topped_up: Figure,
    /// Used of the deposit to cover the balance, ≥ 0; nothing before the close.
    pub deposit_used: Figure,
    /// opening + earned + moved − reserve withheld − deposit topped up + reserve released + deposit used.
    pub closing: Figure,
    /// Paid out, ≥ 0; nothing before the close.
    pub payout: Figure,
    /// Carried into the next cycle; before the close everything is.
    pub carried: Figure,
    /// What the merchant owes from now on; below zero, what was kept for a debt. Only in a final statement.
    pub debt: Figure,
    /// Whether it settles the account for the last time: every item is claimed, whenever it is due.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// SHA-256 of the lines in the form `statement-lines/v1`; null before the close.
    pub digest: Option<String>,
    /// Items of entries up to this one were claimed; part of the digest's text form; null before the
    /// close.
    pub entry_limit: Option<u64>,
    /// The reserve that the close withheld and released, part by part; nothing before the close.
    pub reserves: Vec<ReserveMove>,
    /// How the payout went, as known at the entry of the answer: only this may change after the close. Null where
    /// nothing is paid.
    pub transfer: Option<Transfer>,
    /// What is known beyond the contract, for the bridge.
    #[serde(skip)]
    pub facts: Facts,
}

/// What a bridge shows and the JSON does not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The entry that closed the cycle; none before the close.
    pub closing_entry: Option<u64>,
    /// Offset of the zone in the cycle, `UTC+08:00`; `UTC-05:00 → UTC-04:00` where clocks are changed in it.
    pub offset: String,
    /// From this hour on a sale counts for the next day; 0 is midnight.
    pub cut_off_hour: u8,
    /// Of what was sold, minor units that someone else than buyer and merchant paid.
    pub subsidy: i128,
    /// Refund lines whose sale an earlier statement paid, by kind.
    pub after_payout: BTreeMap<LineKind, u64>,
    /// What the close recorded about the reserve.
    pub(crate) reserve: Reserve,
}

/// Reserve that went one way: what one close withholds, another releases, and the statement that withheld it pairs them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReserveMove {
    /// Number of the statement that withheld it; none of what leaves the reserve without a date.
    pub withheld_in: Option<String>,
    /// As the merchant's balance sees it: below zero when withheld, above when released.
    pub amount: Figure,
    /// The date of its release, as agreed when it was withheld; none where the account ended.
    pub release_on: Option<Date>,
    /// Rate and base of what is withheld; why a release comes before its date.
    pub note: Option<Said>,
}

/// A line: one posting to the merchant's payable account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StatementLine {
    /// Number in the statement, from 1.
    pub line_no: u64,
    /// What it is for.
    pub kind: LineKind,
    /// What stands after the dot of the kind.
    pub component: Option<String>,
    /// The order.
    pub order: Option<String>,
    /// The amount.
    pub amount: Figure,
    /// The amount it was computed from: of a fee its base, of a tax the fee, of a refund the sale.
    pub base: Option<Figure>,
    /// The share of the base, a fraction.
    pub rate: Option<Rate>,
    /// The arithmetic, where base and rate do not say it: of freight by a table.
    pub computed: Option<String>,
    /// Why, where the platform gave a reason: of a hold, its code.
    pub reason: Option<String>,
    /// The rule that set it.
    pub tariff: Option<TariffRef>,
    /// What it was in the order's currency, where it was converted.
    pub conversion: Option<LineConversion>,
    /// Its accounting date.
    pub effective_on: Date,
    /// When it fell due.
    pub due_on: Date,
    /// Whether it fell due before the cycle's first day.
    pub late: bool,
    /// The event it corrects, `stream@revision`.
    pub corrects: Option<String>,
    /// Its entry.
    pub entry: u64,
    /// Its event's stream.
    pub stream: String,
    /// Its event's revision.
    pub revision: u64,
    /// Its address.
    pub address: String,
    /// Index of its posting in the entry, from 0; part of the digest's text form.
    pub posting: u16,
}

/// A rule of a tariff version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct TariffRef {
    /// The tariff.
    pub id: TariffId,
    /// Its version.
    pub version: u32,
    /// The rule within the version.
    pub rule: RuleId,
}

/// The lines of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StatementSubtotal {
    /// The kind.
    pub kind: LineKind,
    /// Number of lines.
    pub lines: u64,
    /// Their sum.
    pub amount: Figure,
}

impl Statement {
    /// The address of the whole.
    pub fn address(&self) -> String {
        address::statement(self.merchant, &self.cycle, self.currency)
    }

    /// The address of a subtotal by its kind's name, or of `opening`, `reserve_withheld`,
    /// `earned`, `moved`, `reserve_released`, `deposit_topped_up`, `deposit_used`, `closing`, `payout`, `carried` and `debt`.
    pub fn part_address(&self, part: &str) -> String {
        address::statement_part(self.merchant, &self.cycle, self.currency, part)
    }

    /// The reserve that moved, on one line: `S-1007-2026W10-CNY -532.17 2026-06-07; S-1007-2025W49-CNY 418.00 2026-03-08`,
    /// with `-` for what is not known.
    pub fn reserves_text(&self) -> String {
        let of = |part: &ReserveMove| {
            let from = part.withheld_in.as_deref().unwrap_or("-");
            let on = part.release_on.map_or_else(|| "-".to_owned(), |on| on.to_string());
            format!("{from} {} {on}", part.amount)
        };
        self.reserves.iter().map(of).collect::<Vec<_>>().join("; ")
    }

    /// The sum of the lines.
    pub fn sum_of_lines(&self) -> Figure {
        let sum = self.subtotals.iter().map(|of| of.amount.minor).sum::<i128>();
        Figure::new(sum, self.currency)
    }

    /// What its lines of these kinds come to.
    pub fn sum_of(&self, kinds: impl Fn(LineKind) -> bool) -> Figure {
        let own = self.subtotals.iter().filter(|of| kinds(of.kind));
        Figure::new(own.map(|of| of.amount.minor).sum::<i128>(), self.currency)
    }

    /// Whether it is live: a cycle that is not closed and has something in it.
    pub fn is_so_far(&self) -> bool {
        let is_empty = self.lines.is_empty() && self.opening.is_zero();
        !(self.frozen || is_empty)
    }

    /// opening + earned + moved − withheld and topped up + released and used = closing = payout + carried − debt.
    pub fn adds_up(&self) -> bool {
        let taken = self.reserve_withheld.minor + self.deposit_topped_up.minor;
        let given = self.reserve_released.minor + self.deposit_used.minor;
        let claimed = self.opening.minor + self.earned.minor + self.moved.minor;
        let closing = claimed - taken + given;
        let listed = self.lines.iter().map(|line| line.amount.minor).sum::<i128>();
        closing == self.closing.minor
            && listed == self.sum_of_lines().minor
            && listed == self.earned.minor + self.moved.minor
            && self.closing.minor == self.payout.minor + self.carried.minor - self.debt.minor
    }
}
