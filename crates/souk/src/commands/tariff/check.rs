//! `souk tariff check`: every fault of a tariff file at its place, or what the file says.

use serde::Serialize;
use souk_books::tariff::words;
use souk_domain::merchant::commands::LevelKept;
use souk_domain::tariff::events::{ChosenBy, Fee, FeeKind};
use souk_domain::tariff::freight::FreightTable;
use souk_formats::tariff_file::{Deposit, TariffFile, schema};
use souk_journal::dates::Date;
use souk_journal::ids::{RuleId, TariffId};
use souk_journal::money::Amount;

use super::Check;
use crate::cli::{Format, Global};
use crate::fail::{Exit, Failure, counted};
use crate::place::read_tariff;
use crate::show::{self, Rows};

/// The contract of `tariff check --format json`.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    tariff: TariffId,
    announced_on: Date,
    effective_on: Date,
    chosen_by: ChosenBy,
    currency: Option<String>,
    source: Option<String>,
    rules: usize,
    closed: Vec<String>,
    fees: Vec<FeeSummary>,
    deposits: Vec<DepositSummary>,
    freight: Vec<FreightSummary>,
}

/// A deposit.
#[derive(Debug, Serialize)]
struct DepositSummary {
    business: Option<Box<str>>,
    category: Option<Box<str>>,
    currency: String,
    amount: Amount,
}

/// A freight table.
#[derive(Debug, Serialize)]
struct FreightSummary {
    table: RuleId,
    zones: usize,
    regions: usize,
}

#[derive(Debug, Serialize)]
struct FeeSummary {
    fee: FeeKind,
    scope: &'static str,
    base: String,
    tax: String,
    on_refund: String,
    role: String,
    rules: usize,
    closed: Vec<String>,
}

/// Checks a file, or prints the schema.
pub(super) fn run(global: &Global, of: &Check) -> Result<(), Failure> {
    if of.schema {
        return show::json(global, &schema());
    }
    let Some(path) = &of.file else {
        return Err(Failure::new(Exit::Usage, "MissingArgument", "no file is named"));
    };
    let summary = summary(&read_tariff(path)?);
    if global.format() == Format::Json {
        return show::json(global, &summary);
    }
    let closed = &summary.closed;
    let tables: Vec<String> = summary.freight.iter().map(in_words).collect();
    let (by_category, of_all): (Vec<_>, Vec<_>) =
        summary.deposits.iter().partition(|of| of.category.is_some());
    let mut deposits: Vec<String> = of_all.into_iter().map(deposit_in_words).collect();
    match by_category.as_slice() {
        few if few.len() <= 5 => deposits.extend(few.iter().map(|of| deposit_in_words(of))),
        many => deposits.push(format!("Deposits by category: {} (--format json)\n", many.len())),
    }
    let head = format!(
        "Tariff {}: announced on {}, effective on {}, chosen by {}{}\n{} in {}; {}{}\n{}\n",
        summary.tariff,
        summary.announced_on,
        summary.effective_on,
        words::chosen_by(summary.chosen_by),
        summary.currency.as_deref().map_or_else(String::new, |of| format!(", in {of} alone")),
        counted(summary.rules, "rule", "rules"),
        counted(summary.fees.len(), "fee", "fees"),
        if closed.is_empty() { "no category is closed" } else { "closed: " },
        closed.join(", "),
        tables.concat() + &deposits.concat(),
    );
    show::rows_under(global, &head, &rows(&summary))?;
    show::next(global, &format!("souk tariff publish {}", path.display()));
    Ok(())
}

fn in_words(of: &FreightSummary) -> String {
    let (zones, regions) =
        (counted(of.zones, "zone", "zones"), counted(of.regions, "region", "regions"));
    format!("Freight {}: {regions} in {zones}\n", of.table)
}

/// `Deposit: CNY 1000.00 of personal, for 手机`.
fn deposit_in_words(of: &DepositSummary) -> String {
    let who = of.business.as_deref().unwrap_or("every merchant");
    let what = of.category.as_deref().map_or_else(String::new, |of| format!(", for {of}"));
    format!("Deposit: {} {} of {who}{what}\n", of.currency, of.amount)
}

fn deposit(of: &Deposit) -> DepositSummary {
    let (business, category) = (of.business.clone(), of.category.clone());
    let LevelKept { currency, amount } = of.amount.clone();
    DepositSummary { business, category, currency, amount }
}

fn rows(of: &Summary) -> Rows {
    let row = |fee: &FeeSummary| {
        vec![
            kind(fee.fee),
            fee.scope.to_owned(),
            fee.base.clone(),
            fee.tax.clone(),
            fee.on_refund.clone(),
            fee.role.clone(),
            fee.rules.to_string(),
            fee.closed.join(" "),
        ]
    };
    Rows {
        columns: vec!["fee", "scope", "base", "tax", "on_refund", "role", "rules", "closed"],
        numeric: vec!["rules"],
        rows: of.fees.iter().map(row).collect(),
    }
}

/// A kind of fee as in JSON.
pub(super) fn kind(of: FeeKind) -> String {
    match of {
        FeeKind::Commission => "commission",
        FeeKind::OrderFee => "order_fee",
        FeeKind::PaymentFee => "payment_fee",
        FeeKind::TechnicalService => "technical_service",
        FeeKind::ListingFee => "listing_fee",
    }
    .to_owned()
}

fn freight(of: &FreightTable) -> FreightSummary {
    let regions = of.zones.iter().map(|zone| zone.regions.len()).sum();
    FreightSummary { table: of.table, zones: of.zones.len(), regions }
}

fn summary(file: &TariffFile) -> Summary {
    let of = &file.publish;
    let closed = |fee: &Fee| -> Vec<String> {
        let rules = fee.rules.iter().filter(|rule| rule.closed);
        rules.map(|rule| rule.category.as_deref().unwrap_or("every other").to_owned()).collect()
    };
    let fees: Vec<FeeSummary> = of
        .fees
        .iter()
        .map(|fee| FeeSummary {
            fee: fee.kind,
            scope: words::scope(fee.scope),
            base: words::base_with(fee.base, fee.base_tax),
            tax: words::tax(fee),
            on_refund: words::on_refund(fee.on_refund, fee.retained),
            role: words::role(fee.role),
            rules: fee.rules.len(),
            closed: closed(fee),
        })
        .collect();
    let mut all: Vec<String> = fees.iter().flat_map(|fee| fee.closed.clone()).collect();
    all.sort();
    all.dedup();
    Summary {
        tariff: of.tariff,
        announced_on: of.announced_on,
        effective_on: of.effective_on,
        chosen_by: of.chosen_by,
        currency: of.currency.as_deref().map(str::to_owned),
        source: of.source.as_deref().map(str::to_owned),
        rules: fees.iter().map(|fee| fee.rules).sum(),
        closed: all,
        fees,
        deposits: file.deposits.iter().map(deposit).collect(),
        freight: of.freight.iter().map(freight).collect(),
    }
}
