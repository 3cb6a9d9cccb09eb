//! Deposits by kind of merchant and what it sells, as a tariff file says them: what each close tops the deposit up to.
//!
//! A deposit is no fee, so it is no part of the version that is published: like the other terms of the file it reaches a
//! merchant by the command that agrees its terms.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Deserialize;
use souk_domain::merchant::commands::LevelKept;
use souk_journal::money::{Amount, Currency};
use toml::Spanned;

/// A deposit.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDeposit {
    /// The kind of business that pays it; every kind, if absent.
    business: Option<Box<str>>,
    /// The category, and all below it, that it is paid for; whatever is sold, if absent.
    category: Option<Box<str>>,
    /// How much, > 0, in the currency of the file.
    #[schemars(with = "Amount")]
    amount: Spanned<Amount>,
}

/// A deposit that is asked of merchants of a kind, for a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deposit {
    /// The kind of business; every kind, if absent.
    pub business: Option<Box<str>>,
    /// The category, and all below it; whatever is sold, if absent.
    pub category: Option<Box<str>>,
    /// How much.
    pub amount: LevelKept,
}

impl Deposit {
    /// How closely it is about a merchant that sells in a category: by the depth of its own, then by the kind of business.
    fn closeness(&self, business: Option<&str>, category: Option<&str>) -> Option<(usize, bool)> {
        let kind = self.business.as_deref();
        if kind.is_some() && kind != business {
            return None;
        }
        let depth = match (self.category.as_deref(), category) {
            (None, _) => 0,
            (Some(own), Some(sold)) => {
                let rest = sold.strip_prefix(own)?;
                if !rest.is_empty() && !rest.starts_with('/') {
                    return None;
                }
                own.split('/').count()
            }
            (Some(_), None) => return None,
        };
        Some((depth, kind.is_some()))
    }
}

/// What is asked of a merchant: for each category that it sells in the deposit that is closest, and of those the highest.
pub(super) fn asked(
    deposits: &[Deposit],
    business: Option<&str>,
    categories: &[&str],
) -> Option<LevelKept> {
    let closest = |category: Option<&str>| {
        let about = deposits.iter().filter_map(|of| Some((of.closeness(business, category)?, of)));
        about.max_by_key(|(closeness, _)| *closeness).map(|(_, of)| &of.amount)
    };
    let asked: Vec<&LevelKept> = if categories.is_empty() {
        closest(None).into_iter().collect()
    } else {
        categories.iter().filter_map(|category| closest(Some(category))).collect()
    };
    asked.into_iter().max_by_key(|of| of.amount).cloned()
}

/// Reads the deposits; what is wrong is added with its place. A currency that nobody knows is wrong in one place alone.
pub(super) fn read(
    raw: Vec<Spanned<RawDeposit>>,
    currency: Option<Currency>,
    in_unknown: bool,
    wrong: &mut Vec<(usize, String)>,
) -> Vec<Deposit> {
    let (mut deposits, mut known) = (Vec::with_capacity(raw.len()), BTreeSet::new());
    for of in raw {
        let at = of.span().start;
        let RawDeposit { business, category, amount } = of.into_inner();
        let place = amount.span().start;
        if !known.insert((business.clone(), category.clone())) {
            wrong
                .push((at, "this kind of business has a deposit for this category already".into()));
        }
        if business.as_deref().is_some_and(|of| of.trim().is_empty()) {
            wrong.push((at, "a kind of business is without a name; leave it out".into()));
        }
        let path = category.as_deref().unwrap_or("whatever");
        if path.split('/').any(|part| part.trim().is_empty()) {
            wrong.push((at, format!("category {path:?} is not parts joined by /")));
        }
        let Some(currency) = currency else {
            if !in_unknown {
                wrong.push((place, "a deposit needs the currency of the file".into()));
            }
            continue;
        };
        match amount.get_ref().at_scale(currency) {
            Ok(amount) if amount > Amount::ZERO => {
                let amount = LevelKept { currency: currency.code().to_owned(), amount };
                deposits.push(Deposit { business, category, amount });
            }
            Ok(amount) => wrong.push((place, format!("a deposit of {amount} is not above zero"))),
            Err(error) => wrong.push((place, error.to_string())),
        }
    }
    deposits
}
