//! `souk import olist`: 99,441 real orders, one event per fact.
//!
//! Orders come in the order of the file, which is the order of time. Placed at purchase; paid at
//! approval, else at purchase; completed per seller at delivery. Canceled and unavailable orders are
//! cancelled and refunded whole at the last known time. Orders delivered without a time stay
//! uncompleted. What was paid beyond or below items and freight goes to `OrderDifferences` with its
//! class.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use rust_decimal::Decimal;
use serde::Serialize;
use souk_domain::order::commands::{
    BookDifference, CancelOrder, CompleteOrder, IncurChannelFee, IssueRefund, LineToPlace,
    OrderCommand, PayOrder, PlaceOrder,
};
use souk_formats::olist::{
    DifferenceClass as OlistClass, OlistClock, OlistMethod, OlistOrder, OlistReader, OlistStatus,
};
use souk_formats::tariff_file::TariffFile;
use souk_journal::account::DifferenceClass;
use souk_journal::dates::Micros;
use souk_journal::ids::{LineId, MerchantId, OrderId, PaymentId, RefundId};
use souk_journal::money::Amount;
use souk_ledger::command::Command;
use souk_ledger::ledger::Ledger;
use souk_ledger::request::Request;
use uuid::Uuid;

use super::enrol::{enrol, publish};
use crate::fail::{Exit, Failure, bad_rows};
use crate::intake::Intake;

/// Orders of a class, with their differences.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct ClassTotal {
    /// Orders.
    pub(crate) orders: u64,
    /// Sum of the absolute differences.
    #[serde(serialize_with = "text")]
    pub(crate) amount: Decimal,
    /// Sum of the signed differences.
    #[serde(serialize_with = "text")]
    pub(crate) net: Decimal,
}

/// Amounts are decimal strings, of BRL with two decimals.
fn text<S: serde::Serializer>(amount: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{amount:.2}"))
}

/// What an import did.
#[derive(Debug, Default)]
pub(crate) struct Imported {
    /// Orders read.
    pub(crate) orders: u64,
    /// Merchants read.
    pub(crate) merchants: u64,
    /// Events written.
    pub(crate) events: u64,
    /// Differences by class.
    pub(crate) differences: BTreeMap<&'static str, ClassTotal>,
    /// Defective rows.
    pub(crate) rejected: u64,
    /// The first of them.
    pub(crate) bad: Vec<String>,
}

/// Opens the directory and sorts its rows; nothing is written to a ledger yet.
pub(crate) fn open(dir: &Path, memory: usize, strict: bool) -> Result<OlistReader, Failure> {
    let reader = OlistReader::open(dir, memory).map_err(|error| wrong(&error))?;
    let bad = reader.bad_rows();
    if strict && !bad.is_empty() {
        return Err(bad_rows(bad.kept(), bad.total(), reader.orders() + bad.total()));
    }
    Ok(reader)
}

fn wrong(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(Exit::BadInput, "BadOlistDirectory", error.to_string())
        .with("  name the directory, or set SOUK_OLIST_DIR")
}

/// Reads the orders into the ledger.
pub(crate) fn import(
    ledger: &mut Ledger,
    mut reader: OlistReader,
    tariff: &TariffFile,
) -> Result<Imported, Failure> {
    let bad = reader.bad_rows();
    let mut imported = Imported {
        merchants: reader.sellers().len() as u64,
        rejected: bad.total(),
        bad: bad.kept().iter().map(ToString::to_string).collect(),
        ..Imported::default()
    };
    for class in OlistClass::ALL {
        imported.differences.insert(class.as_str(), ClassTotal::default());
    }
    let clock = OlistClock::new().map_err(|error| wrong(&error))?;
    let id = ledger.identity().ledger;
    let mut intake = Intake::bulk(ledger);
    publish(&mut intake, tariff)?;
    for seller in reader.sellers() {
        let merchant = MerchantId::new(seller.seller_id.as_str()).map_err(|error| wrong(&error))?;
        enrol(&mut intake, merchant, tariff)?;
    }
    for order in reader.by_ref() {
        let order = order.map_err(|error| wrong(&error))?;
        let difference = order.difference();
        let total = imported.differences.entry(difference.class.as_str()).or_default();
        total.orders += 1;
        total.amount += difference.signed.abs();
        total.net += difference.signed;
        imported.orders += 1;
        let facts = Facts { ledger: id, clock: &clock, tariff, order: &order };
        facts.submit(&mut intake, difference.class, difference.signed).map_err(|failure| {
            let place = format!("  {}:{}", souk_formats::olist::ORDERS_FILE, order.line);
            failure.with(place)
        })?;
    }
    intake.drain()?;
    imported.events = intake.events;
    Ok(imported)
}

/// One order's facts as commands.
struct Facts<'a> {
    ledger: Uuid,
    clock: &'a OlistClock,
    tariff: &'a TariffFile,
    order: &'a OlistOrder,
}

impl Facts<'_> {
    fn submit(
        &self,
        intake: &mut Intake<'_>,
        class: OlistClass,
        difference: Decimal,
    ) -> Result<(), Failure> {
        let of = self.order;
        let order = OrderId::new(of.order_id.as_str()).map_err(id)?;
        let placed_at = self.at(of.purchased_at)?;
        let paid_at = of.approved_at.map_or(Ok(placed_at), |at| self.at(at))?;
        self.place(intake, order, placed_at)?;
        self.pay(intake, order, paid_at)?;
        if !difference.is_zero() {
            let command = BookDifference { order, class: class_of(class) };
            let body = format!("{} {difference}", class.as_str());
            self.command(
                intake,
                OrderCommand::BookDifference(command),
                "difference",
                &body,
                paid_at,
            )?;
        }
        match of.status {
            OlistStatus::Delivered => {
                if let Some(delivered) = of.delivered_at {
                    self.complete(intake, order, self.at(delivered)?)?;
                }
            }
            OlistStatus::Canceled | OlistStatus::Unavailable => {
                let delivered = of.delivered_at.map(|at| self.at(at)).transpose()?;
                let last = [Some(placed_at), Some(paid_at), delivered].into_iter().flatten().max();
                self.cancel(intake, order, last.unwrap_or(paid_at))?;
            }
            OlistStatus::Shipped
            | OlistStatus::Invoiced
            | OlistStatus::Processing
            | OlistStatus::Created
            | OlistStatus::Approved => {}
        }
        Ok(())
    }

    fn place(&self, intake: &mut Intake<'_>, order: OrderId, at: Micros) -> Result<(), Failure> {
        let mut lines = Vec::with_capacity(self.order.items.len());
        let mut body = String::with_capacity(96 * self.order.items.len());
        for item in &self.order.items {
            let _ = writeln!(
                body,
                "{} {} {} {} {}",
                item.item_no, item.product_id, item.seller_id, item.price, item.freight
            );
            lines.push(LineToPlace {
                units: 1,
                fulfilment: None,
                line: LineId::new(&item.item_no.to_string()).map_err(id)?,
                merchant: MerchantId::new(item.seller_id.as_str()).map_err(id)?,
                category: item.category.as_deref().map(Cow::Borrowed),
                price: Amount::from(item.price),
                shipping: Amount::from(item.freight),
                merchant_discount: Amount::ZERO,
                platform_discount: None,
                taxes: Vec::new(),
            });
        }
        let command = PlaceOrder {
            order,
            currency: Cow::Borrowed("BRL"),
            region: None,
            lines,
            promotions: Vec::new(),
        };
        self.command(intake, OrderCommand::Place(command), "placed", &body, at)
    }

    fn pay(&self, intake: &mut Intake<'_>, order: OrderId, at: Micros) -> Result<(), Failure> {
        for paid in &self.order.payments {
            let payment = PaymentId::new(&paid.sequential.to_string()).map_err(id)?;
            let voucher = paid.method == OlistMethod::Voucher;
            let body =
                format!("{} {} {} {}", paid.sequential, paid.method, paid.instalments, paid.value);
            let command = PayOrder {
                order,
                payment,
                method: Cow::Borrowed(paid.method.as_str()),
                voucher,
                amount: Amount::from(paid.value),
            };
            let fact = format!("paid {payment}");
            self.command(intake, OrderCommand::Pay(command), &fact, &body, at)?;
            let rate = self.tariff.channel.rate;
            if !voucher && !paid.value.is_zero() && !rate.decimal().is_zero() {
                let returned_on_refund = self.tariff.channel.returned_on_refund;
                let command = IncurChannelFee { order, payment, rate, returned_on_refund };
                let fact = format!("channel fee {payment}");
                self.command(intake, OrderCommand::IncurChannelFee(command), &fact, &body, at)?;
            }
        }
        Ok(())
    }

    fn complete(&self, intake: &mut Intake<'_>, order: OrderId, at: Micros) -> Result<(), Failure> {
        let sellers: BTreeSet<_> = self.order.items.iter().map(|item| item.seller_id).collect();
        for seller in sellers {
            let merchant = MerchantId::new(seller.as_str()).map_err(id)?;
            let fact = format!("completed {merchant}");
            let command = OrderCommand::Complete(CompleteOrder { order, merchant });
            self.command(intake, command, &fact, merchant.as_str(), at)?;
        }
        Ok(())
    }

    fn cancel(&self, intake: &mut Intake<'_>, order: OrderId, at: Micros) -> Result<(), Failure> {
        let reason = || Some(Cow::Borrowed(self.order.status.as_str()));
        let body = self.order.status.as_str();
        let command = OrderCommand::Cancel(CancelOrder { order, reason: reason() });
        self.command(intake, command, "cancelled", body, at)?;
        let paid: Decimal = self.order.payments.iter().map(|payment| payment.value).sum();
        if paid.is_zero() && self.order.items.is_empty() {
            return Ok(());
        }
        let command = IssueRefund {
            order,
            refund: RefundId::new("1").map_err(id)?,
            everything: true,
            lines: Vec::new(),
            payments: Vec::new(),
            reason: reason(),
        };
        self.command(intake, OrderCommand::Refund(command), "refunded", body, at)
    }

    /// Submits a command under the natural id of its fact; the digest covers the fact and its time,
    /// not the tariff.
    fn command(
        &self,
        intake: &mut Intake<'_>,
        command: OrderCommand<'_>,
        fact: &str,
        body: &str,
        at: Micros,
    ) -> Result<(), Failure> {
        let key = format!("{}\n{fact}", self.order.order_id);
        let body = format!("{}\n{body}", at.0);
        let request = Request::of(self.ledger, "olist", &key, body.as_bytes(), at);
        intake.submit(&Command::Order(command), &request)?;
        Ok(())
    }

    fn at(&self, local: jiff::civil::DateTime) -> Result<Micros, Failure> {
        self.clock
            .to_instant(local)
            .map(Micros::from)
            .map_err(|error| Failure::new(Exit::BadInput, "BadTime", error.to_string()))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "a function for map_err")]
fn id(error: souk_journal::ids::NotAnId) -> Failure {
    Failure::new(Exit::BadInput, "BadIdentifier", error.to_string())
}

fn class_of(class: OlistClass) -> DifferenceClass {
    match class {
        OlistClass::NoPayment => DifferenceClass::NoPayment,
        OlistClass::PaidWithoutItems => DifferenceClass::PaidWithoutItems,
        OlistClass::Matched => DifferenceClass::Matched,
        OlistClass::Rounding => DifferenceClass::Rounding,
        OlistClass::VoucherRelated => DifferenceClass::VoucherRelated,
        OlistClass::InstalmentInterest => DifferenceClass::InstalmentInterest,
        OlistClass::UntrackedDiscount => DifferenceClass::UntrackedDiscount,
        OlistClass::Unexplained => DifferenceClass::Unexplained,
    }
}
