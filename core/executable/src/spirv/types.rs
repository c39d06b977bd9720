//! The sizes of a module's types, as far as blocks of push constants need them.

use std::collections::BTreeMap;

/// Numbers of instructions and decorations, from the specification's tables.
mod op {
    pub(super) const INT: u32 = 21;
    pub(super) const FLOAT: u32 = 22;
    pub(super) const VECTOR: u32 = 23;
    pub(super) const ARRAY: u32 = 28;
    pub(super) const STRUCT: u32 = 30;
    pub(super) const POINTER: u32 = 32;
    pub(super) const CONSTANT: u32 = 43;
    pub(super) const DECORATE: u32 = 71;
    pub(super) const MEMBER_DECORATE: u32 = 72;
    pub(super) const ARRAY_STRIDE: u32 = 6;
    pub(super) const OFFSET: u32 = 35;
}

/// The types read so far, by id. A type stands behind those that it is made of and behind its decorations, so that its size
/// is known when it is read; where a damaged module has another order, it is not.
#[derive(Debug, Default)]
pub(super) struct Types {
    /// Bytes of a value; none when the module does not tell.
    bytes: BTreeMap<u32, Option<u32>>,
    pointees: BTreeMap<u32, u32>,
    constants: BTreeMap<u32, u32>,
    strides: BTreeMap<u32, u32>,
    offsets: BTreeMap<(u32, u32), u32>,
}

impl Types {
    /// Takes an instruction; those that are of no use here are passed over.
    pub(super) fn read(&mut self, code: u32, operands: &[u32]) {
        let (id, bytes) = match (code, operands) {
            (op::INT, [id, bits, ..]) | (op::FLOAT, [id, bits, ..]) => (id, Some(bits / 8)),
            (op::VECTOR, [id, of, count]) => (id, self.of(*of).and_then(|bytes| bytes.checked_mul(*count))),
            (op::ARRAY, [id, _, length]) => (id, self.array(*id, *length)),
            (op::STRUCT, [id, members @ ..]) => (id, self.structure(*id, members)),
            (op::POINTER, [id, _, to]) => {
                self.pointees.insert(*id, *to);
                return;
            }
            (op::CONSTANT, [_, id, value]) => {
                self.constants.insert(*id, *value);
                return;
            }
            (op::DECORATE, [id, op::ARRAY_STRIDE, stride]) => {
                self.strides.insert(*id, *stride);
                return;
            }
            (op::MEMBER_DECORATE, [id, member, op::OFFSET, offset]) => {
                self.offsets.insert((*id, *member), *offset);
                return;
            }
            _ => return,
        };
        self.bytes.insert(*id, bytes);
    }

    /// Bytes of what a pointer type points to; none: the module does not tell.
    pub(super) fn pointee_bytes(&self, pointer: u32) -> Option<u32> {
        self.of(*self.pointees.get(&pointer)?)
    }

    fn of(&self, id: u32) -> Option<u32> {
        self.bytes.get(&id).copied().flatten()
    }

    fn array(&self, id: u32, length: u32) -> Option<u32> {
        self.strides.get(&id)?.checked_mul(*self.constants.get(&length)?)
    }

    fn structure(&self, id: u32, members: &[u32]) -> Option<u32> {
        let ends = (0..).zip(members).map(|(member, ty)| self.offsets.get(&(id, member))?.checked_add(self.of(*ty)?));
        ends.collect::<Option<Vec<_>>>()?.into_iter().max()
    }
}
