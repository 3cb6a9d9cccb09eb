//! Read models of facts and states: orders, merchants, tariffs. No sums of money.
