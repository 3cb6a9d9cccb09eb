//! The JSON that programs read: exactly the fields of the contract, amounts as strings, figures that
//! add up, and a statement's digest computed again from its JSON alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::ToSpan as _;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::Value;
use souk_domain::event_id::sha256;

use crate::common::{amount, fixture, has, list, souk};
use crate::demo::demonstration;
use crate::market::Market;

#[track_caller]
fn sum<'v>(of: impl IntoIterator<Item = &'v Value>) -> Decimal {
    of.into_iter().map(amount).sum()
}

/// Sums of fields by currency.
fn by_currency(rows: &[Value], names: &[&str]) -> BTreeMap<String, Vec<Decimal>> {
    let mut sums: BTreeMap<String, Vec<Decimal>> = BTreeMap::new();
    for row in rows {
        let of = sums.entry(row["currency"].as_str().unwrap().to_owned());
        let of = of.or_insert_with(|| vec![Decimal::ZERO; names.len()]);
        for (sum, name) in of.iter_mut().zip(names) {
            *sum += amount(&row[*name]);
        }
    }
    sums
}

fn demo(args: &[&str]) -> Value {
    let args = args.iter().copied().chain(["--format", "json", "--data", demonstration()]);
    souk(&args.collect::<Vec<_>>()).done().json()
}

#[test]
fn a_trial_balance_balances_in_every_currency() {
    let of = demo(&["trial-balance"]);
    has(&of, "entry rows totals", "");
    assert!(of["entry"].is_u64());
    for row in list(&of["rows"]) {
        has(row, "account currency debits credits balance", "merchant");
        assert_eq!(amount(&row["debits"]) - amount(&row["credits"]), amount(&row["balance"]));
    }
    let names = ["debits", "credits"];
    let sums = by_currency(list(&of["rows"]), &names);
    assert_eq!(sums.keys().map(String::as_str).collect::<Vec<_>>(), ["CNY", "JPY", "USD"]);
    assert_eq!(sums, by_currency(list(&of["totals"]), &names), "totals are the sums of the rows");
    for total in list(&of["totals"]) {
        has(total, "currency debits credits", "");
        assert_eq!(total["debits"], total["credits"]);
    }
}

#[test]
fn the_total_of_a_balance_is_the_signed_sum_of_its_states() {
    let of = demo(&["balances"]);
    has(&of, "entry rows", "");
    let states = "pending payable due held reserved deposit ad_wallet in_transit debt";
    for row in list(&of["rows"]) {
        has(row, &format!("merchant currency total {states}"), "");
        let total = sum(states.split_whitespace().map(|name| &row[name]));
        assert_eq!(total, amount(&row["total"]), "{row}");
    }
    assert!(list(&of["rows"]).len() > 50);
}

#[test]
fn the_effective_date_parts_pending_from_payable_and_changes_no_total() {
    let all = demo(&["balances"]);
    let early = demo(&["balances", "--effective", "2025-12-01"]);
    let mut moved = false;
    for (late, early) in list(&all["rows"]).iter().zip(list(&early["rows"])) {
        assert_eq!((&late["merchant"], &late["total"]), (&early["merchant"], &early["total"]));
        let open = |row: &Value| sum([&row["pending"], &row["payable"]]);
        assert_eq!(open(late), open(early));
        moved |= late["payable"] != early["payable"];
    }
    assert!(moved);
}

#[test]
fn revenue_adds_up_and_its_take_rate_is_a_fraction() {
    let of = demo(&["revenue", "--by", "month,line"]);
    has(&of, "rows totals deferral deferred", "");
    for row in list(&of["rows"]) {
        has(row, "month line currency gross returned contra net deferred recognised take_rate", "");
        let taken = amount(&row["returned"]) + amount(&row["contra"]);
        assert_eq!(amount(&row["gross"]) - taken, amount(&row["net"]));
    }
    let names = ["gross", "returned", "contra", "net", "deferred", "recognised"];
    let sums = by_currency(list(&of["rows"]), &names);
    assert_eq!(sums, by_currency(list(&of["totals"]), &names));
    // However it is split, it is the same.
    for by in ["line,region", "tier", "currency", "month,category,region,tier"] {
        let split = demo(&["revenue", "--by", by]);
        assert_eq!(by_currency(list(&split["rows"]), &names), sums, "{by}");
    }
    for row in list(&of["deferral"]) {
        let gone = ["recognised", "returned", "forfeited"];
        let gone: Decimal = gone.iter().map(|name| amount(&row[*name])).sum();
        let closing = amount(&row["opening"]) + amount(&row["charged"]) - gone;
        assert_eq!(closing, amount(&row["closing"]));
    }
    let closing = list(&of["deferral"]).last().map(|row| amount(&row["closing"]));
    assert_eq!(closing, list(&of["deferred"]).first().map(|row| amount(&row["amount"])));
    for total in list(&of["totals"]) {
        has(
            total,
            "currency merchandise_value gross returned contra net deferred recognised take_rate",
            "",
        );
        let rate = amount(&total["net"]) / amount(&total["merchandise_value"]);
        let said = amount(&total["take_rate"]);
        assert_eq!(said.scale(), 4);
        assert!((rate - said).abs() <= Decimal::new(5, 5), "{said} is not {rate}");
    }
    // One month alone, and nothing at all.
    let month = demo(&["revenue", "--from", "2026-02", "--to", "2026-02"]);
    assert!(list(&month["rows"]).iter().all(|row| row["month"] == "2026-02"));
    let none = Market::empty().json(&["revenue"]);
    assert!(list(&none["rows"]).is_empty() && list(&none["totals"]).is_empty());
}

const STATEMENT: &str = "number merchant cycle from to time_zone currency frozen final opening lines subtotals \
     earned moved reserve_withheld reserve_released deposit_topped_up deposit_used closing payout carried debt digest reserves transfer";
const LINE: &str = "line_no kind component order amount base rate computed reason tariff conversion effective_on due_on late \
     corrects entry stream revision address";

/// Kinds of lines that move money and are not earned.
const MOVES: [&str; 13] = [
    "payout.returned",
    "payout.failed",
    "payout.advanced",
    "hold.placed",
    "hold.released",
    "loan.granted",
    "loan.repaid",
    "deposit.paid",
    "deposit.used",
    "ad_wallet.top_up",
    "debt.recognised",
    "debt.collected",
    "brought_forward",
];

/// What a line belongs to: its order, or else the payout that its stream is of.
fn subject(line: &Value) -> &str {
    let payout = || line["stream"].as_str().unwrap().strip_prefix("payout-");
    line["order"].as_str().or_else(payout).unwrap_or("-")
}

/// The text form of the lines, from the JSON of the statement alone.
fn text_form(of: &Value) -> String {
    let text = |of: &Value| of.as_str().unwrap_or("-").to_owned();
    let day_after: Date = of["to"].as_str().unwrap().parse().unwrap();
    let mut form = String::from("souk statement-lines/v1\n");
    let _ = writeln!(
        form,
        "{}\t{}\t{}\t{}\t{}\t{}\t{}",
        text(&of["merchant"]),
        text(&of["currency"]),
        text(&of["cycle"]),
        text(&of["from"]),
        day_after.checked_add(1.day()).unwrap(),
        of["entry_limit"],
        text(&of["opening"]),
    );
    for line in list(&of["lines"]) {
        let _ = writeln!(
            form,
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}.{}",
            line["line_no"],
            text(&line["kind"]),
            subject(line),
            text(&line["amount"]),
            text(&line["effective_on"]),
            text(&line["due_on"]),
            if line["late"] == true { "late" } else { "-" },
            text(&line["corrects"]),
            line["entry"],
            line["posting"],
        );
    }
    form
}

#[track_caller]
pub(crate) fn check_statement(of: &Value) {
    has(of, STATEMENT, "entry_limit");
    let mut kinds: BTreeMap<&str, (u64, Decimal)> = BTreeMap::new();
    for (number, line) in (1_u64..).zip(list(&of["lines"])) {
        has(line, LINE, "posting");
        assert_eq!(line["line_no"], number);
        let kind = line["kind"].as_str().unwrap();
        assert_eq!(line["component"].as_str(), kind.split_once('.').map(|(_, rest)| rest));
        assert_eq!(line["late"] == true, line["due_on"].as_str() < of["from"].as_str());
        if !line["tariff"].is_null() {
            has(&line["tariff"], "id version rule", "");
        }
        if !line["conversion"].is_null() {
            has(&line["conversion"], "currency amount pair rate rate_on", "");
        }
        let total = kinds.entry(kind).or_default();
        *total = (total.0 + 1, total.1 + amount(&line["amount"]));
    }
    for part in list(&of["subtotals"]) {
        has(part, "kind lines amount", "");
        let (lines, total) = kinds.remove(part["kind"].as_str().unwrap()).unwrap();
        assert_eq!((part["lines"].as_u64(), amount(&part["amount"])), (Some(lines), total));
    }
    assert!(kinds.is_empty(), "{kinds:?} have no subtotal");
    let (withheld, released) = (amount(&of["reserve_withheld"]), amount(&of["reserve_released"]));
    let (topped_up, used) = (amount(&of["deposit_topped_up"]), amount(&of["deposit_used"]));
    for kept in [withheld, released, topped_up, used] {
        assert!(kept >= Decimal::ZERO, "{}", of["number"]);
    }
    let lines = sum(list(&of["lines"]).iter().map(|line| &line["amount"]));
    assert_eq!(amount(&of["earned"]) + amount(&of["moved"]), lines, "{}", of["number"]);
    let moves =
        list(&of["lines"]).iter().filter(|line| MOVES.contains(&line["kind"].as_str().unwrap()));
    assert_eq!(amount(&of["moved"]), sum(moves.map(|line| &line["amount"])), "{}", of["number"]);
    let parts = list(&of["reserves"]).iter().map(|part| amount(&part["amount"]));
    assert_eq!(parts.sum::<Decimal>(), released - withheld, "{}", of["number"]);
    let closing = amount(&of["opening"]) + lines - withheld - topped_up + released + used;
    assert_eq!(closing, amount(&of["closing"]), "{}", of["number"]);
    let (carried, debt) = (amount(&of["carried"]), amount(&of["debt"]));
    assert_eq!(closing, amount(&of["payout"]) + carried - debt, "{}", of["number"]);
    let digest: String =
        sha256(text_form(of).as_bytes()).iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
    assert_eq!(of["digest"], digest, "{}", text_form(of));
}

#[test]
fn statements_add_up_follow_one_another_and_their_digest_follows_from_the_json() {
    for merchant in ["1007", "1013", "1042", "1004", "1009"] {
        let all = demo(&["statement", merchant, "--all"]);
        assert!(list(&all).len() >= 3, "{merchant} has few statements");
        for of in list(&all) {
            check_statement(of);
            assert_eq!(of["frozen"], true);
        }
        let mut before: BTreeMap<&str, &Value> = BTreeMap::new();
        let mut ascending: Vec<&Value> = list(&all).iter().collect();
        ascending.sort_by_key(|of| of["from"].as_str());
        for of in ascending {
            let carried = before.insert(of["currency"].as_str().unwrap(), &of["carried"]);
            let carried = carried.map_or(Decimal::ZERO, amount);
            assert_eq!(
                amount(&of["opening"]),
                carried,
                "{} opens with what was carried",
                of["number"]
            );
        }
    }
}

#[test]
fn one_statement_is_an_object_and_all_are_a_list() {
    let market = Market::new();
    let one = market.json(&["statement", "1008"]);
    check_statement(&one);
    let all = market.json(&["statement", "1008", "--all"]);
    assert!(list(&all).contains(&one), "without a cycle it is the latest of them");
    let named = market.json(&["statement", "1008", one["cycle"].as_str().unwrap()]);
    assert_eq!(one, named);
    // A cycle that is not closed says so.
    let open = market.json(&["statement", "1007", "2024-W05", "--currency", "CNY"]);
    has(&open, STATEMENT, "entry_limit");
    assert_eq!((&open["frozen"], &open["digest"]), (&Value::Bool(false), &Value::Null));
}

#[test]
fn what_a_payout_paid_and_a_refund_took_back_is_carried_as_a_debt() {
    let market = Market::new();
    let of = market.json(&["statement", "1007", "2024-W03", "--currency", "CNY"]);
    check_statement(&of);
    assert!(amount(&of["carried"]) < Decimal::ZERO, "{of}");
    assert_eq!(of["payout"], "0.00");
    assert!(amount(&of["reserve_released"]) > Decimal::ZERO, "the reserve covers first");
    let small = market.json(&["statement", "1008", "2024-W02"]);
    check_statement(&small);
    assert_eq!(
        (&small["payout"], amount(&small["carried"]) > Decimal::ZERO),
        (&"0.00".into(), true)
    );
}

#[test]
fn a_replay_has_no_mismatches() {
    let of = demo(&["replay"]);
    has(&of, "events entries seconds events_per_second balanced cycles_checked mismatches", "");
    assert_eq!(of["events"], of["entries"]);
    assert_eq!((&of["balanced"], &of["mismatches"]), (&true.into(), &0.into()));
    assert!(of["cycles_checked"].as_u64() > Some(100) && of["seconds"].is_number());
}

#[test]
fn an_import_of_olist_counts_by_class() {
    let dir = tempfile::tempdir().unwrap();
    let (mini, tariff) = (fixture("olist-mini"), fixture("tariffs/olist.toml"));
    let data = dir.path().join("ledger");
    let args = ["import", "olist", &mini, "--tariff", &tariff, "--format", "json", "--data"];
    let args = [args.as_slice(), &[data.to_str().unwrap()]].concat();
    let of = souk(&args).done().json();
    has(&of, "orders merchants events differences rejected seconds events_per_second", "");
    assert_eq!(
        (&of["orders"], &of["merchants"], &of["rejected"]),
        (&16.into(), &4.into(), &0.into())
    );
    let classes = "matched rounding instalment_interest untracked_discount voucher_related \
         paid_without_items no_payment unexplained";
    has(&of["differences"], classes, "");
    let mut orders = 0;
    for class in classes.split_whitespace() {
        let class = &of["differences"][class];
        has(class, "orders amount net", "");
        orders += class["orders"].as_u64().unwrap();
        assert!(amount(&class["amount"]) >= amount(&class["net"]).abs());
    }
    assert_eq!(orders, 16);
    let again = souk(&args).done().json();
    assert_eq!(again["events"], 0, "importing twice adds nothing");
    assert_eq!(again["differences"], of["differences"]);
}
