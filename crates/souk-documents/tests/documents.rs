//! What a reader of a document finds: ids as they were, amounts that add up, and nothing of a value as markup.

mod common;

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use common::{ORDERS, document};
use souk_books::bridge::Language;
use souk_documents::{html, xlsx};

fn book(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

#[test]
fn ids_survive_as_text_whatever_they_look_like() {
    let mut book = book(xlsx::render(&[document(Language::English)]).unwrap());
    assert_eq!(book.sheet_names(), ["Bridge", "Lines", "By order"]);
    let lines = book.worksheet_range("Lines").unwrap();
    let found: Vec<&Data> = lines.rows().skip(4).step_by(2).take(6).map(|row| &row[6]).collect();
    let wanted: Vec<Data> = ORDERS.iter().map(|of| Data::String((*of).to_owned())).collect();
    assert_eq!(found, wanted.iter().collect::<Vec<_>>());
    let orders = book.worksheet_range("By order").unwrap();
    let found: Vec<&Data> = orders.rows().skip(4).take(6).map(|row| &row[0]).collect();
    assert_eq!(found, wanted.iter().collect::<Vec<_>>());
}

#[test]
fn every_formula_carries_its_result() {
    let bytes = xlsx::render(&[document(Language::Chinese)]).unwrap();
    let mut book = book(bytes.clone());
    let bridge = book.worksheet_range("Bridge").unwrap();
    let amount = |label: &str| {
        let row = bridge.rows().find(|row| row[0].to_string().trim_start() == label).unwrap();
        row[2].to_string()
    };
    assert_eq!(amount("= You earned"), "54.24");
    assert_eq!(amount("= Payout"), "51.54");
    assert_eq!(amount("差额"), "0");
    let formulas = book.worksheet_formula("Bridge").unwrap();
    let of = |cell: (u32, u32)| formulas.get_value(cell).cloned().unwrap_or_default();
    assert_eq!(
        of((6, 2)),
        "ROUND(SUMIF('Lines'!$D$5:$D$17,\"sale.principal\",'Lines'!$H$5:$H$17),2)"
    );
    // Two long ids that a spreadsheet takes for one number keep their own lines.
    let formulas = book.worksheet_formula("By order").unwrap();
    let of = |cell: (u32, u32)| formulas.get_value(cell).cloned().unwrap_or_default();
    assert_eq!(of((4, 2)), "ROUND(SUM('Lines'!H5),2)");
    assert_eq!(of((5, 2)), "ROUND(SUM('Lines'!H7),2)");
    assert_eq!(bytes, xlsx::render(&[document(Language::Chinese)]).unwrap(), "the same bytes");
}

#[test]
fn an_amount_that_a_spreadsheet_would_round_is_refused() {
    let mut of = document(Language::English);
    of.statement.lines[0].amount.minor = 1_000_000_000_000_001;
    assert_eq!(xlsx::render(&[of]).unwrap_err().code(), "TooManyDigits");
}

#[test]
fn nothing_of_a_value_becomes_markup_and_every_anchor_leads_somewhere() {
    let page = html::render(&[document(Language::English), document(Language::Chinese)]);
    for outside in ["<b>", "<i>", "<script", "http:", "https:", "src=", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;"));
    let anchors: Vec<&str> =
        page.split("id=\"").skip(1).filter_map(|of| of.split('"').next()).collect();
    let mut once = anchors.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), anchors.len(), "an anchor stands twice");
    let links = page.split("href=\"#").skip(1).filter_map(|of| of.split('"').next());
    let lost: Vec<&str> = links.filter(|link| !anchors.contains(link)).collect();
    assert!(lost.is_empty(), "{lost:?}");
    assert!(page.contains("id=\"line-13\"") && page.contains("id=\"s2-line-13\""));
}

#[cfg(feature = "pdf")]
#[test]
fn the_same_statement_is_the_same_pdf_and_what_the_font_lacks_is_named() {
    use souk_documents::pdf;

    let made = pdf::render(&[document(Language::Chinese)]).unwrap();
    assert!(made.bytes.starts_with(b"%PDF-"));
    assert!(made.lacking.is_empty(), "{:?}", made.lacking);
    assert_eq!(made.bytes, pdf::render(&[document(Language::Chinese)]).unwrap().bytes);
    let mut of = document(Language::English);
    of.statement.lines[0].order = Some("𠮷🐫".to_owned());
    assert_eq!(pdf::render(&[of]).unwrap().lacking, ['🐫', '𠮷']);
}
