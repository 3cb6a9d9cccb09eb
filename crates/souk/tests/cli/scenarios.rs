//! Every worked example at a prompt: the scenarios of `fixtures/scenarios`, carried out by the binary alone (`souk apply`,
//! `souk close`, `souk close-month`, `souk merchant close`), and what it prints of trial balances and statements beside what
//! the scenario says.

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rust_decimal::Decimal;
use serde_json::{Value, json};
use souk_domain::business_time::Zone;
use souk_formats::tariff_file::TariffFile;
use souk_journal::dates::Micros;
use souk_ledger::clock::Clock;
use souk_store::EventStore;
use souk_store_log::{Kind as LogKind, LogStore, Options};
use souk_tests::market::{LEDGER, Sent, ZONE, create_in};
use souk_tests::scenario::document::{Document, Kind};
use souk_tests::scenario::hands::{Hands, Refused};
use souk_tests::scenario::language::Action;
use souk_tests::scenario::runner::{Shown, compare, run_by};
use souk_tests::worked::{FREIGHT, Row, earned, parcel, rows, worked};
use uuid::Uuid;

use crate::common::{Ran, amount, fixture, list, souk, souk_reads};

/// Scenarios that are not retold, and where they stop. Commands that need a vault, a file of balances or a register of terms
/// have tests of their own in this crate; the key of a request is derived from the command that carries it.
const NOT_RETOLD: &[(&str, &str)] = &[
    ("a-file-of-payouts-and-what-the-bank-says", "NotAtThePrompt: a file of payouts"),
    ("a-membership-renews-at-a-lower-plan", "NotAtThePrompt: a renewal by a tick"),
    ("a-payee-is-changed-and-cools", "NotAtThePrompt: a file of payouts"),
    ("a-payout-comes-back-from-a-closed-account", "NotAtThePrompt: a file of payouts"),
    ("a-returned-payout-goes-out-again", "NotAtThePrompt: a file of payouts"),
    ("an-early-payout", "NotAtThePrompt: what is due after today"),
    ("going-live-mid-life", "NotAtThePrompt: opening balances"),
    ("the-same-key-with-another-body", "expected KeyReusedWithAnotherBody: key "),
];

/// Refusals that only a clock gives, and that of the prompt is later than every scenario: such lines are waited out.
const BY_THE_CLOCK: [&str; 4] =
    ["CycleStillOpen", "MonthStillOpen", "ObjectionTooLate", "WindDownRunsOn"];

/// A person at a prompt, with commands that wait to be sent in one file.
struct Prompt<'d> {
    data: &'d str,
    file: Vec<String>,
}

impl Prompt<'_> {
    fn read(&self) -> Result<Arc<dyn EventStore>, String> {
        let store = LogStore::open_read_only(self.data).map_err(|error| error.to_string())?;
        Ok(Arc::new(store))
    }

    /// Applies lines; whether all had been carried out before.
    fn apply(&self, lines: &[String]) -> Result<bool, Refused> {
        let args = ["apply", "-", "--format", "json", "--data", self.data];
        let ran = souk_reads(&args, lines.join("\n"));
        if !ran.out.starts_with('{') {
            return Err(problem(&ran));
        }
        let done = ran.json_lines();
        match done.iter().find(|of| of["status"] == "refused") {
            Some(of) => {
                let text = |field: &str| of[field].as_str().unwrap_or_default().to_owned();
                Err(Refused { code: text("code"), text: text("message") })
            }
            None => {
                carried_out(&ran)?;
                Ok(done.iter().all(|of| of["status"] == "replayed"))
            }
        }
    }
}

/// A line of `souk apply`.
fn line(sent: &Sent) -> String {
    let data: Value = serde_json::from_str(&sent.data).expect("data of a scenario is JSON");
    json!({ "command": sent.name, "key": sent.key, "at": sent.at.to_string(), "data": data })
        .to_string()
}

fn problem(ran: &Ran) -> Refused {
    let of = ran.problem();
    let text = |field: &str| of[field].as_str().unwrap_or_default().to_owned();
    Refused { code: text("title"), text: text("detail") }
}

fn carried_out(ran: &Ran) -> Result<(), Refused> {
    if ran.exit == 0 { Ok(()) } else { Err(problem(ran)) }
}

impl Hands for Prompt<'_> {
    fn store(&self) -> Result<Arc<dyn EventStore>, String> {
        self.read()
    }

    /// Every command is a process of its own.
    fn reload(&mut self, _now: Micros) -> Result<(), String> {
        Ok(())
    }

    fn carry_out(&mut self, action: &Action, _at: Micros, _now: Micros) -> Result<bool, Refused> {
        let asked = |args: &[&str]| {
            let args = [args, &["--format", "json", "--data", self.data]].concat();
            let ran = souk(&args);
            carried_out(&ran).map(|()| ran)
        };
        let none =
            |what: &str| Refused { code: String::from("NotAtThePrompt"), text: what.to_owned() };
        match action {
            Action::Wait | Action::Reload => Ok(false),
            Action::Send(commands) => self.apply(&commands.iter().map(line).collect::<Vec<_>>()),
            Action::Close(through) => {
                let ran = asked(&["close", "--through", &through.to_string()])?;
                Ok(ran.json()["closed"] == 0)
            }
            Action::CloseMonth(month, by) => {
                let month = month.to_string();
                let mut args = vec!["close-month", &month[..7]];
                by.iter().for_each(|name| args.extend(["--by", name]));
                asked(&args).map(|_| true)
            }
            Action::CloseMerchant(merchant) => {
                asked(&["merchant", "close", merchant, "--by", "Finance"]).map(|_| false)
            }
            Action::EarlyPayout(..) => Err(none("what is due after today")),
            Action::Renew(..) => Err(none("a renewal by a tick")),
            Action::Opening(..) => Err(none("opening balances")),
            Action::PayoutFile(..) | Action::WithdrawFile(..) => Err(none("a file of payouts")),
        }
    }

    fn send(&mut self, sent: &Sent, _now: Micros) -> Result<(), Refused> {
        self.file.push(line(sent));
        Ok(())
    }

    fn settle(&mut self) -> Result<(), Refused> {
        let file = std::mem::take(&mut self.file);
        if file.is_empty() { Ok(()) } else { self.apply(&file).map(|_| ()) }
    }

    fn check(&self, kind: &Kind, shown: &[String]) -> Result<(), String> {
        match kind {
            Kind::TrialBalance => {
                let ran = souk(&["trial-balance", "--format", "json", "--data", self.data]);
                let printed = printed_trial_balance(&ran.done().json());
                let told = told_trial_balance(shown);
                (printed == told).then_some(()).ok_or(format!("printed {printed:?}, told {told:?}"))
            }
            Kind::Statement(merchant, cycle, currency) => {
                let currency = currency.as_deref().unwrap_or("CNY");
                let args = ["statement", merchant, cycle, "--currency", currency];
                let ran = souk(&[&args[..], &["--format", "json", "--data", self.data]].concat());
                let printed = printed_statement(&ran.done().json());
                let told = told_statement(shown);
                (printed == told).then_some(()).ok_or(format!("printed {printed:?}, told {told:?}"))
            }
            Kind::Setup
            | Kind::Commands
            | Kind::Journal
            | Kind::Refused
            | Kind::Balances
            | Kind::Taxes
            | Kind::Payouts
            | Kind::Months
            | Kind::Revenue(_) => Ok(()),
        }
    }
}

/// Debits and credits by account, whosever it is, and currency.
type Sums = BTreeMap<(String, String), (Decimal, Decimal)>;

fn add(sums: &mut Sums, account: &str, currency: &str, debits: Decimal, credits: Decimal) {
    let account = account.split('{').next().unwrap_or(account);
    let of = sums.entry((account.to_owned(), currency.to_owned())).or_default();
    *of = (of.0 + debits, of.1 + credits);
}

fn printed_trial_balance(of: &Value) -> Sums {
    let mut sums = Sums::new();
    for row in list(&of["rows"]) {
        let (account, currency) =
            (row["account"].as_str().unwrap(), row["currency"].as_str().unwrap());
        add(&mut sums, account, currency, amount(&row["debits"]), amount(&row["credits"]));
    }
    sums
}

fn told_trial_balance(shown: &[String]) -> Sums {
    let mut sums = Sums::new();
    for row in shown.iter().skip(1).filter(|row| !row.starts_with("total ")) {
        let words: Vec<&str> = row.split_whitespace().collect();
        let [account, currency, debits, credits, _] = words[..] else { panic!("{row:?}") };
        add(&mut sums, account, currency, debits.parse().unwrap(), credits.parse().unwrap());
    }
    sums
}

/// Opening, every kind of line, closing, payout, what is carried.
fn printed_statement(of: &Value) -> Vec<Decimal> {
    let mut figures = vec![amount(&of["opening"])];
    figures.extend(list(&of["subtotals"]).iter().map(|row| amount(&row["amount"])));
    figures.extend(["closing", "payout", "carried"].map(|field| amount(&of[field])));
    figures
}

fn told_statement(shown: &[String]) -> Vec<Decimal> {
    let beside = [
        "  of these late",
        "Reserve withheld",
        "Reserve released",
        "Deposit topped up",
        "Used of the deposit",
        "Owed from now on",
        "Kept for a debt",
        "check:",
    ];
    let rows = shown.iter().skip(1).filter(|row| !beside.iter().any(|of| row.starts_with(of)));
    rows.map(|row| row.split_whitespace().last().unwrap().parse().unwrap()).collect()
}

/// Without what only the clock refuses: the line passes time, and its refusal is not expected.
fn as_of_today(text: &str) -> String {
    let by_the_clock = |code: &str| BY_THE_CLOCK.contains(&code.trim());
    let line = |line: &str| match line.split_once("->") {
        Some((command, code)) if by_the_clock(code) => {
            let dated = command.starts_with("20");
            let words: Vec<&str> = command.split_whitespace().collect();
            let when = if dated { words[..2].join(" ") } else { String::new() };
            Some(format!("{when} wait"))
        }
        _ => {
            let code = line.split_once(": ").map_or("", |(code, _)| code);
            (!by_the_clock(code)).then(|| line.to_owned())
        }
    };
    text.lines().filter_map(line).map(|line| line + "\n").collect()
}

/// What is dated by the clock and not by its command: what a final settlement does with a deposit, and the end of an account.
const DATED_BY_THE_CLOCK: [&str; 4] =
    [" deposit-used ", " deposit-set-aside ", " deposit.used ", " merchant-closed "];

/// Lines of those with the date that the scenario tells instead of today's; everything else of them is as it was shown.
fn dated_as_told(document: &Document, shown: &mut Shown) {
    let today = Zone::named(ZONE).unwrap().date(Clock::System.now()).to_string();
    for (block, lines) in document.blocks.iter().zip(shown) {
        let told = &document.lines[block.lines.clone()];
        for (line, told) in lines.iter_mut().flatten().zip(told) {
            let Some(at) = line.find(&today) else { continue };
            let date = told.get(at..at + today.len()).unwrap_or_default();
            if DATED_BY_THE_CLOCK.iter().any(|of| line.contains(of)) {
                *line = line.replace(&today, date);
            }
        }
    }
}

/// A scenario retold at the prompt, in a directory of its own.
fn retell(document: &Document) -> Result<Shown, String> {
    let dir = tempfile::tempdir().map_err(|error| error.to_string())?;
    let data = dir.path().join("ledger");
    let id = Uuid::parse_str(LEDGER).map_err(|error| error.to_string())?;
    let store = LogStore::create(&data, LogKind::Ledger, *id.as_bytes(), Options::default())
        .map_err(|error| error.to_string())?;
    create_in(&store).map_err(|error| error.to_string())?;
    store.close();
    let mut prompt = Prompt { data: data.to_str().ok_or("a path of text")?, file: Vec::new() };
    let mut shown = run_by(&mut prompt, document)?;
    dated_as_told(document, &mut shown);
    Ok(shown)
}

/// Does something with each of several, on two threads; what went wrong, by name.
fn each<T: Sync>(
    of: &[(String, T)],
    act: impl Fn(&str, &T) -> Result<(), String> + Sync,
) -> BTreeMap<String, String> {
    let (next, faults) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((name, one)) = of.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(fault) = act(name, one) {
                        faults.lock().unwrap().insert(name.clone(), fault);
                    }
                }
            });
        }
    });
    faults.into_inner().unwrap()
}

#[test]
fn every_scenario_can_be_retold_at_a_prompt() {
    let mut texts: Vec<(String, String)> = fs::read_dir(fixture("scenarios"))
        .unwrap()
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem()?.to_str()?.to_owned();
            let told = path.extension()? == "md" && name != "README";
            told.then(|| (name, fs::read_to_string(&path).unwrap()))
        })
        .collect();
    texts.sort();
    let mut faults = each(&texts, |name, text| {
        let file = format!("fixtures/scenarios/{name}.md");
        let document = Document::parse(&file, &as_of_today(text))?;
        compare(&document, &retell(&document)?)
    });
    for (name, why) in NOT_RETOLD {
        let fault = faults.remove(*name).unwrap_or_else(|| panic!("{name} can be retold"));
        assert!(fault.contains(why), "{name}: {fault}");
    }
    let text: Vec<String> = faults.into_values().collect();
    assert!(text.is_empty(), "{} of {}:\n{}", text.len(), texts.len(), text.join("\n"));
}

#[test]
fn every_tariff_charges_at_a_prompt_what_is_worked_out_by_hand() {
    let readme = fs::read_to_string(fixture("tariffs/README.md")).unwrap();
    let mut work: Vec<(String, (Option<TariffFile>, Row<'_>))> = Vec::new();
    for head in readme.lines().filter(|line| line.starts_with("## ")) {
        let name = &head[3..];
        if name.strip_suffix(".toml") == Some(FREIGHT) {
            continue;
        }
        let text = fs::read_to_string(fixture(&format!("tariffs/{name}"))).unwrap();
        let file = TariffFile::parse(name, &text).unwrap();
        let of = rows(&readme, head).into_iter().map(|row| (row.line.to_string(), row));
        work.extend(of.map(|(line, row)| (line, (Some(file.clone()), row))));
    }
    let partners = rows(&readme, "### Partners").into_iter();
    work.extend(partners.map(|row| (row.line.to_string(), (None, row))));
    assert!(work.len() > 110, "{}", work.len());
    let faults = each(&work, |_, (file, row)| match file {
        Some(file) => worked(&retell, file, row),
        None => earned(&retell, "taobao-douyin-style", row),
    });
    let parcels = rows(&readme, &format!("## {FREIGHT}.toml")).into_iter();
    let parcels: Vec<(String, Row<'_>)> = parcels.map(|row| (row.line.to_string(), row)).collect();
    assert!(parcels.len() >= 12, "{}", parcels.len());
    let of_parcels = each(&parcels, |_, row| parcel(&retell, row));
    let text: Vec<String> = faults.into_values().chain(of_parcels.into_values()).collect();
    assert!(text.is_empty(), "{} of {}:\n{}", text.len(), work.len(), text.join("\n"));
    // A figure that is not what the ledger charges fails.
    let cells = vec!["", "express", "浙江", "2.4", "3", "8.00 + 2 × 2.00", "12.01"];
    let fault = parcel(&retell, &Row { line: 1, cells }).unwrap_err();
    assert!(fault.ends_with("charged is 12.00 instead of 12.01"), "{fault}");
}
