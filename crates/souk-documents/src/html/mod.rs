//! A statement as one file of HTML: nothing from elsewhere, no script, for wide screens, phones and paper.
//!
//! Every value is escaped on its way in ([`escape::Text`]); markup stands in this folder alone. Bars are rectangles
//! with attributes, so that a page with a strict policy on style can carry them as they are.
//!
//! Reading order: `escape`, `bridge`, `tables`.

mod bridge;
mod escape;
mod tables;

use std::fmt::Write as _;

use crate::document::Document;
use crate::page::Page;
use crate::words::words;
use escape::Text;

const STYLE: &str = include_str!("style.css");

/// The statements as one page, one after the other, each on paper of its own.
#[must_use]
pub fn render(all: &[Document]) -> String {
    let language = all.first().map_or("en", |of| Page::of(of).language);
    let title = match all {
        [] => "No closed cycle yet 暂无结算单".to_owned(),
        [one] => format!("{} 结算单", one.statement.number),
        [first, ..] => format!("{} … 结算单", first.statement.number),
    };
    let mut out = String::new();
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
        Text(&title)
    );
    if all.is_empty() {
        let _ = writeln!(out, "<p>{}</p>", Text(&title));
    }
    for (place, of) in all.iter().enumerate() {
        statement(&mut out, of, place);
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn statement(out: &mut String, of: &Document, place: usize) {
    let (page, words) = (Page::of(of), words(of.language));
    // Anchors of several statements on one page must differ.
    let mark = if place == 0 { String::new() } else { format!("s{}-", place + 1) };
    let _ = write!(
        out,
        "<article>\n<header>\n<h1>{} <span lang=\"zh\">结算单</span></h1>\n",
        Text(&page.number)
    );
    if page.is_final {
        out.push_str(
            "<p class=\"final\">final settlement / <span lang=\"zh\">最终结算</span></p>\n",
        );
    }
    out.push_str("<dl class=\"head\">\n");
    for (name, value) in [
        (words.merchant, &page.merchant),
        (words.period, &page.period),
        (words.zone, &page.zone),
        (words.status, &page.status),
    ] {
        let _ = writeln!(out, "<div><dt>{name}</dt><dd>{}</dd></div>", Text(value));
    }
    out.push_str("</dl>\n</header>\n");
    bridge::write(out, &page, words, &mark);
    tables::reserves(out, &page, words);
    tables::taxes(out, &page, words);
    tables::kinds(out, &page, words, &mark);
    tables::orders(out, &page, words, &mark);
    let _ = write!(out, "<footer><p>{} · {}", Text(&page.address), Text(&page.zone));
    if let Some(entry) = page.entry_limit {
        let _ = write!(out, " · {} {entry}", words.claimed_to);
    }
    out.push_str("</p></footer>\n</article>\n");
}

#[cfg(test)]
mod tests {
    use super::escape::Text;

    #[test]
    fn nothing_of_a_value_becomes_markup() {
        let text = Text("<script>alert(\"1\")</script> & 'a'").to_string();
        assert_eq!(text, "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;a&#39;");
        assert_eq!(Text("\u{202e}gnp.exe\u{7}").to_string(), "�gnp.exe�");
    }
}
