//! Target machines: a triple, a processor and its features.

use llvm_sys::{
    target::{LLVMCopyStringRepOfTargetData, LLVMDisposeTargetData},
    target_machine::*,
};

use super::{
    LlvmError,
    ffi::{c_string, take_message},
};

// SAFETY: the declarations repeat those of shim/Lld.h; each call says why its arguments do.
unsafe extern "C" {
    fn roptInitializeTargets();
}

/// What code is generated for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MachineOptions {
    /// LLVM triple; the process's own when empty.
    pub triple: String,
    /// Processor name as `llc -mcpu` takes it; `generic` when empty.
    pub cpu: String,
    /// Features as `llc -mattr` takes them: `+avx2,-avx512f`.
    pub features: String,
}

/// An LLVM target machine that makes position-independent code at -O3.
#[derive(Debug)]
pub struct Machine {
    raw: LLVMTargetMachineRef,
    options: MachineOptions,
}

impl Machine {
    /// A machine for `options`.
    ///
    /// # Errors
    /// A triple without a code generator, or a processor that LLVM refuses.
    pub fn new(options: &MachineOptions) -> Result<Self, LlvmError> {
        // SAFETY: takes nothing and may be called any number of times.
        unsafe { roptInitializeTargets() };
        let mut options = options.clone();
        if options.triple.is_empty() {
            // SAFETY: LLVM gives a string that we own.
            options.triple = unsafe { take_message(LLVMGetDefaultTargetTriple()) };
        }
        if options.cpu.is_empty() {
            options.cpu = "generic".to_owned();
        }
        let triple = c_string(&options.triple)?;
        let cpu = c_string(&options.cpu)?;
        let features = c_string(&options.features)?;
        let mut target = std::ptr::null_mut();
        let mut message = std::ptr::null_mut();
        // SAFETY: three valid pointers; `message` is set when the call fails.
        let failed = unsafe { LLVMGetTargetFromTriple(triple.as_ptr(), &mut target, &mut message) } != 0;
        if failed {
            // SAFETY: LLVM set the message.
            let message = unsafe { take_message(message) };
            return Err(LlvmError::UnknownTriple { triple: options.triple, message });
        }
        // SAFETY: the target is LLVM's, the strings are NUL-terminated.
        let raw = unsafe {
            LLVMCreateTargetMachine(
                target,
                triple.as_ptr(),
                cpu.as_ptr(),
                features.as_ptr(),
                LLVMCodeGenOptLevel::LLVMCodeGenLevelAggressive,
                LLVMRelocMode::LLVMRelocPIC,
                LLVMCodeModel::LLVMCodeModelDefault,
            )
        };
        if raw.is_null() {
            return Err(LlvmError::NoMachine { triple: options.triple, cpu: options.cpu });
        }
        Ok(Self { raw, options })
    }

    /// What the machine was made for, with defaults filled in.
    pub fn options(&self) -> &MachineOptions {
        &self.options
    }

    /// LLVM's data layout text of this machine.
    pub fn data_layout(&self) -> String {
        // SAFETY: the machine is live; the layout and the text are ours to free.
        unsafe {
            let layout = LLVMCreateTargetDataLayout(self.raw);
            let text = take_message(LLVMCopyStringRepOfTargetData(layout));
            LLVMDisposeTargetData(layout);
            text
        }
    }

    pub(super) fn raw(&self) -> LLVMTargetMachineRef {
        self.raw
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // SAFETY: made by LLVMCreateTargetMachine and dropped once.
        unsafe { LLVMDisposeTargetMachine(self.raw) };
    }
}

/// LLVM's name of the processor that this process runs on.
pub fn host_cpu() -> String {
    // SAFETY: LLVM gives a string that we own.
    unsafe { take_message(LLVMGetHostCPUName()) }
}

/// The features of the processor that this process runs on, `+a,-b,…`, sorted by name.
pub fn host_features() -> String {
    // SAFETY: LLVM gives a string that we own.
    let text = unsafe { take_message(LLVMGetHostCPUFeatures()) };
    let mut features: Vec<&str> = text.split(',').filter(|f| !f.is_empty()).collect();
    features.sort_by_key(|feature| feature.trim_start_matches(['+', '-']));
    features.join(",")
}
