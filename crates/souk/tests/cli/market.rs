//! A small marketplace that the tests begin with: two merchants, two currencies, a reserve, a payout,
//! a refund after it.
//!
//! Merchant 1007 keeps a reserve of 5 % and sells in CNY and USD; 1008 is paid from CNY 100 on. Cycles
//! are weeks, which are closed through 2024-W04 (1008 has nothing in the last). Order `o1` is completed and partly refunded, `o4`
//! is paid and not completed.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::{Ran, copy, files, souk, souk_reads};

/// A ledger in a directory of its own.
pub(crate) struct Market {
    pub(crate) dir: TempDir,
}

/// A line of `souk apply`, with its key.
pub(crate) fn line(command: &str, key: &str, at: &str, data: &Value) -> String {
    json!({ "command": command, "key": key, "at": at, "data": data }).to_string() + "\n"
}

/// A tariff with one commission of 5 % and 6 % tax.
pub(crate) fn tariff(name: &str, effective_on: &str) -> Value {
    json!({
        "tariff": name, "announced_on": "2024-01-01", "effective_on": effective_on,
        "fees": [{
            "kind": "commission", "scope": "line", "base": "item-price-less-discount",
            "tax": "0.06", "on_refund": "proportional",
            "rules": [{ "rule": "all", "percent": "0.05" }]
        }]
    })
}

/// Weekly terms in Shanghai with 7 hold days.
pub(crate) fn terms(merchant: &str, effective_on: &str) -> Value {
    json!({
        "merchant": merchant, "effective_on": effective_on, "cycle": "weekly",
        "time_zone": "Asia/Shanghai", "hold_days": 7, "tariff": "std"
    })
}

/// The payout of a cycle in CNY.
pub(crate) fn payout(merchant: &str, cycle: &str) -> Value {
    json!({ "of": { "merchant": merchant, "currency": "CNY", "cycle": cycle } })
}

/// A sale of one line, placed and paid at ten, completed two days later.
pub(crate) fn sale(order: &str, merchant: &str, currency: &str, day: u32, price: &str) -> String {
    let at = |day: u32| format!("2024-01-{day:02}T10:00:00+08:00");
    let lines = json!([{ "line": "1", "merchant": merchant, "category": "tea", "price": price }]);
    let mut text = String::new();
    for (command, day, data) in [
        ("place-order", day, json!({ "order": order, "currency": currency, "lines": lines })),
        (
            "pay-order",
            day,
            json!({ "order": order, "payment": "p1", "method": "card", "amount": price }),
        ),
        ("complete-order", day + 2, json!({ "order": order, "merchant": merchant })),
    ] {
        text += &line(command, &format!("{order} {command}"), &at(day), &data);
    }
    text
}

/// What happens before the first close: enrolment, and the sales of two weeks.
pub(crate) fn opening() -> String {
    let at = "2024-01-01T00:00:00+08:00";
    let mut first = terms("1007", "2024-01-01");
    first["reserve"] = json!({ "rate": "0.05", "base": "net-lines", "days": 14 });
    let mut second = terms("1008", "2024-01-01");
    second["minimum_payouts"] = json!([{ "currency": "CNY", "amount": "100.00" }]);
    let mut text = line("publish-tariff", "tariff", at, &tariff("std", "2024-01-01"));
    for (merchant, terms) in [("1007", first), ("1008", second)] {
        let key = format!("enrol {merchant}");
        text += &line("enrol-merchant", &key, at, &json!({ "merchant": merchant }));
        text += &line("agree-terms", &format!("terms {merchant}"), at, &terms);
    }
    text += &line(
        "open-book",
        "book",
        at,
        &json!({ "book": "main", "first_month": "2024-01-01", "time_zone": "Asia/Shanghai" }),
    );
    let day = |day: u32| format!("2024-01-{day:02}T10:00:00+08:00");
    let subsidy = json!({ "amount": "4.00", "funding": "platform-subsidy" });
    let lines = json!([
        { "line": "a", "merchant": "1007", "category": "tea", "price": "100.00", "shipping": "8.00",
          "merchant_discount": "5.00", "platform_discount": subsidy },
        { "line": "b", "merchant": "1008", "category": "home", "price": "60.00" }
    ]);
    let pay = |payment: &str, voucher: bool, amount: &str| {
        let method = if voucher { "voucher" } else { "card" };
        json!({ "order": "o1", "payment": payment, "method": method, "voucher": voucher, "amount": amount })
    };
    let fee =
        json!({ "order": "o1", "payment": "p1", "rate": "0.006", "returned_on_refund": true });
    for (key, command, on, data) in [
        ("1", "place-order", 2, json!({ "order": "o1", "currency": "CNY", "lines": lines })),
        ("2", "pay-order", 2, pay("p1", false, "120.00")),
        ("3", "pay-order", 2, pay("p2", true, "39.00")),
        ("4", "incur-channel-fee", 2, fee),
        ("5", "ship-order", 3, json!({ "order": "o1", "merchant": "1007" })),
        ("6", "complete-order", 4, json!({ "order": "o1", "merchant": "1007" })),
        ("7", "complete-order", 4, json!({ "order": "o1", "merchant": "1008" })),
    ] {
        text += &line(command, &format!("o1 {key}"), &day(on), &data);
    }
    text += &sale("o2", "1007", "USD", 3, "20.00");
    text += &sale("o3", "1007", "CNY", 2, "33.33");
    let unfinished = sale("o4", "1007", "CNY", 10, "10.00");
    text.extend(unfinished.lines().take(2).flat_map(|line| [line, "\n"]));
    text
}

/// What happens after the first close: the payout, and a refund of what it paid for.
fn after() -> String {
    let mut text = String::new();
    let back = json!([{ "line": "a", "principal": "91.00", "shipping": "8.00" }]);
    for (key, command, on, data) in [
        ("instruct", "instruct-payout", 16, payout("1007", "2024-W02")),
        ("confirm", "confirm-payout", 17, payout("1007", "2024-W02")),
        ("refund", "issue-refund", 18, json!({ "order": "o1", "refund": "r1", "lines": back })),
    ] {
        text += &line(command, key, &format!("2024-01-{on}T10:00:00+08:00"), &data);
    }
    text += &sale("o5", "1008", "CNY", 12, "70.00");
    text
}

fn template() -> &'static Path {
    static TEMPLATE: OnceLock<TempDir> = OnceLock::new();
    let dir = TEMPLATE.get_or_init(|| {
        let market = Market { dir: tempfile::tempdir().unwrap() };
        market.souk(&["init", "--platform", "Test"]).done();
        market.apply(&opening()).done();
        market.souk(&["close", "--through", "2024-W02"]).done();
        market.apply(&after()).done();
        market.souk(&["close", "--through", "2024-W04"]).done();
        market.dir
    });
    dir.path()
}

impl Market {
    /// The marketplace as described above.
    pub(crate) fn new() -> Self {
        let market = Self { dir: tempfile::tempdir().unwrap() };
        copy(template(), market.dir.path());
        market
    }

    /// A ledger without merchants.
    pub(crate) fn empty() -> Self {
        let market = Self { dir: tempfile::tempdir().unwrap() };
        market.souk(&["init", "--platform", "Test"]).done();
        market
    }

    /// The ledger's directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("ledger")
    }

    fn with_data<'a>(&self, data: &'a str, args: &[&'a str]) -> Vec<&'a str> {
        args.iter().copied().chain(["--data", data]).collect()
    }

    /// Runs a command on the ledger.
    pub(crate) fn souk(&self, args: &[&str]) -> Ran {
        souk(&self.with_data(self.data().to_str().unwrap(), args))
    }

    /// Runs a command on the ledger with a text on standard input.
    pub(crate) fn reads(&self, args: &[&str], text: impl AsRef<[u8]>) -> Ran {
        souk_reads(&self.with_data(self.data().to_str().unwrap(), args), text)
    }

    /// Applies lines.
    pub(crate) fn apply(&self, lines: &str) -> Ran {
        self.reads(&["apply", "-", "--format", "json"], lines)
    }

    /// The answer of a command in JSON.
    #[track_caller]
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
        self.souk(&args).done().json()
    }

    /// Writes a file beside the ledger and gives its path.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The bytes of the log, by file.
    pub(crate) fn log(&self) -> Vec<(PathBuf, Vec<u8>)> {
        files(&self.data().join("log")).into_iter().collect()
    }

    /// The command is refused with this code, in words and as a problem, and nothing is written.
    #[track_caller]
    pub(crate) fn refuses(&self, args: &[&str], exit: i32, code: &str) -> String {
        self.refuses_reading(args, "", exit, code)
    }

    /// The same, of lines of `souk apply`.
    #[track_caller]
    pub(crate) fn refuses_line(&self, lines: &str, exit: i32, code: &str) -> String {
        self.refuses_reading(&["apply", "-"], lines, exit, code)
    }

    /// The same, of a command that reads a text.
    #[track_caller]
    pub(crate) fn refuses_reading(
        &self,
        args: &[&str],
        text: impl AsRef<[u8]>,
        exit: i32,
        code: &str,
    ) -> String {
        let before = self.log();
        let ran = self.reads(args, &text);
        assert_eq!(ran.exit, exit, "{}{}", ran.out, ran.err);
        let said = format!("[{code}, exit {exit}]");
        assert!(ran.err.contains(&said), "{said} is not in {}", ran.err);
        let in_json: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
        let problem = self.reads(&in_json, &text);
        assert_eq!(problem.exit, exit, "{}{}", problem.out, problem.err);
        let problem = problem.problem();
        assert_eq!(problem["title"], code);
        assert_eq!(problem["type"], format!("/help/errors/{code}"));
        assert_eq!(problem["exit"], exit);
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
        assert!(problem["errors"].is_array());
        assert!(before == self.log(), "something was written");
        ran.err
    }
}
