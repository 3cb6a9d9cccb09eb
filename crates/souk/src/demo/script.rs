//! Cases that the demonstration must hold whatever the dice say, each with a merchant that sells
//! nothing else: 1042 is refunded after its payout and carries the debt; 1013 has its payout returned.

use souk_domain::rate::Rate;
use souk_journal::ids::OrderId;
use souk_journal::money::Currency;

use super::market::merchant;
use super::orders::{Fact, Goods, Invented, id};
use crate::fail::{Exit, Failure};

/// The merchant whose balance turns negative.
pub(crate) const NEGATIVE: u64 = 1042;
/// The merchant whose payout comes back.
pub(crate) const RETURNED: u64 = 1013;
/// The merchant that the demonstration shows.
pub(crate) const FEATURED: u64 = 1007;

/// The facts of the scripted orders; days count from the first of the demonstration, a Monday.
pub(crate) fn facts(rate: Rate) -> Result<Vec<Fact>, Failure> {
    let mut facts = Vec::new();
    let mut sale = |name: &str, number: u64, day: usize, price: i64, refunded: Option<usize>| {
        let order = order(name, number, price)?;
        facts.push((day, day, order.place()?));
        for command in order.pay("P1", "alipay", order.total(), rate)? {
            facts.push((day, day, command));
        }
        facts.push((day + 2, day + 2, order.complete(merchant(number)?)));
        if let Some(back) = refunded {
            facts.push((back, back, order.refund("R1", 0, 100)?));
        }
        Ok::<(), Failure>(())
    };
    // Paid out after the third week, refunded in the fifth, earned back in the eighth.
    sale("S-carry-1", NEGATIVE, 1, 64_000, Some(30))?;
    sale("S-carry-2", NEGATIVE, 45, 98_000, None)?;
    // Two sales, so that the returned payout meets a sale in the next cycle.
    sale("S-return-1", RETURNED, 58, 42_000, None)?;
    sale("S-return-2", RETURNED, 72, 39_000, None)?;
    // A clawback on the featured merchant's statement.
    sale("S-featured-1", FEATURED, 70, 25_800, Some(98))?;
    Ok(facts)
}

fn order(name: &str, number: u64, price: i64) -> Result<Invented, Failure> {
    let currency = Currency::from_code("CNY")
        .map_err(|error| Failure::new(Exit::Bug, "Bug", error.to_string()))?;
    let goods = Goods {
        merchant: merchant(number)?,
        category: "tea/pu-erh",
        price,
        shipping: 1_200,
        merchant_coupon: price / 20,
        platform_coupon: price / 10,
    };
    Ok(Invented { id: id(OrderId::new(name))?, currency, goods: vec![goods] })
}
