//! `souk payouts status`: what the bank says of payouts. The whole file is judged first: a status that the ledger knows is
//! left alone, one that contradicts what it knows is a bad row, and with any bad row nothing is written. What contradicts
//! says the domain (`souk_domain::payout::verdict`).

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde::Serialize;
use souk_books::payouts::PayoutRow;
use souk_domain::payout::commands::{
    AcceptPayout, ConfirmPayout, FailPayout, OfCycle, PayoutCommand, ReturnPayout,
};
use souk_domain::payout::verdict::{Known, Payment, verdict};
use souk_formats::BadRow;
use souk_formats::payout_status::reasons::in_words;
use souk_formats::payout_status::{About, Reported, Status, StatusFile};
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{CycleId, Id};
use souk_ledger::command::Command;
use souk_ledger::request::Request;

use super::desk::Desk;
use crate::cli::{Format, Global};
use crate::fail::{Exit, Failure, all_bad_rows};
use crate::intake::Intake;
use crate::place::Place;
use crate::show::{self, Rows};

/// The answer in JSON.
#[derive(Debug, Serialize)]
struct Answer {
    form: &'static str,
    statuses: usize,
    recorded: usize,
    known: usize,
    rows: Vec<Done>,
}

/// What became of one payout.
#[derive(Debug, Serialize)]
struct Done {
    payout: String,
    merchant: String,
    cycle: String,
    amount: String,
    status: &'static str,
    reason: Option<String>,
    known: bool,
}

/// A payout and a status of it that is to be recorded.
struct New {
    row: PayoutRow,
    reported: Reported,
    reason: Option<String>,
    reference: Option<Id>,
    on: Option<Date>,
}

/// `souk payouts status`
pub(super) fn run(global: &Global, path: &Path) -> Result<(), Failure> {
    let file = StatusFile::open(path)
        .map_err(|error| Failure::new(Exit::BadInput, "BadStatusFile", error.to_string()))?;
    let mut desk = Desk::without_vault(Place::of(global)?)?;
    let now = desk.ledger.clock().now();
    let today = desk.ledger.identity().zone.date(now);
    let mut judge =
        Judge { desk: &desk, file: &file, today, stands: BTreeMap::new(), bad: file.bad.clone() };
    let (mut new, mut done) = (Vec::new(), Vec::new());
    for status in &file.statuses {
        for row in judge.about(status) {
            judge.one(status, row, &mut new, &mut done);
        }
    }
    let mut bad = judge.bad;
    bad.sort();
    bad.dedup();
    if !bad.is_empty() {
        let of = file.statuses.len() + file.bad.len();
        return Err(all_bad_rows(&bad, of as u64));
    }
    record(&mut desk, &new, now)?;
    desk.catch_up()?;
    let known = done.iter().filter(|of| of.known).count();
    let (recorded, statuses) = (new.len(), file.statuses.len());
    if global.format() == Format::Json {
        return show::json(
            global,
            &Answer { form: file.form, statuses, recorded, known, rows: done },
        );
    }
    let cells = done.iter().map(|of| {
        vec![
            of.merchant.clone(),
            of.cycle.clone(),
            of.amount.clone(),
            show::word(global, of.status).to_owned(),
            of.reason.clone().unwrap_or_default(),
            show::word(global, if of.known { "known already" } else { "recorded" }).to_owned(),
            of.payout.clone(),
        ]
    });
    let rows = Rows {
        columns: vec!["merchant", "cycle", "amount", "status", "reason", "result", "payout"],
        numeric: vec!["amount"],
        rows: cells.collect(),
    };
    show::rows(global, &rows)?;
    show::note(global, &format!("{}: {recorded} recorded, {known} known already", file.form));
    show::next(global, &format!("souk payouts{}", desk.place.flag()));
    Ok(())
}

fn word(reported: &Reported) -> &'static str {
    match reported {
        Reported::Accepted(_) => "accepted",
        Reported::Paid => "paid",
        Reported::Failed => "failed",
        Reported::Returned => "returned",
    }
}

/// Statuses against what is known, in the order of the file.
struct Judge<'a> {
    desk: &'a Desk,
    file: &'a StatusFile,
    today: Date,
    /// What is recorded of payouts once the statuses so far are.
    stands: BTreeMap<String, Known>,
    bad: Vec<BadRow>,
}

impl Judge<'_> {
    fn say(&mut self, status: &Status, what: String) {
        self.bad.push(BadRow {
            file: Arc::clone(&self.file.name),
            line: status.line,
            column: status.column,
            column_name: None,
            what,
        });
    }

    /// The payouts a status is about.
    fn about(&mut self, status: &Status) -> Vec<PayoutRow> {
        match &status.about {
            About::Payout(id) => match self.desk.books.payout(id, self.today) {
                Some(row) => vec![row],
                None => {
                    self.say(status, format!("there is no payout {id:?} that was instructed"));
                    Vec::new()
                }
            },
            About::File(id) => {
                let payouts = &self.desk.books.models().payouts;
                let known = Id::new(id).ok().and_then(|id| payouts.file(id));
                let Some(known) = known else {
                    self.say(status, format!("there is no file {id:?}"));
                    return Vec::new();
                };
                let ids = payouts.of_file(known.file).map(|(id, _)| id.to_owned());
                ids.filter_map(|id| self.desk.books.payout(&id, self.today)).collect()
            }
        }
    }

    /// What the ledger has of a payout; days are the platform's, as those of the bank are.
    fn recorded(&self, row: &PayoutRow) -> Known {
        let zone = &self.desk.ledger.identity().zone;
        let day = |at: i64| zone.date(Micros(at));
        let of = self.desk.books.models().payouts.get(&row.payout);
        let paid = of.and_then(|of| of.paid_at);
        Known {
            stands: row.standing.of_stream(),
            on: of.map_or(row.since, |of| day(of.since_at)),
            paid: paid.map(|at| Payment { on: day(at), reference: row.bank_reference }),
        }
    }

    fn one(&mut self, status: &Status, row: PayoutRow, new: &mut Vec<New>, done: &mut Vec<Done>) {
        let whose = format!("the payout of {} for {}", row.merchant, row.cycle);
        if let Some(code) = status.currency.as_deref().filter(|of| *of != row.currency.code()) {
            return self.say(status, format!("{whose} is in {}, not {code}", row.currency));
        }
        if let Some((currency, amount)) = &status.amount {
            let ours = row.amount.to_string().parse::<Decimal>();
            let other = currency.as_ref().is_some_and(|of| of != row.currency.code());
            if other || ours != Ok(*amount) {
                let said = currency.as_deref().unwrap_or_default();
                let what =
                    format!("{whose} is {} {}, not {amount} {said}", row.amount, row.currency);
                return self.say(status, what.trim_end().to_owned());
            }
        }
        let known_now = || self.recorded(&row);
        let before = self.stands.get(&row.payout).copied().unwrap_or_else(known_now);
        let told = match status.told() {
            Ok(told) => told,
            Err(why) => return self.say(status, format!("the reference for {whose}: {why}")),
        };
        let (next, known) = match verdict(&before, &told, self.today) {
            Err(why) => return self.say(status, format!("{whose} {why}")),
            Ok(None) => (before, true),
            Ok(Some(next)) => (next, false),
        };
        let instructed = self.desk.books.models().payouts.get(&row.payout);
        let instructed = instructed.and_then(|of| of.instructed_on);
        if let (Some(on), Some(instructed), false) = (status.on, instructed, known)
            && (on < instructed || on > self.today)
        {
            let what = format!(
                "{on} is not between {instructed}, when {whose} was instructed, and today, {}",
                self.today
            );
            return self.say(status, what);
        }
        self.stands.insert(row.payout.clone(), next);
        let undone = matches!(status.reported, Reported::Failed | Reported::Returned);
        let reason = undone.then(|| in_words(status.reason.as_deref()));
        done.push(Done {
            payout: row.payout.clone(),
            merchant: row.merchant.to_string(),
            cycle: row.cycle.clone(),
            amount: row.amount.to_string(),
            status: word(&status.reported),
            reason: reason.clone(),
            known,
        });
        if !known {
            let (reported, on) = (status.reported.clone(), status.on);
            new.push(New { row, reported, reason, reference: told.reference, on });
        }
    }
}

fn record(desk: &mut Desk, new: &[New], now: Micros) -> Result<(), Failure> {
    let ledger = desk.ledger.identity().ledger;
    let zone = desk.ledger.identity().zone.clone();
    let mut intake = Intake::new(&mut desk.ledger);
    for of in new {
        let cycle = CycleId::new(&of.row.cycle)
            .map_err(|error| Failure::new(Exit::Bug, "Bug", error.to_string()))?;
        let (merchant, currency) = (of.row.merchant, of.row.currency.code().into());
        let payout = OfCycle { merchant, currency, cycle };
        let reason = of.reason.clone().unwrap_or_default();
        let command = match &of.reported {
            Reported::Accepted(status) => {
                let status = Id::new(status)
                    .map_err(|error| Failure::new(Exit::Bug, "Bug", error.to_string()))?;
                PayoutCommand::Accept(AcceptPayout { of: payout, status })
            }
            Reported::Paid => {
                let bank_reference = of.reference;
                PayoutCommand::Confirm(ConfirmPayout { of: payout, bank_reference })
            }
            Reported::Failed => {
                PayoutCommand::Fail(FailPayout { of: payout, reason: reason.into() })
            }
            Reported::Returned => {
                PayoutCommand::Return(ReturnPayout { of: payout, reason: reason.into() })
            }
        };
        // Noon of the day the bank says, where it says one: no zone makes another day of it.
        let noon = |on| Micros(zone.start_of(on).0 + 12 * 3_600_000_000);
        let at = of.on.map_or(now, |on| Micros(noon(on).0.min(now.0)));
        // A payout that is recalled goes out again with another file, whose statuses are others.
        let file = of.row.file.map(|of| of.to_string()).unwrap_or_default();
        let key = format!("{}\n{file}\n{}", of.row.payout, word(&of.reported));
        let request = Request::of(ledger, "payout-status", &key, key.as_bytes(), at);
        intake.submit(&Command::Payout(command), &request)?;
    }
    Ok(intake.drain()?)
}
