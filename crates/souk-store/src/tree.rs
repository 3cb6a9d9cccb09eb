//! The head of an RFC 6962 Merkle tree over records: grows leaf by leaf and keeps O(log n) hashes.
//!
//! A leaf is a record's [`crate::leaf_hash`]; a node is SHA-256 of `0x01`, its left and its right child; the tree of
//! no leaves is SHA-256 of nothing. What is kept are the *peaks*: the roots of the perfect subtrees that the leaves
//! so far divide into, the largest first, one per bit set in the size.

use sha2::{Digest, Sha256};
use std::fmt;
use thiserror::Error;

/// The first byte of what a node hashes.
const NODE: u8 = 1;

/// A tree head that can grow. 32 bytes per bit set in its size, at most 2 KiB.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    peaks: Vec<[u8; 32]>,
}

/// Bytes that are no tree head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "{bytes} bytes are not a tree head: it has 8 bytes of size, then 32 for each bit set in the size"
)]
pub struct TreeBytesError {
    /// How many there were.
    pub bytes: usize,
}

impl Tree {
    /// The tree of no leaves.
    #[must_use]
    pub fn new() -> Tree {
        Tree::default()
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds the leaf hash of the next record.
    pub fn push(&mut self, leaf: [u8; 32]) {
        let mut hash = leaf;
        let mut full = self.size;
        // As a carry runs through the bits of a counter, equal subtrees join into one twice as large.
        while full & 1 == 1 {
            let Some(left) = self.peaks.pop() else { break };
            hash = node(&left, &hash);
            full >>= 1;
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root hash of all leaves so far.
    #[must_use]
    pub fn root(&self) -> [u8; 32] {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return Sha256::digest([]).into() };
        peaks.fold(*last, |right, left| node(left, &right))
    }

    /// The size, 8 bytes big-endian, then the peaks, the largest subtree first.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + 32 * self.peaks.len());
        bytes.extend_from_slice(&self.size.to_be_bytes());
        bytes.extend(self.peaks.iter().flatten());
        bytes
    }

    /// Reads what [`Tree::to_bytes`] wrote. That the peaks are right is not checked: nothing here could.
    ///
    /// # Errors
    /// [`TreeBytesError`] if there are fewer or more bytes than the size calls for.
    pub fn from_bytes(bytes: &[u8]) -> Result<Tree, TreeBytesError> {
        let wrong = TreeBytesError { bytes: bytes.len() };
        let (size, rest) = bytes.split_first_chunk::<8>().ok_or(wrong)?;
        let size = u64::from_be_bytes(*size);
        let (peaks, []) = rest.as_chunks::<32>() else { return Err(wrong) };
        if peaks.len() != size.count_ones() as usize {
            return Err(wrong);
        }
        Ok(Tree { size, peaks: peaks.to_vec() })
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree").field("size", &self.size).finish_non_exhaustive()
    }
}

fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update([NODE]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leaf_hash;

    /// The leaves of the reference implementation's tests of certificate transparency.
    const LEAVES: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];

    /// The roots over the first 0, 1, … 8 of them.
    const ROOTS: [&str; 9] = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    fn hex(hash: [u8; 32]) -> String {
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Section 2.1 of RFC 6962 word for word.
    fn naive(leaves: &[[u8; 32]]) -> [u8; 32] {
        match leaves {
            [] => Sha256::digest([]).into(),
            [leaf] => *leaf,
            more => {
                let split = more.len().next_power_of_two() / 2;
                let (left, right) = more.split_at(split);
                node(&naive(left), &naive(right))
            }
        }
    }

    #[test]
    fn the_published_roots_are_met() {
        let mut tree = Tree::new();
        assert_eq!(hex(tree.root()), ROOTS[0]);
        for (leaf, root) in LEAVES.iter().zip(&ROOTS[1..]) {
            tree.push(leaf_hash(leaf));
            assert_eq!(hex(tree.root()), *root, "of {} leaves", tree.size());
        }
    }

    #[test]
    fn every_size_has_the_root_of_the_definition_and_survives_its_bytes() {
        let leaves: Vec<[u8; 32]> = (0..130_u8).map(|n| leaf_hash(&[n])).collect();
        let mut tree = Tree::new();
        for size in 0..=leaves.len() {
            assert_eq!(tree.root(), naive(&leaves[..size]), "of {size} leaves");
            let bytes = tree.to_bytes();
            assert_eq!(bytes.len(), 8 + 32 * size.count_ones() as usize);
            tree = Tree::from_bytes(&bytes).expect("what was written is read");
            assert_eq!(tree.size(), size as u64);
            if let Some(leaf) = leaves.get(size) {
                tree.push(*leaf);
            }
        }
    }

    #[test]
    fn bytes_of_another_length_are_no_tree() {
        let mut tree = Tree::new();
        (0..5).for_each(|n| tree.push([n; 32]));
        let bytes = tree.to_bytes();
        for wrong in [&bytes[..0], &bytes[..7], &bytes[..bytes.len() - 1], &bytes[..40]] {
            assert_eq!(Tree::from_bytes(wrong), Err(TreeBytesError { bytes: wrong.len() }));
        }
        let longer = [&bytes[..], &[0; 32]].concat();
        assert!(Tree::from_bytes(&longer).is_err());
    }
}
