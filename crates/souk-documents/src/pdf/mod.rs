//! A statement as a PDF, typeset from `statement.typ` with the font that is in the binary.
//!
//! Values reach the template as data, never as markup. The same statement gives the same bytes: the date of the document
//! is the statement's last day. What the font lacks is printed as its number, and said.
//!
//! Reading order: `world`, `statement.typ`.

mod world;

use std::collections::BTreeSet;

use serde_json::Value;
use typst::foundations::Smart;
use typst_pdf::PdfOptions;

use crate::document::Document;
use crate::error::DocumentError;
use crate::page::Page;
use crate::words::words;
use world::World;

/// A PDF, and the characters of its texts that the font lacks.
#[derive(Debug)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// Printed as `[U+2717]` instead.
    pub lacking: Vec<char>,
}

/// The statements as one PDF, each on pages of its own.
///
/// # Errors
/// What the typesetter says; with our own template that is a bug.
pub fn render(all: &[Document]) -> Result<Pdf, DocumentError> {
    let mut lacking = BTreeSet::new();
    let font = world::font()?;
    let mut pages = Vec::with_capacity(all.len());
    for of in all {
        let wrong = |error: serde_json::Error| DocumentError::Typesetting(error.to_string());
        let mut page = serde_json::to_value(Page::of(of)).map_err(wrong)?;
        let words = serde_json::to_value(words(of.language)).map_err(wrong)?;
        if let Value::Object(fields) = &mut page {
            fields.insert("words".to_owned(), words);
        }
        printable(&mut page, &font, &mut lacking);
        pages.push(page);
    }
    let world = World::new(font, &Value::Array(pages))?;
    let said = |of: &typst::ecow::EcoVec<typst::diag::SourceDiagnostic>| {
        let texts: Vec<&str> = of.iter().map(|of| of.message.as_str()).collect();
        DocumentError::Typesetting(texts.join("; "))
    };
    let document = typst::compile(&world).output.map_err(|errors| said(&errors))?;
    let ident = all.iter().map(|of| of.statement.number.as_str()).collect::<Vec<_>>().join(" ");
    let options = PdfOptions {
        ident: Smart::Custom(ident),
        creator: Smart::Custom(Some("Souk".to_owned())),
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| said(&errors))?;
    Ok(Pdf { bytes, lacking: lacking.into_iter().collect() })
}

/// Puts the number of a character in its place where the font has no picture of it.
fn printable(value: &mut Value, font: &world::Font, lacking: &mut BTreeSet<char>) {
    match value {
        Value::String(text) => {
            if text.chars().all(|of| font.has(of)) {
                return;
            }
            let mut shown = String::with_capacity(text.len() + 8);
            for of in text.chars() {
                if font.has(of) {
                    shown.push(of);
                } else {
                    lacking.insert(of);
                    shown.push_str(&format!("[U+{:04X}]", u32::from(of)));
                }
            }
            *text = shown;
        }
        Value::Array(all) => all.iter_mut().for_each(|of| printable(of, font, lacking)),
        Value::Object(all) => all.values_mut().for_each(|of| printable(of, font, lacking)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
