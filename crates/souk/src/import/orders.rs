//! `souk import orders`: any CSV of order lines and payments, read by a map.
//!
//! The whole file is checked first: every bad row is listed and nothing is written, unless
//! `--skip-bad`. Then each fact is one command with an id of its own, so importing again continues.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rust_decimal::Decimal;
use souk_domain::order::commands::{
    CompleteOrder, FundedDiscount, IssueRefund, LineToPlace, LineToRefund, OrderCommand, PayOrder,
    PlaceOrder,
};
use souk_domain::order::events::Funding;
use souk_formats::orders_csv::{
    CsvOrder, Fact, Field, OrderLine, OrdersFile, OrdersMap, Refund, template,
};
use souk_formats::{BadRow, ShortId};
use souk_journal::dates::Micros;
use souk_journal::ids::{LineId, MerchantId, OrderId, PaymentId, RefundId};
use souk_journal::money::{Amount, Currency};
use souk_ledger::command::Command;
use souk_ledger::error::LedgerError;
use souk_ledger::ledger::Ledger;
use souk_ledger::request::Request;

use super::enrol::enrol;
use crate::cli::{Format, Global, ImportOrders};
use crate::fail::{Exit, Failure, bad_rows, counted};
use crate::intake::Intake;
use crate::place::Place;
use crate::show::{self, Rows};

/// `souk import orders`
pub(crate) fn run(global: &Global, of: &ImportOrders) -> Result<(), Failure> {
    if of.template {
        let template = template();
        let text = format!(
            "# ---- MAP.toml ----\n{}\n# ---- FILE.csv ----\n{}",
            template.map, template.sample
        );
        return show::text(global, &text);
    }
    let (Some(path), Some(map_path)) = (&of.file, &of.map) else {
        return Err(Failure::new(Exit::Usage, "NoFile", "name the file and its --map"));
    };
    let text = std::fs::read_to_string(map_path).map_err(|error| Failure::io(map_path, &error))?;
    let bad_map = |what: String| Failure::new(Exit::BadInput, "BadMapFile", what);
    let map = OrdersMap::parse(&map_path.display().to_string(), &text)
        .map_err(|error| bad_map(error.to_string()))?;
    let file = OrdersFile::open(path, &map).map_err(|error| {
        let what = error.to_string();
        match error {
            souk_formats::orders_csv::OrdersFileError::Map(_) => bad_map(what),
            souk_formats::orders_csv::OrdersFileError::Table(_) => {
                Failure::new(Exit::BadInput, "BadOrdersFile", what)
            }
        }
    })?;
    let place = Place::of(global)?;
    let mut ledger = match (of.check, place.exists()?) {
        (true, false) => None,
        (true, true) => Some(place.rehearsal()?),
        (false, _) => Some(place.ledger()?),
    };
    let mut bad = file.bad.clone();
    bad.extend(money_rows(&file));
    let mut missing = BTreeSet::new();
    if let Some(ledger) = &mut ledger {
        bad.extend(unknown_merchants(&file, ledger, of.enrol_missing, &mut missing)?);
    }
    bad.sort();
    if of.check {
        return check(global, &file, &map, &bad);
    }
    if !bad.is_empty() && !of.skip_bad {
        return Err(bad_rows(&bad, lines_of(&bad), file.counts.0));
    }
    for row in &bad {
        show::note(global, &row.to_string());
    }
    let Some(mut ledger) = ledger else { return Ok(()) };
    let skipped: BTreeSet<u64> = bad.iter().map(|row| row.line).collect();
    write(global, &place, &file, &mut ledger, &missing, &skipped)
}

/// Rows whose currency does not exist or whose amounts have more decimals than it allows.
fn money_rows(file: &OrdersFile) -> Vec<BadRow> {
    let mut bad = Vec::new();
    for order in file.orders() {
        let line = order.lines.first().map_or(1, |(line, _)| *line);
        let currency = match Currency::from_code(order.currency.as_str()) {
            Ok(currency) => currency,
            Err(error) => {
                bad.push(file.bad_row(line, Field::Currency, error.to_string()));
                continue;
            }
        };
        let mut check = |line: u64, field: Field, value: Decimal| {
            if let Err(error) = Amount::from(value).minor(currency) {
                bad.push(file.bad_row(line, field, error.to_string()));
            }
        };
        for (line, of) in &order.lines {
            check(*line, Field::Price, of.merchandise());
            check(*line, Field::Shipping, of.shipping);
            check(*line, Field::MerchantDiscount, of.merchant_discount);
            check(*line, Field::PlatformDiscount, of.platform_discount);
        }
        for (line, of) in &order.payments {
            check(*line, Field::Amount, of.amount);
        }
        for (line, of) in &order.refunds {
            check(*line, Field::RefundAmount, of.amount);
        }
    }
    bad
}

fn unknown_merchants(
    file: &OrdersFile,
    ledger: &mut Ledger,
    enrol_missing: bool,
    missing: &mut BTreeSet<MerchantId>,
) -> Result<Vec<BadRow>, Failure> {
    let mut bad = Vec::new();
    for order in file.orders() {
        for (line, of) in &order.lines {
            let merchant = merchant(of.merchant)?;
            if ledger.merchant(merchant)?.kind.is_some() {
                continue;
            }
            if enrol_missing {
                missing.insert(merchant);
            } else {
                let what = format!(
                    "merchant \"{merchant}\" is not enrolled; enrol it (souk apply), or --enrol-missing"
                );
                bad.push(file.bad_row(*line, Field::Merchant, what));
            }
        }
    }
    Ok(bad)
}

fn check(
    global: &Global,
    file: &OrdersFile,
    map: &OrdersMap,
    bad: &[BadRow],
) -> Result<(), Failure> {
    let mut said = String::from("Mapping\n");
    for (field, column) in map.columns() {
        said.push_str(&format!("  {:<18} {column}\n", field.key()));
    }
    said.push_str("\nFirst rows as understood\n");
    for row in file.rows.iter().take(10) {
        let (order, currency) = (row.order, row.currency);
        said.push_str(&format!("  {:>6}  {order}  {currency}  {}\n", row.line, words(&row.fact)));
    }
    said.push_str("\nTotals\n");
    for (currency, of) in &file.totals {
        said.push_str(&format!(
            "  {currency}  {} lines, goods {}, shipping {}, discounts {} (merchant) {} (platform); {} payments, {}; {} completions; {} refunds, {}\n",
            of.lines, of.merchandise, of.shipping, of.merchant_discounts, of.platform_discounts,
            of.payments, of.paid, of.completions, of.refunds, of.refunded
        ));
    }
    let bad_lines = lines_of(bad);
    said.push_str(&format!("\n{} rows, {bad_lines} bad; nothing was written\n", file.counts.0));
    show::text(global, &said)?;
    if bad.is_empty() {
        return Ok(());
    }
    Err(bad_rows(bad, bad_lines, file.counts.0))
}

/// Rows that are bad, each once however much is wrong with it.
fn lines_of(bad: &[BadRow]) -> u64 {
    bad.iter().map(|row| row.line).collect::<BTreeSet<u64>>().len() as u64
}

/// A row in words.
fn words(fact: &Fact) -> String {
    let whose =
        |merchant: &Option<ShortId>| merchant.map_or_else(String::new, |id| format!(" of {id}"));
    match fact {
        Fact::Line(of) => {
            let category = of.category.as_deref().unwrap_or("no category");
            let mut text = format!(
                "line {} of {}, {category}: {} × {}, shipping {}",
                of.item, of.merchant, of.quantity, of.price, of.shipping
            );
            let discounts =
                [("merchant", of.merchant_discount), ("platform", of.platform_discount)];
            for (funded_by, discount) in
                discounts.iter().filter(|(_, discount)| !discount.is_zero())
            {
                text.push_str(&format!(", {funded_by} discount {discount}"));
            }
            text + &format!(", ordered {}", of.ordered_at)
        }
        Fact::Payment(of) => {
            let method = of.method.map_or_else(String::new, |method| format!(" by {method}"));
            format!("payment {}: {}{method}, {}", of.payment, of.amount, of.paid_at)
        }
        Fact::Completion(of) => format!("completed{}, {}", whose(&of.merchant), of.completed_at),
        Fact::Refund(of) => {
            let line = of.item.map_or_else(String::new, |item| format!(" of line {item}"));
            let whose = whose(&of.merchant);
            format!("refund {}: {}{line}{whose}, {}", of.refund, of.amount, of.refunded_at)
        }
    }
}

/// Counts of one import.
#[derive(Debug, Default, serde::Serialize)]
struct Written {
    orders: u64,
    commands: u64,
    events: u64,
    replayed: u64,
    refused: Vec<String>,
}

fn write(
    global: &Global,
    place: &Place,
    file: &OrdersFile,
    ledger: &mut Ledger,
    missing: &BTreeSet<MerchantId>,
    skipped: &BTreeSet<u64>,
) -> Result<(), Failure> {
    let terms = place.terms();
    let mut intake = Intake::bulk(ledger);
    if !missing.is_empty() {
        let terms = terms?;
        for merchant in missing {
            enrol(&mut intake, *merchant, &terms)?;
        }
    }
    let mut written = Written::default();
    for order in file.orders() {
        let lines = order.lines.iter().map(|(line, _)| line);
        let others = order.payments.iter().map(|(line, _)| line);
        let done = order.completions.iter().map(|(line, _)| line);
        let back = order.refunds.iter().map(|(line, _)| line);
        if lines.chain(others).chain(done).chain(back).any(|line| skipped.contains(line)) {
            continue;
        }
        written.orders += 1;
        for (line, command, at, fact) in commands(&order)? {
            written.commands += 1;
            let key = format!("{}\n{fact}", order.order);
            let body = format!("{}\n{command:?}", at.0);
            let id = intake.ledger().identity().ledger;
            let request = Request::of(id, "orders-csv", &key, body.as_bytes(), at);
            match intake.submit(&Command::Order(command), &request) {
                Ok(_) => {}
                Err(error) if error.is_refusal() => {
                    let code = error.code();
                    let row = format!("{}:{line}  {error}   [{code}]", file_name(file, line));
                    written.refused.push(row);
                    if fact == "placed" {
                        // What is not placed is neither paid nor refunded.
                        break;
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    intake.drain()?;
    (written.events, written.replayed) = (intake.events, intake.replayed);
    report(global, &written)?;
    let flag = place.flag();
    show::next(global, &format!("souk close --through DATE --dry-run{flag}"));
    if written.refused.is_empty() {
        return Ok(());
    }
    let count = counted(written.refused.len(), "fact was", "facts were");
    let message = format!("{count} refused by a rule");
    let mut failure = Failure::new(Exit::Refused, "FactsRefused", message);
    failure.details = written.refused;
    Err(failure)
}

fn file_name(file: &OrdersFile, line: u64) -> String {
    file.bad_row(line, Field::Order, String::new()).file.to_string()
}

fn report(global: &Global, written: &Written) -> Result<(), Failure> {
    if global.format() == Format::Json {
        return show::json(global, written);
    }
    let rows = Rows {
        columns: vec!["orders", "commands", "events", "replayed", "refused"],
        numeric: vec!["orders", "commands", "events", "replayed", "refused"],
        rows: vec![vec![
            written.orders.to_string(),
            written.commands.to_string(),
            written.events.to_string(),
            written.replayed.to_string(),
            written.refused.len().to_string(),
        ]],
    };
    show::rows(global, &rows)
}

/// What is submitted: its line in the file, the command, when, and its natural id within the order.
type Step<'a> = (u64, OrderCommand<'a>, Micros, String);

/// The commands of an order, in the order of their life.
fn commands<'a>(order: &CsvOrder<'a>) -> Result<Vec<Step<'a>>, Failure> {
    let id = OrderId::new(order.order.as_str()).map_err(bad_id)?;
    let mut facts = Vec::new();
    let (first, placed_at) = order
        .lines
        .first()
        .map(|(line, of)| (*line, of.ordered_at))
        .or_else(|| order.payments.first().map(|(line, of)| (*line, of.paid_at)))
        .unwrap_or((1, jiff::Timestamp::UNIX_EPOCH));
    let mut lines = Vec::with_capacity(order.lines.len());
    for (_, of) in &order.lines {
        lines.push(line_to_place(of)?);
    }
    let currency = Cow::Owned(order.currency.to_string());
    let place = PlaceOrder { order: id, currency, region: None, lines, promotions: Vec::new() };
    facts.push((first, OrderCommand::Place(place), placed_at.into(), "placed".to_owned()));
    for (line, of) in &order.payments {
        let method = of.method.map_or_else(|| "unknown".to_owned(), |method| method.to_string());
        let payment = PaymentId::new(of.payment.as_str()).map_err(bad_id)?;
        let voucher = method == "voucher";
        let (method, amount) = (Cow::Owned(method), Amount::from(of.amount));
        let pay = PayOrder { order: id, payment, method, voucher, amount };
        facts.push((*line, OrderCommand::Pay(pay), of.paid_at.into(), format!("paid {payment}")));
    }
    for (line, of) in &order.completions {
        let mut merchants: BTreeSet<ShortId> = BTreeSet::new();
        match of.merchant {
            Some(merchant) => drop(merchants.insert(merchant)),
            None => merchants.extend(order.lines.iter().map(|(_, of)| of.merchant)),
        }
        for of_merchant in merchants {
            let merchant = merchant(of_merchant)?;
            let complete = OrderCommand::Complete(CompleteOrder { order: id, merchant });
            let at = of.completed_at.into();
            facts.push((*line, complete, at, format!("completed {merchant}")));
        }
    }
    for (line, of) in &order.refunds {
        let refund = refund(order, id, *line, of)?;
        let fact = format!("refunded {}", refund.refund);
        facts.push((*line, OrderCommand::Refund(refund), of.refunded_at.into(), fact));
    }
    Ok(facts)
}

fn line_to_place(of: &OrderLine) -> Result<LineToPlace<'_>, Failure> {
    let discount = Amount::from(of.platform_discount);
    let funding = Funding::PlatformSubsidy;
    Ok(LineToPlace {
        units: of.quantity,
        fulfilment: None,
        line: LineId::new(of.item.as_str()).map_err(bad_id)?,
        merchant: merchant(of.merchant)?,
        category: of.category.as_deref().map(Cow::Borrowed),
        price: Amount::from(of.merchandise()),
        shipping: Amount::from(of.shipping),
        merchant_discount: Amount::from(of.merchant_discount),
        platform_discount: (!discount.is_zero())
            .then_some(FundedDiscount { amount: discount, funding }),
        taxes: Vec::new(),
    })
}

/// A refund of a line takes the goods first, then its shipping; one that names no line goes through
/// the lines in their order.
fn refund<'a>(
    order: &CsvOrder<'a>,
    id: OrderId,
    row: u64,
    of: &Refund,
) -> Result<IssueRefund<'a>, Failure> {
    let mut rest = of.amount;
    let mut lines = Vec::new();
    // A refund on the row of an order line is of that line. Where one column holds the ids of lines and
    // of refunds, a refund's own id names no line.
    let known = |item: ShortId| order.lines.iter().any(|(_, line)| line.item == item);
    let beside = order.lines.iter().find(|(at, _)| *at == row).map(|(_, line)| line.item);
    let named = of.item.filter(|item| *item != of.refund || known(*item)).or(beside);
    let concerned = order.lines.iter().filter(|(_, line)| {
        named.is_none_or(|item| item == line.item)
            && of.merchant.is_none_or(|merchant| merchant == line.merchant)
    });
    for (_, line) in concerned {
        let goods = line.merchandise() - line.merchant_discount - line.platform_discount;
        let principal = rest.min(goods);
        let shipping = (rest - principal).min(line.shipping);
        rest -= principal + shipping;
        if !(principal + shipping).is_zero() {
            lines.push(LineToRefund {
                line: LineId::new(line.item.as_str()).map_err(bad_id)?,
                principal: Amount::from(principal),
                shipping: Amount::from(shipping),
                free_goods: false,
            });
        }
    }
    // What no line can take is asked of the last one, so that the rule refuses it with its figures.
    if let (Some(last), true) = (lines.last_mut(), rest > Decimal::ZERO) {
        last.principal = Amount::from(last.principal.decimal() + rest);
    }
    // A line that the order does not have is the rule's to refuse, by its name.
    if let (Some(item), true) = (named, lines.is_empty()) {
        let line = LineId::new(item.as_str()).map_err(bad_id)?;
        let (principal, shipping) = (Amount::from(of.amount), Amount::ZERO);
        lines.push(LineToRefund { line, principal, shipping, free_goods: false });
    }
    let refund = RefundId::new(of.refund.as_str()).map_err(bad_id)?;
    Ok(IssueRefund {
        order: id,
        refund,
        everything: false,
        lines,
        payments: Vec::new(),
        reason: None,
    })
}

fn merchant(id: ShortId) -> Result<MerchantId, Failure> {
    MerchantId::new(id.as_str()).map_err(bad_id)
}

#[expect(clippy::needless_pass_by_value, reason = "a function for map_err")]
fn bad_id(error: souk_journal::ids::NotAnId) -> Failure {
    LedgerError::ReadSide(error.to_string()).into()
}
