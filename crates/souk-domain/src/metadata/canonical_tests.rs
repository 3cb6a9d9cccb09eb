//! The parser by position against the general one.

use super::Metadata;
use super::canonical::parse;

/// Metadata as the ledger writes it, so many microseconds after the epoch.
fn metadata(micros: i64) -> Metadata<'static> {
    Metadata {
        version: 1,
        command: "8c7f3a52-6a0c-5c4e-9a3f-0d3a6f6f2f11",
        digest: "563a273b96902573d7a60d9e80255d77147ccb3ea34498daf55f4a38058834e3",
        occurred_at: souk_journal::dates::Micros(1_772_000_000_000_000 + micros),
        effective_on: souk_journal::dates::Micros(1_772_000_000_000_000).utc_date(),
        recorded_at: souk_journal::dates::Micros(1_772_000_000_000_000 + micros),
        correlation: None,
        causation: None,
        actor: Some("fin-02"),
        corrects: None,
    }
}

/// Metadata with each of the optional keys there or not.
fn written() -> Vec<Vec<u8>> {
    let optional = |bit: u32, of: u32, text: &'static str| (of >> bit & 1 == 1).then_some(text);
    let mut all = Vec::new();
    for of in 0..16 {
        for version in [0, 1, 12, 4_000_000_000] {
            let metadata = Metadata {
                version,
                correlation: optional(0, of, "order-7"),
                causation: optional(1, of, "settlement-1007~CNY@3"),
                actor: optional(2, of, "商家-é"),
                corrects: optional(3, of, ""),
                ..metadata(i64::from(of))
            };
            all.push(metadata.to_bytes());
        }
    }
    all
}

#[test]
fn what_the_ledger_writes_is_read_by_position() {
    for bytes in written() {
        let general = Metadata::parse_json(&bytes).unwrap();
        let fast = parse(&bytes);
        // Ten digits are left to the general parser.
        assert_eq!(fast, Some(general).filter(|of| of.version < 1_000_000_000));
    }
}

#[test]
fn whatever_is_read_by_position_the_general_parser_reads_alike() {
    let mut taken = 0;
    for bytes in written() {
        for at in 0..bytes.len() {
            for with in [&b""[..], b"\"", b"\\", b"0", b" ", b",", b"}", b"x", b"\n", b"\xff", b"-"]
            {
                for replaced in [0, 1] {
                    let mut other = bytes.clone();
                    other.splice(at..at + replaced, with.iter().copied());
                    let Some(fast) = parse(&other) else { continue };
                    taken += 1;
                    let text = String::from_utf8_lossy(&other);
                    assert_eq!(Metadata::parse_json(&other).ok(), Some(fast), "{text}");
                }
            }
        }
    }
    assert!(taken > 10_000, "only {taken} forms were read by position");
}

#[test]
fn another_form_is_left_to_the_general_parser() {
    let golden = String::from_utf8(metadata(0).to_bytes()).unwrap();
    for other in [
        golden.replace(",\"digest\"", ", \"digest\""),
        golden.replace("fin-02", "fin\\u002d02"),
        golden.replace("\"version\":1", "\"version\":01"),
        golden.replace('}', ""),
        golden.replace("}", "} "),
        golden.replace("\"actor\"", "\"agent\""),
        golden.replace("2026-02-25\"", "2026-02-30\""),
    ] {
        assert_eq!(parse(other.as_bytes()), None, "{other}");
    }
}
