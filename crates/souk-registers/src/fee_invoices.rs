//! Invoices of fees, and the red letters that reduce them: when each was recorded, and its number; and which fee a correction
//! of a line gave back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use souk_domain::event::LedgerEvent;
use souk_domain::membership::events::MembershipEvent;
use souk_domain::order::events::{Invoiceable, OrderEvent};
use souk_domain::order::posting::charged_kinds;
use souk_domain::service::events::ServiceEvent;
use souk_domain::settlement::events::{CorrectionBooked, SettlementEvent};
use souk_journal::ids::{ChargeId, Id, MembershipId, MerchantId};
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;
use souk_projector::{Recorded, Register};

/// An invoice of a fee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeInvoice {
    /// Its number.
    pub invoice: Id,
    /// The entry that recorded it.
    pub entry: u64,
    /// Its red letters, with the entries that recorded them.
    pub red_letters: Vec<(Id, u64)>,
}

impl FeeInvoice {
    /// The red letter that is for what came back at an entry: the first one after it.
    pub fn red_letter_of(&self, entry: u64) -> Option<Id> {
        self.red_letters.iter().find(|(_, at)| *at > entry).map(|(red_letter, _)| *red_letter)
    }
}

/// What stands on an invoice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Key {
    /// A merchant's fee on an order, by its word.
    Order(Box<str>, MerchantId, Box<str>),
    /// A charge of a stream of services, `1007~CNY`.
    Service(Box<str>, ChargeId),
    /// The plan of a term that an entry began.
    Plan(MembershipId, u64),
}

impl Key {
    fn of(order: &str, merchant: MerchantId, fee: Invoiceable) -> Self {
        Self::Order(order.into(), merchant, fee.to_string().into())
    }
}

/// What a correction gave back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Correction {
    /// Its event, `stream@revision`: another correction may be of it.
    event: Box<str>,
    /// The kind of the line that was charged.
    kind: LineKind,
    /// The merchant's fee on an order, if it is of one.
    of: Option<Key>,
}

/// All invoices of fees.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeeInvoices {
    invoices: BTreeMap<Key, FeeInvoice>,
    /// The entries that began the plans of each term.
    plans: BTreeMap<MembershipId, Vec<u64>>,
    /// Corrections by their entries.
    corrections: BTreeMap<u64, Correction>,
}

impl FeeInvoices {
    /// No invoice is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// The invoice on which a merchant's fee on an order stands.
    pub fn get(&self, order: &str, merchant: MerchantId, fee: Invoiceable) -> Option<&FeeInvoice> {
        self.invoices.get(&Key::of(order, merchant, fee))
    }

    /// The invoice on which a charge of a merchant's services in a currency stands.
    pub fn of_service(
        &self,
        merchant: MerchantId,
        currency: Currency,
        charge: ChargeId,
    ) -> Option<&FeeInvoice> {
        self.invoices.get(&Key::Service(format!("{merchant}~{currency}").into(), charge))
    }

    /// The invoice of the plan that a term had before an entry.
    pub fn of_term(&self, membership: MembershipId, before: u64) -> Option<&FeeInvoice> {
        let plans = self.plans.get(&membership)?;
        let began = plans.iter().rev().find(|began| **began < before)?;
        self.invoices.get(&Key::Plan(membership, *began))
    }

    /// What the correction of an entry was of: the kind of the line, whether that is a fee of an order or its tax, and the
    /// invoice on which it stands.
    pub fn of_correction(&self, entry: u64) -> Option<(LineKind, bool, Option<&FeeInvoice>)> {
        let of = self.corrections.get(&entry)?;
        let invoice = of.of.as_ref().and_then(|key| self.invoices.get(key));
        Some((of.kind, of.of.is_some(), invoice))
    }

    fn corrected(&mut self, recorded: &Recorded<'_>, of: &CorrectionBooked<'_>) {
        let event = format!("{}@{}", recorded.stream, recorded.revision).into();
        let named = (of.line.kind == LineKind::Correction).then_some(&of.line.event);
        let of_a_correction =
            named.and_then(|named| self.corrections.values().find(|one| *one.event == **named));
        let (kind, key) = match of_a_correction {
            Some(known) => (known.kind, known.of.clone()),
            None => {
                let fee = Invoiceable::ALL.into_iter().find(|fee| is_of(*fee, of.line.kind));
                let key = |order: Id| Some(Key::of(order.as_str(), of.merchant, fee?));
                (of.line.kind, of.line.order.and_then(key))
            }
        };
        self.corrections.insert(recorded.entry, Correction { event, kind, of: key });
    }

    fn invoice(&mut self, key: Key, invoice: Id, entry: u64) {
        let invoice = FeeInvoice { invoice, entry, red_letters: Vec::new() };
        self.invoices.entry(key).or_insert(invoice);
    }

    fn red_letter(&mut self, key: &Key, red_letter: Id, entry: u64) {
        if let Some(known) = self.invoices.get_mut(key) {
            known.red_letters.push((red_letter, entry));
        }
    }

    fn of_a_term(&mut self, id: &str, entry: u64, event: &MembershipEvent<'_>) {
        // A stream whose id is none has no term that a command could name.
        let Ok(membership) = MembershipId::new(id) else { return };
        match event {
            MembershipEvent::BroughtForward(_)
            | MembershipEvent::Charged(_)
            | MembershipEvent::Upgraded(_) => {
                self.plans.entry(membership).or_default().push(entry);
            }
            MembershipEvent::Invoiced(of) => {
                let began = self.plans.get(&membership).and_then(|plans| plans.last());
                if let Some(began) = began {
                    self.invoice(Key::Plan(membership, *began), of.invoice, entry);
                }
            }
            MembershipEvent::RedLetterIssued(of) => {
                let plans = self.plans.get(&membership).cloned().unwrap_or_default();
                let mut keys = plans.into_iter().map(|began| Key::Plan(membership, began));
                let theirs = |key: &Key| {
                    self.invoices.get(key).is_some_and(|known| known.invoice == of.invoice)
                };
                if let Some(key) = keys.find(theirs) {
                    self.red_letter(&key, of.red_letter, entry);
                }
            }
            MembershipEvent::Recognised(_)
            | MembershipEvent::Cancelled(_)
            | MembershipEvent::RenewalAgreed(_)
            | MembershipEvent::RenewalEnded(_)
            | MembershipEvent::RefundPaid(_) => {}
        }
    }
}

/// Whether a kind of line is a fee or the tax on it.
fn is_of(fee: Invoiceable, kind: LineKind) -> bool {
    let (of, tax) = charged_kinds(fee);
    kind == of || kind == tax
}

impl Register for FeeInvoices {
    fn name(&self) -> &'static str {
        "fee-invoices"
    }

    fn version(&self) -> u32 {
        3
    }

    fn apply(&mut self, events: &[Recorded<'_>]) {
        for recorded in events {
            let entry = recorded.entry;
            if let LedgerEvent::Order(OrderEvent::FeeInvoiced(of)) = recorded.event {
                let key = Key::of(recorded.id(), of.merchant, of.fee);
                self.invoice(key, of.invoice, entry);
            }
            if let LedgerEvent::Order(OrderEvent::RedLetterIssued(of)) = recorded.event {
                let key = Key::of(recorded.id(), of.merchant, of.fee);
                self.red_letter(&key, of.red_letter, entry);
            }
            if let LedgerEvent::Service(ServiceEvent::Invoiced(of)) = recorded.event {
                let key = Key::Service(recorded.id().into(), of.charge);
                self.invoice(key, of.invoice, entry);
            }
            if let LedgerEvent::Service(ServiceEvent::RedLetterIssued(of)) = recorded.event {
                let key = Key::Service(recorded.id().into(), of.charge);
                self.red_letter(&key, of.red_letter, entry);
            }
            if let LedgerEvent::Settlement(SettlementEvent::CorrectionBooked(of)) = recorded.event {
                self.corrected(recorded, of);
            }
            if let LedgerEvent::Membership(event) = recorded.event {
                self.of_a_term(recorded.id(), entry, event);
            }
        }
    }

    fn save(&self) -> Vec<u8> {
        // Bytes that cannot be written load as "not a snapshot", and the projector rebuilds.
        let all: Vec<(&Key, &FeeInvoice)> = self.invoices.iter().collect();
        postcard::to_stdvec(&(all, &self.plans, &self.corrections)).unwrap_or_default()
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), String> {
        let (all, plans, corrections): (Vec<(Key, FeeInvoice)>, _, _) =
            postcard::from_bytes(bytes).map_err(|error| error.to_string())?;
        self.invoices = all.into_iter().collect();
        (self.plans, self.corrections) = (plans, corrections);
        Ok(())
    }
}
