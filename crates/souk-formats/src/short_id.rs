//! Identifiers from files, held inline: no allocation for the hundreds of thousands we read.

use std::fmt;

/// An identifier of 1 to 40 characters out of `A-Z a-z 0-9 . _ : -`, the only ones a stream name
/// can carry. Ordered bytewise.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ShortId {
    /// Padded with zero bytes, which no id contains: so the derived order is that of the text.
    bytes: [u8; ShortId::MAX_LEN],
    len: u8,
}

impl ShortId {
    /// The longest id, in bytes.
    pub const MAX_LEN: usize = 40;

    /// Takes the bytes as an id, or `None` if they are empty, too long or hold another character.
    #[must_use]
    pub fn new(text: &[u8]) -> Option<Self> {
        let allowed = |b: &u8| b.is_ascii_alphanumeric() || b"._:-".contains(b);
        let len = u8::try_from(text.len()).ok()?;
        if len == 0 || !text.iter().all(allowed) {
            return None;
        }
        let mut bytes = [0; Self::MAX_LEN];
        bytes.get_mut(..text.len())?.copy_from_slice(text);
        Some(Self { bytes, len })
    }

    /// The id as bytes, 1 to 40 of them, all ASCII.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Always ASCII by construction.
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

impl fmt::Display for ShortId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for ShortId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl AsRef<str> for ShortId {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_one_to_forty_allowed_characters() {
        assert_eq!(ShortId::new(b"a.B_9:-").map(|id| id.to_string()), Some("a.B_9:-".into()));
        assert!(ShortId::new(&[b'x'; 40]).is_some());
        for bad in [&b""[..], &[b'x'; 41], &[b'x'; 300], b"a b", b"a~b", "é".as_bytes(), b"a\0"] {
            assert_eq!(ShortId::new(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn ids_are_ordered_as_their_text() {
        let mut ids = ["b", "abc", "ab", "a", "ab.", "Z"].map(|t| ShortId::new(t.as_bytes()));
        ids.sort();
        let sorted: Vec<_> = ids.iter().flatten().map(ShortId::as_str).collect();
        assert_eq!(sorted, ["Z", "a", "ab", "ab.", "abc", "b"]);
    }
}
