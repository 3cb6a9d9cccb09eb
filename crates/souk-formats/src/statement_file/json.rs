//! `souk statement … --format json`, of one statement or of `--all`.

use std::path::Path;

use serde::{Deserialize, Deserializer};

use super::form::Form;
use super::{Fields, Said};
use crate::bad_row::BadRow;

macro_rules! texts {
    ($($name:ident)*) => {$(
        #[derive(Deserialize)]
        #[serde(try_from = "String")]
        struct $name(String);

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                Form::$name.check(&text).map(|()| Self(text))
            }
        }
    )*};
}

texts!(Plain Id Date Currency Decimal Digest);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    number: Plain,
    merchant: Id,
    cycle: Plain,
    from: Date,
    to: Date,
    time_zone: Plain,
    currency: Currency,
    frozen: bool,
    opening: Decimal,
    lines: Vec<Line>,
    subtotals: Vec<Subtotal>,
    /// This and the next three are absent in files of earlier editions.
    earned: Option<Decimal>,
    moved: Option<Decimal>,
    deposit_topped_up: Option<Decimal>,
    deposit_used: Option<Decimal>,
    reserve_withheld: Decimal,
    reserve_released: Decimal,
    closing: Decimal,
    payout: Decimal,
    carried: Decimal,
    debt: Decimal,
    #[serde(rename = "final")]
    is_final: bool,
    digest: Option<Digest>,
    entry_limit: Option<u64>,
    /// Absent in files of earlier editions.
    reserves: Option<Vec<Reserve>>,
    #[serde(default, deserialize_with = "present")]
    transfer: Option<Option<Transfer>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reserve {
    withheld_in: Option<Plain>,
    amount: Decimal,
    release_on: Option<Date>,
    #[serde(rename = "note")]
    _note: Option<Both>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Both {
    #[serde(rename = "en")]
    _en: Plain,
    #[serde(rename = "zh")]
    _zh: Plain,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Transfer {
    #[serde(rename = "payout")]
    _payout: Plain,
    standing: Plain,
    since: Option<Date>,
    bank_reference: Option<Id>,
    #[serde(rename = "means")]
    _means: Option<Plain>,
    payee_tail: Option<Plain>,
    #[serde(rename = "reason")]
    _reason: Option<Plain>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    line_no: u64,
    kind: Plain,
    component: Option<Plain>,
    order: Option<Id>,
    amount: Decimal,
    base: Option<Decimal>,
    rate: Option<Decimal>,
    computed: Option<Plain>,
    #[serde(default, deserialize_with = "present")]
    reason: Option<Option<Plain>>,
    tariff: Option<Tariff>,
    /// Told apart: an edition without conversions, and a line that was not converted.
    #[serde(default, deserialize_with = "present")]
    conversion: Option<Option<Conversion>>,
    effective_on: Date,
    due_on: Date,
    late: bool,
    corrects: Option<Plain>,
    entry: u64,
    stream: Plain,
    revision: u64,
    address: Plain,
    posting: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tariff {
    id: Plain,
    version: u64,
    rule: Plain,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Conversion {
    currency: Currency,
    amount: Decimal,
    pair: Plain,
    rate: Plain,
    rate_on: Date,
}

fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Subtotal {
    kind: Plain,
    lines: u64,
    amount: Decimal,
}

/// Every statement of a document.
pub(super) fn read(name: &Path, bytes: &[u8]) -> Result<Vec<Said>, BadRow> {
    let is_list = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let read: serde_json::Result<Vec<Whole>> = if is_list {
        serde_json::from_slice(bytes)
    } else {
        serde_json::from_slice(bytes).map(|one| vec![one])
    };
    let all = read.map_err(|error| {
        let (line, column) = (error.line() as u64, error.column() as u64);
        let text = error.to_string();
        let place = format!(" at line {line} column {column}");
        let what = text.strip_suffix(&place).unwrap_or(&text).to_owned();
        let file = name.display().to_string().into();
        BadRow { file, line: line.max(1), column, column_name: None, what }
    })?;
    Ok(all.into_iter().map(said).collect())
}

fn said(of: Whole) -> Said {
    let mut head = Fields::default();
    for (name, value) in [
        ("number", of.number.0),
        ("merchant", of.merchant.0),
        ("cycle", of.cycle.0),
        ("from", of.from.0),
        ("to", of.to.0),
        ("time_zone", of.time_zone.0),
        ("currency", of.currency.0),
        ("frozen", of.frozen.to_string()),
        ("opening", of.opening.0),
        ("reserve_withheld", of.reserve_withheld.0),
        ("reserve_released", of.reserve_released.0),
        ("closing", of.closing.0),
        ("payout", of.payout.0),
        ("carried", of.carried.0),
        ("debt", of.debt.0),
        ("final", of.is_final.to_string()),
        ("digest", of.digest.map(|digest| digest.0).unwrap_or_default()),
        ("entry_limit", of.entry_limit.map(|entry| entry.to_string()).unwrap_or_default()),
    ] {
        head.push(name, value);
    }
    for (name, value) in [
        ("earned", of.earned),
        ("moved", of.moved),
        ("deposit_topped_up", of.deposit_topped_up),
        ("deposit_used", of.deposit_used),
    ] {
        if let Some(value) = value {
            head.push(name, value.0);
        }
    }
    if let Some(reserves) = of.reserves {
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let text = reserves.into_iter().map(|of| {
            let from = or_none(of.withheld_in.map(|of| of.0));
            format!("{from} {} {}", of.amount.0, or_none(of.release_on.map(|of| of.0)))
        });
        head.push("reserves", text.collect::<Vec<_>>().join("; "));
    }
    if let Some(transfer) = of.transfer {
        let (paid, reference, tail) = transfer.map_or_else(Default::default, |of| {
            let paid = of.since.filter(|_| of.standing.0 == "paid");
            (paid.map(|of| of.0), of.bank_reference.map(|of| of.0), of.payee_tail.map(|of| of.0))
        });
        for (name, value) in super::AFTER_THE_CLOSE.into_iter().zip([paid, reference, tail]) {
            head.push(name, value.unwrap_or_default());
        }
    }
    let subtotals = of.subtotals.into_iter().map(|of| {
        let mut fields = Fields::default();
        fields.push("kind", of.kind.0);
        fields.push("lines", of.lines.to_string());
        fields.push("amount", of.amount.0);
        fields
    });
    let subtotals = subtotals.collect();
    Said { head, lines: of.lines.into_iter().map(line).collect(), subtotals, at_odds: Vec::new() }
}

fn line(of: Line) -> Fields {
    let mut fields = Fields::default();
    let (tariff, version, rule) =
        of.tariff.map_or_else(Default::default, |of| (of.id.0, of.version.to_string(), of.rule.0));
    for (name, value) in [
        ("line_no", of.line_no.to_string()),
        ("kind", of.kind.0),
        ("component", of.component.map(|text| text.0).unwrap_or_default()),
        ("order", of.order.map(|text| text.0).unwrap_or_default()),
        ("amount", of.amount.0),
        ("base", of.base.map(|text| text.0).unwrap_or_default()),
        ("rate", of.rate.map(|text| text.0).unwrap_or_default()),
        ("computed", of.computed.map(|text| text.0).unwrap_or_default()),
        ("tariff", tariff),
        ("version", version),
        ("rule", rule),
        ("effective_on", of.effective_on.0),
        ("due_on", of.due_on.0),
        ("late", of.late.to_string()),
        ("corrects", of.corrects.map(|text| text.0).unwrap_or_default()),
        ("entry", of.entry.to_string()),
        ("posting", of.posting.to_string()),
        ("stream", of.stream.0),
        ("revision", of.revision.to_string()),
        ("address", of.address.0),
    ] {
        fields.push(name, value);
    }
    if let Some(reason) = of.reason {
        fields.push("reason", reason.map(|text| text.0).unwrap_or_default());
    }
    if let Some(conversion) = of.conversion {
        let names = ["original_currency", "original_amount", "fx_pair", "fx_rate", "fx_rate_on"];
        let values = conversion.map_or_else(Default::default, |of| {
            [of.currency.0, of.amount.0, of.pair.0, of.rate.0, of.rate_on.0]
        });
        for (name, value) in names.into_iter().zip(values) {
            fields.push(name, value);
        }
    }
    fields
}
