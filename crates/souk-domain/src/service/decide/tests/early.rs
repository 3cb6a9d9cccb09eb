//! Early payouts: what may be paid of what falls due, once, and when it comes back.

use proptest::prelude::*;
use souk_journal::money::Amount;

use super::*;
use crate::service::commands::{AdvancePayout, DueDay};

/// It is 2 March: 100.00 are due today, 400.00 on the 9th, 600.00 on the 11th, 50.00 on the 20th.
const DUE: [(&str, &str); 4] = [
    ("2026-03-02", "100.00"),
    ("2026-03-09", "400.00"),
    ("2026-03-11", "600.00"),
    ("2026-03-20", "50.00"),
];

fn day(&(on, sum): &(&str, &str)) -> DueDay {
    DueDay { on: on.parse().unwrap(), amount: amount(sum) }
}

fn early(name: &str, through: &str, part: Option<&str>) -> AdvancePayout<'static> {
    AdvancePayout {
        of: of(name),
        through: through.parse().unwrap(),
        amount: part.map(amount),
        fee: None,
        rate: None,
        tax_rate: "0.06".parse().unwrap(),
        transfer: "TR-1".into(),
        due: DUE.iter().map(day).collect(),
        entry: 41,
    }
}

fn pay(of: AdvancePayout<'static>) -> ServiceCommand<'static> {
    ServiceCommand::AdvancePayout(of)
}

#[test]
fn each_part_comes_back_on_the_day_on_which_its_items_fall_due() {
    let posts =
        ["Dr MerchantPayable 400.00", "Dr MerchantPayable 500.00", "Cr BankClearing 900.00"];
    let items = [
        "1007 payout.advanced -400.00 due 2026-03-09",
        "1007 payout.advanced -500.00 due 2026-03-11",
    ];
    services()
        .when(pay(early("E1", "2026-03-15", Some("900.00"))))
        .happens(&["payout-advanced"])
        .posts(&posts)
        .items(&items);
}

#[test]
fn the_fee_is_a_share_of_what_is_paid_early_and_is_taken_from_it() {
    let rate = Some("0.01".parse().unwrap());
    let posts = [
        "Dr MerchantPayable 400.00",
        "Dr MerchantPayable 490.46",
        "Dr MerchantPayable 9.00",
        "Dr MerchantPayable 0.54",
        "Cr FinancialServices 9.00",
        "Cr OutputVat 0.54",
        "Cr BankClearing 890.46",
    ];
    services()
        .when(pay(AdvancePayout { rate, ..early("E1", "2026-03-15", Some("900.00")) }))
        .says("payout-advanced", r#""entry":41"#)
        .posts(&posts);
}

#[test]
fn without_an_amount_it_is_all_that_falls_due_after_today_through_the_day() {
    let through = |day: &str, sum: &str| {
        let posts = format!("Cr BankClearing {sum}");
        let then = services().when(pay(early("E1", day, None)));
        then.leaves("BankClearing", &format!("-{sum}"));
        posts
    };
    through("2026-03-10", "400.00");
    through("2026-03-11", "1000.00");
    through("2026-12-31", "1050.00");
}

#[test]
fn no_more_is_paid_early_than_falls_due_and_what_is_due_today_is_not_early() {
    services()
        .when(pay(early("E1", "2026-03-10", Some("400.01"))))
        .refused("EarlyPayoutExceedsDue");
    services().when(pay(early("E1", "2026-03-08", None))).refused("EarlyPayoutExceedsDue");
    services().when(pay(early("E1", "2026-03-02", None))).refused("EarlyPayoutExceedsDue");
    services().when(pay(early("E1", "2026-03-10", Some("0")))).refused("EarlyPayoutExceedsDue");
}

#[test]
fn what_was_paid_early_is_not_paid_early_again_even_if_the_books_have_not_read_it() {
    let first = || services().after(pay(early("E1", "2026-03-15", Some("900.00"))));
    first().when(pay(early("E2", "2026-03-15", Some("100.01")))).refused("EarlyPayoutExceedsDue");
    let items = ["1007 payout.advanced -100.00 due 2026-03-11"];
    first().when(pay(early("E2", "2026-03-15", None))).items(&items);
    first().when(pay(early("E1", "2026-03-20", None))).refused("PayoutAdvancedAlready");
}

#[test]
fn what_the_merchant_owes_is_kept_back_from_the_latest_days() {
    let mut of = early("E1", "2026-03-20", None);
    of.due[0].amount = amount("-70.00");
    let items = [
        "1007 payout.advanced -400.00 due 2026-03-09",
        "1007 payout.advanced -580.00 due 2026-03-11",
    ];
    services().when(pay(of)).items(&items);
    let mut of = early("E1", "2026-03-11", None);
    of.due[3].amount = amount("-1000.00");
    services().when(pay(of)).refused("EarlyPayoutExceedsDue");
}

#[test]
fn the_fee_is_an_amount_or_a_rate_and_fits_the_largest_day() {
    let rate = Some("0.01".parse().unwrap());
    let fee = |of: &str| Some(amount(of));
    let base = || early("E1", "2026-03-15", Some("450.00"));
    let both = AdvancePayout { rate, fee: fee("1.00"), ..base() };
    services().when(pay(both)).refused("FeeOrRate");
    let large = AdvancePayout { fee: fee("400.00"), ..base() };
    services().when(pay(large)).refused("FeeExceedsEarlyPayout");
    let negative = AdvancePayout { fee: fee("-1.00"), ..base() };
    services().when(pay(negative)).refused("FeeExceedsEarlyPayout");
    let items = [
        "1007 payout.advanced -392.05 due 2026-03-09",
        "1007 payout.advanced -50.00 due 2026-03-11",
        "1007 early_payout -7.50 due 2026-03-09",
        "1007 early_payout.tax -0.45 due 2026-03-09",
    ];
    services().when(pay(AdvancePayout { fee: fee("7.50"), ..base() })).items(&items);
}

#[test]
fn an_early_payout_is_to_a_merchant_by_a_transfer_that_can_be_written() {
    let unknown = ServiceContext { merchant_known: false, ..context() };
    given::<Service>(unknown).when(pay(early("E1", "2026-03-15", None))).refused("UnknownMerchant");
    let transfer = "a \" b".into();
    let quoted = AdvancePayout { transfer, ..early("E1", "2026-03-15", None) };
    services().when(pay(quoted)).refused("UnusableLabel");
}

proptest! {
    /// Whatever is asked, the parts sum to it, and no day gets more early than falls due on it.
    #[test]
    fn any_early_payouts_stay_within_what_falls_due(
        asked in proptest::collection::vec((1i64..60_000, 0i64..300), 1..8),
    ) {
        let mut stream = services();
        let mut paid = 0i128;
        for (index, (cents, fee)) in asked.iter().enumerate() {
            let cny = Currency::from_code("CNY").unwrap();
            let of = AdvancePayout {
                amount: Some(Amount::from_minor(*cents, cny)),
                fee: Some(Amount::from_minor(*fee, cny)),
                tax_rate: "0".parse().unwrap(),
                ..early(&format!("E{index}"), "2026-03-11", None)
            };
            if stream.attempt(&pay(of)).is_ok() {
                paid += i128::from(*cents);
            }
        }
        let fees: i64 = asked.iter().map(|(_, fee)| fee).sum();
        prop_assert!(paid <= 100_000 + i128::from(fees));
        let books = stream.books();
        prop_assert_eq!(books.minor("MerchantPayable"), paid);
        prop_assert_eq!(books.minor("BankClearing") + books.minor("FinancialServices"), -paid);
    }
}
