//! What the binary `souk` does: parse, run one command and turn its end into an exit code; each command has a file in
//! `commands`. A library only so that the tests can ask for the cargo features that the first command leaves out.

mod cli;
mod commands;
mod creation;
mod demo;
mod fail;
mod import;
mod intake;
mod measure;
mod place;
mod remote;
mod retroactive;
#[cfg(feature = "kurrentdb")]
mod serving;
mod show;

use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    // A bug has an exit code of its own, however it ends.
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |what| {
        told(what);
        std::process::exit(fail::Exit::Bug as i32);
    }));
    let arguments = match cli::Cli::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return not_understood(&error),
    };
    let global = arguments.global.clone();
    match global.check().and_then(|()| commands::run(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.end(&global),
    }
}

/// Help and the version are answers; anything else is wrong usage.
fn not_understood(error: &clap::Error) -> ExitCode {
    #[expect(clippy::wildcard_enum_match_arm, reason = "clap may add kinds")]
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            ExitCode::from(fail::Exit::Usage as u8)
        }
        _ => {
            // The flags were not understood, so this one is looked for by hand.
            let mut words = std::env::args_os();
            let json = words.any(|word| word == "--format=json")
                || std::env::args_os()
                    .zip(std::env::args_os().skip(1))
                    .any(|(flag, value)| flag == "--format" && value == "json");
            fail::usage(error).print(json)
        }
    }
}
