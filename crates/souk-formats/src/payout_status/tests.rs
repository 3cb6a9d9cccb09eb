//! What banks answer, and what is wrong with answers.

use souk_domain::payout::verdict::{Known, Payment, Standing, verdict};

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
fn nothing_of_a_file_is_passed_over() {
    let one = transaction("ACSC", "");
    for behind in ["x", "<Document/>", "<![CDATA[x]]>", "&amp;", "<?xml version=\"1.0\"?>", "<a>"] {
        let said = refused(&format!("{one}{behind}"));
        assert!(said.contains("before or behind"), "{behind}: {said}");
    }
    let said = refused(&format!("{one}{one}"));
    assert!(said.starts_with("a.xml:9:"), "the second document is named: {said}");
    assert!(refused(&format!("<!-- x -->x{one}")).contains("before or behind"));
    read("a.xml", &format!("<!-- x -->\n{one}\n<!-- end -->\n<?by bank?>\n"));
    for (first, second) in [
        ("CstmrPmtStsRpt", "BkToCstmrDbtCdtNtfctn"),
        ("BkToCstmrDbtCdtNtfctn", "CstmrPmtStsRpt"),
        ("CstmrPmtStsRpt", "CstmrPmtStsRpt"),
    ] {
        let said = refused(&format!("<Document><{first}/><{second}/></Document>"));
        assert!(said.contains(&format!("{second} stands beside another message")), "{said}");
    }
}

fn booked(amount: &str, details: &str, count: usize) -> String {
    let details =
        format!("<TxDtls><Refs><EndToEndId>{PAYOUT}</EndToEndId></Refs>{details}</TxDtls>")
            .repeat(count);
    camt(&format!(
        "<Ntry>{amount}<CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><NtryDtls>{details}</NtryDtls></Ntry>"
    ))
}

#[test]
fn the_amount_of_an_entry_is_that_of_its_only_transaction() {
    let cny = |minor| Some((Some("CNY".to_owned()), Decimal::new(minor, 2)));
    let entry = "<Amt Ccy=\"CNY\">847.00</Amt>";
    assert_eq!(read("c.xml", &booked(entry, "", 1)).statuses[0].amount, cny(84_700));
    assert_eq!(read("c.xml", &booked(entry, "", 2)).statuses[0].amount, None);
    let own = "<Amt Ccy=\"CNY\">1.00</Amt>";
    assert_eq!(read("c.xml", &booked(entry, own, 1)).statuses[0].amount, cny(100));
    let instructed = "<AmtDtls><InstdAmt><Amt Ccy=\"CNY\">2.00</Amt></InstdAmt></AmtDtls>";
    assert_eq!(read("c.xml", &booked(entry, instructed, 1)).statuses[0].amount, cny(200));
    let bad = |amount: &str, details: &str| {
        let file = read("c.xml", &booked(amount, details, 1));
        assert!(file.statuses.is_empty());
        file.bad[0].what.clone()
    };
    assert_eq!(
        bad("", &format!("{own}{instructed}")),
        "AmtDtls/InstdAmt/Amt says 2.00 CNY, and Amt 1.00 CNY"
    );
    for (amount, details) in [("<Amt>847.00</Amt>", ""), ("", "<Amt>1.00</Amt>")] {
        assert!(bad(amount, details).contains("has no currency (Ccy)"));
    }
    for text in ["1e2", "1_000", "+1", "-1.00", "1,00", "NaN", ""] {
        bad("", &format!("<Amt Ccy=\"CNY\">{text}</Amt>"));
    }
    let of_transaction = |amount: &str| {
        let more = format!("<OrgnlTxRef><Amt>{amount}</Amt></OrgnlTxRef>");
        read("a.xml", &transaction("ACSC", &more))
    };
    let named = of_transaction("<InstdAmt Ccy=\"CNY\">8.00</InstdAmt>");
    assert_eq!(named.statuses[0].amount, cny(800));
    assert!(!of_transaction("<InstdAmt>8.00</InstdAmt>").bad.is_empty());
}

#[test]
fn a_malformed_day_and_a_reference_that_cannot_be_kept_are_bad_and_not_left_out() {
    for day in ["<Dt>2026-13-45</Dt>", "<Dt>é€garbage</Dt>", "<Dt/>", "<DtTm>2026-03-12x</DtTm>"]
    {
        let more = format!("<Amt Ccy=\"CNY\">1.00</Amt><BookgDt>{day}</BookgDt>");
        let file = read("c.xml", &booked(&more, "", 1));
        assert!(file.statuses.is_empty(), "{day}");
        assert!(file.bad[0].what.contains("is no date"), "{day}: {:?}", file.bad);
    }
    let file =
        read("a.xml", &transaction("ACSC", "<AccptncDtTm>2026-13-45T10:00:00</AccptncDtTm>"));
    assert!(file.statuses.is_empty() && file.bad[0].what.contains("is no date"));
    let file = read("a.xml", &transaction("ACSC", "<AcctSvcrRef>2026/03 01</AcctSvcrRef>"));
    assert!(file.bad[0].what.contains("reference \"2026/03 01\" cannot be kept"), "{:?}", file.bad);
}

#[test]
fn rows_say_their_currency_with_or_without_an_amount() {
    let text = format!(
        "payout,status,amount,currency,reference\n{PAYOUT},paid,1.00,USD,\n{PAYOUT},paid,,USD,\n{PAYOUT},paid,1_0,,a/b\n"
    );
    let file = read("s.csv", &text);
    assert_eq!(file.statuses[0].amount, Some((Some("USD".to_owned()), Decimal::ONE)));
    assert_eq!(file.statuses[1].currency.as_deref(), Some("USD"));
    assert_eq!((file.statuses.len(), file.bad.len()), (2, 2));
    assert_eq!((file.bad[0].column, file.bad[1].column), (3, 5));
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

/// The same status in each form that can say it, under a reference and on a day or without.
fn in_every_form(said: Said, under: Option<&str>, on: Option<&str>) -> Vec<(&'static str, String)> {
    let tag = |name: &str, value: Option<&str>| {
        value.map(|value| format!("<{name}>{value}</{name}>")).unwrap_or_default()
    };
    let mut forms = Vec::new();
    let word = match said {
        Said::Accepted => "accepted",
        Said::Paid => "paid",
        Said::Failed => "failed",
        Said::Returned => "returned",
    };
    let (reference, date) = (under.unwrap_or_default(), on.unwrap_or_default());
    forms.push((
        "csv",
        format!("payout,status,reference,date\n{PAYOUT},{word},{reference},{date}\n"),
    ));
    let code = match said {
        Said::Accepted => Some("ACSP"),
        Said::Paid => Some("ACSC"),
        Said::Failed => Some("RJCT"),
        Said::Returned => None,
    };
    if let Some(code) = code {
        let day = on.map(|on| format!("<FctvIntrBkSttlmDt><Dt>{on}</Dt></FctvIntrBkSttlmDt>"));
        let more = tag("AcctSvcrRef", under) + &day.unwrap_or_default();
        forms.push(("pain.002", transaction(code, &more)));
    }
    let entry = match said {
        Said::Accepted => Some(("DBIT", "PDNG")),
        Said::Paid => Some(("DBIT", "BOOK")),
        Said::Returned => Some(("CRDT", "BOOK")),
        Said::Failed => None,
    };
    if let Some((side, status)) = entry {
        let day = on.map(|on| format!("<BookgDt><Dt>{on}</Dt></BookgDt>")).unwrap_or_default();
        let refs = tag("AcctSvcrRef", under);
        let text = camt(&format!(
            "<Ntry><CdtDbtInd>{side}</CdtDbtInd><Sts><Cd>{status}</Cd></Sts>{day}<NtryDtls><TxDtls><Refs>{refs}\
             <EndToEndId>{PAYOUT}</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>"
        ));
        forms.push(("camt.054", text));
    }
    forms
}

/// Every status of every form: it tells what the decision of all pairs is tested with, so that no form hides a reference
/// or a day that contradicts what is recorded of a payment.
#[test]
fn every_form_tells_reference_and_day_so_that_contradictions_are_seen() {
    let day = |text: &str| text.parse::<Date>().unwrap();
    let (paid_on, back_on, today) = (day("2026-03-11"), day("2026-03-13"), day("2026-03-16"));
    let paid = Some(Payment { on: paid_on, reference: Some(Id::new("BK-1").unwrap()) });
    let arrived = Known { stands: Standing::Paid, on: paid_on, paid };
    let came_back = Known { stands: Standing::Returned, on: back_on, paid };
    let mut told_in = Vec::new();
    for said in [Said::Accepted, Said::Paid, Said::Failed, Said::Returned] {
        for under in [None, Some("BK-1"), Some("BK-2")] {
            for on in [None, Some("2026-03-11"), Some("2026-03-13"), Some("2026-03-15")] {
                let reference = under.map(|of| Id::new(of).unwrap());
                let wanted = Told { said, reference, on: on.map(day) };
                for (form, text) in in_every_form(said, under, on) {
                    let file = read("status", &text);
                    assert_eq!((file.form, file.bad.len()), (form, 0), "{text}");
                    let told = file.statuses[0].told().unwrap();
                    assert_eq!(told, wanted, "{text}");
                    told_in.push(form);
                    if said == Said::Paid {
                        let agrees =
                            under != Some("BK-2") && [None, Some("2026-03-11")].contains(&on);
                        let known = verdict(&arrived, &told, today);
                        assert_eq!(known.is_ok(), agrees, "{form} {told:?}: {known:?}");
                        let named = agrees && (under, on) != (None, None);
                        let known = verdict(&came_back, &told, today);
                        assert_eq!(known.is_ok(), named, "{form} {told:?}: {known:?}");
                    }
                }
            }
        }
    }
    let number = |form| told_in.iter().filter(|of| **of == form).count();
    assert_eq!((number("csv"), number("pain.002"), number("camt.054")), (48, 36, 36));
}

#[test]
fn what_was_paid_was_paid_when_it_settled_not_when_it_was_taken_in() {
    let days = "<AccptncDtTm>2026-03-10T09:00:00</AccptncDtTm><FctvIntrBkSttlmDt><Dt>2026-03-12</Dt></FctvIntrBkSttlmDt>";
    let on = |status: &str| {
        read("a.xml", &transaction(status, days)).statuses[0].on.unwrap().to_string()
    };
    assert_eq!((on("ACSC").as_str(), on("ACSP").as_str()), ("2026-03-12", "2026-03-10"));
}
