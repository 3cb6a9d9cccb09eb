//! What goes back of a service fee: any sequence of parts comes to the full reversal.

use proptest::collection::vec;
use proptest::prelude::*;
use souk_journal::money::Amount;

use super::*;

#[test]
fn a_part_goes_back_with_its_tax() {
    let support = fee(ServiceKind::TechnicalSupport, fixed("200.00"));
    let charged = services().after(charge(support));
    charged.when(give_back(Some("53.00"))).posts(&[
        "Dr TechnicalServices 50.00",
        "Dr OutputVat 3.00",
        "Cr MerchantPayable 50.00",
        "Cr MerchantPayable 3.00",
    ]);
}

#[test]
fn an_agent_takes_the_supplier_s_part_back_too() {
    let charged = services().after(charge(premium())).after(give_back(Some("0.60")));
    charged
        .when(give_back(None))
        .leaves("SupplierPayable", "0.00")
        .leaves("ValueAdded", "0.00")
        .leaves("OutputVat", "0.00")
        .leaves("MerchantPayable", "0.00");
}

#[test]
fn what_was_paid_outside_waits_in_transit_until_it_is_paid() {
    let support = fee(ServiceKind::TechnicalSupport, fixed("200.00"));
    let from = vec![provider(Some("106.00")), payable()];
    let support = ChargeServiceFee { settled_from: from, ..support };
    let returned = services().after(charge(support)).after(give_back(Some("53.00")));
    returned.when(confirm()).posts(&["Dr RefundsInTransit 26.50", "Cr PspClearing 26.50"]);
}

proptest! {
    #[test]
    fn in_any_parts_and_any_order_returns_sum_to_the_full_reversal(
        price in 1_i64..200_000,
        tax in 0_i64..=20,
        included in any::<bool>(),
        supplier in prop::option::of(0_i64..=100),
        outside in prop::option::of(1_i64..100),
        parts in vec(1_i64..60_000, 0..14),
        paid in any::<bool>(),
    ) {
        let cny = Currency::from_code("CNY").unwrap();
        let minor = |minor| Amount::from_minor(minor, cny);
        let part = |percent: i64| ForSupplier {
            supplier: Id::new("insurer-1").unwrap(),
            amount: minor(price * percent / 100),
        };
        let from = match outside.map(|percent| price * percent / 100) {
            Some(part) if part > 0 && part < price => {
                vec![TakeFrom { amount: Some(minor(part)), ..provider(None) }, payable()]
            }
            Some(_) | None => Vec::new(),
        };
        let charged = charge(ChargeServiceFee {
            tax_rate: format!("0.{tax:02}").parse().unwrap(),
            tax_included: included,
            supplier: supplier.map(part),
            settled_from: from,
            ..fee(ServiceKind::ValueAdded, Price::Fixed { amount: minor(price) })
        });
        let mut services = services().after(charged);
        let names = ["ValueAdded", "OutputVat", "SupplierPayable", "MerchantPayable"];
        let mut before: Vec<i128> = names.iter().map(|of| services.books().minor(of)).collect();
        for part in parts {
            // More than is left is refused and changes nothing.
            let _ = services.attempt(&give_back(Some(&minor(part).to_string())));
            let now: Vec<i128> = names.iter().map(|of| services.books().minor(of)).collect();
            for (index, (now, before)) in now.iter().zip(&before).enumerate() {
                // What goes back never turns round: revenue falls to zero, the merchant's burden too.
                let falls = if index == 3 { now <= before && *now >= 0 } else { now >= before && *now <= 0 };
                prop_assert!(falls, "{} went from {before} to {now}", names[index]);
            }
            before = now;
            if paid {
                let _ = services.attempt(&confirm());
            }
        }
        // All that is left; refused when nothing is.
        let _ = services.attempt(&give_back(None));
        let _ = services.attempt(&confirm());
        for name in names.into_iter().chain(["RefundsInTransit", "PspClearing"]) {
            prop_assert_eq!(services.books().minor(name), 0, "{}", name);
        }
    }
}

#[test]
fn what_a_correction_gave_back_is_neither_returned_nor_waived_again() {
    // 53.00 with its tax.
    let charged = |corrected| {
        let given = services().after(charge(fee(ServiceKind::Logistics, fixed("50.00"))));
        given.under(ServiceContext { corrected, ..context() })
    };
    charged(2_000).when(give_back(None)).leaves("MerchantPayable", "20.00");
    charged(2_000).when(give_back(Some("33.01"))).refused("ReturnExceedsCharge");
    charged(5_300).when(give_back(None)).refused("NothingToReturn");
}
