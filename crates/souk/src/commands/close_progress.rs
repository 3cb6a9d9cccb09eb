//! How far a close is, on standard error: on one line of a terminal, else a line every few seconds.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use souk_ledger::close_run::Progress;

use crate::cli::Global;
use crate::show::grouped;

/// Between two lines where nobody watches.
const EVERY: Duration = Duration::from_secs(5);
/// Between two pictures on a terminal.
const PICTURE: Duration = Duration::from_millis(100);
/// A close of a moment says nothing.
const MOMENT: Duration = Duration::from_millis(300);

/// What is shown.
pub(super) struct Shown {
    quiet: bool,
    terminal: bool,
    next: Instant,
    drawn: bool,
}

impl Shown {
    /// Nothing is shown yet.
    pub(super) fn new(global: &Global) -> Self {
        let terminal = io::stderr().is_terminal();
        let next = Instant::now() + if terminal { MOMENT } else { EVERY };
        Self { quiet: global.quiet, terminal, next, drawn: false }
    }

    /// The log is read, before the close begins.
    pub(super) fn reading(&mut self, done: u64, of: u64) {
        self.line(|| format!("reading {} of {} entries", number(done), number(of)));
    }

    /// The close says how far it is.
    pub(super) fn show(&mut self, of: Progress) {
        self.line(|| match of {
            Progress::Checking { done, of } => {
                format!("checking {} of {} entries", number(done), number(of))
            }
            Progress::Closing { run, done, of } => {
                format!("closing {run}: {} of {} cycles", number(done), number(of))
            }
        });
    }

    fn line(&mut self, line: impl FnOnce() -> String) {
        let now = Instant::now();
        if self.quiet || now < self.next {
            return;
        }
        self.next = now + if self.terminal { PICTURE } else { EVERY };
        self.drawn = true;
        // Progress that cannot be shown stops nothing.
        let _ = if self.terminal {
            write!(io::stderr(), "\r{}\x1b[K", line())
        } else {
            writeln!(io::stderr(), "{}", line())
        };
    }
}

/// However the close ends, what follows begins on a line of its own.
impl Drop for Shown {
    fn drop(&mut self) {
        if self.terminal && self.drawn {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn number(of: impl ToString) -> String {
    grouped(&of.to_string())
}
