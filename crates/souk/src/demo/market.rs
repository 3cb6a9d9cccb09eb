//! The invented marketplace: its tariffs, its merchants and their terms.

use std::borrow::Cow;

use souk_domain::calendar::CycleRule;
use souk_domain::merchant::commands::{AgreeTerms, EnrolMerchant, LeastPayout};
use souk_domain::merchant::decide::MerchantCommand;
use souk_domain::merchant::events::{MerchantKind, Recovery, ReserveBase, ReserveTerms};
use souk_formats::tariff_file::TariffFile;
use souk_journal::dates::Date;
use souk_journal::ids::{MerchantId, TariffId};
use souk_ledger::command::Command;

use crate::fail::{Exit, Failure};
use crate::place::parse_tariff;

/// Tariff files of the demonstration, in order of publication.
pub(crate) const TARIFFS: [&str; 3] = [
    include_str!("../../../../fixtures/tariffs/demo-1.toml"),
    include_str!("../../../../fixtures/tariffs/demo-2.toml"),
    include_str!("../../../../fixtures/tariffs/demo-small.toml"),
];

/// Categories of goods: path, least and most price in minor units of CNY.
pub(crate) const CATEGORIES: [(&str, i64, i64); 8] = [
    ("tea/pu-erh", 3_800, 42_000),
    ("tea/green", 2_500, 26_000),
    ("home/ceramics", 4_900, 68_000),
    ("home/textiles", 5_900, 39_000),
    ("books", 1_900, 12_800),
    ("electronics/audio", 9_900, 189_000),
    ("fashion/silk", 12_900, 99_000),
    ("food/snacks", 900, 8_800),
];

/// A merchant of the demonstration.
#[derive(Debug, Clone)]
pub(crate) struct Shop {
    /// The merchant.
    pub(crate) id: MerchantId,
    /// The currency of its orders.
    pub(crate) currency: &'static str,
    /// Its share of the orders: Zipf's law, so the first sells most.
    pub(crate) weight: u64,
    /// Index of its main category.
    pub(crate) category: usize,
}

/// The merchants: 1001 to 1060; most sell in CNY, some in USD and JPY.
pub(crate) fn shops() -> Result<Vec<Shop>, Failure> {
    // Merchant 1007 is the one the demonstration shows, so it sells a good deal.
    let order = [1007_u64, 1001, 1002, 1003, 1004, 1005, 1006];
    let others = 1008..=1060;
    let mut shops = Vec::new();
    for (rank, number) in order.into_iter().chain(others).enumerate() {
        let rank = rank as u64 + 1;
        shops.push(Shop {
            id: merchant(number)?,
            currency: match number % 10 {
                4 => "USD",
                9 => "JPY",
                _ => "CNY",
            },
            weight: 10_000 / rank,
            category: (number % CATEGORIES.len() as u64) as usize,
        });
    }
    Ok(shops)
}

/// A merchant of a number.
pub(crate) fn merchant(number: u64) -> Result<MerchantId, Failure> {
    MerchantId::new(&number.to_string())
        .map_err(|error| Failure::new(Exit::Bug, "Bug", error.to_string()))
}

/// Reads the tariff files.
pub(crate) fn tariffs() -> Result<Vec<TariffFile>, Failure> {
    TARIFFS.iter().map(|text| parse_tariff("demonstration", text)).collect()
}

/// The commands that enrol a shop and agree its terms.
pub(crate) fn enrolment(
    shop: &Shop,
    number: usize,
    from: Date,
) -> Result<[Command<'static>; 2], Failure> {
    let small = shop.currency == "CNY" && number % 5 == 3;
    let tariff = if small { "small-shops" } else { "standard" };
    let tariff =
        TariffId::new(tariff).map_err(|error| Failure::new(Exit::Bug, "Bug", error.to_string()))?;
    let rate = "0.05".parse().unwrap_or_default();
    let reserve = ReserveTerms { rate, base: ReserveBase::NetLines, days: 28 };
    let cycle = match number % 9 {
        4 => CycleRule::Daily,
        5 => CycleRule::HalfMonthly,
        6 => CycleRule::Monthly,
        _ => CycleRule::Weekly,
    };
    let least = LeastPayout {
        currency: "CNY".to_owned(),
        amount: souk_journal::money::Amount::from(rust_decimal::Decimal::ONE_HUNDRED),
    };
    let featured = shop.id.as_str() == "1007";
    let terms = AgreeTerms {
        tier: Some(Cow::Borrowed(if number < 6 { "gold" } else { "basic" })),
        business: None,
        merchant: shop.id,
        effective_on: from,
        cycle: if featured { CycleRule::Weekly } else { cycle },
        time_zone: Cow::Borrowed(match shop.currency {
            "USD" => "America/New_York",
            "JPY" => "Asia/Tokyo",
            _ => "Asia/Shanghai",
        }),
        cut_off_hour: 0,
        hold_days: 7,
        tariff,
        reserve: (featured || number % 3 == 1).then_some(reserve),
        minimum_payouts: vec![least],
        recovery: if number.is_multiple_of(2) {
            vec![Recovery::Reserve, Recovery::Carry]
        } else {
            vec![Recovery::Carry]
        },
        payout: None,
        fixed_reserves: Vec::new(),
        deposits: Vec::new(),
        debt_after: None,
    };
    let enrol = EnrolMerchant { merchant: shop.id, kind: MerchantKind::Seller };
    Ok([
        Command::Merchant(MerchantCommand::Enrol(enrol)),
        Command::Merchant(MerchantCommand::AgreeTerms(terms)),
    ])
}
