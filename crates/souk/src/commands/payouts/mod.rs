//! `souk payouts`: where payouts stand, and how they get to the bank: files issued, rendered and withdrawn, and what the
//! bank answers.

pub(crate) mod desk;
mod file;
mod issue;
mod list;
pub(super) mod notices;
mod status;
mod steps;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use souk_domain::payoutfile::events::Format as FileForm;
use souk_journal::dates::Date;

use super::payee::DetailFlags;
use crate::cli::Global;
use crate::fail::Failure;

/// `souk payouts`
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Payouts {
    #[command(subcommand)]
    what: Option<What>,
    /// One merchant alone
    merchant: Option<String>,
    /// Also paid ones, and those that came back and are in a later closing
    #[arg(long)]
    all: bool,
}

/// Where details are, and where files go.
#[derive(Debug, Args)]
struct Kept {
    /// The vault [default: vault.json in the ledger's directory]
    #[arg(long, value_name = "FILE")]
    vault: Option<PathBuf>,
    /// Where files of payouts are written [default: payout-files in the ledger's directory]
    #[arg(long, value_name = "DIR")]
    files: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Keep an account of the platform that pays, in the vault
    Account(Account),
    /// Issue a file of every payout that is due and may go out
    ///
    /// pain.001 files are checked against the published schema (XSD) with every change of Souk; for the rows of a bank's
    /// upload and the batches of WeChat Pay and Alipay there is none, and tests check headings, columns and lengths.
    Issue(Issue),
    /// Write a file again from the log and the vault: the same bytes, or an error that says why not
    Render {
        /// The file
        file: String,
        #[command(flatten)]
        kept: Kept,
    },
    /// Withdraw a file that was not handed to the bank; its payouts are due again
    Withdraw {
        /// The file
        file: String,
        /// Who withdraws it
        #[arg(long, value_name = "NAME")]
        by: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        kept: Kept,
    },
    /// Read what the bank answers: pain.002, camt.054, or a CSV with payout,status,reason,reference,amount,currency,date
    Status {
        /// The bank's file
        file: PathBuf,
    },
    /// Files that were issued
    Files,
    /// Approve a payout above the limit of the merchant's terms
    Approve(steps::Step),
    /// Hold a payout that is not instructed
    Hold(steps::Step),
    /// Release a payout that is held, or waits because an earlier one did not arrive
    Release(steps::Step),
}

/// `souk payouts account`
#[derive(Debug, Args)]
struct Account {
    /// Its id, as files are named
    id: String,
    #[command(flatten)]
    details: DetailFlags,
    /// The vault [default: vault.json in the ledger's directory]
    #[arg(long, value_name = "FILE")]
    vault: Option<PathBuf>,
}

/// Forms of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// ISO 20022 pain.001.001.09
    Pain001,
    /// Rows for a bank's upload
    BankCsv,
    /// A WeChat Pay transfer batch
    Wechat,
    /// An Alipay transfer batch
    Alipay,
}

impl Form {
    fn event(self) -> FileForm {
        match self {
            Self::Pain001 => FileForm::Pain001,
            Self::BankCsv => FileForm::BankCsv,
            Self::Wechat => FileForm::WechatBatch,
            Self::Alipay => FileForm::AlipayBatch,
        }
    }
}

/// `souk payouts issue`
#[derive(Debug, Args)]
struct Issue {
    /// The account of the platform that pays; --currency says which payouts [default: the platform's currency]
    #[arg(long, value_name = "ID")]
    account: String,
    /// The form of the file
    #[arg(long, value_enum, default_value = "pain001")]
    form: Form,
    /// The day on which the bank shall pay, today or later [default: today]
    #[arg(long, value_name = "DATE")]
    execute_on: Option<Date>,
    /// Who issues it
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Show what would go into the file and what would not; write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    kept: Kept,
}

/// `souk payouts …`
pub(crate) fn run(global: &Global, of: &Payouts) -> Result<(), Failure> {
    match &of.what {
        None => list::run(global, of.merchant.as_deref(), of.all),
        Some(What::Account(of)) => file::account(global, of),
        Some(What::Issue(of)) => issue::run(global, of),
        Some(What::Render { file, kept }) => issue::render(global, file, kept),
        Some(What::Withdraw { file, by, reason, kept }) => {
            issue::withdraw(global, file, by, reason, kept)
        }
        Some(What::Status { file }) => status::run(global, file),
        Some(What::Files) => list::files(global),
        Some(What::Approve(of)) => steps::approve(global, of),
        Some(What::Hold(of)) => steps::hold(global, of),
        Some(What::Release(of)) => steps::release(global, of),
    }
}
