//! A small journal in every form, and what a form does not take.

use std::fs;

use souk_books::figure::Figure;
use souk_books::summary_journal::{JournalLine, SummaryJournal};
use souk_journal::money::Currency;

use super::map::AccountMap;
use super::{Form, forms, limit, template};
use crate::fail::Failure;

/// Two accounts share a code; one name has a comma, and one code begins like a formula.
const MAP: &str = r#"
[journal]
prefix = "SK"

[accounts]
Bank = { code = "1002", name = "Bank, main" }
MerchantPayable = { code = "2202", name = "Merchants" }
PayoutsDue = { code = "2202", name = "Merchants" }
Commission = { code = "=6001", name = "Commission" }

[lines]
"sale.principal" = { code = "6001", name = "Sales" }

[choices.month-end]
by = "month"
form = "xero"
"#;

fn map(text: &str) -> Result<AccountMap, Failure> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("map.toml");
    fs::write(&path, text).unwrap();
    AccountMap::read(&path)
}

fn line(name: &'static str, debits: i64, credits: i64, currency: Currency) -> JournalLine {
    let figure = |minor: i64| Figure::new(minor, currency);
    let shown = name.to_owned();
    JournalLine { name, shown, debits: figure(debits), credits: figure(credits) }
}

fn journal(on: &str, code: &str) -> SummaryJournal {
    let of = Currency::from_code(code).unwrap();
    let lines = vec![
        line("Bank", 0, 12_500, of),
        line("MerchantPayable", 10_000, 0, of),
        line("PayoutsDue", 3_500, 0, of),
        line("Commission", 0, 1_000, of),
    ];
    SummaryJournal { name: "2026-03".to_owned(), on: on.parse().unwrap(), currency: of, lines }
}

fn written(form: Form) -> String {
    let map = map(MAP).unwrap();
    forms::write(form, &map, &[journal("2026-03-31", "CNY")]).unwrap()
}

#[test]
fn generic() {
    let wanted = "\
journal,date,currency,code,name,debit,credit,accounts
SK-2026-03-CNY,2026-03-31,CNY,1002,\"Bank, main\",,125.00,Bank
SK-2026-03-CNY,2026-03-31,CNY,2202,Merchants,135.00,,MerchantPayable PayoutsDue
SK-2026-03-CNY,2026-03-31,CNY,'=6001,Commission,,10.00,Commission
";
    assert_eq!(written(Form::Generic), wanted);
}

#[test]
fn xero() {
    let wanted = "\
*Narration,*Date,Description,*AccountCode,*TaxRate,*Amount,TrackingName1,TrackingOption1,TrackingName2,TrackingOption2
SK-2026-03-CNY,31/03/2026,\"Bank, main\",1002,Tax Exempt,-125.00,,,,
SK-2026-03-CNY,31/03/2026,Merchants,2202,Tax Exempt,135.00,,,,
SK-2026-03-CNY,31/03/2026,Commission,'=6001,Tax Exempt,-10.00,,,,
";
    assert_eq!(written(Form::Xero), wanted);
}

#[test]
fn quickbooks() {
    let wanted = "\
Journal No.,Journal Date,Account Name,Description,Debits,Credits,Name,Location,Class,Currency,Memo
SK-2026-03-CNY,03/31/2026,\"Bank, main\",Bank,,125.00,,,,CNY,Souk 2026-03
SK-2026-03-CNY,03/31/2026,Merchants,MerchantPayable PayoutsDue,135.00,,,,,CNY,Souk 2026-03
SK-2026-03-CNY,03/31/2026,Commission,Commission,,10.00,,,,CNY,Souk 2026-03
";
    assert_eq!(written(Form::Quickbooks), wanted);
}

#[test]
fn kingdee() {
    let wanted = "\
日期,凭证字,凭证号,附单据数,摘要,科目代码,科目名称,借方金额,贷方金额,币别,汇率
2026-03-31,记,1,0,SK-2026-03-CNY,1002,\"Bank, main\",,125.00,CNY,
2026-03-31,记,1,0,SK-2026-03-CNY,2202,Merchants,135.00,,CNY,
2026-03-31,记,1,0,SK-2026-03-CNY,'=6001,Commission,,10.00,CNY,
";
    assert_eq!(written(Form::Kingdee), wanted);
}

#[test]
fn yonyou() {
    let wanted = "\
制单日期,凭证类别字,业务号,附单据数,摘要,科目编码,金额借方,金额贷方,数量,外币,汇率
2026-03-31,记,1,0,SK-2026-03-CNY,1002,0,125.00,,,
2026-03-31,记,1,0,SK-2026-03-CNY,2202,135.00,0,,,
2026-03-31,记,1,0,SK-2026-03-CNY,'=6001,0,10.00,,,
";
    assert_eq!(written(Form::Yonyou), wanted);
}

#[test]
fn an_account_without_a_code_is_an_error_that_names_file_line_and_account() {
    let map = map(&MAP.replace("Bank =", "BankCharges =")).unwrap();
    let failure = map.covers(&[journal("2026-03-31", "CNY")], false).unwrap_err();
    assert_eq!(failure.code, "AccountNotMapped");
    let said = failure.message.clone();
    assert!(said.ends_with("map.toml:5: there is no code for Bank"), "{said}");
    let map = self::map(&MAP.replace("sale.principal", "commission")).unwrap();
    let cny = Currency::from_code("CNY").unwrap();
    let lines = vec![line("sale.principal", 0, 100, cny)];
    let merchants = SummaryJournal { lines, ..journal("2026-03-08", "CNY") };
    let failure = map.covers(&[merchants], true).unwrap_err();
    let said = failure.message.clone();
    assert!(said.ends_with("map.toml:11: there is no code for sale.principal"), "{said}");
}

#[test]
fn a_name_that_there_is_not_is_an_error_at_its_line() {
    let cases = [
        ("Bank =", "Banque =", "map.toml:6: there is no account Banque"),
        ("\"sale.principal\"", "\"sale.principle\"", "map.toml:12: there is no kind of line"),
        ("form = \"xero\"", "form = \"xerox\"", "map.toml:16:8: unknown"),
        // A kind that is on no statement.
        ("\"sale.principal\"", "\"payment\"", "map.toml:12: there is no kind of line payment"),
    ];
    for (from, to, wanted) in cases {
        let failure = map(&MAP.replace(from, to)).unwrap_err();
        assert_eq!(failure.code, "BadAccountMap");
        assert!(failure.message.contains(wanted), "{}, not {wanted}", failure.message);
    }
}

#[test]
fn a_code_is_a_text_of_one_line_that_is_seen() {
    let cases = [
        ("\"1002\"", "\"  \"", "map.toml:6:8: Bank: the code is blank"),
        ("\"1002\"", "\"\u{200b}\"", "map.toml:6:8: Bank: the code is blank"),
        ("\"1002\"", "\"10\\n02\"", "map.toml:6:8: Bank: the code \"10\\n02\" has a line break"),
        ("\"1002\"", "\"10\\u000002\"", "map.toml:6:8: Bank: the code"),
        ("\"Bank, main\"", "\"a\\tb\"", "map.toml:6:8: Bank: the name \"a\\tb\" has a character"),
        ("\"1002\"", "1002", "map.toml:6:8: Bank: a code is text: write \"1002\" in quotes"),
        ("{ code = \"1002\", name = \"Bank, main\" }", "1002", "write \"1002\" in quotes"),
        ("{ code = \"1002\", name = \"Bank, main\" }", "true", "map.toml:6:8: Bank: write it as"),
        ("\"SK\"", "\"S\\nK\"", "map.toml:3:10: \"S\\nK\" has a line break"),
    ];
    for (from, to, wanted) in cases {
        let failure = map(&MAP.replacen(from, to, 1)).unwrap_err();
        assert_eq!(failure.code, "BadAccountMap");
        assert!(failure.message.contains(wanted), "{}, not {wanted}", failure.message);
    }
    // Not filled in, as the template has it.
    assert!(map(&MAP.replacen("\"1002\"", "\"\"", 1)).unwrap().code("Bank").is_none());
}

#[test]
fn a_choice_is_found_by_its_name() {
    let map = map(MAP).unwrap();
    assert_eq!(map.choice("month-end").unwrap().form, Some(Form::Xero));
    assert_eq!(map.choice("weekly").unwrap_err().code, "UnknownChoice");
}

#[test]
fn more_lines_than_xero_takes_are_refused_with_the_days_that_fit() {
    let map = map(MAP).unwrap();
    let days: Vec<SummaryJournal> = (0..101)
        .map(|day| {
            let first: souk_journal::dates::Date = "2026-03-01".parse().unwrap();
            SummaryJournal { on: first.plus_days(day), ..journal("2026-03-01", "CNY") }
        })
        .collect();
    assert!(limit::lines(Form::Xero, &map, &days[..100]).is_ok(), "300 lines");
    let failure = limit::lines(Form::Xero, &map, &days).unwrap_err();
    assert_eq!(failure.code, "JournalsTooLong");
    let wanted = [
        "  --from 2026-03-01 --to 2026-06-08   300 lines",
        "  --from 2026-06-09 --to 2026-06-09   3 lines",
    ];
    assert_eq!(failure.details, wanted);
    for form in [Form::Generic, Form::Quickbooks, Form::Kingdee, Form::Yonyou] {
        assert!(limit::lines(form, &map, &days).is_ok(), "{form:?}");
    }
}

#[test]
fn amounts_of_another_currency_are_refused_where_the_form_has_no_place_for_them() {
    let both = [journal("2026-03-31", "CNY"), journal("2026-03-31", "USD")];
    for (form, taken) in [
        (Form::Generic, true),
        (Form::Xero, false),
        (Form::Quickbooks, true),
        (Form::Kingdee, true),
        (Form::Yonyou, false),
    ] {
        assert_eq!(limit::one_currency(form, &both).is_ok(), taken, "{form:?}");
        assert!(limit::one_currency(form, &both[..1]).is_ok(), "{form:?}");
    }
}

#[test]
fn the_templates_are_maps() {
    for is_merchants in [false, true] {
        let text = template(is_merchants);
        assert!(map(&text).is_ok(), "{text}");
        // Filled in, every account or kind has its code.
        let filled = map(&text.replace("code = \"\"", "code = \"1\"")).unwrap();
        let name = if is_merchants { "sale.principal" } else { "MerchantPayable" };
        assert!(filled.code(name).is_some());
    }
}
