//! Payouts and the files they went out in: where each stands, since when, and why. Their amounts are the statements'.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use souk_domain::event::LedgerEvent;
use souk_domain::payout::events::{PayoutEvent, PayoutFacts};
use souk_domain::payout::reason::of_account;
use souk_domain::payoutfile::events::{Format, PayoutFileEvent};
use souk_domain::settlement::events::SettlementEvent;
use souk_journal::dates::Date;
use souk_journal::ids::{CycleId, Id, MerchantId};
use souk_journal::money::Currency;
use souk_projector::{Recorded, Register};

/// Where a payout stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PayoutStatus {
    /// Not instructed.
    Due,
    /// Instructed.
    Instructed,
    /// Accepted by the bank.
    Accepted,
    /// Paid.
    Paid,
    /// Never left.
    Failed,
    /// Came back.
    Returned,
}

/// A payout that something was said of. One of which nothing was said is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutKnown {
    /// Who is paid.
    pub merchant: MerchantId,
    /// Currency.
    pub currency: Currency,
    /// The closed cycle it pays.
    pub cycle: CycleId,
    /// Where it stands.
    pub status: PayoutStatus,
    /// The day on which it was instructed.
    pub instructed_on: Option<Date>,
    /// The day since which it stands there.
    pub since: Date,
    /// When that happened, microseconds since 1970.
    pub since_at: i64,
    /// When it was paid, microseconds since 1970, whether or not it came back.
    pub paid_at: Option<i64>,
    /// Its new item, where it never left or came back.
    pub undone: Option<Undone>,
    /// The entry that instructed it.
    pub instructed_entry: Option<u64>,
    /// The entry that released it last, if it was held.
    pub released: Option<u64>,
    /// Why it is held, failed or came back.
    pub reason: Option<Box<str>>,
    /// Whether it is held.
    pub held: bool,
    /// Who approved it.
    pub approved_by: Vec<Box<str>>,
    /// Where it goes.
    pub payee: Option<Id>,
    /// The file it is in.
    pub file: Option<Id>,
    /// The bank's reference.
    pub bank_reference: Option<Id>,
}

/// That a payout never left, or came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// The entry.
    pub entry: u64,
    /// Its item falls due on this day.
    pub due_on: Date,
    /// The later closing that claimed the item.
    pub claimed_by: Option<CycleId>,
}

/// A file that was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutFileKnown {
    /// The file.
    pub file: Id,
    /// The account it pays from.
    pub account: Id,
    /// Its form.
    pub format: Format,
    /// Currency of all its payouts.
    pub currency: Currency,
    /// The day on which the bank shall pay.
    pub execute_on: Date,
    /// Payouts that were due at this entry are in it.
    pub through_entry: u64,
    /// How many.
    pub count: u64,
    /// Their sum as recorded, a decimal.
    pub total: Box<str>,
    /// SHA-256 of its bytes.
    pub digest: Box<str>,
    /// SHA-256 over salt and details of the paying account.
    pub commitment: Box<str>,
    /// Who issued it.
    pub issued_by: Box<str>,
    /// When, microseconds since 1970.
    pub issued_at: i64,
    /// The entry that issued it.
    pub entry: u64,
    /// Why it was withdrawn, if it was.
    pub withdrawn: Option<Box<str>>,
}

/// All payouts and files.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Payouts {
    payouts: BTreeMap<Box<str>, PayoutKnown>,
    files: Vec<PayoutFileKnown>,
    /// The day on which payouts are due, of closings under terms that agree one.
    pay_on: BTreeMap<(MerchantId, Box<str>, CycleId), Date>,
    /// Payouts whose new items no closing has claimed.
    unclaimed: Vec<Box<str>>,
    /// Payees to whose account a payout did not get, and none that was instructed later did.
    doubts: BTreeMap<Id, Doubt>,
}

/// That a payout did not get to a payee because of its account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// The entry that says so.
    pub entry: u64,
    /// The day.
    pub on: Date,
    /// The cycle of that payout.
    pub cycle: CycleId,
    /// What the bank said.
    pub reason: Box<str>,
}

impl Payouts {
    /// Nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// A payout, by its 32 hexadecimal digits, if anything was said of it.
    pub fn get(&self, payout: &str) -> Option<&PayoutKnown> {
        self.payouts.get(payout)
    }

    /// The payouts that were instructed in a file, by id.
    pub fn of_file(&self, file: Id) -> impl Iterator<Item = (&str, &PayoutKnown)> {
        let of = self.payouts.iter().filter(move |(_, known)| known.file == Some(file));
        of.map(|(payout, known)| (payout.as_ref(), known))
    }

    /// Files in the order in which they were issued.
    pub fn files(&self) -> &[PayoutFileKnown] {
        &self.files
    }

    /// A file.
    pub fn file(&self, file: Id) -> Option<&PayoutFileKnown> {
        self.files.iter().find(|of| of.file == file)
    }

    /// Why the account of a payee is in doubt, if it is.
    pub fn doubt(&self, payee: Id) -> Option<&Doubt> {
        self.doubts.get(&payee)
    }

    /// The day on which the payout of a cycle is due, where one is agreed.
    pub fn pay_on(&self, merchant: MerchantId, currency: Currency, cycle: CycleId) -> Option<Date> {
        self.pay_on.get(&(merchant, currency.code().into(), cycle)).copied()
    }

    fn fold(&mut self, recorded: &Recorded<'_>, event: &PayoutEvent<'_>) {
        let (payout, on) = (recorded.id(), recorded.metadata.effective_on);
        let at = recorded.metadata.occurred_at.0;
        let facts = facts(event);
        let known = self.payouts.entry(payout.into()).or_insert_with(|| PayoutKnown {
            merchant: facts.merchant,
            currency: facts.currency,
            cycle: facts.cycle,
            status: PayoutStatus::Due,
            instructed_on: None,
            since: on,
            since_at: at,
            paid_at: None,
            undone: None,
            released: None,
            instructed_entry: None,
            reason: None,
            held: false,
            approved_by: Vec::new(),
            payee: None,
            file: None,
            bank_reference: None,
        });
        let mut turns = |status| (known.status, known.since, known.since_at) = (status, on, at);
        match event {
            PayoutEvent::Instructed(of) => {
                turns(PayoutStatus::Instructed);
                known.instructed_on = Some(on);
                known.instructed_entry = Some(recorded.entry);
                (known.payee, known.file) = (of.payee, of.file);
            }
            PayoutEvent::Accepted(_) => turns(PayoutStatus::Accepted),
            PayoutEvent::Paid(of) => {
                turns(PayoutStatus::Paid);
                known.paid_at = Some(at);
                known.bank_reference = of.bank_reference;
                // What was on its way before says nothing of the account since.
                if let Some(payee) = known.payee
                    && let Some(doubt) = self.doubts.get(&payee)
                    && known.instructed_entry.is_some_and(|entry| entry > doubt.entry)
                {
                    self.doubts.remove(&payee);
                }
            }
            PayoutEvent::Failed(of) | PayoutEvent::Returned(of) => {
                turns(if matches!(event, PayoutEvent::Failed(_)) {
                    PayoutStatus::Failed
                } else {
                    PayoutStatus::Returned
                });
                let (entry, due_on) = (recorded.entry, of.due_on);
                known.undone = Some(Undone { entry, due_on, claimed_by: None });
                self.unclaimed.push(payout.into());
                let reason: Box<str> = of.reason.as_ref().into();
                if let Some(payee) = known.payee.filter(|_| of_account(&reason)) {
                    let (cycle, reason) = (known.cycle, reason.clone());
                    self.doubts.insert(payee, Doubt { entry, on, cycle, reason });
                }
                known.reason = Some(reason);
            }
            PayoutEvent::Approved(of) => known.approved_by.push(of.approved_by.as_ref().into()),
            PayoutEvent::Held(of) => {
                (known.held, known.since) = (true, on);
                known.reason = Some(of.reason.as_ref().into());
            }
            PayoutEvent::Released(_) => {
                (known.held, known.reason, known.since) = (false, None, on);
                known.released = Some(recorded.entry);
            }
            PayoutEvent::Recalled(_) => {
                turns(PayoutStatus::Due);
                (known.instructed_on, known.payee, known.file) = (None, None, None);
                known.approved_by.clear();
            }
        }
    }

    /// What a closing claims, and when its payout is due.
    fn closed(&mut self, of: &Closed) {
        if let Some(day) = of.pay_on {
            self.pay_on.insert((of.merchant, of.currency.code().into(), of.cycle), day);
        }
        let payouts = &mut self.payouts;
        self.unclaimed.retain(|payout| {
            let Some(known) = payouts.get_mut(payout) else { return false };
            let theirs = (known.merchant, known.currency) == (of.merchant, of.currency);
            let Some(undone) = known.undone.as_mut() else { return false };
            let due = of.before.is_none_or(|cut_off| undone.due_on < cut_off);
            let claimed = theirs && due && undone.entry <= of.through;
            if claimed {
                undone.claimed_by = Some(of.cycle);
            }
            !claimed
        });
    }

    fn fold_file(&mut self, recorded: &Recorded<'_>, event: &PayoutFileEvent<'_>) {
        match event {
            PayoutFileEvent::Issued(of) => {
                let Ok(account) = Id::new(recorded.id()) else { return };
                self.files.push(PayoutFileKnown {
                    file: of.file,
                    account,
                    format: of.format,
                    currency: of.currency,
                    execute_on: of.execute_on,
                    through_entry: of.through_entry,
                    count: of.count,
                    total: of.total.to_string().into(),
                    digest: of.digest.as_ref().into(),
                    commitment: of.commitment.as_ref().into(),
                    issued_by: of.issued_by.as_ref().into(),
                    issued_at: recorded.metadata.occurred_at.0,
                    entry: recorded.entry,
                    withdrawn: None,
                });
            }
            PayoutFileEvent::Withdrawn(of) => {
                if let Some(known) = self.files.iter_mut().find(|known| known.file == of.file) {
                    known.withdrawn = Some(of.reason.as_ref().into());
                }
            }
        }
    }
}

/// What a closing says of payouts.
struct Closed {
    merchant: MerchantId,
    currency: Currency,
    cycle: CycleId,
    pay_on: Option<Date>,
    /// Items of entries up to this one are claimed.
    through: u64,
    /// Items due before this day are; all of them where there is none.
    before: Option<Date>,
}

impl Closed {
    fn of(event: &SettlementEvent<'_>) -> Option<Self> {
        match event {
            SettlementEvent::CycleClosed(of) => Some(Self {
                merchant: of.merchant,
                currency: of.currency,
                cycle: of.cycle,
                pay_on: of.pay_on,
                through: of.entry,
                before: Some(of.cut_off),
            }),
            SettlementEvent::AccountSettled(of) => Some(Self {
                merchant: of.merchant,
                currency: of.currency,
                cycle: of.cycle,
                pay_on: of.pay_on,
                through: of.entry,
                before: None,
            }),
            SettlementEvent::BroughtForward(_)
            | SettlementEvent::DebtRecognised(_)
            | SettlementEvent::DebtCollected(_)
            | SettlementEvent::AllowanceSet(_)
            | SettlementEvent::DebtWrittenOff(_)
            | SettlementEvent::ObjectionTermsAgreed(_)
            | SettlementEvent::ObjectionRaised(_)
            | SettlementEvent::ObjectionAnswered(_)
            | SettlementEvent::CorrectionBooked(_)
            | SettlementEvent::StatementConfirmed(_) => None,
        }
    }
}

fn facts(event: &PayoutEvent<'_>) -> PayoutFacts {
    match event {
        PayoutEvent::Instructed(of) => of.payout,
        PayoutEvent::Paid(of) => of.payout,
        PayoutEvent::Failed(of) | PayoutEvent::Returned(of) => of.payout,
        PayoutEvent::Approved(of) => of.payout,
        PayoutEvent::Held(of) => of.payout,
        PayoutEvent::Released(of) => of.payout,
        PayoutEvent::Accepted(of) => of.payout,
        PayoutEvent::Recalled(of) => of.payout,
    }
}

impl Register for Payouts {
    fn name(&self) -> &'static str {
        "payouts"
    }

    fn version(&self) -> u32 {
        2
    }

    fn apply(&mut self, events: &[Recorded<'_>]) {
        for recorded in events {
            if let LedgerEvent::Payout(event) = recorded.event {
                self.fold(recorded, event);
            }
            if let LedgerEvent::Settlement(event) = recorded.event
                && let Some(closed) = Closed::of(event)
            {
                self.closed(&closed);
            }
            if let LedgerEvent::PayoutFile(event) = recorded.event {
                self.fold_file(recorded, event);
            }
        }
    }

    fn save(&self) -> Vec<u8> {
        // Bytes that cannot be written load as "not a snapshot", and the projector rebuilds.
        postcard::to_stdvec(self).unwrap_or_default()
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), String> {
        *self = postcard::from_bytes(bytes).map_err(|error| error.to_string())?;
        Ok(())
    }
}
