//! What merchants of the demonstration are charged beside orders: advertising from prepaid wallets, with granted credit
//! first; memberships, earned month by month, one of them cancelled; storage, support, a penalty.
//!
//! None of it is random: the same merchants do the same things whatever the seed is.

use serde_json::{Value, json};
use souk_journal::dates::Date;

use super::script::FEATURED;

/// A command of a day, counted from the first of the demonstration: its name and its data.
pub(crate) type Charge = (usize, &'static str, Value);

/// Merchants that pay advertising ahead: top-up, again in the middle, credit granted, pricing of a week.
const ADVERTISERS: [(u64, &str, &str, Option<&str>, Pricing); 3] = [
    (1001, "6000.00", "5000.00", Some("300.00"), Pricing::Clicks),
    (1002, "4000.00", "3500.00", Some("200.00"), Pricing::Impressions),
    (1003, "2500.00", "1500.00", None, Pricing::Placements),
];
/// Holders of a year's membership and its price, tax included; the last one leaves in February.
const MEMBERS: [(u64, &str); 6] = [
    (1001, "35880.00"),
    (1002, "35880.00"),
    (1003, "11880.00"),
    (1006, "11880.00"),
    (1007, "11880.00"),
    (1005, "11880.00"),
];
/// The day on which the last member leaves.
const LEAVES: &str = "2026-02-14";
/// The tax in every price here.
const TAX: &str = "0.06";

/// How a week of advertising is priced.
#[derive(Clone, Copy)]
enum Pricing {
    Clicks,
    Impressions,
    Placements,
}

impl Pricing {
    /// What a campaign delivered in a week; it grows a little.
    fn week(self, week: usize) -> Value {
        match self {
            Self::Clicks => {
                json!({ "model": "cpc", "quantity": 1_400 + 37 * week, "unit_price": "0.25" })
            }
            Self::Impressions => {
                json!({ "model": "cpm", "quantity": 24_000 + 500 * week, "unit_price": "12.50" })
            }
            Self::Placements => {
                json!({ "model": "placement", "quantity": 2, "unit_price": "85.00" })
            }
        }
    }
}

/// Everything, in order of days.
pub(crate) fn charges(first: Date, days: usize) -> Vec<Charge> {
    let mut charges = Vec::new();
    advertising(&mut charges, first, days);
    memberships(&mut charges, first, days);
    services(&mut charges, first, days);
    // Stable: within a day the order stays.
    charges.sort_by_key(|(day, ..)| *day);
    charges
}

fn advertising(charges: &mut Vec<Charge>, first: Date, days: usize) {
    let of = |merchant: u64| json!({ "merchant": merchant.to_string(), "currency": "CNY" });
    let with = |merchant: u64, more: Value| {
        let (mut data, more) = (of(merchant), more);
        if let (Value::Object(data), Value::Object(more)) = (&mut data, more) {
            data.extend(more);
        }
        data
    };
    // The featured merchant has no wallet: by its terms a week's advertising is a line of its statement.
    charges.push((1, "agree-ad-terms", with(FEATURED, json!({ "overdraft": "payable" }))));
    for (merchant, start, more, credit, _) in ADVERTISERS {
        for (day, amount) in [(2, start), (62, more)] {
            let from =
                json!([{ "source": "provider", "reference": format!("AD-{merchant}-{day}") }]);
            let data = with(merchant, json!({ "amount": amount, "from": from }));
            charges.push((day, "top-up-wallet", data));
        }
        if let Some(amount) = credit {
            let data = json!({ "grant": "welcome", "credit": "free", "amount": amount,
                "reason": "a first campaign" });
            charges.push((3, "grant-ad-credit", with(merchant, data)));
        }
    }
    // Weeks begin on the first day, a Monday, and are billed on the next one.
    for (week, day) in (7..days).step_by(7).enumerate() {
        let (from, to) = (first.plus_days(day as i32 - 7), first.plus_days(day as i32 - 1));
        let featured = json!({ "model": "placement", "quantity": 1, "unit_price": "350.00" });
        let campaigns = ADVERTISERS.map(|(merchant, .., pricing)| (merchant, pricing.week(week)));
        for (merchant, pricing) in campaigns.into_iter().chain([(FEATURED, featured)]) {
            let data = json!({ "campaign": "in-season", "from": from, "to": to,
                "pricing": pricing, "tax_rate": TAX });
            charges.push((day, "charge-ads", with(merchant, data)));
        }
    }
}

fn memberships(charges: &mut Vec<Charge>, first: Date, days: usize) {
    let begin = first.first_of_next_month();
    let day_of = |date: Date| usize::try_from(date.days_since(first)).unwrap_or(0);
    let id = |merchant: u64| format!("gold-{merchant}");
    let leaver = MEMBERS.last().map(|(merchant, _)| *merchant);
    for (merchant, gross) in MEMBERS {
        let data = json!({ "membership": id(merchant), "holder": { "merchant": merchant.to_string() },
            "plan": "gold", "currency": "CNY", "from": begin, "to": begin.plus_days(364),
            "gross": gross, "tax_rate": TAX,
            "settled_from": [{ "source": "provider", "reference": format!("GOLD-{merchant}") }] });
        charges.push((day_of(begin), "charge-membership", data));
    }
    let leaves: Option<Date> = LEAVES.parse().ok();
    for (merchant, leaves) in leaver.into_iter().zip(leaves) {
        let data =
            json!({ "membership": id(merchant), "on": leaves, "reason": "closing the shop" });
        charges.push((day_of(leaves), "cancel-membership", data));
        let paid = json!({ "membership": id(merchant) });
        charges.push((day_of(leaves) + 3, "confirm-membership-refund", paid));
    }
    // A month is booked on the first day of the next one; on the last day of all, what the days before it earned, so that
    // the month that is shown has its part.
    let last = first.plus_days(days as i32 - 1);
    let mut month = begin;
    while month <= last {
        let through = month.first_of_next_month().plus_days(-1).min(last.plus_days(-1));
        for (merchant, _) in MEMBERS {
            let gone = Some(merchant) == leaver && leaves.is_some_and(|leaves| leaves <= through);
            if !gone {
                let data = json!({ "membership": id(merchant), "through": through });
                charges.push((day_of(through) + 1, "recognise-revenue", data));
            }
        }
        month = month.first_of_next_month();
    }
}

fn services(charges: &mut Vec<Charge>, first: Date, days: usize) {
    let of = |merchant: u64, charge: String| json!({ "merchant": merchant.to_string(), "currency": "CNY", "charge": charge });
    let last = first.plus_days(days as i32);
    let (mut month, mut number) = (first.first_of_next_month(), 1_u32);
    while month < last {
        let day = usize::try_from(month.days_since(first)).unwrap_or(0);
        let units = json!({ "units": { "quantity": (9_000 + 450 * number).to_string(),
            "unit": "unit-day", "unit_price": "0.0315" } });
        let data = json!({ "of": of(1002, format!("storage-{number}")), "service": "storage",
            "price": units, "tax_rate": TAX });
        charges.push((day, "charge-service-fee", data));
        (month, number) = (month.first_of_next_month(), number + 1);
    }
    let support = json!({ "fixed": { "amount": "800.00" } });
    let data = json!({ "of": of(1006, "support-1".to_owned()), "service": "technical-support",
        "price": support, "tax_rate": TAX });
    charges.push((100, "charge-service-fee", data));
    let data = json!({ "of": of(1008, "penalty-1".to_owned()), "amount": "50.00",
        "reason": "shipped late" });
    charges.push((101, "impose-penalty", data));
}
