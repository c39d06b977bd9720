//! Where a kernel's results go.

use ropt_mlir::{
    ir::edit::{Builder, Op, Val, defining_op, erase, op_name, operands, results, type_text, users},
    kernel::{SUBSPAN, all_named, body},
    melior::ir::ValueLike,
};

use super::{Refusal, elements::side_by_side, lane, packed, spread};
use crate::body::{Body, bytes, element, in_order};

/// The results that are stored and the bindings that they are stored to.
#[derive(Debug)]
pub(crate) struct Outputs<'c> {
    /// The stored value and its memref.
    pub(crate) stores: Vec<(Val<'c>, Val<'c>)>,
}

const STORE: &str = "bufferization.materialize_in_destination";

impl<'c> Outputs<'c> {
    /// The kernel's stores; a refusal when one is not of a whole binding, or when a binding that is written is read at
    /// other places than where it is written.
    pub(crate) fn of(kernel: Op<'c>, known: &Body<'c>) -> Result<Self, Refusal> {
        let mut stores = Vec::new();
        for store in all_named(kernel, STORE) {
            let [value, target] = operands(store)[..] else { continue };
            if !type_text(target.r#type()).starts_with("memref<") {
                continue;
            }
            let mut source = value;
            while let Some(inner) =
                defining_op(source).filter(|op| op_name(*op) == STORE || op_name(*op) == "tensor.cast")
            {
                source = operands(inner)[0];
            }
            let whole = defining_op(source) == Some(known.sink.op);
            if !whole || defining_op(target).is_none_or(|op| op_name(op) != SUBSPAN) {
                return Err("it stores a part of a binding".to_owned());
            }
            stores.push((source, target));
        }
        if stores.is_empty() {
            return Err("it stores nothing".to_owned());
        }
        let outputs = Self { stores };
        outputs.alone(kernel, known)?;
        Ok(outputs)
    }

    /// Whether what is written is read only where the same thread writes.
    fn alone(&self, kernel: Op<'c>, known: &Body<'c>) -> Result<(), Refusal> {
        for read in all_named(kernel, "bufferization.to_tensor") {
            let tensor = results(read)[0];
            if !self.stores.iter().any(|(_, target)| *target == operands(read)[0]) {
                continue;
            }
            for user in users(tensor).into_iter().filter(|user| op_name(*user) != STORE) {
                let compute = known.ops.iter().find(|compute| compute.op == user);
                let own = compute.is_some_and(|compute| {
                    let uses = operands(user).into_iter().enumerate().filter(|(_, value)| *value == tensor);
                    uses.into_iter().all(|(number, _)| {
                        let access: Vec<usize> = compute.accesses[number].iter().copied().flatten().collect();
                        let everywhere = in_order(&access) && access.len() == compute.trips.len();
                        everywhere || (number >= compute.inputs() && compute.output(0).as_deref() == Some(&access))
                    })
                });
                if !own {
                    return Err("it reads a binding that it writes, at other places".to_owned());
                }
            }
        }
        Ok(())
    }

    /// The most elements along the last dimension that every store can write at once, of `most`; `last` is its length.
    pub(crate) fn width(&self, last: Option<i64>, most: i64) -> i64 {
        let mut width = most;
        while width > 1 {
            let fits = |(_, target): &(Val<'c>, Val<'c>)| {
                let rank = super::outputs::rank(*target);
                rank > 0 && side_by_side(*target, rank - 1, width)
            };
            if last.is_some_and(|last| last % width == 0) && self.stores.iter().all(fits) {
                break;
            }
            width /= 2;
        }
        width
    }

    /// Writes a scalar or vector.
    pub(crate) fn store(at: Builder<'c>, value: Val<'c>, target: Val<'c>, place: &[Val<'c>], width: i64) {
        let element = element(&type_text(target.r#type()));
        let value = if width == 1 { lane(at, value, 0) } else { spread(at, value, width) };
        debug_assert_eq!(type_text(value.r#type()), packed(&element, width));
        let operands: Vec<Val<'c>> = [value, target].into_iter().chain(place.iter().copied()).collect();
        if width == 1 {
            at.op("memref.store", &operands, &[], &[]);
        } else {
            let alignment = format!("{} : i64", bytes(&element).unwrap_or(1) * width);
            at.op("vector.store", &operands, &[], &[("alignment", &alignment)]);
        }
    }

    /// Erases the tensors' ops, whose work the emitted code does.
    pub(crate) fn finish(kernel: Op<'c>) {
        let tensors = |op: &Op<'c>| {
            op_name(*op) == STORE || results(*op).iter().any(|value| type_text(value.r#type()).starts_with("tensor<"))
        };
        body(kernel).into_iter().filter(tensors).collect::<Vec<_>>().into_iter().rev().for_each(erase);
    }
}

/// The number of a memref's dimensions.
fn rank(memory: Val<'_>) -> usize {
    use ropt_mlir::melior::ir::{ShapedTypeLike, r#type::MemRefType};
    MemRefType::try_from(memory.r#type()).map_or(0, |ty| ty.rank())
}
