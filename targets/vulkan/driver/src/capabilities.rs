//! What a SPIR-V module asks of a device, held against what the device has: without the check, what happens is undefined.

use ash::vk;

/// The numbers of SPIR-V's capabilities that devices have or lack, from the unified specification.
mod number {
    pub(super) const FLOAT_16: u32 = 9;
    pub(super) const FLOAT_64: u32 = 10;
    pub(super) const INT_64: u32 = 11;
    pub(super) const INT_16: u32 = 22;
    pub(super) const INT_8: u32 = 39;
    pub(super) const STORAGE_16: u32 = 4433;
    pub(super) const POINTERS_STORAGE: u32 = 4441;
    pub(super) const POINTERS: u32 = 4442;
    pub(super) const STORAGE_8: u32 = 4448;
}

/// Capabilities of subgroups, and the operations that stand for them.
const SUBGROUPS: [(u32, vk::SubgroupFeatureFlags, &str); 8] = [
    (61, vk::SubgroupFeatureFlags::BASIC, "GroupNonUniform (basic subgroup operations)"),
    (62, vk::SubgroupFeatureFlags::VOTE, "GroupNonUniformVote (subgroup votes)"),
    (63, vk::SubgroupFeatureFlags::ARITHMETIC, "GroupNonUniformArithmetic (subgroup arithmetic)"),
    (64, vk::SubgroupFeatureFlags::BALLOT, "GroupNonUniformBallot (subgroup ballots)"),
    (65, vk::SubgroupFeatureFlags::SHUFFLE, "GroupNonUniformShuffle (subgroup shuffles)"),
    (66, vk::SubgroupFeatureFlags::SHUFFLE_RELATIVE, "GroupNonUniformShuffleRelative (relative subgroup shuffles)"),
    (67, vk::SubgroupFeatureFlags::CLUSTERED, "GroupNonUniformClustered (clustered subgroup operations)"),
    (68, vk::SubgroupFeatureFlags::QUAD, "GroupNonUniformQuad (quad operations)"),
];

/// The features that were asked of a device.
pub(crate) struct Has<'a> {
    pub(crate) core: &'a vk::PhysicalDeviceFeatures,
    pub(crate) storage_16: &'a vk::PhysicalDevice16BitStorageFeatures<'a>,
    pub(crate) storage_8: &'a vk::PhysicalDevice8BitStorageFeatures<'a>,
    pub(crate) small: &'a vk::PhysicalDeviceShaderFloat16Int8Features<'a>,
    pub(crate) pointers: &'a vk::PhysicalDeviceVariablePointersFeatures<'a>,
    pub(crate) subgroups: vk::SubgroupFeatureFlags,
}

/// Capabilities that a device lacks: SPIR-V's number, and its name with the feature's.
pub(crate) type Lacking = Vec<(u32, &'static str)>;

impl Has<'_> {
    /// What is not there.
    pub(crate) fn lacking(&self) -> Lacking {
        let features = [
            (number::FLOAT_16, self.small.shader_float16, "Float16 (shaderFloat16)"),
            (number::FLOAT_64, self.core.shader_float64, "Float64 (shaderFloat64)"),
            (number::INT_64, self.core.shader_int64, "Int64 (shaderInt64)"),
            (number::INT_16, self.core.shader_int16, "Int16 (shaderInt16)"),
            (number::INT_8, self.small.shader_int8, "Int8 (shaderInt8)"),
            (
                number::STORAGE_16,
                self.storage_16.storage_buffer16_bit_access,
                "StorageBuffer16BitAccess (storageBuffer16BitAccess)",
            ),
            (
                number::STORAGE_8,
                self.storage_8.storage_buffer8_bit_access,
                "StorageBuffer8BitAccess (storageBuffer8BitAccess)",
            ),
            (
                number::POINTERS_STORAGE,
                self.pointers.variable_pointers_storage_buffer,
                "VariablePointersStorageBuffer (variablePointersStorageBuffer)",
            ),
            (number::POINTERS, self.pointers.variable_pointers, "VariablePointers (variablePointers)"),
        ];
        let features =
            features.into_iter().filter(|(_, there, _)| *there == vk::FALSE).map(|(one, _, name)| (one, name));
        let subgroups = SUBGROUPS.into_iter().filter(|(_, operation, _)| !self.subgroups.contains(*operation));
        features.chain(subgroups.map(|(one, _, name)| (one, name))).collect()
    }
}

/// The first capability of a module, given as its words, that is lacking. Capabilities stand at a module's start.
pub(crate) fn first_lacking(words: &[u32], lacking: &Lacking) -> Option<&'static str> {
    let mut rest = words.get(5..).unwrap_or_default();
    while let Some(head) = rest.first() {
        let (length, operation) = ((head >> 16) as usize, head & 0xffff);
        if operation != CAPABILITY || length == 0 {
            return None;
        }
        let asked = rest.get(1);
        if let Some((_, name)) = lacking.iter().find(|(one, _)| Some(one) == asked) {
            return Some(name);
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    None
}

/// OpCapability.
const CAPABILITY: u32 = 17;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_module_asks_is_found() {
        let words = [0x0723_0203, 0x0001_0300, 0, 8, 0, 0x0002_0011, 1, 0x0002_0011, 10, 0x0003_000e, 0, 1];
        let lacking = vec![(11, "Int64"), (10, "Float64")];
        assert_eq!(first_lacking(&words, &lacking), Some("Float64"));
        assert_eq!(first_lacking(&words[..7], &lacking), None);
        assert_eq!(first_lacking(&words[..8], &lacking), None);
        assert_eq!(first_lacking(&[], &lacking), None);
    }

    #[test]
    fn a_device_without_anything_lacks_all() {
        let has = Has {
            core: &vk::PhysicalDeviceFeatures::default(),
            storage_16: &vk::PhysicalDevice16BitStorageFeatures::default(),
            storage_8: &vk::PhysicalDevice8BitStorageFeatures::default(),
            small: &vk::PhysicalDeviceShaderFloat16Int8Features::default(),
            pointers: &vk::PhysicalDeviceVariablePointersFeatures::default(),
            subgroups: vk::SubgroupFeatureFlags::BASIC,
        };
        let lacking = has.lacking();
        assert!(lacking.iter().any(|(one, _)| *one == number::FLOAT_64) && !lacking.iter().any(|(one, _)| *one == 61));
        assert_eq!(lacking.len(), 16);
    }
}
