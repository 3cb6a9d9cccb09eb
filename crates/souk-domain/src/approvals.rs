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
    #[error("{0:?} is not a name: {NAME}")]
    NotAName(String),
}

/// What a name is, in words.
pub const NAME: &str = "1 to 100 characters that are seen, without quotes, backslashes, control or invisible characters";

/// Whether a text can be the name of a person who is told from others: a label in which every character is seen. Two names
/// that look the same must be one name, or one person approves twice. Letters that look alike are not found out
/// (ARCHITECTURE.md says why).
pub fn is_name(text: &str) -> bool {
    is_label(text) && !text.trim().is_empty() && !text.chars().any(is_invisible)
}

/// Characters that are not drawn, or only turn how others are: joiners, directions, selectors, fillers, tags, line ends.
pub fn is_invisible(of: char) -> bool {
    matches!(
        of,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// A name as it is compared: blanks are one blank, and letters small.
fn compared(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether enough different persons approved.
///
/// # Errors
/// [`ApprovalFault`].
pub fn approved(by: &[Cow<'_, str>], needed: usize) -> Result<(), ApprovalFault> {
    if let Some(bad) = by.iter().find(|name| !is_name(name)) {
        return Err(ApprovalFault::NotAName(bad.to_string()));
    }
    let mut names: Vec<String> = by.iter().map(|name| compared(name)).collect();
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
        let blanks = approved(&["Li Wei".into(), "li \u{a0} wei".into()], TWO);
        assert_eq!(blanks, Err(ApprovalFault::TooFew { named: 1, needed: 2 }));
    }

    #[test]
    fn a_name_with_a_character_that_is_not_seen_is_no_second_person() {
        for unseen in [
            '\u{200b}',
            '\u{200d}',
            '\u{202e}',
            '\u{2066}',
            '\u{feff}',
            '\u{ad}',
            '\u{fe0f}',
            '\u{2028}',
            '\u{e0101}',
            '\u{3164}',
        ] {
            for name in [format!("Li{unseen}"), format!("{unseen}Li"), format!("L{unseen}i")] {
                assert!(!is_name(&name), "{unseen:?}");
                let twice = approved(&["Li".into(), name.into()], TWO);
                assert!(matches!(twice, Err(ApprovalFault::NotAName(_))), "{unseen:?}");
            }
        }
        for name in ["Li", "李雷", "José Ñandú", "O’Neill", "Ödön van der Berg", "محمد"]
        {
            assert!(is_name(name), "{name}");
        }
        assert!(!is_name(" "));
    }
}
