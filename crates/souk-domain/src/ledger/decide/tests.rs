//! Who may create a ledger: anyone, once.

use souk_journal::ids::Id;

use crate::given::{Given, given};
use crate::ledger::commands::CreateLedger;
use crate::ledger::decide::{LedgerMain, LedgerRefusal};

fn ledger() -> Given<'static, LedgerMain> {
    given::<LedgerMain>(())
}

fn create() -> CreateLedger {
    CreateLedger {
        ledger: Id::new("0d9f8f2a6c5b4e3d8a7b6c5d4e3f2a1b").unwrap(),
        platform: "市集".to_owned(),
        currency: "CNY".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        language: "zh".to_owned(),
        demonstration: None,
    }
}

#[test]
fn a_ledger_begins_with_its_own_creation() {
    let text = r#""platform":"市集","currency":"CNY","time_zone":"Asia/Shanghai""#;
    ledger().when(create()).says("ledger-created", text).posts(&[]);
}

#[test]
fn a_ledger_is_created_on_the_date_in_its_zone() {
    let late = ledger().at("2026-03-02T17:00:00.000000Z");
    late.when(create()).effective_on("2026-03-03");
}

#[test]
fn a_ledger_is_created_once() {
    ledger().after(create()).when(create()).refused("LedgerExists");
}

#[test]
fn a_ledger_in_an_unknown_currency_is_refused() {
    let unknown = CreateLedger { currency: "XXQ".to_owned(), ..create() };
    ledger().when(unknown).refused("UnknownCurrency");
}

#[test]
fn a_ledger_in_an_unknown_zone_is_refused() {
    let unknown = CreateLedger { time_zone: "Mars/Olympus".to_owned(), ..create() };
    ledger().when(unknown).refused("UnknownTimeZone");
}

#[test]
fn a_ledger_speaks_english_or_chinese() {
    ledger()
        .when(CreateLedger { language: "eo".to_owned(), ..create() })
        .refused("UnknownLanguage");
}

#[test]
fn a_platform_has_a_name() {
    ledger().when(CreateLedger { platform: String::new(), ..create() }).refused("UnusableName");
}

#[test]
fn a_ledger_refuses_in_5_ways() {
    assert_eq!(LedgerRefusal::CODES.len(), 5);
}
