//! What the page and the print show, as texts in one language: the same for both, so that they cannot differ.

use serde::Serialize;
use souk_books::bridge::{
    Bar, Bridge, BridgeRow, Language, bars, check_line, day, day_zh, period, period_zh,
};
use souk_books::figure::Figure;
use souk_books::statement::StatementLine;
use souk_journal::dates::Date;
use souk_journal::line_kind::LineKind;

use crate::document::Document;
use crate::words::words;

/// A statement as texts.
#[derive(Debug, Serialize)]
pub(crate) struct Page {
    pub(crate) language: &'static str,
    pub(crate) number: String,
    pub(crate) merchant: String,
    pub(crate) period: String,
    pub(crate) zone: String,
    pub(crate) status: String,
    pub(crate) is_final: bool,
    pub(crate) is_frozen: bool,
    pub(crate) currency: String,
    pub(crate) address: String,
    /// The last day, year, month, day: what print says instead of the time at which it was made.
    pub(crate) dated: (i32, u32, u32),
    pub(crate) blocks: Vec<PageBlock>,
    pub(crate) message: Option<String>,
    pub(crate) check: String,
    pub(crate) digest: Option<String>,
    pub(crate) entry_limit: Option<u64>,
    pub(crate) kinds: Vec<PageKind>,
    pub(crate) orders: Vec<PageOrder>,
    pub(crate) reserves: Vec<PageReserve>,
    pub(crate) taxes: Vec<PageTax>,
}

/// A block of the bridge.
#[derive(Debug, Serialize)]
pub(crate) struct PageBlock {
    pub(crate) title: &'static str,
    pub(crate) title_zh: &'static str,
    pub(crate) rows: Vec<PageRow>,
}

/// A row of the bridge.
#[derive(Debug, Serialize)]
pub(crate) struct PageRow {
    /// The kind whose lines it sums.
    pub(crate) kind: Option<&'static str>,
    pub(crate) label: String,
    pub(crate) label_zh: String,
    pub(crate) is_result: bool,
    pub(crate) amount: String,
    pub(crate) bar: Bar,
    pub(crate) lines: Option<u64>,
    pub(crate) note: Option<String>,
    pub(crate) sentence: Option<String>,
}

/// The lines of a kind.
#[derive(Debug, Serialize)]
pub(crate) struct PageKind {
    pub(crate) kind: &'static str,
    pub(crate) label: &'static str,
    pub(crate) label_zh: &'static str,
    pub(crate) amount: String,
    pub(crate) lines: Vec<PageLine>,
}

/// A line.
#[derive(Debug, Serialize)]
pub(crate) struct PageLine {
    pub(crate) number: u64,
    pub(crate) date: String,
    pub(crate) due: String,
    pub(crate) order: Option<String>,
    /// The place of the order among the orders, from 1.
    pub(crate) order_number: Option<usize>,
    pub(crate) base: Option<String>,
    pub(crate) rate: Option<String>,
    pub(crate) tariff: Option<String>,
    pub(crate) remark: Option<String>,
    pub(crate) amount: String,
}

/// An order, or what is of none.
#[derive(Debug, Serialize)]
pub(crate) struct PageOrder {
    pub(crate) order: Option<String>,
    pub(crate) lines: usize,
    pub(crate) sold: String,
    pub(crate) taken: String,
    pub(crate) moved: String,
    pub(crate) total: String,
}

/// Reserve that went one way.
#[derive(Debug, Serialize)]
pub(crate) struct PageReserve {
    pub(crate) withheld_in: Option<String>,
    pub(crate) direction: &'static str,
    pub(crate) amount: String,
    pub(crate) release_on: Option<String>,
    pub(crate) note: Option<String>,
}

/// A kind of tax.
#[derive(Debug, Serialize)]
pub(crate) struct PageTax {
    pub(crate) label: &'static str,
    pub(crate) label_zh: &'static str,
    pub(crate) base: Option<String>,
    pub(crate) rate: Option<String>,
    pub(crate) tax: String,
    pub(crate) lines: u64,
}

impl Page {
    /// The texts of a document.
    pub(crate) fn of(document: &Document) -> Self {
        let (statement, bridge, language) =
            (&document.statement, &document.bridge, document.language);
        let is_english = language == Language::English;
        let dates = if is_english { period } else { period_zh };
        let date = if is_english { day } else { day_zh };
        Self {
            language: if is_english { "en" } else { "zh" },
            number: bridge.number.clone(),
            merchant: bridge.merchant.to_string(),
            period: dates(bridge.from, bridge.to),
            zone: zone(bridge, language),
            status: bridge.status.said().of(language).to_owned(),
            is_final: bridge.is_final,
            is_frozen: statement.frozen,
            currency: bridge.currency.code().to_owned(),
            address: statement.address(),
            dated: bridge.to.parts(),
            blocks: blocks(bridge, language),
            message: bridge.message.as_ref().map(|said| said.of(language).to_owned()),
            check: check(bridge, language),
            digest: bridge.check.digest.clone(),
            entry_limit: statement.entry_limit,
            kinds: kinds(document),
            orders: orders(document),
            reserves: reserves(document, date),
            taxes: bridge.taxes.iter().map(tax).collect(),
        }
    }
}

/// `America/New_York, UTC-05:00 → UTC-04:00, cut-off 18:00`.
fn zone(bridge: &Bridge, language: Language) -> String {
    let mut text = format!("{}, {}", bridge.time_zone, bridge.offset);
    if let Some(cut_off) = bridge.cut_off() {
        text = format!("{text}, {}", cut_off.of(language));
    }
    text
}

/// The check line without its digest, which stands beside it in full.
fn check(bridge: &Bridge, language: Language) -> String {
    let mut check = bridge.check.clone();
    check.digest = None;
    check_line(&check, language)
}

fn blocks(bridge: &Bridge, language: Language) -> Vec<PageBlock> {
    let bars = bars(bridge);
    let mut bars = bars.into_iter();
    let mut row = |of: &BridgeRow| PageRow {
        kind: of.lines.and(of.kind).map(LineKind::text),
        label: of.label.to_string(),
        label_zh: of.label_zh.to_string(),
        is_result: of.is_result,
        amount: of.amount.grouped(),
        bar: bars.next().unwrap_or(Bar { from: 0, to: 0, is_minus: false }),
        lines: of.lines,
        note: of.note.as_ref().map(|said| said.of(language).to_owned()),
        sentence: of.sentence.as_ref().map(|said| said.of(language).to_owned()),
    };
    let of = |block: &souk_books::bridge::BridgeBlock| PageBlock {
        title: block.title,
        title_zh: block.title_zh,
        rows: block.rows.iter().map(&mut row).collect(),
    };
    bridge.blocks.iter().map(of).collect()
}

fn kinds(document: &Document) -> Vec<PageKind> {
    let orders = document.by_order();
    let number =
        |order: &str| orders.iter().position(|of| of.order == Some(order)).map(|at| at + 1);
    let places: std::collections::BTreeMap<&str, usize> = orders
        .iter()
        .filter_map(|of| of.order)
        .filter_map(|order| Some((order, number(order)?)))
        .collect();
    let late = words(document.language).late;
    let of = |total: &souk_books::statement::StatementSubtotal| {
        let lines = document.statement.lines.iter().filter(|line| line.kind == total.kind);
        PageKind {
            kind: total.kind.text(),
            label: total.kind.label(),
            label_zh: total.kind.label_zh(),
            amount: total.amount.grouped(),
            lines: lines
                .map(|line| PageLine {
                    number: line.line_no,
                    date: line.effective_on.to_string(),
                    due: line.due_on.to_string(),
                    order: line.order.clone(),
                    order_number: line.order.as_deref().and_then(|of| places.get(of).copied()),
                    base: line.base.map(|base| base.grouped()),
                    rate: line.rate.map(|rate| rate.percent()),
                    tariff: line
                        .tariff
                        .as_ref()
                        .map(|of| format!("{} v{} · {}", of.id, of.version, of.rule)),
                    remark: remark(line, late),
                    amount: line.amount.grouped(),
                })
                .collect(),
        }
    };
    document.statement.subtotals.iter().map(of).collect()
}

/// What else a line says: how it was computed or converted, what it corrects, and whether it is late.
pub(crate) fn remark(line: &StatementLine, late: &str) -> Option<String> {
    let mut parts: Vec<String> =
        line.computed.clone().into_iter().chain(line.reason.clone()).collect();
    if let Some(of) = &line.conversion {
        parts.push(format!(
            "{} {} × {} ({})",
            of.currency,
            of.amount.grouped(),
            of.rate,
            of.rate_on
        ));
    }
    if line.late {
        parts.push(late.to_owned());
    }
    parts.extend(line.corrects.as_ref().map(|corrects| format!("→ {corrects}")));
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn orders(document: &Document) -> Vec<PageOrder> {
    let of = |order: &crate::document::OfOrder<'_>| PageOrder {
        order: order.order.map(str::to_owned),
        lines: order.lines.len(),
        sold: order.sold.grouped(),
        taken: order.taken.grouped(),
        moved: order.moved.grouped(),
        total: order.total().grouped(),
    };
    document.by_order().iter().map(of).collect()
}

fn reserves(document: &Document, date: fn(Date) -> String) -> Vec<PageReserve> {
    let words = words(document.language);
    let of = |part: &souk_books::bridge::ReserveMove| PageReserve {
        withheld_in: part.withheld_in.clone(),
        direction: if part.amount.minor < 0 { words.withheld } else { words.released },
        amount: part.amount.grouped(),
        release_on: part.release_on.map(date),
        note: part.note.as_ref().map(|said| said.of(document.language).to_owned()),
    };
    document.bridge.reserves.iter().map(of).collect()
}

fn tax(of: &souk_books::bridge::TaxRow) -> PageTax {
    PageTax {
        label: of.kind.label(),
        label_zh: of.kind.label_zh(),
        base: of.base.map(|base: Figure| base.grouped()),
        rate: of.rate.map(|rate| rate.percent()),
        tax: of.tax.grouped(),
        lines: of.lines,
    }
}
