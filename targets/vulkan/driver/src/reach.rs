//! How much of a binding a kernel can reach.
//!
//! SPIR-V takes an index of 32 bits with its sign, so a kernel reaches 2^31 elements of an array. Bytes are such elements,
//! and devices bind up to 2^32 - 1 of them.

use std::collections::HashMap;

/// Elements that an index finds.
const ELEMENTS: u64 = 1 << 31;

/// Bytes of each binding of set 0, by number, that the module's kernels reach; what is not there has no such bound.
///
/// A binding that is read as several types reaches as far as the narrowest. The words are those of a module whose
/// instructions are whole.
pub(crate) fn reach(words: &[u32]) -> HashMap<u32, u64> {
    const DECORATE: u32 = 71;
    const TYPE_RUNTIME_ARRAY: u32 = 29;
    const TYPE_STRUCT: u32 = 30;
    const TYPE_POINTER: u32 = 32;
    const VARIABLE: u32 = 59;
    const ARRAY_STRIDE: u32 = 6;
    const BINDING: u32 = 33;
    let (mut strides, mut bindings, mut arrays) = (HashMap::new(), HashMap::new(), Vec::new());
    let (mut members, mut pointees, mut found) = (HashMap::new(), HashMap::new(), HashMap::new());
    let mut at = 5;
    while let Some(operands) = words.get(at).and_then(|first| words.get(at + 1..at + (first >> 16) as usize)) {
        match (words[at] & 0xffff, operands) {
            (DECORATE, [array, ARRAY_STRIDE, stride]) => drop(strides.insert(*array, u64::from(*stride))),
            (DECORATE, [variable, BINDING, number]) => drop(bindings.insert(*variable, *number)),
            (TYPE_RUNTIME_ARRAY, [array, _]) => arrays.push(*array),
            (TYPE_STRUCT, [whole, .., last]) => drop(members.insert(*whole, *last)),
            (TYPE_POINTER, [pointer, _, pointee]) => drop(pointees.insert(*pointer, *pointee)),
            (VARIABLE, [pointer, variable, ..]) => {
                let array = pointees.get(pointer).and_then(|whole| members.get(whole)).filter(|ty| arrays.contains(ty));
                if let (Some(number), Some(stride)) = (bindings.get(variable), array.and_then(|ty| strides.get(ty))) {
                    let bytes = stride.saturating_mul(ELEMENTS);
                    found.entry(*number).and_modify(|least: &mut u64| *least = bytes.min(*least)).or_insert(bytes);
                }
            }
            _ => {}
        }
        at += operands.len() + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_reached_less_far_than_words() {
        let op = |code: u32, operands: &[u32]| [&[(operands.len() as u32 + 1) << 16 | code], operands].concat();
        let binding = |variable: u32, number: u32| op(71, &[variable, 33, number]);
        let array =
            |array: u32| [op(29, &[array, 1]), op(30, &[array + 1, array]), op(32, &[array + 2, 12, array + 1])];
        let module = [
            vec![0x0723_0203, 0x1_0300, 0, 99, 0],
            op(71, &[10, 6, 1]),
            op(71, &[20, 6, 4]),
            [binding(40, 0), binding(41, 1), binding(42, 1), binding(43, 2)].concat(),
            array(10).concat(),
            array(20).concat(),
            // A constant's block holds no array.
            [op(30, &[30, 1]), op(32, &[31, 2, 30])].concat(),
            [op(59, &[12, 40, 12]), op(59, &[22, 41, 12]), op(59, &[12, 42, 12]), op(59, &[31, 43, 2])].concat(),
        ]
        .concat();
        let found = reach(&module);
        assert_eq!(found.get(&0), Some(&(1 << 31)));
        assert_eq!(found.get(&1), Some(&(1 << 31)), "the narrower of two views");
        assert_eq!(found.get(&2), None);
        let words = module.iter().map(|word| if *word == 12 { 22 } else { *word }).collect::<Vec<_>>();
        assert_eq!(reach(&words).get(&0), Some(&(1 << 33)), "elements of four bytes");
    }
}
