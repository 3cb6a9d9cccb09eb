//! What is brought forward, once, against `OpeningBalances`, with enough approvals.

use souk_journal::ids::{MembershipId, MerchantId};
use souk_journal::money::{Amount, Currency};

use crate::deposit::commands::{DepositCommand, ReturnDeposit};
use crate::deposit::decide::{Deposit, DepositContext};
use crate::given::{Given, amount, given};
use crate::membership::commands::{MembershipCommand, RecogniseRevenue};
use crate::membership::decide::{Membership, MembershipContext};
use crate::opening::commands::{
    BringSettlement, BringSum, BringTerm, OpeningBalances, RecordOpening,
};
use crate::opening::decide::Opening;
use crate::opening::events::{Balance, OpeningAccount, Origin};
use crate::opening::guarded::{OpeningDeposit, OpeningSettlement, OpeningTerm, OpeningWallet};
use crate::service_kind::ServiceKind;

fn cny() -> Currency {
    Currency::from_code("CNY").unwrap()
}

fn merchant() -> MerchantId {
    MerchantId::new("1007").unwrap()
}

fn origin<'a>(by: &[&'a str], above: &str) -> Origin<'a> {
    Origin {
        as_of: "2026-02-28".parse().unwrap(),
        document: "opening.csv".into(),
        sha256: "0".repeat(64).into(),
        approved_by: by.iter().map(|name| (*name).into()).collect(),
        two_approvals_above: amount(above),
    }
}

fn both<'a>() -> Origin<'a> {
    origin(&["Li", "Wang"], "0")
}

fn debit<'a>(of: &str, due_on: Option<&str>) -> Balance<'a> {
    let (debit, credit) = (amount(of), Amount::ZERO);
    Balance { debit, credit, due_on: due_on.map(|on| on.parse().unwrap()), reference: None }
}

fn credit<'a>(of: &str, due_on: Option<&str>) -> Balance<'a> {
    let of = debit(of, due_on);
    Balance { debit: Amount::ZERO, credit: of.debit, ..of }
}

fn record<'a>(
    merchant: Option<MerchantId>,
    account: OpeningAccount,
    balances: Vec<Balance<'a>>,
    origin: Origin<'a>,
) -> RecordOpening<'a> {
    let accounts = vec![OpeningBalances { account, currency: cny(), balances }];
    RecordOpening { merchant, accounts, origin }
}

fn items<'a>() -> RecordOpening<'a> {
    let due = Some("2026-03-04");
    let balances = vec![credit("1180.00", due), debit("59.00", due)];
    record(Some(merchant()), OpeningAccount::MerchantPayable, balances, both())
}

fn opening() -> Given<'static, Opening> {
    given::<Opening>(())
}

fn sum<'a>(of: &str, origin: Origin<'a>) -> BringSum<'a> {
    BringSum { merchant: merchant(), currency: cny(), amount: amount(of), origin }
}

fn settlement<'a>(reserve: &[(&str, &str)], debt: &str, allowance: &str) -> BringSettlement<'a> {
    let reserve = reserve.iter().map(|(of, on)| (amount(of), on.parse().unwrap()));
    BringSettlement {
        merchant: merchant(),
        currency: cny(),
        reserve: reserve.collect(),
        debt: amount(debt),
        allowance: amount(allowance),
        origin: both(),
    }
}

fn term<'a>(from: &str) -> BringTerm<'a> {
    BringTerm {
        membership: MembershipId::new("GOLD-1").unwrap(),
        merchant: merchant(),
        service: ServiceKind::Membership,
        currency: cny(),
        from: from.parse().unwrap(),
        to: "2026-12-31".parse().unwrap(),
        deferred: amount("306.00"),
        origin: both(),
    }
}

#[test]
fn items_keep_their_due_dates_and_stand_against_opening_balances() {
    let recorded = opening().when(items());
    recorded
        .effective_on("2026-02-28")
        .posts(&[
            "Cr MerchantPayable 1180.00",
            "Dr MerchantPayable 59.00",
            "Dr OpeningBalances 1121.00",
        ])
        .items(&[
            "1007 brought_forward 1180.00 due 2026-03-04",
            "1007 brought_forward -59.00 due 2026-03-04",
        ]);
}

#[test]
fn the_platforms_balances_are_the_other_side() {
    let bank = record(None, OpeningAccount::Bank, vec![debit("1121.00", None)], both());
    opening().when(bank).posts(&["Dr Bank 1121.00", "Cr OpeningBalances 1121.00"]);
}

#[test]
fn balances_are_brought_forward_once() {
    opening().after(items()).when(items()).refused("NotAtTheBeginning");
    let deposit = || given::<OpeningDeposit>(()).after(sum("1.00", both()));
    deposit().when(sum("1.00", both())).refused("NotAtTheBeginning");
}

#[test]
fn above_the_limit_two_persons_approve() {
    let of = |by: &[&'static str], above| {
        let balances = vec![credit("100.00", Some("2026-03-04"))];
        record(Some(merchant()), OpeningAccount::MerchantPayable, balances, origin(by, above))
    };
    opening().when(of(&["Li"], "99.99")).refused("ApprovalMissing");
    opening().when(of(&["Li", "Li"], "99.99")).refused("ApprovalMissing");
    opening().when(of(&["Li", "Wang"], "99.99")).happens(&["opening-balances-recorded"]);
    opening().when(of(&["Li"], "100.00")).happens(&["opening-balances-recorded"]);
    opening().when(of(&[], "100.00")).refused("ApprovalMissing");
    given::<OpeningWallet>(()).when(sum("5.00", origin(&["Li"], "1"))).refused("ApprovalMissing");
}

#[test]
fn an_item_is_a_merchants_and_has_a_due_date_and_nothing_else_has() {
    let payable = OpeningAccount::MerchantPayable;
    let of = |merchant, account, balance| record(merchant, account, vec![balance], both());
    let no_date = of(Some(merchant()), payable, credit("1.00", None));
    opening().when(no_date).refused("OpeningDueDate");
    let dated = of(None, OpeningAccount::Bank, debit("1.00", Some("2026-03-04")));
    opening().when(dated).refused("OpeningDueDate");
    let nobodys = of(None, payable, credit("1.00", Some("2026-03-04")));
    opening().when(nobodys).refused("OpeningOwner");
    let theirs = of(Some(merchant()), OpeningAccount::Bank, debit("1.00", None));
    opening().when(theirs).refused("OpeningOwner");
}

#[test]
fn a_balance_is_above_zero_on_one_side() {
    let of = |balance| record(None, OpeningAccount::Bank, vec![balance], both());
    opening().when(of(debit("0.00", None))).refused("AmountNotPositive");
    opening().when(of(debit("-1.00", None))).refused("AmountNotPositive");
    let two = Balance { credit: amount("1.00"), ..debit("1.00", None) };
    opening().when(of(two)).refused("AmountNotPositive");
    opening().when(of(debit("1.001", None))).refused("UnusableAmount");
}

#[test]
fn many_items_are_several_events_that_fit_their_records() {
    let balances = vec![credit("1.00", Some("2026-03-04")); 450];
    let many = record(Some(merchant()), OpeningAccount::MerchantPayable, balances, both());
    let recorded = opening().when(many);
    recorded.happens(&["opening-balances-recorded"; 3]).leaves("OpeningBalances", "450.00");
}

#[test]
fn a_deposit_brought_forward_can_be_returned_and_no_more() {
    let brought = || {
        let context = DepositContext {
            merchant_known: true,
            currency: cny(),
            today: "2026-03-02".parse().unwrap(),
            topped_up: 0,
        };
        given::<OpeningDeposit>(()).after(sum("2000.00", both())).turned::<Deposit>(context)
    };
    let back = |of| {
        DepositCommand::Return(ReturnDeposit {
            merchant: merchant(),
            currency: "CNY".into(),
            amount: Some(amount(of)),
            reference: "TR-1".into(),
        })
    };
    brought().when(back("2000.01")).refused("DepositShort");
    brought().when(back("2000.00")).leaves("MerchantDeposit", "0.00");
}

#[test]
fn reserve_and_debt_stand_in_the_settlement() {
    let reserve = settlement(&[("50.00", "2026-05-01"), ("300.00", "2026-04-15")], "0", "0");
    let brought = given::<OpeningSettlement>(()).when(reserve);
    brought.says("settlement-brought-forward", r#"{"cycle":"before-1","amount":"300.00""#).posts(
        &["Cr MerchantReserve 300.00", "Cr MerchantReserve 50.00", "Dr OpeningBalances 350.00"],
    );
    let debt = given::<OpeningSettlement>(()).when(settlement(&[], "500.00", "200.00"));
    debt.posts(&["Dr MerchantDebt 500.00", "Cr DebtAllowance 200.00", "Cr OpeningBalances 300.00"]);
    let more = settlement(&[], "500.00", "500.01");
    given::<OpeningSettlement>(()).when(more).refused("AllowanceExceedsDebt");
    let nothing = settlement(&[], "0", "0");
    given::<OpeningSettlement>(()).when(nothing).refused("AmountNotPositive");
}

#[test]
fn a_term_brought_forward_is_earned_over_the_days_that_are_left() {
    let date = |text: &str| text.parse().unwrap();
    let context = MembershipContext {
        today: date("2026-04-01"),
        platform_today: date("2026-04-01"),
        merchant_known: true,
        tier: None,
        period: None,
        corrected: (0, 0),
    };
    let brought = given::<OpeningTerm>(()).after(term("2026-03-01"));
    let march = MembershipCommand::Recognise(RecogniseRevenue {
        membership: MembershipId::new("GOLD-1").unwrap(),
        through: date("2026-03-31"),
    });
    let earned = brought.turned::<Membership>(context).when(march);
    earned.posts(&["Dr DeferredRevenue 31.00", "Cr Membership 31.00"]);
    given::<OpeningTerm>(()).when(term("2026-02-28")).refused("TermIsOver");
}
