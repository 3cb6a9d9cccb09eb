//! `souk order`: the life of one order's money.

use std::fmt::Write as _;

use souk_domain::business_time::Zone;

use super::reading::Reading;
use crate::cli::{Format, Global};
use crate::fail::{Exit, Failure};
use crate::show::{self, Rows};

/// Prints the life.
pub(crate) fn run(global: &Global, order: &str) -> Result<(), Failure> {
    let reading = Reading::open(global)?;
    let life = reading.books.order_life(order)?;
    match global.format() {
        Format::Json => return show::json(global, &life),
        Format::Csv => return postings(global, &life),
        Format::Table
        | Format::Tsv
        | Format::SettlementZh
        | Format::Xlsx
        | Format::Html
        | Format::Pdf => {}
    }
    let zone = match &global.tz {
        Some(name) => Zone::named(name)
            .map_err(|error| Failure::new(Exit::Usage, "UnknownTimeZone", error.to_string()))?,
        None => reading.identity.zone.clone(),
    };
    let mut text = format!("Order {}   {}   {}\n\n", life.order, life.currency, life.status);
    for fact in &life.facts {
        let _ = writeln!(
            text,
            "  {}  entry {:>9}  {}@{}  {}",
            zone.local(fact.occurred_at),
            show::grouped(&fact.entry.to_string()),
            fact.stream,
            fact.revision,
            fact.words
        );
        for line in &fact.postings {
            let (side, amount) =
                if line.debit.is_zero() { ("Cr", &line.credit) } else { ("Dr", &line.debit) };
            let owner = line.merchant.map(|merchant| format!(" {merchant}")).unwrap_or_default();
            let due = line.due_on.map(|date| format!("   due {date}")).unwrap_or_default();
            let account = format!("{side} {}{owner}", line.account);
            let _ =
                writeln!(text, "      {account:<52}{:>14}   {}{due}", amount.grouped(), line.words);
        }
    }
    for of in &life.statements {
        let _ = writeln!(
            text,
            "\n  On statement {} (merchant {}, {}): {} lines, {}",
            of.number,
            of.merchant,
            of.cycle,
            of.lines,
            of.amount.grouped()
        );
        if global.addresses {
            let _ = writeln!(text, "    {}", of.address);
        }
    }
    if !life.open.is_empty() {
        text.push_str("\n  Still open\n");
    }
    for of in &life.open {
        let due = of.due_on.map(|date| format!("   due {date}")).unwrap_or_default();
        let _ = writeln!(text, "    {:<60}{:>14}{due}", of.what, of.amount.grouped());
    }
    if global.addresses {
        let _ = writeln!(text, "\n  {}", life.address());
    }
    show::text(global, &text)?;
    reading.freshness(global);
    if let Some(of) = life.statements.first() {
        let flag = reading.place.flag();
        show::next(global, &format!("souk statement {} {}{flag}", of.merchant, of.cycle));
    }
    Ok(())
}

/// Every posting as CSV.
fn postings(global: &Global, life: &souk_books::order_life::OrderLife) -> Result<(), Failure> {
    let mut rows = Rows {
        columns: vec![
            "entry",
            "stream",
            "revision",
            "event",
            "effective_on",
            "account",
            "merchant",
            "kind",
            "debit",
            "credit",
            "currency",
            "due_on",
        ],
        numeric: vec!["debit", "credit"],
        rows: Vec::new(),
    };
    for fact in &life.facts {
        for line in &fact.postings {
            rows.rows.push(vec![
                fact.entry.to_string(),
                fact.stream.clone(),
                fact.revision.to_string(),
                fact.event.clone(),
                fact.effective_on.to_string(),
                line.account.clone(),
                line.merchant.map(|merchant| merchant.to_string()).unwrap_or_default(),
                line.kind.to_string(),
                line.debit.to_string(),
                line.credit.to_string(),
                life.currency.to_string(),
                line.due_on.map(|date| date.to_string()).unwrap_or_default(),
            ]);
        }
    }
    show::rows(global, &rows)
}
