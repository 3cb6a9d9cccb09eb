//! `souk tariff terms`: the terms of a tariff file as the command that agrees them with a merchant, for `souk apply`: its kind
//! of business and what it sells decide which deposit is asked.

use serde_json::json;
use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;

use super::Terms;
use crate::cli::Global;
use crate::fail::{Exit, Failure};
use crate::place::read_tariff;
use crate::show;

/// Prints the line.
pub(super) fn run(global: &Global, of: &Terms) -> Result<(), Failure> {
    let file = read_tariff(&of.file)?;
    let merchant = MerchantId::new(&of.merchant)
        .map_err(|error| Failure::new(Exit::Usage, "InvalidValue", error.to_string()))?;
    let business = of.business.as_deref().or(file.terms.business.as_deref());
    let categories: Vec<&str> = of.category.iter().map(String::as_str).collect();
    let mut terms = file.terms_of(merchant, business, &categories);
    if let Some(from) = &global.from {
        terms.effective_on = from.parse::<Date>().map_err(|error| {
            Failure::new(Exit::Usage, "InvalidValue", format!("--from: {error}"))
        })?;
    }
    let first = terms.effective_on;
    let line =
        json!({ "command": "agree-terms", "at": format!("{first}T00:00:00Z"), "data": terms });
    show::text(global, &format!("{line}\n"))
}
