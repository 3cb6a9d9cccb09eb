//! `revenue`: what the platform earned on each line, what share of sales that is, and what is charged and not yet earned.

pub mod as_reported;
mod build;

use schemars::JsonSchema;
use serde::Serialize;
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;

use crate::address;
use crate::error::BooksError;
use crate::figure::Figure;

/// What rows of revenue are divided by; without `Month` or `Line` that column says `all`. Currencies always divide:
/// amounts of two are never added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The booking month.
    Month,
    /// The revenue account.
    Line,
    /// The category path of what was sold.
    Category,
    /// The region of the order.
    Region,
    /// The tier that the merchant had when the amount was decided.
    Tier,
    /// The currency, which divides anyhow.
    Currency,
}

impl By {
    /// Reads `month`, `line`, `category`, `region`, `tier` and `currency`, parted by commas.
    ///
    /// # Errors
    /// `UnknownDivision` naming the part.
    pub fn parse(text: &str) -> Result<Vec<Self>, BooksError> {
        text.split(',')
            .map(|part| match part.trim() {
                "month" => Ok(Self::Month),
                "line" => Ok(Self::Line),
                "category" => Ok(Self::Category),
                "region" => Ok(Self::Region),
                "tier" => Ok(Self::Tier),
                "currency" => Ok(Self::Currency),
                other => Err(BooksError::UnknownDivision { given: other.to_owned() }),
            })
            .collect()
    }
}

/// The text of a column that does not divide.
pub const ALL: &str = "all";
/// What stands for a category, a region or a tier where there is none.
pub const NONE: &str = "none";

/// Revenue by booking month at an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RevenueReport {
    /// By month, then line in the chart's order, then currency, then category, region and tier.
    pub rows: Vec<RevenueRow>,
    /// Per currency.
    pub totals: Vec<RevenueTotal>,
    /// What was deferred, month by month: divided and ordered as the rows.
    pub deferral: Vec<DeferralRow>,
    /// Charged and not yet earned, whatever the months: by fee, then currency.
    pub deferred: Vec<DeferredRow>,
    /// The last entry it reflects.
    #[serde(skip)]
    pub entry: u64,
}

/// What rows are divided by beside month, line and currency; absent where they are not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Split {
    /// Category path; `none` for revenue of no goods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Region of the order; `none` for revenue of no order, and of orders without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Tier of the merchant when the amount was decided; `none` where its terms had none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
}

impl Split {
    /// The parts that divide, in order.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        [&self.category, &self.region, &self.tier].into_iter().filter_map(Option::as_deref)
    }
}

/// A revenue line in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RevenueRow {
    /// The booking month, `2026-03`; `all` when months are summed.
    pub month: String,
    /// The revenue account; `all` when lines are summed.
    pub line: String,
    /// What else it is divided by.
    #[serde(flatten)]
    pub split: Split,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Earned, among it what was recognised.
    pub gross: Figure,
    /// Given back.
    pub returned: Figure,
    /// Discounts that the platform funds, less what came back of them: they reduce revenue on a line of their own.
    pub contra: Figure,
    /// gross − returned − contra.
    pub net: Figure,
    /// Charged in the month to be earned day by day: not among `gross` until it is recognised.
    pub deferred: Figure,
    /// Earned in the month of what had been deferred: among `gross`.
    pub recognised: Figure,
    /// Net over the merchandise value of the same month and division, 4 decimals; of lines they add up to the whole. Null
    /// without merchandise and for own sales.
    pub take_rate: Option<String>,
}

/// What is deferred of a line over a month: opening + charged − recognised − returned − forfeited = closing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeferralRow {
    /// The booking month, `2026-03`; `all` when months are summed.
    pub month: String,
    /// The revenue account that earns it; `all` when lines are summed.
    pub line: String,
    /// What else it is divided by.
    #[serde(flatten)]
    pub split: Split,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Deferred when the month began.
    pub opening: Figure,
    /// Charged in it.
    pub charged: Figure,
    /// Earned in it.
    pub recognised: Figure,
    /// Given back unearned.
    pub returned: Figure,
    /// Kept unearned, by the terms of what was sold.
    pub forfeited: Figure,
    /// Deferred when the month ended.
    pub closing: Figure,
}

/// What is deferred of a kind of fee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeferredRow {
    /// The fee.
    pub fee: LineKind,
    /// Currency of the amount.
    pub currency: Currency,
    /// What the platform has charged and owes in service.
    pub amount: Figure,
}

/// All lines of a currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RevenueTotal {
    /// Currency of the amounts.
    pub currency: Currency,
    /// After merchants' discounts and refunds, before the platform's; no shipping, no tax.
    pub merchandise_value: Figure,
    /// Earned.
    pub gross: Figure,
    /// Given back.
    pub returned: Figure,
    /// What reduces revenue.
    pub contra: Figure,
    /// gross − returned − contra.
    pub net: Figure,
    /// Charged to be earned day by day.
    pub deferred: Figure,
    /// Earned of what had been deferred.
    pub recognised: Figure,
    /// Net without own sales over merchandise value, 4 decimals; null without merchandise.
    pub take_rate: Option<String>,
}

impl RevenueRow {
    /// The address of the net amount; a part of a line has none.
    pub fn address(&self) -> Option<String> {
        let whole = self.split == Split::default();
        whole.then(|| address::revenue(&self.month, &self.line, self.currency))
    }

    /// The line with what else divides it, for a drawing.
    pub fn label(&self) -> String {
        let parts: Vec<&str> = std::iter::once(&*self.line).chain(self.split.parts()).collect();
        parts.join(" ")
    }
}
