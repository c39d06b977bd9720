//! Addresses and sizes of buffers, as `index` values.

use ropt_mlir::{
    ir::{
        MemRef,
        edit::{Builder, Val, results},
    },
    melior::ir::{Location, ValueLike},
};
use ropt_plugin::prelude::*;

/// The type of a buffer, with elements of whole bytes.
pub(crate) fn buffer<'c>(value: Val<'c>, location: Location<'c>) -> PassResult<(MemRef<'c>, i64)> {
    let ty = value.r#type();
    let Some(memref) = MemRef::of(ty) else {
        return Err(PassError::new(format!("expected a buffer with a known rank, found {ty}")).at(location));
    };
    let Some(bytes) = memref.element_bytes() else {
        return Err(PassError::new(format!("elements of type {} have no whole number of bytes", memref.element))
            .at(location)
            .help("host code holds i1, i8, i16, i32, i64, index, f16, bf16, f32 and f64"));
    };
    Ok((memref, bytes))
}

/// The sizes of a buffer, one value for each dimension.
pub(crate) fn sizes<'c>(at: &Builder<'c>, value: Val<'c>, memref: &MemRef<'c>) -> Vec<Val<'c>> {
    let size = |(axis, size): (usize, &Option<i64>)| match size {
        Some(size) => at.index(*size),
        None => at.value("memref.dim", &[value, at.index(axis as i64)], "index", &[]),
    };
    memref.shape.iter().enumerate().map(size).collect()
}

/// Where a buffer lies: its address, and the strides of its dimensions in elements.
pub(crate) struct Place<'c> {
    pub(crate) address: Val<'c>,
    pub(crate) strides: Vec<Val<'c>>,
}

/// Address and strides of a buffer.
pub(crate) fn place<'c>(at: &Builder<'c>, value: Val<'c>, memref: &MemRef<'c>, bytes: i64) -> Place<'c> {
    let rank = memref.rank();
    let numbers = memref.strides.iter().copied().collect::<Option<Vec<i64>>>();
    if let (Some(0), Some(strides)) = (memref.offset, numbers) {
        let strides = strides.into_iter().map(|stride| at.index(stride)).collect();
        return Place { address: pointer(at, value), strides };
    }
    let base = at.ty(&format!("memref<{}>", memref.element));
    let types: Vec<_> = std::iter::once(base).chain(std::iter::repeat_n(at.ty("index"), 1 + 2 * rank)).collect();
    let all = results(at.op("memref.extract_strided_metadata", &[value], &types, &[]));
    let start = product(at, &[all[1], at.index(bytes)]);
    let address = sum(at, &[pointer(at, all[0]), start]);
    Place { address, strides: all[2 + rank..].to_vec() }
}

/// The aligned pointer in a buffer's descriptor.
pub(crate) fn pointer<'c>(at: &Builder<'c>, value: Val<'c>) -> Val<'c> {
    at.value("memref.extract_aligned_pointer_as_index", &[value], "index", &[])
}

/// Bytes of a buffer's elements.
pub(crate) fn byte_count<'c>(at: &Builder<'c>, value: Val<'c>, memref: &MemRef<'c>, bytes: i64) -> Val<'c> {
    match memref.count().and_then(|count| count.checked_mul(bytes)) {
        Some(total) => at.index(total),
        None => {
            let mut factors = sizes(at, value, memref);
            factors.push(at.index(bytes));
            product(at, &factors)
        }
    }
}

/// The product of index values; 1 for none.
pub(crate) fn product<'c>(at: &Builder<'c>, factors: &[Val<'c>]) -> Val<'c> {
    fold(at, "arith.muli", factors, 1)
}

/// The sum of index values; 0 for none.
pub(crate) fn sum<'c>(at: &Builder<'c>, terms: &[Val<'c>]) -> Val<'c> {
    fold(at, "arith.addi", terms, 0)
}

fn fold<'c>(at: &Builder<'c>, name: &str, values: &[Val<'c>], empty: i64) -> Val<'c> {
    let combine = |left: Val<'c>, right: &Val<'c>| at.value(name, &[left, *right], "index", &[]);
    match values.split_first() {
        Some((first, rest)) => rest.iter().fold(*first, combine),
        None => at.index(empty),
    }
}
