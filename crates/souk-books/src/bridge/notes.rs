//! What stands beside a row of lines: the rates seen, and what is unusual about the lines.

use std::collections::{BTreeMap, BTreeSet};

use souk_domain::fxrate::exchange_rate::ExchangeRate;
use souk_domain::rate::Rate;
use souk_journal::dates::Date;
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
        notes.extend(computed(&lines));
    }
    notes.extend(conversions(&lines));
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

/// `USD 100.00 at 7.1 (2026-03-02) 折算`, for each rate of the lines; past [`MOST_RATES`] of them the currencies alone.
fn conversions(lines: &[&StatementLine]) -> Vec<String> {
    let mut sums: BTreeMap<_, Figure> = BTreeMap::new();
    for of in lines.iter().filter_map(|line| line.conversion) {
        let key = (of.currency.code(), of.rate_on, of.rate);
        sums.entry(key).or_insert_with(|| Figure::zero(of.currency)).minor += of.amount.minor;
    }
    if sums.len() > MOST_RATES {
        let codes: BTreeSet<&str> = sums.keys().map(|(code, ..)| *code).collect();
        let codes: Vec<String> = codes.into_iter().map(str::to_owned).collect();
        return vec![format!(
            "converted from {} at {} rates 多汇率折算",
            joined(&codes),
            sums.len()
        )];
    }
    let of = |((code, on, rate), sum): (&(&str, Date, ExchangeRate), &Figure)| {
        format!("{code} {} at {rate} ({on}) 折算", sum.grouped())
    };
    sums.iter().map(of).collect()
}

/// `2.4 kg → 3 kg: 8.00 + 2 × 2.00` of each freight, or how many there are.
fn computed(lines: &[&StatementLine]) -> Option<String> {
    let seen: Vec<String> = lines.iter().filter_map(|line| line.computed.clone()).collect();
    match seen.len() {
        0 => None,
        count if count > MOST_RATES => Some(format!("{count} by a freight table")),
        _ => Some(joined(&seen)),
    }
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
