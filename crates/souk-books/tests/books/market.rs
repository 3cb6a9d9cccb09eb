//! A small marketplace over some weeks of March 2026: merchants, sales, refunds, closes, payouts.

use std::sync::Arc;

use souk_books::Books;
use souk_domain::ledger::commands::CreateLedger;
use souk_journal::dates::Micros;
use souk_journal::ids::Id;
use souk_ledger::clock::Clock;
use souk_ledger::close_run::ClosedRun;
use souk_ledger::command::Command;
use souk_ledger::create::create;
use souk_ledger::ledger::{Ledger, Writers};
use souk_ledger::request::Request;
use souk_store::{EventStore, MemoryStore};

/// Identity of the test ledger.
pub(crate) const LEDGER: &str = "0123456789abcdef0123456789abcdef";

/// A ledger in memory, and its books.
pub(crate) struct Market {
    /// The write side.
    pub(crate) ledger: Ledger,
    /// The read side.
    pub(crate) books: Books,
    commands: u32,
}

fn at(text: &str) -> Micros {
    text.parse().unwrap()
}

impl Market {
    /// Merchants 1007 (reserve of 5 %, least payout CNY 20), 1008 and 1009 under tariff `std`.
    pub(crate) fn open() -> Self {
        let store: Arc<dyn EventStore> = Arc::new(MemoryStore::new());
        let clock = Clock::Pinned(at("2026-02-01T00:00:00.000000Z"));
        let command = CreateLedger {
            ledger: Id::new(LEDGER).unwrap(),
            platform: "Test market".to_owned(),
            currency: "CNY".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            language: "en".to_owned(),
            demonstration: None,
        };
        create(store.as_ref(), &command, clock).unwrap();
        let ledger = Ledger::open(Arc::clone(&store), clock, Writers::Sole).unwrap();
        let books = Books::open(store, None, LEDGER).unwrap();
        let mut market = Self { ledger, books, commands: 0 };
        market.run(
            "2026-02-01T00:00:00.000000Z",
            "publish-tariff",
            r#"{"tariff":"std","announced_on":"2026-01-01","effective_on":"2026-01-01","fees":[
                {"kind":"commission","scope":"line","base":"item-price-less-discount",
                 "tax":"0.06","on_refund":"proportional","rules":[
                    {"rule":"all","percent":"0.08"},
                    {"rule":"tea","category":"tea","percent":"0.05"}]}]}"#,
        );
        for merchant in ["1007", "1008", "1009"] {
            let reserve = match merchant {
                "1007" => r#","reserve":{"rate":"0.05","base":"net-lines","days":91}"#,
                _ => "",
            };
            market.run(
                "2026-02-01T01:00:00.000000Z",
                "enrol-merchant",
                &format!(r#"{{"merchant":"{merchant}"}}"#),
            );
            market.run(
                "2026-02-01T02:00:00.000000Z",
                "agree-terms",
                &format!(
                    r#"{{"merchant":"{merchant}","effective_on":"2026-02-02","cycle":"weekly",
                        "time_zone":"Asia/Shanghai","hold_days":2,"tariff":"std"{reserve},
                        "minimum_payouts":[{{"currency":"CNY","amount":"20.00"}}]}}"#
                ),
            );
        }
        market
    }

    /// Carries out a command at a time.
    pub(crate) fn run(&mut self, time: &str, name: &str, data: &str) {
        let at = at(time);
        self.ledger.set_clock(Clock::Pinned(at));
        self.commands += 1;
        let key = self.commands.to_string();
        let id = self.ledger.identity().ledger;
        let request = Request::of(id, "test", &key, data.as_bytes(), at);
        let command = Command::parse(name, data).unwrap();
        self.ledger.execute(&command, &request).unwrap();
    }

    /// An order of one line, placed, paid and completed on one day at noon in Shanghai.
    pub(crate) fn sale(
        &mut self,
        order: &str,
        merchant: &str,
        day: &str,
        currency: &str,
        line: &str,
    ) {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| line[key].as_str().unwrap_or("0").parse::<rust_decimal::Decimal>();
        let discount = line["platform_discount"]["amount"].as_str().unwrap_or("0");
        let paid = text("price").unwrap() + text("shipping").unwrap()
            - text("merchant_discount").unwrap()
            - discount.parse::<rust_decimal::Decimal>().unwrap();
        let mut line = line;
        line["line"] = "1".into();
        line["merchant"] = merchant.into();
        self.run(
            &format!("{day}T04:00:00.000000Z"),
            "place-order",
            &format!(r#"{{"order":"{order}","currency":"{currency}","lines":[{line}]}}"#),
        );
        self.run(
            &format!("{day}T04:01:00.000000Z"),
            "pay-order",
            &format!(r#"{{"order":"{order}","payment":"p1","method":"card","amount":"{paid}"}}"#),
        );
        self.run(
            &format!("{day}T04:02:00.000000Z"),
            "complete-order",
            &format!(r#"{{"order":"{order}","merchant":"{merchant}"}}"#),
        );
    }

    /// Refunds goods of an order's only line.
    pub(crate) fn refund(&mut self, order: &str, refund: &str, day: &str, principal: &str) {
        self.run(
            &format!("{day}T05:00:00.000000Z"),
            "issue-refund",
            &format!(
                r#"{{"order":"{order}","refund":"{refund}",
                    "lines":[{{"line":"1","principal":"{principal}"}}],"reason":"damaged"}}"#
            ),
        );
    }

    /// Closes every cycle that ends on a day or before, at a time.
    pub(crate) fn close(&mut self, through: &str, time: &str) -> Vec<ClosedRun> {
        self.ledger.set_clock(Clock::Pinned(at(time)));
        self.ledger.close_through(through.parse().unwrap(), &mut self.books).unwrap()
    }

    /// Brings the books up to date.
    pub(crate) fn catch_up(&mut self) -> &mut Books {
        self.books.catch_up(None).unwrap();
        &mut self.books
    }

    /// Three weeks: W10 with sales in two currencies, W11 with a refund after the payout, W12 open.
    pub(crate) fn march() -> Self {
        let mut market = Self::open();
        market.sale(
            "A-1",
            "1007",
            "2026-03-03",
            "CNY",
            r#"{"category":"tea/pu-erh","price":"200.00","shipping":"10.00",
                "merchant_discount":"20.00",
                "platform_discount":{"amount":"30.00","funding":"platform-subsidy"}}"#,
        );
        market.sale("A-2", "1007", "2026-03-04", "CNY", r#"{"category":"pots","price":"50.00"}"#);
        market.sale("A-3", "1007", "2026-03-04", "USD", r#"{"category":"pots","price":"30.00"}"#);
        market.sale("A-4", "1008", "2026-03-04", "CNY", r#"{"price":"15.00"}"#);
        market.close("2026-03-08", "2026-03-09T01:00:00.000000Z");
        let cycle = r#"{"of":{"merchant":"1007","currency":"CNY","cycle":"2026-W10"}}"#;
        market.run("2026-03-09T02:00:00.000000Z", "instruct-payout", cycle);
        let paid = r#"{"of":{"merchant":"1007","currency":"CNY","cycle":"2026-W10"},
            "bank_reference":"20260312-7741"}"#;
        market.run("2026-03-12T02:00:00.000000Z", "confirm-payout", paid);
        market.refund("A-1", "r1", "2026-03-10", "50.00");
        market.sale("A-5", "1007", "2026-03-11", "CNY", r#"{"price":"40.00"}"#);
        market.close("2026-03-15", "2026-03-16T01:00:00.000000Z");
        market.sale("A-6", "1007", "2026-03-17", "CNY", r#"{"price":"99.99"}"#);
        market.catch_up();
        market
    }
}
