//! What the demonstration prints: control totals, revenue, one merchant's bridge.

use std::fmt::Write as _;
use std::time::Duration;

use souk_books::bridge::render_text;
use souk_books::revenue::By;
use souk_journal::dates::Date;

use super::{Made, script};
use crate::cli::{Demo, Global};
use crate::fail::Failure;
use crate::place::Place;
use crate::show;

/// Prints the figures.
pub(crate) fn print(
    global: &Global,
    of: &Demo,
    place: &Place,
    made: &Made,
    took: Duration,
) -> Result<(), Failure> {
    let books = &made.books;
    let control = books.control_totals();
    let mut text = String::new();
    let count = |number: u64| show::grouped(&number.to_string());
    let _ = writeln!(
        text,
        "Souk demo: an invented marketplace, seed {}, clock pinned at {} (Asia/Shanghai). Written to {}.",
        of.seed,
        made.last,
        place.shown(),
    );
    let _ = writeln!(
        text,
        "  {} merchants · {} orders · {} events · {} currencies",
        made.merchants,
        count(made.orders),
        count(control.events),
        control.sides.len(),
    );
    let tick = |holds: bool| if holds { "✓" } else { "✗" };
    let sides: Vec<&str> = control.sides.iter().map(|of| of.currency.code()).collect();
    let _ = writeln!(
        text,
        "  Checks   debits = credits ({}) {}   events = entries {} {}   closed cycles recomputed {} of {} {}   items claimed once {}",
        sides.join(", "),
        tick(control.sides.iter().all(|of| of.holds)),
        count(control.entries),
        tick(control.events == control.entries),
        count(control.cycles_checked - control.mismatches.min(control.cycles_checked)),
        count(control.cycles_checked),
        tick(control.mismatches == 0),
        tick(control.items.iter().all(|of| of.holds)),
    );
    for of in &control.client_money {
        let causes: Vec<String> = of
            .causes
            .iter()
            .map(|cause| format!("{} {}", cause.account, cause.amount.grouped()))
            .collect();
        let _ = writeln!(
            text,
            "  Client money {}   held {} − owed {} = {}   because of {}",
            of.currency,
            of.held.grouped(),
            of.owed.grouped(),
            of.surplus.grouped(),
            causes.join(", "),
        );
    }
    revenue(&mut text, made)?;
    let merchant = script::FEATURED.to_string();
    let statement = books.statement(&merchant, Some("2026-W11"), None)?;
    let _ = writeln!(
        text,
        "\nMerchant {merchant} was paid {} {} for its cycle {}. Where did the rest go?\n",
        statement.currency,
        statement.payout.grouped(),
        statement.cycle,
    );
    text.push_str(&render_text(&books.bridge(&statement)));
    show::text(global, &text)?;
    show::note(global, &format!("made in {}.{:03} s", took.as_secs(), took.subsec_millis()));
    let flag = format!(" --data {}", place.shown());
    show::next(
        global,
        &format!(
            "souk statement {merchant} {}{flag}     then: souk balances{flag}",
            statement.cycle
        ),
    );
    Ok(())
}

/// Revenue of the last month beside the month before, in the platform's currency and the others.
fn revenue(text: &mut String, made: &Made) -> Result<(), Failure> {
    let month = made.last.first_of_month();
    let before = month.plus_days(-1).first_of_month();
    let by = [By::Month, By::Line];
    let of = |day: Date| made.books.revenue(Some(day), Some(day), &by);
    let (now, then) = (of(month)?, of(before)?);
    for total in &now.totals {
        let currency = total.currency;
        let name = month.to_string();
        let _ = writeln!(
            text,
            "\n  {:<20}{:>14}{:>12}{:>12}{:>14}{:>23}",
            format!("Revenue {}, {currency}", &name[..7]),
            "gross",
            "returned",
            "contra",
            "net",
            "net the month before",
        );
        for row in now.rows.iter().filter(|row| row.currency == currency) {
            let same = |other: &&souk_books::revenue::RevenueRow| {
                other.currency == currency && other.line == row.line
            };
            let earlier = then.rows.iter().find(same);
            let _ = writeln!(
                text,
                "  {:<20}{:>14}{:>12}{:>12}{:>14}{:>23}",
                row.line,
                row.gross.grouped(),
                row.returned.grouped(),
                row.contra.grouped(),
                row.net.grouped(),
                earlier.map_or_else(|| "–".to_owned(), |row| row.net.grouped()),
            );
        }
        let of_currency = now.deferral.iter().filter(|row| row.currency == currency);
        for row in of_currency {
            let _ = writeln!(
                text,
                "  {} deferred: {} + charged {} − recognised {} − returned {} − forfeited {} = {}",
                row.line,
                row.opening.grouped(),
                row.charged.grouped(),
                row.recognised.grouped(),
                row.returned.grouped(),
                row.forfeited.grouped(),
                row.closing.grouped(),
            );
        }
        let _ = writeln!(
            text,
            "  take rate {} of merchandise value {}",
            total.take_rate.as_deref().unwrap_or("–"),
            total.merchandise_value.grouped(),
        );
    }
    Ok(())
}
