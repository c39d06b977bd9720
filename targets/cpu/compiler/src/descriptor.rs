//! MLIR's strided memref descriptor, built from a bare pointer.

use ropt_mlir::{
    ir::edit::{Builder, Val},
    melior::ir::{ShapedTypeLike, Type, r#type::MemRefType},
};

use crate::ops::known_size;

/// The value MLIR uses for a stride or offset known only at run time.
const DYNAMIC: i64 = i64::MIN;

/// A memref of the type `ty` over `base + offset` bytes; `sizes` are its dynamic sizes, outermost first.
///
/// None when `ty` is not a memref with strides, or has strides known only at run time.
pub(crate) fn build<'c>(
    at: Builder<'c>,
    base: Val<'c>,
    offset: Option<Val<'c>>,
    sizes: &[Val<'c>],
    ty: Type<'c>,
) -> Option<Val<'c>> {
    let memref = MemRefType::try_from(ty).ok()?;
    let rank = memref.rank();
    let (strides, known_offset) = strides(memref, rank)?;
    let text = match rank {
        0 => "!llvm.struct<(ptr, ptr, i64)>".to_owned(),
        _ => format!("!llvm.struct<(ptr, ptr, i64, array<{rank} x i64>, array<{rank} x i64>)>"),
    };
    let word = |value: Val<'c>| at.value("builtin.unrealized_conversion_cast", &[value], "i64", &[]);
    let mut pointer = base;
    let mut elements = at.llvm_constant(if known_offset == DYNAMIC { 0 } else { known_offset }, "i64");
    if let Some(bytes) = offset.map(word) {
        if known_offset == DYNAMIC {
            let width = at.llvm_constant(element_bytes(memref)?, "i64");
            elements = at.value("llvm.udiv", &[bytes, width], "i64", &[]);
        } else {
            let attributes = [("rawConstantIndices", "array<i32: -2147483648>"), ("elem_type", "i8")];
            pointer = at.value("llvm.getelementptr", &[base, bytes], "!llvm.ptr", &attributes);
        }
    }
    let mut descriptor = at.value("llvm.mlir.poison", &[], &text, &[]);
    let mut put = |value: Val<'c>, position: &str| {
        descriptor = at.value("llvm.insertvalue", &[descriptor, value], &text, &[("position", position)]);
    };
    put(pointer, "array<i64: 0>");
    put(pointer, "array<i64: 1>");
    put(elements, "array<i64: 2>");
    let mut dynamic = sizes.iter();
    let mut size = vec![at.llvm_constant(1, "i64"); rank];
    for (dimension, size) in size.iter_mut().enumerate() {
        *size = match known_size(memref.dim_size(dimension)) {
            Some(known) => at.llvm_constant(known, "i64"),
            None => word(*dynamic.next()?),
        };
        put(*size, &format!("array<i64: 3, {dimension}>"));
    }
    let mut running = at.llvm_constant(1, "i64");
    for dimension in (0..rank).rev() {
        let stride = if strides[dimension] == DYNAMIC { running } else { at.llvm_constant(strides[dimension], "i64") };
        put(stride, &format!("array<i64: 4, {dimension}>"));
        running = at.value("llvm.mul", &[stride, size[dimension]], "i64", &[]);
    }
    let cast = at.op("builtin.unrealized_conversion_cast", &[descriptor], &[ty], &[]);
    ropt_mlir::ir::edit::results(cast).into_iter().next()
}

/// Strides and offset; a row-major type's strides over dynamic sizes count as dynamic.
fn strides(memref: MemRefType<'_>, rank: usize) -> Option<(Vec<i64>, i64)> {
    let (strides, offset) = memref.strides_and_offset();
    (strides.len() == rank).then_some((strides, offset))
}

/// Bytes of an element in memory.
fn element_bytes(memref: MemRefType<'_>) -> Option<i64> {
    Some(match memref.element().to_string().as_str() {
        "i1" | "i8" => 1,
        "i16" | "f16" | "bf16" => 2,
        "i32" | "f32" => 4,
        "i64" | "f64" | "index" => 8,
        _ => return None,
    })
}
