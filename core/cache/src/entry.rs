//! The bytes of an entry's file: a header that tells whether the rest is what was written, and the content.
//!
//! ```text
//! 0  "ROPTCACH"   8  bytes of content, u64 little-endian   16  BLAKE3 of key and content, 32 bytes   48  content
//! ```

use crate::Key;
use thiserror::Error;

const MAGIC: &[u8; 8] = b"ROPTCACH";
/// Bytes of the header.
pub(crate) const HEADER: usize = 48;

/// What is wrong with an entry's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Damage {
    /// Shorter than a header, or with another one.
    #[error("it does not start as an entry does")]
    Header,
    /// Cut off, or with something behind the end.
    #[error("it holds {found} bytes where {said} were written")]
    Length {
        /// What the header says.
        said: u64,
        /// What is there.
        found: u64,
    },
    /// The content is not what was written for this key.
    #[error("its checksum does not hold")]
    Checksum,
}

/// The file for a content.
#[must_use]
pub fn encode(key: &Key, content: &[u8]) -> Vec<u8> {
    let mut file = Vec::with_capacity(HEADER + content.len());
    file.extend_from_slice(MAGIC);
    file.extend_from_slice(&(content.len() as u64).to_le_bytes());
    file.extend_from_slice(&checksum(key, content));
    file.extend_from_slice(content);
    file
}

/// The content of a file.
///
/// # Errors
/// When it is not what [`encode`] made for this key.
pub fn decode(key: &Key, mut file: Vec<u8>) -> Result<Vec<u8>, Damage> {
    let Some((header, content)) = file.split_at_checked(HEADER) else { return Err(Damage::Header) };
    let said = header.strip_prefix(MAGIC).and_then(|rest| rest.first_chunk().copied());
    let said = u64::from_le_bytes(said.ok_or(Damage::Header)?);
    if said != content.len() as u64 {
        return Err(Damage::Length { said, found: content.len() as u64 });
    }
    if checksum(key, content) != header[16..] {
        return Err(Damage::Checksum);
    }
    file.drain(..HEADER);
    Ok(file)
}

/// The key belongs to it, so that a file under another name is no entry.
fn checksum(key: &Key, content: &[u8]) -> [u8; 32] {
    *blake3::Hasher::new().update(&key.0).update(content).finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyMaker;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_written_comes_back(content: Vec<u8>, name: String) {
            let key = KeyMaker::new("test").field("name", name.as_bytes()).finish();
            prop_assert_eq!(decode(&key, encode(&key, &content)), Ok(content));
        }

        #[test]
        fn no_changed_bit_passes(content: Vec<u8>, at: prop::sample::Index, bit in 0..8_u32) {
            let key = KeyMaker::new("test").finish();
            let mut file = encode(&key, &content);
            let at = at.index(file.len());
            file[at] ^= 1 << bit;
            prop_assert!(decode(&key, file).is_err());
        }

        #[test]
        fn no_other_length_passes(content: Vec<u8>, length in 0..200_usize) {
            let key = KeyMaker::new("test").finish();
            let mut file = encode(&key, &content);
            prop_assume!(file.len() != length);
            file.resize(length, 0);
            prop_assert!(decode(&key, file).is_err());
        }
    }

    #[test]
    fn an_entry_under_another_name_is_none() {
        let (one, other) = (KeyMaker::new("one").finish(), KeyMaker::new("other").finish());
        assert_eq!(decode(&other, encode(&one, b"content")), Err(Damage::Checksum));
    }
}
