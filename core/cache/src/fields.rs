//! Several byte strings in one content.

/// One content of several parts; [`unpack`] gives them back.
#[must_use]
pub fn pack(parts: &[&[u8]]) -> Vec<u8> {
    let mut all = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
    for part in parts {
        all.extend_from_slice(&(part.len() as u64).to_le_bytes());
        all.extend_from_slice(part);
    }
    all
}

/// The parts of a content; None when it was not made by [`pack`].
#[must_use]
pub fn unpack(mut content: &[u8]) -> Option<Vec<&[u8]>> {
    let mut parts = Vec::new();
    while !content.is_empty() {
        let (length, rest) = content.split_first_chunk()?;
        let (part, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        parts.push(part);
        content = rest;
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_come_back(parts: Vec<Vec<u8>>) {
            let slices: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
            let packed = pack(&slices);
            prop_assert_eq!(unpack(&packed), Some(slices));
        }

        #[test]
        fn anything_may_be_asked(content: Vec<u8>) {
            let _ = unpack(&content);
        }
    }

    #[test]
    fn a_part_beyond_the_end_is_none() {
        assert_eq!(unpack(&[9, 0, 0, 0, 0, 0, 0, 0, 1]), None);
        assert_eq!(unpack(&[1, 0]), None);
    }
}
