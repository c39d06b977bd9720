//! The runtime's side of a running program: the functions behind [`RuntimeTable`].
//!
//! Errors stick: after the first one the functions do nothing, until the session takes the error.

use std::{
    collections::HashMap,
    ffi::{CStr, c_char, c_void},
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
};

use ropt_abi::program::{Binding, RuntimeTable, VERSION};

use crate::{
    device::{Device, DeviceError},
    fault::{self, Place},
    pattern,
    profile::Profile,
    record::Recording,
    watchdog,
};

/// Calls that a failed program may still make before the process is ended.
const MOST_CALLS_AFTER_ERROR: u32 = 1 << 20;

/// State behind the table.
pub(crate) struct Context {
    pub(crate) device: Rc<Device>,
    pub(crate) executables: Vec<Loaded>,
    /// Imported constants by host address and length.
    constants: HashMap<(usize, u64), u64>,
    error: Option<String>,
    calls_after_error: u32,
    /// Times of dispatches, while they are wanted.
    pub(crate) profile: Option<Profile>,
    /// Dispatches, while they are recorded.
    pub(crate) recording: Option<Recording>,
}

/// An executable that was loaded on the device.
pub(crate) struct Loaded {
    pub(crate) variant: u32,
    pub(crate) handle: u64,
    /// For crashes: by ordinal.
    pub(crate) places: Vec<&'static Place>,
}

impl Context {
    pub(crate) fn new(device: Rc<Device>) -> Self {
        Self {
            device,
            executables: Vec::new(),
            constants: HashMap::new(),
            error: None,
            calls_after_error: 0,
            profile: None,
            recording: None,
        }
    }

    /// Addresses of the imported constants, which are the caller's to release.
    pub(crate) fn take_constants(&mut self) -> Vec<u64> {
        self.constants.drain().map(|(_, address)| address).collect()
    }

    /// Makes the call fail, unless it failed already.
    pub(crate) fn fail(&mut self, message: impl Into<String>) {
        self.error.get_or_insert(message.into());
    }

    /// The first error since the last call of this function.
    pub(crate) fn take_error(&mut self) -> Option<String> {
        self.calls_after_error = 0;
        self.error.take()
    }

    /// Runs one function of the table, unless there is an error already.
    fn guarded<T: Default>(&mut self, call: impl FnOnce(&mut Self) -> Result<T, DeviceError>) -> T {
        if self.error.is_some() {
            self.count_call_after_error();
            return T::default();
        }
        // A panic must not unwind into the program's frames.
        match catch_unwind(AssertUnwindSafe(|| call(self))) {
            Ok(Ok(value)) => value,
            Ok(Err(error)) => {
                self.fail(error.message);
                T::default()
            }
            Err(_) => {
                self.fail("the runtime panicked; please report it");
                T::default()
            }
        }
    }

    #[cold]
    fn count_call_after_error(&mut self) {
        self.calls_after_error += 1;
        if self.calls_after_error >= MOST_CALLS_AFTER_ERROR {
            let message = self.error.as_deref().unwrap_or_default();
            eprintln!("error: {message}\n  = note: the program kept running after the error, so the process was ended");
            fault::exit(1);
        }
    }

    /// What the device says about a key. Its name and formats are known here.
    fn query(&self, category: &str, key: &str) -> Option<i64> {
        match category {
            "hal.device.id" => Some(i64::from(pattern::matches(key, self.device.name()))),
            "hal.executable.format" => {
                Some(i64::from(self.device.formats().iter().any(|format| pattern::matches(key, format))))
            }
            _ => self.device.query(category, key),
        }
    }

    fn dispatch(
        &mut self,
        executable: u32,
        ordinal: u32,
        grid: &[u32; 3],
        constants: &[u32],
        bindings: &[Binding],
    ) -> Result<(), DeviceError> {
        let Some(loaded) = self.executables.get(executable as usize) else {
            return Err(error(format!(
                "the program dispatches executable number {executable}, which it does not have"
            )));
        };
        let Some(place) = loaded.places.get(ordinal as usize).copied() else {
            return Err(error(format!("the program dispatches export number {ordinal}, which its executable lacks")));
        };
        let handle = loaded.handle;
        if let Some(recording) = &mut self.recording {
            recording.add(executable, ordinal, grid, constants, bindings);
        }
        let _guard = fault::enter(place);
        watchdog::started(place);
        let start = self.profile.is_some().then(|| self.mark()).transpose()?;
        // SAFETY: the program's contract: bindings are ranges of memory that it allocated.
        let status = unsafe { self.device.dispatch(handle, ordinal, grid, constants, bindings) };
        status.into_result().map_err(|message| DeviceError { message: message.into() })?;
        if let Some(start) = start {
            let elapsed = self.since(start)?;
            if let Some(profile) = &mut self.profile {
                let bytes = bindings.iter().fold(0_u64, |sum, binding| sum.saturating_add(binding.length));
                profile.record(executable, ordinal, elapsed, bytes);
            }
        }
        Ok(())
    }

    /// A mark for [`Context::since`], when all earlier work is done.
    fn mark(&self) -> Result<Mark, DeviceError> {
        self.device.synchronize()?;
        Ok(match self.device.timestamp() {
            Some(mark) => Mark::Device(mark),
            None => Mark::Host(std::time::Instant::now()),
        })
    }

    fn since(&self, mark: Mark) -> Result<f64, DeviceError> {
        let end = self.device.timestamp();
        self.device.synchronize()?;
        match (mark, end) {
            (Mark::Device(start), Some(end)) => {
                self.device.elapsed(start, end).ok_or_else(|| error("the device's clock gave no time"))
            }
            (Mark::Host(start), _) => Ok(start.elapsed().as_nanos() as f64),
            (Mark::Device(_), None) => Err(error("the device's clock stopped")),
        }
    }
}

enum Mark {
    Device(u64),
    Host(std::time::Instant),
}

fn error(message: impl Into<String>) -> DeviceError {
    DeviceError { message: message.into() }
}

/// The table for a program; `context` must stay where it is as long as the program runs.
pub(crate) fn table(context: *mut Context) -> RuntimeTable {
    RuntimeTable {
        size: size_of::<RuntimeTable>() as u32,
        version: VERSION,
        context: context.cast(),
        allocate,
        release,
        copy,
        copy_strided,
        fill,
        read,
        write,
        constant,
        variant,
        dispatch,
        fail,
        query,
    }
}

/// # Safety
/// `context` is what [`table`] got; the program calls one function at a time.
unsafe fn of<'a>(context: *mut c_void) -> &'a mut Context {
    // SAFETY: as promised.
    unsafe { &mut *context.cast::<Context>() }
}

/// # Safety
/// `data` points to `length` values, or `length` is 0.
unsafe fn slice<'a, T>(data: *const T, length: u32) -> &'a [T] {
    if length == 0 || data.is_null() {
        return &[];
    }
    // SAFETY: as promised.
    unsafe { std::slice::from_raw_parts(data, length as usize) }
}

unsafe extern "C" fn allocate(context: *mut c_void, bytes: u64) -> u64 {
    // SAFETY: the program passes the table's context, here and in all functions below.
    unsafe { of(context) }.guarded(|context| context.device.allocate(bytes))
}

unsafe extern "C" fn release(context: *mut c_void, address: u64) {
    // SAFETY: the table's context.
    unsafe { of(context) }.guarded(|context| if address == 0 { Ok(()) } else { context.device.release(address) });
}

unsafe extern "C" fn copy(context: *mut c_void, dst: u64, src: u64, bytes: u64) {
    // SAFETY: the table's context; the program vouches for the ranges.
    unsafe { of(context).guarded(|context| if bytes == 0 { Ok(()) } else { context.device.copy(dst, src, bytes) }) };
}

unsafe extern "C" fn copy_strided(
    context: *mut c_void,
    rank: u32,
    element_bytes: u32,
    sizes: *const i64,
    dst: u64,
    dst_strides: *const i64,
    src: u64,
    src_strides: *const i64,
) {
    // SAFETY: the table's context; the program vouches for the views, whose arrays have `rank` elements.
    unsafe {
        of(context).guarded(|context| {
            let (sizes, dst_strides) = (slice(sizes, rank), slice(dst_strides, rank));
            let src_strides = slice(src_strides, rank);
            context.device.copy_strided(element_bytes, sizes, (dst, dst_strides), (src, src_strides))
        });
    }
}

unsafe extern "C" fn fill(context: *mut c_void, dst: u64, pattern: u64, pattern_bytes: u32, count: u64) {
    // SAFETY: the table's context; the program vouches for the range.
    unsafe { of(context).guarded(|context| context.device.fill(dst, pattern, pattern_bytes, count)) };
}

unsafe extern "C" fn read(context: *mut c_void, host: *mut c_void, src: u64, bytes: u64) {
    // SAFETY: the table's context; the program vouches for the ranges. Zeros first: what it gets after an error.
    unsafe {
        let context = of(context);
        if context.error.is_some() && !host.is_null() {
            std::ptr::write_bytes(host.cast::<u8>(), 0, bytes as usize);
        }
        context.guarded(|context| if bytes == 0 { Ok(()) } else { context.device.read(host, src, bytes) });
    }
}

unsafe extern "C" fn write(context: *mut c_void, dst: u64, host: *const c_void, bytes: u64) {
    // SAFETY: the table's context; the program vouches for the ranges.
    unsafe { of(context).guarded(|context| if bytes == 0 { Ok(()) } else { context.device.write(dst, host, bytes) }) };
}

unsafe extern "C" fn constant(context: *mut c_void, host: *const c_void, bytes: u64) -> u64 {
    // SAFETY: the table's context; the data is part of the program's image, which outlives the device's use of it.
    unsafe {
        of(context).guarded(|context| {
            let key = (host as usize, bytes);
            if let Some(&address) = context.constants.get(&key) {
                return Ok(address);
            }
            let address = context.device.import(host, bytes)?;
            context.constants.insert(key, address);
            Ok(address)
        })
    }
}

unsafe extern "C" fn variant(context: *mut c_void, executable: u32) -> u32 {
    // SAFETY: the table's context.
    unsafe { of(context) }.guarded(|context| match context.executables.get(executable as usize) {
        Some(loaded) => Ok(loaded.variant),
        None => Err(error(format!("the program asks for executable number {executable}, which it does not have"))),
    })
}

unsafe extern "C" fn dispatch(
    context: *mut c_void,
    executable: u32,
    ordinal: u32,
    grid: *const u32,
    constants: *const u32,
    constant_count: u32,
    bindings: *const Binding,
    binding_count: u32,
) {
    // SAFETY: the table's context; `grid` has three values, the arrays as many as their counts say.
    unsafe {
        of(context).guarded(|context| {
            let (constants, bindings) = (slice(constants, constant_count), slice(bindings, binding_count));
            context.dispatch(executable, ordinal, &*grid.cast::<[u32; 3]>(), constants, bindings)
        });
    }
}

unsafe extern "C" fn fail(context: *mut c_void, message: *const c_char) {
    // SAFETY: the table's context; the message is a C string or null.
    unsafe {
        let text = if message.is_null() { "no message".into() } else { CStr::from_ptr(message).to_string_lossy() };
        of(context).guarded::<()>(|_| Err(error(text)));
    }
}

unsafe extern "C" fn query(context: *mut c_void, category: *const c_char, key: *const c_char, value: *mut i64) -> i32 {
    // SAFETY: the table's context; both texts are C strings, and `value` is the program's variable.
    unsafe {
        let (category, key) = (CStr::from_ptr(category).to_string_lossy(), CStr::from_ptr(key).to_string_lossy());
        let known = of(context).guarded(|context| Ok(context.query(&category, &key)));
        if let Some(number) = known {
            value.write(number);
        }
        i32::from(known.is_some())
    }
}
