//! What goes back to those who bore a charge beside orders: the mirror of `settled_from`.
//!
//! What the payable bore comes back as a line of the next statement. What was paid at the provider or the bank waits in
//! `RefundsInTransit` until it is paid out.

use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::entry::{EntryBuilder, RefKind};
use souk_journal::ids::MerchantId;
use souk_journal::line_kind::LineKind;
use souk_journal::money::{Amount, Currency, MoneyError};
use souk_journal::split::{largest_remainder, returned, returned_in_turn};

use crate::settled_from::{SettledFrom, Source, TakeFrom};

/// What one source bore, in minor units, as a stream remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bore {
    /// The source.
    pub source: Source,
    /// The payment or the transfer.
    pub reference: Option<Box<str>>,
    /// Of the fee.
    pub net: i64,
    /// Of the tax.
    pub tax: i64,
}

impl Bore {
    /// What a source bore, as an event records it.
    ///
    /// # Errors
    /// When an amount does not fit the currency.
    pub(crate) fn of(from: &SettledFrom<'_>, currency: Currency) -> Result<Self, MoneyError> {
        Ok(Self {
            source: from.source,
            reference: from.reference.as_deref().map(Into::into),
            net: from.net.minor(currency)?,
            tax: from.tax.minor(currency)?,
        })
    }

    /// Fee and tax.
    pub(crate) fn gross(&self) -> i64 {
        self.net + self.tax
    }

    /// Whether its money is outside: at the provider or the bank.
    pub(crate) fn is_outside(&self) -> bool {
        match self.source {
            Source::Provider | Source::Bank => true,
            Source::Wallet | Source::Payable | Source::Deposit => false,
        }
    }
}

/// The wallet or the deposit among some sources: each is guarded by its own stream, so no other may take from it.
pub(crate) fn guarded_elsewhere(from: &[TakeFrom<'_>]) -> Option<&'static str> {
    from.iter().find_map(|of| match of.source {
        Source::Wallet | Source::Deposit => Some(of.source.name()),
        Source::Payable | Source::Provider | Source::Bank => None,
    })
}

/// Fee and tax that have gone back to each source once `gross` of the charge went back: the refund algebra, so that any
/// sequence of returns sums to the whole and no difference is negative.
pub(crate) fn shares(bore: &[Bore], gross: i64) -> Vec<(i64, i64)> {
    let weights: Vec<i64> = bore.iter().map(Bore::gross).collect();
    let parts = returned_in_turn(gross, &weights);
    let of = |(of, part): (&Bore, i64)| {
        let tax = returned_in_turn(part, &[of.tax, of.net]);
        (part - tax[0], tax[0])
    };
    bore.iter().zip(parts).map(of).collect()
}

/// A refund of a fee and its tax, once, over the sources by what each bore.
pub(crate) fn spread(bore: &[Bore], net: i64, tax: i64) -> Vec<(i64, i64)> {
    let weights: Vec<i64> = bore.iter().map(Bore::gross).collect();
    let parts = returned_in_turn(net + tax, &weights);
    let taxes = largest_remainder(tax, &parts);
    parts.into_iter().zip(taxes).map(|(part, tax)| (part - tax, tax)).collect()
}

/// What goes back, as an event records it; sources that get nothing are left out.
pub(crate) fn recorded<'a>(
    bore: &'a [Bore],
    parts: &[(i64, i64)],
    due_on: Date,
    currency: Currency,
) -> Vec<SettledFrom<'a>> {
    let some = bore.iter().zip(parts).filter(|(_, (net, tax))| *net != 0 || *tax != 0);
    some.map(|(of, (net, tax))| SettledFrom {
        source: of.source,
        net: Amount::from_minor(*net, currency),
        tax: Amount::from_minor(*tax, currency),
        due_on: (of.source == Source::Payable).then_some(due_on),
        reference: of.reference.as_deref().map(Into::into),
    })
    .collect()
}

/// A share of what sources bore: they bear a part of something new by what they bore before.
pub(crate) fn scaled(bore: &[Bore], net: i64, tax: i64) -> Vec<Bore> {
    let parts = spread(bore, net, tax).into_iter();
    let part = |(of, (net, tax)): (&Bore, (i64, i64))| Bore { net, tax, ..of.clone() };
    bore.iter().zip(parts).map(part).collect()
}

/// Adds what a source bears to those known.
pub(crate) fn merged(mut bore: Vec<Bore>, more: Bore) -> Vec<Bore> {
    let same = |of: &&mut Bore| of.source == more.source && of.reference == more.reference;
    match bore.iter_mut().find(same) {
        Some(known) => {
            known.net += more.net;
            known.tax += more.tax;
        }
        None => bore.push(more),
    }
    bore
}

/// The part of days that passed: half up, cumulative.
pub(crate) fn by_day(amount: i64, days: i32, of: i32) -> i64 {
    if days <= 0 { 0 } else { returned(amount, i64::from(days), i64::from(of)) }
}

/// What goes back is credited: Cr MerchantPayable as two lines, the fee and its tax; Cr RefundsInTransit under `refund`
/// for what was paid outside; Cr AdWallet or MerchantDeposit.
///
/// # Errors
/// When an amount does not fit the currency.
pub(crate) fn credit<'a>(
    entry: &mut EntryBuilder<'a, '_>,
    merchant: Option<MerchantId>,
    to: &'a [SettledFrom<'a>],
    refund: &'a str,
    currency: Currency,
    (kind, tax_kind): (LineKind, LineKind),
) -> Result<(), MoneyError> {
    let referred = entry.referred();
    for of in to {
        let (net, tax) = (of.net.minor(currency)?, of.tax.minor(currency)?);
        match merchant {
            Some(merchant) => entry.merchant(merchant),
            None => entry.no_merchant(),
        };
        match (of.source, of.due_on) {
            (Source::Payable, Some(due_on)) => {
                entry.credit_due(Account::MerchantPayable, kind, due_on, net);
                entry.credit_due(Account::MerchantPayable, tax_kind, due_on, tax);
            }
            // An open item has a due date: `recorded` gives every payable one.
            (Source::Payable, None) => {
                entry.credit(Account::MerchantPayable, kind, net + tax);
            }
            (Source::Wallet, _) => {
                entry.credit(Account::AdWallet, kind, net + tax);
            }
            (Source::Deposit, _) => {
                entry.credit(Account::MerchantDeposit, kind, net + tax);
            }
            (Source::Provider | Source::Bank, _) => {
                entry.no_merchant().reference(RefKind::Refund, refund);
                entry.credit(Account::RefundsInTransit, LineKind::Refund, net + tax);
            }
        }
        // What waits in transit is kept for that source alone.
        entry.refer_to(referred);
    }
    Ok(())
}

/// A refund reached whoever had paid: Dr RefundsInTransit, Cr PspClearing per payment or BankClearing per transfer.
///
/// # Errors
/// When an amount does not fit the currency.
pub(crate) fn paid<'a>(
    entry: &mut EntryBuilder<'a, '_>,
    to: &'a [SettledFrom<'a>],
    refund: &'a str,
    currency: Currency,
) -> Result<(), MoneyError> {
    entry.no_merchant();
    for of in to {
        let amount = of.net.minor(currency)? + of.tax.minor(currency)?;
        let (account, clears) = match of.source {
            Source::Bank => (Account::BankClearing, RefKind::Transfer),
            Source::Provider | Source::Wallet | Source::Payable | Source::Deposit => {
                (Account::PspClearing, RefKind::Payment)
            }
        };
        entry.reference(RefKind::Refund, refund);
        entry.debit(Account::RefundsInTransit, LineKind::RefundPaid, amount);
        entry.reference(clears, of.reference.as_deref().unwrap_or_default());
        entry.credit(account, LineKind::RefundPaid, amount);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bore(source: Source, net: i64, tax: i64) -> Bore {
        Bore { source, reference: None, net, tax }
    }

    #[test]
    fn what_goes_back_in_steps_comes_to_what_each_source_bore() {
        let all =
            [bore(Source::Payable, 94, 6), bore(Source::Provider, 31, 2), bore(Source::Bank, 1, 0)];
        let mut before = vec![(0, 0); 3];
        for gross in 0..=134 {
            let now = shares(&all, gross);
            assert_eq!(now.iter().map(|(net, tax)| net + tax).sum::<i64>(), gross);
            for ((net, tax), (net_before, tax_before)) in now.iter().zip(&before) {
                assert!(net >= net_before && tax >= tax_before, "{gross}: {now:?}");
            }
            before = now;
        }
        assert_eq!(before, [(94, 6), (31, 2), (1, 0)]);
    }

    #[test]
    fn a_refund_of_fee_and_tax_is_spread_exactly() {
        let all = [bore(Source::Payable, 100, 6), bore(Source::Provider, 200, 12)];
        let parts = spread(&all, 151, 10);
        assert_eq!(parts.iter().map(|of| of.0).sum::<i64>(), 151);
        assert_eq!(parts.iter().map(|of| of.1).sum::<i64>(), 10);
    }
}
