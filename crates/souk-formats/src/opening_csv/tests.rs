//! What a file of opening balances may say, and where it is told what it may not.

use std::path::Path;

use super::{Of, TEMPLATE, read};
use crate::bad_row::BadRows;

const HEAD: &str = "account,merchant,currency,debit,credit,due_on,reference,service,from,to\n";

fn file(rows: &str) -> Result<super::OpeningFile, BadRows> {
    let text = format!("{HEAD}{rows}");
    read(Path::new("books/opening.csv"), text.as_bytes(), "2026-02-28".parse().unwrap())
}

/// The faults of some rows.
fn faults(rows: &str) -> Vec<String> {
    file(rows).expect_err("it has faults").kept().iter().map(ToString::to_string).collect()
}

#[test]
fn the_sample_is_a_file_that_sums_to_zero() {
    let as_of = "2026-02-28".parse().unwrap();
    let sample = read(Path::new("sample.csv"), TEMPLATE.as_bytes(), as_of).unwrap();
    assert_eq!(sample.rows.len(), 14);
    let totals: Vec<_> = sample.totals.iter().map(|(of, sum)| (of.code(), *sum)).collect();
    assert_eq!(totals, [("CNY", 519_900)]);
    // Remarks keep the numbers of the lines.
    assert_eq!(sample.rows[0].line, 21);
    assert_eq!((sample.sha256.len(), sample.name.as_str()), (64, "sample.csv"));
}

#[test]
fn balances_must_sum_to_zero_in_every_currency() {
    let rows = "Bank,,CNY,10.00,,,,,,\nMerchantDeposit,1007,CNY,,10.01,,,,,\n\
                Bank,,USD,1.00,,,,,,\nMerchantDeposit,1007,USD,,1.00,,,,,\n";
    let said = "books/opening.csv:0:0  CNY does not sum to zero: debits 10.00, credits 10.01; \
                credits exceed debits by 0.01";
    assert_eq!(faults(rows), [said]);
    let said = faults("");
    assert_eq!(said, ["books/opening.csv:0:0  there is no balance in it"]);
}

#[test]
fn no_more_is_provided_for_than_a_merchant_owes() {
    let rows = "Bank,,CNY,,1.00,,,,,\nMerchantDebt,1009,CNY,3.00,,,,,,\n\
                DebtAllowance,1009,CNY,,3.01,,,,,\nBank,,CNY,1.01,,,,,,\n";
    assert_eq!(
        faults(rows),
        ["books/opening.csv:4:1  an allowance of 3.01 exceeds the debt of 3.00"]
    );
}

#[test]
fn every_fault_is_said_at_its_place() {
    let rows = "Bnk,,CNY,1.00,,,,,,\n\
                Bank,,CNX,1.00,,,,,,\n\
                Bank,,CNY,,,,,,,\n\
                Bank,,CNY,1.00,1.00,,,,,\n\
                Bank,,CNY,1.001,,,,,,\n\
                Bank,,CNY,\"1,00\",,,,,,\n\
                Bank,,CNY,-1.00,,,,,,\n\
                Bank,,CNY,0.00,,,,,,\n\
                Bank,1007,CNY,1.00,,,,,,\n\
                Bank,,CNY,1.00,,2026-03-01,,,,\n\
                Bank,,CNY,1.00,,,ref,,,\n\
                PspClearing,,CNY,1.00,,,,,,\n\
                MerchantPayable,,CNY,1.00,,2026-03-01,,,,\n\
                MerchantPayable,1007,CNY,1.00,,,,,,\n\
                MerchantPayable,1007,CNY,1.00,,1 March,,,,\n\
                MerchantReserve,1007,CNY,1.00,,2026-03-01,,,,\n\
                MerchantDebt,1007,CNY,,1.00,,,,,\n\
                MerchantDeposit,1007,CNY,,1.00,,,,,\n\
                MerchantDeposit,1007,CNY,,1.00,,,,,\n\
                DeferredRevenue,1007,CNY,,1.00,,G-1,membership,2026-02-28,2026-12-31\n\
                DeferredRevenue,1007,CNY,,1.00,,G-1,membership,2026-03-02,2026-03-01\n\
                DeferredRevenue,1007,CNY,,1.00,,G-1,cleaning,2026-03-01,2026-12-31\n\
                OrderEscrow,1007,CNY,,1.00,,8841,,,\n\
                Commission,,CNY,,1.00,,,,,\n\
                AdCredit,,CNY,,1.00,,,,,\n\
                OpeningBalances,,CNY,,1.00,,,,,\n\
                Bank,,CNY\n";
    let places: Vec<(u64, u64)> =
        file(rows).unwrap_err().kept().iter().map(|row| (row.line, row.column)).collect();
    let columns = [1, 3, 4, 5, 4, 4, 4, 4, 2, 6, 7, 7, 2, 6, 6, 4, 5];
    let more = [(20, 1), (21, 9), (22, 10), (23, 8), (24, 1), (25, 1), (26, 1), (27, 1)];
    let mut expected: Vec<(u64, u64)> = (2..).zip(columns).collect();
    expected.extend(more);
    expected.push(*places.last().unwrap());
    assert_eq!(places, expected);
    assert_eq!(places.last().unwrap().0, 28);
    let said = faults(rows);
    assert!(said[21].contains("PspClearing, by payment"), "{}", said[21]);
    assert!(
        said[0].ends_with("account \"Bnk\" is not in the chart   (column account)"),
        "{}",
        said[0]
    );
}

#[test]
fn an_item_may_be_of_an_order_and_a_date_in_the_past() {
    let rows = "MerchantPayable,1007,CNY,,10.00,2026-01-15,8841,,,\nBank,,CNY,10.00,,,,,,\n";
    let read = file(rows).unwrap();
    let Of::Plain { reference, due_on, .. } = &read.rows[0].of else { panic!("an item") };
    assert_eq!(reference.as_deref(), Some("8841"));
    assert_eq!(due_on.map(|on| on.to_string()).as_deref(), Some("2026-01-15"));
}

#[test]
fn a_file_without_the_columns_is_said_so() {
    let bad = read(Path::new("x.csv"), b"account,currency\n", "2026-02-28".parse().unwrap());
    let said = bad.unwrap_err().kept()[0].to_string();
    assert!(said.starts_with("x.csv:1:1  column \"merchant\" is not in the header"), "{said}");
}
