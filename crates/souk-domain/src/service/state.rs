//! What a merchant's services remember: every charge, and what of it went back.

use std::collections::BTreeMap;

use souk_journal::dates::Date;
use souk_journal::ids::{ChargeId, Id, OrderId};
use souk_journal::money::{Currency, MoneyError};
use souk_journal::split::returned_in_turn;

use super::events::{PenaltyImposed, ServiceFeeCharged};
use crate::red_letters::Invoiced;
use crate::returned_to::Bore;
use crate::segment::KeptSegment;
use crate::service_kind::ServiceKind;

/// What a charge is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Charged {
    /// A service.
    Service {
        /// Which.
        service: ServiceKind,
        /// The supplier that has a part.
        supplier: Option<Id>,
    },
    /// A penalty.
    Penalty {
        /// The payment through which the buyer gets it.
        passed: Option<Box<str>>,
    },
}

/// The parts of a charge, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    /// The supplier's.
    pub supplier: i64,
    /// Tax.
    pub tax: i64,
    /// The platform's.
    pub net: i64,
}

impl Parts {
    /// All of it.
    pub fn gross(self) -> i64 {
        self.supplier + self.tax + self.net
    }

    /// What of each part went back once so much of all of it did.
    pub fn returned(self, gross: i64) -> Self {
        let parts = returned_in_turn(gross, &[self.supplier, self.tax, self.net]);
        Self { supplier: parts[0], tax: parts[1], net: parts[2] }
    }

    /// What more this is than an earlier state.
    pub fn since(self, before: Self) -> Self {
        Self {
            supplier: self.supplier - before.supplier,
            tax: self.tax - before.tax,
            net: self.net - before.net,
        }
    }
}

/// A charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// What it is.
    pub charged: Charged,
    /// The order it belongs to.
    pub order: Option<OrderId>,
    /// Its parts.
    pub parts: Parts,
    /// Who paid.
    pub bore: Vec<Bore>,
    /// What went back, or was waived, minor units.
    pub returned: i64,
    /// What of it came back, without tax and of tax, minor units.
    pub came_back: (i64, i64),
    /// The invoice on which it stands.
    pub invoice: Option<Invoiced>,
    /// The segment of its revenue.
    pub segment: KeptSegment,
    /// What waits in transit: through which payments and transfers it is paid out.
    pub open: Vec<Bore>,
}

impl Charge {
    /// What may still go back, minor units.
    pub fn left(&self) -> i64 {
        self.parts.gross() - self.returned
    }

    pub(super) fn service(of: &ServiceFeeCharged<'_>) -> Result<Self, MoneyError> {
        let (currency, supplier) = (of.currency, of.supplier.map(|of| of.supplier));
        let part = of.supplier.map(|of| of.amount.minor(currency)).transpose()?;
        let bore = of.settled_from.iter().map(|from| Bore::of(from, currency));
        Ok(Self {
            charged: Charged::Service { service: of.service, supplier },
            order: of.order,
            parts: Parts {
                supplier: part.unwrap_or(0),
                tax: of.tax.minor(currency)?,
                net: of.net.minor(currency)?,
            },
            bore: bore.collect::<Result<_, _>>()?,
            returned: 0,
            came_back: (0, 0),
            invoice: None,
            segment: of.segment.into(),
            open: Vec::new(),
        })
    }

    pub(super) fn penalty(of: &PenaltyImposed<'_>) -> Result<Self, MoneyError> {
        let net = of.amount.minor(of.currency)?;
        let bore = of.settled_from.iter().map(|from| Bore::of(from, of.currency));
        let passed: Option<Box<str>> = of.passed_to.as_ref().map(|to| (&*to.payment).into());
        let open = passed.clone().map(|payment| Bore {
            source: crate::settled_from::Source::Provider,
            reference: Some(payment),
            net,
            tax: 0,
        });
        Ok(Self {
            charged: Charged::Penalty { passed },
            order: of.order,
            parts: Parts { net, ..Parts::default() },
            bore: bore.collect::<Result<_, _>>()?,
            returned: 0,
            came_back: (0, 0),
            invoice: None,
            segment: KeptSegment::default(),
            open: open.into_iter().collect(),
        })
    }
}

/// A merchant's services in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServiceState {
    /// The charges.
    pub charges: BTreeMap<ChargeId, Charge>,
    /// What is left of the principal of each loan, minor units.
    pub loans: BTreeMap<ChargeId, i64>,
    /// What was paid early, by early payout: the days and what was paid for each, minor units.
    pub advanced: BTreeMap<ChargeId, Vec<(Date, i64)>>,
    /// What suppliers were paid, by supplier and transfer, minor units.
    pub remitted: BTreeMap<(Id, Box<str>), i64>,
    /// The currency, once something was charged.
    pub currency: Option<Currency>,
}

impl ServiceState {
    /// What a supplier is owed: collected in its name, less what went back and what it was paid; below zero when more went
    /// back than it still had to get.
    pub fn owed_to(&self, supplier: Id) -> i64 {
        let collected = self.charges.values().filter_map(|of| match of.charged {
            Charged::Service { supplier: Some(known), .. } if known == supplier => {
                Some(of.parts.supplier - of.parts.returned(of.returned).supplier)
            }
            Charged::Service { .. } | Charged::Penalty { .. } => None,
        });
        let remitted = self.remitted.iter().filter(|((known, _), _)| *known == supplier);
        collected.sum::<i64>() - remitted.map(|(_, amount)| amount).sum::<i64>()
    }
}
