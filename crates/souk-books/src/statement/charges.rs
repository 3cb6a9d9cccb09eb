//! Base and rate of lines of terms and services: a share of sales, and the tax on a fee.

use souk_domain::event::LedgerEvent;
use souk_domain::membership::events::MembershipEvent;
use souk_domain::rate::Rate;
use souk_domain::service::events::{Price, ServiceEvent};
use souk_domain::settled_from::{SettledFrom, Source};
use souk_journal::line_kind::LineKind;
use souk_journal::money::Amount;

/// From what, and at which rate, a line of a charge beside orders was computed; nothing for a plain price.
pub(crate) fn base_and_rate(
    event: &LedgerEvent<'_>,
    kind: LineKind,
) -> Option<(Amount, Option<Rate>)> {
    match event {
        LedgerEvent::Membership(MembershipEvent::Charged(of)) => {
            tax(kind, of.service.lines().tax, &of.settled_from, of.plan.tax_rate)
        }
        LedgerEvent::Service(ServiceEvent::Charged(of)) => match &of.price {
            // Where others bear a part, the line is no such share.
            Price::Share { base, rate }
                if kind == of.service.lines().fee && of.settled_from.len() == 1 =>
            {
                Some((*base, Some(*rate)))
            }
            Price::Fixed { .. } | Price::Units { .. } | Price::Share { .. } => {
                tax(kind, of.service.lines().tax, &of.settled_from, of.tax_rate)
            }
        },
        LedgerEvent::Service(ServiceEvent::PayoutAdvanced(of)) => {
            (kind == LineKind::EarlyPayoutTax).then_some((of.fee, Some(of.tax_rate)))
        }
        LedgerEvent::Membership(
            MembershipEvent::BroughtForward(_)
            | MembershipEvent::Recognised(_)
            | MembershipEvent::Upgraded(_)
            | MembershipEvent::Cancelled(_)
            | MembershipEvent::RenewalAgreed(_)
            | MembershipEvent::RenewalEnded(_)
            | MembershipEvent::Invoiced(_)
            | MembershipEvent::RedLetterIssued(_)
            | MembershipEvent::RefundPaid(_),
        )
        | LedgerEvent::Service(
            ServiceEvent::Returned(_)
            | ServiceEvent::LoanGranted(_)
            | ServiceEvent::LoanRepaid(_)
            | ServiceEvent::Remitted(_)
            | ServiceEvent::Imposed(_)
            | ServiceEvent::Waived(_)
            | ServiceEvent::Invoiced(_)
            | ServiceEvent::RedLetterIssued(_)
            | ServiceEvent::RefundPaid(_),
        )
        | LedgerEvent::Ledger(_)
        | LedgerEvent::Schema(_)
        | LedgerEvent::Merchant(_)
        | LedgerEvent::Tariff(_)
        | LedgerEvent::Order(_)
        | LedgerEvent::Settlement(_)
        | LedgerEvent::Payout(_)
        | LedgerEvent::Payee(_)
        | LedgerEvent::PayoutFile(_)
        | LedgerEvent::Advertising(_)
        | LedgerEvent::Deposit(_)
        | LedgerEvent::Tax(_)
        | LedgerEvent::Opening(_)
        | LedgerEvent::CloseRun(_)
        | LedgerEvent::BankFile(_)
        | LedgerEvent::FxRate(_)
        | LedgerEvent::FxPosition(_)
        | LedgerEvent::Book(_) => None,
    }
}

/// How a freight was computed, in words: `2.4 kg → 3 kg: 8.00 + 2 × 2.00`.
pub(crate) fn arithmetic(event: &LedgerEvent<'_>, kind: LineKind) -> Option<String> {
    let LedgerEvent::Service(ServiceEvent::Charged(of)) = event else { return None };
    // The tax has base and rate.
    let freight = of.freight.as_deref().filter(|_| kind == of.service.lines().fee)?;
    Some(freight.to_string())
}

/// The tax on what the payable bears is computed from its part of the fee.
fn tax(
    kind: LineKind,
    of_tax: LineKind,
    from: &[SettledFrom<'_>],
    rate: Rate,
) -> Option<(Amount, Option<Rate>)> {
    let borne = from.iter().find(|of| of.source == Source::Payable)?;
    (kind == of_tax).then_some((borne.net, Some(rate)))
}
