//! `souk import rates`: rates of exchange from a CSV file. Nothing is written while any row is bad; a rate that the ledger
//! has already is left alone, another one for the same day is a bad row, since only a correction changes a rate.

use souk_domain::fxrate::commands::FxRateCommand;
use souk_formats::rates_csv::RatesFile;
use souk_ledger::command::Command;
use souk_ledger::request::Request;

use crate::cli::{Global, ImportRates};
use crate::fail::{Exit, Failure, bad_rows};
use crate::intake::Intake;
use crate::place::Place;
use crate::show;

/// `souk import rates`
pub(crate) fn run(global: &Global, of: &ImportRates) -> Result<(), Failure> {
    let file = RatesFile::open(&of.file)
        .map_err(|error| Failure::new(Exit::BadInput, "BadRatesFile", error.to_string()))?;
    let place = Place::of(global)?;
    let mut ledger = place.ledger()?;
    let mut bad = file.bad.clone();
    let mut new = Vec::with_capacity(file.rates.len());
    for (line, rate) in &file.rates {
        let known = ledger.rates(rate.pair, rate.on.parts().0)?.rates.get(&rate.on).copied();
        match known {
            None => new.push(rate),
            Some((known, _)) if known == rate.rate => {}
            Some((known, _)) => {
                let what =
                    format!("the ledger has {known} of that day; correct it with correct-rate");
                bad.push(file.bad_row(*line, 2, what));
            }
        }
    }
    bad.sort();
    if !bad.is_empty() {
        let mut lines: Vec<u64> = bad.iter().map(|row| row.line).collect();
        lines.dedup();
        return Err(bad_rows(&bad, lines.len() as u64, file.rows));
    }
    let (id, at) = (ledger.identity().ledger, ledger.clock().now());
    let mut intake = Intake::new(&mut ledger);
    for rate in &new {
        let key = format!("{}@{}", rate.pair, rate.on);
        let body = format!("{key} {} {}", rate.rate, rate.source);
        let request = Request::of(id, "rates", &key, body.as_bytes(), at);
        intake.submit(&Command::FxRate(FxRateCommand::Record((*rate).clone())), &request)?;
    }
    intake.drain()?;
    let known = file.rates.len() - new.len();
    show::note(global, &format!("{} rates recorded, {known} known already", new.len()));
    Ok(())
}
