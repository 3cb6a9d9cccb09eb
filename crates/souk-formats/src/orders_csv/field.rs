//! What a column of an orders file can mean to us.

use serde::Deserialize;

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $key:literal,)+) => {
        /// The meaning of a column; its name in `[columns]` and `[defaults]` is [`Field::key`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Field { $($(#[$doc])* $name,)+ }

        impl Field {
            /// Every field, in the order of declaration.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// Its name in a map.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)+ }
            }
        }
    };
}

fields! {
    /// The order's id.
    Order = "order",
    /// The ISO 4217 code of the amounts, where it is not the same throughout.
    Currency = "currency",
    /// When the order was placed.
    OrderedAt = "ordered_at",
    /// The id of an order line within its order; without it lines are numbered 1, 2, 3.
    Item = "item",
    /// Who sells the line.
    Merchant = "merchant",
    /// The category that decides the commission.
    Category = "category",
    /// The price of one piece.
    Price = "price",
    /// How many pieces; 1 without it.
    Quantity = "quantity",
    /// The buyer's shipping fee for the line.
    Shipping = "shipping",
    /// What the merchant takes off the line, as a positive amount.
    MerchantDiscount = "merchant_discount",
    /// What the platform takes off the line, as a positive amount.
    PlatformDiscount = "platform_discount",
    /// When the line's merchant completed the order.
    CompletedAt = "completed_at",
    /// The id of a payment within its order; without it payments are numbered 1, 2, 3.
    Payment = "payment",
    /// How it was paid.
    Method = "method",
    /// The amount that was paid.
    Amount = "amount",
    /// When it was paid; without it when the order was placed.
    PaidAt = "paid_at",
    /// The id of a refund within its order; without it refunds are numbered 1, 2, 3.
    Refund = "refund",
    /// The amount given back.
    RefundAmount = "refund_amount",
    /// When it was given back.
    RefundedAt = "refunded_at",
}
