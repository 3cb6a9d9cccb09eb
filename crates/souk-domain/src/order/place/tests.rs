//! Promotions over the lines of an order.

use proptest::prelude::*;
use souk_journal::ids::{Id, LineId};

use crate::given::{Market, amount, complete, everything, line, pay, place};
use crate::order::commands::{LineToPlace, OrderCommand, PlaceOrder, Promotion};
use crate::order::events::{FundedBy, PromotionKind};

fn promotion(name: &str, of: &str, funded_by: FundedBy) -> Promotion {
    let (promotion, kind) = (Id::new(name).unwrap(), PromotionKind::FullReduction);
    Promotion { promotion, kind, amount: amount(of), funded_by, lines: vec![] }
}

fn order<'a>(
    lines: impl Into<Vec<LineToPlace<'a>>>,
    promotions: Vec<Promotion>,
) -> OrderCommand<'a> {
    let OrderCommand::Place(of) = place(lines) else { unreachable!("place places") };
    OrderCommand::Place(PlaceOrder { promotions, ..of })
}

fn three() -> [LineToPlace<'static>; 3] {
    [("1", "10.00"), ("2", "10.00"), ("3", "10.00")].map(|(id, price)| line(id, "1007", price, "0"))
}

#[test]
fn a_promotion_is_split_by_largest_remainder_the_earlier_line_first() {
    let market = Market::usual();
    let ten = promotion("full-30-less-10", "10.00", FundedBy::PlatformSubsidy);
    let then = market.order().when(order(three(), vec![ten]));
    then.says("order-placed", r#""line":"1","merchant":"1007","price":"10.00","shipping":"0.00","platform_discount":"3.34","funding":"platform-subsidy","discounts":[{"promotion":"full-30-less-10","kind":"full-reduction","funded_by":"platform-subsidy","amount":"3.34"}]"#)
        .says("order-placed", r#""platform_discount":"3.33""#);
}

#[test]
fn a_promotion_for_some_lines_leaves_the_others_alone() {
    let market = Market::usual();
    let lines = vec![LineId::new("2").unwrap()];
    let flash = Promotion { lines, ..promotion("flash", "4.00", FundedBy::Merchant) };
    let then = market.order().when(order(three(), vec![flash]));
    then.says(
        "order-placed",
        r#"{"line":"1","merchant":"1007","price":"10.00","shipping":"0.00"}"#,
    )
    .says("order-placed", r#""merchant_discount":"4.00""#);
}

#[test]
fn promotions_follow_each_other_on_what_is_left() {
    let market = Market::usual();
    let lines = vec![LineId::new("1").unwrap()];
    let all_of_one = Promotion { lines, ..promotion("gift", "10.00", FundedBy::Partner) };
    let rest = promotion("coupon", "10.00", FundedBy::Merchant);
    let then = market.order().when(order(three(), vec![all_of_one, rest]));
    // Nothing is left of the first line, so the other two share.
    then.says("order-placed", r#""merchant_discount":"5.00""#);
}

#[test]
fn what_cannot_be_promoted_is_refused() {
    let market = Market::usual();
    let refused = |promotions, code| market.order().when(order(three(), promotions)).refused(code);
    let platform = |of| promotion("a", of, FundedBy::PlatformSubsidy);
    refused(vec![platform("30.01")], "PromotionExceedsPrice");
    refused(vec![platform("1"), platform("1")], "PromotionTwice");
    refused(vec![platform("-1")], "NegativeAmount");
    refused(vec![platform("1"), promotion("b", "1", FundedBy::Partner)], "FundingDiffers");
    let unknown = Promotion { lines: vec![LineId::new("9").unwrap()], ..platform("1") };
    refused(vec![unknown], "UnknownLine");
    let twice = Promotion { lines: vec![LineId::new("1").unwrap(); 2], ..platform("1") };
    refused(vec![twice], "LineTwice");
}

fn cents(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

proptest! {
    /// However a promotion falls over the lines, its parts sum to it, the buyer pays the rest, and a refund of everything
    /// leaves nothing with anybody.
    #[test]
    fn a_promotion_and_its_return_conserve_every_cent(
        prices in prop::collection::vec(1_i64..10_000, 1..6),
        share in 0_i64..=100,
        funder in 0_usize..4,
    ) {
        let funded_by = [
            FundedBy::Merchant,
            FundedBy::PlatformSubsidy,
            FundedBy::BuyerIncentives,
            FundedBy::Partner,
        ][funder];
        let total: i64 = prices.iter().sum();
        let off = total * share / 100;
        let ids: Vec<String> = (1..=prices.len()).map(|id| id.to_string()).collect();
        let amounts: Vec<String> = prices.iter().map(|price| cents(*price)).collect();
        let lines: Vec<LineToPlace<'_>> =
            ids.iter().zip(&amounts).map(|(id, price)| line(id, "1007", price, "0")).collect();
        let market = Market::usual();
        let placed = order(lines, vec![promotion("p", &cents(off), funded_by)]);
        let given = market.order().after(placed).after(pay("P1", &cents(total - off)));
        let done = given.after(complete("1007"));
        if total == off {
            // A gift is given back by naming its goods.
            return Ok(());
        }
        let books = done.after(everything("R1")).books();
        for account in ["MerchantPayable", "PlatformSubsidy", "BuyerIncentives", "PartnerReceivable", "OrderEscrow", "Commission"] {
            prop_assert_eq!(books.balance(account), "0.00", "{}", account);
        }
        prop_assert_eq!(books.balance("RefundsInTransit"), format!("-{}", cents(total - off)));
    }
}
