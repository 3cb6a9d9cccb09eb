//! The bridge as a table with a column of bars, and the check line under it.

use std::fmt::Write as _;

use super::escape::Text;
use crate::page::{Page, PageRow};
use crate::words::Words;

/// Writes the bridge.
pub(super) fn write(out: &mut String, page: &Page, words: &Words, mark: &str) {
    let (label, lines, note) = (words.label, words.count, words.note);
    let _ = write!(
        out,
        "<section>\n<h2>{}</h2>\n<table class=\"bridge\">\n<thead><tr><th scope=\"col\">{label}</th>\
         <th scope=\"col\" class=\"n\">{}</th><th scope=\"col\" class=\"bar\">{}</th>\
         <th scope=\"col\" class=\"n\">{lines}</th><th scope=\"col\">{note}</th></tr></thead>\n",
        words.bridge,
        Text(&page.currency),
        words.bar
    );
    for block in &page.blocks {
        let _ = writeln!(
            out,
            "<tbody>\n<tr class=\"block\"><th colspan=\"5\" scope=\"rowgroup\">{} / <span lang=\"zh\">{}</span></th></tr>",
            block.title, block.title_zh
        );
        for of in &block.rows {
            row(out, of, words, mark);
        }
        out.push_str("</tbody>\n");
    }
    out.push_str("</table>\n");
    if let Some(message) = &page.message {
        let _ = writeln!(out, "<p>{}</p>", Text(message));
    }
    let _ = writeln!(out, "<p class=\"check\">{}</p>", Text(&page.check));
    if let Some(digest) = &page.digest {
        let _ =
            writeln!(out, "<p class=\"digest\">{} <code>{}</code></p>", words.digest, Text(digest));
    }
    out.push_str("</section>\n");
}

fn row(out: &mut String, of: &PageRow, words: &Words, mark: &str) {
    let class = if of.is_result { " class=\"result\"" } else { "" };
    let equals = if of.is_result { "= " } else { "" };
    let (en, zh) = (Text(&of.label), Text(&of.label_zh));
    let label = format!("{equals}<span lang=\"en\">{en}</span> <span lang=\"zh\">{zh}</span>");
    let label = match of.kind {
        Some(kind) => format!("<a href=\"#{mark}kind-{}\">{label}</a>", Text(kind)),
        None => label,
    };
    let sentence =
        of.sentence.as_ref().map_or(String::new(), |of| format!("<br><small>{}</small>", Text(of)));
    let bar = format!(
        "<svg viewBox=\"0 0 1000 40\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"{}\" x=\"{}\" y=\"4\" width=\"{}\" height=\"32\"/></svg>",
        if of.bar.is_minus { "minus" } else { "plus" },
        of.bar.from,
        of.bar.to.saturating_sub(of.bar.from).max(2)
    );
    let lines = of.lines.map(|lines| lines.to_string()).unwrap_or_default();
    let note = of.note.as_deref().unwrap_or_default();
    let _ = writeln!(
        out,
        "<tr{class}><th scope=\"row\">{label}{sentence}</th><td class=\"n\">{}</td><td class=\"bar\">{bar}</td>\
         <td class=\"n\" data-label=\"{}\">{lines}</td><td class=\"note\">{}</td></tr>",
        Text(&of.amount),
        words.count,
        Text(note)
    );
}
