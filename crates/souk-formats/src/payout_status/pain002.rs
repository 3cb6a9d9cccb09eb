//! pain.002: the status of a payment initiation: of the whole file, of a payment information, or of each transaction.

use super::cells;
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
    let amount = match amount.map(|of| cells::amount(of).map_err(|what| (of.at, what))) {
        None => None,
        Some(Ok((code, value))) => Some((Some(code), value)),
        Some(Err((at, what))) => return file.say(place(bytes, at), what),
    };
    // When it was taken in is not when it was paid.
    let (taken_in, settled) = (node.text_at("AccptncDtTm"), node.text_at("FctvIntrBkSttlmDt/Dt"));
    let on = match reported {
        Reported::Paid => settled.or(taken_in),
        Reported::Accepted(_) | Reported::Failed | Reported::Returned => taken_in.or(settled),
    };
    let on = match on.map(cells::day).transpose() {
        Ok(on) => on,
        Err(what) => return file.say(place(bytes, node.at), what),
    };
    let reference = match node.text_at("AcctSvcrRef").map(cells::reference).transpose() {
        Ok(reference) => reference,
        Err(what) => return file.say(place(bytes, node.at), what),
    };
    file.statuses.push(Status {
        line,
        column,
        about,
        reported,
        reason: reason.map(str::to_owned),
        reference,
        amount,
        currency: None,
        on,
    });
}
