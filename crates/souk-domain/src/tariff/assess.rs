//! The arithmetic of a fee: which rule holds, and what it gives.

use souk_journal::money::{Amount, Currency, MoneyError};
use souk_journal::split::percentage;

use super::events::{Fee, FeeRule};

/// What a rule gave, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assessed {
    /// The fee.
    pub amount: i64,
    /// Tax on it.
    pub tax: i64,
}

/// The rule of a fee for a category: the most specific path wins; a rule without a category holds
/// where no other does. `None`: the category is not open.
pub fn rule_for<'f>(fee: &'f Fee, category: Option<&str>) -> Option<&'f FeeRule> {
    let covers = |rule: &&FeeRule| match (rule.category.as_deref(), category) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(path), Some(category)) => {
            category.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }
    };
    let depth = |rule: &&FeeRule| rule.category.as_deref().map_or(0, |path| path.len() + 1);
    fee.rules.iter().filter(covers).max_by_key(depth)
}

/// `max(percent × base, minimum) + fixed`, each rounded half up, and the tax on it.
///
/// # Errors
/// When an amount does not fit the currency.
pub fn assess(
    fee: &Fee,
    rule: &FeeRule,
    base: i64,
    currency: Currency,
) -> Result<Assessed, MoneyError> {
    let share = percentage(rule.percent.decimal(), base, currency)?;
    let minimum = rule.minimum.map_or(Ok(0), |amount| amount.minor(currency))?;
    let fixed = rule.fixed.map_or(Ok(0), |amount| amount.minor(currency))?;
    let of_base = Amount::from_minor(share.max(minimum), currency).decimal();
    let amount =
        Amount::from(of_base + Amount::from_minor(fixed, currency).decimal()).minor(currency)?;
    let tax = percentage(fee.tax.decimal(), amount, currency)?;
    Ok(Assessed { amount, tax })
}

#[cfg(test)]
mod tests;
