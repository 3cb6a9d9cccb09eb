//! Net revenue drawn into a file: a column per month with its lines stacked, what reduces revenue below the axis, a panel
//! per currency. Written by hand because every length is a whole number: a plotting library would take floats.

use std::fmt::Write as _;
use std::path::Path;

use souk_books::revenue::{RevenueReport, RevenueRow};
use souk_journal::money::Currency;

use super::chart::currencies;
use crate::fail::Failure;

/// A panel, in pixels.
const WIDTH: i128 = 960;
const HEIGHT: i128 = 420;
/// Around the columns.
const LEFT: i128 = 24;
const TOP: i128 = 56;
const BOTTOM: i128 = 40;
/// Beside them: the lines with their sums.
const LEGEND: i128 = 300;
/// Told apart by lightness too, for who sees no colours.
const COLOURS: [&str; 8] =
    ["#0b3c5d", "#d9853b", "#3a7d44", "#8c4a6d", "#4aa3a2", "#b8b042", "#6d7a8c", "#c65353"];

/// Writes the drawing.
pub(super) fn write(path: &Path, report: &RevenueReport) -> Result<(), Failure> {
    std::fs::write(path, drawing(report)).map_err(|error| Failure::unwritable(path, &error))
}

fn drawing(report: &RevenueReport) -> String {
    let currencies = currencies(report);
    let height = HEIGHT * (currencies.len().max(1) as i128);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" font-family=\"sans-serif\" font-size=\"13\">\n<title>Net revenue by month and line, through entry {}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
        report.entry
    );
    // A line has one colour in every panel.
    let all: Vec<&RevenueRow> = report.rows.iter().collect();
    let names: Vec<String> = lines(&all).into_iter().map(|line| line.name).collect();
    for (number, currency) in (0..).zip(&currencies) {
        let rows: Vec<&RevenueRow> =
            report.rows.iter().filter(|row| row.currency == *currency).collect();
        let _ = writeln!(svg, "<g transform=\"translate(0 {})\">", HEIGHT * number);
        panel(&mut svg, &rows, *currency, &names);
        svg.push_str("</g>\n");
    }
    if currencies.is_empty() {
        svg.push_str("<text x=\"24\" y=\"32\">Nothing was earned in this period.</text>\n");
    }
    svg.push_str("</svg>\n");
    svg
}

/// A line of revenue with its sum over the months.
struct Line<'r> {
    name: String,
    colour: &'static str,
    net: i128,
    rows: Vec<&'r RevenueRow>,
}

fn panel(svg: &mut String, rows: &[&RevenueRow], currency: Currency, names: &[String]) {
    let mut months: Vec<&str> = rows.iter().map(|row| row.month.as_str()).collect();
    months.dedup();
    let mut lines = lines(rows);
    for line in &mut lines {
        line.colour = colour(names.iter().position(|name| *name == line.name).unwrap_or(0));
    }
    // The tallest column above the axis, and below it.
    let side = |month: &str, up: bool| -> i128 {
        let of_month = rows.iter().filter(|row| row.month == month);
        of_month.map(|row| row.net.minor).filter(|net| (*net > 0) == up).map(i128::abs).sum()
    };
    let tallest = |up| months.iter().map(|month| side(month, up)).max().unwrap_or(0);
    let (above, below) = (tallest(true), tallest(false));
    let space = HEIGHT - TOP - BOTTOM;
    let length = |minor: i128| (minor * space).checked_div(above + below).unwrap_or(0);
    let axis = TOP + length(above);
    let step = (WIDTH - LEFT - LEGEND) / (months.len().max(1) as i128);
    let _ = writeln!(
        svg,
        "<text x=\"{LEFT}\" y=\"28\" font-size=\"16\" font-weight=\"bold\">Net revenue by month, {currency}</text>"
    );
    for (number, month) in (0..).zip(&months) {
        let left = LEFT + step * number;
        column(svg, &lines, month, left, step, axis, &length);
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{month}</text>",
            left + step / 2,
            HEIGHT - 14
        );
    }
    let _ = writeln!(
        svg,
        "<line x1=\"{LEFT}\" y1=\"{axis}\" x2=\"{}\" y2=\"{axis}\" stroke=\"#222222\"/>",
        WIDTH - LEGEND
    );
    legend(svg, &lines, currency);
}

fn lines<'r>(rows: &[&'r RevenueRow]) -> Vec<Line<'r>> {
    let mut lines: Vec<Line<'r>> = Vec::new();
    for row in rows {
        let name = row.label();
        match lines.iter_mut().find(|line| line.name == name) {
            Some(line) => {
                line.net += row.net.minor;
                line.rows.push(row);
            }
            None => {
                lines.push(Line { name, colour: COLOURS[0], net: row.net.minor, rows: vec![row] })
            }
        }
    }
    lines
}

fn column(
    svg: &mut String,
    lines: &[Line<'_>],
    month: &str,
    left: i128,
    step: i128,
    axis: i128,
    length: &dyn Fn(i128) -> i128,
) {
    // Sums are cut to pixels, not the parts, so that parts touch.
    let (mut up, mut down) = (0, 0);
    for line in lines {
        for row in line.rows.iter().filter(|row| row.month == month) {
            let net = row.net.minor;
            let (from, to) = if net > 0 {
                up += net;
                (axis - length(up), axis - length(up - net))
            } else {
                down -= net;
                (axis + length(down + net), axis + length(down))
            };
            let _ = writeln!(
                svg,
                "<rect x=\"{}\" y=\"{from}\" width=\"{}\" height=\"{}\" fill=\"{}\"><title>{month} {}: {}</title></rect>",
                left + step / 8,
                step * 3 / 4,
                to - from,
                line.colour,
                escaped(&line.name),
                row.net.grouped(),
            );
        }
    }
}

fn colour(index: usize) -> &'static str {
    COLOURS.get(index % COLOURS.len()).copied().unwrap_or("#000000")
}

fn legend(svg: &mut String, lines: &[Line<'_>], currency: Currency) {
    let left = WIDTH - LEGEND + 20;
    for (index, line) in lines.iter().enumerate() {
        let top = TOP + 22 * index as i128;
        let sum = souk_books::Figure::new(line.net, currency).grouped();
        let _ = writeln!(
            svg,
            "<rect x=\"{left}\" y=\"{top}\" width=\"12\" height=\"12\" fill=\"{}\"/><text x=\"{}\" y=\"{}\">{}</text><text x=\"{}\" y=\"{}\" text-anchor=\"end\">{sum}</text>",
            line.colour,
            left + 20,
            top + 11,
            escaped(&line.name),
            WIDTH - 16,
            top + 11,
        );
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
