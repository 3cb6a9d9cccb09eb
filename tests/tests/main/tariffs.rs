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

/// A row of a table: a number of columns, and where it stands.
struct Row<'t> {
    line: usize,
    cells: Vec<&'t str>,
}

/// The rows below a heading.
fn rows<'t>(readme: &'t str, head: &str) -> Vec<Row<'t>> {
    let lines = readme.lines().enumerate().skip_while(|(_, line)| *line != head).skip(1);
    let section = lines.take_while(|(_, line)| !line.starts_with("##"));
    let table = section.filter(|(_, line)| line.starts_with("| ")).skip(1);
    let cells = |line: &'t str| {
        let inner = line.trim_start_matches('|').trim_end().trim_end_matches('|');
        inner.split('|').map(str::trim).collect()
    };
    table.map(|(index, line)| Row { line: index + 1, cells: cells(line) }).collect()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap_or_else(|_| panic!("{text:?} is no amount"))
}

/// Carries out a row as an order in a ledger.
fn worked(name: &str, file: &TariffFile, row: &Row<'_>) -> Result<(), String> {
    let at = |what: String| format!("fixtures/tariffs/README.md:{}: {what}", row.line);
    let [_, category, goods, shipping, units, fee, _, amount, tax, refunded, back] = row.cells[..]
    else {
        return Err(at(format!("{} columns instead of 11", row.cells.len())));
    };
    let currency = file.publish.currency.as_deref().unwrap();
    let category =
        if category.is_empty() { String::new() } else { format!(" category={category}") };
    let (shipping, sales_tax) = shipping.split_once(" + ").unwrap_or((shipping, "0"));
    let paid = decimal(goods) + decimal(shipping) + decimal(sales_tax);
    let collected = if sales_tax == "0" { String::new() } else { format!(" tax=US:{sales_tax}") };
    let closed = amount == "not open";
    let refusal = if closed { " -> CategoryNotOpen" } else { "" };
    let mut script = format!(
        "# One order\n\n```setup\ntariff file=fixtures/tariffs/{name}\nmerchant M1 weekly tariff={}\n```\n```commands\n\
         2026-03-03 10:00 place O1 currency={currency} it=M1:{goods} units={units} shipping={shipping}{category}{collected}\n\
         pay O1 card {paid}\ncomplete O1 M1{refusal}\n",
        file.publish.tariff
    );
    for (number, part) in refunded.split(',').map(str::trim).filter(|of| !of.is_empty()).enumerate()
    {
        let what = if part == "all" { "everything".to_owned() } else { format!("it={part}") };
        script.push_str(&format!("refund O1 R{number} {what}\n"));
    }
    script.push_str("```\n```journal\n```\n");
    let shown = Document::parse("row", &script).and_then(|document| run(&document)).map_err(at)?;
    let journal = shown.into_iter().flatten().next_back().unwrap_or_default();
    // The sum of a merchant's items of a kind.
    let sum = |kind: &str| -> Decimal {
        let words = journal.iter().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let items =
            words.filter(|of| of.len() > 3 && of[1] == "MerchantPayable{M1}" && of[2] == kind);
        items.map(|of| decimal(of[3])).sum()
    };
    let of =
        |kind: &str, taxed: &str| (sum(&format!("{fee}{kind}")), sum(&format!("{fee}{taxed}")));
    let charged = of("", ".tax");
    if closed {
        return if charged == Default::default() { Ok(()) } else { Err(at("charged".into())) };
    }
    if charged != (decimal(amount), decimal(tax)) {
        return Err(at(format!("{fee} is {} + {}", charged.0, charged.1)));
    }
    let returned = of(".returned", ".tax_returned");
    let expected = match back.split_once('+') {
        Some((fee, tax)) => (decimal(fee.trim()), decimal(tax.trim())),
        None if back.is_empty() => Default::default(),
        None => (decimal(back), Decimal::ZERO),
    };
    if returned != expected {
        return Err(at(format!("given back of {fee} is {} + {}", returned.0, returned.1)));
    }
    Ok(())
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
        faults.extend(rows.iter().filter_map(|row| worked(name, file, row).err()));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    let sections = readme.lines().filter_map(|line| line.strip_prefix("## "));
    for name in sections {
        assert!(files.iter().any(|(file, _)| file == name), "there is no {name}");
    }
}

/// A tariff of freight: its parcels have a table of their own.
const FREIGHT: &str = "freight-cn-example";

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

/// Carries out a row of the table of partners; what the ledger says instead, if it differs.
fn earned(tariff: &str, row: &Row<'_>) -> Result<(), String> {
    let at = |what: String| format!("fixtures/tariffs/README.md:{}: {what}", row.line);
    let [_, kind, goods, shipping, share, platform, tax, _, expected @ .., refunded, back] =
        &row.cells[..]
    else {
        return Err(at("too few columns".into()));
    };
    let mut script = format!(
        "# One order\n\n```setup\ntariff file=fixtures/tariffs/{tariff}.toml\nmerchant M1 weekly tariff={tariff}\n\
         merchant K1 weekly kind=partner tariff={tariff}\n```\n```commands\n\
         2026-03-03 10:00 place O1 it=M1:{goods} shipping={shipping}\npay O1 card {}\n\
         attribute O1 K1 {kind} {share} platform={platform} tax={tax}\ncomplete O1 M1\n",
        decimal(goods) + decimal(shipping)
    );
    for (number, part) in refunded.split(',').map(str::trim).filter(|of| !of.is_empty()).enumerate()
    {
        let what = if part == "all" { "everything".to_owned() } else { format!("it={part}") };
        script.push_str(&format!("refund O1 R{number} {what}\n"));
    }
    script.push_str("```\n```journal\n```\n");
    let shown = Document::parse("row", &script).and_then(|document| run(&document)).map_err(at)?;
    let journal = shown.into_iter().flatten().next_back().unwrap_or_default();
    let sum = |account: &str, kind: String| -> Decimal {
        let words = journal.iter().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let of = words.filter(|of| of.len() > 3 && of[1] == account && of[2] == kind);
        of.map(|of| decimal(of[3])).sum()
    };
    let four = |returned: &str| {
        [
            sum("MerchantPayable{M1}", format!("{kind}_commission{returned}")),
            sum("MerchantPayable{K1}", format!("{kind}_earned{returned}")),
            sum("Commission", format!("{kind}_commission{returned}")),
            sum("OutputVat", format!("{kind}_commission.tax{}", returned.replace('.', "_"))),
        ]
    };
    let text = |of: [Decimal; 4]| of.map(|of| format!("{of:.2}")).join(" / ");
    if text(four("")) != expected.join(" / ") {
        return Err(at(format!("charged is {}", text(four("")))));
    }
    let given = if back.is_empty() { "0.00 / 0.00 / 0.00 / 0.00" } else { back };
    if text(four(".returned")) != given {
        return Err(at(format!("given back is {}", text(four(".returned")))));
    }
    Ok(())
}

#[test]
fn what_partners_earn_is_worked_out_by_hand() {
    let readme = std::fs::read_to_string(directory().join("README.md")).unwrap();
    let rows = rows(&readme, "### Partners");
    assert!(rows.len() >= 8, "{}", rows.len());
    let faults: Vec<String> =
        rows.iter().filter_map(|row| earned("taobao-douyin-style", row).err()).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn a_figure_that_is_not_what_the_ledger_charges_fails() {
    let files = files();
    let (name, file) = files.iter().find(|(name, _)| name == "amazon-style.toml").unwrap();
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
    assert_eq!(worked(name, file, &row("15.00", "12.00")), Ok(()));
    let fault = worked(name, file, &row("15.01", "12.00")).unwrap_err();
    assert_eq!(fault, "fixtures/tariffs/README.md:1: commission is 15.00 + 0");
    let fault = worked(name, file, &row("15.00", "12.01")).unwrap_err();
    assert_eq!(fault, "fixtures/tariffs/README.md:1: given back of commission is 12.00 + 0");
    let open = worked(name, file, &row("not open", "")).unwrap_err();
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
    assert!(rules.len() >= 60, "{}", rules.len());
    assert!(rules.iter().filter(levels).count() >= 60);
    assert!(rules.iter().any(|of| of.closed) && rules.iter().any(|of| of.parts.len() == 2));
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
