//! How a charge is shared by free credit, bonus, wallet and payable, and how much of it is tax.
//!
//! Both roundings are of sums so far, each charge taking the difference: however a cost is cut into charges, bonus and
//! wallet come out at the same cent, and so do revenue and tax.

use rust_decimal::Decimal;
use souk_journal::money::{Amount, Currency, MoneyError};
use souk_journal::split::returned;

use super::events::{Pricing, PricingModel};

/// Wallet and bonus since the wallet last changed otherwise than by charges. They are spent together, in the ratio in
/// which they stood then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pool {
    /// Money there was, minor units.
    pub money: i64,
    /// Bonus there was, minor units.
    pub bonus: i64,
    /// Advertising bought of both since, minor units.
    pub spent: i64,
}

impl Pool {
    /// What of both is left.
    pub fn left(self) -> i64 {
        self.money + self.bonus - self.spent
    }

    /// The money among `spent`.
    fn money_in(self, spent: i64) -> i64 {
        let all = self.money + self.bonus;
        if all == 0 { 0 } else { returned(self.money, spent, all) }
    }

    /// Money and bonus that are left.
    pub fn rest(self) -> (i64, i64) {
        let money = self.money - self.money_in(self.spent);
        (money, self.left() - money)
    }
}

/// What each bears of a charge, minor units; they sum to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Free credit.
    pub free: i64,
    /// Bonus.
    pub bonus: i64,
    /// Wallet.
    pub wallet: i64,
    /// What nothing of these bears.
    pub beyond: i64,
}

/// Free credit first, then wallet and bonus in the pool's ratio, then what is beyond.
pub fn share(amount: i64, free: i64, pool: Pool) -> Share {
    let free = free.min(amount);
    let of_pool = (amount - free).min(pool.left());
    let wallet = pool.money_in(pool.spent + of_pool) - pool.money_in(pool.spent);
    Share { free, bonus: of_pool - wallet, wallet, beyond: amount - free - of_pool }
}

/// Quantity times unit price, rounded half up to the currency; impressions are priced by the thousand. Minor units.
///
/// # Errors
/// When it is beyond the range of a posting.
pub fn priced(pricing: &Pricing, price: Amount, currency: Currency) -> Result<i64, MoneyError> {
    let per = match pricing.model {
        PricingModel::Cpc | PricingModel::Placement => Decimal::ONE,
        PricingModel::Cpm => Decimal::ONE_THOUSAND,
    };
    let beyond = || MoneyError::OutOfRange(price.decimal());
    let cost = Decimal::from(pricing.quantity).checked_mul(price.decimal()).ok_or_else(beyond)?;
    Amount::rounded(cost / per, currency).minor(currency)
}

#[cfg(test)]
mod tests;
