//! What may happen on a marketplace, at random.

use proptest::collection::vec;
use proptest::prelude::*;

/// A line to place: amounts in minor units, discounts in percent of the price.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub(crate) merchant: u8,
    pub(crate) price: i64,
    pub(crate) shipping: i64,
    pub(crate) own_coupon: i64,
    pub(crate) platform_coupon: i64,
    pub(crate) funding: u8,
    pub(crate) category: bool,
}

/// How an order is paid.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pay {
    /// Percent of what is owed that is paid by voucher.
    pub(crate) voucher: i64,
    /// Minor units beyond, or below, what is owed.
    pub(crate) off_by: i64,
    /// Whether a difference is booked.
    pub(crate) booked: bool,
}

/// How a payout ends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum End {
    Instructed,
    Paid,
    Failed,
    Returned,
}

/// What a merchant pays ahead, and what becomes of it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ahead {
    TopUp { payable: bool },
    Credit { bonus: bool },
    Ads,
    Overdraft { payable: bool },
    RefundWallet,
    PayDeposit { payable: bool },
    UseDeposit,
    ReturnDeposit,
}

/// What is charged beside orders, and what becomes of it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Beside {
    /// Sells a term of so many days from today on, outside or from the payable.
    Sell {
        days: u16,
        outside: bool,
        buyer: bool,
    },
    Recognise,
    Upgrade,
    Cancel {
        forfeits: bool,
    },
    Fee {
        supplier: bool,
        outside: bool,
    },
    Return {
        percent: i64,
    },
    Penalty {
        passed: bool,
    },
    Waive {
        percent: i64,
    },
    PaidOut,
}

/// What writers do all day. Numbers are taken modulo what there is.
#[derive(Debug, Clone)]
pub(crate) enum Daily {
    /// Places and pays an order; `delivered` completes it too.
    Order { yen: bool, lines: Vec<Line>, pay: Pay, delivered: bool },
    /// Completes a merchant's part.
    Complete { order: u8, line: u8 },
    /// Refunds shares of lines, in percent of their cash and shipping.
    Refund { order: u8, shares: Vec<(u8, i64, i64)> },
    /// Refunds everything that is left.
    RefundAll { order: u8 },
    /// The last refund reached the buyer.
    RefundPaid { order: u8 },
    /// Puts a share of a line's price on hold, in percent; all of its sale when there is none.
    Hold { order: u8, line: u8, percent: Option<i64> },
    /// Lets a hold go, or a share of the price of its line, in percent.
    Release { order: u8, nth: u8, percent: Option<i64> },
    /// A channel takes its fee.
    ChannelFee { order: u8, returned: bool },
    /// Cancels.
    Cancel { order: u8 },
    /// A command comes once more.
    Again { nth: u8 },
    /// A payout goes on.
    Payout { nth: u8, end: End },
    /// Wallet or deposit of a merchant, in yen or yuan; minor units.
    Ahead { merchant: u8, yen: bool, what: Ahead, amount: i64 },
    /// Terms, services and penalties, in yen or yuan; the number is of an earlier one, the amount in minor units.
    Beside { nth: u8, yen: bool, what: Beside, amount: i64 },
}

/// One thing that happens.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    /// Something is written.
    Now(Daily),
    /// It happened hours ago and comes in only now.
    Late { hours: u16, what: Daily },
    /// Time passes.
    Wait { hours: u16 },
    /// Closes through some days ago. Others write between the claims and the appends; `ahead` when
    /// the reader then stands beyond the claim point.
    Close { days_ago: u8, ahead: bool, meanwhile: Vec<Daily> },
    /// Everything in memory is lost.
    Reopen,
}

fn line() -> impl Strategy<Value = Line> {
    let coupons = prop_oneof![
        3 => Just((0, 0)),
        1 => (1_i64..60, Just(0_i64)),
        1 => (Just(0_i64), 1_i64..60),
        1 => (1_i64..50, 1_i64..=50),
        1 => Just((0, 100)),
    ];
    let price = prop_oneof![1_i64..20, 100_i64..30_000];
    let shipping = prop_oneof![2 => Just(0_i64), 1 => 1_i64..2_000];
    (0_u8..3, price, shipping, coupons, 0_u8..3, any::<bool>()).prop_map(
        |(merchant, price, shipping, (own_coupon, platform_coupon), funding, category)| Line {
            merchant,
            price,
            shipping,
            own_coupon,
            platform_coupon,
            funding,
            category,
        },
    )
}

fn pay() -> impl Strategy<Value = Pay> {
    let off_by = prop_oneof![6 => Just(0_i64), 1 => -300_i64..300];
    let voucher = prop_oneof![3 => Just(0_i64), 1 => 1_i64..=100];
    (voucher, off_by, any::<bool>()).prop_map(|(voucher, off_by, booked)| Pay {
        voucher,
        off_by,
        booked,
    })
}

fn refund() -> impl Strategy<Value = Daily> {
    let share = prop_oneof![Just(100_i64), 0_i64..=100, Just(50_i64)];
    let shares = vec((0_u8..4, share, 0_i64..=100), 1..3);
    (any::<u8>(), shares).prop_map(|(order, shares)| Daily::Refund { order, shares })
}

fn ahead() -> impl Strategy<Value = Daily> {
    let what = prop_oneof![
        3 => any::<bool>().prop_map(|payable| Ahead::TopUp { payable }),
        2 => any::<bool>().prop_map(|bonus| Ahead::Credit { bonus }),
        6 => Just(Ahead::Ads),
        1 => any::<bool>().prop_map(|payable| Ahead::Overdraft { payable }),
        1 => Just(Ahead::RefundWallet),
        2 => any::<bool>().prop_map(|payable| Ahead::PayDeposit { payable }),
        2 => Just(Ahead::UseDeposit),
        1 => Just(Ahead::ReturnDeposit),
    ];
    (0_u8..3, prop::bool::weighted(0.25), what, 1_i64..20_000)
        .prop_map(|(merchant, yen, what, amount)| Daily::Ahead { merchant, yen, what, amount })
}

fn beside() -> impl Strategy<Value = Daily> {
    let what = prop_oneof![
        3 => (1_u16..60, any::<bool>(), prop::bool::weighted(0.2))
            .prop_map(|(days, outside, buyer)| Beside::Sell { days, outside, buyer }),
        4 => Just(Beside::Recognise),
        1 => Just(Beside::Upgrade),
        2 => any::<bool>().prop_map(|forfeits| Beside::Cancel { forfeits }),
        3 => (any::<bool>(), any::<bool>())
            .prop_map(|(supplier, outside)| Beside::Fee { supplier, outside }),
        3 => (0_i64..=100).prop_map(|percent| Beside::Return { percent }),
        2 => any::<bool>().prop_map(|passed| Beside::Penalty { passed }),
        2 => (0_i64..=100).prop_map(|percent| Beside::Waive { percent }),
        1 => Just(Beside::PaidOut),
    ];
    (any::<u8>(), prop::bool::weighted(0.25), what, 1_i64..30_000)
        .prop_map(|(nth, yen, what, amount)| Daily::Beside { nth, yen, what, amount })
}

/// What several writers do all day.
fn daily() -> impl Strategy<Value = Daily> {
    let end =
        prop_oneof![Just(End::Instructed), Just(End::Paid), Just(End::Failed), Just(End::Returned)];
    prop_oneof![
        6 => (prop::bool::weighted(0.25), vec(line(), 1..4), pay(), any::<bool>()).prop_map(
            |(yen, lines, pay, delivered)| Daily::Order { yen, lines, pay, delivered }
        ),
        6 => (any::<u8>(), 0_u8..4).prop_map(|(order, line)| Daily::Complete { order, line }),
        4 => refund(),
        1 => any::<u8>().prop_map(|order| Daily::RefundAll { order }),
        4 => (any::<u8>(), 0_u8..4, prop::option::of(1_i64..=100))
            .prop_map(|(order, line, percent)| Daily::Hold { order, line, percent }),
        3 => (any::<u8>(), any::<u8>(), prop::option::of(1_i64..=100))
            .prop_map(|(order, nth, percent)| Daily::Release { order, nth, percent }),
        1 => any::<u8>().prop_map(|order| Daily::RefundPaid { order }),
        1 => (any::<u8>(), any::<bool>())
            .prop_map(|(order, returned)| Daily::ChannelFee { order, returned }),
        1 => any::<u8>().prop_map(|order| Daily::Cancel { order }),
        1 => any::<u8>().prop_map(|nth| Daily::Again { nth }),
        3 => (any::<u8>(), end).prop_map(|(nth, end)| Daily::Payout { nth, end }),
        4 => ahead(),
        6 => beside(),
    ]
}

fn any_op() -> impl Strategy<Value = Op> {
    let closing = (0_u8..4, any::<bool>(), vec(daily(), 1..5));
    let late = (1_u16..400, daily()).prop_map(|(hours, what)| Op::Late { hours, what });
    prop_oneof![
        18 => daily().prop_map(Op::Now),
        3 => late,
        6 => (1_u16..200).prop_map(|hours| Op::Wait { hours }),
        3 => (0_u8..4).prop_map(|days_ago| Op::Close {
            days_ago,
            ahead: false,
            meanwhile: Vec::new(),
        }),
        3 => closing
            .prop_map(|(days_ago, ahead, meanwhile)| Op::Close { days_ago, ahead, meanwhile }),
        1 => Just(Op::Reopen),
    ]
}

/// A sequence.
pub(crate) fn sequence() -> impl Strategy<Value = Vec<Op>> {
    vec(any_op(), 5..60)
}
