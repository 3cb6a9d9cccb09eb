//! `MAP.toml`: which column is what. Every mistake in it has a line and a column.

use super::field::Field;
use crate::bad_row::quoted;
use crate::short_id::ShortId;
use crate::text_table::TextTable;
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::ops::Range;
use toml::Spanned;

/// A mistake in a map, with the place to look at. Prints as `map.toml:12:9  what`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct MapError {
    /// The map as it was named to us.
    pub file: String,
    /// The line, 1-based.
    pub line: usize,
    /// The character in the line, 1-based.
    pub column: usize,
    /// What is wrong, as a sentence without a full stop.
    pub what: String,
}

impl fmt::Display for MapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}  {}", self.file, self.line, self.column, self.what)
    }
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// An order line; where rows have no kinds, also its payment, completion and refund.
    Line,
    /// A payment.
    Payment,
    /// A completion.
    Completion,
    /// A refund.
    Refund,
    /// Nothing to us.
    Ignore,
}

type Word = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMap {
    delimiter: Option<Word>,
    decimal_separator: Option<Word>,
    time_zone: Word,
    #[serde(default)]
    time_formats: Vec<Word>,
    currency: Option<Word>,
    #[serde(default)]
    order_prefix: String,
    rows: Option<RawRows>,
    columns: Spanned<BTreeMap<Field, Word>>,
    #[serde(default)]
    defaults: BTreeMap<Field, Word>,
    #[serde(default)]
    methods: BTreeMap<String, Word>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRows {
    column: Word,
    line: Vec<Word>,
    #[serde(default)]
    payment: Vec<Word>,
    #[serde(default)]
    completion: Vec<Word>,
    #[serde(default)]
    refund: Vec<Word>,
    #[serde(default)]
    ignore: Vec<Word>,
}

/// A map that has been read and makes sense in itself.
pub struct OrdersMap {
    name: String,
    text: String,
    delimiter: u8,
    pub(super) zone: TimeZone,
    pub(super) time_formats: Vec<String>,
    pub(super) order_prefix: String,
    columns: BTreeMap<Field, Word>,
    pub(super) defaults: BTreeMap<Field, String>,
    pub(super) methods: BTreeMap<String, ShortId>,
    kind_column: Option<Word>,
    pub(super) kinds: HashMap<String, RowKind>,
}

/// A map bound to the header of a file.
pub(super) struct Layout {
    pub(super) columns: BTreeMap<Field, usize>,
    /// The column that tells kinds of rows apart.
    pub(super) kind: Option<usize>,
}

impl OrdersMap {
    /// Reads a map out of its text; `name` is how messages call it.
    ///
    /// # Errors
    /// The text is no TOML, has an unknown or missing key or a value of the wrong type, or a value
    /// makes no sense: an unknown zone, a time format, a currency that is not three capitals.
    pub fn parse(name: &str, text: &str) -> Result<Self, MapError> {
        let raw: RawMap = toml::from_str(text).map_err(|error| {
            let at = error.span().unwrap_or(0..0);
            // The words of people who write maps: everything left of an equals sign is a key.
            let what = error.message().replace('\n', "; ");
            let what = what.replace("unknown field", "unknown key");
            let what = what.replace("unknown variant", "unknown key");
            place(name, text, &at, what.replace("missing field", "missing key"))
        })?;
        Check { name, text }.map(raw)
    }

    /// What stands between two fields, one byte.
    #[must_use]
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// The columns the map names, for showing the mapping: field and column.
    pub fn columns(&self) -> impl Iterator<Item = (Field, &str)> {
        self.columns.iter().map(|(field, column)| (*field, column.get_ref().as_str()))
    }

    /// Finds the columns in a file's header.
    pub(super) fn bind(&self, table: &TextTable) -> Result<Layout, MapError> {
        let find = |column: &Word| {
            table.column(column.get_ref()).ok_or_else(|| {
                let header = table.header().join(", ");
                let what = format!(
                    "column {} is not in the header of {}, which has: {header}",
                    quoted(column.get_ref().as_bytes()),
                    table.name()
                );
                place(&self.name, &self.text, &column.span(), what)
            })
        };
        let columns = self.columns.iter().map(|(field, column)| Ok((*field, find(column)?)));
        Ok(Layout {
            columns: columns.collect::<Result<_, MapError>>()?,
            kind: self.kind_column.as_ref().map(find).transpose()?,
        })
    }
}

/// The mistake at a range of bytes of a map.
fn place(name: &str, text: &str, at: &Range<usize>, what: String) -> MapError {
    let before = text.get(..at.start).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    MapError {
        file: name.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
        what,
    }
}

/// Turns the raw map into a checked one.
struct Check<'a> {
    name: &'a str,
    text: &'a str,
}

impl Check<'_> {
    fn fail(&self, at: Range<usize>, what: impl Into<String>) -> MapError {
        place(self.name, self.text, &at, what.into())
    }

    fn map(&self, raw: RawMap) -> Result<OrdersMap, MapError> {
        let delimiter = self.delimiter(raw.delimiter.as_ref())?;
        if let Some(dot) = raw.decimal_separator.filter(|word| word.get_ref() != ".") {
            return Err(self.fail(dot.span(), "decimal_separator can only be \".\""));
        }
        let zone = TimeZone::get(raw.time_zone.get_ref()).map_err(|_| {
            let found = quoted(raw.time_zone.get_ref().as_bytes());
            self.fail(raw.time_zone.span(), format!("time zone {found} is unknown"))
        })?;
        for format in &raw.time_formats {
            let sample = jiff::Zoned::new(jiff::Timestamp::UNIX_EPOCH, TimeZone::UTC);
            jiff::fmt::strtime::format(format.get_ref(), &sample)
                .map_err(|error| self.fail(format.span(), format!("time format: {error}")))?;
        }
        let mut defaults = raw.defaults;
        if let Some(currency) = raw.currency {
            if defaults.contains_key(&Field::Currency) {
                let what = "currency is given here and in [defaults]";
                return Err(self.fail(currency.span(), what));
            }
            defaults.insert(Field::Currency, currency);
        }
        if let Some(code) = defaults.get(&Field::Currency)
            && !is_currency(code.get_ref().as_bytes())
        {
            return Err(self.fail(code.span(), "currency is not three capital letters"));
        }
        let at = raw.columns.span();
        let columns = raw.columns.into_inner();
        for field in
            [Field::Order, Field::Currency, Field::Merchant, Field::Price, Field::OrderedAt]
        {
            if !columns.contains_key(&field) && !defaults.contains_key(&field) {
                let key = field.key();
                let what = format!("{key} is needed in [columns], or one value in [defaults]");
                return Err(self.fail(at, what));
            }
        }
        let mut methods = BTreeMap::new();
        for (word, method) in raw.methods {
            let id = ShortId::new(method.get_ref().as_bytes()).ok_or_else(|| {
                self.fail(method.span(), "a method is 1 to 40 of A-Z a-z 0-9 . _ : -")
            })?;
            methods.insert(word, id);
        }
        let (kind_column, kinds) = match raw.rows {
            Some(rows) => self.kinds(rows)?,
            None => (None, HashMap::new()),
        };
        Ok(OrdersMap {
            name: self.name.to_owned(),
            text: self.text.to_owned(),
            delimiter,
            zone,
            time_formats: raw.time_formats.into_iter().map(Spanned::into_inner).collect(),
            order_prefix: raw.order_prefix,
            columns,
            defaults: defaults.into_iter().map(|(f, word)| (f, word.into_inner())).collect(),
            methods,
            kind_column,
            kinds,
        })
    }

    fn delimiter(&self, word: Option<&Word>) -> Result<u8, MapError> {
        let Some(word) = word else { return Ok(b',') };
        match word.get_ref().as_bytes() {
            [byte] if !b"\"\r\n".contains(byte) => Ok(*byte),
            _ => Err(self.fail(word.span(), "delimiter is not one ASCII character, as \";\"")),
        }
    }

    fn kinds(&self, rows: RawRows) -> Result<(Option<Word>, HashMap<String, RowKind>), MapError> {
        let mut kinds = HashMap::new();
        for (kind, words) in [
            (RowKind::Line, rows.line),
            (RowKind::Payment, rows.payment),
            (RowKind::Completion, rows.completion),
            (RowKind::Refund, rows.refund),
            (RowKind::Ignore, rows.ignore),
        ] {
            for word in words {
                let at = word.span();
                let word = word.into_inner();
                if kinds.insert(word.clone(), kind).is_some() {
                    return Err(self.fail(at, format!("{word:?} stands for two kinds of rows")));
                }
            }
        }
        Ok((Some(rows.column), kinds))
    }
}

/// Whether a text has the form of an ISO 4217 code.
pub(super) fn is_currency(text: &[u8]) -> bool {
    text.len() == 3 && text.iter().all(u8::is_ascii_uppercase)
}
