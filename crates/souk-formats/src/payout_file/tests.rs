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

/// Checked from outside, `tests/sweeps/payout_schema.sh`, against the published schema.
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

/// The rows of a file of rows, as a reader that knows nothing of Souk takes them apart.
fn rows(format: Format, file: &PayoutFile) -> Vec<Vec<String>> {
    let bytes = render(format, file);
    assert!(!bytes.starts_with(b"\xef\xbb\xbf"), "UTF-8 without a mark");
    assert!(bytes.ends_with(b"\n") && !bytes.contains(&b'\r'));
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes.as_slice());
    let text = |of: csv::StringRecord| of.iter().map(str::to_owned).collect();
    reader.records().map(|of| text(of.unwrap())).collect()
}

/// As long as everything can be: an account of 28 characters, names of 140, an account of 34, a statement of a long merchant.
fn longest() -> PayoutFile {
    let mut of = file();
    of.file = format!("{}-00001", "a".repeat(souk_domain::payoutfile::decide::LONGEST_ACCOUNT));
    of.from.holder = "平".repeat(140);
    for transfer in &mut of.transfers {
        transfer.to.holder = "商".repeat(140);
        transfer.to.iban = None;
        transfer.to.account = Some("6".repeat(34));
        transfer.statement = format!("S-{}-2026-12-31--2027-01-02-CNY", "m".repeat(40));
    }
    of
}

/// An amount of a file is in the major unit, as text with the currency's decimals, a dot and no grouping.
fn is_yuan(amount: &str) -> bool {
    let Some((whole, part)) = amount.split_once('.') else { return false };
    let digits = |of: &str| !of.is_empty() && of.bytes().all(|of| of.is_ascii_digit());
    digits(whole) && digits(part) && part.len() == 2
}

/// There is no published schema of these layouts; this is what is checked instead.
#[test]
fn rows_for_a_bank_have_their_headings_columns_and_lengths() {
    for of in [file(), longest()] {
        let rows = rows(Format::BankCsv, &of);
        let head = "file payout execute_on from_account currency amount holder account bank_code remittance";
        assert_eq!(rows[0].join(" "), head);
        assert_eq!(rows.len(), 1 + of.transfers.len(), "a row per payout, and no line of sums");
        for (row, transfer) in rows[1..].iter().zip(&of.transfers) {
            assert_eq!(row.len(), 10);
            // MsgId and EndToEndId of pain.001 have 35 characters; what a bank gives back from rows fits the same.
            assert!(row[0].chars().count() <= 35 && row[1].len() == 32, "{row:?}");
            assert!(row[2].parse::<souk_journal::dates::Date>().is_ok(), "{row:?}");
            assert!(row[4].len() == 3 && is_yuan(&row[5]), "{row:?}");
            assert!(row[6].chars().count() <= 140 && (8..=34).contains(&row[7].len()), "{row:?}");
            assert!(row[9].chars().count() <= 140, "{row:?}");
            assert_eq!(row[5], transfer.amount);
        }
    }
}

/// Both batches: a head and a row of the batch, a head and a row per payment; sum and number are those of the rows.
#[test]
fn batches_have_their_headings_columns_and_lengths() {
    let layouts = [
        (
            Format::WechatBatch,
            "out_batch_no batch_name total_amount total_num execute_on",
            "out_detail_no openid user_name transfer_amount transfer_remark",
            (2, 3),
        ),
        (
            Format::AlipayBatch,
            "批次号 付款日期 付款账户 付款方名称 总金额（元） 总笔数",
            "商户流水号 收款方账号 收款方姓名 付款金额（元） 付款理由",
            (4, 5),
        ),
    ];
    for (format, batch_head, detail_head, (sum, number)) in layouts {
        for of in [file(), longest()] {
            let rows = rows(format, &of);
            assert_eq!(rows[0].join(" "), batch_head);
            assert_eq!(rows[1].len(), rows[0].len());
            assert_eq!(rows[2].join(" "), detail_head);
            let details = &rows[3..];
            assert_eq!(rows[1][number], details.len().to_string());
            assert!(rows[1][0].len() <= 35 && is_yuan(&rows[1][sum]), "{:?}", rows[1]);
            let cents = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
            let total: i64 = details.iter().map(|row| cents(&row[3])).sum();
            assert_eq!(cents(&rows[1][sum]), total);
            for row in details {
                assert_eq!(row.len(), 5);
                // The number that comes back with the receipt is the payout's id: letters and digits, 32 of them.
                assert!(row[0].len() == 32 && row[0].bytes().all(|of| of.is_ascii_alphanumeric()));
                assert!(is_yuan(&row[3]) && row[2].chars().count() <= 140, "{row:?}");
            }
        }
    }
}
