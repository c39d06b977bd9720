//! What a running pass can ask of the host.

use crate::{
    error::{PassError, PassResult},
    target::TargetHandle,
};
use ropt_abi::{
    RawLocation, RawOperation,
    abi_stable::std_types::{RResult, RSlice, RStr},
    pass::Note,
    services::{PassCall, Severity},
};
use ropt_mlir::melior::ir::{Location, OperationRef};
use std::{marker::PhantomData, path::PathBuf};

/// The host, for the duration of one call. Everything in it belongs to the running pass; nothing is global.
pub struct PassContext<'a> {
    pub(crate) call: PassCall,
    _call: PhantomData<&'a ()>,
}

impl PassContext<'_> {
    pub(crate) fn new(call: PassCall) -> Self {
        Self { call, _call: PhantomData }
    }

    /// The values of the option at that place of the declaration.
    #[doc(hidden)]
    #[must_use]
    pub fn option(&self, index: u32) -> Vec<String> {
        // SAFETY: the handle is the host's own and valid during the call.
        let values = unsafe { self.call.host.option()(self.call.handle, index) };
        values.into_iter().map(Into::into).collect()
    }

    pub(crate) fn count(&self, index: u32, by: u64) {
        // SAFETY: as above.
        unsafe { self.call.host.count()(self.call.handle, index, by) }
    }

    fn emit(&self, severity: Severity, location: RawLocation, message: &str, notes: &[String]) {
        let none = RawLocation(std::ptr::null_mut());
        let notes: Vec<Note> = notes.iter().map(|n| Note { location: none, message: n.as_str().into() }).collect();
        // SAFETY: as above; location and strings outlive the call.
        unsafe {
            self.call.host.emit()(
                self.call.handle,
                location,
                severity,
                RStr::from(message),
                RSlice::from_slice(&notes),
            );
        }
    }

    /// Reports an error and goes on; the pass must still return an error (`PassError::reported()`).
    pub fn error(&self, location: Location<'_>, message: impl AsRef<str>) {
        self.emit(Severity::Error, raw(location), message.as_ref(), &[]);
    }

    /// Reports something that will surprise the user.
    pub fn warning(&self, location: Location<'_>, message: impl AsRef<str>) {
        self.emit(Severity::Warning, raw(location), message.as_ref(), &[]);
    }

    /// A warning with further lines below it; a remedy starts with `help: `.
    pub fn warning_with(&self, location: Location<'_>, message: impl AsRef<str>, notes: &[String]) {
        self.emit(Severity::Warning, raw(location), message.as_ref(), notes);
    }

    /// Says what was done.
    pub fn remark(&self, location: Location<'_>, message: impl AsRef<str>) {
        self.emit(Severity::Remark, raw(location), message.as_ref(), &[]);
    }

    /// Runs a textual pipeline on the pass's op or on one nested in it.
    ///
    /// # Errors
    /// When the text is wrong, or a pass of it fails (its own errors are reported then).
    pub fn run_pipeline<'c>(&self, pipeline: &str, op: OperationRef<'c, '_>) -> PassResult {
        // SAFETY: as above; the op is alive.
        let done =
            unsafe { self.call.host.run_pipeline()(self.call.handle, pipeline.into(), RawOperation(op.to_raw().ptr)) };
        fold(done)
    }

    /// Tells MLIR that the pass changed nothing.
    pub fn preserve_all(&self) {
        // SAFETY: as above.
        unsafe { self.call.host.preserve_all()(self.call.handle) }
    }

    /// The target of that name or alias, loading its plugin when needed.
    ///
    /// # Errors
    /// When there is none; the error names the nearest.
    pub fn target(&self, name: &str) -> PassResult<TargetHandle> {
        // SAFETY: as above.
        fold(unsafe { self.call.host.find_target()(self.call.handle, name.into()) }).map(TargetHandle)
    }

    /// The names of all targets, sorted.
    #[must_use]
    pub fn target_names(&self) -> Vec<String> {
        // SAFETY: as above.
        let names = unsafe { self.call.host.target_names()(self.call.handle) };
        names.into_iter().map(Into::into).collect()
    }

    /// Whether the run is to end early; long passes ask now and then.
    #[must_use]
    pub fn cancelled(&self) -> bool {
        // SAFETY: as above.
        unsafe { self.call.host.cancelled()(self.call.handle) }
    }

    /// A folder for temporary files, removed when the process ends.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn work_dir(&self) -> PassResult<PathBuf> {
        // SAFETY: as above.
        fold(unsafe { self.call.host.work_dir()(self.call.handle) }).map(|path| PathBuf::from(path.as_str()))
    }

    /// The values of a flag of `ropt compile`; empty when it was not given.
    #[must_use]
    pub fn flag(&self, name: &str) -> Vec<String> {
        // SAFETY: as above.
        let values = unsafe { self.call.host.flag()(self.call.handle, name.into()) };
        values.into_iter().map(Into::into).collect()
    }

    /// A digest of the code that is at work: MLIR's library, this pass's plugin, the plugins of `target` and of the passes
    /// that the pipelines name, and MLIR's flags. None of a host that cannot tell.
    ///
    /// # Errors
    /// When a pipeline has a mistake, there is no such target, or a plugin's file cannot be read any more.
    pub fn identity(&self, target: Option<&str>, pipelines: &[&str]) -> PassResult<Option<String>> {
        let Some(identity) = self.call.host.identity() else { return Ok(None) };
        let pipelines: Vec<RStr<'_>> = pipelines.iter().map(|text| RStr::from(*text)).collect();
        // SAFETY: as above.
        let digest =
            unsafe { identity(self.call.handle, target.unwrap_or_default().into(), RSlice::from_slice(&pipelines)) };
        fold(digest).map(|digest| Some(digest.into()))
    }

    /// A note on how the user asked for `value` of `option`: the one of the pass's `flags` that was given with it, or
    /// the option itself.
    #[must_use]
    pub fn asked_by(&self, option: &str, value: &str, flags: &[&str]) -> String {
        let given = flags.iter().find(|flag| self.flag(flag).iter().any(|one| one == value));
        given.map_or_else(
            || format!("asked for by option {option}={value}"),
            |flag| format!("asked for by --{flag}={value}"),
        )
    }
}

fn raw(location: Location<'_>) -> RawLocation {
    RawLocation(location.to_raw().ptr.cast_mut())
}

pub(crate) fn fold<T>(result: RResult<T, ropt_abi::pass::Fault>) -> PassResult<T> {
    result.into_result().map_err(PassError::from_fault)
}
