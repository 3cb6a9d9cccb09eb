//! Contents that are too large for one record: stored in parts, in a stream of their own, before the event.
//!
//! A record has at most 65,535 bytes, an append of KurrentDB up to 1 MiB. Contents that do not fit are the client's
//! metadata followed by its data, cut into parts of 60,000 bytes, the last one shorter. The parts are the events of
//! the stream `$souk-parts-` followed by the digest of the [`Reference`] in 64 hex digits, type `$souk-part`, without
//! metadata; the id of the `n`th part, from 0, is the first 16 bytes of the SHA-256 of digest and `n` as 4 bytes,
//! big-endian. Since the name follows from the contents, writing them again changes nothing, and what is read back is
//! proved. No client sees these streams.

use crate::envelope::Reference;
use crate::fault;
use sha2::{Digest, Sha256};
use souk_store::{Append, AppendError, Direction, EventStore, Expected, NewEvent};
use tonic::Status;
use tonic::codegen::Bytes;

/// How the streams of parts begin.
pub(crate) const PARTS_PREFIX: &str = "$souk-parts-";
const PART_TYPE: &str = "$souk-part";
const PART_BYTES: usize = 60_000;

/// Whether a stream is not for clients.
pub(crate) fn is_hidden(stream: &str) -> bool {
    stream.starts_with(PARTS_PREFIX)
}

/// What will find contents; `None` if they have 4 GiB or more.
pub(crate) fn reference(metadata: &[u8], data: &[u8]) -> Option<Reference> {
    let metadata_len = u32::try_from(metadata.len()).ok()?;
    let data_len = u32::try_from(data.len()).ok()?;
    let digest = digest(metadata_len, data_len, &[metadata, data]);
    Some(Reference { metadata_len, data_len, digest })
}

fn digest(metadata_len: u32, data_len: u32, contents: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(metadata_len.to_be_bytes());
    hash.update(data_len.to_be_bytes());
    contents.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

fn stream(reference: &Reference) -> String {
    use std::fmt::Write;
    let mut name = PARTS_PREFIX.to_owned();
    for byte in reference.digest {
        // Writing to a string cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    name
}

fn part_id(reference: &Reference, index: u32) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(reference.digest);
    hash.update(index.to_be_bytes());
    let hash: [u8; 32] = hash.finalize().into();
    hash.first_chunk().copied().unwrap_or_default()
}

/// Writes the parts and returns once they are durable.
pub(crate) fn write(
    store: &dyn EventStore,
    reference: &Reference,
    metadata: &[u8],
    data: &[u8],
) -> Result<(), Status> {
    let contents = [metadata, data].concat();
    let parts = contents.chunks(PART_BYTES).zip(0..).map(|(part, index)| NewEvent {
        event_id: part_id(reference, index),
        event_type: PART_TYPE.into(),
        metadata: Vec::new(),
        data: part.to_vec(),
    });
    let append = Append {
        stream: stream(reference).into(),
        expected: Expected::NoStream,
        events: parts.collect(),
    };
    match store.append(vec![append]).wait_one() {
        // All parts are one append: the stream has all of them or none.
        Ok(_) | Err(AppendError::WrongExpectedRevision { .. }) => Ok(()),
        Err(error) => Err(fault::append(&error)),
    }
}

/// Reads contents back, the metadata and the data; `entry` is the event's, for the error.
pub(crate) fn read(
    store: &dyn EventStore,
    reference: &Reference,
    entry: u64,
) -> Result<(Bytes, Bytes), Status> {
    let name = stream(reference);
    let mut contents = Vec::new();
    let mut next = Some(0);
    while let Some(from) = next {
        let page = store.read_stream(&name, from, Direction::Forwards, 64).map_err(fault::store)?;
        for record in page.records() {
            contents.extend_from_slice(record.map_err(fault::store)?.data);
        }
        next = page.next_revision();
    }
    let (metadata_len, data_len) = (reference.metadata_len, reference.data_len);
    if digest(metadata_len, data_len, &[&contents]) != reference.digest {
        let what = format!("its contents in stream {name} are not what was written");
        return Err(fault::damaged(entry, &what));
    }
    let mut metadata = Bytes::from(contents);
    // The digest covers the lengths, so they are right.
    let data = metadata.split_off((metadata_len as usize).min(metadata.len()));
    Ok((metadata, data))
}

#[cfg(test)]
mod tests {
    use super::*;
    use souk_store::MemoryStore;

    #[test]
    fn contents_come_back_whatever_their_size() {
        let store = MemoryStore::new();
        for (metadata_len, data_len) in
            [(0, 0), (1, 0), (0, 1), (70_000, 60_000), (60_000, 60_000), (3, 1_000_000)]
        {
            let (metadata, data) = (vec![1; metadata_len], vec![2; data_len]);
            let reference = reference(&metadata, &data).unwrap();
            if metadata_len + data_len > 0 {
                write(&store, &reference, &metadata, &data).unwrap();
                // Again, as after a retry.
                write(&store, &reference, &metadata, &data).unwrap();
            }
            assert_eq!(read(&store, &reference, 0).unwrap(), (metadata.into(), data.into()));
        }
    }

    #[test]
    fn the_names_and_ids_are_as_specified() {
        let reference = reference(b"m", b"d").unwrap();
        let name = "$souk-parts-b6e281ddb8fd089af04171da5243b90779f62c7691a533c60a2a715bc7f00f82";
        assert_eq!(stream(&reference), name);
        assert!(is_hidden(name) && !is_hidden("$souk") && !is_hidden("order-1"));
        let id = 0x1328_cc1f_bed2_7137_12ac_c46a_951f_cc15_u128;
        assert_eq!(part_id(&reference, 0), id.to_be_bytes());
    }

    #[test]
    fn missing_parts_are_named() {
        let reference = reference(b"m", b"d").unwrap();
        let error = read(&MemoryStore::new(), &reference, 4711).unwrap_err();
        assert!(error.message().contains("4711"), "{error}");
    }
}
