//! A pass as a table of functions over an opaque instance.

use crate::{RawContext, RawLocation, RawOperation, services::PassCall};
use abi_stable::{
    StableAbi,
    std_types::{RResult, RStr, RString, RVec},
};
use core::ffi::c_void;

/// An instance of a pass; each worker thread has its own.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, StableAbi)]
pub struct RawPass(pub *mut c_void);

/// Whose mistake a failure is.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, StableAbi)]
pub enum FaultKind {
    /// The input does not do: exit code 1.
    Input,
    /// An option does not do: exit code 2.
    Usage,
    /// The plugin panicked or broke a promise: exit code 3.
    Plugin,
}

/// A line below an error.
#[repr(C)]
#[derive(Clone, Debug, StableAbi)]
pub struct Note {
    /// Where; null for the error's own place.
    pub location: RawLocation,
    /// One sentence, without a full stop. Remedies start with `help: `.
    pub message: RString,
}

/// Why a pass or target gave up.
#[repr(C)]
#[derive(Clone, Debug, StableAbi)]
pub struct Fault {
    /// Whose mistake it is.
    pub kind: FaultKind,
    /// Where; null for the op the pass ran on.
    pub location: RawLocation,
    /// One sentence, without a full stop; empty when everything was already reported.
    pub message: RString,
    /// What else to say.
    pub notes: RVec<Note>,
}

/// Done, or why not.
pub type Outcome = RResult<(), Fault>;

/// The functions of one pass; name and options are in the manifest.
#[repr(C)]
#[derive(StableAbi)]
#[sabi(kind(Prefix(prefix_ref = PassDescriptorRef, prefix_fields = PassDescriptorPrefix)))]
#[sabi(missing_field(option))]
pub struct PassDescriptor {
    /// The pass's name, as in the manifest.
    pub name: RStr<'static>,
    /// A new instance with default options.
    pub create: extern "C" fn() -> RawPass,
    /// A copy for another thread.
    pub duplicate: unsafe extern "C" fn(RawPass) -> RawPass,
    /// Frees an instance.
    pub destroy: unsafe extern "C" fn(RawPass),
    /// Reads the options; called once before `run`, on the main thread.
    pub initialize: unsafe extern "C" fn(RawPass, RawContext, PassCall) -> Outcome,
    /// Works on one op; may be called on several threads, each with its own instance.
    #[sabi(last_prefix_field)]
    pub run: unsafe extern "C" fn(RawPass, RawOperation, PassCall) -> Outcome,
}
