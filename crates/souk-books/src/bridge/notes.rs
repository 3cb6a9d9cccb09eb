//! What stands beside a row of lines: the rates seen, and what is unusual about the lines.

use std::collections::BTreeSet;

use souk_domain::rate::Rate;
use souk_journal::line_kind::LineKind;

use crate::figure::Figure;
use crate::statement::{Statement, StatementLine};

/// More rates than this are said as a range.
const MOST_RATES: usize = 3;

/// The note beside the lines of a kind.
pub(crate) fn of_lines(statement: &Statement, kind: LineKind) -> Option<String> {
    let lines: Vec<&StatementLine> =
        statement.lines.iter().filter(|line| line.kind == kind).collect();
    let mut notes: Vec<String> = Vec::new();
    if is_returned(kind) {
        notes.push("on the refunds above".to_owned());
    } else {
        notes.extend(rates(&lines));
        notes.extend(tariffs(&lines));
    }
    if let Some(count) = statement.facts.after_payout.get(&kind) {
        notes.push(format!("{count} after an earlier payout"));
    }
    let late = lines.iter().filter(|line| line.late).count();
    if late > 0 {
        notes.push(format!("{late} late, due before this cycle"));
    }
    let corrections = lines.iter().filter(|line| line.corrects.is_some()).count();
    if corrections > 0 {
        notes.push(format!("{corrections} correcting earlier lines"));
    }
    (!notes.is_empty()).then(|| notes.join(", "))
}

/// Fees on orders go back with the refunds of these; others have reasons of their own.
fn is_returned(kind: LineKind) -> bool {
    [
        LineKind::CommissionReturned,
        LineKind::CommissionTaxReturned,
        LineKind::OrderFeeReturned,
        LineKind::OrderFeeTaxReturned,
        LineKind::PaymentFeeReturned,
        LineKind::PaymentFeeTaxReturned,
        LineKind::AffiliateCommissionReturned,
        LineKind::InfluencerCommissionReturned,
    ]
    .contains(&kind)
}

/// `8 % of 12,372.00`, `5 % and 8 %`, `0 % to 20 %`; nothing where no share was taken.
fn rates(lines: &[&StatementLine]) -> Option<String> {
    let seen: BTreeSet<Rate> = lines.iter().filter_map(|line| line.rate).collect();
    let (first, last) = (seen.first()?, seen.last()?);
    if *last == Rate::ZERO {
        return None;
    }
    if seen.len() == 1 {
        let bases = lines.iter().filter_map(|line| line.base);
        let currency = lines.first()?.amount.currency;
        let base = Figure::new(bases.map(|base| base.minor).sum::<i128>(), currency);
        return Some(format!("{} of {}", first.percent(), base.grouped()));
    }
    if seen.len() > MOST_RATES {
        return Some(format!("{} to {}", first.percent(), last.percent()));
    }
    Some(joined(&seen.iter().map(|rate| rate.percent()).collect::<Vec<_>>()))
}

/// `tariff std v3`, `tariff std v3 and v4`, of each tariff.
fn tariffs(lines: &[&StatementLine]) -> Option<String> {
    let seen: BTreeSet<(&str, u32)> = lines
        .iter()
        .filter_map(|line| line.tariff.as_ref())
        .map(|tariff| (tariff.id.as_str(), tariff.version))
        .collect();
    let names: BTreeSet<&str> = seen.iter().map(|(name, _)| *name).collect();
    let of = |name: &&str| {
        let versions = seen.iter().filter(|(known, _)| known == name);
        let versions: Vec<String> = versions.map(|(_, version)| format!("v{version}")).collect();
        format!("tariff {name} {}", joined(&versions))
    };
    let texts: Vec<String> = names.iter().map(of).collect();
    (!texts.is_empty()).then(|| joined(&texts))
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn joined(texts: &[String]) -> String {
    match texts.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}
