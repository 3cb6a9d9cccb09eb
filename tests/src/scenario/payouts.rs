//! Commands about payees, payouts and their files; and how payouts stand.

use std::sync::Arc;

use serde_json::json;
use souk_books::Books;
use souk_books::payouts::Wanted;
use souk_domain::event_id::sha256;
use souk_domain::payout::commands::{InstructPayout, OfCycle, PayoutCommand, RecallPayout};
use souk_domain::payoutfile::commands::{IssuePayoutFile, PayoutFileCommand, WithdrawPayoutFile};
use souk_domain::payoutfile::events::Format;
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{CycleId, Id};
use souk_journal::money::{Amount, Currency};
use souk_journal::statement_lines::hex;
use souk_ledger::command::Command;
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::Ledger;
use souk_ledger::request::Request;
use souk_store::EventStore;

use super::merchants::Named;
use super::words::{Words, whole};
use crate::market::LEDGER;

/// The commands read here.
pub(super) const NAMES: [&str; 8] = [
    "payout-terms",
    "payee",
    "approve-payee",
    "withdraw-payee",
    "approve-payout",
    "hold-payout",
    "release-payout",
    "accepted",
];

/// `payee M1 A1 by=Li`, `hold-payout M1 2026-W10 by=Li`, `payout-terms M1 cooling=3 above=500.00`.
pub(super) fn command(name: &str, words: &mut Words<'_>) -> Result<Vec<Named>, String> {
    let merchant = words.next("the merchant")?;
    if name == "payout-terms" {
        let mut data =
            json!({ "merchant": merchant, "effective_on": "2026-01-01", "cooling_days": 3 });
        while let Some((key, value)) = words.pair()? {
            match key {
                "cooling" => data["cooling_days"] = json!(whole(value)?),
                "above" => {
                    data["approval_above"] = json!([{ "currency": "CNY", "amount": value }]);
                }
                "from" => data["effective_on"] = json!(value),
                key => return Err(format!("{name} knows no {key:?}")),
            }
        }
        return Ok(vec![("agree-payout-terms", data)]);
    }
    let which = words.next("the payee or the cycle")?;
    let mut data = if name.ends_with("payee") {
        json!({ "merchant": merchant, "currency": "CNY", "payee": which })
    } else {
        json!({ "of": { "merchant": merchant, "currency": "CNY", "cycle": which } })
    };
    while let Some((key, value)) = words.pair()? {
        match key {
            "by" => data["by"] = json!(value),
            "means" if name == "payee" => data["means"] = json!(value),
            key => return Err(format!("{name} knows no {key:?}")),
        }
    }
    let named = match name {
        "payee" => {
            // What a scenario has instead of a vault: the commitment of a name.
            data["commitment"] = json!(hex(&sha256(which.as_bytes())));
            data["tail"] = json!("6621");
            if data.get("means").is_none() {
                data["means"] = json!("bank");
            }
            "propose-payee"
        }
        "approve-payee" => "approve-payee",
        "withdraw-payee" => {
            data["reason"] = json!("the account is closed");
            "withdraw-payee"
        }
        "approve-payout" => "approve-payout",
        "hold-payout" => {
            data["reason"] = json!("counterfeits are being checked");
            "hold-payout"
        }
        "release-payout" => {
            data["reason"] = json!("checked");
            "release-payout"
        }
        _ => {
            data["status"] = json!("ACSP");
            "accept-payout"
        }
    };
    Ok(vec![(named, data)])
}

fn books(store: Arc<dyn EventStore>) -> Result<Books, LedgerError> {
    let read = |error: souk_books::BooksError| LedgerError::ReadSide(error.to_string());
    let mut books = Books::open(store, None, LEDGER).map_err(read)?;
    books.catch_up(None).map_err(read)?;
    Ok(books)
}

fn id(text: &str) -> Result<Id, LedgerError> {
    Id::new(text).map_err(|error| LedgerError::ReadSide(error.to_string()))
}

/// Issues a file of every payout in yuan that may go out: the event first, then its payouts. Without a vault, the digest is
/// over what the file names.
pub(super) fn issue(
    ledger: &mut Ledger,
    account: &str,
    by: &str,
    at: Micros,
) -> Result<bool, LedgerError> {
    let account = id(account)?;
    let books = books(Arc::clone(ledger.store()))?;
    let currency =
        Currency::from_code("CNY").map_err(|error| LedgerError::ReadSide(error.to_string()))?;
    let platform = ledger.identity().zone.date(at);
    let wanted = Wanted { format: Format::Pain001, currency, at, platform, by };
    let selection = books.payout_selection(&wanted);
    let total = selection.total(currency).minor;
    let file = id(&ledger.payout_files(account)?.next(account))?;
    let names: Vec<String> = selection
        .chosen
        .iter()
        .map(|of| format!("{} {} {}", of.row.statement, of.row.amount, of.payee))
        .collect();
    let issue = IssuePayoutFile {
        account,
        file,
        format: Format::Pain001,
        currency,
        execute_on: platform.plus_days(1),
        through_entry: books.entry(),
        count: selection.chosen.len() as u64,
        total: Amount::from_minor(i64::try_from(total).unwrap_or(i64::MAX), currency),
        digest: hex(&sha256(names.join("\n").as_bytes())).into(),
        commitment: hex(&sha256(account.as_str().as_bytes())).into(),
        by: by.into(),
    };
    let identity = ledger.identity().ledger;
    let request = Request::of(identity, "payout-file", file.as_str(), b"", at);
    let command = Command::PayoutFile(PayoutFileCommand::Issue(Box::new(issue)));
    ledger.execute(&command, &request)?;
    for of in selection.chosen {
        let cycle = CycleId(id(&of.row.cycle)?);
        let instruct = InstructPayout {
            of: OfCycle { merchant: of.row.merchant, currency: "CNY".into(), cycle },
            payee: Some(of.payee),
            file: Some(file),
            by: Some(by.into()),
        };
        let key = format!("{file}\n{}", of.row.payout);
        let request = Request::of(identity, "payout-of-file", &key, key.as_bytes(), at);
        ledger.execute(&Command::Payout(PayoutCommand::Instruct(instruct)), &request)?;
    }
    Ok(false)
}

/// Withdraws a file and recalls what it had instructed.
pub(super) fn withdraw(
    ledger: &mut Ledger,
    account: &str,
    file: &str,
    by: &str,
    at: Micros,
) -> Result<bool, LedgerError> {
    let (account, file) = (id(account)?, id(file)?);
    let books = books(Arc::clone(ledger.store()))?;
    let identity = ledger.identity().ledger;
    let (by_whom, reason) = (by.into(), "the day is wrong".into());
    let of = WithdrawPayoutFile { account, file, by: by_whom, reason };
    let key = format!("withdraw\n{file}");
    let request = Request::of(identity, "payout-file", &key, b"", at);
    ledger.execute(&Command::PayoutFile(PayoutFileCommand::Withdraw(of)), &request)?;
    for (payout, known) in books.models().payouts.of_file(file) {
        let (merchant, cycle) = (known.merchant, known.cycle);
        let of = OfCycle { merchant, currency: known.currency.code().into(), cycle };
        let recall = RecallPayout { of, by: by.into(), reason: "the day is wrong".into() };
        let key = format!("recall\n{file}\n{payout}");
        let request = Request::of(identity, "payout-of-file", &key, b"", at);
        ledger.execute(&Command::Payout(PayoutCommand::Recall(recall)), &request)?;
    }
    Ok(false)
}

/// Every payout, and whether all of them are what the accounts say.
pub(super) fn shown(store: Arc<dyn EventStore>, today: Date) -> Result<Vec<String>, String> {
    let books = books(store).map_err(|error| error.to_string())?;
    let report = books.payouts(today, true, None).map_err(|error| error.to_string())?;
    let mut lines: Vec<String> = report
        .rows
        .iter()
        .map(|row| {
            let age = row.age_days.map(|days| format!("  {days} days")).unwrap_or_default();
            let file = row.file.map(|file| format!("  {file}")).unwrap_or_default();
            let reason = row.reason.as_ref().map(|why| format!("  {why}")).unwrap_or_default();
            let (merchant, cycle) = (row.merchant, &row.cycle);
            let (amount, standing) = (row.amount.to_string(), row.standing.name());
            format!("{merchant} {cycle} {amount:>10}  {standing}{age}{file}{reason}")
        })
        .collect();
    for of in &report.accounts {
        let sign = if of.holds { "=" } else { "≠" };
        lines.push(format!("{} {} {} {sign} {}", of.account, of.balance, of.currency, of.payouts));
    }
    Ok(lines)
}
