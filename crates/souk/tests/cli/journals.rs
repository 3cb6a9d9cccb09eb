//! `souk export journal`: what another reader adds up again is what the trial balance says.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::common::{Ran, amount, list, souk};
use crate::demo::demonstration;
use crate::market::Market;

/// The template with a code of its own for every account, which is its name.
fn filled(market: &Market, name: &str, args: &[&str]) -> String {
    let template = souk(&[&["export", "journal", "--template"], args].concat()).done().out;
    let lines = template.lines().map(|line| match line.split_once(" = { code = \"\"") {
        Some((key, rest)) => {
            format!("{key} = {{ code = \"{}\"{rest}", key.trim_matches('"'))
        }
        None => line.to_owned(),
    });
    market.file(name, lines.collect::<Vec<_>>().join("\n"))
}

fn journal(map: &str, args: &[&str]) -> Ran {
    let whole = ["export", "journal", "--accounts", map, "--data", demonstration()];
    souk(&[&whole, args].concat())
}

fn decimal(text: &str) -> Decimal {
    if text.is_empty() { Decimal::ZERO } else { text.parse().unwrap() }
}

/// Per journal, and per currency and code, debits less credits of the generic form.
fn sums(csv: &str) -> [BTreeMap<(String, String), Decimal>; 2] {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let (mut journals, mut codes) = (BTreeMap::new(), BTreeMap::new());
    for row in reader.records() {
        let row = row.unwrap();
        let side = decimal(&row[5]) - decimal(&row[6]);
        *journals.entry((row[0].to_owned(), row[2].to_owned())).or_insert(Decimal::ZERO) += side;
        *codes.entry((row[2].to_owned(), row[3].to_owned())).or_insert(Decimal::ZERO) += side;
    }
    [journals, codes]
}

#[test]
fn journals_by_cycle_day_and_month_balance_and_are_the_trial_balance() {
    let market = Market::new();
    let map = filled(&market, "map.toml", &[]);
    let args = ["trial-balance", "--data", demonstration(), "--format", "json"];
    let report = souk(&args).done().json();
    let mut wanted: BTreeMap<(String, String), Decimal> = BTreeMap::new();
    for row in list(&report["rows"]) {
        let account = row["account"].as_str().unwrap();
        // The classes of differences have one code.
        let account = account.split('(').next().unwrap().to_owned();
        let key = (row["currency"].as_str().unwrap().to_owned(), account);
        *wanted.entry(key).or_default() += amount(&row["balance"]);
    }
    for (by, least) in [("cycle", 100), ("day", 200), ("month", 9)] {
        let [journals, codes] = sums(&journal(&map, &["--by", by]).done().out);
        assert!(journals.len() >= least, "{by}: {} journals", journals.len());
        for (journal, difference) in journals {
            assert_eq!(difference, Decimal::ZERO, "{by}: {journal:?}");
        }
        assert_eq!(codes, wanted, "{by}");
    }
}

#[test]
fn the_other_forms_have_the_same_amounts() {
    let market = Market::new();
    let map = filled(&market, "map.toml", &[]);
    let of = |form: &str| {
        let args = ["--form", form, "--by", "month", "--currency", "CNY"];
        journal(&map, &args).done().out
    };
    let [_, wanted] = sums(&of("generic"));
    let wanted: BTreeMap<&str, Decimal> =
        wanted.iter().map(|((_, code), sum)| (code.as_str(), *sum)).collect();
    // Where code, debit and credit stand; Xero has both in one column.
    for (form, [code, debit, credit]) in [
        ("xero", [3, 5, 5]),
        ("quickbooks", [2, 4, 5]),
        ("kingdee", [5, 7, 8]),
        ("yonyou", [5, 6, 7]),
    ] {
        let text = of(form);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let mut found: BTreeMap<String, Decimal> = BTreeMap::new();
        for row in reader.records() {
            let row = row.unwrap();
            let less = if debit == credit { Decimal::ZERO } else { decimal(&row[credit]) };
            *found.entry(row[code].to_owned()).or_default() += decimal(&row[debit]) - less;
        }
        let found: BTreeMap<&str, Decimal> =
            found.iter().map(|(code, sum)| (code.as_str(), *sum)).collect();
        assert_eq!(found, wanted, "{form}");
    }
}

#[test]
fn a_merchants_side_is_a_journal_per_statement() {
    let market = Market::new();
    let map = filled(&market, "lines.toml", &["--merchant", "1007"]);
    let [journals, codes] = sums(&journal(&map, &["--merchant", "1007"]).done().out);
    let args = ["statement", "1007", "--all", "--data", demonstration(), "--format", "json"];
    let statements = souk(&args).done().json();
    assert_eq!(journals.len(), list(&statements).len());
    for of in list(&statements) {
        let key = (format!("SOUK-{}", of["number"].as_str().unwrap()), "CNY".to_owned());
        assert_eq!(journals.get(&key), Some(&Decimal::ZERO), "{key:?}");
    }
    let payouts: Decimal = list(&statements).iter().map(|of| amount(&of["payout"])).sum();
    assert_eq!(codes[&("CNY".to_owned(), "payout".to_owned())], payouts);
    let by = journal(&map, &["--merchant", "1007", "--by", "month"]);
    assert!(by.err.contains("[ConflictingArguments, exit 2]"), "{}", by.err);
}

#[test]
fn a_saved_choice_is_what_its_flags_are() {
    let market = Market::new();
    let map = filled(&market, "map.toml", &[]);
    let text = std::fs::read_to_string(&map).unwrap();
    let choice = "[choices.month-end]\nby = \"month\"\nform = \"xero\"\ncurrency = \"USD\"\n";
    let map =
        market.file("choices.toml", text.replace("[accounts]", &format!("{choice}\n[accounts]")));
    let flags = ["--by", "month", "--form", "xero", "--currency", "USD"];
    let wanted = journal(&map, &flags).done().out;
    assert!(wanted.lines().count() > 10, "{wanted}");
    assert_eq!(journal(&map, &["--choice", "month-end"]).done().out, wanted);
    // What is asked for beside it comes first.
    let yen = journal(&map, &["--choice", "month-end", "--currency", "JPY"]).done().out;
    assert_eq!(yen, journal(&map, &["--form", "xero", "--currency", "JPY"]).done().out);
    let unknown = journal(&map, &["--choice", "weekly"]);
    assert!(unknown.err.contains("[UnknownChoice, exit 2]\n  it has month-end"), "{}", unknown.err);
}

#[test]
fn what_cannot_be_exported_says_why() {
    let market = Market::new();
    let empty = souk(&["export", "journal", "--template"]).done().out;
    let empty = market.file("empty.toml", empty);
    let ran = journal(&empty, &[]);
    assert!(ran.exit == 4 && ran.out.is_empty(), "{}", ran.out);
    assert!(ran.err.contains("empty.toml:"), "{}", ran.err);
    assert!(ran.err.contains(": there is no code for AdCredit, nor for "), "{}", ran.err);
    assert!(ran.err.contains("    MerchantPayable = { code = "), "{}", ran.err);
    let map = filled(&market, "map.toml", &[]);
    let both = journal(&map, &["--form", "xero"]);
    assert!(both.err.contains("[OneCurrencyOnly, exit 2]"), "{}", both.err);
    let many = journal(&map, &["--form", "xero", "--by", "day", "--currency", "CNY"]);
    assert!(many.exit == 2 && many.out.is_empty(), "{}", many.out);
    assert!(many.err.contains("and Xero takes 300 in a file   [JournalsTooLong, exit 2]"));
    let part = many.err.lines().find_map(|line| line.trim().strip_prefix("--from ")).unwrap();
    let (from, rest) = part.split_once(" --to ").unwrap();
    let to = rest.split_whitespace().next().unwrap();
    let args = ["--form", "xero", "--by", "day", "--currency", "CNY", "--from", from, "--to", to];
    let fits = journal(&map, &args).done().out.lines().count();
    assert!((200..=301).contains(&fits), "{fits} lines with the heads");
}
