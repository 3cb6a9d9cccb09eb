//! The routing of every event, found by posting the golden events that the binary carries.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use souk_domain::event::LedgerEvent;
use souk_domain::metadata::Metadata;
use souk_domain::posting::post;
use souk_journal::entry::EventRef;
use souk_journal::names::Names;

use crate::fail::{Exit, Failure};

/// Where one event's amounts go.
#[derive(Debug, Serialize)]
pub(crate) struct Route {
    /// The event.
    pub(crate) event: &'static str,
    /// Its version.
    pub(crate) version: u32,
    /// Category of its streams.
    pub(crate) category: &'static str,
    /// Accounts debited.
    pub(crate) debit: Vec<String>,
    /// Accounts credited.
    pub(crate) credit: Vec<String>,
    /// Kinds of its postings.
    pub(crate) kinds: Vec<String>,
}

impl Route {
    /// Whether it moves no money.
    pub(crate) fn memo(&self) -> bool {
        self.debit.is_empty() && self.credit.is_empty()
    }
}

/// A golden event: what is stored, and who wrote it.
#[derive(Deserialize)]
struct Golden {
    stream: String,
    payload_text: String,
    metadata: serde_json::Value,
}

macro_rules! golden {
    ($($name:literal),* $(,)?) => {
        const GOLDEN: &[(&str, &str)] = &[$((
            $name,
            include_str!(concat!("../../../../fixtures/events/", $name, "/v1.json")),
        )),*];
    };
}

golden!(
    "ledger-created",
    "schema-registered",
    "merchant-enrolled",
    "terms-agreed",
    "settlement-currency-agreed",
    "withholding-agreed",
    "merchant-closing-announced",
    "merchant-closing-withdrawn",
    "merchant-closed",
    "payout-terms-agreed",
    "tariff-published",
    "tariff-part-published",
    "freight-table-published",
    "order-placed",
    "order-attributed",
    "order-paid",
    "order-difference-booked",
    "channel-fee-incurred",
    "channel-fee-returned",
    "order-shipped",
    "order-completed",
    "commission-charged",
    "fee-charged",
    "partner-commission-charged",
    "refund-issued",
    "refund-paid",
    "refund-failed",
    "fee-returned",
    "partner-commission-returned",
    "refund-advanced",
    "advance-recovered",
    "advance-borne",
    "claim-paid",
    "claim-collected",
    "supplier-part-remitted",
    "hold-placed",
    "hold-released",
    "order-cancelled",
    "tax-assessed",
    "tax-collected",
    "tax-refunded",
    "tax-withheld",
    "withholding-returned",
    "fee-invoiced",
    "red-letter-issued",
    "cycle-closed",
    "settlement-brought-forward",
    "account-settled",
    "debt-recognised",
    "debt-collected",
    "debt-allowance-set",
    "debt-written-off",
    "objection-terms-agreed",
    "objection-raised",
    "objection-answered",
    "correction-booked",
    "statement-confirmed",
    "payout-instructed",
    "payout-paid",
    "payout-failed",
    "payout-returned",
    "payout-approved",
    "payout-held",
    "payout-released",
    "payout-accepted",
    "payout-recalled",
    "payee-proposed",
    "payee-approved",
    "payee-withdrawn",
    "payoutfile-issued",
    "payoutfile-withdrawn",
    "wallet-brought-forward",
    "ad-terms-agreed",
    "wallet-topped-up",
    "credit-granted",
    "credit-expired",
    "ad-charged",
    "wallet-refunded",
    "wallet-refund-paid",
    "deposit-brought-forward",
    "deposit-paid",
    "deposit-used",
    "deposit-set-aside",
    "deposit-returned",
    "membership-brought-forward",
    "membership-charged",
    "revenue-recognised",
    "membership-upgraded",
    "membership-cancelled",
    "renewal-agreed",
    "renewal-ended",
    "membership-invoiced",
    "membership-red-letter-issued",
    "membership-refund-paid",
    "service-fee-charged",
    "service-fee-returned",
    "premium-remitted",
    "loan-granted",
    "loan-repaid",
    "service-fee-invoiced",
    "service-red-letter-issued",
    "payout-advanced",
    "penalty-imposed",
    "penalty-waived",
    "service-refund-paid",
    "input-tax-claimed",
    "tax-remitted",
    "opening-balances-recorded",
    "bank-line-recorded",
    "fx-rate-recorded",
    "fx-rate-corrected",
    "fx-settled",
    "fx-revalued",
    "close-run-started",
    "close-run-finished",
    "book-opened",
    "month-closed",
    "provision-booked",
    "provision-reversed",
);

/// The routes of all events.
pub(crate) fn routes() -> Result<Vec<Route>, Failure> {
    GOLDEN.iter().map(|(name, text)| route(name, text)).collect()
}

fn route(name: &str, text: &str) -> Result<Route, Failure> {
    let bug = |what: String| Failure::new(Exit::Bug, "Bug", format!("golden event {name}: {what}"));
    let document: serde_json::Value =
        serde_json::from_str(text).map_err(|error| bug(error.to_string()))?;
    let cases: Vec<Golden> = match document.get("cases") {
        Some(cases) => serde_json::from_value(cases.clone()),
        None => serde_json::from_value(document).map(|case| vec![case]),
    }
    .map_err(|error| bug(error.to_string()))?;
    let (mut debit, mut credit, mut kinds) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut found = None;
    for case in &cases {
        let metadata = case.metadata.to_string();
        let metadata =
            Metadata::parse(metadata.as_bytes()).map_err(|error| bug(error.to_string()))?;
        let category = case.stream.split_once('-').map_or("", |(category, _)| category);
        let data = case.payload_text.as_bytes();
        let event = LedgerEvent::decode(category, name, metadata.version, data)
            .map_err(|error| bug(error.to_string()))?;
        let source = EventRef { stream: &case.stream, revision: 0 };
        let mut names = Names::default();
        let entry = post(&event, &metadata, 0, source, &mut names)
            .map_err(|error| bug(error.to_string()))?;
        for posting in &entry.postings {
            let side = if posting.amount > 0 { &mut debit } else { &mut credit };
            side.insert(posting.account);
            kinds.insert(posting.kind);
        }
        found = Some((event.kind(), event.version()));
    }
    let (kind, version) = found.ok_or_else(|| bug("has no case".to_owned()))?;
    Ok(Route {
        event: kind.text(),
        version,
        category: kind.category(),
        debit: debit.iter().map(ToString::to_string).collect(),
        credit: credit.iter().map(ToString::to_string).collect(),
        kinds: kinds.iter().map(ToString::to_string).collect(),
    })
}
