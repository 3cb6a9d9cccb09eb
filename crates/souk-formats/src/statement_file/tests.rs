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
    // The digest, and of a line's number the line that is missing then.
    for (from, to, count) in
        [("129.00", "129.0", 1), ("99,36.20,2", "99,36.20,3", 2), ("true", "false", 1)]
    {
        let all = said(&CSV.replacen(from, to, 1)).unwrap();
        assert_eq!(check(&all[0], wanted.as_deref()).differences.len(), count, "{to}");
    }
    let all = said(&CSV.replacen("99,36.20,2", "99,36.21,2", 1)).unwrap();
    assert_eq!(
        check(&all[0], None).differences,
        ["row 3, opening: 36.21 here and 36.20 in the first row"]
    );
}

#[test]
fn a_line_that_is_left_out_is_named_and_not_the_one_behind_it() {
    let third = "S-1,1007,2026-W10,2026-03-02,2026-03-08,99,36.20,3,commission,O-2,-1.00,CNY,2026-03-01,2026-03-08,false,,9,1,order-O-2\n";
    let whole = said(&format!("{CSV}{third}")).unwrap().remove(0);
    let wanted = check(&whole, None).digest;
    for (gone, left) in [(0, "line 1 is missing"), (1, "line 2 is missing")] {
        let mut cut = whole.clone();
        cut.lines.remove(gone);
        assert_eq!(compare(&cut, &whole).differences, [left]);
        let alone = check(&cut, wanted.as_deref()).differences;
        assert_eq!(alone.last().map(String::as_str), Some(left), "{alone:?}");
    }
    let mut cut = whole.clone();
    cut.lines.pop();
    assert_eq!(
        compare(&cut, &whole).differences,
        ["line 3: it is in the ledger and not in the file"]
    );
    let mut swapped = whole.clone();
    swapped.lines.swap(0, 1);
    assert_eq!(compare(&swapped, &whole).differences, ["line 2 stands where line 1 should"]);
    let mut twice = whole.clone();
    twice.lines.insert(1, whole.lines[0].clone());
    assert_eq!(compare(&twice, &whole).differences, ["line 1 stands where line 2 should"]);
}

#[test]
fn a_statement_for_people_is_named_with_what_to_do() {
    for (bytes, form) in [
        (b"PK\x03\x04rest".as_slice(), "a spreadsheet"),
        (b"%PDF-1.7", "a PDF"),
        (b"<!DOCTYPE html><html>", "a page of HTML"),
        (b"number\tmerchant\nS-1\t1007\n", "a table with tabs (TSV)"),
    ] {
        let bad = read(Path::new("x"), bytes).unwrap_err().to_string();
        let wanted = format!("this is {form}; verify takes CSV or JSON: print the statement again");
        assert!(bad.contains(&wanted), "{bad}");
    }
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

/// The file with more columns, the same in every row.
fn with(columns: &str, cells: &str) -> Said {
    let (header, rows) = CSV.split_once('\n').unwrap();
    let rows: String = rows.lines().map(|row| format!("{row},{cells}\n")).collect();
    said(&format!("{header},{columns}\n{rows}")).unwrap().remove(0)
}

#[test]
fn a_file_of_an_earlier_edition_counts_the_deposit_to_the_reserve() {
    let kept = "reserve_withheld,reserve_released,closing,payout,carried,debt";
    let earlier = with(kept, "50.00,0.00,104.88,104.88,0.00,0.00");
    let deposit = "deposit_topped_up,deposit_used,earned,moved";
    let now = |cells: &str| with(&format!("{kept},{deposit}"), cells);
    let ledger = now("30.00,0.00,104.88,104.88,0.00,0.00,20.00,0.00,129.00,-10.32");
    for of in [&earlier, &ledger] {
        assert_eq!(check(of, None).differences, [""; 0]);
        assert_eq!(compare(of, &ledger).differences, [""; 0]);
    }
    // With fields of its own the deposit is no reserve.
    let mixed = now("50.00,0.00,104.88,104.88,0.00,0.00,20.00,0.00,129.00,-10.32");
    assert_eq!(check(&mixed, None).differences.len(), 1);
    let said = "reserve_withheld: the file has 50.00, the ledger 30.00";
    assert_eq!(compare(&mixed, &ledger).differences, [said]);
    let other = now("30.00,0.00,104.88,104.88,0.00,0.00,20.00,0.00,118.68,0.01");
    let said = "earned + moved = 118.69, but the lines give 118.68";
    assert_eq!(check(&other, None).differences, [said]);
}
