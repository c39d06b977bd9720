//! Which device it is: its compute capability, what is compiled for it, its place on the bus.

use std::ffi::CString;

use cudarc::driver::{result, sys};

use crate::error::{Result, What};

/// The question whether a variant is for this device, by the text of its target attribute.
pub(crate) const TARGET: &str = "hal.executable.target";

/// Whether the device runs what is compiled for the target: PTX of its compute capability or an older one, and of an
/// architecture with a letter only its own.
pub(crate) fn takes(target: &str, capability: i32) -> bool {
    let value = |key: &str| Some(target.split_once(&format!("{key} = \"sm_"))?.1.split_once('"')?.0);
    let Some(chip) = value("chip").or_else(|| value("arch")) else { return true };
    let number = chip.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let Ok(wanted) = number.parse::<i32>() else { return true };
    if number.len() == chip.len() { wanted <= capability } else { wanted == capability }
}

/// The device's place on the PCI bus, as text.
pub(crate) fn bus(device: sys::CUdevice) -> Option<CString> {
    let mut text = vec![0_u8; 32];
    // SAFETY: the buffer is as long as is said; the text ends with a zero.
    let asked = unsafe { sys::cuDeviceGetPCIBusId(text.as_mut_ptr().cast(), text.len() as i32, device) };
    asked.result().ok()?;
    text.retain(|byte| *byte != 0);
    CString::new(text).ok()
}

pub(crate) fn capability(device: sys::CUdevice) -> Result<i32> {
    use sys::CUdevice_attribute as Attribute;
    // SAFETY: the device was given by the driver.
    let ask = |attribute| unsafe { result::device::get_attribute(device, attribute) }.what("ask for an attribute");
    let major = ask(Attribute::CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)?;
    Ok(major * 10 + ask(Attribute::CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ptx_is_for_its_architecture_and_newer_ones() {
        let of = |chip: &str| format!("#hal.executable.target<\"cuda\", \"cuda-nvptx-fb\", {{chip = \"{chip}\"}}>");
        assert!(takes(&of("sm_75"), 90) && takes(&of("sm_90"), 90) && !takes(&of("sm_90"), 80));
        assert!(takes(&of("sm_90a"), 90) && !takes(&of("sm_90a"), 100));
        assert!(!takes("{target_arch = \"sm_80\"}", 75) && takes("{}", 75));
    }
}
