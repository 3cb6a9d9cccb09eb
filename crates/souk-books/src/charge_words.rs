//! The arithmetic of a charge in words, from the facts that the charge recorded: what was it a percentage of, which step
//! or least amount held, and what came on top.

use std::fmt::Write as _;

use souk_domain::order::events::ChargedLine;
use souk_domain::tariff::events::{FeeKind, Measure, Stepping, Tiers};

/// A fee by its name.
pub fn fee_name(kind: FeeKind) -> &'static str {
    match kind {
        FeeKind::Commission => "Commission",
        FeeKind::OrderFee => "Order fee",
        FeeKind::PaymentFee => "Payment channel fee",
        FeeKind::TechnicalService => "Technical service fee",
        FeeKind::ListingFee => "Listing fee",
    }
}

/// `8 % of 100.00, at least 2.00 + 0.50`, as the line was charged.
pub fn share(line: &ChargedLine<'_>) -> String {
    let mut said = match &line.tiers {
        Some(tiers) => steps(tiers, line),
        None if line.parts.is_empty() => format!("{} of {}", line.percent.percent(), line.base),
        None => {
            let part = |of: &souk_domain::order::events::ChargedPart| {
                format!("{} {} ({})", of.percent.percent(), of.name, of.amount)
            };
            let parts: Vec<String> = line.parts.iter().map(part).collect();
            format!("{} of {}", parts.join(" + "), line.base)
        }
    };
    if let Some(minimum) = line.minimum {
        let _ = write!(said, ", at least {minimum}");
    }
    if let Some(maximum) = line.maximum {
        let _ = write!(said, ", at most {maximum}");
    }
    if let Some(fixed) = line.fixed {
        let _ = write!(said, " + {fixed}");
    }
    if line.units > 1 {
        let _ = write!(said, ", each of {} units", line.units);
    }
    said
}

fn steps(tiers: &Tiers, line: &ChargedLine<'_>) -> String {
    let step = |of: &souk_domain::tariff::events::Step| {
        format!("{} above {}", of.percent.percent(), of.above)
    };
    let steps: Vec<String> = tiers.steps.iter().map(step).collect();
    let how = match tiers.stepping {
        Stepping::Slab => "by the step that is reached",
        Stepping::Marginal => "each step for what lies within it",
    };
    let by = match tiers.by {
        Measure::Price => String::new(),
        Measure::VolumeOfMonth => volume(line, "month"),
        Measure::VolumeOfQuarter => volume(line, "quarter"),
        Measure::VolumeOfYear => volume(line, "year"),
    };
    format!("{} of {}, {how}{by}", steps.join(", "), line.base)
}

fn volume(line: &ChargedLine<'_>, window: &str) -> String {
    let volume = line.volume.unwrap_or_default();
    format!(", at a volume of {volume} in the {window}")
}
