//! Wallet, credit and charges: the posting manual's examples, and what is refused.

mod expiry;

use souk_journal::dates::Date;
use souk_journal::ids::{Id, MerchantId, RefundId};
use souk_journal::money::Currency;

use crate::advertising::commands::{
    AdvertisingCommand, AgreeAdTerms, ChargeAds, ConfirmWalletRefund, GrantAdCredit, RefundWallet,
    TopUpWallet,
};
use crate::advertising::decide::{Advertising, AdvertisingContext};
use crate::advertising::events::{CreditKind, Overdraft, PaidThrough, Pricing, PricingModel};
use crate::advertising::refusal::AdvertisingRefusal;
use crate::given::{Given, amount, given};
use crate::settled_from::{Source, TakeFrom};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn merchant() -> MerchantId {
    MerchantId::new("1007").unwrap()
}

fn context() -> AdvertisingContext<'static> {
    let currency = Currency::from_code("CNY").unwrap();
    AdvertisingContext { merchant_known: true, currency, today: day("2026-03-02"), tier: None }
}

fn wallet() -> Given<'static, Advertising> {
    given::<Advertising>(context())
}

fn take<'a>(source: Source, reference: Option<&'a str>) -> TakeFrom<'a> {
    TakeFrom { source, amount: None, due_on: None, reference: reference.map(Into::into) }
}

fn top_up_from<'a>(of: &str, from: Vec<TakeFrom<'a>>) -> AdvertisingCommand<'a> {
    let (merchant, currency) = (merchant(), "CNY".into());
    AdvertisingCommand::TopUp(TopUpWallet { merchant, currency, amount: amount(of), from })
}

fn top_up<'a>(of: &str, payment: &'a str) -> AdvertisingCommand<'a> {
    top_up_from(of, vec![take(Source::Provider, Some(payment))])
}

fn grant<'a>(id: &str, credit: CreditKind, of: &str) -> AdvertisingCommand<'a> {
    lasting(id, credit, of, None)
}

/// Credit with a last day.
fn lasting<'a>(
    id: &str,
    credit: CreditKind,
    of: &str,
    last: Option<&str>,
) -> AdvertisingCommand<'a> {
    AdvertisingCommand::Grant(GrantAdCredit {
        merchant: merchant(),
        currency: "CNY".into(),
        grant: Id::new(id).unwrap(),
        credit,
        amount: amount(of),
        expires_on: last.map(day),
        reason: None,
    })
}

fn bill<'a>(campaign: &str, of: &str) -> ChargeAds<'a> {
    ChargeAds {
        merchant: merchant(),
        currency: "CNY".into(),
        campaign: Id::new(campaign).unwrap(),
        from: day("2026-03-01"),
        to: day("2026-03-01"),
        pricing: Pricing { model: PricingModel::Cpc, quantity: 1_000, unit_price: None },
        amount: Some(amount(of)),
        tax_rate: "0.06".parse().unwrap(),
        due_on: None,
    }
}

fn charge<'a>(campaign: &str, of: &str) -> AdvertisingCommand<'a> {
    AdvertisingCommand::Charge(bill(campaign, of))
}

fn refund<'a>(id: &str, of: Option<&str>) -> AdvertisingCommand<'a> {
    AdvertisingCommand::Refund(RefundWallet {
        merchant: merchant(),
        currency: "CNY".into(),
        refund: RefundId::new(id).unwrap(),
        amount: of.map(amount),
        reason: None,
    })
}

fn confirm<'a>(id: &str, through: PaidThrough) -> AdvertisingCommand<'a> {
    AdvertisingCommand::ConfirmRefund(ConfirmWalletRefund {
        merchant: merchant(),
        currency: "CNY".into(),
        refund: RefundId::new(id).unwrap(),
        through,
        reference: "back-1".into(),
    })
}

fn overdraft<'a>(overdraft: Overdraft) -> AdvertisingCommand<'a> {
    let (merchant, currency) = (merchant(), "CNY".into());
    AdvertisingCommand::AgreeTerms(AgreeAdTerms { merchant, currency, overdraft })
}

#[test]
fn a_top_up_is_gross_and_no_revenue() {
    let then = wallet().when(top_up("500.00", "pay-1"));
    then.posts(&["Dr PspClearing 500.00", "Cr AdWallet 500.00"]);
}

#[test]
fn a_top_up_by_bank_clears_against_its_transfer() {
    let then = wallet().when(top_up_from("500.00", vec![take(Source::Bank, Some("tr-1"))]));
    then.posts(&["Dr BankClearing 500.00", "Cr AdWallet 500.00"]);
}

#[test]
fn a_top_up_from_the_payable_is_a_line_of_the_next_statement() {
    wallet()
        .when(top_up_from("500.00", vec![take(Source::Payable, None)]))
        .posts(&["Dr MerchantPayable 500.00", "Cr AdWallet 500.00"])
        .items(&["1007 ad_wallet.top_up -500.00 due 2026-03-02"]);
}

#[test]
fn a_top_up_may_come_from_several_sources() {
    let half = TakeFrom { amount: Some(amount("200.00")), ..take(Source::Bank, Some("tr-1")) };
    let then = wallet().when(top_up_from("500.00", vec![half, take(Source::Payable, None)]));
    then.posts(&["Dr BankClearing 200.00", "Dr MerchantPayable 300.00", "Cr AdWallet 500.00"]);
}

#[test]
fn a_payment_tops_up_once() {
    let topped_up = || wallet().after(top_up("500.00", "pay-1"));
    topped_up().when(top_up("500.00", "pay-1")).refused("TopUpRecordedAlready");
    topped_up().when(top_up("500.00", "pay-2")).happens(&["wallet-topped-up"]);
}

#[test]
fn neither_wallet_nor_deposit_tops_a_wallet_up() {
    for source in [Source::Wallet, Source::Deposit] {
        wallet().when(top_up_from("5.00", vec![take(source, None)])).refused("CannotTopUp");
    }
    let unnamed = top_up_from("5.00", vec![take(Source::Bank, None)]);
    wallet().when(unnamed).refused("SourceReference");
}

#[test]
fn credit_is_memorandum() {
    let then = wallet().when(grant("g1", CreditKind::Free, "100.00"));
    then.posts(&["Dr AdCreditContra 100.00", "Cr AdCredit 100.00"]).items(&[]);
}

#[test]
fn free_credit_pays_first_and_only_money_is_revenue() {
    wallet()
        .after(top_up("500.00", "pay-1"))
        .after(grant("g1", CreditKind::Free, "100.00"))
        .when(charge("spring", "550.00"))
        .says(
            "ad-charged",
            r#""free_credit":"100.00","tax_rate":"0.06","net":"424.53","tax":"25.47""#,
        )
        .posts(&[
            "Dr AdWallet 450.00",
            "Cr Advertising 424.53",
            "Cr OutputVat 25.47",
            "Dr AdCredit 100.00",
            "Cr AdCreditContra 100.00",
        ])
        .leaves("AdWallet", "-50.00")
        .leaves("AdCredit", "0.00");
}

#[test]
fn a_bonus_makes_what_was_paid_buy_more() {
    wallet()
        .after(top_up("500.00", "pay-1"))
        .after(grant("g1", CreditKind::Bonus, "100.00"))
        .when(charge("spring", "550.00"))
        .posts(&[
            "Dr AdWallet 458.33",
            "Cr Advertising 432.39",
            "Cr OutputVat 25.94",
            "Dr AdCredit 91.67",
            "Cr AdCreditContra 91.67",
        ])
        .leaves("AdWallet", "-41.67")
        .leaves("AdCredit", "-8.33");
}

#[test]
fn the_rest_of_a_bonus_is_spent_with_the_rest_of_the_money() {
    wallet()
        .after(top_up("500.00", "pay-1"))
        .after(grant("g1", CreditKind::Bonus, "100.00"))
        .after(charge("spring", "550.00"))
        .when(charge("summer", "50.00"))
        .leaves("AdWallet", "0.00")
        .leaves("AdCredit", "0.00")
        .leaves("Advertising", "-471.70")
        .leaves("OutputVat", "-28.30");
}

#[test]
fn a_charge_that_credit_bears_alone_is_memorandum() {
    let then = wallet()
        .after(grant("g1", CreditKind::Free, "100.00"))
        .when(charge("spring", "60.00"))
        .posts(&["Dr AdCredit 60.00", "Cr AdCreditContra 60.00"]);
    then.says("ad-charged", r#""settled_from":[]"#);
}

#[test]
fn a_bonus_needs_money_that_it_belongs_to() {
    wallet().when(grant("g1", CreditKind::Bonus, "1.00")).refused("BonusWithoutMoney");
}

#[test]
fn a_grant_is_granted_once() {
    let granted = wallet().after(grant("g1", CreditKind::Free, "1.00"));
    granted.when(grant("g1", CreditKind::Free, "1.00")).refused("CreditGrantedAlready");
}

#[test]
fn an_overdraft_is_refused_where_no_terms_allow_it() {
    let topped_up = || wallet().after(top_up("500.00", "pay-1"));
    topped_up().when(charge("spring", "500.01")).refused("WalletOverdrawn");
    topped_up().when(charge("spring", "500.00")).leaves("AdWallet", "0.00");
    let allowed = topped_up().after(overdraft(Overdraft::Payable));
    let again = allowed.after(overdraft(Overdraft::Refused));
    again.when(charge("spring", "500.01")).refused("WalletOverdrawn");
}

#[test]
fn an_overdraft_by_terms_is_billed_to_the_payable() {
    wallet()
        .after(top_up("500.00", "pay-1"))
        .after(overdraft(Overdraft::Payable))
        .when(charge("spring", "606.00"))
        .posts(&[
            "Dr AdWallet 500.00",
            "Dr MerchantPayable 100.00",
            "Dr MerchantPayable 6.00",
            "Cr Advertising 571.70",
            "Cr OutputVat 34.30",
        ])
        .items(&[
            "1007 advertising -100.00 due 2026-03-02",
            "1007 advertising.tax -6.00 due 2026-03-02",
        ])
        .leaves("AdWallet", "0.00");
}

#[test]
fn an_overdraft_may_fall_due_later_and_not_earlier() {
    let allowed = || wallet().after(overdraft(Overdraft::Payable));
    let due =
        |on| AdvertisingCommand::Charge(ChargeAds { due_on: Some(day(on)), ..bill("x", "1.06") });
    let items =
        ["1007 advertising -1.00 due 2026-04-01", "1007 advertising.tax -0.06 due 2026-04-01"];
    allowed().when(due("2026-04-01")).items(&items);
    allowed().when(due("2026-03-01")).refused("SourceDueDate");
}

#[test]
fn a_period_is_billed_once_per_campaign_and_pricing_and_when_it_is_over() {
    let billed = || wallet().after(top_up("9.00", "pay-1")).after(charge("spring", "1.00"));
    billed().when(charge("spring", "1.00")).refused("AdsChargedAlready");
    billed().when(charge("summer", "1.00")).happens(&["ad-charged"]);
    let mut by_view = bill("spring", "1.00");
    by_view.pricing.model = PricingModel::Cpm;
    billed().when(AdvertisingCommand::Charge(by_view)).happens(&["ad-charged"]);
    let running = ChargeAds { to: day("2026-03-03"), ..bill("autumn", "1.00") };
    billed().when(AdvertisingCommand::Charge(running)).refused("AdPeriodStillRuns");
    let reversed = ChargeAds { to: day("2026-02-28"), ..bill("autumn", "1.00") };
    billed().when(AdvertisingCommand::Charge(reversed)).refused("AdPeriodReversed");
}

#[test]
fn the_amount_follows_from_the_price_or_agrees_with_it() {
    let topped_up = || wallet().after(top_up("900.00", "pay-1"));
    let of = |quantity, unit_price: Option<&str>, of: Option<&str>| {
        let unit_price = unit_price.map(amount);
        let pricing = Pricing { model: PricingModel::Cpm, quantity, unit_price };
        let amount = of.map(amount);
        AdvertisingCommand::Charge(ChargeAds { pricing, amount, ..bill("spring", "1.00") })
    };
    topped_up().when(of(48_500, Some("12.30"), None)).leaves("AdWallet", "-303.45");
    topped_up().when(of(48_500, Some("12.30"), Some("596.55"))).happens(&["ad-charged"]);
    topped_up().when(of(48_500, Some("12.30"), Some("596.56"))).refused("AdAmountDiffers");
    topped_up().when(of(48_500, None, None)).refused("AdsWithoutAmount");
    topped_up().when(of(0, None, Some("1.00"))).refused("NothingDelivered");
    topped_up().when(of(1, None, Some("0.00"))).refused("AmountNotPositive");
    topped_up().when(of(1, None, Some("0.001"))).refused("UnusableAmount");
}

#[test]
fn the_unspent_is_refunded_and_credit_is_not() {
    wallet()
        .after(top_up("500.00", "pay-1"))
        .after(grant("g1", CreditKind::Free, "100.00"))
        .after(charge("spring", "550.00"))
        .when(refund("R1", None))
        .posts(&["Dr AdWallet 50.00", "Cr RefundsInTransit 50.00"])
        .leaves("AdWallet", "0.00");
    let with_credit = wallet().after(grant("g1", CreditKind::Free, "100.00"));
    with_credit.when(refund("R1", Some("1.00"))).refused("RefundExceedsWallet");
}

#[test]
fn a_bonus_lapses_with_the_money_it_was_sold_with() {
    let sold = || {
        wallet().after(top_up("500.00", "pay-1")).after(grant("g1", CreditKind::Bonus, "100.00"))
    };
    sold()
        .when(refund("R1", Some("250.00")))
        .posts(&[
            "Dr AdWallet 250.00",
            "Cr RefundsInTransit 250.00",
            "Dr AdCredit 50.00",
            "Cr AdCreditContra 50.00",
        ])
        .leaves("AdCredit", "-50.00");
    let all = sold().after(refund("R1", None));
    all.when(charge("spring", "0.01")).refused("WalletOverdrawn");
}

#[test]
fn a_refund_is_within_the_wallet_and_issued_once() {
    let topped_up = || wallet().after(top_up("500.00", "pay-1"));
    topped_up().when(refund("R1", Some("500.01"))).refused("RefundExceedsWallet");
    topped_up()
        .after(refund("R1", Some("1.00")))
        .when(refund("R1", None))
        .refused("RefundIssuedAlready");
    topped_up().after(refund("R1", None)).when(refund("R2", None)).refused("AmountNotPositive");
}

#[test]
fn a_refund_is_paid_once_by_provider_or_bank() {
    let issued = || wallet().after(top_up("500.00", "pay-1")).after(refund("R1", Some("20.00")));
    let by_bank = issued().when(confirm("R1", PaidThrough::Bank));
    by_bank
        .posts(&["Dr RefundsInTransit 20.00", "Cr BankClearing 20.00"])
        .leaves("RefundsInTransit", "0.00");
    let by_provider = issued().when(confirm("R1", PaidThrough::Provider));
    by_provider.posts(&["Dr RefundsInTransit 20.00", "Cr PspClearing 20.00"]);
    issued().when(confirm("R2", PaidThrough::Bank)).refused("UnknownRefund");
    let paid = issued().after(confirm("R1", PaidThrough::Bank));
    paid.when(confirm("R1", PaidThrough::Bank)).refused("RefundPaidAlready");
}

#[test]
fn the_date_is_that_of_the_merchant() {
    wallet().when(top_up("5.00", "pay-1")).effective_on("2026-03-02");
}

#[test]
fn what_cannot_be_is_refused() {
    let unknown = AdvertisingContext { merchant_known: false, ..context() };
    given::<Advertising>(unknown).when(top_up("5.00", "pay-1")).refused("UnknownMerchant");
    wallet().when(top_up("-5.00", "pay-1")).refused("AmountNotPositive");
    wallet().when(top_up("5.001", "pay-1")).refused("UnusableAmount");
    wallet().when(top_up("5.00", "a\nb")).refused("UnusableLabel");
    let full = wallet().after(top_up("100000000000000.00", "pay-1"));
    full.when(top_up("0.01", "pay-2")).refused("UnusableAmount");
    assert_eq!(AdvertisingRefusal::CODES.len(), 24);
}

#[test]
fn a_charge_says_the_tier_of_the_merchant() {
    let gold = AdvertisingContext { tier: Some("gold"), ..context() };
    let funded = given::<Advertising>(gold).after(top_up("100.00", "pay-1"));
    let charged = funded.when(AdvertisingCommand::Charge(bill("spring", "10.00")));
    charged.says("ad-charged", r#""segment":{"tier":"gold"}"#);
}
