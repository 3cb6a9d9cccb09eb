//! Tests of the external sort.

use super::*;

/// A small generator of numbers that look random and are the same every time.
fn numbers(count: usize) -> impl Iterator<Item = u64> {
    let mut state = 42_u64;
    (0..count).map(move |_| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    })
}

type Owned = (Vec<u8>, Vec<u8>);

fn sort(budget: usize, records: &[Owned]) -> (u64, Vec<Owned>) {
    let mut sorter = Sorter::new(budget);
    for (key, payload) in records {
        sorter.push(key, payload).unwrap();
    }
    let spilled = sorter.spilled();
    let mut sorted = sorter.finish().unwrap();
    let mut out = Vec::new();
    while let Some((key, payload)) = sorted.next_record().unwrap() {
        out.push((key.to_vec(), payload.to_vec()));
    }
    assert!(sorted.next_record().unwrap().is_none(), "the end is the end");
    (spilled, out)
}

/// Keys of 0 to 11 bytes with many repeats; the payload tells the order of pushing.
fn records(count: usize) -> Vec<Owned> {
    let keys = numbers(count).map(|n| {
        let key = format!("{:011}", n % 1_000);
        key.as_bytes()[..usize::try_from(n % 12).unwrap()].to_vec()
    });
    keys.enumerate().map(|(at, key)| (key, at.to_be_bytes().to_vec())).collect()
}

#[test]
fn the_order_is_that_of_the_keys_and_stable_however_much_is_spilled() {
    let records = records(300_000);
    let mut expected = records.clone();
    expected.sort_by(|a, b| a.0.cmp(&b.0));
    let (spilled, in_memory) = sort(1 << 30, &records);
    assert_eq!(spilled, 0);
    assert!(in_memory == expected);
    let (spilled, one_or_two) = sort(4 << 20, &records);
    assert!(spilled > 0);
    assert!(one_or_two == expected);
    let (spilled, many) = sort(0, &records);
    assert!(spilled > 2 * u64::try_from(MOST_RUNS).unwrap(), "several rounds of merging");
    assert!(many == expected);
}

#[test]
fn nothing_is_spilled_while_it_fits_and_no_directory_is_made() {
    let mut sorter = Sorter::new(1 << 20);
    for (key, payload) in records(1_000) {
        sorter.push(&key, &payload).unwrap();
    }
    assert_eq!(sorter.spilled(), 0);
    assert!(sorter.directory.is_none());
}

#[test]
fn the_buffer_stays_within_its_budget() {
    let mut sorter = Sorter::new(1 << 18);
    for (key, payload) in records(50_000) {
        sorter.push(&key, &payload).unwrap();
        assert!(sorter.data.capacity() <= 1 << 18);
        assert!(sorter.used() <= 1 << 18);
    }
}

#[test]
fn a_record_larger_than_the_budget_passes_through() {
    let big = vec![7; LEAST_BUDGET * 2];
    let records = [(b"b".to_vec(), big.clone()), (b"a".to_vec(), vec![1]), (b"c".to_vec(), big)];
    let (_, sorted) = sort(0, &records);
    assert_eq!(sorted.iter().map(|r| r.0.as_slice()).collect::<Vec<_>>(), [b"a", b"b", b"c"]);
}

#[test]
fn an_empty_sort_is_empty_and_a_key_too_long_is_an_error() {
    assert!(sort(0, &[]).1.is_empty());
    assert!(Sorter::new(0).push(&vec![0; 70_000], b"").is_err());
}
