//! The form of the digest is the journal's; what is no statement is said with its place.

use std::path::Path;

use souk_journal::ids::{CycleId, Id, MerchantId};
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;
use souk_journal::open_items::{Claims, OpenItem};
use souk_journal::statement_lines::{Head, hex, text};

use super::check::text_form;
use super::*;

const CSV: &str = "number,merchant,cycle,from,to,entry_limit,opening,line_no,kind,order,amount,currency,effective_on,due_on,late,corrects,entry,posting,stream\n\
    S-1,1007,2026-W10,2026-03-02,2026-03-08,99,36.20,1,sale.principal,'-O-1,129.00,CNY,2026-03-01,2026-03-08,false,,7,1,order--O-1\n\
    S-1,1007,2026-W10,2026-03-02,2026-03-08,99,36.20,2,payout.failed,,-10.32,CNY,2026-03-01,2026-03-01,true,order-O-1@3,8,1,payout-ab\n";

fn said(text: &str) -> Result<Vec<Said>, String> {
    read(Path::new("s.csv"), text.as_bytes()).map_err(|bad| bad.to_string())
}

fn item(entry: u64, kind: LineKind, subject: &str, due_on: &str, amount: i64) -> OpenItem {
    OpenItem {
        entry,
        posting: 1,
        kind,
        due_on: due_on.parse().unwrap(),
        effective_on: "2026-03-01".parse().unwrap(),
        amount,
        subject: Some(Id::new(subject).unwrap()),
        corrects: None,
    }
}

#[test]
fn the_text_under_the_digest_is_the_one_that_the_close_wrote() {
    let head = Head {
        merchant: MerchantId::new("1007").unwrap(),
        currency: Currency::from_code("CNY").unwrap(),
        cycle: CycleId::new("2026-W10").unwrap(),
        from: "2026-03-02".parse().unwrap(),
        cut_off: "2026-03-09".parse().unwrap(),
        entry_limit: 99,
        claims: Claims::Due,
    };
    let items = [
        OpenItem { subject: None, ..item(3, LineKind::Carried, "x", "2026-03-02", 3620) },
        item(7, LineKind::SalePrincipal, "-O-1", "2026-03-08", 12900),
        OpenItem {
            corrects: Some("order-O-1@3".into()),
            ..item(8, LineKind::PayoutFailed, "ab", "2026-03-01", -1032)
        },
    ];
    let wanted = text(&head, &items);
    let all = said(CSV).unwrap();
    assert_eq!(said(&format!("\u{feff}{CSV}")).unwrap(), all);
    assert_eq!(text_form(&all[0]).unwrap(), wanted);
    let digest = hex(&souk_domain::event_id::sha256(wanted.as_bytes()));
    let checked = check(&all[0], Some(&digest));
    assert_eq!((checked.differences, checked.digest), (vec![], Some(digest)));
    assert_eq!(checked.unchecked.len(), 6, "the file has no payout");
}

#[test]
fn a_changed_cell_is_a_difference_and_a_head_that_wavers_too() {
    let wanted = check(&said(CSV).unwrap()[0], None).digest;
    for (from, to) in [("129.00", "129.0"), ("99,36.20,2", "99,36.20,3"), ("true", "false")] {
        let all = said(&CSV.replacen(from, to, 1)).unwrap();
        assert_eq!(check(&all[0], wanted.as_deref()).differences.len(), 1, "{to}");
    }
    let all = said(&CSV.replacen("99,36.20,2", "99,36.21,2", 1)).unwrap();
    assert_eq!(
        check(&all[0], None).differences,
        ["row 3, opening: 36.21 here and 36.20 in the first row"]
    );
}

#[test]
fn what_is_no_statement_is_said_with_its_place() {
    let many = "9".repeat(40);
    let cases = [
        (String::new(), "s.csv:1:1  the file is empty"),
        ("a,b\n1,2\n".into(), "s.csv:1:1  column \"number\" is not in the header"),
        (CSV.lines().next().unwrap().into(), "s.csv:1:1  there is no statement in it"),
        (CSV.replace("posting,stream", "posting,stream,x"), "s.csv:1:20  it is no column"),
        (CSV[..CSV.len() - 20].into(), "s.csv:3:17  the row has 16 fields, the header 19"),
        (CSV.replacen(",1,sale", &format!(",{many},sale"), 1), "s.csv:2:8  \"99999"),
        (CSV.replacen("129.00", "1e99", 1), "s.csv:2:11  \"1e99\" is not a decimal"),
        (CSV.replacen("129.00", &format!("{many}.00"), 1), "s.csv:2:11  \"99999"),
        (CSV.replacen("2026-03-08", "9999-12-31", 1), "s.csv:2:5  \"9999-12-31\" is not a date"),
        (CSV.replacen("sale.principal", "\"a\tb\"", 1), "s.csv:2:9  \"a\\tb\" is not a text"),
        ("{".into(), "s.csv:1:1  EOF"),
        ("[{\"number\": 1}]".into(), "s.csv:1:13  invalid type"),
        ("\u{feff}[]".into(), "s.csv:1:1  there is no statement in it"),
        ("{\"a\": 1}".into(), "s.csv:1:4  unknown field `a`"),
    ];
    for (text, wanted) in cases {
        let found = said(&text).unwrap_err();
        assert!(found.starts_with(wanted), "{found}, not {wanted}");
    }
}
