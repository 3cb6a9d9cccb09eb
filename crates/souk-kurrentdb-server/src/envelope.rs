//! What the server keeps beside an event of a plain store: the envelope, in front of the client's metadata.
//!
//! A record has an id, a type, metadata and data; KurrentDB's events also have a content type and a time of writing.
//! The record's metadata is therefore, with all integers big-endian:
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 1 | version, always 1 |
//! | 1 | 1 | flags: 1 the data is JSON; 2 the event is a tombstone; 4 the contents are elsewhere; no others |
//! | 2 | 8 | created: time of writing in units of 100 ns since 1970-01-01T00:00Z |
//! | 10 | rest | without flag 4: the client's metadata, as given; the record's data is the client's data |
//!
//! With flag 4 the record's data is empty and its metadata goes on, 50 bytes in all, with what
//! [`parts`](crate::parts) needs to find the contents:
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 10 | 4 | length of the client's metadata |
//! | 14 | 4 | length of the client's data |
//! | 18 | 32 | SHA-256 of these two lengths as written, the metadata and the data |
//!
//! Anything else is not from this server and is refused, since nobody could say what it means.

/// The first byte.
const VERSION: u8 = 1;
const JSON: u8 = 1;
const TOMBSTONE: u8 = 2;
const ELSEWHERE: u8 = 4;

/// Bytes before the client's metadata.
pub(crate) const ENVELOPE_BYTES: usize = 10;

/// What is known of an event besides its record's parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Envelope<'a> {
    /// Whether the data is JSON; bytes otherwise.
    pub(crate) json: bool,
    /// Whether the event says that its stream is deleted for good.
    pub(crate) tombstone: bool,
    /// Time of writing, in 100 ns since 1970.
    pub(crate) created: u64,
    /// The client's metadata.
    pub(crate) contents: Contents<'a>,
}

/// Where the client's metadata and data are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contents<'a> {
    /// In the record; these bytes are the metadata.
    Here(&'a [u8]),
    /// In parts.
    Elsewhere(Reference),
}

/// What finds and proves contents that are elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) metadata_len: u32,
    pub(crate) data_len: u32,
    pub(crate) digest: [u8; 32],
}

impl<'a> Envelope<'a> {
    /// The envelope of an event that a client appends.
    pub(crate) fn event(json: bool, created: u64, contents: Contents<'a>) -> Envelope<'a> {
        Envelope { json, tombstone: false, created, contents }
    }

    /// The bytes of the record's metadata.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let flag = |set, flag| if set { flag } else { 0 };
        let elsewhere = matches!(self.contents, Contents::Elsewhere(_));
        let flags =
            flag(self.json, JSON) | flag(self.tombstone, TOMBSTONE) | flag(elsewhere, ELSEWHERE);
        let mut bytes = vec![VERSION, flags];
        bytes.extend_from_slice(&self.created.to_be_bytes());
        match &self.contents {
            Contents::Here(metadata) => bytes.extend_from_slice(metadata),
            Contents::Elsewhere(reference) => {
                bytes.extend_from_slice(&reference.metadata_len.to_be_bytes());
                bytes.extend_from_slice(&reference.data_len.to_be_bytes());
                bytes.extend_from_slice(&reference.digest);
            }
        }
        bytes
    }

    /// Reads a record's metadata; says what is wrong with it otherwise.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Envelope<'a>, &'static str> {
        let (&[version, flags], rest) =
            bytes.split_first_chunk::<2>().ok_or("its metadata has no envelope")?;
        if version != VERSION {
            return Err("its metadata has no envelope of version 1");
        }
        if flags & !(JSON | TOMBSTONE | ELSEWHERE) != 0 {
            return Err("its envelope has unknown flags");
        }
        let (created, rest) = rest.split_first_chunk::<8>().ok_or("its envelope is cut")?;
        let contents = if flags & ELSEWHERE == 0 {
            Contents::Here(rest)
        } else {
            Contents::Elsewhere(Reference::parse(rest).ok_or("its reference to parts is cut")?)
        };
        Ok(Envelope {
            json: flags & JSON != 0,
            tombstone: flags & TOMBSTONE != 0,
            created: u64::from_be_bytes(*created),
            contents,
        })
    }
}

impl Reference {
    fn parse(bytes: &[u8]) -> Option<Reference> {
        let (metadata_len, rest) = bytes.split_first_chunk::<4>()?;
        let (data_len, rest) = rest.split_first_chunk::<4>()?;
        let digest = <[u8; 32]>::try_from(rest).ok()?;
        Some(Reference {
            metadata_len: u32::from_be_bytes(*metadata_len),
            data_len: u32::from_be_bytes(*data_len),
            digest,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_are_as_specified() {
        let here = Envelope::event(true, 0x0102_0304_0506_0708, Contents::Here(b"{}"));
        assert_eq!(here.encode(), b"\x01\x01\x01\x02\x03\x04\x05\x06\x07\x08{}");
        assert_eq!(Envelope::parse(&here.encode()), Ok(here));

        let tombstone =
            Envelope { json: false, tombstone: true, created: 1, contents: Contents::Here(b"") };
        assert_eq!(tombstone.encode(), b"\x01\x02\0\0\0\0\0\0\0\x01");
        assert_eq!(Envelope::parse(&tombstone.encode()), Ok(tombstone));

        let reference = Reference { metadata_len: 2, data_len: 0x0001_0000, digest: [0xAB; 32] };
        let elsewhere = Envelope::event(false, 0, Contents::Elsewhere(reference));
        let mut expected = b"\x01\x04\0\0\0\0\0\0\0\0\0\0\0\x02\0\x01\0\0".to_vec();
        expected.extend_from_slice(&[0xAB; 32]);
        assert_eq!(elsewhere.encode(), expected);
        assert_eq!(Envelope::parse(&expected), Ok(elsewhere));
    }

    #[test]
    fn what_another_wrote_is_refused() {
        let written = Envelope::event(true, 7, Contents::Here(b"")).encode();
        for cut in 0..ENVELOPE_BYTES {
            assert!(Envelope::parse(&written[..cut]).is_err(), "{cut} bytes");
        }
        assert!(Envelope::parse(b"{\"raw\":true}").is_err());
        assert!(Envelope::parse(b"\x01\x08\0\0\0\0\0\0\0\0").is_err());
        assert!(Envelope::parse(b"\x01\x04\0\0\0\0\0\0\0\0short").is_err());
    }
}
