//! `souk payee`: where merchants' payouts go. Details go into the vault, never into the log; a second person approves, and
//! who has to be told of it is written down beside. No mail is sent.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;
use souk_domain::payee::commands::{ApprovePayee, PayeeCommand, ProposePayee, WithdrawPayee};
use souk_domain::payee::state::Standing;
use souk_journal::ids::Id;
use souk_ledger::command::Command;
use souk_ledger::request::Request;
use souk_vault::{Details, Kept, Vault};
use uuid::Uuid;

use super::payouts::desk::{self, Desk};
use super::payouts::notices;
use super::reading::{Reading, currency};
use crate::cli::{Format, Global};
use crate::fail::{Exit, Failure, counted};
use crate::show::{self, Rows};

/// `souk payee`
#[derive(Debug, Args)]
pub(crate) struct Payee {
    /// The vault [default: vault.json in the ledger's directory]
    #[arg(long, global = true, value_name = "FILE")]
    vault: Option<PathBuf>,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Propose a payee of a merchant; its payouts wait until a second person approves it
    Propose(Propose),
    /// Approve a payee that another person proposed
    Approve {
        /// The payee
        payee: String,
        /// Who approves it
        #[arg(long, value_name = "NAME")]
        by: String,
    },
    /// Withdraw a payee, proposed or approved
    Withdraw {
        /// The payee
        payee: String,
        /// Who withdraws it
        #[arg(long, value_name = "NAME")]
        by: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Payees and where they stand, with the last four characters of their accounts
    List {
        /// One merchant alone
        merchant: Option<String>,
    },
    /// Check the vault against the commitments in the log
    Verify,
    /// Who has to be told what about changes of payees; contacts are shown
    Notices,
}

/// `souk payee propose`
#[derive(Debug, Args)]
struct Propose {
    /// The merchant; --currency says for which payouts [default: the platform's currency]
    merchant: String,
    #[command(flatten)]
    details: DetailFlags,
    /// Who proposes it
    #[arg(long, value_name = "NAME")]
    by: String,
}

/// Details, as flags.
#[derive(Debug, Clone, Args)]
pub(crate) struct DetailFlags {
    /// Who holds the account
    #[arg(long)]
    holder: String,
    /// The IBAN
    #[arg(long)]
    iban: Option<String>,
    /// A domestic account number
    #[arg(long)]
    account: Option<String>,
    /// The bank: a BIC, or a national code (12 digits: CNAPS)
    #[arg(long, value_name = "CODE")]
    bank_code: Option<String>,
    /// A WeChat Pay openid
    #[arg(long, value_name = "OPENID")]
    wechat: Option<String>,
    /// An Alipay account
    #[arg(long, value_name = "ACCOUNT")]
    alipay: Option<String>,
    /// Where changes are told: a mail address or a telephone number
    #[arg(long)]
    contact: Option<String>,
}

impl DetailFlags {
    pub(crate) fn checked(&self) -> Result<Details, Failure> {
        let of = self.clone();
        let details = Details {
            holder: of.holder,
            iban: of.iban,
            account: of.account,
            bank_code: of.bank_code,
            wechat: of.wechat,
            alipay: of.alipay,
            contact: of.contact,
        };
        details
            .checked()
            .map_err(|fault| Failure::new(Exit::Usage, "BadPayeeDetails", fault.to_string()))
    }
}

/// `souk payee …`
pub(crate) fn run(global: &Global, of: &Payee) -> Result<(), Failure> {
    let vault = of.vault.as_deref();
    match &of.what {
        What::Propose(propose) => self::propose(global, &mut Desk::open(global, vault)?, propose),
        What::Approve { payee, by } => {
            let mut desk = Desk::open(global, vault)?;
            let (payee, merchant, currency) = owner(&desk, payee)?;
            notices::can_be_written(&desk)?;
            let (code, by) = (currency.code().into(), by.as_str().into());
            let approve = ApprovePayee { merchant, currency: code, payee, by };
            command(&mut desk, "approve", payee, PayeeCommand::Approve(approve))?;
            told(global, &mut desk, payee, "approved")?;
            list(global, &Reading::open(global)?, Some(merchant.as_str()))
        }
        What::Withdraw { payee, by, reason } => {
            let mut desk = Desk::open(global, vault)?;
            let (payee, merchant, currency) = owner(&desk, payee)?;
            notices::can_be_written(&desk)?;
            let (code, by) = (currency.code().into(), by.as_str().into());
            let reason = reason.as_str().into();
            let withdraw = WithdrawPayee { merchant, currency: code, payee, by, reason };
            command(&mut desk, "withdraw", payee, PayeeCommand::Withdraw(withdraw))?;
            told(global, &mut desk, payee, "withdrawn")?;
            list(global, &Reading::open(global)?, Some(merchant.as_str()))
        }
        What::List { merchant } => list(global, &Reading::open(global)?, merchant.as_deref()),
        What::Verify => verify(global, &Reading::open(global)?, vault),
        What::Notices => {
            let reading = Reading::open(global)?;
            let vault = desk::vault(&reading.place, vault)?;
            show::rows(global, &notices::rows(&reading.books, &vault, &reading.identity))
        }
    }
}

fn owner(
    desk: &Desk,
    payee: &str,
) -> Result<(Id, souk_journal::ids::MerchantId, souk_journal::money::Currency), Failure> {
    let known = Id::new(payee).ok();
    let known = known.and_then(|id| desk.books.models().payees.owner(id).map(|of| (id, of)));
    let (id, (merchant, currency)) = known.ok_or_else(|| {
        let message = format!("payee {payee:?} was not proposed");
        Failure::new(Exit::Usage, "UnknownPayee", message).with("  souk payee list names them")
    })?;
    Ok((id, merchant, currency))
}

fn command(
    desk: &mut Desk,
    what: &str,
    payee: Id,
    command: PayeeCommand<'_>,
) -> Result<(), Failure> {
    let (ledger, at) = (desk.ledger.identity().ledger, desk.ledger.clock().now());
    // Another person, or another reason, is another request: the payee's own state says why it comes too late.
    let body = format!("{command:?}");
    let key = format!("{what}\n{payee}\n{body}");
    let request = Request::of(ledger, "payee", &key, body.as_bytes(), at);
    desk.ledger.execute(&Command::Payee(command), &request)?;
    Ok(())
}

/// Writes down who has to be told what; where that fails, what was recorded before stands, and is said.
fn told(global: &Global, desk: &mut Desk, payee: Id, what: &str) -> Result<(), Failure> {
    desk.catch_up()?;
    let path = notices::write(desk).map_err(|failure| {
        let (vault, flag) = (desk.vault.path().display(), desk.place.flag());
        failure.with(format!("  recorded: payee {payee} is {what}")).with(format!(
            "  to write who has to be told: souk payee notices --format csv --output FILE --vault {vault}{flag}"
        ))
    })?;
    let message = format!("who has to be told is in {}; no mail was sent", path.display());
    show::note(global, &message);
    Ok(())
}

fn propose(global: &Global, desk: &mut Desk, of: &Propose) -> Result<(), Failure> {
    let details = of.details.checked()?;
    let currency = currency(global)?.unwrap_or(desk.ledger.identity().currency);
    let merchant = desk.books.find_merchant(&of.merchant)?;
    let number = desk.ledger.payees((merchant, currency))?.payees.len() + 1;
    let name = format!("payee\n{merchant}~{currency}\n{number}");
    let id = Uuid::new_v5(&desk.ledger.identity().ledger, name.as_bytes()).simple().to_string();
    let payee = Id::new(&format!("PE-{}", &id[..12])).unwrap_or(merchant.0);
    let (means, tail) = (details.means(), details.tail());
    let kept = Kept::new(details);
    let command_of = ProposePayee {
        merchant,
        currency: currency.code().into(),
        payee,
        means,
        commitment: kept.commitment().into(),
        tail: tail.into(),
        by: of.by.as_str().into(),
    };
    notices::can_be_written(desk)?;
    // What would be refused leaves no details behind.
    let rehearsed = PayeeCommand::Propose(command_of.clone());
    desk.rehearse(&Command::Payee(rehearsed))?;
    // The details first: a kill in between leaves details that the log does not name, and the same command replaces them.
    desk.vault.keep_payee(payee.as_str(), kept).map_err(desk::unusable)?;
    command(desk, "propose", payee, PayeeCommand::Propose(command_of))?;
    told(global, desk, payee, "proposed")?;
    list(global, &desk.reading(global)?, Some(merchant.as_str()))?;
    show::next(global, &format!("souk payee approve {payee} --by NAME{}", desk.place.flag()));
    Ok(())
}

#[derive(Debug, Serialize)]
struct Row {
    payee: Id,
    merchant: souk_journal::ids::MerchantId,
    currency: &'static str,
    means: &'static str,
    account: String,
    standing: &'static str,
    in_force_on: Option<souk_journal::dates::Date>,
    proposed_by: String,
    approved_by: Option<String>,
    follows: Option<Id>,
}

fn list(global: &Global, reading: &Reading, merchant: Option<&str>) -> Result<(), Failure> {
    let merchant = merchant.map(|text| reading.books.find_merchant(text)).transpose()?;
    let mut rows = Vec::new();
    for (of, currency, state) in reading.books.models().payees.iter() {
        if merchant.is_some_and(|merchant| merchant != of) {
            continue;
        }
        for payee in &state.payees {
            let (standing, in_force_on) = match payee.standing {
                Standing::Proposed => ("proposed", None),
                Standing::Approved(on) => ("approved", Some(on)),
                Standing::Withdrawn => ("withdrawn", None),
            };
            rows.push(Row {
                payee: payee.payee,
                merchant: of,
                currency,
                means: payee.means.name(),
                account: format!("••{}", payee.tail),
                standing,
                in_force_on,
                proposed_by: payee.proposed_by.to_string(),
                approved_by: payee.approved_by.as_deref().map(str::to_owned),
                follows: payee.follows,
            });
        }
    }
    if global.format() == Format::Json {
        return show::json(global, &rows);
    }
    let text = |of: Option<String>| of.unwrap_or_default();
    let cells = rows.iter().map(|row| {
        vec![
            row.payee.to_string(),
            row.merchant.to_string(),
            row.currency.to_owned(),
            row.means.to_owned(),
            row.account.clone(),
            row.standing.to_owned(),
            text(row.in_force_on.map(|of| of.to_string())),
            row.proposed_by.clone(),
            text(row.approved_by.clone()),
        ]
    });
    let table = Rows {
        columns: vec![
            "payee",
            "merchant",
            "currency",
            "means",
            "account",
            "standing",
            "in_force_on",
            "proposed_by",
            "approved_by",
        ],
        numeric: Vec::new(),
        rows: cells.collect(),
    };
    show::rows(global, &table)
}

/// What differs between the vault and the log, by payee.
pub(super) fn differences(books: &souk_books::Books, vault: &Vault) -> Vec<(String, String)> {
    let mut wrong = Vec::new();
    let mut known = std::collections::BTreeSet::new();
    for (_, _, state) in books.models().payees.iter() {
        for payee in &state.payees {
            known.insert(payee.payee.to_string());
            let what = match vault.payee(payee.payee.as_str()) {
                None => "its details are not in the vault",
                Some(kept) if kept.commitment() != *payee.commitment => {
                    "its details in the vault are not those that the log commits to"
                }
                Some(kept) if kept.details.tail() != *payee.tail => {
                    "the last four characters differ"
                }
                Some(_) => continue,
            };
            wrong.push((payee.payee.to_string(), what.to_owned()));
        }
    }
    for payee in vault.payees().filter(|payee| !known.contains(*payee)) {
        let what = "it is in the vault and was never proposed";
        wrong.push((payee.to_owned(), what.to_owned()));
    }
    wrong
}

fn verify(
    global: &Global,
    reading: &Reading,
    vault: Option<&std::path::Path>,
) -> Result<(), Failure> {
    let vault = desk::vault(&reading.place, vault)?;
    let wrong = differences(&reading.books, &vault);
    let count = reading.books.models().payees.iter().map(|(_, _, of)| of.payees.len()).sum();
    let rows = Rows {
        columns: vec!["payee", "what"],
        numeric: Vec::new(),
        rows: wrong.iter().map(|(payee, what)| vec![payee.clone(), what.clone()]).collect(),
    };
    if global.format() == Format::Json {
        let wrong: Vec<_> = wrong
            .iter()
            .map(|(payee, what)| serde_json::json!({ "payee": payee, "what": what }))
            .collect();
        show::json(global, &serde_json::json!({ "payees": count, "differences": wrong }))?;
    } else if !wrong.is_empty() {
        show::rows(global, &rows)?;
    }
    if wrong.is_empty() {
        let payees = counted(count, "payee", "payees");
        show::note(global, &format!("{payees}: the vault is what the log commits to"));
        return Ok(());
    }
    if global.exit_zero {
        return Ok(());
    }
    let message = format!("{} of {}", wrong.len(), counted(count, "payee", "payees"));
    let message = format!("the vault differs from the log at {message}");
    Err(Failure::new(Exit::Difference, "VaultDiffers", message))
}
