//! Invoices of service fees, and their red letters.

use super::*;
use crate::service::commands::{InvoiceServiceFee, IssueServiceRedLetter};

/// Support for 200.00 and 12.00 of tax.
fn charged() -> Given<'static, Service> {
    services().after(charge(fee(ServiceKind::TechnicalSupport, fixed("200.00"))))
}

fn invoice(number: &str) -> ServiceCommand<'static> {
    let invoice = Id::new(number).unwrap();
    ServiceCommand::Invoice(InvoiceServiceFee { of: of("F1"), invoice })
}

fn red_letter(number: &str, tax: Option<&str>) -> ServiceCommand<'static> {
    let (red_letter, tax) = (Id::new(number).unwrap(), tax.map(amount));
    ServiceCommand::IssueRedLetter(IssueServiceRedLetter { of: of("F1"), red_letter, tax })
}

#[test]
fn an_invoice_has_the_fee_less_what_came_back_before_and_moves_no_money() {
    let then = charged().when(invoice("I-1"));
    then.says("service-fee-invoiced", r#""amount":"200.00","tax":"12.00""#).posts(&[]);
    let then = charged().after(give_back(Some("53.00"))).when(invoice("I-1"));
    then.says("service-fee-invoiced", r#""amount":"150.00","tax":"9.00""#);
}

#[test]
fn a_red_letter_is_for_everything_that_came_back_since_the_invoice_or_the_last_one() {
    let back = charged().after(give_back(Some("53.00"))).after(invoice("I-1"));
    let back = back.after(give_back(Some("53.00"))).after(give_back(Some("53.00")));
    let then = back.when(red_letter("R-1", Some("6.00")));
    let text =
        r#""invoice":"I-1","red_letter":"R-1","currency":"CNY","amount":"100.00","tax":"6.00""#;
    then.says("service-red-letter-issued", text).posts(&[]);
    let back = charged().after(invoice("I-1")).after(give_back(Some("53.00")));
    let next = back.after(red_letter("R-1", None)).after(give_back(None));
    next.when(red_letter("R-2", None))
        .says("service-red-letter-issued", r#""amount":"150.00","tax":"9.00""#);
}

#[test]
fn a_red_letter_without_an_invoice_a_return_or_the_right_tax_is_refused() {
    charged().when(red_letter("R-1", None)).refused("FeeNotInvoiced");
    let invoiced = || charged().after(invoice("I-1"));
    invoiced().when(red_letter("R-1", None)).refused("NothingForRedLetter");
    invoiced().when(invoice("I-2")).refused("FeeInvoicedAlready");
    let back = || invoiced().after(give_back(Some("53.00")));
    back().when(red_letter("R-1", Some("2.99"))).refused("RedLetterDiffers");
    let again = back().after(red_letter("R-1", None)).after(give_back(None));
    again.when(red_letter("R-1", None)).refused("RedLetterRecordedAlready");
}

#[test]
fn a_penalty_has_no_tax_and_stands_on_no_invoice() {
    let imposed = || services().after(penalty(false, Vec::new()));
    imposed().when(invoice("I-1")).refused("IsAPenalty");
    imposed().when(red_letter("R-1", None)).refused("IsAPenalty");
    services().when(invoice("I-1")).refused("UnknownCharge");
}
