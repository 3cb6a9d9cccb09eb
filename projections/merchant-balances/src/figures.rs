//! The states of a merchant's money, and their signed sum.

use std::ops::AddAssign;

use souk_journal::dates::Date;

use crate::state::{Purse, STATES};

/// The states of money, in minor units of one currency; positive is the merchant's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Unclaimed items due after the date.
    pub pending: i128,
    /// Unclaimed items due on the date or before.
    pub payable: i128,
    /// Payouts of closed cycles that are not yet instructed (`PayoutsDue`).
    pub due: i128,
    /// On hold (`MerchantHeld`).
    pub held: i128,
    /// Withheld for later refunds (`MerchantReserve`).
    pub reserved: i128,
    /// Deposited (`MerchantDeposit`).
    pub deposit: i128,
    /// Prepaid advertising (`AdWallet`).
    pub ad_wallet: i128,
    /// Payouts instructed and not yet confirmed (`PayoutsInTransit`).
    pub in_transit: i128,
    /// What the merchant owes, as a negative amount (`MerchantDebt`).
    pub debt: i128,
}

impl Figures {
    /// The signed sum of all states, minor units.
    pub fn total(&self) -> i128 {
        self.pending + self.payable + self.sums().iter().sum::<i128>()
    }

    /// The states after the items, in the order of [`STATES`].
    pub(crate) fn sums(&self) -> [i128; STATES.len()] {
        let (due, held, reserved) = (self.due, self.held, self.reserved);
        [due, held, reserved, self.deposit, self.ad_wallet, self.in_transit, self.debt]
    }

    /// The states of a purse, its items divided as of the end of `on`.
    pub(crate) fn of(purse: &Purse, on: Date) -> Self {
        let [due, held, reserved, deposit, ad_wallet, in_transit, debt] = purse.sums;
        let (mut pending, mut payable) = (0, 0);
        for item in &purse.items {
            let side = if item.due_on > on { &mut pending } else { &mut payable };
            *side += i128::from(item.amount);
        }
        Self { pending, payable, due, held, reserved, deposit, ad_wallet, in_transit, debt }
    }
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.pending += other.pending;
        self.payable += other.payable;
        self.due += other.due;
        self.held += other.held;
        self.reserved += other.reserved;
        self.deposit += other.deposit;
        self.ad_wallet += other.ad_wallet;
        self.in_transit += other.in_transit;
        self.debt += other.debt;
    }
}
