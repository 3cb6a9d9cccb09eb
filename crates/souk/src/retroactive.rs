//! What was charged stays as it was charged: no version of a tariff begins before a charge that the ledger has.
//!
//! The charges of a tariff lie in the streams of orders, which a decision about a tariff does not see. So every way in
//! to a ledger that has orders asks here before it publishes: `souk tariff publish` and `souk apply`.

use souk_books::tariff::latest_charge::{LatestCharge, latest_charge};
use souk_domain::tariff::commands::PublishTariff;
use souk_ledger::command::Command;
use souk_ledger::ledger::Ledger;

use crate::fail::{Exit, Failure};
use crate::intake::Intake;

/// The code of the refusal; a version for days that are past has the same.
pub(crate) const CODE: &str = "TariffRetroactive";

/// The charge that a version would have to leave alone, if there is one. Everything in the ledger must be durable.
pub(crate) fn charged_already(
    ledger: &mut Ledger,
    of: &PublishTariff<'_>,
) -> Result<Option<LatestCharge>, Failure> {
    let versions = &ledger.tariff(of.tariff)?.versions;
    // A first version has no charges before it, and what does not follow the latest is refused or known already.
    if versions.last().is_none_or(|latest| of.effective_on <= latest.effective_on) {
        return Ok(None);
    }
    let latest = latest_charge(ledger.store().as_ref(), of.tariff, of.chosen_by)?;
    Ok(latest.filter(|charge| of.effective_on <= charge.date))
}

/// The same for a command on its way in: what was gathered before it is made durable first.
pub(crate) fn stands_against(
    intake: &mut Intake<'_>,
    command: &Command<'_>,
) -> Result<Option<String>, Failure> {
    let Command::Tariff(of) = command else { return Ok(None) };
    intake.drain()?;
    let charge = charged_already(intake.ledger(), of)?;
    Ok(charge.map(|charge| message(of, &charge)))
}

/// Refuses a version that would hold for something that was charged under an earlier one.
pub(crate) fn not_retroactive(ledger: &mut Ledger, of: &PublishTariff<'_>) -> Result<(), Failure> {
    match charged_already(ledger, of)? {
        Some(charge) => Err(Failure::new(Exit::Refused, CODE, message(of, &charge))
            .with(format!("  let it hold from {} on, or later", charge.date.plus_days(1)))),
        None => Ok(()),
    }
}

fn message(of: &PublishTariff<'_>, charge: &LatestCharge) -> String {
    format!(
        "in force from {}, but order {} of {} was charged under version {} (entry {}), and what was charged stays as it was charged",
        of.effective_on, charge.order, charge.date, charge.version, charge.entry
    )
}
