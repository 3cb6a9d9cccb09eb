//! What was measured: each figure with its limit, the ratio and what it should be.

use serde::Serialize;

use crate::commands::bench::ratio;

/// Which way a ratio should go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim {
    /// At least so many hundredths of the limit.
    AtLeast(u64),
    /// At most so many hundredths of the limit.
    AtMost(u64),
    /// Nothing was promised.
    None,
}

/// A figure.
#[derive(Debug, Serialize)]
pub(super) struct Figure {
    figure: String,
    value: u64,
    unit: &'static str,
    limit: u64,
    limit_is: &'static str,
    /// Two decimals; none if the limit is 0.
    ratio: Option<String>,
    aim: Option<String>,
    holds: Option<bool>,
}

impl Figure {
    /// A figure against its limit.
    pub(super) fn new(
        figure: impl Into<String>,
        (value, unit): (u64, &'static str),
        (limit, limit_is): (u64, &'static str),
        aim: Aim,
    ) -> Self {
        let hundredths = |of: u64| format!("{}.{:02}", of / 100, of % 100);
        // Compared as products, so that nothing is rounded.
        let (scaled, times) = (u128::from(value) * 100, u128::from(limit));
        let (aim, holds) = match aim {
            Aim::AtLeast(of) => (
                Some(format!("at least {}", hundredths(of))),
                Some(scaled >= times * u128::from(of)),
            ),
            Aim::AtMost(of) => (
                Some(format!("at most {}", hundredths(of))),
                Some(scaled <= times * u128::from(of)),
            ),
            Aim::None => (None, None),
        };
        let ratio = ratio(value, limit);
        Self { figure: figure.into(), value, unit, limit, limit_is, ratio, aim, holds }
    }

    /// Names of the columns, and which are numbers.
    pub(super) fn columns() -> (Vec<&'static str>, Vec<&'static str>) {
        let columns = vec!["figure", "value", "unit", "limit", "limit_is", "ratio", "aim", "holds"];
        (columns, vec!["value", "limit", "ratio"])
    }

    /// The figure as cells.
    pub(super) fn cells(self) -> Vec<String> {
        vec![
            self.figure,
            self.value.to_string(),
            self.unit.to_owned(),
            self.limit.to_string(),
            self.limit_is.to_owned(),
            self.ratio.unwrap_or_default(),
            self.aim.unwrap_or_default(),
            self.holds.map_or("", |holds| if holds { "yes" } else { "no" }).to_owned(),
        ]
    }
}
