//! Shared memory beyond what a kernel may declare: one array without a size, whose bytes the launch gives.
//!
//! PTX lets a kernel declare 48 KiB. What needs more has `workgroup_local_memory` on its export; each of its buffers becomes
//! a part of the array, and the driver reads the number of bytes from a line behind the PTX:
//!
//! ```text
//! // ropt.shared my_kernel 83456
//! ```

use ropt_mlir::{
    ir::{
        edit::{Builder, Op, erase, op_name, pin, replace_uses, results, type_text},
        ops_in, symbol_name,
    },
    kernel::{all_named, integer, memref_bytes},
    melior::ir::{ValueLike, operation::OperationLike},
};

/// The export's attribute, as IREE names it.
const BYTES: &str = "workgroup_local_memory";

/// Makes the buffers of a kernel whose export asks for the memory parts of one array, which is made at `at`.
pub(crate) fn place<'c>(kernel: Op<'c>, at: Builder<'c>) {
    let name = symbol_name(kernel);
    let variant = kernel.parent_operation().and_then(|module| pin(module).parent_operation()).map(pin);
    let asks = variant
        .into_iter()
        .flat_map(ops_in)
        .any(|op| op_name(op) == "hal.executable.export" && symbol_name(op) == name && integer(op, BYTES).is_some());
    if !asks {
        return;
    }
    let array = format!("{}_shared", name.unwrap_or_default());
    let ty = "memref<0xi8, 3>";
    let attributes =
        [("sym_name", format!("{array:?}")), ("type", ty.to_owned()), ("alignment", "16 : i64".to_owned())];
    let attributes = attributes.each_ref().map(|(name, text)| (*name, text.as_str()));
    at.op("memref.global", &[], &[], &attributes);
    let mut offset = 0;
    for buffer in all_named(kernel, "memref.get_global") {
        let at = Builder::before(buffer);
        let memory = results(buffer)[0];
        let all = at.value("memref.get_global", &[], ty, &[("name", &format!("@{array:?}"))]);
        let part = at.value("memref.view", &[all, at.index(offset)], &type_text(memory.r#type()), &[]);
        replace_uses(memory, part);
        erase(buffer);
        offset += (memref_bytes(part).unwrap_or(0) + 15) / 16 * 16;
    }
}

/// Erases the buffers that no kernel names any more.
pub(crate) fn clean(module: Op<'_>) {
    let uses = all_named(module, "memref.get_global");
    let used: Vec<String> = uses.into_iter().filter_map(|op| Some(op.attribute("name").ok()?.to_string())).collect();
    for global in ops_in(module).into_iter().filter(|op| op_name(*op) == "memref.global") {
        let name = symbol_name(global).unwrap_or_default();
        if !used.contains(&format!("@{name}")) && !used.contains(&format!("@{name:?}")) {
            erase(global);
        }
    }
}

/// The lines that tell the driver.
pub(crate) fn marks(variant: Op<'_>) -> String {
    let exports = ops_in(variant).into_iter().filter(|op| op_name(*op) == "hal.executable.export");
    let mark = |export: Op<'_>| Some(format!("// ropt.shared {} {}\n", symbol_name(export)?, integer(export, BYTES)?));
    exports.filter_map(mark).collect()
}
