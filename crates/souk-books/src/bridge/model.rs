//! The bridge as data.

use std::borrow::Cow;

use souk_domain::rate::Rate;
use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;

use super::said::Said;
use crate::figure::Figure;
use crate::statement::ReserveMove;

/// Whether the figures can still change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// A close recorded them.
    Frozen,
    /// The cycle is not closed.
    SoFar,
    /// Nothing happened, so nothing was recorded.
    Zero,
}

impl Status {
    /// In words.
    pub fn said(self) -> Said {
        match self {
            Self::Frozen => Said::new("frozen", "已冻结"),
            Self::SoFar => Said::new("so far", "截至目前"),
            Self::Zero => Said::new("nothing to settle", "无需结算"),
        }
    }
}

/// The bridge of one statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bridge {
    /// Number of the statement.
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
    /// Its offset in the cycle, `UTC+08:00`; `UTC-05:00 → UTC-04:00` where clocks are changed in it.
    pub offset: String,
    /// From this hour on a sale counts for the next day; 0 is midnight.
    pub cut_off_hour: u8,
    /// Currency of every amount.
    pub currency: Currency,
    /// Whether it settles the account for the last time.
    pub is_final: bool,
    /// Whether the figures can still change.
    pub status: Status,
    /// What you sold, what was taken, what was kept or carried; without rows a block is left out.
    pub blocks: Vec<BridgeBlock>,
    /// The reserve that this close withheld and released, each with its release date.
    pub reserves: Vec<ReserveMove>,
    /// The taxes among the lines, each with what it is on.
    pub taxes: Vec<TaxRow>,
    /// The proof.
    pub check: Check,
    /// Said instead of rows where there is nothing to show.
    pub message: Option<Said>,
}

impl Bridge {
    /// `cut-off 18:00`, where a day does not end at midnight.
    pub fn cut_off(&self) -> Option<Said> {
        let hour = self.cut_off_hour;
        let (en, zh) = (format!("cut-off {hour:02}:00"), format!("截止时间 {hour:02}:00"));
        (hour != 0).then(|| Said::new(en, zh))
    }
}

/// A kind of tax on the statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxRow {
    /// The kind of its lines.
    pub kind: LineKind,
    /// What the tax is on, where every line says it.
    pub base: Option<Figure>,
    /// The rate, where all of its lines have the same.
    pub rate: Option<Rate>,
    /// The tax as the merchant's balance sees it.
    pub tax: Figure,
    /// Number of lines.
    pub lines: u64,
}

/// A block of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BridgeBlock {
    /// Title in English.
    pub title: &'static str,
    /// Title in Chinese.
    pub title_zh: &'static str,
    /// Its rows.
    pub rows: Vec<BridgeRow>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BridgeRow {
    /// The kind of its lines, where it sums some.
    pub kind: Option<LineKind>,
    /// Label in English.
    pub label: Cow<'static, str>,
    /// Label in Chinese.
    pub label_zh: Cow<'static, str>,
    /// Whether it is a result of the rows above it.
    pub is_result: bool,
    /// The amount as the merchant's balance sees it.
    pub amount: Figure,
    /// Number of lines it sums.
    pub lines: Option<u64>,
    /// Count, rate, date or reason beside it.
    pub note: Option<Said>,
    /// A sentence that explains it to who reads a statement for the first time.
    pub sentence: Option<Said>,
    /// The address of the amount.
    pub address: Option<String>,
}

/// opening + earned + moved − withheld − topped up + released + used = closing = payout + carried − debt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Carried from the cycle before.
    pub opening: Figure,
    /// Sum of the lines of what was sold and taken.
    pub earned: Figure,
    /// Sum of the lines that only move money.
    pub moved: Figure,
    /// Reserve withheld, ≥ 0.
    pub withheld: Figure,
    /// Withheld to fill the deposit, ≥ 0.
    pub topped_up: Figure,
    /// Reserve released, ≥ 0.
    pub released: Figure,
    /// Used of the deposit, ≥ 0.
    pub used: Figure,
    /// The closing balance.
    pub closing: Figure,
    /// Paid out.
    pub payout: Figure,
    /// Carried into the next cycle.
    pub carried: Figure,
    /// Owed from now on, or, below zero, kept for a debt.
    pub debt: Figure,
    /// Whether all of it holds.
    pub holds: bool,
    /// The digest of the lines, where a close recorded one.
    pub digest: Option<String>,
}
