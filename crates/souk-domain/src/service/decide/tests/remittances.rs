//! Paying suppliers what was collected in their name.

use proptest::prelude::*;

use super::*;
use crate::service::commands::RemitPremium;

fn remit(part: Option<&str>, transfer: &'static str) -> ServiceCommand<'static> {
    ServiceCommand::Remit(RemitPremium {
        merchant: MerchantId::new("1007").unwrap(),
        currency: "CNY".into(),
        supplier: Id::new("insurer-1").unwrap(),
        amount: part.map(amount),
        transfer: transfer.into(),
    })
}

fn premium_of(id: &str) -> ServiceCommand<'static> {
    charge(ChargeServiceFee { of: of(id), ..premium() })
}

#[test]
fn a_supplier_is_paid_what_was_collected_in_its_name() {
    let two = services().after(premium_of("F1")).after(premium_of("F2"));
    two.when(remit(None, "tr-1"))
        .happens(&["premium-remitted"])
        .posts(&["Dr SupplierPayable 2.00", "Cr BankClearing 2.00"])
        .items(&[])
        .leaves("SupplierPayable", "0.00")
        .leaves("ValueAdded", "-0.38");
}

#[test]
fn a_supplier_is_paid_in_parts_and_never_more_than_it_is_owed() {
    let part = || services().after(premium_of("F1")).after(remit(Some("0.40"), "tr-1"));
    part().when(remit(Some("0.61"), "tr-2")).refused("RemittanceNotOwed");
    part().when(remit(None, "tr-2")).posts(&["Dr SupplierPayable 0.60", "Cr BankClearing 0.60"]);
    part().after(remit(None, "tr-2")).when(remit(None, "tr-3")).refused("RemittanceNotOwed");
    part().when(remit(Some("0"), "tr-2")).refused("RemittanceNotOwed");
    part().when(remit(Some("-1"), "tr-2")).refused("RemittanceNotOwed");
    services().when(remit(None, "tr-1")).refused("RemittanceNotOwed");
}

#[test]
fn a_transfer_counts_once() {
    let part = services().after(premium_of("F1")).after(remit(Some("0.40"), "tr-1"));
    part.when(remit(Some("0.10"), "tr-1")).refused("RemittedAlready");
}

#[test]
fn a_premium_that_went_back_after_it_was_paid_is_taken_off_the_next() {
    let back = services().after(premium_of("F1")).after(remit(None, "tr-1")).after(give_back(None));
    back.after(premium_of("F2")).when(remit(None, "tr-2")).refused("RemittanceNotOwed");
    let back = services().after(premium_of("F1")).after(remit(None, "tr-1")).after(give_back(None));
    let two = back.after(premium_of("F2")).after(premium_of("F3"));
    two.when(remit(None, "tr-2")).leaves("SupplierPayable", "0.00").leaves("BankClearing", "-2.00");
}

#[test]
fn a_guarantee_of_the_platform_is_revenue_in_full() {
    let guarantee = fee(ServiceKind::ReturnFreightGuarantee, fixed("1.20"));
    let guarantee = ChargeServiceFee { tax_included: true, ..guarantee };
    services()
        .when(charge(guarantee))
        .items(&[
            "1007 return_freight_guarantee -1.13 due 2026-03-02",
            "1007 return_freight_guarantee.tax -0.07 due 2026-03-02",
        ])
        .leaves("ValueAdded", "-1.13")
        .leaves("SupplierPayable", "0.00");
}

proptest! {
    #[test]
    fn whatever_is_remitted_and_returned_a_supplier_never_has_more_than_was_collected(
        steps in prop::collection::vec((0_u8..3, 0_usize..4, 1_i64..150), 1..30),
    ) {
        let mut services = services();
        let names = ["F1", "F2", "F3", "F4"];
        for (number, (step, index, cents)) in steps.iter().enumerate() {
            let part = format!("{}.{:02}", cents / 100, cents % 100);
            let before = services.books().minor("SupplierPayable");
            match step {
                0 => { let _ = services.attempt(&premium_of(names[*index])); }
                1 => {
                    let transfer: &'static str = Box::leak(format!("tr-{number}").into_boxed_str());
                    let done = services.attempt(&remit(Some(&part), transfer)).is_ok();
                    // Only within what is owed, which is a credit.
                    prop_assert_eq!(done, -before >= i128::from(*cents));
                }
                _ => {
                    let back = ReturnServiceFee { of: of(names[*index]), amount: Some(amount(&part)), reason: None };
                    let _ = services.attempt(&ServiceCommand::Return(back));
                }
            }
            let id = Id::new("insurer-1").unwrap();
            let owed = -services.books().minor("SupplierPayable");
            prop_assert_eq!(i128::from(services.state().owed_to(id)), owed);
        }
    }
}
