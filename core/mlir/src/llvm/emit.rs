//! Optimisation and output: -O3, bitcode, assembly, objects.

use std::ffi::CStr;

use llvm_sys::{
    bit_writer::LLVMWriteBitcodeToMemoryBuffer,
    core::{LLVMDisposeMemoryBuffer, LLVMGetBufferSize, LLVMGetBufferStart},
    error::{LLVMDisposeErrorMessage, LLVMGetErrorMessage},
    prelude::LLVMMemoryBufferRef,
    target_machine::{LLVMCodeGenFileType, LLVMTargetMachineEmitToMemoryBuffer},
    transforms::pass_builder::*,
};

use super::{
    LlvmError, LlvmModule, Machine,
    ffi::{c_string, take_message},
};

/// What a machine writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Assembly text.
    Assembly,
    /// A relocatable object.
    Object,
}

impl LlvmModule {
    /// Runs LLVM's own pipeline, such as `default<O3>`.
    ///
    /// # Errors
    /// [`LlvmError::Passes`] when the text is not a pipeline.
    pub fn optimize(&mut self, machine: &Machine, pipeline: &str) -> Result<(), LlvmError> {
        let text = c_string(pipeline)?;
        // SAFETY: module and machine are live; options are ours; an error is taken once.
        unsafe {
            let options = LLVMCreatePassBuilderOptions();
            LLVMPassBuilderOptionsSetLoopVectorization(options, 1);
            LLVMPassBuilderOptionsSetLoopInterleaving(options, 1);
            LLVMPassBuilderOptionsSetLoopUnrolling(options, 1);
            LLVMPassBuilderOptionsSetSLPVectorization(options, 1);
            let error = LLVMRunPasses(self.raw(), text.as_ptr(), machine.raw(), options);
            LLVMDisposePassBuilderOptions(options);
            if !error.is_null() {
                let message = LLVMGetErrorMessage(error);
                let owned = CStr::from_ptr(message).to_string_lossy().into_owned();
                LLVMDisposeErrorMessage(message);
                return Err(LlvmError::Passes { pipeline: pipeline.to_owned(), message: owned });
            }
        }
        Ok(())
    }

    /// Assembly or an object. The module is consumed by the code generator's own passes, so emit from a copy
    /// ([`LlvmModule::duplicate`]) when it is still needed.
    ///
    /// # Errors
    /// [`LlvmError::Emit`] with LLVM's words.
    pub fn emit(&mut self, machine: &Machine, kind: FileKind) -> Result<Vec<u8>, LlvmError> {
        let (what, raw) = match kind {
            FileKind::Assembly => ("assembly", LLVMCodeGenFileType::LLVMAssemblyFile),
            FileKind::Object => ("object", LLVMCodeGenFileType::LLVMObjectFile),
        };
        let mut message = std::ptr::null_mut();
        let mut buffer = std::ptr::null_mut();
        // SAFETY: module and machine are live; message or buffer is set.
        unsafe {
            let failed =
                LLVMTargetMachineEmitToMemoryBuffer(machine.raw(), self.raw(), raw, &mut message, &mut buffer) != 0;
            if failed {
                return Err(LlvmError::Emit { what, message: take_message(message) });
            }
            Ok(take_buffer(buffer))
        }
    }

    /// The module as bitcode.
    pub fn to_bitcode(&self) -> Vec<u8> {
        // SAFETY: the module is live; the buffer is ours.
        unsafe { take_buffer(LLVMWriteBitcodeToMemoryBuffer(self.raw())) }
    }

    /// A copy in a context of its own.
    ///
    /// # Errors
    /// None in practice: the bitcode was just written.
    pub fn duplicate(&self) -> Result<Self, LlvmError> {
        Self::parse(&self.to_bitcode(), &self.name())
    }
}

/// # Safety
/// `buffer` is a live buffer that the caller owns.
unsafe fn take_buffer(buffer: LLVMMemoryBufferRef) -> Vec<u8> {
    // SAFETY: start and size describe the live buffer, which is freed once after the copy.
    unsafe {
        let start = LLVMGetBufferStart(buffer).cast::<u8>();
        let bytes = std::slice::from_raw_parts(start, LLVMGetBufferSize(buffer)).to_vec();
        LLVMDisposeMemoryBuffer(buffer);
        bytes
    }
}
