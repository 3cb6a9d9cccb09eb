//! The share of merchandise value that the platform keeps, as an exact fraction.

use crate::view::RevenueTotal;

impl RevenueTotal {
    /// Net revenue without own sales over the value of merchandise, both in minor units of the
    /// same currency: numerator and denominator. Without merchandise the denominator is 0.
    pub fn take_fraction(&self) -> (i128, i128) {
        (self.net_without_own_sales, self.merchandise_value)
    }

    /// The take rate as a fraction with 4 decimals, such as `0.0549`; none without merchandise.
    pub fn take_rate(&self) -> Option<String> {
        let (numerator, denominator) = self.take_fraction();
        four_decimals(numerator, denominator)
    }
}

/// A fraction with 4 decimals, rounded half up (away from zero at the midpoint); none over 0.
pub fn four_decimals(numerator: i128, denominator: i128) -> Option<String> {
    if denominator == 0 {
        return None;
    }
    let (part, whole) = (numerator.unsigned_abs(), denominator.unsigned_abs());
    let scaled = (part * 20_000 + whole) / (whole * 2);
    let negative = (numerator < 0) != (denominator < 0) && scaled > 0;
    let sign = if negative { "-" } else { "" };
    Some(format!("{sign}{}.{:04}", scaled / 10_000, scaled % 10_000))
}
