//! Free advertising credit with a last day: when what is left of it expires. How much is left, only its stream knows.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use souk_domain::advertising::events::AdvertisingEvent;
use souk_domain::event::LedgerEvent;
use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;
use souk_projector::{Recorded, Register};

/// Merchant and code of the currency.
type Key = (MerchantId, Box<str>);

/// The last days of credit, by merchant and code of the currency; days that are reversed are gone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AdCredits {
    days: BTreeMap<Key, BTreeSet<Date>>,
}

impl AdCredits {
    /// No credit is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whose credit has a last day before a day, with the latest such day.
    pub fn over(&self, before: Date) -> Vec<(MerchantId, Currency, Date)> {
        let of = |((merchant, code), days): (&Key, &BTreeSet<Date>)| {
            let last = days.range(..before).next_back()?;
            Some((*merchant, Currency::from_code(code).ok()?, *last))
        };
        self.days.iter().filter_map(of).collect()
    }
}

impl Register for AdCredits {
    fn name(&self) -> &'static str {
        "ad-credits"
    }

    fn version(&self) -> u32 {
        1
    }

    fn apply(&mut self, events: &[Recorded<'_>]) {
        for recorded in events {
            let LedgerEvent::Advertising(event) = recorded.event else { continue };
            if let AdvertisingEvent::CreditGranted(of) = event
                && let Some(last) = of.expires_on
            {
                let key = (of.merchant, of.currency.code().into());
                self.days.entry(key).or_default().insert(last);
            }
            if let AdvertisingEvent::CreditExpired(of) = event
                && let Some(days) = self.days.get_mut(&(of.merchant, of.currency.code().into()))
            {
                days.retain(|last| *last > of.through);
            }
        }
    }

    fn save(&self) -> Vec<u8> {
        // Bytes that cannot be written load as "not a snapshot", and the projector rebuilds.
        let all: Vec<_> = self.days.iter().collect();
        postcard::to_stdvec(&all).unwrap_or_default()
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), String> {
        let all: Vec<(Key, BTreeSet<Date>)> =
            postcard::from_bytes(bytes).map_err(|error| error.to_string())?;
        self.days = all.into_iter().collect();
        Ok(())
    }
}
