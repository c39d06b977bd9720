//! What a SPIR-V module holds: entry points with their workgroup size, bindings, push constants.

mod types;

use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;
use types::Types;

/// A readable module.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Module {
    /// Version of SPIR-V: major and minor.
    pub version: (u8, u8),
    /// Entry points for compute, in order.
    pub entry_points: Vec<EntryPoint>,
    /// Set and number of every variable that is a descriptor, sorted.
    pub bindings: Vec<(u32, u32)>,
    /// Bytes up to the end of the block of push constants; none when there is no such block, or its types do not tell.
    pub push_constant_bytes: Option<u32>,
    /// Whether there is a block of push constants.
    pub push_constants: bool,
}

/// An entry point for compute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPoint {
    /// Its name.
    pub name: String,
    /// Extents of a workgroup; none when they are specialisation constants.
    pub workgroup_size: Option<[u32; 3]>,
}

/// Why bytes are no such module.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SpirvError {
    /// Not a whole number of words.
    #[error("its {0} bytes are no whole number of 4-byte words")]
    Length(usize),
    /// Another kind of file.
    #[error("it does not start with SPIR-V's magic number")]
    Magic,
    /// Cut off.
    #[error("the instruction at word {0} reaches behind its end")]
    Cut(usize),
    /// Cut off between two instructions.
    #[error("it ends before its functions do")]
    Open,
}

const MAGIC: u32 = 0x0723_0203;
/// Words in front of the first instruction.
const HEADER: usize = 5;

/// Numbers of instructions and decorations, from the specification's tables.
mod op {
    pub(super) const ENTRY_POINT: u32 = 15;
    pub(super) const EXECUTION_MODE: u32 = 16;
    pub(super) const FUNCTION: u32 = 54;
    pub(super) const FUNCTION_END: u32 = 56;
    pub(super) const VARIABLE: u32 = 59;
    pub(super) const DECORATE: u32 = 71;
    pub(super) const GL_COMPUTE: u32 = 5;
    pub(super) const LOCAL_SIZE: u32 = 17;
    pub(super) const BINDING: u32 = 33;
    pub(super) const DESCRIPTOR_SET: u32 = 34;
    pub(super) const PUSH_CONSTANT: u32 = 9;
}

impl Module {
    /// Reads a module of either byte order.
    ///
    /// # Errors
    /// When it is none, or damaged.
    pub fn read(data: &[u8]) -> Result<Self, SpirvError> {
        let words = words(data)?;
        let version = words.get(1).copied().unwrap_or_default();
        let mut module = Self { version: ((version >> 16) as u8, (version >> 8) as u8), ..Self::default() };
        let mut functions: BTreeSet<u32> = BTreeSet::new();
        let mut entries: Vec<u32> = Vec::new();
        let mut sizes: BTreeMap<u32, [u32; 3]> = BTreeMap::new();
        let (mut sets, mut numbers) = (BTreeMap::new(), BTreeMap::new());
        let (mut types, mut pushed) = (Types::default(), None);
        let (mut at, mut inside) = (HEADER, false);
        while at < words.len() {
            let (length, code) = ((words[at] >> 16) as usize, words[at] & 0xffff);
            let operands = words.get(at + 1..at + length).filter(|_| length > 0).ok_or(SpirvError::Cut(at))?;
            match (code, operands) {
                (op::ENTRY_POINT, [op::GL_COMPUTE, function, name @ ..]) => {
                    entries.push(*function);
                    module.entry_points.push(EntryPoint { name: text(name), workgroup_size: None });
                }
                (op::EXECUTION_MODE, [function, op::LOCAL_SIZE, x, y, z]) => {
                    sizes.insert(*function, [*x, *y, *z]);
                }
                (op::DECORATE, [id, op::BINDING, number]) => {
                    numbers.insert(*id, *number);
                }
                (op::DECORATE, [id, op::DESCRIPTOR_SET, set]) => {
                    sets.insert(*id, *set);
                }
                (op::VARIABLE, [pointer, _, op::PUSH_CONSTANT, ..]) => {
                    module.push_constants = true;
                    pushed = Some(*pointer);
                }
                (op::FUNCTION, [_, function, ..]) => {
                    functions.insert(*function);
                    inside = true;
                }
                (op::FUNCTION_END, _) => inside = false,
                _ => types.read(code, operands),
            }
            at += length;
        }
        if inside || entries.iter().any(|entry| !functions.contains(entry)) {
            return Err(SpirvError::Open);
        }
        for (function, point) in entries.iter().zip(&mut module.entry_points) {
            point.workgroup_size = sizes.get(function).copied();
        }
        module.push_constant_bytes = pushed.and_then(|pointer| types.pointee_bytes(pointer));
        module.bindings = numbers.iter().map(|(id, number)| (sets.get(id).copied().unwrap_or(0), *number)).collect();
        module.bindings.sort_unstable();
        module.bindings.dedup();
        Ok(module)
    }
}

fn words(data: &[u8]) -> Result<Vec<u32>, SpirvError> {
    let (chunks, rest) = data.as_chunks::<4>();
    let word: fn([u8; 4]) -> u32 = match chunks.first() {
        Some(first) if u32::from_le_bytes(*first) == MAGIC => u32::from_le_bytes,
        Some(first) if u32::from_be_bytes(*first) == MAGIC => u32::from_be_bytes,
        _ => return Err(SpirvError::Magic),
    };
    if !rest.is_empty() {
        return Err(SpirvError::Length(data.len()));
    }
    if chunks.len() < HEADER {
        return Err(SpirvError::Cut(0));
    }
    Ok(chunks.iter().map(|chunk| word(*chunk)).collect())
}

/// A literal string: bytes up to a zero, four to a word, the low one first.
fn text(words: &[u32]) -> String {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).take_while(|byte| *byte != 0).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn module() -> Vec<u32> {
        let main = u32::from_le_bytes(*b"main");
        let mut words = vec![MAGIC, 0x1_0300, 0, 9, 0];
        words.extend([5 << 16 | op::ENTRY_POINT, op::GL_COMPUTE, 3, main, 0]);
        words.extend([6 << 16 | op::EXECUTION_MODE, 3, op::LOCAL_SIZE, 64, 2, 1]);
        words.extend([4 << 16 | op::DECORATE, 7, op::DESCRIPTOR_SET, 0]);
        words.extend([4 << 16 | op::DECORATE, 7, op::BINDING, 2]);
        // A struct of a u32 at 0 and a vec2 at 8, with its decorations before the types, as SPIR-V has it.
        words.extend([5 << 16 | 72, 23, 0, 35, 0, 5 << 16 | 72, 23, 1, 35, 8]);
        words.extend([
            4 << 16 | 21,
            20,
            32,
            0,
            3 << 16 | 22,
            21,
            32,
            4 << 16 | 23,
            22,
            21,
            2,
            4 << 16 | 30,
            23,
            20,
            22,
        ]);
        words.extend([4 << 16 | 32, 5, op::PUSH_CONSTANT, 23]);
        words.extend([4 << 16 | op::VARIABLE, 5, 8, op::PUSH_CONSTANT]);
        words.extend([5 << 16 | op::FUNCTION, 1, 3, 0, 2, 1 << 16 | op::FUNCTION_END]);
        words
    }

    fn bytes(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    #[test]
    fn a_module_says_what_it_holds() {
        let read = Module::read(&bytes(&module())).expect("a module");
        assert_eq!(read.version, (1, 3));
        assert_eq!(read.entry_points, [EntryPoint { name: "main".into(), workgroup_size: Some([64, 2, 1]) }]);
        assert_eq!((read.bindings, read.push_constants), (vec![(0, 2)], true));
        assert_eq!(read.push_constant_bytes, Some(16));
        let swapped: Vec<u8> = module().iter().flat_map(|word| word.to_be_bytes()).collect();
        assert_eq!(Module::read(&swapped), Module::read(&bytes(&module())));
    }

    #[test]
    fn damage_is_seen() {
        let whole = module();
        assert_eq!(Module::read(b"\x7fELF"), Err(SpirvError::Magic));
        assert_eq!(Module::read(&bytes(&whole[..3])), Err(SpirvError::Cut(0)));
        assert_eq!(Module::read(&bytes(&whole[..whole.len() - 1])), Err(SpirvError::Open));
        assert!(matches!(Module::read(&bytes(&whole[..8])), Err(SpirvError::Cut(5))));
        assert!(matches!(Module::read(&[bytes(&whole), vec![1]].concat()), Err(SpirvError::Length(_))));
    }

    proptest! {
        #[test]
        fn any_words_are_a_module_or_an_error(tail in proptest::collection::vec(any::<u32>(), 0..60)) {
            let _ = Module::read(&bytes(&[&module()[..HEADER], &tail].concat()));
        }
    }
}
