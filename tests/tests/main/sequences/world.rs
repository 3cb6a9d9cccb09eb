//! Carries a sequence out, with two writers on one store and a reader that follows.

use std::sync::Arc;

use serde_json::{Value, json};
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::CycleId;
use souk_journal::money::{Currency, minor_text};
use souk_ledger::clock::Clock;
use souk_ledger::close_run::ClaimSource;
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::{Account, Ledger, Writers};
use souk_store::EventStore;
use souk_tests::market::{Sent, open, platform_zone};
use souk_tests::reader::Reader;

use super::base;
use super::meanwhile::Meanwhile;
use super::ops::{End, Line, Op, Pay};

const MERCHANTS: [&str; 3] = ["M1", "M2", "M3"];

/// An order as the sequence knows it.
struct Known {
    id: String,
    yen: bool,
    lines: Vec<Line>,
    refunds: usize,
}

/// Everything but the writer that closes: what others do meanwhile needs no more.
pub(crate) struct Others {
    store: Arc<dyn EventStore>,
    ledger: Ledger,
    pub(crate) now: Micros,
    /// When the next command happened; the clock unless it is late.
    at: Micros,
    orders: Vec<Known>,
    sent: Vec<Sent>,
    closed: Vec<(Account, CycleId)>,
    commands: usize,
}

/// A marketplace under way.
pub(crate) struct World {
    closer: Ledger,
    pub(crate) others: Others,
    pub(crate) reader: Reader,
}

fn text(error: &LedgerError) -> String {
    format!("{}: {error}", error.code())
}

impl World {
    pub(crate) fn new() -> Result<Self, String> {
        let store = base::store()?;
        let first = Date::new(2026, 3, 1).ok_or("no such day")?;
        let now = platform_zone().start_of(first);
        let handle = || open(&store, now, Writers::Several).map_err(|error| text(&error));
        let (closer, ledger) = (handle()?, handle()?);
        let (orders, sent, closed) = Default::default();
        let others = Others { store, ledger, now, at: now, orders, sent, closed, commands: 0 };
        let mut world = Self { closer, others, reader: Reader::default() };
        world.follow()?;
        Ok(world)
    }

    pub(crate) fn store(&self) -> &Arc<dyn EventStore> {
        &self.others.store
    }

    fn follow(&mut self) -> Result<(), String> {
        self.reader.catch_up(&self.others.store).map_err(|error| text(&error))
    }

    pub(crate) fn run(&mut self, op: &Op) -> Result<(), String> {
        match op {
            Op::Wait { hours } => self.others.now.0 += i64::from(*hours) * 3_600_000_000,
            Op::Close { days_ago } => self.close(*days_ago, false, &[])?,
            Op::CloseMeanwhile { days_ago, ahead, meanwhile } => {
                self.close(*days_ago, *ahead, meanwhile)?;
            }
            Op::Reopen => {
                let fresh = open(&self.others.store, self.others.now, Writers::Several);
                self.closer = fresh.map_err(|error| text(&error))?;
            }
            daily => self.others.run(daily)?,
        }
        self.follow()
    }

    fn close(&mut self, days_ago: u8, ahead: bool, meanwhile: &[Op]) -> Result<(), String> {
        let through = platform_zone().date(self.others.now).plus_days(-i32::from(days_ago));
        self.close_through(through, ahead, meanwhile)
    }

    pub(crate) fn close_through(
        &mut self,
        through: Date,
        ahead: bool,
        meanwhile: &[Op],
    ) -> Result<(), String> {
        self.closer.set_clock(Clock::Pinned(self.others.now));
        let before = self.others.head()?;
        let mut claims =
            Meanwhile::new(&mut self.reader, &mut self.others, meanwhile.to_vec(), ahead);
        let result = self.closer.close_through(through, &mut claims);
        claims.finish()?;
        match result {
            Ok(runs) => {
                self.others.closed.extend(runs.into_iter().flat_map(|run| run.cycles));
                Ok(())
            }
            Err(error) if error.is_refusal() && self.others.head()? == before => Ok(()),
            Err(error) => Err(format!("closing through {through}: {}", text(&error))),
        }
    }

    /// Items that should have been claimed by a close through a day.
    pub(crate) fn left_behind(&mut self, through: Date) -> Result<Vec<String>, String> {
        let mut left = Vec::new();
        for account in self.reader.accounts() {
            let settlement = self.closer.settlement(account).map_err(|error| text(&error))?;
            let last = settlement.last.as_ref().map(|last| last.cut_off);
            let number = self.reader.names.find_merchant(account.0).ok_or("no number")?;
            let state = self.closer.merchant(account.0).map_err(|error| text(&error))?;
            for item in self.reader.cycles.open(number, account.1) {
                let date = last.map_or(item.due_on, |last| last.max(item.due_on));
                if state.cycle_of(date).is_some_and(|cycle| cycle.to <= through) {
                    left.push(format!("{account:?}: {item:?}"));
                }
            }
        }
        Ok(left)
    }
}

impl Others {
    pub(crate) fn store(&self) -> &Arc<dyn EventStore> {
        &self.store
    }

    pub(crate) fn head(&self) -> Result<u64, String> {
        self.store.head().map_err(|error| error.to_string())
    }

    /// Carries out what needs no close.
    pub(crate) fn run(&mut self, op: &Op) -> Result<(), String> {
        self.at = self.now;
        self.run_at(op)
    }

    fn run_at(&mut self, op: &Op) -> Result<(), String> {
        self.ledger.set_clock(Clock::Pinned(self.now));
        match op {
            Op::Late { hours, op } => {
                self.at = Micros(self.now.0 - i64::from(*hours) * 3_600_000_000);
                self.run_at(op)
            }
            Op::Order { yen, lines, pay, delivered } => {
                self.order(*yen, lines, *pay)?;
                let last = (self.orders.len() - 1) as u8;
                for line in (0..lines.len() as u8).filter(|_| *delivered) {
                    self.run_at(&Op::Complete { order: last, line })?;
                }
                Ok(())
            }
            Op::Complete { order, line } => {
                let Some(known) = self.known(*order) else { return Ok(()) };
                let line = known.lines[usize::from(*line) % known.lines.len()];
                let merchant = MERCHANTS[usize::from(line.merchant)];
                let data = json!({ "order": known.id, "merchant": merchant });
                self.send("complete-order", &data)
            }
            Op::Refund { order, shares } => self.refund(*order, shares),
            Op::RefundAll { order } => {
                let Some(known) = self.known(*order) else { return Ok(()) };
                known.refunds += 1;
                let refund = format!("R{}", known.refunds);
                let data = json!({ "order": known.id, "refund": refund, "everything": true });
                self.send("issue-refund", &data)
            }
            Op::RefundPaid { order } => {
                let Some(known) = self.known(*order) else { return Ok(()) };
                let refund = format!("R{}", known.refunds);
                let data = json!({ "order": known.id, "refund": refund });
                self.send("confirm-refund", &data)
            }
            Op::ChannelFee { order, returned } => {
                let Some(known) = self.known(*order) else { return Ok(()) };
                let data = json!({ "order": known.id, "payment": "P1", "rate": "0.0123",
                    "returned_on_refund": returned });
                self.send("incur-channel-fee", &data)
            }
            Op::Cancel { order } => {
                let Some(known) = self.known(*order) else { return Ok(()) };
                let data = json!({ "order": known.id });
                self.send("cancel-order", &data)
            }
            Op::Again { nth } => self.again(*nth),
            Op::Payout { nth, end } => self.payout(*nth, *end),
            Op::Wait { .. } | Op::Close { .. } | Op::CloseMeanwhile { .. } | Op::Reopen => Ok(()),
        }
    }

    fn known(&mut self, nth: u8) -> Option<&mut Known> {
        let index = usize::from(nth).checked_rem(self.orders.len())?;
        self.orders.get_mut(index)
    }

    /// Sends a command; a refusal writes nothing.
    fn send(&mut self, name: &'static str, data: &Value) -> Result<(), String> {
        self.commands += 1;
        let sent = Sent::new(name, data, format!("C{}", self.commands), self.at);
        let before = self.head()?;
        match sent.execute(&mut self.ledger) {
            Ok(_) => self.sent.push(sent),
            Err(error) if error.is_refusal() && self.head()? == before => {}
            Err(error) => return Err(format!("{name} {data}: {}", text(&error))),
        }
        Ok(())
    }

    /// A command that was carried out comes once more.
    fn again(&mut self, nth: u8) -> Result<(), String> {
        let Some(index) = usize::from(nth).checked_rem(self.sent.len()) else { return Ok(()) };
        let before = self.head()?;
        let sent = &self.sent[index];
        let outcome = sent.execute(&mut self.ledger).map_err(|error| text(&error))?;
        if outcome.replayed && self.head()? == before {
            return Ok(());
        }
        Err(format!("{sent:?} was carried out twice"))
    }

    fn order(&mut self, yen: bool, lines: &[Line], pay: Pay) -> Result<(), String> {
        let id = format!("O{}", self.orders.len() + 1);
        let currency = if yen { "JPY" } else { "CNY" };
        let unit: Currency = currency.parse().map_err(|_| "no such currency")?;
        let money = |minor: i64| minor_text(i128::from(minor), unit);
        let mut owed = 0;
        let mut placed = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            let [own, platform] = coupons(line);
            owed += line.price - own - platform + line.shipping;
            let funding = ["platform-subsidy", "buyer-incentives", "partner"];
            let funding = funding[usize::from(line.funding)];
            placed.push(json!({ "line": format!("L{number}"),
                "merchant": MERCHANTS[usize::from(line.merchant)],
                "category": line.category.then_some("food/tea"),
                "price": money(line.price), "shipping": money(line.shipping),
                "merchant_discount": money(own),
                "platform_discount": { "amount": money(platform), "funding": funding } }));
        }
        let data = json!({ "order": id, "currency": currency, "lines": placed });
        self.send("place-order", &data)?;
        let paid = (owed + pay.off_by).max(0);
        let voucher = paid * pay.voucher / 100;
        for (payment, by_voucher, amount) in [("P1", false, paid - voucher), ("P2", true, voucher)]
        {
            if amount > 0 {
                let method = if by_voucher { "voucher" } else { "card" };
                let data = json!({ "order": id, "payment": payment, "method": method,
                    "voucher": by_voucher, "amount": money(amount) });
                self.send("pay-order", &data)?;
            }
        }
        if pay.booked && paid != owed {
            let data = json!({ "order": id, "class": "unexplained" });
            self.send("book-difference", &data)?;
        }
        self.orders.push(Known { id, yen, lines: lines.to_vec(), refunds: 0 });
        Ok(())
    }

    fn refund(&mut self, order: u8, shares: &[(u8, i64, i64)]) -> Result<(), String> {
        let Some(known) = self.known(order) else { return Ok(()) };
        known.refunds += 1;
        let refund = format!("R{}", known.refunds);
        let unit = if known.yen { "JPY" } else { "CNY" };
        let unit: Currency = unit.parse().map_err(|_| "no such currency")?;
        let money = |minor: i64| minor_text(i128::from(minor), unit);
        let lines: Vec<Value> = shares
            .iter()
            .map(|(nth, goods, shipping)| {
                let number = usize::from(*nth) % known.lines.len();
                let line = &known.lines[number];
                let [own, platform] = coupons(line);
                let cash = line.price - own - platform;
                json!({ "line": format!("L{number}"), "principal": money(cash * goods / 100),
                    "shipping": money(line.shipping * shipping / 100),
                    "free_goods": *goods == 100 })
            })
            .collect();
        let data = json!({ "order": known.id, "refund": refund, "lines": lines });
        self.send("issue-refund", &data)
    }

    fn payout(&mut self, nth: u8, end: End) -> Result<(), String> {
        let Some(index) = usize::from(nth).checked_rem(self.closed.len()) else { return Ok(()) };
        let ((merchant, currency), cycle) = self.closed[index];
        let of = json!({ "merchant": merchant.as_str(), "currency": currency.code(),
            "cycle": cycle.as_str() });
        let plain = json!({ "of": of });
        let reasoned = json!({ "of": of, "reason": "account closed" });
        self.send("instruct-payout", &plain)?;
        match end {
            End::Instructed => Ok(()),
            End::Paid => self.send("confirm-payout", &plain),
            End::Failed => self.send("fail-payout", &reasoned),
            End::Returned => {
                self.send("confirm-payout", &plain)?;
                self.send("return-payout", &reasoned)
            }
        }
    }
}

/// A line's own coupon and the platform's, minor units, within its price.
fn coupons(line: &Line) -> [i64; 2] {
    let own = line.price * line.own_coupon / 100;
    let platform = (line.price * line.platform_coupon / 100).min(line.price - own);
    [own, platform]
}
