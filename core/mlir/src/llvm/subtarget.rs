//! What a processor can do, as LLVM knows it.

use std::ffi::c_void;

use super::LlvmError;
use crate::sys::{RoptSink, RoptStr, collect};

// SAFETY: the declarations repeat those of shim/Subtarget.h; each call says why its arguments do.
unsafe extern "C" {
    fn roptSubtargetFeatures(
        triple: RoptStr,
        cpu: RoptStr,
        features: RoptStr,
        sink: RoptSink,
        user: *mut c_void,
    ) -> i32;
    fn roptSubtargetCpus(triple: RoptStr, sink: RoptSink, user: *mut c_void) -> i32;
    fn roptSubtargetAllFeatures(triple: RoptStr, sink: RoptSink, user: *mut c_void) -> i32;
}

/// Every feature that a processor has, by name and sorted; `features` (`+a,-b`) adds and takes away.
///
/// # Errors
/// A triple or processor that LLVM does not know.
pub fn cpu_features(triple: &str, cpu: &str, features: &str) -> Result<Vec<String>, LlvmError> {
    let mut code = 0;
    let (t, c, f) = (RoptStr::new(triple), RoptStr::new(cpu), RoptStr::new(features));
    // SAFETY: the texts outlive the call, which hands the sink live texts.
    let mut names = collect(|sink, user| code = unsafe { roptSubtargetFeatures(t, c, f, sink, user) });
    names.sort();
    match code {
        0 => Ok(names),
        1 => Err(unknown_triple(triple)),
        _ => Err(LlvmError::UnknownCpu { triple: triple.to_owned(), cpu: cpu.to_owned() }),
    }
}

/// Every processor that LLVM knows for a triple, sorted.
///
/// # Errors
/// A triple that LLVM does not know.
pub fn cpu_names(triple: &str) -> Result<Vec<String>, LlvmError> {
    all(triple, roptSubtargetCpus)
}

/// Every feature that LLVM knows for a triple, sorted.
///
/// # Errors
/// A triple that LLVM does not know.
pub fn feature_names(triple: &str) -> Result<Vec<String>, LlvmError> {
    all(triple, roptSubtargetAllFeatures)
}

type List = unsafe extern "C" fn(RoptStr, RoptSink, *mut c_void) -> i32;

fn all(triple: &str, list: List) -> Result<Vec<String>, LlvmError> {
    let mut code = 0;
    // SAFETY: the text outlives the call, which hands the sink live texts.
    let mut names = collect(|sink, user| code = unsafe { list(RoptStr::new(triple), sink, user) });
    names.sort();
    names.dedup();
    if code == 0 { Ok(names) } else { Err(unknown_triple(triple)) }
}

fn unknown_triple(triple: &str) -> LlvmError {
    LlvmError::UnknownTriple { triple: triple.to_owned(), message: "LLVM has no such target".to_owned() }
}
