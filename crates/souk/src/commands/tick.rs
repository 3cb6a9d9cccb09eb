//! `souk tick`: what is due because days have passed. Terms that are agreed to renew are charged for the periods that have
//! begun, advertising credit whose last day is over is reversed, and for every month that has ended revenue of every running
//! term is recognised, a booking a month; `--dry-run` does it on an overlay and shows the result.
//!
//! A booking is named by its term, the first day of the plan and the month, so that it is written once, however often
//! and wherever a tick is repeated, and a tick that was broken off goes on.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use souk_books::{Books, Recognised};
use souk_domain::advertising::commands::{AdvertisingCommand, ExpireAdCredit};
use souk_domain::membership::commands::{MembershipCommand, RecogniseRevenue};
use souk_journal::dates::Date;
use souk_journal::ids::MembershipId;
use souk_journal::money::{Amount, Currency};
use souk_ledger::clock::Clock;
use souk_ledger::command::Command;
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::{Ledger, Writers};
use souk_ledger::overlay::Overlay;
use souk_ledger::request::Request;
use souk_store::EventStore;

use super::period::period;
use crate::cli::{Format, Global, Tick};
use crate::fail::{Exit, Failure, counted};
use crate::intake::Intake;
use crate::place::Place;
use crate::show::{self, Rows};

/// The answer in JSON.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    through: Date,
    dry_run: bool,
    terms: usize,
    bookings: usize,
    /// Periods that were charged.
    renewed: Vec<Renewed>,
    /// Terms whose next period was refused, and why.
    not_renewed: Vec<NotRenewed>,
    /// Merchants' wallets in which credit expired.
    credit_expired: usize,
    #[serde(flatten)]
    recognised: &'a Recognised,
}

/// A period that was charged.
#[derive(Debug, Serialize)]
struct Renewed {
    membership: MembershipId,
    plan: String,
    from: Date,
    to: Date,
    gross: Amount,
    currency: Currency,
}

/// A period that was not.
#[derive(Debug, Serialize)]
struct NotRenewed {
    membership: MembershipId,
    code: &'static str,
    why: String,
}

/// A term with revenue to recognise.
struct Due {
    membership: MembershipId,
    /// First day of the present plan.
    from: Date,
    /// The last days of the months to book.
    months: Vec<Date>,
}

/// Carries out what is due.
pub(crate) fn run(global: &Global, of: &Tick) -> Result<(), Failure> {
    let place = Place::of(global)?;
    let mut ledger = if of.dry_run {
        let base: Arc<dyn EventStore> = place.read()?;
        let overlay: Arc<dyn EventStore> = Arc::new(Overlay::new(base)?);
        Ledger::open(overlay, Clock::System, Writers::Sole)?
    } else {
        place.ledger()?
    };
    let identity = ledger.identity().clone();
    let today = identity.zone.date(ledger.clock().now());
    let (_, asked) = period(&of.through, today)?;
    let through = whole_months(asked);
    if through >= today {
        let message = format!("the month of {through} has not ended: it is {today}");
        return Err(Failure::new(Exit::Refused, "MonthStillOpen", message));
    }
    let id = identity.ledger.simple().to_string();
    let snapshots = place.projections();
    let mut books = Books::open(ledger.store().clone(), snapshots.as_deref(), &id)?;
    books.catch_up(None)?;
    // A period begins, and credit ends, on a day within a month too; what is still to come is not.
    let day = asked.min(today);
    let (renewed, not_renewed) = renew(&mut ledger, &mut books, day)?;
    let credit_expired = expire(&mut ledger, &mut books, day)?;
    let due = due(&books, through);
    let bookings = carry_out(&mut ledger, &due)?;
    books.catch_up(None)?;
    if !of.dry_run {
        // Derived: a failure costs time at the next command and nothing else.
        let _ = books.save_snapshots();
    }
    let recognised = books.recognised(&bookings)?;
    let booked = bookings.values().map(Vec::len).sum();
    let answer = Answer {
        through,
        dry_run: of.dry_run,
        terms: bookings.len(),
        bookings: booked,
        renewed,
        not_renewed,
        credit_expired,
        recognised: &recognised,
    };
    if global.format() == Format::Json {
        return show::json(global, &answer);
    }
    let mut rows = Rows {
        columns: vec!["month", "line", "currency", "terms", "recognised"],
        numeric: vec!["terms", "recognised"],
        rows: Vec::new(),
    };
    for row in &recognised.rows {
        rows.rows.push(vec![
            row.month.clone(),
            row.line.clone(),
            row.currency.to_string(),
            row.terms.to_string(),
            row.amount.to_string(),
        ]);
    }
    show::rows(global, &rows)?;
    said(global, &answer);
    let flag = place.flag();
    if of.dry_run {
        show::next(global, &format!("souk tick --through {through}{flag}"));
    } else {
        show::next(global, &format!("souk revenue{flag}"));
    }
    Ok(())
}

/// The last day of the last month that ends by a day.
fn whole_months(day: Date) -> Date {
    if day.plus_days(1) == day.first_of_next_month() {
        day
    } else {
        day.first_of_month().plus_days(-1)
    }
}

/// Charges the periods that have begun by a day, term by term and period after period. A period is a stream of its own, so
/// it is charged once; one that is refused, such as of a merchant that leaves, is said and tried again by the next tick.
fn renew(
    ledger: &mut Ledger,
    books: &mut Books,
    through: Date,
) -> Result<(Vec<Renewed>, Vec<NotRenewed>), Failure> {
    let (id, now) = (ledger.identity().ledger, ledger.clock().now());
    let (mut renewed, mut refused): (Vec<Renewed>, Vec<NotRenewed>) = (Vec::new(), Vec::new());
    loop {
        let mut progress = false;
        for next in books.models().memberships.to_renew(through) {
            if refused.iter().any(|of| of.membership == next.membership) {
                continue;
            }
            let (membership, from, to) = (next.membership, next.from, next.to);
            let body = format!("charge-membership\n{membership} {from} {to}\n{:?}", next.renewal);
            let request = Request::of(id, "renewal", membership.as_str(), body.as_bytes(), now);
            let command = Command::Membership(MembershipCommand::Charge(next.charge()));
            match ledger.execute(&command, &request) {
                Ok(outcome) => {
                    progress = true;
                    let (gross, currency) = (next.renewal.gross, next.first.currency);
                    let plan = next.renewal.plan.to_string();
                    if !outcome.replayed {
                        renewed.push(Renewed { membership, plan, from, to, gross, currency });
                    }
                }
                Err(LedgerError::Refused(refusal)) => {
                    let (code, why) = (refusal.code(), refusal.to_string());
                    refused.push(NotRenewed { membership, code, why });
                }
                Err(error) => return Err(error.into()),
            }
        }
        if !progress {
            return Ok((renewed, refused));
        }
        // The period after one that was charged may have begun too.
        books.catch_up(None)?;
    }
}

/// Reverses free advertising credit whose last day is over by the end of a day.
fn expire(ledger: &mut Ledger, books: &mut Books, through: Date) -> Result<usize, Failure> {
    let (id, now) = (ledger.identity().ledger, ledger.clock().now());
    let mut expired = 0;
    for (merchant, currency, through) in books.models().ad_credits.over(through.plus_days(1)) {
        let code = currency.code();
        let command = ExpireAdCredit { merchant, currency: code.into(), through };
        let key = format!("{merchant} {code} {through}");
        let body = format!("expire-ad-credit\n{key}");
        let request = Request::of(id, "credit-expiry", &key, body.as_bytes(), now);
        let command = Command::Advertising(AdvertisingCommand::Expire(command));
        match ledger.execute(&command, &request) {
            Ok(outcome) if outcome.replayed => {}
            Ok(_) => expired += 1,
            // All of it was spent, or its last day runs on where the merchant is.
            Err(LedgerError::Refused(refusal))
                if ["NothingExpired", "CreditStillHolds"].contains(&refusal.code()) => {}
            Err(error) => return Err(error.into()),
        }
    }
    books.catch_up(None)?;
    Ok(expired)
}

/// What is to be recognised through a day, by term.
fn due(books: &Books, through: Date) -> Vec<Due> {
    let terms = books.models().memberships.due(through);
    terms
        .map(|term| {
            let last = term.to.min(through);
            let mut months = Vec::new();
            let mut first = term.next_day().first_of_month();
            while first <= last {
                let next = first.first_of_next_month();
                months.push(next.plus_days(-1));
                // The last month there is has no next one.
                if next <= first {
                    break;
                }
                first = next;
            }
            Due { membership: term.membership, from: term.from, months }
        })
        .collect()
}

/// Books month by month; a booking that is there already is left alone. By stream, the revisions that were written.
fn carry_out(ledger: &mut Ledger, due: &[Due]) -> Result<BTreeMap<String, Vec<u64>>, Failure> {
    let (id, now) = (ledger.identity().ledger, ledger.clock().now());
    let mut intake = Intake::new(ledger);
    let mut written: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for Due { membership, from, months } in due {
        for month in months {
            let through = *month;
            let command = RecogniseRevenue { membership: *membership, through };
            let command = Command::Membership(MembershipCommand::Recognise(command));
            let key = format!("{membership} {from} {through}");
            let body = format!("recognise-revenue\n{key}");
            let request = Request::of(id, "tick", &key, body.as_bytes(), now);
            match intake.submit(&command, &request) {
                Ok(outcome) if outcome.replayed => {}
                Ok(outcome) => {
                    let revisions = written.entry(outcome.stream.to_string()).or_default();
                    revisions.push(outcome.first_revision);
                }
                // Somebody else has recognised or cancelled it since the books were read.
                Err(LedgerError::Refused(refusal))
                    if ["RecognisedAlready", "MembershipIsCancelled", "TermNotBegun"]
                        .contains(&refusal.code()) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    intake.drain()?;
    Ok(written)
}

fn said(global: &Global, of: &Answer<'_>) {
    let through = of.through;
    let what = if of.dry_run { "would be recognised; nothing was written" } else { "recognised" };
    let line = if of.bookings == 0 {
        format!("nothing to recognise through {through}")
    } else {
        let (terms, bookings) =
            (counted(of.terms, "term", "terms"), counted(of.bookings, "booking", "bookings"));
        format!("revenue of {terms} through {through} {what}, in {bookings}")
    };
    show::note(global, &line);
    for of in &of.renewed {
        let (membership, plan, from, to) = (of.membership, &of.plan, of.from, of.to);
        let price = format!("{} {}", of.gross, of.currency);
        show::note(global, &format!("renewed  {membership} {plan} {from} to {to}, {price}"));
    }
    for of in &of.not_renewed {
        show::note(global, &format!("not renewed  {}: {} ({})", of.membership, of.why, of.code));
    }
    if of.credit_expired > 0 {
        let wallets = counted(of.credit_expired, "wallet", "wallets");
        show::note(global, &format!("advertising credit expired in {wallets}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_ends_with_the_last_whole_month() {
        for (day, through) in [
            ("2026-03-31", "2026-03-31"),
            ("2026-03-30", "2026-02-28"),
            ("2028-02-28", "2028-01-31"),
            ("2028-02-29", "2028-02-29"),
        ] {
            assert_eq!(whole_months(day.parse().unwrap()).to_string(), through);
        }
    }
}
