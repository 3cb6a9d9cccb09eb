//! Filters of reads and subscriptions of everything: by stream name or event type, by prefix or expression.

use crate::fault;
use crate::proto::read::{Expression, FilterOn, FilterOptions, Window};
use fancy_regex::{Regex, RegexBuilder};
use souk_store::Record;
use tonic::Status;

/// Longer expressions are refused, in bytes.
const MAX_EXPRESSION: usize = 16 << 10;
/// Steps of one match; a name has at most 250 bytes, so that no honest expression comes near.
const BACKTRACK_LIMIT: usize = 100_000;
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
    Expression(Box<Regex>),
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

    /// Whether a record passes.
    ///
    /// # Errors
    /// Invalid argument if the expression takes too many steps.
    pub(crate) fn matches(&self, record: &Record<'_>) -> Result<bool, Status> {
        let text = if self.by_type { record.event_type } else { record.stream };
        match &self.matcher {
            Matcher::Everything => Ok(true),
            Matcher::Prefixes(prefixes) => {
                Ok(prefixes.iter().any(|prefix| text.starts_with(prefix.as_str())))
            }
            Matcher::Expression(regex) => regex.is_match(text).map_err(|error| {
                fault::invalid(format!(
                    "the filter's expression takes too long on {text:?}: {error}; simplify it"
                ))
            }),
        }
    }
}

impl Matcher {
    fn new(expression: Expression) -> Result<Matcher, Status> {
        if expression.regex.is_empty() {
            let prefixes = expression.prefix;
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
        let regex = RegexBuilder::new(&expression.regex)
            .backtrack_limit(BACKTRACK_LIMIT)
            .delegate_size_limit(COMPILED_LIMIT)
            .build()
            .map_err(|error| {
                fault::invalid(format!("the filter's expression cannot be used: {error}"))
            })?;
        Ok(Matcher::Expression(Box::new(regex)))
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
        let (stream, metadata, data, bytes): (_, &[u8], &[u8], &[u8]) = ("s", &[], &[], &[]);
        let (entry, revision, event_id) = (0, 0, [0; 16]);
        filter.matches(&Record {
            entry,
            stream,
            revision,
            event_id,
            event_type,
            metadata,
            data,
            bytes,
        })
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
    fn what_is_no_expression_is_refused() {
        assert!(by_type("(", &[]).is_err());
        assert!(by_type(&"a".repeat(MAX_EXPRESSION + 1), &[]).is_err());
        assert!(by_type("(a{1000}){1000}", &[]).is_err());
    }
}
