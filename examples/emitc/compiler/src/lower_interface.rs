//! `c-lower-interface`: a kernel becomes a C function with the calling convention of ropt/kernel.h, and its memory
//! pointers.
//!
//! ```mlir
//! func.func @k() { %0 = hal.interface.binding.subspan … binding(0) : memref<4xf32> ; memref.load %0[%i] … }
//! // becomes
//! func.func @k(%environment, %dispatch, %workgroup) -> i32 {
//!   emitc.verbatim "if (ropt_c_short({}, 0, {}, {})) return ROPT_SHORT_BINDING(0);" …
//!   %0 = emitc.call_opaque "ropt_c_binding"(%dispatch, …) : … -> !emitc.ptr<f32> ; emitc.subscript %0[%i] … }
//! ```

use ropt_plugin::{
    prelude::*,
    ropt_mlir::{
        ir::{
            MemRef, array,
            edit::{
                Builder, Op, Val, erase, move_to_end, nested, op_name, operands, pin_mut, pin_value, replace_uses,
                results, single_block, type_text,
            },
            nesting::parent,
            ops_in, symbol_name,
        },
        kernel::{SUBSPAN, body, entry_block, integer, kernels, segments, string},
        melior::ir::attribute::StringAttribute,
    },
};

use crate::memory::{Memory, c_type, call, has_type, to_c};

/// Lowers kernels to C functions of ropt/kernel.h: bindings, constants and workgroup ids by calls, memory by pointers.
#[derive(Pass, Clone, Default)]
#[pass(
    name = "c-lower-interface",
    anchor = "builtin.module",
    dialects("arith", "emitc", "func"),
    needs("hal-interface", "memref-bindings"),
    ends("hal-interface", "memref-bindings")
)]
struct LowerInterface {
    /// Kernels lowered.
    #[statistic]
    kernels: Counter,
}

impl RunPass for LowerInterface {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        for kernel in kernels(pin_mut(&op)) {
            if kernel.attribute("function_type").is_ok_and(|ty| ty.to_string() == "() -> ()") {
                check_types(kernel)?;
                lower(kernel)?;
                self.kernels.add(1);
            }
        }
        Ok(())
    }
}

/// The parameters' types, in order.
const PARAMETERS: [&str; 3] = [
    "!emitc.ptr<!emitc.opaque<\"const ropt_environment_t\">>",
    "!emitc.ptr<!emitc.opaque<\"const ropt_dispatch_state_t\">>",
    "!emitc.ptr<!emitc.opaque<\"const ropt_workgroup_state_t\">>",
];

/// Refuses values of types that C has not, by name, before anything is changed.
fn check_types(kernel: Op<'_>) -> PassResult {
    for op in nested(kernel) {
        for value in results(op) {
            let ty = value.r#type();
            let scalar = MemRef::of(ty).map_or(ty, |memref| memref.element);
            let text = type_text(scalar);
            let known = has_type(&text) || text.starts_with("!emitc.");
            if !known {
                return Err(PassError::new(format!("values of the type {text} have no portable C type"))
                    .at(op.location())
                    .note("the C target has i1, i8, i16, i32, i64, f32, f64 and index")
                    .help("convert the tensors to one of these types first"));
            }
        }
    }
    Ok(())
}

fn lower(kernel: Op<'_>) -> PassResult {
    let name = symbol_name(kernel).unwrap_or_default();
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !name.chars().all(word) || name.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(PassError::new(format!("`{name}` cannot be the name of a C function"))
            .at(kernel.location())
            .help("name the export with letters, digits and underscores"));
    }
    let (outside, location) = (Builder::before(kernel), kernel.location());
    let types = PARAMETERS.map(|text| outside.ty(text));
    let function = outside.op_with_regions(
        "func.func",
        &[],
        &[],
        &[("sym_name", &format!("{name:?}")), ("function_type", &format!("({}) -> i32", PARAMETERS.join(", ")))],
        vec![single_block(&types, location)],
    );
    let Some(block) = entry_block(function) else { return Ok(()) };
    for op in body(kernel) {
        move_to_end(op, block);
    }
    let argument = |index: usize| block.argument(index).map(pin_value).map_err(PassError::from);
    let interface = Interface {
        environment: argument(0)?,
        dispatch: argument(1)?,
        workgroup: argument(2)?,
        keys: constant_keys(kernel),
    };
    // Listed first: loads and stores are erased with the memory that they use.
    let lowered = |op: &Op<'_>| {
        op_name(*op).starts_with("hal.") || matches!(op_name(*op).as_str(), "memref.alloc" | "memref.alloca")
    };
    for op in nested(function).into_iter().filter(lowered).collect::<Vec<_>>() {
        interface.op(op)?;
    }
    let Some(end) = body(function).pop() else { return Ok(()) };
    let at = Builder::before(end);
    let zero = at.value("arith.constant", &[], "i32", &[("value", "0 : i32")]);
    at.op("func.return", &[zero], &[], &[]);
    erase(end);
    erase(kernel);
    Ok(())
}

/// What the function gets, and the keys of the variant's constants.
struct Interface<'c> {
    environment: Val<'c>,
    dispatch: Val<'c>,
    workgroup: Val<'c>,
    keys: Vec<String>,
}

impl<'c> Interface<'c> {
    fn op(&self, op: Op<'c>) -> PassResult {
        let at = Builder::before(op);
        let number = |name: &str| integer(op, name).unwrap_or_default();
        let text = || type_text(results(op)[0].r#type());
        let value = match op_name(op).as_str() {
            SUBSPAN => return self.binding(op),
            "memref.alloc" => return self.heap(op),
            "memref.alloca" => return stack(op),
            "hal.interface.constant.load" => {
                let args = format!("[0 : index, {} : i32]", number("ordinal"));
                call(&at, &format!("ropt_c_constant_{}", text()), &[self.dispatch], &args, &text())
            }
            "hal.executable.constant.load" => {
                let key = string(op, "key").unwrap_or_default();
                let place = self.keys.iter().position(|known| *known == key).ok_or_else(|| {
                    PassError::new(format!("no constant block of the variant gives `{key}`"))
                        .at(op.location())
                        .note(format!("they give: {}", self.keys.join(", ")))
                })?;
                let args = format!("[0 : index, {place} : i32]");
                call(&at, &format!("ropt_c_special_{}", text()), &[self.environment], &args, &text())
            }
            "hal.interface.workgroup.id" => {
                let args = format!("[0 : index, {} : i32]", number("dimension"));
                call(&at, "ropt_c_id", &[self.workgroup], &args, "index")
            }
            "hal.interface.workgroup.count" => {
                let args = format!("[0 : index, {} : i32]", number("dimension"));
                call(&at, "ropt_c_count", &[self.dispatch], &args, "index")
            }
            "hal.interface.workgroup.size" => at.index(1),
            _ => return Ok(()),
        };
        replace_uses(results(op)[0], value);
        erase(op);
        Ok(())
    }

    /// A binding: its pointer, once it is known to be long enough.
    fn binding(&self, op: Op<'c>) -> PassResult {
        let (at, memref) = (Builder::before(op), memref_of(op)?);
        let parts = segments(op);
        let memory = Memory::shape(&at, op, &memref, parts.get(1).map(Vec::as_slice).unwrap_or_default())?;
        let inside = memref.offset.unwrap_or(0) * memref.element_bytes().unwrap_or(1);
        let mut offset = parts.first().and_then(|part| part.first()).copied().unwrap_or_else(|| at.index(0));
        if inside != 0 {
            offset = at.value("arith.addi", &[offset, at.index(inside)], "index", &[]);
        }
        let (number, offset) = (integer(op, "binding").unwrap_or_default(), to_c(&at, offset));
        if let Some(bytes) = memory.bytes(&at, &memref) {
            let check =
                format!("\"if (ropt_c_short({{}}, {number}, {{}}, {{}})) return ROPT_SHORT_BINDING({number});\"");
            at.op("emitc.verbatim", &[self.dispatch, offset, bytes], &[], &[("value", &check)]);
        }
        let args = format!("[0 : index, {number} : i32, 1 : index]");
        let base = call(&at, "ropt_c_binding", &[self.dispatch, offset], &args, &pointer(&memref));
        memory.behind(base).replace(op)
    }

    /// Memory that lives until its memref.dealloc.
    fn heap(&self, op: Op<'c>) -> PassResult {
        let (at, memref) = (Builder::before(op), memref_of(op)?);
        let memory = Memory::shape(&at, op, &memref, &segments(op).first().cloned().unwrap_or_default())?;
        let bytes = memory.bytes(&at, &memref).unwrap_or_else(|| to_c(&at, at.index(0)));
        let base = call(&at, "ropt_c_allocate", &[bytes], "", &pointer(&memref));
        at.op("emitc.verbatim", &[base], &[], &[("value", "\"if (!{}) return ROPT_C_NO_MEMORY;\"")]);
        memory.behind(base).replace(op)
    }
}

/// An array of the function; `cpu-place-allocations` has seen to it that its size is known and small.
fn stack(op: Op<'_>) -> PassResult {
    let (at, memref) = (Builder::before(op), memref_of(op)?);
    let Some(count) = memref.count().filter(|_| operands(op).is_empty()) else {
        return Err(PassError::new("an array on the stack whose size is not known")
            .at(op.location())
            .help("run cpu-place-allocations before"));
    };
    let memory = Memory::shape(&at, op, &memref, &[])?;
    let ty = format!("!emitc.array<{}x{}>", count.max(1), c_type(&type_text(memref.element)));
    let base = at.value("emitc.variable", &[], &ty, &[("value", "#emitc.opaque<\"\">")]);
    memory.behind(base).replace(op)
}

fn memref_of<'c>(op: Op<'c>) -> PassResult<MemRef<'c>> {
    MemRef::of(results(op)[0].r#type()).ok_or_else(|| {
        PassError::new(format!("a binding of the type {} is not memory", type_text(results(op)[0].r#type())))
            .at(op.location())
            .help("lower dispatch tensors first: cpu-materialize-interface")
    })
}

fn pointer(memref: &MemRef<'_>) -> String {
    format!("!emitc.ptr<{}>", c_type(&type_text(memref.element)))
}

/// The keys of the variant's constant blocks: their places are those of the environment's words.
fn constant_keys(kernel: Op<'_>) -> Vec<String> {
    let variant = parent(kernel).and_then(parent);
    let blocks = variant.into_iter().flat_map(ops_in).filter(|op| op_name(*op) == "hal.executable.constant.block");
    let keys = blocks.filter_map(|block| block.attribute("keys").ok()).flat_map(array);
    keys.filter_map(|key| Some(StringAttribute::try_from(key).ok()?.value().to_owned())).collect()
}
