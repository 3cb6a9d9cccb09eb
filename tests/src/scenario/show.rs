//! What a scenario shows: entries, balances, statements and the trial balance as plain lines.

use merchant_statements::Statement;
use souk_journal::account::Account;
use souk_journal::dates::Date;
use souk_journal::entry::{JournalEntry, Posting, RefKind};
use souk_journal::ids::MerchantId;
use souk_journal::money::{Currency, minor_text};
use souk_journal::names::Names;
use souk_journal::open_items::Claims;

use crate::reader::Reader;

/// An entry: its event, then its postings, debits as they stand, credits set in.
pub(super) fn entry(entry: &JournalEntry<'_>, names: &Names) -> Vec<String> {
    let stream = short(entry.source.stream);
    let memo = if entry.postings.is_empty() { "  (memo)" } else { "" };
    let head = format!("{} {}  {stream}@{}", entry.effective_on, entry.kind, entry.source.revision);
    // Debits first, each side in the order of the entry.
    let (debits, credits): (Vec<_>, Vec<_>) = entry.postings.iter().partition(|of| of.amount > 0);
    let lines = debits.into_iter().chain(credits).map(|line| posting(entry, line, names));
    std::iter::once(format!("{head}{memo}")).chain(lines).collect()
}

fn posting(entry: &JournalEntry<'_>, posting: &Posting, names: &Names) -> String {
    let side = if posting.amount < 0 { "  Cr" } else { "Dr" };
    let account = format!("  {side} {}", account(entry, posting, names));
    let amount = minor_text(i128::from(posting.amount).abs(), posting.currency);
    let due = match posting.due_on {
        Some(date) if posting.account == Account::MerchantReserve => format!("  release {date}"),
        Some(date) => format!("  due {date}"),
        None => String::new(),
    };
    let (kind, currency) = (posting.kind, posting.currency);
    format!("{account:<44} {kind:<24} {amount:>10} {currency}{due}")
}

/// The account with the key that it is kept by.
fn account(entry: &JournalEntry<'_>, posting: &Posting, names: &Names) -> String {
    let merchant = names.merchant(posting.merchant).map(|id| id.to_string());
    let order = entry.reference(RefKind::Order).map(str::to_owned);
    let own = entry.reference_of(posting).map(|of| short(of.value));
    let of = posting.account;
    let by_reference = [Account::PspClearing, Account::RefundsInTransit, Account::BankClearing];
    let by_merchant = [
        Account::MerchantPayable,
        Account::MerchantReserve,
        Account::MerchantDeposit,
        Account::AdWallet,
        Account::AdCredit,
        Account::PayoutsDue,
        Account::PayoutsInTransit,
        Account::MerchantDebt,
        Account::DebtAllowance,
    ];
    let by_name = [
        Account::SupplierPayable,
        Account::InsurerReceivable,
        Account::CollectedTax,
        Account::WithholdingTax,
        Account::FxPosition,
        Account::Bank,
    ];
    let key: Vec<String> = if by_name.contains(&of) {
        own.into_iter().collect()
    } else if of == Account::OrderEscrow {
        [order, merchant].into_iter().flatten().collect()
    } else if by_reference.contains(&of) {
        [order, own].into_iter().flatten().collect()
    } else if by_merchant.contains(&of) {
        merchant.into_iter().collect()
    } else {
        Vec::new()
    };
    if key.is_empty() { of.to_string() } else { format!("{of}{{{}}}", key.join(", ")) }
}

/// The hexadecimal id of a payout, shortened.
fn short(text: &str) -> String {
    let id = text.strip_prefix("payout-").unwrap_or(text);
    if id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return format!("payout-{}…", &id[..8]);
    }
    text.to_owned()
}

/// What every merchant has at the end of a day: the states that are not zero, and the total.
pub(super) fn balances(reader: &Reader, on: Date) -> Vec<String> {
    let rows = reader.balances.rows(&reader.names, on).into_iter().map(|row| {
        let of = row.figures;
        let states = [
            ("pending", of.pending),
            ("payable", of.payable),
            ("due", of.due),
            ("held", of.held),
            ("reserved", of.reserved),
            ("deposit", of.deposit),
            ("ad wallet", of.ad_wallet),
            ("in transit", of.in_transit),
            ("debt", of.debt),
        ];
        let mut text = format!("{} {}", row.merchant, row.currency);
        for (state, amount) in states.into_iter().filter(|(_, amount)| *amount != 0) {
            text.push_str(&format!("  {state} {}", minor_text(amount, row.currency)));
        }
        format!("{text}  total {}", minor_text(of.total(), row.currency))
    });
    std::iter::once(format!("at the end of {on}")).chain(rows).collect()
}

/// The bridge of a closed cycle and its check.
pub(super) fn statement(
    reader: &Reader,
    merchant: &str,
    cycle: &str,
    currency: &str,
) -> Result<Vec<String>, String> {
    let none = || format!("{merchant} has no closed cycle {cycle} in {currency}");
    let unit = Currency::from_code(currency).map_err(|error| error.to_string())?;
    let id = MerchantId::new(merchant).map_err(|error| error.to_string())?;
    let number = reader.names.find_merchant(id).ok_or_else(none)?;
    let of = reader.statements.by_cycle(number, unit, cycle).ok_or_else(none)?;
    Ok(bridge(of))
}

fn bridge(of: &Statement) -> Vec<String> {
    let text = |minor: i64| minor_text(i128::from(minor), of.currency);
    let row = |label: &str, count: Option<u64>, minor: i64| {
        let count = count.map_or(String::new(), |count| count.to_string());
        format!("{label:<38} {count:>4} {:>12}", text(minor))
    };
    let last = if of.claims == Claims::Everything { "  final" } else { "" };
    let (from, to, zone) = (of.from, of.to, &of.time_zone);
    let mut lines = vec![
        format!("{}  {from} to {to}  {zone}  {}{last}", of.number, of.currency),
        row("Opening balance", None, of.opening),
    ];
    lines.extend(of.subtotals().map(|sum| row(sum.kind.label(), Some(sum.lines), sum.amount)));
    if of.late() > 0 {
        lines.push(format!("{:<38} {:>4}", "  of these late", of.late()));
    }
    if of.reserve_withheld != 0 {
        lines.push(row("Reserve withheld", None, -of.reserve_withheld));
    }
    if of.deposit_topped_up != 0 {
        lines.push(row("Deposit topped up", None, -of.deposit_topped_up));
    }
    if of.reserve_released != 0 {
        lines.push(row("Reserve released", None, of.reserve_released));
    }
    if of.deposit_used != 0 {
        lines.push(row("Used of the deposit", None, of.deposit_used));
    }
    lines.push(row("Closing balance", None, of.closing));
    lines.push(row("Payout", None, of.payout));
    lines.push(row("Carried into the next cycle", None, of.carried));
    let mut debt = String::new();
    if of.debt > 0 {
        lines.push(row("Owed from now on", None, of.debt));
        debt = format!(" - {}", text(of.debt));
    } else if of.debt < 0 {
        lines.push(row("Kept for a debt", None, -of.debt));
        debt = format!(" + {}", text(-of.debt));
    }
    let beside = |sign: &str, minor: i64| match minor {
        0 => String::new(),
        _ => format!(" {sign} {}", text(minor)),
    };
    lines.push(format!(
        "check: {} + {} - {}{} + {}{} = {} = {} + {}{debt}",
        text(of.opening),
        text(of.lines),
        text(of.reserve_withheld),
        beside("-", of.deposit_topped_up),
        text(of.reserve_released),
        beside("+", of.deposit_used),
        text(of.closing),
        text(of.payout),
        text(of.carried),
    ));
    lines
}

/// Every tax account by jurisdiction and month; positive is owed.
pub(super) fn taxes(reader: &Reader) -> Vec<String> {
    let columns = ["arisen", "returned", "remitted", "open"].map(|name| format!("{name:>10}"));
    let head = format!("{:<16} {:<10} {:<8} {}", "account", "whose", "month", columns.join(" "));
    let rows = reader.taxes.rows();
    let rows = rows.iter().map(|of| {
        let sums = [of.arisen, of.returned, of.remitted, of.open()];
        let sums = sums.map(|sum| format!("{:>10}", minor_text(sum, of.currency)));
        let (account, whose) = (of.account.to_string(), of.jurisdiction.unwrap_or("-"));
        let (year, month, _) = of.month.parts();
        let month = format!("{year:04}-{month:02}");
        format!("{account:<16} {whose:<10} {month:<8} {} {}", sums.join(" "), of.currency)
    });
    std::iter::once(head).chain(rows).collect()
}

/// Every account that was posted to, and the totals.
pub(super) fn trial_balance(reader: &Reader) -> Vec<String> {
    let row = |name: &str, currency: Currency, sides: [i128; 3]| {
        let [debits, credits, balance] = sides.map(|minor| minor_text(minor, currency));
        format!("{name:<38} {currency} {debits:>12} {credits:>12} {balance:>12}")
    };
    let (debits, credits, balance) = ("debits", "credits", "balance");
    let mut lines = vec![format!("{:<42} {debits:>12} {credits:>12} {balance:>12}", "")];
    lines.extend(reader.trial.rows(&reader.names).into_iter().map(|of| {
        let name = match of.merchant {
            Some(merchant) => format!("{}{{{merchant}}}", of.account),
            None => of.account.to_string(),
        };
        row(&name, of.currency, [of.debits, of.credits, of.balance])
    }));
    lines.extend(
        reader
            .trial
            .totals()
            .into_iter()
            .map(|of| row("total", of.currency, [of.debits, of.credits, of.balance])),
    );
    lines
}
