//! Files are issued one after the other under ids that follow from their order, and withdrawn at most once.

use souk_journal::dates::{Date, Micros};
use souk_journal::ids::Id;
use souk_journal::money::{Amount, MoneyError};

use super::commands::{IssuePayoutFile, PayoutFileCommand};
use super::events::{PayoutFileEvent, PayoutFileIssued, PayoutFileWithdrawn};
use super::state::PayoutFileState;
use crate::approvals::is_name;
use crate::decider::{Decider, Decision};
use crate::ledger::decide::is_label;
use crate::refusal_codes;

/// Longest id of an account: a file's id is the bank's message id, at most 35 characters.
pub const LONGEST_ACCOUNT: usize = 28;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayoutFileRefusal {
    /// Too long.
    #[error(
        "account {0} has more than {LONGEST_ACCOUNT} characters; the id of its files must fit a bank's message id"
    )]
    AccountTooLong(Id),
    /// Another came first.
    #[error("the next file of {account} is {next}, not {asked}")]
    FileNotNext {
        /// The account.
        account: Id,
        /// Its next file.
        next: String,
        /// Asked for.
        asked: Id,
    },
    /// Nothing in it.
    #[error("a file without payouts is not issued")]
    NothingInFile,
    /// Nobody pays in the past.
    #[error("no bank pays on {asked}: today is {today}")]
    ExecutionDayPast {
        /// Asked for.
        asked: Date,
        /// The platform's date.
        today: Date,
    },
    /// Not issued.
    #[error("file {0} was not issued")]
    UnknownFile(Id),
    /// Withdrawn before.
    #[error("file {0} is withdrawn already")]
    FileWithdrawnAlready(Id),
    /// Not a digest.
    #[error("{0:?} is not a digest of 64 hexadecimal digits")]
    UnusableDigest(String),
    /// Not a label.
    #[error(
        "{0:?} is not 1 to 100 characters without quotes, backslashes or control characters, and in a name invisible ones"
    )]
    UnusableLabel(String),
}

refusal_codes!(PayoutFileRefusal {
    AccountTooLong,
    FileNotNext,
    NothingInFile,
    ExecutionDayPast,
    UnknownFile,
    FileWithdrawnAlready,
    UnusableDigest,
    UnusableLabel,
});

/// Streams of files.
#[derive(Debug)]
pub struct PayoutFiles;

/// What the decision reads besides.
#[derive(Debug, Clone, Copy)]
pub struct PayoutFileContext {
    /// The platform's date.
    pub today: Date,
}

impl Decider for PayoutFiles {
    const CATEGORY: &'static str = "payoutfile";
    type Command<'a> = PayoutFileCommand<'a>;
    type Event<'a> = PayoutFileEvent<'a>;
    type State = PayoutFileState;
    type Refusal = PayoutFileRefusal;
    type Context<'a> = PayoutFileContext;

    fn decide<'a>(
        state: &'a PayoutFileState,
        command: &'a PayoutFileCommand<'a>,
        context: &'a PayoutFileContext,
        _at: Micros,
    ) -> Result<Decision<PayoutFileEvent<'a>>, PayoutFileRefusal> {
        match command {
            PayoutFileCommand::Issue(of) => {
                let issued = PayoutFileEvent::Issued(issue(state, of, context.today)?);
                Ok(Decision::one(context.today, issued))
            }
            PayoutFileCommand::Withdraw(of) => {
                match state.files.iter().find(|(file, _)| *file == of.file) {
                    None => return Err(PayoutFileRefusal::UnknownFile(of.file)),
                    Some((_, true)) => {
                        return Err(PayoutFileRefusal::FileWithdrawnAlready(of.file));
                    }
                    Some((_, false)) => {}
                }
                name(&of.by)?;
                label(&of.reason)?;
                let event = PayoutFileWithdrawn {
                    file: of.file,
                    withdrawn_by: of.by.as_ref().into(),
                    reason: of.reason.as_ref().into(),
                };
                Ok(Decision::one(context.today, PayoutFileEvent::Withdrawn(event)))
            }
        }
    }

    fn evolve(state: &mut PayoutFileState, event: &PayoutFileEvent<'_>) -> Result<(), MoneyError> {
        match event {
            PayoutFileEvent::Issued(of) => state.files.push((of.file, false)),
            PayoutFileEvent::Withdrawn(of) => {
                if let Some(known) = state.files.iter_mut().find(|(file, _)| *file == of.file) {
                    known.1 = true;
                }
            }
        }
        Ok(())
    }
}

fn name(text: &str) -> Result<(), PayoutFileRefusal> {
    if is_name(text) { Ok(()) } else { Err(PayoutFileRefusal::UnusableLabel(text.to_owned())) }
}

fn label(text: &str) -> Result<(), PayoutFileRefusal> {
    if is_label(text) { Ok(()) } else { Err(PayoutFileRefusal::UnusableLabel(text.to_owned())) }
}

/// Whether a bank can still pay on a day.
///
/// # Errors
/// [`PayoutFileRefusal::ExecutionDayPast`].
pub fn not_past(asked: Date, today: Date) -> Result<(), PayoutFileRefusal> {
    if asked < today { Err(PayoutFileRefusal::ExecutionDayPast { asked, today }) } else { Ok(()) }
}

fn issue<'a>(
    state: &PayoutFileState,
    of: &'a IssuePayoutFile<'a>,
    today: Date,
) -> Result<PayoutFileIssued<'a>, PayoutFileRefusal> {
    if of.account.as_str().len() > LONGEST_ACCOUNT {
        return Err(PayoutFileRefusal::AccountTooLong(of.account));
    }
    let next = state.next(of.account);
    if of.file.as_str() != next {
        return Err(PayoutFileRefusal::FileNotNext { account: of.account, next, asked: of.file });
    }
    if of.count == 0 || of.total <= Amount::ZERO {
        return Err(PayoutFileRefusal::NothingInFile);
    }
    not_past(of.execute_on, today)?;
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    for digest in [&of.digest, &of.commitment] {
        if digest.len() != 64 || !digest.bytes().all(hex) {
            return Err(PayoutFileRefusal::UnusableDigest(digest.to_string()));
        }
    }
    name(&of.by)?;
    Ok(PayoutFileIssued {
        file: of.file,
        format: of.format,
        currency: of.currency,
        execute_on: of.execute_on,
        through_entry: of.through_entry,
        count: of.count,
        total: of.total,
        digest: of.digest.as_ref().into(),
        commitment: of.commitment.as_ref().into(),
        issued_by: of.by.as_ref().into(),
    })
}

#[cfg(test)]
mod tests;
