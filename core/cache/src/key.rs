//! Keys: digests of everything that a result depends on.

use blake3::Hasher;
use std::fmt;

/// Raised when entries mean something else than before: old ones are then never found.
const VERSION: u32 = 1;

/// The name of an entry: a BLAKE3 digest, 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub(crate) [u8; 32]);

impl fmt::Display for Key {
    /// 64 hex digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Makes a key of named fields. Names and lengths are part of it, so no two lists of fields run together.
#[derive(Clone, Debug)]
pub struct KeyMaker(Hasher);

impl KeyMaker {
    /// Starts a key for results of one kind.
    #[must_use]
    pub fn new(kind: &str) -> Self {
        let mut maker = Self(Hasher::new());
        maker.add("version", &VERSION.to_le_bytes());
        maker.add("kind", kind.as_bytes());
        maker
    }

    /// Adds a field.
    #[must_use]
    pub fn field(mut self, name: &str, value: &[u8]) -> Self {
        self.add(name, value);
        self
    }

    /// Adds a field in place.
    pub fn add(&mut self, name: &str, value: &[u8]) {
        for part in [name.as_bytes(), value] {
            self.0.update(&(part.len() as u64).to_le_bytes());
            self.0.update(part);
        }
    }

    /// The key of the fields so far.
    #[must_use]
    pub fn finish(&self) -> Key {
        Key(*self.0.finalize().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_do_not_run_together() {
        let key = |fields: &[(&str, &str)]| {
            let mut maker = KeyMaker::new("test");
            fields.iter().for_each(|(name, value)| maker.add(name, value.as_bytes()));
            maker.finish()
        };
        let keys = [
            key(&[]),
            key(&[("a", "")]),
            key(&[("a", "bc")]),
            key(&[("ab", "c")]),
            key(&[("a", "b"), ("", "c")]),
            key(&[("a", "b"), ("c", "")]),
            KeyMaker::new("other").field("a", b"bc").finish(),
        ];
        for (at, one) in keys.iter().enumerate() {
            assert!(!keys[..at].contains(one), "field lists {at} and another one have the same key");
        }
        assert_eq!(key(&[("a", "bc")]), KeyMaker::new("test").field("a", b"bc").finish());
        assert_eq!(keys[0].to_string().len(), 64);
    }
}
