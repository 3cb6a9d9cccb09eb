//! Inventing orders: what is bought, how it is paid, when it arrives and what comes back.

use std::borrow::Cow;

use souk_domain::order::commands::{
    CancelOrder, CompleteOrder, ConfirmRefund, FundedDiscount, IncurChannelFee, IssueRefund,
    LineToPlace, LineToRefund, OrderCommand, PayOrder, PlaceOrder, ShipOrder,
};
use souk_domain::order::events::Funding;
use souk_domain::rate::Rate;
use souk_journal::ids::{LineId, MerchantId, OrderId, PaymentId, RefundId};
use souk_journal::money::{Amount, Currency};

use super::market::{CATEGORIES, Shop};
use super::random::Random;
use crate::fail::{Exit, Failure};

/// A fact of an order: the day on which it happens, the day on which it is recorded, the command.
pub(crate) type Fact = (usize, usize, OrderCommand<'static>);

/// A line with its amounts in minor units.
pub(crate) struct Goods {
    /// Who sells it.
    pub(crate) merchant: MerchantId,
    /// Category path.
    pub(crate) category: &'static str,
    /// List price.
    pub(crate) price: i64,
    /// Shipping.
    pub(crate) shipping: i64,
    /// The merchant's coupon.
    pub(crate) merchant_coupon: i64,
    /// The platform's coupon.
    pub(crate) platform_coupon: i64,
}

/// An order to invent facts for.
pub(crate) struct Invented {
    /// The order.
    pub(crate) id: OrderId,
    /// Its currency.
    pub(crate) currency: Currency,
    /// Its lines.
    pub(crate) goods: Vec<Goods>,
}

/// An identifier that the demonstration makes itself.
pub(crate) fn id<T>(made: Result<T, souk_journal::ids::NotAnId>) -> Result<T, Failure> {
    made.map_err(|error| Failure::new(Exit::Bug, "Bug", error.to_string()))
}

/// Invents what is bought from a shop, and perhaps from another one as well.
pub(crate) fn basket(
    random: &mut Random,
    shops: &[Shop],
    weights: &[u64],
    number: u32,
) -> Result<Invented, Failure> {
    let shop = &shops[random.weighted(weights)];
    let currency = Currency::from_code(shop.currency)
        .map_err(|error| Failure::new(Exit::Bug, "Bug", error.to_string()))?;
    let lines = 1 + random.weighted(&[78, 17, 5]);
    let mut goods = Vec::new();
    for line in 0..lines {
        let other = line > 0 && random.percent(25);
        let of = if other { &shops[random.weighted(weights)] } else { shop };
        let seller = if of.currency == shop.currency { of } else { shop };
        goods.push(piece(random, seller));
    }
    Ok(Invented { id: id(OrderId::new(&format!("O-{number:06}")))?, currency, goods })
}

fn piece(random: &mut Random, seller: &Shop) -> Goods {
    let own = random.percent(80);
    let category = if own { seller.category } else { random.below(8) as usize };
    let (path, low, high) = CATEGORIES[category];
    // JPY has no minor units: a seventh of the CNY figure is about as much in yen.
    let cheaper = |amount: i64| if seller.currency == "JPY" { amount / 7 + 100 } else { amount };
    let price = cheaper(random.between(low, high));
    let coupon = |random: &mut Random, often: u64| {
        if random.percent(often) { price * random.between(5, 20) / 100 } else { 0 }
    };
    Goods {
        merchant: seller.id,
        category: path,
        price,
        shipping: if random.percent(65) { cheaper(random.between(500, 1_500)) } else { 0 },
        merchant_coupon: coupon(random, 12),
        platform_coupon: coupon(random, 15),
    }
}

/// Where an order goes: by its number, so that it costs the dice nothing.
fn region(order: OrderId) -> Option<Cow<'static, str>> {
    const REGIONS: [&str; 4] = ["East", "North", "South", "West"];
    let digits = order.as_str().bytes().filter(u8::is_ascii_digit);
    let sum: usize = digits.map(|digit| usize::from(digit - b'0')).sum();
    REGIONS.get(sum % REGIONS.len()).copied().map(Cow::Borrowed)
}

impl Invented {
    /// What the buyer pays in all, minor units.
    pub(crate) fn total(&self) -> i64 {
        let of = |goods: &Goods| {
            goods.price + goods.shipping - goods.merchant_coupon - goods.platform_coupon
        };
        self.goods.iter().map(of).sum()
    }

    fn amount(&self, minor: i64) -> Amount {
        Amount::from_minor(minor, self.currency)
    }

    /// The command that places it.
    pub(crate) fn place(&self) -> Result<OrderCommand<'static>, Failure> {
        let mut lines = Vec::with_capacity(self.goods.len());
        for (index, goods) in self.goods.iter().enumerate() {
            let coupon = self.amount(goods.platform_coupon);
            let funding = Funding::PlatformSubsidy;
            lines.push(LineToPlace {
                units: 1,
                fulfilment: None,
                line: id(LineId::new(&(index + 1).to_string()))?,
                merchant: goods.merchant,
                category: Some(Cow::Borrowed(goods.category)),
                price: self.amount(goods.price),
                shipping: self.amount(goods.shipping),
                merchant_discount: self.amount(goods.merchant_coupon),
                platform_discount: (!coupon.is_zero())
                    .then_some(FundedDiscount { amount: coupon, funding }),
                taxes: Vec::new(),
            });
        }
        let currency = Cow::Borrowed(self.currency.code());
        Ok(OrderCommand::Place(PlaceOrder {
            order: self.id,
            currency,
            region: region(self.id),
            lines,
            promotions: Vec::new(),
        }))
    }

    /// A payment and, unless it is a voucher, the channel's fee.
    pub(crate) fn pay(
        &self,
        name: &str,
        method: &'static str,
        minor: i64,
        rate: Rate,
    ) -> Result<Vec<OrderCommand<'static>>, Failure> {
        let (order, payment) = (self.id, id(PaymentId::new(name))?);
        let voucher = method == "voucher";
        let (method, amount) = (Cow::Borrowed(method), self.amount(minor));
        let mut commands =
            vec![OrderCommand::Pay(PayOrder { order, payment, method, voucher, amount })];
        if !voucher && minor > 0 {
            let fee = IncurChannelFee { order, payment, rate, returned_on_refund: true };
            commands.push(OrderCommand::IncurChannelFee(fee));
        }
        Ok(commands)
    }

    /// The completion of one merchant's part.
    pub(crate) fn complete(&self, merchant: MerchantId) -> OrderCommand<'static> {
        OrderCommand::Complete(CompleteOrder { order: self.id, merchant })
    }

    /// A refund of a share of one line's goods, in hundredths.
    pub(crate) fn refund(
        &self,
        name: &str,
        line: usize,
        share: i64,
    ) -> Result<OrderCommand<'static>, Failure> {
        let goods = &self.goods[line];
        let paid = goods.price - goods.merchant_coupon - goods.platform_coupon;
        let shipping = if share == 100 { goods.shipping } else { 0 };
        let refunded = LineToRefund {
            line: id(LineId::new(&(line + 1).to_string()))?,
            principal: self.amount((paid * share / 100).max(1)),
            shipping: self.amount(shipping),
            free_goods: false,
        };
        Ok(OrderCommand::Refund(IssueRefund {
            order: self.id,
            refund: id(RefundId::new(name))?,
            everything: false,
            lines: vec![refunded],
            payments: Vec::new(),
            reason: Some(Cow::Borrowed("returned by the buyer")),
        }))
    }

    /// A refund of everything.
    pub(crate) fn refund_everything(&self, name: &str) -> Result<OrderCommand<'static>, Failure> {
        Ok(OrderCommand::Refund(IssueRefund {
            order: self.id,
            refund: id(RefundId::new(name))?,
            everything: true,
            lines: Vec::new(),
            payments: Vec::new(),
            reason: None,
        }))
    }

    /// A refund that reached the buyer.
    pub(crate) fn refund_paid(&self, name: &str) -> Result<OrderCommand<'static>, Failure> {
        Ok(OrderCommand::ConfirmRefund(ConfirmRefund {
            order: self.id,
            refund: id(RefundId::new(name))?,
        }))
    }

    /// Its merchants, in the order of its lines.
    pub(crate) fn merchants(&self) -> Vec<MerchantId> {
        let mut merchants: Vec<MerchantId> = Vec::new();
        for goods in &self.goods {
            if !merchants.contains(&goods.merchant) {
                merchants.push(goods.merchant);
            }
        }
        merchants
    }

    /// The whole life of an ordinary order, from the day on which it is placed.
    pub(crate) fn life(
        &self,
        random: &mut Random,
        day: usize,
        rate: Rate,
    ) -> Result<Vec<Fact>, Failure> {
        let mut facts: Vec<Fact> = vec![(day, day, self.place()?)];
        for command in self.payments(random, rate)? {
            facts.push((day, day, command));
        }
        if random.percent(2) {
            let reason = Some(Cow::Borrowed("cancelled by the buyer"));
            let after = day + 1 + random.below(2) as usize;
            let cancel = OrderCommand::Cancel(CancelOrder { order: self.id, reason });
            facts.push((after, after, cancel));
            facts.push((after, after, self.refund_everything("R1")?));
            facts.push((after + 2, after + 2, self.refund_paid("R1")?));
            return Ok(facts);
        }
        let mut arrived = day;
        for merchant in self.merchants() {
            let shipped = day + 1;
            let ship = OrderCommand::Ship(ShipOrder { order: self.id, merchant });
            facts.push((shipped, shipped, ship));
            let done = shipped + 1 + random.below(5) as usize;
            // Now and then a carrier reports days after the buyer has the goods: a late item.
            let recorded = if random.percent(2) { done + 16 } else { done };
            facts.push((done, recorded, self.complete(merchant)));
            arrived = arrived.max(recorded);
        }
        if random.percent(7) {
            let back = arrived + 1 + random.below(20) as usize;
            let share = [100, 100, 50, 30][random.below(4) as usize];
            facts.push((back, back, self.refund("R1", 0, share)?));
            facts.push((back + 2, back + 2, self.refund_paid("R1")?));
        }
        Ok(facts)
    }

    fn payments(
        &self,
        random: &mut Random,
        rate: Rate,
    ) -> Result<Vec<OrderCommand<'static>>, Failure> {
        let total = self.total();
        let method = ["wechat_pay", "alipay", "credit_card"][random.weighted(&[45, 40, 15])];
        if random.percent(8) && total > 2_000 {
            let voucher = total * random.between(10, 40) / 100;
            let mut commands = self.pay("P1", "voucher", voucher, rate)?;
            commands.extend(self.pay("P2", method, total - voucher, rate)?);
            return Ok(commands);
        }
        self.pay("P1", method, total, rate)
    }
}
