//! Terms that were sold: who holds them, over which days, and through which day their revenue is recognised.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use souk_domain::event::LedgerEvent;
use souk_domain::membership::commands::ChargeMembership;
use souk_domain::membership::events::{Holder, MembershipEvent};
use souk_domain::membership::renewal::{self, Agreement, Renewal, agreed_for, last_day, period_id};
use souk_domain::service_kind::ServiceKind;
use souk_journal::dates::Date;
use souk_journal::ids::MembershipId;
use souk_journal::money::Currency;
use souk_projector::{Recorded, Register};

/// A term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MembershipFacts {
    /// The term.
    pub membership: MembershipId,
    /// Who holds it, or held it.
    pub holder: Holder,
    /// The line of revenue.
    pub service: ServiceKind,
    /// Its currency.
    pub currency: Currency,
    /// Name of the present plan.
    pub plan: Box<str>,
    /// First day of the present plan.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// Revenue of the present plan is recognised through this day.
    pub recognised_through: Option<Date>,
    /// The last day that was used, when it was cancelled.
    pub cancelled_on: Option<Date>,
    /// What is agreed about its renewal, oldest first.
    pub renewals: Vec<Agreement>,
    /// The entry that sold it.
    pub charged_entry: u64,
    /// The entry that changed it last.
    pub last_entry: u64,
}

impl MembershipFacts {
    /// Whether revenue is still to be recognised through some day.
    pub fn is_due(&self, through: Date) -> bool {
        let last = self.to.min(through);
        let open = self.recognised_through.is_none_or(|recognised| recognised < last);
        self.cancelled_on.is_none() && self.from <= through && open
    }

    /// The first day whose revenue is not recognised.
    pub fn next_day(&self) -> Date {
        self.recognised_through.map_or(self.from, |recognised| recognised.plus_days(1))
    }
}

/// A period that is to be charged.
#[derive(Debug, Clone, Copy)]
pub struct NextPeriod<'m> {
    /// The term that was sold first.
    pub first: &'m MembershipFacts,
    /// The term of the period.
    pub membership: MembershipId,
    /// What is charged.
    pub renewal: &'m Renewal,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

impl<'m> NextPeriod<'m> {
    /// The command that charges it.
    pub fn charge(&self) -> ChargeMembership<'m> {
        let of = self.first;
        let sold = (of.holder, of.service, of.currency);
        renewal::charge(self.membership, sold, self.renewal, (self.from, self.to))
    }
}

/// All terms.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Memberships {
    terms: BTreeMap<MembershipId, MembershipFacts>,
}

impl Memberships {
    /// No term is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// A term.
    pub fn get(&self, membership: MembershipId) -> Option<&MembershipFacts> {
        self.terms.get(&membership)
    }

    /// Every term, by id.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &MembershipFacts> {
        self.terms.values()
    }

    /// How many terms there are.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Terms of which revenue is still to be recognised through a day, by id.
    pub fn due(&self, through: Date) -> impl Iterator<Item = &MembershipFacts> {
        self.terms.values().filter(move |term| term.is_due(through))
    }

    /// The next period of each term that renews itself, through a day: the period after the last one that is charged, where
    /// it begins by then and was agreed before it began. A period that was cancelled has none after it.
    pub fn to_renew(&self, through: Date) -> Vec<NextPeriod<'_>> {
        self.terms.values().filter_map(|first| self.next_period(first, through)).collect()
    }

    fn next_period<'m>(
        &'m self,
        first: &'m MembershipFacts,
        through: Date,
    ) -> Option<NextPeriod<'m>> {
        if first.renewals.is_empty() {
            return None;
        }
        let anchor = first.to.plus_days(1);
        let (mut last, mut number) = (first, 2);
        while let Some(next) = period_id(first.membership, number).and_then(|id| self.get(id)) {
            (last, number) = (next, number + 1);
        }
        let from = last.to.plus_days(1);
        if last.cancelled_on.is_some() || first.cancelled_on.is_some() || from > through {
            return None;
        }
        let renewal = agreed_for(&first.renewals, from)?;
        let membership = period_id(first.membership, number)?;
        let to = last_day(from, renewal.months, anchor);
        Some(NextPeriod { first, membership, renewal, from, to })
    }

    fn fold(&mut self, entry: u64, id: &str, event: &MembershipEvent<'_>) {
        // A stream whose id is none has no term that a command could name.
        let Ok(membership) = MembershipId::new(id) else { return };
        if let MembershipEvent::Charged(of) = event {
            let facts = MembershipFacts {
                membership,
                holder: of.holder,
                service: of.service,
                currency: of.currency,
                plan: (&*of.plan.plan).into(),
                from: of.plan.from,
                to: of.plan.to,
                recognised_through: None,
                cancelled_on: None,
                renewals: Vec::new(),
                charged_entry: entry,
                last_entry: entry,
            };
            self.terms.insert(membership, facts);
            return;
        }
        if let MembershipEvent::BroughtForward(of) = event {
            let facts = MembershipFacts {
                membership,
                holder: of.holder,
                service: of.service,
                currency: of.currency,
                plan: "brought forward".into(),
                from: of.from,
                to: of.to,
                recognised_through: None,
                cancelled_on: None,
                renewals: Vec::new(),
                charged_entry: entry,
                last_entry: entry,
            };
            self.terms.insert(membership, facts);
            return;
        }
        let Some(term) = self.terms.get_mut(&membership) else { return };
        term.last_entry = entry;
        match event {
            MembershipEvent::BroughtForward(_)
            | MembershipEvent::Charged(_)
            | MembershipEvent::Invoiced(_)
            | MembershipEvent::RedLetterIssued(_)
            | MembershipEvent::RefundPaid(_) => {}
            MembershipEvent::RenewalAgreed(of) => term.renewals.push(Agreement::to_renew(of)),
            MembershipEvent::RenewalEnded(of) => term.renewals.push(Agreement::to_end(of)),
            MembershipEvent::Recognised(of) => term.recognised_through = Some(of.through),
            MembershipEvent::Upgraded(of) => {
                (term.from, term.to, term.recognised_through) = (of.plan.from, of.plan.to, None);
                term.plan = (&*of.plan.plan).into();
            }
            MembershipEvent::Cancelled(of) => term.cancelled_on = Some(of.on),
        }
    }
}

impl Register for Memberships {
    fn name(&self) -> &'static str {
        "memberships"
    }

    fn version(&self) -> u32 {
        2
    }

    fn apply(&mut self, events: &[Recorded<'_>]) {
        for recorded in events {
            if let LedgerEvent::Membership(event) = recorded.event {
                self.fold(recorded.entry, recorded.id(), event);
            }
        }
    }

    fn save(&self) -> Vec<u8> {
        // Bytes that cannot be written load as "not a snapshot", and the projector rebuilds.
        let terms: Vec<&MembershipFacts> = self.terms.values().collect();
        postcard::to_stdvec(&terms).unwrap_or_default()
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), String> {
        let terms: Vec<MembershipFacts> =
            postcard::from_bytes(bytes).map_err(|error| error.to_string())?;
        self.terms = terms.into_iter().map(|of| (of.membership, of)).collect();
        Ok(())
    }
}
