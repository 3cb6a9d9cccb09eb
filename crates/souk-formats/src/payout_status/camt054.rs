//! camt.054: entries of an account. A debit is a payout that was paid, a credit one that came back.

use rust_decimal::Decimal;

use super::cells;
use super::tree::{Node, place};
use super::{About, Reported, Status, StatusFile};

pub(super) fn read(report: &Node, bytes: &[u8], file: &mut StatusFile) {
    for notification in report.all("Ntfctn") {
        for entry in notification.all("Ntry") {
            of_entry(entry, bytes, file);
        }
    }
    if file.statuses.is_empty() && file.bad.is_empty() {
        let at = place(bytes, report.at);
        file.say(at, "the notification has no entry of a payout".to_owned());
    }
}

fn of_entry(entry: &Node, bytes: &[u8], file: &mut StatusFile) {
    // Version 2 has the status as text, later ones within Cd.
    let booked = entry.text_at("Sts/Cd").or(entry.text_at("Sts")).unwrap_or("BOOK");
    let details: Vec<&Node> = entry.all("NtryDtls").flat_map(|of| of.all("TxDtls")).collect();
    if details.is_empty() {
        let what = "an entry without transaction details: which payouts it is of is not said";
        return file.say(place(bytes, entry.at), what.to_owned());
    }
    let only = details.len() == 1;
    for details in details {
        let side = details.child("CdtDbtInd").or(entry.child("CdtDbtInd"));
        let Some(side) = side else {
            file.say(place(bytes, entry.at), "CdtDbtInd is missing".to_owned());
            continue;
        };
        let Some(id) = details.text_at("Refs/EndToEndId") else {
            file.say(place(bytes, details.at), "Refs/EndToEndId is missing".to_owned());
            continue;
        };
        let reported = match (side.text.trim(), booked) {
            ("DBIT", "BOOK") => Reported::Paid,
            ("CRDT", "BOOK") => Reported::Returned,
            ("DBIT", "PDNG" | "FUTR") => Reported::Accepted(booked.to_owned()),
            // What is only expected is booked later.
            ("CRDT", "PDNG" | "FUTR") | (_, "INFO") => continue,
            (other @ ("DBIT" | "CRDT"), _) => {
                let what = format!("{booked:?} is no status of an entry ({other})");
                file.say(place(bytes, entry.at), what);
                continue;
            }
            (other, _) => {
                file.say(place(bytes, side.at), format!("{other:?} is neither DBIT nor CRDT"));
                continue;
            }
        };
        let amount = match amount_of(details, only.then_some(entry)) {
            Ok(amount) => amount.map(|(code, value)| (Some(code), value)),
            Err((at, what)) => {
                file.say(place(bytes, at), what);
                continue;
            }
        };
        let reason = details.text_at("RtrInf/Rsn/Cd").or(details.text_at("RtrInf/Rsn/Prtry"));
        let reference = details.text_at("Refs/AcctSvcrRef").or(entry.text_at("AcctSvcrRef"));
        let reference = match reference.map(cells::reference).transpose() {
            Ok(reference) => reference,
            Err(what) => {
                file.say(place(bytes, details.at), what);
                continue;
            }
        };
        let on = entry.at_path("BookgDt/Dt").or(entry.at_path("BookgDt/DtTm"));
        let on = match on.map(|of| cells::day(of.text.trim()).map_err(|what| (of.at, what))) {
            None => None,
            Some(Ok(on)) => Some(on),
            Some(Err((at, what))) => {
                file.say(place(bytes, at), what);
                continue;
            }
        };
        let (line, column) = place(bytes, details.at);
        file.statuses.push(Status {
            line,
            column,
            about: About::Payout(id.to_owned()),
            reported,
            reason: reason.map(str::to_owned),
            reference,
            amount,
            currency: None,
            on,
        });
    }
}

/// An amount with its currency.
type Money = (String, Decimal);
/// What is wrong, and at which byte.
type Fault = (usize, String);

/// The amount of a transaction. It may stand in three places, and in none of them when it is the only one of its entry;
/// places that say different amounts contradict each other.
fn amount_of(details: &Node, entry: Option<&Node>) -> Result<Option<Money>, Fault> {
    let mut found: Option<(&str, Money)> = None;
    for path in ["Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"] {
        let Some(node) = details.at_path(path) else { continue };
        let here = cells::amount(node).map_err(|what| (node.at, what))?;
        match &found {
            Some((first, there)) if *there != here => {
                let ((code, value), (other, amount)) = (&here, there);
                let what = format!("{path} says {value} {code}, and {first} {amount} {other}");
                return Err((node.at, what));
            }
            Some(_) => {}
            None => found = Some((path, here)),
        }
    }
    if found.is_none()
        && let Some(node) = entry.and_then(|of| of.child("Amt"))
    {
        found = Some(("Amt", cells::amount(node).map_err(|what| (node.at, what))?));
    }
    Ok(found.map(|(_, money)| money))
}
