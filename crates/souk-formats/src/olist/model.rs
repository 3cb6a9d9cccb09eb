//! What an order of the data set says. Money is BRL with two decimals; times are local.

use crate::short_id::ShortId;
use jiff::civil::DateTime;
use rust_decimal::Decimal;
use std::sync::Arc;

/// An order with all its items and payments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OlistOrder {
    /// The order's id.
    pub order_id: ShortId,
    /// How far it came.
    pub status: OlistStatus,
    /// When it was placed, local time ([`super::OlistClock`]).
    pub purchased_at: DateTime,
    /// When its payment was approved, local time; absent for some.
    pub approved_at: Option<DateTime>,
    /// When it was delivered, local time; absent for a few that are `delivered`, present for a few
    /// that are `canceled`.
    pub delivered_at: Option<DateTime>,
    /// Whether the times were observed or made up. Label what is built on the latter.
    pub dates: OlistDates,
    /// Its lines, by `item_no`, without repeats; none for some.
    pub items: Vec<OlistItem>,
    /// Its payments, by `sequential`, without repeats; none for one order.
    pub payments: Vec<OlistPayment>,
    /// Its line in [`super::ORDERS_FILE`].
    pub line: u64,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OlistItem {
    /// Its number within the order, from 1.
    pub item_no: u32,
    /// The product.
    pub product_id: ShortId,
    /// The seller; always one of [`super::OlistReader::sellers`].
    pub seller_id: ShortId,
    /// The product's category, the Portuguese key of the products' file; absent for some.
    pub category: Option<Arc<str>>,
    /// The price in BRL, ≥ 0, two decimals.
    pub price: Decimal,
    /// The freight in BRL, ≥ 0, two decimals.
    pub freight: Decimal,
    /// Its line in [`super::ITEMS_FILE`].
    pub line: u64,
}

/// One payment of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OlistPayment {
    /// Its number within the order, from 1.
    pub sequential: u32,
    /// How it was paid.
    pub method: OlistMethod,
    /// In how many instalments; 0 for a few.
    pub instalments: u32,
    /// The amount in BRL, ≥ 0, two decimals; 0.00 for a few.
    pub value: Decimal,
    /// Its line in [`super::PAYMENTS_FILE`].
    pub line: u64,
}

/// An enum whose values are words in a file.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$each])* $variant,)+ }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word for it in the files.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The value of a word, or `None` for any other word.
            #[must_use]
            pub fn from_word(word: &[u8]) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str().as_bytes() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}
pub(super) use words;

words! {
    /// How far an order came.
    OlistStatus {
        /// Delivered to the buyer.
        Delivered = "delivered",
        /// Handed to the carrier.
        Shipped = "shipped",
        /// Cancelled.
        Canceled = "canceled",
        /// Could not be supplied.
        Unavailable = "unavailable",
        /// Invoiced.
        Invoiced = "invoiced",
        /// Being prepared.
        Processing = "processing",
        /// Placed, not approved.
        Created = "created",
        /// Payment approved.
        Approved = "approved",
    }
}

words! {
    /// How an order was paid.
    OlistMethod {
        /// A credit card, in one or more instalments.
        CreditCard = "credit_card",
        /// A bank slip.
        Boleto = "boleto",
        /// A voucher of the platform.
        Voucher = "voucher",
        /// A debit card.
        DebitCard = "debit_card",
        /// Not said.
        NotDefined = "not_defined",
    }
}

words! {
    /// Where the times of an order come from.
    OlistDates {
        /// From the source.
        Observed = "observed",
        /// Made up from the shipping limit.
        Imputed = "imputed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_files_are_read_back_and_others_are_not() {
        for status in OlistStatus::ALL {
            assert_eq!(OlistStatus::from_word(status.as_str().as_bytes()), Some(*status));
        }
        assert_eq!(OlistStatus::from_word(b"Delivered"), None);
        assert_eq!(OlistMethod::from_word(b"credit_card"), Some(OlistMethod::CreditCard));
        assert_eq!(OlistDates::from_word(b""), None);
    }
}
