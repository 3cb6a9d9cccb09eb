//! `souk posting-manual`: which account every event touches, printed from the rules by running them on
//! the golden events.

use std::fmt::Write as _;

use souk_domain::event::LedgerEvent;
use souk_journal::account::{Account, Section};
use souk_journal::entry_kind::EntryKind;

use crate::cli::{Format, Global};
use crate::fail::Failure;
use crate::show::{self, Rows};

/// Prints the chart and the routing.
pub(crate) fn run(global: &Global) -> Result<(), Failure> {
    let routes = crate::commands::routes::routes()?;
    if global.format() == Format::Json {
        return show::json(global, &routes);
    }
    let mut rows = Rows {
        columns: vec!["event", "version", "stream", "debit", "credit", "kinds"],
        numeric: vec!["version"],
        rows: Vec::new(),
    };
    for route in &routes {
        rows.rows.push(vec![
            route.event.to_owned(),
            route.version.to_string(),
            format!("{}-…", route.category),
            if route.memo() { "– (memo)".to_owned() } else { route.debit.join(", ") },
            route.credit.join(", "),
            route.kinds.join(", "),
        ]);
    }
    let mut head = String::new();
    if global.format() == Format::Table {
        let mut chart = String::from("Chart of accounts\n");
        for (section, name) in SECTIONS {
            let accounts = Account::CHART.iter().filter(|account| account.section() == *section);
            let mut names: Vec<&str> = accounts.map(|account| account.name()).collect();
            if *section == Section::Clearing {
                names.push("OrderDifferences{class}");
            }
            let _ = writeln!(chart, "  {name:<16} {}", names.join(", "));
        }
        head = format!("{chart}\nPostings, from the rules run on the golden events\n");
    }
    debug_assert_eq!(LedgerEvent::schemas().len(), EntryKind::ALL.len());
    show::rows_under(global, &head, &rows)
}

const SECTIONS: &[(Section, &str)] = &[
    (Section::Asset, "assets"),
    (Section::Liability, "liabilities"),
    (Section::Clearing, "clearing"),
    (Section::Revenue, "revenue"),
    (Section::ContraRevenue, "contra-revenue"),
    (Section::OtherIncome, "other income"),
    (Section::Expense, "expense"),
    (Section::Memorandum, "memorandum"),
];
