//! `vulkan-settle-matrices`: a SPIR-V module with cooperative matrices gets the memory model that they want, matrices of bf16
//! get their type, and every module the version that was asked for.
//!
//! ```mlir
//! spirv.module Logical GLSL450 { %0 = spirv.Load "Workgroup" %p : f32
//!   %1 = spirv.KHR.CooperativeMatrixLoad %p, %n, <RowMajor> : … -> !spirv.coopmatrix<16x16xf16, Subgroup, MatrixA>
//! // becomes
//! spirv.module Logical Vulkan { %0 = spirv.Load "Workgroup" %p ["NonPrivatePointer"] : f32
//!   %1 = spirv.KHR.CooperativeMatrixLoad %p, %n, <RowMajor>, <NonPrivatePointer> : …
//! ```
//! In Vulkan's memory model threads see what others wrote only where reads and writes say that they are not private, and
//! where barriers make writes available and visible. Buffers stay private: no thread reads what another one writes there.

use ropt_mlir::{
    ir::edit::{Op, nested, op_name, operands, pin_mut, remove_attribute, results, set_attribute, type_of, type_text},
    kernel::string,
    melior::ir::{ValueLike, operation::OperationLike},
};
use ropt_plugin::prelude::*;

/// Gives modules with cooperative matrices SPIR-V 1.6 and Vulkan's memory model.
#[derive(Pass, Clone, Default)]
#[pass(name = "vulkan-settle-matrices", anchor = "spirv.module", dialects("spirv"))]
struct SettleMatrices {
    /// Modules that got the memory model.
    #[statistic]
    settled: Counter,
}

/// The version that the extension is written against.
const VERSION: &str = "v1.6";
/// The function attribute with the matrices' element type, from `gpu-apply-schedule`.
pub(crate) const ELEMENT: &str = "ropt.matrix_element";

impl RunPass for SettleMatrices {
    fn run(&mut self, op: OperationRefMut<'_, '_>, _cx: &PassContext<'_>) -> PassResult {
        let module = pin_mut(&op);
        let all = nested(module);
        let is_matrix = |op: &Op<'_>| op_name(*op).starts_with("spirv.KHR.CooperativeMatrix");
        let mut capabilities = "GroupNonUniform, VulkanMemoryModel".to_owned();
        let mut extensions = "SPV_KHR_vulkan_memory_model".to_owned();
        for function in all.iter().filter(|op| op_name(**op) == "spirv.func") {
            let element = string(*function, ELEMENT);
            remove_attribute(*function, ELEMENT);
            if element.as_deref() == Some("bf16") {
                nested(*function).into_iter().for_each(narrow);
                capabilities.push_str(", BFloat16TypeKHR, BFloat16CooperativeMatrixKHR");
                extensions.push_str(", SPV_KHR_bfloat16");
            }
        }
        // Entry points list their variables as SPIR-V does from 1.4 on, whatever the ops themselves need.
        let [_, before, after] =
            triple(module).ok_or_else(|| PassError::new("the module says no SPIR-V version").at(module.location()))?;
        if !all.iter().any(is_matrix) {
            set_attribute(module, "vce_triple", &format!("#spirv.vce<{VERSION}, [{before}], [{after}]>"));
            return Ok(());
        }
        for op in all {
            match op_name(op).as_str() {
                "spirv.Load" | "spirv.Store" if of_workgroup(op) => {
                    set_attribute(op, "memory_access", "#spirv.memory_access<NonPrivatePointer>");
                }
                "spirv.KHR.CooperativeMatrixLoad" | "spirv.KHR.CooperativeMatrixStore" if of_workgroup(op) => {
                    set_attribute(op, "memory_operand", "#spirv.memory_access<NonPrivatePointer>");
                }
                "spirv.ControlBarrier" => {
                    let all = "AcquireRelease|WorkgroupMemory|MakeAvailable|MakeVisible";
                    set_attribute(op, "memory_semantics", &format!("#spirv.memory_semantics<{all}>"));
                }
                _ => {}
            }
        }
        // The built-in number of a subgroup, which the conversion does not count, and what was written here.
        let (capabilities, extensions) = (union(&before, &capabilities), union(&after, &extensions));
        set_attribute(module, "vce_triple", &format!("#spirv.vce<{VERSION}, [{capabilities}], [{extensions}]>"));
        set_attribute(module, "memory_model", "#spirv.memory_model<Vulkan>");
        self.settled.add(1);
        Ok(())
    }
}

/// A module's version, capabilities and extensions.
fn triple(module: Op<'_>) -> Option<[String; 3]> {
    let text = module.attribute("vce_triple").ok()?.to_string();
    let (version, rest) = text.strip_prefix("#spirv.vce<")?.split_once(", [")?;
    let (capabilities, extensions) = rest.strip_suffix("]>")?.split_once("], [")?;
    Some([version, capabilities, extensions].map(str::to_owned))
}

/// The names of two lists, each once.
fn union(first: &str, second: &str) -> String {
    let mut all: Vec<&str> = Vec::new();
    for name in first.split(", ").chain(second.split(", ")).filter(|name| !name.is_empty()) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all.join(", ")
}

/// Whether the pointer of a read or write is to memory of the workgroup.
fn of_workgroup(op: Op<'_>) -> bool {
    operands(op).first().is_some_and(|pointer| type_text(pointer.r#type()).ends_with(", Workgroup>"))
}

/// Makes the factors' matrices of f16 ones of bf16.
fn narrow(op: Op<'_>) {
    for result in results(op) {
        let text = type_text(result.r#type());
        if text.starts_with("!spirv.coopmatrix<") && text.contains("xf16, ") {
            result.set_type(type_of(ropt_mlir::ir::edit::context_of(op), &text.replace("xf16, ", "xbf16, ")));
        }
    }
}
