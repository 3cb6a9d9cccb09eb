//! The event contract: every event ever written still decodes, re-encodes to the same bytes and
//! posts to the same entry, and no published schema changes by a byte.
//!
//! `fixtures/events/<type>/v<N>.json` holds the cases of one (type, version). To add a case, write
//! its name, stream, `payload_text` and metadata, run with `UPDATE_EXPECT=1`, and hold the entry
//! against the posting manual. Updating writes entries, payloads as JSON and schema digests; it
//! never touches the `payload_text` of a case.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use souk_domain::event::LedgerEvent;
use souk_domain::event_id::sha256;
use souk_domain::metadata::Metadata;
use souk_domain::posting::post;
use souk_journal::entry::{Control, EventRef, JournalEntry, Posting, RefKind, check_balance};
use souk_journal::entry_kind::EntryKind;
use souk_journal::money::minor_text;
use souk_journal::names::Names;
use souk_journal::statement_lines::hex;

/// The golden file of one (type, version).
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Golden {
    event_type: String,
    category: String,
    version: u32,
    schema_sha256: Option<String>,
    cases: Vec<Case>,
}

/// One event and its entry.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    case: String,
    stream: String,
    payload_text: String,
    #[serde(default)]
    payload: Value,
    metadata: Value,
    #[serde(default)]
    entry: Value,
}

/// A golden file with what today's code makes of it.
struct Checked {
    path: PathBuf,
    golden: Golden,
    /// Of the current version; what an earlier one had is in the file alone.
    schema_sha256: Option<String>,
    /// The version in which such an event is written today.
    written_as: u32,
    entries: Vec<Value>,
}

fn ref_kind(kind: RefKind) -> &'static str {
    match kind {
        RefKind::Order => "order",
        RefKind::Payment => "payment",
        RefKind::Refund => "refund",
        RefKind::Payout => "payout",
        RefKind::Cycle => "cycle",
        RefKind::Line => "line",
        RefKind::Transfer => "transfer",
        RefKind::Term => "term",
        RefKind::Campaign => "campaign",
        RefKind::Supplier => "supplier",
        RefKind::Currency => "currency",
        RefKind::Jurisdiction => "jurisdiction",
        RefKind::Period => "period",
        RefKind::Invoice => "invoice",
        RefKind::Hold => "hold",
        RefKind::Reason => "reason",
        RefKind::BankAccount => "bank account",
        RefKind::BankLine => "bank line",
    }
}

/// A posting as the manual speaks: account, side, and what it is kept for.
fn posting(of: &Posting, entry: &JournalEntry<'_>, names: &Names) -> Value {
    let mut text = json!({
        "account": of.account.to_string(),
        "kind": of.kind.text(),
        "currency": of.currency.code(),
    });
    let side = if of.amount > 0 { "debit" } else { "credit" };
    text[side] = json!(minor_text(i128::from(of.amount).abs(), of.currency));
    if let Some(merchant) = names.merchant(of.merchant) {
        text["merchant"] = json!(merchant.as_str());
    }
    if let Some(due_on) = of.due_on {
        text["due_on"] = json!(due_on);
    }
    if let Some(reference) = entry.reference_of(of) {
        text["reference"] = json!(format!("{} {}", ref_kind(reference.kind), reference.value));
    }
    if let Some(dims) = names.dims(of.dims) {
        let mut fields = json!({});
        let mut set = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                fields[name] = value;
            }
        };
        set("category", dims.category.as_deref().map(Into::into));
        set("method", dims.method.as_deref().map(Into::into));
        set("tariff", dims.rule.map(|of| json!(of.tariff)));
        set("version", dims.rule.map(|of| json!(of.version)));
        set("rule", dims.rule.map(|of| json!(of.rule)));
        set("region", dims.region.as_deref().map(Into::into));
        set("tier", dims.tier.as_deref().map(Into::into));
        text["dims"] = fields;
    }
    text
}

fn control(of: &Control<'_>, names: &Names) -> Value {
    match of {
        Control::None => Value::Null,
        Control::MonthClosed { month, entry_limit } => {
            json!({"month_closed": {"month": month, "entry_limit": entry_limit}})
        }
        Control::CycleClosed(of) => {
            let amount = |minor: i64| minor_text(i128::from(minor), of.currency);
            json!({"cycle_closed": {
                "merchant": names.merchant(of.merchant),
                "currency": of.currency,
                "cycle": of.cycle,
                "number": of.number,
                "time_zone": of.time_zone,
                "from": of.from,
                "to": of.to,
                "cut_off": of.cut_off,
                "entry_limit": of.entry_limit,
                "opening": amount(of.opening),
                "lines": amount(of.lines),
                "count": of.count,
                // Golden entries never change: when the first were written, the deposit was counted to the reserve.
                // The postings beside them part the two.
                "reserve_withheld": amount(of.reserve_withheld + of.deposit_topped_up),
                "reserve_released": amount(of.reserve_released + of.deposit_used),
                "closing": amount(of.closing),
                "payout": amount(of.payout),
                "carried": amount(of.carried),
                "digest": hex(&of.digest),
            }})
        }
    }
}

/// The entry of a case, by today's posting rules.
fn entry_of(golden: &Golden, case: &Case) -> Value {
    let data = case.payload_text.as_bytes();
    let event = LedgerEvent::decode(&golden.category, &golden.event_type, golden.version, data)
        .unwrap_or_else(|error| panic!("{} ({}): {error}", golden.event_type, case.case));
    let metadata = case.metadata.to_string();
    let metadata = Metadata::parse(metadata.as_bytes())
        .unwrap_or_else(|error| panic!("{} ({}): {error}", golden.event_type, case.case));
    assert_eq!(metadata.version, golden.version, "{} ({})", golden.event_type, case.case);
    let source = EventRef { stream: &case.stream, revision: 7 };
    let mut names = Names::default();
    let entry = post(&event, &metadata, 42, source, &mut names).unwrap();
    check_balance(&entry.postings).unwrap();
    let refs: Vec<Value> =
        entry.refs.iter().map(|of| json!({"kind": ref_kind(of.kind), "value": of.value})).collect();
    let postings: Vec<Value> =
        entry.postings.iter().map(|of| posting(of, &entry, &names)).collect();
    json!({"refs": refs, "postings": postings, "control": control(&entry.control, &names)})
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/events")
}

fn updating() -> bool {
    std::env::var_os("UPDATE_EXPECT").is_some_and(|value| value == "1")
}

/// Every (type, version) with its golden file; with `UPDATE_EXPECT=1`, brought up to date first.
fn goldens() -> &'static [Checked] {
    static GOLDENS: OnceLock<Vec<Checked>> = OnceLock::new();
    GOLDENS.get_or_init(|| {
        let current = LedgerEvent::schemas();
        current
            .iter()
            .flat_map(|of| (1..of.version).map(|v| check_earlier(of, v)).chain([check(of)]))
            .collect()
    })
}

/// A version that is read and not written any more: its file is never touched.
fn check_earlier(of: &souk_domain::event::EventSchema, version: u32) -> Checked {
    let path = fixtures().join(of.kind.text()).join(format!("v{version}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let golden: Golden = serde_json::from_str(&text).unwrap();
    assert!(!golden.cases.is_empty() && golden.schema_sha256.is_some(), "{}", path.display());
    let entries = golden.cases.iter().map(|case| entry_of(&golden, case)).collect();
    Checked { path, golden, schema_sha256: None, written_as: of.version, entries }
}

fn check(of: &souk_domain::event::EventSchema) -> Checked {
    let path = fixtures().join(of.kind.text()).join(format!("v{}.json", of.version));
    let mut golden = match std::fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        Err(_) if updating() => Golden {
            event_type: of.kind.text().to_owned(),
            category: of.kind.category().to_owned(),
            version: of.version,
            schema_sha256: None,
            cases: Vec::new(),
        },
        Err(error) => panic!("{}: {error}; see the head of this test", path.display()),
    };
    let schema_sha256 = Some(hex(&sha256(of.text().as_bytes())));
    let entries: Vec<Value> = golden.cases.iter().map(|case| entry_of(&golden, case)).collect();
    if updating() {
        golden.schema_sha256 = schema_sha256.clone();
        for (case, entry) in golden.cases.iter_mut().zip(&entries) {
            case.payload = serde_json::from_str(&case.payload_text).unwrap();
            case.entry = entry.clone();
        }
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = serde_json::to_string_pretty(&golden).unwrap() + "\n";
        std::fs::write(&path, text).unwrap();
    }
    Checked { path, golden, schema_sha256, written_as: of.version, entries }
}

#[test]
fn every_type_of_event_has_a_golden_case_and_no_file_is_left_over() {
    let known: BTreeSet<&str> = EntryKind::ALL.iter().map(|kind| kind.text()).collect();
    let golden: BTreeSet<&str> = goldens()
        .iter()
        .filter(|of| !of.golden.cases.is_empty())
        .map(|of| of.golden.event_type.as_str())
        .collect();
    assert_eq!(golden, known);
    let files = std::fs::read_dir(fixtures()).unwrap().count();
    assert_eq!(files, known.len(), "a folder of fixtures/events names no type of event");
}

#[test]
fn a_golden_file_is_where_its_type_and_version_say() {
    for Checked { path, golden, .. } in goldens() {
        let kind = EntryKind::find(&golden.category, &golden.event_type);
        let place = format!("{}/v{}.json", golden.event_type, golden.version);
        assert!(kind.is_some() && path.ends_with(&place), "{}", path.display());
    }
}

#[test]
fn every_golden_payload_decodes_and_is_written_again_byte_for_byte() {
    for Checked { golden, written_as, .. } in goldens() {
        for case in &golden.cases {
            let data = case.payload_text.as_bytes();
            let event =
                LedgerEvent::decode(&golden.category, &golden.event_type, golden.version, data)
                    .unwrap();
            let again = String::from_utf8(event.payload().unwrap()).unwrap();
            assert_eq!(again, case.payload_text, "{} ({})", golden.event_type, case.case);
            assert_eq!((event.kind().text(), event.version()), (&*golden.event_type, *written_as));
        }
    }
}

#[test]
fn the_readable_payload_is_the_stored_one() {
    for Checked { golden, .. } in goldens() {
        for case in &golden.cases {
            let stored: Value = serde_json::from_str(&case.payload_text).unwrap();
            assert_eq!(case.payload, stored, "{} ({})", golden.event_type, case.case);
        }
    }
}

#[test]
fn every_golden_event_posts_to_its_golden_entry() {
    for Checked { golden, entries, .. } in goldens() {
        for (case, entry) in golden.cases.iter().zip(entries) {
            assert_eq!(case.entry, *entry, "{} ({})", golden.event_type, case.case);
        }
    }
}

#[test]
fn a_published_schema_never_changes_by_a_byte() {
    for Checked { golden, schema_sha256, .. } in goldens() {
        if let Some(now) = schema_sha256 {
            let known = golden.schema_sha256.as_ref();
            assert_eq!(known, Some(now), "schema of {}", golden.event_type);
        }
    }
}

#[test]
fn an_event_nobody_wrote_does_not_decode() {
    for (category, event_type, version) in [
        ("order", "order-paid", 2),
        ("tariff", "tariff-published", 4),
        ("order", "order-lost", 1),
        ("book", "order-paid", 1),
    ] {
        assert!(LedgerEvent::decode(category, event_type, version, b"{}").is_err());
    }
}
