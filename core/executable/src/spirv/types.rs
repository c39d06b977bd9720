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

/// How deep types are looked into: those of push constants are flat, and a damaged module may name itself.
const DEPTH: u32 = 8;

#[derive(Debug, Clone)]
enum Type {
    Number { bits: u32 },
    Vector { of: u32, count: u32 },
    Array { length: u32 },
    Struct { members: Vec<u32> },
    Pointer { to: u32 },
}

/// The types read so far, by id.
#[derive(Debug, Default)]
pub(super) struct Types {
    types: BTreeMap<u32, Type>,
    constants: BTreeMap<u32, u32>,
    strides: BTreeMap<u32, u32>,
    offsets: BTreeMap<(u32, u32), u32>,
}

impl Types {
    /// Takes an instruction; those that are of no use here are passed over.
    pub(super) fn read(&mut self, code: u32, operands: &[u32]) {
        let (id, ty) = match (code, operands) {
            (op::INT, [id, bits, ..]) | (op::FLOAT, [id, bits, ..]) => (id, Type::Number { bits: *bits }),
            (op::VECTOR, [id, of, count]) => (id, Type::Vector { of: *of, count: *count }),
            (op::ARRAY, [id, _, length]) => (id, Type::Array { length: *length }),
            (op::STRUCT, [id, members @ ..]) => (id, Type::Struct { members: members.to_vec() }),
            (op::POINTER, [id, _, to]) => (id, Type::Pointer { to: *to }),
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
        self.types.insert(*id, ty);
    }

    /// Bytes of what a pointer type points to; none: the module does not tell.
    pub(super) fn pointee_bytes(&self, pointer: u32) -> Option<u32> {
        let Type::Pointer { to } = self.types.get(&pointer)? else { return None };
        self.bytes(*to, DEPTH)
    }

    fn bytes(&self, id: u32, depth: u32) -> Option<u32> {
        let depth = depth.checked_sub(1)?;
        match self.types.get(&id)? {
            Type::Number { bits } => Some(bits / 8),
            Type::Vector { of, count } => self.bytes(*of, depth)?.checked_mul(*count),
            Type::Array { length } => self.strides.get(&id)?.checked_mul(*self.constants.get(length)?),
            Type::Struct { members } => {
                let ends = (0..)
                    .zip(members)
                    .map(|(member, ty)| self.offsets.get(&(id, member))?.checked_add(self.bytes(*ty, depth)?));
                ends.collect::<Option<Vec<_>>>()?.into_iter().max()
            }
            Type::Pointer { .. } => None,
        }
    }
}
