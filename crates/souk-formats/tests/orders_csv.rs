//! Orders files under a map: the template, every bad row at once, and mistakes in maps.

use souk_formats::ShortId;
use souk_formats::orders_csv::{Field, OrdersFile, OrdersMap, template};
use std::io::Cursor;
use std::path::Path;

fn read(map: &str, csv: &str) -> OrdersFile {
    let map = OrdersMap::parse("map.toml", map).unwrap_or_else(|error| panic!("{error}"));
    let source = Box::new(Cursor::new(csv.to_owned().into_bytes()));
    OrdersFile::read(source, Path::new("march.csv"), &map).unwrap_or_else(|e| panic!("{e}"))
}

fn said(file: &OrdersFile) -> Vec<String> {
    file.bad.iter().map(ToString::to_string).collect()
}

fn id(text: &str) -> ShortId {
    ShortId::new(text.as_bytes()).unwrap()
}

#[test]
fn the_template_for_order_lines_interprets_cleanly() {
    let file = read(template().map, template().sample);
    assert_eq!(said(&file), Vec::<String>::new());
    assert_eq!(file.counts, (4, 0));
    let orders: Vec<_> = file.orders().collect();
    assert_eq!(
        orders.iter().map(|o| o.order.as_str()).collect::<Vec<_>>(),
        ["2001", "2002", "2003"]
    );
    let first = &orders[0];
    assert_eq!((first.lines.len(), first.payments.len(), first.completions.len()), (2, 1, 2));
    assert_eq!(first.lines[1].0, 3);
    assert_eq!(first.lines[1].1.item.as_str(), "2");
    assert_eq!(first.lines[0].1.ordered_at.to_string(), "2026-03-02T01:15:00Z");
    assert_eq!(orders[1].payments[0].1.method, Some(id("voucher")));
    assert_eq!(orders[1].payments[0].1.paid_at, orders[1].lines[0].1.ordered_at);
    assert_eq!(orders[1].refunds[0].1.refunded_at.to_string(), "2026-03-08T16:00:00Z");
    assert_eq!(orders[2].lines[0].1.category.as_deref(), Some("general"));
    let totals = &file.totals[&id("CNY")];
    assert_eq!((totals.lines, totals.payments, totals.refunds), (4, 3, 1));
    assert_eq!(
        (totals.merchandise.to_string(), totals.paid.to_string()),
        ("412.50".into(), "427.00".into())
    );
    // Every sample order is paid in full: merchandise and shipping less coupons.
    let owed = totals.merchandise + totals.shipping
        - totals.merchant_discounts
        - totals.platform_discounts;
    assert_eq!(owed, totals.paid);
}

#[test]
fn the_template_for_kinds_of_rows_interprets_cleanly() {
    let file = read(template().kinds_map, template().kinds_sample);
    assert_eq!(said(&file), Vec::<String>::new());
    let orders: Vec<_> = file.orders().collect();
    assert_eq!(orders.len(), 2);
    let first = &orders[0];
    assert_eq!((first.lines.len(), first.payments.len(), first.refunds.len()), (2, 2, 1));
    // 02:30 does not exist that night; it moves forward to 03:30, which is 01:30 UTC.
    assert_eq!(first.completions[0].1.completed_at.to_string(), "2026-03-29T01:30:00Z");
    assert_eq!(first.completions[1].1.completed_at.to_string(), "2026-04-01T15:00:00Z");
    assert_eq!(file.totals[&id("EUR")].merchandise, file.totals[&id("EUR")].paid);
    assert_eq!(file.totals[&id("USD")].paid.to_string(), "21.00");
}

const MAP: &str = "time_zone = \"UTC\"\ncurrency = \"EUR\"\n[columns]\norder = \"order\"\n\
                   merchant = \"shop\"\nprice = \"price\"\nquantity = \"pieces\"\n\
                   ordered_at = \"at\"\namount = \"total_paid\"\npayment = \"paid_no\"\n";
const HEADER: &str = "order,shop,price,pieces,at,total_paid,paid_no\n";

#[test]
fn every_bad_row_is_told_with_all_its_mistakes_and_its_order_left_out() {
    let csv = format!(
        "{HEADER}1,s,10.00,1,2026-03-01,\"1.234,5\",a\n\
         2,s,-1.00,0,yesterday,,\n\
         3,s,1.00,1,2026-03-01,1.00,a\n\n\
         1,s,2.00,1,2026-03-01,,\n\
         4 4,,1.00,1,2026-03-01,,\n\
         5,s,1.00\n"
    );
    let file = read(MAP, &csv);
    let expected = [
        "march.csv:2:6  amount \"1.234,5\" is not a decimal with a dot   (column total_paid)",
        "march.csv:3:3  price \"-1.00\" is negative   (column price)",
        "march.csv:3:4  quantity \"0\" is not a whole number from 1   (column pieces)",
        "march.csv:3:5  ordered_at \"yesterday\" is not a time YYYY-MM-DD hh:mm:ss   (column at)",
        "march.csv:7:1  order \"4 4\" is not 1 to 40 of A-Z a-z 0-9 . _ : -   (column order)",
        "march.csv:7:2  merchant is empty   (column shop)",
        "march.csv:8:4  the row has 3 fields, the header 7   (column pieces)",
    ];
    assert_eq!(said(&file), expected);
    assert_eq!(file.counts, (6, 4));
    let orders: Vec<_> = file.orders().map(|order| order.order.to_string()).collect();
    assert_eq!(orders, ["3"], "of order 1 one row is good, and it is not given in part");
    assert_eq!(file.rows.len(), 3);
}

#[test]
fn a_payment_repeated_on_each_line_counts_once_and_must_be_the_same() {
    let csv = format!(
        "{HEADER}1,s,5.00,1,2026-03-01,10.00,a\n1,s,5.00,1,2026-03-01,10.00,a\n\
         2,s,5.00,1,2026-03-01,10.00,a\n2,s,5.00,1,2026-03-01,9.00,a\n"
    );
    let file = read(MAP, &csv);
    let wanted = "march.csv:5:7  payment a of order 2 stands here twice, first in line 4   \
                  (column paid_no)";
    assert_eq!(said(&file), [wanted]);
    assert_eq!(file.orders().map(|order| order.payments.len()).collect::<Vec<_>>(), [1]);
}

#[test]
fn among_kinds_a_repeat_a_second_currency_and_an_unknown_kind_are_bad() {
    let sample = template().kinds_sample;
    let more = "5001;payment;p1;2026-03-28T10:02:00;EUR;;;;100.00;card\n\
                5002;payment;p2;2026-03-30T08:00:30;EUR;;;;21.00;card\n\
                5003;gift;;;;;;;;\n5004;item;x;2026-03-30;eur;s;;;1;\n";
    let file = read(template().kinds_map, &format!("{sample}{more}"));
    let expected = [
        "march.csv:12:3  payment p1 of order 5001 stands here twice, first in line 4   (column id)",
        "march.csv:13:5  order 5002 was in USD before and is in EUR here   (column currency)",
        "march.csv:14:2  kind of row \"gift\" is not in [rows]   (column type)",
        "march.csv:15:5  currency \"eur\" is not three capital letters   (column currency)",
    ];
    assert_eq!(said(&file), expected);
    assert_eq!(file.orders().count(), 0);
}

#[test]
fn a_method_outside_the_table_is_bad_and_a_later_reason_points_at_its_column() {
    let csv = template().sample.replace("Bank transfer", "Cash");
    let file = read(template().map, &csv);
    assert_eq!(
        said(&file),
        ["march.csv:5:12  method \"Cash\" is not in [methods]   (column Paid with)"]
    );
    let row = file.bad_row(2, Field::Merchant, "merchant \"1007\" is not enrolled".into());
    assert_eq!(row.to_string(), "march.csv:2:3  merchant \"1007\" is not enrolled   (column Shop)");
}

#[test]
fn a_mistake_in_a_map_is_told_with_its_place() {
    let good = "time_zone = \"UTC\"\ncurrency = \"EUR\"\n[columns]\norder = \"o\"\n\
                merchant = \"m\"\nprice = \"p\"\nordered_at = \"t\"\n";
    assert!(OrdersMap::parse("map.toml", good).is_ok());
    let cases = [
        (
            "time_zone = \"UTC\"",
            "time_zone = \"Mars\"",
            "map.toml:1:13  time zone \"Mars\" is unknown",
        ),
        ("\"UTC\"", "7", "map.toml:1:13  invalid type: integer `7`, expected a string"),
        ("\"UTC\"", "\"UTC", "map.toml:1:"),
        ("time_zone = \"UTC\"", "", "map.toml:1:1  missing key `time_zone`"),
        ("currency", "curency", "map.toml:2:1  unknown key `curency`"),
        ("\"EUR\"", "\"euro\"", "map.toml:2:12  currency is not three capital letters"),
        ("currency = \"EUR\"", "", "map.toml:3:1  currency is needed in [columns]"),
        ("price = \"p\"", "", "map.toml:3:1  price is needed in [columns]"),
        ("price", "prize", "map.toml:6:1  unknown key `prize`"),
        ("[columns]", "delimiter = \";;\"\n[columns]", "map.toml:3:13  delimiter is not one"),
        ("[columns]", "decimal_separator = \",\"\n[columns]", "map.toml:3:21  decimal_separator"),
        ("[columns]", "time_formats = [\"%Y\", \"%&\"]\n[columns]", "map.toml:3:23  time format: "),
        ("[columns]", "methods = { A = \"a b\" }\n[columns]", "map.toml:3:17  a method is 1 to 40"),
        (
            "[columns]",
            "rows = { column = \"k\", line = [\"a\"], refund = [\"a\"] }\n[columns]",
            "map.toml:3:48  \"a\" stands for two kinds of rows",
        ),
        (
            "[columns]",
            "defaults = { currency = \"EUR\" }\n[columns]",
            "map.toml:2:12  currency is given here and in [defaults]",
        ),
    ];
    for (from, to, wanted) in cases {
        let error = OrdersMap::parse("map.toml", &good.replacen(from, to, 1)).err().unwrap();
        let said = error.to_string();
        assert!(said.starts_with(wanted), "{to}: {said}");
        assert!(!said.contains('\n'), "one line: {said}");
    }
}

#[test]
fn a_column_that_the_file_lacks_is_told_where_the_map_names_it() {
    let map = OrdersMap::parse("map.toml", MAP).unwrap();
    let source = Box::new(Cursor::new(HEADER.replace("shop", "seller").into_bytes()));
    let error = OrdersFile::read(source, Path::new("march.csv"), &map).err().unwrap();
    let wanted = "map.toml:5:12  column \"shop\" is not in the header of march.csv, which has: \
                  order, seller, price, pieces, at, total_paid, paid_no";
    assert_eq!(error.to_string(), wanted);
}
