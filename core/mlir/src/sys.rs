//! Raw bindings to `shim/Shim.h`. Nothing here is safe to call without reading that header.

#![expect(missing_docs, reason = "the header documents each function once")]

use mlir_sys::{MlirContext, MlirLocation, MlirOperation, MlirType, MlirValue};
use std::ffi::{c_char, c_int, c_void};

#[repr(C)]
#[derive(Clone, Copy)]
pub struct RoptStr {
    pub ptr: *const c_char,
    pub len: usize,
}

impl RoptStr {
    pub fn new(text: &str) -> Self {
        Self::of_bytes(text.as_bytes())
    }

    /// Bytes that need not be text.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self { ptr: bytes.as_ptr().cast(), len: bytes.len() }
    }

    /// # Safety
    /// As [`Self::as_str`].
    pub unsafe fn as_bytes<'a>(self) -> &'a [u8] {
        if self.ptr.is_null() {
            return &[];
        }
        // SAFETY: the caller vouches for pointer, length and lifetime.
        unsafe { std::slice::from_raw_parts(self.ptr.cast(), self.len) }
    }

    /// # Safety
    /// The bytes must be valid for the lifetime that the caller picks.
    pub unsafe fn as_str<'a>(self) -> &'a str {
        // SAFETY: the caller's word.
        let bytes = unsafe { self.as_bytes() };
        std::str::from_utf8(bytes).unwrap_or("<not UTF-8>")
    }
}

pub type RoptSink = unsafe extern "C" fn(*mut c_void, RoptStr);

#[repr(C)]
pub struct RoptOptionDesc {
    pub name: RoptStr,
    pub help: RoptStr,
    pub dflt: RoptStr,
    pub kind: u32,
}

#[repr(C)]
pub struct RoptPassRun {
    _opaque: [u8; 0],
}

#[repr(C)]
pub struct RoptSnapshot {
    _opaque: [u8; 0],
}

#[repr(C)]
pub struct RoptPassDesc {
    pub argument: RoptStr,
    pub description: RoptStr,
    pub op_name: RoptStr,
    pub options: *const RoptOptionDesc,
    pub n_options: usize,
    pub dialects: *const RoptStr,
    pub n_dialects: usize,
    pub user: *mut c_void,
    pub create: unsafe extern "C" fn(*mut c_void, *mut RoptPassRun) -> *mut c_void,
    pub clone: unsafe extern "C" fn(*mut c_void, *mut c_void) -> *mut c_void,
    pub destroy: unsafe extern "C" fn(*mut c_void, *mut c_void),
    pub initialize: unsafe extern "C" fn(*mut c_void, *mut c_void, MlirContext, *mut RoptPassRun) -> i32,
    pub run: unsafe extern "C" fn(*mut c_void, *mut c_void, MlirOperation, *mut RoptPassRun) -> i32,
    pub foreign: unsafe extern "C" fn(*mut c_void, MlirOperation, *mut RoptPassRun),
}

#[repr(C)]
pub struct RoptNote {
    pub location: MlirLocation,
    pub message: RoptStr,
}

#[repr(C)]
pub struct RoptNest {
    pub name: RoptStr,
    pub matched: bool,
}

#[repr(C)]
pub struct RoptRun {
    pub input_name: RoptStr,
    pub input: *const u8,
    pub input_len: usize,
    pub nests: *mut RoptNest,
    pub n_nests: usize,
    pub output: RoptSink,
    pub user: *mut c_void,
    pub foreign: RoptSink,
    pub user_foreign: *mut c_void,
    pub before: Option<unsafe extern "C" fn(*mut c_void, RoptStr)>,
    pub after: Option<unsafe extern "C" fn(*mut c_void, RoptStr)>,
    pub failed: Option<unsafe extern "C" fn(*mut c_void, RoptStr, bool)>,
    pub watcher: *mut c_void,
    pub probe: RoptStr,
    pub probe_ms: u64,
    pub found: Option<unsafe extern "C" fn(*mut c_void, RoptStr, bool)>,
}

// SAFETY: the declarations repeat those of shim/Shim.h; each call says why its arguments do.
unsafe extern "C" {
    pub fn roptRegisterPass(desc: *const RoptPassDesc) -> i32;
    pub fn roptPassOption(run: *mut RoptPassRun, index: usize, sink: RoptSink, user: *mut c_void);
    pub fn roptPassPreserveAll(run: *mut RoptPassRun);
    pub fn roptPassRunPipeline(
        run: *mut RoptPassRun,
        pipeline: RoptStr,
        op: MlirOperation,
        error: RoptSink,
        user: *mut c_void,
    ) -> i32;
    pub fn roptPlainLocation(location: MlirLocation) -> MlirLocation;
    pub fn roptEmit(location: MlirLocation, severity: u32, message: RoptStr, notes: *const RoptNote, n_notes: usize);
    pub fn roptRegisterUpstream();
    pub fn roptLoadPassPlugin(path: RoptStr, error: RoptSink, user: *mut c_void) -> i32;
    pub fn roptLoadDialectPlugin(path: RoptStr, error: RoptSink, user: *mut c_void) -> i32;
    pub fn roptRegisterFlags();
    pub fn roptFlagKnown(name: RoptStr) -> bool;
    pub fn roptFlagTakesValue(name: RoptStr) -> bool;
    pub fn roptForEachFlag(sink: RoptSink, user: *mut c_void);
    pub fn roptPrintFlags();
    pub fn roptSelfTest() -> *const c_char;
    pub fn roptPassKind(name: RoptStr) -> u32;
    pub fn roptForEachPass(sink: RoptSink, user: *mut c_void);
    pub fn roptPassDescription(name: RoptStr, sink: RoptSink, user: *mut c_void);
    pub fn roptPassAnchor(name: RoptStr, sink: RoptSink, user: *mut c_void);
    pub fn roptPassPrintHelp(name: RoptStr);
    pub fn roptPassCheckOptions(name: RoptStr, options: RoptStr, error: RoptSink, user: *mut c_void) -> i32;
    pub fn roptParseFlags(argc: c_int, argv: *const *const c_char) -> bool;
    pub fn roptRun(run: *mut RoptRun) -> i32;
    pub fn roptWriteOp(op: MlirOperation, sink: RoptSink, user: *mut c_void) -> i32;
    pub fn roptReadOp(context: MlirContext, bytes: RoptStr) -> MlirOperation;
    pub fn roptAdoptOp(into: MlirOperation, then: *const RoptSnapshot, bytes: RoptStr) -> i32;
    pub fn roptTryOp(op: MlirOperation, then: *const RoptSnapshot, bytes: RoptStr, reads: bool);
    pub fn roptWriteChange(
        then: *const RoptSnapshot,
        now: *const RoptSnapshot,
        sink: RoptSink,
        user: *mut c_void,
    ) -> i32;
    pub fn roptSnapshotTake(op: MlirOperation, table: bool) -> *mut RoptSnapshot;
    pub fn roptSnapshotAround(op: MlirOperation) -> *mut RoptSnapshot;
    pub fn roptSnapshotChanged(then: *const RoptSnapshot, now: *const RoptSnapshot, what: *mut MlirOperation) -> bool;
    pub fn roptSnapshotDrop(snapshot: *mut RoptSnapshot);
    pub fn roptSnapshotPattern(snapshot: *const RoptSnapshot) -> u64;
    pub fn roptSnapshotSame(then: *const RoptSnapshot, now: *const RoptSnapshot) -> bool;
    pub fn roptSnapshotIsOf(snapshot: *const RoptSnapshot, op: MlirOperation) -> bool;
    pub fn roptOpForeign(op: MlirOperation) -> bool;
    pub fn roptOpAlone(op: MlirOperation) -> bool;
    pub fn roptPassText(run: *mut RoptPassRun, sink: RoptSink, user: *mut c_void);
    pub fn roptWorkerContext() -> MlirContext;
    pub fn roptRunPass(op: MlirOperation, pass: RoptStr, error: RoptSink, user: *mut c_void) -> i32;
    pub fn roptCurrentPass() -> RoptStr;
    pub fn roptRunningPasses(passes: *mut RoptStr, capacity: usize) -> usize;
    pub fn roptCloneMapped(op: MlirOperation, from: *const MlirValue, to: *const MlirValue, n: usize) -> MlirOperation;
    pub fn roptTypeText(ty: MlirType, sink: RoptSink, user: *mut c_void);
    pub fn roptPrintOp(op: MlirOperation, generic: bool, sink: RoptSink, user: *mut c_void);
    pub fn roptStop(root: MlirOperation);
    pub fn roptStopEnd(root: MlirOperation);
    pub fn roptStopAsked(op: MlirOperation) -> bool;
    pub fn roptKeyText(op: MlirOperation, largest: i64, sink: RoptSink, user: *mut c_void);
    pub fn roptStructureHash(op: MlirOperation) -> u64;
    pub fn roptOpIs(op: MlirOperation, what: RoptStr) -> bool;
}

/// A sink that appends to a `Vec<String>`; `user` is `&mut Vec<String>`.
///
/// # Safety
/// `user` must point to a live `Vec<String>` that nobody else borrows.
pub unsafe extern "C" fn push_string(user: *mut c_void, value: RoptStr) {
    // SAFETY: the contract above.
    let list = unsafe { &mut *user.cast::<Vec<String>>() };
    // SAFETY: the shim's strings live for the duration of the call.
    list.push(unsafe { value.as_str() }.to_owned());
}

/// A sink that appends bytes; `user` is `&mut Vec<u8>`.
///
/// # Safety
/// `user` must point to a live `Vec<u8>` that nobody else borrows.
pub unsafe extern "C" fn push_bytes(user: *mut c_void, value: RoptStr) {
    // SAFETY: the contract above; the shim's bytes live for the duration of the call.
    unsafe { (*user.cast::<Vec<u8>>()).extend_from_slice(value.as_bytes()) }
}

/// Collects what a shim function gives to its sink.
pub fn collect(call: impl FnOnce(RoptSink, *mut c_void)) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    call(push_string, (&raw mut list).cast());
    list
}
