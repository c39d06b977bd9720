//! What NVIDIA's management library (NVML) tells of a GPU's clocks. It comes with the driver and is opened at run time;
//! without it nothing is told.

use std::ffi::{CStr, CString, c_char, c_int, c_uint, c_ulonglong, c_void};

use libloading::Library;

/// The library's handle of a GPU.
type Handle = *mut c_void;
type Init = unsafe extern "C" fn() -> c_int;
type ByBus = unsafe extern "C" fn(*const c_char, *mut Handle) -> c_int;
type Clock = unsafe extern "C" fn(Handle, c_uint, *mut c_uint) -> c_int;
type Reasons = unsafe extern "C" fn(Handle, *mut c_ulonglong) -> c_int;

/// Kinds of clocks, and the one sensor, from nvml.h.
const PROCESSORS: c_uint = 1;
const MEMORY: c_uint = 2;
const SENSOR: c_uint = 0;
/// Bits of the reasons for a clock, from nvml.h.
const IDLE: u64 = 0x1;
const POWER: u64 = 0x4;
const HARDWARE: u64 = 0x8 | 0x80;
const HEAT: u64 = 0x20 | 0x40;

/// A GPU as the library knows it.
pub(crate) struct Management {
    library: Library,
    gpu: Handle,
}

impl Management {
    /// The GPU at this place of the PCI bus; None where there is no such library.
    pub(crate) fn open(bus: &CStr) -> Option<Self> {
        // SAFETY: loads a library of NVIDIA's driver, whose initialisers are trusted as the driver's own.
        let library = unsafe { Library::new("libnvidia-ml.so.1") }.ok()?;
        let mut gpu = std::ptr::null_mut();
        // SAFETY: the types are those of nvml.h, and the handle lives as long as the library.
        let found = unsafe {
            library.get::<Init>(c"nvmlInit_v2").ok()?() == 0
                && library.get::<ByBus>(c"nvmlDeviceGetHandleByPciBusId_v2").ok()?(bus.as_ptr(), &raw mut gpu) == 0
        };
        found.then_some(Self { library, gpu })
    }

    /// The answer to a key of the category `hal.device.state`.
    pub(crate) fn state(&self, key: &str) -> Option<i64> {
        match key {
            "clock-mhz" => self.number("nvmlDeviceGetClockInfo", PROCESSORS),
            "highest-clock-mhz" => self.number("nvmlDeviceGetMaxClockInfo", PROCESSORS),
            "memory-clock-mhz" => self.number("nvmlDeviceGetClockInfo", MEMORY),
            "temperature-c" => self.number("nvmlDeviceGetTemperature", SENSOR),
            "throttle.idle" => self.reason(IDLE),
            "throttle.power" => self.reason(POWER),
            "throttle.heat" => self.reason(HEAT),
            "throttle.hardware" => self.reason(HARDWARE),
            _ => None,
        }
    }

    fn number(&self, function: &str, kind: c_uint) -> Option<i64> {
        let name = CString::new(function).ok()?;
        let mut value = 0;
        // SAFETY: these functions take a handle and a kind, and write one number.
        let done = unsafe { self.library.get::<Clock>(name.as_c_str()).ok()?(self.gpu, kind, &raw mut value) };
        (done == 0).then(|| value.into())
    }

    fn reason(&self, bits: u64) -> Option<i64> {
        let mut reasons = 0;
        // SAFETY: the function takes a handle, and writes one number.
        let done = unsafe {
            let ask = self.library.get::<Reasons>(c"nvmlDeviceGetCurrentClocksThrottleReasons").ok()?;
            ask(self.gpu, &raw mut reasons)
        };
        (done == 0).then(|| i64::from(reasons & bits != 0))
    }
}
