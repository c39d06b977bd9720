//! The tables through which the runtime drives a device.
//!
//! A driver plugin exports [`DriverDescriptor`]s; opening one of its devices gives a
//! [`RawDevice`], an opaque handle for the functions of its [`DeviceTable`]. Both tables are
//! prefix types: fields are only ever appended, so an old driver loads in a new runtime and the
//! other way round.
//!
//! Device memory is named by 64-bit addresses. An address inside of an allocation is an address as
//! well; a driver whose API has no addresses hands out ranges of a space of its own and looks the
//! range up. Work takes effect in the order of the calls. A device is used by one thread at a time.
//!
//! Every function that can fail returns the error as text: one sentence, without a full stop.

use core::ffi::c_void;

use abi_stable::{
    StableAbi,
    std_types::{ROption, RResult, RSlice, RStr, RString, RVec, Tuple2},
};

use crate::program::Binding;

/// Success, or one sentence.
pub type Status = RResult<(), RString>;

/// An open device.
#[repr(transparent)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, StableAbi)]
pub struct RawDevice(pub *mut c_void);

/// A device that can be opened.
#[repr(C)]
#[derive(Debug, Clone, StableAbi)]
pub struct DeviceInfo {
    /// What `--device=` takes, for example `cpu-task`. It starts with the driver's name.
    pub name: RString,
    /// Product name for people.
    pub description: RString,
    /// Bytes of memory; 0 when unknown.
    pub memory: u64,
    /// Limits and other facts by name, for example `("threads", "8")`. New facts need no new field.
    pub properties: RVec<Tuple2<RString, RString>>,
}

/// An entry point of an executable to load.
#[repr(C)]
#[derive(Debug, Clone, Copy, StableAbi)]
pub struct ExportInfo<'a> {
    /// Symbol in the binary.
    pub name: RStr<'a>,
    /// Number used by `dispatch`.
    pub ordinal: u32,
    /// Push constants, in 32-bit words.
    pub constants: u32,
    /// Descriptor type and flags of each binding.
    pub bindings: RSlice<'a, RString>,
}

/// What `load` gets.
#[repr(C)]
#[derive(Debug, Clone, Copy, StableAbi)]
pub struct ExecutableSource<'a> {
    /// Name of the executable, for messages.
    pub name: RStr<'a>,
    /// One of [`DriverDescriptor::formats`].
    pub format: RStr<'a>,
    /// Text of the target attribute it was compiled for.
    pub target: RStr<'a>,
    /// The binary.
    pub data: RSlice<'a, u8>,
    /// Its entry points; ordinals may be sparse.
    pub exports: RSlice<'a, ExportInfo<'a>>,
}

/// A driver: which devices there are, and how to open one.
#[repr(C)]
#[derive(StableAbi)]
#[sabi(kind(Prefix(prefix_ref = DriverDescriptorRef, prefix_fields = DriverDescriptorPrefix)))]
#[sabi(missing_field(option))]
pub struct DriverDescriptor {
    /// Short name, for example `cpu`; every device's name starts with it.
    pub name: RStr<'static>,
    /// One line for people.
    pub summary: RStr<'static>,
    /// Executable formats that its devices load, best first.
    pub formats: extern "C" fn() -> RVec<RStr<'static>>,
    /// The devices, the default one first. The error says why there are none.
    pub devices: extern "C" fn() -> RResult<RVec<DeviceInfo>, RString>,
    /// Opens device `index` of `devices`, with the text behind the colon of `--device=name:text`.
    pub open: extern "C" fn(index: u32, options: RStr<'_>) -> RResult<RawDevice, RString>,
    /// The functions of the devices that `open` returns.
    #[sabi(last_prefix_field)]
    pub device: DeviceTableRef,
}

/// Functions of an open device. The first argument is always what `open` returned.
#[repr(C)]
#[derive(StableAbi)]
#[sabi(kind(Prefix(prefix_ref = DeviceTableRef, prefix_fields = DeviceTablePrefix)))]
#[sabi(missing_field(option))]
pub struct DeviceTable {
    /// Waits for all work and frees the device with all it owns.
    pub close: unsafe extern "C" fn(RawDevice),
    /// New memory, at least 64-byte aligned, contents undefined; 0 bytes are allowed.
    pub allocate: unsafe extern "C" fn(RawDevice, bytes: u64) -> RResult<u64, RString>,
    /// Gives back an address that `allocate` or `import` returned.
    pub release: unsafe extern "C" fn(RawDevice, address: u64) -> Status,
    /// Makes host memory readable by the device; it stays where it is, unchanged, until `release`.
    pub import: unsafe extern "C" fn(RawDevice, host: *const c_void, bytes: u64) -> RResult<u64, RString>,
    /// Copies between ranges that do not overlap.
    pub copy: unsafe extern "C" fn(RawDevice, dst: u64, src: u64, bytes: u64) -> Status,
    /// Copies elements between strided views: element bytes, sizes, then address and strides (in
    /// elements) of both sides.
    pub copy_strided: unsafe extern "C" fn(
        RawDevice,
        element_bytes: u32,
        sizes: RSlice<'_, i64>,
        dst: u64,
        dst_strides: RSlice<'_, i64>,
        src: u64,
        src_strides: RSlice<'_, i64>,
    ) -> Status,
    /// Writes the low `pattern_bytes` (1, 2, 4, 8) of `pattern`, `count` times.
    pub fill: unsafe extern "C" fn(RawDevice, dst: u64, pattern: u64, pattern_bytes: u32, count: u64) -> Status,
    /// Copies to host memory; waits for the work submitted before.
    pub read: unsafe extern "C" fn(RawDevice, host: *mut c_void, src: u64, bytes: u64) -> Status,
    /// Copies from host memory, which may change after the call.
    pub write: unsafe extern "C" fn(RawDevice, dst: u64, host: *const c_void, bytes: u64) -> Status,
    /// Loads an executable; the number returned is its handle.
    pub load: unsafe extern "C" fn(RawDevice, source: &ExecutableSource<'_>) -> RResult<u64, RString>,
    /// Frees an executable after the work that uses it.
    pub unload: unsafe extern "C" fn(RawDevice, executable: u64) -> Status,
    /// Runs export `ordinal` on a grid of workgroups (none when an extent is 0).
    pub dispatch: unsafe extern "C" fn(
        RawDevice,
        executable: u64,
        ordinal: u32,
        grid: &[u32; 3],
        constants: RSlice<'_, u32>,
        bindings: RSlice<'_, Binding>,
    ) -> Status,
    /// Work up to `end` may be collected and submitted as one piece.
    pub begin: unsafe extern "C" fn(RawDevice) -> Status,
    /// Submits what was collected since `begin`.
    pub end: unsafe extern "C" fn(RawDevice) -> Status,
    /// Waits for all work and reports the first error of it.
    #[sabi(last_prefix_field)]
    pub synchronize: unsafe extern "C" fn(RawDevice) -> Status,
    /// Marks a point behind the work submitted so far. None: the device has no clock of its own.
    pub timestamp: unsafe extern "C" fn(RawDevice) -> ROption<u64>,
    /// Nanoseconds between two marks, after `synchronize`.
    pub elapsed: unsafe extern "C" fn(RawDevice, from: u64, to: u64) -> RResult<f64, RString>,
    /// As `load`, with the words of the kernels' environment, which do not change afterwards.
    pub specialize:
        unsafe extern "C" fn(RawDevice, source: &ExecutableSource<'_>, words: RSlice<'_, u32>) -> RResult<u64, RString>,
    /// A number that the device knows by category and key; `program.h` lists them.
    pub query: unsafe extern "C" fn(RawDevice, category: RStr<'_>, key: RStr<'_>) -> ROption<i64>,
}
