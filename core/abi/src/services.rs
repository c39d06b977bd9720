//! What the host does for a pass while it runs.

use crate::{
    RawLocation, RawOperation,
    pass::{Fault, Note},
    target::TargetDescriptorRef,
};
use abi_stable::{
    StableAbi,
    std_types::{RResult, RSlice, RStr, RString, RVec},
};
use core::ffi::c_void;

/// How grave a diagnostic is.
#[repr(u8)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, StableAbi)]
pub enum Severity {
    /// The run fails.
    Error,
    /// Something will surprise.
    Warning,
    /// What was done.
    Remark,
}

/// The call that is in progress: a handle of the host's and the services that take it.
#[repr(C)]
#[derive(Clone, Copy, StableAbi)]
pub struct PassCall {
    /// The host's handle; valid until the call returns.
    pub handle: *mut c_void,
    /// The services.
    pub host: HostApiRef,
}

/// The host's services. Nothing in it is global: each takes the handle of the running pass.
#[repr(C)]
#[derive(StableAbi)]
#[sabi(kind(Prefix(prefix_ref = HostApiRef)))]
#[sabi(missing_field(option))]
pub struct HostApi {
    /// The values of the option at that place of the manifest: one, or any number for a list.
    pub option: unsafe extern "C" fn(*mut c_void, index: u32) -> RVec<RString>,
    /// Adds to the statistic at that place of the manifest.
    pub count: unsafe extern "C" fn(*mut c_void, index: u32, by: u64),
    /// Reports at a place; a null location is the place of the pass's op.
    pub emit: unsafe extern "C" fn(*mut c_void, RawLocation, Severity, RStr<'_>, RSlice<'_, Note>),
    /// Runs a textual pipeline on the pass's op or one nested in it.
    pub run_pipeline: unsafe extern "C" fn(*mut c_void, RStr<'_>, RawOperation) -> RResult<(), Fault>,
    /// Tells MLIR that nothing changed.
    pub preserve_all: unsafe extern "C" fn(*mut c_void),
    /// The target of that name or alias; the error lists what there is.
    pub find_target: unsafe extern "C" fn(*mut c_void, RStr<'_>) -> RResult<TargetDescriptorRef, Fault>,
    /// The names of all targets, sorted.
    pub target_names: unsafe extern "C" fn(*mut c_void) -> RVec<RString>,
    /// Whether the run is to end early.
    pub cancelled: unsafe extern "C" fn(*mut c_void) -> bool,
    /// A folder for temporary files, removed at the end of the process.
    pub work_dir: unsafe extern "C" fn(*mut c_void) -> RResult<RString, Fault>,
    /// The value of a compile flag given to `ropt compile`, empty when it was not given.
    #[sabi(last_prefix_field)]
    pub flag: unsafe extern "C" fn(*mut c_void, name: RStr<'_>) -> RVec<RString>,
    /// A digest of the code that is at work: MLIR's library, the running pass's plugin, the plugins of a target and of the
    /// passes that the pipelines name, and MLIR's flags. Since ABI 1.2.
    pub identity:
        unsafe extern "C" fn(*mut c_void, target: RStr<'_>, pipelines: RSlice<'_, RStr<'_>>) -> RResult<RString, Fault>,
}
