//! The small tables held in memory: categories of products, and the sellers.

use super::row::Fields;
use super::{OlistError, PRODUCTS_FILE, SELLERS_FILE};
use crate::bad_row::{BadRows, quoted};
use crate::short_id::ShortId;
use crate::text_table::{Problem, TextTable};
use csv::ByteRecord;
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

/// A seller of the data set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OlistSeller {
    /// The seller's id.
    pub seller_id: ShortId,
    /// The two-letter state, as in the file.
    pub state: Arc<str>,
}

/// The category of every product; about 32,951 products and 73 categories.
#[derive(Default)]
pub(super) struct Categories {
    names: Vec<Arc<str>>,
    by_name: HashMap<Arc<str>, u32>,
    by_product: HashMap<ShortId, u32>,
}

impl Categories {
    /// Stands for a product without a category.
    pub(super) const NONE: u32 = u32::MAX;

    /// The number of a product's category, or [`Categories::NONE`].
    pub(super) fn of(&self, product: &ShortId) -> u32 {
        self.by_product.get(product).copied().unwrap_or(Self::NONE)
    }

    /// The name of a category by its number.
    pub(super) fn name(&self, number: u32) -> Option<Arc<str>> {
        self.names.get(usize::try_from(number).ok()?).cloned()
    }

    fn number(&mut self, name: &str) -> u32 {
        if let Some(&number) = self.by_name.get(name) {
            return number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(Self::NONE);
        let name: Arc<str> = name.into();
        self.names.push(name.clone());
        self.by_name.insert(name, number);
        number
    }
}

/// Both tables.
pub(super) struct Lookups {
    pub(super) categories: Categories,
    pub(super) sellers: Vec<OlistSeller>,
    pub(super) known_sellers: HashSet<ShortId>,
}

impl Lookups {
    /// Reads both files. The second row of a product or a seller is bad, and the first stands.
    pub(super) fn read(dir: &Path, bad: &mut BadRows) -> Result<Self, OlistError> {
        let categories = read_categories(dir, bad)?;
        let sellers = read_sellers(dir, bad)?;
        let known_sellers = sellers.iter().map(|seller| seller.seller_id).collect();
        Ok(Self { categories, sellers, known_sellers })
    }
}

/// Runs through a table, collecting the problems of its rows.
fn each_row(
    table: &mut TextTable,
    bad: &mut BadRows,
    mut take: impl FnMut(Fields<'_>) -> Result<(), Problem>,
) -> Result<(), OlistError> {
    let mut record = ByteRecord::new();
    while let Some(read) = table.next_row(&mut record)? {
        let taken = read.problem.map_or_else(|| take(Fields(&record)), Err);
        if let Err(problem) = taken {
            bad.push(table.bad_row(read.line, problem.index, problem.what));
        }
    }
    Ok(())
}

fn read_categories(dir: &Path, bad: &mut BadRows) -> Result<Categories, OlistError> {
    let mut table = TextTable::open(&dir.join(PRODUCTS_FILE), b',')?;
    let product = table.require("product_id")?;
    let category = table.require("product_category_name")?;
    let mut categories = Categories::default();
    each_row(&mut table, bad, |fields| {
        let id = fields.id(product, "product")?;
        let name = fields.text(category)?;
        let number = if name.is_empty() { Categories::NONE } else { categories.number(name) };
        match categories.by_product.insert(id, number) {
            None => Ok(()),
            Some(first) => {
                categories.by_product.insert(id, first);
                Err(Problem { index: product, what: format!("product {id} stands here twice") })
            }
        }
    })?;
    Ok(categories)
}

fn read_sellers(dir: &Path, bad: &mut BadRows) -> Result<Vec<OlistSeller>, OlistError> {
    let mut table = TextTable::open(&dir.join(SELLERS_FILE), b',')?;
    let (seller, state) = (table.require("seller_id")?, table.require("seller_state")?);
    let (mut sellers, mut seen) = (Vec::new(), HashSet::new());
    let mut states: HashSet<Arc<str>> = HashSet::new();
    each_row(&mut table, bad, |fields| {
        let seller_id = fields.id(seller, "seller")?;
        let name = fields.text(state)?;
        if name.len() != 2 || !name.bytes().all(|b| b.is_ascii_uppercase()) {
            let what = format!("state {} is not two capital letters", quoted(name.as_bytes()));
            return Err(Problem { index: state, what });
        }
        if !seen.insert(seller_id) {
            let what = format!("seller {seller_id} stands here twice");
            return Err(Problem { index: seller, what });
        }
        let state = states.get(name).cloned().unwrap_or_else(|| name.into());
        states.insert(state.clone());
        sellers.push(OlistSeller { seller_id, state });
        Ok(())
    })?;
    Ok(sellers)
}
