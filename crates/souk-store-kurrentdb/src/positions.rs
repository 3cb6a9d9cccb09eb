//! Positions of consecutive entries, packed: about three bytes each, so that millions fit in memory.

use kurrentdb::Position;

/// Entries between two positions kept whole.
const BASE: usize = 64;

/// Strictly increasing positions, by index and back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Positions {
    /// Every 64th position, and where the packed differences after it begin.
    bases: Vec<(Position, usize)>,
    packed: Vec<u8>,
    len: usize,
    last: Option<Position>,
}

impl Positions {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The last one.
    pub(crate) fn last(&self) -> Option<Position> {
        self.last
    }

    /// Adds one behind the last. `false`, and nothing added, if it does not come after it.
    pub(crate) fn push(&mut self, position: Position) -> bool {
        if self.last.is_some_and(|last| position <= last) {
            return false;
        }
        match self.last {
            Some(last) if !self.len.is_multiple_of(BASE) => pack(&mut self.packed, last, position),
            Some(_) | None => self.bases.push((position, self.packed.len())),
        }
        self.len += 1;
        self.last = Some(position);
        true
    }

    /// The position at an index.
    pub(crate) fn get(&self, index: usize) -> Option<Position> {
        if index >= self.len {
            return None;
        }
        self.of_base(index / BASE).nth(index % BASE)
    }

    /// The index of a position, `None` if it is not among them.
    pub(crate) fn find(&self, position: Position) -> Option<usize> {
        let base = self.bases.partition_point(|(base, _)| *base <= position).checked_sub(1)?;
        let at = self.of_base(base).position(|at| at == position)?;
        Some(base * BASE + at)
    }

    /// The positions from a base up to the next.
    fn of_base(&self, base: usize) -> impl Iterator<Item = Position> {
        let (first, at) = self.bases.get(base).copied().unzip();
        let mut rest = self.packed.get(at.unwrap_or(0)..).unwrap_or_default();
        let count = BASE.min(self.len.saturating_sub(base * BASE));
        std::iter::successors(first, move |last| unpack(&mut rest, *last)).take(count)
    }
}

/// The commit position as a difference; the prepare position only where it is another one.
fn pack(out: &mut Vec<u8>, last: Position, next: Position) {
    let other = u128::from(next.prepare != next.commit);
    number(out, u128::from(next.commit - last.commit) << 1 | other);
    if next.prepare != next.commit {
        number(out, next.prepare.into());
    }
}

fn unpack(rest: &mut &[u8], last: Position) -> Option<Position> {
    let step = take(rest)?;
    let commit = last.commit.checked_add(u64::try_from(step >> 1).ok()?)?;
    let prepare = if step & 1 == 0 { commit } else { u64::try_from(take(rest)?).ok()? };
    Some(Position { commit, prepare })
}

/// Seven bits a byte, the lowest first, the high bit set on all but the last.
fn number(out: &mut Vec<u8>, mut value: u128) {
    while value >= 0x80 {
        out.push((value & 0x7F) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn take(rest: &mut &[u8]) -> Option<u128> {
    let mut value = 0;
    for shift in (0..126).step_by(7) {
        let (byte, more) = rest.split_first()?;
        *rest = more;
        value |= u128::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pushed_is_found_by_index_and_by_position() {
        let mut positions = Positions::default();
        let mut all = Vec::new();
        let mut at = 0_u64;
        for n in 0..1000_u64 {
            let prepare = if n % 7 == 3 { at.saturating_sub(n % 5) } else { at };
            all.push(Position { commit: at, prepare });
            at += [1, 3, 200, 70_000, 1 << 40][n as usize % 5];
        }
        for (count, position) in all.iter().enumerate() {
            assert_eq!(positions.len(), count);
            assert!(positions.push(*position) && !positions.push(*position));
            assert_eq!(positions.last(), Some(*position));
        }
        for (index, position) in all.iter().enumerate() {
            assert_eq!(positions.get(index), Some(*position));
            assert_eq!(positions.find(*position), Some(index));
            let beside = Position { commit: position.commit, prepare: position.prepare ^ 1 << 50 };
            assert_eq!(positions.find(beside), None);
        }
        assert_eq!(positions.get(1000), None);
        assert_eq!(Positions::default().find(Position::start()), None);
    }

    #[test]
    fn the_ends_of_the_numbers_fit() {
        let mut positions = Positions::default();
        let end = Position { commit: u64::MAX, prepare: 0 };
        assert!(positions.push(Position::start()) && positions.push(end));
        assert!(positions.push(Position::end()) && !positions.push(end));
        assert_eq!((positions.get(1), positions.get(2)), (Some(end), Some(Position::end())));
    }
}
