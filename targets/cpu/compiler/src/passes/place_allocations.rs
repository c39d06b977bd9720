//! `cpu-place-allocations`: small buffers of a kernel move to the stack, in the function's first block.
//!
//! A buffer in a loop's body is allocated once: an alloca that stayed there would grow the stack with each iteration.
//! What is large, of unknown size, or leaves the block that made it stays on the heap.

use ropt_mlir::{
    ir::edit::{Builder, Op, Val, erase, nested, op_name, operands, pin_mut, replace_uses, results, users},
    kernel::memref_bytes,
    melior::ir::{ValueLike, operation::OperationLike, r#type::MemRefType},
};
use ropt_plugin::prelude::*;

use crate::ops::{entry_block, integer, kernels};

/// Moves small buffers of known size to the stack.
///
/// ```mlir
/// func.func @f(%v: f32, %i: index) -> f32 {
///   %small = memref.alloc() : memref<16xf32>
///   memref.store %v, %small[%i] : memref<16xf32>
///   %r = memref.load %small[%i] : memref<16xf32>
///   memref.dealloc %small : memref<16xf32>
///   return %r : f32
/// }
/// // becomes, by builtin.module(cpu-place-allocations)
/// func.func @f(%arg0: f32, %arg1: index) -> f32 {
///   %alloca = memref.alloca() {alignment = 64 : i64} : memref<16xf32>
///   memref.store %arg0, %alloca[%arg1] : memref<16xf32>
///   %0 = memref.load %alloca[%arg1] : memref<16xf32>
///   return %0 : f32
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(name = "cpu-place-allocations", anchor = "builtin.module", dialects("memref"), needs("memref-bindings"))]
struct PlaceAllocations {
    /// Largest buffer (bytes) that is put on the stack.
    #[option(name = "max-bytes", default = 131072)]
    max_bytes: i64,
    /// Stack bytes that one kernel may take.
    #[option(name = "max-total-bytes", default = 262144)]
    max_total_bytes: i64,
    /// Buffers put on the stack.
    #[statistic]
    stack: Counter,
    /// Buffers left on the heap.
    #[statistic]
    heap: Counter,
}

impl RunPass for PlaceAllocations {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        for kernel in kernels(pin_mut(&op)) {
            self.kernel(kernel);
        }
        Ok(())
    }
}

impl PlaceAllocations {
    fn kernel(&mut self, kernel: Op<'_>) {
        let Some(entry) = entry_block(kernel) else { return };
        let mut left = self.max_total_bytes;
        // Listed first: deallocations are erased on the way.
        let is_allocation = |op: &Op<'_>| matches!(op_name(*op).as_str(), "memref.alloc" | "memref.alloca");
        let allocations: Vec<Op<'_>> = nested(kernel).into_iter().filter(is_allocation).collect();
        for alloc in allocations {
            let name = op_name(alloc);
            let result = results(alloc)[0];
            let fits = memref_bytes(result).is_some_and(|size| size <= self.max_bytes && size <= left);
            let moves = fits && operands(alloc).is_empty() && stays(result);
            if !moves {
                // An alloca in a loop is only right when it stays small; the heap is right in any case.
                if name == "memref.alloca" {
                    on_heap(alloc);
                }
                self.heap.add(1);
                continue;
            }
            left -= memref_bytes(result).unwrap_or_default();
            for user in users(result).into_iter().filter(|user| op_name(*user) == "memref.dealloc") {
                erase(user);
            }
            let alignment = integer(alloc, "alignment").unwrap_or(64).max(64);
            let place = Builder::at_start(entry, alloc.location());
            let attributes =
                [("operandSegmentSizes", "array<i32: 0, 0>"), ("alignment", &format!("{alignment} : i64"))];
            let stack = place.op("memref.alloca", &[], &[result.r#type()], &attributes);
            replace_uses(result, results(stack)[0]);
            erase(alloc);
            self.stack.add(1);
        }
    }
}

/// Whether no view of the buffer is passed on by a terminator, a select or a call: then one buffer serves every
/// iteration.
fn stays(buffer: Val<'_>) -> bool {
    users(buffer).into_iter().all(|user| match op_name(user).as_str() {
        "memref.subview"
        | "memref.cast"
        | "memref.reinterpret_cast"
        | "memref.collapse_shape"
        | "memref.expand_shape"
        | "memref.assume_alignment"
        | "memref.view"
        | "memref.transpose"
        | "memref.memory_space_cast" => results(user).into_iter().all(stays),
        "memref.dealloc" | "memref.load" | "memref.store" | "memref.copy" | "memref.dim" => true,
        name => {
            let dialect = name.split('.').next().unwrap_or_default();
            matches!(dialect, "linalg" | "vector")
                && results(user).iter().all(|r| MemRefType::try_from(r.r#type()).is_err())
        }
    })
}

/// Turns an alloca into an alloc that is freed at the end of its block.
fn on_heap(alloca: Op<'_>) {
    let Some(end) = alloca.block().and_then(|block| block.terminator()) else { return };
    let place = Builder::before(alloca);
    let result = results(alloca)[0];
    let counts = format!("array<i32: {}, 0>", operands(alloca).len());
    let alloc = place.op("memref.alloc", &operands(alloca), &[result.r#type()], &[("operandSegmentSizes", &counts)]);
    replace_uses(result, results(alloc)[0]);
    Builder::before(ropt_mlir::ir::edit::pin(end)).op("memref.dealloc", &[results(alloc)[0]], &[], &[]);
    erase(alloca);
}
