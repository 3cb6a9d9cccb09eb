//! Invoices of terms, and their red letters.

use super::*;
use crate::membership::commands::{InvoiceMembership, IssueMembershipRedLetter};

fn invoice(number: &str) -> MembershipCommand<'static> {
    let invoice = Id::new(number).unwrap();
    MembershipCommand::Invoice(InvoiceMembership { membership: id(), invoice })
}

fn red_letter(number: &str, tax: Option<&str>) -> MembershipCommand<'static> {
    let (red_letter, tax) = (Id::new(number).unwrap(), tax.map(amount));
    let of = IssueMembershipRedLetter { membership: id(), red_letter, tax };
    MembershipCommand::IssueRedLetter(of)
}

/// Sold and invoiced, on 10 April.
fn invoiced() -> Given<'static, Membership> {
    term().after(charge(Vec::new())).after(invoice("I-1")).under(on("2026-04-10"))
}

#[test]
fn an_invoice_has_the_price_of_the_plan_and_moves_no_money() {
    let then = term().after(charge(Vec::new())).when(invoice("I-1"));
    then.says("membership-invoiced", r#""amount":"339.62","tax":"20.38""#).posts(&[]);
    invoiced().when(invoice("I-2")).refused("FeeInvoicedAlready");
    term().when(invoice("I-1")).refused("UnknownMembership");
}

#[test]
fn a_cancelled_term_needs_a_red_letter_for_the_tax_of_its_unused_rest() {
    let cancelled = || invoiced().after(cancel("2026-04-10"));
    cancelled()
        .when(red_letter("R-1", Some("14.80")))
        .says("membership-red-letter-issued", r#""invoice":"I-1","red_letter":"R-1","currency":"CNY","amount":"246.57","tax":"14.80""#)
        .posts(&[]);
    cancelled().when(red_letter("R-1", Some("14.81"))).refused("RedLetterDiffers");
    cancelled()
        .after(red_letter("R-1", None))
        .when(red_letter("R-2", None))
        .refused("NothingForRedLetter");
    cancelled().when(invoice("I-2")).refused("MembershipIsCancelled");
}

#[test]
fn an_upgrade_gives_the_rest_of_the_old_plan_back_and_the_new_one_has_an_invoice_of_its_own() {
    let upgraded = || invoiced().after(upgrade("2026-04-10", "540.00", Vec::new()));
    upgraded()
        .when(red_letter("R-1", Some("14.85")))
        .says("membership-red-letter-issued", r#""invoice":"I-1""#);
    let second = upgraded().after(invoice("I-2")).after(cancel("2026-04-10"));
    let first = second.after(red_letter("R-1", Some("14.85")));
    first.when(red_letter("R-2", None)).says("membership-red-letter-issued", r#""invoice":"I-2""#);
}

#[test]
fn what_is_forfeited_needs_no_red_letter_and_without_an_invoice_nothing_does() {
    let forfeited = cancel_with("2026-04-10", Some(UnusedRest::Forfeited));
    invoiced().after(forfeited).when(red_letter("R-1", None)).refused("NothingForRedLetter");
    let sold = term().after(charge(Vec::new())).under(on("2026-04-10")).after(cancel("2026-04-10"));
    sold.when(red_letter("R-1", None)).refused("FeeNotInvoiced");
    invoiced().when(red_letter("R-1", None)).refused("NothingForRedLetter");
    let upgraded = invoiced().after(upgrade("2026-04-10", "540.00", Vec::new()));
    let lettered = upgraded.after(red_letter("R-1", None)).after(cancel("2026-04-10"));
    lettered.when(red_letter("R-1", None)).refused("RedLetterRecordedAlready");
}
