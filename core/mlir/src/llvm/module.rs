//! One LLVM module with its own context.

use std::ffi::{c_char, c_uint};

use llvm_sys::{
    LLVMFastMathAllowContract, LLVMLinkage,
    analysis::{LLVMVerifierFailureAction, LLVMVerifyModule},
    core::*,
    ir_reader::LLVMParseIRInContext2,
    linker::LLVMLinkModules2,
    prelude::*,
};
use mlir_sys::{MlirOperation, mlirTranslateModuleToLLVMIR};

use super::{
    LlvmError, Machine,
    ffi::{c_string, take_message},
};

/// An LLVM module; the context is its own, so modules may live on different threads.
#[derive(Debug)]
pub struct LlvmModule {
    context: LLVMContextRef,
    raw: LLVMModuleRef,
}

// SAFETY: module and context belong to each other and to nobody else, and LLVM lets one thread at a time use them.
unsafe impl Send for LlvmModule {}

impl LlvmModule {
    /// Translates a builtin.module of LLVM dialect.
    ///
    /// # Errors
    /// [`LlvmError::Translate`] when some op has no LLVM form; MLIR's diagnostics name it.
    ///
    /// # Safety
    /// `module` is a live builtin.module, and the context has the translations to LLVM registered.
    pub unsafe fn from_mlir(module: MlirOperation) -> Result<Self, LlvmError> {
        // SAFETY: a fresh context.
        let context = unsafe { LLVMContextCreate() };
        // SAFETY: the caller promises a live module; both bindings name the same C type.
        let raw = unsafe { mlirTranslateModuleToLLVMIR(module, context.cast()) };
        if raw.is_null() {
            // SAFETY: nothing lives in the context.
            unsafe { LLVMContextDispose(context) };
            return Err(LlvmError::Translate);
        }
        Ok(Self { context, raw: raw.cast() })
    }

    /// Reads LLVM IR, bitcode or text. `name` is used in messages.
    ///
    /// # Errors
    /// [`LlvmError::Parse`] with LLVM's reason.
    pub fn parse(bytes: &[u8], name: &str) -> Result<Self, LlvmError> {
        // SAFETY: a fresh context, which is disposed of when no module comes out.
        unsafe {
            let context = LLVMContextCreate();
            match parse_in(context, bytes, name) {
                Ok(raw) => Ok(Self { context, raw }),
                Err(message) => {
                    LLVMContextDispose(context);
                    Err(LlvmError::Parse { name: name.to_owned(), version: VERSION, message })
                }
            }
        }
    }

    /// The module's identifier.
    pub fn name(&self) -> String {
        let mut length = 0;
        // SAFETY: the module is live; LLVM gives pointer and length.
        unsafe {
            let text = LLVMGetModuleIdentifier(self.raw, &mut length);
            String::from_utf8_lossy(std::slice::from_raw_parts(text.cast(), length)).into_owned()
        }
    }

    /// Sets the module's identifier, which LLVM's text and messages show.
    pub fn set_name(&mut self, name: &str) {
        // SAFETY: pointer and length of a live string, which LLVM copies.
        unsafe {
            LLVMSetModuleIdentifier(self.raw, name.as_ptr().cast(), name.len());
            LLVMSetSourceFileName(self.raw, name.as_ptr().cast(), name.len());
        }
    }

    /// Gives the module, and each function with a body, the machine's triple, layout, processor and features.
    ///
    /// # Errors
    /// A NUL byte in one of the texts.
    pub fn set_target(&mut self, machine: &Machine) -> Result<(), LlvmError> {
        let triple = c_string(&machine.options().triple)?;
        let layout = c_string(&machine.data_layout())?;
        // SAFETY: the module is live, the strings are NUL-terminated and copied.
        unsafe {
            LLVMSetTarget(self.raw, triple.as_ptr());
            LLVMSetDataLayout(self.raw, layout.as_ptr());
        }
        for function in self.functions() {
            self.set_attribute(function, "target-cpu", &machine.options().cpu);
            if !machine.options().features.is_empty() {
                self.set_attribute(function, "target-features", &machine.options().features);
            }
        }
        Ok(())
    }

    /// Puts a string attribute such as `prefer-vector-width` on every function with a body.
    pub fn set_function_attribute(&mut self, key: &str, value: &str) {
        for function in self.functions() {
            self.set_attribute(function, key, value);
        }
    }

    /// Lets the code generator fuse a multiplication and an addition, as C compilers do within an expression.
    pub fn allow_contraction(&mut self) {
        for function in self.functions() {
            // SAFETY: the walk follows LLVM's lists of live blocks and instructions.
            unsafe {
                let mut block = LLVMGetFirstBasicBlock(function);
                while !block.is_null() {
                    let mut instruction = LLVMGetFirstInstruction(block);
                    while !instruction.is_null() {
                        if LLVMCanValueUseFastMathFlags(instruction) != 0 {
                            let flags = LLVMGetFastMathFlags(instruction);
                            LLVMSetFastMathFlags(instruction, flags | LLVMFastMathAllowContract);
                        }
                        instruction = LLVMGetNextInstruction(instruction);
                    }
                    block = LLVMGetNextBasicBlock(block);
                }
            }
        }
    }

    /// Makes every definition internal except the named ones.
    pub fn keep_only(&mut self, exported: &[String]) {
        for value in self.functions().into_iter().chain(self.globals()) {
            let name = value_name(value);
            // Names that LLVM reserves (llvm.used, llvm.global_ctors) have a meaning through their linkage.
            if !name.starts_with("llvm.") && !exported.contains(&name) {
                // SAFETY: a live definition of this module.
                unsafe { LLVMSetLinkage(value, LLVMLinkage::LLVMInternalLinkage) };
            }
        }
    }

    /// The names of the functions with a body, in the module's order.
    pub fn defined_functions(&self) -> Vec<String> {
        self.functions().into_iter().map(value_name).collect()
    }

    /// The type of a function with a body as LLVM writes it, `i32 (ptr, ptr)`; `byval` stands behind a parameter that is
    /// passed as a copy.
    pub fn function_type(&self, name: &str) -> Option<String> {
        let function = self.functions().into_iter().find(|function| value_name(*function) == name)?;
        let text = |ty: LLVMTypeRef| {
            // SAFETY: a live type; the text is ours.
            unsafe { take_message(LLVMPrintTypeToString(ty)) }
        };
        // SAFETY: the name is one of LLVM's; types and attributes are asked of a live function, below its counts.
        let (result, parameters) = unsafe {
            let by_value = LLVMGetEnumAttributeKindForName(c"byval".as_ptr(), 5);
            let ty = LLVMGlobalGetValueType(function);
            let mut types = vec![std::ptr::null_mut(); LLVMCountParamTypes(ty) as usize];
            LLVMGetParamTypes(ty, types.as_mut_ptr());
            let parameters = types.into_iter().enumerate().map(|(index, ty)| {
                let copied = !LLVMGetEnumAttributeAtIndex(function, index as c_uint + 1, by_value).is_null();
                if copied { format!("{} byval", text(ty)) } else { text(ty) }
            });
            (text(LLVMGetReturnType(ty)), parameters.collect::<Vec<_>>())
        };
        Some(format!("{result} ({})", parameters.join(", ")))
    }

    /// The functions that the code calls or takes the address of and does not define, intrinsics left out, sorted.
    pub fn needed_functions(&self) -> Vec<String> {
        let is_needed = |function: &LLVMValueRef| {
            // SAFETY: a live function of this module.
            unsafe {
                LLVMIsDeclaration(*function) != 0
                    && LLVMGetIntrinsicID(*function) == 0
                    && LLVMGetLinkage(*function) != LLVMLinkage::LLVMExternalWeakLinkage
                    && !LLVMGetFirstUse(*function).is_null()
            }
        };
        let mut names: Vec<String> = self.all_functions().into_iter().filter(is_needed).map(value_name).collect();
        names.sort();
        names
    }

    /// The triple that the module is for; empty when it does not say.
    pub fn triple(&self) -> String {
        // SAFETY: the module is live, and the text is copied before anything changes it.
        unsafe { std::ffi::CStr::from_ptr(LLVMGetTarget(self.raw)) }.to_string_lossy().into_owned()
    }

    /// Moves everything of `other` into this module.
    ///
    /// # Errors
    /// [`LlvmError::Merge`], for instance when both define a symbol.
    pub fn merge(&mut self, other: Self) -> Result<(), LlvmError> {
        let (first, second) = (self.name(), other.name());
        // Modules merge within one context, so the other one is read again in ours.
        let bitcode = other.to_bitcode();
        // SAFETY: our context is live; linking takes over the second module.
        unsafe {
            let raw = match parse_in(self.context, &bitcode, &second) {
                Ok(raw) => raw,
                Err(message) => return Err(LlvmError::Merge { first, second, message }),
            };
            if LLVMLinkModules2(self.raw, raw) != 0 {
                let message = "a symbol is defined in both, or types differ".to_owned();
                return Err(LlvmError::Merge { first, second, message });
            }
        }
        Ok(())
    }

    /// Checks LLVM's own rules.
    ///
    /// # Errors
    /// [`LlvmError::Invalid`] with the verifier's words.
    pub fn verify(&self) -> Result<(), LlvmError> {
        let mut message = std::ptr::null_mut();
        let action = LLVMVerifierFailureAction::LLVMReturnStatusAction;
        // SAFETY: the module is live; the message is set in any case and ours.
        unsafe {
            let broken = LLVMVerifyModule(self.raw, action, &mut message) != 0;
            let message = take_message(message);
            if broken {
                return Err(LlvmError::Invalid { name: self.name(), message });
            }
        }
        Ok(())
    }

    /// LLVM IR as text.
    pub fn to_text(&self) -> String {
        // SAFETY: the module is live; the text is ours.
        unsafe { take_message(LLVMPrintModuleToString(self.raw)) + "\n" }
    }

    pub(super) fn raw(&self) -> LLVMModuleRef {
        self.raw
    }

    fn functions(&self) -> Vec<LLVMValueRef> {
        let mut all = self.all_functions();
        // SAFETY: live functions of this module.
        all.retain(|function| unsafe { LLVMIsDeclaration(*function) } == 0);
        all
    }

    fn all_functions(&self) -> Vec<LLVMValueRef> {
        let mut all = Vec::new();
        // SAFETY: the walk follows LLVM's list of live functions.
        unsafe {
            let mut function = LLVMGetFirstFunction(self.raw);
            while !function.is_null() {
                all.push(function);
                function = LLVMGetNextFunction(function);
            }
        }
        all
    }

    fn globals(&self) -> Vec<LLVMValueRef> {
        let mut all = Vec::new();
        // SAFETY: the walk follows LLVM's list of live globals.
        unsafe {
            let mut global = LLVMGetFirstGlobal(self.raw);
            while !global.is_null() {
                if LLVMIsDeclaration(global) == 0 {
                    all.push(global);
                }
                global = LLVMGetNextGlobal(global);
            }
        }
        all
    }

    fn set_attribute(&self, function: LLVMValueRef, key: &str, value: &str) {
        // SAFETY: pointer and length of live strings, which LLVM copies; the function is of this module.
        unsafe {
            let attribute = LLVMCreateStringAttribute(
                self.context,
                key.as_ptr().cast(),
                key.len() as c_uint,
                value.as_ptr().cast(),
                value.len() as c_uint,
            );
            LLVMAddAttributeAtIndex(function, llvm_sys::LLVMAttributeFunctionIndex, attribute);
        }
    }
}

impl Drop for LlvmModule {
    fn drop(&mut self) {
        // SAFETY: both are live and dropped once, the module first.
        unsafe {
            LLVMDisposeModule(self.raw);
            LLVMContextDispose(self.context);
        }
    }
}

/// LLVM's version, for messages.
const VERSION: &str = "22";

/// Reads bitcode or text into a context.
///
/// # Safety
/// The context is live.
unsafe fn parse_in(context: LLVMContextRef, bytes: &[u8], name: &str) -> Result<LLVMModuleRef, String> {
    let name = c_string(name).map_err(|error| error.to_string())?;
    // SAFETY: the buffer is a copy, which the parser leaves to us; message or module is set.
    unsafe {
        let start = bytes.as_ptr().cast::<c_char>();
        let buffer = LLVMCreateMemoryBufferWithMemoryRangeCopy(start, bytes.len(), name.as_ptr());
        let mut raw = std::ptr::null_mut();
        let mut message = std::ptr::null_mut();
        let failed = LLVMParseIRInContext2(context, buffer, &mut raw, &mut message) != 0;
        LLVMDisposeMemoryBuffer(buffer);
        if failed { Err(take_message(message)) } else { Ok(raw) }
    }
}

fn value_name(value: LLVMValueRef) -> String {
    let mut length = 0;
    // SAFETY: a live global value has a name of that length.
    unsafe {
        let text = LLVMGetValueName2(value, &mut length);
        if text.is_null() {
            return String::new();
        }
        String::from_utf8_lossy(std::slice::from_raw_parts(text.cast(), length)).into_owned()
    }
}
