//! Who approved what one person alone may not decide.

use std::borrow::Cow;

use crate::ledger::decide::is_label;

/// Persons that what needs two approvals must be approved by.
pub const TWO: usize = 2;

/// Why approvals do not suffice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalFault {
    /// Too few.
    #[error("{named} approved it; {needed} different persons must")]
    TooFew {
        /// How many different persons are named.
        named: usize,
        /// How many must be.
        needed: usize,
    },
    /// Not a name.
    #[error("{0:?} is not 1 to 100 characters without quotes, backslashes or control characters")]
    NotAName(String),
}

/// Whether enough different persons approved.
///
/// # Errors
/// [`ApprovalFault`].
pub fn approved(by: &[Cow<'_, str>], needed: usize) -> Result<(), ApprovalFault> {
    if let Some(bad) = by.iter().find(|name| !is_label(name)) {
        return Err(ApprovalFault::NotAName(bad.to_string()));
    }
    let mut names: Vec<String> = by.iter().map(|name| name.trim().to_lowercase()).collect();
    names.sort();
    names.dedup();
    if names.len() < needed {
        return Err(ApprovalFault::TooFew { named: names.len(), needed });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_named_twice_is_one_person() {
        assert!(approved(&["Li".into(), "Wang".into()], TWO).is_ok());
        let twice = approved(&["Li".into(), " li ".into()], TWO);
        assert_eq!(twice, Err(ApprovalFault::TooFew { named: 1, needed: 2 }));
        assert!(matches!(approved(&["".into()], 0), Err(ApprovalFault::NotAName(_))));
    }
}
