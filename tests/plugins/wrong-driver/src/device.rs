//! The device: each call goes to the CPU's, before or behind a mistake.

use crate::result;
use ropt_abi::{
    abi_stable::std_types::RSlice,
    driver::{DeviceTableRef, ExecutableSource, ExportInfo, RawDevice},
};
use ropt_driver::driver::{Binding, Device, DriverError, DriverResult, Executable, View};
use std::{
    ffi::c_void,
    fs::File,
    sync::atomic::{AtomicU64, Ordering},
};

/// A mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bug {
    None,
    Misaligned,
    OutOfMemory,
    Release,
    LeakMemory,
    Fill,
    Copy,
    Objects,
    Format,
    Unload,
    LeakExecutables,
    LeakFiles,
    Dispatch,
    Result,
    Random,
    Neighbours,
    EmptyGrid,
    Clock,
    Batch,
    Threads,
    Crash,
    CrashAllocate,
    Exit,
    Hang,
    Silent,
    ZeroBytes,
    Write,
    WriteInside,
    Strided,
    FillWidth,
    Import,
    Large,
    Options,
    UnloadFails,
    OneAtATime,
    Twice,
    LeakRefused,
    LeakDispatches,
}

const BUGS: [(&str, Bug); 38] = [
    ("", Bug::None),
    ("misaligned", Bug::Misaligned),
    ("out-of-memory", Bug::OutOfMemory),
    ("release", Bug::Release),
    ("leak-memory", Bug::LeakMemory),
    ("fill", Bug::Fill),
    ("copy", Bug::Copy),
    ("objects", Bug::Objects),
    ("format", Bug::Format),
    ("unload", Bug::Unload),
    ("leak-executables", Bug::LeakExecutables),
    ("leak-files", Bug::LeakFiles),
    ("dispatch", Bug::Dispatch),
    ("result", Bug::Result),
    ("random", Bug::Random),
    ("neighbours", Bug::Neighbours),
    ("empty-grid", Bug::EmptyGrid),
    ("clock", Bug::Clock),
    ("batch", Bug::Batch),
    ("threads", Bug::Threads),
    ("crash", Bug::Crash),
    ("crash-allocate", Bug::CrashAllocate),
    ("exit", Bug::Exit),
    ("hang", Bug::Hang),
    ("silent", Bug::Silent),
    ("zero-bytes", Bug::ZeroBytes),
    ("write", Bug::Write),
    ("write-inside", Bug::WriteInside),
    ("strided", Bug::Strided),
    ("fill-width", Bug::FillWidth),
    ("import", Bug::Import),
    ("large", Bug::Large),
    ("options", Bug::Options),
    ("unload-fails", Bug::UnloadFails),
    ("one-at-a-time", Bug::OneAtATime),
    ("twice", Bug::Twice),
    ("leak-refused", Bug::LeakRefused),
    ("leak-dispatches", Bug::LeakDispatches),
];

impl Bug {
    pub(crate) fn parse(text: &str) -> DriverResult<Self> {
        // With this mistake, what stands behind it is taken too.
        let text = if text.starts_with("options,") { "options" } else { text };
        let known = BUGS.iter().find(|(name, _)| *name == text);
        known.map(|(_, bug)| *bug).ok_or_else(|| DriverError::new(format!("there is no mistake `{text}`")))
    }
}

/// The device.
pub(crate) struct WrongDevice {
    bug: Bug,
    table: DeviceTableRef,
    raw: RawDevice,
    batching: bool,
    marks: u64,
    /// Executables that are loaded now, and that ever were.
    loaded: [u64; 2],
}

/// How many devices are in a dispatch, over all threads.
static INSIDE: AtomicU64 = AtomicU64::new(0);

impl WrongDevice {
    pub(crate) fn new(bug: Bug, table: DeviceTableRef, raw: RawDevice) -> Self {
        if bug == Bug::LeakFiles {
            std::mem::forget(File::open("/dev/null"));
        }
        Self { bug, table, raw, batching: false, marks: 0, loaded: [0; 2] }
    }

    fn is(&self, bug: Bug) -> bool {
        self.bug == bug
    }
}

impl Drop for WrongDevice {
    fn drop(&mut self) {
        // SAFETY: the device was opened by this table, and is closed once.
        unsafe { self.table.close()(self.raw) }
    }
}

// SAFETY of all calls below: the device is open, and the arguments are those of the caller of the same function.
impl Device for WrongDevice {
    fn allocate(&mut self, bytes: u64) -> DriverResult<u64> {
        if self.is(Bug::ZeroBytes) && bytes == 0 {
            return Err(DriverError::new("nothing to allocate"));
        }
        if self.is(Bug::Large) && bytes > 32 << 20 {
            return Err(DriverError::new("that is a lot"));
        }
        if self.is(Bug::CrashAllocate) {
            std::process::abort();
        }
        let bytes = if self.is(Bug::OutOfMemory) { bytes.min(1 << 20) } else { bytes };
        // SAFETY: see above.
        let address = result(unsafe { self.table.allocate()(self.raw, bytes + 64) })?;
        Ok(if self.is(Bug::Misaligned) { address + 4 } else { address })
    }

    fn release(&mut self, address: u64) -> DriverResult {
        if self.is(Bug::LeakMemory) {
            return Ok(());
        }
        // SAFETY: see above.
        let done = result(unsafe { self.table.release()(self.raw, address) });
        if self.is(Bug::Release) { Ok(()) } else { done }
    }

    unsafe fn import(&mut self, host: *const c_void, bytes: u64) -> DriverResult<u64> {
        if self.is(Bug::Import) {
            let address = self.allocate(bytes)?;
            // The first half only.
            // SAFETY: see above; as many bytes were just allocated.
            result(unsafe { self.table.write()(self.raw, address, host, bytes / 2) })?;
            return Ok(address);
        }
        // SAFETY: see above.
        result(unsafe { self.table.import()(self.raw, host, bytes) })
    }

    unsafe fn copy(&mut self, dst: u64, src: u64, bytes: u64) -> DriverResult {
        // Whole words only.
        let bytes = if self.is(Bug::Copy) { bytes / 4 * 4 } else { bytes };
        // SAFETY: see above.
        result(unsafe { self.table.copy()(self.raw, dst, src, bytes) })
    }

    unsafe fn copy_strided(&mut self, element_bytes: u32, sizes: &[i64], dst: View<'_>, src: View<'_>) -> DriverResult {
        let strides = if self.is(Bug::Strided) { dst.strides } else { src.strides };
        let (to, from): (RSlice<'_, i64>, RSlice<'_, i64>) = (dst.strides.into(), strides.into());
        let copy = self.table.copy_strided();
        // SAFETY: see above.
        result(unsafe { copy(self.raw, element_bytes, sizes.into(), dst.address, to, src.address, from) })
    }

    unsafe fn fill(&mut self, dst: u64, pattern: u64, pattern_bytes: u32, count: u64) -> DriverResult {
        if self.is(Bug::FillWidth) && !pattern_bytes.is_power_of_two() {
            return Ok(());
        }
        // The low byte alone.
        let pattern = if self.is(Bug::Fill) { (pattern & 0xff).wrapping_mul(0x0101_0101_0101_0101) } else { pattern };
        // SAFETY: see above.
        result(unsafe { self.table.fill()(self.raw, dst, pattern, pattern_bytes, count) })
    }

    unsafe fn read(&mut self, host: *mut c_void, src: u64, bytes: u64) -> DriverResult {
        // SAFETY: see above.
        result(unsafe { self.table.read()(self.raw, host, src, bytes) })
    }

    unsafe fn write(&mut self, dst: u64, host: *const c_void, bytes: u64) -> DriverResult {
        let (dst, bytes) = match self.bug {
            // Whole pages, once there are several.
            Bug::Write if bytes > 4096 => (dst, bytes / 4096 * 4096),
            // Whole words.
            Bug::WriteInside => (dst / 4 * 4, bytes),
            _ => (dst, bytes),
        };
        // SAFETY: see above; nothing is written beyond what was asked for but the word that it begins in.
        result(unsafe { self.table.write()(self.raw, dst, host, bytes) })
    }

    fn load(&mut self, executable: &Executable<'_>) -> DriverResult<u64> {
        if self.is(Bug::Exit) {
            std::process::exit(0);
        }
        let exports: Vec<ExportInfo<'_>> = executable
            .exports
            .iter()
            .map(|export| ExportInfo {
                name: export.name.into(),
                ordinal: export.ordinal,
                constants: export.constants,
                // The CPU driver only counts them.
                bindings: RSlice::from_slice(&EMPTY[..export.bindings.len().min(EMPTY.len())]),
            })
            .collect();
        let format = if self.is(Bug::Format) { "embedded-elf-x86_64" } else { executable.format };
        let source = ExecutableSource {
            name: executable.name.into(),
            format: format.into(),
            target: executable.target.into(),
            data: executable.data.into(),
            exports: RSlice::from_slice(&exports),
        };
        let refused = match self.bug {
            Bug::OneAtATime => self.loaded[0] > 0,
            Bug::Twice => self.loaded[1] > 2,
            _ => false,
        };
        if refused {
            return Err(DriverError::new("no more executables"));
        }
        // SAFETY: see above.
        let loaded = result(unsafe { self.table.load()(self.raw, &source) });
        if loaded.is_ok() {
            self.loaded.iter_mut().for_each(|count| *count += 1);
        } else if self.is(Bug::LeakRefused) {
            std::mem::forget(std::hint::black_box(vec![1_u8; 16 << 10]));
        }
        match self.bug {
            Bug::Objects => Ok(loaded.unwrap_or(77)),
            Bug::Silent => loaded.map_err(|_| DriverError::new("")),
            _ => loaded,
        }
    }

    fn unload(&mut self, executable: u64) -> DriverResult {
        if self.is(Bug::LeakExecutables) {
            return Ok(());
        }
        // SAFETY: see above.
        let done = result(unsafe { self.table.unload()(self.raw, executable) });
        self.loaded[0] -= u64::from(done.is_ok());
        if self.is(Bug::UnloadFails) {
            return Err(DriverError::new("it stays loaded"));
        }
        if self.is(Bug::Unload) { Ok(()) } else { done }
    }

    unsafe fn dispatch(
        &mut self,
        executable: u64,
        ordinal: u32,
        grid: [u32; 3],
        constants: &[u32],
        bindings: &[Binding],
    ) -> DriverResult {
        if self.batching && self.is(Bug::Batch) {
            return Ok(());
        }
        match self.bug {
            Bug::Crash => std::process::abort(),
            Bug::Hang => loop {
                std::thread::park();
            },
            _ => {}
        }
        let grid = if self.is(Bug::EmptyGrid) { grid.map(|extent| extent.max(1)) } else { grid };
        let alone = INSIDE.fetch_add(1, Ordering::SeqCst) == 0;
        let dispatch = self.table.dispatch();
        // SAFETY: see above.
        let done = result(unsafe { dispatch(self.raw, executable, ordinal, &grid, constants.into(), bindings.into()) });
        if self.is(Bug::Threads) {
            // Long enough that another thread comes by.
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        INSIDE.fetch_sub(1, Ordering::SeqCst);
        if self.is(Bug::Threads) && !alone {
            return Err(DriverError::new("another thread is in a dispatch"));
        }
        let spoil = match (self.bug, bindings.last()) {
            // The last byte is the highest of a number, whatever its type.
            (Bug::Result, Some(last)) if last.length > 0 => Some((last.address + last.length - 1, 0x55)),
            (Bug::Random, Some(last)) => {
                self.marks += 1;
                Some((last.address, self.marks))
            }
            (Bug::Neighbours, Some(last)) => Some((last.address + last.length, 0x11)),
            _ => None,
        };
        if let Some((address, byte)) = spoil {
            // SAFETY: see above; `allocate` takes 64 bytes more than it was asked for.
            result(unsafe { self.table.fill()(self.raw, address, byte, 1, 1) })?;
        }
        if self.is(Bug::LeakDispatches) {
            std::mem::forget(std::hint::black_box(vec![1_u8; 4 << 10]));
        }
        if self.is(Bug::Dispatch) { Ok(()) } else { done }
    }

    fn begin(&mut self) -> DriverResult {
        self.batching = true;
        Ok(())
    }

    fn end(&mut self) -> DriverResult {
        self.batching = false;
        Ok(())
    }

    fn timestamp(&mut self) -> Option<u64> {
        self.marks += 1;
        Some(self.marks)
    }

    fn elapsed(&mut self, from: u64, to: u64) -> DriverResult<f64> {
        if self.is(Bug::Clock) { Ok(f64::NAN) } else { Ok((to - from) as f64) }
    }
}

/// Descriptions of bindings, of which only the number matters here.
static EMPTY: [ropt_abi::abi_stable::std_types::RString; 32] =
    [const { ropt_abi::abi_stable::std_types::RString::new() }; 32];
