//! `souk tariff`: faults at their places, versions that leave the past alone, charges that a person can compute again, and
//! what another tariff would have charged.

use std::fmt::Write as _;
use std::path::Path;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::common::{amount, files, fixture, has, list, souk, souk_reads};
use crate::demo::demonstration;
use crate::market::{Market, line};

/// A tariff file of the market's tariff.
fn file(announced_on: &str, effective_on: &str, chosen_by: &str, fee: &str) -> String {
    format!(
        "tariff = \"std\"\nannounced_on = \"{announced_on}\"\neffective_on = \"{effective_on}\"\n\
         chosen_by = \"{chosen_by}\"\ncurrency = \"CNY\"\n\n[terms]\ncycle = \"weekly\"\n\
         time_zone = \"Asia/Shanghai\"\nhold_days = 7\n\n[[fees]]\nkind = \"commission\"\n\
         scope = \"line\"\nbase = \"item-price-less-discount\"\ntax = \"6 %\"\n\
         on_refund = \"proportional\"\n{fee}"
    )
}

const DEARER: &str = "default = \"6 %\"\n[fees.categories]\ntea = \"8 % + 2 %\"\n";

#[test]
fn every_fault_of_a_file_is_said_at_its_place_and_nothing_is_written() {
    let market = Market::empty();
    let text = file(
        "2024-02-01",
        "2024-01-01",
        "completion-date",
        "default = \"8\"\n[fees.categories]\ntea = \"x\"\n",
    );
    let path = market.file("bad.toml", &text);
    let ran = souk(&["tariff", "check", &path]);
    assert_eq!(ran.exit, 4, "{}", ran.err);
    let place = |wanted: &str| {
        let line = text.lines().position(|line| line.starts_with(wanted)).unwrap() + 1;
        let column = wanted.chars().count() + " = ".len() + 1;
        format!("{path}:{line}:{column}  ")
    };
    let said: Vec<&str> = ran.err.lines().collect();
    assert_eq!(said.len(), 4, "{}", ran.err);
    for (line, wanted) in said.iter().zip(["effective_on", "default", "tea"]) {
        assert!(line.starts_with(&place(wanted)), "{line} is not at {}", place(wanted));
    }
    assert!(said[3].contains("3 faults in") && said[3].contains("BadTariffFile, exit 4"));
    let problem = souk(&["tariff", "check", &path, "--format", "json"]).problem();
    assert_eq!(list(&problem["errors"]).len(), 3);
    market.refuses(&["tariff", "publish", &path], 4, "BadTariffFile");
}

#[test]
fn a_file_in_order_is_summed_up() {
    let market = Market::empty();
    let fee = "default = \"6 %\"\n[fees.categories]\narms = \"closed\"\n";
    let path = market.file("good.toml", file("2024-01-01", "2024-02-01", "order-date", fee));
    let of = souk(&["tariff", "check", &path, "--format", "json"]).done().json();
    has(
        &of,
        "tariff announced_on effective_on chosen_by currency source rules closed fees deposits freight",
        "",
    );
    assert_eq!((&of["rules"], &of["closed"]), (&json!(2), &json!(["arms"])));
    assert_eq!(of["fees"][0]["tax"], "6 % exclusive");
    let said = souk(&["tariff", "check", &path]).done().out;
    assert!(said.contains("2 rules in 1 fee; closed: arms"), "{said}");
    for name in ["demo-1", "demo-2", "demo-small", "olist", "standard"] {
        souk(&["tariff", "check", &fixture(&format!("tariffs/{name}.toml"))]).done();
    }
}

/// The deposit of a kind of merchant goes from the file by way of a command into the terms.
#[test]
fn the_deposit_of_a_kind_of_merchant_is_agreed_with_the_terms_of_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("ledger").to_str().unwrap().to_owned();
    let platform = fixture("tariffs/open-platform-cn.toml");
    let said = souk(&["tariff", "check", &platform]).done().out;
    assert!(said.contains("Deposit: CNY 3000.00 of enterprise\n"), "{said}");
    let init = ["init", "--data", &data, "--platform", "P", "--currency", "CNY"];
    souk(&[&init[..], &["--time-zone", "Asia/Shanghai", "--tariff", &platform]].concat()).done();
    for (merchant, of, deposit) in [
        ("1001", &["--business", "personal"][..], "1000.00"),
        ("1002", &["--business", "enterprise"], "3000.00"),
        ("1003", &["--business", "personal", "--category", "手机/手机通讯/手机"], "10000.00"),
    ] {
        let enrol = json!({ "command": "enrol-merchant", "at": "2026-03-01T10:00:00+08:00",
            "data": { "merchant": merchant, "kind": "seller" } });
        let from = ["--from", "2026-03-02"];
        let terms = [&["tariff", "terms", &platform, merchant], of, &from[..]].concat();
        let line = souk(&terms).done().out;
        let args = ["apply", "-", "--format", "json", "--data", &data];
        let applied = souk_reads(&args, format!("{enrol}\n{line}")).done().json_lines();
        assert_eq!(applied[1]["events"], json!(["terms-agreed"]));
        let terms: Value = serde_json::from_str(&line).unwrap();
        let asked = json!([{ "currency": "CNY", "amount": deposit }]);
        assert_eq!(terms["data"]["deposits"], asked, "{merchant}");
    }
}

#[test]
fn the_published_schema_of_a_tariff_file_is_that_of_the_binary() {
    let path = fixture("schemas/tariff-file.schema.json");
    let printed = souk(&["tariff", "check", "--schema"]).done().out;
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &printed).unwrap();
        return;
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(published == printed, "{path} is not what is printed; UPDATE_EXPECT=1 rewrites it");
}

#[test]
fn a_version_is_published_once_and_shown_from_its_first_day() {
    let market = Market::new();
    let path = market.file("v2.toml", file("2024-01-10", "2024-01-15", "completion-date", DEARER));
    let of = market.json(&["tariff", "publish", &path]);
    has(&of, "tariff version effective_on replayed first_entry events", "");
    assert_eq!((&of["version"], &of["replayed"]), (&json!(2), &json!(false)));
    let before = market.log();
    let again = market.json(&["tariff", "publish", &path]);
    assert_eq!((&again["version"], &again["replayed"]), (&json!(2), &json!(true)));
    assert_eq!(market.log(), before, "the same file again adds nothing");
    let first = market.json(&["tariff", "show", "std", "--on", "2024-01-14"]);
    let fields = "tariff version announced_on effective_on until chosen_by currency source entry versions fees freight";
    has(&first, fields, "");
    assert_eq!((&first["version"], &first["until"]), (&json!(1), &json!("2024-01-14")));
    let second = market.json(&["tariff", "show", "std"]);
    assert_eq!((&second["version"], &second["entry"]), (&json!(2), &of["first_entry"]));
    let csv =
        market.souk(&["tariff", "show", "std", "--version", "2", "--format", "csv"]).done().out;
    assert!(csv.contains("tea,tea,,8 % part-1 + 2 % part-2"), "{csv}");
    let said = market.souk(&["tariff", "show", "std"]).done().out;
    assert!(said.contains("Tariff std version 2 of 2: announced on 2024-01-10"), "{said}");
    market.refuses(&["tariff", "show", "sdt"], 2, "UnknownTariff");
    market.refuses(&["tariff", "show", "std", "--version", "3"], 2, "UnknownTariffVersion");
    market.souk(&["replay"]).done();
}

#[test]
fn a_version_never_begins_before_a_charge_that_was_recorded() {
    // The last order was placed on the 12th and completed on the 14th.
    let market = Market::new();
    for (effective_on, chosen_by) in
        [("2024-01-14", "completion-date"), ("2024-01-12", "order-date")]
    {
        let text = file("2024-01-02", effective_on, chosen_by, DEARER);
        let path = market.file("late.toml", text);
        let said = market.refuses(&["tariff", "publish", &path], 1, "TariffRetroactive");
        assert!(said.contains("order o5"), "{said}");
    }
    let path = market.file("v2.toml", file("2024-01-02", "2024-01-13", "order-date", DEARER));
    market.souk(&["tariff", "publish", &path]).done();
}

#[test]
fn a_version_by_apply_is_refused_alike_and_its_neighbours_are_carried_out() {
    let market = Market::new();
    let line = |tariff: &str, effective_on: &str| {
        json!({"command": "publish-tariff", "at": "2024-01-02T00:00:00Z", "data": {
            "tariff": tariff, "announced_on": "2024-01-02", "effective_on": effective_on,
            "fees": [{"kind": "commission", "scope": "line", "base": "item-price",
                "on_refund": "proportional", "rules": [{"rule": "all", "percent": "0.06"}]}]}})
        .to_string()
    };
    let lines = [line("new", "2024-01-14"), line("std", "2024-01-14"), line("std", "2024-01-15")];
    let path = market.file("versions.ndjson", lines.join("\n"));
    let said = market.souk(&["apply", &path, "--format", "json"]);
    let done: Vec<Value> =
        said.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let status: Vec<&Value> = done.iter().map(|one| &one["status"]).collect();
    assert_eq!(status, ["applied", "refused", "applied"]);
    assert_eq!(done[1]["code"], "TariffRetroactive");
    let message = done[1]["message"].as_str().unwrap();
    assert!(message.contains("order o5"), "{message}");
    let again = market.souk(&["apply", &path, "--format", "json"]);
    let again: Vec<Value> =
        again.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let status: Vec<&Value> = again.iter().map(|one| &one["status"]).collect();
    assert_eq!(status, ["replayed", "refused", "replayed"]);
}

#[test]
fn a_difference_is_said_field_by_field() {
    let market = Market::new();
    let path = market.file("v2.toml", file("2024-01-10", "2024-01-15", "completion-date", DEARER));
    let of = market.json(&["tariff", "diff", "std@1", &path]);
    has(&of, "before after rows", "");
    for row in list(&of["rows"]) {
        has(row, "change fee rule field before after", "");
    }
    let row = |field: &str, rule: Value| {
        let rows = list(&of["rows"]);
        rows.iter()
            .find(|row| row["field"] == field && row["rule"] == rule)
            .cloned()
            .unwrap_or_default()
    };
    // The one rule for everything got another name and another percentage.
    let percent = row("percent", json!("default"));
    assert_eq!((&percent["before"], &percent["after"]), (&json!("5 %"), &json!("6 %")));
    assert_eq!(row("name", json!("default"))["before"], "all");
    assert_eq!(row("rule", json!("tea"))["change"], "added");
    assert_eq!(row("currency", Value::Null)["after"], "CNY");
    let same = market.json(&["tariff", "diff", &path, &path]);
    assert!(list(&same["rows"]).is_empty());
}

#[test]
fn a_charge_is_explained_so_that_it_can_be_computed_again() {
    let market = Market::new();
    let of = market.json(&["tariff", "explain", "--order", "o1"]);
    has(&of, "entry order currency placed_on region method fees under", "");
    let fees = list(&of["fees"]);
    assert_eq!(fees.len(), 2, "one commission for each merchant");
    let fee = &fees[0];
    assert_eq!((&fee["version"], &fee["chosen_on"]), (&json!(1), &json!("2024-01-04")));
    let line = &fee["lines"][0];
    let steps: Vec<(&str, &str)> = list(&line["steps"])
        .iter()
        .map(|step| (step["what"].as_str().unwrap(), step["result"].as_str().unwrap()))
        .collect();
    assert_eq!(
        steps,
        [
            ("5 % of 95.00", "4.75"),
            ("rounded half-up", "4.75"),
            ("tax on top: 6 % of 4.75, rounded half-up", "0.29")
        ]
    );
    assert_eq!((&line["agrees"], &line["rule"]), (&json!(true), &json!("all")));
    // Everything of line a went back after the payout.
    assert_eq!((&fee["returned"], &fee["tax_returned"]), (&json!("4.75"), &json!("0.29")));
    assert_eq!(fees[1]["returned"], "0.00");
    let said = market.souk(&["tariff", "explain", "--order", "o1"]).done().out;
    assert!(said.contains("because no rule that holds names tea or a category above it"), "{said}");
    market.refuses(&["tariff", "explain", "--order", "o99"], 2, "UnknownOrder");
    assert_eq!(list(&market.json(&["tariff", "explain", "--order", "o4"])["fees"]).len(), 0);
}

#[test]
fn an_order_is_explained_under_another_tariff_too() {
    let market = Market::new();
    let path = market.file("v2.toml", file("2024-01-10", "2024-01-15", "completion-date", DEARER));
    let of = market.json(&["tariff", "explain", "--order", "o1", "--file", &path]);
    let under = &of["under"];
    has(under, "name refused lines charged simulated difference", "");
    let line = |merchant: &str| {
        list(&under["lines"]).iter().find(|line| line["merchant"] == merchant).cloned().unwrap()
    };
    // 10 % of 95.00 and 6 % tax instead of 5 %; 6 % of 60.00 instead of 5 %.
    let tea = line("1007");
    assert_eq!((&tea["charged"], &tea["simulated"]), (&json!("5.04"), &json!("10.07")));
    assert_eq!((&tea["difference"], &tea["other_rule"]), (&json!("5.03"), &json!("tea")));
    let home = line("1008");
    assert_eq!((&home["charged"], &home["simulated"]), (&json!("3.18"), &json!("3.82")));
    assert_eq!(under["difference"], "5.67");
    let same = market.json(&["tariff", "explain", "--order", "o1", "--file", "std@1"]);
    assert_eq!(same["under"]["difference"], "0.00");
}

#[test]
fn steps_bounds_conditions_and_tax_within_are_explained_one_by_one() {
    let market = Market::new();
    let fee = "default = \"8 %\"\n[fees.categories]\ntea = \"5 %\"\n[[fees.rules]]\n\
               rule = \"green-by-card\"\ncategory = \"tea/green\"\nwhen = { method = \"card\" }\n\
               minimum = \"0.30\"\nmaximum = \"20.00\"\nfixed = \"0.10\"\n\
               tiers = { by = \"price\", stepping = \"marginal\", steps = [\
               { above = \"0\", percent = \"8 %\" }, { above = \"10\", percent = \"15 %\" }] }\n";
    let text = file("2024-01-10", "2024-01-15", "completion-date", fee);
    let text = text.replace(
        "tax = \"6 %\"",
        "tax = \"6 %\"\ntax_mode = \"inclusive\"\nrounding = \"half-even\"",
    );
    let path = market.file("v2.toml", text);
    market.souk(&["tariff", "publish", &path]).done();
    let lines = json!([{ "line": "1", "merchant": "1007", "category": "tea/green/sencha", "price": "33.51" }]);
    let mut commands = String::new();
    for (command, data) in [
        ("place-order", json!({ "order": "o9", "currency": "CNY", "lines": lines })),
        (
            "pay-order",
            json!({ "order": "o9", "payment": "p1", "method": "card", "amount": "33.51" }),
        ),
        ("complete-order", json!({ "order": "o9", "merchant": "1007" })),
    ] {
        commands += &line(command, command, "2024-01-20T10:00:00+08:00", &data);
    }
    market.apply(&commands).done();
    let of = market.json(&["tariff", "explain", "--order", "o9"]);
    let fee = &of["fees"][0];
    assert_eq!((&fee["version"], &fee["announced_on"]), (&json!(2), &json!("2024-01-10")));
    let of = &fee["lines"][0];
    let why = &of["why"];
    has(why, "category depth conditions less_specific words", "");
    assert_eq!((&why["category"], &why["depth"]), (&json!("tea/green"), &json!(2)));
    assert_eq!(why["conditions"], json!([{ "of": "method", "is": "card" }]));
    assert_eq!(why["less_specific"], json!(["tea", "default"]));
    let steps: Vec<(&str, &str)> = list(&of["steps"])
        .iter()
        .map(|step| (step["what"].as_str().unwrap(), step["result"].as_str().unwrap()))
        .collect();
    assert_eq!(
        steps,
        [
            ("8 % of 10.00", "0.8"),
            ("15 % of 23.51", "3.5265"),
            ("sum of the steps", "4.3265"),
            ("rounded half-even", "4.33"),
            ("at least 0.30", "4.33"),
            ("at most 20.00", "4.33"),
            ("plus 0.10", "4.43"),
            ("without the tax within it: 4.43 / 1.06, rounded half-up", "4.18"),
            ("tax within: 4.43 less 4.18", "0.25"),
        ]
    );
    assert_eq!(
        (&of["amount"], &of["tax"], &of["agrees"]),
        (&json!("4.18"), &json!("0.25"), &json!(true))
    );
    let csv = market.souk(&["tariff", "explain", "--order", "o9", "--format", "csv"]).done().out;
    assert_eq!(csv.lines().count(), 10, "{csv}");
}

/// A tariff file with so many categories, each with a composite, a least, a most and a fixed amount.
fn large(rules: usize) -> String {
    let mut fee = "default = \"5 %\"\n".to_owned();
    for number in 0..rules {
        let _ = write!(
            fee,
            "[[fees.rules]]\nrule = \"home.{number}\"\ncategory = \"home-and-kitchen/appliances/{number}\"\n\
             percent = \"8 % + 2 %\"\nminimum = \"0.30\"\nmaximum = \"200.00\"\nfixed = \"0.10\"\n"
        );
    }
    file("2024-01-10", "2024-01-15", "completion-date", &fee)
}

#[test]
fn a_tariff_that_does_not_fit_a_record_is_published_in_parts_and_holds_whole() {
    for (rules, events) in [(50, 1), (300, 2), (1_000, 5)] {
        let market = Market::new();
        let path = market.file("large.toml", large(rules));
        let of = market.json(&["tariff", "publish", &path]);
        assert_eq!(of["events"], events, "{rules} rules");
        let shown = market.json(&["tariff", "show", "std", "--version", "2"]);
        assert_eq!(list(&shown["fees"][0]["rules"]).len(), rules + 1);
        let same = market.json(&["tariff", "diff", "std@2", &path]);
        assert!(list(&same["rows"]).is_empty(), "{same}");
        assert_eq!(market.json(&["tariff", "publish", &path])["replayed"], true);
        market.souk(&["replay"]).done();
    }
}

fn simulated(args: &[&str]) -> Value {
    let args = ["tariff", "simulate"].iter().chain(args).copied();
    let args = args.chain(["--format", "json", "--data", demonstration()]);
    souk(&args.collect::<Vec<_>>()).done().json()
}

/// Every row has its difference, and merchants and totals are the sums of the rows.
#[track_caller]
fn adds_up(of: &Value) {
    let fields =
        "entry under tariff merchant from to orders completions rows merchants totals refused";
    has(of, fields, "");
    let sum = |name: &str, field: &str| -> Decimal {
        list(&of[name])
            .iter()
            .filter(|row| row["line"] != "all")
            .map(|row| amount(&row[field]))
            .sum()
    };
    for name in ["rows", "merchants", "totals"] {
        for row in list(&of[name]) {
            let (charged, simulated) = (amount(&row["charged"]), amount(&row["simulated"]));
            assert_eq!(simulated - charged, amount(&row["difference"]), "{row}");
        }
        for field in ["charged", "simulated", "difference"] {
            assert_eq!(sum(name, field), sum("rows", field), "{name} {field}");
        }
    }
}

#[test]
fn the_very_tariff_in_force_makes_no_difference_for_any_merchant() {
    let before = files(Path::new(demonstration()));
    for (file, version, range) in [
        ("tariffs/demo-1.toml", "standard@1", ["--from", "2025-12-01", "--to", "2026-01-31"]),
        ("tariffs/demo-2.toml", "standard@2", ["--from", "2026-02-01", "--to", "2026-12-31"]),
    ] {
        let path = fixture(file);
        for under in [path.as_str(), version] {
            let of = simulated(&[[under].as_slice(), &range].concat());
            adds_up(&of);
            assert!(of["orders"].as_u64().unwrap() > 300, "{under}: {}", of["orders"]);
            assert!(list(&of["merchants"]).len() > 20, "{under}");
            for row in list(&of["merchants"]).iter().chain(list(&of["rows"])) {
                assert!(amount(&row["difference"]).is_zero(), "{under}: {row}");
            }
            assert_eq!(of["refused"]["completions"], 0);
        }
    }
    let after = files(Path::new(demonstration()));
    let log = |of: &std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>| {
        of.iter()
            .filter(|(path, _)| path.starts_with("log"))
            .map(|(_, bytes)| bytes.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(log(&before), log(&after), "nothing is written");
}

#[test]
fn another_tariff_makes_the_difference_that_its_rates_make() {
    let range = ["--from", "2025-12-01", "--to", "2026-01-31"];
    let path = fixture("tariffs/demo-2.toml");
    let of = simulated(&[[path.as_str()].as_slice(), &range].concat());
    adds_up(&of);
    let lines = |wanted: &str| -> Vec<Value> {
        list(&of["totals"]).iter().filter(|row| row["line"] == wanted).cloned().collect()
    };
    assert!(lines("Commission").iter().any(|row| !amount(&row["difference"]).is_zero()));
    // The payment fee is the same in both.
    assert!(lines("PaymentServices").iter().all(|row| amount(&row["difference"]).is_zero()));
    assert!(!lines("PaymentServices").is_empty());
    let merchant = list(&of["merchants"])[0]["merchant"].as_str().unwrap();
    let one = simulated(&[[path.as_str(), "--merchant", merchant].as_slice(), &range].concat());
    adds_up(&one);
    assert_eq!(list(&one["merchants"])[0]["difference"], list(&of["merchants"])[0]["difference"]);
    assert!(list(&one["merchants"]).iter().all(|row| row["merchant"] == merchant));
}

#[test]
fn what_another_tariff_would_refuse_is_listed_and_not_counted() {
    let market = Market::new();
    let fee = "default = \"5 %\"\n[fees.categories]\nhome = \"closed\"\n";
    let text = file("2024-01-10", "2024-01-15", "completion-date", fee)
        .replace("currency = \"CNY\"\n", "");
    let path = market.file("closed.toml", text);
    let of = market.json(&["tariff", "simulate", &path]);
    adds_up(&of);
    let refused = &of["refused"];
    has(refused, "completions charged codes first", "");
    assert_eq!(
        (&refused["completions"], &refused["codes"]),
        (&json!(1), &json!({"CategoryNotOpen": 1}))
    );
    let first = &refused["first"][0];
    assert_eq!((&first["order"], &first["merchant"]), (&json!("o1"), &json!("1008")));
    assert_eq!(refused["charged"]["CNY"], "3.18");
    // The other merchant's part of the order is charged, and at the same rate.
    assert!(list(&of["merchants"]).iter().all(|row| amount(&row["difference"]).is_zero()));
    assert_eq!(of["completions"], 4);
    let said = market.souk(&["tariff", "simulate", &path]).done().err;
    assert!(said.contains("would refuse 1 completion, which were charged CNY 3.18"), "{said}");
    market.refuses(
        &["tariff", "simulate", &path, "--from", "2024-02", "--to", "2024-01"],
        2,
        "RangeReversed",
    );
}
