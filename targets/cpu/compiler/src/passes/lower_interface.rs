//! `cpu-lower-interface`: a kernel becomes a C function with the calling convention of `ropt/kernel.h`.
//!
//! ```mlir
//! func.func @k() { %0 = hal.interface.binding.subspan … binding(0) : memref<4xf32> … }
//! // becomes
//! func.func @k(%env: !llvm.ptr, %dispatch: !llvm.ptr, %workgroup: !llvm.ptr) -> i32 {
//!   %b0 = dispatch->binding_ptrs[0] ; return @k__body(%b0, %env, %dispatch, %workgroup) }
//! func.func private @k__body(%b0: !llvm.ptr {llvm.noalias}, …) -> i32 {
//!   %0 = descriptor of %b0 ; return ROPT_SHORT_BINDING(0) unless it fits dispatch->binding_lengths[0] ; … ; return 0 }
//! ```
//! The body is a function of its own because LLVM takes "does not alias" from parameters; it is inlined later.

use ropt_mlir::{
    ir::{
        array,
        edit::{
            Builder, Op, Val, context_of, erase, move_to_end, op_name, pin_mut, pin_value, replace_uses, results,
            set_attribute, single_block, type_of, type_text,
        },
        nesting::parent,
        ops_in, symbol_name,
    },
    kernel::is_kernel,
    melior::ir::{BlockLike, ValueLike, attribute::StringAttribute, operation::OperationLike},
};
use ropt_plugin::prelude::*;

mod lengths;

use crate::{
    descriptor,
    ops::{SUBSPAN, all_named, body, entry_block, integer, kernels, segments, string},
};

/// Lowers kernels to C functions that read bindings, constants and workgroup ids from the v0 dispatch state.
///
/// ```mlir
/// #layout = #hal.pipeline.layout<bindings = [#hal.pipeline.binding<storage_buffer>]>
/// func.func @k() {
///   %id = hal.interface.workgroup.id[0] : index
///   %b = hal.interface.binding.subspan layout(#layout) binding(0) : memref<8xf32>
///   %x = arith.constant 1.0 : f32
///   memref.store %x, %b[%id] : memref<8xf32>
///   return
/// }
/// // becomes, by builtin.module(cpu-lower-interface)
/// func.func private @k__body(%arg0: !llvm.ptr …, %arg1: !llvm.ptr …, %arg2: !llvm.ptr …, %arg3: !llvm.ptr …) -> i32 attributes {llvm.linkage = #llvm.linkage<internal>, passthrough = ["alwaysinline"]} {
///   …
///   %18 = arith.cmpi ugt, %c32_i64, %17 : i64
///   …
///   cf.cond_br %20, ^bb1, ^bb2
/// ^bb1:  // pred: ^bb0
///   …
///   memref.store %cst, %14[%1] : memref<8xf32>
///   …
///   return %c0_i32_1 : i32
/// ^bb2:  // pred: ^bb0
///   return %19 : i32
/// }
/// func.func @k(%arg0: !llvm.ptr, %arg1: !llvm.ptr, %arg2: !llvm.ptr) -> i32 {
///   …
///   %3 = call @k__body(%2, %arg0, %arg1, %arg2) : (!llvm.ptr, !llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32
///   return %3 : i32
/// }
/// ```
#[derive(Pass, Clone, Default)]
#[pass(
    name = "cpu-lower-interface",
    anchor = "builtin.module",
    dialects("arith", "cf", "func", "llvm"),
    needs("hal-interface", "memref-bindings"),
    establishes("kernel-functions: kernels are C functions of ropt/kernel.h"),
    ends("hal-interface", "memref-bindings")
)]
struct LowerInterface {}

impl RunPass for LowerInterface {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        for kernel in kernels(pin_mut(&op)) {
            if is_kernel(kernel) {
                lower(kernel)?;
            }
        }
        Ok(())
    }
}

// Byte offsets in ropt_dispatch_state_t and ropt_workgroup_state_t (ropt/kernel.h).
const CONSTANTS: i64 = 24;
const BINDING_PTRS: i64 = 32;
const BINDING_LENGTHS: i64 = 40;
/// (offset, type) of x, y and z.
const SIZE: [(i64, &str); 3] = [(0, "i32"), (4, "i32"), (8, "i16")];
const COUNT: [(i64, &str); 3] = [(12, "i32"), (16, "i32"), (20, "i16")];
const ID: [(i64, &str); 3] = [(0, "i32"), (4, "i32"), (8, "i16")];

fn lower(kernel: Op<'_>) -> PassResult {
    let name = symbol_name(kernel).unwrap_or_default();
    let subspans = all_named(kernel, SUBSPAN);
    let mut bindings: Vec<i64> = subspans.iter().filter_map(|op| integer(*op, "binding")).collect();
    bindings.sort_unstable();
    bindings.dedup();

    let context = context_of(kernel);
    let pointer = type_of(context, "!llvm.ptr");
    let location = kernel.location();
    let outside = Builder::before(kernel);

    // The body function takes the kernel's blocks.
    let types: Vec<String> = vec!["!llvm.ptr".to_owned(); bindings.len() + 3];
    let inner_type = format!("({}) -> i32", types.join(", "));
    let attributes: Vec<&str> = bindings
        .iter()
        .map(|_| "{llvm.noalias, llvm.noundef}")
        .chain(["{llvm.noalias, llvm.noundef, llvm.readonly}"; 3])
        .collect();
    let inner_name = format!("{name}__body");
    let region = single_block(&vec![pointer; bindings.len() + 3], location);
    let inner = outside.op_with_regions(
        "func.func",
        &[],
        &[],
        &[
            ("sym_name", &format!("{inner_name:?}")),
            ("function_type", &inner_type),
            ("sym_visibility", "\"private\""),
            ("arg_attrs", &format!("[{}]", attributes.join(", "))),
            ("passthrough", "[\"alwaysinline\"]"),
        ],
        vec![region],
    );
    let Some(block) = entry_block(inner) else { return Ok(()) };
    for op in body(kernel) {
        move_to_end(op, block);
    }
    let argument = |index: usize| block.argument(index).map(pin_value).map_err(PassError::from);
    let environment = argument(bindings.len())?;
    let dispatch = argument(bindings.len() + 1)?;
    let workgroup = argument(bindings.len() + 2)?;
    let keys = constant_keys(kernel);
    let mut checks = lengths::Checks::default();
    for op in ropt_mlir::ir::edit::nested(inner) {
        let value = match op_name(op).as_str() {
            SUBSPAN => {
                let number = integer(op, "binding").unwrap_or_default();
                let place = bindings.binary_search(&number).unwrap_or_default();
                let memref = subspan(op, argument(place)?)?;
                if op.block() == Some(block) {
                    checks.add(op, number, dispatch);
                }
                memref
            }
            "hal.interface.constant.load" => constant(op, dispatch)?,
            "hal.interface.workgroup.id" => axis(op, workgroup, &ID),
            "hal.interface.workgroup.count" => axis(op, dispatch, &COUNT),
            "hal.interface.workgroup.size" => axis(op, dispatch, &SIZE),
            "hal.executable.constant.load" => specialized(op, environment, &keys)?,
            _ => continue,
        };
        replace_uses(results(op)[0], value);
        erase(op);
    }
    checks.finish(block);

    // The exported function, in the kernel's place.
    let outer_block = single_block(&[pointer; 3], location);
    let export = outside.op_with_regions(
        "func.func",
        &[],
        &[],
        &[("sym_name", &format!("{name:?}")), ("function_type", "(!llvm.ptr, !llvm.ptr, !llvm.ptr) -> i32")],
        vec![outer_block],
    );
    let Some(block) = entry_block(export) else { return Ok(()) };
    let at = Builder::at_end(block, location);
    let [environment, state, group] = [0, 1, 2].map(|index| block.argument(index).map(pin_value));
    let (environment, state, group) = (environment?, state?, group?);
    let table = load(at, state, BINDING_PTRS, "!llvm.ptr");
    let mut arguments: Vec<Val<'_>> = bindings.iter().map(|number| load(at, table, number * 8, "!llvm.ptr")).collect();
    arguments.extend([environment, state, group]);
    let code = at.value("func.call", &arguments, "i32", &[("callee", &format!("@{inner_name:?}"))]);
    at.op("func.return", &[code], &[], &[]);
    erase(kernel);
    set_attribute(inner, "llvm.linkage", "#llvm.linkage<internal>");
    Ok(())
}

/// The memref of a subspan over a binding's pointer.
fn subspan<'c>(op: Op<'c>, base: Val<'c>) -> PassResult<Val<'c>> {
    let at = Builder::before(op);
    let result = results(op)[0];
    let parts = segments(op);
    let offset = parts.first().and_then(|part| part.first()).copied();
    let sizes = parts.get(1).cloned().unwrap_or_default();
    descriptor::build(at, base, offset, &sizes, result.r#type()).ok_or_else(|| {
        PassError::new(format!("a binding of the type {} has no memory layout on the CPU", type_text(result.r#type())))
            .at(op.location())
            .help("lower dispatch tensors first: cpu-materialize-interface")
    })
}

/// A value at `pointer + offset` bytes that does not change while the kernel runs.
fn load<'c>(at: Builder<'c>, pointer: Val<'c>, offset: i64, ty: &str) -> Val<'c> {
    let address = if offset == 0 {
        pointer
    } else {
        let indices = format!("array<i32: {offset}>");
        at.value(
            "llvm.getelementptr",
            &[pointer],
            "!llvm.ptr",
            &[("rawConstantIndices", &indices), ("elem_type", "i8")],
        )
    };
    at.value("llvm.load", &[address], ty, &[("invariant", "unit")])
}

/// A push constant: words of 32 bits, the low one first.
fn constant<'c>(op: Op<'c>, dispatch: Val<'c>) -> PassResult<Val<'c>> {
    let at = Builder::before(op);
    let result = results(op)[0].r#type();
    let text = type_text(result);
    let words = load(at, dispatch, CONSTANTS, "!llvm.ptr");
    let offset = integer(op, "ordinal").unwrap_or_default() * 4;
    match text.as_str() {
        "i32" | "f32" => Ok(load(at, words, offset, &text)),
        "i8" | "i16" | "i1" => {
            let word = load(at, words, offset, "i32");
            Ok(at.value("arith.trunci", &[word], &text, &[]))
        }
        "f16" | "bf16" => {
            let word = load(at, words, offset, "i32");
            let half = at.value("arith.trunci", &[word], "i16", &[]);
            Ok(at.value("arith.bitcast", &[half], &text, &[]))
        }
        "index" => {
            let word = load(at, words, offset, "i32");
            Ok(at.value("arith.index_castui", &[word], "index", &[]))
        }
        "i64" | "f64" => {
            let address = at.value(
                "llvm.getelementptr",
                &[words],
                "!llvm.ptr",
                &[("rawConstantIndices", &format!("array<i32: {offset}>")), ("elem_type", "i8")],
            );
            // Two words are only aligned as words.
            Ok(at.value("llvm.load", &[address], &text, &[("invariant", "unit"), ("alignment", "4 : i64")]))
        }
        _ => Err(PassError::new(format!("a push constant can not be a {text}"))
            .at(op.location())
            .help("load it as i32 words and convert")),
    }
}

/// The keys of the variant's constant blocks: their places are those of the environment's words.
fn constant_keys(kernel: Op<'_>) -> Vec<String> {
    let variant = parent(kernel).and_then(parent);
    let blocks = variant.into_iter().flat_map(ops_in).filter(|op| op_name(*op) == "hal.executable.constant.block");
    let keys = blocks.filter_map(|block| block.attribute("keys").ok()).flat_map(array);
    keys.filter_map(|key| Some(StringAttribute::try_from(key).ok()?.value().to_owned())).collect()
}

/// A word of the environment, which the program computed for the device.
fn specialized<'c>(op: Op<'c>, environment: Val<'c>, keys: &[String]) -> PassResult<Val<'c>> {
    let key = string(op, "key").unwrap_or_default();
    let Some(place) = keys.iter().position(|known| *known == key) else {
        return Err(PassError::new(format!("no constant block of the variant gives `{key}`"))
            .at(op.location())
            .note(format!("they give: {}", keys.join(", "))));
    };
    let at = Builder::before(op);
    let words = load(at, environment, 0, "!llvm.ptr");
    let word = load(at, words, place as i64 * 4, "i32");
    let text = type_text(results(op)[0].r#type());
    Ok(match text.as_str() {
        "i32" => word,
        "f32" => at.value("arith.bitcast", &[word], "f32", &[]),
        "f16" | "bf16" => {
            let half = at.value("arith.trunci", &[word], "i16", &[]);
            at.value("arith.bitcast", &[half], &text, &[])
        }
        _ => at.value("arith.trunci", &[word], &text, &[]),
    })
}

/// One of three numbers in a state.
fn axis<'c>(op: Op<'c>, state: Val<'c>, fields: &[(i64, &str); 3]) -> Val<'c> {
    let at = Builder::before(op);
    let dimension = integer(op, "dimension").unwrap_or_default().clamp(0, 2) as usize;
    let (offset, ty) = fields[dimension];
    let number = load(at, state, offset, ty);
    at.value("arith.index_castui", &[number], "index", &[])
}
