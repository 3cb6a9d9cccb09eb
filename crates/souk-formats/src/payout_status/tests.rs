//! What banks answer, and what is wrong with answers.

use super::*;

const PAYOUT: &str = "5f0c2f7de1b34a5c9d8e7f6a5b4c3d2e";

fn read(name: &str, text: &str) -> StatusFile {
    StatusFile::read(Path::new(name), text.as_bytes()).unwrap()
}

fn refused(text: &str) -> String {
    StatusFile::read(Path::new("a.xml"), text.as_bytes()).unwrap_err().to_string()
}

fn pain(inner: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\">\n<CstmrPmtStsRpt>\n\
         <GrpHdr><MsgId>X</MsgId></GrpHdr>\n{inner}\n</CstmrPmtStsRpt>\n</Document>\n"
    )
}

const GROUP: &str = "<OrgnlGrpInfAndSts><OrgnlMsgId>main-00001</OrgnlMsgId></OrgnlGrpInfAndSts>";

fn transaction(status: &str, more: &str) -> String {
    pain(&format!(
        "{GROUP}<OrgnlPmtInfAndSts><OrgnlPmtInfId>main-00001</OrgnlPmtInfId>\n<TxInfAndSts><OrgnlEndToEndId>{PAYOUT}\
         </OrgnlEndToEndId><TxSts>{status}</TxSts>{more}</TxInfAndSts></OrgnlPmtInfAndSts>"
    ))
}

#[test]
fn a_transaction_is_accepted_paid_or_refused_with_its_reason() {
    let accepted = read("a.xml", &transaction("ACSP", ""));
    assert_eq!((accepted.form, accepted.bad.len()), ("pain.002", 0));
    assert_eq!(accepted.statuses[0].reported, Reported::Accepted("ACSP".to_owned()));
    assert_eq!(accepted.statuses[0].about, About::Payout(PAYOUT.to_owned()));
    let paid = read("a.xml", &transaction("ACSC", "<AcctSvcrRef>BK-1</AcctSvcrRef>"));
    assert_eq!(paid.statuses[0].reported, Reported::Paid);
    assert_eq!(paid.statuses[0].reference.as_deref(), Some("BK-1"));
    let why = "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>";
    let refused = read("a.xml", &transaction("RJCT", why));
    assert_eq!(refused.statuses[0].reported, Reported::Failed);
    assert_eq!(refused.statuses[0].reason.as_deref(), Some("AC04"));
}

#[test]
fn a_status_of_the_whole_file_is_of_every_payout_in_it() {
    let group = "<OrgnlGrpInfAndSts><OrgnlMsgId>main-00001</OrgnlMsgId><GrpSts>RJCT</GrpSts></OrgnlGrpInfAndSts>";
    let file = read("a.xml", &pain(group));
    assert_eq!(file.statuses[0].about, About::File("main-00001".to_owned()));
    assert_eq!((file.statuses[0].line, file.statuses[0].column), (5, 55));
}

#[test]
fn what_cannot_be_understood_is_said_with_line_and_column() {
    let bad = read("a.xml", &transaction("WHAT", ""));
    assert_eq!(bad.bad[0].to_string(), "a.xml:6:81  \"WHAT\" is no status of a payment");
    let part =
        "<OrgnlGrpInfAndSts><OrgnlMsgId>M</OrgnlMsgId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>";
    assert!(read("a.xml", &pain(part)).bad[0].what.starts_with("PART"));
    assert!(read("a.xml", &pain("")).bad[0].what.contains("no status"));
    assert!(refused("<Document>\n<Other/>\n</Document>").contains("neither pain.002"));
    assert!(
        refused("<Document>\n<CstmrPmtStsRpt>").starts_with("a.xml:2:"),
        "{}",
        refused("<Document>\n<CstmrPmtStsRpt>")
    );
    assert!(refused("<!DOCTYPE x [<!ENTITY a \"b\">]><Document/>").contains("document type"));
    assert!(refused(&"<a>".repeat(100)).contains("nested"));
}

fn camt(entries: &str) -> String {
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"><BkToCstmrDbtCdtNtfctn><Ntfctn>{entries}\
         </Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    )
}

fn entry(side: &str, status: &str, more: &str) -> String {
    camt(&format!(
        "<Ntry><Amt Ccy=\"CNY\">847.00</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts><Cd>{status}</Cd></Sts><BookgDt><Dt>\
         2026-03-12</Dt></BookgDt><NtryDtls><TxDtls><Refs><AcctSvcrRef>BK-9</AcctSvcrRef><EndToEndId>{PAYOUT}\
         </EndToEndId></Refs><Amt Ccy=\"CNY\">847.00</Amt>{more}</TxDtls></NtryDtls></Ntry>"
    ))
}

#[test]
fn a_booked_debit_is_paid_and_a_booked_credit_came_back() {
    let paid = read("c.xml", &entry("DBIT", "BOOK", ""));
    assert_eq!((paid.form, paid.statuses[0].reported.clone()), ("camt.054", Reported::Paid));
    assert_eq!(paid.statuses[0].amount, Some((Some("CNY".to_owned()), Decimal::new(84_700, 2))));
    assert_eq!(paid.statuses[0].on.unwrap().to_string(), "2026-03-12");
    let why = "<RtrInf><Rsn><Cd>AC01</Cd></Rsn></RtrInf>";
    let returned = read("c.xml", &entry("CRDT", "BOOK", why));
    assert_eq!(returned.statuses[0].reported, Reported::Returned);
    assert_eq!(returned.statuses[0].reason.as_deref(), Some("AC01"));
    let pending = read("c.xml", &entry("DBIT", "PDNG", ""));
    assert_eq!(pending.statuses[0].reported, Reported::Accepted("PDNG".to_owned()));
}

#[test]
fn an_entry_that_does_not_say_of_what_it_is_is_bad() {
    let bare = camt("<Ntry><CdtDbtInd>DBIT</CdtDbtInd></Ntry>");
    assert!(read("c.xml", &bare).bad[0].what.contains("without transaction details"));
    assert!(!read("c.xml", &camt("")).bad.is_empty());
    assert!(!read("c.xml", &entry("BOTH", "BOOK", "")).bad.is_empty());
}

#[test]
fn rows_say_the_same_and_every_bad_one_is_found() {
    let text = format!(
        "payout,status,reason,date\n{PAYOUT},paid,,2026-03-12\nx,gone,,\ny,failed,AC04,2026-13-01\n"
    );
    let file = read("s.csv", &text);
    assert_eq!((file.form, file.statuses.len()), ("csv", 1));
    let said: Vec<String> = file.bad.iter().map(ToString::to_string).collect();
    assert!(said[0].starts_with("s.csv:3:2  \"gone\" is not"), "{said:?}");
    assert!(said[1].starts_with("s.csv:4:4  "), "{said:?}");
    assert!(StatusFile::read(Path::new("s.csv"), b"payout\nx\n").is_err());
}
