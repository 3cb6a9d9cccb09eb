//! The command line: verbs grouped by what one wants, flags that mean the same everywhere.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use rust_decimal::Decimal;
use souk_journal::dates::Date;

use crate::commands::backup::{Backup, Restore};
use crate::commands::early_payout::EarlyPayout;
use crate::commands::export::Export;
use crate::commands::log::Log;
use crate::commands::merchant::Merchant;
use crate::commands::payee::Payee;
use crate::commands::payouts::Payouts;
use crate::commands::serve::Serve;
use crate::commands::statement::verify::Verify;
use crate::commands::store::Store;
use crate::commands::tariff::Tariff;
use crate::fail::{Exit, Failure};

/// The grouped help; a test holds it against the verbs.
const HELP: &str = "\
{about}

{usage-heading} {usage}

Start    init            create an empty ledger
         demo            create an invented marketplace and show what Souk does
         import          read orders: `import orders FILE.csv`, `import olist DIR`; rates: `import rates FILE.csv`
         apply           carry out commands from a file, one JSON object per line
         serve           let clients of KurrentDB read and follow the ledger
Money    balances        what each merchant is owed, and in which state
         statement       a merchant's settlement statement; `statement verify FILE` checks a printed one
         revenue         what the platform earned
         taxes           what is owed to tax authorities, by month
         trial-balance   every account, debits and credits
         order           the life of one order's money
         objections      what merchants say against lines of statements, with deadlines
         merchant        a merchant's account: where it stands, what is left, its closing
Run      close           close settlement cycles
         payee           where payouts go: proposed, approved by another person, withdrawn, verified
         payouts         what is due and with the bank; files for the bank, and its answers
         early-payout    pay a merchant now for items that fall due later, less a fee
         close-month     close a month of the platform's own books
         tariff          check, publish, show, compare, explain and simulate tariffs
         tick            what days that passed bring: renewals, expired credit, revenue of terms
Check    replay          recompute everything from entry 0 and compare
Away     export          journals in your own account codes: `export journal`; every statement: `export statements DIR`
Keep     posting-manual  which account every event touches
         log             what is in the log's files: `log inspect`, `log verify`
         backup          copy everything at one entry, also beside a writer
         restore         bring a backup back
         bench           measure this machine: ingest and replay
         store           event stores themselves: `store copy`, `store serve`, `store drill`

{options}
Exit codes: 0 done, 1 refused by a rule (nothing written), 2 wrong usage, 3 a check found a
difference, 4 bad input file, 5 ledger in use or out of reach, 6 damaged log, 70 bug.
";

/// The ledger of a marketplace: every order, commission and refund is an event that never changes.
#[derive(Debug, Parser)]
#[command(name = "souk", version, help_template = HELP, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Verb,
}

/// Forms of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// One JSON document.
    Json,
    /// Comma-separated rows.
    Csv,
    /// A statement in the columns of a Settlement Report V2 (flat file V2).
    Tsv,
    /// A statement as a Chinese 结算单, comma-separated.
    SettlementZh,
    /// A statement as a spreadsheet, with formulas.
    Xlsx,
    /// A statement as a page of its own, for screen and paper.
    Html,
    /// A statement as a PDF (cargo feature `pdf`).
    Pdf,
}

/// Languages of labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// English.
    En,
    /// Chinese.
    Zh,
}

/// Flags that mean the same for every command.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// The ledger's directory
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// A store elsewhere (kurrentdb://…)
    #[arg(long, global = true, value_name = "URL", conflicts_with = "data")]
    pub(crate) store: Option<String>,
    /// Form of the output [default: table, or by the extension of --output]
    #[arg(long, global = true, value_enum)]
    format: Option<Format>,
    /// Write to this file instead of standard output
    #[arg(long, global = true, value_name = "FILE", visible_alias = "out")]
    pub(crate) output: Option<PathBuf>,
    /// As the ledger stood at an entry number or a time of recording (RFC 3339)
    #[arg(long, global = true, value_name = "ENTRY|TIME")]
    pub(crate) as_of: Option<String>,
    /// The date on which pending becomes payable [default: the last accounting date]
    #[arg(long, global = true, value_name = "DATE")]
    pub(crate) effective: Option<Date>,
    /// First day or month (2026-03-01, 2026-03, 2026-W10, last-month)
    #[arg(long, global = true, value_name = "DATE")]
    pub(crate) from: Option<String>,
    /// Last day or month
    #[arg(long, global = true, value_name = "DATE")]
    pub(crate) to: Option<String>,
    /// Beside the period before, the year before, or another one (revenue, statement)
    #[arg(long, global = true, value_name = "previous|year|FROM..TO")]
    pub(crate) compare: Option<String>,
    /// Zone of the times shown [default: the platform's]
    #[arg(long, global = true, value_name = "ZONE")]
    pub(crate) tz: Option<String>,
    /// One currency alone (ISO 4217)
    #[arg(long, global = true, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// Language of labels [default: SOUK_LANG, then LANG]
    #[arg(long, global = true, value_enum)]
    lang: Option<Lang>,
    /// Columns to show, in this order
    #[arg(long, global = true, value_name = "A,B,C", value_delimiter = ',')]
    pub(crate) fields: Vec<String>,
    /// At most so many rows; 0 is all of them
    #[arg(long, global = true, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// Print the address of every figure
    #[arg(long, global = true)]
    pub(crate) addresses: bool,
    /// Say nothing but the answer
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// No colours (there are none yet; NO_COLOR is the same)
    #[arg(long, global = true)]
    pub(crate) no_color: bool,
    /// Answer yes to every question
    #[arg(long, short, global = true)]
    pub(crate) yes: bool,
    /// Exit 0 even when a check found a difference
    #[arg(long, global = true)]
    pub(crate) exit_zero: bool,
}

impl Global {
    /// What the flags say together: a file whose name asks for a form that there is not.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let extension = self.output.as_ref().and_then(|path| path.extension()?.to_str());
        match extension {
            Some(extension @ "ndjson") if self.format.is_none() => {
                let message = format!("this edition writes no {extension} files");
                Err(Failure::new(Exit::Usage, "FormatNotSupported", message)
                    .with("  the forms are table, json and csv: name one with --format"))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The form of the output.
    pub(crate) fn format(&self) -> Format {
        let by_extension = || {
            let extension = self.output.as_ref()?.extension()?.to_str()?;
            Format::from_str(extension, true).ok()
        };
        self.format.or_else(by_extension).unwrap_or(Format::Table)
    }

    /// The language of labels.
    pub(crate) fn lang(&self) -> Lang {
        let wanted = |name: &str| std::env::var(name).ok();
        let by_environment = || wanted("SOUK_LANG").or_else(|| wanted("LANG"));
        self.lang.unwrap_or_else(|| match by_environment() {
            Some(name) if name.starts_with("zh") => Lang::Zh,
            Some(_) | None => Lang::En,
        })
    }
}

/// What can be asked.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Create an empty ledger
    Init(Init),
    /// Create an invented marketplace in ./souk-demo and show what Souk does
    Demo(Demo),
    /// Read orders
    Import(Import),
    /// Carry out commands from a file (or - for standard input), one JSON object per line
    Apply(Apply),
    /// What each merchant is owed, and in which state
    Balances(Balances),
    /// A merchant's settlement statement: the latest closed cycle, or the one named
    Statement(Statement),
    /// What the platform earned, by month and line
    Revenue(Revenue),
    /// What is owed to tax authorities, per account, jurisdiction and month
    Taxes(Taxes),
    /// Every account, debits and credits
    TrialBalance,
    /// The life of one order's money
    Order {
        /// The order
        order: String,
    },
    /// Objections to lines of statements, with their deadlines and answers
    Objections(Objections),
    /// A merchant's account: where it stands, what is left in it, and its closing
    Merchant(Merchant),
    /// Close settlement cycles
    Close(Close),
    /// Where merchants' payouts go; details are kept in the vault, not in the log
    Payee(Payee),
    /// Payouts: what is due and with the bank, files for the bank, and what it answers
    Payouts(Payouts),
    /// Pay a merchant now for items that fall due later, less a fee
    EarlyPayout(EarlyPayout),
    /// Close a month of the platform's own books, and reverse what it had provided for
    CloseMonth(CloseMonth),
    /// Check, publish, show, compare, explain and simulate tariffs
    Tariff(Tariff),
    /// Charge renewals that have begun, reverse credit that expired, and recognise the revenue of terms through the end of
    /// a month
    Tick(Tick),
    /// Take figures away for other software: `export journal`, `export statements`
    Export(Export),
    /// Recompute everything from entry 0 and compare with what was recorded
    Replay,
    /// Which account every event touches, from the rules themselves
    PostingManual,
    /// Measure this machine: durable ingest and replay, as ratios
    Bench(Bench),
    /// Event stores themselves: copy, serve, drill
    Store(Store),
    /// Let clients of KurrentDB read and follow the ledger
    Serve(Serve),
    /// What is in the log's files, and whether they are whole
    Log(Log),
    /// Copy everything that is not derived, at one entry, also beside a writer
    Backup(Backup),
    /// Bring a backup back into a new directory
    Restore(Restore),
}

/// `souk init`
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The platform's name
    #[arg(long)]
    pub(crate) platform: Option<String>,
    /// The platform's currency (ISO 4217); `--currency` is the same
    #[arg(long, value_name = "CODE")]
    pub(crate) platform_currency: Option<String>,
    /// The platform's time zone
    #[arg(long, value_name = "ZONE")]
    pub(crate) time_zone: Option<String>,
    /// Language of documents: en or zh
    #[arg(long)]
    pub(crate) language: Option<String>,
    /// First tariff and terms, a TOML file [default: 5 % commission, weekly cycles, 7 days]
    #[arg(long, value_name = "FILE")]
    pub(crate) tariff: Option<PathBuf>,
    /// Balances brought forward, a CSV file that sums to zero in every currency
    #[arg(long, value_name = "FILE", requires_all = ["opening_date", "approved_by"])]
    pub(crate) opening: Option<PathBuf>,
    /// The day at whose end the opening balances stand
    #[arg(long, value_name = "DATE", requires = "opening")]
    pub(crate) opening_date: Option<Date>,
    /// Who approved the opening balances; twice for two persons
    #[arg(long, value_name = "NAME", requires = "opening")]
    pub(crate) approved_by: Vec<String>,
    /// One person may approve opening balances up to this amount, in every currency
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    pub(crate) two_approvals_above: Decimal,
    /// Print a sample file of opening balances, with what each column means, and do nothing else
    #[arg(long)]
    pub(crate) opening_template: bool,
}

/// `souk objections`
#[derive(Debug, Args)]
pub(crate) struct Objections {
    /// One merchant alone
    pub(crate) merchant: Option<String>,
    /// Only those that are not answered
    #[arg(long)]
    pub(crate) open: bool,
}

/// `souk taxes`
#[derive(Debug, Args)]
pub(crate) struct Taxes {
    /// Tax on fees that came back, and whether its red letter (红字发票) is pending or issued
    #[arg(long)]
    pub(crate) red_letters: bool,
}

/// `souk demo`
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Seed of the invented data
    #[arg(long, default_value_t = 42)]
    pub(crate) seed: u64,
    /// Orders to invent
    #[arg(long, default_value_t = 12_000)]
    pub(crate) orders: u32,
}

/// `souk import`
#[derive(Debug, Args)]
pub(crate) struct Import {
    #[command(subcommand)]
    pub(crate) what: ImportWhat,
}

/// What to import.
#[derive(Debug, Subcommand)]
pub(crate) enum ImportWhat {
    /// Any CSV of order lines and payments, read by a map
    Orders(ImportOrders),
    /// The Olist data set of real orders
    Olist(ImportOlist),
    /// Rates of exchange: a CSV file with the columns pair, date, rate and source
    Rates(ImportRates),
}

/// `souk import rates`
#[derive(Debug, Args)]
pub(crate) struct ImportRates {
    /// The file; a pair is written USD.CNY, a date 2026-03-02, a rate 7.1
    pub(crate) file: PathBuf,
}

/// `souk import orders`
#[derive(Debug, Args)]
pub(crate) struct ImportOrders {
    /// The file
    #[arg(required_unless_present = "template")]
    pub(crate) file: Option<PathBuf>,
    /// Which column is what
    #[arg(long, value_name = "MAP.toml", required_unless_present = "template")]
    pub(crate) map: Option<PathBuf>,
    /// Show the mapping, ten interpreted rows, totals and every bad row; write nothing
    #[arg(long)]
    pub(crate) check: bool,
    /// Print a commented map and a sample file
    #[arg(long)]
    pub(crate) template: bool,
    /// Enrol merchants that the ledger does not know, on the ledger's first terms
    #[arg(long)]
    pub(crate) enrol_missing: bool,
    /// Write the good orders although there are bad rows
    #[arg(long)]
    pub(crate) skip_bad: bool,
}

/// `souk import olist`
#[derive(Debug, Args)]
pub(crate) struct ImportOlist {
    /// The directory [default: $SOUK_OLIST_DIR]
    pub(crate) dir: Option<PathBuf>,
    /// The tariff and the terms, a TOML file
    #[arg(long, value_name = "FILE")]
    pub(crate) tariff: PathBuf,
    /// Memory for sorting, in MiB; beyond it sorted runs are written to a temporary directory
    #[arg(long, value_name = "MIB", default_value_t = 256)]
    pub(crate) memory: usize,
    /// Refuse the whole import, with nothing written, when any row is defective
    #[arg(long)]
    pub(crate) strict: bool,
}

/// `souk apply`
#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// The file, or - for standard input
    #[arg(required_unless_present = "schema")]
    pub(crate) file: Option<PathBuf>,
    /// Print the JSON Schema of a line
    #[arg(long)]
    pub(crate) schema: bool,
    /// Carry out the good lines although there are malformed ones
    #[arg(long)]
    pub(crate) skip_bad: bool,
}

/// `souk balances`
#[derive(Debug, Args)]
pub(crate) struct Balances {
    /// One merchant alone
    pub(crate) merchant: Option<String>,
}

/// `souk statement`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Statement {
    #[command(subcommand)]
    pub(crate) verb: Option<StatementVerb>,
    /// The merchant
    #[arg(required = true)]
    pub(crate) merchant: Option<String>,
    /// The cycle, such as 2026-W10
    #[arg(conflicts_with = "all")]
    pub(crate) cycle: Option<String>,
    /// Every closed cycle
    #[arg(long)]
    pub(crate) all: bool,
    /// A sentence under each row that says what it is
    #[arg(long)]
    pub(crate) explain: bool,
}

/// What else is done with statements.
#[derive(Debug, Subcommand)]
pub(crate) enum StatementVerb {
    /// Check a printed statement, CSV or JSON, against a ledger (--data) or its digest
    Verify(Verify),
}

/// `souk revenue`
#[derive(Debug, Args)]
pub(crate) struct Revenue {
    /// What rows are by
    #[arg(
        long,
        value_name = "month,line,category,region,tier,currency",
        default_value = "month,line"
    )]
    pub(crate) by: String,
    /// What was charged to be earned later: opening, charged, recognised, returned, forfeited, closing
    #[arg(long)]
    pub(crate) deferral: bool,
    /// Months as they were reported when they closed, adjustments since, and as known now
    #[arg(long, conflicts_with_all = ["deferral", "chart", "svg", "by"])]
    pub(crate) as_reported: bool,
    /// Draw net revenue by month in the terminal
    #[arg(long)]
    pub(crate) chart: bool,
    /// Draw net revenue by month into a file
    #[arg(long, value_name = "FILE.svg")]
    pub(crate) svg: Option<PathBuf>,
}

/// `souk close`
#[derive(Debug, Args)]
pub(crate) struct Close {
    /// Close every cycle whose last day is on or before this date, read in each merchant's time zone
    #[arg(long, value_name = "DATE")]
    pub(crate) through: String,
    /// Show what would be closed; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Memory for open items; what is beyond lies on disk meanwhile
    #[arg(long, value_name = "MIB", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=1 << 20))]
    pub(crate) memory: u32,
}

/// `souk close-month`
#[derive(Debug, Args)]
pub(crate) struct CloseMonth {
    /// The month that has ended (2026-05, last-month)
    pub(crate) month: String,
    /// Who approves it; twice for two persons
    #[arg(long, value_name = "NAME", required = true)]
    pub(crate) by: Vec<String>,
    /// Show what would be reported; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `souk tick`
#[derive(Debug, Args)]
pub(crate) struct Tick {
    /// The month that has ended (2026-03, last-month); of a day: renewals and expiries through it, revenue through the last
    /// whole month
    #[arg(long, value_name = "MONTH")]
    pub(crate) through: String,
    /// Show what would be recognised; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `souk bench`
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// What to measure [default: the ledger]
    #[command(subcommand)]
    pub(crate) what: Option<BenchWhat>,
    /// Orders to invent for the measurement
    #[arg(long, default_value_t = 100_000)]
    pub(crate) orders: u32,
}

/// What to measure.
#[derive(Debug, Subcommand)]
pub(crate) enum BenchWhat {
    /// The embedded event store against bare files, and SQLite where it is built in
    Store(BenchStore),
    /// The fee of one order line under a tariff of many rules
    Tariff(BenchTariff),
    /// Closing many merchants over many open items, against closing few
    Close(BenchClose),
}

/// `souk bench close`
#[derive(Debug, Args)]
pub(crate) struct BenchClose {
    /// Merchants to close
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) merchants: u32,
    /// Open items of each, at least
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) items: u32,
    /// Memory for open items, MiB [default: less than a tenth of them needs]
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u32).range(1..=1 << 20))]
    pub(crate) memory: Option<u32>,
    /// Close this ledger of the measurement: in a process of its own, whose memory is that of a close
    #[arg(long, value_name = "DIR", hide = true)]
    pub(crate) ledger: Option<PathBuf>,
}

/// `souk bench tariff`
#[derive(Debug, Args)]
pub(crate) struct BenchTariff {
    /// Rules of the tariff
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rules: u32,
    /// Lines to assess
    #[arg(long, default_value_t = 5_000_000)]
    pub(crate) lines: u64,
}

/// `souk bench store`
#[derive(Debug, Args)]
pub(crate) struct BenchStore {
    /// Events of about 400 bytes to load, in each shape of streams
    #[arg(long, default_value_t = 2_000_000)]
    pub(crate) events: u64,
    /// Events in the log that is killed and opened again; 0 leaves that out
    #[arg(long, default_value_t = 10_000_000)]
    pub(crate) reopen_events: u64,
    /// Events for SQLite, the named peer, from the first on [default: all]
    #[arg(long)]
    pub(crate) sqlite_events: Option<u64>,
    /// For the measurement itself: fill this directory until killed
    #[arg(long, hide = true, value_name = "DIR")]
    pub(crate) fill: Option<PathBuf>,
    /// For the measurement itself: open this directory and say what that took
    #[arg(long, hide = true, value_name = "DIR")]
    pub(crate) reopen: Option<PathBuf>,
}
