//! `souk`: the one binary. This file parses, runs one command and turns its end into an exit code;
//! each command has a file in `commands`.

mod cli;
mod commands;
mod demo;
mod fail;
mod import;
mod intake;
mod measure;
mod place;
mod show;

use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

fn main() -> ExitCode {
    let arguments = match cli::Cli::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            return if asked { ExitCode::SUCCESS } else { ExitCode::from(fail::Exit::Usage as u8) };
        }
    };
    let global = arguments.global.clone();
    match commands::run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.end(&global),
    }
}
