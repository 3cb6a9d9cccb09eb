//! Why a statement cannot be put into a document.

use rust_xlsxwriter::XlsxError;

/// Why a statement cannot be put into a document.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// A spreadsheet has 15 digits.
    #[error("{amount} has more digits than a spreadsheet keeps")]
    TooManyDigits {
        /// The amount.
        amount: String,
    },
    /// A sheet has 1,048,576 rows.
    #[error("{number} has {lines} lines, more than a sheet has rows")]
    TooManyLines {
        /// The statement.
        number: String,
        /// Its lines.
        lines: usize,
    },
    /// The library refuses.
    #[error("the spreadsheet cannot be made: {0}")]
    Spreadsheet(#[from] XlsxError),
    /// The typesetting fails.
    #[error("the PDF cannot be made: {0}")]
    Typesetting(String),
}

impl DocumentError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooManyDigits { .. } => "TooManyDigits",
            Self::TooManyLines { .. } => "TooManyLines",
            Self::Spreadsheet(_) => "SpreadsheetNotMade",
            Self::Typesetting(_) => "PdfNotMade",
        }
    }
}
