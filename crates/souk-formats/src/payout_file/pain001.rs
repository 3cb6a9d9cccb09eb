//! ISO 20022 pain.001.001.09: one payment information for the account, the currency and the day of the file.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use super::{Party, PayoutFile};

const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";

pub(super) fn render(of: &PayoutFile) -> Vec<u8> {
    let mut xml = Xml { text: String::new(), depth: 0 };
    xml.text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.open_with("Document", &format!(" xmlns=\"{NAMESPACE}\""));
    xml.open("CstmrCdtTrfInitn");
    xml.open("GrpHdr");
    xml.leaf("MsgId", &of.file);
    xml.leaf("CreDtTm", &of.issued_at);
    control(&mut xml, of);
    xml.open("InitgPty");
    xml.leaf("Nm", &of.from.holder);
    xml.close("InitgPty");
    xml.close("GrpHdr");
    xml.open("PmtInf");
    xml.leaf("PmtInfId", &of.file);
    xml.leaf("PmtMtd", "TRF");
    control(&mut xml, of);
    xml.open("ReqdExctnDt");
    xml.leaf("Dt", &of.execute_on);
    xml.close("ReqdExctnDt");
    xml.open("Dbtr");
    xml.leaf("Nm", &of.from.holder);
    xml.close("Dbtr");
    account(&mut xml, "DbtrAcct", &of.from, Some(&of.currency));
    agent(&mut xml, "DbtrAgt", &of.from);
    for transfer in &of.transfers {
        xml.open("CdtTrfTxInf");
        xml.open("PmtId");
        xml.leaf("InstrId", &transfer.payout);
        xml.leaf("EndToEndId", &transfer.payout);
        xml.close("PmtId");
        xml.open("Amt");
        let currency = format!(" Ccy=\"{}\"", escape(&of.currency));
        xml.leaf_with("InstdAmt", &currency, &transfer.amount);
        xml.close("Amt");
        // Without a code the bank finds the agent by the IBAN.
        if transfer.to.bank_code.is_some() {
            agent(&mut xml, "CdtrAgt", &transfer.to);
        }
        xml.open("Cdtr");
        xml.leaf("Nm", &transfer.to.holder);
        xml.close("Cdtr");
        account(&mut xml, "CdtrAcct", &transfer.to, None);
        xml.open("RmtInf");
        xml.leaf("Ustrd", &transfer.statement);
        xml.close("RmtInf");
        xml.close("CdtTrfTxInf");
    }
    xml.close("PmtInf");
    xml.close("CstmrCdtTrfInitn");
    xml.close("Document");
    xml.text.into_bytes()
}

fn control(xml: &mut Xml, of: &PayoutFile) {
    xml.leaf("NbOfTxs", &of.transfers.len().to_string());
    xml.leaf("CtrlSum", &of.total);
}

fn account(xml: &mut Xml, name: &str, of: &Party, currency: Option<&str>) {
    xml.open(name);
    xml.open("Id");
    match (&of.iban, &of.account) {
        (Some(iban), _) => xml.leaf("IBAN", iban),
        (None, account) => {
            xml.open("Othr");
            xml.leaf("Id", account.as_deref().unwrap_or_default());
            xml.close("Othr");
        }
    }
    xml.close("Id");
    if let Some(currency) = currency {
        xml.leaf("Ccy", currency);
    }
    xml.close(name);
}

fn agent(xml: &mut Xml, name: &str, of: &Party) {
    xml.open(name);
    xml.open("FinInstnId");
    match of.bank_code.as_deref() {
        Some(code) if is_bic(code) => xml.leaf("BICFI", code),
        Some(code) => {
            xml.open("ClrSysMmbId");
            // The 12 digits of the Chinese clearing system are known by their form.
            if code.len() == 12 && code.bytes().all(|of| of.is_ascii_digit()) {
                xml.open("ClrSysId");
                xml.leaf("Cd", "CNAPS");
                xml.close("ClrSysId");
            }
            xml.leaf("MmbId", code);
            xml.close("ClrSysMmbId");
        }
        None => {
            xml.open("Othr");
            xml.leaf("Id", "NOTPROVIDED");
            xml.close("Othr");
        }
    }
    xml.close("FinInstnId");
    xml.close(name);
}

/// Four letters or digits of the bank, two letters of the country, two of the place, and perhaps three of the branch.
fn is_bic(code: &str) -> bool {
    let bytes = code.as_bytes();
    matches!(bytes.len(), 8 | 11)
        && bytes.iter().all(|of| of.is_ascii_uppercase() || of.is_ascii_digit())
        && bytes[..6].iter().all(u8::is_ascii_uppercase)
}

struct Xml {
    text: String,
    depth: usize,
}

impl Xml {
    fn indent(&mut self) {
        self.text.extend(std::iter::repeat_n("  ", self.depth));
    }

    fn open(&mut self, name: &str) {
        self.open_with(name, "");
    }

    fn open_with(&mut self, name: &str, attributes: &str) {
        self.indent();
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "<{name}{attributes}>");
        self.depth += 1;
    }

    fn close(&mut self, name: &str) {
        self.depth -= 1;
        self.indent();
        let _ = writeln!(self.text, "</{name}>");
    }

    fn leaf(&mut self, name: &str, text: &str) {
        self.leaf_with(name, "", text);
    }

    fn leaf_with(&mut self, name: &str, attributes: &str, text: &str) {
        self.indent();
        let text = escape(text);
        let _ = writeln!(self.text, "<{name}{attributes}>{text}</{name}>");
    }
}
