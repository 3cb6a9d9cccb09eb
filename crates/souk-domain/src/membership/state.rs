//! What a term's stream remembers.

use souk_journal::dates::Date;
use souk_journal::money::{Currency, MoneyError};

use super::events::{Holder, MembershipCharged, MembershipUpgraded, Plan, UnusedRest};
use super::renewal::Agreement;
use crate::opening::events::MembershipBroughtForward;
use crate::rate::Rate;
use crate::red_letters::Invoiced;
use crate::returned_to::{Bore, by_day, merged, scaled};
use crate::segment::KeptSegment;
use crate::service_kind::ServiceKind;
use crate::settled_from::Source;

/// A running term; amounts in minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Who holds it.
    pub holder: Holder,
    /// The line of revenue.
    pub service: ServiceKind,
    /// Currency.
    pub currency: Currency,
    /// First day of the present plan.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// Its price without tax.
    pub net: i64,
    /// Its tax.
    pub tax: i64,
    /// Rate of the tax.
    pub tax_rate: Rate,
    /// Recognised of the present plan.
    pub recognised: i64,
    /// The last day that counted.
    pub recognised_through: Option<Date>,
    /// What becomes of an unused rest.
    pub unused_rest: UnusedRest,
    /// Who paid for the present plan.
    pub bore: Vec<Bore>,
    /// What is agreed about its renewal, oldest first.
    pub renewals: Vec<Agreement>,
    /// Invoices of the term's plans, the present one last.
    pub invoices: Vec<Invoiced>,
    /// The present plan stands on the last of them.
    pub invoiced: bool,
    /// The tier that the holder had when it was sold: all of the term's revenue stays there.
    pub segment: KeptSegment,
}

/// A term.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum MembershipState {
    /// Not sold.
    #[default]
    Absent,
    /// Sold: runs, or has run out.
    Sold(Box<Term>),
    /// Cancelled. What waits to be paid outside, if anything.
    Cancelled {
        /// Who held it.
        holder: Holder,
        /// Currency.
        currency: Currency,
        /// The line of revenue.
        service: ServiceKind,
        /// Invoices of its plans.
        invoices: Vec<Invoiced>,
        /// To whom a refund is open.
        open: Vec<Bore>,
    },
}

impl Term {
    pub(super) fn sold(of: &MembershipCharged<'_>) -> Result<Self, MoneyError> {
        let bore = of.settled_from.iter().map(|from| Bore::of(from, of.currency));
        let bore = bore.collect::<Result<_, _>>()?;
        let mut term = Self {
            holder: of.holder,
            service: of.service,
            currency: of.currency,
            from: of.plan.from,
            to: of.plan.to,
            net: 0,
            tax: 0,
            tax_rate: of.plan.tax_rate,
            recognised: 0,
            recognised_through: None,
            unused_rest: of.unused_rest,
            bore,
            renewals: Vec::new(),
            invoices: Vec::new(),
            invoiced: false,
            segment: of.segment.into(),
        };
        term.run(&of.plan)?;
        Ok(term)
    }

    /// What is left of it is a plan of its own, without tax: that was due when it was sold. The merchant paid.
    pub(super) fn brought_forward(of: &MembershipBroughtForward<'_>) -> Result<Self, MoneyError> {
        let net = of.deferred.minor(of.currency)?;
        let bore = vec![Bore { source: Source::Payable, reference: None, net, tax: 0 }];
        Ok(Self {
            holder: of.holder,
            service: of.service,
            currency: of.currency,
            from: of.from,
            to: of.to,
            net,
            tax: 0,
            tax_rate: Rate::ZERO,
            recognised: 0,
            recognised_through: None,
            unused_rest: of.unused_rest,
            bore,
            renewals: Vec::new(),
            invoices: Vec::new(),
            invoiced: false,
            segment: KeptSegment::default(),
        })
    }

    /// The new plan runs; those who paid for the old one bear its rest in the new one.
    pub(super) fn upgraded(&mut self, of: &MembershipUpgraded<'_>) -> Result<(), MoneyError> {
        let credit = (of.credited_net.minor(of.currency)?, of.credited_tax.minor(of.currency)?);
        self.came_back(credit.0, credit.1);
        self.invoiced = false;
        let mut bore = scaled(&self.bore, credit.0, credit.1);
        for from in &of.settled_from {
            bore = merged(bore, Bore::of(from, of.currency)?);
        }
        self.bore = bore;
        self.run(&of.plan)
    }

    /// What came back of the present plan needs a red letter when it stands on an invoice.
    pub(super) fn came_back(&mut self, net: i64, tax: i64) {
        if let Some(invoiced) = self.invoices.last_mut().filter(|_| self.invoiced) {
            invoiced.add(net, tax);
        }
    }

    fn run(&mut self, plan: &Plan<'_>) -> Result<(), MoneyError> {
        (self.from, self.to, self.tax_rate) = (plan.from, plan.to, plan.tax_rate);
        self.net = plan.net.minor(self.currency)?;
        self.tax = plan.tax.minor(self.currency)?;
        (self.recognised, self.recognised_through) = (0, None);
        Ok(())
    }

    /// Days of the plan.
    pub fn days(&self) -> i32 {
        self.to.days_since(self.from) + 1
    }

    /// Days of it that have passed by the end of a day.
    pub fn days_through(&self, day: Date) -> i32 {
        (day.days_since(self.from) + 1).clamp(0, self.days())
    }

    /// Earned by the end of a day: the share of the days, half up.
    pub fn earned(&self, through: Date) -> i64 {
        by_day(self.net, self.days_through(through), self.days())
    }

    /// The tax on what is used by the end of a day, by the same share.
    pub fn used_tax(&self, through: Date) -> i64 {
        by_day(self.tax, self.days_through(through), self.days())
    }

    /// Whether everything is recognised.
    pub fn is_recognised(&self) -> bool {
        self.recognised_through.is_some_and(|through| through >= self.to)
    }
}

impl MembershipState {
    /// Who holds it.
    pub fn holder(&self) -> Option<Holder> {
        match self {
            Self::Absent => None,
            Self::Sold(term) => Some(term.holder),
            Self::Cancelled { holder, .. } => Some(*holder),
        }
    }
}
