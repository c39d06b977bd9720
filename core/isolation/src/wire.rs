//! Messages between the host and a process that runs a pass: a header, then bytes. A plugin shares the process and may
//! write into the connection, so that each header carries a number that it does not know and a sum over the bytes.

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// To a worker: what holds for all its passes.
    Hello = 1,
    /// To a worker: a pass to run; an [`Kind::Ir`] follows.
    Request = 2,
    /// Bytecode.
    Ir = 3,
    /// A diagnostic.
    Said = 4,
    /// Counters.
    Counted = 5,
    /// The pass is done or failed; an [`Kind::Ir`] came before it when it is done.
    Done = 6,
    /// From a crash handler: the stack was full.
    Overflow = 7,
    /// From a crash handler: memory was full.
    OutOfMemory = 8,
}

const KINDS: [Kind; 8] =
    [Kind::Hello, Kind::Request, Kind::Ir, Kind::Said, Kind::Counted, Kind::Done, Kind::Overflow, Kind::OutOfMemory];

const MAGIC: [u8; 4] = *b"ropt";
/// Magic, kind, number, length, sum.
pub const HEADER: usize = SUMMED + 16;
/// What of it the sum is over, besides the payload.
const SUMMED: usize = 4 + 1 + 8 + 8;

/// Bytes that are no message.
#[derive(Debug, PartialEq, Eq)]
pub struct Garbage;

/// The header of a message.
#[must_use]
pub fn header(number: u64, kind: Kind, payload: &[u8]) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..4].copy_from_slice(&MAGIC);
    header[4] = kind as u8;
    header[5..13].copy_from_slice(&number.to_le_bytes());
    header[13..SUMMED].copy_from_slice(&(payload.len() as u64).to_le_bytes());
    let sum = sum(&header[..SUMMED], payload);
    header[SUMMED..].copy_from_slice(&sum);
    header
}

fn sum(head: &[u8], payload: &[u8]) -> [u8; 16] {
    let mut sum = [0; 16];
    sum.copy_from_slice(&blake3::Hasher::new().update(head).update(payload).finalize().as_bytes()[..16]);
    sum
}

/// A message as bytes.
#[must_use]
pub fn message(number: u64, kind: Kind, payload: &[u8]) -> Vec<u8> {
    [header(number, kind, payload).as_slice(), payload].concat()
}

/// Takes messages out of a stream.
#[derive(Debug, Default)]
pub struct Reader {
    bytes: Vec<u8>,
}

impl Reader {
    /// Adds what arrived.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next message, if all of it is there; one of more than `most` bytes is garbage.
    ///
    /// # Errors
    /// What is there is no message of that number.
    pub fn next(&mut self, number: u64, most: u64) -> Result<Option<(Kind, Vec<u8>)>, Garbage> {
        let start = self.bytes.len().min(MAGIC.len());
        if self.bytes[..start] != MAGIC[..start] {
            return Err(Garbage);
        }
        let Some(head) = self.bytes.first_chunk::<HEADER>() else { return Ok(None) };
        let word = |at: usize| u64::from_le_bytes(std::array::from_fn(|i| head[at + i]));
        let kind = KINDS.into_iter().find(|kind| *kind as u8 == head[4]).ok_or(Garbage)?;
        let length = word(13);
        if word(5) != number || length > most {
            return Err(Garbage);
        }
        let head = *head;
        let end = usize::try_from(length).ok().and_then(|length| length.checked_add(HEADER)).ok_or(Garbage)?;
        // Nothing is set aside for what has only been announced.
        if self.bytes.len() < end {
            return Ok(None);
        }
        let rest = self.bytes.split_off(end);
        let mut payload = std::mem::replace(&mut self.bytes, rest);
        payload.drain(..HEADER);
        if sum(&head[..SUMMED], &payload) != head[SUMMED..] {
            return Err(Garbage);
        }
        Ok(Some((kind, payload)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn messages_come_whole_however_they_arrive() {
        let mut bytes = message(7, Kind::Said, b"a");
        bytes.extend(message(7, Kind::Ir, &[1; 1000]));
        let mut reader = Reader::default();
        let mut found = Vec::new();
        for byte in bytes {
            reader.push(&[byte]);
            found.extend(reader.next(7, 1 << 20).expect("well-formed"));
        }
        assert_eq!(found, [(Kind::Said, b"a".to_vec()), (Kind::Ir, vec![1; 1000])]);
    }

    #[test]
    fn another_number_and_too_much_are_garbage() {
        for (number, most) in [(8, 100), (7, 2)] {
            let mut reader = Reader::default();
            reader.push(&message(7, Kind::Ir, b"abc"));
            assert_eq!(reader.next(number, most), Err(Garbage));
        }
    }

    proptest! {
        #[test]
        fn a_changed_byte_never_passes(at in 0usize..HEADER + 20, to: u8) {
            let mut bytes = message(7, Kind::Ir, &[3; 20]);
            prop_assume!(bytes[at] != to);
            bytes[at] = to;
            let mut reader = Reader::default();
            reader.push(&bytes);
            // A longer length waits for more.
            prop_assert!(!matches!(reader.next(7, 1 << 20), Ok(Some(_))));
        }
    }
}
