//! `souk tariff simulate`: what completed orders would be charged under another tariff. Writes nothing.

use std::time::Instant;

use souk_books::tariff::simulate::{Choice, Simulation};

use super::Simulate;
use super::source::Source;
use crate::cli::{Format, Global};
use crate::commands::reading::{Reading, currency};
use crate::fail::{Failure, counted};
use crate::measure::seconds;
use crate::show::{self, Rows};

/// Prints the differences.
pub(super) fn run(global: &Global, of: &Simulate) -> Result<(), Failure> {
    let reading = Reading::open(global)?;
    let candidate = Source::of(&of.file).candidate(Some(&reading))?;
    let (from, to) = reading.range(global)?;
    let merchant = of.merchant.as_deref().map(|text| reading.books.find_merchant(text));
    let choice = Choice { merchant: merchant.transpose()?, from, to };
    let start = Instant::now();
    let mut report = reading.books.simulate(&candidate, choice)?;
    let took = start.elapsed();
    if let Some(only) = currency(global)? {
        report.rows.retain(|row| row.currency == only);
        report.merchants.retain(|row| row.currency == only);
        report.totals.retain(|row| row.currency == only);
    }
    if global.format() == Format::Json {
        return show::json(global, &report);
    }
    show::rows(global, &rows(&report))?;
    said(global, &report);
    let orders = show::grouped(&report.orders.to_string());
    show::note(
        global,
        &format!("{orders} orders charged anew in {} s; nothing was written", seconds(took)),
    );
    reading.freshness(global);
    Ok(())
}

/// Line by line, and after the lines of a merchant their sum.
fn rows(of: &Simulation) -> Rows {
    let mut rows = Rows {
        columns: vec!["merchant", "line", "currency", "charged", "simulated", "difference"],
        numeric: vec!["charged", "simulated", "difference"],
        rows: Vec::new(),
    };
    for merchant in &of.merchants {
        let lines = of.rows.iter();
        let theirs = lines
            .filter(|row| row.merchant == merchant.merchant && row.currency == merchant.currency);
        for row in theirs {
            rows.rows.push(vec![
                row.merchant.to_string(),
                row.line.clone(),
                row.currency.to_string(),
                row.charged.to_string(),
                row.simulated.to_string(),
                row.difference.to_string(),
            ]);
        }
        let (name, currency) = (merchant.merchant.to_string(), merchant.currency.to_string());
        rows.rows.push(vec![
            name,
            "all".to_owned(),
            currency,
            merchant.charged.to_string(),
            merchant.simulated.to_string(),
            merchant.difference.to_string(),
        ]);
    }
    rows
}

fn said(global: &Global, of: &Simulation) {
    for total in &of.totals {
        let (line, currency) = (&total.line, total.currency);
        let figures = (total.charged.grouped(), total.simulated.grouped());
        let difference = total.difference.grouped();
        let text = format!(
            "all merchants  {line}  {currency}  charged {}  simulated {}  difference {difference}",
            figures.0, figures.1
        );
        show::note(global, &text);
    }
    let refused = &of.refused;
    if refused.completions == 0 {
        return;
    }
    let count = counted(
        usize::try_from(refused.completions).unwrap_or(usize::MAX),
        "completion",
        "completions",
    );
    let charged: Vec<String> =
        refused.charged.iter().map(|(code, of)| format!("{code} {}", of.grouped())).collect();
    show::note(
        global,
        &format!(
            "{} would refuse {count}, which were charged {} and are not counted above:",
            of.under,
            charged.join(", ")
        ),
    );
    for first in &refused.first {
        let (order, merchant, what) = (&first.order, first.merchant, &first.what);
        show::note(
            global,
            &format!("  order {order}, merchant {merchant}: {what}   [{}]", first.code),
        );
    }
    let listed = refused.first.len() as u64;
    if listed < refused.completions {
        show::note(global, &format!("  … {} more", refused.completions - listed));
    }
}
