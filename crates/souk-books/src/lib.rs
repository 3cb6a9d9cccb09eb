//! All read models at one entry number: queries and the JSON contract.
