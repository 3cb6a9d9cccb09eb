//! Event ids and stream names between the protocol and the store.

use crate::fault;
use crate::proto::read::UuidForm;
use crate::proto::shared::{StreamIdentifier, StructuredUuid, Uuid, UuidValue};
use sha2::{Digest, Sha256};
use tonic::Status;

/// What precedes a stream's name in the name of the stream of its metadata.
pub(crate) const METASTREAM: &str = "$$";

/// An id as 16 bytes.
pub(crate) fn parse(id: Option<&Uuid>) -> Result<[u8; 16], Status> {
    match id.and_then(|id| id.value.as_ref()) {
        Some(UuidValue::Structured(StructuredUuid {
            most_significant_bits: most,
            least_significant_bits: least,
        })) => {
            Ok(uuid::Uuid::from_u64_pair(most.cast_unsigned(), least.cast_unsigned()).into_bytes())
        }
        Some(UuidValue::Text(text)) => uuid::Uuid::parse_str(text)
            .map(uuid::Uuid::into_bytes)
            .map_err(|_| fault::invalid(format!("{text:?} is no UUID; give each event one"))),
        None => Err(fault::invalid("an event has no id; give each event a UUID")),
    }
}

/// An id in the form asked for.
pub(crate) fn render(id: [u8; 16], form: UuidForm) -> Uuid {
    let id = uuid::Uuid::from_bytes(id);
    let value = match form {
        UuidForm::Text(()) => UuidValue::Text(id.to_string()),
        UuidForm::Structured(()) => {
            let (most, least) = id.as_u64_pair();
            UuidValue::Structured(StructuredUuid {
                most_significant_bits: most.cast_signed(),
                least_significant_bits: least.cast_signed(),
            })
        }
    };
    Uuid { value: Some(value) }
}

/// The id of an event that the server writes itself: the same for the same revision of the same stream.
pub(crate) fn own(purpose: &str, stream: &str, revision: u64) -> [u8; 16] {
    let mut hash = Sha256::new();
    for part in [purpose.as_bytes(), stream.as_bytes(), &revision.to_be_bytes()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let hash: [u8; 32] = hash.finalize().into();
    let bytes: [u8; 16] = hash.first_chunk().copied().unwrap_or_default();
    // Marked as a UUID of our own making, version 8.
    uuid::Builder::from_custom_bytes(bytes).into_uuid().into_bytes()
}

/// A stream's name, as text.
pub(crate) fn stream_name(identifier: Option<&StreamIdentifier>) -> Result<String, Status> {
    let bytes = identifier.map(|identifier| identifier.stream_name.as_ref()).unwrap_or_default();
    match str::from_utf8(bytes) {
        Ok("") => Err(fault::invalid("no stream is named; name one")),
        Ok("$$") => Err(fault::invalid("$$ alone names no stream; put a stream's name behind it")),
        Ok(name) => Ok(name.to_owned()),
        Err(_) => Err(fault::invalid("a stream's name is not UTF-8; use UTF-8")),
    }
}

/// The name as the protocol carries it.
pub(crate) fn identifier(stream: &str) -> StreamIdentifier {
    StreamIdentifier { stream_name: stream.as_bytes().to_vec().into() }
}

/// The stream whose metadata a stream holds, if it holds any.
pub(crate) fn described_by(stream: &str) -> Option<&str> {
    stream.strip_prefix(METASTREAM)
}
