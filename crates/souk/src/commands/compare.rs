//! `--compare`: revenue of a period beside that of another: amount, change, percentage.

use serde::Serialize;
use souk_books::comparison::percent;
use souk_books::revenue::{By, RevenueRow, Split};
use souk_journal::dates::Date;
use souk_journal::money::Currency;

use super::period::period;
use super::reading::Reading;
use crate::cli::{Format, Global};
use crate::fail::{Exit, Failure};
use crate::show::{self, Rows};

/// A revenue line in both periods.
#[derive(Debug, Serialize)]
struct Compared {
    line: String,
    #[serde(flatten)]
    split: Split,
    currency: Currency,
    net: String,
    before: String,
    change: String,
    /// One decimal; `new` where there was nothing before, none where there is nothing in either.
    percent: Option<String>,
}

/// The answer in JSON.
#[derive(Debug, Serialize)]
struct Answer {
    from: Date,
    to: Date,
    compared_from: Date,
    compared_to: Date,
    rows: Vec<Compared>,
}

/// Prints both periods, divided as asked; whole months, as revenue is booked by month.
pub(crate) fn run(
    global: &Global,
    reading: &Reading,
    with: &str,
    currency: Option<Currency>,
    by: &[By],
) -> Result<(), Failure> {
    let (from, to) = reading.range(global)?;
    let (Some(from), Some(to)) = (from, to) else {
        let message = "--compare needs the period: --from and --to";
        return Err(Failure::new(Exit::Usage, "NoPeriod", message));
    };
    let (from, to) = (from.first_of_month(), to.first_of_month());
    let (before_from, before_to) = other(with, from, to, reading.today())?;
    let by: Vec<By> = by.iter().copied().filter(|by| *by != By::Month).collect();
    let of = |from, to| reading.books.revenue(Some(from), Some(to), &by);
    let (now, then) = (of(from, to)?, of(before_from, before_to)?);
    let mut rows: Vec<Compared> = Vec::new();
    let wanted = |of: Currency| currency.is_none_or(|asked| asked == of);
    for row in now.rows.iter().filter(|row| wanted(row.currency)) {
        let same = then.rows.iter().find(|of| place(of) == place(row));
        rows.push(compared(place(row), row.net.minor, same.map_or(0, |of| of.net.minor)));
    }
    for row in then.rows.iter().filter(|row| wanted(row.currency)) {
        if !now.rows.iter().any(|of| place(of) == place(row)) {
            rows.push(compared(place(row), 0, row.net.minor));
        }
    }
    let lengths = (months(from, to), months(before_from, before_to));
    if lengths.0 != lengths.1 {
        show::note(global, &format!("the periods have {} and {} months", lengths.0, lengths.1));
    }
    let last = |month: Date| month.first_of_next_month().plus_days(-1);
    if global.format() == Format::Json {
        let (to, compared_to) = (last(to), last(before_to));
        let answer = Answer { from, to, compared_from: before_from, compared_to, rows };
        return show::json(global, &answer);
    }
    show::note(
        global,
        &format!("{from} to {} beside {before_from} to {}", last(to), last(before_to)),
    );
    let figures = ["net", "before", "change", "percent"];
    let head = ["line"].into_iter().chain(super::revenue::divided(&by)).chain(["currency"]);
    let mut table = Rows {
        columns: head.chain(figures).collect(),
        numeric: figures.to_vec(),
        rows: Vec::new(),
    };
    for row in rows {
        let percent = row.percent.unwrap_or_else(|| "–".to_owned());
        let mut cells = vec![row.line];
        cells.extend(row.split.parts().map(str::to_owned));
        cells.extend([row.currency.to_string(), row.net, row.before, row.change, percent]);
        table.rows.push(cells);
    }
    show::rows(global, &table)
}

/// Months in a period.
fn months(from: Date, to: Date) -> i32 {
    let number = |date: Date| {
        let (year, month, _) = date.parts();
        year * 12 + month as i32
    };
    number(to) - number(from) + 1
}

/// The first day of the month so many months earlier.
fn earlier(month: Date, by: i32) -> Date {
    let (year, of_year, _) = month.parts();
    let number = year * 12 + of_year as i32 - 1 - by;
    Date::new(number.div_euclid(12), number.rem_euclid(12) as u32 + 1, 1).unwrap_or(month)
}

/// The months to compare with.
fn other(with: &str, from: Date, to: Date, today: Date) -> Result<(Date, Date), Failure> {
    let by = match with {
        "previous" => months(from, to),
        "year" => 12,
        range => {
            let Some((first, last)) = range.split_once("..") else {
                let message = format!("--compare {range:?} is not previous, year or FROM..TO");
                return Err(Failure::new(Exit::Usage, "NotAComparison", message));
            };
            let (first, last) = (period(first, today)?.0, period(last, today)?.1);
            return Ok((first.first_of_month(), last.first_of_month()));
        }
    };
    Ok((earlier(from, by), earlier(to, by)))
}

/// What a row stands for in both periods.
fn place(row: &RevenueRow) -> (&str, &Split, Currency) {
    (&row.line, &row.split, row.currency)
}

fn compared(
    (line, split, currency): (&str, &Split, Currency),
    net: i128,
    before: i128,
) -> Compared {
    let text = |minor| souk_journal::money::minor_text(minor, currency);
    let percent = percent(net, before);
    let (net_text, before_text) = (text(net), text(before));
    let change = text(net - before);
    let (line, split) = (line.to_owned(), split.clone());
    Compared { line, split, currency, net: net_text, before: before_text, change, percent }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_of_what_was_before() {
        let cny = Currency::from_code("CNY").unwrap();
        let whole = Split::default();
        let percent = |net, before| compared(("Commission", &whole, cny), net, before).percent;
        assert_eq!(percent(10_410, 10_000).as_deref(), Some("4.1"));
        assert_eq!(percent(9_000, 10_000).as_deref(), Some("-10.0"));
        assert_eq!(percent(-500, -1_000).as_deref(), Some("50.0"));
        assert_eq!(percent(5, 0).as_deref(), Some("new"));
        assert_eq!(percent(0, 0), None);
    }

    #[test]
    fn periods_are_compared_by_whole_months() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        let of =
            |with| other(with, date("2026-01-01"), date("2026-03-01"), date("2026-03-31")).unwrap();
        assert_eq!(of("previous"), (date("2025-10-01"), date("2025-12-01")));
        assert_eq!(of("year"), (date("2025-01-01"), date("2025-03-01")));
        assert_eq!(of("2025-02..2025-03"), (date("2025-02-01"), date("2025-03-01")));
    }
}
