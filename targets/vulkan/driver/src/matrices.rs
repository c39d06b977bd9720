//! Cooperative matrices: of which element types a device has those that kernels are compiled for.
//!
//! That is 16 by 16 by 16, summed in f32, held by subgroups of 32, with the memory model and the shared memory that such
//! kernels want.

use std::{
    ffi::{CStr, c_void},
    mem::offset_of,
};

use ash::{khr, vk};

use crate::{
    error::{Result, What},
    instance::{Instance, Physical},
};

/// The extension for bf16, which is younger than our bindings.
pub(crate) const BFLOAT16: &CStr = c"VK_KHR_shader_bfloat16";
/// Its number of a component type.
const BFLOAT16_COMPONENT: vk::ComponentTypeKHR = vk::ComponentTypeKHR::from_raw(1_000_141_000);
/// Rows, columns and depth.
const SIDE: u32 = 16;
/// Threads that hold a matrix.
const SUBGROUP: u32 = 32;
/// Bytes of shared memory that a workgroup may take.
const SHARED: u32 = 48 << 10;

/// VkPhysicalDeviceShaderBfloat16FeaturesKHR, as the Vulkan specification has it.
#[repr(C)]
#[derive(Debug)]
pub(crate) struct Bfloat16 {
    s_type: vk::StructureType,
    p_next: *mut c_void,
    /// There are numbers of the type.
    types: vk::Bool32,
    dot_product: vk::Bool32,
    /// There are cooperative matrices of it.
    matrices: vk::Bool32,
}

// SAFETY: the structure begins as all of Vulkan's do, and has the number that the specification gives it.
unsafe impl vk::TaggedStructure for Bfloat16 {
    const STRUCTURE_TYPE: vk::StructureType = vk::StructureType::from_raw(1_000_141_000);
}
// SAFETY: the specification lets it follow VkPhysicalDeviceFeatures2.
unsafe impl vk::ExtendsPhysicalDeviceFeatures2 for Bfloat16 {}

const _: () = assert!(offset_of!(Bfloat16, types) == 16 && size_of::<Bfloat16>() == 32);

impl Default for Bfloat16 {
    fn default() -> Self {
        use vk::TaggedStructure as _;
        Self { s_type: Self::STRUCTURE_TYPE, p_next: std::ptr::null_mut(), types: 0, dot_product: 0, matrices: 0 }
    }
}

/// The element types, f16 and bf16, of which the device has the matrices.
///
/// # Errors
/// When the device does not answer.
pub(crate) fn supported(instance: &Instance, physical: &Physical) -> Result<Vec<&'static str>> {
    let fits = physical.properties.api_version >= vk::API_VERSION_1_3
        && physical.subgroup == SUBGROUP
        && physical.properties.limits.max_compute_shared_memory_size >= SHARED;
    if !fits || !instance.has(physical, khr::cooperative_matrix::NAME)? {
        return Ok(Vec::new());
    }
    let brains = instance.has(physical, BFLOAT16)?;
    let mut matrices = vk::PhysicalDeviceCooperativeMatrixFeaturesKHR::default();
    let mut model = vk::PhysicalDeviceVulkanMemoryModelFeatures::default();
    let mut brain = Bfloat16::default();
    let mut features = vk::PhysicalDeviceFeatures2::default().push_next(&mut matrices).push_next(&mut model);
    if brains {
        features = features.push_next(&mut brain);
    }
    // SAFETY: the device was listed by the instance, and has the extensions of the structures asked.
    unsafe { instance.raw.get_physical_device_features2(physical.raw, &mut features) };
    if matrices.cooperative_matrix == vk::FALSE || model.vulkan_memory_model == vk::FALSE {
        return Ok(Vec::new());
    }
    let ask = khr::cooperative_matrix::Instance::new(&instance.entry, &instance.raw);
    // SAFETY: the device was listed by the instance, and has the extension.
    let all = unsafe { ask.get_physical_device_cooperative_matrix_properties(physical.raw) }
        .what("list the device's cooperative matrices")?;
    let has = |factor: vk::ComponentTypeKHR| {
        all.iter().any(|each| {
            let sums = [each.c_type, each.result_type].iter().all(|ty| *ty == vk::ComponentTypeKHR::FLOAT32);
            let factors = [each.a_type, each.b_type].iter().all(|ty| *ty == factor);
            let sizes = [each.m_size, each.n_size, each.k_size].iter().all(|size| *size == SIDE);
            sums && factors && sizes && each.scope == vk::ScopeKHR::SUBGROUP
        })
    };
    let mut types = Vec::new();
    if has(vk::ComponentTypeKHR::FLOAT16) {
        types.push("f16");
    }
    // bf16 alone is not taken: its extension builds on the matrices of f16.
    if !types.is_empty() && brains && brain.types == vk::TRUE && brain.matrices == vk::TRUE && has(BFLOAT16_COMPONENT) {
        types.push("bf16");
    }
    Ok(types)
}

/// SPIR-V's capabilities that a device with matrices of these types lacks: numbers from the registry, and names.
pub(crate) fn lacking(types: &[&str]) -> Vec<(u32, &'static str)> {
    let all = [
        ("f16", 6022, "CooperativeMatrixKHR (cooperativeMatrix, with the sizes that ropt compiles for)"),
        ("bf16", 5118, "BFloat16CooperativeMatrixKHR (shaderBFloat16CooperativeMatrix)"),
    ];
    all.into_iter().filter(|(ty, ..)| !types.contains(ty)).map(|(_, number, name)| (number, name)).collect()
}

/// Whether a device with matrices of these types has those of a target's attribute.
pub(crate) fn takes(target: &str, types: &[&str]) -> bool {
    let list = target.split_once("cooperative_matrix = \"").and_then(|(_, rest)| rest.split_once('"'));
    list.is_none_or(|(list, _)| list.split(',').all(|wanted| types.contains(&wanted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_are_wanted_by_type() {
        let of = |list: &str| format!("#hal.executable.target<\"x\", \"y\", {{cooperative_matrix = \"{list}\"}}>");
        assert!(takes(&of("f16"), &["f16"]) && takes(&of("f16,bf16"), &["f16", "bf16"]));
        assert!(!takes(&of("f16"), &[]) && !takes(&of("f16,bf16"), &["f16"]));
        assert!(takes("#hal.executable.target<\"x\", \"y\">", &[]));
        assert_eq!(lacking(&["f16"])[0].0, 5118);
    }
}
