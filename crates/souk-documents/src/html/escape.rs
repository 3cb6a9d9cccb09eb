//! Values on their way into markup.

use std::fmt;

/// A text, escaped for content and for attributes in double quotes.
///
/// What would turn the direction of the rest of a line, and control characters, are shown as U+FFFD.
pub(super) struct Text<'t>(pub(super) &'t str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for of in self.0.chars() {
            match of {
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '&' => f.write_str("&amp;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                    f.write_str("\u{fffd}")?;
                }
                of if of.is_control() => f.write_str("\u{fffd}")?,
                of => write!(f, "{of}")?,
            }
        }
        Ok(())
    }
}
