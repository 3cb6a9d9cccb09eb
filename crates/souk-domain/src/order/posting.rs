//! Which accounts an order's events touch, as the posting manual decides.

mod taxes;

use souk_journal::account::Account;
use souk_journal::entry::{EntryBuilder, Postings, RefKind};
use souk_journal::line_kind::LineKind;
use souk_journal::money::{Amount, Currency};
use souk_journal::names::{DimsOf, Names, TariffRule};

use super::advance::posting as advance;
use super::claim::posting as claim;
use super::converted;
use super::events::{
    ChannelFeeIncurred, ChannelFeeReturned, FeeCharged, FeeReturned, Funding, Invoiceable,
    MerchantConversion, OrderCompleted, OrderDifferenceBooked, OrderEvent, OrderPaid, RefundIssued,
    RefundPaid, RefundTarget, RefundedLine,
};
use super::hold::posting as hold;
use super::partner::posting as partner;
use crate::posting::PostingError;
use crate::tariff::events::{FeeKind, Role};

/// The entry of an order's event; `order` is the stream's id.
pub(crate) fn post<'a>(
    event: &'a OrderEvent<'a>,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let mut memo = Postings::default();
    match event {
        OrderEvent::Placed(_)
        | OrderEvent::Attributed(_)
        | OrderEvent::Shipped(_)
        | OrderEvent::RefundFailed(_)
        | OrderEvent::Cancelled(_)
        | OrderEvent::TaxAssessed(_)
        | OrderEvent::FeeInvoiced(_)
        | OrderEvent::RedLetterIssued(_) => {
            memo.refs.push(souk_journal::entry::Ref { kind: RefKind::Order, value: order });
            Ok(memo)
        }
        OrderEvent::Paid(of) => paid(of, order, names),
        OrderEvent::DifferenceBooked(of) => difference(of, order, names),
        OrderEvent::ChannelFeeIncurred(of) => channel_fee(of, order, names),
        OrderEvent::ChannelFeeReturned(of) => channel_fee_returned(of, order, names),
        OrderEvent::Completed(of) => completed(of, order, names),
        OrderEvent::CommissionCharged(of) | OrderEvent::FeeCharged(of) => charged(of, order, names),
        OrderEvent::PartnerCommissionCharged(of) => partner::charged(of, order, names),
        OrderEvent::PartnerCommissionReturned(of) => partner::returned(of, order, names),
        OrderEvent::RefundIssued(of) => refund_issued(of, order, names),
        OrderEvent::RefundAdvanced(of) => advance::paid_ahead(of, order, names),
        OrderEvent::AdvanceRecovered(of) => advance::recovered(of, order, names),
        OrderEvent::AdvanceBorne(of) => advance::borne(of, order, names),
        OrderEvent::ClaimPaid(of) => claim::paid(of, order, names),
        OrderEvent::ClaimCollected(of) => claim::collected(of, order, names),
        OrderEvent::SupplierPartRemitted(of) => claim::remitted(of, order, names),
        OrderEvent::HoldPlaced(of) => hold::placed(of, order, names),
        OrderEvent::HoldReleased(of) => hold::released(of, order, names),
        OrderEvent::RefundPaid(of) => refund_paid(of, order, names),
        OrderEvent::FeeReturned(of) => fee_returned(of, order, names),
        OrderEvent::TaxCollected(of) => taxes::collected(of, order, names),
        OrderEvent::TaxRefunded(of) => taxes::refunded(of, order, names),
        OrderEvent::TaxWithheld(of) => taxes::withheld(of, order, names),
        OrderEvent::WithholdingReturned(of) => taxes::withholding_returned(of, order, names),
    }
}

/// Dr PspClearing or BuyerCredit, Cr OrderEscrow per merchant.
fn paid<'a>(
    of: &'a OrderPaid<'a>,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Order, order);
    entry.dims(DimsOf { method: Some(of.method), ..DimsOf::default() });
    let (account, kind) = if of.voucher {
        (Account::BuyerCredit, LineKind::PaymentVoucher)
    } else {
        (Account::PspClearing, LineKind::Payment)
    };
    entry.reference(RefKind::Payment, of.payment.as_str());
    entry.debit(account, kind, of.amount.minor(of.currency)?);
    entry.reference(RefKind::Order, order);
    for part in &of.split {
        match part.merchant {
            Some(merchant) => entry.merchant(merchant),
            None => entry.no_merchant(),
        };
        entry.credit(Account::OrderEscrow, kind, part.amount.minor(of.currency)?);
    }
    Ok(entry.balanced()?)
}

/// Dr OrderEscrow, Cr OrderDifferences; mirrored when less was paid.
fn difference<'a>(
    of: &'a OrderDifferenceBooked,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Order, order);
    for part in &of.split {
        match part.merchant {
            Some(merchant) => entry.merchant(merchant),
            None => entry.no_merchant(),
        };
        let amount = part.amount.minor(of.currency)?;
        entry.debit(Account::OrderEscrow, LineKind::Difference, amount);
    }
    entry.no_merchant();
    let amount = of.amount.minor(of.currency)?;
    entry.credit(Account::OrderDifferences(of.class), LineKind::Difference, amount);
    Ok(entry.balanced()?)
}

/// Dr ChannelFees, Cr PspClearing.
fn channel_fee<'a>(
    of: &'a ChannelFeeIncurred<'a>,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let mut entry = EntryBuilder::new(names, of.currency);
    let amount = of.amount.minor(of.currency)?;
    entry.reference(RefKind::Order, order);
    entry.dims(DimsOf { method: Some(of.method), ..DimsOf::default() });
    entry.debit(Account::ChannelFees, LineKind::ChannelFee, amount);
    entry.reference(RefKind::Payment, of.payment.as_str());
    entry.credit(Account::PspClearing, LineKind::ChannelFee, amount);
    Ok(entry.balanced()?)
}

/// The reverse.
fn channel_fee_returned<'a>(
    of: &'a ChannelFeeReturned<'a>,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let mut entry = EntryBuilder::new(names, of.currency);
    let amount = of.amount.minor(of.currency)?;
    entry.reference(RefKind::Order, order);
    entry.dims(DimsOf { method: Some(of.method), ..DimsOf::default() });
    entry.credit(Account::ChannelFees, LineKind::ChannelFeeReturned, amount);
    entry.reference(RefKind::Payment, of.payment.as_str());
    entry.debit(Account::PspClearing, LineKind::ChannelFeeReturned, amount);
    Ok(entry.balanced()?)
}

/// Where a discount that the merchant does not fund is booked.
pub(super) fn funding_account(funding: Option<Funding>) -> Account {
    match funding {
        Some(Funding::PlatformSubsidy) | None => Account::PlatformSubsidy,
        Some(Funding::BuyerIncentives) => Account::BuyerIncentives,
        Some(Funding::Partner) => Account::PartnerReceivable,
    }
}

/// Dr OrderEscrow (the buyer's cash) and the funder's account; Cr MerchantPayable at list price
/// less the merchant's own discount.
fn completed<'a>(
    of: &'a OrderCompleted<'a>,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    if let Some(conversion) = &of.conversion {
        return converted::completed(of, conversion, order, names);
    }
    let minor = |amount: Amount| amount.minor(of.currency);
    let mut cash = 0;
    let mut shipping = 0;
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Order, order);
    entry.merchant(of.merchant);
    for line in &of.lines {
        let (principal, discount) = (minor(line.principal)?, minor(line.merchant_discount)?);
        let subsidy = minor(line.platform_discount)?;
        cash += principal - discount - subsidy;
        shipping += minor(line.shipping)?;
        entry.dims(DimsOf { category: line.category, ..of.segment.dims() });
        let payable = Account::MerchantPayable;
        entry.credit_due(payable, LineKind::SalePrincipal, of.due_on, principal);
        entry.credit_due(payable, LineKind::DiscountMerchant, of.due_on, -discount);
        entry.debit(funding_account(line.funding), LineKind::Subsidy, subsidy);
    }
    entry.dims(of.segment.dims());
    entry.credit_due(Account::MerchantPayable, LineKind::SaleShipping, of.due_on, shipping);
    entry.debit(Account::OrderEscrow, LineKind::EscrowReleased, cash + shipping);
    Ok(entry.balanced()?)
}

/// The line kinds of a fee and of its tax.
pub fn fee_kinds(fee: FeeKind) -> (LineKind, LineKind) {
    match fee {
        FeeKind::Commission => (LineKind::Commission, LineKind::CommissionTax),
        FeeKind::OrderFee => (LineKind::OrderFee, LineKind::OrderFeeTax),
        FeeKind::PaymentFee => (LineKind::PaymentFee, LineKind::PaymentFeeTax),
        FeeKind::TechnicalService => (LineKind::TechnicalService, LineKind::TechnicalServiceTax),
        FeeKind::ListingFee => (LineKind::ListingFee, LineKind::ListingFeeTax),
    }
}

/// The kinds of a fee's lines as it is charged: the fee and its tax.
pub fn charged_kinds(fee: Invoiceable) -> (LineKind, LineKind) {
    match fee {
        Invoiceable::Fee(fee) => fee_kinds(fee),
        Invoiceable::Partners(kind) => {
            let (commission, tax, _) = partner::charged_kinds(kind);
            (commission, tax)
        }
    }
}

/// The kind of the tax of a fee that comes back.
pub fn tax_returned_kind(fee: Invoiceable) -> LineKind {
    match fee {
        Invoiceable::Fee(fee) => returned_kinds(fee).1,
        Invoiceable::Partners(kind) => partner::tax_returned_kind(kind),
    }
}

/// The line kinds of what comes back of a fee and of its tax.
fn returned_kinds(fee: FeeKind) -> (LineKind, LineKind) {
    match fee {
        FeeKind::Commission => (LineKind::CommissionReturned, LineKind::CommissionTaxReturned),
        FeeKind::OrderFee => (LineKind::OrderFeeReturned, LineKind::OrderFeeTaxReturned),
        FeeKind::PaymentFee => (LineKind::PaymentFeeReturned, LineKind::PaymentFeeTaxReturned),
        FeeKind::TechnicalService => {
            (LineKind::TechnicalServiceReturned, LineKind::TechnicalServiceTaxReturned)
        }
        FeeKind::ListingFee => (LineKind::ListingFeeReturned, LineKind::ListingFeeTaxReturned),
    }
}

/// The revenue line of a fee.
pub fn revenue_of(fee: FeeKind) -> Account {
    match fee {
        FeeKind::Commission => Account::Commission,
        FeeKind::OrderFee => Account::PlatformUsage,
        FeeKind::PaymentFee => Account::PaymentServices,
        FeeKind::TechnicalService => Account::TechnicalServices,
        FeeKind::ListingFee => Account::PlatformUsage,
    }
}

/// The other side of a fee without its tax (positive: charged): the revenue line; of an agent, the supplier's part is
/// owed to it; a cost that is passed on is less cost (posting manual, rules 4 and 8).
fn credit_fee(
    entry: &mut EntryBuilder<'_, '_>,
    (fee, role): (FeeKind, Role),
    kind: LineKind,
    (amount, supplier): (i64, i64),
) {
    match role {
        Role::Principal => {
            entry.credit(revenue_of(fee), kind, amount);
        }
        Role::Agent { .. } => {
            entry.credit(Account::SupplierPayable, LineKind::SupplierPart, supplier);
            entry.credit(revenue_of(fee), kind, amount - supplier);
        }
        Role::PassThrough => {
            entry.credit(Account::ChannelFees, LineKind::ChannelFeePassedOn, amount);
        }
    }
}

/// Dr MerchantPayable fee and tax, Cr the revenue line and OutputVat.
fn charged<'a>(
    of: &'a FeeCharged<'a>,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let (kind, tax_kind) = fee_kinds(of.fee);
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Order, order);
    entry.merchant(of.merchant);
    for line in &of.lines {
        let (amount, tax) = (line.amount.minor(of.currency)?, line.tax.minor(of.currency)?);
        let rule = TariffRule { tariff: of.tariff, version: of.version, rule: line.rule };
        entry.dims(DimsOf { category: line.category, rule: Some(rule), ..of.segment.dims() });
        entry.credit_due(Account::MerchantPayable, kind, of.due_on, -amount);
        entry.credit_due(Account::MerchantPayable, tax_kind, of.due_on, -tax);
        let supplier = line.supplier.minor(of.currency)?;
        credit_fee(&mut entry, (of.fee, of.role), kind, (amount, supplier));
        entry.credit(Account::OutputVat, tax_kind, tax);
    }
    Ok(entry.balanced()?)
}

/// Dr the revenue line and OutputVat, Cr MerchantPayable.
fn fee_returned<'a>(
    of: &'a FeeReturned<'a>,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let (kind, tax_kind) = returned_kinds(of.fee);
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Order, order);
    entry.merchant(of.merchant);
    for line in &of.lines {
        let (amount, tax) = (line.amount.minor(of.currency)?, line.tax.minor(of.currency)?);
        let rule = TariffRule { tariff: of.tariff, version: of.version, rule: line.rule };
        entry.dims(DimsOf { category: line.category, rule: Some(rule), ..of.segment.dims() });
        entry.credit_due(Account::MerchantPayable, kind, of.due_on, amount);
        entry.credit_due(Account::MerchantPayable, tax_kind, of.due_on, tax);
        let supplier = line.supplier.minor(of.currency)?;
        credit_fee(&mut entry, (of.fee, of.role), kind, (-amount, -supplier));
        entry.debit(Account::OutputVat, tax_kind, tax);
    }
    Ok(entry.balanced()?)
}

/// Before completion Dr OrderEscrow; after it Dr MerchantPayable, with the subsidy taken back.
/// Cr RefundsInTransit, or BuyerCredit for what was paid by voucher.
fn refund_issued<'a>(
    of: &'a RefundIssued<'a>,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let minor = |amount: Amount| amount.minor(of.currency);
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Order, order);
    debit_lines(&mut entry, (&of.lines, &of.conversions), (order, of.currency))?;
    if let Some(difference) = &of.difference {
        let account = Account::OrderDifferences(difference.class);
        entry.debit(account, LineKind::DifferenceRefunded, minor(difference.amount)?);
    }
    credit_targets(&mut entry, &of.to, (of.refund.as_str(), of.currency))?;
    Ok(entry.balanced()?)
}

/// What goes back of lines: out of escrow before completion, out of what the merchant is owed after it.
pub(super) fn debit_lines<'a>(
    entry: &mut EntryBuilder<'a, '_>,
    (lines, conversions): (&'a [RefundedLine<'a>], &'a [MerchantConversion]),
    (order, currency): (&'a str, Currency),
) -> Result<(), PostingError> {
    let minor = |amount: Amount| amount.minor(currency);
    for line in lines {
        let (principal, shipping) = (minor(line.principal)?, minor(line.shipping)?);
        let subsidy = minor(line.subsidy)?;
        entry.merchant(line.merchant);
        entry.dims(DimsOf { category: line.category, ..line.segment.dims() });
        let Some(due_on) = line.due_on else {
            entry.debit(Account::OrderEscrow, LineKind::EscrowRefunded, principal + shipping);
            continue;
        };
        if let Some(settled) = converted::of_line(conversions, line) {
            converted::refunded(entry, (line, due_on), settled, (order, currency))?;
            continue;
        }
        let payable = Account::MerchantPayable;
        entry.credit_due(payable, LineKind::RefundPrincipal, due_on, -principal);
        entry.credit_due(payable, LineKind::RefundShipping, due_on, -shipping);
        entry.credit_due(payable, LineKind::RefundSubsidy, due_on, -subsidy);
        entry.credit(funding_account(line.funding), LineKind::SubsidyReturned, subsidy);
    }
    entry.no_merchant().no_dims();
    Ok(())
}

/// What goes back to payments: RefundsInTransit, or BuyerCredit for what was paid by voucher.
pub(super) fn credit_targets<'a>(
    entry: &mut EntryBuilder<'a, '_>,
    to: &'a [RefundTarget],
    (refund, currency): (&'a str, Currency),
) -> Result<(), PostingError> {
    for target in to {
        let amount = target.amount.minor(currency)?;
        if target.voucher {
            entry.reference(RefKind::Payment, target.payment.as_str());
            entry.credit(Account::BuyerCredit, LineKind::RefundVoucher, amount);
        } else {
            entry.reference(RefKind::Refund, refund);
            entry.credit(Account::RefundsInTransit, LineKind::Refund, amount);
        }
    }
    Ok(())
}

/// Dr RefundsInTransit, Cr PspClearing per payment.
fn refund_paid<'a>(
    of: &'a RefundPaid,
    order: &'a str,
    names: &mut Names,
) -> Result<Postings<'a>, PostingError> {
    let mut entry = EntryBuilder::new(names, of.currency);
    entry.reference(RefKind::Order, order);
    for target in &of.to {
        let amount = target.amount.minor(of.currency)?;
        entry.reference(RefKind::Refund, of.refund.as_str());
        entry.debit(Account::RefundsInTransit, LineKind::RefundPaid, amount);
        entry.reference(RefKind::Payment, target.payment.as_str());
        entry.credit(Account::PspClearing, LineKind::RefundPaid, amount);
    }
    Ok(entry.balanced()?)
}
