//! `cpu-materialize-interface`: bindings become memrefs, loads and stores of dispatch tensors plain tensor ops.
//!
//! ```mlir
//! %0 = hal.interface.binding.subspan … : !iree_tensor_ext.dispatch.tensor<readonly:tensor<4xf32>>
//! %1 = iree_tensor_ext.dispatch.tensor.load %0, offsets = [0], sizes = [4], strides = [1] : … -> tensor<4xf32>
//! // becomes
//! %0 = hal.interface.binding.subspan … : memref<4xf32>
//! %1 = bufferization.to_tensor %0 restrict : memref<4xf32> to tensor<4xf32>
//! ```
//! A binding that is read and written becomes one tensor that each store replaces, so that bufferization sees every
//! conflict between the reads and the writes.

use ropt_mlir::{
    ir::edit::{Builder, Op, Val, erase, nested, op_name, operands, pin_mut, replace_uses, results, type_text},
    melior::ir::{ShapedTypeLike, ValueLike, operation::OperationLike, r#type::MemRefType},
};
use ropt_plugin::prelude::*;

use crate::ops::{
    SUBSPAN, UNIT, all_named, body, constant, entry_block, i32_array_text, i64_array, i64_array_text, integer, kernels,
    known_size, segments,
};

/// Turns the kernels' bindings into memrefs and their dispatch tensors into ordinary tensors.
///
/// ```mlir
/// #layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>
/// func.func @f() {
///   %0 = hal.interface.binding.subspan layout(#layout) binding(0) : !iree_tensor_ext.dispatch.tensor<writeonly:tensor<8xf32>>
///   %x = arith.constant dense<1.0> : tensor<8xf32>
///   iree_tensor_ext.dispatch.tensor.store %x, %0, offsets = [0], sizes = [8], strides = [1] : tensor<8xf32> -> !iree_tensor_ext.dispatch.tensor<writeonly:tensor<8xf32>>
///   return
/// }
/// // becomes, by builtin.module(cpu-materialize-interface)
/// func.func @f() {
///   %0 = hal.interface.binding.subspan layout(…) binding(0) : memref<8xf32>
///   %cst = arith.constant dense<1.000000e+00> : tensor<8xf32>
///   bufferization.materialize_in_destination %cst in restrict writable %0 : (tensor<8xf32>, memref<8xf32>) -> ()
///   return
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(
    name = "cpu-materialize-interface",
    anchor = "builtin.module",
    dialects("arith", "bufferization", "memref", "tensor"),
    needs("hal-interface"),
    establishes("memref-bindings: bindings are memrefs, and dispatch tensors plain tensors")
)]
struct MaterializeInterface {}

impl RunPass for MaterializeInterface {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        for config in all_named(module, "iree_codegen.dispatch_config") {
            // The grid of another compiler's tiling; ours is found when the kernel is distributed.
            erase(config);
        }
        for metadata in all_named(module, "iree_codegen.extract_strided_metadata") {
            // IREE's twin of upstream's op, which upstream's own folders can not look through.
            let types: Vec<_> = results(metadata).iter().map(|value| value.r#type()).collect();
            let new = Builder::before(metadata).op("memref.extract_strided_metadata", &operands(metadata), &types, &[]);
            results(metadata).into_iter().zip(results(new)).for_each(|(old, new)| replace_uses(old, new));
            erase(metadata);
        }
        for kernel in kernels(module) {
            drop_assumptions(kernel);
            for binding in merge(kernel)? {
                binding.rewrite(kernel)?;
            }
        }
        Ok(())
    }
}

const LOAD: &str = "iree_tensor_ext.dispatch.tensor.load";
const STORE: &str = "iree_tensor_ext.dispatch.tensor.store";
const FROM_BUFFER: &str = "iree_codegen.load_from_buffer";
const TO_BUFFER: &str = "iree_codegen.store_to_buffer";

/// Facts about values that nothing later uses would only stand in the way of folding.
fn drop_assumptions(kernel: Op<'_>) {
    for op in nested(kernel) {
        if matches!(op_name(op).as_str(), "util.assume.int" | "util.optimization_barrier") {
            for (result, operand) in results(op).into_iter().zip(operands(op)) {
                replace_uses(result, operand);
            }
            erase(op);
        }
    }
}

/// One part of a binding and the ops that read and write it, in program order.
struct Binding<'c> {
    /// The memref.
    memref: Val<'c>,
    /// Sizes of the dynamic dimensions.
    dynamic: Vec<Val<'c>>,
    /// Loads and stores.
    accesses: Vec<Op<'c>>,
}

/// Gives every subspan a memref type; subspans of the same memory become one.
fn merge<'c>(kernel: Op<'c>) -> PassResult<Vec<Binding<'c>>> {
    let mut found: Vec<(Op<'c>, Binding<'c>)> = Vec::new();
    for subspan in all_named(kernel, SUBSPAN) {
        let result = results(subspan)[0];
        let text = memref_text(subspan, &type_text(result.r#type()))?;
        result.set_type(Builder::before(subspan).ty(&text));
        if let Some((first, _)) = found.iter().find(|(first, _)| same_memory(*first, subspan)) {
            replace_uses(result, results(*first)[0]);
            erase(subspan);
            continue;
        }
        let dynamic = segments(subspan).get(1).cloned().unwrap_or_default();
        found.push((subspan, Binding { memref: result, dynamic, accesses: Vec::new() }));
    }
    for op in nested(kernel) {
        let buffer = match op_name(op).as_str() {
            LOAD | FROM_BUFFER => operands(op)[0],
            STORE | TO_BUFFER => operands(op)[1],
            _ => continue,
        };
        match found.iter_mut().find(|(_, binding)| binding.memref == buffer) {
            Some((_, binding)) => binding.accesses.push(op),
            None => return Err(foreign(op)),
        }
    }
    Ok(found.into_iter().map(|(_, binding)| binding).collect())
}

fn foreign(op: Op<'_>) -> PassError {
    PassError::new(format!("`{}` reads or writes something that is not a binding's subspan", op_name(op)))
        .at(op.location())
        .help("give it the result of hal.interface.binding.subspan itself")
}

fn same_memory(one: Op<'_>, other: Op<'_>) -> bool {
    let offset = |op| segments(op).first().and_then(|o| o.first().copied());
    let equal_offset = match (offset(one), offset(other)) {
        (None, None) => true,
        (Some(a), Some(b)) => a == b || (constant(a).is_some() && constant(a) == constant(b)),
        (Some(a), None) | (None, Some(a)) => constant(a) == Some(0),
    };
    let sizes = |op: Op<'_>| segments(op).get(1).map(|list| list.iter().map(|v| v.to_raw().ptr).collect::<Vec<_>>());
    integer(one, "binding") == integer(other, "binding")
        && equal_offset
        && sizes(one) == sizes(other)
        && results(one)[0].r#type() == results(other)[0].r#type()
}

/// The memref type (as text) of a subspan whose type prints as `text`.
fn memref_text(subspan: Op<'_>, text: &str) -> PassResult<String> {
    let located = |message: String| PassError::new(message).at(subspan.location());
    if let Some(inner) = text.strip_prefix("!iree_tensor_ext.dispatch.tensor<") {
        let tensor = inner.split_once(':').map(|(_, rest)| rest).unwrap_or_default();
        let shape = tensor.strip_prefix("tensor<").and_then(|rest| rest.strip_suffix(">>"));
        let shape = shape.ok_or_else(|| located(format!("a binding of the type {text} is not supported")))?;
        if shape.contains('#') {
            return Err(located(format!("a tensor with an encoding is not supported on the CPU: {text}"))
                .help("compile the program without data tiling (iree-compile --iree-opt-data-tiling=false)"));
        }
        let element = shape.rsplit('x').next().unwrap_or_default();
        check_element(subspan, element)?;
        return Ok(format!("memref<{shape}>"));
    }
    let ty = MemRefType::try_from(results(subspan)[0].r#type()).map_err(|_| {
        located(format!("a binding of the type {text} is not supported")).help("use a dispatch tensor or a memref")
    })?;
    check_element(subspan, &type_text(ty.element()))?;
    // The memory space only repeats the descriptor type.
    let body = text.trim_start_matches("memref<").trim_end_matches('>');
    let shape = body.split(',').next().unwrap_or_default();
    let layout = text.find("strided<").map(|at| {
        let end = text[at..].find('>').map_or(text.len(), |n| at + n + 1);
        format!(", {}", &text[at..end])
    });
    Ok(format!("memref<{}{}>", shape.trim(), layout.unwrap_or_default()))
}

fn check_element(subspan: Op<'_>, element: &str) -> PassResult {
    const KNOWN: [&str; 10] = ["i1", "i8", "i16", "i32", "i64", "f16", "bf16", "f32", "f64", "index"];
    if KNOWN.contains(&element) {
        return Ok(());
    }
    Err(PassError::new(format!("tensors of {element} are not supported on the CPU"))
        .at(subspan.location())
        .note(format!("supported element types: {}", KNOWN.join(", ")))
        .help("convert the tensor to one of these types first"))
}

impl<'c> Binding<'c> {
    fn rewrite(self, kernel: Op<'c>) -> PassResult {
        let is_store = |op: &Op<'c>| matches!(op_name(*op).as_str(), STORE | TO_BUFFER);
        let (stores, loads): (Vec<_>, Vec<_>) = self.accesses.iter().copied().partition(is_store);
        let entry = entry_block(kernel);
        let straight = self.accesses.iter().all(|op| op.block() == entry);
        if stores.is_empty() {
            if !loads.is_empty() {
                let whole = self.tensor(false);
                loads.into_iter().for_each(|load| self.load(load, whole));
            }
            return Ok(());
        }
        if loads.is_empty() && (!straight || (stores.len() == 1 && self.is_whole(stores[0]))) {
            stores.into_iter().for_each(|store| self.store_memory(store));
            return Ok(());
        }
        if !straight {
            return Err(PassError::new("a binding that is read and written inside of loops is not supported")
                .at(stores[0].location())
                .help("carry the tensor through the loop (iter_args) and store it once behind the loop"));
        }
        let mut current = self.tensor(true);
        let location = stores[0].location();
        for access in &self.accesses {
            if is_store(access) {
                current = self.store(*access, current);
            } else {
                self.load(*access, current);
            }
        }
        let Some(end) = body(kernel).pop() else { return Ok(()) };
        let attributes = [("restrict", UNIT), ("writable", UNIT)];
        Builder::before(end).located(location).op(
            "bufferization.materialize_in_destination",
            &[current, self.memref],
            &[],
            &attributes,
        );
        Ok(())
    }

    /// The whole binding as a tensor.
    fn tensor(&self, writable: bool) -> Val<'c> {
        let text = tensor_text(self.memref);
        let attributes: &[(&str, &str)] =
            if writable { &[("restrict", UNIT), ("writable", UNIT)] } else { &[("restrict", UNIT)] };
        let subspan = ropt_mlir::ir::edit::defining_op(self.memref).expect("a subspan's result");
        Builder::after(subspan).value("bufferization.to_tensor", &[self.memref], &text, attributes)
    }

    /// Whether a load or store covers the binding.
    fn is_whole(&self, access: Op<'c>) -> bool {
        if matches!(op_name(access).as_str(), FROM_BUFFER | TO_BUFFER) {
            return true;
        }
        let value = if op_name(access) == STORE { operands(access)[0] } else { results(access)[0] };
        let rank = ropt_mlir::melior::ir::r#type::RankedTensorType::try_from(value.r#type()).map(|t| t.rank());
        let ty = MemRefType::try_from(self.memref.r#type()).expect("made a memref above");
        if rank.ok() != Some(ty.rank()) {
            return false;
        }
        let zero = i64_array(access, "static_offsets").iter().all(|offset| *offset == 0);
        let one = i64_array(access, "static_strides").iter().all(|stride| *stride == 1);
        let sizes = segments(access).into_iter().nth(access_sizes(access)).unwrap_or_default();
        let mut given = sizes.into_iter();
        let mut declared = self.dynamic.iter();
        let whole = i64_array(access, "static_sizes").iter().enumerate().all(|(index, size)| {
            let dim = known_size(ty.dim_size(index));
            let own = if dim.is_none() { declared.next() } else { None };
            if *size < 0 {
                // A dynamic size is the whole only when it is the very value that the subspan was given.
                let size = given.next();
                dim.is_none() && own.is_some() && size == own.copied()
            } else {
                dim == Some(*size)
            }
        });
        zero && one && whole
    }

    fn load(&self, load: Op<'c>, whole: Val<'c>) {
        let old = results(load)[0];
        let builder = Builder::before(load);
        let wanted = type_text(old.r#type());
        let new = if self.is_whole(load) {
            cast(builder, whole, &wanted)
        } else {
            slice(builder, "tensor.extract_slice", load, &[whole], &wanted)
        };
        replace_uses(old, new);
        erase(load);
    }

    /// A store as a new value of the whole binding.
    fn store(&self, store: Op<'c>, current: Val<'c>) -> Val<'c> {
        let builder = Builder::before(store);
        let value = operands(store)[0];
        let whole = type_text(current.r#type());
        let new = if self.is_whole(store) {
            let value = cast(builder, value, &whole);
            builder.value("bufferization.materialize_in_destination", &[value, current], &whole, &[])
        } else {
            slice(builder, "tensor.insert_slice", store, &[value, current], &whole)
        };
        erase(store);
        new
    }

    /// A store straight into memory.
    fn store_memory(&self, store: Op<'c>) {
        let builder = Builder::before(store);
        let mut value = operands(store)[0];
        if self.is_whole(store) {
            value = cast(builder, value, &tensor_text(self.memref));
        } else {
            let attributes = [("restrict", UNIT), ("writable", UNIT)];
            let whole = tensor_text(self.memref);
            let current = builder.value("bufferization.to_tensor", &[self.memref], &whole, &attributes);
            value = slice(builder, "tensor.insert_slice", store, &[value, current], &whole);
        }
        let attributes = [("restrict", UNIT), ("writable", UNIT)];
        builder.op("bufferization.materialize_in_destination", &[value, self.memref], &[], &attributes);
        erase(store);
    }
}

/// Which segment of a load's or store's operands holds the sizes.
fn access_sizes(access: Op<'_>) -> usize {
    if op_name(access) == STORE { 4 } else { 3 }
}

/// A slice op over `first` with the access's offsets, sizes and strides.
fn slice<'c>(builder: Builder<'c>, name: &str, access: Op<'c>, first: &[Val<'c>], result: &str) -> Val<'c> {
    let parts = segments(access);
    let sizes = access_sizes(access);
    let mut operands = first.to_vec();
    let mut counts = vec![1; first.len()];
    for part in &parts[sizes - 1..=sizes + 1] {
        operands.extend(part);
        counts.push(part.len());
    }
    let counts = i32_array_text(&counts);
    let lists = ["static_offsets", "static_sizes", "static_strides"]
        .map(|name| (name, i64_array_text(&i64_array(access, name))));
    let mut attributes = vec![("operandSegmentSizes", counts.as_str())];
    attributes.extend(lists.iter().map(|(name, text)| (*name, text.as_str())));
    builder.value(name, &operands, result, &attributes)
}

fn cast<'c>(builder: Builder<'c>, value: Val<'c>, wanted: &str) -> Val<'c> {
    if type_text(value.r#type()) == wanted {
        return value;
    }
    builder.value("tensor.cast", &[value], wanted, &[])
}

/// The tensor type (as text) of a memref value.
fn tensor_text(memref: Val<'_>) -> String {
    let text = type_text(memref.r#type());
    let body = text.trim_start_matches("memref<").trim_end_matches('>');
    let shape = body.split(',').next().unwrap_or_default();
    format!("tensor<{}>", shape.trim())
}
