//! Events and postings in words.

use crate::charge_words::{fee_name, share};
use rust_decimal::Decimal;
use souk_domain::order::events::{Cover, FeeCharged, Invoiceable, OrderEvent, PartnerKind};
use souk_journal::entry::Posting;
use souk_journal::ids::JurisdictionId;
use souk_journal::money::{Amount, Currency};

use crate::figure::Figure;

/// An event in words.
pub(super) fn of_event(event: &OrderEvent<'_>) -> String {
    match event {
        OrderEvent::Placed(of) => format!("Order placed with {}", counted(of.lines.len(), "line")),
        OrderEvent::Paid(of) => {
            let how = if of.voucher { "a voucher" } else { of.method };
            format!("Buyer paid {} by {how}", money(of.amount, of.currency))
        }
        OrderEvent::DifferenceBooked(of) => {
            let (amount, class) = (money(of.amount, of.currency), of.class.name());
            format!("Paid and owed differ by {amount}, class {class}")
        }
        OrderEvent::ChannelFeeIncurred(of) => {
            let (amount, base) = (money(of.amount, of.currency), money(of.base, of.currency));
            format!("The payment channel took {amount}, {} of {base}", of.rate.percent())
        }
        OrderEvent::ChannelFeeReturned(of) => {
            format!("The payment channel gave back {}", money(of.amount, of.currency))
        }
        OrderEvent::Shipped(of) => format!("Shipped by {}", of.merchant),
        OrderEvent::Completed(of) => {
            format!("Completed by {}; its sale is due on {}", of.merchant, of.due_on)
        }
        OrderEvent::CommissionCharged(of) | OrderEvent::FeeCharged(of) => charged(of),
        OrderEvent::RefundIssued(of) => {
            let total: Decimal = of.to.iter().map(|to| to.amount.decimal()).sum();
            let amount = money(Amount::from(total), of.currency);
            match &of.reason {
                Some(reason) => format!("Refund {} of {amount} issued: {reason}", of.refund),
                None => format!("Refund {} of {amount} issued", of.refund),
            }
        }
        OrderEvent::RefundPaid(of) => format!("Refund {} reached the buyer", of.refund),
        OrderEvent::RefundFailed(of) => {
            format!("Refund {} did not reach the buyer: {}", of.refund, of.reason)
        }
        OrderEvent::FeeReturned(of) => {
            let total: Decimal = of.lines.iter().map(|line| line.amount.decimal()).sum();
            let amount = money(Amount::from(total), of.currency);
            format!("{} of {amount} given back to {}", fee_name(of.fee), of.merchant)
        }
        OrderEvent::Attributed(of) => {
            let (lines, name) = (counted(of.lines.len(), "line"), partner(of.kind));
            format!(
                "{lines} brought by {name} {} for {} of the sale",
                of.partner,
                of.rate.percent()
            )
        }
        OrderEvent::PartnerCommissionCharged(of) => {
            let amount = sum(of.lines.iter().map(|line| line.amount), of.currency);
            let earned = sum(of.lines.iter().map(|line| line.partner), of.currency);
            let (seller, kind, partner) = (of.merchant, partner(of.kind), of.partner);
            let rate = of.rate.percent();
            format!("{amount} ({rate}) charged to {seller}; {kind} {partner} earns {earned} of it")
        }
        OrderEvent::PartnerCommissionReturned(of) => {
            let amount = sum(of.lines.iter().map(|line| line.amount), of.currency);
            let earned = sum(of.lines.iter().map(|line| line.partner), of.currency);
            let (seller, kind, partner) = (of.merchant, partner(of.kind), of.partner);
            format!("{amount} given back to {seller}; {kind} {partner} gives {earned} of it back")
        }
        OrderEvent::RefundAdvanced(of) => {
            let paid = sum(of.to.iter().map(|to| to.amount), of.currency);
            format!("{paid} paid ahead to the buyer as advance {}{}", of.advance, why(&of.reason))
        }
        OrderEvent::AdvanceRecovered(of) => {
            let parts = of.lines.iter().map(|line| (line.principal, line.shipping));
            let back = sum_of_parts(parts, of.currency);
            format!("{back} of advance {} recovered{}", of.advance, why(&of.reason))
        }
        OrderEvent::AdvanceBorne(of) => {
            let parts = of.lines.iter().map(|line| (line.principal, line.shipping));
            let borne = sum_of_parts(parts, of.currency);
            let advance = of.advance;
            format!("{borne} of advance {advance} borne by the platform{}", why(&of.reason))
        }
        OrderEvent::ClaimPaid(of) => {
            let (claim, amount) = (of.claim, money(of.amount, of.currency));
            match of.cover {
                Cover::Insurer { supplier } => {
                    format!("Return-freight claim {claim} of {amount} paid for insurer {supplier}")
                }
                Cover::InsurerDirectly { supplier } => {
                    format!("Return-freight claim {claim} of {amount} paid by insurer {supplier}")
                }
                Cover::Guarantee => {
                    format!("Return-freight claim {claim} of {amount} paid under the guarantee")
                }
            }
        }
        OrderEvent::ClaimCollected(of) => {
            let (supplier, amount) = (of.supplier, money(of.amount, of.currency));
            format!("Insurer {supplier} paid {amount} of claim {}", of.claim)
        }
        OrderEvent::SupplierPartRemitted(of) => {
            format!("Supplier {} was paid {}", of.supplier, money(of.amount, of.currency))
        }
        OrderEvent::Cancelled(of) => match &of.reason {
            Some(reason) => format!("Order cancelled: {reason}"),
            None => "Order cancelled".to_owned(),
        },
        OrderEvent::TaxAssessed(of) => {
            let tax =
                sum_of_parts(of.lines.iter().map(|line| (line.goods, line.shipping)), of.currency);
            format!(
                "Tax of {tax} to be collected from the buyer{}",
                whose(of.lines.iter().map(|line| line.jurisdiction))
            )
        }
        OrderEvent::TaxCollected(of) => {
            let tax =
                sum_of_parts(of.lines.iter().map(|line| (line.goods, line.shipping)), of.currency);
            format!(
                "Tax of {tax} collected{}",
                whose(of.lines.iter().map(|line| line.jurisdiction))
            )
        }
        OrderEvent::TaxRefunded(of) => {
            let tax =
                sum_of_parts(of.lines.iter().map(|line| (line.goods, line.shipping)), of.currency);
            format!("Tax of {tax} goes back with refund {}", of.refund)
        }
        OrderEvent::TaxWithheld(of) => {
            let (amount, base) = (money(of.amount, of.currency), of.base);
            let (merchant, rate) = (of.merchant, of.rate.percent());
            format!(
                "Tax of {amount} withheld from {merchant} for {}: {rate} of {base}",
                of.jurisdiction
            )
        }
        OrderEvent::WithholdingReturned(of) => {
            let amount = money(of.amount, of.currency);
            format!(
                "Withheld tax of {amount} given back to {} for {}",
                of.merchant, of.jurisdiction
            )
        }
        OrderEvent::FeeInvoiced(of) => {
            format!("{} of {} stands on invoice {}", invoiced(of.fee), of.merchant, of.invoice)
        }
        OrderEvent::HoldPlaced(of) => {
            let (amount, reason) = (money(of.amount, of.currency), of.reason);
            format!("{amount} of line {} put on hold {}: {reason}", of.line, of.hold)
        }
        OrderEvent::HoldReleased(of) => {
            let amount = money(of.amount, of.currency);
            match &of.refund {
                Some(refund) => format!("{amount} of hold {} let go by refund {refund}", of.hold),
                None => format!("{amount} of hold {} let go", of.hold),
            }
        }
        OrderEvent::RedLetterIssued(of) => {
            let tax = money(of.tax, of.currency);
            format!(
                "Red-letter invoice {} reduces invoice {} by tax of {tax}",
                of.red_letter, of.invoice
            )
        }
    }
}

/// What stands on an invoice.
fn invoiced(of: Invoiceable) -> &'static str {
    match of {
        Invoiceable::Fee(fee) => fee_name(fee),
        Invoiceable::Partners(PartnerKind::Affiliate) => "Affiliate commission",
        Invoiceable::Partners(PartnerKind::Influencer) => "Influencer commission",
    }
}

/// Goods' and shipping's parts together.
fn sum_of_parts(parts: impl Iterator<Item = (Amount, Amount)>, currency: Currency) -> String {
    sum(parts.flat_map(|(goods, shipping)| [goods, shipping]), currency)
}

/// ` for US-CA, US-CA.LA`: each jurisdiction once.
fn whose(all: impl Iterator<Item = JurisdictionId>) -> String {
    let mut each: Vec<JurisdictionId> = all.collect();
    each.sort_unstable();
    each.dedup();
    let each: Vec<&str> = each.iter().map(JurisdictionId::as_str).collect();
    format!(" for {}", each.join(", "))
}

fn partner(kind: PartnerKind) -> &'static str {
    match kind {
        PartnerKind::Affiliate => "affiliate",
        PartnerKind::Influencer => "influencer",
    }
}

fn sum(amounts: impl Iterator<Item = Amount>, currency: Currency) -> String {
    money(Amount::from(amounts.map(Amount::decimal).sum::<Decimal>()), currency)
}

/// `Commission of CNY 10.32 charged to 1007: 8 % of 129.00 (tariff std v3)`.
fn charged(of: &FeeCharged<'_>) -> String {
    let total: Decimal = of.lines.iter().map(|line| line.amount.decimal()).sum();
    let shares: Vec<String> = of.lines.iter().map(share).collect();
    let (name, amount) = (fee_name(of.fee), money(Amount::from(total), of.currency));
    let (merchant, shares) = (of.merchant, shares.join("; "));
    format!(
        "{name} of {amount} charged to {merchant}: {shares} (tariff {} v{})",
        of.tariff, of.version
    )
}

/// A posting in words: what it is for, the side, the account and what it clears against.
pub(super) fn of_posting(posting: &Posting, reference: Option<&str>) -> String {
    let side = if posting.amount < 0 { "credited to" } else { "debited to" };
    let label = posting.kind.label();
    let mut words = format!("{label}, {side} {}", posting.account);
    if let Some(reference) = reference {
        words.push_str(&format!(" {reference}"));
    }
    words
}

fn money(amount: Amount, currency: Currency) -> String {
    let text = match amount.minor(currency) {
        Ok(minor) => Figure::new(minor, currency).grouped(),
        Err(_) => amount.to_string(),
    };
    format!("{currency} {text}")
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// A reason, if one was given.
fn why(reason: &Option<std::borrow::Cow<'_, str>>) -> String {
    reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default()
}
