//! Filters of reads and subscriptions of everything: by stream name or event type, by prefix or expression.
//!
//! What a filter may cost is bounded: the steps of one match, those of all matches while one page of answers is made,
//! and the time until other reads have their turn.

use crate::fault;
use crate::proto::read::{Expression, FilterOn, FilterOptions, Window};
use fancy_regex::{Error, Regex, RegexBuilder, RuntimeError};
use souk_store::Record;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tonic::Status;

/// Longer expressions are refused, in bytes.
const MAX_EXPRESSION: usize = 16 << 10;
/// More prefixes are refused.
const MAX_PREFIXES: usize = 1_024;
/// Prefixes that are longer altogether are refused, in bytes.
const MAX_PREFIX_BYTES: usize = 64 << 10;
/// Steps of one match, tried one after the other, since nobody says how many a match took. Few come beyond the first;
/// a name has at most 250 bytes, so that no honest expression comes beyond the last.
const STEPS: [usize; 3] = [1_024, 8_192, 100_000];
/// Steps of all matches while one page of answers is made. Matches within the first of [`STEPS`] are not counted.
const MAX_STEPS: usize = 4_000_000;
/// So many names are looked at before other reads have their turn.
const MAX_LOOKS: usize = 4_096;
/// Or for so long.
const MAX_TIME: Duration = Duration::from_millis(20);
/// Not all that is slow takes steps. So many names are timed,
const TIMED: u32 = 1_000;
/// and may take so long each on average; honest expressions take a twentieth of it.
const MAX_AVERAGE: Duration = Duration::from_micros(100);
/// More is not counted for one name: it was the machine that was slow.
const MAX_COUNTED: Duration = Duration::from_millis(1);
/// Bytes of a compiled expression.
const COMPILED_LIMIT: usize = 1 << 20;
/// Events between two checkpoints if the client leaves it open.
const DEFAULT_WINDOW: u32 = 32;

/// A filter.
#[derive(Debug)]
pub(crate) struct Filter {
    by_type: bool,
    matcher: Matcher,
    /// Events considered between two checkpoints, at least 1.
    pub(crate) interval: u64,
}

#[derive(Debug)]
enum Matcher {
    Everything,
    Prefixes(Vec<String>),
    Expression(Box<Ladder>),
}

/// An expression, with one limit of steps after the other.
#[derive(Debug)]
struct Ladder {
    expression: String,
    /// Compiled once needed; the first is there from the start.
    rungs: [OnceLock<Regex>; STEPS.len()],
    pace: Mutex<Pace>,
}

/// How long the expression took for the last names.
#[derive(Debug, Default)]
struct Pace {
    names: u32,
    time: Duration,
}

impl Pace {
    /// Counts a name; `false` if the last ones took too long.
    fn add(&mut self, time: Duration) -> bool {
        self.names += 1;
        self.time += time.min(MAX_COUNTED);
        if self.names < TIMED {
            return true;
        }
        let time = std::mem::take(self).time;
        time <= MAX_AVERAGE * TIMED
    }
}

/// What a filter has cost while one page of answers was made.
#[derive(Debug, Default)]
pub(crate) struct Effort {
    steps: usize,
    looks: usize,
    began: Option<Instant>,
    is_late: bool,
}

impl Effort {
    /// Whether other reads shall have their turn.
    pub(crate) fn is_enough(&self) -> bool {
        self.is_late || self.looks >= MAX_LOOKS
    }

    /// Another name is looked at.
    fn look(&mut self) {
        self.looks += 1;
        let began = *self.began.get_or_insert_with(Instant::now);
        self.is_late = began.elapsed() > MAX_TIME;
    }

    /// Counts steps.
    fn spend(&mut self, steps: usize) -> Result<(), Status> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps <= MAX_STEPS {
            return Ok(());
        }
        Err(fault::invalid(format!(
            "the filter's expression is too costly: it took more than {MAX_STEPS} steps for one page of events; \
             simplify it, or filter by prefix"
        )))
    }
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// Invalid argument if there is nothing to filter on, or the expression is none, or too large.
    pub(crate) fn new(options: FilterOptions) -> Result<Filter, Status> {
        let (by_type, expression) = match options.on {
            Some(FilterOn::EventType(expression)) => (true, expression),
            Some(FilterOn::StreamName(expression)) => (false, expression),
            None => return Err(fault::invalid("the filter looks at nothing; name stream or type")),
        };
        let window = match options.window {
            Some(Window::Max(max)) if max > 0 => max,
            Some(Window::Max(_) | Window::Count(())) | None => DEFAULT_WINDOW,
        };
        let interval = u64::from(window) * u64::from(options.checkpoint_interval_multiplier.max(1));
        Ok(Filter { by_type, matcher: Matcher::new(expression)?, interval })
    }

    /// Whether it may cost much.
    pub(crate) fn is_costly(&self) -> bool {
        match self.matcher {
            Matcher::Everything | Matcher::Prefixes(_) => false,
            Matcher::Expression(_) => true,
        }
    }

    /// Whether a record passes.
    ///
    /// # Errors
    /// Invalid argument if the expression takes too many steps, on this record or on all of the page.
    pub(crate) fn matches(&self, record: &Record<'_>, effort: &mut Effort) -> Result<bool, Status> {
        let text = if self.by_type { record.event_type } else { record.stream };
        match &self.matcher {
            Matcher::Everything => Ok(true),
            Matcher::Prefixes(prefixes) => {
                effort.look();
                Ok(prefixes.iter().any(|prefix| text.starts_with(prefix.as_str())))
            }
            Matcher::Expression(ladder) => {
                effort.look();
                let began = Instant::now();
                let is_match = ladder.is_match(text, effort)?;
                let mut pace = ladder.pace.lock().unwrap_or_else(PoisonError::into_inner);
                if pace.add(began.elapsed()) {
                    return Ok(is_match);
                }
                Err(fault::invalid(format!(
                    "the filter's expression is too costly: it took more than {MAX_AVERAGE:?} on average for \
                     {TIMED} events; simplify it, or filter by prefix"
                )))
            }
        }
    }
}

impl Matcher {
    fn new(expression: Expression) -> Result<Matcher, Status> {
        if expression.regex.is_empty() {
            let prefixes = expression.prefix;
            let bytes: usize = prefixes.iter().map(String::len).sum();
            if prefixes.len() > MAX_PREFIXES || bytes > MAX_PREFIX_BYTES {
                return Err(fault::invalid(format!(
                    "the filter has {} prefixes of {bytes} bytes and at most {MAX_PREFIXES} of {MAX_PREFIX_BYTES} \
                     bytes are allowed; use fewer",
                    prefixes.len()
                )));
            }
            let matcher =
                if prefixes.is_empty() { None } else { Some(Matcher::Prefixes(prefixes)) };
            return Ok(matcher.unwrap_or(Matcher::Everything));
        }
        let length = expression.regex.len();
        if length > MAX_EXPRESSION {
            return Err(fault::invalid(format!(
                "the filter's expression has {length} bytes and at most {MAX_EXPRESSION} are allowed; shorten it"
            )));
        }
        Ok(Matcher::Expression(Box::new(Ladder::new(expression.regex)?)))
    }
}

impl Ladder {
    fn new(expression: String) -> Result<Ladder, Status> {
        let ladder = Ladder { expression, rungs: Default::default(), pace: Mutex::default() };
        if let (Some(first), Some(steps)) = (ladder.rungs.first(), STEPS.first()) {
            ladder.rung(first, *steps)?;
        }
        Ok(ladder)
    }

    /// The expression with a limit of steps.
    fn rung<'a>(&self, rung: &'a OnceLock<Regex>, steps: usize) -> Result<&'a Regex, Status> {
        if let Some(regex) = rung.get() {
            return Ok(regex);
        }
        let regex = RegexBuilder::new(&self.expression)
            .backtrack_limit(steps)
            .delegate_size_limit(COMPILED_LIMIT)
            .delegate_dfa_size_limit(COMPILED_LIMIT)
            .build()
            .map_err(|error| {
                fault::invalid(format!("the filter's expression cannot be used: {error}"))
            })?;
        Ok(rung.get_or_init(|| regex))
    }

    fn is_match(&self, text: &str, effort: &mut Effort) -> Result<bool, Status> {
        for (index, (rung, steps)) in self.rungs.iter().zip(STEPS).enumerate() {
            if index > 0 {
                effort.spend(steps)?;
            }
            match self.rung(rung, steps)?.is_match(text) {
                Ok(is_match) => return Ok(is_match),
                Err(Error::RuntimeError(RuntimeError::BacktrackLimitExceeded)) => {}
                Err(error) => {
                    return Err(fault::invalid(format!(
                        "the filter's expression fails on {text:?}: {error}; simplify it"
                    )));
                }
            }
        }
        Err(fault::invalid(format!(
            "the filter's expression takes too long on {text:?}; simplify it, or filter by prefix"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_type(regex: &str, prefix: &[&str]) -> Result<Filter, Status> {
        let prefix = prefix.iter().map(|&text| text.to_owned()).collect();
        let expression = Expression { regex: regex.to_owned(), prefix };
        let on = Some(FilterOn::EventType(expression));
        Filter::new(FilterOptions { on, window: None, checkpoint_interval_multiplier: 2 })
    }

    fn passes(filter: &Filter, event_type: &str) -> Result<bool, Status> {
        costs(filter, event_type, &mut Effort::default())
    }

    fn costs(filter: &Filter, event_type: &str, effort: &mut Effort) -> Result<bool, Status> {
        let (stream, metadata, data, bytes): (_, &[u8], &[u8], &[u8]) = ("s", &[], &[], &[]);
        let (entry, revision, event_id) = (0, 0, [0; 16]);
        let record =
            Record { entry, stream, revision, event_id, event_type, metadata, data, bytes };
        filter.matches(&record, effort)
    }

    #[test]
    fn expressions_with_lookahead_as_clients_send_them() {
        let filter = by_type(r"^(?!(\$.+)$)", &["ignored"]).unwrap();
        assert!(passes(&filter, "OrderCreated").unwrap());
        assert!(!passes(&filter, "$metadata").unwrap());
        assert_eq!(filter.interval, 64);
    }

    #[test]
    fn prefixes_and_nothing() {
        let filter = by_type("", &["a", "b"]).unwrap();
        assert!(passes(&filter, "bc").unwrap() && !passes(&filter, "cb").unwrap());
        assert!(passes(&by_type("", &[]).unwrap(), "anything").unwrap());
    }

    #[test]
    fn a_hostile_expression_ends() {
        let filter = by_type(r"(?i)(a|b|ab)*(?>c)", &[]).unwrap();
        let answer = passes(&filter, &"ab".repeat(60));
        assert!(answer.is_err_and(|status| status.message().contains("simplify")));
    }

    #[test]
    fn what_costs_little_each_time_costs_too_much_in_the_end() {
        let filter = by_type("(?:(a)|aa)+(?=b)c", &[]).unwrap();
        let (name, mut effort) = ("a".repeat(12), Effort::default());
        let mut looks = (0..20_000).map(|_| costs(&filter, &name, &mut effort));
        let refused = looks.find_map(Result::err).unwrap();
        assert!(refused.message().contains("too costly"), "{refused}");
        assert!(effort.steps > MAX_STEPS && effort.looks < MAX_LOOKS);
    }

    #[test]
    fn what_is_slow_without_many_steps_is_refused_in_the_end() {
        let mut pace = Pace::default();
        // One long wait is the machine's, and much that is quick is fine.
        assert!(pace.add(Duration::from_secs(60)));
        assert!((0..5_000).all(|_| pace.add(Duration::from_micros(50))));
        assert!(!(0..2_000).all(|_| pace.add(Duration::from_micros(200))));
    }

    #[test]
    fn what_costs_nothing_may_look_at_everything_by_turns() {
        let filter = by_type(r"^(?!(\$.+)$)", &[]).unwrap();
        let mut effort = Effort::default();
        for _ in 0..MAX_LOOKS {
            assert!(costs(&filter, &"x".repeat(250), &mut effort).unwrap());
        }
        assert_eq!(effort.steps, 0);
        assert!(effort.is_enough());
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        assert!(by_type("", &["a"; MAX_PREFIXES + 1]).is_err());
        assert!(by_type("", &[&"a".repeat(MAX_PREFIX_BYTES + 1)]).is_err());
        assert!(by_type("(", &[]).is_err());
        assert!(by_type(&"a".repeat(MAX_EXPRESSION + 1), &[]).is_err());
        assert!(by_type("(a{1000}){1000}", &[]).is_err());
    }
}
