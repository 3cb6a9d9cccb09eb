//! The tables under the bridge: reserve, taxes, lines by kind with an anchor each, and what each order brought.

use std::fmt::Write as _;

use super::escape::Text;
use crate::page::{Page, PageLine};
use crate::words::Words;

/// Opens a section with a table.
fn open(out: &mut String, title: &str, class: &str, heads: &[(&str, bool)]) {
    let _ = write!(out, "<section>\n<h2>{title}</h2>\n<table class=\"{class}\">\n<thead><tr>");
    columns(out, heads);
    out.push_str("</tr></thead>\n<tbody>\n");
}

fn columns(out: &mut String, heads: &[(&str, bool)]) {
    for (head, is_number) in heads {
        let class = if *is_number { " class=\"n\"" } else { "" };
        let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", Text(head));
    }
}

fn close(out: &mut String) {
    out.push_str("</tbody>\n</table>\n</section>\n");
}

/// A cell with the name of its column, which a phone shows beside it; nothing where it is empty.
fn cell(out: &mut String, label: &str, text: Option<&str>, class: &str) {
    let text = text.unwrap_or_default();
    let class = if text.is_empty() { format!("{class} empty") } else { class.to_owned() };
    let _ = write!(
        out,
        "<td class=\"{}\" data-label=\"{}\">{}</td>",
        class.trim(),
        Text(label),
        Text(text)
    );
}

/// The reserve that was withheld and released.
pub(super) fn reserves(out: &mut String, page: &Page, words: &Words) {
    if page.reserves.is_empty() {
        return;
    }
    let heads = [
        (words.withheld_in, false),
        ("", false),
        (page.currency.as_str(), true),
        (words.release_on, false),
        (words.note, false),
    ];
    open(out, words.reserves, "rows", &heads);
    for of in &page.reserves {
        out.push_str("<tr>");
        cell(out, words.withheld_in, of.withheld_in.as_deref(), "");
        cell(out, words.reserves, Some(of.direction), "");
        cell(out, &page.currency, Some(&of.amount), "n");
        cell(out, words.release_on, of.release_on.as_deref(), "");
        cell(out, words.note, of.note.as_deref(), "");
        out.push_str("</tr>\n");
    }
    close(out);
}

/// The taxes, apart from what they are on.
pub(super) fn taxes(out: &mut String, page: &Page, words: &Words) {
    if page.taxes.is_empty() {
        return;
    }
    let tax = format!("{} {}", words.tax, page.currency);
    let heads = [
        (words.label, false),
        (words.base, true),
        (words.rate, true),
        (tax.as_str(), true),
        (words.count, true),
    ];
    open(out, words.taxes, "rows", &heads);
    for of in &page.taxes {
        out.push_str("<tr>");
        let label = format!("{} {}", of.label, of.label_zh);
        cell(out, words.label, Some(&label), "");
        cell(out, words.base, of.base.as_deref(), "n");
        cell(out, words.rate, of.rate.as_deref(), "n");
        cell(out, &tax, Some(&of.tax), "n");
        cell(out, words.count, Some(&of.lines.to_string()), "n");
        out.push_str("</tr>\n");
    }
    close(out);
}

/// Every line, under its kind.
pub(super) fn kinds(out: &mut String, page: &Page, words: &Words, mark: &str) {
    if page.kinds.is_empty() {
        return;
    }
    let _ = write!(out, "<section>\n<h2>{}</h2>\n", words.lines);
    let heads = [
        (words.number, true),
        (words.date, false),
        (words.due, false),
        (words.order, false),
        (words.base, true),
        (words.rate, true),
        (words.tariff, false),
        (words.remark, false),
        (page.currency.as_str(), true),
    ];
    for kind in &page.kinds {
        let _ = write!(
            out,
            "<h3 id=\"{mark}kind-{}\">{} <span lang=\"zh\">{}</span> <span class=\"sum\">{} · {}</span></h3>\n\
             <table class=\"rows lines\">\n<thead><tr>",
            Text(kind.kind),
            kind.label,
            kind.label_zh,
            kind.lines.len(),
            Text(&kind.amount)
        );
        columns(out, &heads);
        out.push_str("</tr></thead>\n<tbody>\n");
        for of in &kind.lines {
            line(out, of, page, words, mark);
        }
        out.push_str("</tbody>\n</table>\n");
    }
    out.push_str("</section>\n");
}

fn line(out: &mut String, of: &PageLine, page: &Page, words: &Words, mark: &str) {
    let number = of.number;
    let _ = write!(
        out,
        "<tr id=\"{mark}line-{number}\"><td class=\"n\" data-label=\"{}\"><a href=\"#{mark}line-{number}\">{number}</a></td>",
        words.number
    );
    cell(out, words.date, Some(&of.date), "d");
    cell(out, words.due, Some(&of.due), "d");
    match (&of.order, of.order_number) {
        (Some(order), Some(at)) => {
            let _ = write!(
                out,
                "<td class=\"id\" data-label=\"{}\"><a href=\"#{mark}order-{at}\">{}</a></td>",
                words.order,
                Text(order)
            );
        }
        (order, _) => cell(out, words.order, order.as_deref(), "id"),
    }
    cell(out, words.base, of.base.as_deref(), "n");
    cell(out, words.rate, of.rate.as_deref(), "n");
    cell(out, words.tariff, of.tariff.as_deref(), "");
    cell(out, words.remark, of.remark.as_deref(), "");
    cell(out, &page.currency, Some(&of.amount), "n");
    out.push_str("</tr>\n");
}

/// What each order brought.
pub(super) fn orders(out: &mut String, page: &Page, words: &Words, mark: &str) {
    if page.orders.is_empty() {
        return;
    }
    let total = format!("{} {}", words.total, page.currency);
    let heads = [
        (words.order, false),
        (words.count, true),
        (words.sold, true),
        (words.taken, true),
        (words.moved, true),
        (total.as_str(), true),
    ];
    open(out, words.by_order, "rows", &heads);
    for (place, of) in page.orders.iter().enumerate() {
        let _ = write!(out, "<tr id=\"{mark}order-{}\">", place + 1);
        cell(out, words.order, Some(of.order.as_deref().unwrap_or(words.no_order)), "id");
        cell(out, words.count, Some(&of.lines.to_string()), "n");
        cell(out, words.sold, Some(&of.sold), "n");
        cell(out, words.taken, Some(&of.taken), "n");
        cell(out, words.moved, Some(&of.moved), "n");
        cell(out, &total, Some(&of.total), "n");
        out.push_str("</tr>\n");
    }
    close(out);
}
