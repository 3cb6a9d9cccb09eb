//! `souk payouts issue`, `render` and `withdraw`.
//!
//! A file goes out in four steps: what goes into it is selected and rendered in memory; the event that issues it is
//! written, with the digest of its bytes; each payout is instructed, naming the file; the bytes are written to disk. Killed
//! between any two, the same command finishes the file it finds unfinished, from the log and the vault: the digest says
//! that it is the same one.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Serialize;
use souk_books::payouts::{Chosen, LeftOut, PayoutStanding, Wanted};
use souk_domain::payout::commands::{InstructPayout, OfCycle, PayoutCommand, RecallPayout};
use souk_domain::payoutfile::commands::{IssuePayoutFile, PayoutFileCommand, WithdrawPayoutFile};
use souk_domain::payoutfile::decide::not_past;
use souk_domain::payoutfile::events::Format as FileForm;
use souk_formats::payout_file::extension;
use souk_journal::dates::Date;
use souk_journal::ids::{CycleId, Id};
use souk_journal::money::{Amount, Currency};
use souk_ledger::command::Command;
use souk_ledger::request::Request;
use souk_registers::PayoutFileKnown;

use super::desk::Desk;
use super::file::{self, Head};
use super::{Issue, Kept};
use crate::cli::{Format, Global};
use crate::commands::reading::currency;
use crate::creation;
use crate::fail::{Exit, Failure, counted};
use crate::intake::Intake;
use crate::show::{self, Rows};

/// The answer in JSON.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    file: Option<Id>,
    path: Option<String>,
    digest: Option<String>,
    count: usize,
    currency: Currency,
    total: String,
    dry_run: bool,
    finished: bool,
    left_out: &'a [Out],
}

/// A payout that stays out.
#[derive(Debug, Serialize)]
struct Out {
    merchant: String,
    cycle: String,
    currency: Currency,
    amount: String,
    reason: String,
}

impl Out {
    fn of(of: &LeftOut) -> Self {
        Self {
            merchant: of.row.merchant.to_string(),
            cycle: of.row.cycle.clone(),
            currency: of.row.currency,
            amount: of.row.amount.to_string(),
            reason: of.reason.clone(),
        }
    }
}

/// `souk payouts issue`
pub(super) fn run(global: &Global, of: &Issue) -> Result<(), Failure> {
    let mut desk = Desk::open(global, of.kept.vault.as_deref())?;
    let account = Id::new(&of.account)
        .map_err(|error| Failure::new(Exit::Usage, "BadAccountId", error.to_string()))?;
    for known in half_withdrawn(&desk, account) {
        let (file, flag) = (known.file, desk.place.flag());
        let message = format!(
            "file {file} is withdrawn, and not all of its payouts are recalled: souk payouts withdraw {file}{flag}"
        );
        show::note(global, &message);
    }
    if let Some(known) = unfinished(&desk, account) {
        if of.dry_run {
            show::note(
                global,
                &format!("file {} is not finished; issue would finish it", known.file),
            );
            return Ok(());
        }
        show::note(global, &format!("file {} was issued and not finished; it is now", known.file));
        return finish(global, &mut desk, &known, &of.kept, true, &[]);
    }
    let currency = currency(global)?.unwrap_or(desk.ledger.identity().currency);
    let format = of.form.event();
    if matches!(format, FileForm::WechatBatch | FileForm::AlipayBatch) && currency.code() != "CNY" {
        let message = format!("a {} file pays CNY, not {currency}", format.name());
        return Err(Failure::new(Exit::Usage, "FormPaysOtherCurrency", message));
    }
    let at = desk.ledger.clock().now();
    let platform = desk.ledger.identity().zone.date(at);
    let execute_on = of.execute_on.unwrap_or(platform);
    // Also where nothing would be written: the decision says the same.
    not_past(execute_on, platform).map_err(souk_ledger::error::LedgerError::from)?;
    let commitment = file::paying(&desk.vault, account)?.commitment();
    let wanted = Wanted { format, currency, at, platform, by: &of.by };
    let selection = desk.books.payout_selection(&wanted);
    let total_due = selection.chosen.len() + selection.left_out.len();
    let (mut chosen, untrusted) = file::trusted(&desk.books, &desk.vault, selection.chosen);
    chosen.sort_by(|a, b| file::order(a).cmp(&file::order(b)));
    let mut left_out: Vec<Out> = selection.left_out.iter().map(Out::of).collect();
    left_out.extend(untrusted.iter().map(Out::of));
    days_off(global, &desk, &chosen, execute_on);
    let total = chosen.iter().map(|of| of.row.amount.minor).sum::<i128>();
    let total = souk_books::Figure::new(total, currency);
    if of.dry_run || chosen.is_empty() {
        if global.format() == Format::Json {
            let (count, total) = (chosen.len(), total.to_string());
            let (file, path, digest, left_out) = (None, None, None, &left_out[..]);
            let dry_run = of.dry_run;
            let answer = Answer {
                file,
                path,
                digest,
                count,
                currency,
                total,
                dry_run,
                finished: false,
                left_out,
            };
            show::json(global, &answer)?;
        } else {
            lines(global, &chosen, &left_out)?;
        }
        let would = counted(chosen.len(), "payout", "payouts");
        let said = if of.dry_run {
            format!(
                "{would} of {total_due} due, {} {currency}, would go into a file; nothing was written",
                total.grouped()
            )
        } else {
            format!("no payout of {total_due} due can go into a file; nothing was written")
        };
        show::note(global, &said);
        return if of.dry_run { Ok(()) } else { again(global, &desk, account, &of.kept) };
    }
    let next = desk.ledger.payout_files(account)?.next(account);
    let id = Id::new(&next)
        .map_err(|error| Failure::new(Exit::Usage, "BadAccountId", error.to_string()))?;
    let head = Head { file: id, account, format, currency, execute_on, at };
    let bytes = file::bytes(&desk, &head, &chosen)?;
    let digest = file::digest(&bytes);
    let minor = i64::try_from(total.minor).map_err(|_| {
        Failure::new(Exit::Refused, "AmountOutOfRange", "the file's total is too large")
    })?;
    let issue = IssuePayoutFile {
        account,
        file: id,
        format,
        currency,
        execute_on,
        through_entry: desk.books.entry(),
        count: chosen.len() as u64,
        total: Amount::from_minor(minor, currency),
        digest: digest.as_str().into(),
        commitment: commitment.into(),
        by: of.by.as_str().into(),
    };
    // Before anything is recorded: what is issued should be written, too.
    free(&path_of(&desk, id, format, &of.kept)?, &digest)?;
    let ledger = desk.ledger.identity().ledger;
    let request = Request::of(ledger, "payout-file", id.as_str(), digest.as_bytes(), at);
    let command = Command::PayoutFile(PayoutFileCommand::Issue(Box::new(issue)));
    desk.ledger.execute(&command, &request)?;
    desk.catch_up()?;
    let known = known(&desk, id.as_str())?;
    finish(global, &mut desk, &known, &of.kept, false, &left_out)
}

/// A bank pays on working days: what falls on another day it pays on the next one, as terms of payouts do.
fn days_off(global: &Global, desk: &Desk, chosen: &[Chosen], day: Date) {
    for of in desk.books.days_off(chosen, day) {
        let (calendar, merchant) = (of.calendar.name(), of.merchant);
        let whose = match of.merchants - 1 {
            0 => format!("{merchant} name"),
            more => format!("{merchant} and {} name", counted(more, "other", "others")),
        };
        let message = match of.next {
            Ok(next) => format!(
                "{day} is no working day of the calendar {calendar}, which the terms of {whose}; the next one is {next}: \
                 --execute-on {next}"
            ),
            Err(why) => format!("whether {day} is a working day for {merchant}: {why}"),
        };
        show::note(global, &message);
    }
}

/// The oldest file of an account whose payouts are not all instructed.
fn unfinished(desk: &Desk, account: Id) -> Option<PayoutFileKnown> {
    let payouts = &desk.books.models().payouts;
    let open = |of: &&PayoutFileKnown| {
        of.account == account
            && of.withdrawn.is_none()
            && (payouts.of_file(of.file).count() as u64) < of.count
    };
    payouts.files().iter().find(open).cloned()
}

/// Withdrawn files with payouts that are instructed still, after a withdrawal that was broken off.
fn half_withdrawn(desk: &Desk, account: Id) -> Vec<PayoutFileKnown> {
    let payouts = &desk.books.models().payouts;
    let of = payouts.files().iter().filter(|of| of.account == account && of.withdrawn.is_some());
    of.filter(|of| payouts.of_file(of.file).next().is_some()).cloned().collect()
}

fn known(desk: &Desk, file: &str) -> Result<PayoutFileKnown, Failure> {
    let id = Id::new(file).ok();
    let payouts = &desk.books.models().payouts;
    id.and_then(|id| payouts.file(id)).cloned().ok_or_else(|| {
        let message = format!("file {file:?} was not issued");
        Failure::new(Exit::Usage, "UnknownFile", message).with("  souk payouts files names them")
    })
}

fn path_of(desk: &Desk, file: Id, format: FileForm, kept: &Kept) -> Result<PathBuf, Failure> {
    let dir = match &kept.files {
        Some(dir) => dir.clone(),
        None => desk.beside("a file of payouts without --files DIR", "payout-files")?,
    };
    Ok(dir.join(format!("{file}.{}", extension(format))))
}

/// Whether a file stands in its place already. It is the same bytes however often it is made, so whatever has others, or
/// leads elsewhere, is somebody else's.
fn stands(path: &Path, digest: &str) -> Result<bool, Failure> {
    let there = match path.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        there => there.map_err(|error| Failure::unwritable(path, &error))?,
    };
    if there.is_file() {
        let bytes = std::fs::read(path).map_err(|error| Failure::io(path, &error))?;
        if file::digest(&bytes) == digest {
            return Ok(true);
        }
    }
    let message = format!("{} is there, and it is not this file of payouts", path.display());
    Err(Failure::new(Exit::Usage, "FileInTheWay", message)
        .with("  move it elsewhere, or name another directory with --files, and try again"))
}

/// Whether a file stands in its place, or can be written there.
fn free(path: &Path, digest: &str) -> Result<bool, Failure> {
    let stands = stands(path, digest)?;
    if !stands {
        creation::can_be_written(path)?;
    }
    Ok(stands)
}

/// A failure to write a file, with what is recorded all the same and the command that writes it.
fn recorded(desk: &Desk, known: &PayoutFileKnown, kept: &Kept, failure: Failure) -> Failure {
    let (file, count) = (known.file, known.count);
    let instructed = desk.books.models().payouts.of_file(file).count() as u64;
    let vault = kept.vault.as_ref().map(|of| format!(" --vault {}", of.display()));
    let (vault, flag) = (vault.unwrap_or_default(), desk.place.flag());
    failure
        .with(format!(
            "  recorded: file {file} is issued, and {instructed} of its {count} payouts are instructed"
        ))
        .with(format!("  to write it: souk payouts render {file} --files DIR{vault}{flag}"))
}

/// Instructs what is not instructed yet, and writes the bytes.
fn finish(
    global: &Global,
    desk: &mut Desk,
    known: &PayoutFileKnown,
    kept: &Kept,
    finished: bool,
    left_out: &[Out],
) -> Result<(), Failure> {
    let (chosen, bytes) = file::issued(desk, known)?;
    let path = path_of(desk, known.file, known.format, kept)?;
    free(&path, &known.digest).map_err(|failure| recorded(desk, known, kept, failure))?;
    instruct(desk, known, &chosen)?;
    desk.catch_up()?;
    written(&path, known, &bytes).map_err(|failure| recorded(desk, known, kept, failure))?;
    if global.format() == Format::Json {
        let answer = Answer {
            file: Some(known.file),
            path: Some(path.display().to_string()),
            digest: Some(known.digest.to_string()),
            count: chosen.len(),
            currency: known.currency,
            total: known.total.to_string(),
            dry_run: false,
            finished,
            left_out,
        };
        show::json(global, &answer)?;
    } else {
        lines(global, &chosen, left_out)?;
    }
    let total = show::grouped(&known.total);
    let payouts = counted(chosen.len(), "payout", "payouts");
    let (file, form) = (known.file, known.format.name());
    show::note(
        global,
        &format!(
            "file {file} ({form}): {payouts}, {total} {}, sha256 {}",
            known.currency, known.digest
        ),
    );
    show::note(global, &format!("written to {}", path.display()));
    show::next(global, &format!("souk payouts status BANK_FILE{}", desk.place.flag()));
    Ok(())
}

fn instruct(desk: &mut Desk, known: &PayoutFileKnown, chosen: &[Chosen]) -> Result<(), Failure> {
    let (ledger, at) = (desk.ledger.identity().ledger, desk.ledger.clock().now());
    let payouts = &desk.books.models().payouts;
    let mut missing = Vec::new();
    for of in chosen {
        let stands = payouts.get(&of.row.payout).and_then(|payout| payout.file);
        if stands != Some(known.file) {
            missing.push(of);
        }
    }
    let mut intake = Intake::new(&mut desk.ledger);
    for of in missing {
        let cycle = CycleId::new(&of.row.cycle)
            .map_err(|error| Failure::new(Exit::Bug, "Bug", error.to_string()))?;
        let (merchant, currency) = (of.row.merchant, known.currency.code().into());
        let instruct = InstructPayout {
            of: OfCycle { merchant, currency, cycle },
            payee: Some(of.payee),
            file: Some(known.file),
            by: Some(known.issued_by.as_ref().into()),
        };
        let key = format!("{}\n{}", known.file, of.row.payout);
        let request = Request::of(ledger, "payout-of-file", &key, key.as_bytes(), at);
        let command = Command::Payout(PayoutCommand::Instruct(instruct));
        intake.submit(&command, &request).map_err(|error| {
            let failure = Failure::from(error);
            let (merchant, cycle) = (of.row.merchant, &of.row.cycle);
            failure
                .with(format!(
                    "  it is the payout of {merchant} for {cycle} in file {}, which is not written",
                    known.file
                ))
                .with(format!(
                    "  undo what stands against it, then issue again; or souk payouts withdraw {}",
                    known.file
                ))
        })?;
    }
    Ok(intake.drain()?)
}

fn written(path: &Path, known: &PayoutFileKnown, bytes: &[u8]) -> Result<(), Failure> {
    if free(path, &known.digest)? {
        return Ok(());
    }
    souk_vault::vault::replace(path, bytes).map_err(|error| Failure::unwritable(path, &error))
}

/// After a kill between the last instruction and the file, there is nothing due and the last file is not on disk.
fn again(global: &Global, desk: &Desk, account: Id, kept: &Kept) -> Result<(), Failure> {
    let payouts = &desk.books.models().payouts;
    let last = payouts.files().iter().rev().find(|of| of.account == account);
    let Some(known) = last.filter(|of| of.withdrawn.is_none()) else { return Ok(()) };
    let path = path_of(desk, known.file, known.format, kept)?;
    // What stands there instead of a file that was issued is no reason for nothing to be due.
    match stands(&path, &known.digest) {
        Ok(true) => return Ok(()),
        Ok(false) => {}
        Err(failure) => {
            show::note(global, &failure.message);
            return Ok(());
        }
    }
    let (_, bytes) = file::issued(desk, known)?;
    written(&path, known, &bytes).map_err(|failure| recorded(desk, known, kept, failure))?;
    let message = format!(
        "file {} was issued and is not in its place; written to {}",
        known.file,
        path.display()
    );
    show::note(global, &message);
    Ok(())
}

/// `souk payouts render`
pub(super) fn render(global: &Global, id: &str, kept: &Kept) -> Result<(), Failure> {
    let mut desk = Desk::open(global, kept.vault.as_deref())?;
    let known = known(&desk, id)?;
    if let Some(reason) = &known.withdrawn {
        let message =
            format!("file {id} is withdrawn ({reason}); its payouts are not to be paid by it");
        return Err(Failure::new(Exit::Refused, "FileWithdrawnAlready", message));
    }
    if let Some(path) = &global.output {
        creation::can_be_written(path)?;
        // Bytes that a bank may get are those of a file whose payouts are all instructed.
        let (chosen, bytes) = file::issued(&desk, &known)?;
        instruct(&mut desk, &known, &chosen)?;
        desk.catch_up()?;
        souk_vault::vault::replace(path, &bytes)
            .map_err(|error| Failure::unwritable(path, &error))
            .map_err(|failure| recorded(&desk, &known, kept, failure))?;
        show::note(
            global,
            &format!("file {id} written to {}, sha256 {}", path.display(), known.digest),
        );
        return Ok(());
    }
    finish(global, &mut desk, &known, kept, false, &[])
}

/// `souk payouts withdraw`
pub(super) fn withdraw(
    global: &Global,
    id: &str,
    by: &str,
    reason: &str,
    kept: &Kept,
) -> Result<(), Failure> {
    let mut desk = Desk::open(global, kept.vault.as_deref())?;
    let known = known(&desk, id)?;
    let (ledger, at) = (desk.ledger.identity().ledger, desk.ledger.clock().now());
    let today = desk.ledger.identity().zone.date(at);
    let payouts = &desk.books.models().payouts;
    let ids: Vec<String> = payouts.of_file(known.file).map(|(id, _)| id.to_owned()).collect();
    let rows: Vec<_> = ids.iter().filter_map(|id| desk.books.payout(id, today)).collect();
    if let Some(row) = rows.iter().find(|row| row.standing != PayoutStanding::Instructed) {
        let (merchant, cycle, standing) = (row.merchant, &row.cycle, row.standing.name());
        let message = format!(
            "file {id} is with the bank: the payout of {merchant} for {cycle} is {standing}"
        );
        return Err(Failure::new(Exit::Refused, "FileWithBank", message));
    }
    if known.withdrawn.is_none() {
        let (account, file) = (known.account, known.file);
        let of = WithdrawPayoutFile { account, file, by: by.into(), reason: reason.into() };
        let key = format!("withdraw\n{id}");
        let request = Request::of(ledger, "payout-file", &key, key.as_bytes(), at);
        let command = Command::PayoutFile(PayoutFileCommand::Withdraw(of));
        desk.ledger.execute(&command, &request)?;
    } else if rows.is_empty() {
        let message = format!("file {id} is withdrawn already, and nothing of it is instructed");
        return Err(Failure::new(Exit::Refused, "FileWithdrawnAlready", message));
    }
    // Nobody is to send it by mistake; what has other bytes is not ours to remove.
    let path = path_of(&desk, known.file, known.format, kept)?;
    match stands(&path, &known.digest) {
        Ok(true) => {
            std::fs::remove_file(&path).map_err(|error| Failure::unwritable(&path, &error))?;
        }
        Ok(false) => {}
        Err(_) => {
            let message =
                format!("{} has other bytes than file {id}, and is left there", path.display());
            show::note(global, &message);
        }
    }
    let mut intake = Intake::new(&mut desk.ledger);
    for row in &rows {
        let cycle = CycleId::new(&row.cycle)
            .map_err(|error| Failure::new(Exit::Bug, "Bug", error.to_string()))?;
        let (merchant, currency) = (row.merchant, known.currency.code().into());
        let of = OfCycle { merchant, currency, cycle };
        let recall = RecallPayout { of, by: by.into(), reason: reason.into() };
        let key = format!("recall\n{id}\n{}", row.payout);
        let request = Request::of(ledger, "payout-of-file", &key, key.as_bytes(), at);
        intake.submit(&Command::Payout(PayoutCommand::Recall(recall)), &request)?;
    }
    intake.drain()?;
    desk.catch_up()?;
    let recalled = counted(rows.len(), "payout is", "payouts are");
    show::note(global, &format!("file {id} is withdrawn; {recalled} due again"));
    Ok(())
}

/// What is in a file, and what is not with the reason.
fn lines(global: &Global, chosen: &[Chosen], left_out: &[Out]) -> Result<(), Failure> {
    let mut rows = Rows {
        columns: vec!["merchant", "cycle", "currency", "amount", "payee", "reason"],
        numeric: vec!["amount"],
        rows: Vec::new(),
    };
    for of in chosen {
        rows.rows.push(vec![
            of.row.merchant.to_string(),
            of.row.cycle.clone(),
            of.row.currency.to_string(),
            of.row.amount.to_string(),
            of.payee.to_string(),
            String::new(),
        ]);
    }
    for of in left_out {
        rows.rows.push(vec![
            of.merchant.clone(),
            of.cycle.clone(),
            of.currency.to_string(),
            of.amount.clone(),
            String::new(),
            of.reason.clone(),
        ]);
    }
    show::rows(global, &rows)
}
