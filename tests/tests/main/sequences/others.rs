//! The writers that do not close: orders, refunds, payouts, wallets, deposits, retries.

use std::sync::Arc;

use serde_json::{Value, json};
use souk_journal::dates::Micros;
use souk_journal::ids::CycleId;
use souk_journal::money::{Currency, minor_text};
use souk_ledger::clock::Clock;
use souk_ledger::ledger::{Account, Ledger, Writers};
use souk_store::EventStore;
use souk_tests::market::{Sent, open, platform_zone};

use super::ops::{Ahead, Beside, Daily, End, Line, Pay};
use super::world::text;

const MERCHANTS: [&str; 3] = ["M1", "M2", "M3"];

/// An order as the sequence knows it.
struct Known {
    id: String,
    yen: bool,
    lines: Vec<Line>,
    refunds: usize,
    /// The line of each hold that was asked for.
    holds: Vec<usize>,
}

impl Known {
    /// With a share of a line's price as the amount; without a percentage with none.
    fn with_share(&self, mut data: Value, line: usize, percent: Option<i64>) -> Value {
        let unit = if self.yen { Currency::from_code("JPY") } else { Currency::from_code("CNY") };
        if let (Some(percent), Ok(unit)) = (percent, unit) {
            let minor = self.lines[line].price * percent / 100;
            data["amount"] = json!(minor_text(i128::from(minor), unit));
        }
        data
    }
}

/// One handle on the store, and what it has done so far.
pub(crate) struct Others {
    store: Arc<dyn EventStore>,
    ledger: Ledger,
    pub(crate) now: Micros,
    /// When the next command happened; the clock unless it is late.
    at: Micros,
    orders: Vec<Known>,
    /// Terms that were sold, and their prices.
    terms: Vec<(String, i64)>,
    /// Services and penalties: merchant, currency, charge, amount.
    charges: Vec<(&'static str, bool, String, i64)>,
    sent: Vec<Sent>,
    pub(crate) closed: Vec<(Account, CycleId)>,
    commands: usize,
}

impl Others {
    pub(crate) fn new(store: Arc<dyn EventStore>, now: Micros) -> Result<Self, String> {
        let ledger = open(&store, now, Writers::Several).map_err(|error| text(&error))?;
        let (orders, terms, charges) = Default::default();
        let (sent, closed) = Default::default();
        Ok(Self { store, ledger, now, at: now, orders, terms, charges, sent, closed, commands: 0 })
    }

    pub(crate) fn store(&self) -> &Arc<dyn EventStore> {
        &self.store
    }

    pub(crate) fn head(&self) -> Result<u64, String> {
        self.store.head().map_err(|error| error.to_string())
    }

    /// Carries something out now.
    pub(crate) fn run(&mut self, what: &Daily) -> Result<(), String> {
        self.run_late(what, 0)
    }

    /// Carries out what happened hours ago.
    pub(crate) fn run_late(&mut self, what: &Daily, hours: u16) -> Result<(), String> {
        self.at = Micros(self.now.0 - i64::from(hours) * 3_600_000_000);
        self.ledger.set_clock(Clock::Pinned(self.now));
        match what {
            Daily::Order { yen, lines, pay, delivered } => {
                self.order(*yen, lines, *pay)?;
                let order = self.orders.len() - 1;
                for line in (0..lines.len()).filter(|_| *delivered) {
                    self.complete(order, line)?;
                }
                Ok(())
            }
            Daily::Complete { order, line } => {
                self.complete(usize::from(*order), usize::from(*line))
            }
            Daily::Refund { order, shares } => self.refund(*order, shares),
            Daily::RefundAll { order } => self.about(*order, "issue-refund", |known| {
                known.refunds += 1;
                json!({ "refund": format!("R{}", known.refunds), "everything": true })
            }),
            Daily::Hold { order, line, percent } => self.about(*order, "place-hold", |known| {
                let line = usize::from(*line) % known.lines.len();
                known.holds.push(line);
                let data = json!({ "hold": format!("H{}", known.holds.len()),
                        "line": format!("L{line}"), "reason": "complaint" });
                known.with_share(data, line, *percent)
            }),
            Daily::Release { order, nth, percent } => self.about(*order, "release-hold", |known| {
                let nth = usize::from(*nth).checked_rem(known.holds.len()).unwrap_or_default();
                let data = json!({ "hold": format!("H{}", nth + 1) });
                let line = known.holds.get(nth).copied().unwrap_or_default();
                known.with_share(data, line, *percent)
            }),
            Daily::RefundPaid { order } => self.about(
                *order,
                "confirm-refund",
                |known| json!({ "refund": format!("R{}", known.refunds) }),
            ),
            Daily::ChannelFee { order, returned } => self.about(
                *order,
                "incur-channel-fee",
                |_| json!({ "payment": "P1", "rate": "0.0123", "returned_on_refund": returned }),
            ),
            Daily::Cancel { order } => self.about(*order, "cancel-order", |_| json!({})),
            Daily::Again { nth } => self.again(*nth),
            Daily::Payout { nth, end } => self.payout(*nth, *end),
            Daily::Ahead { merchant, yen, what, amount } => {
                self.ahead(MERCHANTS[usize::from(*merchant)], *yen, *what, *amount)
            }
            Daily::Beside { nth, yen, what, amount } => self.beside(*nth, *yen, *what, *amount),
        }
    }

    /// Sends a command to an order, if there is any.
    fn about(
        &mut self,
        order: u8,
        name: &'static str,
        data: impl Fn(&mut Known) -> Value,
    ) -> Result<(), String> {
        let Some(known) = self.known(usize::from(order)) else { return Ok(()) };
        let mut data = data(known);
        data["order"] = json!(known.id);
        self.send(name, &data)
    }

    fn complete(&mut self, order: usize, line: usize) -> Result<(), String> {
        let Some(known) = self.known(order) else { return Ok(()) };
        let merchant = MERCHANTS[usize::from(known.lines[line % known.lines.len()].merchant)];
        let data = json!({ "order": known.id, "merchant": merchant });
        self.send("complete-order", &data)
    }

    fn known(&mut self, nth: usize) -> Option<&mut Known> {
        let index = nth.checked_rem(self.orders.len())?;
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
        // Of three orders one has no region.
        let region = [None, Some("east"), Some("west")][self.orders.len() % 3];
        let data = json!({ "order": id, "currency": currency, "region": region, "lines": placed });
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
        self.orders.push(Known { id, yen, lines: lines.to_vec(), refunds: 0, holds: vec![] });
        Ok(())
    }

    fn refund(&mut self, order: u8, shares: &[(u8, i64, i64)]) -> Result<(), String> {
        let Some(known) = self.known(usize::from(order)) else { return Ok(()) };
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

    /// What is more than wallet or deposit hold is refused.
    fn ahead(&mut self, merchant: &str, yen: bool, what: Ahead, minor: i64) -> Result<(), String> {
        let code = if yen { "JPY" } else { "CNY" };
        let unit: Currency = code.parse().map_err(|_| "no such currency")?;
        let amount = minor_text(i128::from(minor), unit);
        let name = format!("N{}", self.commands);
        let payable = json!([{ "source": "payable" }]);
        let bank = json!([{ "source": "bank", "reference": name }]);
        let from = |by_payable: bool| if by_payable { &payable } else { &bank };
        let terms = |payable: bool| if payable { "payable" } else { "refused" };
        let credit = |bonus: bool| if bonus { "bonus" } else { "free" };
        let (command, mut data) = match what {
            Ahead::TopUp { payable } => {
                ("top-up-wallet", json!({ "amount": amount, "from": from(payable) }))
            }
            Ahead::Credit { bonus } => {
                let data = json!({ "grant": name, "credit": credit(bonus), "amount": amount });
                ("grant-ad-credit", data)
            }
            Ahead::Ads => {
                let pricing = json!({ "model": "cpm", "quantity": 1000 });
                let data = json!({ "campaign": name, "from": "2026-02-01", "to": "2026-02-28",
                    "pricing": pricing, "amount": amount, "tax_rate": "0.06" });
                ("charge-ads", data)
            }
            Ahead::Overdraft { payable } => {
                ("agree-ad-terms", json!({ "overdraft": terms(payable) }))
            }
            Ahead::RefundWallet => ("refund-wallet", json!({ "refund": name, "amount": amount })),
            Ahead::PayDeposit { payable } => {
                ("pay-deposit", json!({ "amount": amount, "from": from(payable) }))
            }
            Ahead::UseDeposit => ("use-deposit", json!({ "amount": amount, "reason": "owed" })),
            Ahead::ReturnDeposit => ("return-deposit", json!({ "reference": name })),
        };
        data["merchant"] = json!(merchant);
        data["currency"] = json!(code);
        self.send(command, &data)
    }

    /// What is asked of a term or a charge that does not allow it is refused.
    fn beside(&mut self, nth: u8, yen: bool, what: Beside, minor: i64) -> Result<(), String> {
        let unit = |yen: bool| if yen { "JPY" } else { "CNY" };
        let money = |minor: i64, yen: bool| -> Result<String, String> {
            let currency: Currency = unit(yen).parse().map_err(|_| "no such currency")?;
            Ok(minor_text(i128::from(minor), currency))
        };
        let merchant = MERCHANTS[usize::from(nth) % MERCHANTS.len()];
        let name = format!("N{}", self.commands);
        let today = platform_zone().date(self.at);
        let outside = json!([{ "source": "provider", "reference": name }]);
        let from = |by: bool| if by { outside.clone() } else { json!([]) };
        let term =
            usize::from(nth).checked_rem(self.terms.len()).map(|index| self.terms[index].clone());
        let charge = usize::from(nth)
            .checked_rem(self.charges.len())
            .map(|index| self.charges[index].clone());
        let of = |merchant: &str, yen: bool, charge: &str| json!({ "merchant": merchant, "currency": unit(yen), "charge": charge });
        let (command, data) = match what {
            Beside::Sell { days, outside, buyer } => {
                let holder =
                    if buyer { json!({ "buyer": "B-1" }) } else { json!({ "merchant": merchant }) };
                let to = today.plus_days(i32::from(days) - 1);
                self.terms.push((name.clone(), minor));
                let data = json!({ "membership": name, "holder": holder, "plan": "gold",
                    "currency": unit(yen), "from": today, "to": to, "gross": money(minor, yen)?,
                    "tax_rate": "0.06", "settled_from": from(outside || buyer) });
                ("charge-membership", data)
            }
            Beside::Recognise => {
                let Some((term, _)) = term else { return Ok(()) };
                let through = today.plus_days(-1);
                ("recognise-revenue", json!({ "membership": term, "through": through }))
            }
            Beside::Upgrade => {
                let Some((term, price)) = term else { return Ok(()) };
                // In yen this is a price a hundred times as high, which is an upgrade too.
                let data = json!({ "membership": term, "on": today, "plan": "platinum",
                    "gross": (price + minor).to_string(), "settled_from": outside });
                ("upgrade-membership", data)
            }
            Beside::Cancel { forfeits } => {
                let Some((term, _)) = term else { return Ok(()) };
                let rest = if forfeits { "forfeited" } else { "returned" };
                (
                    "cancel-membership",
                    json!({ "membership": term, "on": today, "unused_rest": rest }),
                )
            }
            Beside::Fee { supplier, outside } => {
                self.charges.push((merchant, yen, name.clone(), minor));
                let mut data = json!({ "of": of(merchant, yen, &name), "service": "value-added",
                    "price": { "fixed": { "amount": money(minor, yen)? } }, "tax_rate": "0.06",
                    "settled_from": from(outside) });
                if supplier {
                    data["tax_included"] = json!(true);
                    data["supplier"] =
                        json!({ "supplier": "I-1", "amount": money(minor * 5 / 6, yen)? });
                }
                ("charge-service-fee", data)
            }
            Beside::Penalty { passed } => {
                self.charges.push((merchant, yen, name.clone(), minor));
                let mut data = json!({ "of": of(merchant, yen, &name), "amount": money(minor, yen)?,
                    "reason": "late" });
                if passed {
                    data["passed_to"] = json!({ "buyer": "B-1", "payment": "P1" });
                }
                ("impose-penalty", data)
            }
            Beside::Return { percent } | Beside::Waive { percent } => {
                let Some((merchant, yen, charge, amount)) = charge else { return Ok(()) };
                let waives = matches!(what, Beside::Waive { .. });
                let amount = money(amount * percent / 100, yen)?;
                let data = json!({ "of": of(merchant, yen, &charge), "amount": amount });
                (if waives { "waive-penalty" } else { "return-service-fee" }, data)
            }
            Beside::PaidOut => {
                let Some((merchant, yen, charge, _)) = charge else { return Ok(()) };
                ("confirm-service-refund", json!({ "of": of(merchant, yen, &charge) }))
            }
        };
        self.send(command, &data)
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
