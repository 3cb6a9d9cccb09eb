//! The golden vectors of `fixtures/records`: bytes that must be read and written the same for ever.

use souk_store::{MAX_RECORD_BYTES, NewRecord, Record, RecordError, leaf_hash};
use std::fs;

/// The bytes of a vector: hexadecimal digits and blanks, `#` begins a comment.
fn vector(name: &str) -> Vec<u8> {
    let path = format!("{}/../../fixtures/records/{name}.hex", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
    let digits: Vec<u32> = lines
        .flat_map(|line| line.chars().filter(|c| !c.is_whitespace()))
        .map(|c| c.to_digit(16).unwrap_or_else(|| panic!("{path}: {c} is no hexadecimal digit")))
        .collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

fn id(start: u8) -> [u8; 16] {
    std::array::from_fn(|at| start + u8::try_from(at).unwrap())
}

fn known() -> Vec<(&'static str, NewRecord<'static>)> {
    vec![
        (
            "record-smallest",
            NewRecord {
                stream: "x",
                revision: 0,
                event_id: [0; 16],
                event_type: "t",
                metadata: b"",
                data: b"",
            },
        ),
        (
            "record-order",
            NewRecord {
                stream: "order-2024-0001",
                revision: 1,
                event_id: id(0x10),
                event_type: "commission-charged",
                metadata: br#"{"v":1}"#,
                data: br#"{"amount":"12.50","currency":"EUR"}"#,
            },
        ),
        (
            "record-unicode",
            NewRecord {
                stream: "订单-é🦀",
                revision: u64::MAX,
                event_id: [0xFF; 16],
                event_type: " ~",
                metadata: &[0, 0xFF],
                data: &[0x80, 0],
            },
        ),
    ]
}

#[test]
fn the_vectors_are_written_byte_for_byte() {
    for (name, record) in known() {
        assert_eq!(record.encode().unwrap(), vector(name), "{name}");
    }
}

#[test]
fn the_vectors_are_read_field_by_field() {
    for (name, parts) in known() {
        let bytes = vector(name);
        let record = Record::parse(42, &bytes).unwrap();
        let read = NewRecord {
            stream: record.stream,
            revision: record.revision,
            event_id: record.event_id,
            event_type: record.event_type,
            metadata: record.metadata,
            data: record.data,
        };
        assert_eq!((read, record.entry, record.bytes), (parts, 42, &*bytes), "{name}");
        assert_eq!(Record::peek(&bytes), Some((parts.stream.as_bytes(), parts.revision)));
    }
}

#[test]
fn the_leaf_hash_is_that_of_rfc_6962() {
    assert_eq!(leaf_hash(&vector("record-order")).to_vec(), vector("record-order-leaf-hash"));
    // The leaf hash of nothing, as published with the RFC's test vectors.
    let empty = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
    let hex: String = leaf_hash(b"").iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, empty);
}

#[test]
fn every_cut_and_every_extension_is_refused() {
    for (name, _) in known() {
        let mut bytes = vector(name);
        for len in 0..bytes.len() {
            assert!(Record::parse(0, &bytes[..len]).is_err(), "{name} cut at {len}");
        }
        bytes.push(0);
        assert_eq!(Record::parse(0, &bytes), Err(RecordError::TrailingBytes { extra: 1 }));
    }
}

#[test]
fn what_is_read_is_what_would_be_written() {
    // Change each byte of a record: either it is refused, or its parts encode to the changed bytes.
    for (name, _) in known() {
        let bytes = vector(name);
        for at in 0..bytes.len() {
            for change in [0x01, 0x20, 0x80, 0xFF] {
                let mut changed = bytes.clone();
                changed[at] ^= change;
                let Ok(r) = Record::parse(0, &changed) else { continue };
                let parts = NewRecord {
                    stream: r.stream,
                    revision: r.revision,
                    event_id: r.event_id,
                    event_type: r.event_type,
                    metadata: r.metadata,
                    data: r.data,
                };
                assert_eq!(parts.encode().unwrap(), changed, "{name}, byte {at}");
            }
        }
    }
}

#[test]
fn unknown_formats_and_bad_names_are_refused_with_a_reason() {
    let good = vector("record-smallest");
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        Record::parse(0, &bytes).unwrap_err()
    };
    assert_eq!(with(0, 2), RecordError::UnknownFormat { format: 2 });
    assert_eq!(with(2, 0), RecordError::InvalidStream { what: "it has a NUL" });
    assert_eq!(with(2, 0xFF), RecordError::InvalidStream { what: "it is not UTF-8" });
    assert_eq!(with(28, 0x7F), RecordError::InvalidType { what: "it has another character" });
    assert_eq!(with(28, 0x1F), RecordError::InvalidType { what: "it has another character" });
}

#[test]
fn the_limit_counts_the_whole_record() {
    let (_, record) = known()[0];
    let data = vec![0; MAX_RECORD_BYTES];
    let room = MAX_RECORD_BYTES - 33;
    let largest = NewRecord { data: &data[..room], ..record };
    assert_eq!(largest.encode().unwrap().len(), MAX_RECORD_BYTES);
    let error = NewRecord { data: &data[..=room], ..record }.encode().unwrap_err();
    assert_eq!(error, RecordError::RecordTooLarge { bytes: 65_536, limit: 65_535 });
    assert!(error.to_string().contains("65536 bytes"), "{error}");
}
