//! One file of two payouts in every form.

use super::*;

fn file() -> PayoutFile {
    let party =
        |holder: &str, iban: Option<&str>, account: Option<&str>, code: Option<&str>| Party {
            holder: holder.to_owned(),
            iban: iban.map(str::to_owned),
            account: account.map(str::to_owned),
            bank_code: code.map(str::to_owned),
        };
    let transfer = |payout: &str, amount: &str, to: Party, statement: &str| Transfer {
        payout: payout.repeat(32),
        amount: amount.to_owned(),
        to,
        statement: statement.to_owned(),
    };
    PayoutFile {
        file: "main-00001".into(),
        issued_at: "2026-03-10T09:00:00+08:00".into(),
        execute_on: "2026-03-11".into(),
        currency: "CNY".into(),
        total: "1847.00".into(),
        from: party("Souk & Co", None, Some("6225760012340001"), Some("308100005027")),
        transfers: vec![
            transfer(
                "a",
                "847.00",
                party("茶馆 <Tea, House>", None, Some("6225760012346621"), Some("308100005027")),
                "S-1007-2026W10-CNY",
            ),
            transfer(
                "b",
                "1000.00",
                party("Kaffee GmbH", Some("DE89370400440532013000"), None, Some("COBADEFFXXX")),
                "S-1008-2026W10-CNY",
            ),
        ],
    }
}

fn text(format: Format) -> String {
    let (once, again) = (render(format, &file()), render(format, &file()));
    assert_eq!(once, again);
    String::from_utf8(once).unwrap()
}

#[test]
fn pain_001_has_payout_file_and_statement_where_a_bank_gives_them_back() {
    let text = text(Format::Pain001);
    for wanted in [
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\">",
        "<MsgId>main-00001</MsgId>",
        "<CreDtTm>2026-03-10T09:00:00+08:00</CreDtTm>",
        "<NbOfTxs>2</NbOfTxs>",
        "<CtrlSum>1847.00</CtrlSum>",
        "<Dt>2026-03-11</Dt>",
        "<EndToEndId>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</EndToEndId>",
        "<InstdAmt Ccy=\"CNY\">847.00</InstdAmt>",
        "<Nm>茶馆 &lt;Tea, House&gt;</Nm>",
        "<Nm>Souk &amp; Co</Nm>",
        "<Cd>CNAPS</Cd>",
        "<BICFI>COBADEFFXXX</BICFI>",
        "<IBAN>DE89370400440532013000</IBAN>",
        "<Ustrd>S-1007-2026W10-CNY</Ustrd>",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in\n{text}");
    }
    assert_eq!(text.matches("<PmtInf>").count(), 1);
    assert_eq!(text.matches("<CtrlSum>").count(), 2);
    assert_eq!(text.matches("<CdtTrfTxInf>").count(), 2);
}

/// Checked from outside, `tests/payout_file_xsd.sh`, against the published schema.
#[test]
fn every_element_of_pain_001_is_closed() {
    let text = text(Format::Pain001);
    let mut open = Vec::new();
    for tag in text.split('<').skip(2).map(|rest| rest.split('>').next().unwrap()) {
        let name = tag.split(' ').next().unwrap();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None => open.push(name),
        }
    }
    assert!(open.is_empty());
}

#[test]
fn a_bank_gets_a_row_per_payout() {
    let expected = "\
file,payout,execute_on,from_account,currency,amount,holder,account,bank_code,remittance
main-00001,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,2026-03-11,6225760012340001,CNY,847.00,\"茶馆 <Tea, House>\",6225760012346621,308100005027,S-1007-2026W10-CNY
main-00001,bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,2026-03-11,6225760012340001,CNY,1000.00,Kaffee GmbH,DE89370400440532013000,COBADEFFXXX,S-1008-2026W10-CNY
";
    assert_eq!(text(Format::BankCsv), expected);
}

#[test]
fn batches_say_their_sum_and_number_before_their_rows() {
    let wechat = text(Format::WechatBatch);
    let mut lines = wechat.lines().skip(1);
    assert_eq!(lines.next(), Some("main-00001,Souk & Co,1847.00,2,2026-03-11"));
    assert_eq!(wechat.lines().count(), 5);
    let alipay = text(Format::AlipayBatch);
    let second = alipay.lines().nth(1);
    assert_eq!(second, Some("main-00001,2026-03-11,6225760012340001,Souk & Co,1847.00,2"));
    assert!(alipay.starts_with("批次号,"));
}
