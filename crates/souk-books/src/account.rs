//! A merchant's account: where it stands between active and closed, and what is left in it.

use schemars::JsonSchema;
use serde::Serialize;
use souk_domain::merchant::events::LeftKind;
use souk_domain::merchant::state::Standing;
use souk_journal::dates::Date;
use souk_journal::ids::MerchantId;
use souk_journal::money::Currency;
use souk_ledger::close_run::AccountSource as _;

use crate::books::Books;
use crate::error::BooksError;
use crate::figure::Figure;
use crate::holds::HoldRow;

/// Where an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AccountStanding {
    /// In business.
    Active,
    /// The end is announced.
    Closing,
    /// Closed.
    Closed,
}

/// Something left in an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftInAccount {
    /// What.
    pub what: LeftKind,
    /// Currency of the amount.
    pub currency: Currency,
    /// How much; of items their sum.
    pub amount: Figure,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MerchantAccount {
    /// The last entry it reflects.
    pub entry: u64,
    /// The merchant.
    pub merchant: MerchantId,
    /// Where it stands.
    pub standing: AccountStanding,
    /// The last day of new business; null while no end is announced.
    pub last_day: Option<Date>,
    /// The last day of the wind-down: the cycle in which it falls is the final settlement.
    pub wind_down_to: Option<Date>,
    /// What is left in it; an account closes with nothing but debts.
    pub left: Vec<LeftInAccount>,
    /// What of it is on hold, and why.
    pub holds: Vec<HoldRow>,
}

impl Books {
    /// Where a merchant's account stands, and what is left in it.
    ///
    /// # Errors
    /// `UnknownMerchant`, with the nearest known one.
    pub fn merchant_account(&self, merchant: &str) -> Result<MerchantAccount, BooksError> {
        let merchant = self.find_merchant(merchant)?;
        let state = self.models().merchants.get(merchant).map(|of| &of.state);
        let closing = state.and_then(|state| state.closing());
        let left = self.left(merchant).into_iter().map(|of| LeftInAccount {
            what: of.kind,
            currency: of.currency,
            // An amount of the books fits its currency.
            amount: Figure::new(of.amount.minor(of.currency).unwrap_or_default(), of.currency),
        });
        Ok(MerchantAccount {
            entry: self.entry(),
            merchant,
            standing: match state.map(|state| state.standing) {
                None | Some(Standing::Active) => AccountStanding::Active,
                Some(Standing::Closing(_)) => AccountStanding::Closing,
                Some(Standing::Closed(_)) => AccountStanding::Closed,
            },
            last_day: closing.map(|of| of.last_day),
            wind_down_to: closing.map(|of| of.wind_down_to),
            left: left.collect(),
            holds: self.holds(Some(merchant)),
        })
    }
}
