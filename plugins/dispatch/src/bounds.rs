//! Positions that are known only at run time: the host checks them, because the kernel would read or write what lies
//! behind the tensor.

use ropt_mlir::{
    ir::{
        attributes::{constant_integer, i64_array, operand_segments},
        edit::{Builder, Op, Val, op_name, operands},
    },
    melior::ir::ValueLike,
};

use crate::{dims::size, groups::Group, program::constant, values::Tensor};

/// Checks, before the sink, slices, insertions and paddings of the group's members and of the ops copied into its kernel.
pub(crate) fn check<'c>(group: &Group<'c>, copies: &[Op<'c>]) {
    let guard = Guard { sink: group.sink() };
    for op in copies.iter().chain(&group.members) {
        match op_name(*op).as_str() {
            "tensor.extract_slice" => guard.slice(*op),
            "tensor.insert" => guard.insertion(*op),
            "tensor.pad" => guard.padding(*op),
            _ => {}
        }
    }
}

struct Guard<'c> {
    sink: Op<'c>,
}

impl<'c> Guard<'c> {
    fn slice(&self, slice: Op<'c>) {
        let source = operands(slice)[0];
        let known = ["static_offsets", "static_sizes", "static_strides"].map(|name| i64_array(slice, name));
        let mut parts = operand_segments(slice).into_iter().skip(1).map(Vec::into_iter);
        let [Some(mut offsets), Some(mut sizes), Some(mut strides)] = [parts.next(), parts.next(), parts.next()] else {
            return;
        };
        let whole = Tensor::of(source.r#type()).map(|tensor| tensor.sizes).unwrap_or_default();
        for dimension in 0..known[0].len() {
            let pick = |list: usize, values: &mut std::vec::IntoIter<Val<'c>>| match known[list][dimension] {
                number if number >= 0 => Some(constant(self.sink, number)),
                _ => values.next(),
            };
            let parts = (pick(0, &mut offsets), pick(1, &mut sizes), pick(2, &mut strides));
            let (Some(offset), Some(count), Some(stride)) = parts else { return };
            let fixed = whole[dimension].is_some()
                && [offset, count, stride].into_iter().all(|v| constant_integer(v).is_some());
            if !fixed {
                self.within(offset, count, stride, size(source, dimension));
            }
        }
    }

    /// `0 <= offset`, `0 <= count`, and the last element is inside when there is one.
    fn within(&self, offset: Val<'c>, count: Val<'c>, stride: Val<'c>, whole: Val<'c>) {
        let at = Builder::before(self.sink);
        let (zero, one) = (constant(self.sink, 0), constant(self.sink, 1));
        let binary = |name: &str, a, b| at.value(name, &[a, b], "index", &[]);
        let steps = binary("arith.muli", binary("arith.subi", count, one), stride);
        let end = binary("arith.addi", binary("arith.addi", offset, steps), one);
        let inside = self.compare("5 : i64", whole, end);
        let empty = self.compare("0 : i64", count, zero);
        let fits = at.value("arith.ori", &[inside, empty], "i1", &[]);
        let positive = at.value(
            "arith.andi",
            &[self.compare("5 : i64", offset, zero), self.compare("5 : i64", count, zero)],
            "i1",
            &[],
        );
        let ok = at.value("arith.andi", &[fits, positive], "i1", &[]);
        self.assert(ok, "a slice reaches out of its tensor");
    }

    fn insertion(&self, insert: Op<'c>) {
        let into = operands(insert)[1];
        for (dimension, index) in operands(insert).into_iter().skip(2).enumerate() {
            let whole = size(into, dimension);
            let known = (constant_integer(index), constant_integer(whole));
            if matches!(known, (Some(index), Some(whole)) if (0..whole).contains(&index)) {
                continue;
            }
            // As unsigned numbers, negative ones are too large.
            let ok = self.compare("6 : i64", index, whole);
            self.assert(ok, "an element is inserted outside of its tensor");
        }
    }

    fn padding(&self, pad: Op<'c>) {
        let zero = constant(self.sink, 0);
        for amount in operand_segments(pad).into_iter().skip(1).flatten() {
            if constant_integer(amount).is_none_or(|known| known < 0) {
                self.assert(
                    self.compare("5 : i64", amount, zero),
                    "a tensor is padded by a negative number of elements",
                );
            }
        }
    }

    fn compare(&self, predicate: &str, one: Val<'c>, other: Val<'c>) -> Val<'c> {
        Builder::before(self.sink).value("arith.cmpi", &[one, other], "i1", &[("predicate", predicate)])
    }

    fn assert(&self, ok: Val<'c>, message: &str) {
        Builder::before(self.sink).op("cf.assert", &[ok], &[], &[("msg", &format!("\"{message}\""))]);
    }
}
