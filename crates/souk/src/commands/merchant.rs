//! `souk merchant`: where a merchant's account stands and what is left in it, and its closing once it is empty. The end is
//! announced and withdrawn by commands of `souk apply`; closing asks the books first, so it is a verb.

use clap::{Args, Subcommand};
use souk_books::Books;
use souk_books::account::{AccountStanding, MerchantAccount};
use souk_journal::ids::MerchantId;

use super::reading::Reading;
use crate::cli::{Format, Global};
use crate::fail::Failure;
use crate::place::Place;
use crate::show::{self, Rows};

/// `souk merchant`
#[derive(Debug, Args)]
pub(crate) struct Merchant {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Where its account stands, and what is left in it
    Show {
        /// The merchant
        merchant: String,
    },
    /// Close an account that is wound down and empty
    Close {
        /// The merchant
        merchant: String,
        /// Who closes it
        #[arg(long, value_name = "NAME")]
        by: String,
    },
}

/// Shows an account, or closes it.
pub(crate) fn run(global: &Global, of: &Merchant) -> Result<(), Failure> {
    match &of.what {
        What::Show { merchant } => {
            let reading = Reading::open(global)?;
            shown(global, &reading.books.merchant_account(merchant)?)?;
            reading.freshness(global);
            Ok(())
        }
        What::Close { merchant, by } => {
            let place = Place::of(global)?;
            let mut ledger = place.ledger()?;
            let id = ledger.identity().ledger.simple().to_string();
            let snapshots = place.projections();
            let mut books = Books::open(ledger.store().clone(), snapshots.as_deref(), &id)?;
            books.catch_up(None)?;
            let merchant: MerchantId = books.find_merchant(merchant)?;
            ledger.close_merchant(merchant, by, &mut books)?;
            books.catch_up(None)?;
            // Derived: a failure costs time at the next command and nothing else.
            let _ = books.save_snapshots();
            shown(global, &books.merchant_account(merchant.as_str())?)
        }
    }
}

fn shown(global: &Global, of: &MerchantAccount) -> Result<(), Failure> {
    if global.format() == Format::Json {
        return show::json(global, of);
    }
    let rows = of.left.iter().map(|left| {
        vec![left.what.name().to_owned(), left.currency.to_string(), left.amount.to_string()]
    });
    let rows = Rows {
        columns: vec!["left", "currency", "amount"],
        numeric: vec!["amount"],
        rows: rows.collect(),
    };
    let standing = match (of.standing, of.last_day, of.wind_down_to) {
        (AccountStanding::Closing, Some(last_day), Some(wind_down_to)) => format!(
            "merchant {} is closing: last day {last_day}, wind-down to {wind_down_to}, then the final settlement",
            of.merchant
        ),
        (AccountStanding::Closed, _, _) => format!("merchant {} is closed", of.merchant),
        (AccountStanding::Active | AccountStanding::Closing, _, _) => {
            format!("merchant {} is active", of.merchant)
        }
    };
    if rows.rows.is_empty() && global.format() == Format::Table {
        show::text(global, "nothing is left in the account\n")?;
    } else {
        show::rows(global, &rows)?;
    }
    show::note(global, &standing);
    for hold in &of.holds {
        let order = hold.order.as_deref().map_or_else(String::new, |of| format!(" of order {of}"));
        let reason = hold.reason.as_deref().unwrap_or("no reason recorded");
        let (amount, currency) = (hold.amount.grouped(), hold.currency);
        let line = format!(
            "on hold  {amount} {currency}{order} since {}: {reason} ({})",
            hold.since, hold.hold
        );
        show::note(global, &line);
    }
    Ok(())
}
