//! Whatever is refunded in whatever order, partners, sellers and platform end where they began.

use proptest::prelude::*;
use souk_journal::account::Account;

use super::*;
use crate::order::state::OrderState;

const BASES: [Base; 4] =
    [Base::ItemPrice, Base::ItemPriceLessDiscount, Base::ItemsAndShipping, Base::Paid];

fn cents(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_left_with_anyone_once_everything_went_back(
        prices in prop::collection::vec((0_i64..20_000, 0_i64..900, any::<bool>()), 1..4),
        shares in prop::collection::vec((1_u32..500_000, 0_u32..=1_000_000, 0_u32..300_000, 0_usize..4), 1..3),
        steps in prop::collection::vec((0_usize..4, 0_i64..=1000, 0_i64..=1000, any::<bool>()), 0..12),
    ) {
        let market = no_fees();
        let lines: Vec<_> = prices.iter().enumerate().map(|(index, (price, shipping, other))| {
            let seller = if *other { "1008" } else { "1007" };
            line(&index.to_string(), seller, &cents(*price), &cents(*shipping))
        }).collect();
        let owed: i64 = prices.iter().map(|(price, shipping, _)| price + shipping).sum();
        let mut order = market.order().after(place(lines)).after(pay("p1", &cents(owed)));
        let rate = |millionths: u32| format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000).parse().unwrap();
        for (partner, (share, platform, tax, base)) in ["2001", "2002"].into_iter().zip(&shares) {
            let kind = if *base % 2 == 0 { PartnerKind::Affiliate } else { PartnerKind::Influencer };
            order = order.after(attribute(AttributeOrder {
                kind,
                rate: rate(*share),
                base: BASES[*base],
                platform_share: rate(*platform),
                tax_rate: rate(*tax),
                ..brought_by(partner)
            }));
        }
        for (number, (index, goods, shipping, completes)) in steps.iter().enumerate() {
            if *completes {
                let _ = order.attempt(&complete(["1007", "1008"][index % 2]));
                continue;
            }
            let OrderState::Placed(state) = order.state() else { unreachable!() };
            let Some(line) = state.lines.get(*index) else { continue };
            let goods = cents(line.goods_left() * goods / 1000);
            let shipping = cents(line.shipping_left() * shipping / 1000);
            let id = line.line.to_string();
            let _ = order.attempt(&refund(&format!("r{number}"), &[(&id, &goods, &shipping)]));
            let OrderState::Placed(state) = order.state() else { unreachable!() };
            for of in &state.partner_commissions {
                prop_assert!((0..=of.amount).contains(&of.returned));
            }
        }
        let _ = order.attempt(&everything("last"));
        let books = order.books();
        for account in ["Commission", "OutputVat", "OrderEscrow"] {
            prop_assert_eq!(books.minor(account), 0, "{}", account);
        }
        for (merchant, balance) in books.per_merchant(Account::MerchantPayable) {
            prop_assert_eq!(balance, 0, "{}", merchant);
        }
    }
}
