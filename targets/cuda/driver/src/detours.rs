//! Bindings that begin where a kernel's wide loads and stores can not: they go through memory of their own.

use ropt_driver::driver::Binding;

use crate::{device::CudaDevice, error::Result};

/// What an address is a multiple of for a thread to read or write the most bytes at once. Memory is allocated so; the
/// slice of a tensor may begin anywhere.
const ALIGNMENT: u64 = 16;

/// The bindings that a kernel is given, and which of them are copies.
pub(crate) struct Detours {
    pub(crate) bindings: Vec<Binding>,
    copies: Vec<(u64, Binding)>,
}

impl CudaDevice {
    /// Copies what is not aligned to new memory; none when all of it is.
    pub(crate) fn detours(&mut self, bindings: &[Binding]) -> Result<Option<Detours>> {
        if bindings.iter().all(|binding| binding.address.is_multiple_of(ALIGNMENT)) {
            return Ok(None);
        }
        let mut detours = Detours { bindings: bindings.to_vec(), copies: Vec::new() };
        for binding in &mut detours.bindings {
            if !binding.address.is_multiple_of(ALIGNMENT) {
                let original = *binding;
                binding.address = self.new_memory(original.length)?;
                self.copy_bytes(binding.address, original.address, original.length)?;
                detours.copies.push((binding.address, original));
            }
        }
        Ok(Some(detours))
    }

    /// Copies back and lets the memory go. Of two bindings of the same memory the later one, the result, counts.
    pub(crate) fn end_detours(&mut self, detours: Detours) -> Result {
        for (address, original) in detours.copies {
            self.copy_bytes(original.address, address, original.length)?;
            self.forget(address)?;
        }
        Ok(())
    }
}
