//! `souk statement`: what a merchant was paid for a cycle, for what, and what was taken.

use souk_books::bridge::{Language, render_text_in};
use souk_books::statement::forms::{self, Sheet};
use souk_books::statement::{Statement as Answer, Transfer};

mod compare;
mod documents;
pub(crate) mod verify;
mod verify_export;

use super::reading::{Reading, currency};
use crate::cli::{Format, Global, Lang, Statement, StatementVerb};
use crate::fail::{Exit, Failure};
use crate::show::{self, Rows};

/// Prints one statement, or all.
pub(crate) fn run(global: &Global, of: &Statement) -> Result<(), Failure> {
    if let Some(StatementVerb::Verify(of)) = &of.verb {
        return verify::run(global, of);
    }
    let merchant = of.merchant.as_deref().unwrap_or_default();
    let reading = Reading::open(global)?;
    let books = &reading.books;
    let currency = currency(global)?;
    let answers = if of.all {
        books.statements(merchant, currency)?
    } else {
        vec![books.statement(merchant, of.cycle.as_deref(), currency)?]
    };
    if let Some(with) = &global.compare {
        return compare::run(global, &reading, with, &answers);
    }
    match (global.format(), answers.as_slice()) {
        (Format::Json, [one]) if !of.all => {
            show::json(global, one)?;
            return adds_up(global, &answers);
        }
        (Format::Json, all) => {
            show::json(global, &all)?;
            return adds_up(global, all);
        }
        (Format::Csv, all) => {
            lines(global, all)?;
            return adds_up(global, all);
        }
        (Format::Tsv, all) => {
            sheet(global, forms::settlement_v2(all))?;
            return adds_up(global, all);
        }
        (Format::SettlementZh, all) => {
            sheet(global, forms::settlement_zh(all))?;
            return adds_up(global, all);
        }
        (Format::Xlsx | Format::Html | Format::Pdf, all) => {
            documents::run(global, &reading, all)?;
            return adds_up(global, all);
        }
        (Format::Table, _) => {}
    }
    let mut text = String::new();
    for answer in &answers {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&render_text_in(&books.bridge(answer), language(global), of.explain));
        if global.addresses {
            text.push_str(&addresses(answer));
        }
    }
    if answers.is_empty() {
        text.push_str("No closed cycle yet.\n");
    }
    show::text(global, &text)?;
    reading.freshness(global);
    let order =
        answers.iter().flat_map(|answer| &answer.lines).find_map(|line| line.order.as_ref());
    if let Some(order) = order {
        show::next(global, &format!("souk order {order}{}", reading.place.flag()));
    }
    adds_up(global, &answers)
}

/// The language of remarks.
pub(super) fn language(global: &Global) -> Language {
    match global.lang() {
        Lang::En => Language::English,
        Lang::Zh => Language::Chinese,
    }
}

/// A statement whose check line does not hold is a difference that was found.
fn adds_up(global: &Global, answers: &[Answer]) -> Result<(), Failure> {
    match answers.iter().find(|answer| !answer.adds_up()) {
        Some(answer) if !global.exit_zero => {
            let message = format!("the figures of {} do not add up", answer.number);
            Err(Failure::new(Exit::Difference, "StatementDiffers", message))
        }
        Some(_) | None => Ok(()),
    }
}

/// The addresses of the figures of a statement.
fn addresses(of: &Answer) -> String {
    let mut text = format!("\n {}\n", of.address());
    for part in &of.subtotals {
        let address = of.part_address(part.kind.text());
        text.push_str(&format!("   {:<60} {}\n", address, part.amount.grouped()));
    }
    for (part, figure) in [
        ("opening", &of.opening),
        ("earned", &of.earned),
        ("moved", &of.moved),
        ("reserve_withheld", &of.reserve_withheld),
        ("deposit_topped_up", &of.deposit_topped_up),
        ("reserve_released", &of.reserve_released),
        ("deposit_used", &of.deposit_used),
        ("closing", &of.closing),
        ("payout", &of.payout),
        ("carried", &of.carried),
        ("debt", &of.debt),
    ] {
        text.push_str(&format!("   {:<60} {}\n", of.part_address(part), figure.grouped()));
    }
    for line in &of.lines {
        text.push_str(&format!("   {:<60} {}\n", line.address, line.amount.grouped()));
    }
    text
}

/// A statement in the form of others.
fn sheet(global: &Global, of: Sheet) -> Result<(), Failure> {
    let Sheet { columns, rows } = of;
    show::rows(global, &Rows { columns, numeric: Vec::new(), rows })
}

fn text(of: Option<impl ToString>) -> String {
    of.map(|of| of.to_string()).unwrap_or_default()
}

/// Every line as CSV, with the head of its statement: enough to recompute the digest and the payout.
fn lines(global: &Global, all: &[Answer]) -> Result<(), Failure> {
    show::rows(global, &line_rows(all))
}

/// The rows of that CSV.
pub(crate) fn line_rows(all: &[Answer]) -> Rows {
    let mut rows = Rows {
        columns: vec![
            "number",
            "merchant",
            "cycle",
            "from",
            "to",
            "entry_limit",
            "opening",
            "line_no",
            "kind",
            "component",
            "order",
            "amount",
            "currency",
            "base",
            "rate",
            "tariff",
            "version",
            "rule",
            "effective_on",
            "due_on",
            "late",
            "corrects",
            "entry",
            "posting",
            "stream",
            "revision",
            "address",
            "original_currency",
            "original_amount",
            "fx_pair",
            "fx_rate",
            "fx_rate_on",
            "computed",
            "time_zone",
            "frozen",
            "final",
            "reserve_withheld",
            "reserve_released",
            "closing",
            "payout",
            "carried",
            "debt",
            "digest",
            "reserves",
            "paid_on",
            "bank_reference",
            "payee_tail",
            "earned",
            "moved",
            "deposit_topped_up",
            "deposit_used",
            "reason",
        ],
        numeric: vec!["amount"],
        rows: Vec::new(),
    };
    for of in all {
        let transfer = of.transfer.as_ref();
        for line in &of.lines {
            let tariff = line.tariff.as_ref();
            rows.rows.push(vec![
                of.number.clone(),
                of.merchant.to_string(),
                of.cycle.clone(),
                of.from.to_string(),
                of.to.to_string(),
                of.entry_limit.map(|entry| entry.to_string()).unwrap_or_default(),
                of.opening.to_string(),
                line.line_no.to_string(),
                line.kind.to_string(),
                line.component.clone().unwrap_or_default(),
                line.order.clone().unwrap_or_default(),
                line.amount.to_string(),
                of.currency.to_string(),
                line.base.map(|base| base.to_string()).unwrap_or_default(),
                line.rate.map(|rate| rate.to_string()).unwrap_or_default(),
                tariff.map(|of| of.id.to_string()).unwrap_or_default(),
                tariff.map(|of| of.version.to_string()).unwrap_or_default(),
                tariff.map(|of| of.rule.to_string()).unwrap_or_default(),
                line.effective_on.to_string(),
                line.due_on.to_string(),
                line.late.to_string(),
                line.corrects.clone().unwrap_or_default(),
                line.entry.to_string(),
                line.posting.to_string(),
                line.stream.clone(),
                line.revision.to_string(),
                line.address.clone(),
                line.conversion.map(|of| of.currency.to_string()).unwrap_or_default(),
                line.conversion.map(|of| of.amount.to_string()).unwrap_or_default(),
                line.conversion.map(|of| of.pair.to_string()).unwrap_or_default(),
                line.conversion.map(|of| of.rate.to_string()).unwrap_or_default(),
                line.conversion.map(|of| of.rate_on.to_string()).unwrap_or_default(),
                line.computed.clone().unwrap_or_default(),
                of.time_zone.clone(),
                of.frozen.to_string(),
                of.is_final.to_string(),
                of.reserve_withheld.to_string(),
                of.reserve_released.to_string(),
                of.closing.to_string(),
                of.payout.to_string(),
                of.carried.to_string(),
                of.debt.to_string(),
                of.digest.clone().unwrap_or_default(),
                of.reserves_text(),
                text(transfer.and_then(Transfer::paid_on)),
                text(transfer.and_then(|of| of.bank_reference)),
                text(transfer.and_then(|of| of.payee_tail.clone())),
                of.earned.to_string(),
                of.moved.to_string(),
                of.deposit_topped_up.to_string(),
                of.deposit_used.to_string(),
                line.reason.clone().unwrap_or_default(),
            ]);
        }
    }
    rows
}
