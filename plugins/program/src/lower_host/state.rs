//! Tensor state of sizes that change: its address and its sizes are variables of the program.
//!
//! ```mlir
//! util.global private mutable @x : tensor<?x4xf32>
//! // becomes
//! llvm.mlir.global internal @ropt.state.x.address(0 : i64) : i64
//! llvm.mlir.global internal @ropt.state.x.size.0(0 : i64) : i64
//! ```
//! Each store gives back the memory of the one before and takes new memory. Until the first one the tensor is empty.

use ropt_mlir::{
    ir::{
        MemRef,
        edit::{Builder, Op, Val, erase, operands, replace_uses, results, type_text},
    },
    melior::ir::{Region, Type},
};
use ropt_plugin::prelude::*;

use super::{
    calls::Calls,
    globals::{memref_of, read_at_once},
};
use crate::{
    names,
    ops::{quoted, symbol_text},
};

/// Whether the type's memory has no size that is known.
pub(crate) fn is_dynamic(ty: Type<'_>) -> bool {
    type_text(ty).starts_with("tensor<") && type_text(ty).contains('?')
}

/// A global's variables.
struct State<'c> {
    name: String,
    memref: MemRef<'c>,
    /// The memref's type.
    text: String,
    /// Bytes of an element.
    width: i64,
}

impl<'c> State<'c> {
    fn new(at: &Builder<'c>, name: &str, ty: Type<'c>) -> PassResult<Self> {
        let text = memref_of(ty);
        let memref = MemRef::of(at.ty(&text));
        let known = memref.and_then(|memref| Some((memref.element_bytes()?, memref)));
        let Some((width, memref)) = known else {
            return Err(PassError::internal(format!("state @{name} of type {ty} has no layout")));
        };
        Ok(Self { name: name.to_owned(), memref, text, width })
    }

    fn address(&self) -> String {
        format!("{}state.{}.address", names::RESERVED, self.name)
    }

    fn size(&self, axis: usize) -> String {
        format!("{}state.{}.size.{axis}", names::RESERVED, self.name)
    }

    /// The axes whose size is a variable.
    fn axes(&self) -> Vec<usize> {
        (0..self.memref.rank()).filter(|axis| self.memref.shape[*axis].is_none()).collect()
    }

    /// The buffer at an address; `sizes` are the dynamic ones.
    fn buffer(&self, at: &Builder<'c>, address: Val<'c>, sizes: &[Val<'c>]) -> Val<'c> {
        let rank = self.memref.rank();
        let descriptor = crate::emit_program::descriptor(rank);
        let pointer = at.value("llvm.inttoptr", &[address], "!llvm.ptr", &[]);
        let mut value = at.value("llvm.mlir.poison", &[], &descriptor, &[]);
        let mut put = |part: Val<'c>, position: &str| {
            value = at.value("llvm.insertvalue", &[value, part], &descriptor, &[("position", position)]);
        };
        put(pointer, "array<i64: 0>");
        put(pointer, "array<i64: 1>");
        put(at.llvm_constant(0, "i64"), "array<i64: 2>");
        let mut dynamic = sizes.iter().copied();
        let sizes: Vec<Val<'c>> = (self.memref.shape.iter())
            .filter_map(|size| size.map_or_else(|| dynamic.next(), |known| Some(at.llvm_constant(known, "i64"))))
            .collect();
        let mut stride = at.llvm_constant(1, "i64");
        for (axis, size) in sizes.iter().enumerate().rev() {
            put(*size, &format!("array<i64: 3, {axis}>"));
            put(stride, &format!("array<i64: 4, {axis}>"));
            stride = at.value("llvm.mul", &[stride, *size], "i64", &[]);
        }
        at.value("builtin.unrealized_conversion_cast", &[value], &self.text, &[])
    }
}

/// The variables, where the global stood.
pub(crate) fn define<'c>(global: Op<'c>, name: &str, ty: Type<'c>) -> PassResult {
    let at = Builder::before(global);
    let state = State::new(&at, name, ty)?;
    for variable in std::iter::once(state.address()).chain(state.axes().into_iter().map(|axis| state.size(axis))) {
        let attributes = [
            ("sym_name", &*quoted(&variable)),
            ("global_type", "i64"),
            ("linkage", "#llvm.linkage<internal>"),
            ("value", "0 : i64"),
            ("visibility_", "0 : i64"),
            ("addr_space", "0 : i32"),
        ];
        at.op_with_regions("llvm.mlir.global", &[], &[], &attributes, vec![Region::new()]);
    }
    Ok(())
}

fn variable<'c>(at: &Builder<'c>, name: &str) -> Val<'c> {
    at.value("llvm.mlir.addressof", &[], "!llvm.ptr", &[("global_name", &symbol_text(name))])
}

fn read<'c>(at: &Builder<'c>, name: &str) -> Val<'c> {
    at.value("llvm.load", &[variable(at, name)], "i64", &[("ordering", "0 : i64")])
}

fn write<'c>(at: &Builder<'c>, name: &str, value: Val<'c>) {
    at.op("llvm.store", &[value, variable(at, name)], &[], &[("ordering", "0 : i64")]);
}

/// What the state holds now: a copy, unless all uses end before anything may store.
pub(crate) fn load<'c>(op: Op<'c>, name: &str, ty: Type<'c>) -> PassResult {
    let at = Builder::before(op);
    let state = State::new(&at, name, ty)?;
    let sizes: Vec<_> = state.axes().into_iter().map(|axis| read(&at, &state.size(axis))).collect();
    let buffer = state.buffer(&at, read(&at, &state.address()), &sizes);
    let text = type_text(ty);
    let mut value = at.value("bufferization.to_tensor", &[buffer], &text, &[("restrict", "unit")]);
    if !read_at_once(op) {
        let segments = [("operandSegmentSizes", "array<i32: 0, 1, 0>")];
        value = at.value("bufferization.alloc_tensor", &[value], &text, &segments);
    }
    replace_uses(results(op)[0], value);
    erase(op);
    Ok(())
}

/// Gives the state another tensor.
pub(crate) fn store<'c>(calls: &Calls<'c>, op: Op<'c>, name: &str, ty: Type<'c>) -> PassResult {
    let at = Builder::before(op);
    let state = State::new(&at, name, ty)?;
    let tensor = operands(op)[0];
    let wide = |value: Val<'c>| at.value("arith.index_cast", &[value], "i64", &[]);
    let index = |value: Val<'c>| at.value("arith.index_cast", &[value], "index", &[]);
    let axes = state.axes();
    let sizes: Vec<_> =
        axes.iter().map(|axis| at.value("tensor.dim", &[tensor, at.index(*axis as i64)], "index", &[])).collect();
    let known: i64 = state.memref.shape.iter().flatten().product();
    let product = |all: Val<'c>, size: &Val<'c>| at.value("arith.muli", &[all, *size], "index", &[]);
    let bytes = sizes.iter().fold(at.index(known * state.width), product);
    // The tensor is no view of the state: whatever is stored was computed or copied.
    calls.call(&at, names::RELEASE, &[index(read(&at, &state.address()))], &[]);
    let address = wide(calls.value(&at, names::ALLOCATE_STATE, &[bytes], "index"));
    write(&at, &state.address(), address);
    let sizes: Vec<_> = sizes.into_iter().map(wide).collect();
    axes.iter().zip(&sizes).for_each(|(axis, size)| write(&at, &state.size(*axis), *size));
    let buffer = state.buffer(&at, address, &sizes);
    let flags = [("restrict", "unit"), ("writable", "unit")];
    at.op("bufferization.materialize_in_destination", &[tensor, buffer], &[], &flags);
    erase(op);
    Ok(())
}
