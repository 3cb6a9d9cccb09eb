//! What is paid to a jurisdiction, and the input tax that is set off.

use souk_journal::ids::{Id, JurisdictionId};
use souk_journal::money::Currency;

use crate::given::{Given, amount, given};
use crate::tax::commands::{ClaimInputTax, RemitTax, TaxCommand};
use crate::tax::decide::{Tax, TaxContext, TaxRefusal};
use crate::tax::events::CostKind;

fn china() -> Given<'static, Tax> {
    let currency = Currency::from_code("CNY").unwrap();
    given::<Tax>(TaxContext { currency, today: "2026-04-10".parse().unwrap() })
}

fn claim<'a>(invoice: &str, tax: &str) -> TaxCommand<'a> {
    TaxCommand::Claim(ClaimInputTax {
        jurisdiction: JurisdictionId::new("CN").unwrap(),
        currency: "CNY".into(),
        invoice: Id::new(invoice).unwrap(),
        cost: CostKind::ChannelFees,
        tax: amount(tax),
    })
}

/// Output tax, input tax, collected, withheld.
fn remit<'a>(reference: &str, of: [&str; 4]) -> TaxCommand<'a> {
    let [output_vat, input_vat, collected, withheld] = of.map(amount);
    TaxCommand::Remit(RemitTax {
        jurisdiction: JurisdictionId::new("CN").unwrap(),
        currency: "CNY".into(),
        period: "2026-03-31".parse().unwrap(),
        reference: Id::new(reference).unwrap(),
        output_vat,
        input_vat,
        collected,
        withheld,
    })
}

#[test]
fn input_tax_makes_the_cost_less() {
    china().when(claim("I-1", "0.6")).posts(&["Cr ChannelFees 0.60", "Dr InputVat 0.60"]);
}

#[test]
fn tax_is_paid_through_the_bank_less_what_is_set_off() {
    china()
        .after(claim("I-1", "0.60"))
        .when(remit("TR-1", ["20.38", "0.60", "8.70", "1.00"]))
        .says("tax-remitted", r#""period":"2026-03-01","month":"2026-03","reference":"TR-1""#)
        .posts(&[
            "Dr OutputVat 20.38",
            "Cr InputVat 0.60",
            "Dr CollectedTax 8.70",
            "Dr WithholdingTax 1.00",
            "Cr BankClearing 29.48",
        ])
        .leaves("InputVat", "0.00");
}

#[test]
fn no_more_input_tax_is_set_off_than_was_claimed_and_is_left() {
    let claimed = || china().after(claim("I-1", "0.60"));
    claimed().when(remit("TR-1", ["1.00", "0.61", "0", "0"])).refused("InputTaxExceedsLeft");
    claimed().when(remit("TR-1", ["0.50", "0.60", "9.00", "0"])).refused("InputTaxExceedsLeft");
    let used = claimed().after(remit("TR-1", ["1.00", "0.40", "0", "0"]));
    used.when(remit("TR-2", ["1.00", "0.21", "0", "0"])).refused("InputTaxExceedsLeft");
}

#[test]
fn a_transfer_is_recorded_once_and_an_invoice_claimed_once() {
    let done = || china().after(claim("I-1", "0.60")).after(remit("TR-1", ["1.00", "0", "0", "0"]));
    done().when(remit("TR-1", ["2.00", "0", "0", "0"])).refused("TaxRemittedAlready");
    done().when(claim("I-1", "0.60")).refused("InputTaxClaimedAlready");
}

#[test]
fn there_is_no_remitting_or_claiming_of_nothing() {
    china().when(remit("TR-1", ["0", "0", "0", "0"])).refused("NoTax");
    china().when(claim("I-1", "0")).refused("NoTax");
    china().when(remit("TR-1", ["0", "0", "-1.00", "0"])).refused("NegativeAmount");
    china().when(claim("I-1", "0.001")).refused("UnusableAmount");
}

#[test]
fn tax_is_remitted_for_a_month_that_has_begun() {
    let TaxCommand::Remit(of) = remit("TR-1", ["1.00", "0", "0", "0"]) else { unreachable!() };
    let period = "2026-05-01".parse().unwrap();
    china().when(TaxCommand::Remit(RemitTax { period, ..of })).refused("PeriodNotBegun");
}

#[test]
fn every_refusal_has_its_code() {
    assert_eq!(TaxRefusal::CODES.len(), 8);
}
