//! The tariffs of `fixtures/tariffs`: each can be read, and charges what is worked out by hand in its README.

use std::path::PathBuf;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde_json::json;
use souk_domain::event::LedgerEvent;
use souk_domain::service::events::ServiceEvent;
use souk_formats::tariff_file::TariffFile;
use souk_journal::dates::Micros;
use souk_ledger::ledger::Writers;
use souk_store::EventStore;
use souk_tests::market::{Sent, open, start, written};
use souk_tests::reader::Reader;
use souk_tests::scenario::document::Document;
use souk_tests::scenario::runner::run;
use souk_tests::worked::{FREIGHT, Row, earned, rows, worked};

/// These are worked out nowhere: they are not what anybody publishes.
const OURS: [&str; 7] = [
    "standard.toml",
    "olist.toml",
    "demo-1.toml",
    "demo-2.toml",
    "demo-small.toml",
    "conditions.toml",
    // Worked out as parcels, not as orders.
    "freight-cn-example.toml",
];

fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/tariffs")
}

fn files() -> Vec<(String, TariffFile)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let file = TariffFile::check(&name, &text).unwrap_or_else(|faults| {
                let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
                panic!("{}", faults.join("\n"))
            });
            files.push((name, file));
        }
    }
    files
}

#[test]
fn every_tariff_can_be_read_and_charges_what_is_worked_out_by_hand() {
    let readme = std::fs::read_to_string(directory().join("README.md")).unwrap();
    let files = files();
    let mut faults = Vec::new();
    for (name, file) in files.iter().filter(|(name, _)| !OURS.contains(&name.as_str())) {
        assert!(file.publish.source.is_some(), "{name} does not say where its figures come from");
        assert_eq!(name.strip_suffix(".toml"), Some(file.publish.tariff.as_str()));
        let rows = rows(&readme, &format!("## {name}"));
        assert!(rows.len() >= 5, "{name} is worked out {} times in the README", rows.len());
        faults.extend(rows.iter().filter_map(|row| worked(&run, file, row).err()));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    let sections = readme.lines().filter_map(|line| line.strip_prefix("## "));
    for name in sections {
        assert!(files.iter().any(|(file, _)| file == name), "there is no {name}");
    }
}

/// Charges a row as a parcel in a ledger; what the ledger says instead, if it differs.
fn parcel(row: &Row<'_>) -> Result<(), String> {
    let at = |what: String| format!("fixtures/tariffs/README.md:{}: {what}", row.line);
    let [_, table, region, weight, charged, computed, amount] = row.cells[..] else {
        return Err(at(format!("{} columns instead of 7", row.cells.len())));
    };
    let setup = format!(
        "tariff file=fixtures/tariffs/{FREIGHT}.toml\nmerchant M1 weekly tariff={FREIGHT}\n"
    );
    let fee = format!(
        "2026-03-03 10:00 fee M1 F1 logistics by-table table={table} region={region} weight={weight}"
    );
    if computed.is_empty() {
        // The row says the refusal.
        let script =
            format!("# One parcel\n\n```setup\n{setup}```\n```commands\n{fee} -> {amount}\n```\n");
        return Document::parse("row", &script).and_then(|of| run(&of)).map(|_| ()).map_err(at);
    }
    let store = written(&format!("{setup}{fee}\n"), Micros(start().0 + 63 * 86_400_000_000));
    let mut said = Vec::new();
    let witness: &mut souk_tests::reader::Witness<'_> = &mut |event, entry, _| {
        if let LedgerEvent::Service(ServiceEvent::Charged(of)) = event {
            let words = of.freight.as_ref().map_or_else(String::new, |of| of.to_string());
            let item = entry.postings.iter().find(|of| of.is_item()).map_or(0, |of| of.amount);
            said.push(format!("{words} = {}", Decimal::new(item, 2)));
        }
    };
    Reader::default().read(store.as_ref(), 1 << 20, witness).map_err(at)?;
    let expected = format!("{weight} kg → {charged} kg: {computed} = {amount}");
    if said != [expected.as_str()] {
        return Err(at(format!("charged is {said:?} instead of {expected}")));
    }
    Ok(())
}

#[test]
fn freight_is_worked_out_by_hand() {
    let readme = std::fs::read_to_string(directory().join("README.md")).unwrap();
    let rows = rows(&readme, &format!("## {FREIGHT}.toml"));
    assert!(rows.len() >= 12, "{}", rows.len());
    let faults: Vec<String> = rows.iter().filter_map(|row| parcel(row).err()).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    // A figure that is not what the ledger charges fails.
    let cells = vec!["", "express", "浙江", "2.4", "3", "8.00 + 2 × 2.00", "12.01"];
    let wrong = Row { line: 1, cells };
    assert!(parcel(&wrong).unwrap_err().starts_with("fixtures/tariffs/README.md:1: charged is"));
}

#[test]
fn what_partners_earn_is_worked_out_by_hand() {
    let readme = std::fs::read_to_string(directory().join("README.md")).unwrap();
    let rows = rows(&readme, "### Partners");
    assert!(rows.len() >= 8, "{}", rows.len());
    let faults: Vec<String> =
        rows.iter().filter_map(|row| earned(&run, "taobao-douyin-style", row).err()).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn a_figure_that_is_not_what_the_ledger_charges_fails() {
    let files = files();
    let (_, file) = files.iter().find(|(name, _)| name == "amazon-style.toml").unwrap();
    let row = |amount: &'static str, back: &'static str| Row {
        line: 1,
        cells: vec![
            "",
            "toys",
            "100.00",
            "0.00",
            "1",
            "commission",
            "",
            amount,
            "0.00",
            "all",
            back,
        ],
    };
    assert_eq!(worked(&run, file, &row("15.00", "12.00")), Ok(()));
    let fault = worked(&run, file, &row("15.01", "12.00")).unwrap_err();
    assert_eq!(fault, "fixtures/tariffs/README.md:1: commission is 15.00 + 0");
    let fault = worked(&run, file, &row("15.00", "12.01")).unwrap_err();
    assert_eq!(fault, "fixtures/tariffs/README.md:1: given back of commission is 12.00 + 0");
    let open = worked(&run, file, &row("not open", "")).unwrap_err();
    assert!(open.contains("CategoryNotOpen was expected"), "{open}");
}

#[test]
fn the_open_platform_has_its_categories() {
    let files = files();
    let (_, file) = files.iter().find(|(name, _)| name == "open-platform-cn.toml").unwrap();
    let levels = |of: &&souk_domain::tariff::events::FeeRule| {
        of.category.as_deref().is_some_and(|path| path.split('/').count() == 3)
    };
    let rules = &file.publish.fees[1].rules;
    assert!(rules.iter().filter(levels).count() >= 400);
    assert!(rules.iter().any(|of| of.closed) && rules.iter().any(|of| of.parts.len() == 2));
    // Every row of the published table but 273, which says no rate.
    let number = |of: &souk_domain::tariff::events::FeeRule| of.rule.as_str()[1..4].to_owned();
    let named: std::collections::BTreeSet<String> = rules.iter().map(number).collect();
    let missing: Vec<u32> = (1..=287).filter(|row| !named.contains(&format!("{row:03}"))).collect();
    assert_eq!((named.len(), missing), (286, vec![273]));
}

/// A record as it is stored, and its entry as it is posted.
type Past = (Vec<u8>, Vec<u8>, String);

/// Everything in a store, in its order.
fn past(store: &Arc<dyn EventStore>) -> Vec<Past> {
    let mut entries = Vec::new();
    let mut reader = Reader::default();
    let witness: &mut souk_tests::reader::Witness<'_> =
        &mut |_, entry, _| entries.push(format!("{entry:?}"));
    reader.read(store.as_ref(), 1 << 20, witness).unwrap();
    let page = store.read_all(0, 1 << 20).unwrap();
    let records = page.records().map(|record| {
        let record = record.unwrap();
        let name =
            format!("{} {} {}@{}", record.entry, record.event_type, record.stream, record.revision);
        let mut metadata = name.into_bytes();
        metadata.extend_from_slice(record.metadata);
        (metadata, record.data.to_vec())
    });
    let past: Vec<Past> =
        records.zip(entries).map(|((of, data), entry)| (of, data, entry)).collect();
    assert_eq!(past.len() as u64, store.head().unwrap());
    past
}

#[test]
fn a_new_tariff_version_changes_no_past_entry() {
    let first = "tariff file=fixtures/tariffs/amazon-style.toml\n\
        merchant M1 weekly hold=0 tariff=amazon-style\n\
        2026-03-03 10:00 place O1 currency=USD soap=M1:30.00 units=3 category=beauty ring=M1:300.00 category=jewelry\n\
        pay O1 card 330.00\n\
        complete O1 M1\n\
        refund O1 R1 ring=100.00\n";
    let day = |day: i64| Micros(start().0 + day * 86_400_000_000);
    let store = written(first, day(63));
    let before = past(&store);
    // The second version charges 20 % of everything and keeps it; then the old sale is refunded, and the same is sold again.
    let fees = json!([{ "kind": "commission", "scope": "line", "base": "item-price", "on_refund": "kept",
        "rules": [{ "rule": "default", "percent": "0.2" }] }]);
    let soap = json!([{ "line": "soap", "merchant": "M1", "price": "30.00", "units": 3, "category": "beauty" }]);
    for (number, (on, name, data)) in [
        (
            63,
            "publish-tariff",
            json!({ "tariff": "amazon-style", "announced_on": "2026-03-05",
            "effective_on": "2026-03-10", "currency": "USD", "fees": fees }),
        ),
        (70, "issue-refund", json!({ "order": "O1", "refund": "R2", "everything": true })),
        (70, "place-order", json!({ "order": "O2", "currency": "USD", "lines": soap })),
        (
            70,
            "pay-order",
            json!({ "order": "O2", "payment": "P1", "method": "card", "amount": "30.00" }),
        ),
        (70, "complete-order", json!({ "order": "O2", "merchant": "M1" })),
    ]
    .into_iter()
    .enumerate()
    {
        let mut ledger = open(&store, day(on), Writers::Several).unwrap();
        let sent = Sent::new(name, &data, format!("later {number}"), day(on));
        sent.execute(&mut ledger).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let after = past(&store);
    let (same, new) = after.split_at(before.len());
    assert_eq!(same, before);
    // The refund of the old sale goes by the old version, whose charge recorded every fact: of 52.50 at most 5.00 is retained.
    let data = |kind: &str| {
        let of =
            new.iter().find(|(head, ..)| String::from_utf8_lossy(head).contains(kind)).unwrap();
        String::from_utf8(of.1.clone()).unwrap()
    };
    let back = data("fee-returned");
    assert!(back.contains(r#""version":1"#) && back.contains(r#""amount":"33.50""#), "{back}");
    let charged = data("commission-charged");
    assert!(
        charged.contains(r#""version":2"#) && charged.contains(r#""amount":"6.00""#),
        "{charged}"
    );
}
