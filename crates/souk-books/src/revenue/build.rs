//! From the projection's rows to the report: keys as they are divided, and figures added to them.

use std::collections::{BTreeMap, BTreeSet};

use platform_revenue::{DeferralRow as Moved, Months, Segment, SplitBy, four_decimals};
use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::money::Currency;

use super::{
    ALL, By, DeferralRow, DeferredRow, NONE, RevenueReport, RevenueRow, RevenueTotal, Split,
};
use crate::address;
use crate::books::Books;
use crate::error::BooksError;
use crate::figure::Figure;

/// A row's place: month, line, currency, segment; what does not divide is none.
type Key = (Option<Date>, Option<Account>, &'static str, Segment);

/// What a row adds up, in minor units.
#[derive(Default)]
struct Sums {
    gross: i128,
    returned: i128,
    contra: i128,
    net: i128,
    /// Of it, what the take rate counts.
    taken: i128,
    deferred: i128,
    recognised: i128,
}

/// How rows are divided.
struct Division<'b> {
    by: &'b [By],
    split: SplitBy,
}

impl Division<'_> {
    fn key(&self, month: Date, line: Account, currency: Currency, segment: &Segment) -> Key {
        let month = Some(month).filter(|_| self.by.contains(&By::Month));
        let line = Some(line).filter(|_| self.by.contains(&By::Line));
        (month, line, currency.code(), segment.clone())
    }

    fn names(&self, key: &Key) -> (String, String, Split) {
        let (month, line, _, segment) = key;
        let month = month.map_or_else(|| ALL.to_owned(), address::month);
        let line = line.map_or_else(|| ALL.to_owned(), |line| line.to_string());
        let part = |by: By, of: &Option<Box<str>>| {
            let wanted = self.by.contains(&by);
            wanted.then(|| of.as_deref().unwrap_or(NONE).to_owned())
        };
        let split = Split {
            category: part(By::Category, &segment.category),
            region: part(By::Region, &segment.region),
            tier: part(By::Tier, &segment.tier),
        };
        (month, line, split)
    }
}

impl Books {
    /// Revenue of booking months from and to (both included, given by any of their days), divided
    /// as asked.
    ///
    /// # Errors
    /// `RangeReversed` when `to` is before `from`.
    pub fn revenue(
        &self,
        from: Option<Date>,
        to: Option<Date>,
        by: &[By],
    ) -> Result<RevenueReport, BooksError> {
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            return Err(BooksError::RangeReversed { from, to });
        }
        let months = Months { from, to };
        let split = SplitBy {
            category: by.contains(&By::Category),
            region: by.contains(&By::Region),
            tier: by.contains(&By::Tier),
        };
        let division = Division { by, split };
        let deferral = self.models().revenue.deferral(months, split);
        Ok(RevenueReport {
            rows: self.revenue_rows(months, &division, &deferral),
            totals: self.revenue_totals(months, &deferral),
            deferral: deferral_rows(&division, &deferral),
            deferred: self.deferred_fees(),
            entry: self.entry(),
        })
    }

    fn revenue_rows(
        &self,
        months: Months,
        division: &Division<'_>,
        deferral: &[Moved],
    ) -> Vec<RevenueRow> {
        let projection = &self.models().revenue;
        let mut sums: BTreeMap<Key, (Currency, Sums)> = BTreeMap::new();
        for of in projection.rows_by(months, division.split) {
            let row = of.row;
            let key = division.key(row.month, row.line, row.currency, &of.segment);
            let (_, sum) = sums.entry(key).or_insert_with(|| (row.currency, Sums::default()));
            sum.gross += row.gross;
            sum.returned += row.returned;
            sum.contra += row.contra;
            sum.net += row.net;
            sum.taken += if row.line == Account::OwnSales { 0 } else { row.net };
        }
        for row in deferral {
            let (charged, recognised) = (row.moved.charged, row.moved.recognised);
            if charged != 0 || recognised != 0 {
                let key = division.key(row.month, row.line, row.currency, &row.segment);
                let (_, sum) = sums.entry(key).or_insert_with(|| (row.currency, Sums::default()));
                sum.deferred += charged;
                sum.recognised += recognised;
            }
        }
        // Lines share the merchandise of their month and segment, so that their take rates add up.
        let mut merchandise: BTreeMap<(Option<Date>, &str, Segment), i128> = BTreeMap::new();
        for of in projection.merchandise_by(months, division.split) {
            let month = Some(of.row.month).filter(|_| division.by.contains(&By::Month));
            let key = (month, of.row.currency.code(), of.segment);
            *merchandise.entry(key).or_default() += of.row.value;
        }
        let rows = sums.into_iter().map(|(key, (currency, sum))| {
            let value = merchandise.get(&(key.0, key.2, key.3.clone())).copied();
            let counts = key.1 != Some(Account::OwnSales);
            let take_rate = value.filter(|_| counts).and_then(|of| four_decimals(sum.taken, of));
            let (month, line, split) = division.names(&key);
            let figure = |minor| Figure::new(minor, currency);
            RevenueRow {
                month,
                line,
                split,
                currency,
                gross: figure(sum.gross),
                returned: figure(sum.returned),
                contra: figure(sum.contra),
                net: figure(sum.net),
                deferred: figure(sum.deferred),
                recognised: figure(sum.recognised),
                take_rate,
            }
        });
        rows.collect()
    }

    fn revenue_totals(&self, months: Months, deferral: &[Moved]) -> Vec<RevenueTotal> {
        let projection = &self.models().revenue;
        let mut totals: Vec<RevenueTotal> = Vec::new();
        let sum = |currency: Currency, of: fn(&Moved) -> i128| {
            let rows = deferral.iter().filter(|row| row.currency == currency);
            Figure::new(rows.map(of).sum::<i128>(), currency)
        };
        let mut known = projection.totals(months);
        let empty: BTreeSet<&str> = known.iter().map(|of| of.currency.code()).collect();
        let others = deferral.iter().filter(|row| !empty.contains(row.currency.code()));
        let mut others: Vec<Currency> = others.map(|row| row.currency).collect();
        others.dedup();
        // A currency in which something was deferred and nothing earned yet has a total too.
        known.extend(others.into_iter().map(platform_revenue::RevenueTotal::nothing));
        known.sort_by_key(|total| total.currency.code());
        known.dedup_by_key(|total| total.currency);
        for total in known {
            let currency = total.currency;
            let figure = |minor| Figure::new(minor, currency);
            let (numerator, denominator) = total.take_fraction();
            totals.push(RevenueTotal {
                currency,
                merchandise_value: figure(total.merchandise_value),
                gross: figure(total.gross),
                returned: figure(total.returned),
                contra: figure(total.contra),
                net: figure(total.net),
                deferred: sum(currency, |row| row.moved.charged),
                recognised: sum(currency, |row| row.moved.recognised),
                take_rate: four_decimals(numerator, denominator),
            });
        }
        totals
    }

    fn deferred_fees(&self) -> Vec<DeferredRow> {
        let rows = self.models().revenue.deferred().into_iter().map(|row| DeferredRow {
            fee: row.fee,
            currency: row.currency,
            amount: Figure::new(row.amount, row.currency),
        });
        rows.collect()
    }
}

/// Opening, moves and closing as they are divided. Over several months the opening is that of the first: months of a line
/// and segment follow each other without a gap while anything is deferred.
fn deferral_rows(division: &Division<'_>, rows: &[Moved]) -> Vec<DeferralRow> {
    let by_month = division.by.contains(&By::Month);
    let mut begun: BTreeSet<(Account, &str, &Segment)> = BTreeSet::new();
    let mut sums: BTreeMap<Key, (Currency, [i128; 5])> = BTreeMap::new();
    for row in rows {
        let first = begun.insert((row.line, row.currency.code(), &row.segment));
        let key = division.key(row.month, row.line, row.currency, &row.segment);
        let (_, sum) = sums.entry(key).or_insert((row.currency, [0; 5]));
        let of = row.moved;
        let opening = if by_month || first { row.opening } else { 0 };
        let add = [opening, of.charged, of.recognised, of.returned, of.forfeited];
        sum.iter_mut().zip(add).for_each(|(sum, add)| *sum += add);
    }
    let rows = sums.into_iter().map(|(key, (currency, sum))| {
        let [opening, charged, recognised, returned, forfeited] = sum;
        let closing = opening + charged - recognised - returned - forfeited;
        let (month, line, split) = division.names(&key);
        let figure = |minor| Figure::new(minor, currency);
        DeferralRow {
            month,
            line,
            split,
            currency,
            opening: figure(opening),
            charged: figure(charged),
            recognised: figure(recognised),
            returned: figure(returned),
            forfeited: figure(forfeited),
            closing: figure(closing),
        }
    });
    rows.collect()
}
