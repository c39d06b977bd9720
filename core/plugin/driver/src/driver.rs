//! Writing a driver: implement [`Driver`] and [`Device`], then register the driver with
//! `ropt_driver::register_driver!(MyDriver)`.
//!
//! Owns the wrappers that turn the safe traits into the tables of [`ropt_abi::driver`]. A panic in a
//! driver never crosses the boundary: it becomes the call's error.

mod register;
mod table;

use std::ffi::c_void;

pub use ropt_abi::program::Binding;

pub(crate) use self::register::registered_drivers_c;
pub use self::{
    register::{DriverEntry, registered_drivers},
    table::descriptor,
};

/// Why a driver call failed: one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriverError(String);

impl DriverError {
    /// An error with this text.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl std::fmt::Display for DriverError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DriverError {}

/// Result of a driver call.
pub type DriverResult<T = ()> = Result<T, DriverError>;

/// A device that can be opened.
#[derive(Debug, Clone, Default)]
pub struct DeviceInfo {
    /// What `--device=` takes; starts with the driver's name.
    pub name: String,
    /// Product name for people.
    pub description: String,
    /// Bytes of memory, 0 when unknown.
    pub memory: u64,
    /// Further facts by name.
    pub properties: Vec<(String, String)>,
}

/// An entry point of an executable to load.
#[derive(Debug, Clone)]
pub struct Export<'a> {
    /// Symbol in the binary.
    pub name: &'a str,
    /// Number used by `dispatch`.
    pub ordinal: u32,
    /// Push constants, in 32-bit words.
    pub constants: u32,
    /// Descriptor type and flags of each binding.
    pub bindings: Vec<&'a str>,
}

/// An executable to load.
#[derive(Debug, Clone)]
pub struct Executable<'a> {
    /// Name, for messages.
    pub name: &'a str,
    /// One of the driver's formats.
    pub format: &'a str,
    /// Text of the target attribute.
    pub target: &'a str,
    /// The binary.
    pub data: &'a [u8],
    /// Words of the kernels' environment: executable constants, computed for this device.
    pub words: &'a [u32],
    /// Entry points.
    pub exports: Vec<Export<'a>>,
}

/// A strided view for [`Device::copy_strided`].
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Address of element 0.
    pub address: u64,
    /// Elements between neighbours of each dimension.
    pub strides: &'a [i64],
}

/// A driver: which devices there are, and how to open one.
///
/// Its name is given at registration; the names of its devices start with it.
///
/// ```
/// use ropt_driver::driver::{DeviceInfo, Driver, DriverError, DriverResult};
/// # use std::ffi::c_void;
/// # use ropt_driver::driver::{Binding, Device, Executable, View};
/// # struct Card;
/// # impl Device for Card {
/// #     fn allocate(&mut self, _: u64) -> DriverResult<u64> { Ok(0) }
/// #     fn release(&mut self, _: u64) -> DriverResult { Ok(()) }
/// #     unsafe fn import(&mut self, _: *const c_void, _: u64) -> DriverResult<u64> { Ok(0) }
/// #     unsafe fn copy(&mut self, _: u64, _: u64, _: u64) -> DriverResult { Ok(()) }
/// #     unsafe fn copy_strided(&mut self, _: u32, _: &[i64], _: View<'_>, _: View<'_>) -> DriverResult { Ok(()) }
/// #     unsafe fn fill(&mut self, _: u64, _: u64, _: u32, _: u64) -> DriverResult { Ok(()) }
/// #     unsafe fn read(&mut self, _: *mut c_void, _: u64, _: u64) -> DriverResult { Ok(()) }
/// #     unsafe fn write(&mut self, _: u64, _: *const c_void, _: u64) -> DriverResult { Ok(()) }
/// #     fn load(&mut self, _: &Executable<'_>) -> DriverResult<u64> { Ok(0) }
/// #     fn unload(&mut self, _: u64) -> DriverResult { Ok(()) }
/// #     unsafe fn dispatch(&mut self, _: u64, _: u32, _: [u32; 3], _: &[u32], _: &[Binding]) -> DriverResult { Ok(()) }
/// # }
///
/// struct Acme;
///
/// impl Driver for Acme {
///     const FORMATS: &'static [&'static str] = &["acme-code"];
///     type Device = Card;
///
///     fn devices() -> DriverResult<Vec<DeviceInfo>> {
///         if !std::path::Path::new("/dev/acme0").exists() {
///             return Err(DriverError::new("no card: there is no /dev/acme0"));
///         }
///         Ok(vec![DeviceInfo { name: "acme-0".to_owned(), ..DeviceInfo::default() }])
///     }
///
///     fn open(_index: u32, options: &str) -> DriverResult<Card> {
///         if options.is_empty() { Ok(Card) } else { Err(DriverError::new(format!("acme has no option `{options}`"))) }
///     }
/// }
///
/// assert_eq!(Acme::devices().unwrap_err().to_string(), "no card: there is no /dev/acme0");
/// ```
pub trait Driver: 'static {
    /// Executable formats that the devices load, best first.
    const FORMATS: &'static [&'static str];
    /// The open device.
    type Device: Device;

    /// The devices, the default one first.
    ///
    /// # Errors
    /// Why there are none, for example a missing library of the system.
    fn devices() -> DriverResult<Vec<DeviceInfo>>;

    /// Opens device `index` of [`Driver::devices`]; `options` is the text behind the colon of
    /// `--device=name:text`, empty when there is none.
    ///
    /// # Errors
    /// When the device cannot be opened or does not know the options.
    fn open(index: u32, options: &str) -> DriverResult<Self::Device>;
}

/// An open device. Work takes effect in the order of the calls. Dropping it waits for all work.
///
/// Addresses come from the program and are not checked by the caller.
///
/// A device whose memory is the host's, and whose kernels are those of `ropt/kernel.h`:
///
/// ```
/// use std::ffi::c_void;
///
/// use ropt_driver::{
///     driver::{Binding, Device, DriverError, DriverResult, Executable, View},
///     host::{self, HostMemory, Kernels},
/// };
///
/// #[derive(Default)]
/// struct Processor {
///     memory: HostMemory,
///     kernels: Vec<Option<Kernels>>,
/// }
///
/// impl Device for Processor {
///     fn allocate(&mut self, bytes: u64) -> DriverResult<u64> {
///         self.memory.allocate(bytes)
///     }
///     fn release(&mut self, address: u64) -> DriverResult {
///         self.memory.release(address)
///     }
///     unsafe fn import(&mut self, host: *const c_void, _bytes: u64) -> DriverResult<u64> {
///         Ok(self.memory.import(host))
///     }
///     unsafe fn copy(&mut self, dst: u64, src: u64, bytes: u64) -> DriverResult {
///         // SAFETY: the runtime vouches for the ranges.
///         Ok(unsafe { host::copy(dst, src, bytes) })
///     }
///     unsafe fn copy_strided(&mut self, width: u32, sizes: &[i64], dst: View<'_>, src: View<'_>) -> DriverResult {
///         // SAFETY: the runtime vouches for the ranges.
///         Ok(unsafe { host::copy_strided(width as usize, sizes, dst, src) })
///     }
///     unsafe fn fill(&mut self, dst: u64, pattern: u64, width: u32, count: u64) -> DriverResult {
///         // SAFETY: the runtime vouches for the range.
///         unsafe { host::fill(dst, pattern, width, count) }
///     }
///     unsafe fn read(&mut self, host: *mut c_void, src: u64, bytes: u64) -> DriverResult {
///         // SAFETY: the runtime vouches for the ranges.
///         Ok(unsafe { host::copy(host as u64, src, bytes) })
///     }
///     unsafe fn write(&mut self, dst: u64, host: *const c_void, bytes: u64) -> DriverResult {
///         // SAFETY: the runtime vouches for the ranges.
///         Ok(unsafe { host::copy(dst, host as u64, bytes) })
///     }
///     fn load(&mut self, executable: &Executable<'_>) -> DriverResult<u64> {
///         self.kernels.push(Some(Kernels::load(executable, executable.data)?));
///         Ok(self.kernels.len() as u64 - 1)
///     }
///     fn unload(&mut self, executable: u64) -> DriverResult {
///         self.kernels[executable as usize] = None;
///         Ok(())
///     }
///     unsafe fn dispatch(
///         &mut self,
///         executable: u64,
///         ordinal: u32,
///         grid: [u32; 3],
///         constants: &[u32],
///         bindings: &[Binding],
///     ) -> DriverResult {
///         let kernels = self.kernels[executable as usize].as_mut();
///         let kernels = kernels.ok_or_else(|| DriverError::new("the executable is unloaded"))?;
///         // SAFETY: the runtime vouches for the bindings; what a kernel does with them is its author's.
///         unsafe { kernels.dispatch(ordinal, grid, constants, bindings) }
///     }
/// }
///
/// let mut device = Processor::default();
/// let block = device.allocate(4)?;
/// let mut back = 0_u32;
/// // SAFETY: the block and the number have the 4 bytes.
/// unsafe {
///     device.fill(block, 7, 4, 1)?;
///     device.read((&raw mut back).cast(), block, 4)?;
/// }
/// assert_eq!(back, 7);
/// device.release(block)?;
/// # Ok::<(), DriverError>(())
/// ```
pub trait Device: 'static {
    /// New memory, at least 64-byte aligned.
    ///
    /// # Errors
    /// When the memory cannot be had.
    fn allocate(&mut self, bytes: u64) -> DriverResult<u64>;

    /// Gives back what `allocate` or `import` returned.
    ///
    /// # Errors
    /// When the address is neither.
    fn release(&mut self, address: u64) -> DriverResult;

    /// Makes host memory readable by the device.
    ///
    /// # Safety
    /// The memory stays valid and unchanged until it is released.
    ///
    /// # Errors
    /// When the memory cannot be had.
    unsafe fn import(&mut self, host: *const c_void, bytes: u64) -> DriverResult<u64>;

    /// Copies between ranges that do not overlap.
    ///
    /// # Safety
    /// Both ranges lie inside memory of the device.
    ///
    /// # Errors
    /// When the device failed.
    unsafe fn copy(&mut self, dst: u64, src: u64, bytes: u64) -> DriverResult;

    /// Copies the elements of one strided view to another of the same sizes.
    ///
    /// # Safety
    /// Both views lie inside memory of the device.
    ///
    /// # Errors
    /// When the device failed.
    unsafe fn copy_strided(&mut self, element_bytes: u32, sizes: &[i64], dst: View<'_>, src: View<'_>) -> DriverResult;

    /// Writes the low `pattern_bytes` (1, 2, 4, 8) of `pattern`, `count` times.
    ///
    /// # Safety
    /// The range lies inside memory of the device.
    ///
    /// # Errors
    /// When the device failed or does not support the width.
    unsafe fn fill(&mut self, dst: u64, pattern: u64, pattern_bytes: u32, count: u64) -> DriverResult;

    /// Copies to host memory; waits for the work submitted before.
    ///
    /// # Safety
    /// Both ranges are valid.
    ///
    /// # Errors
    /// When the device failed, also in earlier work.
    unsafe fn read(&mut self, host: *mut c_void, src: u64, bytes: u64) -> DriverResult;

    /// Copies from host memory, which may change after the call.
    ///
    /// # Safety
    /// Both ranges are valid.
    ///
    /// # Errors
    /// When the device failed.
    unsafe fn write(&mut self, dst: u64, host: *const c_void, bytes: u64) -> DriverResult;

    /// Loads an executable; the number is its handle.
    ///
    /// # Errors
    /// When the binary is damaged, for another machine, or lacks an export.
    fn load(&mut self, executable: &Executable<'_>) -> DriverResult<u64>;

    /// Frees an executable.
    ///
    /// # Errors
    /// When the handle is unknown.
    fn unload(&mut self, executable: u64) -> DriverResult;

    /// Runs export `ordinal` on a grid of workgroups.
    ///
    /// # Safety
    /// The bindings lie inside memory of the device and are what the kernel expects.
    ///
    /// # Errors
    /// When the kernel reports one (at once or in a later call), or the grid is too large.
    unsafe fn dispatch(
        &mut self,
        executable: u64,
        ordinal: u32,
        grid: [u32; 3],
        constants: &[u32],
        bindings: &[Binding],
    ) -> DriverResult;

    /// Work up to [`Device::end`] may be collected and submitted as one piece.
    ///
    /// # Errors
    /// When the device failed.
    fn begin(&mut self) -> DriverResult {
        Ok(())
    }

    /// Submits what was collected.
    ///
    /// # Errors
    /// When the device failed.
    fn end(&mut self) -> DriverResult {
        Ok(())
    }

    /// Waits for all work and reports the first error of it.
    ///
    /// # Errors
    /// When the device or a kernel failed.
    fn synchronize(&mut self) -> DriverResult {
        Ok(())
    }

    /// Marks a point behind the work submitted so far. None: the device has no clock of its own.
    fn timestamp(&mut self) -> Option<u64> {
        None
    }

    /// A number that the device knows by category and key; None for what it does not know.
    fn query(&mut self, _category: &str, _key: &str) -> Option<i64> {
        None
    }

    /// Nanoseconds between two marks, after [`Device::synchronize`].
    ///
    /// # Errors
    /// When a mark is unknown.
    fn elapsed(&mut self, _from: u64, _to: u64) -> DriverResult<f64> {
        Err(DriverError::new("the device has no clock"))
    }
}
