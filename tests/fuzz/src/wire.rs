//! Messages between a host and a process that runs a pass.

use ropt_isolation::wire::{Kind, Reader, message};

const NUMBER: u64 = 0x0123_4567_89ab_cdef;
const MOST: u64 = 1 << 16;
const KINDS: [Kind; 8] =
    [Kind::Hello, Kind::Request, Kind::Ir, Kind::Said, Kind::Counted, Kind::Done, Kind::Overflow, Kind::OutOfMemory];

type Message = (Kind, Vec<u8>);

pub(crate) fn run(data: &[u8]) {
    // As it is: who does not know the number and the sums has to be lucky.
    let (found, ended) = read(data, data.len().max(1));
    for step in [1, 7] {
        assert_eq!((&found, ended), (&read(data, step).0, read(data, step).1), "however it arrives");
    }

    // As a recipe: messages, of which a byte is changed.
    let Some(([step, at_low, at_high, to], recipe)) = data.split_first_chunk() else { return };
    let sent = messages(recipe);
    let mut stream: Vec<u8> = sent.iter().flat_map(|(kind, payload)| message(NUMBER, *kind, payload)).collect();
    assert_eq!(read(&stream, usize::from(*step).max(1)), (sent.clone(), false), "what is sent arrives");
    let at = usize::from(u16::from_le_bytes([*at_low, *at_high]));
    let Some(byte) = stream.get_mut(at).filter(|byte| **byte != *to) else { return };
    *byte = *to;
    let (found, _) = read(&stream, usize::from(*step).max(1));
    assert!(found.len() < sent.len() && sent.starts_with(&found), "a changed message never passes");
}

/// The messages that bytes stand for: of each its kind, its length, its payload.
fn messages(mut recipe: &[u8]) -> Vec<Message> {
    let mut all = Vec::new();
    while let Some(([kind, length], rest)) = recipe.split_first_chunk() {
        let (payload, rest) = rest.split_at(usize::from(*length).min(rest.len()));
        all.push((KINDS[usize::from(*kind) % KINDS.len()], payload.to_vec()));
        recipe = rest;
    }
    all
}

/// What is in a stream that comes in pieces of that size, and whether it ends with something that is no message.
fn read(stream: &[u8], step: usize) -> (Vec<Message>, bool) {
    let (mut reader, mut found) = (Reader::default(), Vec::new());
    for piece in stream.chunks(step) {
        reader.push(piece);
        loop {
            match reader.next(NUMBER, MOST) {
                Ok(Some(message)) => found.push(message),
                Ok(None) => break,
                Err(_) => return (found, true),
            }
        }
    }
    (found, false)
}
