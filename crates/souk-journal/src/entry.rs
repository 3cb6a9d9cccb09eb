//! Journal entries: exactly one per event, balanced per currency, or they do not exist.
//!
//! [`EntryBuilder`] is the only way to an entry with postings, and it refuses an unbalanced one.
//! The shapes here stand in the signature of every projection.

use smallvec::SmallVec;

use crate::account::Account;
use crate::dates::{Date, Micros};
use crate::entry_kind::EntryKind;
use crate::ids::MerchantId;
use crate::line_kind::LineKind;
use crate::money::Currency;
use crate::names::{DimsNo, DimsOf, MerchantNo, Names};
use crate::open_items::Claims;

/// The dense count of ledger events in log order; entry 0 created the ledger.
pub type EntryNumber = u64;

/// An event: its stream and revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventRef<'a> {
    /// The stream.
    pub stream: &'a str,
    /// The revision in it, from 0.
    pub revision: u64,
}

/// What a reference names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefKind {
    /// An order.
    Order,
    /// A payment of an order.
    Payment,
    /// A refund.
    Refund,
    /// A payout.
    Payout,
    /// A settlement cycle.
    Cycle,
    /// A line of an order.
    Line,
    /// A transfer at a bank.
    Transfer,
    /// A term that was sold: a membership or a service.
    Term,
    /// An advertising campaign.
    Campaign,
    /// A supplier: an insurer, a carrier.
    Supplier,
    /// A currency of which a position is held.
    Currency,
    /// Whom tax is owed to: the key of `CollectedTax` and `WithholdingTax`.
    Jurisdiction,
    /// The month that tax is remitted for: `2026-03`.
    Period,
    /// An invoice for what the platform charged or bought.
    Invoice,
    /// A hold on a sale: the key of `MerchantHeld`.
    Hold,
    /// Why: a code of the platform's own.
    Reason,
    /// An account of the platform at a bank: the key of `Bank`.
    BankAccount,
    /// A line of a bank's statement, by the bank's reference.
    BankLine,
}

/// A reference of an entry, borrowed from its event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ref<'a> {
    /// What it names.
    pub kind: RefKind,
    /// The name.
    pub value: &'a str,
}

/// One line of an entry: 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// The account.
    pub account: Account,
    /// What it is for.
    pub kind: LineKind,
    /// The currency.
    pub currency: Currency,
    /// Index into the entry's references, or [`Posting::NO_REFERENCE`]; keyed accounts clear per
    /// reference.
    pub reference: u8,
    /// The merchant, if the account is kept per merchant.
    pub merchant: MerchantNo,
    /// Dimensions.
    pub dims: DimsNo,
    /// On `MerchantPayable`: when the item falls due; none settles the cycle in `control`. On
    /// `MerchantReserve`: when a withheld tranche is released.
    pub due_on: Option<Date>,
    /// Minor units, debit positive.
    pub amount: i64,
}

impl Posting {
    /// The posting has no reference of its own.
    pub const NO_REFERENCE: u8 = u8::MAX;

    /// Whether it is an open item of a merchant.
    pub fn is_item(&self) -> bool {
        self.account == Account::MerchantPayable && self.due_on.is_some()
    }
}

/// What a closed cycle recorded, for projections to check and to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CycleClosed<'a> {
    /// The merchant's number.
    pub merchant: MerchantNo,
    /// The currency of every amount here (minor units, the merchant's view: positive is theirs).
    pub currency: Currency,
    /// The cycle's name.
    pub cycle: &'a str,
    /// The statement's number.
    pub number: &'a str,
    /// The zone of the cycle's dates.
    pub time_zone: &'a str,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// The day after the last: items due before it are claimed.
    pub cut_off: Date,
    /// Items of entries up to this one are claimed.
    pub entry_limit: EntryNumber,
    /// Carried from the cycle before.
    pub opening: i64,
    /// Sum of the lines.
    pub lines: i64,
    /// Number of lines.
    pub count: u64,
    /// Withheld into the reserve, ≥ 0.
    pub reserve_withheld: i64,
    /// Released from the reserve, ≥ 0.
    pub reserve_released: i64,
    /// Withheld to fill the deposit, ≥ 0.
    pub deposit_topped_up: i64,
    /// Used of the deposit to cover the balance, ≥ 0.
    pub deposit_used: i64,
    /// opening + lines − reserve withheld − deposit topped up + reserve released + deposit used.
    pub closing: i64,
    /// Paid out, ≥ 0.
    pub payout: i64,
    /// Carried into the next cycle.
    pub carried: i64,
    /// What became a debt of the merchant, or, negative, was kept for one: closing = payout + carried − debt.
    pub debt: i64,
    /// Which items are claimed.
    pub claims: Claims,
    /// SHA-256 of the lines in the form `statement-lines/v1`.
    pub digest: [u8; 32],
}

impl CycleClosed<'_> {
    /// What the close took beyond what it gave back, for reserve and deposit.
    pub fn kept(&self) -> i64 {
        self.reserve_withheld + self.deposit_topped_up - self.reserve_released - self.deposit_used
    }

    /// Items due before this date are claimed.
    pub fn claims_before(&self) -> Date {
        self.claims.before(self.cut_off)
    }
}

/// What an entry controls beyond its postings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Control<'a> {
    /// Nothing.
    #[default]
    None,
    /// A settlement cycle closed.
    CycleClosed(Box<CycleClosed<'a>>),
    /// A month of the platform's books closed.
    MonthClosed {
        /// First day of the month.
        month: Date,
        /// Entries up to this one belong to it as reported.
        entry_limit: EntryNumber,
    },
}

/// The accounting of one event.
#[derive(Debug, Clone)]
pub struct JournalEntry<'a> {
    /// Its number.
    pub entry: EntryNumber,
    /// The event.
    pub source: EventRef<'a>,
    /// Why.
    pub kind: EntryKind,
    /// When it happened.
    pub occurred_at: Micros,
    /// When the ledger recorded it.
    pub recorded_at: Micros,
    /// The accounting date.
    pub effective_on: Date,
    /// The event it corrects.
    pub corrects: Option<EventRef<'a>>,
    /// Beyond the postings.
    pub control: Control<'a>,
    /// References.
    pub refs: SmallVec<[Ref<'a>; 2]>,
    /// The lines; none is a memo entry.
    pub postings: SmallVec<[Posting; 6]>,
}

impl<'a> JournalEntry<'a> {
    /// The first reference of a kind.
    pub fn reference(&self, kind: RefKind) -> Option<&'a str> {
        self.refs.iter().find(|of| of.kind == kind).map(|of| of.value)
    }

    /// The reference of a posting.
    pub fn reference_of(&self, posting: &Posting) -> Option<Ref<'a>> {
        self.refs.get(usize::from(posting.reference)).copied()
    }
}

/// Debits and credits of an entry that do not meet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry does not balance in {currency}: debits − credits = {difference} minor units")]
pub struct Unbalanced {
    /// The currency.
    pub currency: Currency,
    /// Debits less credits, in minor units.
    pub difference: i128,
}

/// Collects the postings of one event.
///
/// Zero amounts post nothing: a payment of 0.00 is a memo entry.
#[derive(Debug)]
pub struct EntryBuilder<'a, 'n> {
    names: &'n mut Names,
    currency: Currency,
    merchant: MerchantNo,
    reference: u8,
    dims: DimsNo,
    refs: SmallVec<[Ref<'a>; 2]>,
    postings: SmallVec<[Posting; 6]>,
    control: Control<'a>,
}

/// What posting rules give back.
#[derive(Debug, Default)]
pub struct Postings<'a> {
    /// References.
    pub refs: SmallVec<[Ref<'a>; 2]>,
    /// The lines.
    pub postings: SmallVec<[Posting; 6]>,
    /// Beyond the lines.
    pub control: Control<'a>,
}

impl<'a, 'n> EntryBuilder<'a, 'n> {
    /// Starts an entry in a currency.
    pub fn new(names: &'n mut Names, currency: Currency) -> Self {
        Self {
            names,
            currency,
            merchant: MerchantNo::NONE,
            reference: Posting::NO_REFERENCE,
            dims: DimsNo::NONE,
            refs: SmallVec::new(),
            postings: SmallVec::new(),
            control: Control::None,
        }
    }

    /// The following lines are in this currency; each currency of the entry balances by itself.
    pub fn currency(&mut self, currency: Currency) -> &mut Self {
        self.currency = currency;
        self
    }

    /// The following lines are kept for this merchant.
    pub fn merchant(&mut self, merchant: MerchantId) -> &mut Self {
        self.merchant = self.names.merchant_no(merchant);
        self
    }

    /// The following lines are kept for no merchant.
    pub fn no_merchant(&mut self) -> &mut Self {
        self.merchant = MerchantNo::NONE;
        self
    }

    /// The number of the current merchant.
    pub fn merchant_no(&self) -> MerchantNo {
        self.merchant
    }

    /// The following lines clear against this reference.
    pub fn reference(&mut self, kind: RefKind, value: &'a str) -> &mut Self {
        let wanted = Ref { kind, value };
        let index = self.refs.iter().position(|of| *of == wanted).unwrap_or_else(|| {
            self.refs.push(wanted);
            self.refs.len() - 1
        });
        // An entry has at most a few references beside its lines; past the range there is none.
        self.reference = u8::try_from(index).unwrap_or(Posting::NO_REFERENCE);
        self
    }

    /// What the following lines clear against, to be set again with [`EntryBuilder::refer_to`].
    pub fn referred(&self) -> u8 {
        self.reference
    }

    /// The following lines clear against what earlier ones did.
    pub fn refer_to(&mut self, referred: u8) -> &mut Self {
        self.reference = referred;
        self
    }

    /// The following lines have these dimensions.
    pub fn dims(&mut self, dims: DimsOf<'_>) -> &mut Self {
        self.dims = self.names.dims_no(dims);
        self
    }

    /// The following lines have no dimensions.
    pub fn no_dims(&mut self) -> &mut Self {
        self.dims = DimsNo::NONE;
        self
    }

    /// Debits an account, minor units.
    pub fn debit(&mut self, account: Account, kind: LineKind, amount: i64) -> &mut Self {
        self.line(account, kind, None, amount)
    }

    /// Credits an account, minor units.
    pub fn credit(&mut self, account: Account, kind: LineKind, amount: i64) -> &mut Self {
        self.line(account, kind, None, -amount)
    }

    /// Credits (or, negative, debits) an account with a due date: an item, or a reserve tranche.
    pub fn credit_due(
        &mut self,
        account: Account,
        kind: LineKind,
        due_on: Date,
        amount: i64,
    ) -> &mut Self {
        self.line(account, kind, Some(due_on), -amount)
    }

    /// Sets what the entry controls.
    pub fn control(&mut self, control: Control<'a>) -> &mut Self {
        self.control = control;
        self
    }

    fn line(
        &mut self,
        account: Account,
        kind: LineKind,
        due_on: Option<Date>,
        amount: i64,
    ) -> &mut Self {
        if amount != 0 {
            self.postings.push(Posting {
                account,
                kind,
                currency: self.currency,
                reference: self.reference,
                merchant: self.merchant,
                dims: self.dims,
                due_on,
                amount,
            });
        }
        self
    }

    /// The finished lines.
    ///
    /// # Errors
    /// [`Unbalanced`] when debits and credits differ in a currency.
    pub fn balanced(self) -> Result<Postings<'a>, Unbalanced> {
        check_balance(&self.postings)?;
        Ok(Postings { refs: self.refs, postings: self.postings, control: self.control })
    }
}

/// Σ debits = Σ credits, per currency.
///
/// # Errors
/// [`Unbalanced`] naming the first currency that does not balance.
pub fn check_balance(postings: &[Posting]) -> Result<(), Unbalanced> {
    for posting in postings {
        let of = |other: &&Posting| other.currency == posting.currency;
        let difference: i128 = postings.iter().filter(of).map(|line| i128::from(line.amount)).sum();
        if difference != 0 {
            return Err(Unbalanced { currency: posting.currency, difference });
        }
        if postings.iter().all(|line| line.currency == posting.currency) {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
