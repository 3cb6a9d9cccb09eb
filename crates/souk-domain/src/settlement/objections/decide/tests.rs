//! Objections: in time, to lines of the statement, answered once; corrections at most take their line back.

use souk_journal::ids::{CycleId, Id, MerchantId};
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;

use crate::given::{Given, amount};
use crate::settlement::decide::tests::{carry_first, under, week};
use crate::settlement::events::{CorrectedAgainst, Outcome};
use crate::settlement::objections::commands::{
    AgreeObjectionTerms, AnswerObjection, BookCorrection, ConfirmStatement, Correct, LineAt,
    ObjectionCommand, RaiseObjection,
};
use crate::settlement::objections::decide::{FoundLine, Objecting, ObjectionContext};

fn merchant() -> MerchantId {
    MerchantId::new("1007").unwrap()
}

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

fn at(entry: u64) -> LineAt {
    LineAt { entry, posting: 1 }
}

/// Items in the log: 50 and 60 are of week 10, 70 of week 11, 150 fell due in week 10 and was recorded after its close,
/// 80 is what week 10 carried.
fn items() -> &'static [FoundLine] {
    let line = |entry, kind, amount, due_on: &str| FoundLine {
        at: at(entry),
        kind,
        amount,
        due_on: due_on.parse().unwrap(),
        event: "order-8841@3".into(),
        order: Some(id("8841")),
        given_back: if entry == 70 { 300 } else { 0 },
    };
    let correction = |entry, revision, amount| FoundLine {
        event: format!("settlement-1007~CNY@{revision}").into(),
        ..line(entry, LineKind::Correction, amount, "2026-03-18")
    };
    Vec::leak(vec![
        // What the first two corrections after the closes of two weeks book.
        correction(210, 2, 500),
        correction(211, 3, -500),
        line(50, LineKind::Commission, -500, "2026-03-08"),
        line(60, LineKind::SalePrincipal, 10_000, "2026-03-08"),
        line(70, LineKind::Commission, -700, "2026-03-09"),
        line(80, LineKind::Carried, 900, "2026-03-08"),
        line(150, LineKind::Commission, -300, "2026-03-08"),
    ])
}

fn on(day: &str) -> ObjectionContext<'static> {
    ObjectionContext {
        merchant_known: true,
        currency: Currency::from_code("CNY").unwrap(),
        today: day.parse().unwrap(),
        recorded_on: day.parse().unwrap(),
        time_zone: "Asia/Shanghai",
        closed_on: Some("2026-03-09".parse().unwrap()),
        lines: items(),
    }
}

/// Weeks 10 and 11 are closed, at entries 100 and 200.
fn closed() -> Given<'static, Objecting> {
    let terms = Box::leak(Box::new(carry_first()));
    let given = under(terms).after(week("2026-03-02", 100, 0, 10_000, 9_500));
    given.after(week("2026-03-09", 200, 0, 10_000, 9_000)).turned::<Objecting>(on("2026-03-16"))
}

fn raise<'a>(objection: &str, cycle: &str, lines: &[u64]) -> ObjectionCommand<'a> {
    ObjectionCommand::Raise(RaiseObjection {
        merchant: merchant(),
        currency: "CNY".into(),
        cycle: CycleId::new(cycle).unwrap(),
        objection: id(objection),
        lines: lines.iter().map(|entry| at(*entry)).collect(),
        reason: id("wrong-rate"),
        text: None,
        evidence: Vec::new(),
    })
}

/// Of entry 50, from `Commission`.
fn correct<'a>(correction: &str, of: &str) -> Correct<'a> {
    Correct {
        correction: id(correction),
        line: at(50),
        amount: amount(of),
        against: vec![CorrectedAgainst { account: "Commission".into(), amount: amount(of) }],
        due_on: "2026-03-18".parse().unwrap(),
    }
}

fn answering<'a>(outcome: Outcome, corrections: Vec<Correct<'a>>) -> AnswerObjection<'a> {
    AnswerObjection {
        merchant: merchant(),
        currency: "CNY".into(),
        objection: id("ob-1"),
        outcome,
        explanation: "the category was wrong".into(),
        text: None,
        corrections,
        approved_by: vec!["Li".into(), "Wang".into()],
    }
}

fn answer<'a>(outcome: Outcome, corrections: Vec<Correct<'a>>) -> ObjectionCommand<'a> {
    ObjectionCommand::Answer(answering(outcome, corrections))
}

fn raised() -> Given<'static, Objecting> {
    closed().after(raise("ob-1", "2026-W10", &[50])).under(on("2026-03-18"))
}

fn confirm<'a>(cycle: &str) -> ObjectionCommand<'a> {
    ObjectionCommand::Confirm(ConfirmStatement {
        merchant: merchant(),
        currency: "CNY".into(),
        cycle: CycleId::new(cycle).unwrap(),
        confirmed_by: id("person-7"),
    })
}

#[test]
fn an_objection_names_lines_and_says_until_when_it_is_answered() {
    closed()
        .when(raise("ob-1", "2026-W10", &[50, 60]))
        .happens(&["objection-raised"])
        .says("objection-raised", r#""entry":50,"posting":1,"kind":"commission","amount":"-5.00""#)
        .says("objection-raised", r#""raise_by":"2026-03-23","answer_by":"2026-03-23""#)
        .posts(&[])
        .effective_on("2026-03-16");
}

#[test]
fn terms_say_how_long_one_may_object_and_answer() {
    let agree = |raise, answer| {
        ObjectionCommand::AgreeTerms(AgreeObjectionTerms {
            merchant: merchant(),
            currency: "CNY".into(),
            raise_within_days: raise,
            answer_within_days: answer,
        })
    };
    let agreed = || closed().after(agree(7, 3));
    let says = r#""raise_by":"2026-03-16","answer_by":"2026-03-19""#;
    agreed().when(raise("ob-1", "2026-W10", &[50])).says("objection-raised", says);
    let late = agreed().under(on("2026-03-17"));
    late.when(raise("ob-1", "2026-W10", &[50])).refused("ObjectionTooLate");
    closed().when(agree(0, 3)).refused("DaysOutOfRange");
    closed().when(agree(7, 367)).refused("DaysOutOfRange");
}

#[test]
fn after_the_last_day_it_is_too_late() {
    let last = closed().under(on("2026-03-23"));
    last.when(raise("ob-1", "2026-W10", &[50])).happens(&["objection-raised"]);
    let late = closed().under(on("2026-03-24"));
    late.when(raise("ob-1", "2026-W10", &[50])).refused("ObjectionTooLate");
}

#[test]
fn a_line_that_the_statement_does_not_have_cannot_be_objected_to() {
    for entry in [70, 80, 150, 51] {
        closed().when(raise("ob-1", "2026-W10", &[entry])).refused("LineNotOnStatement");
    }
    // What came in late is a line of the next statement.
    closed().when(raise("ob-1", "2026-W11", &[150])).happens(&["objection-raised"]);
    closed().when(raise("ob-1", "2026-W12", &[50])).refused("UnknownStatement");
    closed().when(raise("ob-1", "2026-W10", &[])).refused("ObjectionTooLarge");
    closed().when(raise("ob-1", "2026-W10", &[50, 50])).refused("LineObjectedAlready");
    raised().when(raise("ob-2", "2026-W10", &[50])).refused("LineObjectedAlready");
    raised().when(raise("ob-1", "2026-W10", &[60])).refused("ObjectionRaisedAlready");
    let mut bad = raise("ob-1", "2026-W10", &[50]);
    if let ObjectionCommand::Raise(of) = &mut bad {
        of.evidence = vec!["photo.jpg".into()];
    }
    closed().when(bad).refused("NotADigest");
}

#[test]
fn what_is_upheld_is_corrected_by_an_item_that_names_the_line() {
    raised()
        .when(answer(Outcome::Upheld, vec![correct("c-1", "5.00")]))
        .happens(&["correction-booked", "objection-answered"])
        .says("correction-booked", r#""event":"order-8841@3""#)
        .says("objection-answered", r#""outcome":"upheld""#)
        .posts(&["Cr MerchantPayable 5.00", "Dr Commission 5.00"])
        .items(&["1007 correction 5.00 due 2026-03-18"]);
}

#[test]
fn a_correction_takes_back_of_its_line_and_not_more() {
    let partly = |of: &str| answer(Outcome::Partly, vec![correct("c-1", of)]);
    raised().when(partly("2.00")).items(&["1007 correction 2.00 due 2026-03-18"]);
    raised().when(partly("5.01")).refused("CorrectionExceedsLine");
    raised().when(partly("-1.00")).refused("CorrectionExceedsLine");
    raised().when(partly("0.00")).refused("NothingToCorrect");
    let both = |first, second| {
        let corrections = vec![correct("c-1", first), correct("c-2", second)];
        answer(Outcome::Partly, corrections)
    };
    raised().when(both("2.00", "3.00")).happens(&[
        "correction-booked",
        "correction-booked",
        "objection-answered",
    ]);
    raised().when(both("2.00", "3.01")).refused("CorrectionExceedsLine");
}

#[test]
fn what_is_rejected_stands_and_is_answered_once() {
    let rejected = || raised().after(answer(Outcome::Rejected, vec![]));
    raised().when(answer(Outcome::Rejected, vec![])).happens(&["objection-answered"]).posts(&[]);
    rejected().when(answer(Outcome::Rejected, vec![])).refused("ObjectionAnsweredAlready");
    closed().when(answer(Outcome::Rejected, vec![])).refused("UnknownObjection");
    raised().when(answer(Outcome::Upheld, vec![])).refused("OutcomeAndCorrectionsDiffer");
    let corrections = vec![correct("c-1", "5.00")];
    raised().when(answer(Outcome::Rejected, corrections)).refused("OutcomeAndCorrectionsDiffer");
}

#[test]
fn a_correction_needs_two_persons_its_own_line_and_accounts_that_sum_to_it() {
    let upheld = |of: Correct<'static>| answer(Outcome::Upheld, vec![of]);
    let mut alone = answering(Outcome::Upheld, vec![correct("c-1", "5.00")]);
    alone.approved_by = vec!["Li".into(), "li".into()];
    raised().when(ObjectionCommand::Answer(alone)).refused("ApprovalMissing");
    let other = Correct { line: at(60), amount: amount("-5.00"), ..correct("c-1", "5.00") };
    raised().when(upheld(other)).refused("LineNotObjectedTo");
    let differs = Correct { amount: amount("4.00"), ..correct("c-1", "5.00") };
    raised().when(upheld(differs)).refused("CorrectionDiffers");
    for account in ["Bank", "MerchantHeld", "OrderEscrow", "commission", "AdCredit"] {
        let against = vec![CorrectedAgainst { account: account.into(), amount: amount("5.00") }];
        let guarded = Correct { against, ..correct("c-1", "5.00") };
        raised().when(upheld(guarded)).refused("CannotCorrectAgainst");
    }
    let past = Correct { due_on: "2026-03-17".parse().unwrap(), ..correct("c-1", "5.00") };
    raised().when(upheld(past)).refused("CorrectionDueInPast");
}

#[test]
fn a_line_is_corrected_without_an_objection_too() {
    let on_day = || closed().under(on("2026-03-18"));
    on_day().when(book(correct("c-1", "5.00"))).items(&["1007 correction 5.00 due 2026-03-18"]);
    let again = on_day().after(book(correct("c-1", "2.00")));
    again.when(book(correct("c-1", "1.00"))).refused("CorrectionBookedAlready");
    let unknown = Correct { line: at(51), ..correct("c-1", "5.00") };
    on_day().when(book(unknown)).refused("UnknownStatementLine");
}

fn book<'a>(of: Correct<'a>) -> ObjectionCommand<'a> {
    ObjectionCommand::Correct(BookCorrection {
        merchant: merchant(),
        currency: "CNY".into(),
        correct: of,
        approved_by: vec!["Li".into(), "Wang".into()],
        reason: "a rate that was mistyped".into(),
    })
}

/// Takes so much of a line, from commission.
fn of_line<'a>(id_of: &str, entry: u64, of: &str) -> ObjectionCommand<'a> {
    let against = vec![CorrectedAgainst { account: "Commission".into(), amount: amount(of) }];
    book(Correct { line: at(entry), against, amount: amount(of), ..correct(id_of, "5.00") })
}

#[test]
fn a_correction_of_a_correction_gives_back_no_more_than_was_charged() {
    let given = || closed().under(on("2026-03-18")).after(of_line("c-1", 50, "5.00"));
    // It is taken back, and so may be given again: of the charge or of the correction that took it.
    let taken = || given().after(of_line("c-2", 210, "-5.00"));
    taken().when(of_line("c-3", 50, "5.00")).happens(&["correction-booked"]);
    taken().when(of_line("c-3", 211, "5.00")).happens(&["correction-booked"]);
    taken()
        .after(of_line("c-3", 50, "5.00"))
        .when(of_line("c-4", 211, "0.01"))
        .refused("CorrectionExceedsLine");
    given().when(of_line("c-2", 210, "-5.01")).refused("CorrectionExceedsLine");
    given().when(of_line("c-2", 50, "0.01")).refused("CorrectionExceedsLine");
}

#[test]
fn what_refunds_gave_back_between_two_corrections_counts() {
    let refunded = || {
        let lines = items().iter().cloned();
        let back = lines.map(|line| FoundLine {
            given_back: if line.at.entry >= 210 { 500 } else { line.given_back },
            ..line
        });
        ObjectionContext { lines: Vec::leak(back.collect()), ..on("2026-03-18") }
    };
    let taken = closed()
        .under(on("2026-03-18"))
        .after(of_line("c-1", 50, "5.00"))
        .after(of_line("c-2", 210, "-5.00"));
    taken.under(refunded()).when(of_line("c-3", 211, "5.00")).refused("CorrectionExceedsLine");
}

#[test]
fn only_what_was_taken_is_corrected() {
    let of = |entry, of: &str| closed().under(on("2026-03-18")).when(of_line("c-1", entry, of));
    // A sale is taken back by a refund of it, which knows nothing of corrections.
    of(60, "-5.00").refused("LineNotCorrectable");
    of(50, "5.00").happens(&["correction-booked"]);
}

#[test]
fn the_accounts_of_a_correction_give_parts_of_it() {
    let against = |parts: &[(&'static str, &str)]| {
        let part = |(account, of): &(&'static str, &str)| CorrectedAgainst {
            account: (*account).into(),
            amount: amount(of),
        };
        let against = parts.iter().map(part).collect();
        book(Correct { against, ..correct("c-1", "5.00") })
    };
    let on_day = || closed().under(on("2026-03-18"));
    let opposite = against(&[("OutputVat", "6.00"), ("Commission", "-1.00")]);
    on_day().when(opposite).refused("CorrectionPartOpposite");
    let most = souk_journal::money::minor_text(
        i128::from(souk_journal::money::MAX_MINOR),
        Currency::from_code("CNY").unwrap(),
    );
    let beyond = vec![("Commission", most.as_str()); 1000];
    on_day().when(against(&beyond)).refused("CorrectionDiffers");
}

#[test]
fn a_confirmed_statement_is_right_and_one_with_an_open_objection_is_not_confirmed() {
    closed().when(confirm("2026-W10")).happens(&["statement-confirmed"]).posts(&[]);
    let confirmed = || closed().after(confirm("2026-W10"));
    confirmed().when(confirm("2026-W10")).refused("StatementIsConfirmed");
    confirmed().when(raise("ob-1", "2026-W10", &[50])).refused("StatementIsConfirmed");
    raised().when(confirm("2026-W10")).refused("ObjectionIsOpen");
    raised().when(confirm("2026-W11")).happens(&["statement-confirmed"]);
    let answered = raised().after(answer(Outcome::Rejected, vec![]));
    answered.when(confirm("2026-W10")).happens(&["statement-confirmed"]);
    closed().when(confirm("2026-W12")).refused("UnknownStatement");
}

#[test]
fn an_objection_that_is_dated_back_is_too_late_when_it_is_recorded_too_late() {
    let dated_back = |recorded: &str| {
        let recorded_on = recorded.parse().unwrap();
        ObjectionContext { recorded_on, ..on("2026-03-16") }
    };
    let late = closed().under(dated_back("2026-03-24"));
    late.when(raise("ob-1", "2026-W10", &[50])).refused("ObjectionTooLate");
    // The answer has its days from the recording on.
    let last = closed().under(dated_back("2026-03-23"));
    let says = r#""raise_by":"2026-03-23","answer_by":"2026-03-30""#;
    last.when(raise("ob-1", "2026-W10", &[50])).says("objection-raised", says);
}

#[test]
fn a_correction_takes_back_what_refunds_have_left_of_the_line() {
    // Of the 7.00 at entry 70 refunds have given back 3.00.
    let partly = |of: &str| {
        let correction = Correct { line: at(70), ..correct("c-1", of) };
        answer(Outcome::Partly, vec![correction])
    };
    let raised = || closed().after(raise("ob-1", "2026-W11", &[70])).under(on("2026-03-18"));
    raised().when(partly("4.00")).items(&["1007 correction 4.00 due 2026-03-18"]);
    raised().when(partly("4.01")).refused("CorrectionExceedsLine");
}
