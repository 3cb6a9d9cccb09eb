//! Anchors: what the log came to at every 65,536th entry, kept beside it on the server.
//!
//! The anchor of revision `k` is written once `(k + 1) × interval` entries are there. It is an event of the type
//! `souk-anchor` in the stream `souk.NAME:anchors`, application/json, with these keys in this order and no spaces:
//!
//! | key | what |
//! |---|---|
//! | `v` | format, 1 |
//! | `entries` | number of entries covered; the first anchor's is the interval |
//! | `commit`, `prepare` | the server's position of the last of them |
//! | `root` | RFC 6962 root over their leaf hashes, 64 lower-case hexadecimal digits |
//! | `tree` | [`Tree::to_bytes`]: the size and the peaks, lower-case hexadecimal digits |
//!
//! Everyone who follows the log computes the same bytes, so the event's id is the UUIDv5 of the bytes in the nil
//! namespace: who writes the same anchor a second time is told it is there, and another content is a conflict.

use kurrentdb::{EventData, Position};
use serde::{Deserialize, Serialize};
use souk_store::Tree;
use uuid::Uuid;

/// The type of an anchor's event.
pub(crate) const EVENT_TYPE: &str = "souk-anchor";

/// What the log came to at some entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Anchor {
    /// Over all entries so far; its size is their number.
    pub(crate) tree: Tree,
    /// The position of the last of them.
    pub(crate) position: Position,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    v: u32,
    entries: u64,
    commit: u64,
    prepare: u64,
    root: String,
    tree: String,
}

impl Anchor {
    /// Number of entries covered.
    pub(crate) fn entries(&self) -> u64 {
        self.tree.size()
    }

    /// The bytes kept on the server.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let stored = Stored {
            v: 1,
            entries: self.entries(),
            commit: self.position.commit,
            prepare: self.position.prepare,
            root: hex(&self.tree.root()),
            tree: hex(&self.tree.to_bytes()),
        };
        // A struct of numbers and texts is always written.
        serde_json::to_vec(&stored).unwrap_or_default()
    }

    /// The event that holds it.
    pub(crate) fn event(&self) -> Option<EventData> {
        let bytes = self.to_bytes();
        let id = Uuid::new_v5(&Uuid::nil(), &bytes);
        let raw: &serde_json::value::RawValue = serde_json::from_slice(&bytes).ok()?;
        EventData::json(EVENT_TYPE, &raw).ok().map(|event| event.id(id))
    }

    /// Reads an anchor; the error says what is wrong with it.
    pub(crate) fn read(bytes: &[u8]) -> Result<Anchor, &'static str> {
        let stored: Stored =
            serde_json::from_slice(bytes).map_err(|_| "it is not an anchor of format 1")?;
        let tree = unhex(&stored.tree).and_then(|bytes| Tree::from_bytes(&bytes).ok());
        let tree = tree.ok_or("its tree cannot be read")?;
        let position = Position { commit: stored.commit, prepare: stored.prepare };
        let anchor = Anchor { tree, position };
        if anchor.to_bytes() != bytes {
            return Err("its root or size is not that of its tree");
        }
        Ok(anchor)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    pairs.iter().map(|[high, low]| u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anchor() -> Anchor {
        let mut tree = Tree::new();
        (0..6).for_each(|n| tree.push([n; 32]));
        Anchor { tree, position: Position { commit: 600, prepare: 599 } }
    }

    #[test]
    fn the_stored_bytes_are_these_and_are_read_back() {
        let bytes = anchor().to_bytes();
        let text = str::from_utf8(&bytes).expect("text");
        let start = r#"{"v":1,"entries":6,"commit":600,"prepare":599,"root":""#;
        assert!(text.starts_with(start), "{text}");
        assert!(text.contains(r#","tree":"0000000000000006"#), "{text}");
        assert_eq!(Anchor::read(&bytes), Ok(anchor()));
        assert!(anchor().event().is_some());
    }

    #[test]
    fn any_other_bytes_are_refused() {
        let text = String::from_utf8(anchor().to_bytes()).expect("text");
        for wrong in [
            text.replace(":6,", ":7,"),
            text.replace(r#""v":1"#, r#""v":2"#),
            text.replace(r#""root":""#, r#""root":"f"#),
            text.replace(r#""tree":"00"#, r#""tree":"zz"#),
            text.replace(',', ", "),
            String::new(),
        ] {
            assert!(Anchor::read(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
