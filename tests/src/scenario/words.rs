//! The words of a line: plain ones in order, and `name=value` pairs.

use rust_decimal::Decimal;

/// The words of a command after its name.
#[derive(Debug)]
pub(super) struct Words<'l> {
    rest: std::collections::VecDeque<&'l str>,
}

impl<'l> Words<'l> {
    pub(super) fn new(words: &[&'l str]) -> Self {
        Self { rest: words.iter().copied().collect() }
    }

    /// The next plain word.
    pub(super) fn next(&mut self, what: &str) -> Result<&'l str, String> {
        match self.rest.pop_front() {
            Some(word) if !word.contains('=') => Ok(word),
            Some(word) => Err(format!("{what} is missing before {word:?}")),
            None => Err(format!("{what} is missing")),
        }
    }

    /// The next plain word, if there is one.
    pub(super) fn maybe(&mut self) -> Option<&'l str> {
        let plain = self.rest.front().is_some_and(|word| !word.contains('='));
        if plain { self.rest.pop_front() } else { None }
    }

    /// The next pair.
    pub(super) fn pair(&mut self) -> Result<Option<(&'l str, &'l str)>, String> {
        let Some(word) = self.rest.pop_front() else { return Ok(None) };
        let pair = word.split_once('=').ok_or_else(|| format!("{word:?} is not name=value"))?;
        Ok(Some(pair))
    }

    /// Nothing may be left.
    pub(super) fn end(&mut self) -> Result<(), String> {
        match self.rest.pop_front() {
            Some(word) => Err(format!("{word:?} is one word too many")),
            None => Ok(()),
        }
    }
}

/// `5%` as the fraction `0.05`.
pub(super) fn percent(text: &str) -> Result<String, String> {
    let number = text.strip_suffix('%').and_then(|of| Decimal::from_str_exact(of).ok());
    let number = number.ok_or_else(|| format!("{text:?} is not a percentage such as 5%"))?;
    Ok((number / Decimal::ONE_HUNDRED).normalize().to_string())
}

/// A whole number.
pub(super) fn whole(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("{text:?} is not a whole number"))
}
