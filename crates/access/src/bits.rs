//! A set of rows, one bit each.

/// Bits of one word.
const WORD: usize = 64;

/// A set of numbers below a fixed length. What lies at or above the length is never in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bits {
    words: Box<[u64]>,
    len: usize,
}

impl Bits {
    /// The empty set.
    pub(crate) fn none(len: usize) -> Self {
        Self {
            words: vec![0; len.div_ceil(WORD)].into_boxed_slice(),
            len,
        }
    }

    /// Everything below `len`.
    pub(crate) fn all(len: usize) -> Self {
        let mut bits = Self {
            words: vec![u64::MAX; len.div_ceil(WORD)].into_boxed_slice(),
            len,
        };
        bits.trim();
        bits
    }

    /// Everything or nothing.
    pub(crate) fn filled(len: usize, value: bool) -> Self {
        if value {
            Self::all(len)
        } else {
            Self::none(len)
        }
    }

    /// Clears what lies above the length in the last word.
    fn trim(&mut self) {
        let used = self.len % WORD;
        if used > 0
            && let Some(last) = self.words.last_mut()
        {
            *last &= (1 << used) - 1;
        }
    }

    pub(crate) fn insert(&mut self, row: usize) {
        if row < self.len
            && let Some(word) = self.words.get_mut(row / WORD)
        {
            *word |= 1 << (row % WORD);
        }
    }

    pub(crate) fn contains(&self, row: usize) -> bool {
        self.words
            .get(row / WORD)
            .is_some_and(|word| word & (1 << (row % WORD)) != 0)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    pub(crate) fn count(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    fn zip(&mut self, other: &Self, combine: impl Fn(u64, u64) -> u64) {
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine = combine(*mine, *theirs);
        }
    }

    pub(crate) fn unite(&mut self, other: &Self) {
        self.zip(other, |a, b| a | b);
    }

    pub(crate) fn intersect(&mut self, other: &Self) {
        self.zip(other, |a, b| a & b);
    }

    pub(crate) fn subtract(&mut self, other: &Self) {
        self.zip(other, |a, b| a & !b);
    }

    pub(crate) fn invert(&mut self) {
        for word in &mut self.words {
            *word = !*word;
        }
        self.trim();
    }

    /// The rows in the set, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(index, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                Some(index * WORD + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Bits;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn lengths_at_the_edges_of_words_hold_nothing_beyond_them() {
        for len in [0, 1, 63, 64, 65, 128, 130] {
            let all = Bits::all(len);
            assert_eq!(all.count() as usize, len);
            assert_eq!(all.iter().count(), len);
            let mut inverse = all.clone();
            inverse.invert();
            assert!(inverse.is_empty());
            inverse.invert();
            assert_eq!(inverse, all);
            assert!(!all.contains(len));
            let mut beyond = Bits::none(len);
            beyond.insert(len);
            beyond.insert(len + 500);
            assert!(beyond.is_empty());
        }
    }

    type Operation = (fn(&mut Bits, &Bits), BTreeSet<usize>);

    proptest! {
        #[test]
        fn behaves_like_a_set(
            len in 0_usize..200,
            a in prop::collection::btree_set(0_usize..200, 0..50),
            b in prop::collection::btree_set(0_usize..200, 0..50),
        ) {
            let keep = |set: &BTreeSet<usize>| set.iter().copied().filter(|n| *n < len).collect::<BTreeSet<_>>();
            let bits = |set: &BTreeSet<usize>| {
                let mut bits = Bits::none(len);
                for row in set {
                    bits.insert(*row);
                }
                bits
            };
            let (left, right) = (keep(&a), keep(&b));
            let rows = |bits: &Bits| bits.iter().collect::<BTreeSet<_>>();
            prop_assert_eq!(rows(&bits(&a)), left.clone());
            let operations: [Operation; 3] = [
                (Bits::unite, left.union(&right).copied().collect()),
                (Bits::intersect, left.intersection(&right).copied().collect()),
                (Bits::subtract, left.difference(&right).copied().collect()),
            ];
            for (operate, expected) in operations {
                let mut result = bits(&a);
                operate(&mut result, &bits(&b));
                prop_assert_eq!(rows(&result), expected);
            }
        }
    }
}
