//! Splitting and prorating without losing a cent.
//!
//! Every split names who owns the remainder: [`largest_remainder`] gives it to the largest
//! remainders, ties to the earlier part. [`returned`] is the refund algebra: a rounded share of the
//! *cumulative* refund, so that any sequence of partial refunds sums exactly to the charge; [`returned_in_turn`] splits it.

use rust_decimal::Decimal;

use crate::money::{Amount, Currency};

/// Splits a total over weights, in minor units; the parts sum to the total exactly.
///
/// Weights are ≥ 0; when all are zero, the first part takes everything. A negative total splits
/// as its mirror image.
pub fn largest_remainder(total: i64, weights: &[i64]) -> Vec<i64> {
    let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    let mut parts = vec![0_i64; weights.len()];
    if weights.is_empty() {
        return parts;
    }
    if sum == 0 {
        parts[0] = total;
        return parts;
    }
    let sign = if total < 0 { -1 } else { 1 };
    let magnitude = i128::from(total).abs();
    let mut rests: Vec<(i128, usize)> = Vec::with_capacity(weights.len());
    let mut left = magnitude;
    for (index, weight) in weights.iter().enumerate() {
        let product = magnitude * i128::from(*weight);
        let floor = product / sum;
        parts[index] = floor as i64;
        left -= floor;
        rests.push((product % sum, index));
    }
    rests.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, index) in rests.into_iter().take(left as usize) {
        parts[index] += 1;
    }
    for part in &mut parts {
        *part *= sign;
    }
    parts
}

/// What is returned in all of `charged` once `refunded` of `base` went back: half up, in minor
/// units. All of it when everything went back, and when there is no base to prorate by.
pub fn returned(charged: i64, refunded: i64, base: i64) -> i64 {
    if base == 0 || refunded == base {
        return charged;
    }
    let product = i128::from(charged) * i128::from(refunded);
    let base = i128::from(base);
    // Half up on the magnitude: (2·product + base) / (2·base) floors towards zero after the shift.
    let sign = if (product < 0) == (base < 0) { 1 } else { -1 };
    (sign * ((2 * product.abs() + base.abs()) / (2 * base.abs()))) as i64
}

/// Splits what has come back so far over the parts of a charge: the first part by [`returned`], the next one of what that
/// leaves, and so on. The parts sum to `refunded` exactly, none is below zero or beyond its weight, and none falls when
/// `refunded` grows: so the differences of any sequence of returns are never negative, which largest remainders do not
/// promise. `refunded` is from 0 to the sum of the weights, which are ≥ 0.
pub fn returned_in_turn(refunded: i64, weights: &[i64]) -> Vec<i64> {
    let mut base: i64 = weights.iter().sum();
    let mut left = refunded;
    let of = |weight: &i64| {
        let part = if *weight == 0 { 0 } else { returned(*weight, left, base) };
        left -= part;
        base -= weight;
        part
    };
    weights.iter().map(of).collect()
}

/// `rate` of an amount, rounded half up to the currency; minor units.
///
/// # Errors
/// When the result is beyond 64 bits of minor units.
pub fn percentage(
    rate: Decimal,
    base: i64,
    currency: Currency,
) -> Result<i64, crate::money::MoneyError> {
    let base = Amount::from_minor(base, currency).decimal();
    let product = base.checked_mul(rate).ok_or(crate::money::MoneyError::OutOfRange(base))?;
    Amount::rounded(product, currency).minor(currency)
}

#[cfg(test)]
mod tests;
