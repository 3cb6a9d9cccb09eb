//! `souk tariff explain`: why an order was charged what it was, so that a person can compute it again.

use std::fmt::Write as _;

use souk_books::tariff::explain::{Explained, ExplainedFee, ExplainedLine, UnderAnother};
use souk_books::tariff::words;

use super::Explain;
use super::check::kind;
use super::source::Source;
use crate::cli::{Format, Global};
use crate::commands::reading::Reading;
use crate::fail::{Exit, Failure};
use crate::show::{self, Rows};

/// Prints the explanation.
pub(super) fn run(global: &Global, of: &Explain) -> Result<(), Failure> {
    let reading = Reading::open(global)?;
    let other = of.file.as_deref().map(|text| Source::of(text).candidate(Some(&reading)));
    let explained = reading.books.explain(&of.order, other.transpose()?.as_ref())?;
    match global.format() {
        Format::Json => show::json(global, &explained)?,
        Format::Csv => show::rows(global, &steps(&explained))?,
        Format::Table
        | Format::Tsv
        | Format::SettlementZh
        | Format::Xlsx
        | Format::Html
        | Format::Pdf => {
            show::text(global, &text(&explained))?;
            reading.freshness(global);
        }
    }
    let differing = explained.fees.iter().flat_map(|fee| &fee.lines).filter(|line| !line.agrees);
    match differing.count() {
        0 => Ok(()),
        _ if global.exit_zero => Ok(()),
        count => {
            let message = format!("{count} recorded charges are not what their own facts give");
            Err(Failure::new(Exit::Difference, "ChargeDiffers", message))
        }
    }
}

fn text(of: &Explained) -> String {
    let mut said = format!("Order {}   {}   placed on {}", of.order, of.currency, of.placed_on);
    for (name, value) in [("region", &of.region), ("paid by", &of.method)] {
        if let Some(value) = value {
            let _ = write!(said, "   {name} {value}");
        }
    }
    said.push('\n');
    if of.fees.is_empty() {
        said.push_str("\n  Nothing was charged on it yet\n");
    }
    for fee in &of.fees {
        explain_fee(&mut said, fee);
    }
    if let Some(other) = &of.under {
        under(&mut said, other);
    }
    said
}

fn explain_fee(said: &mut String, of: &ExplainedFee) {
    let _ = writeln!(
        said,
        "\n{} of {} + {} tax, merchant {}   entry {}",
        of.name,
        of.amount.grouped(),
        of.tax.grouped(),
        of.merchant,
        show::grouped(&of.entry.to_string())
    );
    let _ = writeln!(
        said,
        "  Tariff {} version {}: announced on {}, effective on {}; chosen by {}, which was {}",
        of.tariff,
        of.version,
        of.announced_on,
        of.effective_on,
        words::chosen_by(of.chosen_by),
        of.chosen_on
    );
    let _ = writeln!(said, "  Per {}, of {}; {}", of.scope, of.base, of.role);
    for line in &of.lines {
        explain_line(said, line);
    }
    let back = (of.returned.grouped(), of.tax_returned.grouped());
    let _ = writeln!(
        said,
        "  On a refund: {}. Given back so far: {} + {} tax",
        of.on_refund, back.0, back.1
    );
}

fn explain_line(said: &mut String, of: &ExplainedLine) {
    let place = match (of.line, &of.category) {
        (Some(line), Some(category)) => format!("Line {line} ({category})"),
        (Some(line), None) => format!("Line {line}"),
        (None, _) => "The whole part".to_owned(),
    };
    let _ = writeln!(said, "  {place}: rule {}, because {}", of.rule, of.why.words);
    let _ = writeln!(said, "    {}", of.words);
    for step in &of.steps {
        let _ = writeln!(said, "      {:<60}{:>16}", step.what, step.result);
    }
    let (fee, tax) = (of.amount.grouped(), of.tax.grouped());
    let _ = writeln!(said, "      {:<60}{fee:>16}   + {tax} tax", "charged");
    if !of.agrees {
        said.push_str("      The steps do not give what was recorded\n");
    }
}

fn under(said: &mut String, of: &UnderAnother) {
    let _ = writeln!(said, "\nUnder {}", of.name);
    for refused in &of.refused {
        let _ = writeln!(said, "  refused for {refused}");
    }
    for line in &of.lines {
        let place = line.line.map_or_else(|| "whole part".to_owned(), |of| format!("line {of}"));
        let rule = |of: Option<souk_journal::ids::RuleId>| {
            of.map_or_else(|| "none".to_owned(), |of| of.to_string())
        };
        let words = format!(
            "  {} {} {place}: {} (rule {}) instead of {} (rule {}), difference {}   {}",
            line.merchant,
            kind(line.fee),
            line.simulated.grouped(),
            rule(line.other_rule),
            line.charged.grouped(),
            rule(line.rule),
            line.difference.grouped(),
            line.words,
        );
        let _ = writeln!(said, "{}", words.trim_end());
    }
    let _ = writeln!(
        said,
        "  In all, with tax: {} instead of {}, difference {}",
        of.simulated.grouped(),
        of.charged.grouped(),
        of.difference.grouped()
    );
}

/// Every step as a row; with another tariff, every line under it instead.
fn steps(of: &Explained) -> Rows {
    if let Some(other) = &of.under {
        return compared(other, of);
    }
    let mut rows = Rows {
        columns: vec![
            "merchant", "fee", "entry", "tariff", "version", "line", "category", "rule", "step",
            "what", "result", "currency",
        ],
        numeric: vec!["result"],
        rows: Vec::new(),
    };
    for fee in &of.fees {
        for line in &fee.lines {
            for (number, step) in line.steps.iter().enumerate() {
                rows.rows.push(vec![
                    fee.merchant.to_string(),
                    kind(fee.fee),
                    fee.entry.to_string(),
                    fee.tariff.to_string(),
                    fee.version.to_string(),
                    line.line.map(|of| of.to_string()).unwrap_or_default(),
                    line.category.clone().unwrap_or_default(),
                    line.rule.to_string(),
                    (number + 1).to_string(),
                    step.what.clone(),
                    step.result.clone(),
                    of.currency.to_string(),
                ]);
            }
        }
    }
    rows
}

fn compared(other: &UnderAnother, of: &Explained) -> Rows {
    let mut rows = Rows {
        columns: vec![
            "merchant",
            "fee",
            "line",
            "rule",
            "other_rule",
            "charged",
            "simulated",
            "difference",
            "currency",
            "words",
        ],
        numeric: vec!["charged", "simulated", "difference"],
        rows: Vec::new(),
    };
    for line in &other.lines {
        rows.rows.push(vec![
            line.merchant.to_string(),
            kind(line.fee),
            line.line.map(|of| of.to_string()).unwrap_or_default(),
            line.rule.map(|of| of.to_string()).unwrap_or_default(),
            line.other_rule.map(|of| of.to_string()).unwrap_or_default(),
            line.charged.to_string(),
            line.simulated.to_string(),
            line.difference.to_string(),
            of.currency.to_string(),
            line.words.clone(),
        ]);
    }
    rows
}
