//! Random texts: ids, codes, and their digests.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// A SHA-256 digest.
pub(crate) type Digest = [u8; 32];

/// Crockford's alphabet: no letters that are read as digits.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// An id for a URL: twelve characters, 60 random bits.
pub(crate) fn id() -> String {
    let mut bits: u64 = rand::random();
    let mut text = String::with_capacity(12);
    for _ in 0..12 {
        let index = usize::try_from(bits & 31).unwrap_or_default();
        text.push(ALPHABET.get(index).copied().map_or('0', char::from));
        bits >>= 5;
    }
    text
}

/// A code for a person to type: sixty random bits in three groups of four.
pub(crate) fn code() -> String {
    let text = id().to_uppercase();
    let groups: Vec<&str> = [0..4, 4..8, 8..12]
        .into_iter()
        .filter_map(|range| text.get(range))
        .collect();
    groups.join("-")
}

/// A client id, as long as those that authentik makes: forty characters, 200 random bits.
pub(crate) fn client_id() -> String {
    let bytes: [u8; 40] = rand::random();
    let letter = |byte: &u8| {
        ALPHABET
            .get(usize::from(byte & 31))
            .copied()
            .map_or('0', char::from)
    };
    bytes.iter().map(letter).collect()
}

/// A secret for a link or a cookie: 256 random bits as 64 hexadecimal digits.
pub(crate) fn secret() -> String {
    hex(&rand::random::<Digest>())
}

/// Hexadecimal digits of `bytes`.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// SHA-256 of several pieces, each with its length in front so that they cannot run together.
pub(crate) fn digest(pieces: &[&[u8]]) -> Digest {
    let mut hasher = Sha256::new();
    for piece in pieces {
        hasher.update(u64::try_from(piece.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(piece);
    }
    hasher.finalize().into()
}

/// Compares without stopping at the first difference.
pub(crate) fn same(left: &Digest, right: &Digest) -> bool {
    left.iter()
        .zip(right)
        .fold(0, |difference, (l, r)| difference | (l ^ r))
        == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_fit_a_url_and_differ() {
        let ids: std::collections::BTreeSet<String> = (0..1000).map(|_| id()).collect();
        assert_eq!(ids.len(), 1000);
        assert!(
            ids.iter()
                .all(|id| id.len() == 12 && id.bytes().all(|b| ALPHABET.contains(&b)))
        );
    }

    #[test]
    fn codes_are_three_groups_of_four() {
        let code = code();
        let groups: Vec<usize> = code.split('-').map(str::len).collect();
        assert_eq!(groups, [4, 4, 4], "{code}");
    }

    #[test]
    fn client_ids_are_forty_characters_and_differ() {
        assert_eq!(client_id().len(), 40);
        assert_ne!(client_id(), client_id());
    }

    #[test]
    fn secrets_have_256_bits() {
        assert_eq!(secret().len(), 64);
        assert_ne!(secret(), secret());
    }

    #[test]
    fn digest_keeps_pieces_apart() {
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
        assert!(same(&digest(&[b"ab"]), &digest(&[b"ab"])));
        assert!(!same(&digest(&[b"ab"]), &digest(&[b"ac"])));
    }
}
