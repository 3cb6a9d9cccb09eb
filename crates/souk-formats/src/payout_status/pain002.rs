//! pain.002: the status of a payment initiation: of the whole file, of a payment information, or of each transaction.

use rust_decimal::Decimal;
use souk_journal::dates::Date;

use super::tree::{Node, place};
use super::{About, Reported, Status, StatusFile};

pub(super) fn read(report: &Node, bytes: &[u8], file: &mut StatusFile) {
    let group = report.child("OrgnlGrpInfAndSts");
    let message = group.and_then(|of| of.text_at("OrgnlMsgId"));
    let mut transactions = 0;
    for information in report.all("OrgnlPmtInfAndSts") {
        let mut own = 0;
        for transaction in information.all("TxInfAndSts") {
            own += 1;
            one(transaction, bytes, file);
        }
        transactions += own;
        // Of a payment information without transactions it speaks as a whole; ours are the file.
        if own == 0 && information.child("PmtInfSts").is_some() {
            transactions += 1;
            let id = information.text_at("OrgnlPmtInfId").or(message);
            whole(information, "PmtInfSts", id, bytes, file);
        }
    }
    // Beside single transactions the group's status is their summary.
    if transactions == 0 {
        match group.filter(|of| of.child("GrpSts").is_some()) {
            Some(group) => whole(group, "GrpSts", message, bytes, file),
            None => {
                let at = place(bytes, report.at);
                file.say(at, "the report has no status of a file or of a transaction".to_owned());
            }
        }
    }
}

fn whole(node: &Node, status: &str, id: Option<&str>, bytes: &[u8], file: &mut StatusFile) {
    let Some(id) = id else {
        file.say(place(bytes, node.at), "the original message id is missing".to_owned());
        return;
    };
    push(node, status, About::File(id.to_owned()), bytes, file);
}

fn one(node: &Node, bytes: &[u8], file: &mut StatusFile) {
    let Some(id) = node.text_at("OrgnlEndToEndId") else {
        file.say(place(bytes, node.at), "OrgnlEndToEndId is missing".to_owned());
        return;
    };
    push(node, "TxSts", About::Payout(id.to_owned()), bytes, file);
}

fn push(node: &Node, status: &str, about: About, bytes: &[u8], file: &mut StatusFile) {
    let Some(found) = node.child(status) else {
        file.say(place(bytes, node.at), format!("{status} is missing"));
        return;
    };
    let (line, column) = place(bytes, found.at);
    let code = found.text.trim();
    let reported = match code {
        "RCVD" | "ACTC" | "ACCP" | "ACSP" | "ACWC" | "ACFC" | "ACWP" | "PDNG" | "PATC" => {
            Reported::Accepted(code.to_owned())
        }
        "ACSC" | "ACCC" => Reported::Paid,
        "RJCT" | "CANC" => Reported::Failed,
        "PART" => {
            let what = "PART says that some were refused, and not which";
            return file.say((line, column), what.to_owned());
        }
        _ => return file.say((line, column), format!("{code:?} is no status of a payment")),
    };
    let reason = node.text_at("StsRsnInf/Rsn/Cd").or(node.text_at("StsRsnInf/Rsn/Prtry"));
    let amount = node.at_path("OrgnlTxRef/Amt/InstdAmt");
    let amount = match amount {
        None => None,
        Some(of) => match of.text.trim().parse::<Decimal>() {
            Ok(value) => Some((of.attribute("Ccy").map(str::to_owned), value)),
            Err(_) => {
                let at = place(bytes, of.at);
                return file.say(at, format!("{:?} is no amount", of.text.trim()));
            }
        },
    };
    let on = node.text_at("AccptncDtTm").or(node.text_at("FctvIntrBkSttlmDt/Dt"));
    file.statuses.push(Status {
        line,
        column,
        about,
        reported,
        reason: reason.map(str::to_owned),
        reference: node.text_at("AcctSvcrRef").map(str::to_owned),
        amount,
        on: on.and_then(|text| text.get(..10)).and_then(|day| day.parse::<Date>().ok()),
    });
}
