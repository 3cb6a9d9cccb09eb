//! A close run pins its claim point once.

use crate::closerun::commands::CloseRunCommand;
use crate::closerun::decide::{CloseRun, CloseRunRefusal};
use crate::given::{Given, given};

const FINISH: CloseRunCommand = CloseRunCommand::Finish { cycles: 3 };

fn run() -> Given<'static, CloseRun> {
    given::<CloseRun>(())
}

fn start() -> CloseRunCommand {
    CloseRunCommand::Start { through: "2026-03-08".parse().unwrap(), entry: 4711 }
}

#[test]
fn a_run_fixes_its_last_day_and_its_claim_point() {
    let text = r#"{"through":"2026-03-08","entry":4711}"#;
    run().when(start()).says("close-run-started", text).effective_on("2026-03-08");
}

#[test]
fn a_finished_run_says_how_many_cycles_it_closed() {
    run().after(start()).when(FINISH).says("close-run-finished", r#"{"cycles":3}"#).posts(&[]);
}

#[test]
fn a_run_starts_once() {
    run().after(start()).when(start()).refused("RunStartedAlready");
}

#[test]
fn a_finished_run_does_not_start_again() {
    run().after(start()).after(FINISH).when(start()).refused("RunStartedAlready");
}

#[test]
fn a_run_that_has_not_started_does_not_finish() {
    run().when(FINISH).refused("RunNotStarted");
}

#[test]
fn a_run_finishes_once() {
    run().after(start()).after(FINISH).when(FINISH).refused("RunFinishedAlready");
}

#[test]
fn a_close_run_refuses_in_3_ways() {
    assert_eq!(CloseRunRefusal::CODES.len(), 3);
}
