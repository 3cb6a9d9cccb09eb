//! Piles on disk give what piles in memory give.

use settlement_cycles::InMemory;

use super::*;

/// Numbers that look random and are the same every time.
fn numbers() -> impl Iterator<Item = u64> {
    let mut state = 7_u64;
    std::iter::repeat_with(move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    })
}

fn item(number: u64) -> OpenItem {
    let due_on = day_zero().plus_days((number % 5_000) as i32 - 2_000);
    OpenItem {
        entry: number * 1_000_003,
        posting: (number % 7) as u16,
        kind: LineKind::ALL[number as usize % LineKind::ALL.len()],
        due_on,
        effective_on: due_on.plus_days(-((number % 40) as i32)),
        amount: number as i64 - 1_000_000_000,
        subject: (!number.is_multiple_of(3)).then(|| Id::new(&format!("O-{number}")).unwrap()),
        corrects: number.is_multiple_of(5).then(|| "x".repeat(number as usize % 400).into()),
    }
}

fn all(piles: &impl Piles, pile: usize) -> Vec<OpenItem> {
    let mut items = Vec::new();
    piles.each(pile, &mut |item| items.push(item.clone()));
    items
}

#[test]
fn an_item_comes_back_as_it_went() {
    for number in numbers().take(500) {
        let (item, directory) = (item(number), tempfile::tempdir().unwrap());
        let mut piles = DiskPiles::new(0, directory.path().into());
        piles.push(3, &item);
        assert_eq!(all(&piles, 3), [item]);
        assert_eq!(all(&piles, 2), []);
        assert_eq!(all(&piles, 9), []);
    }
}

/// Pushes and sifts, with each budget; what was written to disk.
fn same_as_in_memory(budget: usize, steps: usize, kept: u64) -> u64 {
    let directory = tempfile::tempdir().unwrap();
    let mut piles = DiskPiles::new(budget, directory.path().into());
    let mut memory = InMemory::default();
    let mut numbers = numbers();
    for _ in 0..steps {
        let number = numbers.next().unwrap();
        let pile = (number % 19) as usize;
        let (item, closes) = (item(number), numbers.next().unwrap().is_multiple_of(40));
        piles.push(pile, &item);
        memory.push(pile, &item);
        if closes {
            let keeps = |item: &OpenItem| (item.entry / 1_000_003) % 10 < kept;
            let (mut seen, mut expected) = (Vec::new(), Vec::new());
            piles.sift(pile, &mut |item| {
                seen.push(item.clone());
                keeps(item)
            });
            memory.sift(pile, &mut |item| {
                expected.push(item.clone());
                keeps(item)
            });
            assert_eq!(seen, expected);
        }
    }
    for pile in 0..19 {
        assert_eq!(all(&piles, pile), all(&memory, pile), "pile {pile}");
    }
    assert_eq!(piles.check(), Ok(()));
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0, "the file has no name");
    piles.written()
}

#[test]
fn whatever_the_budget_the_items_are_those_of_memory_in_their_order() {
    assert_eq!(same_as_in_memory(1 << 30, 20_000, 5), 0);
    for kept in [0, 5, 10] {
        for budget in [0, 1 << 10, 1 << 16] {
            assert!(same_as_in_memory(budget, 4_000, kept) > 0);
        }
    }
}

#[test]
fn a_file_that_is_mostly_free_moves_and_loses_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let mut piles = DiskPiles::new(1 << 16, directory.path().into());
    for round in 0..60 {
        for number in 0..10_000 {
            piles.push(number as usize % 10, &item(number + round));
        }
        for pile in 0..9 {
            piles.sift(pile, &mut |_| false);
        }
    }
    let spilled = piles.spilled.as_ref().unwrap();
    assert!(spilled.end <= 2 * spilled.live.max(SMALL / 2) + (1 << 20), "{spilled:?}");
    assert!(piles.written() > SMALL);
    assert_eq!(all(&piles, 9).len(), 60_000);
    assert_eq!(piles.check(), Ok(()));
}

#[test]
fn memory_stays_within_the_budget() {
    let directory = tempfile::tempdir().unwrap();
    let budget = 1 << 16;
    let mut piles = DiskPiles::new(budget, directory.path().into());
    for number in numbers().take(50_000) {
        piles.push((number % 3) as usize, &item(number));
        let used: usize = piles.piles.iter().map(|pile| pile.latest.capacity()).sum();
        assert_eq!(used, piles.used);
        assert!(used <= budget + 1_000, "{used}");
    }
}

#[test]
fn what_cannot_be_written_is_said_and_not_lost_in_silence() {
    let directory = tempfile::tempdir().unwrap();
    let taken = directory.path().join("taken");
    std::fs::write(&taken, "a file where the directory should be").unwrap();
    let mut piles = DiskPiles::new(0, taken);
    piles.push(0, &item(1));
    piles.push(0, &item(2));
    assert!(piles.check().unwrap_err().contains("taken"));
}
