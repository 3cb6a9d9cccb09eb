//! What postings are split by: category path, region of the order, tier of the merchant. Sets of the three are numbered
//! in log order from 0, which is none of them; a cell belongs to one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use souk_journal::names::{DimsNo, Names};

/// A category path, a region and a tier; what postings do not say is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Segment {
    /// Category path of the goods, parts joined by `/`.
    pub category: Option<Box<str>>,
    /// Region of the order.
    pub region: Option<Box<str>>,
    /// Tier of the merchant when the amount was decided.
    pub tier: Option<Box<str>>,
}

/// Which parts of a segment rows are split by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SplitBy {
    /// The category path.
    pub category: bool,
    /// The region.
    pub region: bool,
    /// The tier.
    pub tier: bool,
}

impl SplitBy {
    /// The segment with what is not split by left out.
    pub(crate) fn of(self, segment: &Segment) -> Segment {
        let kept = |wanted: bool, of: &Option<Box<str>>| of.clone().filter(|_| wanted);
        Segment {
            category: kept(self.category, &segment.category),
            region: kept(self.region, &segment.region),
            tier: kept(self.tier, &segment.tier),
        }
    }
}

/// The numbers of segments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Segments {
    known: Vec<Segment>,
    numbers: BTreeMap<Segment, u32>,
    /// By number of dimensions, once a posting had them.
    of_dims: Vec<Option<u32>>,
}

impl Default for Segments {
    fn default() -> Self {
        let none = Segment::default();
        let (numbers, known) = (BTreeMap::from([(none.clone(), 0)]), vec![none]);
        Self { known, numbers, of_dims: Vec::new() }
    }
}

impl Segments {
    /// Every segment, by number.
    pub(crate) fn known(&self) -> &[Segment] {
        &self.known
    }

    pub(crate) fn number(&mut self, dims: DimsNo, names: &Names) -> usize {
        let index = dims.0 as usize;
        if let Some(Some(number)) = self.of_dims.get(index) {
            return *number as usize;
        }
        let segment = names.dims(dims).map_or_else(Segment::default, |dims| Segment {
            category: dims.category.clone(),
            region: dims.region.clone(),
            tier: dims.tier.clone(),
        });
        let next = self.known.len() as u32;
        let number = *self.numbers.entry(segment.clone()).or_insert(next);
        if number == next {
            self.known.push(segment);
        }
        if index >= self.of_dims.len() {
            self.of_dims.resize(index + 1, None);
        }
        self.of_dims[index] = Some(number);
        number as usize
    }
}
