//! Any number of partial refunds, before and after completion, comes to the full reversal: what one
//! refund of everything gives back, to the cent, of sale, coupon, fees, taxes and channel fees.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use souk_domain::order::state::OrderState;
use souk_journal::account::Account;
use souk_journal::dates::Micros;
use souk_journal::ids::OrderId;
use souk_journal::line_kind::LineKind;
use souk_journal::money::minor_text;
use souk_ledger::clock::Clock;
use souk_ledger::ledger::{Ledger, Writers};
use souk_store::EventStore;
use souk_tests::audit;
use souk_tests::market::{Sent, open, start};
use souk_tests::reader::Reader;

use crate::sequences::{config, store};

/// A line: merchant (1 or 2), price, shipping, own coupon and the platform's in percent.
type Line = (u8, i64, i64, i64, i64);

/// Shares of every line that go back: goods and shipping, in percent of what is left.
type Shares = Vec<(i64, i64)>;

/// Sums by account, merchant and kind.
type Sums = BTreeMap<(Account, u32, LineKind), i128>;

/// An order that is refunded step by step.
struct Refunding {
    store: Arc<dyn EventStore>,
    ledger: Ledger,
    at: Micros,
    sent: usize,
    refunds: usize,
}

impl Refunding {
    fn new(lines: &[Line], voucher: i64) -> Result<Self, String> {
        let store = store()?;
        let at = Micros(start().0 + 80 * 86_400_000_000);
        let ledger = open(&store, at, Writers::Sole).map_err(|error| error.to_string())?;
        let mut this = Self { store, ledger, at, sent: 0, refunds: 0 };
        this.place(lines, voucher)?;
        Ok(this)
    }

    fn send(&mut self, name: &'static str, data: &Value) -> Result<(), String> {
        self.sent += 1;
        self.at.0 += 3_600_000_000;
        self.ledger.set_clock(Clock::Pinned(self.at));
        let sent = Sent::new(name, data, format!("C{}", self.sent), self.at);
        let outcome = sent.execute(&mut self.ledger);
        outcome.map(|_| ()).map_err(|error| format!("{name} {data}: {}: {error}", error.code()))
    }

    fn place(&mut self, lines: &[Line], voucher: i64) -> Result<(), String> {
        for (jurisdiction, rate, of) in
            [("IN", "0.010001", "item-price-less-discount"), ("IN-KA", "0.02", "paid")]
        {
            let data = json!({ "merchant": "M1", "jurisdiction": jurisdiction, "rate": rate,
                "of": of, "effective_on": "2026-01-01" });
            self.send("agree-withholding", &data)?;
        }
        let mut placed = Vec::new();
        for (number, (merchant, price, shipping, own, platform)) in lines.iter().enumerate() {
            let own = price * own / 100;
            let platform = (price * platform / 100).min(price - own);
            let mode = if number % 2 == 0 { "exclusive" } else { "inclusive" };
            let tax =
                |of: &str, rate: &str| json!({ "jurisdiction": of, "rate": rate, "mode": mode });
            // Where nothing is paid for the goods, there is no tax on them.
            let taxes = if price - own - platform > 100 {
                json!([tax("US-CA", "0.0725"), tax("US-CA.LA", "0.0225")])
            } else {
                json!([])
            };
            placed.push(json!({ "line": format!("L{number}"), "merchant": format!("M{merchant}"),
                "price": money(*price), "shipping": money(*shipping),
                "merchant_discount": money(own), "platform_discount":
                { "amount": money(platform), "funding": "platform-subsidy" }, "taxes": taxes }));
        }
        self.send("place-order", &json!({ "order": "O1", "currency": "CNY", "lines": placed }))?;
        let order = OrderId::new("O1").map_err(|error| error.to_string())?;
        let state = self.ledger.order(order).map_err(|error| error.to_string())?;
        let OrderState::Placed(known) = state else { return Err("no order".into()) };
        let owed = known.owed_in_all();
        let voucher = owed * voucher / 100;
        for (payment, by_voucher, amount) in [("P1", true, voucher), ("P2", false, owed - voucher)]
        {
            let data = json!({ "order": "O1", "payment": payment, "method": "card",
                "voucher": by_voucher, "amount": money(amount) });
            self.send("pay-order", &data)?;
        }
        let data = json!({ "order": "O1", "payment": "P2", "rate": "0.0123",
            "returned_on_refund": true });
        self.send("incur-channel-fee", &data)
    }

    fn complete(&mut self, lines: &[Line]) -> Result<(), String> {
        for merchant in 1..=2_u8 {
            if lines.iter().any(|line| line.0 == merchant) {
                let data = json!({ "order": "O1", "merchant": format!("M{merchant}") });
                self.send("complete-order", &data)?;
            }
        }
        Ok(())
    }

    fn refund(&mut self, shares: &Shares) -> Result<(), String> {
        let order = OrderId::new("O1").map_err(|error| error.to_string())?;
        let state = self.ledger.order(order).map_err(|error| error.to_string())?;
        let OrderState::Placed(placed) = state else { return Err("no order".into()) };
        let mut lines = Vec::new();
        for (line, (goods, shipping)) in placed.lines.iter().zip(shares) {
            let (goods, shipping) =
                (line.goods_left() * goods / 100, line.shipping_left() * shipping / 100);
            if goods + shipping > 0 {
                lines.push(json!({ "line": line.line.as_str(), "principal": money(goods),
                    "shipping": money(shipping) }));
            }
        }
        if lines.is_empty() {
            return Ok(());
        }
        self.refunds += 1;
        let refund = format!("R{}", self.refunds);
        let data = json!({ "order": "O1", "refund": refund, "lines": lines });
        self.send("issue-refund", &data)
    }

    /// Refunds what is left, if anything is.
    fn rest(&mut self) -> Result<(), String> {
        let data = json!({ "order": "O1", "refund": "rest", "everything": true });
        match self.send("issue-refund", &data) {
            Err(error) if error.contains("NothingToRefund") => Ok(()),
            other => other,
        }
    }

    fn sums(&self) -> Result<Sums, String> {
        let mut sums = Sums::new();
        let mut reader = Reader::default();
        reader.read(self.store.as_ref(), 1 << 20, &mut |_, entry, _| {
            for posting in &entry.postings {
                let key = (posting.account, posting.merchant.0, posting.kind);
                *sums.entry(key).or_default() += i128::from(posting.amount);
            }
        })?;
        audit::check(self.store.as_ref(), &reader)?;
        sums.retain(|_, sum| *sum != 0);
        Ok(sums)
    }
}

fn money(minor: i64) -> String {
    let currency = "CNY".parse().unwrap_or_else(|_| unreachable!("CNY is a currency"));
    minor_text(i128::from(minor), currency)
}

fn line() -> impl Strategy<Value = Line> {
    let price = prop_oneof![1_i64..50, 100_i64..100_000];
    let percent = || prop_oneof![Just(0_i64), 1_i64..=100];
    (1_u8..=2, price, 0_i64..2_000, percent(), percent())
}

fn shares() -> impl Strategy<Value = Shares> {
    vec((0_i64..=100, 0_i64..=100), 3)
}

/// What is left on an account in all, whatever the merchant and the kind.
fn left_on(sums: &Sums, account: Account) -> i128 {
    sums.iter().filter(|((of, _, _), _)| *of == account).map(|(_, sum)| sum).sum()
}

proptest! {
    #![proptest_config(config(300, concat!(env!("CARGO_MANIFEST_DIR"), "/regressions/refunds.txt")))]

    #[test]
    fn partial_refunds_sum_to_the_full_reversal(
        lines in vec(line(), 1..=3),
        voucher in 0_i64..=100,
        refunds in vec(shares(), 0..8),
    ) {
        let mut parts = Refunding::new(&lines, voucher).map_err(TestCaseError::fail)?;
        parts.complete(&lines).map_err(TestCaseError::fail)?;
        for shares in &refunds {
            parts.refund(shares).map_err(TestCaseError::fail)?;
        }
        parts.rest().map_err(TestCaseError::fail)?;
        let mut whole = Refunding::new(&lines, voucher).map_err(TestCaseError::fail)?;
        whole.complete(&lines).map_err(TestCaseError::fail)?;
        whole.rest().map_err(TestCaseError::fail)?;
        let (parts, whole) = (parts.sums(), whole.sums());
        prop_assert_eq!(parts.map_err(TestCaseError::fail)?, whole.map_err(TestCaseError::fail)?);
    }

    #[test]
    fn a_refunded_order_leaves_nothing_but_what_the_buyer_is_owed(
        lines in vec(line(), 1..=3),
        voucher in 0_i64..=100,
        before in vec(shares(), 0..4),
        after in vec(shares(), 0..4),
    ) {
        let mut order = Refunding::new(&lines, voucher).map_err(TestCaseError::fail)?;
        for shares in &before {
            order.refund(shares).map_err(TestCaseError::fail)?;
        }
        order.complete(&lines).map_err(TestCaseError::fail)?;
        for shares in &after {
            order.refund(shares).map_err(TestCaseError::fail)?;
        }
        order.rest().map_err(TestCaseError::fail)?;
        let sums = order.sums().map_err(TestCaseError::fail)?;
        for account in Account::CHART {
            let left = left_on(&sums, *account);
            if *account == Account::PspClearing {
                prop_assert!(left >= 0);
            } else if *account == Account::RefundsInTransit {
                prop_assert_eq!(left, -left_on(&sums, Account::PspClearing));
            } else {
                prop_assert_eq!(left, 0, "{} of {:?}", account, sums);
            }
        }
    }
}
