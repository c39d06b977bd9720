//! The services of `HostApi`, for one running pass.

use crate::{host::Host, pipeline::check_inside, report::Report, run::parsed, upstream::Registry};
use ropt_abi::{
    RawLocation, RawOperation,
    abi_stable::{
        prefix_type::PrefixTypeTrait,
        std_types::{RResult, RSlice, RStr, RString, RVec},
    },
    manifest::PassRecord,
    pass::{Fault, FaultKind, Note},
    services::{HostApi, HostApiRef, PassCall, Severity},
    target::TargetDescriptorRef,
};
use ropt_mlir::{
    mlir_sys::{MlirLocation, MlirOperation, mlirIdentifierStr, mlirOperationGetName},
    sys,
};
use std::{ffi::c_void, sync::OnceLock};

/// The running pass, on the stack of the bridge's callback.
pub(crate) struct Running {
    pub(crate) host: &'static Host,
    pub(crate) record: &'static PassRecord,
    pub(crate) run: *mut sys::RoptPassRun,
    /// Where diagnostics without a place go.
    pub(crate) location: MlirLocation,
}

impl Running {
    pub(crate) fn call(&self) -> PassCall {
        PassCall { handle: std::ptr::from_ref(self).cast_mut().cast(), host: api() }
    }

    /// Emits through MLIR's diagnostic engine, so that handlers and `--verify-diagnostics` see it.
    pub(crate) fn emit(&self, location: RawLocation, severity: Severity, message: &str, notes: &[Note]) {
        let place = |raw: RawLocation, or: MlirLocation| {
            if raw.0.is_null() { or } else { MlirLocation { ptr: raw.0 } }
        };
        let none = MlirLocation { ptr: std::ptr::null() };
        let notes: Vec<_> = notes
            .iter()
            .map(|note| sys::RoptNote {
                location: place(note.location, none),
                message: sys::RoptStr::new(&note.message),
            })
            .collect();
        let severity = match severity {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Remark => 2,
        };
        let at = place(location, self.location);
        // SAFETY: locations belong to the context, which outlives the pass; the strings outlive the call.
        unsafe { sys::roptEmit(at, severity, sys::RoptStr::new(message), notes.as_ptr(), notes.len()) }
    }
}

fn api() -> HostApiRef {
    static API: OnceLock<HostApiRef> = OnceLock::new();
    *API.get_or_init(|| {
        HostApi {
            option,
            count,
            emit,
            run_pipeline,
            preserve_all,
            find_target,
            target_names,
            cancelled,
            work_dir,
            flag,
            identity,
        }
        .leak_into_prefix()
    })
}

/// # Safety
/// The handle must be the one that the running call got.
unsafe fn running<'a>(handle: *mut c_void) -> &'a Running {
    // SAFETY: handles are made by `Running::call` only and are valid until that call returns.
    unsafe { &*handle.cast::<Running>() }
}

fn fault(kind: FaultKind, report: Report) -> Fault {
    let none = RawLocation(std::ptr::null_mut());
    Fault {
        kind,
        location: none,
        message: report.message.into(),
        notes: report.notes.into_iter().map(|n| Note { location: none, message: n.into() }).collect(),
    }
}

unsafe extern "C" fn option(handle: *mut c_void, index: u32) -> RVec<RString> {
    // SAFETY: the plugin passes the handle it got.
    let running = unsafe { running(handle) };
    if running.run.is_null() || index as usize >= running.record.options.len() {
        return RVec::new();
    }
    // SAFETY: the pass is alive during the call, and the index was checked.
    let values = sys::collect(|sink, user| unsafe { sys::roptPassOption(running.run, index as usize, sink, user) });
    values.into_iter().map(Into::into).collect()
}

unsafe extern "C" fn count(handle: *mut c_void, index: u32, by: u64) {
    // SAFETY: as above.
    let running = unsafe { running(handle) };
    if let Some(statistic) = running.record.statistics.get(index as usize) {
        running.host.statistics.add(&running.record.pass, &statistic.name, by);
    }
}

unsafe extern "C" fn emit(
    handle: *mut c_void,
    location: RawLocation,
    severity: Severity,
    message: RStr<'_>,
    notes: RSlice<'_, Note>,
) {
    // SAFETY: as above.
    unsafe { running(handle) }.emit(location, severity, message.as_str(), notes.as_slice());
}

unsafe extern "C" fn run_pipeline(handle: *mut c_void, text: RStr<'_>, op: RawOperation) -> RResult<(), Fault> {
    // SAFETY: as above.
    let running = unsafe { running(handle) };
    let pipeline = sys::RoptStr::new(text.as_str());
    let op = MlirOperation { ptr: op.0 };
    let mut code = 0;
    let words = sys::collect(|sink, user| {
        // SAFETY: pass and op are alive during the call.
        code = unsafe { sys::roptPassRunPipeline(running.run, pipeline, op, sink, user) };
    });
    match code {
        0 => RResult::ROk(()),
        1 => RResult::RErr(fault(FaultKind::Usage, mistake(running, text.as_str(), op, words.concat().trim()))),
        _ => RResult::RErr(fault(FaultKind::Input, Report::error(""))),
    }
}

/// What is wrong with a pipeline that MLIR does not take, shown as for a pipeline of the command line where our own
/// checks see it.
fn mistake(running: &Running, text: &str, op: MlirOperation, words: &str) -> Report {
    // SAFETY: the op is alive during the call; an identifier lives as long as the context.
    let anchor = unsafe {
        let name = mlirIdentifierStr(mlirOperationGetName(op));
        sys::RoptStr { ptr: name.data, len: name.length }.as_str()
    };
    let name = format!("pipeline of {}", running.record.pass);
    let checked =
        parsed(text, &name).and_then(|pipeline| check_inside(&pipeline, anchor, text, &name, &Registry(running.host)));
    match checked {
        // The caret is a line of its own, which a note keeps.
        Err(report) => {
            Report::error(format!("the pipeline of {} has a mistake", running.record.pass)).note(report.to_string())
        }
        Ok(()) => Report::error(format!("cannot read the pipeline `{text}`: {words}")),
    }
}

unsafe extern "C" fn preserve_all(handle: *mut c_void) {
    // SAFETY: as above.
    let running = unsafe { running(handle) };
    // SAFETY: the pass is alive during the call.
    unsafe { sys::roptPassPreserveAll(running.run) }
}

unsafe extern "C" fn find_target(handle: *mut c_void, name: RStr<'_>) -> RResult<TargetDescriptorRef, Fault> {
    // SAFETY: as above.
    let running = unsafe { running(handle) };
    running.host.target_table(name.as_str()).map_err(|report| fault(FaultKind::Usage, *report)).into()
}

unsafe extern "C" fn target_names(handle: *mut c_void) -> RVec<RString> {
    // SAFETY: as above.
    let host = unsafe { running(handle) }.host;
    let records = host.plugins.iter().flat_map(|p| &p.file.manifest.targets);
    let mut names: Vec<_> = records.map(|t| t.target.clone()).collect();
    names.sort();
    names.into_iter().map(Into::into).collect()
}

unsafe extern "C" fn cancelled(handle: *mut c_void) -> bool {
    // SAFETY: as above.
    unsafe { running(handle) }.host.is_cancelled()
}

unsafe extern "C" fn work_dir(handle: *mut c_void) -> RResult<RString, Fault> {
    // SAFETY: as above.
    match unsafe { running(handle) }.host.work_dir() {
        Ok(path) => RResult::ROk(path.to_string_lossy().into_owned().into()),
        Err(error) => {
            let report = Report::error(format!("cannot make a temporary folder: {error}"))
                .help(Some("set TMPDIR to a folder that is writable".to_owned()));
            RResult::RErr(fault(FaultKind::Input, report))
        }
    }
}

unsafe extern "C" fn flag(handle: *mut c_void, name: RStr<'_>) -> RVec<RString> {
    // SAFETY: as above.
    let flags = unsafe { running(handle) }.host.flags.read();
    let flags = flags.unwrap_or_else(|poisoned| poisoned.into_inner());
    let values = flags.get(name.as_str()).cloned().unwrap_or_default();
    values.into_iter().map(Into::into).collect()
}

unsafe extern "C" fn identity(
    handle: *mut c_void,
    target: RStr<'_>,
    pipelines: RSlice<'_, RStr<'_>>,
) -> RResult<RString, Fault> {
    // SAFETY: as above.
    let running = unsafe { running(handle) };
    let target = Some(target.as_str()).filter(|target| !target.is_empty());
    let pipelines: Vec<&str> = pipelines.iter().map(|text| text.as_str()).collect();
    let digest = running.host.identity(&running.record.pass, target, &pipelines);
    digest.map(|key| key.to_string().into()).map_err(|report| fault(FaultKind::Usage, *report)).into()
}
