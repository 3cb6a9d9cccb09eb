//! Sharing a cost, to the cent, however it is cut.

use proptest::collection::vec;
use proptest::prelude::*;
use souk_journal::money::Currency;

use super::*;
use crate::given::amount;
use crate::rate::Rate;

fn pool(money: i64, bonus: i64) -> Pool {
    Pool { money, bonus, spent: 0 }
}

fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

fn cost(model: PricingModel, quantity: u64, price: &str) -> i64 {
    let pricing = Pricing { model, quantity, unit_price: None };
    priced(&pricing, amount(price), Currency::from_code("CNY").unwrap()).unwrap()
}

#[test]
fn free_credit_is_spent_before_money() {
    let of = share(55_000, 10_000, pool(50_000, 0));
    assert_eq!(of, Share { free: 10_000, bonus: 0, wallet: 45_000, beyond: 0 });
}

#[test]
fn a_bonus_is_spent_with_the_money_it_was_sold_with() {
    let of = share(55_000, 0, pool(50_000, 10_000));
    assert_eq!(of, Share { free: 0, bonus: 9_167, wallet: 45_833, beyond: 0 });
}

#[test]
fn what_is_beyond_credit_and_wallet_is_left_over() {
    let of = share(70_000, 5_000, pool(50_000, 10_000));
    assert_eq!(of, Share { free: 5_000, bonus: 10_000, wallet: 50_000, beyond: 5_000 });
}

#[test]
fn the_net_is_the_gross_over_one_and_the_rate() {
    assert_eq!(rate("0.06").net_in(45_000), 42_453);
    assert_eq!(rate("0.06").net_in(45_833), 43_239);
    assert_eq!(rate("0").net_in(45_000), 45_000);
}

#[test]
fn impressions_are_priced_by_the_thousand_and_clicks_by_one() {
    assert_eq!(cost(PricingModel::Cpc, 1_234, "0.375"), 46_275);
    assert_eq!(cost(PricingModel::Cpm, 48_500, "12.30"), 59_655);
    assert_eq!(cost(PricingModel::Cpm, 50, "12.30"), 62, "61.5 cents are rounded half up");
    assert_eq!(cost(PricingModel::Placement, 3, "99.00"), 29_700);
}

#[test]
fn a_price_beyond_any_posting_is_no_amount() {
    let pricing = Pricing { model: PricingModel::Cpc, quantity: u64::MAX, unit_price: None };
    let currency = Currency::from_code("CNY").unwrap();
    assert!(priced(&pricing, amount("99999999999999"), currency).is_err());
}

proptest! {
    /// Cutting a cost into charges moves no cent between bonus and wallet, nor between net and tax.
    #[test]
    fn however_a_cost_is_cut_the_same_is_money_bonus_and_tax(
        money in 0_i64..100_000,
        bonus in 0_i64..100_000,
        free in 0_i64..5_000,
        cuts in vec(0_i64..20_000, 1..30),
        percent in 0_u32..=30,
    ) {
        let rate = rate(&format!("0.{percent:02}"));
        let mut left = (free, pool(money, bonus));
        let (mut wallet, mut of_bonus, mut of_free, mut beyond) = (0, 0, 0, 0);
        let (mut gross, mut net) = (0_i128, 0_i128);
        for cut in &cuts {
            let of = share(*cut, left.0, left.1);
            prop_assert_eq!(of.free + of.bonus + of.wallet + of.beyond, *cut);
            prop_assert!(of.free >= 0 && of.bonus >= 0 && of.wallet >= 0 && of.beyond >= 0);
            left.0 -= of.free;
            left.1.spent += of.bonus + of.wallet;
            let paid = i128::from(of.wallet + of.beyond);
            let here = rate.net_in(gross + paid) - rate.net_in(gross);
            prop_assert!((0..=paid).contains(&here), "neither net nor tax is below nothing");
            gross += paid;
            net += here;
            wallet += of.wallet;
            of_bonus += of.bonus;
            of_free += of.free;
            beyond += of.beyond;
        }
        let whole = share(cuts.iter().sum(), free, pool(money, bonus));
        prop_assert_eq!(whole, Share { free: of_free, bonus: of_bonus, wallet, beyond });
        prop_assert_eq!(net, rate.net_in(gross));
        prop_assert_eq!(left.1.rest(), (money - wallet, bonus - of_bonus));
        if beyond > 0 {
            prop_assert_eq!(left.1.rest(), (0, 0), "nothing is beyond while something is left");
        }
    }
}
