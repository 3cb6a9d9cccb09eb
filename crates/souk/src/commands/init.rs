//! `souk init`: an empty ledger, after at most four questions, each also a flag.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::sync::Arc;

use souk_domain::business_time::Zone;
use souk_domain::ledger::commands::CreateLedger;
use souk_domain::ledger::decide::LedgerRefusal;
use souk_ledger::clock::Clock;
use souk_ledger::create::create;
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::{Ledger, Writers};
use souk_store::{EventStore, MemoryStore};

use crate::cli::{Global, Init};
use crate::fail::{Exit, Failure};
use crate::import::enrol::publish;
use crate::import::opening::Opening;
use crate::intake::Intake;
use crate::place::{Place, new_ledger_id, parse_tariff, read_tariff, rehearse};
use crate::show;

/// The first tariff and terms of a ledger that is told of no others.
const STANDARD: &str = include_str!("../../../../fixtures/tariffs/standard.toml");

/// Creates the ledger.
pub(crate) fn run(global: &Global, of: &Init) -> Result<(), Failure> {
    if of.opening_template {
        return show::text(global, souk_formats::opening_csv::TEMPLATE);
    }
    let place = Place::of(global)?;
    // Read before anything is asked or written.
    let opening = match (&of.opening, of.opening_date) {
        (Some(path), Some(as_of)) => {
            Some(Opening::read(path, as_of, &of.approved_by, of.two_approvals_above)?)
        }
        (Some(_) | None, _) => None,
    };
    let ask = |flag: &Option<String>, question: &str, default: &str| match flag {
        Some(answer) => Ok(answer.clone()),
        None => answer(global, question, default),
    };
    let platform = ask(&of.platform, "Name of the platform", "My marketplace")?;
    let currency = of.platform_currency.clone().or_else(|| global.currency.clone());
    let currency = ask(&currency, "Its currency (ISO 4217)", "CNY")?;
    let time_zone = ask(&of.time_zone, "Its time zone", "Asia/Shanghai")?;
    // Said of the answer, before it stands in terms that nobody wrote.
    Zone::named(&time_zone)
        .map_err(|unknown| LedgerError::from(LedgerRefusal::UnknownTimeZone(unknown)))?;
    let language = ask(&of.language, "Language of documents (en, zh)", "en")?;
    let (text, tariff) = match &of.tariff {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| Failure::io(path, &error))?;
            (text, read_tariff(path)?)
        }
        None => {
            let text =
                STANDARD.replace("Etc/UTC", &time_zone).replace("standard.toml", "terms.toml");
            let tariff = parse_tariff("terms.toml", &text)?;
            (text, tariff)
        }
    };
    let command = CreateLedger {
        ledger: new_ledger_id(),
        platform,
        currency,
        time_zone,
        language,
        demonstration: None,
    };
    rehearse(&command, &tariff)?;
    if let Some(opening) = &opening {
        let rehearsal: Arc<dyn EventStore> = Arc::new(MemoryStore::new());
        create(rehearsal.as_ref(), &command, Clock::System)?;
        opening.write(rehearsal, Writers::Sole)?;
    }
    let store = place.create_with(&command, Clock::System, &text, |store| match &opening {
        Some(opening) => opening.write(store, place.writers()),
        None => Ok(()),
    })?;
    let mut ledger = Ledger::open(store, Clock::System, place.writers())?;
    let mut intake = Intake::new(&mut ledger);
    publish(&mut intake, &tariff)?;
    intake.drain()?;
    // Another identity than was asked for is that of a creation that had been broken off.
    let id = ledger.identity().ledger.simple().to_string();
    let said = format!(
        "Ledger {} of {} {} in {}: {}, {}, tariff {} from {}.\n",
        id,
        command.platform,
        if id == command.ledger.as_str() { "created" } else { "continued and complete" },
        place.shown(),
        command.currency,
        command.time_zone,
        tariff.publish.tariff,
        tariff.publish.effective_on,
    );
    let said = said + &opening.as_ref().map_or_else(String::new, Opening::said);
    show::text(global, &said)?;
    let flag = place.flag();
    show::next(
        global,
        &format!(
            "souk import orders --template     then: souk import orders FILE.csv --map MAP.toml --check{flag}"
        ),
    );
    Ok(())
}

/// Asks at a terminal; elsewhere, and with --yes, the default holds.
fn answer(global: &Global, question: &str, default: &str) -> Result<String, Failure> {
    if global.yes || !io::stdin().is_terminal() {
        // Elsewhere than at a terminal nothing is asked, and what was not said is said.
        show::note(global, &format!("{question}: {default} (the default; there is a flag for it)"));
        return Ok(default.to_owned());
    }
    let _ = write!(io::stderr(), "{question} [{default}]: ");
    let _ = io::stderr().flush();
    let mut line = String::new();
    io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| Failure::new(Exit::Usage, "NoAnswer", error.to_string()))?;
    let line = line.trim();
    Ok(if line.is_empty() { default.to_owned() } else { line.to_owned() })
}
