//! The Olist reader: on the invented sample, on damaged copies of it, and on the real data if there.

use jiff::civil::date;
use rust_decimal::Decimal;
use souk_formats::olist::{
    DifferenceClass, ITEMS_FILE, ORDERS_FILE, OlistClock, OlistOrder, OlistReader, OlistStatus,
    PAYMENTS_FILE, PRODUCTS_FILE, SELLERS_FILE,
};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn mini() -> PathBuf {
    root().join("fixtures/olist-mini")
}

/// The directory of the real data, or `None` with a word about it.
fn real() -> Option<PathBuf> {
    let dir = std::env::var_os("SOUK_OLIST_DIR")
        .map_or_else(|| root().join("../shared/data/olist"), PathBuf::from);
    if dir.join(ORDERS_FILE).is_file() {
        return Some(dir);
    }
    // Past the test runner, which keeps what a passing test prints to itself.
    let said = b"skipped: the Olist data is not there (set SOUK_OLIST_DIR)\n";
    let _ = std::io::Write::write_all(&mut std::io::stderr(), said);
    None
}

fn read(dir: &Path, memory: usize) -> (OlistReader, Vec<OlistOrder>) {
    let mut reader = OlistReader::open(dir, memory).unwrap();
    let orders: Vec<_> = reader.by_ref().map(Result::unwrap).collect();
    assert_eq!(reader.orders(), u64::try_from(orders.len()).unwrap());
    (reader, orders)
}

/// A copy of the sample in which one text of one file is replaced.
fn damaged(file: &str, from: &[u8], to: &[u8]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for name in [ORDERS_FILE, ITEMS_FILE, PAYMENTS_FILE, PRODUCTS_FILE, SELLERS_FILE] {
        let mut bytes = fs::read(mini().join(name)).unwrap();
        if name == file {
            let at = bytes.windows(from.len()).position(|w| w == from).expect("text to replace");
            bytes.splice(at..at + from.len(), to.iter().copied());
        }
        fs::write(dir.path().join(name), bytes).unwrap();
    }
    dir
}

/// What a damaged copy reports, without the directory, and the orders it lacks.
fn report(file: &str, from: &str, to: &str) -> (Vec<String>, Vec<String>) {
    let dir = damaged(file, from.as_bytes(), to.as_bytes());
    let (reader, given) = read(dir.path(), 1 << 20);
    let prefix = format!("{}/", dir.path().display());
    let said = reader.bad_rows().kept().iter().map(|row| row.to_string().replace(&prefix, ""));
    let given: Vec<_> = given.into_iter().map(|order| order.order_id.to_string()).collect();
    let all = (1..=16).map(|n| format!("order-{n:02}"));
    (said.collect(), all.filter(|id| !given.contains(id)).collect())
}

#[test]
fn the_sample_is_given_in_file_order_with_items_and_payments_by_number() {
    let (reader, orders) = read(&mini(), 1 << 20);
    assert!(reader.bad_rows().is_empty());
    assert_eq!((orders.len(), reader.dropped(), reader.sellers().len()), (16, 0, 4));
    assert!(orders.windows(2).all(|pair| pair[0].line < pair[1].line));
    let statuses: std::collections::BTreeSet<_> = orders.iter().map(|o| o.status).collect();
    assert_eq!(statuses.len(), OlistStatus::ALL.len());
    let second = &orders[1];
    assert_eq!((second.order_id.as_str(), second.line), ("order-02", 3));
    assert_eq!(second.items.iter().map(|i| i.item_no).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(second.items[0].category.as_deref(), Some("moveis_decoracao"));
    assert_eq!(second.items[1].price.to_string(), "60.00");
    assert_eq!(second.payments.iter().map(|p| p.sequential).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(orders[9].items[0].category, None);
    assert_eq!(orders[12].approved_at, None);
    assert_eq!(second.purchased_at, date(2019, 3, 1).at(10, 0, 0, 0));
    let classes: std::collections::BTreeSet<_> =
        orders.iter().map(|o| o.difference().class).collect();
    assert_eq!(classes.len(), DifferenceClass::ALL.len());
}

#[test]
fn a_bad_item_or_payment_drops_its_whole_order_and_is_told_with_its_place() {
    let (said, missing) = report(ITEMS_FILE, "120.00", "1.234");
    let wanted = "olist_order_items_dataset.csv:6:6  price \"1.234\" has more than 2 digits after \
                  the dot   (column price)";
    assert_eq!(said, [wanted]);
    assert_eq!(missing, ["order-02"]);
    let (said, missing) = report(PAYMENTS_FILE, "231.40", "-231.40");
    assert!(said[0].ends_with("payment value \"-231.40\" is negative   (column payment_value)"));
    assert_eq!((said.len(), missing), (1, vec!["order-05".to_owned()]));
    let (said, missing) = report(PAYMENTS_FILE, "boleto,1,35.05", "boleto,35.05");
    assert!(said[0].contains("the row has 4 fields, the header 5"));
    assert_eq!((said.len(), missing), (1, vec!["order-04".to_owned()]));
    let (said, missing) = report(ITEMS_FILE, "seller-04", "seller-99");
    assert!(said[0].contains("seller seller-99 is not among the sellers"), "{said:?}");
    assert_eq!((said.len(), missing.len()), (1, 1));
}

#[test]
fn a_bad_order_row_drops_the_order_but_does_not_make_orphans_of_its_rows() {
    let cases = [
        ("order-02,delivered", "order-02,lost", ":3:2  status \"lost\" is unknown"),
        ("2019-03-02 08:00:00", "2019-02-30 08:00:00", ":3:4  approved_at \"2019-02-30 08:00:00\""),
        ("2019-03-07 12:00:00,observed", "2019-03-07 12:00:00,guessed", ":3:6  dates \"guessed\""),
    ];
    for (from, to, wanted) in cases {
        let (said, missing) = report(ORDERS_FILE, from, to);
        assert!(said.len() == 1 && said[0].contains(wanted), "{said:?}");
        assert_eq!(missing, ["order-02"]);
    }
}

#[test]
fn duplicates_are_reported_and_drop_the_order() {
    let (said, missing) = report(ORDERS_FILE, "order-05", "order-02");
    assert!(said.iter().any(|s| {
        s == "orders_derived.csv:6:1  order order-02 stands here twice, first in line 3   \
              (column order_id)"
    }));
    assert_eq!(missing, ["order-02", "order-05"]);
    let (said, missing) = report(ITEMS_FILE, "order-02,2,", "order-02,1,");
    assert!(said.len() == 1 && said[0].contains("item 1 of order order-02 stands here twice"));
    assert_eq!(missing, ["order-02"]);
    let (said, missing) = report(PAYMENTS_FILE, "order-07,2,", "order-07,1,");
    assert!(said.len() == 1 && said[0].contains("payment 1 of order order-07 stands here twice"));
    assert_eq!(missing, ["order-07"]);
}

#[test]
fn rows_of_unknown_orders_are_reported() {
    let (said, missing) = report(PAYMENTS_FILE, "order-01,1", "order-77,1");
    assert!(said.len() == 1 && said[0].contains("order order-77 is not among the orders"));
    assert!(missing.is_empty(), "order-01 has lost its payment, but not by a defect of its own");
    let (said, _) = report(ITEMS_FILE, "order-01", "order 01");
    assert!(said[0].contains(":1  order \"order 01\" is not 1 to 40 of"), "{said:?}");
}

#[test]
fn text_that_is_not_utf_8_is_reported() {
    let dir = damaged(PRODUCTS_FILE, b"moveis_decoracao", b"m\xf3veis_decoracao");
    let (reader, orders) = read(dir.path(), 1 << 20);
    let said = reader.bad_rows().kept()[0].to_string();
    assert!(said.ends_with("is not UTF-8   (column product_category_name)"), "{said}");
    assert_eq!(orders.len(), 16);
}

#[test]
fn a_missing_file_or_column_is_an_error() {
    let dir = damaged(PAYMENTS_FILE, b"payment_type", b"type");
    let said = OlistReader::open(dir.path(), 0).err().unwrap().to_string();
    assert!(said.contains(":1:1  column \"payment_type\" is not in the header"), "{said}");
    fs::remove_file(dir.path().join(SELLERS_FILE)).unwrap();
    let said = OlistReader::open(dir.path(), 0).err().unwrap().to_string();
    assert!(said.contains(SELLERS_FILE), "{said}");
}

#[test]
fn the_real_data_has_its_published_totals_and_classes() {
    let Some(dir) = real() else { return };
    let (reader, orders) = read(&dir, 256 << 20);
    assert_eq!((orders.len(), reader.bad_rows().total(), reader.spilled()), (99_441, 0, 0));
    assert_eq!(reader.sellers().len(), 3_095);
    let items = || orders.iter().flat_map(|order| &order.items);
    let payments = || orders.iter().flat_map(|order| &order.payments);
    assert_eq!((items().count(), payments().count()), (112_650, 103_886));
    assert_eq!(items().map(|i| i.price).sum::<Decimal>().to_string(), "13591643.70");
    assert_eq!(items().map(|i| i.freight).sum::<Decimal>().to_string(), "2251909.54");
    assert_eq!(payments().map(|p| p.value).sum::<Decimal>().to_string(), "16008872.12");
    assert_eq!(items().filter(|item| item.category.is_none()).count(), 1_603);

    let mut classes: BTreeMap<DifferenceClass, (u32, Decimal, Decimal)> = BTreeMap::new();
    for order in &orders {
        let difference = order.difference();
        let (count, sizes, net) = classes.entry(difference.class).or_default();
        *count += 1;
        *sizes += difference.signed.abs();
        *net += difference.signed;
    }
    let table: Vec<_> = classes
        .iter()
        .map(|(class, (count, sizes, _))| format!("{class} {count} {sizes}"))
        .collect();
    let published = [
        "no_payment 1 143.46",
        "paid_without_items 775 162591.95",
        "matched 98362 2.73",
        "rounding 44 1.00",
        "voucher_related 7 17.48",
        "instalment_interest 232 3050.01",
        "untracked_discount 15 123.19",
        "unexplained 5 77.54",
    ];
    assert_eq!(table, published);
    assert_eq!(classes[&DifferenceClass::Matched].2.to_string(), "-0.67");
    let net: Decimal = classes.values().map(|class| class.2).sum();
    assert_eq!(net.to_string(), "165318.88");

    let clock = OlistClock::new().unwrap();
    for order in &orders {
        let times = [Some(order.purchased_at), order.approved_at, order.delivered_at];
        assert!(times.into_iter().flatten().all(|time| clock.to_instant(time).is_ok()));
    }
    assert!(orders.windows(2).all(|pair| pair[0].purchased_at <= pair[1].purchased_at));
}

#[test]
fn the_real_data_reads_the_same_however_little_memory_there_is() {
    let Some(dir) = real() else { return };
    let (_, plenty) = read(&dir, 256 << 20);
    let (reader, little) = read(&dir, 1 << 20);
    assert!(reader.spilled() > 10);
    assert!(plenty == little);
}
