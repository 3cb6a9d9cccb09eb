//! `souk statement --format xlsx|html|pdf`: statements as documents for people.

use souk_books::statement::Statement as Answer;
use souk_documents::{Document, DocumentError, html, xlsx};

use super::super::reading::Reading;
use super::language;
use crate::cli::{Format, Global};
use crate::fail::{Exit, Failure};
use crate::show;

/// Writes the statements as one document.
pub(super) fn run(global: &Global, reading: &Reading, all: &[Answer]) -> Result<(), Failure> {
    let language = language(global);
    let mut documents = Vec::with_capacity(all.len());
    for statement in all {
        let bridge = reading.books.bridge(statement);
        documents.push(Document { statement: statement.clone(), bridge, language });
    }
    match global.format() {
        Format::Xlsx => show::bytes(global, &xlsx::render(&documents)?),
        Format::Html => show::text(global, &html::render(&documents)),
        Format::Pdf => pdf(global, &documents),
        Format::Table | Format::Json | Format::Csv | Format::Tsv | Format::SettlementZh => Ok(()),
    }
}

/// What the font lacks is said, and stands in the document as its number.
#[cfg(feature = "pdf")]
fn pdf(global: &Global, documents: &[Document]) -> Result<(), Failure> {
    let made = souk_documents::pdf::render(documents)?;
    if !made.lacking.is_empty() {
        let of = |of: &char| format!("{of} (U+{:04X})", u32::from(*of));
        let lacking: Vec<String> = made.lacking.iter().map(of).collect();
        show::note(
            global,
            &format!("the font lacks {}: printed as their numbers", lacking.join(", ")),
        );
    }
    show::bytes(global, &made.bytes)
}

#[cfg(not(feature = "pdf"))]
fn pdf(_: &Global, _: &[Document]) -> Result<(), Failure> {
    let message = "this edition was built without PDF";
    Err(Failure::new(Exit::Usage, "PdfNotBuilt", message).with(
        "  build it with `cargo build --release --features pdf`, or print the page: --format html",
    ))
}

impl From<DocumentError> for Failure {
    fn from(error: DocumentError) -> Self {
        Self::new(Exit::Usage, error.code(), error.to_string())
    }
}
