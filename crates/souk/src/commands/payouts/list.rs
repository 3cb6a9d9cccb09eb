//! `souk payouts` and `souk payouts files`: what stands where, against the accounts.

use souk_books::payouts::PayoutsReport;

use crate::cli::{Format, Global};
use crate::commands::reading::Reading;
use crate::fail::{Exit, Failure};
use crate::show::{self, Rows};

/// `souk payouts`
pub(super) fn run(global: &Global, merchant: Option<&str>, all: bool) -> Result<(), Failure> {
    let reading = Reading::open(global)?;
    let today = global.effective.unwrap_or_else(|| reading.today());
    let report = reading.books.payouts(today, all, merchant)?;
    if global.format() == Format::Json {
        show::json(global, &report)?;
    } else {
        table(global, &report)?;
        said(global, &report);
    }
    reading.freshness(global);
    let off: Vec<String> = report
        .accounts
        .iter()
        .filter(|of| !of.holds)
        .map(|of| {
            format!(
                "{} {}: payouts {}, account {}",
                of.account, of.currency, of.payouts, of.balance
            )
        })
        .collect();
    if off.is_empty() || global.exit_zero {
        return Ok(());
    }
    let mut failure =
        Failure::new(Exit::Difference, "PayoutsDiffer", "payouts are not what the accounts say");
    failure.details = off;
    Err(failure)
}

fn table(global: &Global, report: &PayoutsReport) -> Result<(), Failure> {
    let text = |of: Option<String>| of.unwrap_or_default();
    let cells = report.rows.iter().map(|row| {
        vec![
            row.merchant.to_string(),
            row.currency.to_string(),
            row.cycle.clone(),
            row.amount.to_string(),
            show::word(global, row.standing.name()).to_owned(),
            text(row.pay_on.map(|of| of.to_string())),
            row.since.to_string(),
            text(row.age_days.map(|days| days.to_string())),
            text(row.file.map(|of| of.to_string())),
            text(row.reason.clone()),
            text(row.bank_reference.map(|of| of.to_string())),
            text(row.payee.map(|of| of.to_string())),
            row.statement.clone(),
            row.payout.clone(),
        ]
    });
    let mut rows = Rows {
        columns: vec![
            "merchant",
            "currency",
            "cycle",
            "amount",
            "standing",
            "pay_on",
            "since",
            "age_days",
            "file",
            "reason",
            "bank_reference",
            "payee",
            "statement",
            "payout",
        ],
        numeric: vec!["amount", "age_days"],
        rows: cells.collect(),
    };
    // A terminal has no room for what programs read.
    if global.format() == Format::Table && global.fields.is_empty() {
        rows.columns.truncate(11);
        rows.rows.iter_mut().for_each(|row| row.truncate(11));
    }
    show::rows(global, &rows)
}

fn said(global: &Global, report: &PayoutsReport) {
    let chinese = show::in_chinese(global);
    for total in &report.totals {
        let (amount, count) = (total.amount.grouped(), total.count);
        let (standing, currency) = (show::word(global, total.standing.name()), total.currency);
        let line = match (chinese, total.again) {
            (false, false) => format!("{standing}  {currency} {amount} in {count}"),
            (false, true) => {
                format!("{standing}, in a later closing  {currency} {amount} in {count}")
            }
            (true, false) => format!("{standing}  {currency} {amount}，{count} 笔"),
            (true, true) => {
                format!("{standing}（已转入后期结算）  {currency} {amount}，{count} 笔")
            }
        };
        show::note(global, &line);
    }
    let check = if chinese { "核对" } else { "check" };
    for of in report.accounts.iter().filter(|of| !of.balance.is_zero() || !of.holds) {
        let (account, balance) = (&of.account, of.balance.grouped());
        let sign = if of.holds { "=" } else { "≠" };
        let payouts = of.payouts.grouped();
        let line = format!("{check}  {account} {balance} {} {sign} {payouts}", of.currency);
        show::note(global, &line);
    }
    let on = report.effective;
    let ages = if chinese {
        format!("在途天数计至 {on} 日终")
    } else {
        format!("ages at the end of {on}")
    };
    show::note(global, &ages);
}

/// `souk payouts files`
pub(super) fn files(global: &Global) -> Result<(), Failure> {
    let reading = Reading::open(global)?;
    let payouts = &reading.books.models().payouts;
    if global.format() == Format::Json {
        let files: Vec<_> = payouts
            .files()
            .iter()
            .map(|of| {
                serde_json::json!({
                    "file": of.file,
                    "account": of.account,
                    "format": of.format,
                    "currency": of.currency,
                    "execute_on": of.execute_on,
                    "count": of.count,
                    "instructed": payouts.of_file(of.file).count(),
                    "total": of.total,
                    "digest": of.digest,
                    "issued_by": of.issued_by,
                    "entry": of.entry,
                    "withdrawn": of.withdrawn,
                })
            })
            .collect();
        return show::json(global, &files);
    }
    let cells = payouts.files().iter().map(|of| {
        vec![
            of.file.to_string(),
            of.format.name().to_owned(),
            of.currency.to_string(),
            of.execute_on.to_string(),
            of.count.to_string(),
            payouts.of_file(of.file).count().to_string(),
            of.total.to_string(),
            of.issued_by.to_string(),
            of.withdrawn.as_deref().unwrap_or_default().to_owned(),
            of.digest.to_string(),
        ]
    });
    let rows = Rows {
        columns: vec![
            "file",
            "form",
            "currency",
            "execute_on",
            "count",
            "instructed",
            "amount",
            "issued_by",
            "withdrawn",
            "digest",
        ],
        numeric: vec!["count", "instructed", "amount"],
        rows: cells.collect(),
    };
    show::rows(global, &rows)
}
