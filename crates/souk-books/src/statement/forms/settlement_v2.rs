//! The columns of a Settlement Report V2 (flat file V2): a row with the total, then a row per amount.

use souk_journal::dates::Date;
use souk_journal::line_kind::LineKind;

use super::super::contract::Statement;
use super::slot::Slot;
use super::{Beside, Extra, Sheet, beside};
use crate::statement::Transfer;

const COLUMNS: [&str; 24] = [
    "settlement-id",
    "settlement-start-date",
    "settlement-end-date",
    "deposit-date",
    "total-amount",
    "currency",
    "transaction-type",
    "order-id",
    "merchant-order-id",
    "adjustment-id",
    "shipment-id",
    "marketplace-name",
    "amount-type",
    "amount-description",
    "amount",
    "fulfillment-id",
    "posted-date",
    "posted-date-time",
    "order-item-code",
    "merchant-order-item-id",
    "merchant-adjustment-item-id",
    "sku",
    "quantity-purchased",
    "promotion-id",
];

/// The statements in this form, one after the other. A total is the payout, and the sum of the amounts under it.
///
/// What a ledger of money does not know stays empty: shipments, articles, quantities; so does the day of the deposit until
/// the payout is paid. A row of reserve names the statement that withheld it as its adjustment. The form has no place for
/// release dates, the bank's reference and the account.
#[must_use]
pub fn settlement_v2(all: &[Statement]) -> Sheet {
    let mut rows = Vec::new();
    for of in all {
        rows.push(row(&[
            ("settlement-id", of.number.clone()),
            ("settlement-start-date", of.from.to_string()),
            ("settlement-end-date", of.to.to_string()),
            ("deposit-date", text(of.transfer.as_ref().and_then(Transfer::paid_on))),
            ("total-amount", of.payout.to_string()),
            ("currency", of.currency.to_string()),
        ]));
        for line in &of.lines {
            let (transaction, amount_type) = words(line.kind);
            rows.push(row(&[
                ("settlement-id", of.number.clone()),
                ("currency", of.currency.to_string()),
                ("transaction-type", transaction.to_owned()),
                ("order-id", line.order.clone().unwrap_or_default()),
                ("adjustment-id", line.corrects.clone().unwrap_or_default()),
                ("amount-type", amount_type.to_owned()),
                ("amount-description", described(line.kind).to_owned()),
                ("amount", line.amount.to_string()),
                ("posted-date", line.effective_on.to_string()),
            ]));
        }
        for Extra { what, amount, withheld_in, release_on: _ } in beside(of) {
            rows.push(row(&[
                ("settlement-id", of.number.clone()),
                ("currency", of.currency.to_string()),
                ("transaction-type", OTHER.to_owned()),
                ("adjustment-id", withheld_in.unwrap_or_default()),
                ("amount-type", OTHER.to_owned()),
                ("amount-description", reserve(what).to_owned()),
                ("amount", amount.to_string()),
                ("posted-date", of.to.to_string()),
            ]));
        }
    }
    Sheet { columns: COLUMNS.to_vec(), rows }
}

fn text(of: Option<Date>) -> String {
    of.map(|on| on.to_string()).unwrap_or_default()
}

/// The form's own word for what is neither of an order nor a fee.
const OTHER: &str = "other-transaction";

fn row(cells: &[(&str, String)]) -> Vec<String> {
    let cell = |column: &str| {
        let found = cells.iter().find(|(name, _)| *name == column);
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    };
    COLUMNS.iter().map(|column| cell(column)).collect()
}

/// Transaction type and amount type.
fn words(kind: LineKind) -> (&'static str, &'static str) {
    let transaction = if kind.is_return() { "Refund" } else { "Order" };
    match Slot::of(kind) {
        Slot::Goods | Slot::Shipping => (transaction, "ItemPrice"),
        Slot::Discount => (transaction, "Promotion"),
        Slot::Refund => ("Refund", "ItemPrice"),
        Slot::PlatformFee | Slot::PaymentFee | Slot::Affiliate | Slot::Influencer => {
            (transaction, "ItemFees")
        }
        Slot::Tax => (transaction, "ItemWithheldTax"),
        Slot::Advertising | Slot::Service | Slot::Logistics | Slot::Insurance => {
            ("ServiceFee", OTHER)
        }
        Slot::Financing | Slot::Deposit | Slot::Penalty | Slot::Balance | Slot::Internal => {
            (OTHER, OTHER)
        }
    }
}

/// The form's word where it means the same, otherwise the name of the kind.
fn described(kind: LineKind) -> &'static str {
    match kind.text() {
        "sale.principal" | "refund.principal" => "Principal",
        "sale.shipping" | "refund.shipping" => "Shipping",
        "commission" => "Commission",
        own => own,
    }
}

fn reserve(of: Beside) -> &'static str {
    match of {
        Beside::Opening => "Opening Balance",
        Beside::Withheld => "Current Reserve Amount",
        Beside::ToppedUp => "Deposit Topped Up",
        Beside::Released => "Previous Reserve Amount Balance",
        Beside::Used => "Deposit Used",
        Beside::Carried => "Carried to the Next Statement",
        Beside::Debt => "Debt Recognised",
    }
}
