//! The server's metadata of a stream: whether it lets the server drop events.

/// The keys that make a server drop events of a stream.
const TRUNCATING: [&str; 3] = ["$maxCount", "$maxAge", "$tb"];

/// The type of the events of a metadata stream.
pub(crate) const EVENT_TYPE: &str = "$metadata";

/// The type of the event that ends a stream for ever.
pub(crate) const TOMBSTONE_TYPE: &str = "$streamDeleted";

/// The first key in a stream's metadata that makes the server drop events; a soft delete sets `$tb`.
pub(crate) fn truncating(data: &[u8]) -> Option<&'static str> {
    let metadata: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(data).ok()?;
    TRUNCATING.into_iter().find(|key| metadata.get(*key).is_some_and(|value| !value.is_null()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_drops_events_is_truncating() {
        assert_eq!(truncating(br#"{"$maxCount":2}"#), Some("$maxCount"));
        assert_eq!(truncating(br#"{"$acl":{},"$maxAge":60}"#), Some("$maxAge"));
        assert_eq!(truncating(br#"{"$tb":9223372036854775807}"#), Some("$tb"));
        for harmless in [&b"{}"[..], br#"{"$acl":{"$r":"x"}}"#, br#"{"$tb":null}"#, b"", b"[1]"] {
            assert_eq!(truncating(harmless), None);
        }
    }
}
