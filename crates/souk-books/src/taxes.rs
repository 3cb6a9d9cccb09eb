//! `taxes`: what is owed to tax authorities, per account, jurisdiction and month; and the tax on fees that came back, with
//! the status of its red letter.
//!
//! Amounts come from the projection, statuses from the register of invoices; the two meet by entry number.

use platform_taxes::ReturnedOf;
use schemars::JsonSchema;
use serde::Serialize;
use souk_domain::order::events::Invoiceable;
use souk_domain::order::posting::tax_returned_kind;
use souk_domain::service_kind::ServiceKind;
use souk_journal::dates::Date;
use souk_journal::ids::{ChargeId, Id, MembershipId, MerchantId};
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;

use crate::address;
use crate::books::Books;
use crate::figure::Figure;

/// The taxes at an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TaxesReport {
    /// The last entry it reflects.
    pub entry: u64,
    /// By account in the chart's order, jurisdiction, currency and month.
    pub rows: Vec<TaxRow>,
    /// What is owed per currency.
    pub totals: Vec<TaxTotal>,
    /// Tax on fees that came back, of orders, services and terms, and by corrections of lines, in log order.
    pub returned_fee_tax: Vec<ReturnedFeeTax>,
}

/// One account of one jurisdiction in one month: positive is owed by the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TaxRow {
    /// `OutputVat`, `InputVat`, `CollectedTax` or `WithholdingTax`.
    pub account: String,
    /// Whose tax; absent where the account is kept for no jurisdiction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<String>,
    /// The month: `2026-03`.
    pub month: String,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Charged, claimed, collected or withheld in the month; input tax is negative.
    pub arisen: Figure,
    /// What refunds gave back in the month.
    pub returned: Figure,
    /// What was paid or set off for the month.
    pub remitted: Figure,
    /// What is still owed for it.
    pub open: Figure,
}

/// What is owed in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TaxTotal {
    /// Currency of the amount.
    pub currency: Currency,
    /// Over all rows.
    pub open: Figure,
    /// Returned output tax that may not be deducted yet: its red letter is pending. It is in what is open as deducted.
    pub pending_red_letter: Figure,
}

/// What a returned fee's tax waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RedLetterStatus {
    /// The fee stands on no invoice yet: when it does, it will be less.
    NoInvoiceYet,
    /// It came back before the fee was invoiced: the invoice is less by it.
    BeforeInvoice,
    /// The output tax may be reduced once a red letter is issued.
    Pending,
    /// The red letter is issued.
    Issued,
    /// A correction gave it back of a service or a term, whose red letters are of returns and cancellations: by hand.
    ByHand,
}

impl RedLetterStatus {
    /// As reports say it.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoInvoiceYet => "no invoice yet",
            Self::BeforeInvoice => "before the invoice",
            Self::Pending => "red letter pending",
            Self::Issued => "red letter issued",
            Self::ByHand => "red letter by hand",
        }
    }
}

/// Tax on a fee that came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReturnedFeeTax {
    /// Accounting date of the return.
    pub returned_on: Date,
    /// The order whose fee it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// The charge of the merchant's services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charge: Option<String>,
    /// The term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<String>,
    /// To whom; absent where a buyer holds the term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant: Option<MerchantId>,
    /// The fee: `commission` or `affiliate_commission` of an order, `storage`, `membership`; of a correction the kind of
    /// its line.
    pub fee: String,
    /// Currency of the tax.
    pub currency: Currency,
    /// The tax; below zero where a correction took it.
    pub tax: Figure,
    /// What it waits for.
    pub status: RedLetterStatus,
    /// The invoice on which the fee stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoice: Option<Id>,
    /// The red letter for this tax.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub red_letter: Option<Id>,
    /// The entry that gave it back.
    pub entry: u64,
}

/// The service whose returned tax has this kind.
fn fee_of(kind: LineKind) -> Option<String> {
    let service = ServiceKind::ALL.iter().find(|service| service.lines().tax_returned == kind)?;
    Some(service.lines().fee.text().to_owned())
}

impl Books {
    /// What is owed, for months from one to another.
    pub fn taxes(&self, from: Option<Date>, to: Option<Date>) -> TaxesReport {
        let within = |date: Date| {
            from.is_none_or(|from| from.first_of_month() <= date) && to.is_none_or(|to| date <= to)
        };
        let mut totals: Vec<TaxTotal> = Vec::new();
        let mut rows = Vec::new();
        for row in self.models().taxes.rows().into_iter().filter(|row| within(row.month)) {
            let figure = |minor| Figure::new(minor, row.currency);
            match totals.iter_mut().find(|total| total.currency == row.currency) {
                Some(total) => total.open.minor += row.open(),
                None => totals.push(TaxTotal {
                    currency: row.currency,
                    open: figure(row.open()),
                    pending_red_letter: figure(0),
                }),
            }
            rows.push(TaxRow {
                account: row.account.to_string(),
                jurisdiction: row.jurisdiction.map(str::to_owned),
                month: address::month(row.month),
                currency: row.currency,
                arisen: figure(row.arisen),
                returned: figure(row.returned),
                remitted: figure(row.remitted),
                open: figure(row.open()),
            });
        }
        totals.sort_by_key(|total| total.currency.code());
        let returned_fee_tax = self.red_letters(within);
        for row in returned_fee_tax.iter().filter(|row| row.status == RedLetterStatus::Pending) {
            for total in totals.iter_mut().filter(|total| total.currency == row.currency) {
                total.pending_red_letter.minor += row.tax.minor;
            }
        }
        TaxesReport { entry: self.entry(), rows, totals, returned_fee_tax }
    }

    fn red_letters(&self, within: impl Fn(Date) -> bool) -> Vec<ReturnedFeeTax> {
        let invoices = &self.models().fee_invoices;
        let all = self.models().taxes.returned_fee_tax().iter();
        let row = |of: &platform_taxes::Returned| {
            let subject = |wanted| (of.of == wanted).then(|| of.subject.to_string());
            let mut by_hand = false;
            let (fee, invoice) = match of.of {
                ReturnedOf::Correction => {
                    let (kind, of_order, invoice) = invoices.of_correction(of.entry)?;
                    by_hand = !of_order;
                    (kind.text().to_owned(), invoice)
                }
                ReturnedOf::Order => {
                    let mut all = Invoiceable::ALL.into_iter();
                    let fee = all.find(|fee| tax_returned_kind(*fee) == of.kind)?;
                    (fee.to_string(), invoices.get(&of.subject, of.merchant?, fee))
                }
                ReturnedOf::Service => {
                    let charge = ChargeId::new(&of.subject).ok()?;
                    let invoice = invoices.of_service(of.merchant?, of.currency, charge);
                    (fee_of(of.kind)?, invoice)
                }
                ReturnedOf::Term => {
                    let term = MembershipId::new(&of.subject).ok()?;
                    (fee_of(of.kind)?, invoices.of_term(term, of.entry))
                }
            };
            let (status, red_letter) = match invoice {
                None if by_hand => (RedLetterStatus::ByHand, None),
                None => (RedLetterStatus::NoInvoiceYet, None),
                Some(known) if of.entry < known.entry => (RedLetterStatus::BeforeInvoice, None),
                Some(known) => match known.red_letter_of(of.entry) {
                    Some(number) => (RedLetterStatus::Issued, Some(number)),
                    None => (RedLetterStatus::Pending, None),
                },
            };
            Some(ReturnedFeeTax {
                returned_on: of.effective_on,
                order: subject(ReturnedOf::Order)
                    .or_else(|| subject(ReturnedOf::Correction).filter(|order| !order.is_empty())),
                charge: subject(ReturnedOf::Service),
                term: subject(ReturnedOf::Term),
                merchant: of.merchant,
                fee,
                currency: of.currency,
                tax: Figure::new(of.amount, of.currency),
                status,
                invoice: invoice.map(|known| known.invoice),
                red_letter,
                entry: of.entry,
            })
        };
        all.filter(|of| within(of.effective_on)).filter_map(row).collect()
    }
}
