//! Names behind the numbers in postings: merchants and dimensions, numbered in log order.
//!
//! A posting carries small numbers so that projections can add with vectors instead of maps of
//! strings. The numbers are the order of first appearance in the log, so every replay gives the
//! same ones; they never leave the process except inside a snapshot together with this table.

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::ids::{MerchantId, RuleId, TariffId};

/// A merchant's number; 0 is no merchant.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, Debug,
)]
pub struct MerchantNo(pub u32);

impl MerchantNo {
    /// No merchant.
    pub const NONE: Self = Self(0);
}

/// The number of a set of dimensions; 0 is none.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, Debug,
)]
pub struct DimsNo(pub u32);

impl DimsNo {
    /// No dimensions.
    pub const NONE: Self = Self(0);
}

/// The rule that set an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TariffRule {
    /// The tariff.
    pub tariff: TariffId,
    /// Its version, from 1.
    pub version: u32,
    /// The rule within the version.
    pub rule: RuleId,
}

/// Dimensions of a posting: what reports slice by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Dims {
    /// Category path of the goods, parts joined by `/`.
    pub category: Option<Box<str>>,
    /// How the buyer paid.
    pub method: Option<Box<str>>,
    /// The tariff rule.
    pub rule: Option<TariffRule>,
    /// Region of the order, as the decision froze it.
    pub region: Option<Box<str>>,
    /// Tier of the merchant, as the decision froze it.
    pub tier: Option<Box<str>>,
}

/// Dimensions before they are numbered, borrowed from the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct DimsOf<'a> {
    /// Category path.
    pub category: Option<&'a str>,
    /// Payment method.
    pub method: Option<&'a str>,
    /// Tariff rule.
    pub rule: Option<TariffRule>,
    /// Region of the order.
    pub region: Option<&'a str>,
    /// Tier of the merchant.
    pub tier: Option<&'a str>,
}

impl DimsOf<'_> {
    fn same_as(&self, dims: &Dims) -> bool {
        dims.category.as_deref() == self.category
            && dims.method.as_deref() == self.method
            && dims.rule == self.rule
            && dims.region.as_deref() == self.region
            && dims.tier.as_deref() == self.tier
    }

    fn to_owned(self) -> Dims {
        Dims {
            category: self.category.map(Into::into),
            method: self.method.map(Into::into),
            rule: self.rule,
            region: self.region.map(Into::into),
            tier: self.tier.map(Into::into),
        }
    }
}

/// The tables of names.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Names {
    merchants: Vec<MerchantId>,
    dims: Vec<Dims>,
    #[serde(skip)]
    merchant_numbers: HashMap<MerchantId, MerchantNo>,
    #[serde(skip)]
    dims_numbers: HashMap<u64, Vec<DimsNo>>,
}

impl Names {
    /// The number of a merchant, given now if it has none.
    pub fn merchant_no(&mut self, id: MerchantId) -> MerchantNo {
        if let Some(number) = self.merchant_numbers.get(&id) {
            return *number;
        }
        self.merchants.push(id);
        let number = MerchantNo(self.merchants.len() as u32);
        self.merchant_numbers.insert(id, number);
        number
    }

    /// The number of a merchant that has appeared.
    pub fn find_merchant(&self, id: MerchantId) -> Option<MerchantNo> {
        self.merchant_numbers.get(&id).copied()
    }

    /// The merchant of a number.
    pub fn merchant(&self, number: MerchantNo) -> Option<MerchantId> {
        self.merchants.get((number.0 as usize).wrapping_sub(1)).copied()
    }

    /// Merchants in order of first appearance.
    pub fn merchants(&self) -> &[MerchantId] {
        &self.merchants
    }

    /// The number of a set of dimensions, given now if it has none.
    pub fn dims_no(&mut self, dims: DimsOf<'_>) -> DimsNo {
        if dims == DimsOf::default() {
            return DimsNo::NONE;
        }
        let bucket = self.dims_numbers.entry(fingerprint(dims)).or_default();
        let known = bucket.iter().find(|no| dims.same_as(&self.dims[no.0 as usize - 1]));
        if let Some(number) = known {
            return *number;
        }
        self.dims.push(dims.to_owned());
        let number = DimsNo(self.dims.len() as u32);
        bucket.push(number);
        number
    }

    /// The dimensions of a number.
    pub fn dims(&self, number: DimsNo) -> Option<&Dims> {
        self.dims.get((number.0 as usize).wrapping_sub(1))
    }

    /// Rebuilds the look-up tables, which a snapshot leaves out.
    pub fn reindex(&mut self) {
        self.merchant_numbers =
            (1..).zip(&self.merchants).map(|(number, id)| (*id, MerchantNo(number))).collect();
        self.dims_numbers.clear();
        for (number, dims) in (1..).zip(&self.dims) {
            let of = DimsOf {
                category: dims.category.as_deref(),
                method: dims.method.as_deref(),
                rule: dims.rule,
                region: dims.region.as_deref(),
                tier: dims.tier.as_deref(),
            };
            self.dims_numbers.entry(fingerprint(of)).or_default().push(DimsNo(number));
        }
    }
}

/// FNV-1a over the parts: stable between runs, which the standard hasher does not promise.
fn fingerprint(dims: DimsOf<'_>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |bytes: &[u8]| {
        for byte in bytes.iter().chain(&[0]) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    eat(dims.category.unwrap_or_default().as_bytes());
    eat(dims.method.unwrap_or_default().as_bytes());
    if let Some(rule) = &dims.rule {
        eat(rule.tariff.as_str().as_bytes());
        eat(&rule.version.to_be_bytes());
        eat(rule.rule.as_str().as_bytes());
    }
    eat(dims.region.unwrap_or_default().as_bytes());
    eat(dims.tier.unwrap_or_default().as_bytes());
    hash
}
