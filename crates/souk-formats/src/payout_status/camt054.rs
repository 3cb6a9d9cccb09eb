//! camt.054: entries of an account. A debit is a payout that was paid, a credit one that came back.

use rust_decimal::Decimal;
use souk_journal::dates::Date;

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
        // One transaction of an entry may have its amount at the entry alone.
        let amount = details.child("Amt").or(details.at_path("AmtDtls/TxAmt/Amt"));
        let amount = match amount.map(|of| (of, of.text.trim().parse::<Decimal>())) {
            None => None,
            Some((of, Ok(value))) => Some((of.attribute("Ccy").map(str::to_owned), value)),
            Some((of, Err(_))) => {
                file.say(place(bytes, of.at), format!("{:?} is no amount", of.text.trim()));
                continue;
            }
        };
        let reason = details.text_at("RtrInf/Rsn/Cd").or(details.text_at("RtrInf/Rsn/Prtry"));
        let reference = details.text_at("Refs/AcctSvcrRef").or(entry.text_at("AcctSvcrRef"));
        let on = entry.text_at("BookgDt/Dt").or(entry.text_at("BookgDt/DtTm"));
        let (line, column) = place(bytes, details.at);
        file.statuses.push(Status {
            line,
            column,
            about: About::Payout(id.to_owned()),
            reported,
            reason: reason.map(str::to_owned),
            reference: reference.map(str::to_owned),
            amount,
            on: on.and_then(|text| text.get(..10)).and_then(|day| day.parse::<Date>().ok()),
        });
    }
}
