//! Whether an objection is in time and to lines that the statement has, how it may be answered, and what a correction may
//! change: at most it takes its line back, as far as refunds have not given it back already.

use souk_journal::account::{Account, Section};
use souk_journal::dates::{Date, Micros};
use souk_journal::ids::{Id, MerchantId};
use souk_journal::line_kind::{Block, LineKind};
use souk_journal::money::{Amount, Currency, MoneyError, minor_text};

use super::commands::{
    AgreeObjectionTerms, AnswerObjection, ConfirmStatement, Correct, LineAt, ObjectionCommand,
    RaiseObjection,
};
use super::refusal::ObjectionRefusal;
use crate::approvals::{TWO, approved};
use crate::decider::{Decider, Decision};
use crate::ledger::decide::is_label;
use crate::settlement::events::{
    CorrectionBooked, ObjectedLine, ObjectionAnswered, ObjectionRaised, ObjectionTermsAgreed,
    Outcome, SettlementEvent, StatementConfirmed,
};
use crate::settlement::state::{Claimed, SettlementState, evolve};

/// Most lines of an objection.
const MAX_LINES: usize = 250;
/// Most pieces of evidence.
const MAX_EVIDENCE: usize = 20;

/// An item of the merchant's, as the log has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundLine {
    /// Where.
    pub at: LineAt,
    /// What it is for.
    pub kind: LineKind,
    /// Minor units; positive is the merchant's.
    pub amount: i64,
    /// When it fell due.
    pub due_on: Date,
    /// Its event, `stream@revision`.
    pub event: Box<str>,
    /// The order it belongs to.
    pub order: Option<Id>,
    /// What has been given back of what was charged under it otherwise, as by refunds, minor units in the merchant's view.
    pub given_back: i64,
}

/// What the decision reads of other streams and of the log.
#[derive(Debug, Clone, Copy)]
pub struct ObjectionContext<'a> {
    /// Whether the merchant is enrolled.
    pub merchant_known: bool,
    /// Currency of the statements.
    pub currency: Currency,
    /// Date in the merchant's zone.
    pub today: Date,
    /// The same of the recording: a command that is dated back is not in time because it says so.
    pub recorded_on: Date,
    /// The merchant's zone.
    pub time_zone: &'a str,
    /// The day of the close of the cycle that is objected to, in that zone.
    pub closed_on: Option<Date>,
    /// Those of the lines asked for that are items of the merchant in the currency.
    pub lines: &'a [FoundLine],
}

impl<'a> ObjectionContext<'a> {
    fn line(&self, at: LineAt) -> Option<&'a FoundLine> {
        self.lines.iter().find(|line| line.at == at)
    }
}

/// Objections, in the streams of settlements.
#[derive(Debug)]
pub struct Objecting;

type Decided<'a> = Result<Vec<SettlementEvent<'a>>, ObjectionRefusal>;

impl Decider for Objecting {
    const CATEGORY: &'static str = "settlement";
    type Command<'a> = ObjectionCommand<'a>;
    type Event<'a> = SettlementEvent<'a>;
    type State = SettlementState;
    type Refusal = ObjectionRefusal;
    type Context<'a> = ObjectionContext<'a>;

    fn decide<'a>(
        state: &'a SettlementState,
        command: &'a ObjectionCommand<'a>,
        context: &'a ObjectionContext<'a>,
        _at: Micros,
    ) -> Result<Decision<SettlementEvent<'a>>, ObjectionRefusal> {
        if !context.merchant_known {
            return Err(ObjectionRefusal::UnknownMerchant(command.of().0));
        }
        let events = match command {
            ObjectionCommand::AgreeTerms(of) => agree(of, context),
            ObjectionCommand::Raise(of) => raise(state, of, context),
            ObjectionCommand::Answer(of) => answer(state, of, context),
            ObjectionCommand::Correct(of) => {
                label(&of.reason)?;
                approved(&of.approved_by, TWO).map_err(ObjectionRefusal::ApprovalMissing)?;
                let booking =
                    Booking { merchant: of.merchant, objection: None, reason: &of.reason };
                let event = booking.correct(state, &of.correct, &of.approved_by, context)?;
                Ok(vec![event])
            }
            ObjectionCommand::Confirm(of) => confirm(state, of, context),
        }?;
        Ok(Decision { effective_on: context.today, events })
    }

    fn evolve(state: &mut SettlementState, event: &SettlementEvent<'_>) -> Result<(), MoneyError> {
        evolve(state, event)
    }
}

fn label(text: &str) -> Result<(), ObjectionRefusal> {
    if is_label(text) { Ok(()) } else { Err(ObjectionRefusal::UnusableLabel(text.to_owned())) }
}

fn agree<'a>(of: &AgreeObjectionTerms<'_>, context: &ObjectionContext<'_>) -> Decided<'a> {
    for days in [of.raise_within_days, of.answer_within_days] {
        if !(1..=366).contains(&days) {
            return Err(ObjectionRefusal::DaysOutOfRange(days));
        }
    }
    Ok(vec![SettlementEvent::ObjectionTermsAgreed(ObjectionTermsAgreed {
        merchant: of.merchant,
        currency: context.currency,
        raise_within_days: of.raise_within_days,
        answer_within_days: of.answer_within_days,
    })])
}

fn raise<'a>(
    state: &'a SettlementState,
    of: &'a RaiseObjection<'a>,
    context: &ObjectionContext<'a>,
) -> Decided<'a> {
    let objections = &state.objections;
    if objections.raised.contains_key(&of.objection) {
        return Err(ObjectionRefusal::ObjectionRaisedAlready(of.objection));
    }
    let (merchant, cycle) = (of.merchant, of.cycle);
    let unknown = ObjectionRefusal::UnknownStatement { merchant, cycle };
    let close = state.claims.iter().find(|close| close.cycle == cycle);
    let (Some(close), Some(closed_on)) = (close, context.closed_on) else { return Err(unknown) };
    if objections.confirmed.contains(&cycle) {
        return Err(ObjectionRefusal::StatementIsConfirmed(close.number.to_string()));
    }
    let (to_raise, to_answer) = objections.days();
    let raise_by = closed_on.plus_days(i32::from(to_raise));
    if context.recorded_on > raise_by {
        let (number, time_zone) = (close.number.to_string(), context.time_zone.to_owned());
        return Err(ObjectionRefusal::ObjectionTooLate { number, raise_by, time_zone });
    }
    if !(1..=MAX_LINES).contains(&of.lines.len()) || of.evidence.len() > MAX_EVIDENCE {
        return Err(ObjectionRefusal::ObjectionTooLarge(of.lines.len()));
    }
    if let Some(bad) = of.evidence.iter().find(|text| !is_digest(text)) {
        return Err(ObjectionRefusal::NotADigest(bad.to_string()));
    }
    let mut lines: Vec<ObjectedLine<'a>> = Vec::with_capacity(of.lines.len());
    for at in &of.lines {
        let line = on_statement(state, close, *at, context)?;
        let known = |known: &(u64, u16)| *known == (at.entry, at.posting);
        let here = lines.iter().any(|line| (line.entry, line.posting) == (at.entry, at.posting));
        if here || objections.raised.values().any(|of| of.lines.iter().any(known)) {
            return Err(ObjectionRefusal::LineObjectedAlready(at.entry, at.posting));
        }
        lines.push(objected(line, context.currency));
    }
    Ok(vec![SettlementEvent::ObjectionRaised(Box::new(ObjectionRaised {
        objection: of.objection,
        merchant,
        currency: context.currency,
        cycle,
        number: (&*close.number).into(),
        lines,
        reason: of.reason,
        text: of.text,
        evidence: of.evidence.clone(),
        raise_by,
        answer_by: context.recorded_on.plus_days(i32::from(to_answer)),
        time_zone: context.time_zone.into(),
    }))])
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The line, if the close of the statement claimed its item. What was carried is the opening and no line.
fn on_statement<'a>(
    state: &SettlementState,
    close: &Claimed,
    at: LineAt,
    context: &ObjectionContext<'a>,
) -> Result<&'a FoundLine, ObjectionRefusal> {
    let claimed = |line: &&FoundLine| {
        let by = state.claimed_by(line.at.entry, line.due_on);
        line.kind != LineKind::Carried && by.is_some_and(|by| by.cycle == close.cycle)
    };
    context.line(at).filter(claimed).ok_or_else(|| ObjectionRefusal::LineNotOnStatement {
        entry: at.entry,
        posting: at.posting,
        number: close.number.to_string(),
    })
}

fn objected(line: &FoundLine, currency: Currency) -> ObjectedLine<'_> {
    ObjectedLine {
        entry: line.at.entry,
        posting: line.at.posting,
        kind: line.kind,
        amount: Amount::from_minor(line.amount, currency),
        event: (&*line.event).into(),
        order: line.order,
    }
}

fn answer<'a>(
    state: &'a SettlementState,
    of: &'a AnswerObjection<'a>,
    context: &ObjectionContext<'a>,
) -> Decided<'a> {
    let known = state.objections.raised.get(&of.objection);
    let known = known.ok_or(ObjectionRefusal::UnknownObjection(of.objection))?;
    if known.answered {
        return Err(ObjectionRefusal::ObjectionAnsweredAlready(of.objection));
    }
    label(&of.explanation)?;
    let corrects = match of.outcome {
        Outcome::Upheld | Outcome::Partly => true,
        Outcome::Rejected => false,
    };
    if corrects == of.corrections.is_empty() {
        return Err(ObjectionRefusal::OutcomeAndCorrectionsDiffer);
    }
    if corrects {
        approved(&of.approved_by, TWO).map_err(ObjectionRefusal::ApprovalMissing)?;
    }
    let booking =
        Booking { merchant: of.merchant, objection: Some(of.objection), reason: &of.explanation };
    let mut after = state.clone();
    let mut events = Vec::with_capacity(of.corrections.len() + 1);
    for correction in &of.corrections {
        let at = correction.line;
        if !known.lines.contains(&(at.entry, at.posting)) {
            return Err(ObjectionRefusal::LineNotObjectedTo(at.entry, at.posting));
        }
        let event = booking.correct(&after, correction, &of.approved_by, context)?;
        evolve(&mut after, &event).map_err(ObjectionRefusal::UnusableAmount)?;
        events.push(event);
    }
    events.push(SettlementEvent::ObjectionAnswered(ObjectionAnswered {
        objection: of.objection,
        merchant: of.merchant,
        currency: context.currency,
        outcome: of.outcome,
        explanation: of.explanation.clone(),
        text: of.text,
        corrections: of.corrections.iter().map(|of| of.correction).collect(),
    }));
    Ok(events)
}

/// Of whom, because of what, and why something is corrected.
struct Booking<'a> {
    merchant: MerchantId,
    objection: Option<Id>,
    reason: &'a str,
}

impl<'a> Booking<'a> {
    fn correct(
        &self,
        state: &SettlementState,
        of: &Correct<'a>,
        approved_by: &[std::borrow::Cow<'a, str>],
        context: &ObjectionContext<'a>,
    ) -> Result<SettlementEvent<'a>, ObjectionRefusal> {
        let (objections, at, currency) = (&state.objections, of.line, context.currency);
        if objections.corrections.contains(&of.correction) {
            return Err(ObjectionRefusal::CorrectionBookedAlready(of.correction));
        }
        let unknown = ObjectionRefusal::UnknownStatementLine(at.entry, at.posting);
        let line = context.line(at).filter(|line| line.kind != LineKind::Carried).ok_or(unknown)?;
        if line.kind.block() != Block::Taken {
            return Err(ObjectionRefusal::LineNotCorrectable(line.kind));
        }
        let minor = |of: Amount| of.minor(currency).map_err(ObjectionRefusal::UnusableAmount);
        let asked = minor(of.amount)?;
        if asked == 0 {
            return Err(ObjectionRefusal::NothingToCorrect);
        }
        let place = (at.entry, at.posting);
        let root = objections.root(&line.event, place, line.amount);
        let changed = objections.changed.get(&root.at).copied().unwrap_or_default();
        // What is left of what was charged, whoever gave back of it and corrected whose correction.
        let of_charge = root.amount + changed + line.given_back;
        let mut exceeds = None;
        if root.at == place {
            // It takes back of the line, not more than there is of it.
            let beyond = asked.signum() == of_charge.signum() || asked.abs() > of_charge.abs();
            exceeds = beyond.then_some(of_charge);
        } else {
            let own = objections.corrected.get(&place).copied().unwrap_or_default();
            let left = line.amount + own;
            if asked.signum() == left.signum() || asked.abs() > left.abs() {
                exceeds = Some(left);
            }
            let after = i128::from(of_charge) + i128::from(asked);
            let (least, most) = (root.amount.min(0), root.amount.max(0));
            if after < i128::from(least) || after > i128::from(most) {
                exceeds = Some(of_charge);
            }
        }
        if let Some(left) = exceeds {
            let left = Amount::from_minor(left, currency);
            return Err(ObjectionRefusal::CorrectionExceedsLine { asked: of.amount, left });
        }
        let mut named = 0_i128;
        for against in &of.against {
            if !may_correct(&against.account) {
                let account = against.account.to_string();
                return Err(ObjectionRefusal::CannotCorrectAgainst(account));
            }
            let part = minor(against.amount)?;
            if part.signum() != asked.signum() {
                return Err(ObjectionRefusal::CorrectionPartOpposite(against.amount));
            }
            named += i128::from(part);
        }
        if named != i128::from(asked) {
            let named = minor_text(named, currency);
            return Err(ObjectionRefusal::CorrectionDiffers { named, asked: of.amount });
        }
        if of.due_on < context.today {
            return Err(ObjectionRefusal::CorrectionDueInPast(of.due_on));
        }
        Ok(SettlementEvent::CorrectionBooked(Box::new(CorrectionBooked {
            correction: of.correction,
            merchant: self.merchant,
            currency,
            amount: Amount::from_minor(asked, currency),
            line: objected(line, currency),
            objection: self.objection,
            against: of.against.clone(),
            due_on: of.due_on,
            approved_by: approved_by.to_vec(),
            reason: self.reason.into(),
        })))
    }
}

/// Whether nothing else guards an account.
fn may_correct(name: &str) -> bool {
    let account = Account::CHART.iter().find(|account| account.name() == name);
    account.is_some_and(|account| match account.section() {
        Section::Revenue | Section::ContraRevenue | Section::OtherIncome | Section::Expense => true,
        Section::Liability => *account == Account::OutputVat,
        Section::Asset | Section::Clearing | Section::Memorandum => false,
    })
}

fn confirm<'a>(
    state: &'a SettlementState,
    of: &ConfirmStatement<'_>,
    context: &ObjectionContext<'_>,
) -> Decided<'a> {
    let (merchant, cycle) = (of.merchant, of.cycle);
    let close = state.claims.iter().find(|close| close.cycle == cycle);
    let close = close.ok_or(ObjectionRefusal::UnknownStatement { merchant, cycle })?;
    if state.objections.confirmed.contains(&cycle) {
        return Err(ObjectionRefusal::StatementIsConfirmed(close.number.to_string()));
    }
    let open = |(_, of): &(&Id, &super::state::Objection)| of.cycle == cycle && !of.answered;
    if let Some((objection, _)) = state.objections.raised.iter().find(open) {
        return Err(ObjectionRefusal::ObjectionIsOpen(*objection));
    }
    Ok(vec![SettlementEvent::StatementConfirmed(StatementConfirmed {
        merchant,
        currency: context.currency,
        cycle,
        number: (&*close.number).into(),
        confirmed_by: of.confirmed_by,
    })])
}

#[cfg(test)]
mod tests;
