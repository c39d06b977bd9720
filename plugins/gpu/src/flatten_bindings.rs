//! `gpu-flatten-bindings`: bindings become one-dimensional memrefs, indexed by one number.
//!
//! ```mlir
//! %0 = hal.interface.binding.subspan … offset(%o) : memref<?x32xf32>{%n} ; memref.load %0[%i, %j]
//! // becomes
//! %0 = hal.interface.binding.subspan … : memref<?xf32> ; memref.load %0[%o / 4 + %i * 32 + %j]
//! ```
//! APIs that know buffers, not shapes, take nothing else. With `words`, reads of 16 bytes at once are
//! of a second view of the binding, whose elements are words of that size.

use ropt_mlir::{
    ir::edit::{Builder, Op, Val, erase, op_name, operands, pin_mut, replace_uses, results, type_text, users},
    kernel::{SUBSPAN, all_named, constant, kernels, known_size, segments},
    melior::ir::{ShapedTypeLike, ValueLike, operation::OperationLike, r#type::MemRefType},
};
use ropt_plugin::prelude::*;

/// Makes every binding a one-dimensional memref.
///
/// ```mlir
/// #layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>
/// func.func @k(%i: index, %j: index) -> f32 {
///   %b = hal.interface.binding.subspan layout(#layout) binding(0) : memref<8x4xf32>
///   %x = memref.load %b[%i, %j] : memref<8x4xf32>
///   return %x : f32
/// }
/// // becomes, by builtin.module(gpu-flatten-bindings,canonicalize)
/// func.func @k(%arg0: index, %arg1: index) -> f32 {
///   %c2147483647 = arith.constant 2147483647 : index
///   %c4 = arith.constant 4 : index
///   %0 = hal.interface.binding.subspan layout(…) binding(0) : memref<?xf32>{%c2147483647}
///   %1 = arith.muli %arg0, %c4 : index
///   %2 = arith.addi %1, %arg1 : index
///   %3 = memref.load %0[%2] : memref<?xf32>
///   return %3 : f32
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(
    name = "gpu-flatten-bindings",
    anchor = "builtin.module",
    dialects("arith", "memref"),
    needs("hal-interface", "memref-bindings"),
    establishes("flat-bindings: bindings are buffers of one dimension")
)]
struct FlattenBindings {
    /// Read 16 bytes at once as an element of a binding of such, where memory has types.
    #[option(default = false)]
    words: bool,
}

impl RunPass for FlattenBindings {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        for kernel in kernels(pin_mut(&op)) {
            for subspan in all_named(kernel, SUBSPAN) {
                flatten(subspan, self.words)?;
            }
        }
        Ok(())
    }
}

/// The type of a word of 16 bytes.
const WORD: &str = "vector<4xi32>";

/// A binding before it is flattened.
struct Shape<'c> {
    /// Elements in front of the first one; none: zero.
    offset: Option<Val<'c>>,
    /// Elements between neighbours of each dimension.
    strides: Vec<Val<'c>>,
    /// Size of each dimension.
    sizes: Vec<Val<'c>>,
    /// Bytes of an element.
    bytes: i64,
}

fn flatten(subspan: Op<'_>, words: bool) -> PassResult {
    let memory = results(subspan)[0];
    let text = type_text(memory.r#type());
    let located = |message: String| PassError::new(message).at(subspan.location());
    let ty = MemRefType::try_from(memory.r#type()).map_err(|_| located(format!("a binding of the type {text}")))?;
    let element = type_text(ty.element());
    let shape = Shape::of(subspan, ty, &element).ok_or_else(|| {
        located(format!("a binding of the type {text} is not supported on GPUs"))
            .help("give it a row-major layout and elements of whole bytes")
    })?;
    let at = Builder::after(subspan);
    // The size is the buffer's, which the kernel does not know; no op asks for it.
    let parts = segments(subspan);
    let mut flat_operands: Vec<Val<'_>> = parts.first().cloned().unwrap_or_default();
    let offset_count = flat_operands.len();
    flat_operands.push(Builder::before(subspan).index(i64::from(i32::MAX)));
    let counts = format!("array<i32: {offset_count}, 1>");
    let mut attributes: Vec<(String, String)> = Vec::new();
    for name in ["layout", "binding", "alignment", "descriptor_flags"] {
        if let Ok(attribute) = subspan.attribute(name) {
            attributes.push((name.to_owned(), attribute.to_string()));
        }
    }
    attributes.push(("operandSegmentSizes".to_owned(), counts));
    let attributes: Vec<_> = attributes.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let flat_type = at.ty(&format!("memref<?x{element}>"));
    let flat = results(at.op(SUBSPAN, &flat_operands, &[flat_type], &attributes))[0];
    let wide: Vec<Op<'_>> = users(memory).into_iter().filter(|user| words && shape.reads_word(*user)).collect();
    if !wide.is_empty() {
        let view = at.ty(&format!("memref<?x{WORD}>"));
        let view = results(at.op(SUBSPAN, &flat_operands, &[view], &attributes))[0];
        wide.into_iter().for_each(|user| word(user, view, &shape));
    }
    for user in users(memory) {
        access(user, flat, &shape, &element)?;
    }
    if users(flat).is_empty() {
        ropt_mlir::ir::edit::defining_op(flat).into_iter().for_each(erase);
    }
    erase(subspan);
    Ok(())
}

impl<'c> Shape<'c> {
    fn of(subspan: Op<'c>, ty: MemRefType<'c>, element: &str) -> Option<Self> {
        let at = Builder::before(subspan);
        let parts = segments(subspan);
        let mut dynamic = parts.get(1).cloned().unwrap_or_default().into_iter();
        let bytes = match element {
            "i1" | "i8" => 1,
            "i16" | "f16" | "bf16" => 2,
            "i32" | "f32" => 4,
            "i64" | "f64" => 8,
            _ => return None,
        };
        let (known, _) = ty.strides_and_offset();
        let sizes = (0..ty.rank())
            .map(|axis| known_size(ty.dim_size(axis)).map_or_else(|| dynamic.next(), |size| Some(at.index(size))))
            .collect::<Option<Vec<_>>>()?;
        let mut strides = vec![at.index(1); sizes.len()];
        let mut running = at.index(1);
        for axis in (0..sizes.len()).rev() {
            strides[axis] = match known.get(axis) {
                Some(stride) if *stride != i64::MIN => at.index(*stride),
                _ => running,
            };
            running = at.value("arith.muli", &[strides[axis], sizes[axis]], "index", &[]);
        }
        let offset = parts.first().and_then(|offset| offset.first().copied()).filter(|o| constant(*o) != Some(0));
        let offset = offset.map(|offset| at.value("arith.divui", &[offset, at.index(bytes)], "index", &[]));
        Some(Self { offset, strides, sizes, bytes })
    }

    fn position(&self, at: Builder<'c>, indices: &[Val<'c>]) -> Val<'c> {
        let products = indices.iter().zip(&self.strides).map(|(i, s)| at.value("arith.muli", &[*i, *s], "index", &[]));
        let terms: Vec<_> = self.offset.into_iter().chain(products).collect();
        let add = |a, b| at.value("arith.addi", &[a, b], "index", &[]);
        terms.into_iter().reduce(add).unwrap_or_else(|| at.index(0))
    }

    /// Whether the op reads an aligned word, and every row begins with one.
    fn reads_word(&self, user: Op<'c>) -> bool {
        let whole = op_name(user) == "vector.load"
            && user.attribute("alignment").is_ok_and(|alignment| alignment.to_string() == "16 : i64");
        let width = 16 / self.bytes;
        let rows = self.strides.split_last().is_some_and(|(last, outer)| {
            constant(*last) == Some(1)
                && outer.iter().all(|stride| constant(*stride).is_some_and(|stride| stride % width == 0))
        });
        whole && rows && type_text(results(user)[0].r#type()).starts_with(&format!("vector<{width}x"))
    }

    /// As [`Shape::position`], in words; of a read for which [`Shape::reads_word`] holds.
    fn word(&self, at: Builder<'c>, indices: &[Val<'c>]) -> Val<'c> {
        let width = 16 / self.bytes;
        let divide = |value| at.value("arith.divui", &[value, at.index(width)], "index", &[]);
        let (last, outer) = (divide(indices[indices.len() - 1]), &indices[..indices.len() - 1]);
        let products = outer.iter().zip(&self.strides).map(|(index, stride)| {
            let stride = at.index(constant(*stride).unwrap_or_default() / width);
            at.value("arith.muli", &[*index, stride], "index", &[])
        });
        let terms: Vec<_> = self.offset.map(divide).into_iter().chain(products).collect();
        terms.into_iter().fold(last, |a, b| at.value("arith.addi", &[a, b], "index", &[]))
    }
}

fn access<'c>(user: Op<'c>, flat: Val<'c>, shape: &Shape<'c>, element: &str) -> PassResult {
    let (name, at, from) = (op_name(user), Builder::before(user), operands(user));
    match name.as_str() {
        "memref.load" => {
            let position = shape.position(at, &from[1..]);
            replace_uses(results(user)[0], at.value("memref.load", &[flat, position], element, &[]));
        }
        "memref.store" => {
            let position = shape.position(at, &from[2..]);
            at.op("memref.store", &[from[0], flat, position], &[], &[]);
        }
        "vector.load" | "vector.store" => vector(user, flat, shape),
        "nvgpu.device_async_copy" => copy(user, flat, shape),
        "memref.dim" => {
            let axis = constant(from[1]).and_then(|axis| shape.sizes.get(usize::try_from(axis).ok()?).copied());
            let axis = axis.ok_or_else(|| PassError::new("a dimension that is not constant").at(user.location()))?;
            replace_uses(results(user)[0], axis);
        }
        "memref.assume_alignment" => {
            let result = results(user)[0];
            for next in users(result) {
                access(next, flat, shape, element)?;
            }
        }
        _ => {
            return Err(PassError::new(format!("`{name}` uses a binding in a way that GPUs have no counterpart for"))
                .at(user.location())
                .note(
                    "known: memref.load, memref.store, memref.dim, vector.load, vector.store, nvgpu.device_async_copy",
                ));
        }
    }
    erase(user);
    Ok(())
}

/// A read of 16 bytes, from the view of words.
fn word<'c>(user: Op<'c>, view: Val<'c>, shape: &Shape<'c>) {
    let (at, from) = (Builder::before(user), operands(user));
    let value = at.value("memref.load", &[view, shape.word(at, &from[1..])], WORD, &[]);
    let own = type_text(results(user)[0].r#type());
    replace_uses(results(user)[0], at.value("vector.bitcast", &[value], &own, &[]));
    erase(user);
}

/// A load or store of neighbours: the last dimension's stride is 1, else no such op is there.
fn vector<'c>(user: Op<'c>, flat: Val<'c>, shape: &Shape<'c>) {
    let (at, from) = (Builder::before(user), operands(user));
    let alignment = user.attribute("alignment").map(|alignment| alignment.to_string()).unwrap_or("1 : i64".to_owned());
    let attributes = [("alignment", alignment.as_str())];
    if op_name(user) == "vector.load" {
        let own = type_text(results(user)[0].r#type());
        let position = shape.position(at, &from[1..]);
        replace_uses(results(user)[0], at.value("vector.load", &[flat, position], &own, &attributes));
        return;
    }
    let position = shape.position(at, &from[2..]);
    at.op("vector.store", &[from[0], flat, position], &[], &attributes);
}

/// An asynchronous copy from a binding to shared memory.
fn copy<'c>(user: Op<'c>, flat: Val<'c>, shape: &Shape<'c>) {
    let (at, parts) = (Builder::before(user), segments(user));
    let [to, place, _, from, count] = &parts[..] else { return };
    let position = shape.position(at, from);
    let all: Vec<Val<'c>> =
        to.iter().chain(place).copied().chain([flat, position]).chain(count.iter().copied()).collect();
    let sizes = format!("array<i32: 1, {}, 1, 1, {}>", place.len(), count.len());
    let elements = user.attribute("dstElements").map(|value| value.to_string()).unwrap_or_default();
    let attributes =
        [("dstElements", elements.as_str()), ("bypassL1", "unit"), ("operandSegmentSizes", sizes.as_str())];
    at.op("nvgpu.device_async_copy", &all, &[at.ty("!nvgpu.device.async.token")], &attributes);
}
