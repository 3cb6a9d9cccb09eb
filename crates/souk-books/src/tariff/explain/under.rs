//! The same order under another tariff: the completion's own charging, with another version.

use std::collections::BTreeMap;

use souk_domain::decider::Refusal as _;
use souk_domain::tariff::events::FeeKind;
use souk_journal::ids::{LineId, MerchantId, RuleId};
use souk_journal::money::{Currency, MoneyError};

use super::build::{Charged, Completed};
use super::contract::{UnderAnother, UnderLine};
use crate::charge_words::share;
use crate::figure::Figure;
use crate::tariff::Candidate;

/// A side of a comparison: the rule, fee and tax.
type Side = Option<(RuleId, i128)>;

type Key = (MerchantId, FeeKind, Option<LineId>);

/// Charges every completion anew. What is refused is said and left out of the comparison.
///
/// # Errors
/// When an amount does not fit the currency.
pub(super) fn under(
    candidate: &Candidate,
    completions: &[Completed],
    charged: &[Charged],
    currency: Currency,
) -> Result<UnderAnother, MoneyError> {
    let mut refused = Vec::new();
    let mut sides: BTreeMap<Key, (Side, Side, String)> = BTreeMap::new();
    for completed in completions {
        let charging = completed.under(candidate);
        if charging.currency() != currency {
            let (merchant, other) = (completed.merchant, charging.currency());
            refused.push(format!(
                "{merchant}: settled in {other}, which is not compared with {currency}"
            ));
            continue;
        }
        let charges = match charging.charges() {
            Ok(charges) => charges,
            Err(refusal) => {
                refused.push(format!("{}: {} ({})", completed.merchant, refusal, refusal.code()));
                continue;
            }
        };
        for (merchant, fee, line, rule, sum) in charged {
            if *merchant == completed.merchant {
                sides.entry((*merchant, *fee, *line)).or_default().0 = Some((*rule, *sum));
            }
        }
        for of in &charges {
            for line in &of.lines {
                let side = sides.entry((of.merchant, of.fee, line.line)).or_default();
                let sum = line.amount.minor(currency)?;
                let sum = i128::from(sum) + i128::from(line.tax.minor(currency)?);
                side.1 = Some((line.rule, sum));
                side.2 = share(line);
            }
        }
    }
    let (mut before, mut after) = (0, 0);
    let mut lines = Vec::with_capacity(sides.len());
    for ((merchant, fee, line), (old, new, words)) in sides {
        let sum = |side: Side| side.map_or(0, |(_, sum)| sum);
        let (charged, simulated) = (sum(old), sum(new));
        (before, after) = (before + charged, after + simulated);
        lines.push(UnderLine {
            merchant,
            fee,
            line,
            rule: old.map(|(rule, _)| rule),
            other_rule: new.map(|(rule, _)| rule),
            charged: Figure::new(charged, currency),
            simulated: Figure::new(simulated, currency),
            difference: Figure::new(simulated - charged, currency),
            words,
        });
    }
    Ok(UnderAnother {
        name: candidate.name.clone(),
        refused,
        lines,
        charged: Figure::new(before, currency),
        simulated: Figure::new(after, currency),
        difference: Figure::new(after - before, currency),
    })
}
