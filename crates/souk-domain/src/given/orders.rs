//! Test support: commands to order 5001, short to write.

use souk_journal::account::DifferenceClass;
use souk_journal::ids::{Id, JurisdictionId, LineId, MerchantId, OrderId, PaymentId, RefundId};
use souk_journal::money::Amount;

use crate::order::commands::{
    AdvanceRefund, AttributeOrder, BearAdvance, BookDifference, CancelOrder, CompleteOrder,
    ConfirmRefund, FailRefund, IncurChannelFee, InvoiceFee, IssueRedLetter, IssueRefund,
    LineToPlace, LineToRefund, OrderCommand, PayOrder, PaymentToRefund, PlaceHold, PlaceOrder,
    RecoverAdvance, ReleaseHold, ShipOrder, TaxToPlace,
};
use crate::order::events::{Invoiceable, PartnerKind};
use crate::tariff::events::{Base, TaxMode};

fn order() -> OrderId {
    OrderId::new("5001").unwrap()
}

pub(crate) fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

/// A line: its name, who sells it, goods and shipping.
pub(crate) fn line<'a>(id: &str, merchant: &str, price: &str, shipping: &str) -> LineToPlace<'a> {
    LineToPlace {
        units: 1,
        fulfilment: None,
        line: LineId::new(id).unwrap(),
        merchant: MerchantId::new(merchant).unwrap(),
        category: None,
        price: amount(price),
        shipping: amount(shipping),
        merchant_discount: Amount::ZERO,
        platform_discount: None,
        taxes: Vec::new(),
    }
}

/// Tax on top, by its rate on goods and shipping.
pub(crate) fn tax(jurisdiction: &str, rate: &str) -> TaxToPlace {
    TaxToPlace {
        jurisdiction: JurisdictionId::new(jurisdiction).unwrap(),
        rate: Some(rate.parse().unwrap()),
        shipping_rate: None,
        goods: None,
        shipping: None,
        mode: TaxMode::Exclusive,
    }
}

/// Tax on top, as a tax engine gave it: on the goods and on the shipping.
pub(crate) fn tax_of(jurisdiction: &str, goods: &str, shipping: &str) -> TaxToPlace {
    let (goods, shipping) = (Some(amount(goods)), Some(amount(shipping)));
    TaxToPlace { rate: None, goods, shipping, ..tax(jurisdiction, "0") }
}

/// A line with taxes that the platform collects.
pub(crate) fn taxed<'a>(line: LineToPlace<'a>, taxes: &[TaxToPlace]) -> LineToPlace<'a> {
    LineToPlace { taxes: taxes.to_vec(), ..line }
}

pub(crate) fn invoice_fee<'a>(
    merchant: &str,
    fee: impl Into<Invoiceable>,
    invoice: &str,
) -> OrderCommand<'a> {
    let fee = fee.into();
    let (merchant, invoice) = (MerchantId::new(merchant).unwrap(), Id::new(invoice).unwrap());
    OrderCommand::InvoiceFee(InvoiceFee { order: order(), merchant, fee, invoice })
}

pub(crate) fn red_letter<'a>(
    merchant: &str,
    fee: impl Into<Invoiceable>,
    number: &str,
    tax: Option<&str>,
) -> OrderCommand<'a> {
    let (merchant, red_letter) = (MerchantId::new(merchant).unwrap(), Id::new(number).unwrap());
    let (fee, tax) = (fee.into(), tax.map(amount));
    OrderCommand::IssueRedLetter(IssueRedLetter { order: order(), merchant, fee, red_letter, tax })
}

/// All lines brought by a partner for a fifth of the goods, of which the platform has a tenth with 6 % tax inside.
pub(crate) fn brought_by(partner: &str, kind: PartnerKind) -> AttributeOrder {
    AttributeOrder {
        order: order(),
        partner: MerchantId::new(partner).unwrap(),
        kind,
        rate: "0.2".parse().unwrap(),
        base: Base::ItemPriceLessDiscount,
        platform_share: "0.1".parse().unwrap(),
        tax_rate: "0.06".parse().unwrap(),
        lines: Vec::new(),
    }
}

/// An order in CNY.
pub(crate) fn place<'a>(lines: impl Into<Vec<LineToPlace<'a>>>) -> OrderCommand<'a> {
    OrderCommand::Place(PlaceOrder {
        order: order(),
        currency: "CNY".into(),
        region: None,
        lines: lines.into(),
        promotions: vec![],
    })
}

/// An order in US dollars.
pub(crate) fn place_in_usd<'a>(lines: impl Into<Vec<LineToPlace<'a>>>) -> OrderCommand<'a> {
    let (currency, lines) = ("USD".into(), lines.into());
    let (region, promotions) = (None, vec![]);
    OrderCommand::Place(PlaceOrder { order: order(), currency, region, lines, promotions })
}

fn payment<'a>(id: &str, of: &str, voucher: bool) -> OrderCommand<'a> {
    let method = if voucher { "voucher" } else { "credit_card" };
    OrderCommand::Pay(PayOrder {
        order: order(),
        payment: PaymentId::new(id).unwrap(),
        method: method.into(),
        voucher,
        amount: amount(of),
    })
}

pub(crate) fn pay<'a>(id: &str, of: &str) -> OrderCommand<'a> {
    payment(id, of, false)
}

pub(crate) fn voucher<'a>(id: &str, of: &str) -> OrderCommand<'a> {
    payment(id, of, true)
}

pub(crate) fn differ<'a>(class: DifferenceClass) -> OrderCommand<'a> {
    OrderCommand::BookDifference(BookDifference { order: order(), class })
}

fn fee<'a>(payment: &str, rate: &str, returned_on_refund: bool) -> OrderCommand<'a> {
    let payment = PaymentId::new(payment).unwrap();
    let rate = rate.parse().unwrap();
    OrderCommand::IncurChannelFee(IncurChannelFee {
        order: order(),
        payment,
        rate,
        returned_on_refund,
    })
}

pub(crate) fn channel_fee<'a>(payment: &str, rate: &str) -> OrderCommand<'a> {
    fee(payment, rate, false)
}

pub(crate) fn returning_channel_fee<'a>(payment: &str, rate: &str) -> OrderCommand<'a> {
    fee(payment, rate, true)
}

pub(crate) fn ship<'a>(merchant: &str) -> OrderCommand<'a> {
    let merchant = MerchantId::new(merchant).unwrap();
    OrderCommand::Ship(ShipOrder { order: order(), merchant })
}

pub(crate) fn complete<'a>(merchant: &str) -> OrderCommand<'a> {
    let merchant = MerchantId::new(merchant).unwrap();
    OrderCommand::Complete(CompleteOrder { order: order(), merchant })
}

fn issue<'a>(id: &str, everything: bool, lines: &[(&str, &str, &str)]) -> IssueRefund<'a> {
    let of = |(line, principal, shipping): &(&str, &str, &str)| LineToRefund {
        line: LineId::new(line).unwrap(),
        principal: amount(principal),
        shipping: amount(shipping),
        free_goods: false,
    };
    IssueRefund {
        order: order(),
        refund: RefundId::new(id).unwrap(),
        everything,
        lines: lines.iter().map(of).collect(),
        payments: Vec::new(),
        reason: None,
    }
}

/// Goods and shipping of lines, to the payments in their order.
pub(crate) fn refund<'a>(id: &str, lines: &[(&str, &str, &str)]) -> OrderCommand<'a> {
    OrderCommand::Refund(issue(id, false, lines))
}

/// The goods of a line that cost the buyer nothing.
pub(crate) fn gift_back<'a>(id: &str, line: &str) -> OrderCommand<'a> {
    let mut refund = issue(id, false, &[(line, "0", "0")]);
    for line in &mut refund.lines {
        line.free_goods = true;
    }
    OrderCommand::Refund(refund)
}

/// The same, to these payments.
pub(crate) fn refund_to<'a>(
    id: &str,
    lines: &[(&str, &str, &str)],
    payments: &[(&str, &str)],
) -> OrderCommand<'a> {
    let of = |(payment, of): &(&str, &str)| PaymentToRefund {
        payment: PaymentId::new(payment).unwrap(),
        amount: amount(of),
    };
    let payments = payments.iter().map(of).collect();
    OrderCommand::Refund(IssueRefund { payments, ..issue(id, false, lines) })
}

pub(crate) fn everything<'a>(id: &str) -> OrderCommand<'a> {
    OrderCommand::Refund(issue(id, true, &[]))
}

/// Everything, and lines beside it: not a command that makes sense.
pub(crate) fn everything_and<'a>(id: &str, lines: &[(&str, &str, &str)]) -> OrderCommand<'a> {
    OrderCommand::Refund(issue(id, true, lines))
}

fn to_advance(lines: &[(&str, &str, &str)]) -> Vec<LineToRefund> {
    issue("a", false, lines).lines
}

/// Pays ahead of a refund of lines.
pub(crate) fn advance<'a>(id: &str, lines: &[(&str, &str, &str)]) -> OrderCommand<'a> {
    let (advance, lines) = (RefundId::new(id).unwrap(), to_advance(lines));
    let payments = Vec::new();
    OrderCommand::Advance(AdvanceRefund { order: order(), advance, lines, payments, reason: None })
}

/// Recovers lines of an advance; none named are all that is left.
pub(crate) fn recover<'a>(id: &str, lines: &[(&str, &str, &str)]) -> OrderCommand<'a> {
    let (advance, lines) = (RefundId::new(id).unwrap(), to_advance(lines));
    OrderCommand::RecoverAdvance(RecoverAdvance { order: order(), advance, lines, reason: None })
}

/// The platform bears the rest.
pub(crate) fn bear<'a>(id: &str) -> OrderCommand<'a> {
    let advance = RefundId::new(id).unwrap();
    OrderCommand::BearAdvance(BearAdvance { order: order(), advance, reason: None })
}

pub(crate) fn confirm<'a>(id: &str) -> OrderCommand<'a> {
    let refund = RefundId::new(id).unwrap();
    OrderCommand::ConfirmRefund(ConfirmRefund { order: order(), refund })
}

pub(crate) fn fail<'a>(id: &str) -> OrderCommand<'a> {
    let refund = RefundId::new(id).unwrap();
    OrderCommand::FailRefund(FailRefund { order: order(), refund, reason: "card closed".into() })
}

/// A hold on a line for suspected fraud; without an amount all of its sale.
pub(crate) fn hold<'a>(id: &str, line: &str, of: Option<&str>) -> OrderCommand<'a> {
    OrderCommand::PlaceHold(PlaceHold {
        order: order(),
        hold: Id::new(id).unwrap(),
        line: LineId::new(line).unwrap(),
        amount: of.map(amount),
        reason: Id::new("suspected-fraud").unwrap(),
        note: None,
    })
}

/// Lets go of a hold; without an amount all of it.
pub(crate) fn release<'a>(id: &str, of: Option<&str>) -> OrderCommand<'a> {
    let (hold, amount) = (Id::new(id).unwrap(), of.map(amount));
    OrderCommand::ReleaseHold(ReleaseHold { order: order(), hold, amount, note: None })
}

pub(crate) fn cancel<'a>() -> OrderCommand<'a> {
    OrderCommand::Cancel(CancelOrder { order: order(), reason: Some("buyer withdrew".into()) })
}
