//! The macro that lists a context's events once: the enum, its codec and its schemas.

/// Declares the event enum of a context. Each row is a variant, its payload, the entry kind and the
/// payload's version; decoding dispatches on (type, version) straight to the concrete struct.
macro_rules! event_table {
    (
        $(#[$doc:meta])*
        pub enum $name:ident$(<$lt:lifetime>)? {
            $($(#[$vdoc:meta])* $variant:ident($payload:ty) = $kind:ident v $version:literal,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $name$(<$lt>)? {
            $($(#[$vdoc])* $variant($payload),)*
        }

        impl$(<$lt>)? $name$(<$lt>)? {
            /// The type of the event.
            pub fn kind(&self) -> souk_journal::entry_kind::EntryKind {
                match self {
                    $(Self::$variant(_) => souk_journal::entry_kind::EntryKind::$kind,)*
                }
            }

            /// The version in which it is written.
            pub fn version(&self) -> u32 {
                match self {
                    $(Self::$variant(_) => $version,)*
                }
            }

            /// The payload as JSON.
            pub(crate) fn payload(&self) -> Result<Vec<u8>, serde_json::Error> {
                let mut bytes = Vec::with_capacity(320);
                match self {
                    $(Self::$variant(payload) => serde_json::to_writer(&mut bytes, payload)?,)*
                }
                Ok(bytes)
            }

            /// Reads a payload of a current (type, version); `None` when there is no such event.
            pub(crate) fn decode(
                kind: souk_journal::entry_kind::EntryKind,
                version: u32,
                data: &$($lt)? str,
            ) -> Option<Result<Self, serde_json::Error>> {
                match (kind, version) {
                    $((souk_journal::entry_kind::EntryKind::$kind, $version) =>
                        Some(serde_json::from_str(data).map(Self::$variant)),)*
                    _ => None,
                }
            }

            /// JSON Schema of every (type, version) of this context.
            pub(crate) fn schemas() -> Vec<crate::event::EventSchema> {
                vec![$(crate::event::EventSchema {
                    kind: souk_journal::entry_kind::EntryKind::$kind,
                    version: $version,
                    schema: schemars::schema_for!($payload),
                },)*]
            }
        }
    };
}
