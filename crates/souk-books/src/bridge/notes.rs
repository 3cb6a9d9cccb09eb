//! What stands beside a row of lines: the rates seen, and what is unusual about the lines.

use std::collections::{BTreeMap, BTreeSet};

use souk_domain::fxrate::exchange_rate::ExchangeRate;
use souk_domain::rate::Rate;
use souk_journal::dates::Date;
use souk_journal::line_kind::LineKind;

use super::said::{Language, Said, joined};
use crate::figure::Figure;
use crate::statement::{Statement, StatementLine};

/// More rates than this are said as a range.
const MOST_RATES: usize = 3;

/// The note beside the lines of a kind.
pub(crate) fn of_lines(statement: &Statement, kind: LineKind) -> Option<Said> {
    let lines: Vec<&StatementLine> =
        statement.lines.iter().filter(|line| line.kind == kind).collect();
    let mut notes: Vec<Said> = Vec::new();
    if is_returned(kind) {
        notes.push(Said::new("on the refunds above", "对应上述退款"));
    } else {
        notes.extend(rates(&lines));
        notes.extend(tariffs(&lines));
        notes.extend(computed(&lines));
        notes.extend(reasons(&lines));
    }
    notes.extend(conversions(&lines));
    if let Some(count) = statement.facts.after_payout.get(&kind) {
        let zh = format!("其中 {count} 笔为已打款订单");
        notes.push(Said::new(format!("{count} after an earlier payout"), zh));
    }
    let late = lines.iter().filter(|line| line.late).count();
    if late > 0 {
        let zh = format!("其中 {late} 笔为补结算，于本期之前到期");
        notes.push(Said::new(format!("{late} late, due before this cycle"), zh));
    }
    let corrections = lines.iter().filter(|line| line.corrects.is_some()).count();
    if corrections > 0 {
        let zh = format!("其中 {corrections} 笔更正以前的明细");
        notes.push(Said::new(format!("{corrections} correcting earlier lines"), zh));
    }
    Said::listed(&notes)
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
fn rates(lines: &[&StatementLine]) -> Option<Said> {
    let seen: BTreeSet<Rate> = lines.iter().filter_map(|line| line.rate).collect();
    let (first, last) = (seen.first()?, seen.last()?);
    if *last == Rate::ZERO {
        return None;
    }
    if seen.len() == 1 {
        let bases = lines.iter().filter_map(|line| line.base);
        let currency = lines.first()?.amount.currency;
        let base = Figure::new(bases.map(|base| base.minor).sum::<i128>(), currency).grouped();
        let rate = first.percent();
        return Some(Said::new(format!("{rate} of {base}"), format!("{base} 的 {rate}")));
    }
    if seen.len() > MOST_RATES {
        let (first, last) = (first.percent(), last.percent());
        return Some(Said::new(format!("{first} to {last}"), format!("{first} 至 {last}")));
    }
    Some(joined(&seen.iter().map(|rate| rate.percent()).collect::<Vec<_>>()))
}

/// `USD 100.00 at 7.1 (2026-03-02)`, for each rate of the lines; past [`MOST_RATES`] of them the currencies alone.
fn conversions(lines: &[&StatementLine]) -> Vec<Said> {
    let mut sums: BTreeMap<_, Figure> = BTreeMap::new();
    for of in lines.iter().filter_map(|line| line.conversion) {
        let key = (of.currency.code(), of.rate_on, of.rate);
        sums.entry(key).or_insert_with(|| Figure::zero(of.currency)).minor += of.amount.minor;
    }
    if sums.len() > MOST_RATES {
        let codes: BTreeSet<&str> = sums.keys().map(|(code, ..)| *code).collect();
        let codes = joined(&codes.into_iter().map(str::to_owned).collect::<Vec<_>>());
        let count = sums.len();
        return vec![Said::new(
            format!("converted from {} at {count} rates", codes.en),
            format!("由 {} 按 {count} 个汇率折算", codes.zh),
        )];
    }
    let of = |((code, on, rate), sum): (&(&str, Date, ExchangeRate), &Figure)| {
        let sum = sum.grouped();
        Said::new(
            format!("{code} {sum} at {rate} ({on})"),
            format!("{code} {sum} 按 {rate}（{on}）折算"),
        )
    };
    sums.iter().map(of).collect()
}

/// `2.4 kg → 3 kg: 8.00 + 2 × 2.00` of each freight, or how many there are.
fn computed(lines: &[&StatementLine]) -> Option<Said> {
    let seen: Vec<String> = lines.iter().filter_map(|line| line.computed.clone()).collect();
    match seen.len() {
        0 => None,
        count if count > MOST_RATES => Some(Said::new(
            format!("{count} by a freight table"),
            format!("{count} 笔按运费表计算"),
        )),
        _ => Some(joined(&seen)),
    }
}

/// `suspected-fraud`, `dispute and suspected-fraud`, or how many there are.
fn reasons(lines: &[&StatementLine]) -> Option<Said> {
    let seen: BTreeSet<&str> = lines.iter().filter_map(|line| line.reason.as_deref()).collect();
    match seen.len() {
        0 => None,
        count if count > MOST_RATES => {
            Some(Said::new(format!("for {count} reasons"), format!("{count} 种原因")))
        }
        _ => {
            let all = joined(&seen.into_iter().map(str::to_owned).collect::<Vec<_>>());
            Some(Said::new(format!("reason {}", all.en), format!("原因 {}", all.zh)))
        }
    }
}

/// `tariff std v3`, `tariff std v3 and v4`, of each tariff.
fn tariffs(lines: &[&StatementLine]) -> Option<Said> {
    let seen: BTreeSet<(&str, u32)> = lines
        .iter()
        .filter_map(|line| line.tariff.as_ref())
        .map(|tariff| (tariff.id.as_str(), tariff.version))
        .collect();
    let names: BTreeSet<&str> = seen.iter().map(|(name, _)| *name).collect();
    let of = |name: &&str| {
        let versions = seen.iter().filter(|(known, _)| known == name);
        let versions: Vec<String> = versions.map(|(_, version)| format!("v{version}")).collect();
        let versions = joined(&versions);
        Said::new(format!("tariff {name} {}", versions.en), format!("费率 {name} {}", versions.zh))
    };
    let texts: Vec<Said> = names.iter().map(of).collect();
    let of = |language| texts.iter().map(|said| said.of(language).to_owned()).collect::<Vec<_>>();
    let (en, zh) = (joined(&of(Language::English)).en, joined(&of(Language::Chinese)).zh);
    (!texts.is_empty()).then(|| Said::new(en, zh))
}
