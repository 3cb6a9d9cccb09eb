//! `souk early-payout`: a merchant is paid now for items that fall due later. What falls due is asked of the books first, so
//! it is a verb and not a command of `souk apply`; `--dry-run` decides on an overlay and shows the result.

use std::sync::Arc;

use clap::Args;
use rust_decimal::Decimal;
use serde::Serialize;
use souk_books::{Books, early_payout::EarlyPayout as Paid};
use souk_domain::rate::Rate;
use souk_domain::service::commands::{AdvancePayout, OfCharge};
use souk_journal::dates::Date;
use souk_journal::ids::ChargeId;
use souk_journal::money::{Amount, Currency};
use souk_ledger::clock::Clock;
use souk_ledger::ledger::{Ledger, Writers};
use souk_ledger::overlay::Overlay;
use souk_ledger::request::Request;
use souk_store::EventStore;

use crate::cli::{Format, Global};
use crate::fail::{Exit, Failure};
use crate::place::Place;
use crate::show::{self, Rows};

/// `souk early-payout`
#[derive(Debug, Args)]
pub(crate) struct EarlyPayout {
    /// The merchant
    merchant: String,
    /// Its name, unique among the merchant's early payouts; the same again writes nothing
    name: String,
    /// Pay for items due through this day
    #[arg(long, value_name = "DATE")]
    through: Date,
    /// How much of them, fee and tax included [default: all]
    #[arg(long, value_name = "AMOUNT")]
    amount: Option<Decimal>,
    /// The fee, without tax
    #[arg(long, value_name = "AMOUNT", conflicts_with = "rate")]
    fee: Option<Decimal>,
    /// The fee as a share of what is paid early, such as 1%
    #[arg(long, value_name = "PERCENT")]
    rate: Option<String>,
    /// The rate of the tax on the fee, such as 6%
    #[arg(long, value_name = "PERCENT", default_value = "0%")]
    tax: String,
    /// The transfer at the bank
    #[arg(long, value_name = "REFERENCE")]
    transfer: String,
    /// Show what would be paid; write nothing
    #[arg(long)]
    dry_run: bool,
}

/// The answer in JSON.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    dry_run: bool,
    #[serde(flatten)]
    payout: &'a Paid,
}

/// Pays early.
pub(crate) fn run(global: &Global, of: &EarlyPayout) -> Result<(), Failure> {
    let place = Place::of(global)?;
    let mut ledger = if of.dry_run {
        let base: Arc<dyn EventStore> = place.read()?;
        let overlay: Arc<dyn EventStore> = Arc::new(Overlay::new(base)?);
        Ledger::open(overlay, Clock::System, Writers::Sole)?
    } else {
        place.ledger()?
    };
    let id = ledger.identity().ledger;
    let snapshots = place.projections();
    let mut books =
        Books::open(ledger.store().clone(), snapshots.as_deref(), &id.simple().to_string())?;
    books.catch_up(None)?;
    let merchant = books.find_merchant(&of.merchant)?;
    let usage = |what: String| Failure::new(Exit::Usage, "InvalidValue", what);
    let currency = match &global.currency {
        Some(code) => Currency::from_code(code).map_err(|error| usage(error.to_string()))?,
        None => ledger.identity().currency,
    };
    let payout = ChargeId::new(&of.name).map_err(|error| usage(error.to_string()))?;
    let command = AdvancePayout {
        of: OfCharge { merchant, currency: currency.code().into(), charge: payout },
        through: of.through,
        amount: of.amount.map(Amount::from),
        fee: of.fee.map(Amount::from),
        rate: of.rate.as_deref().map(percent).transpose()?,
        tax_rate: percent(&of.tax)?,
        transfer: of.transfer.as_str().into(),
        due: Vec::new(),
        entry: 0,
    };
    let key = format!("{merchant}\n{currency}\n{payout}");
    let body = format!(
        "{key}\n{}\n{:?}\n{:?}\n{:?}\n{}\n{}",
        of.through, of.amount, of.fee, of.rate, of.tax, of.transfer
    );
    let now = ledger.clock().now();
    let request = Request::of(id, "early-payout", &key, body.as_bytes(), now);
    let account = (merchant, currency);
    let outcome = ledger.advance_payout(command, account, &request, &mut books)?;
    books.catch_up(None)?;
    if !of.dry_run {
        // Derived: a failure costs time at the next command and nothing else.
        let _ = books.save_snapshots();
    }
    let (stream, revision) = (&outcome.stream, outcome.first_revision);
    let paid = books.early_payout(stream, revision)?.ok_or_else(|| {
        let message = format!("{stream}@{revision} is no early payout");
        Failure::new(Exit::Bug, "Bug", message)
    })?;
    shown(global, &Answer { dry_run: of.dry_run, payout: &paid })?;
    if of.dry_run {
        show::note(global, "this is what would be paid; nothing was written");
    } else if outcome.replayed {
        show::note(global, "it was paid before; nothing was written");
    }
    Ok(())
}

/// A percentage as people write it: `1%`.
fn percent(text: &str) -> Result<Rate, Failure> {
    let number = text.strip_suffix('%').and_then(|number| number.trim().parse::<Decimal>().ok());
    let rate = number
        .and_then(|number| (number / Decimal::ONE_HUNDRED).normalize().to_string().parse().ok());
    rate.ok_or_else(|| {
        let message = format!("{text:?} is not a percentage such as 1%");
        Failure::new(Exit::Usage, "InvalidValue", message)
    })
}

fn shown(global: &Global, answer: &Answer<'_>) -> Result<(), Failure> {
    if global.format() == Format::Json {
        return show::json(global, answer);
    }
    let of = answer.payout;
    let rows = of.days.iter().map(|day| {
        vec![
            day.due_on.to_string(),
            of.currency.to_string(),
            day.paid_early.to_string(),
            day.fee_and_tax.to_string(),
        ]
    });
    let rows = Rows {
        columns: vec!["due_on", "currency", "paid_early", "fee_and_tax"],
        numeric: vec!["paid_early", "fee_and_tax"],
        rows: rows.collect(),
    };
    show::rows(global, &rows)?;
    let (merchant, payout, currency) = (of.merchant, of.payout, of.currency);
    let line = format!(
        "early payout {payout}: {} {currency} to merchant {merchant} by {}, fee {} and tax {}; \
         the cycles that claim those days take it back",
        of.paid, of.transfer, of.fee, of.tax
    );
    show::note(global, &line);
    Ok(())
}
