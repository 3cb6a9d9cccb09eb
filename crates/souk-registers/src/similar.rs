//! "Did you mean": names that begin as a text does, or are a typing slip away from it.

/// Names looked at, at most; a look takes well under a microsecond.
const MAX_LOOKED_AT: usize = 1_000_000;
/// Identifiers are not longer.
const MAX_LEN: usize = souk_journal::ids::MAX_ID;
/// Shorter texts begin too many names.
const SHORTEST_PREFIX: usize = 3;
/// Characters that may be wrong, missing or too many; of short texts only one.
const SLIPS: usize = 2;
const SHORT: usize = 5;

/// Up to `limit` names, closest first, then in order of the names. Capitals do not matter.
pub(crate) fn similar<'a>(
    text: &str,
    names: impl Iterator<Item = &'a str>,
    limit: usize,
) -> Vec<&'a str> {
    let mut found: Vec<(usize, &str)> = names
        .take(MAX_LOOKED_AT)
        .filter_map(|name| slips(text.as_bytes(), name.as_bytes()).map(|distance| (distance, name)))
        .collect();
    found.sort_unstable();
    found.truncate(limit);
    found.into_iter().map(|(_, name)| name).collect()
}

/// How far a name is from a text; `None` if it is not similar. The whole name typed with a slip
/// comes before a name of which the beginning was typed.
fn slips(text: &[u8], name: &[u8]) -> Option<usize> {
    let most = if text.len() < SHORT { 1 } else { SLIPS };
    let begins = text.len() >= SHORTEST_PREFIX
        && name.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text));
    distance(text, name, most).or_else(|| begins.then_some(SLIPS + 1))
}

/// Insertions, deletions and replacements from one text to the other, if at most `most`.
fn distance(from: &[u8], to: &[u8], most: usize) -> Option<usize> {
    if from.len() > MAX_LEN || to.len() > MAX_LEN || from.len().abs_diff(to.len()) > most {
        return None;
    }
    let mut above: [usize; MAX_LEN + 1] = std::array::from_fn(|column| column);
    for (row, of_from) in (1..).zip(from) {
        let mut diagonal = above[0];
        above[0] = row;
        let mut least = row;
        for (column, of_to) in (1..).zip(to) {
            let replaced = diagonal + usize::from(!of_from.eq_ignore_ascii_case(of_to));
            diagonal = above[column];
            above[column] = replaced.min(diagonal + 1).min(above[column - 1] + 1);
            least = least.min(above[column]);
        }
        if least > most {
            return None;
        }
    }
    Some(above[to.len()]).filter(|distance| *distance <= most)
}
