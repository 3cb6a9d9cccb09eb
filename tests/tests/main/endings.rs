//! Accounts that end after random histories: nothing but a payout, a rest of the deposit or a debt is left, and no cent
//! appears or vanishes.

use proptest::prelude::*;
use souk_tests::scenario::document::Document;
use souk_tests::scenario::runner::run;

/// What a merchant does on a day, in cents.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Sell(u32),
    /// A part, in percent, of an order that was sold.
    Refund(usize, u32),
    Deposit(u32),
    Close,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        4 => (100_u32..90_000).prop_map(Deed::Sell),
        3 => (0_usize..8, 1_u32..=100).prop_map(|(order, percent)| Deed::Refund(order, percent)),
        1 => (100_u32..20_000).prop_map(Deed::Deposit),
        2 => Just(Deed::Close),
    ];
    prop::collection::vec(deed, 1..24)
}

fn text(cents: u32) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// The history as a scenario: a day per deed, and the end two weeks after the last.
fn script(deeds: &[Deed], terms: &str) -> String {
    let mut text_of = format!(
        "# Random\n\n```setup\ntariff standard from=2026-01-01 commission=5% tax=6%\nmerchant M1 {terms}\n```\n\n```commands\n"
    );
    let first: souk_journal::dates::Date = "2026-03-02".parse().expect("a date");
    // Price and refunded of each order, in cents.
    let mut orders: Vec<(u32, u32)> = Vec::new();
    for (number, deed) in deeds.iter().enumerate() {
        let day = first.plus_days(number as i32);
        let at = format!("{day} 10:00");
        match *deed {
            Deed::Sell(cents) => {
                orders.push((cents, 0));
                let (order, price) = (orders.len(), text(cents));
                text_of += &format!(
                    "{at} place O{order} item=M1:{price}\npay O{order} card {price}\ncomplete O{order} M1\n"
                );
            }
            Deed::Refund(order, percent) => {
                let Some((price, refunded)) = orders.get_mut(order) else { continue };
                let part = (*price * percent / 100).min(*price - *refunded);
                if part > 0 {
                    *refunded += part;
                    let (order, part) = (order + 1, text(part));
                    text_of += &format!("{at} refund O{order} R{number} item={part}\n");
                }
            }
            Deed::Deposit(cents) => {
                text_of += &format!("{at} deposit M1 {} bank=TR-{number}\n", text(cents));
            }
            Deed::Close => text_of += &format!("{at} close {}\n", day.plus_days(-1)),
        }
    }
    let last = first.plus_days(deeds.len() as i32);
    let (wind_down, settled) = (last.plus_days(7), last.plus_days(15));
    text_of += &format!("{last} 11:00 announce-closing M1 last-day={last} wind-down=7\n");
    text_of += &format!("{settled} 02:00 wait\n```\n\n```balances\n```\n\n```commands\n");
    // The cycle in which the wind-down ends is over by then.
    text_of += &format!("close {}\n```\n\n```balances\n```\n", settled.plus_days(-1));
    assert!(wind_down < settled);
    text_of
}

/// `M1 CNY  due 10.00  total 10.00` by state, in cents.
fn figures(shown: &[String]) -> Vec<(String, i64)> {
    let Some(line) = shown.iter().find(|line| line.starts_with("M1 CNY")) else { return vec![] };
    let parts = line.split("  ").skip(1).map(|part| {
        let (state, amount) = part.rsplit_once(' ').expect("a state and an amount");
        let cents: i64 = amount.replace('.', "").parse().expect("an amount");
        (state.to_owned(), cents)
    });
    parts.collect()
}

fn of(figures: &[(String, i64)], state: &str) -> i64 {
    figures.iter().find(|(of, _)| of == state).map_or(0, |(_, amount)| *amount)
}

fn ends_whole(deeds: &[Deed], terms: &str) -> Result<(), TestCaseError> {
    let script = script(deeds, terms);
    let document = Document::parse("random.md", &script).expect("a scenario");
    // The run checks the books: balance, claims, statements, every replay.
    let shown =
        run(&document).map_err(|fault| TestCaseError::fail(format!("{fault}\n{script}")))?;
    let shown: Vec<_> = shown.into_iter().flatten().collect();
    let (before, after) = (figures(&shown[0]), figures(&shown[1]));
    prop_assert_eq!(of(&before, "total"), of(&after, "total"), "money is conserved\n{}", script);
    for state in ["pending", "payable", "held", "reserved", "ad wallet", "in transit"] {
        prop_assert_eq!(of(&after, state), 0, "{} is left\n{}", state, script);
    }
    let (due, deposit, debt) = (of(&after, "due"), of(&after, "deposit"), of(&after, "debt"));
    prop_assert!(due >= 0 && deposit >= 0 && debt <= 0, "{:?}\n{}", after, script);
    // A debt is what neither reserve nor deposit could bear.
    prop_assert!(debt == 0 || deposit == 0, "a debt beside a deposit: {:?}\n{}", after, script);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn after_the_final_settlement_nothing_is_left_but_a_payout_a_deposit_or_a_debt(
        deeds in deeds(),
        hold in 0_u8..30,
        reserve in 1_u8..40,
        cycle in prop::sample::select(vec!["daily", "weekly"]),
        recovery in prop::sample::select(vec!["reserve,carry", "carry"]),
    ) {
        let terms = format!(
            "{cycle} hold={hold} tariff=standard reserve={reserve}%-of-gross-for-90-days minimum=50.00 recovery={recovery}"
        );
        ends_whole(&deeds, &terms)?;
    }
}
