//! What arises, comes back and is paid, by month.

use souk_journal::account::Account;
use souk_journal::dates::Micros;
use souk_journal::entry::{EntryBuilder, EventRef, JournalEntry, Postings, RefKind};
use souk_journal::entry_kind::EntryKind;
use souk_journal::ids::MerchantId;
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;

use super::*;

fn cny() -> Currency {
    Currency::from_code("CNY").unwrap()
}

fn entry<'a>(number: u64, kind: EntryKind, on: &str, postings: Postings<'a>) -> JournalEntry<'a> {
    JournalEntry {
        entry: number,
        source: EventRef { stream: "order-1", revision: number },
        kind,
        occurred_at: Micros(0),
        recorded_at: Micros(0),
        effective_on: on.parse().unwrap(),
        corrects: None,
        control: postings.control,
        refs: postings.refs,
        postings: postings.postings,
    }
}

/// Collected 8.70 in March for `US-CA`, 5.08 of it refunded in April; a commission's tax of 0.48, 0.24 of it returned in
/// two lines; 3.00 remitted in April for March.
fn ledger(names: &mut Names) -> Vec<JournalEntry<'static>> {
    let merchant = MerchantId::new("1007").unwrap();
    let mut collected = EntryBuilder::new(names, cny());
    collected.reference(RefKind::Order, "1").debit(
        Account::OrderEscrow,
        LineKind::TaxCollected,
        870,
    );
    collected.reference(RefKind::Jurisdiction, "US-CA");
    collected.credit(Account::CollectedTax, LineKind::TaxCollected, 870);
    let collected = collected.balanced().unwrap();
    let mut charged = EntryBuilder::new(names, cny());
    charged.merchant(merchant).reference(RefKind::Order, "1");
    charged.debit(Account::MerchantPayable, LineKind::CommissionTax, 48);
    charged.credit(Account::OutputVat, LineKind::CommissionTax, 48);
    let charged = charged.balanced().unwrap();
    let mut refunded = EntryBuilder::new(names, cny());
    refunded.reference(RefKind::Jurisdiction, "US-CA");
    refunded.debit(Account::CollectedTax, LineKind::TaxRefunded, 508);
    refunded.credit(Account::RefundsInTransit, LineKind::Refund, 508);
    let refunded = refunded.balanced().unwrap();
    let mut returned = EntryBuilder::new(names, cny());
    returned.merchant(merchant).reference(RefKind::Order, "1");
    for part in [20, 4] {
        returned.credit(Account::MerchantPayable, LineKind::CommissionTaxReturned, part);
        returned.debit(Account::OutputVat, LineKind::CommissionTaxReturned, part);
    }
    let returned = returned.balanced().unwrap();
    let mut remitted = EntryBuilder::new(names, cny());
    remitted.reference(RefKind::Period, "2026-03").reference(RefKind::Jurisdiction, "US-CA");
    remitted.debit(Account::CollectedTax, LineKind::TaxRemitted, 300);
    remitted.credit(Account::BankClearing, LineKind::TaxRemitted, 300);
    let remitted = remitted.balanced().unwrap();
    vec![
        entry(0, EntryKind::TaxCollected, "2026-03-02", collected),
        entry(1, EntryKind::CommissionCharged, "2026-03-02", charged),
        entry(2, EntryKind::TaxRefunded, "2026-04-03", refunded),
        entry(3, EntryKind::FeeReturned, "2026-04-03", returned),
        entry(4, EntryKind::TaxRemitted, "2026-04-15", remitted),
    ]
}

fn folded() -> PlatformTaxes {
    let mut names = Names::default();
    let entries = ledger(&mut names);
    let mut taxes = PlatformTaxes::new();
    taxes.apply(&entries, &names);
    taxes
}

#[test]
fn what_arose_came_back_and_was_paid_stands_in_its_month() {
    let taxes = folded();
    let rows: Vec<String> = taxes
        .rows()
        .iter()
        .map(|of| {
            let whose = of.jurisdiction.unwrap_or("-");
            let sums = format!("{} {} {} {}", of.arisen, of.returned, of.remitted, of.open());
            format!("{} {whose} {} {sums}", of.account, of.month)
        })
        .collect();
    assert_eq!(
        rows,
        [
            "OutputVat - 2026-03-01 48 0 0 48",
            "OutputVat - 2026-04-01 0 -24 0 -24",
            "CollectedTax US-CA 2026-03-01 870 0 -300 570",
            "CollectedTax US-CA 2026-04-01 0 -508 0 -508",
        ]
    );
}

#[test]
fn the_rows_of_an_account_sum_to_its_balance() {
    let taxes = folded();
    assert_eq!(taxes.balance_of(Account::CollectedTax, cny()), 508 + 300 - 870);
    assert_eq!(taxes.balance_of(Account::OutputVat, cny()), 24 - 48);
}

#[test]
fn the_lines_of_one_return_are_one_row() {
    let taxes = folded();
    let [returned] = taxes.returned_fee_tax() else { panic!("{:?}", taxes.returned_fee_tax()) };
    assert_eq!((returned.entry, &*returned.subject, returned.amount), (3, "1", 24));
    assert_eq!(returned.kind, LineKind::CommissionTaxReturned);
}

#[test]
fn a_snapshot_in_between_changes_nothing() {
    let mut names = Names::default();
    let entries = ledger(&mut names);
    let whole = folded();
    for cut in 0..=entries.len() {
        let (mut first, mut second) = (PlatformTaxes::new(), PlatformTaxes::new());
        first.apply(&entries[..cut], &names);
        second.load(&first.save()).unwrap();
        second.apply(&entries[cut..], &names);
        assert_eq!(second.save(), whole.save());
    }
}
