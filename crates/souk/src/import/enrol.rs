//! A tariff and the merchants on it.

use souk_domain::merchant::commands::EnrolMerchant;
use souk_domain::merchant::decide::MerchantCommand;
use souk_domain::merchant::events::MerchantKind;
use souk_formats::tariff_file::TariffFile;
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::MerchantId;
use souk_ledger::command::Command;
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::Ledger;
use souk_ledger::request::{Outcome, Request};
use uuid::Uuid;

use crate::intake::Intake;

/// Midnight UTC of a date: the time of facts that have a date alone.
pub(crate) fn midnight(date: Date) -> Micros {
    format!("{date}T00:00:00.000000Z").parse().unwrap_or_default()
}

/// Publishes the tariff of a file; the same file again adds nothing.
pub(crate) fn publish(intake: &mut Intake<'_>, file: &TariffFile) -> Result<(), LedgerError> {
    let ledger = intake.ledger().identity().ledger;
    let at = midnight(file.publish.announced_on);
    as_request(ledger, file, at, |command, request| intake.submit(command, request))?;
    Ok(())
}

/// The same, durable when this returns. What is announced in days to come is recorded as of now.
pub(crate) fn publish_now(ledger: &mut Ledger, file: &TariffFile) -> Result<Outcome, LedgerError> {
    let id = ledger.identity().ledger;
    let at = midnight(file.publish.announced_on).min(ledger.clock().now());
    as_request(id, file, at, |command, request| ledger.execute(command, request))
}

fn as_request(
    ledger: Uuid,
    file: &TariffFile,
    at: Micros,
    submit: impl FnOnce(&Command<'_>, &Request<'_>) -> Result<Outcome, LedgerError>,
) -> Result<Outcome, LedgerError> {
    let body = as_said(&file.publish);
    let key = format!("{}\n{}", file.publish.tariff, file.publish.effective_on);
    let request = Request::of(ledger, "tariff-file", &key, body.as_bytes(), at);
    submit(&Command::Tariff(file.publish.clone()), &request)
}

/// What a file says, for the digest of the request: its JSON, in which a field that is absent does not stand, so that a
/// later edition, which knows more fields, takes the same file for the same request.
fn as_said(of: &impl serde::Serialize) -> String {
    // Commands are plain data; none of them fails to be written.
    serde_json::to_string(of).unwrap_or_default()
}

/// Enrols a merchant on the terms of a tariff file.
pub(crate) fn enrol(
    intake: &mut Intake<'_>,
    merchant: MerchantId,
    file: &TariffFile,
) -> Result<(), LedgerError> {
    let ledger = intake.ledger().identity().ledger;
    let at = midnight(file.publish.effective_on);
    let enrol = EnrolMerchant { merchant, kind: MerchantKind::Seller };
    let command = Command::Merchant(MerchantCommand::Enrol(enrol));
    let request = Request::of(ledger, "enrol", merchant.as_str(), merchant.as_str().as_bytes(), at);
    intake.submit(&command, &request)?;
    let terms = file.terms_for(merchant);
    let body = as_said(&terms);
    let command = Command::Merchant(MerchantCommand::AgreeTerms(terms));
    let request = Request::of(ledger, "first-terms", merchant.as_str(), body.as_bytes(), at);
    intake.submit(&command, &request)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use souk_domain::tariff::commands::PublishTariff;

    use super::*;

    #[test]
    fn a_file_that_says_nothing_of_a_later_field_is_digested_without_it() {
        let old = r#"{"tariff":"std","announced_on":"2026-01-01","effective_on":"2026-02-01",
            "chosen_by":"completion-date","currency":null,"source":null,"fees":[]}"#;
        let read: PublishTariff<'_> = serde_json::from_str(old).unwrap();
        let compact: String = old.split_whitespace().collect();
        assert_eq!(as_said(&read), compact);
    }
}
